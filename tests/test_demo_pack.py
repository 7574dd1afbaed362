"""The demo company's pack for September 2026, made by the command and opened in a browser."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reporting.browsers import browser

ROOT = Path(__file__).parent.parent
PAGES = [
    "index",
    "00_playbook",
    "01_performance_visibility",
    "02_rep_comparison",
    "03_forecasting",
    "04_comp_design",
    "05_tool_evaluation",
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
each_page = pytest.mark.parametrize("page", PAGES)


@pytest.fixture(scope="session")
def pack(tmp_path_factory) -> Path:
    """The month's folder, as `make monthly-report` writes it."""
    out = tmp_path_factory.mktemp("reports")
    command = [sys.executable, "-m", "salesops_lib", "report", "--month", "2026-09", "--out", str(out), "--quiet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "CI": "true"})
    assert done.returncode == 0, done.stdout + done.stderr
    return out / "2026-09"


@pytest.fixture(scope="module")
def running():
    """One browser for all pages."""
    with browser() as started:
        yield started


@pytest.fixture
def visit(running, pack):
    """Opens a page of the pack at a width."""
    contexts = []

    def _visit(page: str, width: int = 1280, scheme: str = "light"):
        context = running.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        tab = context.new_page()
        tab.asked = []
        tab.on("request", lambda request: tab.asked.append(request.url))
        tab.goto((pack / f"{page}.html").as_uri())
        return tab

    yield _visit
    for context in contexts:
        context.close()


def test_the_pack_holds_every_file_of_the_contract(pack):
    """Pages, notebooks as executed, tables, workbook, digest and the run's record."""
    assert all((pack / f"{page}.html").is_file() for page in PAGES)
    assert sorted(path.stem for path in (pack / "notebooks").glob("*.ipynb")) == PAGES[1:]
    assert all((pack / name).is_file() for name in ("tables.xlsx", "digest.eml", "run.json"))
    assert (pack.parent / "index.html").is_file()
    assert all(any((pack / "tables" / name).glob("*.csv")) for name in PAGES[1:])


def test_no_file_of_the_pack_names_a_folder_of_this_machine(pack):
    """A pack travels: neither pages nor notebooks nor the record say where it was made."""
    marks = (str(ROOT), str(Path.home()), str(pack.parent))
    for path in pack.rglob("*"):
        if path.suffix in {".html", ".ipynb", ".json", ".csv", ".eml"}:
            text = path.read_text(encoding="utf-8", errors="ignore")
            assert not [mark for mark in marks if mark in text], path.name


def test_the_comp_page_names_no_seller(pack, demo_crm):
    """Pay never stands beside a name: not on the page, in its notebook or in its tables."""
    names = set(demo_crm.fetch(demo_crm.reps.filter(demo_crm.reps.role != "manager").select("name"))["name"])
    files = [pack / "04_comp_design.html", pack / "notebooks" / "04_comp_design.ipynb"]
    files += list((pack / "tables" / "04_comp_design").glob("*.csv"))
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not [name for name in names if name in text], path.name


def test_the_record_says_what_the_run_was_made_of(pack):
    """Parameters, versions, fingerprint, row counts, checks and seconds per notebook."""
    record = json.loads((pack / "run.json").read_text(encoding="utf-8"))

    assert {each["name"] for each in record["notebooks"]} == set(PAGES[1:])
    assert "fingerprint" in json.dumps(record)


def test_tables_are_complete_csv_files(pack):
    """Every table shown is there with all its rows, one width each."""
    for path in (pack / "tables").rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert rows, path.name
        assert {len(row) for row in rows} == {len(rows[0])}, path.name


@pytest.mark.browser
@each_page
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_of_level_a_or_aa(visit, page, width):
    """Everything unfolded, desk and phone."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    tab = visit(page, width)
    tab.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")

    found = axe.Axe().run(tab, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]

    assert [(each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in found] == []


@pytest.mark.browser
@each_page
def test_a_page_asks_for_nothing_but_itself(visit, pack, page):
    """Self-contained: it opens on a train."""
    tab = visit(page)

    assert [url for url in tab.asked if not url.startswith("data:")] == [(pack / f"{page}.html").as_uri()]


@pytest.mark.browser
@each_page
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_never_scrolls_sideways(visit, page, width):
    """Wide tables scroll inside their own region."""
    tab = visit(page, width)
    tab.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")

    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
@each_page
def test_a_page_prints(visit, page):
    """It becomes a PDF of A4 pages."""
    assert visit(page).pdf(format="A4").startswith(b"%PDF-")


@pytest.mark.browser
@pytest.mark.parametrize("page", PAGES[1:])
def test_each_chart_is_drawn_once_for_each_width(visit, page):
    """As many wide drawings as narrow ones, and at least one a report: no figure is lost or doubled."""
    tab = visit(page)
    wide, narrow = (tab.locator(f".so-chart svg.{name}").count() for name in ("so-wide", "so-narrow"))

    assert wide == narrow
    assert wide >= 1
