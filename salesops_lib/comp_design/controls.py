"""A control panel for JupyterLab: what would an attainment earn under a plan? A report never needs it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from salesops_lib.comp_design.pay import QUARTERS_A_YEAR
from salesops_lib.comp_design.payout import cents, curve, payout, share_out
from salesops_lib.reporting.tables.panel import panel_answer
from salesops_lib.wording import money, percent

if TYPE_CHECKING:
    import ipywidgets as widgets

    from salesops_lib.parameters import Parameters
    from salesops_lib.parameters.plan import Plan

YEARLY = 40_000
"""Variable pay a year at first."""


def explore_payout(*, parameters: Parameters) -> widgets.VBox:
    """Choose own and team attainment and the variable pay of a year; the pay of the quarter follows for every plan.

    Args:
        parameters: Hold the plans.
    """
    import ipywidgets as widgets

    own = widgets.IntSlider(value=120, min=0, max=300, step=5, description="Own, %", continuous_update=False)
    team = widgets.IntSlider(value=90, min=0, max=300, step=5, description="Team, %", continuous_update=False)
    yearly = widgets.BoundedIntText(value=YEARLY, min=0, max=10_000_000, step=1000, description="Yearly")
    answer = widgets.HTML()

    def redraw(_change: Any = None) -> None:
        target = cents(Fraction(yearly.value, QUARTERS_A_YEAR))
        rows = [
            _cells(plan, target, Fraction(own.value, 100), Fraction(team.value, 100))
            for plan in parameters.plans.values()
        ]
        answer.value = _table(rows)

    for control in (own, team, yearly):
        control.observe(redraw, names="value")
    redraw()
    return widgets.VBox([widgets.HBox([own, team, yearly]), answer])


def _cells(plan: Plan, target: Decimal, own: Fraction, team: Fraction) -> list[str]:
    pieces = curve(plan)
    own_target, team_target = share_out(target, plan.mix.individual)
    on_own, on_team = (
        cents(Fraction(part) * payout(pieces, reached)) for part, reached in ((own_target, own), (team_target, team))
    )
    paid = on_own + on_team
    of_target = percent(float(paid / target)) if target else ""
    return [plan.title, *(money(float(each), exact=True) for each in (on_own, on_team, paid)), of_target]


def _table(rows: list[list[str]]) -> str:
    labels = ("Plan", "On own results", "On the team's", "Pay of the quarter", "Of target")
    return panel_answer(labels=labels, rows=rows)
