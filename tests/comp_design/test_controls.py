"""The control panel: tested as an object, without a browser."""

import pytest

from salesops_lib.comp_design.controls import explore_payout
from tests.comp_design.recipes import make_plan, parameters_of, tiers


@pytest.fixture
def panel():
    """A panel over two plans, one with a hostile title."""
    mixed = make_plan(mix={"individual": "0.75", "team": "0.25"}, tiers=tiers((0, 1), (1, "1.5")))
    return explore_payout(parameters=parameters_of(mixed, make_plan("bad", title="<script>alert(1)</script>")))


def test_the_panel_shows_every_plans_pay_at_once(panel):
    """120 % in a team at 90 % on 10,000: 7,500 x 1.3 + 2,500 x 0.9 = 12,000."""
    answer = panel.children[-1].value
    assert "$12,000.00" in answer
    assert "120%" in answer


def test_moving_a_slider_redraws_the_answer(panel):
    """At 100 % each plan pays its target on own results."""
    own, team, yearly = panel.children[0].children
    own.value, team.value, yearly.value = 100, 100, 80_000
    assert panel.children[-1].value.count("$20,000.00") == 3


def test_titles_of_plans_are_escaped(panel):
    """A plan's title is text."""
    assert "<script>" not in panel.children[-1].value
