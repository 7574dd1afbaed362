"""What several charts of tools share: names of rows and lines at thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesops_lib import theme

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes


def draw_limits(ax: Axes, limits: Iterable[tuple[float, str]]) -> None:
    """Draw thresholds as upright lines, the first dashed."""
    for place, (limit, name) in enumerate(limits):
        ax.axvline(limit, color=theme.TARGET, lw=1, ls="--" if place == 0 else "-", label=f"Threshold: {name}")


def name_rows(ax: Axes, names: Iterable[str]) -> None:
    """Label the rows of a chart from the bottom up."""
    labels = [str(name) for name in names]
    ax.set_yticks(range(len(labels)), labels)
