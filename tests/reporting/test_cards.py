"""KPI cards: value, signed change with its unit, direction, target, doubt, trend, and what to do when off."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from salesops_lib import wording
from salesops_lib.errors import TableError
from salesops_lib.reporting.blocks.card import Card, card_data, read_cards
from salesops_lib.reporting.blocks.cards import write_cards
from tests.reporting.samples import sample_cards, sample_parameters


@pytest.fixture(autouse=True)
def _dollars():
    wording.use_currency("USD")


@pytest.fixture(scope="module")
def parameters(tmp_path_factory):
    """A company that says something about one key figure."""
    return sample_parameters(tmp_path_factory.mktemp("company"))


def text_of(html: str) -> str:
    """The words of some markup, one space between."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (2_030_000.0, "amount", "$2.03M"),
        (0.264, "rate", "26.4%"),
        (31.4, "days", "31 days"),
        (1.0, "days", "1 day"),
        (1406.0, "count", "1,406"),
        (71.25, "score", "71.2"),
        (None, "rate", "–"),
    ],
)
def test_a_value_is_written_in_its_unit(value, unit, shown):
    """Each of the five units reads its own way; an undefined figure is a dash."""
    assert Card("k", "K", value, unit).shown == shown


@pytest.mark.parametrize(
    ("change", "unit", "shown"),
    [
        (0.13, "share", "+13.0%"),
        (-0.065, "rate", "−6.5 pp"),
        (-3.2, "days", "−3 days"),
        (1.0, "days", "+1 day"),
        (5000.0, "amount", "+$5,000"),
        (-12.0, "count", "−12"),
        (0.0, "share", "0.0%"),
        (None, "share", ""),
    ],
)
def test_a_change_carries_its_sign_and_its_unit(change, unit, shown):
    """A change of a rate is in percentage points, a relative one in percent."""
    assert Card("k", "K", 1.0, "count", change=change, change_unit=unit).shown_change == shown


@pytest.mark.parametrize(
    ("change", "direction", "judgement"),
    [
        (0.1, "up", "better"),
        (-0.1, "up", "worse"),
        (0.1, "down", "worse"),
        (-0.1, "down", "better"),
        (0.1, "none", ""),
        (0.0, "up", ""),
        (0.0001, "up", ""),
    ],
)
def test_whether_a_change_is_good_depends_on_the_direction(change, direction, judgement):
    """A shorter cycle is better; a change too small to show is neither."""
    assert Card("k", "K", 1.0, "count", change=change, change_unit="share", direction=direction).judgement == judgement


def test_good_and_bad_are_said_in_words_as_well_as_in_colour():
    """In grey, and to a screen reader, the change still says whether it is welcome."""
    html = write_cards(
        [Card("k", "Cycle", 31.0, "days", change=-3.0, change_unit="days", direction="down", compared_with="Aug 2026")]
    )

    assert "so-up" in html
    assert "▼" in html
    assert text_of(html) == "Cycle 31 days ▼ down 3 days vs Aug 2026 , better".replace(" ,", ",")


@pytest.mark.parametrize(
    ("value", "target", "threshold", "direction", "is_off"),
    [
        (0.26, 0.32, 0.27, "up", True),
        (0.28, 0.32, 0.27, "up", False),
        (0.31, 0.32, None, "up", True),
        (40.0, 30.0, 45.0, "down", False),
        (46.0, 30.0, 45.0, "down", True),
        (None, 0.3, None, "up", False),
        (0.1, 0.3, None, "none", False),
    ],
)
def test_action_is_due_past_the_threshold_or_else_past_the_target(value, target, threshold, direction, is_off):
    """The threshold is where action is due; without one, the target is."""
    card = Card("k", "K", value, "rate", target=target, threshold=threshold, direction=direction)

    assert card.is_off is is_off


def test_what_the_company_says_about_a_key_figure_joins_its_card(parameters):
    """Target, owner, action and label come from company.yaml, by key."""
    cards = {card.key: card for card in read_cards(sample_cards(), parameters, "2026-Q3")}
    text = text_of(write_cards([cards["win_rate"]]))

    assert cards["win_rate"].target == 0.32
    assert cards["win_rate"].is_off
    assert "Target 32.0%" in text
    assert "n = 412, between 22.3% and 30.9%" in text
    assert text.endswith("Ana Ruiz: Review lost deals with the team")
    assert cards["bookings"].target == 2.2e6


def test_an_undefined_figure_is_a_dash_without_a_change_or_a_line(parameters):
    """Nothing is made of nothing."""
    (card,) = [card for card in read_cards(sample_cards(), parameters, "2026-Q3") if card.key == "pipeline_created"]
    html = write_cards([card])

    assert text_of(html) == "Pipeline created –"
    assert "<svg" not in html


def test_a_trend_has_words_for_those_who_do_not_see_it(parameters):
    """The line's alternative says its two ends in the card's unit."""
    cards = read_cards(sample_cards(), parameters, "2026-Q3")

    assert 'aria-label="Bookings, last 12 periods: $1.70M to $2.03M"' in write_cards(cards)


def test_a_table_without_a_required_column_is_an_error_that_names_it(parameters):
    """The message says what is needed and what lacks."""
    with pytest.raises(TableError, match="lacks \\['unit'\\]"):
        read_cards(pd.DataFrame({"key": ["a"], "label": ["A"], "value": [1.0]}), parameters, "2026-Q3")
    with pytest.raises(TableError, match="percent"):
        read_cards(
            pd.DataFrame({"key": ["a"], "label": ["A"], "value": [1.0], "unit": ["percent"]}), parameters, "2026-Q3"
        )


def test_four_columns_are_enough_for_a_card(parameters):
    """Everything but key, label, value and unit may be absent."""
    (card,) = read_cards(
        pd.DataFrame({"key": ["a"], "label": ["A <b>"], "value": [3], "unit": ["count"]}), parameters, "2026-Q3"
    )

    assert text_of(write_cards([card])) == "A &lt;b&gt; 3"
    assert card_data(card)["shown"] == "3"
