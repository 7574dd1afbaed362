"""A plot function's chart as HTML: two inline drawings of it, one picture to a screen reader.

The function is called twice, for a desk and for a phone; the style sheet shows the one that fits.
The legend becomes HTML text below, in the page's own type.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from salesops_lib import theme
from salesops_lib.reporting.charts.svg import page_svg
from salesops_lib.reporting.templates.markup import escape

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Key = tuple[str, str]
"""A legend entry: its mark as SVG and its label."""


def write_chart(draw: Callable[[], Axes], *, name: str, alt: str) -> str:
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
    return f'<div class="so-chart" role="img" aria-label="{escape(alt)}">{wide}{narrow}</div>{_legend(keys)}'


def _drawing(draw: Callable[[], Axes], width: float, prefix: str, css_class: str) -> tuple[str, list[Key]]:
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
    return page_svg(text.getvalue(), prefix=prefix, css_class=css_class), keys


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
    keys: dict[str, str] = {}
    for ax in figure.axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            keys.setdefault(str(label), _mark(handle))
    return [(mark, label) for label, mark in keys.items()]


def _legend(keys: Iterable[Key]) -> str:
    entries = "".join(f"<li>{mark}{escape(label)}</li>" for mark, label in keys)
    return f'<ul class="so-legend">{entries}</ul>' if entries else ""


def _mark(handle: Any) -> str:
    """A small drawing of what the label stands for: a fill, a hatch, a line or a dot."""
    import numpy as np
    from matplotlib.collections import Collection, LineCollection
    from matplotlib.container import BarContainer, ErrorbarContainer
    from matplotlib.lines import Line2D

    if isinstance(handle, BarContainer):
        handle = handle.patches[0] if handle.patches else None
    elif isinstance(handle, ErrorbarContainer):
        handle = handle.lines[0] or handle.lines[2][0]
    if handle is None:
        return ""
    if isinstance(handle, Line2D):
        return _key(_line_mark(handle))
    if isinstance(handle, LineCollection):
        return _key(_stroke(_hex(handle.get_color()), float(np.ravel(handle.get_linewidth())[0]), ""))
    if isinstance(handle, Collection):
        colour, edge = _hex(handle.get_facecolor()), _hex(handle.get_edgecolor())
        shapes = handle.get_paths()
        is_dots = np.size(handle.get_offsets()) > 2 and len(shapes) > 0
        return _key(_shape(shapes[0], colour, edge) if is_dots else _fill(colour, handle))
    return _key(_patch_mark(handle))


def _key(inside: str) -> str:
    return f'<svg class="so-key" viewBox="0 0 18 12" aria-hidden="true">{inside}</svg>'


def _line_mark(line: Any) -> str:
    from matplotlib.markers import MarkerStyle

    colour = _hex(line.get_color())
    has_line = str(line.get_linestyle()).lower() not in ("none", "", " ")
    dashes = (
        ""
        if line.get_linestyle() in ("-", "solid")
        else "4 3"
        if line.get_linestyle() in ("--", "dashed")
        else "1.5 2.5"
    )
    level = _stroke(colour, float(line.get_linewidth()), dashes) if has_line else ""
    if str(line.get_marker()).lower() in ("none", "", " "):
        return level
    style = MarkerStyle(line.get_marker())
    mark = style.get_path().transformed(style.get_transform())
    return level + _shape(mark, _hex(line.get_markerfacecolor()), _hex(line.get_markeredgecolor()) or colour)


def _stroke(colour: str, width: float, dashes: str) -> str:
    broken = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="M0 6H18" stroke="{colour}" stroke-width="{min(max(width, 1.5), 4):g}"{broken}/>'


def _shape(path: Any, colour: str, edge: str) -> str:
    """A mark in the middle of the key: a circle, a filled shape with corners, or strokes."""
    codes = [] if path.codes is None else list(path.codes)
    rim = f' stroke="{edge}" stroke-width="1.4"' if edge and edge != colour else ""
    if path.CURVE3 in codes or path.CURVE4 in codes:
        return f'<circle cx="9" cy="6" r="{4 if colour else 3.4}" fill="{colour or "none"}"{rim}/>'
    corners = path.vertices - (path.vertices.max(axis=0) + path.vertices.min(axis=0)) / 2
    corners = corners * 4.5 / max(float(abs(corners).max()), 1e-9)
    is_closed = path.CLOSEPOLY in codes
    letters = ["M" if place == 0 or codes[place : place + 1] == [path.MOVETO] else "L" for place in range(len(corners))]
    steps = list(zip(letters, corners, strict=True))[: -1 if is_closed else None]
    d = "".join(f"{letter}{9 + x:.1f} {6 - y:.1f}" for letter, (x, y) in steps)
    if is_closed:
        return f'<path d="{d}z" fill="{colour or "none"}"{rim}/>'
    return f'<path d="{d}" fill="none" stroke="{edge or colour}" stroke-width="2"/>'


def _patch_mark(patch: Any) -> str:
    edge, fill = _hex(patch.get_edgecolor()), _hex(patch.get_facecolor())
    lines = "".join(f"M{x} 11L{x + 10} 1" for x in (-4, 0, 4, 8, 12)) if patch.get_hatch() else ""
    hatch = f'<path d="{lines}" stroke="{edge or fill}" stroke-width=".8"/>' if lines else ""
    return _fill(fill, patch) + hatch + (_outline(edge) if edge and edge != fill else "")


def _fill(colour: str, artist: Any) -> str:
    if not colour:
        return ""
    alpha = artist.get_alpha()
    faint = f' fill-opacity="{float(alpha):g}"' if isinstance(alpha, int | float) and alpha < 1 else ""
    return f'<path d="M1 1H17V11H1z" fill="{colour}"{faint}/>'


def _outline(colour: str) -> str:
    return f'<path d="M1 1H17V11H1z" fill="none" stroke="{colour}"/>'


def _hex(colour: Any) -> str:
    """A colour as hex without its alpha; empty where there is none to see."""
    from matplotlib.colors import to_hex, to_rgba_array

    rows = to_rgba_array(colour)
    return to_hex(rows[0][:3]) if len(rows) and rows[0][3] > 0 else ""
