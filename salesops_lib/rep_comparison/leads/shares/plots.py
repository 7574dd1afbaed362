"""The leads of each rep beside what the rule gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib import theme
from salesops_lib.rep_comparison.marks import FAIR_RANGE, NO_LEADS, first_and_last, name_rows, nothing_to_draw
from salesops_lib.reporting.tables.table import TableView

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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
        return nothing_to_draw(ax, NO_LEADS)
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
        color=theme.PALE, label=FAIR_RANGE,
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
