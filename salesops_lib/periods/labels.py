"""Periods and their labels: the only way a period is written in parameters, tables and file names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from salesops_lib.errors import PeriodError

Kind = Literal["year", "quarter", "month", "week"]

KINDS: tuple[Kind, ...] = get_args(Kind)
"""The kinds of period, longest first."""

HOW_TO_WRITE = "Write a month as 2026-09, a quarter as 2026-Q3, a year as 2026, a week as 2026-W36."

_LABEL = re.compile(r"(?P<year>[0-9]{4})(-(Q(?P<quarter>[1-4])|W(?P<week>[0-9]{2})|(?P<month>[0-9]{2})))?")


@dataclass(frozen=True)
class Period:
    """A stretch of days with a label; ``start`` and ``end`` are both part of it."""

    label: str
    kind: Kind
    start: date
    end: date

    def contains(self, day: date) -> bool:
        """Whether a day lies in the period."""
        return self.start <= day <= self.end

    @property
    def n_days(self) -> int:
        """Calendar days, both ends included."""
        return (self.end - self.start).days + 1


def read_label(label: str) -> tuple[Kind, int, int]:
    """Take a label apart into kind, year and number; a year's number is 1.

    Raises:
        PeriodError: The label is not written as one. Whether its year has such a week is not checked.
    """
    parts = _LABEL.fullmatch(label)
    if parts is None or not 1 <= int(parts["month"] or 1) <= 12:
        raise PeriodError(f"`{label}` is not a period. {HOW_TO_WRITE}")
    for kind in KINDS[1:]:
        if parts[kind]:
            return kind, int(parts["year"]), int(parts[kind])
    return "year", int(parts["year"]), 1


def write_label(kind: Kind, year: int, number: int) -> str:
    """Write the label of a kind, year and number."""
    match kind:
        case "year":
            return f"{year}"
        case "quarter":
            return f"{year}-Q{number}"
        case "month":
            return f"{year}-{number:02d}"
        case "week":
            return f"{year}-W{number:02d}"
