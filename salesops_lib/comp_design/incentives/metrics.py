"""What a plan invites people to do: jumps of pay at a boundary, rates that reach back, stretches that pay nothing.

Tables in: ``reps``, ``opportunities``, ``credits``, ``quotas``. Tables out: one row per plan and warning.
Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from salesops_lib.comp_design.alternatives.plans import plans_compared
from salesops_lib.comp_design.groups import LEAST, shown_count
from salesops_lib.comp_design.pay import Paid, as_float, pay_all, reps_paid
from salesops_lib.comp_design.payout import Piece, curve
from salesops_lib.comp_design.sellers import quarter_of, sold_quarters
from salesops_lib.measures.tidy import tidy

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters
    from salesops_lib.parameters.plan import Plan
    from salesops_lib.periods import Period

NEAR = Fraction(1, 10)
"""How far below a boundary a rep counts as near it (our choice)."""

MEANINGS = {
    "jump": "Pay jumps here: a rep just below gains by pulling a deal in, one who is past it by holding the next.",
    "fall": "Pay falls here: one deal more can cost a rep money.",
    "whole": "The rate reached here applies to every deal of the quarter, so one deal changes the pay of all.",
    "nothing": "Up to this attainment nothing is paid: a rep far below it gains by moving deals to the next quarter.",
    "sinking": "From here on each further deal lowers pay.",
    "flat": "From here on a further deal pays nothing this quarter: reps gain by holding it for the next.",
    "slower": "From here on a further deal pays less than before: reps may hold it for the next quarter.",
}
"""What each kind of warning means; ours, worst first."""
KINDS = tuple(MEANINGS)
WARNINGS = {
    "jump": "Pay jumps",
    "fall": "Pay falls",
    "whole": "The new rate reaches back",
    "nothing": "Nothing is paid below",
    "sinking": "Each deal lowers pay",
    "flat": "Further deals pay nothing",
    "slower": "Further deals pay less",
}
"""Each kind in a few words."""


@tidy
def incentive_warnings(crm: Crm, *, period: Period, parameters: Parameters, alternative: str = "") -> pd.DataFrame:
    """Where the plan in force and the other one reward something else than selling.

    One row per plan and warning, the plan in force first, then by kind and attainment. The curve itself tells; the
    counts say how many reps stand there in the quarter to date.

    Args:
        crm: Needs ``quotas``.
        period: The quarter that holds its end, to date while it runs.
        parameters: Hold the plans.
        alternative: Name of the other plan; the first one that is not in force if empty.

    Returns:
        plan (str): Name of the plan.
        title (str): Name as people say it.
        is_in_force (bool): The plan of the quarter.
        kind (str): ``jump`` or ``fall`` at a boundary, ``whole`` (a rate that reaches back), ``nothing`` below a
            threshold, ``sinking``, ``flat`` or ``slower`` pay from an attainment on.
        warning (str): The kind, in words.
        at_rate (float): The attainment.
        jump_rate (float): Change of pay there, as a share of target pay; missing for the kinds without a jump.
        jump_amount (float): The same in money for own results of a rep with the middle target pay.
        n_near (int): Reps it concerns: for a jump those up to 10 points of attainment below it, for ``nothing`` those
            below, else those at or above; missing when one or two.
        meaning (str): What it invites people to do.
    """
    quarter = quarter_of(crm, period)
    sold = sold_quarters(crm, [quarter])[0]
    plans = plans_compared(parameters, quarter.label, alternative)
    rows = [row for place, plan in enumerate(plans) for row in _rows(plan, place == 0, reps_paid(pay_all(sold, plan)))]
    return pd.DataFrame(rows)


def _rows(plan: Plan, is_in_force: bool, reps: Sequence[Paid]) -> Iterator[dict[str, Any]]:
    targets = [float(each.pay.target) for each in reps if each.pay.target]
    middle = float(np.median(targets)) * float(plan.mix.individual) if len(targets) >= LEAST else float("nan")
    attained = [each.seller.attainment for each in reps if each.seller.attainment is not None]
    found = sorted(warnings_of(plan), key=lambda each: (KINDS.index(each[0]), each[1]))
    for kind, place, jump in found:
        yield {
            "plan": plan.name,
            "title": plan.title,
            "is_in_force": is_in_force,
            "kind": kind,
            "warning": WARNINGS[kind],
            "at_rate": as_float(place),
            "jump_rate": as_float(jump),
            "jump_amount": float("nan") if jump is None else round(float(jump) * middle, 2),
            "n_near": shown_count(sum(_concerns(kind, place, each) for each in attained)),
            "meaning": MEANINGS[kind],
        }


def _concerns(kind: str, place: Fraction, attained: Fraction) -> bool:
    """Whether a rep stands where the warning holds."""
    if kind in ("jump", "fall", "whole"):
        return place - NEAR <= attained < place
    return attained < place if kind == "nothing" else attained >= place


def warnings_of(plan: Plan) -> Iterator[tuple[str, Fraction, Fraction | None]]:
    """Kind, attainment and jump of everything in a plan's curve that rewards something else than selling."""
    pieces = curve(plan)
    first = pieces[0]
    if first.slope == 0 and first.pay == 0 and first.high is not None:
        yield "nothing", first.high, None
    for before, after in pairwise(pieces):
        jump = after.pay - before.at(after.low)
        if jump:
            yield ("jump" if jump > 0 else "fall"), after.low, jump
            if plan.application == "whole" and after.low != plan.threshold:
                yield "whole", after.low, jump
        yield from _slowing(before, after)
    if len(pieces) == 1 and first.slope == 0:
        yield "flat", first.low, None


def _slowing(before: Piece, after: Piece) -> Iterator[tuple[str, Fraction, None]]:
    """A stretch that pays less for the next deal than the one before it."""
    if after.slope < 0 <= before.slope:
        yield "sinking", after.low, None
    elif after.slope == 0 and (after.high is None or before.slope > 0):
        yield "flat", after.low, None
    elif 0 < after.slope < before.slope:
        yield "slower", after.low, None
