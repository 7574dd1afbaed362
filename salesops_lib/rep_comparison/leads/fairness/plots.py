"""How evenly leads are shared: by aspect, by month, and those without a rep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.rep_comparison.marks import FAIR_RANGE, NO_LEADS, name_rows, nothing_to_draw
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ASPECTS = {"count": "Number", "quality": "Quality", "value": "Value", "source": "Source", "waiting": "Waiting time"}


def plot_lead_fairness(fairness: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the Gini of each aspect over the range that fair sharings give.

    Args:
        fairness: What ``lead_fairness`` returns.
        ax: Axes to draw on; new ones if absent.
    """
    rows = fairness.dropna(subset=["p_value"]).reset_index(drop=True)
    if rows.empty:
        return nothing_to_draw(ax, NO_LEADS)
    if ax is None:
        ax = theme.axes(rows=len(rows) + 1)
    ax.barh(
        rows.index, rows["fair_gini_high"] - rows["fair_gini_low"], left=rows["fair_gini_low"], height=0.5,
        color=theme.PREVIOUS, label=FAIR_RANGE,
    )  # fmt: skip
    for is_uneven, marker, colour, label in (
        (True, "D", theme.BAD, "◆ Uneven beyond luck"), (False, "o", theme.ACTUAL, "Within luck"),
    ):  # fmt: skip
        those = rows[rows["is_uneven"].astype(bool) == is_uneven]
        if len(those):
            ax.plot(those["gini"], those.index, marker, color=colour, markersize=7, label=label)
    name_rows(ax, rows, [ASPECTS[aspect] for aspect in rows["aspect"]])
    ax.set_xlim(left=0)
    ax.set_xlabel("Gini" if theme.is_narrow() else "Gini of what reps got / what is fair (0 = by the rule)")
    return ax


def plot_lead_share_by_month(months: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the Gini of number and source month by month, over the band of fair sharings.

    Args:
        months: What ``lead_share_by_month`` returns.
        ax: Axes for the number alone, for those who arrange their own; two new ones if absent.
    """
    known = months.dropna(subset=["gini"]).reset_index(drop=True)
    if known.empty:
        return nothing_to_draw(ax, NO_LEADS)
    panels = [ax] if ax is not None else theme.panels(2, height=2.6)
    for panel, title, start, mark in zip(
        panels, ("Number of leads", "Source of leads"), ("", "source_"), ("is_uneven", "is_source_uneven"), strict=False
    ):
        rows = known.dropna(subset=[f"{start}gini"])
        panel.fill_between(
            rows.index,
            rows[f"{start}fair_gini_low"],
            rows[f"{start}fair_gini_high"],
            color=theme.PALE,
            label=FAIR_RANGE,
        )
        panel.plot(rows.index, rows[f"{start}gini"], "-o", color=theme.ACTUAL, markersize=4, label="Gini of the month")
        uneven = rows[rows[mark].astype(bool)]
        if len(uneven):
            panel.plot(
                uneven.index, uneven[f"{start}gini"], "D", color=theme.BAD, markersize=7, label="◆ Uneven beyond luck"
            )
        step = 3 if theme.is_narrow() or len(known) > 6 else 1
        panel.set_xticks(list(known.index[::-1][::step]), list(known["month"][::-1][::step]))
        panel.set_ylim(bottom=0)
        panel.set_title(title)
        panel.set_ylabel("Gini")
        theme.grid(panel, "y")
    return panels[0]


def plot_unassigned_leads(unassigned: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the leads without a rep by days since arrival.

    Args:
        unassigned: What ``unassigned_leads`` returns.
        ax: Axes to draw on; new ones if absent.
    """
    rows = unassigned[unassigned["split"] == "all"].reset_index(drop=True)
    if not rows["n_unassigned"].sum():
        return nothing_to_draw(ax, "No lead waits for a rep.")
    if ax is None:
        ax = theme.axes(rows=len(rows) + 1)
    ax.barh(rows.index, rows["n_unassigned"], height=0.62, color=theme.ACTUAL)
    for row in rows.itertuples():
        ax.annotate(
            f"{row.n_unassigned:,}", (float(str(row.n_unassigned)), float(str(row.Index))), xytext=(4, 0),
            textcoords="offset points", va="center", color=theme.TEXT,
        )  # fmt: skip
    name_rows(ax, rows, list(rows["age_band"]))
    theme.as_count(ax.xaxis)
    ax.margins(x=0.12)
    ax.set_xlabel("Leads without a rep")
    return ax


def table_lead_fairness(fairness: pd.DataFrame) -> TableView:
    """Each aspect's unevenness beside a fair sharing's."""
    del fairness
    return TableView(
        columns=(
            "aspect", "n_leads", "n_reps", "gini", "fair_gini", "fair_gini_low", "fair_gini_high", "adjusted_p_value",
            "is_uneven",
        ),
        labels={
            "n_leads": "Leads", "n_reps": "Reps", "gini": "Gini", "fair_gini": "Fair Gini",
            "fair_gini_low": "Fair Gini, range", "adjusted_p_value": "p, adjusted", "is_uneven": "Uneven",
        },
        formats=dict.fromkeys(("gini", "fair_gini", "fair_gini_low", "adjusted_p_value"), "number2"),
    )  # fmt: skip


def table_lead_share_by_month(months: pd.DataFrame) -> TableView:
    """Both Ginis of each month with their fair ranges."""
    del months
    ginis = ("gini", "fair_gini_low", "source_gini", "source_fair_gini_low")
    return TableView(
        columns=(
            "month", "n_leads", "n_reps", "gini", "fair_gini_low", "fair_gini_high", "is_uneven", "source_gini",
            "source_fair_gini_low", "source_fair_gini_high", "is_source_uneven", "is_partial",
        ),
        labels={
            "n_leads": "Leads", "n_reps": "Reps", "gini": "Gini, number", "fair_gini_low": "Fair range",
            "is_uneven": "Uneven", "source_gini": "Gini, source", "source_fair_gini_low": "Fair range, source",
            "is_source_uneven": "Uneven in source", "is_partial": "Not over",
        },
        formats=dict.fromkeys(ginis, "number2"),
    )  # fmt: skip


def table_unassigned_leads(unassigned: pd.DataFrame) -> TableView:
    """Leads without a rep by age, over all and by source."""
    del unassigned
    return TableView(
        columns=(
            "source", "age_band", "n_unassigned", "n_arrived", "unassigned_rate", "unassigned_rate_low",
            "unassigned_rate_high", "oldest_days",
        ),
        labels={"age_band": "Since arrival", "n_unassigned": "Without a rep", "n_arrived": "Arrived",
                "unassigned_rate": "Share", "oldest_days": "Oldest, days"},
        formats={"unassigned_rate": "rate1", "unassigned_rate_low": "rate1"},
        bars=("n_unassigned",),
    )  # fmt: skip
