"""Executed notebooks in a real JupyterLab: dollars stay dollars, and columns of tables stay apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from salesops_lib.reporting.blocks.block import MIME
from salesops_lib.reporting.blocks.section import Section, section_block
from salesops_lib.reporting.notebooks.execution import NotebookRun, PapermillEngine
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import Finding
from tests.reporting.browsers import browser
from tests.reporting.labs import lab, write_trusted
from tests.reporting.samples import output_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
WIDTH = 1280
SHIPPED = "04_comp_design"
FORMULAS = "mjx-container, .MathJax"
CONTROL = '<p class="tst-control">$a + b$</p>'
"""A formula that JupyterLab must typeset: once it has, it has looked at the outputs above too."""
SPILT = """() => {
  const spilt = [], range = document.createRange();
  for (const row of document.querySelectorAll(".so-table tr")) {
    for (const cell of row.cells) {
      range.selectNodeContents(cell);
      const text = range.getBoundingClientRect(), box = cell.getBoundingClientRect();
      if (text.width && (text.right > box.right + 1 || text.left < box.left - 1)) spilt.push(cell.textContent);
    }
  }
  return spilt;
}"""
"""The cells of the kit's tables whose text reaches into a neighbour."""


def two_sections() -> Any:
    """Two sections of a tiny company: amounts in title, words and commentary, and a table as wide as it is long-winded."""
    words = Finding("Bookings up $283K on Q3 2025, of it $1.07M by volume", "The month brought $2.32M of $2.10M.")
    wide = pd.DataFrame(
        {
            "account": ["Quillmere & Daughters, wholesale", "Bo's"],
            **{f"amount_{place}": [f"$1,234,567.{place:02} of $2,000,000", "$1 of $2"] for place in range(8)},
        }
    )
    sections = [
        Section("bookings", "Bookings", words, wide, commentary="A deal of $80K slipped; $20K came back."),
        Section("goals", "Goals", words, wide, view=TableView(is_open=True)),
    ]
    cells = [
        new_code_cell(each.name, outputs=[output_of(section_block(each, notebook="01_sample"))]) for each in sections
    ]
    return new_notebook(cells=cells)


def shipped(folder: Path) -> Any:
    """A notebook of the kit, executed on the demo company."""
    run = NotebookRun(
        SHIPPED, ROOT / "notebooks" / f"{SHIPPED}.ipynb", {"parameters": str(ROOT / "parameters")}, folder / "run.ipynb"
    )
    result = PapermillEngine().execute(run, lambda _cell, _cells: None)
    assert result.failure is None
    return nbformat.read(run.target, as_version=4)


@pytest.fixture(scope="module")
def running():
    """One browser for all tests; asked for first, so that nothing is executed where there is none."""
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def tabs(running, tmp_path_factory):
    """Both notebooks open in JupyterLab, every fold unfolded and MathJax done."""
    root = tmp_path_factory.mktemp("lab")
    notebooks = {"01_two_sections": two_sections(), SHIPPED: shipped(root)}
    for name, notebook in notebooks.items():
        control = new_output("display_data", data={"text/html": CONTROL})
        notebook.cells.append(new_code_cell("control", outputs=[control]))
        write_trusted(notebook, root, f"{name}.ipynb")
    with lab(root) as address:
        yield {name: opened(running, address.format(name=name), each) for name, each in notebooks.items()}


def opened(running: Any, address: str, notebook: Any) -> Any:
    """A tab with the notebook, once all its blocks are there and the control is typeset."""
    tab = running.new_page(viewport={"width": WIDTH, "height": 900})
    tab.goto(address)
    tab.locator(f".tst-control :is({FORMULAS})").first.wait_for(state="attached", timeout=120_000)
    blocks = sum(MIME in output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", []))
    tab.wait_for_function(f"document.querySelectorAll('.jp-OutputArea-output .so').length === {blocks}")
    tab.evaluate("document.querySelectorAll('.so details').forEach(fold => { fold.open = true })")
    return tab


each_notebook = pytest.mark.parametrize("notebook", ["01_two_sections", SHIPPED])


@each_notebook
def test_dollars_are_not_typeset_as_formulas(tabs, notebook):
    """MathJax takes what stands between two amounts for a formula, unless it is told to leave the block alone."""
    assert tabs[notebook].locator(f".jp-Notebook :is({FORMULAS})").count() == 1, "the control alone"
    assert "$" in "".join(tabs[notebook].locator(".so").all_inner_texts())


@each_notebook
def test_columns_of_tables_stay_apart(tabs, notebook):
    """JupyterLab makes the columns of every table equally wide, whatever they hold; the kit's go by their text."""
    assert tabs[notebook].locator(".so-table td:visible").count() > 10
    assert tabs[notebook].evaluate(SPILT) == []


def test_row_headers_cover_what_scrolls_below_them(tabs):
    """The first column stays in sight while the others pass, so it needs a ground of its own."""
    ground = "header => getComputedStyle(header).backgroundColor"

    assert tabs["01_two_sections"].locator("#goals tbody th").first.evaluate(ground) == "rgb(255, 255, 255)"
