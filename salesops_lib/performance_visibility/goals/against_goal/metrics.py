"""Bookings against goal: where do week, month, quarter and year stand, and for whom?

Tables in: ``reps``, ``opportunities``, ``credits`` of a ``Crm``; ``quotas`` and teams where present.
Tables out: one tidy frame per function. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.measures import attainment, goals
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.goals.against_goal.counts import amounts_booked, monthly_bookings, squares_in
from salesops_lib.performance_visibility.windows import (
    first_day_of_closings,
    last_months,
    months_to,
    report_month,
    report_week,
    same_days_of,
)
from salesops_lib.periods import Period
from salesops_lib.statistics.sums_and_medians import reach_probability
from salesops_lib.wording import capital

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm


@tidy
def bookings_against_goal(crm: Crm, *, period: Period) -> pd.DataFrame:
    """Bookings of the week, the month, the quarter and the year against their goals.

    One row each for the last whole week of the report month (the running one while none has ended), the
    month, and the quarter and the year that hold it, in this order. A period that runs on is partial.

    Args:
        crm: Needs ``reps`` and ``opportunities``; goals come from ``quotas`` where present.
        period: What is reported.

    Returns:
        kind (str): week, month, quarter or year.
        period (str): Label.
        period_name (str): Name for readers.
        period_start_on (date): First day.
        period_end_on (date): Last day.
        bookings_amount (float): Credited amount won in the period so far.
        n_won (int): Deals won.
        quota_amount (float): Goal of the whole period; missing where none is set.
        goal_basis (str): Stated, or the goals it is the sum of; who lacks one where a sum is none for want of it.
        attainment_rate (float): Bookings / goal.
        gap_amount (float): Goal less bookings; negative once beaten.
        elapsed_rate (float, 0-1): Selling days passed / selling days of the period.
        pace_rate (float): Attainment / share of selling days passed; above 100% is ahead.
        selling_days_left (int): Selling days left in the period.
        run_rate_amount (float): Bookings per selling day so far.
        run_rate_needed_amount (float): Bookings per selling day left that would still reach the goal.
        reach_rate (float, 0-1): Probability of reaching the goal at the pace so far; missing once the period is over.
        year_before_amount (float): Bookings of the same period a year before, up to the same day of it; missing
            where the data does not reach back.
        is_partial (bool): The period had not ended on the day the data speaks of.

    Source:
        Probability: see ``sums_and_medians.reach_probability``; it knows no rhythm within the period.
    """
    month = report_month(crm.calendar, period, crm.as_of)
    day = min(crm.as_of, month.end)
    longer = [crm.calendar.containing(day, "quarter"), crm.calendar.containing(day, "year")]
    periods = [report_week(crm.calendar, month, crm.as_of), month, *longer]
    rows = attainment(crm, periods, level="company")
    past = [same_days_of(crm.calendar.year_before(each), each, crm.as_of) for each in periods]
    days_passed = pd.Series([crm.calendar.selling_days(each.start, min(each.end, crm.as_of)) for each in periods])
    return rows.assign(
        kind=[each.kind for each in periods],
        period_name=[capital(crm.calendar.title(each)) for each in periods],
        run_rate_amount=rows["bookings_amount"] / days_passed.where(days_passed > 0),
        reach_rate=reach_probability(
            rows["bookings_amount"], squares_in(crm, periods), rows["n_won"], rows["quota_amount"], rows["elapsed_rate"]
        ),
        year_before_amount=amounts_booked(crm, past),
    )


@tidy
def bookings_by_month(crm: Crm, *, period: Period, n_months: int = 12) -> pd.DataFrame:
    """Bookings of the last months against goal and against the same month a year before.

    One row per fiscal month, oldest first, ending with the report month.

    Args:
        crm: Needs ``reps`` and ``opportunities``; goals come from ``quotas`` where present.
        period: What is reported.
        n_months: Months shown.

    Returns:
        month (str): Label.
        month_start_on (date): First day.
        bookings_amount (float): Credited amount won; missing for months before the data begins.
        n_won (int): Deals won; missing likewise.
        quota_amount (float): Goal of the whole month; missing where none is set.
        attainment_rate (float): Bookings / goal.
        year_before_amount (float): Bookings of the same month a year before, up to the same day while the month runs.
        change_rate (float): Bookings against the year before, as a relative change.
        is_partial (bool): The month had not ended on the day the data speaks of.
    """
    month = report_month(crm.calendar, period, crm.as_of)
    months = months_to(crm.calendar, month, n_months)
    booked = monthly_bookings(crm, last_months(crm.calendar, month, n_months)).set_index("month")
    known_from = first_day_of_closings(crm)
    rows = pd.DataFrame({"month": [each.label for each in months]})
    known = pd.Series([each.start >= known_from for each in months])
    wanted = goals(crm, months, level="company").set_index("period")["quota_amount"]
    rows = rows.assign(
        month_start_on=pd.to_datetime([each.start for each in months]),
        bookings_amount=rows["month"].map(booked["bookings_amount"]).fillna(0.0).where(known).astype(float),
        n_won=rows["month"].map(booked["n_won"]).fillna(0).where(known).astype("Int64"),
        quota_amount=rows["month"].map(wanted).astype(float),
    )
    past = [same_days_of(crm.calendar.year_before(each), each, crm.as_of) for each in months]
    year_before = pd.Series(amounts_booked(crm, past), dtype=float)
    return rows.assign(
        attainment_rate=rows["bookings_amount"] / rows["quota_amount"].where(rows["quota_amount"] > 0),
        year_before_amount=year_before,
        change_rate=rows["bookings_amount"] / year_before.where(year_before > 0) - 1,
        is_partial=np.array([each.end > crm.as_of for each in months]),
    )
