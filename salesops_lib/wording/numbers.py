"""How the kit says a number, a date and an amount of money.

Every sentence of a report takes its numbers through these formatters, so that one amount reads
the same in a title, a table and a chart. Undefined numbers are said in words, never as 0.
"""

from __future__ import annotations

import math
from contextvars import ContextVar
from datetime import date

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$"}
_currency: ContextVar[str] = ContextVar("report_currency", default="USD")

UNDEFINED = "–"


def use_currency(code: str) -> None:
    """Set the report currency (ISO 4217) that ``money`` writes from now on in this run."""
    _currency.set(code)


def currency() -> str:
    """The report currency in force."""
    return _currency.get()


def is_undefined(value: object) -> bool:
    """Whether a value is missing: ``None``, not-a-number or pandas' missing marks."""
    if value is None:
        return True
    try:
        return bool(math.isnan(value))  # type: ignore[arg-type]
    except TypeError:
        return str(value) in ("<NA>", "NaT")


def money(amount: float | None, *, exact: bool = False) -> str:
    """Write an amount in the report currency: ``$2.03M``, ``−$244K``; all digits with ``exact``."""
    if amount is None or is_undefined(amount):
        return UNDEFINED
    sign = "−" if amount < 0 else ""
    size = abs(float(amount))
    code = currency()
    symbol = _SYMBOLS.get(code, f"{code} ")
    return f"{sign}{symbol}{size:,.2f}" if exact else f"{sign}{symbol}{_short(size)}"


def _short(size: float) -> str:
    """Three significant digits with K, M or B; thousands below ten thousand in full."""
    for limit, letter in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        # 999,950 would otherwise read "1000K".
        if size >= limit * 0.9995 and (letter != "K" or size >= 9_999.5):
            scaled = size / limit
            digits = 2 if scaled < 9.995 else 1 if scaled < 99.95 else 0
            return f"{scaled:.{digits}f}{letter}"
    return f"{size:,.0f}"


def percent(rate: float | None, digits: int = 0) -> str:
    """Write a rate between 0 and 1 as a percentage: ``63 %`` is ``percent(0.631)``."""
    if rate is None or is_undefined(rate):
        return UNDEFINED
    return f"{'−' if round(rate * 100, digits) < 0 else ''}{abs(rate) * 100:,.{digits}f}%"


def points(change: float | None, digits: int = 1) -> str:
    """Write a change of a rate in percentage points, signed: ``+2.0 pp``."""
    if change is None or is_undefined(change):
        return UNDEFINED
    return f"{signed(change * 100, digits)} pp"


def signed(value: float | None, digits: int = 0) -> str:
    """Write a number with its sign; a zero carries none."""
    if value is None or is_undefined(value):
        return UNDEFINED
    shown = f"{abs(value):,.{digits}f}"
    if float(shown.replace(",", "")) == 0:
        return shown
    return f"{'−' if value < 0 else '+'}{shown}"


def number(value: float | None, digits: int = 0) -> str:
    """Write a number with thousands separators."""
    if value is None or is_undefined(value):
        return UNDEFINED
    return f"{'−' if round(value, digits) < 0 else ''}{abs(value):,.{digits}f}"


def days(value: float | None) -> str:
    """Write a length of time in days: ``31 days``, ``1 day``."""
    if value is None or is_undefined(value):
        return UNDEFINED
    return count(round(value), "day")


def count(n: float, noun: str, plural: str = "") -> str:
    """Write a count with its noun: ``1 deal``, ``406 deals``."""
    return f"{int(n):,} {noun if int(n) == 1 else plural or noun + 's'}"


def interval(low: str, high: str, coverage: float) -> str:
    """Write an interval: ``95% interval 57% to 69%``."""
    return f"{coverage * 100:.0f}% interval {low} to {high}"


def day(value: date) -> str:
    """Write a date for readers: ``30 September 2026``."""
    return f"{value.day} {value:%B %Y}"
