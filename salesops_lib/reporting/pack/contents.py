"""What a month's pack is made of, gathered from its reports: headlines, key figures, checks, failures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesops_lib.reporting.blocks.card import Card
from salesops_lib.reporting.blocks.headlines import Headline
from salesops_lib.reporting.blocks.masthead import partial_words
from salesops_lib.reporting.blocks.quality import Quality
from salesops_lib.reporting.notebooks.execution import ParameterValue
from salesops_lib.reporting.notebooks.report import Report
from salesops_lib.reporting.templates.markup import plain
from salesops_lib.wording import STATUS_WORDS

if TYPE_CHECKING:
    from salesops_lib.parameters import Parameters
    from salesops_lib.periods import Period

MOST_HEADLINES = 12
MOST_HEADLINES_OF_ONE_REPORT = 3
"""A report with much to say must not push the others off the first screen."""
_QUESTION = re.compile(r"\*\*Question\.\*\*\s*(.+?)(?=\s*\*\*|\n\s*\n|\Z)", re.DOTALL)


@dataclass(frozen=True)
class SourceFacts:
    """What the pack needs to know of the imported data."""

    first_day: date
    as_of: date
    quality: Quality = field(default_factory=Quality)
    rows: Mapping[str, int] = field(default_factory=dict)
    """Rows in use by canonical table."""
    quarantine: Path | None = None
    """List of the rows that were set aside, with reasons."""


@dataclass(frozen=True)
class Contents:
    """One month's pack, before it is written."""

    parameters: Parameters
    period: Period
    facts: SourceFacts
    reports: Sequence[Report]
    arguments: Mapping[str, Mapping[str, ParameterValue]] = field(default_factory=dict)
    """What each notebook was given."""
    questions: Mapping[str, str] = field(default_factory=dict)
    """The question that each notebook answers."""
    previous_label: str = ""
    """Label of the month before, where its pack is there."""
    keeps_whole: bool = False
    """Whether this pack has failed and an earlier, whole one keeps the month's place."""

    @property
    def failed(self) -> list[Report]:
        """The reports that were not made, in reading order."""
        return [report for report in self.reports if report.failure]

    @property
    def is_whole(self) -> bool:
        """Whether every report was made."""
        return not self.failed

    @property
    def month_title(self) -> str:
        """The month in words."""
        return self.parameters.calendar.title(self.period)

    @property
    def as_of(self) -> date:
        """The evening that the pack speaks of."""
        return min(self.facts.as_of, self.period.end)

    @property
    def partial(self) -> str:
        """Why the month is not whole yet; empty where it is."""
        return partial_words(self.parameters.calendar, self.period, self.as_of)

    @property
    def cards(self) -> list[Card]:
        """The key figures of the first report that has any."""
        data = next((report.cards for report in self.reports if report.cards), ())
        return [card_of(each) for each in data]

    def headlines(self) -> list[Headline]:
        """The findings of all reports, worst first, no more than a few of each."""
        return headlines_of(self.reports)


def headlines_of(reports: Sequence[Report]) -> list[Headline]:
    """The findings that open the pack: by status, then by what is at stake, then in reading order."""
    order = list(STATUS_WORDS)
    found = [
        (order.index(finding["status"]), -abs(finding.get("stake") or 0.0), report, finding)
        for report in reports
        for finding in report.findings
        if finding.get("is_headline", True)
    ]
    chosen: list[Headline] = []
    for _, _, report, finding in sorted(found, key=lambda each: each[:2]):
        title = title_of(report.name)
        if sum(each.report == title for each in chosen) < MOST_HEADLINES_OF_ONE_REPORT:
            href = f"{report.href}#{finding['anchor']}"
            chosen.append(Headline(finding["status"], finding["title"], finding.get("text", ""), href, report=title))
    return chosen[:MOST_HEADLINES]


def title_of(notebook: str) -> str:
    """A notebook's title: ``02_rep_comparison`` is ``Rep comparison``."""
    return notebook.lstrip("0123456789").strip("_").replace("_", " ").capitalize()


def question_of(template: Path) -> str:
    """The question that a notebook states under its title; empty where it states none."""
    import nbformat

    cells = nbformat.read(template, as_version=4).cells  # type: ignore[no-untyped-call]
    first = next((cell.source for cell in cells if cell.cell_type == "markdown"), "")
    found = _QUESTION.search(first)
    return " ".join(plain(found[1]).split()) if found else ""


def card_of(data: Mapping[str, Any]) -> Card:
    """A card from its JSON data; what is only shown is worked out anew."""
    known = {name: value for name, value in data.items() if name in Card.__dataclass_fields__}
    return Card(**known | {"series": tuple(known.get("series") or ())})
