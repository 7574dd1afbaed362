"""Words for the stage funnel."""

from __future__ import annotations

import pandas as pd

from salesops_lib.performance_visibility.phrases import least_of
from salesops_lib.wording import Finding, bold, count, number, percent, short


def describe_stage_funnel(rows: pd.DataFrame, *, n_months: int = 12) -> Finding:
    """Say where most deals stop, and that every stage's sum holds."""
    entered = rows[rows["n_entered"] > 0] if len(rows) else rows
    if entered.empty:
        return Finding("No deal entered a stage in these months", "There is nothing to count.", is_headline=False)
    narrow, first = least_of(entered, "advance_rate"), entered.iloc[0]
    title = f"{short(narrow['stage'])} lets the fewest through: {percent(narrow['advance_rate'])} go on"
    text = (
        f"{number(first['n_entered'])} entries into {first['stage']} in {count(n_months, 'month')} = "
        f"{number(first['n_advanced'])} advanced + {number(first['n_lost'])} lost + "
        f"{number(first['n_moved_back'])} moved back + {number(first['n_handed_off'])} handed off + "
        f"{number(first['n_still_there'])} still there; the same sum holds for all {count(len(rows), 'stage')}. "
        f"{bold(narrow['stage'])} lets the fewest through so far: {number(narrow['n_advanced'])} of "
        f"{number(narrow['n_entered'])}, with {number(narrow['n_still_there'])} still there. "
        f"Stages were jumped over {number(rows['n_skipped'].sum())} times and deals went back "
        f"{number(rows['n_moved_back'].sum())} times."
    )
    return Finding(title, text, is_headline=False)
