"""Parameters without people: what a company that shows no names may pass on to its reports.

Whoever the parameters name becomes a code, the same person the same code; full names and e-mail addresses are replaced
in texts too. What people wrote about a section is left out, as it may name anybody; teams and reps go by the codes that
the data has for them.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from salesops_lib.parameters.base import Block
from salesops_lib.parameters.kpi_defaults import DEFAULT_KPIS

if TYPE_CHECKING:
    from salesops_lib.parameters.folder import Parameters
    from salesops_lib.parameters.rep_comparison import RepComparison

_WORD = re.compile(r"\w+")
ROLES = frozenset(kpi.owner for kpi in DEFAULT_KPIS.values())
"""Owners that are nobody: roles that the kit itself knows. Any other owner may be a person's name."""


def codes_of(keys: Iterable[object], noun: str) -> dict[str, str]:
    """``Rep 01``, ``Rep 02`` ... in the order of a hash, so that the alphabet gives nothing away."""
    hashed = sorted(set(map(str, keys)), key=lambda key: hashlib.sha256(key.encode()).hexdigest())
    digits = len(str(len(hashed)))
    return {key: f"{noun} {place:0{digits}d}" for place, key in enumerate(hashed, 1)}


def people_of(parameters: Parameters) -> dict[str, str]:
    """Codes of those whom the parameters name: owners of key figures and everyone in the process, but for roles."""
    named = {kpi.owner for kpi in parameters.company.kpis.values()}
    if parameters.process:
        duties = parameters.process.responsibilities
        named |= {person.name for person in parameters.process.people}
        named |= {review.owner for review in parameters.process.review_cadence}
        named |= {who for each in (*duties.operations, *duties.enablement) for who in (each.who, each.backup) if who}
    return codes_of(named - ROLES, "Person")


def is_full_name(name: str) -> bool:
    """Whether a name can be told from other words wherever it stands: more than one word, or an e-mail address."""
    return len(name.split()) > 1 or "@" in name


def without_people(parameters: Parameters, codes: Mapping[str, str] | None = None) -> Parameters:
    """The same parameters with nobody in them, where the company says ``anonymise``; else unchanged.

    Args:
        parameters: As they were read.
        codes: The data's codes by rep id, and by name of whoever the data names; reps without one are left out of what
            is declared about them.
    """
    if not parameters.company.anonymise or parameters.are_without_people:
        return parameters
    company, people = parameters.company, people_of(parameters)
    full_names = {name: code for name, code in (codes or {}).items() if is_full_name(name)}
    reword = rewording({**full_names, **people})
    quarters = {label: each.model_copy(update={"commentary": {}}) for label, each in parameters.quarters.items()}
    return replace(
        parameters,
        company=company.model_copy(
            update={
                "teams": {},
                "rep_comparison": _with_codes(company.rep_comparison, codes or {}),
                "kpis": _reworded(company.kpis, reword),
                "stages": _reworded(company.stages, reword),
            }
        ),
        quarters=quarters,
        plans=_reworded(parameters.plans, reword),
        tools=_reworded(parameters.tools, reword),
        process=_reworded(parameters.process, reword),
        are_without_people=True,
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


def rewording(codes: Mapping[str, str]) -> Callable[[str], str]:
    """Puts codes in a text: where all of it is a name, and for each full name inside it, whatever its case."""
    whole = {folded(name): code for name, code in codes.items()}
    by_word: dict[str, list[str]] = defaultdict(list)
    for name in filter(is_full_name, codes):
        for first in _WORD.findall(folded(name))[:1]:
            by_word[first].append(name)

    def reword(text: str) -> str:
        plain = folded(text)
        if plain in whole:
            return whole[plain]
        # Texts are many and names few: most texts hold the first word of none.
        near = {name for word in set(_WORD.findall(plain)) & by_word.keys() for name in by_word[word]}
        # The longest first: "Ana Ruiz" must not be taken out of "Ana Ruiz Mora".
        for name in sorted(near, key=lambda name: (-len(name), name)):
            forms = "|".join(r"\s+".join(map(re.escape, form.split())) for form in (name, folded(name)))
            text = re.sub(rf"(?<!\w)(?:{forms})(?!\w)", codes[name], text, flags=re.IGNORECASE)
        return text

    return reword


def folded(name: str) -> str:
    """A name whatever its case and its spaces."""
    return " ".join(name.split()).casefold()


def _reworded(value: Any, reword: Callable[[str], str]) -> Any:
    """A block with every text in it reworded, all the way down; keys stay, as they lead from one block to another."""
    if isinstance(value, str):
        return reword(value)
    if isinstance(value, Block):
        return value.model_copy(
            update={name: _reworded(getattr(value, name), reword) for name in type(value).model_fields}
        )
    if isinstance(value, dict):
        return {key: _reworded(each, reword) for key, each in value.items()}
    return tuple(_reworded(each, reword) for each in value) if isinstance(value, tuple) else value
