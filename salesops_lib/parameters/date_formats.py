"""Formats of dates as company.yaml declares them: what is wrong with one is said where it stands."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from salesops_lib.parameters.base import Name, problem
from salesops_lib.parameters.wording import did_you_mean, shown

NUMBERS = ("excel", "epoch_s", "epoch_ms", "epoch_us", "epoch_ns")
"""Words for dates that are numbers: Excel's days, or seconds and their parts since 1970."""

_PIECE = re.compile(r"%(-?.|$)")
_KNOWN = frozenset("aAwubBhdmyYHIMSpfgnzZjUWVGcxXT%")
_INSTEAD = {
    "s": "For seconds since 1970 write `epoch_s`, for milliseconds `epoch_ms`",
    "D": "The day is `%d`",
    "F": "Write `%Y-%m-%d`",
    "R": "Write `%H:%M`",
    "e": "The day is `%d`",
    "k": "The hour is `%H`",
    "l": "The hour to 12 is `%I`",
    "P": "AM or PM is `%p`",
}
_YEARS, _MONTHS, _WHOLE = set("yYG"), set("mbBh"), set("cx")


def check_date_format(value: str) -> str:
    """A format as it was given.

    Raises:
        PydanticCustomError: It reads no dates; the sentence says what is wrong with it.
    """
    if value in NUMBERS:
        return value
    if "%" not in value:
        raise problem(
            f"{shown(value)} is not a date format. Write it like %m/%d/%Y: %d day, %m month, %Y year."
            f"{did_you_mean(value, NUMBERS)}"
        )
    pieces = [piece.lstrip("-") for piece in _PIECE.findall(value)]
    for piece in pieces:
        if piece not in _KNOWN:
            raise problem(_unknown(value, piece))
    wrong = _lack(set(pieces)) or _repeated(pieces)
    if wrong:
        raise problem(f"{shown(value)} {wrong}")
    return value


def _unknown(value: str, piece: str) -> str:
    if not piece:
        return f"{shown(value)} ends in `%`, which begins nothing. Take it out, or write `%%` for the mark itself."
    instead = _INSTEAD.get(piece, "Known are %d day, %m month, %b its name, %Y and %y year, %H:%M:%S and %p time")
    said = shown(value) if value == f"%{piece}" else f"{shown(value)} holds `%{piece}`, which"
    return f"{said} means nothing in a date format here. {instead}."


def _lack(pieces: set[str]) -> str:
    """What a format needs and has not."""
    if pieces & _WHOLE:
        return ""
    if not pieces & _YEARS:
        return "names no year. Add `%Y`, or `%y` for a year of two digits."
    if not pieces & (_MONTHS | set("jUWV")):
        hint = " `%M` is the minute." if "M" in pieces else ""
        return f"names no month.{hint} The month is `%m`, its name `%b`."
    if "I" in pieces and "p" not in pieces:
        return "counts hours to 12 by `%I` and does not say which half of the day. Add `%p`, or write `%H` for 0 to 23."
    return ""


def _repeated(pieces: list[str]) -> str:
    """What a format says twice."""
    for kinds, what in (
        (_YEARS, "year"),
        (_MONTHS, "month"),
        (set("d"), "day"),
        (set("HI"), "hour"),
        (set("M"), "minute"),
    ):
        given = [piece for piece in pieces if piece in kinds]
        if len(given) > 1:
            return f"names the {what} twice, by `%{given[0]}` and `%{given[1]}`. Day is `%d`, month `%m`, minute `%M`."
    return ""


def _as_list(value: Any) -> Any:
    if value is None:
        return ()
    given = [value] if isinstance(value, str) else value
    if isinstance(given, (list, tuple)) and all(isinstance(each, str) for each in given):
        return tuple(check_date_format(each) for each in given)
    return given


_TEXT = {"type": "string"}

DateFormats = Annotated[
    tuple[Name, ...],
    BeforeValidator(_as_list),
    WithJsonSchema({"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}),
]
"""One format of dates, or several where a column is written in several ways."""
