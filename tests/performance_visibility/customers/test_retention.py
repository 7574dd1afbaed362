"""Retention: the parts add up, new customers never count, and published figures come out."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from salesops_lib import theme
from salesops_lib.errors import TableError
from salesops_lib.performance_visibility.customers.retention.metrics import (
    retention_by_quarter,
    retention_by_segment,
    with_retention,
)
from salesops_lib.performance_visibility.customers.retention.narrative import (
    describe_retention_by_quarter,
    describe_retention_by_segment,
)
from salesops_lib.performance_visibility.customers.retention.plots import (
    plot_retention_by_quarter,
    plot_retention_by_segment,
)
from tests.builders import CALENDAR, make_crm

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)


def change(account, day, amount, kind):
    """One change of a customer's recurring revenue."""
    return {"account_id": account, "changed_on": day, "change_amount": amount, "kind": kind}


def last_quarter(changes, **company):
    """The year to the end of September 2026."""
    rows = retention_by_quarter(
        make_crm(reps=["ana"], subscriptions=changes, as_of=END, **company), period=SEPTEMBER, confidence=0.95
    )
    return rows.iloc[-1]


def test_gross_and_net_are_those_of_the_definition():
    """5,000,000 with 18 % added, 4 % given up and 9 % lost: net 105 %, gross 87 % (91 % would leave contraction out)."""
    changes = [
        change("a", "2025-01-01", 4_550_000, "start"), change("b", "2025-01-01", 450_000, "start"),
        change("a", "2026-02-01", 900_000, "expansion"), change("a", "2026-03-01", -200_000, "contraction"),
        change("b", "2026-04-01", -450_000, "churn"),
    ]  # fmt: skip

    row = last_quarter(changes)

    assert row["net_retention_rate"] == pytest.approx(1.05)
    assert row["gross_retention_rate"] == pytest.approx(0.87)
    assert (row["n_customers"], row["n_churned"], row["logo_churn_rate"]) == (2, 1, 0.5)


def test_new_customers_are_no_retention():
    """Started within the year: neither in the base nor in what is left of it."""
    row = last_quarter([change("a", "2025-01-01", 100, "start"), change("new", "2026-01-01", 900, "start")])

    assert (row["n_customers"], row["net_retention_rate"]) == (1, 1.0)


def test_one_who_leaves_and_comes_back_has_not_left():
    """The revenue counts as lost and as added; the customer is still one."""
    changes = [
        change("a", "2025-01-01", 100, "start"), change("a", "2026-01-01", -100, "churn"),
        change("a", "2026-06-01", 80, "start"),
    ]  # fmt: skip

    row = last_quarter(changes)

    assert (row["churn_amount"], row["expansion_amount"], row["end_amount"], row["n_churned"]) == (100, 80, 80, 0)
    assert (row["gross_retention_rate"], row["net_retention_rate"]) == (0, 0.8)


def test_a_customer_loses_no_more_than_it_started_with():
    """100, grown to 300 and gone: gross 0 for it and half for two alike; never below 0."""
    changes = [
        change("a", "2025-01-01", 100, "start"), change("a", "2025-12-01", 200, "expansion"),
        change("a", "2026-04-01", -300, "churn"), change("b", "2025-01-01", 100, "start"),
    ]  # fmt: skip

    row = last_quarter(changes)

    assert (row["gross_retention_rate"], row["net_retention_rate"]) == (0.5, 0.5)
    assert row["churn_amount"] == 300


def test_what_happens_after_the_evening_is_not_known():
    """A churn in October is no churn in September."""
    changes = [change("a", "2025-01-01", 100, "start"), change("a", "2026-10-01", -100, "churn")]
    crm = make_crm(reps=["ana"], subscriptions=changes, as_of=date(2026, 10, 2))

    rows = retention_by_quarter(crm.at(END), period=SEPTEMBER, confidence=0.95)

    assert rows.iloc[-1]["n_churned"] == 0


@settings(max_examples=8, deadline=None)
@for_any(
    customers=st.lists(
        st.tuples(
            st.dates(date(2025, 1, 1), date(2025, 9, 1)),
            st.integers(1, 10**6),
            st.lists(st.tuples(st.dates(date(2025, 9, 2), END), st.integers(-(10**5), 10**5).filter(bool)), max_size=3),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_the_parts_add_up_and_segments_add_up_to_all(customers):
    """Start less contraction and churn plus expansion is the end, in every row, whatever customers do."""
    changes, accounts = [], []
    for number, (start, amount, later) in enumerate(customers):
        key = f"a{number}"
        accounts.append({"account_id": key, "segment": "SB"[number % 2]})
        changes.append(change(key, str(start), amount, "start"))
        changes += [
            change(key, str(day), cents / 100, "expansion" if cents > 0 else "contraction")
            for day, cents in dict(later).items()
        ]
    crm = make_crm(reps=["ana"], subscriptions=changes, accounts=accounts, as_of=END)

    rows = retention_by_segment(crm, period=SEPTEMBER, confidence=0.95)

    total = rows["start_amount"] - rows["contraction_amount"] - rows["churn_amount"] + rows["expansion_amount"]
    assert (total - rows["end_amount"]).abs().max() < 0.005
    assert rows["start_amount"].iloc[1:].sum() == pytest.approx(rows["start_amount"].iloc[0])
    assert rows["n_customers"].iloc[1:].sum() == rows["n_customers"].iloc[0]


def test_a_sum_that_does_not_hold_stops_the_report():
    """A kind that nobody knows would otherwise vanish."""
    crm = make_crm(reps=["ana"], subscriptions=[change("a", "2025-01-01", 100, "start")], as_of=END)
    rows = retention_by_segment(crm, period=SEPTEMBER, confidence=0.95).assign(
        kept_amount=1.0,
        start_squares=1.0,
        kept_squares=1.0,
        kept_by_start=1.0,
        end_squares=1.0,
        end_by_start=1.0,
        end_amount=7.0,
    )

    with pytest.raises(TableError, match="does not add up"):
        with_retention(rows[[name for name in rows if not name.endswith(("_low", "_high", "_rate"))]], 0.95)


def test_words_say_the_sum_and_act_below_the_line(given, parameters):
    """Every number is the row's; without a threshold nothing is judged."""
    changes = [change("a", "2025-01-01", 1000, "start"), change("a", "2026-03-01", -100, "contraction")]
    rows = retention_by_quarter(
        make_crm(reps=["ana"], subscriptions=changes, as_of=END), period=SEPTEMBER, confidence=0.95
    )

    found = describe_retention_by_quarter(rows, **given)

    assert found.title == "Net retention is 90%, gross 90%"
    assert "Of $1,000 recurring revenue from 1 customer a year ago, $100 was given up and $0 left" in found.text
    assert (found.status, found.action) == ("note", None)


def test_words_without_customers(given):
    """A company younger than a year."""
    crm = make_crm(reps=["ana"], subscriptions=[change("a", "2026-09-01", 5, "start")], as_of=END)
    rows = retention_by_quarter(crm, period=SEPTEMBER, confidence=0.95)

    assert describe_retention_by_quarter(rows, **given).title == "Retention cannot be told yet"
    assert (
        describe_retention_by_segment(retention_by_segment(crm, period=SEPTEMBER, confidence=0.95)).is_headline is False
    )


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_charts_draw_the_demo_company(width, demo_crm):
    """Lines with intervals; one dot a segment."""
    quarters = retention_by_quarter(demo_crm, period=SEPTEMBER, confidence=0.95)
    segments = retention_by_segment(demo_crm, period=SEPTEMBER, confidence=0.95)

    with theme.chart_style(width):
        assert len(plot_retention_by_quarter(quarters).get_lines()) == 3
        assert len(plot_retention_by_segment(segments).get_yticks()) == len(segments)


def test_the_demo_company_s_year_agrees_with_pandas(demo_crm):
    """Counted by hand from the changes."""
    changes = demo_crm.fetch(demo_crm.subscriptions)
    changes = changes.assign(amount=changes["change_amount"].astype(float))
    then = changes[changes["changed_on"] <= pd.Timestamp(2025, 9, 30)].groupby("account_id")["amount"].sum()
    then = then[then > 0.004]
    now = changes.groupby("account_id")["amount"].sum().reindex(then.index)

    row = retention_by_quarter(demo_crm, period=SEPTEMBER, confidence=0.95).iloc[-1]

    assert row["start_amount"] == pytest.approx(then.sum())
    assert row["net_retention_rate"] == pytest.approx(now.sum() / then.sum())
    assert row["n_churned"] == (now < 0.005).sum()


def test_five_customers_who_all_stayed_leave_room_for_chance():
    """As the exact number of them does: 57 % at least, not 100 to 100."""
    start = {"changed_on": "2025-01-01", "change_amount": 100, "kind": "start"}
    crm = make_crm(reps=["a"], subscriptions=[{"account_id": each, **start} for each in "abcde"], as_of=END)

    row = retention_by_quarter(crm, period=SEPTEMBER, confidence=0.95).iloc[-1]

    assert (row["gross_retention_rate_low"], row["gross_retention_rate_high"]) == (pytest.approx(0.566, abs=1e-3), 1)
    assert (row["net_retention_rate_low"], row["net_retention_rate_high"]) == pytest.approx((0.566, 1.434), abs=1e-3)


@pytest.mark.parametrize(("n", "p"), [(5, 0.7), (5, 0.95), (25, 0.85), (60, 0.95), (200, 0.95)])
def test_intervals_of_retention_hold_what_they_promise(n, p):
    """Customers of unequal size, 400 companies: the true share is inside at least 91 of 100 times."""
    rng = np.random.default_rng(7)
    start = np.exp(rng.normal(0, 0.8, (400, n)))
    kept = start * (rng.random((400, n)) < p)
    sums = pd.DataFrame(
        {
            "n_customers": n, "n_churned": (kept == 0).sum(axis=1), "start_amount": start.sum(axis=1),
            "contraction_amount": 0.0, "churn_amount": (start - kept).sum(axis=1), "expansion_amount": 0.0,
            "end_amount": kept.sum(axis=1), "kept_amount": kept.sum(axis=1), "start_squares": (start**2).sum(axis=1),
            "kept_squares": (kept**2).sum(axis=1), "kept_by_start": (kept * start).sum(axis=1),
            "end_squares": (kept**2).sum(axis=1), "end_by_start": (kept * start).sum(axis=1),
        }
    )  # fmt: skip

    rows = with_retention(sums, 0.95)

    for name in ("gross", "net"):
        inside = rows[f"{name}_retention_rate_low"].le(p) & rows[f"{name}_retention_rate_high"].ge(p)
        assert inside.mean() >= 0.91
