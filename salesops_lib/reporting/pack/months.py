"""The index over months: every pack of a reports folder, newest first, from what each says of itself.

Nothing but the packs' own ``run.json`` is read, so the same packs give the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from salesops_lib import wording
from salesops_lib.reporting.pack.overview import overview_page
from salesops_lib.reporting.pack.publish import FAILED, RUN_FILE, read_run
from salesops_lib.reporting.tables.sparkline import sparkline
from salesops_lib.reporting.templates.markup import escape

INDEX = "index.html"
FIGURES = (("bookings", "Bookings"), ("attainment", "Attainment"), ("win_rate", "Win rate"))
"""Keys of the key figures that the index shows, and their headings."""


def write_months_index(out: Path) -> Path:
    """Write the index over months of a reports folder, whole or not at all.

    Args:
        out: The reports folder.

    Returns:
        The page written.
    """
    page = out / INDEX
    beside = out / f".{INDEX}.{os.getpid()}"
    try:
        beside.write_text(months_page(read_packs(out)), encoding="utf-8")
        beside.replace(page)
    finally:
        beside.unlink(missing_ok=True)
    return page


def read_packs(out: Path) -> list[tuple[str, dict[str, Any]]]:
    """Folder and record of every pack, newest month first, a failed pack after the whole one it waits for."""
    folders = (path.parent for path in out.glob(f"*/{RUN_FILE}") if not path.parent.name.startswith("."))
    packs = [(folder.name, run) for folder in folders if (run := read_run(folder)) and (folder / INDEX).is_file()]
    by_name = sorted(packs, key=lambda pack: pack[0])
    return sorted(by_name, key=lambda pack: pack[1]["month"], reverse=True)


def months_page(packs: list[tuple[str, dict[str, Any]]]) -> str:
    """The index as a page.

    Args:
        packs: Folder name and record of each pack, in the order to show.
    """
    newest = packs[0][1] if packs else {}
    companies = sorted({str(run["company"]) for _, run in packs})
    rows = "".join(_row(folder, run, shows_company=len(companies) > 1) for folder, run in packs)
    head = "".join(
        f'<th scope="col"{numeric}>{name}</th>'
        for name, numeric in (
            ("Month", ""),
            *((name, ' class="so-n"') for _, name in FIGURES),
            ("Trend", ""),
            ("Reports", ""),
            ("Data checks", ""),
        )
    )
    as_of = f" Data as of {_day(newest['data']['as_of'])}." if newest else ""
    table = (
        '<div class="so-scroll" tabindex="0" role="region" aria-labelledby="months"><table class="so-table so-months">'
        f'<caption id="months">Newest first.{as_of}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
    company = wording.listing(companies)
    return overview_page(
        title="Sales reports by month",
        links=[],
        here=INDEX,
        masthead=f'<header class="so-masthead"><div><p class="so-eyebrow">{escape(company if companies else "")}</p>'
        "<h1>Sales reports by month</h1></div></header>",
        body=table if packs else '<p class="so-words">No month is here yet. `salesops report` writes one.</p>',
        footer=f"{company}. Internal use." if companies else "Internal use.",
    )


def _row(folder: str, run: Mapping[str, Any], *, shows_company: bool) -> str:
    cards = {card["key"]: card for card in run.get("cards", [])}
    figures = "".join(_figure(cards.get(key)) for key, _ in FIGURES)
    bookings = cards.get("bookings", {})
    title = str(run["month_title"]) + (f", {run['company']}" if shows_company else "")
    marks = f'<span class="so-chip so-note">{escape(run["partial"])}</span>' if run.get("partial") else ""
    marks += _failed(folder, run)
    trend = sparkline(bookings.get("series"), f"Bookings of the last periods up to {run['month_title']}")
    reports = " · ".join(
        f'<a href="{escape(folder)}/{escape(each["href"])}">{escape(each["title"])}</a>'
        f"{' (failed)' if each.get('failure') else ''}"
        for each in run["notebooks"]
    )
    return (
        f'<tr><th scope="row"><a href="{escape(folder)}/{INDEX}">{escape(title)}</a>{marks}</th>{figures}'
        f'<td>{trend}</td><td class="so-links">{reports}</td><td>{_checks(run)}</td></tr>'
    )


def _figure(card: Mapping[str, Any] | None) -> str:
    """A key figure as its report showed it; one past its threshold carries a mark, not only a colour."""
    if card is None:
        return f'<td class="so-n">{wording.UNDEFINED}</td>'
    off = " so-off" if card.get("is_off") else ""
    return f'<td class="so-n{off}">{escape(card["shown"])}</td>'


def _failed(folder: str, run: Mapping[str, Any]) -> str:
    """How many reports of a pack failed, and whether a whole pack of the month stands beside it."""
    failed = sum(1 for each in run["notebooks"] if each.get("failure"))
    if not failed:
        return ""
    beside = ", latest run" if folder.endswith(FAILED) else ""
    return f'<span class="so-chip so-act">{wording.count(failed, "report")} failed{beside}</span>'


def _checks(run: Mapping[str, Any]) -> str:
    """What the data checks found."""
    checks = run.get("checks", {})
    if checks.get("warnings"):
        return f'<span class="so-chip so-watch">{wording.count(checks["warnings"], "warning")}</span>'
    if checks.get("passed"):
        return '<span class="so-chip so-good">Passed</span>'
    return '<span class="so-chip so-note">None on record</span>'


def _day(iso: str) -> str:
    from datetime import date

    return wording.day(date.fromisoformat(iso))
