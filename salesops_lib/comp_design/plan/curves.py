"""Payout curves as frames: what each attainment earns."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib.comp_design.pay import as_float
from salesops_lib.comp_design.payout import curve

if TYPE_CHECKING:
    from salesops_lib.parameters.plan import Plan


def curve_frame(plans: list[Plan]) -> pd.DataFrame:
    """The stretches of several plans' curves, plan by plan."""
    return pd.DataFrame([row for plan in plans for row in _curve_rows(plan)], columns=CURVE_COLUMNS)


CURVE_COLUMNS = [
    "plan", "title", "meaning", "application", "individual_rate", "team_rate", "from_rate", "to_rate",
    "pay_from_rate", "pay_to_rate", "multiplier", "jump_rate", "threshold_rate", "cap_rate",
]  # fmt: skip


def _curve_rows(plan: Plan) -> list[tuple[Any, ...]]:
    pieces = curve(plan)
    steps = [Fraction(0), *(after.pay - before.at(after.low) for before, after in pairwise(pieces))]
    terms = (plan.name, plan.title, plan.meaning, plan.application, float(plan.mix.individual), float(plan.mix.team))
    limits = tuple(float("nan") if each is None else float(each) for each in (plan.threshold or None, plan.cap))
    return [
        (
            *terms, as_float(piece.low), as_float(piece.high), as_float(piece.pay), as_float(piece.pay_at_end),
            as_float(piece.slope), as_float(step), *limits,
        )
        for piece, step in zip(pieces, steps, strict=True)
    ]  # fmt: skip
