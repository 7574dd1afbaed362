"""What a report says about itself before anything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from salesops_lib import wording
from salesops_lib.reporting.blocks.block import Block
from salesops_lib.reporting.templates.rendering import render

if TYPE_CHECKING:
    from salesops_lib.periods import FiscalCalendar, Period
    from salesops_lib.reporting.blocks.quality import Quality

CHECKS_ANCHOR = "data_checks"


@dataclass(frozen=True)
class Masthead:
    """What stands in it."""

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


def masthead_of(
    title: str, company: str, calendar: FiscalCalendar, period: Period, as_of: date, quality: Quality
) -> Masthead:
    """The masthead of a report, or of a pack, on a period as it is known on a day."""
    return Masthead(
        title=title,
        company=company,
        period_title=calendar.title(period),
        fiscal_title=calendar.title(calendar.containing(period.end, "quarter")),
        as_of=as_of,
        partial=partial_words(calendar, period, as_of),
        quality=quality.words,
        quality_status=quality.status,
    )


def partial_words(calendar: FiscalCalendar, period: Period, as_of: date) -> str:
    """Why a period is not whole yet; empty where it is."""
    if as_of >= period.end:
        return ""
    return f"partial, {wording.percent(calendar.elapsed_share(period, as_of))} of selling days passed"


def masthead_block(masthead: Masthead) -> Block:
    """Title, period, fiscal label, data as of, and the quality chip that leads to the checks."""
    data = {
        "title": masthead.title, "period_title": masthead.period_title, "company": masthead.company,
        "as_of": masthead.as_of.isoformat(), "partial": masthead.partial,
    }  # fmt: skip
    html = render("masthead", masthead=masthead, checks_anchor=CHECKS_ANCHOR)
    return Block("masthead", html, data, f"{masthead.title}, {masthead.period_title}")
