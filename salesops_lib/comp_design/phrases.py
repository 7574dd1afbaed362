"""Phrases that several findings about pay share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib.wording import Finding, money, percent

if TYPE_CHECKING:
    import pandas as pd

    from salesops_lib.parameters import Duties

LONGEST_TITLE = 30
"""Characters of a plan's title that fit a finding's title."""


def each_row(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """The rows, one after another, by column."""
    return frame.to_dict("records")


def has_plan(duties: Duties) -> bool:
    """Whether a plan is in force in the quarter of the report's day."""
    return duties.parameters.plan_for(duties.calendar.containing(duties.as_of, "quarter").label) is not None


def no_plan() -> Finding:
    """There is no plan to speak of."""
    return Finding(
        "No compensation plan is in force",
        "Name one with `plan:` in the quarter's file or in company.yaml; the plan itself stands in plans/.",
        is_headline=False,
    )


def no_other_plan() -> Finding:
    """There is nothing to compare the plan in force with."""
    return Finding(
        "There is no other plan to compare with",
        "Write one into plans/ beside the plan in force; the same deals are then priced under both.",
        is_headline=False,
    )


def nobody_paid() -> Finding:
    """There is a quarter, but nobody whom a plan pays."""
    return Finding(
        "Nobody has pay to show",
        "Either no plan is in force for the quarter or no rep has a quota and a role that it pays.",
        is_headline=False,
    )


def to_date(rows: pd.DataFrame) -> str:
    """``Q3 2026``, or ``Q3 2026 so far`` while it runs."""
    name = str(rows["period_name"].iloc[-1])
    return f"{name} so far" if bool(rows["is_partial"].iloc[-1]) else name


def if_partial(rows: pd.DataFrame) -> str:
    """What to bear in mind while the quarter runs."""
    if not bool(rows["is_partial"].iloc[-1]):
        return ""
    return " The quarter is not over: this is pay accrued on bookings to date against the quota of the whole quarter."


def accrued(rows: pd.DataFrame) -> str:
    """The same in three words, where it has been said."""
    return " Accrued to date." if bool(rows["is_partial"].iloc[-1]) else ""


def early(rows: pd.DataFrame) -> str:
    """What a comparison of plans in a running quarter cannot show."""
    if not bool(rows["is_partial"].iloc[-1]):
        return ""
    return (
        " The quarter is not over, and as long as attainment is low a plan that pays more at the bottom looks dearer."
    )


def rate(value: float) -> str:
    """A rate with a digit only where it has one: ``50%``, ``87.5%``."""
    return percent(value, 0 if abs(value * 100 - round(value * 100)) < 0.05 else 1)


def per_hundred(value: float) -> str:
    """Pay for each 100 of bookings: ``$18.21``."""
    return money(value * 100, exact=True)


def pay_at(curve: pd.DataFrame, attainment: float) -> float:
    """Pay at an attainment, as a share of target pay, read off the stretches of one plan's curve."""
    row = curve[curve["from_rate"] <= attainment].iloc[-1]
    return float(row["pay_from_rate"] + row["multiplier"] * (attainment - row["from_rate"]))
