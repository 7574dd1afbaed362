"""Pages in a real browser: accessible, self-contained, no sideways scroll, whole without a script, fit for paper."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from salesops_lib import theme
from salesops_lib.reporting.charts.svg import page_svg
from salesops_lib.reporting.notebooks.page import convert_notebook
from tests.reporting.browsers import browser
from tests.reporting.samples import PACK, write_sample

pytestmark = pytest.mark.browser
DESK, PHONE = 1280, 390
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def running():
    """One browser for all tests."""
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    """The sample report's page as a file."""
    folder = tmp_path_factory.mktemp("pack")
    page = convert_notebook(write_sample(folder), pack=PACK, previous_href="../2026-08/02_rep_comparison.html")
    path = folder / "02_rep_comparison.html"
    path.write_text(page.html, encoding="utf-8")
    return path


@pytest.fixture
def visit(running, report):
    """Opens the report; closes what it opened."""
    opened = []

    def _visit(width: int = DESK, scheme: str = "light", **options):
        context = running.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        opened.append(context)
        tab = context.new_page()
        tab.asked = []
        tab.complaints = []
        tab.on("request", lambda request: tab.asked.append(request.url))
        tab.on("console", lambda message: tab.complaints.append(message.text) if message.type == "error" else None)
        tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.goto(report.as_uri())
        return tab

    yield _visit
    for context in opened:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_axe_finds_nothing_of_level_a_or_aa(visit, width, scheme):
    """Contrast, names, roles and structure hold at both widths, light and dark, with everything unfolded."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    tab = visit(width, scheme)
    tab.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")

    found = axe.Axe().run(tab, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]

    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_page_asks_for_itself_only_and_complains_about_nothing(visit, report, width):
    """No request beyond the file, no script error."""
    tab = visit(width)

    assert [url for url in tab.asked if not url.startswith("data:")] == [report.as_uri()]
    assert tab.complaints == []


@pytest.mark.parametrize("width", [DESK, 1024, 760, PHONE, 320])
def test_the_page_never_scrolls_sideways(visit, width):
    """Wide tables scroll inside their own region; the page does not, folded or unfolded."""
    tab = visit(width)
    tab.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")

    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("width", "shown", "hidden"), [(DESK, "so-wide", "so-narrow"), (PHONE, "so-narrow", "so-wide")]
)
def test_each_width_shows_its_own_drawing(visit, width, shown, hidden):
    """One scaled chart would be unreadable on a phone: its text is at least 11 px high on both."""
    tab = visit(width)

    assert tab.locator(f".{shown}").first.is_visible()
    assert not tab.locator(f".{hidden}").first.is_visible()
    heights = tab.evaluate(
        f"[...document.querySelectorAll('.{shown} text')].map(text => text.getBoundingClientRect().height)"
    )
    assert min(heights) >= 11


def test_everything_is_there_without_javascript(visit):
    """Sorting and filtering are extras: text, charts, tables and folds work without them."""
    tab = visit(java_script_enabled=False)

    assert tab.locator("h2").count() >= 6
    assert tab.locator(".so-wide").first.is_visible()
    assert tab.locator("#rep_table tbody tr").count() == 24
    assert tab.locator("#rep_table input").count() == 0
    tab.locator("#bookings_by_month summary").click()
    assert tab.locator("#bookings_by_month table").is_visible()


def first_cells(tab, column: int = 1) -> list[str]:
    """The first three cells of a column of the long table."""
    return tab.locator(f"#rep_table tbody tr:visible > :nth-child({column})").all_inner_texts()[:3]


def test_a_header_sorts_by_its_figures_and_says_so(visit):
    """Money sorts as money, missing values stay last, and the state is announced; keys work like the mouse."""
    tab = visit()
    header = tab.locator("#rep_table thead th", has_text="Bookings")
    header.locator("[role=button]").click()
    assert header.get_attribute("aria-sort") == "descending"
    assert first_cells(tab) == ["Rep 00", "Rep 01", "Rep 02"]
    header.locator("[role=button]").press("Enter")
    assert header.get_attribute("aria-sort") == "ascending"
    assert first_cells(tab) == ["Rep 23", "Rep 22", "Rep 21"]

    attainment = tab.locator("#rep_table thead th", has_text="Attainment").locator("[role=button]")
    attainment.click()
    attainment.click()
    assert first_cells(tab)[0] == "Rep 22"
    assert tab.locator("#rep_table tbody tr:last-child > :first-child").inner_text() == "Rep 23"


def test_the_filter_shows_the_rows_that_match(visit):
    """A long table can be narrowed to a team."""
    tab = visit()
    tab.get_by_label("Filter rows").first.fill("enterprise")

    assert tab.locator("#rep_table tbody tr:visible").count() == 6


def test_a_link_to_evidence_lands_on_its_section(visit):
    """The headline's link brings the section into view."""
    tab = visit()
    tab.locator('.so-headlines a[href="#win_rate_by_rep"]').click()
    tab.wait_for_function("Math.abs(document.getElementById('win_rate_by_rep').getBoundingClientRect().top) < 60")


def test_dark_swaps_the_charts_colours_and_keeps_them_on_paper(visit):
    """The same hex in the file is light blue on a dark screen and dark blue in print."""
    tab = visit(scheme="dark")
    read = "getComputedStyle(document.querySelector('.so-wide [fill=\"#1f4e79\"]')).fill"

    assert tab.evaluate(read) == "rgb(143, 189, 234)"
    tab.emulate_media(media="print")
    assert tab.evaluate(read) == "rgb(31, 78, 121)"


def test_rewriting_a_drawing_changes_nothing_to_see(running):
    """Marks, hatches, clips, dashes and tints look as matplotlib drew them, in two thirds of the bytes."""
    from PIL import Image, ImageChops, ImageStat

    original = drawing_without_text()
    rewritten = page_svg(original, prefix="x", css_class="so-wide")
    tab = running.new_page(viewport={"width": 900, "height": 320})
    seen = []
    for markup in (original[original.index("<svg") :], rewritten):
        style = "svg{width:900px;height:320px;display:block}" + (
            "" if markup is rewritten else "*{stroke-linecap:butt}"
        )
        tab.set_content(f"<style>body{{margin:0;stroke-linejoin:round}}{style}</style>{markup}")
        seen.append(Image.open(io.BytesIO(tab.screenshot())).convert("L"))
    tab.close()
    difference = ImageChops.difference(*seen)

    assert ImageStat.Stat(seen[0]).stddev[0] > 20
    # Rounding to a tenth of a point, and hatches drawn as lines, shift edges by a fraction of a pixel; a lost shape
    # would show ten times as much.
    assert ImageStat.Stat(difference).mean[0] < 1.5
    assert len(rewritten) < len(original) / 1.5


def drawing_without_text() -> str:
    """One figure with every kind of shape, as matplotlib writes it."""
    with theme.chart_style(theme.WIDE):
        ax = theme.axes(height=3.2)
        x = np.arange(12)
        ax.bar(x, x + 1, color=theme.ACTUAL)
        ax.bar(x + 12, x + 1, facecolor="none", edgecolor=theme.ACTUAL, hatch=theme.HATCH)
        ax.plot(x, 12 - x, "o--", color=theme.BAD)
        ax.scatter(x, x * 1.5, marker="^", color=theme.GOOD, alpha=0.6)
        ax.fill_between(x, x, x + 3, color=theme.PALE, alpha=0.5)
        ax.hlines(x, x - 0.4, x + 0.4, color=theme.TARGET)
        ax.errorbar(x, x + 2, yerr=1, color=theme.MUTED, fmt="s", capsize=3)
        ax.set(ylim=(0, 9), xticklabels=[], yticklabels=[])
        text = io.StringIO()
        ax.figure.savefig(text, format="svg")
        plt.close(ax.figure)
    return text.getvalue()


def test_it_prints_on_a4_with_page_numbers_and_no_controls(visit, tmp_path):
    """Navigation, filters and folded data stay off the paper; parameters are on it."""
    tab = visit()
    tab.pdf(path=str(tmp_path / "report.pdf"), prefer_css_page_size=True, print_background=True)
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    tab.emulate_media(media="print")

    assert not tab.locator(".so-bar-top").is_visible()
    assert not tab.locator(".so-filter").first.is_visible()
    assert not tab.locator("#bookings_by_month summary").is_visible()
    assert tab.locator(".so-wide").first.is_visible()


def test_paper_repeats_headers_and_numbers_pages(visit, tmp_path):
    """A table that goes on over the page starts with its headers again; the foot says which page it is."""
    try:
        subprocess.run(["pdftotext", "-v"], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("pdftotext is not installed")
    tab = visit()
    tab.pdf(path=str(tmp_path / "report.pdf"), prefer_css_page_size=True, print_background=True)
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "report.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    pages = text.split("\f")[:-1]

    assert text.count("Sales cycle, days") >= 2
    assert all(re.search(rf"{number} ?/ ?{len(pages)}\n", page) for number, page in enumerate(pages, start=1))
    assert all("Northwind" in page for page in pages)
    assert "data fingerprint" in text
    assert "Filter rows" not in text
