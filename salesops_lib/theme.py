"""Colours and sizes of charts: the same thing looks the same in every report.

Actual is dark and solid, the previous period grey, a forecast hatched, a target a line. Status is
never colour alone. Colours are written as hex in the SVG; the style sheet swaps them in the dark.

A plot is drawn twice, wide for a desk and narrow for a phone. ``axes`` and ``panels`` give Axes of
the width in force, so that a plot function never names a width.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Literal

from salesops_lib import wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

ACTUAL = "#1f4e79"
PREVIOUS = "#8496a8"
GOOD = "#0f766e"
BAD = "#b3401c"
TARGET = "#1c2733"
TEXT = "#1c2733"
MUTED = "#566472"
GRID = "#dde3ea"
PALE = "#dbe6f1"
INSIDE = "#ffffff"
"""Text inside a filled bar, and lines that part fills."""

DARK: dict[str, str] = {
    ACTUAL: "#8fbdea",
    PREVIOUS: "#6d8093",
    GOOD: "#5fd3bd",
    BAD: "#ff9f7d",
    TEXT: "#e6edf3",
    MUTED: "#a3b2c0",
    GRID: "#2b3743",
    PALE: "#24405c",
    INSIDE: "#11181f",
}
"""What each colour becomes on a dark ground."""

TEAM = PREVIOUS
REP = ACTUAL

ROW_HEIGHT = 0.32
"""Inches a row of a horizontal chart takes."""
WIDE = 9.0
"""Width in inches of a chart on a desk (1 inch is 100 px on the page)."""
NARROW = 3.58
"""Width in inches of a chart on a phone."""

HATCH = "////"
"""Fill pattern of what is forecast."""

STYLE: dict[str, object] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "salesops",
    "font.family": "sans-serif",
    # The kit's own font, so that the same data gives the same bytes on every machine.
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10,
    # Two amounts in one label are not a formula: "$2M of $3M".
    "text.parse_math": False,
    "text.color": TEXT,
    "axes.edgecolor": GRID,
    "axes.labelcolor": MUTED,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlecolor": TEXT,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": f"cycler('color', ['{ACTUAL}', '{PREVIOUS}', '{GOOD}', '{BAD}'])",
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.bottom": False,
    "ytick.left": False,
    "legend.frameon": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "hatch.linewidth": 0.8,
}

_width: ContextVar[float] = ContextVar("chart_width", default=WIDE)


@contextmanager
def chart_style(width: float | None = None) -> Iterator[None]:
    """Draw in the kit's style inside this block, leaving the reader's own settings alone.

    Args:
        width: Inches that ``axes`` and ``panels`` are wide inside the block; as before if absent.
    """
    import matplotlib as mpl

    token = _width.set(_width.get() if width is None else width)
    try:
        with mpl.rc_context(STYLE):  # type: ignore[arg-type]  # the stub lists keys one by one
            yield
    finally:
        _width.reset(token)


def is_narrow() -> bool:
    """Whether the phone's version is being drawn: fewer periods, shorter labels, the same numbers."""
    return _width.get() < 6


def axes(*, height: float = 3.2, rows: int | None = None) -> Axes:
    """New Axes of the width in force.

    Args:
        height: Inches, for charts with a vertical measure.
        rows: Rows of a horizontal chart, at 0, 1, 2 ... from the bottom; sizes the figure in place of ``height``.
    """
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(_width.get(), _height(height, rows)), layout="constrained")
    _room_for(ax, rows)
    return ax


def panels(n: int, *, height: float = 2.8, rows: int | None = None, sharey: bool = False) -> list[Axes]:
    """``n`` new Axes: side by side on a desk, one under another on a phone; arguments as in ``axes``."""
    import matplotlib.pyplot as plt

    each = _height(height, rows)
    down, across = (n, 1) if is_narrow() else (1, n)
    _, grid_of_axes = plt.subplots(
        down, across, figsize=(_width.get(), each * down), layout="constrained", sharey=sharey, squeeze=False
    )
    for ax in grid_of_axes.flat:
        _room_for(ax, rows)
    return list(grid_of_axes.flat)


def _room_for(ax: Axes, rows: int | None) -> None:
    """Half a row of room above the first and below the last, at places 0, 1, 2 ..."""
    if rows is not None:
        ax.set_ylim(-0.6, max(rows, 1) - 0.4)


def _height(height: float, rows: int | None) -> float:
    return height if rows is None else 0.45 + ROW_HEIGHT * max(rows, 1)


def grid(ax: Axes, which: Literal["x", "y"]) -> None:
    """Keep the grid lines of the measure only."""
    ax.grid(False)
    ax.grid(True, axis=which)


def from_zero(ax: Axes) -> None:
    """Begin the vertical measure at 0, unless something drawn lies below it: credit notes can turn a month negative."""
    if not ax.dataLim.y0 < 0:
        ax.set_ylim(bottom=0)


def as_money(axis: Axis) -> None:
    """Write an axis's ticks as amounts of the report currency: ``$2M``."""
    axis.set_major_formatter(lambda value, _position: _without_zeros(wording.money(value)))


def as_percent(axis: Axis) -> None:
    """Write an axis's ticks as percentages of a rate between 0 and 1."""
    from matplotlib.ticker import PercentFormatter

    axis.set_major_formatter(PercentFormatter(1.0, decimals=0))


def as_count(axis: Axis) -> None:
    """Write an axis's ticks as whole numbers with thousands separators."""
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    axis.set_major_formatter(lambda value, _position: f"{value:,.0f}")


def short(name: str, most: int | None = None) -> str:
    """Shorten a name for a chart: 24 characters on a desk, 14 on a phone."""
    return wording.short(name, most or (14 if is_narrow() else 24))


def _without_zeros(text: str) -> str:
    """``$2.00M`` is ``$2M`` on an axis, ``$1.50M`` is ``$1.5M``."""
    return re.sub(r"\.(\d*?)0+(?=[KMB]|$)", lambda found: f".{found[1]}" if found[1] else "", text)
