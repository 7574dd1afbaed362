"""Rewrite what tests compare with: golden tables, golden SQL and the notebooks' saved outputs.

``python -m tests.refresh [tables] [sql] [notebooks [01_performance_visibility ...]]`` after a change that moves the
demo company's numbers; read the difference.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat

from tests.test_golden import GOLDEN, compiled, golden_frames

ROOT = Path(__file__).parent.parent


def refresh_tables() -> None:
    """Write every golden table of the demo month."""
    GOLDEN.mkdir(exist_ok=True)
    for name, frame in golden_frames():
        frame.to_csv(GOLDEN / f"{name}.csv", index=False, lineterminator="\n")


def refresh_sql() -> None:
    """Write the SQL of the pieces that every report rests on, per dialect."""
    for path, sql in compiled():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sql + "\n", encoding="utf-8")


def refresh_notebooks(stems: set[str]) -> None:
    """Run each notebook, or those of these stems, and keep the outputs of the cells tagged ``check``; all others stay empty."""
    from nbclient import NotebookClient

    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        if stems and path.stem not in stems:
            continue
        template = nbformat.read(path, as_version=4)
        executed = NotebookClient(
            nbformat.read(path, as_version=4), timeout=600, resources={"metadata": {"path": str(path.parent)}}
        )
        done = executed.execute()
        for cell, ran in zip(template.cells, done.cells, strict=True):
            if cell.cell_type == "code":
                is_check = "check" in cell.metadata.get("tags", [])
                cell.outputs = ran.outputs if is_check else []
                # nbval takes a cell with outputs and no number for one that never ran.
                cell.execution_count = ran.execution_count if is_check else None
        nbformat.write(template, path)


if __name__ == "__main__":
    asked = set(sys.argv[1:])
    steps = asked & {"tables", "sql", "notebooks"} or {"tables", "sql", "notebooks"}
    if "tables" in steps:
        refresh_tables()
    if "sql" in steps:
        refresh_sql()
    if "notebooks" in steps:
        refresh_notebooks(asked - steps)
