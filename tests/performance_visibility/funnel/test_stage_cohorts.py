"""Stage cohorts: what is too young is marked, and a later stage counts for all before it."""

from datetime import date

import pytest

from salesops_lib import theme
from salesops_lib.measures import win_rates
from salesops_lib.performance_visibility import win_rate_by_quarter
from salesops_lib.performance_visibility.funnel.stage_cohorts.metrics import stage_cohorts
from salesops_lib.performance_visibility.funnel.stage_cohorts.narrative import describe_stage_cohorts
from salesops_lib.performance_visibility.funnel.stage_cohorts.plots import plot_stage_cohorts
from tests.builders import CALENDAR, make_crm
from tests.performance_visibility.funnel.test_funnel import END, SEPTEMBER, crm_of


def reached(*journeys, month="2026-07", **company):
    """Deals that got to each stage, of those created in a month."""
    rows = stage_cohorts(crm_of(*journeys, **company), period=SEPTEMBER, confidence=0.95)
    return rows[rows["month"] == month].set_index("stage")["n_reached"].to_dict()


def test_a_later_stage_counts_for_all_before_it():
    """Jumped over B, came to C; won counts for everything."""
    found = reached(
        ("ACwon", "2026-07-02"), ("AClost", "2026-07-03"), ("ABAlost", "2026-07-04"), ("Alost", "2026-07-05")
    )

    assert found == {"B": 3, "C": 2, "Won": 1}


def test_a_deal_created_and_closed_within_the_month_stays_in_its_cohort():
    """Whatever became of it, it was created then."""
    rows = stage_cohorts(crm_of(("Awon", "2026-09-02"), ("A", "2026-09-03")), period=SEPTEMBER, confidence=0.95)

    assert rows.loc[rows["month"] == "2026-09", "n_created"].unique().tolist() == [2]


def test_a_month_is_mature_once_its_youngest_deal_has_had_the_time():
    """Wins take two days here: July is mature, the days of September's end are not."""
    rows = stage_cohorts(crm_of(("ABwon", "2026-07-02"), ("ABwon", "2026-09-20")), period=SEPTEMBER, confidence=0.95)

    ripe = rows[rows["stage"] == "Won"].set_index("month")["is_mature"]
    assert ripe.to_dict() == {"2026-07": True, "2026-08": True, "2026-09": False}


def test_without_a_win_no_month_is_mature_for_wins():
    """Nothing tells how long one would take, and no month is called too young for a time that nobody knows."""
    rows = stage_cohorts(crm_of(("ABlost", "2026-07-02")), period=SEPTEMBER, confidence=0.95)

    assert not rows.loc[rows["stage"] == "Won", "is_mature"].any()
    assert describe_stage_cohorts(rows).title == "No month of new deals can be judged: no win tells how long one takes"


def test_created_and_closed_win_rates_of_a_young_cohort_are_far_apart():
    """Published: of 100 created 3 are won, 7 lost and 90 open: 3 % of the cohort, 30 % of what is closed."""
    deals = [
        {"rep_id": "ana", "created_on": "2026-07-01", "status": status, "closed_on": None if status == "open" else "2026-08-01"}
        for status in ["won"] * 3 + ["lost"] * 7 + ["open"] * 90
    ]  # fmt: skip
    crm = make_crm(deals=deals, as_of=END)

    cohort = win_rate_by_quarter(crm, period=SEPTEMBER, confidence=0.95).iloc[-1]

    assert cohort["cohort_win_rate"] == pytest.approx(0.03)
    assert win_rates(crm, CALENDAR.period("2026-Q3"), confidence=0.95)["win_rate"].item() == pytest.approx(0.3)


def test_words_claim_nothing_from_young_months(demo_crm):
    """Only mature months are compared, and the number of the others is said."""
    rows = stage_cohorts(demo_crm, period=SEPTEMBER, confidence=0.95)
    won = rows[rows["stage"] == "Won"]

    found = describe_stage_cohorts(rows)

    ripe, young = won[won["is_mature"]], won[~won["is_mature"]]
    share = ripe["n_reached"].sum() / ripe["n_created"].sum()
    assert found.title == f"{share:.0%} of the deals of mature months were won; {len(young)} months too young"
    assert describe_stage_cohorts(rows.head(0)).title == "No month of new deals to follow"


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_the_heat_map_has_a_number_for_each_share(width, demo_crm):
    """Brackets where the share may still rise."""
    rows = stage_cohorts(demo_crm, period=SEPTEMBER, confidence=0.95)

    with theme.chart_style(width):
        words = [text.get_text() for text in plot_stage_cohorts(rows).texts]

    assert len(words) == len(rows)
    assert sum(each.startswith("(") for each in words) == (~rows["is_mature"]).sum()


def test_the_evening_of_the_report_is_all_that_is_known():
    """A stage got to in October is not got to in September."""
    crm = crm_of(("AB", "2026-09-30"), as_of=date(2026, 10, 2)).at(END)

    assert stage_cohorts(crm, period=SEPTEMBER, confidence=0.95)["n_reached"].sum() == 0
