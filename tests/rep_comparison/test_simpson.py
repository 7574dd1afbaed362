"""Order within segments: the published example, nobody blamed, chance controlled over all pairs."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from salesops_lib.rep_comparison.narrative.simpson import describe_order_within_segments
from salesops_lib.rep_comparison.simpson import is_reversed, order_within_segments
from salesops_lib.wording import points
from tests.builders import make_crm
from tests.rep_comparison.recipes import SEPTEMBER, closed_deals, numbered

EXAMPLES = Path(__file__).parents[3] / "shared" / "reference" / "statistics_examples.json"
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


def pairs_of(counts, parameters, **options):
    """The pairs that turn round."""
    return order_within_segments(company(counts), period=SEPTEMBER, parameters=parameters, **options)


def test_the_published_kidney_stones_are_reversed():
    """81/87 and 192/263 against 234/270 and 55/80: ahead in both, behind over all."""
    if not EXAMPLES.exists():
        pytest.skip("needs shared/reference beside the repository")
    cases = {case["id"]: case for case in json.loads(EXAMPLES.read_text())["cases"]}
    case = cases["kidney_simpson"]
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
def test_the_frame_holds_exactly_the_pairs_that_a_loop_finds(parameters, counts):
    """Whatever the counts and the order of the deals; the mix that is named favours the first."""
    counts = {rep: {name: (won, won + lost) for name, (won, lost) in own.items()} for rep, own in counts.items()}
    crm = company(counts, reps=list("abcd"))
    rows = order_within_segments(crm, period=SEPTEMBER, parameters=parameters, min_closed=2)
    turned = {rep: dict(reversed(own.items())) for rep, own in reversed(counts.items())}
    again = order_within_segments(
        company(turned, reps=list("dcba")), period=SEPTEMBER, parameters=parameters, min_closed=2
    )
    expected = set()
    for one in counts:
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
    assert_frame_equal(rows, again)
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
        rows = pairs_of(identical_team(seed), parameters)
        n_turned, n_false = n_turned + len(rows), n_false + bool(rows["is_beyond_luck"].any())
        finding = describe_order_within_segments(rows)
        assert not [word for word in SKILL if word in f"{finding.title} {finding.text}".lower()]
        assert rows.empty or "a matter of mix" in finding.title
        assert finding.status == "note"

    assert n_turned > 20
    assert n_false <= 1


def test_the_words_are_those_of_the_row(parameters):
    """Rates with their n, the difference within segments with its interval, the mix, and what to do."""
    rows = pairs_of(KIDNEY, parameters)
    finding = describe_order_within_segments(rows)
    within = (points(rows[f"within_rate{end}"].iloc[0]) for end in ("", "_low", "_high"))

    assert finding.title == "Over all, 1 pair of reps stands in the wrong order: a matter of mix"
    assert "**Bo** won a larger share than **Ana** over all (83% of 350 against 78% of 350)" in finding.text
    assert "but a smaller one in each of large and small ({}, {} to {})".format(*within) in finding.text
    assert "Bo works more of the easier small (77% of the deals against 25%)" in finding.text
    assert (
        "none of them lies further apart than luck would set equals (false discovery rate 5% over 1 pair)"
        in finding.text
    )


def test_only_the_five_most_striking_pairs_are_named_and_the_others_counted(parameters):
    """Sixteen pairs turn round: five are named."""
    counts = {f"{rep}{i}": segments for rep, segments in SHIFTED.items() for i in range(4)}
    rows = pairs_of(counts, parameters)

    finding = describe_order_within_segments(rows)

    assert (len(rows), rows["n_reversed"].iloc[0], rows["n_pairs"].iloc[0]) == (16, 16, 28)
    assert finding.text.count("won a larger share") == 5
    assert "11 more are not named" in finding.text


def test_without_deals_the_columns_stay(parameters):
    """Nothing to compare is an empty frame and a plain sentence."""
    rows = order_within_segments(make_crm(reps=["ana"]), period=SEPTEMBER, parameters=parameters)

    assert rows.empty
    assert list(rows.columns) == list(pairs_of(KIDNEY, parameters).columns)
    assert describe_order_within_segments(rows).title == "No pair of reps changes places within segments"


def test_the_columns_are_those_of_the_docstring(parameters):
    """Names and order."""
    from tests.test_contracts import promised

    assert list(pairs_of(KIDNEY, parameters).columns) == promised(order_within_segments)


@pytest.mark.parametrize("by", ["segment", "source", "product"])
def test_no_pair_of_the_demo_company_is_called_apart_beyond_its_planted_reps(demo_run, by):
    """Whoever lies apart beyond luck within segments was planted so."""
    from salesops_lib.data.demo.truths import TRUTHS

    given_ = {name: demo_run.given[name] for name in ("crm", "period", "parameters")}
    rows = order_within_segments(**given_, by=by)
    beyond = rows[rows["is_beyond_luck"].astype(bool)]

    assert all(set(TRUTHS.rep_win_logit) & {row.rep_id, row.other_rep_id} for row in beyond.itertuples())
