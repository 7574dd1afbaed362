"""Hatched areas drawn as lines, for paper.

Charts hatch what is forecast with an SVG pattern. Chromium prints every area filled with a pattern as a
picture the size of the sheet: a report of 31 hatched bars grew by 14 MB and its hatching came out blurred.
Drawn as lines, the same bars take a few KB and stay sharp.
"""

from __future__ import annotations

import math
import re

_PATTERN = re.compile(r'<pattern id="(?P<id>[^"]+)".*?</pattern>', re.DOTALL)
_LINES = re.compile(
    r'<path\b[^>]*\bd="M(?P<x>-?[\d.]+) (?P<y>-?[\d.]+)L(?P<x2>-?[\d.]+) (?P<y2>-?[\d.]+)M(?P<rest>[^"]*)"[^>]*>'
)
_NUMBER = r"-?\d*\.?\d+(?:e-?\d+)?"
_HATCHED = re.compile(r'<g fill="url\(#(?P<id>[^")]+)\)"(?P<look>[^>]*)>(?P<shapes>(?:<path d="[^"]*"\s*/>)+)</g>')
_ONE_HATCHED = re.compile(
    r'<path d="(?P<shape>[^"]*)"(?P<before>[^>]*) fill="url\(#(?P<id>[^")]+)\)"(?P<after>[^>]*)/>'
)
_SHAPE = re.compile(r'd="([^"]*)"')
_LETTERS = re.compile(r"[MLHVz\d\s.,e-]*")
_STEP = re.compile(rf"([MLHVz])\s*((?:{_NUMBER}[\s,]*)*)")
_SPACING = 6.0
"""Lines lie where x + y is a multiple of this: matplotlib's ``////`` on its 72-unit tile."""


def with_drawn_hatches(page: str) -> str:
    """Replace areas filled with a pattern by their outline and lines; what is not understood stays as it is."""
    colours = {found["id"]: _colour(found[0]) for found in _PATTERN.finditer(page)}

    def drawn(found: re.Match[str]) -> str:
        colour = colours.get(found["id"])
        boxes = [_box(shape) for shape in _SHAPE.findall(found["shapes"])]
        if colour is None or any(box is None for box in boxes):
            return found[0]
        lines = "".join(_lines(box) for box in boxes if box)
        return (
            f'<g fill="none"{found["look"]}>{found["shapes"]}</g>'
            f'<path d="{lines}" fill="none" stroke="{colour}" stroke-width="0.8"/>'
        )

    # A lone bar carries its own fill; made a group of one, it is like the others.
    grouped = _ONE_HATCHED.sub(r'<g fill="url(#\g<id>)"\g<before>\g<after>><path d="\g<shape>"/></g>', page)
    redrawn = _HATCHED.sub(drawn, grouped)
    return page if redrawn == grouped else redrawn


def _colour(pattern: str) -> str | None:
    """Colour of a pattern of rising lines; nothing for any other pattern."""
    path = _LINES.search(pattern)
    if path is None:
        return None
    rises = math.isclose(float(path["x2"]) - float(path["x"]), float(path["y"]) - float(path["y2"]))
    colour = re.search(r'\bstroke="([^"]+)"', path[0])
    return colour[1] if rises and colour else None


def _box(shape: str) -> tuple[float, float, float, float] | None:
    """Left, top, right and bottom of an upright rectangle; nothing for any other shape."""
    if not _LETTERS.fullmatch(shape):  # curves, or relative steps, which the kit's charts are not made of
        return None
    x = y = 0.0
    corners: list[tuple[float, float]] = []
    for letter, text in _STEP.findall(shape):
        numbers = [float(each) for each in re.findall(_NUMBER, text)]
        if letter in "ML":
            x, y = numbers[:2]
        elif letter == "H":
            x = numbers[0]
        elif letter == "V":
            y = numbers[0]
        corners.append((x, y))
    columns, rows = {x for x, _ in corners}, {y for _, y in corners}
    # Two corners are a bar without height, which gets no line; three are a triangle.
    if len(columns) > 2 or len(rows) > 2 or len(set(corners)) == 3:
        return None
    return min(columns), min(rows), max(columns), max(rows)


def _lines(box: tuple[float, float, float, float]) -> str:
    """Lines rising to the right, cut to the box."""
    left, top, right, bottom = box
    path = ""
    for place in range(math.ceil((left + top) / _SPACING), math.floor((right + bottom) / _SPACING) + 1):
        total = place * _SPACING
        start, end = max(left, total - bottom), min(right, total - top)
        if end > start:
            path += f"M{start:.4g} {total - start:.4g}L{end:.4g} {total - end:.4g}"
    return path
