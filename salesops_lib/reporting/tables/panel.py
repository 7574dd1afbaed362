"""What a control panel answers in JupyterLab: a heading, a sentence, facts or a small table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from salesops_lib.reporting.templates.rendering import render


def panel_answer(
    *,
    title: str = "",
    text: str = "",
    facts: Iterable[tuple[str, object]] = (),
    labels: Sequence[str] = (),
    rows: Iterable[Sequence[object]] = (),
) -> str:
    """Markup for a panel; each part is left out where it is not given.

    Args:
        title: Heading.
        text: A sentence.
        facts: Names and what they stand for.
        labels: Headings of the table's columns.
        rows: The table's cells.
    """
    return str(render("panel", title=title, text=text, facts=list(facts), labels=labels, rows=list(rows)))
