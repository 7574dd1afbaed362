"""The control panel: choices redraw the table, without a browser."""

from salesops_lib.rep_comparison.controls import EVERYONE, explore_verdicts
from tests.builders import make_crm
from tests.rep_comparison.recipes import SEPTEMBER, closed_deals


def test_a_choice_redraws_the_verdicts():
    """Fewest deals, team and month each change what is shown; names are escaped."""
    deals = [deal for rep in range(6) for deal in closed_deals(f"r{rep}", "2026-09-10", 30, 70)]
    crm = make_crm(
        deals=[*deals, *closed_deals("up", "2026-09-10", 60, 40), *closed_deals("up", "2026-08-10", 1, 2)],
        reps=[*(f"r{rep}" for rep in range(6)), {"rep_id": "up", "name": "<b>Up"}],
        teams=[{"team_id": "t", "name": "T"}],
        team_members=[{"rep_id": "up", "team_id": "t"}],
    )
    panel = explore_verdicts(crm, period=SEPTEMBER, confidence=0.95, min_closed=20)
    (month, _months), (fewest, team), answer = (
        panel.children[0].children, panel.children[1].children, panel.children[2],
    )  # fmt: skip

    assert "stands out above" in answer.value
    assert "&lt;b&gt;Up" in answer.value
    fewest.value = 200
    assert "stands out above" not in answer.value
    team.value = "T"
    assert answer.value.count("<tr>") == 2
    team.value, month.value = EVERYONE, "2026-08"
    assert "33%" in answer.value
