"""Who does what by when: the actions that findings and key figures ask for, with the rule behind each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from salesops_lib import wording
from salesops_lib.reporting.blocks.block import Block
from salesops_lib.reporting.blocks.cards import Card
from salesops_lib.reporting.blocks.furniture import Shown
from salesops_lib.reporting.tables.csv_text import csv_text
from salesops_lib.reporting.templates.markup import escape, prose
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
    rows = "".join(_action_row(todo) for todo in todos)
    head = "".join(f'<th scope="col">{name}</th>' for name in ("What", "Who", "By", "Because", "Rule"))
    table = (
        '<div class="so-scroll" tabindex="0" role="region" aria-labelledby="actions-caption">'
        '<table class="so-table so-actions">'
        '<caption id="actions-caption">Actions that follow from the findings above, by due date</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    body = table if rows else '<p class="so-words">Nothing here asks for action this period.</p>'
    html = f'<section class="so-section" id="actions"><h2 class="so-title">Who does what by when</h2>{body}</section>'
    data = {
        "name": "actions",
        "label": "Actions",
        "heading": "Who does what by when",
        "table_csv": csv_text(frame_of(todos)),
    }
    return Block("actions", html, data, "\n".join(todo.action.what for todo in todos) or "No action.")


def _action_row(todo: Todo) -> str:
    cells = (
        ("Who", "", escape(todo.action.owner)),
        ("By", "", escape(wording.day(todo.action.due_on))),
        ("Because", "", f'<a href="#{escape(todo.anchor)}">{escape(todo.because)}</a>'),
        ("Rule", ' class="so-rule"', prose(todo.action.rule)),
    )
    # The label shows where a narrow page stacks the cells.
    rest = "".join(f'<td{css} data-label="{label}">{text}</td>' for label, css, text in cells)
    return f'<tr><th scope="row">{prose(todo.action.what)}</th>{rest}</tr>'
