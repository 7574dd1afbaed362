"""Days as whole numbers: the date arithmetic the demo company is built with.

A day is the number of days since 1970-01-01, a month the number of months since then.
``NEVER`` stands for "has not happened" and becomes a missing value in the tables.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Columns = dict[str, Array]
"""Columns of equal length, one entry per row."""

NEVER = 4_000_000
SECOND = 1_000_000
"""Moments are microseconds since 1970."""
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE

_EPOCH = date(1970, 1, 1)
_TO_MONDAY = np.array([0, 0, 0, 0, 0, 2, 1])
_TO_FRIDAY = np.array([0, 0, 0, 0, 0, -1, -2])


def stream(seed: int, name: str) -> np.random.Generator:
    """A source of random numbers of its own for each part, so that leaving one out changes no other."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def ordinal(day: date) -> int:
    """The number of a day."""
    return (day - _EPOCH).days


def following_weekday(days: Array) -> Array:
    """The same days, weekends moved to Monday."""
    moved: Array = days + _TO_MONDAY[(days + 3) % 7]
    return moved


def later_weekday(days: Array) -> Array:
    """The same days, weekends moved to days of the next week by turns, so that no weekday holds more than others."""
    turns = np.arange(len(days)) % 5
    return following_weekday(days) + np.where((days + 3) % 7 >= 5, turns, 0)


def preceding_weekday(days: Array) -> Array:
    """The same days, weekends moved back to Friday."""
    moved: Array = days + _TO_FRIDAY[(days + 3) % 7]
    return moved


def month_of(days: Array) -> Array:
    """The number of the month each day lies in."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def month_start(months: Array) -> Array:
    """The first day of each month."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def quarter_start(days: Array) -> Array:
    """The first day of the calendar quarter each day lies in."""
    months = month_of(days)
    return month_start(months - months % 3)


def office_moment(rng: np.random.Generator, days: Array) -> Array:
    """A random moment between 08:00 and 18:00 on each day, to the second."""
    return days * DAY + rng.integers(8 * 3600, 18 * 3600, len(days)) * SECOND


def take(columns: Columns, rows: Array) -> Columns:
    """The chosen rows of every column."""
    return {name: values[rows] for name, values in columns.items()}


def stack(parts: Sequence[Columns]) -> Columns:
    """The rows of all parts, one after the other; the parts have the same columns."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
