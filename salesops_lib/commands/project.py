"""Where the project's own folders are, whatever folder a command is run from."""

from __future__ import annotations

from pathlib import Path

from salesops_lib.errors import SalesopsError

REPOSITORY = Path(__file__).parents[2]
TEMPLATES = "[0-9][0-9]_*.ipynb"


def find_notebooks(folder: Path) -> Path:
    """The folder of the notebooks: that of the current folder, else the kit's own.

    Errors:
        SalesopsError: Neither holds a notebook.
    """
    for place in (folder, REPOSITORY):
        if any((place / "notebooks").glob(TEMPLATES)):
            return place / "notebooks"
    raise SalesopsError(f"There are no notebooks in `{folder / 'notebooks'}`. Run this in the folder of the kit.")


def report_notebooks(folder: Path) -> list[Path]:
    """The notebooks that make up a pack, in reading order: the areas by number, the playbook last."""
    templates = sorted(folder.glob(TEMPLATES))
    return sorted(templates, key=lambda path: (path.stem.startswith("00"), path.stem))
