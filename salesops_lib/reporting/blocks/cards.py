"""Key figures as cards: one list, each card a figure with what makes it read right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from salesops_lib.reporting.blocks.block import Block
from salesops_lib.reporting.blocks.card import Card, card_data, figure
from salesops_lib.reporting.tables.sparkline import sparkline
from salesops_lib.reporting.templates.rendering import render

if TYPE_CHECKING:
    from markupsafe import Markup


def cards_block(cards: Sequence[Card], *, name: str, table_csv: str, made_by: str = "") -> Block:
    """The cards as a block of a report; ``name`` is their anchor, ``made_by`` the dotted name of their metric."""
    data = {
        "name": name,
        "label": "Key figures",
        "cards": [card_data(card) for card in cards],
        "table_csv": table_csv,
        "made_by": made_by,
    }
    html = render("figures", name=name, cards=write_cards(cards))
    return Block("cards", html, data, "\n".join(f"{card.label}: {card.shown}" for card in cards))


def write_cards(cards: Sequence[Card]) -> Markup:
    """Write the cards as one list."""
    return render("cards", cards=[_shown(card) for card in cards])


def _shown(card: Card) -> dict[str, Any]:
    """What a card says, as text."""
    arrow = "▲" if card.shown_change.startswith("+") else "▼" if card.shown_change.startswith("−") else "="
    compared = f" vs {card.compared_with}" if card.compared_with else ""
    return {
        "label": card.label,
        "trend": _trend(card),
        "is_known": card.value is not None,
        "value": card.shown,
        "change": card.shown_change.lstrip("+−"),
        "arrow": arrow,
        "spoken": {"▲": "up ", "▼": "down "}.get(arrow, ""),
        "tone": {"better": " so-up", "worse": " so-down"}.get(card.judgement, ""),
        "beside": compared + (f", {card.judgement}" if card.judgement else ""),
        "notes": [note for note in (_target(card), _doubt(card)) if note],
        "due": _due(card) if card.is_off and (card.owner or card.action) else "",
    }


def _trend(card: Card) -> Markup | str:
    present = [value for value in card.series if value is not None]
    if len(present) < 2:
        return ""
    ends = f"{figure(present[0], card.unit)} to {figure(present[-1], card.unit)}"
    return sparkline(card.series, f"{card.label}, last {len(card.series)} periods: {ends}")


def _target(card: Card) -> str:
    return "" if card.target is None else f"Target {figure(card.target, card.unit)}"


def _doubt(card: Card) -> str:
    """The base and the interval that a rate never goes without."""
    parts = [] if card.n is None else [f"n = {card.n:,}"]
    if card.low is not None and card.high is not None:
        parts.append(f"between {figure(card.low, card.unit)} and {figure(card.high, card.unit)}")
    return ", ".join(parts)


def _due(card: Card) -> str:
    who = f"{card.owner}: " if card.owner else ""
    return f"{who}{card.action or 'look into it'}"
