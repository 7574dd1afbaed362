"""A control panel for JupyterLab: from the company to a team to a rep, redrawn in place. A report never needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salesops_lib.performance_visibility.changes.bookings.metrics import bookings_change, bookings_change_by_rep
from salesops_lib.reporting.tables.panel import panel_answer
from salesops_lib.wording import money

if TYPE_CHECKING:
    import ipywidgets as widgets
    import pandas as pd

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

ALL = "<all>"
"""Choice of every team or rep; no key looks like it."""
SPANS = {"Quarter": "quarter", "Month": "month", "Year": "year"}
COLUMNS = {
    "name": "Who", "before_amount": "Then", "bookings_amount": "Now", "change_amount": "Change",
    "volume_amount": "Volume", "mix_amount": "Mix", "win_rate_amount": "Win rate", "deal_size_amount": "Deal size",
}  # fmt: skip


def explore_bookings(crm: Crm, *, period: Period, confidence: float) -> widgets.VBox:
    """Choose the month, its span, a team and a rep; what moved bookings there follows.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        period: The month chosen at first.
        confidence: Chance explains a change that it would show less often than the rest.
    """
    import ipywidgets as widgets

    labels = [each.label for each in crm.calendar.between(crm.first_day(), crm.as_of, "month")]
    start = period.label if period.label in labels else labels[-1]
    month = widgets.Dropdown(options=labels, value=start, description="Month")
    span = widgets.Dropdown(options=list(SPANS.items()), value="quarter", description="Span")
    team = widgets.Dropdown(options=[("All", ALL)], value=ALL, description="Team")
    rep = widgets.Dropdown(options=[("All", ALL)], value=ALL, description="Rep")
    answer = widgets.HTML()
    is_busy = False

    def redraw(_change: Any = None) -> None:
        nonlocal is_busy
        # Offering other teams or reps changes the choice, which would call for another drawing.
        if is_busy:
            return
        is_busy = True
        try:
            chosen = crm.calendar.period(month.value)
            known = crm.at(min(chosen.end, crm.as_of))
            groups = bookings_change(known, period=chosen, span=span.value, confidence=confidence)
            _offer(team, groups[groups["group"] == "team"], "key")
            within = None if team.value == ALL else team.value
            reps = bookings_change_by_rep(known, period=chosen, span=span.value, team_id=within, confidence=confidence)
            _offer(rep, reps, "rep_id")
            answer.value = _answer(groups, reps, team.value, rep.value)
        finally:
            is_busy = False

    for control in (month, span, team, rep):
        control.observe(redraw, names="value")
    redraw()
    return widgets.VBox([widgets.HBox([month, span, team, rep]), answer])


def _offer(control: widgets.Dropdown, rows: pd.DataFrame, key: str) -> None:
    """Offer the keys of these rows by name, and keep what was chosen where it is still among them."""
    chosen, rows = control.value, rows.sort_values("name")
    control.options = [("All", ALL), *zip(rows["name"], rows[key], strict=True)]
    control.value = chosen if chosen in set(rows[key]) else ALL


def _answer(groups: pd.DataFrame, reps: pd.DataFrame, team: str, rep: str) -> str:
    """Company with teams and segments, a team with its reps, or one rep."""
    is_team = (groups["group"] == "team") & (groups["key"] == team)
    shown = (
        groups.to_dict("records") if team == ALL else [*groups[is_team].to_dict("records"), *reps.to_dict("records")]
    )
    if rep != ALL:
        shown = reps[reps["rep_id"] == rep].to_dict("records")
    first = groups.iloc[0]
    then = f" against {first['compared_with']}" if first["compared_with"] else ", nothing earlier to compare with"
    same = ", the same days of both" if first["is_partial"] and first["compared_with"] else ""
    title = first["period"] + then + same
    return panel_answer(title=title, labels=list(COLUMNS.values()), rows=[_cells(row) for row in shown])


def _cells(row: dict[Any, Any]) -> list[str]:
    return [str(row["name"]), *(money(row[name]) for name in list(COLUMNS)[1:])]
