"""Words for the ramp of new reps: how long it takes, and how sure that is."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesops_lib.rep_comparison.phrases import span
from salesops_lib.wording import Finding, count, days, joined, number, percent

TOLD_MONTHS = (3, 6, 12)
"""Months of tenure that the words tell of, where joiners have come so far."""


def describe_ramp_curve(curve: pd.DataFrame, *, confidence: float) -> Finding:
    """Say how long a new rep takes to full productivity, how sure that is, and whether leavers differ."""
    if curve.empty:
        return Finding(
            "No rep is recorded as having started in the window", "There is no ramp to look at.", is_headline=False
        )
    first: Any = curve.iloc[0]
    known = pd.notna(first.full_at_months)
    title = (
        f"A new rep takes about {number(first.full_at_months)} months to full productivity "
        f"({percent(confidence)} interval {_ends(first, curve)})"
        if known
        else f"How long a new rep takes to full productivity cannot be said yet ({count(first.n_joiners, 'joiner')})"
    )
    parts = [_booked(curve, first, confidence), _reached(curve, first) if known else _not_reached(curve, first)]
    parts += [_opened(first, curve, confidence), _those_who_left(first)]
    parts.append("Why some take longer is not looked at here.")
    return Finding(title, " ".join(filter(None, parts)), is_headline=bool(known))


def _ends(first: Any, curve: pd.DataFrame, name: str = "full_at_months", digits: int = 0) -> str:
    """An interval of months, open at the top where the tenures seen do not bound it."""
    low, high = getattr(first, f"{name}_low"), getattr(first, f"{name}_high")
    top = number(high, digits) if pd.notna(high) else f"more than {number(curve['tenure_months'].max(), 0)}"
    return f"{number(low, digits)} to {top}"


def _booked(curve: pd.DataFrame, first: Any, confidence: float) -> str:
    rows = curve[curve["tenure_months"].isin(TOLD_MONTHS)].dropna(subset="productivity_rate")
    told: list[Any] = list(rows.itertuples())
    start = (
        f"{count(first.n_joiners, 'rep')} started {span(curve)}. Per day in the seat they are held against "
        f"{count(first.n_settled, 'settled rep')} (two years or more) of the same segment in the same months"
    )
    if not told:
        return f"{start}."
    said = [
        f"**{percent(row.productivity_rate)}** in month {row.tenure_months + 1} "
        f"({percent(row.productivity_rate_low)} to {percent(row.productivity_rate_high)}, {count(row.n_reps, 'rep')})"
        for row in told
    ]
    return f"{start}: the average hire booked {joined(said)}; intervals of {percent(confidence)}."


def _reached(curve: pd.DataFrame, first: Any) -> str:
    return (
        f"The curve through all months levels off at {percent(first.plateau_rate)} of a settled rep and reaches 90% of "
        f"that after **{number(first.full_at_months, 1)} months** ({_ends(first, curve, digits=1)})."
    )


def _not_reached(curve: pd.DataFrame, first: Any) -> str:
    from_many = f"after {count(curve['tenure_months'].max() + 1, 'month')} the curve has not levelled off"
    return f"No time is given: {'fewer than 6 reps joined' if first.n_joiners < 6 else from_many}."


def _opened(first: Any, curve: pd.DataFrame, confidence: float) -> str:
    if pd.isna(first.opened_full_at_months):
        return ""
    after = (
        f", and a deal usually takes {days(first.usual_cycle_days)} from there to being won"
        if pd.notna(first.usual_cycle_days)
        else ""
    )
    sooner = " already" if first.opened_full_at_months < first.full_at_months else ""
    months = number(first.opened_full_at_months, 1)
    return (
        f"The number of deals opened is at 90% of its own level{sooner} after {months} months "
        f"({percent(confidence)} interval {_ends(first, curve, 'opened_full_at_months', 1)}){after}."
    )


def _those_who_left(first: Any) -> str:
    """Whether the leavers' months differ, and what the curve takes for granted about them."""
    if not first.n_left:
        return "None of them has left."
    left = f"{first.n_left:,} of them left; the months until then count"
    if pd.isna(first.leavers_p_value):
        return f"{left}; too few to say whether they differ from those who stayed."
    rates = (
        f"the same months of tenure those who left booked {number(first.leavers_rate, 2)} times what all "
        f"joiners did, those who stayed {number(first.stayers_rate, 2)} times"
    )
    differs = first.leavers_p_value < 0.05
    verdict = "more than luck would explain" if differs else "no more apart than luck would set them"
    rosy = "; a mean over those who stayed would be too rosy" if differs and first.leavers_rate < 1 else ""
    p_value = "< 0.001" if first.leavers_p_value < 0.001 else f"= {number(first.leavers_p_value, 2)}"
    return f"{left}. In {rates}: {verdict} (p {p_value}){rosy}. How they would have gone on is not known."
