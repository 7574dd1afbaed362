"""Companies and series for the forecasting tests."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from salesops_lib.periods import FiscalCalendar
from tests.builders import make_crm

CALENDAR = FiscalCalendar()


def won_each_month(amounts, *, first="2023-01", as_of=None, **tables):
    """One win on the 5th of each month, created 20 days before; 0 means none that month."""
    months = [CALENDAR.period(first)]
    while len(months) < len(amounts):
        months.append(CALENDAR.next(months[-1]))
    deals = [
        {
            "rep_id": "ana",
            "status": "won",
            "amount": round(float(amount), 2),
            "closed_on": month.start + timedelta(days=4),
            "created_on": month.start - timedelta(days=16),
        }
        for month, amount in zip(months, amounts, strict=True)
        if amount
    ]
    return make_crm(deals=deals, reps=["ana"], as_of=as_of or months[-1].end, **tables)


def series_of(kind, n, seed):
    """A series that the model family can represent, with its months' own noise."""
    rng = np.random.default_rng(seed)
    place, rhythm = np.arange(n) % 12, np.array([-0.12, -0.04, 0.16])
    seasons = rng.normal(0, 0.08, 12)[place]
    logs = {
        "trend": 13 + 0.01 * np.arange(n) + rhythm[place % 3] + seasons + rng.normal(0, 0.15, n),
        "level": 13 + np.cumsum(rng.normal(0, 0.04, n)) + seasons + rng.normal(0, 0.12, n),
        "noise": 13 + rng.normal(0, 0.2, n),
    }
    return np.exp(logs[kind])


def pipeline_company(*, n_quarters=4, as_of=date(2025, 9, 30)):
    """Past quarters alike: two deals open the evening before it in stage A (one wins) and one in B (it wins).

    Deals in B are worth 4,000, in A 1,000; a deal of 500 is created and won inside the quarter.
    """
    quarter = CALENDAR.previous(CALENDAR.containing(as_of + timedelta(days=1), "quarter"), n_quarters)
    deals, history = [], []

    def add(name, stage, amount, start, end, status):
        deals.append(
            {
                "rep_id": "ana", "opportunity_id": name, "amount": amount, "stage": stage, "status": status,
                "created_on": start, "closed_on": None if status == "open" else end, "expected_close_on": end,
            }
        )  # fmt: skip
        history.append(
            {
                "opportunity_id": name, "changed_at": f"{start}T09:00:00", "stage": stage, "amount": amount,
                "expected_close_on": end, "rep_id": "ana",
            }
        )  # fmt: skip

    for n in range(n_quarters + 1):
        before, inside = quarter.start - timedelta(days=20), quarter.start + timedelta(days=40)
        is_next = n == n_quarters
        ends = ("open", "open", "open") if is_next else ("won", "lost", "won")
        for name, stage, amount, status in zip("abc", "AAB", (1000, 1000, 4000), ends, strict=True):
            add(f"{name}{n}", stage, amount, before, inside, status)
        if not is_next:
            add(f"n{n}", "A", 500, quarter.start + timedelta(days=5), quarter.start + timedelta(days=50), "won")
        quarter = CALENDAR.next(quarter)
    return make_crm(deals=deals, reps=["ana"], as_of=as_of, open_stages=["A", "B"], stage_history=history)
