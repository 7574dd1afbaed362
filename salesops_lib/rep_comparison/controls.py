"""A control panel for JupyterLab: another month, window or threshold, redrawn in place. A report never needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salesops_lib.rep_comparison.verdicts.metrics import verdict_by_rep
from salesops_lib.reporting.tables.panel import panel_answer
from salesops_lib.wording import number, percent

if TYPE_CHECKING:
    import ipywidgets as widgets
    import pandas as pd

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

EVERYONE = "All teams"


def explore_verdicts(crm: Crm, *, period: Period, confidence: float, min_closed: int) -> widgets.VBox:
    """Choose the month, the months before it, the fewest deals and a team; the verdicts follow.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        period: The month chosen at first.
        confidence: As for ``verdict_by_rep``.
        min_closed: Fewest closed deals chosen at first.
    """
    import ipywidgets as widgets

    calendar = crm.calendar
    labels = [each.label for each in calendar.between(crm.first_day(), crm.as_of, "month")]
    start = period.label if period.label in labels else labels[-1]
    month = widgets.Dropdown(options=labels, value=start, description="Month")
    months = widgets.IntSlider(value=12, min=1, max=36, description="Months", continuous_update=False)
    fewest = widgets.BoundedIntText(value=min_closed, min=1, max=1000, description="Fewest deals")
    team = widgets.Dropdown(options=[EVERYONE], value=EVERYONE, description="Team")
    answer = widgets.HTML()

    def redraw(_change: Any = None) -> None:
        chosen = calendar.period(month.value)
        rows = verdict_by_rep(
            crm.at(min(chosen.end, crm.as_of)),
            period=chosen,
            months=months.value,
            min_closed=fewest.value,
            confidence=confidence,
        )
        teams = (EVERYONE, *dict.fromkeys(rows["team_name"]))
        if tuple(team.options) != teams:
            kept = team.value if team.value in teams else EVERYONE
            team.unobserve(redraw, names="value")
            team.options, team.value = teams, kept
            team.observe(redraw, names="value")
        answer.value = _table(rows if team.value == EVERYONE else rows[rows["team_name"] == team.value])

    for control in (month, months, fewest, team):
        control.observe(redraw, names="value")
    redraw()
    return widgets.VBox([widgets.HBox([month, months]), widgets.HBox([fewest, team]), answer])


def _table(rows: pd.DataFrame) -> str:
    labels = ("Rep", "Closed", "Won", "Expected", "Win rate", "Verdict")
    return panel_answer(labels=labels, rows=[_cells(row) for row in rows.itertuples()])


def _cells(row: Any) -> tuple[str, ...]:
    expected, rate = number(row.expected_won, 1), percent(row.win_rate)
    return str(row.name), number(row.n_closed), number(row.n_won), expected, rate, str(row.verdict)
