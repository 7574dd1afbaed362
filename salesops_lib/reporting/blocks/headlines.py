"""The findings that open a report, each with the way to its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from salesops_lib import wording
from salesops_lib.reporting.blocks.block import Block
from salesops_lib.reporting.templates.rendering import render
from salesops_lib.wording import Finding, Status

MOST_HEADLINES = 5


@dataclass(frozen=True)
class Headline:
    """One finding that opens a report or a pack."""

    status: Status
    title: str
    text: str
    href: str
    """Where its evidence is."""
    label: str = ""
    """The section that shows it, in a few words."""
    report: str = ""
    """Title of the report that found it, where that is another page."""


@dataclass(frozen=True)
class Shown:
    """A finding with the anchor of the section that shows it."""

    anchor: str
    label: str
    finding: Finding


def headlines_of(shown: Sequence[Shown]) -> list[Shown]:
    """The findings that open a report: at most five, worst first."""
    by_finding = {id(each.finding): each for each in shown if each.finding.is_headline}
    ordered = wording.worst_first([each.finding for each in by_finding.values()])
    return [by_finding[id(finding)] for finding in ordered[:MOST_HEADLINES]]


def headlines_block(shown: Sequence[Shown]) -> Block:
    """One sentence a finding, with its status and a link to its evidence."""
    headlines = [
        Headline(each.finding.status, each.finding.title, each.finding.text, f"#{each.anchor}", each.label)
        for each in shown
    ]
    html = write_headlines(headlines, label="Headlines, worst first", none="No finding to report this period.")
    text = "\n".join(f"{wording.STATUS_WORDS[each.status]}: {each.title}" for each in headlines)
    return Block("headlines", html, {"anchors": [each.anchor for each in shown]}, text)


def write_headlines(headlines: Sequence[Headline], *, label: str, none: str) -> str:
    """The headlines as a list named ``label``, or the sentence ``none``."""
    return render("headlines", headlines=headlines, label=label, none=none)
