"""Bad month or trend: changes are found, chance, levels and common shocks are not; words say what the frame holds."""

from datetime import date
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy.stats import binom, norm

from salesops_lib import theme
from salesops_lib.parameters import Duties
from salesops_lib.rep_comparison.months.metrics import control_chart_by_rep
from salesops_lib.rep_comparison.months.narrative import describe_control_chart_by_rep
from salesops_lib.rep_comparison.months.plots import plot_control_chart_by_rep, table_control_chart_by_rep
from salesops_lib.rep_comparison.months.watch import Counts, normal_scores, watch
from salesops_lib.statistics.control_limits import autoregressive
from tests.builders import CALENDAR, make_crm
from tests.rep_comparison.recipes import SEPTEMBER, closed_deals, numbered
from tests.test_contracts import promised

mpl.use("Agg")
ROOT = Path(__file__).parents[3]
MAVEN = ROOT.parent / "shared" / "real" / "maven_crm"
LABELS = [each.label for each in CALENDAR.between(date(2023, 10, 1), date(2026, 9, 30), "month")]
EQUALS = "abcdefghij"
BLAME = ("underperform", "poor", "weak", "fault", "fail", "worst", "lazy", "because")


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


# On arrays: what simulated teams without a deal table show.


def team(rng, n_reps, n_deals, *, rate=0.3, alike=0.0, odds=0.0, factor=None, n_months=36):
    """One team's counts over the months; the last twelve are watched.

    Args:
        rng: Random numbers.
        n_reps: Reps.
        n_deals: Deals of each in a month, on average.
        rate: What a rep of the usual level wins.
        alike: Correlation of each rep's results with those of the month before.
        odds: Each rep's own level: shift of the log odds of winning.
        factor: Factors on the chance to win, by rep and month.
        n_months: Months.
    """
    closed = rng.poisson(n_deals, (n_reps, n_months)).astype(float)
    chance = 1 / (1 + np.exp(-(np.log(rate / (1 - rate)) + np.zeros((n_reps, n_months)) + odds)))
    chance = chance * (1.0 if factor is None else factor)
    drawn = norm.cdf(autoregressive((n_reps, n_months), alike, seed=int(rng.integers(2**31))))
    won = np.maximum(binom.ppf(drawn, closed, chance), 0.0)
    total, wins = closed.sum(axis=0), won.sum(axis=0)
    expected = closed * wins / total
    return Counts(closed, won, expected, expected * (total - wins) * (total - closed) / (total * (total - 1)))


def alarmed(counts):
    """Which reps have an alarm in the year."""
    seen = watch(counts, months=12, min_closed=20, confidence=0.95)
    return (np.abs(seen.ewma) > seen.limit).any(axis=1)


@pytest.mark.slow
@pytest.mark.parametrize("alike", [0.0, 0.3])
@pytest.mark.parametrize(("n_reps", "n_deals", "n_teams"), [(30, 10, 60), (12, 4, 100)])
def test_at_most_one_rep_in_twenty_alarms_in_a_year_without_a_change(n_reps, n_deals, n_teams, alike):
    """Whether or not months resemble the one before: at most 5 % of 1,800 and 1,200 reps, with levels of their own."""
    rng = np.random.default_rng(7)
    levels = rng.normal(0, 0.3, (n_teams, n_reps, 1))
    rate = np.mean([alarmed(team(rng, n_reps, n_deals, alike=alike, odds=level)) for level in levels])

    assert 0.005 < rate <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize(("n_deals", "bad_months"), [(10, [30]), (30, [29, 30, 31])])
def test_months_that_are_bad_for_all_alarm_no_more_reps(n_deals, bad_months):
    """The whole team wins half as often: at most 5 % of 900 reps; held against the year's rate, four in ten would."""
    rng = np.random.default_rng(8)
    shock = np.where(np.isin(np.arange(36), bad_months), 0.5, 1.0)

    assert np.mean([alarmed(team(rng, 30, n_deals, factor=shock)) for _ in range(30)]) <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize(
    ("level", "rate", "n_deals", "alike"), [(0.8, 0.2, 10, 0.0), (1.0, 0.2, 30, 0.3), (-1.0, 0.4, 10, 0.3)]
)
def test_a_rep_who_always_wins_far_more_or_less_has_not_changed(level, rate, n_deals, alike):
    """One of 20 for three years, 300 teams: at most 5 % alarm; by the team's luck 10 % of the first two would."""
    rng = np.random.default_rng(9)
    odds = np.where(np.arange(20) == 0, level, 0.0)[:, None]
    found = [alarmed(team(rng, 20, n_deals, rate=rate, alike=alike, odds=odds))[0] for _ in range(300)]

    assert np.mean(found) <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize(("level", "share"), [(0.0, 0.4), (-0.8, 0.1)])
def test_a_fall_by_four_fifths_of_a_logit_is_noticed_at_high_and_low_levels(level, share):
    """One of 20 from month 7 on, 150 teams: about half, and one in six of those who win little already."""
    rng = np.random.default_rng(12)
    fall = np.where(np.arange(36) < 30, level, level - 0.8)
    odds = np.where((np.arange(20) == 0)[:, None], fall, 0.0)
    seen = [
        watch(team(rng, 20, 30, rate=0.2, odds=odds), months=12, min_closed=20, confidence=0.95) for _ in range(150)
    ]

    assert np.mean([(one.ewma[0] < -one.limit[0]).any() for one in seen]) > share


@settings(deadline=None)
@given(tries=st.integers(1, 60), mean=st.floats(0.05, 0.95), data=st.data())
def test_a_normal_score_says_how_unusual_a_number_of_wins_is(tries, mean, data):
    """Beyond the correction it is the mid-p of the binomial; more wins score higher, wins and losses mirror."""
    won = data.draw(st.integers(0, tries))
    variance = tries * mean * (1 - mean)

    def score(hits, share):
        return normal_scores(np.array([float(hits)]), np.array([float(tries)]), np.array([tries * share]))[0]

    as_unusual = norm.cdf(score(won, mean) * np.sqrt(1 - 1 / max(12 * variance, 2)))
    assert as_unusual == pytest.approx(binom.cdf(won, tries, mean) - binom.pmf(won, tries, mean) / 2, abs=1e-9)
    assert won == 0 or score(won, mean) >= score(won - 1, mean)
    assert score(won, mean) == pytest.approx(-score(tries - won, 1 - mean), abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(("n_deals", "share"), [(15, 0.5), (20, 0.65)])
def test_a_fall_to_two_fifths_is_found_within_half_a_year_in_most_reps(n_deals, share):
    """Three of 30 reps from month 7 on, 50 teams; the change is dated within two months in most."""
    rng = np.random.default_rng(10)
    fall = np.where((np.arange(30) < 3)[:, None] & (np.arange(36) >= 30), 0.4, 1.0)
    seen = [watch(team(rng, 30, n_deals, factor=fall), months=12, min_closed=20, confidence=0.95) for _ in range(50)]
    verdicts = np.array([one.verdicts[:3] for one in seen])
    since = np.array([one.since[:3] for one in seen])[verdicts == "falling"]

    assert (verdicts == "falling").mean() > share
    assert (np.abs(since - 30) <= 2).mean() > 0.5


# On deals.


def months_of(rep, won, n=15, labels=LABELS):
    """A rep's deals month by month: ``won`` of ``n`` in each, or as many as a list says."""
    wins = [won] * len(labels) if isinstance(won, int) else won
    return [d for label, k in zip(labels, wins, strict=True) for d in closed_deals(rep, f"{label}-10", k, n - k)]


@pytest.fixture(scope="module")
def crm():
    """Ten equals; one who always wins more, one who fell in April, one who rose, one with one bad month, a joiner."""
    deals = [deal for rep in EQUALS for deal in months_of(rep, 5)]
    deals += [*months_of("high", 9), *months_of("fell", [6] * 30 + [0] * 6), *months_of("rose", [4] * 30 + [10] * 6)]
    deals += [*months_of("blip", [6] * 35 + [1]), *months_of("new", 1, n=3, labels=LABELS[-4:])]
    return make_crm(deals=deals)


@pytest.fixture(scope="module")
def chart(crm, parameters):
    """Their chart for September 2026."""
    return control_chart_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20)


def said(chart, parameters, **options):
    """The finding of a chart."""
    return describe_control_chart_by_rep(
        chart, duties=Duties(parameters, date(2026, 9, 30)), **options, confidence=0.95, min_closed=20
    )


def test_each_kind_of_rep_gets_its_own_verdict(chart):
    """Against their own level: the one who always wins more is steady."""
    verdicts = chart.drop_duplicates("rep_id").set_index("rep_id")["verdict"]

    assert verdicts.drop(list(EQUALS)).to_dict() == {
        "high": "steady", "fell": "falling", "rose": "rising", "blip": "one bad month", "new": "too few deals to judge",
    }  # fmt: skip
    assert set(verdicts[list(EQUALS)]) == {"steady"}


def test_a_change_is_dated_and_counted_from_its_month_on(chart):
    """Six months without a win of 90 closed; the interval holds the ratio."""
    row = chart[chart["rep_id"] == "fell"].iloc[-1]

    assert (row["since_month"], row["n_closed_since"], row["n_won_since"]) == ("2026-04", 90, 0)
    own = chart[(chart["rep_id"] == "fell") & (chart["month"] >= "2026-04")]
    assert row["usual_won_since"] == pytest.approx(own["usual_won"].sum())
    assert row["won_to_usual_low"] <= row["won_to_usual"] == 0 < row["won_to_usual_high"] < 0.5


def test_the_frame_has_the_columns_that_the_docstring_promises(chart):
    """With deals and without."""
    empty = control_chart_by_rep(make_crm(reps=["ana"]), period=SEPTEMBER, confidence=0.95, min_closed=20)

    assert list(chart.columns) == promised(control_chart_by_rep) == list(empty.columns)
    assert set(empty["verdict"]) == {"too few deals to judge"}
    assert empty[["z_score", "ewma", "limit_low", "p_value", "months_to_notice"]].isna().all().all()


def test_every_rep_has_the_twelve_months_in_order(chart):
    """By team and name, then month; the months before are not shown."""
    assert set(chart.groupby("rep_id")["month"].agg(tuple)) == {tuple(LABELS[-12:])}
    assert chart["name"].is_monotonic_increasing


def test_an_alarm_is_an_average_outside_its_limits(chart):
    """Row by row; limits lie about 0."""
    outside = (chart["ewma"] < chart["limit_low"]) | (chart["ewma"] > chart["limit_high"])

    assert (chart["is_alarm"] == outside).all()
    assert (chart["limit_low"] == -chart["limit_high"]).where(chart["limit_low"].notna(), True).all()


def test_reps_with_few_deals_before_are_watched_from_later_on():
    """Two months of ten deals are the level, the four after them are watched."""
    deals = [deal for rep in "abc" for deal in months_of(rep, 5)]
    deals += months_of("new", 4, n=10, labels=LABELS[-6:])
    rows = control_chart_by_rep(make_crm(deals=deals), period=SEPTEMBER, confidence=0.95, min_closed=20)
    own = rows[rows["rep_id"] == "new"]

    assert (own["n_months"].iloc[0], own["n_closed_before"].iloc[0]) == (4, 20)
    assert own["ewma"].notna().tolist() == [False] * 8 + [True] * 4


def test_a_rep_without_like_colleagues_is_not_judged():
    """Alone in a segment nobody can be held against the team."""
    reps = [{"rep_id": rep, "name": rep, "segment": "big" if rep == "solo" else "small"} for rep in ("a", "b", "solo")]
    deals = [deal for rep in ("a", "b", "solo") for deal in months_of(rep, 5)]
    rows = control_chart_by_rep(make_crm(deals=deals, reps=reps), period=SEPTEMBER, confidence=0.95, min_closed=20)

    assert set(rows.loc[rows["rep_id"] == "solo", "verdict"]) == {"too few deals to judge"}
    assert set(rows.loc[rows["rep_id"] != "solo", "verdict"]) == {"steady"}


def test_without_a_lost_deal_nobody_is_judged(parameters):
    """A list of orders says nothing about what was lost."""
    rows = control_chart_by_rep(
        make_crm(deals=[d for rep in "ab" for d in months_of(rep, 15)]),
        period=SEPTEMBER,
        confidence=0.95,
        min_closed=20,
    )

    assert rows[["expected_won", "usual_won", "z_score"]].isna().all().all()
    assert said(rows, parameters).title.startswith("No lost deal is recorded")


@st.composite
def tables(draw):
    """Up to five reps, two segments, four months, any ending."""
    days = st.sampled_from(["2024-11-10", "2026-07-15", "2026-08-10", "2026-09-10"])
    one = st.tuples(st.sampled_from("abcde"), days, st.sampled_from(["won", "lost", "open"]))
    return numbered(
        [
            {"rep_id": rep, "closed_on": None if status == "open" else day, "status": status, "amount": 100}
            for rep, day, status in draw(st.lists(one, max_size=40))
        ]
    )


@settings(max_examples=8, deadline=None)
@given(deals=tables())
def test_charts_hold_for_any_deals(deals):
    """Order never matters, nothing is lost, the team's expected wins are its wins in each month."""
    reps = [{"rep_id": rep, "name": rep, "segment": "big" if rep in "ab" else "small"} for rep in "abcde"]
    given_ = {"period": SEPTEMBER, "min_closed": 3}
    rows = control_chart_by_rep(make_crm(deals=deals, reps=reps), **given_, confidence=0.95)
    turned = control_chart_by_rep(make_crm(deals=deals[::-1], reps=reps), **given_, confidence=0.95)
    closed = [deal for deal in deals if deal["status"] != "open" and deal["closed_on"] > "2025-09-30"]

    assert_frame_equal(rows, turned)
    assert rows["n_closed"].sum() == len(closed)
    assert rows["p_value"].notna().eq(rows["verdict"] != "too few deals to judge").all()
    if rows["expected_won"].notna().all():
        sums = rows.groupby("month")[["n_won", "expected_won"]].sum()
        assert sums["expected_won"].to_numpy() == pytest.approx(sums["n_won"].to_numpy())


def test_a_month_under_way_is_marked_partial():
    """Known on 20 September, the month so far."""
    crm = make_crm(deals=[d for rep in "ab" for d in months_of(rep, 5)], as_of=date(2026, 9, 20))
    rows = control_chart_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20)

    assert rows.loc[rows["is_partial"], "month"].unique().tolist() == ["2026-09"]


# Words and charts.


def test_the_words_say_who_changed_since_when_and_what_was_one_month(chart, parameters):
    """Numbers of the frame's own rows; changes that hold over all reps open the finding."""
    finding = said(chart, parameters)

    assert finding.title == "The results of 2 of 14 reps have changed: 1 falling and 1 rising"
    row = chart[chart["rep_id"] == "fell"].iloc[-1]
    assert (
        f"**Fell** has been falling since about April 2026: 0 of 90 won where {row['usual_won_since']:.1f} were usual"
        in finding.text
    )
    blip = chart[chart["rep_id"] == "blip"].iloc[-1]
    assert (
        f"September 2026 was a bad month for **Blip** (1 of 15 won, {blip['usual_won']:.1f} expected); "
        "one month is no trend."
    ) in finding.text
    assert "**2** left the limits in any month, where luck alone would send up to 0.7." in finding.text
    assert "1 other closed too few deals to judge" in finding.text
    assert (finding.status, finding.action.what.split(":")[0]) == ("watch", "See what changed for Fell")
    assert not [word for word in BLAME if word in finding.text.lower()]


def test_a_change_that_luck_explains_over_all_reps_is_only_a_possible_one(chart, parameters):
    """No headline, no action, no claim."""
    finding = said(chart.assign(q_value=chart["q_value"].where(chart["q_value"].isna(), 0.3)), parameters)

    assert finding.title == "2 of 14 reps may be changing, but luck alone could do that"
    assert "**Fell** may have been falling since about April 2026" in finding.text
    assert "luck alone could give the change of Fell (q 0.30) and Rose (q 0.30)" in finding.text
    assert (finding.status, finding.action, finding.is_headline) == ("note", None, False)


def test_the_words_say_what_could_not_have_been_noticed(parameters):
    """No change: the title says so; the delay for the rep in the middle is the frame's."""
    rows = control_chart_by_rep(
        make_crm(deals=[d for rep in "abc" for d in months_of(rep, 5)]),
        period=SEPTEMBER,
        confidence=0.95,
        min_closed=20,
    )
    finding = said(rows, parameters)
    middle = rows[rows["rep_id"] == "b"].iloc[0]

    assert finding.title == "No rep's results have changed beyond luck (3 watched)"
    assert f"only a fall of {middle['noticeable_rate']:.0%} or more would be" in finding.text
    later = rows.assign(months_to_notice=7.0)
    assert "a fall of 30% would be noticed four times in five within 7 months" in said(later, parameters).text


def test_codes_take_the_place_of_names_in_frame_and_words(anonymous, crm):
    """No name where the company shows none."""
    from salesops_lib.data.anonymous import anonymised

    rows = control_chart_by_rep(anonymised(crm), period=SEPTEMBER, confidence=0.95, min_closed=20)

    assert not set(rows["name"]) & {"Fell", "Rose", "Blip"}
    assert "Fell" not in said(rows, anonymous).text


def test_the_chart_draws_the_frame_with_changes_first(chart):
    """Six panels: fallen, risen, the bad month, then those nearest to a limit; average and dots are the frame's."""
    with theme.chart_style():
        panels = plot_control_chart_by_rep(chart).get_figure().axes
    own = chart[chart["rep_id"] == "fell"].reset_index(drop=True)
    lines = {line.get_label(): line for line in panels[0].lines}

    assert [panel.get_title(loc="left").split("\n")[0] for panel in panels[:3]] == ["Fell", "Rose", "Blip"]
    assert len(panels) == 6
    assert lines["Moving average of the months"].get_ydata() == pytest.approx(own["ewma"].to_numpy())
    alarms = lines["▼ Average below its limits"]
    assert alarms.get_xdata().tolist() == own.index[own["is_alarm"]].tolist()
    assert "A bad month" in [line.get_label() for line in panels[2].lines]


def test_a_phone_sees_four_panels_of_the_same_numbers(chart):
    """One under another; an Axes of the reader's own gets the first rep."""
    with theme.chart_style(theme.NARROW):
        narrow = plot_control_chart_by_rep(chart).get_figure()
    _, ax = plt.subplots()

    assert len(narrow.axes) == 4
    assert narrow.get_figwidth() == pytest.approx(theme.NARROW)
    assert plot_control_chart_by_rep(chart, ax=ax) is ax


def test_nothing_to_watch_is_a_line_of_text(parameters):
    """No deals, no marks, no error."""
    rows = control_chart_by_rep(make_crm(reps=["ana"]), period=SEPTEMBER, confidence=0.95, min_closed=20)

    assert len(plot_control_chart_by_rep(rows).lines) == 0
    assert said(rows, parameters).title == "Too few deals to tell a bad month from a trend"


def test_the_table_shows_columns_of_the_frame(chart):
    """Each of them is there."""
    assert set(table_control_chart_by_rep(chart).columns) <= set(chart.columns)


# Whole companies.


def test_the_demo_companys_bad_leads_make_no_rep_fall(demo_crm, demo_parameters):
    """Nobody's own level was planted to change: over all reps together no change holds."""
    rows = control_chart_by_rep(demo_crm, period=demo_crm.calendar.period("2026-09"), confidence=0.95, min_closed=20)

    assert not (rows["q_value"] <= 0.05).any()
    assert rows.groupby("rep_id")["is_alarm"].any().sum() <= 0.1 * rows["rep_id"].nunique()


def test_maven_shows_no_more_alarms_than_luck_would():
    """30 agents over the ten months there are."""
    if not MAVEN.is_dir():
        pytest.skip("needs shared/real/maven_crm beside the repository")
    from salesops_lib.data import open_crm
    from salesops_lib.parameters import read_parameters

    parameters = read_parameters(ROOT / "examples" / "maven_crm", source=str(MAVEN))
    crm = open_crm(parameters)
    rows = control_chart_by_rep(crm, period=crm.calendar.period("2017-12"), confidence=0.95, min_closed=20)
    last = rows.drop_duplicates("rep_id", keep="last")

    assert last["p_value"].notna().sum() == 30
    assert not (pd.to_numeric(last["q_value"]) <= 0.05).any()
    assert rows.groupby("rep_id")["is_alarm"].any().sum() <= 3
