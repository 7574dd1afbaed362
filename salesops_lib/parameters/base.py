"""What every block of the parameters shares: strictness, and the kinds of value people write."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from salesops_lib.parameters.wording import did_you_mean, shown

type_of_problem = "salesops"
"""Marks an error whose sentence is ours; ``messages`` prints it as it stands."""


class Block(BaseModel):
    """A block of a parameters file: read once, never changed, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True)


def problem(sentence: str, *at: str | int) -> PydanticCustomError:
    """An error with a sentence of ours.

    Args:
        sentence: What is wrong and what to do, in plain words.
        at: Keys from the block to the place that is wrong, where it is not the block itself.
    """
    return PydanticCustomError(type_of_problem, "{sentence}", {"sentence": sentence, "at": at})


def _no_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise problem(f"`{str(value).lower()}` is not a number.")
    return value


def _to_the_digit(value: Any) -> Any:
    """A number of a file as it was written there, not as a float came nearest to it."""
    if isinstance(value, float) and hasattr(value, "written"):
        with suppress(InvalidOperation):
            return Decimal(value.written.replace("_", ""))
    return _no_bool(value)


def _iso_day(value: Any) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise problem(f'{shown(value)} is not a date. Write it as quoted text, year first: "2026-09-30".')


def _as_text(value: Any) -> Any:
    """Numbers where a file's text is meant are taken as they were written: 007 stays 007."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(getattr(value, "written", value))
    return value


def _time_zone(value: Any) -> Any:
    if isinstance(value, str) and value not in available_timezones():
        hint = did_you_mean(value, sorted(available_timezones()))
        raise problem(f"{shown(value)} is not a time zone. Write it like `America/Chicago` or `UTC`.{hint}")
    return value


Number = Annotated[float, BeforeValidator(_no_bool), Field(allow_inf_nan=False)]
"""Any number; rates are written 0 to 1."""

Whole = Annotated[int, BeforeValidator(_no_bool)]
"""A whole number."""

Count = Annotated[Whole, Field(ge=1)]
"""A whole number from 1."""

Exact = Annotated[Decimal, BeforeValidator(_to_the_digit), Field(ge=0, allow_inf_nan=False)]
"""A number from 0, kept to the digit."""

Rate = Annotated[Decimal, BeforeValidator(_to_the_digit), Field(gt=0, allow_inf_nan=False)]
"""What one unit of a currency is worth in another, kept to the digit."""

Money = Exact
"""An amount in the report currency, kept to the cent."""

Share = Annotated[Decimal, BeforeValidator(_to_the_digit), Field(ge=0, le=1, allow_inf_nan=False)]
"""A share from 0 to 1, kept to the digit."""

Day = Annotated[date, BeforeValidator(_iso_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A day as quoted ISO text."""

SourceText = Annotated[str, BeforeValidator(_as_text), WithJsonSchema({"type": ["string", "number"]})]
"""Text as it stands in a source file; numbers need no quotes."""

TimeZone = Annotated[str, BeforeValidator(_time_zone)]
"""A time zone by its IANA name."""

Name = Annotated[str, Field(min_length=1)]
"""Text that is not empty."""

CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""A currency by its ISO 4217 code."""

QuarterLabel = Annotated[str, Field(pattern=r"^\d{4}-Q[1-4]$")]
"""A fiscal quarter, like 2026-Q3."""
