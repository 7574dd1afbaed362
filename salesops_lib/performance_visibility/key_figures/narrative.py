"""Words for the key figures: what is off, and whose turn it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row
from salesops_lib.performance_visibility.vocabulary import BEHIND, NO_TARGET, NOT_MEASURED, OFF, ON_TARGET
from salesops_lib.reporting.tables.formats import written
from salesops_lib.wording import Finding, Status, bold, count, is_are, listing, number

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties

MOST_NAMED = 3


def describe_kpi_status(rows: pd.DataFrame, *, duties: Duties) -> Finding:
    """Name the figures that are off, worst first, with what they are and should be; each owner gets an action."""
    measured = rows[rows["status"] != NOT_MEASURED]
    if measured.empty:
        return Finding("No key figure can be measured", "The data holds no closed deal yet.", is_headline=False)
    off = rows[rows["status"] == OFF]
    judged = rows[rows["status"].isin([OFF, BEHIND, ON_TARGET])]
    rest = _rest(rows)
    if off.empty:
        title = f"No key figure is off; {count(len(judged), 'has', 'have')} a target"
        return Finding(title, rest, "good" if len(judged) else "note", is_headline=False)
    names = listing(list(off["label"]), MOST_NAMED)
    title = f"{number(len(off))} of {count(len(judged), 'key figure')} {is_are(len(off))} off: {names}"
    text = " ".join(_said(row) for row in off.head(MOST_NAMED).to_dict("records"))
    if len(off) > MOST_NAMED:
        text += f" {count(len(off) - MOST_NAMED, 'more figure')} off {is_are(len(off) - MOST_NAMED)} below."
    actions = [
        duties.mend(row["label"], what=row["action"], owner=row["owner"])
        for row in off.to_dict("records")
        if row["action"]
    ]
    status: Status = "act" if off["is_certain"].any() else "watch"
    return Finding(
        title,
        f"{text} {rest}".strip(),
        status,
        actions[0] if actions else None,
        is_headline=False,
        more_actions=tuple(actions[1:]),
    )


def _said(row: Row) -> str:
    """One figure: what it is, where the line lies, and how sure that is."""
    limit = row["target"] if pd.isna(row["threshold"]) else row["threshold"]
    side = "below" if row["direction"] == "up" else "above"
    value, line = written(row["value"], row["unit"]), written(limit, row["unit"])
    text = f"{bold(row['label'])} ({row['over']}) is {value}, {side} {line}"
    base = "" if pd.isna(row["n"]) else f" (n = {number(row['n'])}"
    if base and pd.notna(row["low"]):
        base += f", between {written(row['low'], row['unit'])} and {written(row['high'], row['unit'])}"
    text += f"{base})" if base else ""
    return f"{text}; chance alone may explain it." if not row["is_certain"] else f"{text}."


def _rest(rows: pd.DataFrame) -> str:
    """How many figures stand well, wait for a target, or cannot be measured."""
    parts = []
    for status, words in (
        (BEHIND, "behind target but not past the threshold"),
        (ON_TARGET, "on target"),
        (NO_TARGET, "without a target"),
        (NOT_MEASURED, "not measured"),
    ):
        own = rows[rows["status"] == status]
        if len(own):
            parts.append(f"{words}: {listing(list(own['label']), 4)}")
    return f"{'; '.join(parts)}.".capitalize() if parts else ""
