"""The control panel: it answers at once and follows every choice, without a browser."""

from datetime import date

from salesops_lib.performance_visibility.controls import explore_win_rates
from tests.builders import CALENDAR, make_crm


def test_the_panel_follows_its_choices():
    """August alone has one win of two; with July two of three; names are escaped."""
    deals = [("ana", "2026-07-10", "won"), ("ana", "2026-08-10", "won"), ("ana", "2026-08-11", "lost")]
    crm = make_crm(
        deals=deals, as_of=date(2026, 9, 30), teams=[{"team_id": "t", "name": "<b>"}],
        team_members=[{"rep_id": "ana", "team_id": "t"}],
    )  # fmt: skip
    panel = explore_win_rates(crm, period=CALENDAR.period("2026-08"), confidence=0.95, min_closed=20)
    (month, months, fewest), answer = panel.children[0].children, panel.children[1]

    months.value, fewest.value = 1, 1
    assert "50.0%" in answer.value
    months.value = 2
    assert "66.7%" in answer.value
    assert "&lt;b&gt;" in answer.value
    assert "<b>" not in answer.value
    month.value = "2026-07"
    assert "cannot be told" in answer.value  # nothing had been lost by then
