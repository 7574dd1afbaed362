"""Table of what a plan invites people to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    import pandas as pd


def table_incentive_warnings(warnings: pd.DataFrame) -> TableView:
    """Warnings, plan by plan."""
    del warnings
    return TableView(
        columns=("title", "warning", "at_rate", "jump_rate", "jump_amount", "n_near"),
        labels={
            "title": "Plan", "warning": "From there on", "at_rate": "Attainment", "jump_rate": "Jump, of target",
            "jump_amount": "Jump in money", "n_near": "Reps there",
        },
        formats={"at_rate": "rate", "jump_rate": "rate"},
        is_open=True,
    )  # fmt: skip
