"""Playbook: what is reviewed when, and what every key figure means.

Parameters in: ``process.yaml`` and ``company.yaml``. ``as_of`` is data: what is overdue is overdue on the
evening of the report, whenever the report is made.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib.measures import DEFINITIONS
from salesops_lib.measures.tidy import tidy

if TYPE_CHECKING:
    from salesops_lib.parameters import Parameters

EVERY_DAYS = {"week": 7, "month": 31, "quarter": 92, "year": 366}
"""Longest stretch between two reviews that still counts as on time."""


@tidy
def review_cadence(parameters: Parameters, *, as_of: date) -> pd.DataFrame:
    """What is looked at again and again, and what is overdue on the evening of the report.

    One row per review, the longest overdue first.

    Args:
        parameters: Gives ``process.yaml``.
        as_of: The report's evening; a review done later counts as not done yet.

    Returns:
        review (str): What is reviewed.
        every (str): How often: week, month, quarter or year.
        owner (str): Who calls it.
        last_done_on (date): Day it was last done; missing if never, or only after ``as_of``.
        due_on (date): Day by which it is due again; ``as_of`` where it was never done.
        overdue_days (int): Days past the due day; 0 when on time.
        is_overdue (bool): Whether the due day has passed.
    """
    rows: list[dict[str, Any]] = []
    for review in parameters.process.review_cadence if parameters.process else ():
        last = review.last_done_on if review.last_done_on and review.last_done_on <= as_of else None
        due = last + timedelta(days=EVERY_DAYS[review.every]) if last else as_of
        overdue = max((as_of - due).days, 0)
        rows.append(
            {
                "review": review.what,
                "every": review.every,
                "owner": review.owner,
                "last_done_on": last,
                "due_on": due,
                "overdue_days": overdue,
                "is_overdue": overdue > 0 or last is None,
            }
        )
    rows.sort(key=lambda row: (row["is_overdue"], row["overdue_days"]), reverse=True)
    return pd.DataFrame(rows)


@tidy
def kpi_dictionary(parameters: Parameters) -> pd.DataFrame:
    """Every key figure: what it means, where it should be, who answers for it and what to do when it is off.

    One row per key figure, the company's own first, then one per other number that reports show. Meanings come
    from the code's own definitions, so that the dictionary cannot drift from the reports.

    Args:
        parameters: Gives the key figures.

    Returns:
        key (str): Key in the parameters.
        kpi (str): Name.
        meaning (str): What it tells.
        numerator (str): What is counted or summed; missing where it is no quotient.
        denominator (str): What it is divided by; missing where it is no quotient.
        date_basis (str): The date that decides which period a deal or lead falls into; missing where none does.
        owner (str): Who answers for it; missing for numbers that nobody steers by.
        target (float): Where it should be, in its own unit; missing where none is set.
        direction (str): Which way is good: up, down or none; missing for numbers that nobody steers by.
        threshold (float): Value at which action is due; missing where none is set.
        action (str): What to do then; missing where nothing is agreed.
        definition_source (str): Where the definition comes from; missing for the field's plain meaning.
    """
    kpis = parameters.kpis
    rows = []
    for key in [*kpis, *(key for key in DEFINITIONS if key not in kpis)]:
        kpi, known = kpis.get(key), DEFINITIONS.get(key)
        rows.append(
            {
                "key": key,
                "kpi": kpi.label if kpi else known.name if known else key,
                "meaning": known.meaning if known else kpi.meaning if kpi else None,
                "numerator": known.numerator or None if known else None,
                "denominator": known.denominator or None if known else None,
                "date_basis": known.date_basis or None if known else None,
                "owner": kpi.owner if kpi else None,
                "target": kpi.target if kpi else None,
                "direction": kpi.direction if kpi else None,
                "threshold": kpi.threshold if kpi else None,
                "action": kpi.action or None if kpi else None,
                "definition_source": known.source or None if known else None,
            }
        )
    return pd.DataFrame(rows)
