"""What people say beside a section: held against the sections that the notebooks show."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from salesops_lib.errors import ParameterError
from salesops_lib.parameters.wording import did_you_mean

if TYPE_CHECKING:
    from salesops_lib.parameters import Parameters


def check_commentary(parameters: Parameters, templates: Iterable[Path]) -> None:
    """Refuse commentary beside a section that no notebook shows: the report would pass over it in silence.

    Args:
        parameters: The company's parameters.
        templates: The notebooks of a report; their neighbours count too, as a report may be made of some only.

    Errors:
        ParameterError: Each such name, with file, line and column and the section that was probably meant.
    """
    notebooks = sorted({path for template in templates for path in template.parent.glob("*.ipynb")})
    known = {name for notebook in notebooks for name in sections_of(notebook)}
    problems = [
        f"{parameters.place(f'{label}.yaml', ('commentary', name))}no notebook shows a section `{name}`."
        f"{did_you_mean(name, sorted(known))}"
        for label, quarter in parameters.quarters.items()
        for name in quarter.commentary
        if name not in known
    ]
    if problems:
        raise ParameterError(problems)


def sections_of(notebook: Path) -> Iterator[str]:
    """Names of the sections that a notebook's cells show, read without running them."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            python = "\n".join(line for line in "".join(cell["source"]).split("\n") if not line.startswith(("%", "!")))
            try:
                yield from _shown(ast.parse(python))
            except SyntaxError:  # a cell that does not run shows nothing; running it says what is wrong
                continue


def _shown(cell: ast.Module) -> Iterator[str]:
    """``run.section(area.metric)`` shows ``metric``; ``run.show(frame, name="n")`` shows ``n``."""
    for node in ast.walk(cell):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr == "section" and node.args:
            metric = node.args[0]
            yield metric.attr if isinstance(metric, ast.Attribute) else ast.unparse(metric)
        elif node.func.attr == "show":
            yield from (str(each.value.value) for each in node.keywords
                        if each.arg == "name" and isinstance(each.value, ast.Constant))  # fmt: skip
