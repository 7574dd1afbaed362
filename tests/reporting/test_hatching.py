"""Tests of hatching for paper: lines instead of patterns, cut to their bars."""

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.reporting.charts.hatching import with_drawn_hatches

LINES = '<path d="M-36 36L36 -36M-33 39L39 -33" fill="#1f4e79" stroke="#1f4e79" stroke-width="0.8"/>'
BAR = "M10 50H30V20H10z"


def page(*shapes: str, lines: str = LINES) -> str:
    """A chart with these hatched shapes."""
    paths = "".join(f'<path d="{shape}"/>' for shape in shapes)
    return (
        f'<svg><g fill="url(#p-w0)" stroke="#1f4e79">{paths}</g><g fill="#8496a8"><path d="M0 1H2V3z"/></g>'
        f'<defs><pattern id="p-w0" width="72"><rect fill="none"/>{lines}</pattern></defs></svg>'
    )


def ends_of_lines(made: str) -> list[tuple[float, float]]:
    """Both ends of every line drawn."""
    path = re.search(r'<path d="([^"]*)" fill="none" stroke="#1f4e79" stroke-width="0.8"/>', made)[1]
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](\S+?) (\S+?)(?=[ML]|$)", path)]


def test_bar_keeps_its_outline_and_gets_lines():
    """The pattern's fill goes; the outline, the colour and everything else stay."""
    made = with_drawn_hatches(page(BAR))
    assert 'fill="url(#p-w0)"' not in made
    assert f'<g fill="none" stroke="#1f4e79"><path d="{BAR}"/></g>' in made
    assert '<g fill="#8496a8"><path d="M0 1H2V3z"/></g>' in made
    assert len(ends_of_lines(made)) == 16


@settings(max_examples=50)
@given(st.tuples(*[st.integers(0, 900)] * 2, *[st.integers(1, 300)] * 2))
def test_lines_stay_inside_their_bar(box):
    """Every line begins and ends on the bar, and all rise to the right at one distance."""
    left, top, width, height = box
    made = with_drawn_hatches(page(f"M{left} {top + height}H{left + width}V{top}H{left}z"))
    for x, y in ends_of_lines(made):
        assert left - 0.5 <= x <= left + width + 0.5
        assert top - 0.5 <= y <= top + height + 0.5
        assert (x + y) % 6 == pytest.approx(0, abs=1) or (x + y) % 6 == pytest.approx(6, abs=1)


@pytest.mark.parametrize("shape", ["M0 0L10 0L5 9z", "M0 0L9 0L9 9z", "m1 1h5v5z", "M1 1C2 2 3 3 4 4z"])
def test_what_is_no_bar_stays_as_it_is(shape):
    """A shape that is no upright rectangle keeps its pattern rather than getting wrong lines."""
    assert with_drawn_hatches(page(shape)) == page(shape)


def test_bar_without_height_gets_no_line():
    """A forecast of nothing draws nothing and does not keep its neighbours from being redrawn."""
    assert ends_of_lines(with_drawn_hatches(page("M10 50V50z", BAR))) == ends_of_lines(with_drawn_hatches(page(BAR)))


def test_other_patterns_stay_as_they_are():
    """Dots, crosses and lines the other way are not redrawn."""
    falling = LINES.replace("M-36 36L36 -36", "M-36 -36L36 36")
    assert with_drawn_hatches(page(BAR, lines=falling)) == page(BAR, lines=falling)


def test_real_chart_is_redrawn():
    """What the kit's own charts make of a forecast is understood."""
    import matplotlib.pyplot as plt

    from salesops_lib import theme
    from salesops_lib.reporting.charts.svg import page_svg

    paper = io.StringIO()
    with theme.chart_style():
        ax = theme.axes(height=2)
        ax.bar([0, 1], [2, 3], facecolor="none", edgecolor=theme.ACTUAL, hatch=theme.HATCH)
        ax.figure.savefig(paper, format="svg")
        plt.close(ax.figure)
    chart = page_svg(paper.getvalue(), prefix="c", css_class="wide")
    assert "url(#" in chart
    assert 'fill="url(#' not in with_drawn_hatches(chart)
