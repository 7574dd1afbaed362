"""The pack's first page and the index over months in a real browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from salesops_lib.reporting.notebooks.execution import Failure
from salesops_lib.reporting.pack.files import write_pack
from salesops_lib.reporting.pack.front_page import pack_page
from salesops_lib.reporting.pack.months import write_months_index
from tests.reporting.browsers import browser
from tests.reporting.packs import contents_in

pytestmark = pytest.mark.browser
DESK, PHONE = 1280, 390
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def running():
    """One browser for all tests."""
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A failed pack with everything on its first page, and the index that lists it."""
    folder = tmp_path_factory.mktemp("overview")
    contents = contents_in(folder, "01_performance_visibility", "02_rep_comparison", keeps_whole=True)
    first, second = contents.reports
    failed = replace(second, result=replace(second.result, failure=Failure("cell", "`x` is missing", 4, "Win rates")))
    contents = replace(contents, reports=[first, failed], previous_label="2026-08")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("salesops_lib.reporting.pack.files.find_browser", lambda: None)
        write_pack(folder / "pack", contents, seconds=lambda: 1.0)
    page = pack_page(contents, files=["tables.xlsx", "report.pdf", "digest.eml", "quarantine.csv", "run.json"])
    (folder / "pack" / "index.html").write_text(page, encoding="utf-8")
    return {"pack": folder / "pack" / "index.html", "months": write_months_index(folder)}


@pytest.fixture
def visit(running, pages):
    """Opens a page; closes what it opened."""
    opened = []

    def _visit(name: str, width: int, scheme: str = "light", **options):
        context = running.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        opened.append(context)
        tab = context.new_page()
        tab.asked = []
        tab.on("request", lambda request: tab.asked.append(request.url))
        tab.goto(pages[name].as_uri())
        return tab

    yield _visit
    for context in opened:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("name", ["pack", "months"])
def test_axe_finds_nothing_of_level_a_or_aa(visit, name, width, scheme):
    """Contrast, names, roles and structure hold at both widths, light and dark."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    tab = visit(name, width, scheme)

    found = axe.Axe().run(tab, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]

    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("name", ["pack", "months"])
def test_page_asks_for_itself_only_and_never_scrolls_sideways(visit, pages, name, width):
    """One request, for the file; the text fits the screen."""
    tab = visit(name, width)
    assert tab.asked == [pages[name].as_uri()]
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ["pack", "months"])
def test_page_reads_without_a_script(visit, name):
    """Everything is there with scripts switched off."""
    tab = visit(name, DESK, java_script_enabled=False)
    assert "Performance visibility" in tab.locator("main").inner_text()
