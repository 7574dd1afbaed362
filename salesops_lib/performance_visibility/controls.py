"""A control panel for JupyterLab: another month or window, redrawn in place. A report never needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salesops_lib.performance_visibility.winning.win_rates.metrics import win_rate_by_group
from salesops_lib.performance_visibility.winning.win_rates.narrative import describe_win_rate_by_group
from salesops_lib.reporting.tables.panel import panel_answer
from salesops_lib.wording import number, percent

if TYPE_CHECKING:
    import ipywidgets as widgets
    import pandas as pd

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period


def explore_win_rates(crm: Crm, *, period: Period, confidence: float, min_closed: int) -> widgets.VBox:
    """Choose the month, the months before it and the fewest deals; the win rates three ways follow.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        period: The month chosen at first.
        confidence: Coverage of the intervals.
        min_closed: Fewest closed deals chosen at first.
    """
    import ipywidgets as widgets

    labels = [each.label for each in crm.calendar.between(crm.first_day(), crm.as_of, "month")]
    start = period.label if period.label in labels else labels[-1]
    month = widgets.Dropdown(options=labels, value=start, description="Month")
    months = widgets.IntSlider(value=12, min=1, max=36, description="Months", continuous_update=False)
    fewest = widgets.BoundedIntText(value=min_closed, min=1, max=1000, description="Fewest deals")
    answer = widgets.HTML()

    def redraw(_change: Any = None) -> None:
        chosen = crm.calendar.period(month.value)
        rows = win_rate_by_group(
            crm.at(min(chosen.end, crm.as_of)), period=chosen, n_months=months.value, confidence=confidence
        )
        answer.value = _answer(rows, fewest.value, confidence)

    for control in (month, months, fewest):
        control.observe(redraw, names="value")
    redraw()
    return widgets.VBox([widgets.HBox([month, months, fewest]), answer])


def _answer(rows: pd.DataFrame, min_closed: int, confidence: float) -> str:
    finding = describe_win_rate_by_group(rows, min_closed=min_closed, confidence=confidence)
    enough = rows[(rows["group"] == "company") | (rows["n_closed"] >= min_closed)]
    labels = ("Group", "Closed", "By count", "By value", "Created", "Created cohort")
    return panel_answer(title=finding.title, labels=labels, rows=[_cells(row) for row in enough.to_dict("records")])


def _cells(row: dict[Any, Any]) -> tuple[str, ...]:
    return (
        str(row["name"]), number(row["n_closed"]), percent(row["win_rate"], 1), percent(row["value_win_rate"], 1),
        number(row["n_created"]), percent(row["cohort_win_rate"], 1),
    )  # fmt: skip
