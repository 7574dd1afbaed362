"""Ranges and orders that hold by the meaning of a column."""

from __future__ import annotations

from salesops_lib.data.checks.rules import Import
from salesops_lib.wording import count


def _beyond(scale: str) -> str:
    """A score that its scale does not have: 0 to 10 for nps, 1 to 5 for all else."""
    return f"r.score NOT BETWEEN if({scale} = 'nps', 0, 1) AND if({scale} = 'nps', 10, 5)"


_SET_ASIDE = (
    ("satisfaction", "score", _beyond("r.scale"), "outside its scale"),
    ("tool_survey", "score", _beyond("r.question"), "outside its scale"),
)
"""Table, column, rows that cannot be, why."""

_KEPT = (
    ("leads", "qualified_at", "r.qualified_at < r.created_at", "qualified before they arrived"),
    ("leads", "first_touch_at", "r.first_touch_at < r.created_at", "first touched before they arrived"),
    ("leads", "assigned_at", "r.assigned_at < r.created_at", "assigned before they arrived"),
    ("activities", "minutes", "r.minutes < 0", "shorter than nothing"),
    ("accounts", "size", "r.size < 0", "with fewer than no employees"),
    (
        "subscriptions",
        "change_amount",
        "r.kind IN ('start', 'expansion') AND r.change_amount < 0",
        "growing by a negative amount",
    ),
    (
        "subscriptions",
        "change_amount",
        "r.kind IN ('contraction', 'churn') AND r.change_amount > 0",
        "shrinking by a positive amount",
    ),
    ("tool_costs", "to_on", "r.to_on < r.from_on", "ending before they begin"),
    ("tool_seats", "to_on", "r.to_on < r.from_on", "ending before they begin"),
    ("tool_usage", "n_actions", "r.n_actions < 0", "with fewer than no actions"),
)
"""Table, column, rows that are odd, how."""


def check_plausibility(imported: Import) -> None:
    """Set aside what lies outside its scale; count what is odd."""
    for table, column, condition, what in _SET_ASIDE:
        if imported.has(f"{table}.{column}"):
            n = imported.set_aside(table, condition, column, what)
            if n:
                imported.report(
                    "ranges",
                    "warning",
                    table,
                    column,
                    n,
                    f"`{table}.{column}`: {count(n, 'answer')} {what}; set aside.",
                    "Check which scale the answers are on, and map it to `scale` or `question`.",
                )
    for table, column, condition, what in _KEPT:
        if imported.has(f"{table}.{column}"):
            n = imported.n(table, condition)
            if n:
                example = imported.example(table, f"r.{column}", condition)
                imported.report(
                    "ranges",
                    "warning",
                    table,
                    column,
                    n,
                    f"`{table}`: {count(n, 'row')} {what} (`{column}`){example}.",
                    "Correct them in the source.",
                )
