"""Calling any metric the way a notebook does: what it requires is filled from the company."""

from __future__ import annotations

import inspect
from typing import Any

import pandas as pd

from salesops_lib.data.crm import Crm
from salesops_lib.parameters import Parameters


def call_metric(metric: Any, crm: Crm, **given: Any) -> pd.DataFrame:
    """The metric's frame, called with those of the given that it declares."""
    return metric(crm, **{name: value for name, value in given.items() if name in inspect.signature(metric).parameters})


class MetricCaller:
    """One company and month; ``call`` runs a metric, or returns nothing where it needs another's frame."""

    def __init__(self, crm: Crm, parameters: Parameters, month: str) -> None:
        self.given: dict[str, Any] = {
            "crm": crm,
            "parameters": parameters,
            "period": crm.calendar.period(month),
            "calendar": crm.calendar,
            "as_of": crm.as_of,
        }

    def call(self, metric: Any) -> pd.DataFrame | None:
        """The metric's frame."""
        wanted = inspect.signature(metric).parameters.values()
        required = [one.name for one in wanted if one.default is inspect.Parameter.empty]
        if not set(required) <= set(self.given):
            return None
        return metric(**{name: self.given[name] for name in required})
