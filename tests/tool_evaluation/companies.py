"""Small companies with tools, and the parameters that judge them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from salesops_lib.parameters import Parameters
from salesops_lib.parameters.company import Company
from salesops_lib.parameters.tools import Tools
from tests.builders import make_crm

EVENING = date(2026, 9, 30)
CRITERIA = [
    {"key": "fit", "label": "Fit", "weight": 2},
    {"key": "utilisation", "label": "Utilisation", "weight": 1},
    {"key": "usability", "label": "Usability", "weight": 1},
    {"key": "cost", "label": "Cost", "weight": 1, "direction": "down"},
]


def judged_by(**tools) -> Parameters:
    """Parameters whose ``tools.yaml`` says this; without any key there is no such file."""
    company = Company.model_validate(
        {"name": "Test", "currency": "USD", "time_zone": "UTC", "source": {"kind": "demo"}}
    )
    settings = Tools.model_validate({"criteria": CRITERIA, **tools}) if tools else None
    return Parameters(folder=Path("anywhere"), company=company, quarters={}, plans={}, tools=settings)


def company(names, *, reps=4, as_of=EVENING, tools=None, **tables):
    """A company with these tools (id and name alike), so many reps, and these rows of tool tables."""
    rows = [{"tool_id": name, "name": name, "category": name, **(tools or {}).get(name, {})} for name in names]
    people = [rep if isinstance(rep, dict) else f"r{rep}" for rep in (range(reps) if isinstance(reps, int) else reps)]
    return make_crm(reps=people, as_of=as_of, tools=rows, **tables)


def seats(tool, holders, spare=0, **values):
    """One seat per holder from 2025 on, and spare ones."""
    given = [*holders, *([None] * spare)]
    return [
        {"seat_id": f"{tool}-{place}", "tool_id": tool, "rep_id": rep, "from_on": "2025-01-01", **values}
        for place, rep in enumerate(given)
    ]


def use(tool, users, week_on="2026-09-21", n_actions=3):
    """A week of use by each of these people."""
    return [{"tool_id": tool, "rep_id": rep, "week_on": week_on, "n_actions": n_actions} for rep in users]


def licence(tool, amount, from_on="2026-01-01", to_on="2026-12-31", kind="licence"):
    """One cost item."""
    return {"tool_id": tool, "kind": kind, "from_on": from_on, "to_on": to_on, "amount": amount}


def answers(tool, rep, liking, asked_on="2026-06-15", csat=None, nps=None):
    """A SUS sheet on which every answer is as much in favour as ``liking`` (1 to 5), with CSAT and NPS if given."""
    scores = {f"sus_{item}": liking if item % 2 else 6 - liking for item in range(1, 11)}
    scores |= {name: score for name, score in (("csat", csat), ("nps", nps)) if score is not None}
    return [
        {"tool_id": tool, "rep_id": rep, "asked_on": asked_on, "question": question, "score": score}
        for question, score in scores.items()
    ]
