"""Words for the stages that hold deals longer, or shorter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row, least_of, most_of, rows_of
from salesops_lib.wording import Finding, bold, count, days, interval, listing, number, percent, short

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties


def describe_stage_time(
    rows: pd.DataFrame, *, duties: Duties, n_months: int = 3,
    baseline_months: int = 12, confidence: float,
) -> Finding:  # fmt: skip
    """Say which stage holds deals longer than before, and how much waiting that adds."""
    judged = rows.dropna(subset="p_value") if len(rows) else rows
    if judged.empty:
        return Finding("Too few stays to compare their length", "Now or before, nothing ended.", is_headline=False)
    before = f"the {count(baseline_months, 'month')} before"
    slower = judged[judged["is_slower"].astype(bool)]
    if slower.empty:
        return Finding(
            f"No stage takes longer than in {before} ({number(len(judged))} compared)",
            f"At the pace of the last {count(n_months, 'month')}, stays in every stage end as fast as in {before} or "
            f"faster, within chance.{_least_pace(judged, confidence)}{_medians(judged)}{_faster(judged)}",
            "good",
            is_headline=False,
        )
    worst = most_of(slower, "extra_days")
    text = (
        f"At the pace of the last {count(n_months, 'month')}, {_median(worst, before, confidence)}. "
        f"{_pace(worst, confidence)}.{_waiting(worst)} Counted are {count(worst['n_left'], 'stay')} that ended and "
        f"{number(worst['n_still_there'])} that go on, which last at least until now.{_also_slower(slower, worst)}"
    )
    action = duties.action(
        f"Go through the deals that have been in {worst['stage']} longest and agree what moves each one on.",
        kpi="cycle_days",
        within=7,
        rule=f"Stays in a stage end more slowly than in {before}, beyond chance over all stages.",
    )
    return Finding(_slow_title(worst), text, "watch", action, is_headline=False)


def _slow_title(row: Row) -> str:
    if pd.notna(row["change_days"]) and row["change_days"] >= 1:
        return f"{short(row['stage'])} takes {days(row['stay_days'])}, {number(row['change_days'])} more than before"
    return f"Deals leave {short(row['stage'])} at {number(row['pace_ratio'], 2)} times the former pace"


def _median(row: Row, before: str, confidence: float) -> str:
    """The medians now and before, as far as they are known."""
    stage = bold(row["stage"])
    past = "" if pd.isna(row["before_days"]) else f", against {days(row['before_days'])} in {before}"
    if pd.isna(row["stay_days"]):
        return f"fewer than half of the stays in {stage} would end within the time that can be seen{past}"
    ends = "" if pd.isna(row["stay_days_low"]) else f" (from {number(row['stay_days_low'])} on)"
    if ends and pd.notna(row["stay_days_high"]):
        ends = f" ({interval(number(row['stay_days_low']), number(row['stay_days_high']), confidence)})"
    return f"half of the stays in {stage} last up to **{days(row['stay_days'])}**{ends}{past}"


def _pace(row: Row, confidence: float) -> str:
    ends = interval(number(row["pace_ratio_low"], 2), number(row["pace_ratio_high"], 2), confidence)
    return f"Over all ages, deals leave at {number(row['pace_ratio'], 2)} times the former pace ({ends}): beyond chance"


def _waiting(row: Row) -> str:
    if pd.isna(row["extra_days"]) or row["extra_days"] < 1:
        return ""
    return (
        f" The {number(row['n_entered_per_month'])} deals that enter it in a month then wait about "
        f"{number(row['extra_days'])} days longer in all."
    )


def _least_pace(judged: pd.DataFrame, confidence: float) -> str:
    """What the data does not rule out: the slowest pace inside an interval."""
    known = judged.dropna(subset="pace_ratio_low")
    if known.empty:
        return ""
    slowest = least_of(known, "pace_ratio_low")
    return (
        f" The slowest pace that the {percent(confidence)} intervals leave open is "
        f"{number(slowest['pace_ratio_low'], 2)} times the former one, in {slowest['stage']}."
    )


def _medians(judged: pd.DataFrame) -> str:
    each = [f"{days(row.stay_days)} in {row.stage}" for row in rows_of(judged.dropna(subset="stay_days"))]
    return f" Half of the stays last up to {listing(each, most=4)}." if each else ""


def _also_slower(slower: pd.DataFrame, worst: Row) -> str:
    others = [row.stage for row in rows_of(slower) if row.stage != worst["stage"]]
    return f" Slower as well: {listing(others)}." if others else ""


def _faster(judged: pd.DataFrame) -> str:
    faster = judged[judged["is_changed"].astype(bool) & ~judged["is_slower"].astype(bool)]
    return f" Faster than before: {listing(list(faster['stage']))}." if len(faster) else ""
