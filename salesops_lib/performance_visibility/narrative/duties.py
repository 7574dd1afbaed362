"""Who does something about a finding, and by when; and how a finding names months and shares."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass

LONGEST_NAME = 24
"""Characters of a name that fit a title."""


def month_name(label: str) -> str:
    """``2026-09`` for readers: September 2026."""
    year, month = map(int, label.split("-"))
    return f"{date(year, month, 1):%B %Y}"


def bold(name: object) -> str:
    """A name in bold; its own asterisks would end the bold."""
    return f"**{str(name).replace('*', '')}**"


def short(name: str) -> str:
    """A name cut to what a title has room for."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"
