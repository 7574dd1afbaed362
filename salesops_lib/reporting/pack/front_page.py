"""The first page of a month's pack.

It opens with what all reports found, worst first, each with the way to its evidence; then key figures,
the reports, what the data checks found, and the files. What failed stands above all that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from salesops_lib import wording
from salesops_lib.reporting.blocks.cards import write_cards
from salesops_lib.reporting.blocks.furniture import CHECKS_ANCHOR, Masthead, masthead_block
from salesops_lib.reporting.blocks.quality import checks_table
from salesops_lib.reporting.notebooks.report import Report
from salesops_lib.reporting.pack.contents import Contents, Headline, title_of
from salesops_lib.reporting.pack.overview import overview_page
from salesops_lib.reporting.templates.markup import chip, escape, first_sentence, message, prose

INDEX, WORKBOOK, PDF, DIGEST, RECORD = "index.html", "tables.xlsx", "report.pdf", "digest.eml", "run.json"
QUARANTINE = "quarantine.csv"
_MEANINGS = {
    WORKBOOK: "every table in one Excel workbook",
    PDF: "all reports on paper",
    DIGEST: "a short email, opens as a draft",
    RECORD: "parameters, versions, checks and times",
    QUARANTINE: "rows of the data that were set aside, with reasons",
}


def pack_page(contents: Contents, *, files: Sequence[str], notes: Sequence[str] = ()) -> str:
    """The first page of a pack.

    Args:
        contents: What the pack is made of.
        files: Files to offer for download.
        notes: What the pack lacks and why.
    """
    links = [("All months", "../index.html"), ("Overview", INDEX)]
    links += [(title_of(report.name), report.href) for report in contents.reports]
    parts = [
        _failures(contents),
        _headlines(contents.headlines()),
        write_cards(contents.cards) if contents.cards else "",
        _reports(contents),
        _checks(contents, has_list=QUARANTINE in files),
        _files(contents, files, notes),
    ]
    return overview_page(
        title=f"Sales reports, {contents.month_title}",
        links=links,
        here=INDEX,
        masthead=_masthead(contents),
        body="\n".join(part for part in parts if part),
        footer=f"{contents.parameters.company.name}, {contents.month_title}. "
        f"Data as of {wording.day(contents.facts.as_of)}. Internal use.",
    )


def _masthead(contents: Contents) -> str:
    quality = contents.facts.quality
    calendar = contents.parameters.calendar
    return masthead_block(
        Masthead(
            "Sales reports",
            contents.parameters.company.name,
            contents.month_title,
            calendar.title(calendar.containing(contents.period.end, "quarter")),
            contents.as_of,
            contents.partial,
            quality.words,
            quality.status,
        )
    ).html


def _failures(contents: Contents) -> str:
    """What failed, in plain words, and where the last good pack is."""
    if contents.is_whole:
        return ""
    items = "".join(
        f'<li><a href="{escape(report.href)}">{escape(title_of(report.name))}</a>'
        f'<p class="so-error">{message(report.failure.sentence if report.failure else "")}</p></li>'
        for report in contents.failed
    )
    kept = (
        f'<p>The last whole pack of this month is kept: <a href="../{escape(contents.period.label)}/index.html">'
        f"{escape(contents.month_title)}</a>.</p>"
        if contents.keeps_whole
        else ""
    )
    n, total = len(contents.failed), len(contents.reports)
    return (
        '<section class="so-banner" aria-labelledby="failed">'
        f'<h2 class="so-title" id="failed">{n} of {total} reports failed</h2><ul class="so-failures">{items}</ul>{kept}'
        "<p>What follows comes from the reports that were made.</p></section>"
    )


def _headlines(headlines: Sequence[Headline]) -> str:
    if not headlines:
        return '<p class="so-words">No finding to report this month.</p>'
    items = "".join(
        f"<li>{chip(each.status)}<p><strong>{escape(_ended(each.title))}</strong> "
        f"{prose(first_sentence(each.text).replace('**', ''))}</p>"
        f'<a class="so-from" href="{escape(each.href)}">{escape(each.report)}'
        f'<span class="so-hidden">: evidence for {escape(each.title)}</span></a></li>'
        for each in headlines
    )
    return f'<ol class="so-headlines" aria-label="Headlines of all reports, worst first">{items}</ol>'


def _reports(contents: Contents) -> str:
    items = "".join(_report_line(report, contents.questions) for report in contents.reports)
    return (
        '<section class="so-section" id="reports"><h2 class="so-title">The reports</h2>'
        f'<ul class="so-reports">{items}</ul></section>'
    )


def _report_line(report: Report, questions: Mapping[str, str]) -> str:
    """A report with the question it answers and how many of its findings ask for something."""
    statuses = [finding["status"] for finding in report.findings]
    counts = "".join(
        f'<span class="so-chip so-{status}">{statuses.count(status)} {words}</span>'
        for status, words in (
            ("act", "need action" if statuses.count("act") > 1 else "needs action"),
            ("watch", "to watch"),
        )
        if status in statuses
    )
    if report.failure:
        counts = '<span class="so-chip so-act">Failed</span>'
    return (
        f'<li><a href="{escape(report.href)}">{escape(title_of(report.name))}</a>'
        f'<span>{escape(questions.get(report.name, ""))}</span><span class="so-counts">{counts}</span></li>'
    )


def _checks(contents: Contents, *, has_list: bool) -> str:
    """The data checks in a few lines; each report's own page has the whole table."""
    quality = contents.facts.quality
    if not quality.checks:
        return ""
    odd = [check for check in quality.checks if check["severity"] != "pass"]
    return (
        f'<section class="so-section" id="{CHECKS_ANCHOR}"><h2 class="so-title">How sound is the data?</h2>'
        f'<p class="so-words">{_checks_in_words(contents, has_list=has_list)}</p>'
        f"{checks_table(odd, 'checks', 'Checks that found something')}</section>"
    )


def _checks_in_words(contents: Contents, *, has_list: bool) -> str:
    """Markup of what was read, used and set aside."""
    quality = contents.facts.quality
    read, used, aside = (quality.rows.get(name, 0) for name in ("rows_in", "rows_used", "rows_set_aside"))
    if not read:
        return f"{quality.words}."
    listed = f'; <a href="{QUARANTINE}">{QUARANTINE}</a> lists them with reasons' if has_list else ""
    return f"{quality.words}. Of {read:,} rows read, {used:,} are used and {aside or 'none'} set aside{listed}."


def _files(contents: Contents, files: Sequence[str], notes: Sequence[str]) -> str:
    items = "".join(
        f'<li><a href="{escape(name)}">{escape(name)}</a> <span>{escape(_MEANINGS[name])}</span></li>' for name in files
    )
    items += "".join(
        f'<li><a href="notebooks/{escape(report.name)}.ipynb">{escape(report.name)}.ipynb</a> '
        "<span>as executed</span></li>"
        for report in contents.reports
        if report.has_notebook
    )
    previous = (
        f'<p class="so-words"><a href="../{escape(contents.previous_label)}/index.html">Previous month</a></p>'
        if contents.previous_label
        else ""
    )
    said = "".join(f'<p class="so-foot">{escape(note)}</p>' for note in notes)
    return (
        '<section class="so-section so-not-on-paper" id="files"><h2 class="so-title">To take away</h2>'
        f'<ul class="so-downloads">{items}</ul>{said}{previous}</section>'
    )


def _ended(title: str) -> str:
    return title if title.endswith((".", "!", "?")) else f"{title}."
