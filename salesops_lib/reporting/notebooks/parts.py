"""An executed notebook read as the parts of a report, in order.

Prose, blocks and plain outputs become markup; code never does. A heading right before a section is
the question that the section answers, and the sentences below it say how to read the chart. A heading
of the first level after the notebook's title begins a chapter, which lists its sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from salesops_lib.reporting.blocks.block import CAPTION, MIME, QUESTION, markup_of
from salesops_lib.reporting.templates.markup import plain, trusted, without_secrets
from salesops_lib.reporting.templates.rendering import piece

if TYPE_CHECKING:
    from markupsafe import Markup

SILENT_TAGS = {"check", "parameters", "injected-parameters", "remove", "papermill-error-cell-tag"}
"""Cells with one of these tags show nothing on the page."""
LISTED = ("section", "missing", "coverage", "actions", "checks", "definitions")
"""Kinds of parts that a list of sections names."""
_ASKED = ("section", "missing")
_HEADED = ("coverage", "actions", "checks", "definitions", "cards")
_LONG_CAPTION = 350
_END_OF_TITLE = re.compile("</h[23]>")


@dataclass(frozen=True)
class Prose:
    """A Markdown cell: its first heading and what stands below it."""

    level: int
    heading: str
    body: str

    @property
    def source(self) -> str:
        """The cell as written."""
        return f"{'#' * self.level} {self.heading}\n\n{self.body}" if self.level else self.body


@dataclass(frozen=True)
class Failure:
    """The cell that stopped a notebook."""

    cell: int
    """Its number, from 1."""
    heading: str
    source: str
    """First line of its code."""
    error: str
    """Name of the error."""
    message: str
    """What went wrong, in plain words."""


@dataclass(frozen=True)
class Part:
    """One piece of a page: its markup, and a block's kind and data."""

    kind: str
    html: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadNotebook:
    """A notebook as a page needs it."""

    title: str
    lead: str
    """What stands below the title, as markup."""
    parts: Sequence[Part]
    failure: Failure | None = None

    def of(self, *kinds: str) -> list[Part]:
        """The parts of some kinds, in order."""
        return [part for part in self.parts if part.kind in kinds]


def read_parts(notebook: Any) -> ReadNotebook:
    """Read the cells of an executed notebook (an ``nbformat`` node)."""
    reader = _Reader()
    for number, cell in enumerate(notebook.cells, start=1):
        if SILENT_TAGS & set(cell.metadata.get("tags", [])):
            continue
        if cell.cell_type == "markdown":
            reader.prose(cell.source)
        elif cell.cell_type == "code":
            reader.outputs(cell, number)
    reader.flush()
    return ReadNotebook(reader.title, reader.lead, list(_with_lists(reader.parts)), reader.failure)


def _with_lists(parts: Sequence[Part]) -> Iterator[Part]:
    """Each chapter with the list of the sections that follow it, up to the next chapter."""
    for place, part in enumerate(parts):
        if part.kind != "chapter":
            yield part
            continue
        own = takewhile(lambda each: each.kind != "chapter", parts[place + 1 :])
        links = [
            (each.data["name"], each.data["label"]) for each in own if each.kind in LISTED and each.data.get("label")
        ]
        heading, body = part.data["heading"], part.data["body"]
        yield replace(part, html=_piece("chapter", part.data["name"], heading, body, links))


class _Reader:
    """Goes through the cells, holding back a question until it knows what follows."""

    def __init__(self) -> None:
        self.title = ""
        self.lead = ""
        self.parts: list[Part] = []
        self.failure: Failure | None = None
        self._heading = ""
        self._in_chapter = False
        self._waiting: Prose | None = None

    def prose(self, source: str) -> None:
        self.flush()
        prose = split_heading(source)
        if prose.level == 1 and not self.title:
            self.title, self.lead = prose.heading, markdown(prose.body)
            return
        self._heading = prose.heading or self._heading
        if prose.level == 1:
            self._chapter(prose)
            return
        self._waiting = prose

    def _chapter(self, prose: Prose) -> None:
        self._in_chapter = True
        anchor = f"chapter-{'-'.join(re.findall(r'[a-z0-9]+', prose.heading.lower()))}"
        data = {
            "name": anchor, "label": plain(prose.heading),
            "heading": _inline(prose.heading), "body": markdown(prose.body),
        }  # fmt: skip
        # Its markup waits for the sections that follow it.
        self.parts.append(Part("chapter", "", data))

    def outputs(self, cell: Any, number: int) -> None:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                self._fail(cell, number, output)
            elif output.output_type == "stream":
                self._plain(_printed(output))
            else:
                self._output(output)

    def flush(self) -> None:
        """What no section claimed is prose of its own."""
        prose, self._waiting = self._waiting, None
        if prose and prose.source.strip():
            self.parts.append(Part("prose", _piece("words", markdown(prose.source))))

    def _output(self, output: Any) -> None:
        block = output.data.get(MIME)
        if block is None:
            self._plain(_foreign(output))
            return
        kind = str(block.get("kind", ""))
        html = markup_of(str(output.data.get("text/html", "")))
        if self._in_chapter:
            html = _one_level_down(html)
        prose, self._waiting = self._waiting, None
        if kind in _ASKED:
            html = _with_question(html, prose)
        elif kind in _HEADED:
            html = _with_lead(html, prose)
        elif prose:
            # A masthead or details claims no prose.
            self._waiting = prose
        if kind in ("section", "missing", *_HEADED):
            self._waiting = None
        self.parts.append(Part(kind, html.replace(QUESTION, "").replace(CAPTION, ""), dict(block)))

    def _plain(self, html: str) -> None:
        if html:
            self.flush()
            self.parts.append(Part("plain", _piece("plain_output", trusted(html))))

    def _fail(self, cell: Any, number: int, output: Any) -> None:
        from salesops_lib.reporting.notebooks.execution import plain_reason

        self.flush()
        message = without_secrets(plain_reason(output.ename, output.evalue))
        first_line = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
        self.failure = Failure(number, self._heading, without_secrets(first_line), output.ename, message)
        self.parts.append(Part("failure", _piece("failure", self.failure)))


def _piece(name: str, *values: Any) -> str:
    """A small piece of the page as text, to be put into other text."""
    return str(piece("notebook", name, *values))


def split_heading(source: str) -> Prose:
    """Split a Markdown cell into its first heading and the rest; a cell without one is all body."""
    first, _, rest = source.strip().partition("\n")
    marks = len(first) - len(first.lstrip("#"))
    if 0 < marks <= 6 and first[marks : marks + 1] == " ":
        return Prose(marks, first[marks:].strip(), rest.strip())
    return Prose(0, "", source.strip())


def markdown(source: str) -> Markup:
    """Markdown as HTML; raw HTML in it is shown, not obeyed."""
    import mistune

    if not source.strip():
        return trusted("")
    return trusted(str(mistune.create_markdown(escape=True, plugins=["table", "strikethrough"])(source)).strip())


def _with_question(html: str, prose: Prose | None) -> str:
    """Put the question above a section's finding and its reading aid below the chart."""
    if prose is None:
        return html
    question = _piece("question", _inline(prose.heading)) if prose.heading else ""
    return html.replace(QUESTION, question).replace(CAPTION, _caption(prose.body))


def _caption(body: str) -> str:
    if not body:
        return ""
    return _piece("caption", markdown(body), len(plain(body)) > _LONG_CAPTION)


def _with_lead(html: str, prose: Prose | None) -> str:
    """A block with a heading of its own keeps it; what the notebook says below its heading goes first."""
    if prose is None or not prose.body:
        return html
    lead = _piece("lead", markdown(prose.body))
    end = _END_OF_TITLE.search(html)
    return html[: end.end()] + lead + html[end.end() :] if end else lead + html


def _one_level_down(html: str) -> str:
    """A section's own heading stands below that of its chapter."""
    return html.replace('<h2 class="so-title"', '<h3 class="so-title"', 1).replace("</h2>", "</h3>", 1)


def _inline(text: str) -> Markup:
    """A heading's Markdown without the paragraph around it."""
    return trusted(markdown(text).removeprefix("<p>").removesuffix("</p>"))


def _printed(output: Any) -> str:
    """What a cell printed; warnings on standard error are for analysts, not for a report."""
    is_told = output.name == "stdout" and output.text.strip()
    return _piece("printed", without_secrets(output.text)) if is_told else ""


def _foreign(output: Any) -> str:
    """An output that is no block of the kit: a frame, a picture, text."""
    data = output.data
    if "text/html" in data:
        return str(data["text/html"])
    if "image/svg+xml" in data:
        return str(data["image/svg+xml"]).partition("<svg")[1] + str(data["image/svg+xml"]).partition("<svg")[2]
    if "image/png" in data:
        code = str(data["image/png"]).replace("\n", "")
        return _piece("picture", data.get("text/plain", "Figure"), code)
    return _piece("printed", data["text/plain"]) if data.get("text/plain") else ""
