"""Contracts: every metric's frame has the columns that its docstring promises, empty or not."""

from __future__ import annotations

import importlib
import inspect
import re

import pandas as pd
import pytest

from salesops_lib.errors import MissingTableError
from salesops_lib.measures.tidy import columns_of
from tests.test_architecture import AREAS

COLUMN = re.compile(r"^ {8}(?P<names>[a-z_0-9, or]+?) \(", re.MULTILINE)
TYPES = {
    "str": "str", "int": "u?int64|Int64", "float": "float64", "bool": "bool|boolean", "date": "datetime64.*",
    "list": "object", "Decimal": "object",
}  # fmt: skip
"""Types that a docstring may say, and what pandas calls them."""


def metrics_of(area):
    """The public metrics of an area: functions that take a ``Crm`` or the parameters first."""
    package = importlib.import_module(f"salesops_lib.{area}")
    for name, thing in inspect.getmembers(package, inspect.isfunction):
        first = next(iter(inspect.signature(thing).parameters), "")
        if not name.startswith("_") and first in ("crm", "parameters") and thing.__module__.startswith("salesops_lib."):
            yield name, thing


def promised(metric):
    """Column names in the ``Returns:`` block of a docstring."""
    block = (metric.__doc__ or "").split("Returns:")[-1].split("\n    Errors:")[0].split("\n    Source:")[0]
    return [name.strip() for found in COLUMN.finditer("\n" + block) for name in re.split(r",| or ", found["names"])]


ALL = [pytest.param(metric, id=f"{area}.{name}") for area in AREAS for name, metric in metrics_of(area)]


@pytest.mark.parametrize("metric", ALL)
def test_a_metric_returns_the_columns_that_its_docstring_promises(metric, demo_run):
    """On the demo company: names and order of the columns are those of the docstring."""
    frame = demo_run.call(metric)
    if frame is None:
        pytest.skip("needs another metric's frame; its notebook runs it")
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == promised(metric)


@pytest.mark.parametrize("metric", ALL)
def test_a_metric_of_a_company_without_deals_has_the_same_columns(metric, bare_run):
    """Nothing to count is an empty or missing answer with the same columns, or a named table that is absent."""
    try:
        frame = bare_run.call(metric)
    except MissingTableError:
        return
    if frame is None:
        pytest.skip("needs another metric's frame; its notebook runs it")
    assert list(frame.columns) == promised(metric)


@pytest.mark.parametrize("metric", ALL)
def test_a_docstrings_columns_are_read_as_they_stand(metric):
    """Names in their order, one a line, each of a type that the kit knows."""
    columns = columns_of(metric)

    assert list(columns) == promised(metric)
    assert {column.type for column in columns.values()} <= set(TYPES)


@pytest.mark.parametrize("metric", ALL)
@pytest.mark.parametrize("company", ["demo_run", "bare_run"])
def test_a_metrics_columns_have_the_types_that_its_docstring_promises(metric, company, request):
    """With rows and without."""
    try:
        frame = request.getfixturevalue(company).call(metric)
    except MissingTableError:
        return
    if frame is None:
        pytest.skip("needs another metric's frame; its notebook runs it")
    said = {name: TYPES[column.type] for name, column in columns_of(metric).items()}
    types = {name: str(dtype) for name, dtype in frame.dtypes.items()}
    assert {name: dtype for name, dtype in types.items() if not re.fullmatch(said[name], dtype)} == {}
