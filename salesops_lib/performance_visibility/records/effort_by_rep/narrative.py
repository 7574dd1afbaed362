"""Words for effort and result by rep: what goes together, never what made what."""

from __future__ import annotations

import pandas as pd

from salesops_lib.performance_visibility.phrases import NO_EFFORT, first_of
from salesops_lib.wording import Finding, count, interval, number


def describe_effort_by_rep(rows: pd.DataFrame, *, confidence: float) -> Finding:
    """Say whether effort and result go together over the reps; nobody is ranked by activity."""
    first = first_of(rows)
    if first is None:
        return NO_EFFORT
    span = (
        f"{count(len(rows), 'rep')} logged {number(rows['activities_per_week'].min())} to "
        f"{number(rows['activities_per_week'].max())} activities a week in the seat."
    )
    if pd.isna(first["correlation"]):
        text = f"{span} It takes five reps with thirteen weeks in the seat and a result to compare effort with result."
        return Finding("Too few reps to set effort against result", text, is_headline=False)
    ends = number(first["correlation_low"], 2), number(first["correlation_high"], 2)
    result = first["result"]
    link = (
        f"Over the {number(first['n_compared'])} with thirteen weeks in the seat or more, activities per week and "
        f"{result} have a rank correlation of **{number(first['correlation'], 2)}** ({interval(*ends, confidence)})."
    )
    title = f"No link between reps' effort and {result} beyond chance"
    if first["correlation_low"] > 0:
        title = f"Reps who log more activities tend to have more {result}"
    elif first["correlation_high"] < 0:
        title = f"Reps who log more activities tend to have less {result}"
    text = (
        f"{span} {link} Segments, leads and time in the seat differ between reps, so neither a link nor its absence "
        "says what more effort would bring. Nobody is ranked by activity; reps stand by name."
    )
    return Finding(title, text, is_headline=False)
