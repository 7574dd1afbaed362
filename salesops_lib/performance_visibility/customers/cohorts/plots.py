"""Heat map and table of customer cohorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.performance_visibility.marks import first_only, heat_map
from salesops_lib.reporting.tables.formats import Format
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NARROW_AGES = (3, 6, 12, 18, 24)


def plot_customer_cohorts(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share still there by cohort and age as numbers on a tint; shares of young cohorts in brackets."""
    ages = [age for age in sorted(rows["months"].unique()) if not theme.is_narrow() or age in NARROW_AGES]
    cohorts = list(rows["cohort"].unique())
    if ax is None:
        ax = theme.axes(height=0.8 + 0.3 * max(len(cohorts), 1))
    table = rows.pivot_table(index="cohort", columns="months", values="kept_rate").reindex(index=cohorts, columns=ages)
    ripe = rows.pivot(index="cohort", columns="months", values="is_mature").reindex(index=cohorts, columns=ages)
    heat_map(ax, table, ripe.fillna(False).astype(bool), dark_is="low")
    flagged = set(rows.loc[rows["is_leaving_faster"].astype(bool), "cohort"])
    ax.set_yticks(range(len(cohorts)), [f"▸ {name}" if name in flagged else name for name in cohorts])
    ax.set_xticks(range(len(ages)), [str(age) for age in ages])
    ax.set_xlabel("Months since the start; in brackets: not all have got there; ▸ leaves faster beyond chance"
                  if not theme.is_narrow() else "Months since the start; (young); ▸ faster")  # fmt: skip
    return ax


def table_customer_cohorts(rows: pd.DataFrame) -> TableView:
    """Show every cohort and age with its interval, and how the cohort stands against the others."""
    columns = (
        "cohort", "months", "n_customers", "n_followed", "kept_rate", "kept_rate_low", "kept_rate_high", "is_mature",
        "n_left", "n_expected", "leave_ratio", "leave_ratio_low", "leave_ratio_high", "p_value", "is_leaving_faster",
    )  # fmt: skip
    labels = {
        "n_customers": "Customers", "n_followed": "Followed", "kept_rate": "Still there", "kept_rate_low": "Interval",
        "is_mature": "All got there", "n_left": "Left in all", "n_expected": "Expected", "leave_ratio": "Times",
        "leave_ratio_low": "Interval", "p_value": "p", "is_leaving_faster": "Leaves faster",
    }  # fmt: skip
    formats: dict[str, Format] = {
        "kept_rate": "rate1",
        "n_expected": "number",
        "leave_ratio": "number2",
        "p_value": "number2",
    }
    return TableView(columns=first_only(columns, rows), labels=labels, formats=formats)
