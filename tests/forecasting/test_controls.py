"""The control panel: choices redraw the table, without a browser."""

from salesops_lib.forecasting.controls import explore_landing
from tests.forecasting.recipes import pipeline_company


def test_a_goal_and_a_month_redraw_the_landing():
    """The chance appears with a goal; an early month says that nothing can be landed."""
    crm = pipeline_company(n_quarters=6)
    panel = explore_landing(crm, period=crm.calendar.period("2025-09"))
    (month, goal), answer = panel.children[0].children, panel.children[1]

    assert "$5,500" in answer.value
    assert "%</td>" not in answer.value
    goal.value = 5000.0
    assert answer.value.count("%</td>") == 3
    month.value = month.options[1]
    assert "cannot be landed" in answer.value
