"""Another plan on the same deals: what would it have cost, who would earn more, what would it reward?

Tables in: ``reps``, ``opportunities``, ``credits``, ``quotas``; ``teams`` and ``team_members`` where present.
Tables out: one row per plan, band of attainment or stretch of a curve. People are counted, never named.
Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from salesops_lib.comp_design.alternatives.plans import plans_compared
from salesops_lib.comp_design.cost.sums import cost_of
from salesops_lib.comp_design.groups import LEAST, band_name, bands_of, gini, quantile, reached_quota
from salesops_lib.comp_design.pay import Paid, as_float, pay_all, reps_paid, total
from salesops_lib.comp_design.payout import curve, jumps
from salesops_lib.comp_design.plan.curves import curve_frame
from salesops_lib.comp_design.sellers import SoldQuarter, quarter_of, sold_quarters
from salesops_lib.measures.tidy import columns_of, tidy
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters
    from salesops_lib.parameters.plan import Plan
    from salesops_lib.periods import Period

ATTAINMENT_EDGES = (0.0, 0.5, 0.75, 1.0, 1.25)


def _compared(
    crm: Crm, period: Period, parameters: Parameters, alternative: str
) -> tuple[SoldQuarter, list[tuple[Plan, list[Paid]]]]:
    """The quarter and everybody's pay under the plan in force and the other; no plan where there is no pair."""
    quarter = quarter_of(crm, period)
    sold = sold_quarters(crm, [quarter])[0]
    plans = plans_compared(parameters, quarter.label, alternative)
    return sold, [(plan, pay_all(sold, plan)) for plan in plans] if len(plans) == 2 else []


@tidy
def plan_comparison(
    crm: Crm, *, period: Period, parameters: Parameters, alternative: str = "", confidence: float
) -> pd.DataFrame:
    """The plan in force and another one on the same deals: cost, spread and how closely pay follows performance.

    Two rows, the plan in force first; none where there is no other plan. Deals, quotas and people are the same, what
    people would have done otherwise under the other plan is not in it.

    Args:
        crm: Needs ``quotas``.
        period: The quarter that holds its end is paid, to date while it runs.
        parameters: Hold the plans.
        alternative: Name of the other plan; the first one that is not in force if empty.
        confidence: Coverage of the interval of the share at or above quota.

    Returns:
        plan (str): Name of the plan.
        title (str): Name as people say it.
        is_in_force (bool): The plan of the quarter.
        n_reps (int): Reps paid, managers left out.
        n_not_paid (int): People of whom the plan does not say what they earned.
        base_amount (float): Fixed pay of reps to date; missing, like all pay, for fewer than three reps.
        incentive_amount (float): Incentives of reps and managers.
        cost_amount (float): Base of reps and all incentives.
        cost_of_sales_rate (float): Cost / bookings.
        next_unit_cost_rate (float): Incentive pay for each further unit of bookings, were everybody to book 1 % more.
        payout_rate (float): Incentives of reps / their target.
        median_payout_rate (float): The rep in the middle: incentive / target.
        low_payout_rate (float): Payout that one rep in ten is below; missing for fewer than 30 reps.
        high_payout_rate (float): Payout that one rep in ten is above.
        gini (float, 0-1): Spread of payouts: 0 when all earn the same share of target.
        pay_slope (float): Points of target pay that go with each point of attainment, least squares over the reps.
        pay_correlation (float, -1 to 1): Of payout with attainment over the reps (Pearson).
        at_quota_rate (float, 0-1): Share of reps at or above quota; the same deals, so the same for both plans unless
            they pay other people.
        at_quota_rate_low (float, 0-1): Lower end of its interval (Wilson).
        at_quota_rate_high (float, 0-1): Upper end.
        n_jumps (int): Attainments at which pay jumps.
        largest_jump_rate (float): The largest jump, as a share of target pay; 0 without one.
        period_name (str): The quarter, for readers.
        is_partial (bool): The quarter had not ended on the day the data speaks of.
    """
    sold, pairs = _compared(crm, period, parameters, alternative)
    rows = [_plan_row(sold, plan, everybody, place == 0) for place, (plan, everybody) in enumerate(pairs)]
    # Where neither plan pays enough reps to speak of, no row has figures of pay.
    frame = pd.DataFrame(rows, columns=[*columns_of(plan_comparison), "n_reached", "n_with_quota"])
    frame = with_rate(frame, "n_reached", "n_with_quota", "at_quota", confidence=confidence)
    return frame.assign(period_name=crm.calendar.title(sold.period), is_partial=sold.is_partial)


def _plan_row(sold: SoldQuarter, plan: Plan, everybody: list[Paid], is_in_force: bool) -> dict[str, Any]:
    reps = [each for each in reps_paid(everybody) if each.pay.target]
    found = jumps(curve(plan))
    largest = as_float(max((size for _place, size in found), key=abs)) if found else 0.0
    counted = reached_quota(reps)
    return {
        "plan": plan.name,
        "title": plan.title,
        "is_in_force": is_in_force,
        "n_reps": len(reps),
        "n_not_paid": sum(not each.is_paid for each in everybody),
        **(_pay_figures(sold, plan, everybody, reps) if len(reps) >= LEAST else {}),
        "n_reached": counted["n_reached"],
        "n_with_quota": counted["n_reps"],
        "n_jumps": len(found),
        "largest_jump_rate": largest,
    }


def _pay_figures(sold: SoldQuarter, plan: Plan, everybody: list[Paid], reps: Sequence[Paid]) -> dict[str, float]:
    """The figures of ``plan_comparison`` from base pay to correlation."""
    cost = cost_of(sold, plan, everybody)
    rates = [each.payout_rate for each in reps]
    target = total(each.pay.target for each in reps)
    slope, correlation = pay_for_performance([as_float(each.seller.attainment) for each in reps], rates)
    return {
        "base_amount": float(cost.base),
        "incentive_amount": float(cost.incentives),
        "cost_amount": float(cost.all),
        "cost_of_sales_rate": float(cost.all / sold.bookings) if sold.bookings > 0 else float("nan"),
        "next_unit_cost_rate": cost.next_unit,
        "payout_rate": float(total(each.pay.incentive for each in reps) / target),
        "median_payout_rate": quantile(rates, 0.5),
        "low_payout_rate": quantile(rates, 0.1),
        "high_payout_rate": quantile(rates, 0.9),
        "gini": gini(rates),
        "pay_slope": slope,
        "pay_correlation": correlation,
    }


def pay_for_performance(attained: Sequence[float], paid: Sequence[float]) -> tuple[float, float]:
    """Slope (least squares) and correlation (Pearson) of payout on attainment; missing where nothing varies."""
    x, y = (np.asarray(each, dtype=float) for each in (attained, paid))
    known = ~(np.isnan(x) | np.isnan(y))
    x, y = x[known], y[known]
    if len(x) < LEAST or np.ptp(x) == 0:
        return float("nan"), float("nan")
    spread = float(((x - x.mean()) * (y - y.mean())).sum())
    slope = spread / float(((x - x.mean()) ** 2).sum())
    return slope, float(np.corrcoef(x, y)[0, 1]) if np.ptp(y) > 0 else float("nan")


@tidy
def winners_by_attainment(crm: Crm, *, period: Period, parameters: Parameters, alternative: str = "") -> pd.DataFrame:
    """How many reps would earn more or less under the other plan, base pay included, by attainment.

    One row per band of attainment, lowest first; neighbours are put together until a band holds three reps or none.
    Reps whom both plans pay on a quota of their own count.

    Args:
        crm: Needs ``quotas``.
        period: The quarter that holds its end is paid, to date while it runs.
        parameters: Hold the plans.
        alternative: Name of the other plan; the first one that is not in force if empty.

    Returns:
        band (str): Attainment in words.
        from_rate (float): Attainment from which the band holds, included.
        to_rate (float): Up to which it holds, not included; missing for the last.
        n_reps (int): Reps in the band.
        n_more (int): Reps who would earn more.
        n_same (int): Reps who would earn the same to the cent.
        n_less (int): Reps who would earn less.
        in_force_amount (float): Base and incentive pay of the band to date under the plan in force; missing for fewer
            than three reps.
        alternative_amount (float): Under the other plan.
        change_amount (float): The second less the first.
        change_rate (float): Change as a share of the first.
        plan (str): Name of the other plan.
        title (str): Its name as people say it.
        period_name (str): The quarter, for readers.
        is_partial (bool): The quarter had not ended on the day the data speaks of.
    """
    sold, pairs = _compared(crm, period, parameters, alternative)
    both: list[tuple[Paid, Paid]] = []
    if pairs:
        (_, now), (_, then) = pairs
        both = [
            (one, two)
            for one, two in zip(now, then, strict=True)
            if one.is_paid and two.is_paid and not one.seller.is_lead and one.seller.attainment is not None
        ]
    bands = bands_of([max(as_float(one.seller.attainment), 0.0) for one, _two in both], ATTAINMENT_EDGES)
    if not bands:
        return pd.DataFrame()
    other = pairs[1][0]
    return pd.DataFrame([_band_row(band, [both[place] for place in places]) for band, places in bands]).assign(
        plan=other.name, title=other.title, period_name=crm.calendar.title(sold.period), is_partial=sold.is_partial
    )


def _band_row(band: tuple[float, float | None], group: Sequence[tuple[Paid, Paid]]) -> dict[str, Any]:
    changes = [two.whole - one.whole for one, two in group]
    now, then = total(one.whole for one, _two in group), total(two.whole for _one, two in group)
    missing = float("nan")
    is_shown = len(group) >= LEAST
    return {
        "band": band_name(band),
        "from_rate": band[0],
        "to_rate": missing if band[1] is None else band[1],
        "n_reps": len(group),
        "n_more": sum(each > 0 for each in changes),
        "n_same": sum(each == 0 for each in changes),
        "n_less": sum(each < 0 for each in changes),
        "in_force_amount": float(now) if is_shown else missing,
        "alternative_amount": float(then) if is_shown else missing,
        "change_amount": float(then - now) if is_shown else missing,
        "change_rate": float((then - now) / now) if is_shown and now else missing,
    }


@tidy
def payout_curves(crm: Crm, *, period: Period, parameters: Parameters, alternative: str = "") -> pd.DataFrame:
    """What the plan in force and another one pay at each attainment, side by side.

    One row per plan and stretch of attainment, the plan in force first; none where there is no other plan.

    Args:
        crm: Gives the calendar.
        period: The plan of the quarter that holds its end.
        parameters: Hold the plans.
        alternative: Name of the other plan; the first one that is not in force if empty.

    Returns:
        plan (str): Name of the plan.
        title (str): Name as people say it.
        meaning (str): What the plan is for.
        application (str): ``marginal``, ``whole`` or ``interpolated``.
        individual_rate (float, 0-1): Share of variable pay that hangs on the rep's own attainment.
        team_rate (float, 0-1): Share that hangs on the team's.
        from_rate (float): Attainment from which the stretch holds, included.
        to_rate (float): Attainment up to which it holds, not included; missing for the last.
        pay_from_rate (float): Pay at its start, as a share of target pay.
        pay_to_rate (float): Pay just below its end; missing for the last.
        multiplier (float): What each further 1 % of quota adds, in percent of target pay.
        jump_rate (float): By how much pay jumps at its start, as a share of target pay; 0 where it does not.
        threshold_rate (float): Attainment below which the plan pays nothing; missing without a threshold.
        cap_rate (float): Most that the plan pays, as a share of target pay; missing without a cap.
    """
    plans = plans_compared(parameters, quarter_of(crm, period).label, alternative)
    return curve_frame(plans if len(plans) == 2 else [])
