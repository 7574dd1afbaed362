"""The notebooks: tables of contents that run, with typed parameters and no logic in cells."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import papermill
import pytest

from tests.test_architecture import AREAS

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
MOST_STATEMENTS = 4
LOGIC = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.Try, ast.With, ast.Lambda, ast.ListComp)

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path, kind: str = "code") -> list[nbformat.NotebookNode]:
    """The notebook's cells of a kind."""
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def tagged(cell: nbformat.NotebookNode, tag: str) -> bool:
    """Whether a cell carries a tag."""
    return tag in cell.metadata.get("tags", [])


def python(cell: nbformat.NotebookNode) -> str:
    """A cell's source without the lines that only IPython understands."""
    return "\n".join(line for line in cell.source.split("\n") if not line.startswith("%"))


def test_there_is_a_notebook_for_the_playbook_and_for_each_duty():
    """Six templates, numbered in reading order."""
    assert [path.stem for path in NOTEBOOKS] == [
        "00_playbook",
        "01_performance_visibility",
        "02_rep_comparison",
        "03_forecasting",
        "04_comp_design",
        "05_tool_evaluation",
    ]


@each_notebook
def test_papermill_describes_every_parameter_with_type_and_meaning(path):
    """`papermill --help-notebook` shows what an operations person may set."""
    described = papermill.inspect_notebook(str(path))

    assert {"period", "parameters", "source"} <= set(described)
    for name, one in described.items():
        assert one["inferred_type_name"] in {"str", "int", "float", "bool"}, name
        assert one["help"], name


@each_notebook
def test_cells_are_short_and_hold_no_logic(path):
    """One to four statements a cell and no more than one call that shows something; set-up may have a few more."""
    for cell in cells(path):
        statements = ast.parse(python(cell)).body
        roomy = tagged(cell, "parameters") or "start_run(" in cell.source
        assert len(statements) <= (12 if roomy else MOST_STATEMENTS), cell["id"]
        found = [node for node in ast.walk(ast.parse(python(cell))) if isinstance(node, LOGIC)]
        assert not found, (cell["id"], ast.unparse(found[0]))


@each_notebook
def test_the_run_is_the_only_caller_of_metrics(path):
    """A cell names a metric and the run calls it, so that cards and sections have one interval and one threshold."""
    for cell in cells(path):
        for node in ast.walk(ast.parse(python(cell))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert ast.unparse(node.func.value) not in AREAS, (cell["id"], ast.unparse(node))


@each_notebook
def test_only_the_compared_cells_keep_their_outputs(path):
    """Nbval compares those; anything else saved would be old news in the repository."""
    for cell in cells(path):
        if tagged(cell, "check"):
            assert cell.source.startswith("# NBVAL_CHECK_OUTPUT"), cell["id"]
            assert cell.outputs, f"{cell['id']}: run python -m tests.refresh notebooks"
        else:
            assert cell.outputs == [], cell["id"]
            assert cell.execution_count is None, cell["id"]


@each_notebook
def test_a_notebook_compares_headline_numbers(path):
    """At least one table of numbers keeps its output, so that nbval checks more than absence of errors."""
    assert any(tagged(cell, "check") for cell in cells(path))


@each_notebook
def test_a_notebook_opens_with_its_question_and_whom_it_serves(path):
    """A newcomer knows within two lines whether to read on."""
    opening = cells(path, "markdown")[0].source

    assert opening.startswith("# ")
    assert "**Question.**" in opening
    assert "**For**" in opening


@each_notebook
def test_no_notebook_names_a_machine(path):
    """Ids are stable and readable, the kernel is plain python3, nothing else is in the metadata."""
    notebook = nbformat.read(path, as_version=4)

    assert notebook.metadata.kernelspec.name == "python3"
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}
    assert len({cell["id"] for cell in notebook.cells}) == len(notebook.cells)
