"""A control panel for JupyterLab: another month or goal, redrawn in place. A report never needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salesops_lib.forecasting.landing.metrics import NAMES
from salesops_lib.forecasting.landing.model import Landing, Landings, land_quarter
from salesops_lib.reporting.tables.panel import panel_answer
from salesops_lib.wording import money, percent

if TYPE_CHECKING:
    import ipywidgets as widgets

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

MONTHS_OFFERED = 24


def explore_landing(crm: Crm, *, period: Period) -> widgets.VBox:
    """Choose the month-end to look from and any goal; the landings and their chances of it follow.

    Args:
        crm: Needs ``opportunities``.
        period: The month chosen at first.
    """
    import ipywidgets as widgets

    calendar = crm.calendar
    labels = [each.label for each in calendar.between(crm.first_day(), crm.as_of, "month")][-MONTHS_OFFERED:]
    month = widgets.Dropdown(
        options=labels, value=period.label if period.label in labels else labels[-1], description="As known in"
    )
    goal = widgets.BoundedFloatText(value=0.0, min=0.0, max=1e12, description="Goal")
    answer = widgets.HTML()

    def redraw(_change: Any = None) -> None:
        chosen = calendar.period(month.value)
        landings = land_quarter(crm.at(min(chosen.end, crm.as_of)))
        answer.value = _table(landings, calendar.title(landings.quarter), float(goal.value))

    for control in (month, goal):
        control.observe(redraw, names="value")
    redraw()
    return widgets.VBox([widgets.HBox([month, goal]), answer])


def _table(landings: Landings, title: str, goal: float) -> str:
    if not landings.now:
        return panel_answer(text=f"{title} cannot be landed: fewer than two whole quarters lie before it.")
    labels = (title, "Lands at", "80% interval", "Chance of the goal")
    return panel_answer(labels=labels, rows=[_row(each, goal) for each in landings.now])


def _row(landing: Landing, goal: float) -> tuple[str, ...]:
    ends = " to ".join(money(landing.quantile(share)) for share in (0.1, 0.9))
    chance = percent(landing.chance_of(goal)) if goal > 0 else ""
    return (NAMES[landing.method], money(landing.landing_amount), ends, chance)
