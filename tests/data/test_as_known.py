"""The company as known on an evening: nothing learnt later shows."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from salesops_lib.data import open_data
from salesops_lib.data.loading import crm_from_folder
from salesops_lib.measures import recorded_in_history
from tests.builders import make_crm
from tests.data.test_marts import crm_with_history

MARCH = date(2026, 3, 31)


def test_a_deal_closed_later_was_open():
    """A report on March does not know that the deal was won in April."""
    crm = make_crm(deals=[("ana", "2026-04-10", "won"), ("ana", "2026-03-10", "lost")]).at(MARCH)

    deals = crm.fetch(crm.opportunities.order_by("opportunity_id"))

    assert list(deals["status"]) == ["open", "lost"]
    assert deals["closed_on"].isna().tolist() == [True, False]


def test_a_deal_created_later_did_not_exist():
    """It is not in the pipeline of March, nor in its credits."""
    crm = make_crm(deals=[{"rep_id": "ana", "created_on": "2026-04-01"}, ("ana", "2026-03-10", "won")]).at(MARCH)

    assert len(crm.fetch(crm.opportunities)) == 1
    assert len(crm.fetch(crm.credits)) == 1


def test_a_deal_without_a_creation_date_that_closed_later_is_not_known():
    """Orders have no creation date: one of April is no open deal of March; a deal still open is."""
    deals = [
        {"rep_id": "ana", "created_on": None, "closed_on": "2026-04-10", "status": "won"},
        {"rep_id": "ana", "created_on": None},
    ]
    crm = make_crm(deals=deals).at(MARCH)

    assert crm.fetch(crm.opportunities)["opportunity_id"].tolist() == ["d00001"]
    assert crm.fetch(crm.credits)["opportunity_id"].tolist() == ["d00001"]


def test_an_open_deal_stands_in_the_stage_amount_and_hands_of_that_evening():
    """Stage, amount and owner come from the state that held, not from the last one."""
    crm = crm_with_history().at(date(2026, 1, 31))

    deal = crm.fetch(crm.opportunities).iloc[0]
    stay = crm.fetch(crm.visits).iloc[0]

    assert (deal["stage"], float(deal["amount"]), deal["rep_id"], deal["status"]) == ("A", 150.0, "ana", "open")
    assert stay[["left_on", "next_stage", "days"]].isna().all()


def test_an_open_deal_belongs_to_its_owners_team_of_that_evening():
    """A reorganisation in April does not move the pipeline of March."""
    crm = make_crm(
        deals=[{"rep_id": "ana", "created_on": "2026-01-01"}],
        teams=[{"team_id": "east", "name": "East"}, {"team_id": "west", "name": "West"}],
        team_members=[
            {"rep_id": "ana", "team_id": "east", "from_on": "2024-01-01", "to_on": "2026-04-14"},
            {"rep_id": "ana", "team_id": "west", "from_on": "2026-04-15"},
        ],
    ).at(MARCH)

    assert crm.fetch(crm.opportunities)["team_id"].tolist() == ["east"]
    assert crm.fetch(crm.credits)["team_id"].tolist() == ["east"]
    assert crm.fetch(crm.team_members)["to_on"].isna().all()


def test_a_lead_qualified_later_was_not_qualified():
    """Nor assigned, nor turned into a deal."""
    lead = {
        "lead_id": "l1",
        "rep_id": "ana",
        "created_at": "2026-03-30 10:00",
        "assigned_at": "2026-04-01 10:00",
        "qualified_at": "2026-04-09 10:00",
        "converted_opportunity_id": "d1",
    }
    crm = make_crm(reps=["ana"], leads=[lead]).at(MARCH)

    row = crm.fetch(crm.leads).iloc[0]

    assert row[["rep_id", "assigned_at", "qualified_at", "converted_opportunity_id"]].isna().all()


def test_a_rep_who_leaves_later_was_employed():
    """The leaving date of May is not known in March, and a joiner of May is not there."""
    crm = make_crm(
        reps=[
            {"rep_id": "ana", "name": "Ana", "started_on": "2024-01-01", "ended_on": "2026-05-31"},
            {"rep_id": "bo", "name": "Bo", "started_on": "2026-05-01"},
        ]
    ).at(MARCH)

    reps = crm.fetch(crm.reps)

    assert reps["rep_id"].tolist() == ["ana"]
    assert reps["ended_on"].isna().all()


def test_the_present_evening_is_the_data_itself():
    """No rewriting where nothing is later."""
    crm = make_crm(deals=[("ana", "2026-03-10", "won")])

    assert crm.at(crm.as_of) is crm


def test_the_day_declared_for_the_data_binds():
    """A deal won after it is open, one created after it is not there, and no age is below 0."""
    crm = make_crm(
        deals=[
            ("ana", "2026-04-10", "won"),
            {"rep_id": "ana", "created_on": "2026-04-01"},
            ("ana", "2026-03-10", "won"),
        ],
        as_of=MARCH,
    )

    deals = crm.fetch(crm.opportunities.order_by("opportunity_id"))

    assert deals["opportunity_id"].tolist() == ["d00000", "d00002"]
    assert deals["status"].tolist() == ["open", "won"]
    assert deals["created_on"].max().date() <= MARCH


def test_a_joiner_of_next_month_who_holds_a_deal_already_is_there():
    """Else the deal would be nobody's; one who holds none is not there yet."""
    reps = [{"rep_id": rep, "name": rep, "started_on": "2026-04-15"} for rep in ("bo", "cy")]
    crm = make_crm(deals=[{"rep_id": "bo", "created_on": "2026-01-01"}], reps=reps, as_of=MARCH)

    assert crm.fetch(crm.reps)["rep_id"].tolist() == ["bo"]


@pytest.mark.parametrize("blank", [("amount",), ("expected_close_on",), ("amount", "expected_close_on", "rep_id")])
def test_where_the_history_is_silent_the_deals_own_values_stand(blank):
    """A history without amounts or close dates does not empty the pipeline of January."""
    own = {"amount": 160, "expected_close_on": date(2026, 3, 31), "rep_id": "bo"}
    rows = [
        {"opportunity_id": "x", "changed_at": f"2026-01-{day} 09:00", "stage": stage, **{
            name: value for name, value in own.items() if name not in blank
        }}
        for day, stage in ((10, "A"), (20, "B"))
    ]  # fmt: skip
    deal = {"opportunity_id": "x", "created_on": "2026-01-05", "status": "won", "closed_on": "2026-04-02", **own}
    crm = make_crm(deals=[deal], stage_history=rows, open_stages=["A", "B"]).at(MARCH)

    row = crm.fetch(crm.opportunities).iloc[0]

    assert (float(row["amount"]), row["expected_close_on"].date(), row["rep_id"]) == (160.0, date(2026, 3, 31), "bo")
    assert row["stage"] == "B"
    assert recorded_in_history(crm) == set(own) - set(blank)


def company(later: list[tuple[str, int]], as_of: date = MARCH):
    """Three months of a company, and rows of so many days after ``MARCH`` in the tables named."""
    days = [MARCH - timedelta(days=9 * n) for n in range(9)] + [MARCH]
    rows: dict[str, list] = {name: [] for name in ROWS}
    for name, make in ROWS.items():
        rows[name] += [make(number, day) for number, day in enumerate(days)]
    for number, (name, n) in enumerate(later, start=100):
        rows[name].append(ROWS[name](number, MARCH + timedelta(days=n)))
    reps = [{"rep_id": rep, "name": rep.title(), "started_on": "2024-01-01"} for rep in ("ana", "bo")]
    return make_crm(
        **{name: made for name, made in rows.items() if name not in ("reps", "deals")},
        deals=rows["deals"],
        reps=reps + rows["reps"],
        accounts=[{"account_id": "a"}],
        teams=[{"team_id": "east", "name": "East"}],
        tools=[{"tool_id": "t", "name": "T"}],
        as_of=as_of,
        open_stages=["A", "B"],
    )


def _deal(number, day):
    """Won, lost or open on the day it was made."""
    status = ("won", "lost", "open")[number % 3]
    closed = {"closed_on": day} if status != "open" else {}
    return {
        "opportunity_id": f"o{number}", "rep_id": "ana", "created_on": day, "status": status, "stage": "A",
        "amount": 500, **closed,
    }  # fmt: skip


def _change(number, day):
    """What a deal's row says, up to ``MARCH``; anything but that later."""
    now = (
        {"stage": "A", "amount": 500, "rep_id": "ana"} if day <= MARCH else {"stage": "B", "amount": 9, "rep_id": "bo"}
    )
    return {"opportunity_id": f"o{number % 9}", "changed_at": f"{day} 10:00", **now}


ROWS = {
    "deals": _deal,
    "stage_history": _change,
    "activities": lambda number, day: {
        "activity_id": str(number), "rep_id": "ana", "opportunity_id": f"o{number % 9}", "kind": "call",
        "done_at": f"{day} 10:00",
    },
    "leads": lambda number, day: {
        "lead_id": str(number), "rep_id": "bo", "created_at": f"{day} 09:00", "assigned_at": f"{day} 10:00",
    },
    "subscriptions": lambda number, day: {
        "account_id": "a", "changed_on": day, "change_amount": number + 1, "kind": "expansion",
    },
    "satisfaction": lambda number, day: {
        "answer_id": str(number), "account_id": "a", "rep_id": "bo", "asked_on": day, "score": 4, "scale": "csat",
    },
    "tool_usage": lambda number, day: {"tool_id": "t", "rep_id": "ana", "week_on": day, "n_actions": number},
    "reps": lambda number, day: {"rep_id": f"r{number}", "name": f"R{number}", "started_on": day},
}  # fmt: skip
"""A row of each table that has days, by number and day."""


def every_table(crm):
    """Rows of every canonical table, in an order of their own."""
    frames = {name: crm.fetch(getattr(crm, name)) for name in crm.tables if name != "periods"}
    return {name: frame.sort_values(list(frame)).reset_index(drop=True) for name, frame in frames.items()}


def assert_same_tables(one, other):
    """Every table of both, row by row."""
    assert one.keys() == other.keys()
    for name, frame in one.items():
        assert_frame_equal(frame, other[name], obj=name)


@pytest.fixture(scope="module")
def as_it_was():
    """The company before anything later was added."""
    return every_table(company([]))


@settings(max_examples=25, deadline=None)
@given(later=st.lists(st.tuples(st.sampled_from(sorted(ROWS)), st.integers(1, 4000)), min_size=1, max_size=12))
def test_rows_of_later_days_change_no_table(as_it_was, later):
    """Whatever is added to the export for days after the declared one, every table stays as it was."""
    assert_same_tables(every_table(company(later)), as_it_was)


@pytest.mark.parametrize("day", [date(2026, 6, 30), date(2025, 12, 31)])
def test_a_declared_day_gives_what_the_report_on_that_day_gave(demo_parameters, demo_crm, day):
    """The demo company's export of October, declared to speak of June, is the company as known in June."""
    whole, imported = open_data(demo_parameters)
    declared = crm_from_folder(imported.folder, as_of=day, parameters=demo_parameters, fingerprint=imported.fingerprint)

    assert_same_tables(every_table(declared), every_table(whole.at(day)))
