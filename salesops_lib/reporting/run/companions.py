"""From a metric to its plot, words and table: found by rhyme, called by name.

``win_rate_by_rep`` rhymes with ``describe_win_rate_by_rep`` in the ``narrative`` of its own folder, and with
``plot_win_rate_by_rep`` and ``table_win_rate_by_rep`` in the ``plots`` there. Only the words are required.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from salesops_lib.parameters.wording import did_you_mean

Function = Callable[..., Any]


@dataclass(frozen=True)
class Triple:
    """A metric with what rhymes with it."""

    metric: Function
    describe: Function
    plot: Function | None = None
    table: Function | None = None


def triple_of(metric: Function) -> Triple:
    """Find the words, the plot and the table view of a metric.

    Errors:
        TypeError: Its folder has no ``describe_`` for it.
    """
    name = metric.__name__
    found = {verb: _find(metric, f"{verb}_{name}") for verb in ("describe", "plot", "table")}
    if found["describe"] is None:
        raise TypeError(
            f"There is no `describe_{name}` beside `{metric.__module__}.{name}`. "
            "Write it in the narrative.py of that folder: it takes the metric's frame and returns a Finding."
        )
    return Triple(metric, found["describe"], found["plot"], found["table"])


def _find(metric: Function, name: str) -> Function | None:
    for module in _beside(metric):
        found = getattr(module, name, None)
        if callable(found):
            return found  # type: ignore[no-any-return]  # checked on the line above
    return None


def _beside(metric: Function) -> Iterator[ModuleType]:
    """The words and the plots in the metric's folder."""
    folder = metric.__module__.rpartition(".")[0]
    for name in ("narrative", "plots"):
        if find_spec(f"{folder}.{name}"):
            yield import_module(f"{folder}.{name}")


def check_options(options: Mapping[str, Any], functions: Iterable[Function | None]) -> None:
    """Refuse an option that none of these functions declares.

    Errors:
        TypeError: The option's name, and the one that was probably meant.
    """
    known: set[str] = set()
    first = ""
    for function in filter(None, functions):
        first = first or function.__name__
        declared = inspect.signature(function).parameters
        if any(each.kind is inspect.Parameter.VAR_KEYWORD for each in declared.values()):
            return
        known |= set(declared)
    unknown = [name for name in options if name not in known]
    if unknown:
        raise TypeError(
            f"`{first}` has no option `{unknown[0]}`.{did_you_mean(unknown[0], known)} "
            f"It knows: {', '.join(sorted(known - {'ax', 'crm'}))}."
        )


def call(
    function: Function,
    *first: Any,
    options: Mapping[str, Any],
    required: Mapping[str, Any],
    chosen: Mapping[str, Any] | None = None,
) -> Any:
    """Call a function with what it declares.

    Args:
        function: A metric, plot, description or table view.
        first: Goes in by position.
        options: What the caller gave; used where the function declares the name.
        required: What a report knows; used where the function declares the name without a default.
        chosen: What the company chose for all reports; used where the function declares the name at all.

    Errors:
        TypeError: Something required is in none of these.
    """
    declared = list(inspect.signature(function).parameters.values())[len(first) :]
    given: dict[str, Any] = {}
    for each in declared:
        if each.name in options:
            given[each.name] = options[each.name]
        elif chosen and each.name in chosen:
            given[each.name] = chosen[each.name]
        elif each.default is inspect.Parameter.empty and each.name in required:
            given[each.name] = required[each.name]
    return function(*first, **given)


def dotted_name(function: Function) -> str:
    """Where a function's code is: ``salesops_lib.forecasting.accuracy.metrics.accuracy_by_method``."""
    return f"{function.__module__}.{function.__name__}"


def first_sentence_of(function: Function) -> str:
    """The plain sentence that opens a function's docstring."""
    return (inspect.getdoc(function) or "").partition("\n\n")[0].replace("\n", " ").strip()
