"""The page around the pack and the index over months: the same head, bar and style as a report's page."""

from __future__ import annotations

from collections.abc import Sequence

from salesops_lib.reporting.templates.markup import escape
from salesops_lib.reporting.templates.style import packed, page_style


def overview_style() -> str:
    """The style of a report's page, and what the overviews add to it."""
    return page_style() + packed("pack.css")


def overview_page(
    *, title: str, links: Sequence[tuple[str, str]], here: str, masthead: str, body: str, footer: str
) -> str:
    """A whole overview page, self-contained.

    Args:
        title: Title of the page, as text.
        links: Title and link of each entry of the bar; the first is the index over months.
        here: Link of the entry that this page is.
        masthead: Markup of the heading.
        body: Markup of the rest.
        footer: Last line, as text.
    """
    current, spacer = ' aria-current="page"', ' class="so-spacer"'
    entries = "".join(
        f'<a href="{escape(href)}"{current if href == here else ""}{spacer if place == 1 else ""}>{escape(name)}</a>'
        for place, (name, href) in enumerate(links)
    )
    bar = f'<nav class="so-bar-top" aria-label="Reports" tabindex="0">{entries}</nav>\n' if links else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="robots" content="noindex">\n'
        f'<title>{escape(title)}</title>\n<link rel="icon" href="data:,">\n<style>{overview_style()}</style>\n</head>\n'
        f'<body class="so">\n<a class="so-skip" href="#main">Skip to the content</a>\n{bar}<div class="so-page">\n'
        f'{masthead}\n<main id="main">\n{body}\n'
        f'<footer class="so-end"><p>{escape(footer)}</p></footer>\n</main>\n</div>\n</body>\n</html>\n'
    )
