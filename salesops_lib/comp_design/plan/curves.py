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
    return pd.DataFrame([row for plan in plans for row in _curve_rows(plan)])


def _curve_rows(plan: Plan) -> list[dict[str, Any]]:
    pieces = curve(plan)
    steps = [Fraction(0), *(after.pay - before.at(after.low) for before, after in pairwise(pieces))]
    return [
        {
            "plan": plan.name,
            "title": plan.title,
            "meaning": plan.meaning,
            "application": plan.application,
            "individual_rate": float(plan.mix.individual),
            "team_rate": float(plan.mix.team),
            "from_rate": as_float(piece.low),
            "to_rate": as_float(piece.high),
            "pay_from_rate": as_float(piece.pay),
            "pay_to_rate": as_float(piece.pay_at_end),
            "multiplier": as_float(piece.slope),
            "jump_rate": as_float(step),
            "threshold_rate": float(plan.threshold) if plan.threshold else float("nan"),
            "cap_rate": float("nan") if plan.cap is None else float(plan.cap),
        }
        for piece, step in zip(pieces, steps, strict=True)
    ]
