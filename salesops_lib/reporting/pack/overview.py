"""The pages around the reports: a pack's first page, the index over months, the list of scorecards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from salesops_lib.reporting.templates.markup import trusted
from salesops_lib.reporting.templates.rendering import render
from salesops_lib.reporting.templates.style import packed, page_style


def overview_style() -> str:
    """The style of a report's page, and what the overviews add to it."""
    return page_style() + packed("pack.css")


def overview_page(
    template: str,
    *,
    title: str,
    footer: str,
    eyebrow: str = "",
    links: Sequence[tuple[str, str]] = (),
    here: str = "",
    **values: Any,
) -> str:
    """A whole page, self-contained.

    Args:
        template: One that extends ``overview``.
        title: Title of the page.
        footer: Last line.
        eyebrow: Line above the heading.
        links: Title and link of each entry of the bar; the first is the index over months.
        here: Link of the entry that this page is.
        values: What the template names.
    """
    style = trusted(overview_style())
    page = render(template, style=style, title=title, footer=footer, eyebrow=eyebrow, links=links, here=here, **values)
    return f"{page}\n"
