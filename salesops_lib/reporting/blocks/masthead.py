"""What a report says about itself before anything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from salesops_lib.reporting.blocks.block import Block
from salesops_lib.reporting.templates.rendering import render

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


def masthead_block(masthead: Masthead) -> Block:
    """Title, period, fiscal label, data as of, and the quality chip that leads to the checks."""
    data = {
        "title": masthead.title, "period_title": masthead.period_title, "company": masthead.company,
        "as_of": masthead.as_of.isoformat(), "partial": masthead.partial,
    }  # fmt: skip
    html = render("masthead", masthead=masthead, checks_anchor=CHECKS_ANCHOR)
    return Block("masthead", html, data, f"{masthead.title}, {masthead.period_title}")
