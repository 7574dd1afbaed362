"""Order within segments: the published example, nobody blamed, chance controlled over all pairs."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from salesops_lib import theme
from salesops_lib.rep_comparison.order.comparisons import judged, segment_counts, with_all_others
from salesops_lib.rep_comparison.order.metrics import is_reversed, order_within_segments
from salesops_lib.rep_comparison.order.narrative import describe_order_within_segments
from salesops_lib.rep_comparison.order.plots import plot_order_within_segments, table_order_within_segments
from salesops_lib.wording import points
from tests.builders import make_crm
from tests.published import example
from tests.rep_comparison.recipes import SEPTEMBER, closed_deals, numbered

mpl.use("Agg")
DAY = "2026-09-10"
SKILL = ("skill", "better", "talent", "perform", "weak", "poor", "worst", "because")


def company(counts, **more):
    """A company whose reps closed deals in segments: rep to segment to (won, closed)."""
    deals = numbered(
        [
            deal
            for rep, segments in counts.items()
            for segment, (won, closed) in segments.items()
            for deal in closed_deals(rep, DAY, won, closed - won, account_id=segment)
        ]
    )
    names = sorted({segment for segments in counts.values() for segment in segments})
    return make_crm(deals=deals, accounts=[{"account_id": name, "segment": name} for name in names], **more)


KIDNEY = {"ana": {"small": (81, 87), "large": (192, 263)}, "bo": {"small": (234, 270), "large": (55, 80)}}
SHIFTED = {"xe": {"easy": (70, 100), "hard": (1, 20)}, "yo": {"easy": (19, 20), "hard": (40, 100)}}


THREE = {**SHIFTED, "zed": {"easy": (10, 20), "hard": (10, 30)}}


def orders_of(counts, parameters, **options):
    """The comparisons that turn round, split by split."""
    return order_within_segments(company(counts), period=SEPTEMBER, **options, confidence=0.95, min_closed=20)


def over_all(orders, *, with_others):
    """One row per comparison of a kind."""
    return orders[orders["is_over_all"] & (orders["is_with_others"] == with_others)].reset_index(drop=True)


def pairs_of(counts, parameters, **options):
    """The pairs that turn round, over all."""
    return over_all(orders_of(counts, parameters, **options), with_others=False)


def test_the_published_kidney_stones_are_reversed():
    """81/87 and 192/263 against 234/270 and 55/80: ahead in both, behind over all."""
    case = example("statistics", "kidney_simpson", "cases")
    a, b = case["inputs"]["A"], case["inputs"]["B"]

    rates = [hits / tries for one in zip(a, b, strict=True) for hits, tries in one]
    assert sorted(rates) == pytest.approx(sorted(case["expected"]["strata"]), abs=case["tolerance"])
    assert is_reversed(a, b)
    assert is_reversed(b, a)


def test_the_kidney_stones_as_two_reps_name_the_mix(parameters):
    """Bo is ahead over all, Ana in both segments; Bo works more of the small ones, which both win more of."""
    row = pairs_of(KIDNEY, parameters).iloc[0]

    assert (row["name"], row["other_name"]) == ("Bo", "Ana")
    assert (row["win_rate"], row["other_win_rate"]) == pytest.approx((289 / 350, 273 / 350))
    assert row["within_rate"] < 0 < row["difference_rate"]
    assert (row["mix_segment"], row["is_mix_easier"]) == ("small", True)
    assert (row["mix_rate"], row["other_mix_rate"]) == pytest.approx((270 / 350, 87 / 350))
    assert row["segments"] == "large and small"
    assert not row["is_beyond_luck"]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([(5, 10), (5, 10)], [(5, 10), (5, 10)]),
        ([(9, 10), (1, 10)], [(8, 10), (0, 10)]),
        ([(9, 10)], [(8, 10)]),
        ([], []),
        ([(0, 0), (1, 2)], [(1, 2), (0, 2)]),
        ([(9, 10), (0, 100)], [(80, 100), (0, 10)]),
    ],
    ids=["equal", "same order", "one stratum", "nothing", "no tries", "a tie in one stratum"],
)
def test_what_is_no_reversal_is_not_called_one(a, b):
    """It takes two strata, opposite signs everywhere and no tie."""
    assert not is_reversed(a, b)


strata = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 30)).map(lambda pair: (min(pair), pair[1])), min_size=2, max_size=4
)


@settings(deadline=None)
@given(strata, strata)
def test_a_reversal_does_not_depend_on_who_comes_first_or_on_the_order_of_strata(a, b):
    """Nor on how often everything is counted; the parts agree with a plain loop."""
    size = min(len(a), len(b))
    a, b = a[:size], b[:size]
    found = is_reversed(a, b)
    higher = [x / n > y / m for (x, n), (y, m) in zip(a, b, strict=True)]
    tied = any(x * m == y * n for (x, n), (y, m) in zip(a, b, strict=True))
    all_a, all_b = (sum(x for x, _ in s) / sum(n for _, n in s) for s in (a, b))

    assert found == is_reversed(b, a) == is_reversed(a[::-1], b[::-1])
    assert found == is_reversed([(3 * x, 3 * n) for x, n in a], b)
    plain = (
        not tied
        and abs(all_a - all_b) > 1e-12
        and (all_a < all_b if all(higher) else all_a > all_b and not any(higher))
    )
    assert found == plain


@settings(max_examples=5, deadline=None)
@given(
    counts=st.dictionaries(
        st.sampled_from("abcd"),
        st.dictionaries(st.sampled_from(["s", "t", "u"]), st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=3),
        max_size=4,
    )
)
def test_the_frame_holds_exactly_the_pairs_that_a_loop_finds(counts):
    """Whatever the counts and the order of the deals; the mix that is named favours the first."""
    counts = {rep: {name: (won, won + lost) for name, (won, lost) in own.items()} for rep, own in counts.items()}
    crm = company(counts, reps=list("abcd"))
    orders = order_within_segments(crm, period=SEPTEMBER, min_closed=2, confidence=0.95)
    turned = {rep: dict(reversed(own.items())) for rep, own in reversed(counts.items())}
    again = order_within_segments(company(turned, reps=list("dcba")), period=SEPTEMBER, min_closed=2, confidence=0.95)
    rows = over_all(orders, with_others=False)
    expected, of_reps = set(), set()
    for one in counts:
        rest = {s: [own.get(s, (0, 0)) for rep, own in counts.items() if rep != one] for s in counts[one]}
        both = [s for s in counts[one] if min(counts[one][s][1], sum(n for _, n in rest[s])) >= 2]
        n_others = sum(any(own.get(s, (0, 0))[1] for s in both) for rep, own in counts.items() if rep != one)
        together = [(sum(x for x, _ in rest[s]), sum(n for _, n in rest[s])) for s in both]
        if n_others >= 2 and is_reversed([counts[one][s] for s in both], together):
            of_reps.add(one)
        for other in counts:
            both = [s for s in counts[one] if min(counts[one][s][1], counts[other].get(s, (0, 0))[1]) >= 2]
            a, b = [counts[one][s] for s in both], [counts[other][s] for s in both]
            if (
                one != other
                and is_reversed(a, b)
                and sum(x for x, _ in a) * sum(m for _, m in b) > sum(y for y, _ in b) * sum(n for _, n in a)
            ):
                expected.add((one, other))

    assert set(zip(rows["rep_id"], rows["other_rep_id"], strict=True)) == expected
    assert set(orders.loc[orders["is_with_others"], "rep_id"]) == of_reps
    assert_frame_equal(orders, again)
    assert (np.sign(rows["mix_rate"] - rows["other_mix_rate"]) == np.where(rows["is_mix_easier"], 1, -1)).all()


def test_a_segment_with_too_few_deals_of_either_is_not_compared(parameters):
    """Nine deals in the second segment: no pair works in two."""
    few = {"ana": {"s": (30, 40), "t": (5, 9)}, "bo": {"s": (10, 40), "t": (20, 40)}}

    assert pairs_of(few, parameters).empty


def test_a_difference_within_segments_beyond_luck_is_said_so(parameters):
    """95% against 70% and 40% against 5%, yet behind over all: far beyond luck."""
    row = pairs_of(SHIFTED, parameters).iloc[0]

    assert (row["name"], row["other_name"]) == ("Xe", "Yo")
    assert row["is_beyond_luck"]
    assert row["within_rate_high"] < 0


def test_the_test_within_segments_is_that_of_cochran_mantel_and_haenszel(parameters):
    """The same p-value and common difference as statsmodels' stratified table."""
    from statsmodels.stats.contingency_tables import StratifiedTable

    row = pairs_of(KIDNEY, parameters).iloc[0]
    tables = [np.array([[234, 36], [81, 6]]), np.array([[55, 25], [192, 71]])]

    assert row["p_value"] == pytest.approx(StratifiedTable(tables).test_null_odds(correction=False).pvalue)
    weights = np.array([270 * 87 / 357, 80 * 263 / 343])
    gaps = np.array([234 / 270 - 81 / 87, 55 / 80 - 192 / 263])
    assert row["within_rate"] == pytest.approx((weights * gaps).sum() / weights.sum())


def identical_team(seed):
    """Twelve identical reps with unequal mixes of an easy and a hard segment."""
    rng = np.random.default_rng(seed)
    counts = {}
    for rep in range(12):
        share = rng.choice([0.25, 0.75])
        closed = {"easy": round(80 * share), "hard": round(80 * (1 - share))}
        rates = {"easy": 0.6, "hard": 0.2}
        counts[f"r{rep:02d}"] = {name: (int(rng.binomial(n, rates[name])), n) for name, n in closed.items()}
    return counts


def test_identical_reps_are_a_matter_of_mix_and_luck(parameters):
    """Many pairs turn round; hardly ever is one beyond luck, and the words never speak of skill."""
    n_turned, n_false = 0, 0
    for seed in range(10):
        rows = orders_of(identical_team(seed), parameters)
        n_turned, n_false = n_turned + rows["is_over_all"].sum(), n_false + bool(rows["is_beyond_luck"].any())
        finding = describe_order_within_segments(rows, confidence=0.95)
        assert not [word for word in SKILL if word in f"{finding.title} {finding.text}".lower()]
        assert rows.empty or "a matter of mix" in finding.title
        assert finding.status == "note"

    assert n_turned > 20
    assert n_false <= 1


def test_the_words_are_those_of_the_row(parameters):
    """Rates with their n, the difference within segments with its interval, the mix, and what to do."""
    rows = pairs_of(KIDNEY, parameters)
    finding = describe_order_within_segments(rows, confidence=0.95)
    within = (points(rows[f"within_rate{end}"].iloc[0]) for end in ("", "_low", "_high"))

    assert finding.title == "Over all, 1 pair of reps stands in the wrong order: a matter of mix"
    assert "**Bo** won a larger share than **Ana** over all (83% of 350 against 78% of 350)" in finding.text
    assert "but a smaller one in each of large and small ({}, {} to {})".format(*within) in finding.text
    assert "Bo works more of the easier small (77% of the deals against 25%)" in finding.text
    assert (
        "none of them lies further apart than luck would set equals (false discovery rate 5% over 1 pair)"
        in finding.text
    )


def test_only_the_five_most_striking_are_named_and_the_others_counted(parameters):
    """Eight reps and sixteen pairs turn round: three and two are named."""
    counts = {f"{rep}{i}": segments for rep, segments in SHIFTED.items() for i in range(4)}
    rows = orders_of(counts, parameters)
    first = rows.iloc[0]

    finding = describe_order_within_segments(rows, confidence=0.95)

    assert (first["n_reps"], first["n_reps_reversed"], first["n_pairs"], first["n_pairs_reversed"]) == (8, 8, 28, 16)
    assert finding.text.count(" share than ") == 5
    assert "5 more are not named" in finding.text
    assert "14 more are not named" in finding.text


# A rep and all others together.


def test_a_rep_is_held_against_all_others_together(parameters):
    """Yo wins more than the other two in both segments, and less over all; Xe the other way round."""
    rows = over_all(orders_of(THREE, parameters), with_others=True).set_index("name")

    assert list(rows.index) == ["Yo", "Xe"]
    assert set(rows["other_name"]) == {"All others"}
    assert (rows.loc["Yo", "win_rate"], rows.loc["Yo", "other_win_rate"]) == pytest.approx((59 / 120, 91 / 170))
    assert rows.loc["Yo", "difference_rate"] < 0 < rows.loc["Yo", "within_rate_low"]
    assert (rows.loc["Yo", "mix_segment"], rows.loc["Yo", "is_mix_easier"]) == ("hard", False)
    assert rows.loc["Xe", "within_rate"] < 0 < rows.loc["Xe", "difference_rate"]


def test_a_single_other_rep_is_a_pair_and_not_all_others(parameters):
    """Two reps, and a third who works elsewhere: nobody stands beside all others."""
    rows = orders_of({**KIDNEY, "eve": {"elsewhere": (20, 40)}}, parameters)

    assert not rows["is_with_others"].any()
    assert set(rows["n_reps"]) == {0}


def test_the_splits_add_up_to_the_whole_and_each_has_the_other_sign(parameters):
    """Over all is the sum of the segments; the difference turns round in each."""
    rows = orders_of(THREE, parameters)
    keys = ["rep_id", "other_rep_id"]
    counts = ["n_closed", "n_won", "other_n_closed", "other_n_won"]
    whole, parts = rows[rows["is_over_all"]].set_index(keys), rows[~rows["is_over_all"]].set_index(keys)
    sums = parts.groupby(keys)[counts].sum()

    assert_frame_equal(sums, whole[counts].sort_index(), check_like=True)
    signs = np.sign(whole["difference_rate"]).reindex(parts.index)
    assert (np.sign(parts["difference_rate"]) == -signs).all()


def test_chance_is_controlled_over_the_reps_held_against_all_others():
    """Of 100 teams of identical reps at most one in ten has anybody beyond luck; without control a third would."""
    found, at_face_value = [], []
    for seed in range(100):
        counts = identical_team(1_000 + seed)
        cells = pd.DataFrame(
            [(rep, name, n, won) for rep, own in counts.items() for name, (won, n) in own.items()],
            columns=["rep_id", "segment", "n_closed", "n_won"],
        )
        table = segment_counts(cells, "segment")
        rows = judged(with_all_others(table, 10), table.segments, confidence=0.95)
        found.append((rows["q_value"] <= 0.05).any())
        at_face_value.append((rows["p_value"] <= 0.05).any())

    assert np.mean(found) <= 0.1
    assert np.mean(at_face_value) > 0.33


def test_the_words_put_the_rep_first_whichever_way_the_order_turns(parameters):
    """Behind over all and ahead in each segment, with n, interval and mix; then the pair."""
    orders = orders_of(THREE, parameters)
    finding = describe_order_within_segments(orders, confidence=0.95)
    row = over_all(orders, with_others=True).iloc[0]
    within = (points(row[f"within_rate{end}"]) for end in ("", "_low", "_high"))

    assert finding.title == (
        "Over all, 2 reps stand on the wrong side of all others, and 1 pair in the wrong order: a matter of mix"
    )
    assert (
        "**Yo** won a smaller share than all others together over all (49% of 120 against 54% of 170), but a larger "
        "one in each of easy and hard ({}, {} to {}): Yo works more of the harder hard (83% of the deals against 29%)"
    ).format(*within) in finding.text
    assert "**Xe** won a larger share than all others together" in finding.text
    assert "**Xe** won a larger share than **Yo** over all" in finding.text


def test_words_say_what_was_looked_at_where_one_kind_shows_no_turn(parameters):
    """Three reps and no turn, or none that could be held against others; no pairs."""
    rows = orders_of(THREE, parameters)
    pairs = rows[~rows["is_with_others"]].assign(n_reps_reversed=0)
    reps = rows[rows["is_with_others"]].assign(n_pairs=0, n_pairs_reversed=0)

    assert (
        "No rep changes places with all others together (3 compared)."
        in describe_order_within_segments(pairs, confidence=0.95).text
    )
    nobody = describe_order_within_segments(pairs.assign(n_reps=0), confidence=0.95).text
    assert "Nobody shares two segments with two others or more" in nobody
    assert (
        "No two reps both work in two segments or more." in describe_order_within_segments(reps, confidence=0.95).text
    )
    assert describe_order_within_segments(reps, confidence=0.95).title == (
        "Over all, 2 reps stand on the wrong side of all others: a matter of mix"
    )


# Charts.


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def test_the_chart_draws_both_rates_over_all_and_in_each_segment(parameters):
    """A heading and three rows for each of three comparisons; dots are the frame's, n stands by the name."""
    orders = orders_of(THREE, parameters)
    with theme.chart_style():
        ax = plot_order_within_segments(orders)
    lines = {line.get_label(): line for line in ax.lines}
    labels = [tick.get_text() for tick in ax.get_yticklabels()]

    assert lines["Rep named first"].get_xdata() == pytest.approx(orders["win_rate"].to_numpy())
    assert lines["The other rep, or all others"].get_xdata() == pytest.approx(orders["other_win_rate"].to_numpy())
    assert labels[:3] == ["Yo / all others", "Over all (n = 120 / 170)", "easy (n = 20 / 120)"]
    assert labels[8] == "Xe / Yo"


def test_the_chart_keeps_to_five_comparisons_and_to_three_on_a_phone(parameters):
    """Reps beside all others first, with room left for pairs."""
    orders = orders_of({f"{rep}{i}": own for rep, own in SHIFTED.items() for i in range(4)}, parameters)
    heads = {}
    for width in (theme.WIDE, theme.NARROW):
        with theme.chart_style(width):
            ax = plot_order_within_segments(orders)
        heads[width] = [
            tick.get_text()
            for tick in ax.get_yticklabels()
            if " / " in tick.get_text() and "n =" not in tick.get_text()
        ]

    assert [head.endswith("all others") for head in heads[theme.WIDE]] == [True, True, True, False, False]
    assert [head.endswith("all others") for head in heads[theme.NARROW]] == [True, True, False]


def test_without_a_turn_the_chart_is_a_line_of_text():
    """No marks, no error; an Axes of the reader's own is used."""
    _, ax = plt.subplots()
    rows = order_within_segments(make_crm(reps=["ana"]), period=SEPTEMBER, confidence=0.95, min_closed=20)

    assert plot_order_within_segments(rows, ax=ax) is ax
    assert not ax.lines


def test_the_table_shows_columns_of_the_frame(parameters):
    """Each of them is there."""
    rows = orders_of(THREE, parameters)

    assert set(table_order_within_segments(rows).columns) <= set(rows.columns)


def test_codes_take_the_place_of_names_in_frame_and_words(anonymous):
    """No name and no key where the company shows none."""
    from salesops_lib.data.anonymous import anonymised

    rows = order_within_segments(anonymised(company(THREE)), period=SEPTEMBER, confidence=0.95, min_closed=20)
    words = describe_order_within_segments(rows, confidence=0.95).text

    assert len(rows) == 9
    assert not set(rows[["rep_id", "name", "other_rep_id", "other_name"]].to_numpy().ravel()) & {"xe", "yo", "Xe", "Yo"}
    assert "Xe" not in words
    assert "Yo" not in words


# Empty, columns, whole companies.


def test_without_deals_the_columns_stay(parameters):
    """Nothing to compare is an empty frame and a plain sentence."""
    rows = order_within_segments(make_crm(reps=["ana"]), period=SEPTEMBER, confidence=0.95, min_closed=20)

    assert rows.empty
    assert list(rows.columns) == list(orders_of(KIDNEY, parameters).columns)
    assert (
        describe_order_within_segments(rows, confidence=0.95).title
        == "No rep and no pair of reps changes places within segments"
    )


def test_the_columns_are_those_of_the_docstring(parameters):
    """Names and order."""
    from tests.test_contracts import promised

    assert list(orders_of(KIDNEY, parameters).columns) == promised(order_within_segments)


@pytest.mark.parametrize("by", ["segment", "source", "product"])
def test_no_pair_of_the_demo_company_is_called_apart_beyond_its_planted_reps(demo_run, by):
    """Whoever lies apart beyond luck within segments was planted so."""
    from salesops_lib.data.demo.truths import TRUTHS

    rows = order_within_segments(
        demo_run.given["crm"], period=demo_run.given["period"], by=by, confidence=0.95, min_closed=20
    )
    beyond = rows[rows["is_beyond_luck"].astype(bool)]

    assert all(set(TRUTHS.rep_win_logit) & {row.rep_id, row.other_rep_id} for row in beyond.itertuples())
