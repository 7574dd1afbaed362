"""Columns for readers: what a column is called and how its values are written.

Both follow from the column's name, which carries its unit: ``won_amount`` is money, ``win_rate`` a
percentage, ``n_closed`` a count. A table view may say otherwise, column by column.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from salesops_lib import wording
from salesops_lib.measures.definitions import DEFINITIONS, Definition

if TYPE_CHECKING:
    import pandas as pd

Format = Literal[
    "amount", "exact", "rate", "rate1", "days", "hours", "score", "count", "number", "number2", "points", "times",
    "date", "moment", "yesno", "text", "spark",
]  # fmt: skip

_ACRONYMS = {
    "id", "kpi", "nps", "sus", "csat", "roi", "npv", "tco", "ote", "crm", "smb", "wape", "mase", "ccos", "mbo", "spif",
}  # fmt: skip
_UNITS = ("_amount", "_rate", "_days", "_score", "_on", "_at")
_RATES_BY_NAME = ("win", "push", "base", "churn", "shrunken_win", "value_win", "cohort_win", "adjusted_win", "raw_win")


def _days(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else wording.number(value, 1)


def _number(value: float) -> str:
    return wording.number(value, 0 if abs(value) >= 100 or value == round(value) else 1 if abs(value) >= 10 else 2)


def _date(value: date) -> str:
    return f"{value.day} {value:%b %Y}"


def _moment(value: datetime) -> str:
    return f"{value.day} {value:%b %Y %H:%M}"


WRITERS: dict[Format, Callable[[Any], str]] = {
    "amount": wording.money,
    "exact": lambda value: wording.money(value, exact=True),
    "rate": wording.percent,
    "rate1": lambda value: wording.percent(value, 1),
    "days": _days,
    "hours": lambda value: f"{wording.number(value, 1)} h",
    "score": lambda value: wording.number(value, 1),
    "count": wording.number,
    "number": _number,
    "number2": lambda value: wording.number(value, 2),
    "points": wording.points,
    "times": lambda value: f"{wording.number(value, 1)}x",
    "date": _date,
    "moment": _moment,
    "yesno": lambda value: "yes" if value else "no",
    "text": str,
}
"""How a value of each format is written; missing values never reach a writer."""

NUMERIC: frozenset[Format] = frozenset(
    ("amount", "exact", "rate", "rate1", "days", "hours", "score", "count", "number", "number2", "points", "times")
)
"""Formats that stand to the right, in figures of one width."""


def written(value: object, form: Format) -> str:
    """Write one value; a missing one as a dash."""
    if wording.is_undefined(value):
        return wording.UNDEFINED
    return WRITERS[form](value)


def format_of(name: str, values: pd.Series[Any]) -> Format:
    """The format that a column's name and type ask for."""
    import pandas as pd

    present = values.dropna()
    if not present.empty and isinstance(present.iloc[0], list | tuple):
        return "spark"
    name = _without_end(name)
    if name.endswith("_on") or name == "date":
        return "date" if _are_dates(present) else "text"
    if name.endswith("_at"):
        return "moment" if _are_dates(present) else "text"
    if name.startswith(("is_", "has_")) or pd.api.types.is_bool_dtype(values):
        return "yesno"
    if not _are_numbers(present, values):
        return "text"
    return _number_format(name, present)


def _number_format(name: str, present: pd.Series[Any]) -> Format:
    if name.startswith("n_"):
        return "count"
    if name.endswith("_amount"):
        return "amount"
    if name.endswith("_rate"):
        # Team rates of 61% to 64% tell nothing in whole percents.
        close = len(present) > 1 and float(present.max()) - float(present.min()) < 0.1
        return "rate1" if close else "rate"
    if name.endswith("_days"):
        return "days"
    return "score" if name.endswith("_score") else "number"


def _without_end(name: str) -> str:
    return name.removesuffix("_low").removesuffix("_high")


def _are_dates(present: pd.Series[Any]) -> bool:
    return all(isinstance(value, date) for value in present.head(20))


def _are_numbers(present: pd.Series[Any], values: pd.Series[Any]) -> bool:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(values):
        return True
    return not present.empty and all(isinstance(value, int | float | Decimal) for value in present)


def definition_of(column: str) -> Definition | None:
    """The definition that a column shows, found by its name with or without the unit."""
    bare = _without_end(column)
    for unit in ("", *_UNITS):
        found = DEFINITIONS.get(bare.removesuffix(unit))
        if found:
            return found
    return None


def label_of(column: str) -> str:
    """What readers call a column: the defined name where there is one, else its own words."""
    bare = _without_end(column)
    end = {"_low": ", low", "_high": ", high"}.get(column[len(bare) :], "")
    defined = DEFINITIONS.get(bare) or DEFINITIONS.get(bare.removesuffix("_rate").removesuffix("_amount"))
    unit = ", days" if defined and bare.endswith("_days") else ""
    return (defined.name + unit if defined else _words(bare)) + end


def _words(name: str) -> str:
    for start in ("n_", "is_", "has_"):
        name = name.removeprefix(start)
    if name.endswith("_rate") and name.removesuffix("_rate") not in _RATES_BY_NAME:
        name = f"{name.removesuffix('_rate')}_share" if not name.endswith("share_rate") else name.removesuffix("_rate")
    unit = ", days" if name.endswith("_days") else ""
    for ending in ("_amount", "_days", "_on", "_at", "_id"):
        if name != ending[1:]:
            name = name.removesuffix(ending)
    words = [word.upper() if word in _ACRONYMS else word for word in name.split("_") if word]
    text = " ".join(words) or name
    return text[:1].upper() + text[1:] + unit
