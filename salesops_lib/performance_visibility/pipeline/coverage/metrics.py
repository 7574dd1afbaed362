"""Pipeline coverage: is there enough open pipeline for the quarters ahead, judged by what it took before?

Tables in: ``opportunities``, ``credits``; goals from ``quotas``, history from ``spans`` where present.
Tables out: one row per quarter. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import attainment, total, within
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.windows import first_day_of_closings
from salesops_lib.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm


@tidy
def pipeline_coverage(crm: Crm, *, n_quarters: int = 8) -> pd.DataFrame:
    """Open pipeline for the quarter to land and the next one, against what such quarters needed before.

    One row for the first quarter that is not over, one for the quarter after it; none where no open deal has an
    expected close date.

    Args:
        crm: Needs ``opportunities`` with expected close dates; coverage needs ``quotas``, its history ``spans``.
        n_quarters: Most quarters of history.

    Returns:
        quarter (str): Label.
        quarter_name (str): Name for readers.
        quota_amount (float): Goal of the quarter; missing where none is set.
        bookings_amount (float): Booked in it so far.
        gap_amount (float): Goal less bookings; negative once beaten.
        n_open (int): Open deals expected to close in the quarter.
        open_amount (float): Their amounts, where stated.
        coverage_ratio (float): Open amount / gap; missing without a goal or once it is beaten.
        needed_ratio (float): Open amount, at the same point of former quarters, for each unit booked from then to the
            quarter's end, deals not yet created included; median over those quarters.
        needed_ratio_low (float): The least that a former quarter had.
        needed_ratio_high (float): The most that a former quarter had.
        needed_amount (float): Gap x needed ratio.
        yield_rate (float, 0-1): Share of the open amount at that point that was won within the quarter, over the former
            quarters together.
        n_quarters (int): Former quarters behind these.
        from_pipeline_rate (float, 0-1): Share of what was booked from that point on that came from deals in that
            pipeline, over the former quarters together.
        n_overdue (int): Open deals whose expected close date has passed; in no quarter ahead.
        overdue_amount (float): Their amounts, where stated.
    """
    first = crm.calendar.containing(crm.as_of + timedelta(days=1), "quarter")
    ahead = [first, crm.calendar.next(first)]
    goals = attainment(crm, ahead, level="company").set_index("period").astype({"gap_amount": float})
    now = _open_by_quarter(crm, ahead)
    rows = []
    for quarter, pipeline in zip(ahead, now, strict=True):
        gap = goals["gap_amount"][quarter.label]
        history = _history(crm, quarter, n_quarters)
        needed = _needed(history)
        rows.append(
            {
                "quarter": quarter.label,
                "quarter_name": crm.calendar.title(quarter),
                "quota_amount": goals.loc[quarter.label, "quota_amount"],
                "bookings_amount": goals.loc[quarter.label, "bookings_amount"],
                "gap_amount": gap,
                **pipeline,
                "coverage_ratio": pipeline["open_amount"] / gap if gap > 0 else float("nan"),
                **needed,
                "needed_amount": gap * needed["needed_ratio"] if gap > 0 else float("nan"),
            }
        )
    overdue = _overdue(crm)
    has_dates = overdue.pop("n_dated") > 0
    return pd.DataFrame(rows).assign(**overdue).head(len(ahead) if has_dates else 0)


def _open_by_quarter(crm: Crm, quarters: list[Period]) -> list[dict[str, float]]:
    rows = crm.opportunities.filter(_.status == "open")
    sums = {}
    for place, quarter in enumerate(quarters):
        here = within(rows.expected_close_on, quarter).fill_null(False)
        sums[f"n_{place}"] = ibis.ifelse(here, 1, 0).sum().fill_null(0).cast("int64")
        sums[f"amount_{place}"] = total(ibis.ifelse(here, rows.amount, 0))
    row = crm.fetch(rows.agg(**sums)).iloc[0]
    return [
        {"n_open": int(row[f"n_{place}"]), "open_amount": float(row[f"amount_{place}"])}
        for place in range(len(quarters))
    ]


def _overdue(crm: Crm) -> dict[str, float]:
    """Open deals with a close date, and those of them whose date has passed."""
    rows = crm.opportunities.filter(_.status == "open", _.expected_close_on.notnull())
    is_over = rows.expected_close_on < ibis.date(str(crm.as_of))
    sums = rows.agg(
        n_dated=_.count(),
        n=ibis.ifelse(is_over, 1, 0).sum().fill_null(0).cast("int64"),
        amount=total(ibis.ifelse(is_over, rows.amount, 0)),
    )
    row = crm.fetch(sums).iloc[0]
    return {
        "n_dated": int(row["n_dated"]), "n_overdue": int(row["n"]), "overdue_amount": float(row["amount"])
    }  # fmt: skip


@dataclass(frozen=True)
class _Point:
    """A former quarter, seen from the day as far from its end as the present day is from the quarter ahead's."""

    quarter: Period
    day: date


def _points(crm: Crm, quarter: Period, n_quarters: int, known_from: date) -> list[_Point]:
    to_go = quarter.end - crm.as_of
    points: list[_Point] = []
    past = crm.calendar.containing(crm.as_of, "quarter")
    while len(points) < n_quarters:
        day = past.end - to_go
        if day < known_from:
            break
        if past.end <= crm.as_of:
            points.append(_Point(past, day))
        past = crm.calendar.previous(past)
    return points


def _history(crm: Crm, quarter: Period, n_quarters: int) -> pd.DataFrame:
    """Former quarters: open amount at the point, what of it was won in the quarter, all that was booked after it."""
    columns = ["quarter", "open_amount", "won_amount", "booked_amount"]
    points = _points(crm, quarter, n_quarters, first_day_of_closings(crm)) if crm.has("spans") else []
    if not points:
        return pd.DataFrame(columns=columns)
    states = _states_with_fate(crm)
    sums: dict[str, ir.Value] = {}
    for place, point in enumerate(points):
        day, end = ibis.date(str(point.day)), ibis.date(str(point.quarter.end))
        was_open = (states.valid_from <= day) & (states.valid_to.isnull() | (states.valid_to > day))
        was_due = (was_open & within(states.expected_close_on, point.quarter)).fill_null(False)
        was_won = (was_due & (states.status == "won") & (states.closed_on <= end)).fill_null(False)
        sums[f"open_{place}"] = total(ibis.ifelse(was_due, states.amount, 0))
        sums[f"won_{place}"] = total(ibis.ifelse(was_won, states.won_amount, 0))
    pipeline = crm.fetch(states.agg(**sums)).iloc[0]
    booked = _booked_after(crm, points)
    rows = [
        (point.quarter.label, float(pipeline[f"open_{place}"]), float(pipeline[f"won_{place}"]), booked[place])
        for place, point in enumerate(points)
    ]
    return pd.DataFrame(rows, columns=columns)


def _states_with_fate(crm: Crm) -> ir.Table:
    """States of open deals, with how and when the deal ended."""
    spans = crm.spans.filter(~_.stage.isin(["won", "lost"]))
    fate = crm.opportunities.select(deal=_.opportunity_id, status=_.status, closed_on=_.closed_on, won_amount=_.amount)
    return spans.inner_join(fate, spans.opportunity_id == fate.deal)


def _booked_after(crm: Crm, points: list[_Point]) -> list[float]:
    """Booked after each point up to its quarter's end."""
    won = crm.opportunities.filter(_.status == "won")
    sums = {
        f"booked_{place}": total(
            ibis.ifelse(
                within(won.closed_on, point.quarter) & (won.closed_on > ibis.date(str(point.day))), won.amount, 0
            )
        )
        for place, point in enumerate(points)
    }
    row = crm.fetch(won.agg(**sums)).iloc[0]
    return [float(row[name]) for name in sums]


def _needed(history: pd.DataFrame) -> dict[str, float]:
    known = history[(history["open_amount"] > 0) & (history["booked_amount"] > 0)].astype(
        {"open_amount": float, "won_amount": float, "booked_amount": float}
    )
    if known.empty:
        names = ("needed_ratio", "needed_ratio_low", "needed_ratio_high", "yield_rate", "from_pipeline_rate")
        return {**dict.fromkeys(names, float("nan")), "n_quarters": 0}
    ratio = known["open_amount"] / known["booked_amount"]
    return {
        "needed_ratio": float(ratio.median()),
        "needed_ratio_low": float(ratio.min()),
        "needed_ratio_high": float(ratio.max()),
        "yield_rate": float(known["won_amount"].sum() / known["open_amount"].sum()),
        "from_pipeline_rate": float(known["won_amount"].sum() / known["booked_amount"].sum()),
        "n_quarters": len(known),
    }
