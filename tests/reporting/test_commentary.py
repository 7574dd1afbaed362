"""Commentary stands beside a section that a notebook shows, or is refused."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from salesops_lib.errors import ParameterError
from salesops_lib.parameters import read_parameters
from salesops_lib.reporting.notebooks.commentary import check_commentary, sections_of
from tests.parameters.recipes import folder_of

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def notebook(folder: Path, *cells: str) -> Path:
    """A notebook of these code cells."""
    path = folder / "01_mine.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("run.section(x.told)"), *map(new_code_cell, cells)]), path)
    return path


def test_sections_are_read_from_the_cells_that_show_them(tmp_path):
    """By metric or by name; magics, half-written cells and text show none."""
    path = notebook(
        tmp_path, "%matplotlib inline\nrun.section(area.by_month, n_months=3)", "rows = run.section(by_rep)",
        'run.show(rows, name="mine", describe=say)', "run.section(", "run.masthead()",
    )  # fmt: skip

    assert list(sections_of(path)) == ["by_month", "by_rep", "mine"]


def test_commentary_for_no_section_is_refused_with_its_place(tmp_path):
    """It would be written for nobody."""
    told = "quarter: 2026-Q3\ncommentary:\n  bookings_by_month: Good.\n  bookings_by_mont: Bad.\n"
    parameters = read_parameters(folder_of(tmp_path, quarter=told))

    with pytest.raises(ParameterError) as error:
        check_commentary(parameters, [NOTEBOOKS / "02_rep_comparison.ipynb"])

    assert error.value.problems == [
        "2026-Q3.yaml:4:3  commentary.bookings_by_mont: no notebook shows a section `bookings_by_mont`. "
        "Did you mean `bookings_by_month`?"
    ]
