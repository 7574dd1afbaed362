"""A finished pack is checked before anyone can open it: every file there, every link leading somewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from salesops_lib.reporting.pack.publish import PublishError

_OUTSIDE = ("http:", "https:", "mailto:", "data:", "//")
_LOADED = {("img", "src"), ("script", "src"), ("link", "href"), ("iframe", "src"), ("source", "src"), ("image", "href")}
MONTHS_INDEX = "../index.html"
"""Written right after the pack is in its place, so it may be absent before the first."""


def verify_pack(folder: Path, required: Sequence[str], *, unfinished: Collection[str] = ()) -> None:
    """Check a pack that is about to be published.

    Args:
        folder: The pack, in a folder beside the months.
        required: Files that must be there, relative to the folder.
        unfinished: Pages of reports that failed; a link to a section that they never reached is no fault.

    Errors:
        PublishError: Lists every file that is missing or empty and every link that leads nowhere.
    """
    problems = [
        f"`{name}` is missing or empty"
        for name in required
        if not (folder / name).is_file() or not (folder / name).stat().st_size
    ]
    folder = folder.resolve()
    pages = {path: _Links.of(path) for path in sorted(folder.glob("*.html"))}
    for page, links in pages.items():
        if page.name not in unfinished:
            problems += [f"`{page.name}`: {problem}" for problem in _broken(page, links, pages)]
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise PublishError(
            f"The pack is not fit to publish, so nothing was changed. This is a fault of the kit:\n{listed}"
        )


def _broken(page: Path, links: _Links, pages: dict[Path, _Links]) -> Iterable[str]:
    """What is wrong with the links of one page."""
    for href in sorted(links.loaded):
        if href.startswith(("http:", "https:", "//")):
            yield f"loads `{href}` from elsewhere"
    for href in sorted(links.followed):
        if href.startswith(_OUTSIDE) or href == MONTHS_INDEX:
            continue
        name, _, anchor = href.partition("#")
        target = (page.parent / unquote(urlsplit(name).path)).resolve() if name else page
        if not target.is_file():
            yield f"the link `{href}` leads nowhere"
        elif anchor and (target in pages or not name):
            known = pages.get(target, links)
            if unquote(anchor) not in known.anchors:
                yield f"the link `{href}` leads to no place on its page"


class _Links(HTMLParser):
    """Collects what a page links to, what it loads, and where links may lead in it."""

    def __init__(self) -> None:
        super().__init__()
        self.followed: set[str] = set()
        self.loaded: set[str] = set()
        self.anchors: set[str] = set()

    @classmethod
    def of(cls, page: Path) -> _Links:
        """The links of a page."""
        links = cls()
        links.feed(page.read_text(encoding="utf-8"))
        links.close()
        return links

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.anchors.add(value)
            elif (tag, name) in _LOADED and value:
                self.loaded.add(value)
            elif tag == "a" and name == "href" and value:
                self.followed.add(value)
