"""Calling any metric the way a notebook does: what it requires is filled from the company."""

from __future__ import annotations

import inspect
from typing import Any

import pandas as pd

from salesops_lib.data.crm import Crm
from salesops_lib.parameters import Parameters

CHOSEN = {"confidence": 0.95, "min_closed": 20}
"""What a company chooses for all its reports, as most do."""


def as_reported(function: Any, *first: Any, **given: Any) -> Any:
    """What a metric, plot or description returns, called with those of the given and of the chosen that it declares."""
    declared = inspect.signature(function).parameters
    return function(*first, **{name: value for name, value in {**CHOSEN, **given}.items() if name in declared})


class MetricCaller:
    """One company and month; ``call`` runs a metric, or returns nothing where it needs another's frame."""

    def __init__(self, crm: Crm, parameters: Parameters, month: str) -> None:
        self.given: dict[str, Any] = {
            "crm": crm,
            "parameters": parameters,
            "period": crm.calendar.period(month),
            "calendar": crm.calendar,
            "as_of": crm.as_of,
            **CHOSEN,
        }

    def call(self, metric: Any) -> pd.DataFrame | None:
        """The metric's frame."""
        wanted = inspect.signature(metric).parameters.values()
        required = [one.name for one in wanted if one.default is inspect.Parameter.empty]
        if not set(required) <= set(self.given):
            return None
        return metric(**{name: self.given[name] for name in required})
