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
    company = wording.listing(companies)
    return overview_page(
        "months",
        title="Sales reports by month",
        here=INDEX,
        eyebrow=company if companies else "",
        footer=f"{company}. Internal use." if companies else "Internal use.",
        packs=[_pack(folder, run, shows_company=len(companies) > 1) for folder, run in packs],
        figures=[name for _, name in FIGURES],
        as_of=f" Data as of {_day(newest['data']['as_of'])}." if newest else "",
    )


def _pack(folder: str, run: Mapping[str, Any], *, shows_company: bool) -> dict[str, Any]:
    cards = {card["key"]: card for card in run.get("cards", [])}
    series = cards.get("bookings", {}).get("series")
    marks = [("note", run["partial"])] if run.get("partial") else []
    return {
        "folder": folder,
        "title": str(run["month_title"]) + (f", {run['company']}" if shows_company else ""),
        "marks": marks + _failed(folder, run),
        "figures": [_figure(cards.get(key)) for key, _ in FIGURES],
        "trend": sparkline(series, f"Bookings of the last periods up to {run['month_title']}"),
        "reports": run["notebooks"],
        "checks": _checks(run),
    }


def _figure(card: Mapping[str, Any] | None) -> dict[str, Any]:
    """A key figure as its report showed it; one past its threshold carries a mark, not only a colour."""
    if card is None:
        return {"shown": wording.UNDEFINED, "is_off": False}
    return {"shown": card["shown"], "is_off": bool(card.get("is_off"))}


def _failed(folder: str, run: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How many reports of a pack failed, and whether a whole pack of the month stands beside it."""
    failed = sum(1 for each in run["notebooks"] if each.get("failure"))
    beside = ", latest run" if folder.endswith(FAILED) else ""
    return [("act", f"{wording.count(failed, 'report')} failed{beside}")] if failed else []


def _checks(run: Mapping[str, Any]) -> tuple[str, str]:
    """What the data checks found: the look and the words of a chip."""
    checks = run.get("checks", {})
    if checks.get("warnings"):
        return "watch", wording.count(checks["warnings"], "warning")
    return ("good", "Passed") if checks.get("passed") else ("note", "None on record")


def _day(iso: str) -> str:
    from datetime import date

    return wording.day(date.fromisoformat(iso))
