"""Landing a quarter and its forerunners: won so far, open deals that will be won in it, deals not yet created.

Past quarters are landed from the same point with what was known on that evening, oldest first; each
landing's interval rests on the spread that its model expects and on the errors of the landings before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.forecasting.history import bookings_by_month
from salesops_lib.forecasting.landing.pace import land_by_pace
from salesops_lib.forecasting.landing.quarter_points import (
    QuarterPoint,
    open_deals_at,
    past_points,
    quarter_sums,
    quarter_to_land,
    typical_amounts,
)
from salesops_lib.forecasting.landing.stage_weights import fill_amounts, land_by_stage, taught_by, weigh_cells
from salesops_lib.measures import recorded_in_history

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period
    from salesops_lib.statistics.series import Floats

LEAST_QUARTERS = 2
"""Past quarters that a landing learns from at least."""
TRUST_IN_MODEL = 2.0
"""Past errors' worth of weight that the model's own spread has in the interval."""
DRIFT = 0.1
"""Typical change of stage weights from quarter to quarter on the log scale, on top of the deals' own chance."""


@dataclass(frozen=True)
class Landing:
    """One quarter landed from one evening by one method."""

    method: str
    point: QuarterPoint
    won_so_far_amount: float
    open_amount: float
    new_amount: float
    deviation: float
    """Typical error of what is still to come, on the log scale."""
    freedom: float
    n_past_quarters: int
    basis: str
    usual_share: float = float("nan")

    @property
    def rest_amount(self) -> float:
        """What is still to come."""
        return self.open_amount + self.new_amount

    @property
    def landing_amount(self) -> float:
        """Where the quarter ends."""
        return self.won_so_far_amount + self.rest_amount

    def quantile(self, share: float) -> float:
        """The amount below which the quarter ends with this probability; never below what is won."""
        from scipy.stats import t

        factor = np.exp(t.ppf(share, self.freedom) * self.deviation)
        return self.won_so_far_amount + self.rest_amount * float(factor)

    def chance_of(self, amount: float) -> float:
        """Probability that the quarter ends at an amount or above."""
        from scipy.stats import t

        missing = amount - self.won_so_far_amount
        if missing <= 0:
            return 1.0
        if self.rest_amount <= 0:
            return 0.0
        return float(t.sf(np.log(missing / self.rest_amount) / self.deviation, self.freedom))


@dataclass(frozen=True, eq=False)
class Landings:
    """The quarter to land and the same point of past quarters, by each method."""

    quarter: Period
    now: tuple[Landing, ...]
    past: tuple[Landing, ...]
    sums: pd.DataFrame
    """``quarter_sums`` of the past points, then of the present one."""
    cells: pd.DataFrame
    """The cells open now, weighed; empty where no stage landing can be had."""

    def errors_of(self, method: str) -> pd.DataFrame:
        """Landing and outcome of each past quarter."""
        actual = dict(zip(self.sums["quarter"], self.sums["bookings_amount"], strict=True))
        rows = [(each, actual[each.point.quarter.label]) for each in self.past if each.method == method]
        return pd.DataFrame(
            [
                (each.point.quarter.label, each.landing_amount, each.quantile(0.1), each.quantile(0.9), came)
                for each, came in rows
            ],
            columns=["quarter", "landing_amount", "low", "high", "actual_amount"],
        )

    @property
    def leading(self) -> str:
        """The method that headlines go by: the average where there are two, else the only one."""
        return self.now[-1].method if self.now else ""


def land_quarter(crm: Crm, quarter: Period | None = None) -> Landings:
    """Land a quarter by every method that the company's data allows, and past quarters from the same point.

    Args:
        crm: Needs ``opportunities``.
        quarter: The first one that is not over on ``as_of`` if absent.
    """
    chosen = quarter or quarter_to_land(crm)
    return crm.remember(("land_quarter", chosen), lambda: _land(crm, chosen))


def _land(crm: Crm, quarter: Period) -> Landings:
    points = past_points(crm, quarter)
    here = QuarterPoint(quarter, crm.as_of)
    sums = quarter_sums(crm, [*points, here])
    cells = fill_amounts(open_deals_at(crm, [*points, here]), typical_amounts(crm, [*points, here]))
    by_amount = "amount" in recorded_in_history(crm)
    basis = "weights by stage and due date" if crm.has("spans") else "weights by age, no stage history"
    totals = _totals_before(crm, quarter, [each.quarter for each in points])
    found: list[Landing] = []
    for place, point in enumerate([*points, here]):
        for landing in _landings_at(point, place, sums, cells, totals, by_amount=by_amount, basis=basis):
            past = [each for each in found if each.method == landing.method]
            found.append(_with_errors(landing, past, sums))
    now = tuple(each for each in found if each.point == here)
    open_now = cells[cells["quarter"] == quarter.label]
    if any(each.method == "stage" for each in now):
        taught = cells[cells["quarter"].isin(taught_by(sums.iloc[:-1]))]
        open_now = weigh_cells(taught, open_now, by_amount=by_amount)
    else:
        open_now = open_now.iloc[:0]
    return Landings(quarter, now, tuple(each for each in found if each.point != here), sums, open_now)


def _totals_before(crm: Crm, quarter: Period, known: list[Period]) -> dict[str, Floats]:
    """Bookings of all whole quarters before each quarter, oldest first."""
    months = bookings_by_month(crm)
    months = months[months["is_complete"].astype(bool)]
    if months.empty:
        return {each.label: np.array([]) for each in [*known, quarter]}
    first = months["month_start_on"].iloc[0].date()
    amounts = dict(zip(months["month"], months["bookings_amount"], strict=True))
    spans = crm.calendar.between(first, quarter.start, "quarter")
    parts = {each: [amounts.get(month.label) for month in crm.calendar.within(each, "month")] for each in spans}
    whole = {each: float(sum(part)) for each, part in parts.items() if None not in part}  # type: ignore[arg-type]
    return {
        target.label: np.array([amount for each, amount in whole.items() if each.end < target.start])
        for target in [*known, quarter]
    }


def _landings_at(
    point: QuarterPoint,
    place: int,
    sums: pd.DataFrame,
    cells: pd.DataFrame,
    totals: dict[str, Floats],
    *,
    by_amount: bool,
    basis: str,
) -> Iterator[Landing]:
    """The landings of one quarter from what the quarters before it teach; the average of two comes last."""
    before = sums.iloc[:place]
    if place < LEAST_QUARTERS or not before["bookings_amount"].sum():
        return
    so_far = float(sums["won_so_far_amount"].iloc[place])
    rest = land_by_pace(before, totals[point.quarter.label], so_far)
    pace = Landing(
        "pace", point, so_far, rest.open_amount, rest.new_amount, rest.deviation, 0, place, rest.basis, rest.usual_share
    )
    past = cells[cells["quarter"].isin(before["quarter"])]
    now = cells[cells["quarter"] == point.quarter.label]
    if not past["n_open"].sum() or not now["n_open"].sum():
        yield pace
        return
    weighed = land_by_stage(past, now, before, by_amount=by_amount)
    expected = weighed.open_amount + weighed.new_amount
    chance = weighed.deviation_amount / expected if expected > 0 else 1.0
    deviation = float(np.hypot(chance, DRIFT))
    stage = Landing("stage", point, so_far, weighed.open_amount, weighed.new_amount, deviation, 0, place, basis)
    yield from (stage, pace, _average(stage, pace))


def _average(stage: Landing, pace: Landing) -> Landing:
    """Halfway between the two: errors of different kinds cancel in part (Bates and Granger 1969)."""
    return replace(
        stage,
        method="both",
        open_amount=(stage.open_amount + pace.open_amount) / 2,
        new_amount=(stage.new_amount + pace.new_amount) / 2,
        # As if their errors went together; past errors say by how much they do not.
        deviation=(stage.deviation + pace.deviation) / 2,
        basis="average of the two",
    )


def _with_errors(landing: Landing, past: list[Landing], sums: pd.DataFrame) -> Landing:
    """The landing with a spread from its own chance and the errors of the same method before it."""
    actual = dict(zip(sums["quarter"], sums["bookings_amount"], strict=True))
    rests = [(actual[each.point.quarter.label] - each.won_so_far_amount, each.rest_amount) for each in past]
    errors = np.array([np.log(came / said) for came, said in rests if came > 0 and said > 0])
    freedom = TRUST_IN_MODEL + len(errors)
    square = (TRUST_IN_MODEL * landing.deviation**2 + float((errors**2).sum())) / freedom
    return replace(landing, deviation=float(np.sqrt(square)), freedom=freedom)
