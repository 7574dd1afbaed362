"""The gaps in bookings and their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib import theme
from salesops_lib.rep_comparison.marks import first_and_last, name_rows
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PART_TITLES = {
    "volume_amount": "Volume", "mix_amount": "Mix of deals", "win_rate_amount": "Win rate",
    "deal_size_amount": "Deal size",
}  # fmt: skip


def plot_gap_by_rep(gaps: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the four parts of each rep's gap to the team, the largest lead at the top; the gap stands by the name.

    Args:
        gaps: What ``gap_by_rep`` returns.
        ax: Axes for the first part alone, for those who arrange their own; four new ones if absent.
    """
    rows = first_and_last(gaps.sort_values(["gap_amount", "name"], ascending=[False, True]), 20, 8)
    panels = [ax] if ax is not None else theme.panels(len(PART_TITLES), rows=len(rows) + 1)
    shown = rows[~rows["is_gap"]]
    names = list(PART_TITLES)[: len(panels)]
    furthest = float(gaps[names].abs().max().max()) * 1.08 if len(gaps) else 1.0
    for place, (panel, name) in enumerate(zip(panels, names, strict=True)):
        panel.barh(shown.index, shown[name], height=0.62, color=theme.ACTUAL)
        panel.axvline(0, color=theme.TARGET, linewidth=1)
        is_named = place == 0 or theme.is_narrow()
        name_rows(panel, rows, [_with_gap(row) if is_named else "" for row in rows.itertuples()])
        panel.set_xlim(-max(furthest, 1.0), max(furthest, 1.0))
        panel.locator_params(axis="x", nbins=3)
        theme.as_money(panel.xaxis)
        panel.set_title(PART_TITLES[name])
    return panels[0]


def _with_gap(row: Any) -> str:
    if row.is_gap:
        return str(row.name)
    sign = "+" if row.gap_amount > 0 else ""
    return f"{theme.short(row.name, 12 if theme.is_narrow() else 18)} {sign}{money(row.gap_amount)}"


def table_gap_by_rep(gaps: pd.DataFrame) -> TableView:
    """Bookings, the average they are held against, the gap and its parts."""
    del gaps
    return TableView(
        columns=(
            "name", "compared_with", "there_rate", "bookings_amount", "average_amount", "gap_amount", "volume_amount",
            "mix_amount", "win_rate_amount", "deal_size_amount",
        ),
        labels={
            "there_rate": "Time in the seat", "bookings_amount": "Bookings", "average_amount": "Average",
            "gap_amount": "Gap", **PART_TITLES,
        },
    )  # fmt: skip
