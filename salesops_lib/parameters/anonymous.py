"""Parameters without people: what a company that shows no names may pass on to its reports.

Names in the process become codes, the same person the same code; what people wrote about a section is left out, as it
may name anybody; teams and reps go by the codes that the data has for them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salesops_lib.parameters.folder import Parameters
    from salesops_lib.parameters.process import Duty, Process
    from salesops_lib.parameters.rep_comparison import RepComparison


def codes_of(keys: Iterable[object], noun: str) -> dict[str, str]:
    """``Rep 01``, ``Rep 02`` ... in the order of a hash, so that the alphabet gives nothing away."""
    hashed = sorted(set(map(str, keys)), key=lambda key: hashlib.sha256(key.encode()).hexdigest())
    digits = len(str(len(hashed)))
    return {key: f"{noun} {place:0{digits}d}" for place, key in enumerate(hashed, 1)}


def without_people(parameters: Parameters, rep_codes: Mapping[str, str] | None = None) -> Parameters:
    """The same parameters with nobody in them, where the company says ``anonymise``; else unchanged.

    Args:
        parameters: As they were read.
        rep_codes: The data's codes by rep id; reps without one are left out of what is declared about them.
    """
    if not parameters.company.anonymise:
        return parameters
    company = parameters.company
    update = {"teams": {}, "rep_comparison": _with_codes(company.rep_comparison, rep_codes or {})}
    return replace(
        parameters,
        company=company.model_copy(update=update),
        quarters={
            label: quarter.model_copy(update={"commentary": {}}) for label, quarter in parameters.quarters.items()
        },
        process=_coded(parameters.process) if parameters.process else None,
    )


def _with_codes(declared: RepComparison, codes: Mapping[str, str]) -> RepComparison:
    leads, board = declared.leads, declared.leaderboard
    weights = {codes[rep]: weight for rep, weight in leads.weights.items() if rep in codes}
    opted_out = tuple(codes[rep] for rep in board.opted_out if rep in codes)
    return declared.model_copy(
        update={
            "leads": leads.model_copy(update={"weights": weights}),
            "leaderboard": board.model_copy(update={"opted_out": opted_out}),
        }
    )


def _coded(process: Process) -> Process:
    duties = process.responsibilities
    listed = [*duties.operations, *duties.enablement]
    named = [person.name for person in process.people] + [review.owner for review in process.review_cadence]
    named += [name for each in listed for name in (each.who, each.backup) if name]
    codes = codes_of(named, "Person")

    def duties_of(some: Iterable[Duty]) -> tuple[Duty, ...]:
        return tuple(
            each.model_copy(update={"who": codes[each.who], "backup": codes.get(each.backup or "")}) for each in some
        )

    return process.model_copy(
        update={
            "people": tuple(each.model_copy(update={"name": codes[each.name]}) for each in process.people),
            "responsibilities": duties.model_copy(
                update={"operations": duties_of(duties.operations), "enablement": duties_of(duties.enablement)}
            ),
            "review_cadence": tuple(
                each.model_copy(update={"owner": codes[each.owner]}) for each in process.review_cadence
            ),
        }
    )
