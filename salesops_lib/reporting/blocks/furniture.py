"""What every report has besides its sections: masthead, headlines, definitions, details."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from salesops_lib import wording
from salesops_lib.measures.definitions import Definition
from salesops_lib.reporting.blocks.block import Block
from salesops_lib.reporting.templates.markup import chip, escape, first_sentence, plain, prose
from salesops_lib.wording import Finding

CHECKS_ANCHOR = "data_checks"
MOST_HEADLINES = 5


@dataclass(frozen=True)
class Masthead:
    """What a report says about itself before anything else."""

    title: str
    company: str
    period_title: str
    fiscal_title: str
    as_of: date
    partial: str = ""
    """Why the period is not whole yet; empty where it is."""
    quality: str = ""
    """The data checks in a few words."""
    quality_status: str = "good"


@dataclass(frozen=True)
class Shown:
    """A finding with the anchor of the section that shows it."""

    anchor: str
    label: str
    finding: Finding


def masthead_block(masthead: Masthead) -> Block:
    """Title, period, fiscal label, data as of, and the quality chip that leads to the checks."""
    facts = [("Data as of", escape(wording.day(masthead.as_of)))]
    if masthead.partial:
        facts.append(("Period", f'<span class="so-chip so-watch">{escape(masthead.partial)}</span>'))
    if masthead.quality:
        link = f'<a class="so-chip so-{masthead.quality_status}" href="#{CHECKS_ANCHOR}">{escape(masthead.quality)}</a>'
        facts.append(("Data quality", link))
    terms = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in facts)
    html = (
        f'<header class="so-masthead"><div><p class="so-eyebrow">{escape(masthead.company)} · '
        f"{escape(masthead.fiscal_title)}</p><h1>{escape(masthead.title)}, {escape(masthead.period_title)}</h1></div>"
        f'<dl class="so-facts">{terms}</dl></header>'
    )
    data = {
        "title": masthead.title, "period_title": masthead.period_title, "company": masthead.company,
        "as_of": masthead.as_of.isoformat(), "partial": masthead.partial,
    }  # fmt: skip
    return Block("masthead", html, data, f"{masthead.title}, {masthead.period_title}")


def headlines_of(shown: Sequence[Shown]) -> list[Shown]:
    """The findings that open a report: at most five, worst first."""
    by_finding = {id(each.finding): each for each in shown if each.finding.is_headline}
    ordered = wording.worst_first([each.finding for each in by_finding.values()])
    return [by_finding[id(finding)] for finding in ordered[:MOST_HEADLINES]]


def headlines_block(headlines: Sequence[Shown]) -> Block:
    """One sentence a finding, with its status and a link to its evidence."""
    items = "".join(
        f"<li>{chip(each.finding.status)}<p><strong>{escape(_ended(each.finding.title))}</strong> "
        f"{prose(first_sentence(each.finding.text).replace('**', ''))}</p>"
        f'<a href="#{escape(each.anchor)}">Evidence<span class="so-hidden">: {escape(each.label)}</span></a></li>'
        for each in headlines
    )
    none = '<p class="so-words">No finding to report this period.</p>'
    html = f'<ol class="so-headlines" aria-label="Headlines, worst first">{items}</ol>' if items else none
    text = "\n".join(f"{wording.STATUS_WORDS[each.finding.status]}: {each.finding.title}" for each in headlines)
    return Block("headlines", html, {"anchors": [each.anchor for each in headlines]}, text)


def _ended(title: str) -> str:
    return title if title.endswith((".", "!", "?")) else f"{title}."


def listed_block(
    kind: Any,
    *,
    anchor: str,
    heading: str,
    label: str,
    words: str,
    table: str,
    table_csv: str = "",
    extra: Mapping[str, Any] | None = None,
) -> Block:
    """A heading, a sentence or two and a table: coverage and checks."""
    html = (
        f'<section class="so-section" id="{escape(anchor)}"><h2 class="so-title">{escape(heading)}</h2>'
        f'<p class="so-words">{prose(words)}</p>{table}</section>'
    )
    data = {"name": anchor, "label": label, "heading": heading, "table_csv": table_csv, **(extra or {})}
    return Block(kind, html, data, f"{heading}\n{plain(words)}")


def definitions_block(definitions: Iterable[Definition], texts: Iterable[tuple[str, str]]) -> Block:
    """What the numbers shown mean, each complete enough to recompute it."""
    entries = [(each.name, _meaning(each)) for each in definitions] + [(name, prose(text)) for name, text in texts]
    terms = "".join(f"<div><dt>{escape(name)}</dt><dd>{meaning}</dd></div>" for name, meaning in entries)
    html = (
        '<section class="so-section" id="definitions"><h2 class="so-title">What the numbers mean</h2>'
        f'<dl class="so-terms so-wide-terms">{terms}</dl></section>'
    )
    data = {"name": "definitions", "label": "Definitions", "heading": "What the numbers mean"}
    return Block("definitions", html, data, "\n".join(name for name, _ in entries))


def _meaning(definition: Definition) -> str:
    ratio = definition.numerator + (f" / {definition.denominator}" if definition.denominator else "")
    basis = [ratio, f"by {definition.date_basis}" if definition.date_basis else "", definition.source]
    below = "; ".join(part for part in basis if part)
    return prose(definition.meaning) + (f'<span class="so-basis">{escape(below)}</span>' if below else "")


def details_block(groups: Mapping[str, Mapping[str, str]]) -> Block:
    """Parameters, versions and the fingerprint of the data, folded; credentials are never among them."""
    lists = "".join(
        f"<h3>{escape(title)}</h3><dl>"
        + "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts.items())
        + "</dl>"
        for title, facts in groups.items()
        if facts
    )
    summary = "<summary>Parameters and run details</summary>"
    html = f'<details class="so-fold so-details" id="details">{summary}{lists}</details>'
    return Block("details", html, {"name": "details", "groups": {key: dict(facts) for key, facts in groups.items()}})
