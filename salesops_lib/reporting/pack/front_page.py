"""The first page of a month's pack.

It opens with what all reports found, worst first, each with the way to its evidence; then key figures,
the reports, what the data checks found, and the files. What failed stands above all that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from salesops_lib import wording
from salesops_lib.reporting.blocks.cards import write_cards
from salesops_lib.reporting.blocks.headlines import write_headlines
from salesops_lib.reporting.blocks.masthead import CHECKS_ANCHOR, masthead_block, masthead_of
from salesops_lib.reporting.blocks.quality import write_checks
from salesops_lib.reporting.notebooks.report import Report
from salesops_lib.reporting.pack.contents import Contents, title_of
from salesops_lib.reporting.pack.overview import overview_page

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
    reports = [_report(report, contents.questions) for report in contents.reports]
    return overview_page(
        "front_page",
        title=f"Sales reports, {contents.month_title}",
        links=links + [(report["title"], report["href"]) for report in reports],
        here=INDEX,
        footer=f"{contents.parameters.company.name}, {contents.month_title}. "
        f"Data as of {wording.day(contents.facts.as_of)}. Internal use.",
        masthead=_masthead(contents),
        month_title=contents.month_title,
        failed=[report for report in reports if report["failure"]],
        kept=contents.period.label if contents.keeps_whole else "",
        headlines=write_headlines(
            contents.headlines(),
            label="Headlines of all reports, worst first",
            none="No finding to report this month.",
        ),
        cards=write_cards(contents.cards) if contents.cards else "",
        reports=reports,
        quality=_quality(contents, has_list=QUARANTINE in files),
        checks_anchor=CHECKS_ANCHOR,
        files=_files(contents, files),
        notes=notes,
        previous=contents.previous_label,
    )


def _masthead(contents: Contents) -> str:
    parameters = contents.parameters
    masthead = masthead_of(
        "Sales reports",
        parameters.company.name,
        parameters.calendar,
        contents.period,
        contents.as_of,
        contents.facts.quality,
    )
    return masthead_block(masthead).html


def _report(report: Report, questions: Mapping[str, str]) -> dict[str, Any]:
    """A report with the question it answers and how many of its findings ask for something."""
    statuses = [finding["status"] for finding in report.findings]
    n_act, n_watch = statuses.count("act"), statuses.count("watch")
    marks = [("act", f"{n_act} need{'' if n_act > 1 else 's'} action")] if n_act else []
    marks += [("watch", f"{n_watch} to watch")] if n_watch else []
    return {
        "href": report.href,
        "title": title_of(report.name),
        "question": questions.get(report.name, ""),
        "marks": [("act", "Failed")] if report.failure else marks,
        "failure": report.failure.sentence if report.failure else "",
    }


def _quality(contents: Contents, *, has_list: bool) -> dict[str, Any]:
    """The data checks in a few lines; each report's own page has the whole table."""
    quality = contents.facts.quality
    read, used, aside = (quality.rows.get(name, 0) for name in ("rows_in", "rows_used", "rows_set_aside"))
    return {
        "words": quality.words,
        "read": f"{read:,}" if read else "",
        "used": f"{used:,}",
        "aside": f"{aside:,}" if aside else "none",
        "list": QUARANTINE if has_list else "",
        "table": write_checks(quality),
    }


def _files(contents: Contents, files: Sequence[str]) -> list[tuple[str, str, str]]:
    """Link, name and meaning of everything to take away."""
    notebooks = [
        (f"notebooks/{report.name}.ipynb", f"{report.name}.ipynb", "as executed")
        for report in contents.reports
        if report.has_notebook
    ]
    return [(name, name, _MEANINGS[name]) for name in files] + notebooks
