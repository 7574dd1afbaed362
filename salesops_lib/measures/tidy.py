"""Tidy frames: columns, their order and types stand in a metric's docstring; ``@tidy`` holds the frame to it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from types import MappingProxyType
from typing import Any, ParamSpec

import pandas as pd

Given = ParamSpec("Given")
_COLUMN = re.compile(r"^(?P<name>\w+) \((?P<type>\w+)[^)]*\): (?P<meaning>.*)$")


@dataclass(frozen=True)
class Column:
    """What a docstring says of a column."""

    type: str
    """str, int, float, bool or date; anything else, such as a list, is an object."""
    meaning: str


def tidy(metric: Callable[Given, pd.DataFrame]) -> Callable[Given, pd.DataFrame]:
    """Give a metric's frame the columns of its docstring: in that order, of those types, and no others.

    The metric returns them in any order, with helpers beside them; ``pd.DataFrame()`` where there is nothing to tell.

    Errors:
        TypeError: The docstring lists no columns; at the call, the frame lacks one or holds what is not of its type.
    """
    if not columns_of(metric):
        raise TypeError(
            f"`{_dotted(metric)}` lists no columns. Write one line for each below `Returns:` of its docstring: "
            "`name (type): meaning`."
        )

    @wraps(metric)
    def tidied(*args: Given.args, **kwargs: Given.kwargs) -> pd.DataFrame:
        return shaped(metric(*args, **kwargs), metric)

    return tidied


def shaped(frame: pd.DataFrame, metric: Callable[..., Any]) -> pd.DataFrame:
    """The frame with the columns of a metric's docstring; one without any column is one without rows."""
    columns = columns_of(metric)
    if frame.empty and frame.columns.empty:
        frame = pd.DataFrame(columns=list(columns))
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise TypeError(
            f"`{_dotted(metric)}` lacks {len(missing)} of the {len(columns)} columns of its docstring: "
            f"{', '.join(missing)}. It has: {', '.join(map(str, frame.columns))}."
        )
    frame = frame[list(columns)].reset_index(drop=True)
    types = {name: column.type for name, column in columns.items()}
    dtypes = zip(types.items(), frame.dtypes, strict=True)
    wrong = {name: _dtype(frame[name], said) for (name, said), dtype in dtypes if not _is_of(dtype, said)}
    # By way of the sister with gaps, which refuses half a deal; numpy would cut it to none.
    checked = {name: _WITH_GAPS[types[name]] for name in wrong if types[name] in _WITH_GAPS}
    try:
        return frame.astype(checked).astype(wrong) if wrong else frame
    except (TypeError, ValueError) as error:
        said = ", ".join(f"{name} ({types[name]})" for name in wrong)
        raise TypeError(f"`{_dotted(metric)}` holds what is not of its docstring's type, in {said}: {error}") from error


_KINDS = {"int": "iu", "float": "f", "bool": "b", "date": "M"}
_DTYPES = {"str": "str", "int": "int64", "float": "float64", "bool": "bool", "date": "datetime64[us]"}
_WITH_GAPS = {"int": "Int64", "bool": "boolean"}


def _is_of(dtype: Any, said: str) -> bool:
    """Whether a column is of the type already; a date of whatever unit is one."""
    if said == "str":
        return isinstance(dtype, pd.StringDtype)
    return bool(dtype.kind in _KINDS.get(said, "O"))


def _dtype(values: pd.Series[Any], said: str) -> str:
    """The type that pandas is asked for; where a type holds no gaps and there are some, its sister that does."""
    if said in _WITH_GAPS and values.hasnans:
        return _WITH_GAPS[said]
    return _DTYPES.get(said, "object")


@cache
def columns_of(function: Callable[..., Any]) -> Mapping[str, Column]:
    """Columns by name, in order, from the ``Returns:`` block of a metric's docstring."""
    found: dict[str, Column] = {}
    name = ""
    for line in _returns_block(inspect.getdoc(function) or ""):
        column = _COLUMN.match(line.strip())
        if column:
            name = column["name"]
            found[name] = Column(column["type"], column["meaning"].strip())
        elif name and line.strip():
            found[name] = Column(found[name].type, f"{found[name].meaning} {line.strip()}")
    return MappingProxyType(found)


def _returns_block(docstring: str) -> Iterator[str]:
    """The indented lines below ``Returns:``."""
    inside = False
    for line in docstring.splitlines():
        if line.startswith("Returns:"):
            inside = True
        elif inside and line and not line.startswith(" "):
            return
        elif inside:
            yield line


def column_meanings(function: Callable[..., Any]) -> dict[str, str]:
    """Column to meaning, for readers: without the marks of code."""
    return {name: re.sub(r"`+([^`]*)`+", r"\1", column.meaning) for name, column in columns_of(function).items()}


def _dotted(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__name__}"
