"""Seats, use and cost: what is counted, over which days, and what is missing."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from salesops_lib.errors import MissingTableError
from salesops_lib.tool_evaluation import cards, cost_by_tool, utilisation_by_tool
from salesops_lib.tool_evaluation.costs.sums import spread, year_to
from tests.builders import make_crm
from tests.tool_evaluation.companies import EVENING, company, judged_by, licence, seats, use

DEFAULTS = judged_by()


def shares(names, **tables):
    """Utilisation by tool."""
    return utilisation_by_tool(company(names, **tables), parameters=DEFAULTS, confidence=0.95).set_index("tool_id")


def test_provisioned_assigned_and_active_are_three_numbers():
    """Six seats, four held, two used; one who uses it without a seat is nobody's seat."""
    row = shares(
        ["A"], reps=5, tool_seats=seats("A", ["r0", "r1", "r2", "r3"], spare=2), tool_usage=use("A", ["r0", "r1", "r4"])
    ).loc["A"]

    assert row[["n_provisioned", "n_assigned", "n_active"]].tolist() == [6, 4, 2]
    assert row["utilisation_rate"] == 0.5
    ends = proportion_confint(2, 4, method="wilson")
    assert (row["utilisation_rate_low"], row["utilisation_rate_high"]) == pytest.approx(ends)


def test_a_week_counts_by_its_first_day():
    """Of weeks that start 29, 30 and 90 days before the evening, the first counts for 30 days, two for 90."""
    weeks = {"r0": "2026-09-01", "r1": "2026-08-31", "r2": "2026-07-02"}
    rows = [row for rep, week in weeks.items() for row in use("A", [rep], week)]

    row = shares(["A"], tool_seats=seats("A", weeks), tool_usage=rows).loc["A"]

    assert (row["n_active"], row["n_active_90"]) == (1, 2)


def test_a_week_without_actions_is_no_use():
    """A row that says 0 actions counts as little as no row."""
    rows = [*use("A", ["r0"]), *use("A", ["r1"], n_actions=0)]

    assert shares(["A"], tool_seats=seats("A", ["r0", "r1"]), tool_usage=rows).loc["A", "n_active"] == 1


def test_the_window_is_what_the_company_says():
    """With 60 days a week of early August counts."""
    crm = company(["A"], tool_seats=seats("A", ["r0"]), tool_usage=use("A", ["r0"], "2026-08-03"))

    for days, active in ((30, 0), (60, 1)):
        assert (
            utilisation_by_tool(crm, parameters=judged_by(active_within_days=days), confidence=0.95).loc[0, "n_active"]
            == active
        )


def test_a_tool_whose_use_was_never_recorded_has_no_utilisation():
    """Nobody counts it and nobody uses it look alike in the data: the share is missing."""
    rows = shares(["A", "B"], tool_seats=[*seats("A", ["r0"]), *seats("B", ["r0"])], tool_usage=use("A", ["r0"]))

    assert rows.loc["A", "utilisation_rate"] == 1
    assert pd.isna(rows.loc["B", "n_active"])
    assert rows.loc["B", ["utilisation_rate", "utilisation_rate_low", "utilisation_90_rate"]].isna().all()


def test_seats_of_people_who_left_are_assigned_and_counted_apart():
    """Two of three seats in use, the third is a leaver's: 67 %, or all of those still here."""
    here = [{"rep_id": rep, "name": rep} for rep in ("r0", "r1")]
    reps = [*here, {"rep_id": "r2", "name": "r2", "ended_on": "2026-05-01"}]
    used = use("A", ["r0", "r1"])

    row = shares(["A"], reps=reps, tool_seats=seats("A", ["r0", "r1", "r2"]), tool_usage=used).loc["A"]

    assert (row["n_assigned"], row["n_held_by_leavers"], row["n_active_here"]) == (3, 1, 2)
    assert row["utilisation_here_rate"] == 1


def test_a_seat_given_back_before_the_evening_is_no_seat():
    """Its last day counts, the day after does not; a person's second seat is paid for and not used."""
    rows = [
        *seats("A", ["r0", "r0"]),
        {"seat_id": "x", "tool_id": "A", "rep_id": "r1", "from_on": "2025-01-01", "to_on": "2026-09-29"},
        {"seat_id": "y", "tool_id": "A", "rep_id": "r2", "from_on": "2025-01-01", "to_on": "2026-09-30"},
    ]

    row = shares(["A"], tool_seats=rows, tool_usage=use("A", ["r0", "r1", "r2"])).loc["A"]

    assert row[["n_provisioned", "n_assigned", "n_active"]].tolist() == [3, 3, 2]


def test_what_came_later_is_not_known_on_an_earlier_evening():
    """At the end of June neither the tool of August nor the use of September existed."""
    crm = company(
        ["A", "B"], tools={"B": {"rolled_out_on": "2026-08-01"}},
        tool_seats=[*seats("A", ["r0"]), *seats("B", ["r0"])],
        tool_usage=[*use("A", ["r0"]), *use("A", ["r0"], "2026-01-05"), *use("B", ["r0"])],
        tool_costs=[licence("A", 1200)],
    ).at(date(2026, 6, 30))  # fmt: skip

    rows = utilisation_by_tool(crm, parameters=DEFAULTS, confidence=0.95)

    assert rows["tool_id"].tolist() == ["A"]
    assert rows.loc[0, "n_active"] == 0
    assert cost_by_tool(crm, parameters=DEFAULTS).loc[0, "cost_amount"] == pytest.approx(1200 * 181 / 365)


def test_costs_are_spread_over_the_days_they_cover():
    """273 of 365 days of this year's licence, the rest of last year's, and nothing of a roll-out long ago."""
    items = [
        licence("A", 3650), licence("A", 1825, "2025-01-01", "2025-12-31"),
        licence("A", 9000, "2024-01-01", "2024-02-29", kind="training"),
    ]  # fmt: skip

    row = cost_by_tool(company(["A"], tool_costs=items), parameters=DEFAULTS).loc[0]

    assert row["licence_amount"] == pytest.approx(2730 + 92 * 5)
    assert row["training_amount"] == 0
    assert row["cost_amount"] == pytest.approx(3190)
    assert row["yearly_licence_amount"] == pytest.approx(3650)


def test_a_bill_for_a_few_days_is_not_blown_up_to_a_year():
    """A contract of three years is one year of it; a first bill for two weeks is itself."""
    items = [licence("A", 3000, "2024-01-01", "2026-12-31"), licence("B", 500, "2026-09-20", "2026-10-03")]

    rows = cost_by_tool(company(["A", "B"], tool_costs=items), parameters=DEFAULTS).set_index("tool_id")

    assert rows.loc["A", "yearly_licence_amount"] == pytest.approx(3000 * 365 / 1096)
    assert rows.loc["B", "yearly_licence_amount"] == pytest.approx(500)


@given(start=st.dates(date(2024, 1, 1), date(2026, 12, 1)), length=st.integers(0, 900), cut=st.integers(1, 3000))
@settings(max_examples=50, deadline=None)
def test_no_money_is_lost_between_two_stretches_of_days(start, length, cut):
    """An item's parts before and after any day add up to the item."""
    item = pd.DataFrame(
        {
            "from_on": [pd.Timestamp(start)],
            "to_on": [pd.Timestamp(start) + pd.Timedelta(days=length)],
            "amount": [900.0],
        }
    )
    day = date.fromordinal(date(2020, 1, 1).toordinal() + cut)
    after = date.fromordinal(day.toordinal() + 1)

    parts = [spread(item, date(2000, 1, 1), day)["part"].sum(), spread(item, after, date(2040, 1, 1))["part"].sum()]

    assert sum(parts) == pytest.approx(900)


def test_twelve_months_end_on_the_evening():
    """From the day after a year ago, also from a leap day."""
    assert year_to(EVENING) == date(2025, 10, 1)
    assert year_to(date(2024, 2, 29)) == date(2023, 3, 1)


def test_cost_per_seat_in_use_is_missing_where_nobody_uses_it():
    """Used: the cost over two seats. Unused: missing, and the whole licence is idle. Without costs: missing."""
    crm = company(
        ["A", "B", "C"], tool_costs=[licence("A", 400), licence("B", 400)],
        tool_seats=[*seats("A", ["r0", "r1"], spare=2), *seats("B", ["r0"])],
        tool_usage=[*use("A", ["r0", "r1"]), *use("B", ["r0"], "2026-01-05")],
    )  # fmt: skip

    rows = cost_by_tool(crm, parameters=DEFAULTS).set_index("tool_id")

    assert rows.loc["A", "cost_per_active_amount"] == rows.loc["A", "cost_amount"] / 2
    assert rows.loc["A", "idle_licence_amount"] == pytest.approx(200)
    assert pd.isna(rows.loc["B", "cost_per_active_amount"])
    assert rows.loc["B", "idle_licence_amount"] == pytest.approx(400)
    assert pd.isna(rows.loc["C", "cost_amount"])


def test_absent_tables_are_named_and_cards_are_left_out():
    """Without tools nothing can be shown; with tools alone the cards are those of the contracts."""
    bare = make_crm(reps=["ana"])

    with pytest.raises(MissingTableError, match="tools"):
        utilisation_by_tool(bare, parameters=DEFAULTS, confidence=0.95)
    assert cards(bare, parameters=DEFAULTS, confidence=0.95).empty
    assert cards(company(["A"]), parameters=DEFAULTS, confidence=0.95)["key"].tolist() == [
        "to_change",
        "notices_due",
    ]
