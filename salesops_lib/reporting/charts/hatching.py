"""Hatched areas drawn as lines.

Charts hatch what is forecast, and matplotlib does so with an SVG pattern. Chromium prints every area filled with a
pattern as a picture the size of the sheet: a report of 31 hatched bars grew by 14 MB and its hatching came out
blurred. Drawn as lines, the same bars take a few KB and stay sharp, on paper and on the screen.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

from salesops_lib.reporting.charts.paths import Point, outlines_of, short_numbers

_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_SPACING = 6.0
"""Lines lie where x + y is a multiple of this: matplotlib's ``////`` on its 72-unit tile."""


def draw_hatches(root: ET.Element) -> None:
    """Replace the patterns of rising lines by lines of their own; what is not understood stays as it is."""
    patterns = {each.get("id"): each for each in root.iter("pattern")}
    _, _, width, height = map(float, root.get("viewBox", "0 0 1000 1000").split())
    for parent in list(root.iter()):
        for shape in list(parent):
            name = _REFERENCE.fullmatch(shape.get("fill", ""))
            outlines = outlines_of(shape.get("d", "")) if name else []
            pattern = patterns.get(name[1]) if name else None
            colour = _colour(pattern) if pattern is not None else None
            if outlines and pattern is not None and colour:
                shape.set("fill", _ground(pattern))
                lines = _lines(outlines, width, height)
                clip = {"clip-path": shape.get("clip-path", "")} if "clip-path" in shape.attrib else {}
                look = {"d": lines, "fill": "none", "stroke": colour, "stroke-width": "0.8", **clip}
                if lines:
                    parent.insert(list(parent).index(shape) + 1, ET.Element("path", look))


def _colour(pattern: ET.Element) -> str | None:
    """Colour of a pattern of rising lines; nothing for any other pattern."""
    path = pattern.find("path")
    outlines = outlines_of(path.get("d", "")) if path is not None else []
    if path is None or not outlines or len(outlines[0]) != 2:
        return None
    (x, y), (x2, y2) = outlines[0]
    return path.get("stroke") if math.isclose(x2 - x, y - y2) else None


def _ground(pattern: ET.Element) -> str:
    """What lies under a pattern's lines."""
    rect = pattern.find("rect")
    return rect.get("fill", "none") if rect is not None else "none"


def _lines(outlines: list[list[Point]], width: float, height: float) -> str:
    """Lines rising to the right, cut to the area and to the drawing: each from where it enters to where it leaves."""
    edges = [edge for corners in outlines for edge in pairwise([*corners, corners[0]])]
    sums = [x + y for corners in outlines for x, y in corners]
    first, last = max(min(sums), 0.0), min(max(sums), width + height)
    path = ""
    for place in range(math.ceil(first / _SPACING), math.floor(last / _SPACING) + 1):
        total = place * _SPACING
        # An edge counts from its lower sum up to, but without, its higher one, so that a corner counts once.
        crossed = sorted(_crossing(*edge, total) for edge in edges if _reaches(*edge, total))
        for left, right in zip(crossed[::2], crossed[1::2], strict=True):
            start, end = max(left, 0.0, total - height), min(right, width, total)
            if end - start > 0.05:
                length = end - start
                path += short_numbers(f"M{start} {total - start}l{length}-{length}", 1)
    return path


def _reaches(start: Point, end: Point, total: float) -> bool:
    low, high = sorted((sum(start), sum(end)))
    return low <= total < high


def _crossing(start: Point, end: Point, total: float) -> float:
    """Where on the x axis an edge meets the line of all points whose x and y add up to ``total``."""
    share = (total - sum(start)) / (sum(end) - sum(start))
    return start[0] + share * (end[0] - start[0])
