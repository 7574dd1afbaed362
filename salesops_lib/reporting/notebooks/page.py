"""An executed notebook as one self-contained page, through nbconvert and the kit's own template.

The page asks nothing from anywhere, reads without a script, and fits a desk, a phone and paper. It
hands back what the pack needs of it: findings, tables, key figures, checks and failures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup
from nbconvert.exporters import TemplateExporter

from salesops_lib.reporting.notebooks.parts import LISTED, Failure, Part, ReadNotebook, read_parts
from salesops_lib.reporting.templates.markup import trusted
from salesops_lib.reporting.templates.style import TEMPLATE, packed, page_style

__all__ = ["Page", "ReportExporter", "convert_notebook", "page_style"]

_OWN_PLACE = ("masthead", "headlines", "details")


@dataclass(frozen=True)
class Page:
    """A converted notebook."""

    html: str
    title: str
    """The report's title without its period."""
    findings: list[dict[str, Any]] = field(default_factory=list)
    """One per section: name, anchor, label, title, text, status, stake, is_headline, action."""
    tables: dict[str, str] = field(default_factory=dict)
    """Table name to its CSV text: every table shown, full precision."""
    makers: dict[str, str] = field(default_factory=dict)
    """Table name to the dotted name of the function that made it, where one did."""
    cards: list[dict[str, Any]] = field(default_factory=list)
    """Key figures as numbers, and as written in ``shown`` and ``shown_change``."""
    checks: dict[str, Any] = field(default_factory=dict)
    """Counts of data checks: passed, warnings, errors."""
    details: dict[str, Any] = field(default_factory=dict)
    """Parameters, company and versions of the run, by group."""
    failures: list[dict[str, Any]] = field(default_factory=list)
    """The cell that stopped the notebook: cell, heading, source, error, message."""


class ReportExporter(TemplateExporter):
    """nbconvert's exporter for the kit's template: it lays out what ``read_parts`` found."""

    file_extension = ".html"
    output_mimetype = "text/html"
    export_from_notebook = "Sales report"

    def __init__(self, **settings: Any) -> None:
        chosen = {"template_paths": [str(TEMPLATE)], "template_file": "report.html.j2", **settings}
        super().__init__(**chosen)  # type: ignore[no-untyped-call]  # nbconvert's base is untyped

    def _init_preprocessors(self) -> None:
        """None of nbconvert's own: cells are read as they are."""
        self._preprocessors = []

    def _create_environment(self) -> Any:
        """Escape by default: only what is marked as markup goes in as such."""
        environment = super()._create_environment()  # type: ignore[no-untyped-call]  # as above
        environment.autoescape = True
        return environment


def convert_notebook(
    path: Path,
    *,
    pack: Sequence[tuple[str, str]],
    previous_href: str | None,
    months_href: str | None = "../index.html",
) -> Page:
    """Convert an executed notebook, one that failed included.

    Args:
        path: The executed notebook.
        pack: Title and link of every page of the pack, in reading order.
        previous_href: The same report a month earlier; no link if absent.
        months_href: The index of all months; no link if absent.
    """
    import nbformat

    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    read = read_parts(notebook)
    title = _title(read, path)
    context = _context(read, title, path, pack=pack, previous_href=previous_href, months_href=months_href)
    context["footer"] += _run_time(notebook)
    html, _ = ReportExporter().from_notebook_node(notebook, resources={"page": context})
    return Page(
        html=html,
        title=title,
        findings=[_finding(part) for part in read.of("section")],
        tables={
            str(part.data["name"]): str(part.data["table_csv"]) for part in read.parts if part.data.get("table_csv")
        },
        makers={str(part.data["name"]): str(part.data["made_by"]) for part in read.parts if part.data.get("made_by")},
        cards=[card for part in read.of("cards") for card in part.data.get("cards", [])],
        checks=next((dict(part.data["checks"]) for part in read.of("checks")), {}),
        details=next((dict(part.data["groups"]) for part in read.of("details")), {}),
        failures=[asdict(read.failure)] if read.failure else [],
    )


def _title(read: ReadNotebook, path: Path) -> str:
    """The masthead's title, or else the notebook's heading, or else its file name."""
    masthead = next(iter(read.of("masthead")), None)
    if masthead:
        return str(masthead.data["title"])
    return read.title or path.stem.lstrip("0123456789").strip("_").replace("_", " ").capitalize()


def _finding(part: Part) -> dict[str, Any]:
    return {**part.data["finding"], "name": part.data["name"], "label": part.data["label"], "anchor": part.data["name"]}


def _context(
    read: ReadNotebook,
    title: str,
    path: Path,
    *,
    pack: Sequence[tuple[str, str]],
    previous_href: str | None,
    months_href: str | None,
) -> dict[str, Any]:
    """What the template needs; markup is marked, everything else is escaped there."""
    masthead = next((part.data for part in read.of("masthead")), {})
    period = str(masthead.get("period_title", ""))
    full_title = ", ".join(filter(None, (title, period)))
    as_of = f" Data as of {masthead['as_of']}." if masthead else ""
    company = f"{masthead['company']}: " if masthead else ""
    return {
        "full_title": f"{full_title} · {masthead['company']}" if masthead else full_title,
        "paper_title": trusted(_css_text(f"{company}{full_title}")),
        "style": trusted(page_style()),
        "script": trusted(packed("enhance.js")),
        "links": [{"title": name, "href": href, "is_here": Path(href).stem == path.stem} for name, href in pack],
        "months_href": months_href,
        "previous_href": previous_href,
        "masthead": _joined(read, "masthead"),
        "title": title,
        "lead": trusted(read.lead),
        "headlines": _joined(read, "headlines"),
        "contents": _contents(read),
        "parts": [trusted(part.html) for part in read.parts if part.kind not in _OWN_PLACE],
        "details": _joined(read, "details"),
        "failure": _where(read.failure),
        "footer": f"{company}{full_title}.{as_of}",
    }


def _run_time(notebook: Any) -> str:
    """How long the notebook ran, where papermill noted it."""
    seconds = notebook.metadata.get("papermill", {}).get("duration")
    return f" Ran in {seconds:.0f} seconds." if seconds else ""


def _contents(read: ReadNotebook) -> list[dict[str, str]]:
    """Anchor and label for the list of sections: chapters where there are any, which list their sections themselves."""
    listed = ("chapter",) if read.of("chapter") else LISTED
    return [
        {"anchor": str(part.data["name"]), "label": str(part.data["label"])}
        for part in read.of(*listed)
        if part.data.get("label")
    ]


def _where(failure: Failure | None) -> str:
    if failure is None:
        return ""
    place = f" under “{failure.heading}”" if failure.heading else ""
    reason = failure.message.splitlines()[0] if failure.message else failure.error
    return f"Cell {failure.cell}{place} failed: {reason.rstrip('.:')}."


def _joined(read: ReadNotebook, kind: str) -> Markup:
    return trusted("".join(part.html for part in read.of(kind)))


def _css_text(text: str) -> str:
    """Text inside a quoted CSS string, and inside a style element."""
    return re.sub(r"[^\w .,:·-]", lambda found: f"\\{ord(found[0]):x} ", text)
