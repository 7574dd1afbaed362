"""Key figures of pay: the quarter to date against the quarters before it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib.comp_design.cost.sums import costs_of, priced_quarters
from salesops_lib.comp_design.groups import quantile, reached_quota
from salesops_lib.comp_design.pay import reps_paid
from salesops_lib.comp_design.sellers import quarter_of
from salesops_lib.measures.tidy import tidy
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters
    from salesops_lib.periods import Period

N_QUARTERS = 6
"""Quarters in a card's trend."""


@tidy
def cards(crm: Crm, *, period: Period, parameters: Parameters, confidence: float) -> pd.DataFrame:
    """Key figures of pay for the quarter to date; none where the company has no quotas or no plan.

    One row per card.

    Args:
        crm: The company.
        period: The quarter that holds its end, to date while it runs.
        parameters: Hold the plans.
        confidence: Coverage of the interval of the share at or above quota.

    Returns:
        key (str): Key of the figure.
        label (str): Name as people say it.
        value (float): The figure.
        unit (str): ``amount`` or ``rate``.
        change (float): Against the quarter before; missing while the quarter runs.
        change_unit (str): ``share`` for amounts, ``rate`` for rates.
        compared_with (str): The quarter before, for readers.
        n (float): Reps behind a rate; missing otherwise.
        low (float): Lower end of a rate's interval; missing where there is none.
        high (float): Upper end.
        direction (str): Which way is good.
        series (list of float): The last quarters, oldest first; the last one to date.
    """
    priced = priced_quarters(crm, period, parameters, N_QUARTERS) if crm.has("quotas") else []
    if not priced or priced[-1][0].period.label != quarter_of(crm, period).label:
        return pd.DataFrame()
    costs = costs_of(crm, priced)
    reps = [reps_paid(everybody) for _sold, _plan, everybody in priced]
    counts = pd.DataFrame(map(reached_quota, reps))
    reached = with_rate(counts, "n_reached", "n_reps", "at_quota", confidence=confidence)
    middle = [quantile([each.payout_rate for each in group if each.pay.target], 0.5) for group in reps]
    last = reached.iloc[-1]
    rows = [
        _card("incentives", "Incentive pay", "amount", costs, costs["incentive_amount"]),
        _card("cost_of_sales", "Cost of sales", "rate", costs, costs["cost_of_sales_rate"], direction="down"),
        _card("next_unit_cost", "Pay for the next unit booked", "rate", costs, costs["next_unit_cost_rate"]),
        _card("median_payout", "Median payout, of target", "rate", costs, middle, n=last["n_reps"]),
        _card("at_quota", "Reps at or above quota", "rate", costs, reached["at_quota_rate"], n=last["n_reps"],
              low=last["at_quota_rate_low"], high=last["at_quota_rate_high"], direction="up"),
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _card(
    key: str, label: str, unit: str, costs: pd.DataFrame, values: Iterable[float], **extra: Any
) -> dict[str, Any]:
    """One card; a quarter that still runs is not compared with a whole one."""
    series = [float(value) for value in values]
    change = float("nan")
    if len(series) > 1 and not costs["is_partial"].iloc[-1]:
        before, now = series[-2:]
        change = now - before if unit == "rate" else now / before - 1 if before else change
    return {
        "key": key, "label": label, "value": series[-1], "unit": unit, "change": change,
        "change_unit": "rate" if unit == "rate" else "share", "direction": "none", "series": series,
        "compared_with": costs["period_name"].iloc[-2] if change == change else "", **extra,
    }  # fmt: skip
