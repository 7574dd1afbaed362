"""Who does what by when: the actions that findings and key figures ask for, with the rule behind each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from salesops_lib.reporting.blocks.block import Block
from salesops_lib.reporting.blocks.card import Card
from salesops_lib.reporting.blocks.headlines import Shown
from salesops_lib.reporting.tables.csv_text import csv_text
from salesops_lib.reporting.templates.rendering import render
from salesops_lib.wording import Action

if TYPE_CHECKING:
    import pandas as pd

    from salesops_lib.parameters import Duties


@dataclass(frozen=True)
class Todo:
    """An action with what it follows from."""

    action: Action
    because: str
    anchor: str


def todos_of(shown: Sequence[Shown], cards: Sequence[Card], duties: Duties) -> list[Todo]:
    """The actions of the findings and of the key figures past their threshold, by due date."""
    todos = [
        Todo(action, each.finding.title, each.anchor)
        for each in shown
        for action in (each.finding.action, *each.finding.more_actions)
        if action
    ]
    todos += [_card_todo(card, duties) for card in cards if card.is_off and card.action]
    # A key figure may be off both on its card and in a section: its owner does one thing about it.
    once = {(todo.action.what, todo.action.owner): todo for todo in reversed(todos)}
    return sorted(once.values(), key=lambda todo: (todo.action.due_on, todo.action.owner))


def _card_todo(card: Card, duties: Duties) -> Todo:
    action = duties.mend(card.label, what=card.action, owner=card.owner)
    return Todo(action, f"{card.label} is {card.shown}", "key_figures")


def frame_of(todos: Sequence[Todo]) -> pd.DataFrame:
    """One row per action: what, owner, due_on, because, rule."""
    import pandas as pd

    rows = [(each.action.what, each.action.owner, each.action.due_on, each.because, each.action.rule) for each in todos]
    return pd.DataFrame(rows, columns=["what", "owner", "due_on", "because", "rule"])


def actions_block(todos: Sequence[Todo]) -> Block:
    """Who does what by when, why, and by which rule."""
    data = {
        "name": "actions",
        "label": "Actions",
        "heading": "Who does what by when",
        "table_csv": csv_text(frame_of(todos)),
    }
    return Block(
        "actions", render("actions", todos=todos), data, "\n".join(todo.action.what for todo in todos) or "No action."
    )
