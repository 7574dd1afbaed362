"""A plot function's chart as HTML: two inline drawings of it, one picture to a screen reader.

The function is called twice, for a desk and for a phone; the style sheet shows the one that fits.
The legend becomes HTML text below, in the page's own type.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

from salesops_lib import theme
from salesops_lib.reporting.charts.legend import legend_mark
from salesops_lib.reporting.charts.svg import page_svg
from salesops_lib.reporting.templates.markup import trusted
from salesops_lib.reporting.templates.rendering import render

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Key = tuple["Markup | str", str]
"""A legend entry: its mark as SVG and its label."""


def write_chart(draw: Callable[[], Axes], *, name: str, alt: str) -> Markup:
    """Draw a chart in both widths.

    Args:
        draw: Calls the plot function; sizes its figure through ``theme.axes``.
        name: Unique on the page; part of ids.
        alt: The finding and its numbers, for those who do not see the chart.

    Returns:
        The figure with both drawings and the legend below.
    """
    wide, keys = _drawing(draw, theme.WIDE, f"{name}-w", "so-wide")
    narrow, _ = _drawing(draw, theme.NARROW, f"{name}-n", "so-narrow")
    return render("chart", alt=alt, wide=wide, narrow=narrow, keys=keys)


def _drawing(draw: Callable[[], Axes], width: float, prefix: str, css_class: str) -> tuple[Markup, list[Key]]:
    import matplotlib.pyplot as plt

    before = set(plt.get_fignums())
    with theme.chart_style(width), warnings.catch_warnings():
        # The page's own fonts write the text; that matplotlib's lacks a letter is no news.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        try:
            figure = draw().get_figure(root=True)
            assert figure is not None  # noqa: S101 - Axes that were drawn on belong to a figure
            keys = _keys(figure)
            _undress(figure, width)
            text = io.StringIO()
            figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
        finally:
            # An open figure would be shown a second time at the end of the cell.
            for number in set(plt.get_fignums()) - before:
                plt.close(number)
    return trusted(page_svg(text.getvalue(), prefix=prefix, css_class=css_class)), keys


def _undress(figure: Figure, width: float) -> None:
    """Take off what the page says in HTML: legends, and the title of a chart that stands alone."""
    for ax in figure.axes:
        legend = ax.get_legend()
        if legend is not None:
            legend.remove()
    for legend in list(figure.legends):
        legend.remove()
    if len(figure.axes) == 1:
        for place in ("left", "center", "right"):
            figure.axes[0].set_title("", loc=place)
    if abs(figure.get_figwidth() - width) > 0.01:
        # A function that opened a figure of its own still gets the page's width.
        figure.set_figwidth(width)


def _keys(figure: Figure) -> list[Key]:
    """Legend entries of all panels, each label once, in the order drawn."""
    keys: dict[str, Markup | str] = {}
    for ax in figure.axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            keys.setdefault(str(label), legend_mark(handle))
    return [(mark, label) for label, mark in keys.items()]
