"""What is wrong with a value, said in plain words, by pydantic's kind of error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from pydantic_core import ErrorDetails

from salesops_lib.parameters.base import type_of_problem
from salesops_lib.parameters.wording import did_you_mean, shown


class Wrong(NamedTuple):
    """A value, and what pydantic says about the rule it breaks."""

    value: object
    rule: dict[str, Any]


def sentence(detail: ErrorDetails) -> str:
    """Say what is wrong with a value and, where it can be known, what to write."""
    wrong = Wrong(detail["input"], detail.get("ctx", {}))
    write = _SENTENCES.get(detail["type"])
    return write(wrong) if write else f"{shown(wrong.value)} cannot be used here: {detail['msg'].lower()}."


def not_one_of(value: object, choices: Iterable[str]) -> str:
    """Say which words are allowed, and which was probably meant."""
    choices = list(choices)
    hint = did_you_mean(value, choices) if isinstance(value, str) else ""
    return f"{shown(value)} is not one of {', '.join(choices)}.{hint}"


def _choice(wrong: Wrong) -> str:
    return not_one_of(wrong.value, re.findall(r"'([^']*)'", wrong.rule["expected"]))


def _text(wrong: Wrong) -> str:
    if isinstance(wrong.value, (dict, list)):
        return f"is {_kind(wrong.value)}; it must be text."
    written = getattr(wrong.value, "written", str(wrong.value).lower())
    return f'must be text. Put it in quotes: "{written}".'


def _number(wrong: Wrong) -> str:
    if isinstance(wrong.value, (dict, list)):
        return f"is {_kind(wrong.value)}; it must be a number."
    text, hint = str(wrong.value), ""
    if re.fullmatch(r"-?\d{1,3}([, ]\d{3})+(\.\d+)?", text):
        hint = f" Write it without thousands marks: {re.sub('[, ]', '', text)}."
    elif re.fullmatch(r"-?\d+(\.\d+)?\s*%", text):
        hint = f" Write rates as a share of 1: {float(text.rstrip('% ')) / 100:g}."
    return f"{shown(wrong.value)} is not a number.{hint}"


def _out_of_range(words: str, bound: str) -> Callable[[Wrong], str]:
    return lambda wrong: f"{shown(wrong.value)} is out of range: it must be {words} {wrong.rule[bound]}."


def _not_written_as(wrong: Wrong) -> str:
    return f"{shown(wrong.value)} is not {_PATTERNS.get(wrong.rule['pattern'], 'written as expected here')}."


def _kind(value: object) -> str:
    return "a block of keys" if isinstance(value, dict) else "a list" if isinstance(value, list) else "a single value"


def _must_be(words: str) -> Callable[[Wrong], str]:
    return lambda wrong: f"is {_kind(wrong.value)}; it must be {words}."


def _not(words: str) -> Callable[[Wrong], str]:
    return lambda wrong: f"{shown(wrong.value)} is not {words}."


def _is_empty(_: Wrong) -> str:
    return "is empty. Write the text, or take the line out."


def _too_few(wrong: Wrong) -> str:
    least, n = wrong.rule["min_length"], wrong.rule["actual_length"]
    return f"has {n} {'item' if n == 1 else 'items'}; it needs at least {least}."


_PATTERNS = {
    r"^[A-Z]{3}$": "a currency code of three capital letters, like USD",
    r"^\d{4}-Q[1-4]$": "a quarter, which is written like 2026-Q3",
}
_NUMBERS = ("int_type", "int_parsing", "float_type", "float_parsing", "decimal_type", "decimal_parsing")
_BLOCKS = ("dict_type", "model_type", "model_attributes_type")
_SENTENCES: dict[str, Callable[[Wrong], str]] = {
    type_of_problem: lambda wrong: str(wrong.rule["sentence"]),
    "literal_error": _choice,
    "string_type": _text,
    "string_too_short": _is_empty,
    "string_pattern_mismatch": _not_written_as,
    "int_from_float": _not("a whole number"),
    "finite_number": _not("a number"),
    "bool_type": _not("true or false"),
    "bool_parsing": _not("true or false"),
    "greater_than": _out_of_range("above", "gt"),
    "greater_than_equal": _out_of_range("at least", "ge"),
    "less_than": _out_of_range("below", "lt"),
    "less_than_equal": _out_of_range("at most", "le"),
    "too_short": _too_few,
    **dict.fromkeys(_NUMBERS, _number),
    **dict.fromkeys(_BLOCKS, _must_be("a block of keys, each on a line of its own")),
    **dict.fromkeys(("list_type", "tuple_type"), _must_be("a list, one `- ` line for each item or [a, b]")),
}
