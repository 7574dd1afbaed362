"""Checks: what each finds, how severe it is, and what it does to the rows."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.data.checks.as_of import last_of_the_rest
from salesops_lib.data.importing import ImportedData
from tests.data.exports import DEALS, deals, found, import_files, rows_of, values_of

OTHERS = [f"E{n},ana,5,2026-07-01,2026-08-03,won" for n in range(40)]


def reasons(imported: ImportedData) -> list[tuple[str, str, str]]:
    """Line, reason and effect of everything in the quarantine."""
    with imported.quarantine.open(encoding="utf-8-sig", newline="") as file:
        return [(row["line"], row["reason"], row["effect"]) for row in csv.DictReader(file)]


def test_clean_data_passes_every_check(tmp_path: Path) -> None:
    """Nothing is stamped where nothing is wrong."""
    imported = import_files(tmp_path)

    assert set(imported.checks["severity"]) == {"pass"}
    assert reasons(imported) == []


def test_worst_checks_come_first(tmp_path: Path) -> None:
    """Errors, then warnings, then what passed."""
    imported = import_files(tmp_path, deals("D1,ana,5,2026-07-01,,won", "D2,cy,5,2026-12-01,,won"))

    severities = list(imported.checks["severity"])
    assert severities == sorted(severities, key=["error", "warning", "pass"].index)
    assert severities[0] == "error"


def test_a_deal_of_an_unknown_rep_counts_and_the_rep_is_added(tmp_path: Path) -> None:
    """Setting the deal aside would lose bookings; the rep appears under their id and is counted as added."""
    imported = import_files(tmp_path, deals(*OTHERS, "D1,cy,5,2026-07-01,2026-08-03,won"))

    assert rows_of(imported, "reps", ["rep_id", "name"])[-1] == {"rep_id": "cy", "name": "cy"}
    assert imported.counts.set_index("table").loc["reps", "rows_added"] == 1
    assert "1 row of 41 not in `reps`, for instance `cy`" in found(imported, "references", "warning")[0]
    assert "cy" in values_of(imported, "opportunities", "rep_id")


def test_a_row_that_needs_a_missing_deal_is_set_aside(tmp_path: Path) -> None:
    """A change of a deal that the data does not hold cannot be used."""
    history = "opportunity_id,changed_at,stage\nD1,2026-07-01,Talks\nD2,2026-07-01,Talks\nD9,2026-07-01,Talks\n"
    imported = import_files(tmp_path, {"stage_history.csv": history})

    assert values_of(imported, "stage_history", "opportunity_id") == ["D1", "D2"]
    assert reasons(imported) == [("4", "no such row in opportunities", "row set aside")]
    assert found(imported, "references", "warning")


def test_a_deal_without_its_account_is_used(tmp_path: Path) -> None:
    """A reference that a deal can do without is counted only."""
    files = {
        "accounts.csv": "account_id,name\nA,Acme\n",
        **deals("D1,ana,5,2026-08-03,won,A", "D2,ana,5,2026-08-03,won,A", "D3,ana,5,2026-08-03,won,B",
                heading="opportunity_id,rep_id,amount,closed_on,status,account_id"),
    }  # fmt: skip

    imported = import_files(tmp_path, files)

    assert values_of(imported, "opportunities", "account_id") == ["A", "A", "B"]
    assert "the rows are used without it" in found(imported, "references", "warning")[0]


def test_of_two_rows_with_one_key_the_later_is_used(tmp_path: Path) -> None:
    """Exports append, so the last row is the newest."""
    imported = import_files(
        tmp_path, deals("D1,ana,5,2026-07-01,2026-08-03,lost", *OTHERS, "D1,ana,9,2026-07-01,2026-08-04,won")
    )

    kept = [row for row in rows_of(imported, "opportunities") if row["opportunity_id"] == "D1"]
    assert [(row["status"], row["amount"]) for row in kept] == [("won", Decimal(9))]
    assert reasons(imported) == [("2", "a later row has the same opportunity_id", "row set aside")]
    assert found(imported, "duplicate keys", "warning")


def test_declared_repeats_are_counted_not_set_aside(tmp_path: Path) -> None:
    """A team listed once per rep is one team."""
    files = {"people.csv": "rep,team\nana,North\nbo,North\n"}
    tables = {"teams": {"file": "people.csv", "distinct": True, "columns": {"team_id": "team", "name": "team"}}}

    imported = import_files(tmp_path, files, tables=tables)

    assert values_of(imported, "teams", "team_id") == ["North"]
    assert imported.counts.set_index("table").loc["teams", "rows_repeated"] == 1
    assert reasons(imported) == []


def test_a_close_date_of_an_open_deal_is_when_it_is_expected_to_close(tmp_path: Path) -> None:
    """CRMs keep one close date for all deals; an own column for the expectation wins."""
    heading = "opportunity_id,rep_id,amount,closed_on,expected_close_on,status,stage"
    imported = import_files(
        tmp_path,
        deals("D1,ana,5,2026-12-01,,open,Talks", "D2,ana,5,2026-12-01,2026-11-01,open,Talks", heading=heading),
    )

    assert rows_of(imported, "opportunities", ["closed_on", "expected_close_on"]) == [
        {"closed_on": None, "expected_close_on": date(2026, 12, 1)},
        {"closed_on": None, "expected_close_on": date(2026, 11, 1)},
    ]
    assert found(imported, "open deals") == [
        "2 open deals with a close date: it is read as the day on which they are expected to close."
    ]


def test_a_deal_closed_before_it_was_created_loses_the_creation_date_only(tmp_path: Path) -> None:
    """It counts in its month; its cycle is undefined and the value is listed."""
    imported = import_files(tmp_path, deals(*OTHERS, "D1,ana,5,2026-09-01,2026-08-03,won"))

    assert rows_of(imported, "opportunities", ["opportunity_id", "created_on"])[-1] == {
        "opportunity_id": "D1",
        "created_on": None,
    }
    assert reasons(imported) == [("42", "created after it closed", "value left empty")]
    assert found(imported, "closed before created", "warning")


@pytest.mark.parametrize(
    ("row", "check", "says"),
    [
        ("D1,ana,5,2026-07-01,2026-12-24,won", "dates in the future", "won or lost after 30 September 2026"),
        ("D1,ana,5,2026-12-24,,open", "dates in the future", "created after 30 September 2026"),
        ("D1,ana,5,2026-07-01,,won", "close dates", "1 won or lost deal of 41 without a close date"),
        ("D1,ana,,2026-07-01,2026-08-03,won", "amounts", "1 won deal of 41 without an amount"),
        ("D1,ana,0,2026-07-01,2026-08-03,won", "amounts", "1 won deal of 41 with an amount of 0"),
        ("D1,ana,-5,2026-07-01,2026-08-03,lost", "amounts", "1 deal of 41 not won and with a negative amount"),
        ("D1,ana,,2026-07-01,,open", "amounts", "1 open deal of 1 without an amount"),
    ],
)
def test_an_odd_deal_is_used_with_a_warning(tmp_path: Path, row: str, check: str, says: str) -> None:
    """One odd deal among many stamps the report; it does not stop it."""
    imported = import_files(tmp_path, deals(*OTHERS, row))

    assert any(says in detail and "`D1`" in detail for detail in found(imported, check, "warning"))
    assert len(values_of(imported, "opportunities", "opportunity_id")) == 41
    assert imported.errors.empty


def test_deals_outside_a_reps_time_are_counted(tmp_path: Path) -> None:
    """Before the first day, after the last, and still open with someone who left."""
    files = {
        "reps.csv": "rep_id,name,started_on,ended_on\nana,Ana,2026-08-10,\nbo,Bo,2020-01-01,2026-08-15\n",
        "opportunities.csv": DEALS.replace("D2,ana", "D2,bo"),
    }

    details = found(import_files(tmp_path, files), "reps' time", "warning")

    assert [detail.split(" (")[0] for detail in details] == [
        "1 deal closed before the rep started",
        "1 deal closed after the rep left",
        "1 deal open although the rep has left",
    ]


def test_a_stage_that_is_not_named_is_told_with_a_near_name(tmp_path: Path) -> None:
    """One open deal of many in an unknown stage is a warning."""
    heading = "opportunity_id,rep_id,amount,closed_on,status,stage"
    rows = [f"E{n},ana,5,,open,Talks" for n in range(9)]

    imported = import_files(tmp_path, deals(*rows, "D1,ana,5,,open,Talk", heading=heading))

    assert "`Talk` (1). Did you mean `Talks`?" in found(imported, "stages", "warning")[0]


def test_what_the_crm_calls_the_end_of_a_deal_is_no_unknown_stage(tmp_path: Path) -> None:
    """A history ends in the CRM's own words for won and lost; other unknown names are told."""
    heading = "opportunity_id,rep_id,amount,closed_on,status,stage"
    history = "opportunity_id,changed_at,stage\nD1,2026-07-01,Talks\nD1,2026-08-03,Closed Won\nD1,2026-07-02,Limbo\n"
    files = {**deals("D1,ana,5,2026-08-03,won,Closed Won", heading=heading), "stage_history.csv": history}

    details = found(import_files(tmp_path, files), "stages", "warning")

    assert len(details) == 1
    assert "company.yaml does not name: `Limbo` (1)." in details[0]


def test_a_stale_extract_is_told(tmp_path: Path) -> None:
    """The newest change lies longer ago than the parameters allow."""
    imported = import_files(tmp_path, report={"stale_after_days": 7})

    assert found(imported, "freshness", "warning") == [
        "The newest change is of 20 August 2026 (`opportunities.closed_on`), 41 days before 30 September 2026."
    ]


def test_as_of_is_the_newest_change_where_it_is_not_declared(tmp_path: Path) -> None:
    """An expected close date lies ahead and is no change; a closing is."""
    imported = import_files(
        tmp_path,
        deals("D1,ana,5,2026-07-01,2026-08-03,won", "D2,ana,5,2026-07-01,2026-12-24,open"),
        source={"as_of": None},
    )

    assert imported.as_of == date(2026, 8, 3)
    assert "the newest date in `opportunities.closed_on`" in found(imported, "as of", "pass")[0]


UNDECLARED = {"as_of": None}


def steady(*more: str, days: int = 40) -> dict[str, str]:
    """A deal won every third day up to 28 August 2026, and other rows."""
    start = date(2026, 5, 3)
    rows = [f"S{n},ana,5,{start + timedelta(3 * n - 9)},{start + timedelta(3 * n)},won" for n in range(days)]
    return deals(*rows, *more)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("DX,bo,5,2026-08-01,2062-11-20,won", "closed_on"),
        ("DX,bo,5,2026-08-01,2027-08-20,won", "closed_on"),
        ("DX,bo,5,2026-11-02,,open", "created_on"),
        ("DX,bo,5,2026-08-01,2026-12-24,lost", "closed_on"),
    ],
)
def test_one_date_ahead_of_all_others_does_not_set_the_day(tmp_path: Path, row: str, column: str) -> None:
    """The error names file, line and column, and asks for the day; the rest tells which it may be."""
    imported = import_files(tmp_path, steady(row), source=UNDECLARED)

    (detail,) = found(imported, "date ahead", "error")
    assert f"`opportunities.{column}` is" in detail
    assert "in opportunities.csv, line 42" in detail
    assert imported.as_of == date(2026, 8, 28)


def test_with_the_day_declared_the_same_row_is_a_warning(tmp_path: Path) -> None:
    """What the message advises mends it."""
    imported = import_files(tmp_path, steady("DX,bo,5,2026-08-01,2062-11-20,won"), source={"as_of": "2026-08-28"})

    assert imported.errors.empty
    assert "in opportunities.csv, line 42" in found(imported, "dates in the future", "warning")[0]


def test_a_planned_meeting_does_not_set_the_day(tmp_path: Path) -> None:
    """It is counted as later, and no more."""
    meeting = "activity_id,rep_id,kind,done_at\nA1,ana,meeting,2026-09-15 10:00\n"
    imported = import_files(tmp_path, {**steady(), "activities.csv": meeting}, source=UNDECLARED)

    assert imported.as_of == date(2026, 8, 28)
    assert imported.errors.empty


@pytest.mark.parametrize("row", ["DX,bo,5,2026-08-01,2026-09-12,lost", "DX,bo,5,2026-08-01,2026-09-20,won"])
def test_a_company_that_is_silent_for_weeks_is_no_slip(tmp_path: Path, row: str) -> None:
    """A loss, or a deal won, some weeks after everything else is the newest change."""
    imported = import_files(tmp_path, steady(row), source=UNDECLARED)

    assert imported.errors.empty
    assert imported.as_of == date.fromisoformat(row.split(",")[4])


@settings(max_examples=150, deadline=None)
@given(days=st.lists(st.integers(0, 400), min_size=1, max_size=60), slip=st.integers(5000, 30000))
def test_a_slip_of_decades_is_always_seen(days: list[int], slip: int) -> None:
    """However often a company's data changes, the newest day of the rest is found."""
    start = date(2025, 1, 1)
    company = Counter(start + timedelta(day) for day in days)

    assert last_of_the_rest(company + Counter([start + timedelta(slip)])) == max(company)


@settings(max_examples=100, deadline=None)
@given(start=st.integers(0, 300), gaps=st.lists(st.integers(1, 40), min_size=1, max_size=200), factor=st.integers(1, 9))
def test_no_company_whose_silences_are_alike_stands_ahead_of_itself(start: int, gaps: list[int], factor: int) -> None:
    """Weekly, monthly or daily: what keeps the company's own rhythm is no slip."""
    rhythm = [1 + gap % 3 + factor for gap in gaps]
    days = [date(2024, 1, 1) + timedelta(start + sum(rhythm[:place])) for place in range(len(rhythm) + 1)]

    assert last_of_the_rest(Counter(days)) is None


@pytest.mark.parametrize("written", ["1900-01-01", "1970-01-01", "9999-12-31", "1899-12-30", "0001-01-01"])
def test_a_date_that_systems_write_for_none_is_left_empty_and_told(tmp_path: Path, written: str) -> None:
    """The deal counts, without a creation date; the first day of the company is its own."""
    imported = import_files(tmp_path, steady(f"DX,bo,7,{written},2026-08-20,won"))

    assert values_of(imported, "opportunities", "created_on")[-1] is None
    assert len(values_of(imported, "opportunities", "amount")) == 41
    assert "in opportunities.csv, line 42; left empty" in found(imported, "placeholders", "warning")[0]
    assert ("42", "a date that cannot be meant", "value left empty") in reasons(imported)


@pytest.mark.parametrize("written", ["1900-01-01", "1970-01-01", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_first_day_in_sales_may_lie_far_back_but_not_where_clocks_begin(tmp_path: Path, written: str) -> None:
    """Somebody may sell since 1965; the zero of computers' clocks is nobody's first day, in any zone."""
    reps = f"rep_id,name,started_on\nana,Ana,1965-03-01\nbo,Bo,{written}\n"
    imported = import_files(tmp_path, {"reps.csv": reps})

    assert values_of(imported, "reps", "started_on") == [date(1965, 3, 1), None]


def test_a_date_of_no_end_says_that_a_stay_goes_on(tmp_path: Path) -> None:
    """9999-12-31 as the last day in a team is an empty cell, and no warning."""
    files = {
        "teams.csv": "team_id,name\nT,North\n",
        "team_members.csv": "rep_id,team_id,from_on,to_on\nana,T,2024-01-01,9999-12-31\n",
    }
    imported = import_files(tmp_path, files)

    assert values_of(imported, "team_members", "to_on") == [None]
    assert set(imported.checks["severity"]) == {"pass"}


def test_what_a_stage_history_does_not_tell_is_said_once(tmp_path: Path) -> None:
    """No amounts or dates at all; an owner in one change of two."""
    history = "opportunity_id,changed_at,stage,rep_id\nD3,2026-07-03 09:00,Talks,bo\nD3,2026-07-05 09:00,Talks,\n"
    imported = import_files(tmp_path, {"stage_history.csv": history})

    assert found(imported, "history", "pass") == [
        "`stage_history` tells no amounts and expected close dates: a report on an earlier day shows those that each "
        "deal has now, and says nothing of how they changed.",
        "`stage_history.rep_id`: 1 change of 2 without one; what the deal had before stands.",
    ]


CREDITS = "opportunity_id,rep_id,share,book\n"


def test_rounded_shares_are_completed(tmp_path: Path) -> None:
    """Three times 33.33 % is meant as the whole deal; what is left over goes to one of them."""
    rows = "".join(f"D1,{rep},33.33%,main\n" for rep in ("ana", "bo", "cy"))
    imported = import_files(
        tmp_path, {"credits.csv": CREDITS + rows, "reps.csv": "rep_id,name\nana,Ana\nbo,Bo\ncy,Cy\n"}
    )

    shares = values_of(imported, "credits", "share")
    assert sum(shares) == 1
    assert max(shares) - min(shares) <= Decimal("0.0001")
    assert found(imported, "credits", "pass") == [
        "Shares of 1 deals add up to 1, 1 of them after completing rounded shares."
    ]


def test_shares_that_do_not_add_up_are_set_aside(tmp_path: Path) -> None:
    """One such deal among many goes back to its owner in full; many stop the report."""
    good = "".join(f"E{n},ana,1,main\n" for n in range(40))
    files = {**deals(*OTHERS, "D1,ana,5,2026-07-01,2026-08-03,won"), "credits.csv": f"{CREDITS}{good}D1,ana,0.5,main\n"}

    imported = import_files(tmp_path / "few", files)

    assert len(values_of(imported, "credits", "share")) == 40
    assert "1 deal of 41 with shares that do not add up to 1" in found(imported, "credits", "warning")[0]
    many = import_files(tmp_path / "many", {"credits.csv": f"{CREDITS}D1,ana,0.5,main\nD2,bo,1,main\n"})
    assert found(many, "credits", "error")


def test_a_team_above_itself_is_an_error(tmp_path: Path) -> None:
    """Roll-ups would never end."""
    teams = "team_id,name,parent_team_id\na,A,b\nb,B,a\nc,C,a\nd,D,z\n"
    imported = import_files(tmp_path, {"teams.csv": teams})

    assert found(imported, "team tree", "error") == ["2 teams standing above themselves: `a` and `b`."]
    assert found(imported, "team tree", "warning") == ["1 parent team not in `teams`: `z`."]


def test_stays_that_end_before_they_begin_are_set_aside(tmp_path: Path) -> None:
    """Such a stay holds on no day."""
    files = {
        "teams.csv": "team_id,name\nt1,North\n",
        "team_members.csv": "rep_id,team_id,from_on,to_on\nana,t1,2026-06-30,2026-01-01\nbo,t1,,\n",
    }
    imported = import_files(tmp_path, files)

    assert values_of(imported, "team_members", "rep_id") == ["bo"]
    assert found(imported, "order of dates", "warning")


def test_a_choice_that_a_row_can_do_without_is_left_empty(tmp_path: Path) -> None:
    """A deal keeps its place in the bookings although its kind is unknown."""
    heading = "opportunity_id,rep_id,amount,closed_on,status,kind"
    imported = import_files(
        tmp_path, deals("D1,ana,5,2026-08-03,won,Upsell", "D2,ana,5,2026-08-03,won,New", heading=heading)
    )

    assert values_of(imported, "opportunities", "kind") == [None, "new"]
    assert reasons(imported) == [("2", "not one of new, expansion, renewal", "value left empty")]
    assert "1 value left empty" in found(imported, "values read", "warning")[0]


def test_answers_outside_their_scale_are_set_aside(tmp_path: Path) -> None:
    """A 9 on a scale of 1 to 5 is no answer."""
    answers = "answer_id,asked_on,score,scale\n1,2026-08-01,9,csat\n2,2026-08-01,9,nps\n3,2026-08-01,0,nps\n"
    imported = import_files(tmp_path, {"satisfaction.csv": answers})

    assert values_of(imported, "satisfaction", "answer_id") == ["2", "3"]
    assert reasons(imported) == [("2", "outside its scale", "row set aside")]


def test_columns_that_nothing_is_taken_from_are_told(tmp_path: Path) -> None:
    """A reader sees what the report could have used."""
    imported = import_files(tmp_path, {"reps.csv": "rep_id,name,shoe size\nana,Ana,38\nbo,Bo,44\n"})

    assert found(imported, "unused columns") == ["reps.csv: nothing is taken from `shoe size`."]


def test_every_failed_check_says_what_to_do(tmp_path: Path) -> None:
    """No warning or error leaves the reader alone, and each detail is a sentence with a count or a name."""
    imported = import_files(
        tmp_path,
        {
            "reps.csv": "rep_id,name\nana,Ana\nana,Anna\n",
            **deals("D1,x,5.5,2026-09-01,2026-08-03,won", "D2,ana,tbd,,,won", "D3,ana,,,,open", "D4,ana"),
        },
    )

    troubled = imported.checks[imported.checks["severity"] != "pass"]
    assert len(troubled) >= 5
    assert troubled["what_to_do"].str.endswith(".").all()
    assert imported.checks["detail"].str.endswith((".", "?")).all()


def test_credit_notes_are_told_and_no_fault(tmp_path: Path) -> None:
    """A won row of less than nothing is how many systems take a sale back."""
    imported = import_files(tmp_path, deals(*OTHERS, "D1,ana,-5,2026-07-01,2026-08-03,won"))

    assert any(
        "1 won row with a negative amount: credit notes" in detail for detail in found(imported, "outcomes", "pass")
    )
    assert not found(imported, "amounts", "warning")
