"""Charts: two drawings of one figure, small, with real text, ids of their own and an HTML legend."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from salesops_lib import theme
from salesops_lib.reporting.charts.chart import write_chart
from salesops_lib.reporting.templates.markup import without_controls
from salesops_lib.reporting.templates.style import page_style


def bars(n: int = 12):
    """A chart with every kind of mark that the kit uses."""
    n = 7 if theme.is_narrow() else n
    place, values = np.arange(n), np.linspace(1e6, 2e6, n)
    ax = theme.axes(height=3)
    ax.bar(place, values, label="Bookings", color=theme.ACTUAL)
    ax.bar([n], [1.5e6], facecolor="none", edgecolor=theme.ACTUAL, hatch=theme.HATCH, label="Forecast")
    ax.hlines(values, place - 0.4, place + 0.4, color=theme.TARGET, label="Target <goal>")
    ax.plot(place, values, "o--", color=theme.GOOD, label="Pace")
    ax.fill_between(place, values * 0.9, values * 1.1, color=theme.PALE, alpha=0.5, label="Interval")
    ax.set_title("A title that the finding says already")
    ax.annotate("$2M of $3M & <more>", (0, 1e6))
    theme.as_money(ax.yaxis)
    ax.legend()
    return ax


def chart() -> str:
    """The chart's HTML."""
    return write_chart(bars, name="bookings", alt='3 of "4" <teams>')


def svgs(html: str) -> list[ET.Element]:
    """The drawings, parsed; fails where one is not well formed."""
    return [ET.fromstring(found) for found in re.findall(r'<svg class="so-(?:wide|narrow)".*?</svg>', html)]


def test_a_chart_is_drawn_wide_and_narrow():
    """Both drawings are there; the narrow one is as wide as a phone and shows less."""
    wide, narrow = svgs(chart())

    assert float(wide.get("viewBox").split()[2]) == pytest.approx(theme.WIDE * 72)
    assert float(narrow.get("viewBox").split()[2]) == pytest.approx(theme.NARROW * 72, abs=0.1)
    assert len(list(narrow.iter("path"))) < len(list(wide.iter("path")))


def test_text_stays_text_and_dollars_are_no_formula():
    """Two dollar signs in one label are two amounts."""
    texts = [element.text for element in svgs(chart())[0].iter("text")]

    assert "$2M of $3M & <more>" in texts
    assert "$500K" in texts


def test_one_picture_with_one_alternative_text():
    """A screen reader gets the finding once, not two drawings."""
    html = chart()

    assert html.count('role="img"') == 1
    assert 'aria-label="3 of &#34;4&#34; &lt;teams&gt;"' in html
    assert all(drawing.get("aria-hidden") == "true" for drawing in svgs(html))


def test_ids_are_unique_and_every_reference_finds_its_own():
    """Two charts on a page never share a clip, a mark or a hatch."""
    html = chart() + write_chart(bars, name="other", alt="x")
    ids = re.findall(r'\bid="([^"]+)"', html)
    references = set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', html))

    assert len(ids) == len(set(ids))
    assert {first or second for first, second in references} == set(ids)
    assert all(name.startswith(("bookings-", "other-")) for name in ids)


def test_the_same_data_gives_the_same_bytes():
    """Nothing random and no date is in a drawing."""
    assert chart() == chart()


def test_a_chart_of_two_drawings_stays_small():
    """Twelve bars with goals, twice, in 16 KB; matplotlib's own SVG of one takes about 20."""
    assert len(chart()) < 16_000


@pytest.mark.parametrize("name", ["a\x00b", "bell\a", "<b>&\"'", "$1 of $2", "\\alpha_{x}", "é漢😀", "]]>", "-->"])
def test_any_name_can_stand_in_a_chart(name):
    """A CRM's text neither breaks a drawing nor becomes markup or a formula."""

    def draw():
        ax = theme.axes(rows=1)
        ax.barh([0], [1], color=theme.ACTUAL)
        ax.set_yticks([0], [name])
        return ax

    wide, _ = svgs(write_chart(draw, name="n", alt=name))

    assert without_controls(name) in [element.text for element in wide.iter("text")]


def test_no_style_leaks_and_colours_are_plain_hex():
    """A drawing holds no style element and no style attribute; colours can be swapped by a style sheet."""
    html = chart()

    assert "<style" not in html
    assert "style=" not in html
    assert f'fill="{theme.ACTUAL}"' in html


def test_every_colour_of_the_theme_has_a_dark_twin_in_the_style_sheet():
    """What a plot may use, the dark page knows."""
    colours = {
        value
        for name, value in vars(theme).items()
        if name.isupper() and isinstance(value, str) and value.startswith("#")
    }

    assert colours == set(theme.DARK)
    assert all(f'[fill="{colour}"]{{fill:{theme.DARK[colour]}}}' in page_style() for colour in colours)


def test_the_legend_is_html_and_the_title_is_gone():
    """The page says both in its own type."""
    html = chart()
    labels = re.findall(r"</svg>([^<]*)</li>", html)

    assert sorted(labels) == ["Bookings", "Forecast", "Interval", "Pace", "Target &lt;goal&gt;"]
    assert "A title that" not in html


def test_a_legend_shows_the_mark_that_the_chart_shows():
    """A triangle, a hollow dot, a tick and a broken line each look like themselves."""

    def draw():
        ax = theme.axes()
        ax.plot([0], [0], "^", color=theme.GOOD, label="triangle")
        ax.plot([0], [1], "o", markerfacecolor="none", markeredgecolor=theme.PREVIOUS, label="hollow")
        ax.plot([0], [2], "|", color=theme.MUTED, label="tick")
        ax.plot([0, 1], [3, 3], "--", color=theme.BAD, label="broken")
        ax.scatter([0, 1, 2], [1, 2, 3], color=theme.ACTUAL, label="dots")
        return ax

    found = re.findall(r'so-key"[^>]*>(.*?)</svg>([a-z]+)</li>', write_chart(draw, name="l", alt="x"))
    keys = {label: mark for mark, label in found}

    assert re.fullmatch(rf'<path d="M9\.0 [\d.]+L[\d. ]+L[\d. ]+z" fill="{theme.GOOD}"/>', keys["triangle"])
    assert f'fill="none" stroke="{theme.PREVIOUS}"' in keys["hollow"]
    assert keys["tick"] == f'<path d="M9.0 10.5L9.0 1.5" fill="none" stroke="{theme.MUTED}" stroke-width="2"/>'
    assert "stroke-dasharray" in keys["broken"]
    assert keys["dots"].startswith("<circle")


def test_neighbours_that_look_the_same_say_so_once():
    """The grid is one path, the bars share one group; a row more costs its place only."""

    def draw(n: int):
        ax = theme.axes(height=3)
        ax.barh(range(n), range(1, n + 1), color=theme.ACTUAL)
        theme.grid(ax, "x")
        return ax

    ten, twenty = (svgs(write_chart(lambda n=n: draw(n), name="s", alt="x"))[0] for n in (10, 20))

    assert len([element for element in ten.iter() if element.get("stroke") == theme.GRID]) == 2
    assert len(ET.tostring(twenty)) - len(ET.tostring(ten)) < 10 * 80


def test_panels_stand_side_by_side_on_a_desk_and_stack_on_a_phone():
    """Small multiples keep their titles and their reading order."""

    def draw():
        left, right = theme.panels(2, rows=3)
        for ax, title in ((left, "Won"), (right, "Lost")):
            ax.barh([0, 1, 2], [3, 2, 1], color=theme.ACTUAL)
            ax.set_title(title)
        return left

    wide, narrow = svgs(write_chart(draw, name="p", alt="x"))
    heights = [float(drawing.get("viewBox").split()[3]) for drawing in (wide, narrow)]

    assert [element.text for element in wide.iter("text") if element.text in ("Won", "Lost")] == ["Won", "Lost"]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)


def test_no_figure_stays_open_and_the_readers_settings_stay_as_they_were():
    """An open figure would be shown a second time; a failing plot leaves none behind either."""
    before = (plt.get_fignums(), dict(mpl.rcParams))

    def fail():
        theme.axes()
        raise ValueError("no")

    chart()
    with pytest.raises(ValueError, match="no"):
        write_chart(fail, name="f", alt="x")

    assert (plt.get_fignums(), dict(mpl.rcParams)) == before
    assert not theme.is_narrow()


def test_a_shape_that_leaves_its_axes_keeps_its_clip():
    """Only clips that cut nothing are dropped."""

    def draw():
        ax = theme.axes()
        ax.plot([0, 1], [0, 10], color=theme.ACTUAL)
        ax.set_ylim(0, 5)
        return ax

    assert 'clip-path="url(#c-w' in write_chart(draw, name="c", alt="x")


def test_rounding_moves_no_bar_by_more_than_a_tenth_of_a_point():
    """The tops of the bars are where matplotlib put them."""

    def draw():
        ax = theme.axes()
        ax.bar(range(4), [1, 2, 3, 4], color=theme.ACTUAL)
        return ax

    (wide, _) = svgs(write_chart(draw, name="b", alt="x"))
    (group,) = [element for element in wide.iter("g") if element.get("fill") == theme.ACTUAL]
    paths = [element.get("d") for element in group]
    bottoms = [float(re.match(r"M[\d.]+ ([\d.]+)", path)[1]) for path in paths]
    tops = [float(re.search(r"V([\d.]+)", path)[1]) for path in paths]
    heights = [bottom - top for bottom, top in zip(bottoms, tops, strict=True)]

    assert heights == pytest.approx([heights[-1] * share for share in (0.25, 0.5, 0.75, 1)], abs=0.11)


def test_a_tick_of_money_carries_no_idle_zeros():
    """$2M, $1.5M and $500K, never $2.00M."""
    with theme.chart_style():
        ax = theme.axes()
        theme.as_money(ax.yaxis)
        write = ax.yaxis.get_major_formatter()
        plt.close()

    assert [write(value, 0) for value in (0, 5e5, 1.5e6, 2e6, 1e7)] == ["$0", "$500K", "$1.5M", "$2M", "$10M"]
