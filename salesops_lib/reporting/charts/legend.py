"""What a legend's label stands for, as a small drawing: a fill, a hatch, a line or a dot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from salesops_lib.reporting.templates.markup import trusted

if TYPE_CHECKING:
    from markupsafe import Markup

_WHOLE = "M1 1H17V11H1z"
"""All of the key."""


def legend_mark(handle: Any) -> Markup | str:
    """Draw what a legend's handle looks like; nothing where it has no look."""
    from matplotlib.container import BarContainer, ErrorbarContainer

    if isinstance(handle, BarContainer):
        handle = handle.patches[0] if handle.patches else None
    elif isinstance(handle, ErrorbarContainer):
        handle = handle.lines[0] or handle.lines[2][0]
    if handle is None:
        return ""
    key = ET.Element("svg", {"class": "so-key", "viewBox": "0 0 18 12", "aria-hidden": "true"})
    key.extend(_shapes(handle))
    return trusted(ET.tostring(key, encoding="unicode").replace(" />", "/>"))


def _shapes(handle: Any) -> list[ET.Element]:
    import numpy as np
    from matplotlib.collections import Collection, LineCollection
    from matplotlib.lines import Line2D

    if isinstance(handle, Line2D):
        return _line(handle)
    if isinstance(handle, LineCollection):
        return [_stroke(_hex(handle.get_color()), float(np.ravel(handle.get_linewidth())[0]))]
    if isinstance(handle, Collection):
        colour, edge = _hex(handle.get_facecolor()), _hex(handle.get_edgecolor())
        paths = handle.get_paths()
        is_dots = np.size(handle.get_offsets()) > 2 and len(paths) > 0
        return [_mark(paths[0], colour, edge)] if is_dots else _fill(colour, handle)
    return _patch(handle)


def _line(line: Any) -> list[ET.Element]:
    from matplotlib.markers import MarkerStyle

    colour, style = _hex(line.get_color()), str(line.get_linestyle()).lower()
    shapes = []
    if style not in ("none", "", " "):
        dashes = "" if style in ("-", "solid") else "4 3" if style in ("--", "dashed") else "1.5 2.5"
        shapes.append(_stroke(colour, float(line.get_linewidth()), dashes))
    if str(line.get_marker()).lower() not in ("none", "", " "):
        marker = MarkerStyle(line.get_marker())
        path = marker.get_path().transformed(marker.get_transform())
        shapes.append(_mark(path, _hex(line.get_markerfacecolor()), _hex(line.get_markeredgecolor()) or colour))
    return shapes


def _stroke(colour: str, width: float, dashes: str = "") -> ET.Element:
    broken = {"stroke-dasharray": dashes} if dashes else {}
    return _path("M0 6H18", stroke=colour, **{"stroke-width": f"{min(max(width, 1.5), 4):g}"}, **broken)


def _mark(path: Any, colour: str, edge: str) -> ET.Element:
    """A mark in the middle of the key: a circle, a filled shape with corners, or strokes."""
    codes = [] if path.codes is None else list(path.codes)
    rim = {"stroke": edge, "stroke-width": "1.4"} if edge and edge != colour else {}
    if path.CURVE3 in codes or path.CURVE4 in codes:
        round_ = {"cx": "9", "cy": "6", "r": "4" if colour else "3.4", "fill": colour or "none"}
        return ET.Element("circle", round_ | rim)
    corners = path.vertices - (path.vertices.max(axis=0) + path.vertices.min(axis=0)) / 2
    corners = corners * 4.5 / max(float(abs(corners).max()), 1e-9)
    is_closed = path.CLOSEPOLY in codes
    letters = ["M" if place == 0 or codes[place : place + 1] == [path.MOVETO] else "L" for place in range(len(corners))]
    steps = list(zip(letters, corners, strict=True))[: -1 if is_closed else None]
    d = "".join(f"{letter}{9 + x:.1f} {6 - y:.1f}" for letter, (x, y) in steps)
    if is_closed:
        return _path(f"{d}z", fill=colour or "none", **rim)
    return _path(d, fill="none", stroke=edge or colour, **{"stroke-width": "2"})


def _patch(patch: Any) -> list[ET.Element]:
    edge, fill = _hex(patch.get_edgecolor()), _hex(patch.get_facecolor())
    shapes = _fill(fill, patch)
    if patch.get_hatch():
        lines = "".join(f"M{x} 11L{x + 10} 1" for x in (-4, 0, 4, 8, 12))
        shapes.append(_path(lines, stroke=edge or fill, **{"stroke-width": ".8"}))
    if edge and edge != fill:
        shapes.append(_path(_WHOLE, fill="none", stroke=edge))
    return shapes


def _fill(colour: str, artist: Any) -> list[ET.Element]:
    if not colour:
        return []
    alpha = artist.get_alpha()
    faint = {"fill-opacity": f"{float(alpha):g}"} if isinstance(alpha, int | float) and alpha < 1 else {}
    return [_path(_WHOLE, fill=colour, **faint)]


def _path(d: str, **look: str) -> ET.Element:
    return ET.Element("path", {"d": d, **look})


def _hex(colour: Any) -> str:
    """A colour as hex without its alpha; empty where there is none to see."""
    from matplotlib.colors import to_hex, to_rgba_array

    rows = to_rgba_array(colour)
    return to_hex(rows[0][:3]) if len(rows) and rows[0][3] > 0 else ""
