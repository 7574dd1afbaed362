"""How leads are shared: by rep, by aspect, by month, and those without a rep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib import theme
from salesops_lib.rep_comparison.plots.marks import first_and_last, name_rows, nothing_to_draw
from salesops_lib.reporting.tables import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ASPECTS = {"count": "Number", "quality": "Quality", "value": "Value", "source": "Source", "waiting": "Waiting time"}
LUCK = "Range of a fair sharing"
NOTHING = "No leads to draw."
_PANELS = {"Leads / fair share": "leads", "Quality / fair quality": "quality"}
_SIDES = (("v", theme.BAD, "▼ Below it"), ("o", theme.ACTUAL, "Within it"), ("^", theme.GOOD, "▲ Above it"))
"""Marker, colour for quality and label of each side; more leads are neither good nor bad, so number has one colour."""


def plot_lead_share_by_rep(shares: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each rep's number and quality of leads against the fair ones, over the range of luck; worst quality first.

    Args:
        shares: What ``lead_share_by_rep`` returns.
        ax: Axes for the number alone, for those who arrange their own; two new ones if absent.
    """
    known = shares[shares["fair_leads"] > 0]
    if known.empty:
        return nothing_to_draw(ax, NOTHING)
    known = known.assign(
        leads_ratio=known["n_leads"] / known["fair_leads"],
        leads_ratio_low=known["fair_leads_low"] / known["fair_leads"],
        leads_ratio_high=known["fair_leads_high"] / known["fair_leads"],
    )
    rows = first_and_last(known.sort_values(["quality_ratio", "name"], kind="stable"))
    panels = [ax] if ax is not None else theme.panels(len(_PANELS), rows=len(rows) + 1)
    for place, (panel, (title, name)) in enumerate(zip(panels, _PANELS.items(), strict=False)):
        _draw_ratio(panel, rows[~rows["is_gap"]].dropna(subset=[f"{name}_ratio"]), f"{name}_ratio")
        is_named = place == 0 or theme.is_narrow()
        name_rows(panel, rows, [_with_n(row) if is_named else "" for row in rows.itertuples()])
        panel.set_xlabel(title)
    return panels[0]


def _draw_ratio(ax: Axes, rows: pd.DataFrame, name: str) -> None:
    """Marks over the range of luck; which side of it a mark lies on is shape as well as colour."""
    ax.barh(
        rows.index, rows[f"{name}_high"] - rows[f"{name}_low"], left=rows[f"{name}_low"], height=0.62,
        color=theme.PALE, label=LUCK,
    )  # fmt: skip
    ax.axvline(1, color=theme.TARGET, linewidth=1)
    side = (rows[name] > rows[f"{name}_high"]).astype(int) - (rows[name] < rows[f"{name}_low"]).astype(int)
    for step, (marker, colour, label) in zip((-1, 0, 1), _SIDES, strict=True):
        those = rows[side == step]
        if len(those):
            shown = colour if name == "quality_ratio" else theme.ACTUAL
            ax.plot(those[name], those.index, marker, color=shown, markersize=6, label=label)
    theme.as_percent(ax.xaxis)
    ax.locator_params(axis="x", nbins=5)


def _with_n(row: Any) -> str:
    if row.is_gap or theme.is_narrow():
        return theme.short(str(row.name))
    return f"{theme.short(str(row.name))} (n = {row.n_leads:,.0f})"


def plot_lead_fairness(fairness: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the Gini of each aspect over the range that fair sharings give.

    Args:
        fairness: What ``lead_fairness`` returns.
        ax: Axes to draw on; new ones if absent.
    """
    rows = fairness.dropna(subset=["p_value"]).reset_index(drop=True)
    if rows.empty:
        return nothing_to_draw(ax, NOTHING)
    if ax is None:
        ax = theme.axes(rows=len(rows) + 1)
    ax.barh(
        rows.index, rows["fair_gini_high"] - rows["fair_gini_low"], left=rows["fair_gini_low"], height=0.5,
        color=theme.PREVIOUS, label=LUCK,
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
        return nothing_to_draw(ax, NOTHING)
    panels = [ax] if ax is not None else theme.panels(2, height=2.6)
    for panel, title, start, mark in zip(
        panels, ("Number of leads", "Source of leads"), ("", "source_"), ("is_uneven", "is_source_uneven"), strict=False
    ):
        rows = known.dropna(subset=[f"{start}gini"])
        panel.fill_between(
            rows.index, rows[f"{start}fair_gini_low"], rows[f"{start}fair_gini_high"], color=theme.PALE, label=LUCK
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


def table_lead_share_by_rep(shares: pd.DataFrame) -> TableView:
    """Leads got and fair ones, their quality and source, and what they explain beside what was won."""
    del shares
    return TableView(
        columns=(
            "name", "territory", "n_leads", "fair_leads", "fair_leads_low", "fair_leads_high",
            "expected_qualified_rate", "fair_qualified_rate", "quality_ratio", "quality_ratio_low",
            "quality_ratio_high", "source", "source_rate", "fair_source_rate", "waiting_hours", "q_value",
            "differs_in", "won_amount", "fair_amount", "explained_amount", "rest_amount",
        ),
        labels={
            "fair_leads": "Fair share", "fair_leads_low": "Range of luck",
            "expected_qualified_rate": "Such leads qualify", "fair_qualified_rate": "Territory's qualify",
            "quality_ratio": "Quality / fair", "quality_ratio_low": "Quality, range of luck",
            "source": "Furthest source", "source_rate": "From it",
            "fair_source_rate": "Territory from it", "waiting_hours": "Median wait", "q_value": "q",
            "differs_in": "Beyond luck", "won_amount": "Won from them", "fair_amount": "Fair share brings",
            "explained_amount": "Leads explain", "rest_amount": "Leads do not",
        },
        formats={
            "fair_leads": "count", "fair_leads_low": "count", "expected_qualified_rate": "rate1",
            "fair_qualified_rate": "rate1", "quality_ratio": "number2", "quality_ratio_low": "number2",
            "source_rate": "rate", "fair_source_rate": "rate", "waiting_hours": "hours", "q_value": "number2",
        },
    )  # fmt: skip


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
