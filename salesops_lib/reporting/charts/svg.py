"""Matplotlib's SVG made fit for a page: a third of the size, no style that leaks, ids of its own.

Every colour stays a plain hex attribute, so that the style sheet can swap it in the dark and PDF
engines that know no variables still draw it. Text stays text, in the page's font.
"""

from __future__ import annotations

import re
from itertools import groupby
from xml.etree import ElementTree as ET

from salesops_lib.reporting.charts.hatching import draw_hatches
from salesops_lib.reporting.charts.paths import points_of, short_numbers, short_path
from salesops_lib.reporting.templates.markup import without_controls

_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_ROTATION = re.compile(r"rotate\(-?0 ")
_LINK = "{http://www.w3.org/1999/xlink}href"
# The style sheet says these once for all charts.
_SAID_ELSEWHERE = {
    ("font-size", "10px"), ("stroke-linejoin", "round"), ("stroke-linecap", "butt"), ("stroke-dashoffset", "0"),
    ("fill", "#000000"), ("text-anchor", "start"), ("font-weight", "400"),
}  # fmt: skip
_PLACE = {"d", "x", "y", "transform", "href"}
_DROPPED = {"font-family", "font-style", "font-variant", "font-stretch"}

Box = tuple[float, float, float, float]


def page_svg(text: str, *, prefix: str, css_class: str) -> str:
    """Rewrite one figure's SVG for use inside an HTML page.

    Args:
        text: What matplotlib wrote, with ``svg.fonttype`` ``none``.
        prefix: Starts every id, so that no two charts of a page share one.
        css_class: Class of the ``svg`` element.
    """
    # The text comes from matplotlib in this very process, never from outside.
    root = ET.fromstring(without_controls(text))  # noqa: S314
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        _plain_attributes(element)
    boxes = _clip_boxes(root)
    _tidy(root, boxes, None)
    draw_hatches(root)
    _rename_ids(root, prefix)
    for element in list(root.iter()):
        _join_lines(element)
        _share_attributes(element)
    view = short_numbers(root.get("viewBox", "0 0 1 1"), 1)
    root.attrib.clear()
    root.set("class", css_class)
    root.set("viewBox", view)
    root.set("aria-hidden", "true")
    return ET.tostring(root, encoding="unicode", short_empty_elements=True).strip().replace(" />", "/>")


def _plain_attributes(element: ET.Element) -> None:
    """Turn ``style`` into attributes, which a style sheet may override, and shorten numbers."""
    style = element.attrib.pop("style", "")
    for part in filter(None, (piece.strip() for piece in style.split(";"))):
        name, _, value = (piece.strip() for piece in part.partition(":"))
        if name not in _DROPPED and (name, value) not in _SAID_ELSEWHERE:
            element.set(name, value)
    if _LINK in element.attrib:
        element.set("href", element.attrib.pop(_LINK))
    if "d" in element.attrib:
        # Marks are small shapes drawn many times: a tenth of a point would show in them.
        element.set("d", short_path(element.attrib["d"], 2 if "id" in element.attrib else 1))
    if _ROTATION.match(element.get("transform", "")):
        del element.attrib["transform"]
    for name in ("x", "y", "width", "height", "transform", "stroke-dasharray", "stroke-width"):
        if name in element.attrib:
            element.set(name, short_numbers(element.attrib[name], 1))
    element.text = element.text if element.tag == "text" else None
    element.tail = None


def _clip_boxes(root: ET.Element) -> dict[str, Box]:
    """The rectangles that parts are clipped to, by id."""
    boxes = {}
    for clip in root.iter("clipPath"):
        for rect in clip.iter("rect"):
            x, y, width, height = (float(rect.get(name, "0")) for name in ("x", "y", "width", "height"))
            boxes[clip.get("id", "")] = (x, y, x + width, y + height)
    return boxes


def _tidy(element: ET.Element, boxes: dict[str, Box], box: Box | None) -> None:
    """Drop what cannot be seen, groups that say nothing and clips that cut nothing."""
    children: list[ET.Element] = []
    for child in list(element):
        if child.tag in ("style", "metadata") or _is_unseen(child):
            continue
        _tidy(child, boxes, box)
        clip = _REFERENCE.match(child.get("clip-path", ""))
        if clip and clip[1] in boxes and all(_inside(part, boxes[clip[1]]) for part in child.iter()):
            del child.attrib["clip-path"]
        if child.tag in ("g", "defs") and not len(child):
            continue
        if child.tag == "g" and not set(child.attrib) - {"id"}:
            # Grid lines of an axis lie under its labels anyway; side by side they can be written once.
            is_axis = child.get("id", "").startswith("matplotlib.axis")
            children.extend(sorted(child, key=lambda part: part.tag == "text") if is_axis else child)
        else:
            children.append(child)
    element[:] = children


def _is_unseen(element: ET.Element) -> bool:
    """The figure's and the axes' own transparent grounds."""
    return (
        element.tag == "path"
        and element.get("fill") == "none"
        and "stroke" not in element.attrib
        and "id" not in element.attrib
    )


def _inside(element: ET.Element, box: Box) -> bool:
    """Whether a shape stays inside a box, give or take half a line's width."""
    if element.tag == "path":
        points = points_of(element.get("d", ""))
    elif element.tag in ("use", "text", "rect", "image"):
        points = [(float(element.get("x", "0")), float(element.get("y", "0")))]
    else:
        return True
    return all(
        box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1 for x, y in points if element.tag != "image"
    )


def _rename_ids(root: ET.Element, prefix: str) -> None:
    """Number the ids that something refers to, and drop the others with what only they name."""
    used: dict[str, str] = {}
    for element in root.iter():
        for value in element.attrib.values():
            found = _REFERENCE.search(value)
            name = found[1] if found else value[1:] if value.startswith("#") and element.get("href") == value else ""
            if name:
                used.setdefault(name, f"{prefix}{len(used)}")
    for element in root.iter():
        for name, value in list(element.attrib.items()):
            if name == "id":
                _set_or_drop(element, used.get(value))
            elif name == "href":
                element.set(name, f"#{used[value[1:]]}")
            elif value.startswith("url("):
                element.set(name, f"url(#{used[_REFERENCE.match(value)[1]]})")  # type: ignore[index]  # set above
    _drop_unused(root)


def _set_or_drop(element: ET.Element, name: str | None) -> None:
    if name is None:
        del element.attrib["id"]
    else:
        element.set("id", name)


def _drop_unused(root: ET.Element) -> None:
    """Clips and marks that nothing refers to any more, and groups left without a meaning."""
    for parent in list(root.iter()):
        parent[:] = [
            child
            for child in parent
            if not (child.tag in ("clipPath", "pattern") and "id" not in child.attrib)
            and not (child.tag == "defs" and not any("id" in part.attrib for part in child))
        ]


def _look(element: ET.Element) -> tuple[tuple[str, str], ...]:
    """The attributes that say how a shape looks, as opposed to where it is."""
    return tuple(sorted(pair for pair in element.attrib.items() if pair[0] not in _PLACE))


def _join_lines(parent: ET.Element) -> None:
    """Write neighbouring lines that look the same as one path; opaque strokes cannot tell the difference."""
    joined: list[ET.Element] = []
    for child in parent:
        before = joined[-1] if joined else None
        if before is not None and _is_line(child) and _is_line(before) and _look(child) == _look(before):
            before.set("d", before.get("d", "") + child.get("d", ""))
        else:
            joined.append(child)
    parent[:] = joined


def _is_line(element: ET.Element) -> bool:
    return (
        element.tag == "path"
        and element.get("fill") == "none"
        and not {"stroke-opacity", "opacity", "id", "stroke-dasharray"} & set(element.attrib)
    )


def _share_attributes(parent: ET.Element) -> None:
    """Say once, on a group, how three or more neighbours look."""
    if parent.tag not in ("svg", "g"):
        return
    shared: list[ET.Element] = []
    for (tag, look), run in groupby(list(parent), key=lambda child: (child.tag, _look(child))):
        same = list(run)
        if len(same) < 3 or tag not in ("path", "use", "text") or not look or "id" in dict(look):
            shared.extend(same)
            continue
        group = ET.Element("g", dict(look))
        for child in same:
            for name, _ in look:
                del child.attrib[name]
        group[:] = same
        shared.append(group)
    parent[:] = shared
