"""The filter over a table's rows in a real browser: what it finds, and what it says it cannot see."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from salesops_lib.parameters import Duties
from salesops_lib.reporting.blocks.actions import actions_block, todos_of
from salesops_lib.reporting.blocks.headlines import Shown
from salesops_lib.reporting.blocks.section import Section, section_block
from salesops_lib.reporting.notebooks.page import convert_notebook
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import Action, Finding
from tests.reporting.browsers import browser
from tests.reporting.samples import output_of, sample_parameters

pytestmark = pytest.mark.browser
DESK, PHONE = 1280, 390
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SEARCHED = "Searches the 20 rows shown of 1,234; all are in the CSV. Sorting orders these rows only."


def deals(n: int) -> pd.DataFrame:
    """Deals of two owners; every seventh is Bo's."""
    numbers = range(n)
    return pd.DataFrame(
        {
            "deal": [f"D{number:04}" for number in numbers],
            "owner": ["Ana" if number % 7 else "Bo" for number in numbers],
            "won_amount": [1000.0 * number for number in numbers],
        }
    )


def blocks(folder: Path):
    """A table that is whole on the page, one of which the page shows the first rows, and a long list of actions."""
    view = TableView(first=20)
    found = Finding("Deals", "All of them.")
    yield section_block(Section("whole", "Whole", found, deals(60)), notebook="01_sample")
    yield section_block(Section("cut", "Cut", found, deals(1234), view=view), notebook="01_sample")
    shown = [
        Shown(f"s{place}", "S", Finding("T", "W", action=Action(f"Do {place:02}", "Ana", date(2026, 10, 9), "Rule.")))
        for place in range(15)
    ]
    yield actions_block(todos_of(shown, [], Duties(sample_parameters(folder), date(2026, 9, 30))))


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    """These blocks as a page."""
    folder = tmp_path_factory.mktemp("filter")
    cells = [new_code_cell("x", outputs=[output_of(block)]) for block in blocks(folder / "parameters")]
    nbformat.write(new_notebook(cells=cells), folder / "01_sample.ipynb")
    path = folder / "01_sample.html"
    path.write_text(convert_notebook(folder / "01_sample.ipynb", pack=[], previous_href=None).html, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def running():
    """One browser for all tests."""
    with browser() as started:
        yield started


@pytest.fixture
def visit(running, page):
    """Opens the page; closes what it opened."""
    opened = []

    def _visit(width: int = DESK, **options):
        context = running.new_context(viewport={"width": width, "height": 700}, **options)
        opened.append(context)
        tab = context.new_page()
        tab.goto(page.as_uri())
        return tab

    yield _visit
    for context in opened:
        context.close()


def box(tab, section: str):
    """The box of a section's filter."""
    return tab.locator(f"#{section}").get_by_label("Filter rows")


def visible(tab, section: str) -> list[str]:
    """First cells of the rows in sight."""
    return tab.locator(f"#{section} tbody tr:visible > :first-child").all_inner_texts()


def said(tab, section: str) -> str:
    """What the filter says it found."""
    return tab.locator(f"#{section} .so-filter [role=status]").inner_text()


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_match_far_below_the_first_screen_is_found_and_counted(visit, width):
    """All rows that are on the page are searched, in sight or not."""
    tab = visit(width)
    box(tab, "whole").fill("d0059")

    assert visible(tab, "whole") == ["D0059"]
    assert said(tab, "whole") == "1 of 60 rows matches."


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_where_the_page_shows_the_first_rows_only_the_filter_says_so(visit, width):
    """The words stand beside the box before anything is typed, lead to all rows, and the count keeps to what was searched."""
    tab = visit(width)
    note = tab.locator("#cut .so-filter", has_text="Searches")

    assert SEARCHED in note.inner_text()
    assert note.locator("a[download]").get_attribute("href") == "tables/01_sample/cut.csv"
    box(tab, "cut").fill("Bo")
    assert said(tab, "cut") == "3 of 20 rows shown match."
    assert SEARCHED in note.inner_text()
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_where_the_page_shows_all_rows_nothing_is_said_before_a_search(visit):
    """There is nothing that the filter could miss."""
    assert visit().locator("#whole .so-filter").inner_text().strip() == "Filter rows"


def test_a_row_that_the_page_does_not_show_is_not_passed_off_as_absent(visit):
    """No match among the rows shown says nothing of the others, and the words stand by it."""
    tab = visit()
    box(tab, "cut").fill("D1200")

    assert visible(tab, "cut") == []
    assert said(tab, "cut") == "0 of 20 rows shown match."
    assert tab.get_by_text(SEARCHED).is_visible()


def test_clearing_the_filter_brings_all_rows_back(visit):
    """An empty box hides nothing and counts nothing."""
    tab = visit()
    box(tab, "whole").fill("Bo")
    assert len(visible(tab, "whole")) == 9
    box(tab, "whole").fill("")

    assert len(visible(tab, "whole")) == 60
    assert said(tab, "whole") == ""


def test_sorting_keeps_the_filter_and_the_filter_keeps_the_order(visit):
    """Either works on what the other left."""
    tab = visit()
    box(tab, "cut").fill("Bo")
    tab.locator("#cut thead th", has_text="Won").locator("[role=button]").click()
    assert visible(tab, "cut") == ["D0014", "D0007", "D0000"]
    assert said(tab, "cut") == "3 of 20 rows shown match."

    box(tab, "cut").fill("Ana")
    assert visible(tab, "cut")[:2] == ["D0019", "D0018"]


def test_the_filter_speaks_to_keyboard_and_screen_reader(visit):
    """The box has a label and is described by what it searches; the count is read out when it changes."""
    tab = visit()
    field = box(tab, "cut")
    described = field.get_attribute("aria-describedby")

    assert tab.locator(f"#{described}").inner_text() == SEARCHED
    assert tab.locator("#cut .so-filter [role=status]").get_attribute("aria-live") == "polite"
    field.focus()
    tab.keyboard.type("bo")
    assert said(tab, "cut") == "3 of 20 rows shown match."
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "the CSV"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_of_level_a_or_aa(visit, scheme):
    """Contrast, names and roles hold with the words and a count in place."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    tab = visit(color_scheme=scheme)
    box(tab, "cut").fill("Bo")

    found = axe.Axe().run(tab, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]

    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == []


def test_a_filter_hides_rows_on_a_phone_as_well(visit):
    """The list of actions stands as blocks there, which once showed the rows that the filter had hidden."""
    tab = visit(PHONE)
    box(tab, "actions").fill("Do 07")

    assert visible(tab, "actions") == ["Do 07"]


def test_paper_shows_every_row_whatever_the_filter_says(visit):
    """A print would otherwise lack rows without a word, as the filter is not on it."""
    tab = visit()
    box(tab, "whole").fill("Bo")
    tab.emulate_media(media="print")

    assert len(visible(tab, "whole")) == 60
    assert not tab.locator(".so-filter").first.is_visible()
