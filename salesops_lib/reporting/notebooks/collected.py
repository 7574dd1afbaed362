"""A page made without a notebook: what a run shows is collected and laid out as the reports are."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from salesops_lib.reporting.blocks.block import Block
from salesops_lib.reporting.notebooks.page import Page, convert_notebook


def collected_page(
    name: str, make: Callable[[Callable[[Block], None]], Any], *, links: Sequence[tuple[str, str]]
) -> Page:
    """One self-contained page of what ``make`` shows.

    Args:
        name: Name of the page's file, without its ending.
        make: Is given what displays a block, and shows everything with it.
        links: Title and link of the pages that this one leads to.
    """
    import nbformat.v4 as nb

    blocks: list[Block] = []
    make(blocks.append)
    shown = [nb.new_output("display_data", data=dict(block._repr_mimebundle_())) for block in blocks]  # type: ignore[no-untyped-call]
    cells = [nb.new_code_cell(outputs=[output]) for output in shown]  # type: ignore[no-untyped-call]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.ipynb"
        path.write_text(nb.writes(nb.new_notebook(cells=cells)), encoding="utf-8")  # type: ignore[no-untyped-call]
        return convert_notebook(path, pack=links, previous_href=None, months_href=None)
