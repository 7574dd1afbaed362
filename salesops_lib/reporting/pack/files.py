"""The files of a month's pack: first page, workbook, PDF, digest and record, beside the reports."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from salesops_lib.reporting.pack.contents import Contents, title_of
from salesops_lib.reporting.pack.digest import Digest, email_of
from salesops_lib.reporting.pack.front_page import DIGEST, INDEX, PDF, QUARANTINE, RECORD, WORKBOOK, pack_page
from salesops_lib.reporting.pack.overview import overview_style
from salesops_lib.reporting.pack.pdf import PrintedPage, find_browser, one_document, print_pdf
from salesops_lib.reporting.pack.record import record_of, write_record
from salesops_lib.reporting.pack.workbook import SheetTable, write_workbook
from salesops_lib.reporting.tables.csv_text import csv_text

ABOUT = "tables/about.csv"
"""What each table's file is, so that none of them is an export without its filters and date."""
MOST_QUARANTINE_BYTES = 20_000_000
NO_BROWSER = (
    "No PDF: no browser of the Chromium family (Chromium, Chrome, Edge) was found. "
    "Each page prints well from any browser."
)


def write_pack(folder: Path, contents: Contents, *, seconds: Callable[[], float]) -> list[str]:
    """Write the first page and the files of a pack beside the reports that are there already.

    Args:
        folder: The pack's folder.
        contents: What the pack is made of.
        seconds: Seconds that the run has taken so far.

    Returns:
        What the pack lacks and why, in words.
    """
    write_workbook(
        folder / WORKBOOK,
        _sheets(folder, contents),
        title=f"Sales reports, {contents.month_title}, data as of {contents.as_of}",
        made_on=contents.as_of,
    )
    _write_about(folder, contents)
    (folder / DIGEST).write_bytes(email_of(_digest(contents)))
    notes = [note] if (note := _write_pdf(folder, contents)) else []
    files = [WORKBOOK, *([] if notes else [PDF]), DIGEST, *_copy_quarantine(folder, contents), RECORD]
    (folder / INDEX).write_text(pack_page(contents, files=files, notes=notes), encoding="utf-8")
    written = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    write_record(folder, record_of(contents, seconds=seconds(), notes=notes, files=sorted({*written, RECORD})))
    return notes


def required_files(contents: Contents) -> list[str]:
    """The files that a pack must have, as its contract says; the PDF depends on the machine."""
    names = [INDEX, WORKBOOK, DIGEST, RECORD, ABOUT]
    for report in contents.reports:
        names.append(report.href)
        if report.has_notebook:
            names.append(f"notebooks/{report.name}.ipynb")
        names += [f"tables/{report.name}/{table}.csv" for table in report.tables]
    return names


def _write_pdf(folder: Path, contents: Contents) -> str:
    """Print the pack; returns why not where that was not possible."""
    browser = find_browser()
    if browser is None:
        return NO_BROWSER
    pages = [PrintedPage(INDEX, pack_page(contents, files=[]))]
    pages += [
        PrintedPage(report.href, (folder / report.href).read_text(encoding="utf-8")) for report in contents.reports
    ]
    document = one_document(pages, title=f"Sales reports, {contents.month_title}", style=overview_style())
    trouble = print_pdf(document, folder / PDF, browser)
    return (
        f"No PDF: {Path(browser).name} could not print it ({trouble}). Each page prints well from any browser."
        if trouble
        else ""
    )


def _copy_quarantine(folder: Path, contents: Contents) -> list[str]:
    """Put the list of rows set aside into the pack, where there are any, it is not huge, and names may be shown."""
    listed, quality = contents.facts.quarantine, contents.facts.quality
    if listed is None or not quality.rows.get("rows_set_aside") or contents.parameters.company.anonymise:
        return []
    if listed.stat().st_size > MOST_QUARANTINE_BYTES:
        return []
    shutil.copyfile(listed, folder / QUARANTINE)
    return [QUARANTINE]


def _sheets(folder: Path, contents: Contents) -> list[SheetTable]:
    """Every table of the pack, read back from its CSV file, with the finding it stands behind."""
    return [
        SheetTable(
            report.name,
            table,
            next((finding["title"] for finding in report.findings if finding.get("name") == table), ""),
            (folder / "tables" / report.name / f"{table}.csv").read_text(encoding="utf-8"),
        )
        for report in contents.reports
        for table in report.tables
    ]


def _write_about(folder: Path, contents: Contents) -> None:
    """Say of every CSV file what it shows, what made it, of which month, as of when and with which settings."""
    import pandas as pd

    settings = {
        report.name: "; ".join(f"{name}={value}" for name, value in report.details.get("Parameters", {}).items())
        for report in contents.reports
    }
    makers = {(report.name, table): maker for report in contents.reports for table, maker in report.makers.items()}
    rows = [
        (
            f"{table.notebook}/{table.name}.csv", table.title, max(table.csv_text.count("\n") - 1, 0),
            makers.get((table.notebook, table.name), ""), contents.period.label, contents.as_of.isoformat(),
            contents.facts.quality.fingerprint[:12], settings[table.notebook],
        )
        for table in _sheets(folder, contents)
    ]  # fmt: skip
    names = ["file", "shows", "lines", "made_by", "month", "data_as_of", "data_fingerprint", "settings"]
    place = folder / ABOUT
    place.parent.mkdir(exist_ok=True)
    place.write_text(csv_text(pd.DataFrame(rows, columns=names)), encoding="utf-8", newline="")


def _digest(contents: Contents) -> Digest:
    def change(card_change: str, compared_with: str) -> str:
        return f"{card_change} vs {compared_with}" if card_change and compared_with else card_change

    return Digest(
        company=contents.parameters.company.name,
        month=contents.month_title,
        as_of=contents.as_of,
        headlines=[(each.status, each.title) for each in contents.headlines()[:5]],
        cards=[
            {"label": card.label, "value": card.shown, "change": change(card.shown_change, card.compared_with)}
            for card in contents.cards
        ],
        failed=[title_of(report.name) for report in contents.failed],
    )
