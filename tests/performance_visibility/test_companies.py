"""Whole companies: planted truths are found, figures agree with plain pandas, foreign data gets honest answers."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from salesops_lib import performance_visibility as area
from salesops_lib.data import open_crm
from salesops_lib.data.demo.truths import TRUTHS
from salesops_lib.errors import MissingTableError
from salesops_lib.measures import goals
from salesops_lib.measures.goals import goals_without_team
from salesops_lib.parameters import read_parameters
from tests.calling import as_reported

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "real"


@pytest.fixture(scope="module")
def month(demo_crm):
    """The demo month."""
    return demo_crm.calendar.period("2026-09")


@pytest.fixture(scope="module")
def deals(demo_crm):
    """All deals of the demo company as a plain frame."""
    return demo_crm.fetch(demo_crm.opportunities).astype({"amount": float})


def between(days, first, last):
    """Whether days lie in a stretch, both ends included."""
    return days.between(pd.Timestamp(first), pd.Timestamp(last))


def test_bookings_agree_with_a_plain_sum_of_credits(demo_crm, month, deals):
    """Month, quarter and year of the demo company, to the cent."""
    rows = area.bookings_against_goal(demo_crm, period=month).set_index("kind")
    credits = demo_crm.fetch(demo_crm.credits).astype({"amount": float})
    main = credits[credits["book"] == "main"].merge(
        deals[["opportunity_id", "status", "closed_on"]], on="opportunity_id"
    )
    won = main[main["status"] == "won"]

    for kind, first in (("month", date(2026, 9, 1)), ("quarter", date(2026, 7, 1)), ("year", date(2026, 1, 1))):
        wanted = won.loc[between(won["closed_on"], first, date(2026, 9, 30)), "amount"].sum()
        assert rows.loc[kind, "bookings_amount"] == pytest.approx(wanted, abs=0.005)


def test_win_rate_and_cycle_agree_with_plain_pandas(demo_crm, month, deals):
    """Third quarter by count and value; median cycle of its wins."""
    last = area.win_rate_by_quarter(demo_crm, period=month, confidence=0.95).iloc[-1]
    cycle = area.cycle_by_segment(demo_crm, period=month, confidence=0.95).iloc[0]
    closed = deals[between(deals["closed_on"], date(2026, 7, 1), date(2026, 9, 30)) & (deals["status"] != "open")]
    won = closed[closed["status"] == "won"]

    assert (last["n_closed"], last["n_won"]) == (len(closed), len(won))
    assert last["value_win_rate"] == pytest.approx(won["amount"].sum() / closed["amount"].sum())
    assert cycle["cycle_days"] == (won["closed_on"] - won["created_on"]).dt.days.median()


def test_hygiene_agrees_with_plain_pandas(demo_crm, deals):
    """Overdue, too old and no next step, counted by hand."""
    rows = area.hygiene_by_rule(demo_crm).set_index("fault")["n_faults"]
    today = pd.Timestamp(demo_crm.as_of)
    still_open, won = deals[deals["status"] == "open"], deals[deals["status"] == "won"]
    longest = (won["closed_on"] - won["created_on"]).dt.days.max()

    assert rows["is_overdue"] == (still_open["expected_close_on"] < today).sum()
    assert rows["is_too_old"] == ((today - still_open["created_on"]).dt.days > longest).sum()
    assert rows["has_no_next_step"] == still_open["next_step"].fillna("").str.strip().eq("").sum()


def test_the_planted_bottleneck_is_found_and_no_other(demo_crm, month):
    """One stage lets fewer deals through since April: the one that does so by design."""
    rows = area.stage_change(demo_crm, period=month, confidence=0.95)
    fallen = rows[rows["is_changed"] & (rows["change_rate"] < 0)]

    assert fallen["stage"].tolist() == [TRUTHS.bottleneck_stage]


def test_the_planted_bad_source_is_flagged_and_the_reps_who_got_it_are_not(demo_crm, month):
    """More and worse leads of one source; nothing is wrong with those who received them."""
    rows = area.lead_red_flag(demo_crm, period=month, confidence=0.95)
    sources, reps = rows[rows["split"] == "source"], rows[rows["split"] == "rep"]

    assert sources.loc[sources["is_red_flag"], "name"].tolist() == [TRUTHS.bad_source]
    assert not reps.loc[reps["key"].isin(TRUTHS.bad_source_rep_ids), "is_fallen"].any()


def test_the_funnel_holds_on_the_demo_company(demo_crm, month):
    """Every stage, every outcome; negotiation and earlier are entered by thousands."""
    rows = area.stage_funnel(demo_crm, period=month, confidence=0.95)

    assert rows["stage"].tolist() == list(demo_crm.stages)
    assert (rows["n_entered"] == rows.loc[:, "n_advanced":"n_still_there"].sum(axis=1)).all()
    assert rows["n_entered"].min() > 500


def foreign(folder):
    """A foreign company's data; skips where it is not on this machine."""
    if not (REAL / folder).is_dir():
        pytest.skip(f"the foreign data (../shared/real/{folder}) is not on this machine")
    return open_crm(read_parameters(ROOT / "examples" / folder, source=str(REAL / folder)))


def test_maven_s_november_is_reported_as_published():
    """938,943 from 406 deals; without quotas, history and leads; 138 days are the longest cycle and old deals flagged."""
    crm = foreign("maven_crm").at(date(2017, 11, 30))
    november = crm.calendar.period("2017-11")

    rows = area.bookings_against_goal(crm, period=november).set_index("kind")
    age = area.age_of_open_deals(crm).iloc[0]
    reps = area.attainment_by_rep(crm, period=november, confidence=0.95)

    assert (rows.loc["month", "bookings_amount"], rows.loc["month", "n_won"]) == (938_943, 406)
    assert rows["quota_amount"].isna().all()
    assert age["longest_won_days"] == 138
    assert area.hygiene_by_rule(crm).set_index("fault").loc["is_too_old", "n_faults"] == age["n_older"] > 500
    assert (len(reps), (reps["bookings_amount"] == 0).sum()) == (35, 5)
    assert area.pipeline_coverage(crm).empty
    for metric in (area.stage_funnel, area.stage_change, area.lead_red_flag, area.lead_steps):
        with pytest.raises(MissingTableError):
            as_reported(metric, crm, period=november)


def test_maven_s_third_quarter_and_all_win_rates_are_as_published():
    """2,982,255 from July to September; 4,238 of 6,711 won over all months (63.1 %)."""
    crm = foreign("maven_crm")

    quarter = area.bookings_against_goal(crm.at(date(2017, 9, 30)), period=crm.calendar.period("2017-09"))
    company = area.win_rate_by_group(crm, period=crm.calendar.period("2017-12"), confidence=0.95).iloc[0]

    assert quarter.set_index("kind").loc["quarter", "bookings_amount"] == 2_982_255
    assert (company["n_won"], company["n_closed"]) == (4238, 6711)


def test_orders_without_losses_and_creation_dates_get_honest_answers():
    """AdventureWorks: attainment per rep and a partial last quarter; no win rate, cycle, age or open deal is made up."""
    crm = foreign("adventureworks")
    may = crm.calendar.period("2020-05")

    reps = area.attainment_by_rep(crm, period=may, confidence=0.95)
    quarter = area.bookings_against_goal(crm, period=may).set_index("kind").loc["quarter"]

    assert reps["attainment_rate"].notna().all()
    assert quarter["is_partial"]
    assert area.win_rate_by_quarter(crm, period=may, confidence=0.95).empty
    assert area.cycle_by_segment(crm, period=may, confidence=0.95).empty
    assert area.velocity_by_segment(crm, period=may, confidence=0.95).empty
    assert area.age_of_open_deals(crm.at(date(2020, 3, 31))).empty
    assert reps["win_rate"].isna().all()


def test_goals_move_with_reps_between_territories():
    """AdventureWorks 2018: rep 282 brings two quarters' quota to territory 10; 280 has no territory from November on."""
    crm = foreign("adventureworks")
    year, last = crm.calendar.period("2018"), crm.calendar.period("2018-Q4")

    teams = goals(crm, [year, last], level="team").groupby("period")["quota_amount"].sum()
    company = goals(crm, [year, last], level="company").set_index("period")["quota_amount"]
    in_none = goals_without_team(crm, [year, last]).set_index("period")["quota_amount"]
    tenth = goals(crm, [year], level="team").set_index("team_id").loc["10", "quota_amount"]

    assert tenth == 496_000 + 452_000
    assert in_none["2018-Q4"] == round(226_000 - 226_000 * 23 / 66, 2)
    assert (teams + in_none).round(2).to_dict() == company.to_dict()
