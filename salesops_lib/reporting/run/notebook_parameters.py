"""What a notebook was given, checked before any work: names, types, the folder, the period.

papermill only warns about a misspelt name and hands ``"twenty"`` to an ``int``. Both leave traces in
the running notebook: the cell that papermill injected and the annotations of the template's own cell.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from salesops_lib.errors import ParameterError
from salesops_lib.parameters.wording import did_you_mean, shown

INJECTED = "# Parameters\n"
"""How the cell that papermill writes begins."""
_WORDS: dict[type, str] = {str: "text", int: "a whole number", float: "a number", bool: "True or False"}


def notebook_globals() -> dict[str, Any]:
    """The names of the notebook that runs, or of the module that called into the reporting package."""
    frame = sys._getframe(1)
    while frame.f_back and str(frame.f_globals.get("__name__", "")).startswith("salesops_lib.reporting"):
        frame = frame.f_back
    return frame.f_globals


def check_notebook_parameters(names: Mapping[str, Any]) -> None:
    """Refuse names that the notebook does not declare and values that do not fit their annotation.

    Args:
        names: The notebook's global names.

    Errors:
        ParameterError: Every such name and value at once.
    """
    problems = _unknown_names(names) + _wrong_types(names)
    if problems:
        raise ParameterError(problems)


def _unknown_names(names: Mapping[str, Any]) -> list[str]:
    """Names that papermill injected although no cell before them declares them."""
    cells = [str(cell) for cell in names.get("In", [])] if isinstance(names.get("In"), list) else []
    places = [place for place, cell in enumerate(cells) if cell.startswith(INJECTED)]
    if not places:
        return []
    place = places[-1]
    declared = set().union(*(_assigned(cell) for cell in cells[:place]), set())
    return [
        f"`{name}`: the notebook declares no such parameter.{did_you_mean(name, declared)} "
        f"It declares: {', '.join(sorted(declared)) or 'none'}."
        for name in sorted(_assigned(cells[place]) - declared)
    ]


def _assigned(source: str) -> set[str]:
    """Names that a cell of plain assignments sets."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return set()
    targets = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    targets += [node.target for node in body if isinstance(node, ast.AnnAssign)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _wrong_types(names: Mapping[str, Any]) -> list[str]:
    """Values of annotated names that are not what the annotation says."""
    annotations = names.get("__annotations__", {})
    return [
        f"`{name}` should be {_WORDS[kind]}, not {shown(names[name])}."
        for name, kind in annotations.items()
        if kind in _WORDS and name in names and not _fits(names[name], kind)
    ]


def _fits(value: object, kind: type) -> bool:
    """Whether a value is of a kind; a whole number is a number, but True is neither."""
    if isinstance(value, bool) or kind is bool:
        return isinstance(value, bool) and kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


def find_parameters(folder: str) -> Path:
    """Find the parameters folder: from the current folder, or else from the project's root.

    papermill runs in the folder of its caller, nbval and JupyterLab in that of the notebook.

    Errors:
        ParameterError: There is no such folder, or it holds no company.yaml.
    """
    given = Path(folder)
    root = Path(__file__).parents[3]
    tried = [given] if given.is_absolute() else [Path.cwd() / given, root / given]
    for candidate in tried:
        if (candidate / "company.yaml").is_file():
            return candidate
    if any(candidate.is_dir() for candidate in tried):
        raise ParameterError([f"`{folder}` holds no company.yaml, so it is no parameters folder."])
    raise ParameterError(
        [f"there is no folder `{folder}`. Give the folder that holds your company.yaml, for instance `parameters`."]
    )


def chosen_source(source: str) -> str:
    """The source folder that stands in for the one in company.yaml: the notebook's, or else the environment's."""
    return source or os.environ.get("SALESOPS_SOURCE", "")
