"""Tests of hatching: lines instead of patterns, cut to what they fill."""

import io
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.reporting.charts.hatching import draw_hatches

LINES = '<path d="M-36 36L36 -36M-33 39L39 -33" fill="#1f4e79" stroke="#1f4e79" stroke-width="0.8"/>'
BAR = "M10 50H30V20H10z"


def chart(shape: str, lines: str = LINES, ground: str = "none") -> ET.Element:
    """A chart with a hatched shape."""
    return ET.fromstring(
        f'<svg><g><path d="{shape}" fill="url(#p-w0)" stroke="#1f4e79"/><path d="M0 1H2V3z" fill="#8496a8"/></g>'
        f'<defs><pattern id="p-w0" width="72"><rect fill="{ground}"/>{lines}</pattern></defs></svg>'
    )


def drawn(shape: str, **look: str) -> list[ET.Element]:
    """The shapes of that chart after its hatches are drawn."""
    root = chart(shape, **look)
    draw_hatches(root)
    return list(root[0])


def ends_of_lines(shape: str) -> list[tuple[float, float]]:
    """Both ends of every line drawn."""
    found = [each.get("d") for each in drawn(shape) if each.get("stroke-width") == "0.8"]
    lines = [map(float, line) for d in found for line in re.findall(r"M(\S+) (\S+?)l(\S+?)-(\S+?)(?=M|$)", d)]
    return [end for x, y, right, up in lines for end in ((x, y), (x + right, y - up))]


def test_bar_keeps_its_outline_and_gets_lines():
    """The pattern's fill goes; the outline and its neighbour stay as they are."""
    bar, lines, other = drawn(BAR)
    assert bar.attrib == {"d": BAR, "fill": "none", "stroke": "#1f4e79"}
    assert lines.get("stroke") == "#1f4e79"
    assert other.attrib == {"d": "M0 1H2V3z", "fill": "#8496a8"}
    assert len(ends_of_lines(BAR)) == 16


def test_a_filled_bar_keeps_its_colour_under_the_lines():
    """Matplotlib puts the bar's colour into the pattern."""
    assert drawn(BAR, ground="#8496a8")[0].get("fill") == "#8496a8"


@settings(max_examples=50)
@given(st.tuples(*[st.integers(0, 900)] * 2, *[st.integers(1, 300)] * 2))
def test_lines_stay_inside_their_bar(box):
    """Every line begins and ends on the bar, and all rise to the right at one distance."""
    left, top, width, height = box
    for x, y in ends_of_lines(f"M{left} {top + height}H{left + width}V{top}H{left}z"):
        assert left - 0.5 <= x <= left + width + 0.5
        assert top - 0.5 <= y <= top + height + 0.5
        assert (x + y) % 6 == pytest.approx(0, abs=1) or (x + y) % 6 == pytest.approx(6, abs=1)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=3, max_size=3, unique=True))
def test_lines_of_a_triangle_cover_its_area(corners):
    """The lines' lengths times their distance make up the area, give or take the ends."""
    (ax, ay), (bx, by), (cx, cy) = corners
    area = abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2
    ends = ends_of_lines(f"M{ax} {ay}L{bx} {by}L{cx} {cy}z")
    # A line from x to x' has the length of their difference along the other axis: a strip of width 6.
    covered = 6 * sum(abs(end[0] - start[0]) for start, end in zip(ends[::2], ends[1::2], strict=True))
    assert covered == pytest.approx(area, abs=6 * 200)


@pytest.mark.parametrize("shape", ["M1 1C2 2 3 3 4 4z", ""])
def test_a_curve_keeps_its_pattern(shape):
    """A shape that is not made of straight lines keeps its pattern rather than getting wrong lines."""
    assert drawn(shape)[0].get("fill") == "url(#p-w0)"


def test_a_bar_that_reaches_far_out_is_hatched_where_it_can_be_seen():
    """A forecast of a thousand times what was booked must not draw a thousand times the lines."""
    ends = ends_of_lines("M-482000 50H100V20H-482000z")
    assert all(0 <= x <= 100 and 20 <= y <= 50 for x, y in ends)
    assert 20 < len(ends) < 60


def test_bar_without_height_gets_no_line():
    """A forecast of nothing draws nothing."""
    assert ends_of_lines("M10 50V50z") == []


def test_other_patterns_stay_as_they_are():
    """Dots, crosses and lines the other way are not redrawn."""
    falling = LINES.replace("M-36 36L36 -36", "M-36 -36L36 36")
    assert drawn(BAR, lines=falling)[0].get("fill") == "url(#p-w0)"


@pytest.mark.parametrize("kind", ["bar", "area"])
def test_real_chart_is_drawn_without_a_pattern(kind):
    """What the kit's own charts make of a forecast is understood, and its pattern goes."""
    import matplotlib.pyplot as plt

    from salesops_lib import theme
    from salesops_lib.reporting.charts.svg import page_svg

    paper = io.StringIO()
    with theme.chart_style():
        ax = theme.axes(height=2)
        look = {"facecolor": "none", "edgecolor": theme.ACTUAL, "hatch": theme.HATCH}
        ax.bar([0, 1], [2, 3], **look) if kind == "bar" else ax.fill_between([0, 1, 2], [1, 2, 1], [2, 4, 5], **look)
        ax.figure.savefig(paper, format="svg")
        plt.close(ax.figure)
    assert "url(#" in paper.getvalue()
    made = page_svg(paper.getvalue(), prefix="c", css_class="wide")
    assert "pattern" not in made
    assert 'stroke-width="0.8"' in made
