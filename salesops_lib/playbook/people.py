"""Playbook: mission, the people behind it, their duties and the practices they hold to.

Parameters in: ``process.yaml``. Tables out: one tidy frame per function, as its docstring says.
A company that has not written its process yet gets empty frames, and the report says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.measures.tidy import tidy

if TYPE_CHECKING:
    from salesops_lib.parameters import Parameters

ROLE_CATEGORIES = {
    "strategy": "Goals, territories, capacity, pay plans and the calendar of the business",
    "tech": "CRM, integrations and the other tools: choosing them and looking after them",
    "operations": "Quotes, lead routing, commission, data and everything that runs each day",
    "performance": "Reports, forecasts, analysis, coaching material and training",
}
"""The four categories that every role in sales operations falls into, and what each covers."""

ENOUGH_PEOPLE = 2
"""People who should cover a category, so that one can be away (our choice)."""


@tidy
def mission(parameters: Parameters) -> pd.DataFrame:
    """What sales operations is for, and what it holds to.

    One row per statement, the mission first.

    Args:
        parameters: Gives ``process.yaml``.

    Returns:
        kind (str): ``mission`` or ``value``.
        text (str): The statement.
    """
    process = parameters.process
    if process is None:
        return pd.DataFrame()
    values = [{"kind": "value", "text": text} for text in process.values]
    return pd.DataFrame([{"kind": "mission", "text": process.mission}, *values])


@tidy
def role_coverage(parameters: Parameters) -> pd.DataFrame:
    """How many people cover each of the four role categories.

    One row per category, in the order strategy, tech, operations, performance.

    Args:
        parameters: Gives ``process.yaml``; the people named there.

    Returns:
        category (str): Role category.
        covers (str): What the category is about.
        n_people (int): People who cover it.
        n_only_here (int): Of these, people who cover nothing else.
        people (str): Their names.
        is_thin (bool): Fewer than two people cover it.
    """
    people = parameters.process.people if parameters.process else ()
    rows = []
    for category, covers in ROLE_CATEGORIES.items():
        here = [person for person in people if category in person.role_categories]
        only = sum(len(person.role_categories) == 1 for person in here)
        rows.append(
            {
                "category": category,
                "covers": covers,
                "n_people": len(here),
                "n_only_here": only,
                "people": ", ".join(person.name for person in here),
                "is_thin": len(here) < ENOUGH_PEOPLE,
            }
        )
    return pd.DataFrame(rows if people else [])


@tidy
def duties(parameters: Parameters) -> pd.DataFrame:
    """Who does what in operations and in enablement, and who when they are away.

    One row per duty, in the order of the file, operations first.

    Args:
        parameters: Gives ``process.yaml``.

    Returns:
        area (str): ``operations`` or ``enablement``.
        duty (str): What must be done.
        who (str): Who does it.
        backup (str): Who does it when they are away; missing where nobody is named.
        has_backup (bool): Whether somebody is.
        is_known (bool): Whether ``who`` is among the people of the file.
    """
    process = parameters.process
    if process is None:
        return pd.DataFrame()
    known = {person.name for person in process.people}
    parts = {
        "operations": process.responsibilities.operations,
        "enablement": process.responsibilities.enablement,
    }
    return pd.DataFrame(
        [
            {
                "area": area,
                "duty": duty.duty,
                "who": duty.who,
                "backup": duty.backup,
                "has_backup": duty.backup is not None,
                "is_known": duty.who in known,
            }
            for area, listed in parts.items()
            for duty in listed
        ]
    )


@tidy
def best_practices(parameters: Parameters) -> pd.DataFrame:
    """Practices that the company holds to.

    One row per practice, in the order of the file.

    Args:
        parameters: Gives ``process.yaml``.

    Returns:
        practice (str): The practice in a few words.
        text (str): What to do, and why.
        source (str): Where it comes from; missing where not stated.
    """
    listed = parameters.process.best_practices if parameters.process else ()
    return pd.DataFrame([{"practice": one.title, "text": one.text, "source": one.source or None} for one in listed])
