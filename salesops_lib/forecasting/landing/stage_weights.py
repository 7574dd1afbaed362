"""Landing by stage weights: each open deal counts with the share that such deals won by the quarter's end.

A weight belongs to a stage (or an age, where there is no stage history) and to whether the deal was due in
the quarter, due later or overdue. It is learnt at the same point of past quarters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from salesops_lib.forecasting.landing.quarter_points import UNDATED

PRIOR_DEALS = 10.0
"""Deals' worth of the weight of all due dates that a cell starts from."""
LEARNT_QUARTERS = 4
"""Latest past quarters that teach: a year, so that each season counts once and a change in the process soon shows."""
CELL = ["state", "due"]
SEEN = ["n_open", "n_won", "open_amount", "won_amount"]


class StageLanding(NamedTuple):
    """What is still to come in the quarter, by stage weights."""

    open_amount: float
    new_amount: float
    deviation_amount: float
    """Standard deviation of the two together, from the deals' own chance and the past spread of new ones."""


def weigh_cells(past: pd.DataFrame, now: pd.DataFrame, *, by_amount: bool) -> pd.DataFrame:
    """Weights of the cells that are open now.

    Args:
        past: ``open_deals_at`` the points of past quarters.
        now: ``open_deals_at`` the present point.
        by_amount: Weigh with the share of the amount that was won, since large deals close later and are won
            less often; needs amounts as they stood then. Else with the share of deals.

    Returns:
        the rows of ``now`` with n_past (int), n_past_won (int), weight_rate (float), weighted_amount (float).
    """
    tried, hit = ("open_amount", "won_amount") if by_amount else ("n_open", "n_won")
    seen = past.groupby(CELL, as_index=False)[SEEN].sum().rename(columns={name: f"past_{name}" for name in SEEN})
    rows = now.merge(seen, on=CELL, how="left").fillna({f"past_{name}": 0.0 for name in SEEN})
    prior = PRIOR_DEALS * (_deal_size(rows) if by_amount else 1.0)
    weight = (rows[f"past_{hit}"] + prior * _rate_of_state(past, rows["state"], hit, tried)) / (
        rows[f"past_{tried}"] + prior
    )
    # Deals without a creation date have no past to learn from.
    dated = rows["state"] != UNDATED
    return rows.drop(columns=[f"past_{name}" for name in SEEN]).assign(
        n_past=rows["past_n_open"].astype(int),
        n_past_won=rows["past_n_won"].astype(int),
        weight_rate=weight.where(dated),
        weighted_amount=(weight * rows["open_amount"]).where(dated),
    )


def _deal_size(rows: pd.DataFrame) -> pd.Series[float]:
    """Size of the cell's past deals, or of the present ones where it is new."""
    past = rows["past_open_amount"] / rows["past_n_open"].where(rows["past_n_open"] > 0)
    return past.fillna(rows["open_amount"] / rows["n_open"]).clip(lower=1.0)


def _rate_of_state(past: pd.DataFrame, states: pd.Series[str], hit: str, tried: str) -> pd.Series[float]:
    """What a state's deals of any due date were won with; that of all deals where the state is new."""
    sums = past.groupby("state")[[hit, tried]].sum()
    everything = float(past[tried].sum())
    overall = float(past[hit].sum()) / everything if everything > 0 else 0.0
    return states.map(sums[hit] / sums[tried].where(sums[tried] > 0)).astype(float).fillna(overall)


def taught_by(sums: pd.DataFrame) -> list[str]:
    """Labels of the past quarters that weights are learnt from."""
    return list(sums["quarter"].tail(LEARNT_QUARTERS))


def land_by_stage(past: pd.DataFrame, now: pd.DataFrame, sums: pd.DataFrame, *, by_amount: bool) -> StageLanding:
    """What the open deals and those not yet created will bring, learnt from past quarters only.

    Args:
        past: ``open_deals_at`` past points.
        now: ``open_deals_at`` the point to land from.
        sums: ``quarter_sums`` of the same past points, oldest first.
        by_amount: See ``weigh_cells``.
    """
    cells = weigh_cells(past[past["quarter"].isin(taught_by(sums))], now, by_amount=by_amount)
    new = sums["new_amount"].tail(LEARNT_QUARTERS)
    chance = float((cells["weight_rate"] * (1 - cells["weight_rate"]).clip(lower=0) * cells["squared_amount"]).sum())
    spread = float(new.var(ddof=1)) * (1 + 1 / len(new)) if len(new) > 1 else float(new.sum()) ** 2
    return StageLanding(float(cells["weighted_amount"].sum()), float(new.mean()), float(np.sqrt(chance + spread)))


def fill_amounts(cells: pd.DataFrame, typical: Mapping[str, float]) -> pd.DataFrame:
    """Give deals without an amount the one that was typical at their quarter's point; 0 before anything was won."""
    amount = cells["quarter"].map(typical).astype(float).fillna(0.0)
    n = cells["n_without_amount"]
    return cells.assign(
        open_amount=cells["open_amount"] + n * amount,
        squared_amount=cells["squared_amount"] + n * amount**2,
    )
