"""Landing: where will the quarter end, by the stages of the open deals and by pace?

Landing = won so far + open deals that will be won in it + deals not yet created that will be.

Tables in: ``opportunities``, stage history where there is one; goals from ``quotas``. Tables out: one row per
method, past quarter or group of open deals. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from salesops_lib.forecasting.history import bookings_by_month
from salesops_lib.forecasting.landing.model import LEAST_QUARTERS, Landing, Landings, land_quarter
from salesops_lib.forecasting.landing.quarter_points import AGES, DUE
from salesops_lib.measures import goals
from salesops_lib.measures.tidy import columns_of, tidy
from salesops_lib.statistics import forecast_scores as scores

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

NAMES = {"stage": "by stage weights", "pace": "by pace", "both": "average of the two"}


@tidy
def landing_by_method(crm: Crm, *, quarter: Period | None = None) -> pd.DataFrame:
    """Where the quarter will end, by stage weights and by pace, in parts and with intervals.

    One row per method: stage weights, pace, and the average of the two. A method without what it needs (open
    deals, two whole quarters before) has missing figures and says why in ``basis``.

    Args:
        crm: Needs ``opportunities``; goals come from ``quotas`` where present.
        quarter: The first one that is not over on ``as_of`` if absent.

    Returns:
        quarter (str): Label.
        quarter_name (str): As readers say it.
        elapsed_rate (float): Share of the quarter's selling days that is over.
        method (str): stage, pace or both.
        name (str): What it is called.
        basis (str): What it rests on, or why there is none.
        is_leading (bool): The one that headlines go by: the average where there are two, else the only one.
        won_so_far_amount (float): Won in the quarter so far.
        open_amount (float): Part of the open deals that will be won in it.
        new_amount (float): Deals not yet created that will be won in it.
        landing_amount (float): The three together: the median outcome.
        landing_amount_low (float): Lower end of the 80% interval.
        landing_amount_high (float): Upper end.
        landing_95_amount_low (float): Lower end of the 95% interval.
        landing_95_amount_high (float): Upper end.
        goal_amount (float): The company's goal of the quarter; missing where none is set.
        reach_rate (float): Probability of reaching the goal.
        year_before_amount (float): Booked in the same quarter a year before; missing where unknown.
        usual_share_rate (float): Share of the quarter usually booked at this point; for pace only.
        n_past_quarters (int): Past quarters it learnt from.
        n_tested (int): Past quarters landed from the same point with what was known then.
        wape_rate (float): Sum of absolute errors of these / sum of their bookings.
        forecast_bias_rate (float): Sum of landing less bookings / sum of bookings; positive is over-forecast.
        n_covered (int): Of these, those whose bookings fell into the 80% interval.
    """
    landings = land_quarter(crm, quarter)
    wanted = landings.quarter
    goal = goal_of(crm, wanted)
    shared = {
        "quarter": wanted.label,
        "quarter_name": crm.calendar.title(wanted),
        "elapsed_rate": crm.calendar.elapsed_share(wanted, crm.as_of),
        "won_so_far_amount": float(landings.sums["won_so_far_amount"].iloc[-1]),
        "goal_amount": goal,
        "year_before_amount": _year_before(crm, wanted),
    }
    found = {each.method: each for each in landings.now}
    rows = []
    for method, name in NAMES.items():
        row = {**shared, "method": method, "name": name, "is_leading": landings.leading == method}
        if method in found:
            row |= _figures(found[method], landings, goal)
        else:
            n_past = len(landings.sums) - 1
            row |= {"basis": _reason(landings), "n_past_quarters": n_past, "n_tested": 0, "n_covered": 0}
        rows.append(row)
    return pd.DataFrame(rows, columns=list(columns_of(landing_by_method)))


def _figures(landing: Landing, landings: Landings, goal: float) -> dict[str, Any]:
    tested = landings.errors_of(landing.method)
    said, came = tested["landing_amount"].to_numpy(dtype=float), tested["actual_amount"].to_numpy(dtype=float)
    return {
        "basis": landing.basis,
        "open_amount": landing.open_amount,
        "new_amount": landing.new_amount,
        "landing_amount": landing.landing_amount,
        "landing_amount_low": landing.quantile(0.1),
        "landing_amount_high": landing.quantile(0.9),
        "landing_95_amount_low": landing.quantile(0.025),
        "landing_95_amount_high": landing.quantile(0.975),
        "reach_rate": landing.chance_of(goal) if goal > 0 else None,
        "usual_share_rate": landing.usual_share,
        "n_past_quarters": landing.n_past_quarters,
        "n_tested": len(tested),
        "wape_rate": scores.wape(said, came),
        "forecast_bias_rate": scores.bias(said, came),
        "n_covered": int(tested["actual_amount"].between(tested["low"], tested["high"]).sum()),
    }


def _reason(landings: Landings) -> str:
    if len(landings.sums) - 1 < LEAST_QUARTERS:
        return "fewer than two whole quarters before"
    return "no open deals are recorded"


def goal_of(crm: Crm, period: Period) -> float:
    """The company's goal of a period; nan where none above 0 is set."""
    found = goals(crm, [period], level="company")["quota_amount"]
    return float(found.iloc[0]) if len(found) and found.iloc[0] > 0 else float("nan")


def _year_before(crm: Crm, quarter: Period) -> float:
    months = bookings_by_month(crm)
    known = dict(zip(months["month"], months["bookings_amount"].where(months["is_complete"].astype(bool)), strict=True))
    labels = [each.label for each in crm.calendar.within(crm.calendar.year_before(quarter), "month")]
    return float(sum(known.get(label, np.nan) for label in labels))


@tidy
def landing_backtest_by_quarter(crm: Crm, *, quarter: Period | None = None) -> pd.DataFrame:
    """How past quarters would have been landed from the same point, and how they ended.

    One row per past quarter that either method could land, oldest first.

    Args:
        crm: Needs ``opportunities``.
        quarter: The quarter whose point is looked at; the first one that is not over on ``as_of`` if absent.

    Returns:
        quarter (str): Label.
        quarter_name (str): As readers say it.
        point_on (date): The evening from which it was landed.
        won_so_far_amount (float): Won in the quarter by then.
        bookings_amount (float): How it ended.
        stage_amount (float): Landing by stage weights; missing where there was none.
        stage_amount_low (float): Lower end of its 80% interval.
        stage_amount_high (float): Upper end.
        pace_amount (float): Landing by pace.
        pace_amount_low (float): Lower end of its 80% interval.
        pace_amount_high (float): Upper end.
        both_amount (float): The average of the two; missing where there was only one.
        both_amount_low (float): Lower end of its 80% interval.
        both_amount_high (float): Upper end.
    """
    landings = land_quarter(crm, quarter)
    rows: dict[str, dict[str, Any]] = {}
    for each in landings.past:
        label = each.point.quarter.label
        sums = landings.sums.set_index("quarter").loc[label]
        row = rows.setdefault(
            label,
            {
                "quarter": label,
                "quarter_name": crm.calendar.title(each.point.quarter),
                "point_on": pd.Timestamp(each.point.on),
                "won_so_far_amount": sums["won_so_far_amount"],
                "bookings_amount": sums["bookings_amount"],
            },
        )
        row |= {
            f"{each.method}_amount": each.landing_amount,
            f"{each.method}_amount_low": each.quantile(0.1),
            f"{each.method}_amount_high": each.quantile(0.9),
        }
    return pd.DataFrame(list(rows.values()), columns=list(columns_of(landing_backtest_by_quarter)))


@tidy
def open_deals_by_stage(crm: Crm, *, quarter: Period | None = None, confidence: float) -> pd.DataFrame:
    """Open deals by stage and due date, with the share of such deals that was won by the quarter's end.

    One row per stage (age, without a stage history) and due date that is open now, in the order of the
    process. Empty where nothing is open or there are no past quarters to learn from.

    Args:
        crm: Needs ``opportunities``; stages of the past need a stage history.
        quarter: The first one that is not over on ``as_of`` if absent.
        confidence: Coverage of the interval of the win share.

    Returns:
        state (str): Stage now; age band without a stage history.
        due (str): Where the expected close date lies: in the quarter, later, overdue or nowhere.
        n_open (int): Open deals.
        open_amount (float): Their amounts; a deal without one counts with the average won amount.
        n_without_amount (int): Deals without an amount.
        n_past (int): Such deals at the same point of past quarters.
        n_past_won (int): Of these, those won by the quarter's end.
        won_in_time_rate (float): n_past_won / n_past; missing where there were none.
        won_in_time_rate_low (float): Lower end of the Beta interval (Jeffreys).
        won_in_time_rate_high (float): Upper end.
        weight_rate (float): Share of the open amount that counts: won amount / amount then, drawn towards the
            stage's own share where such deals were few. Share of deals without a stage history.
        weighted_amount (float): open_amount x weight_rate.
    """
    from scipy.stats import beta

    cells = land_quarter(crm, quarter).cells
    if cells.empty:
        return pd.DataFrame()
    order = {name: place for place, name in enumerate(crm.stages)}
    places = cells["state"].map(lambda state: order.get(state, _age_place(state)))
    cells = cells.assign(place=places, due_place=cells["due"].map(DUE.index))
    cells = cells.sort_values(["place", "state", "due_place"])
    n, won = cells["n_past"].astype(float), cells["n_past_won"].astype(float)
    tail = (1 - confidence) / 2
    seen = n > 0
    return cells.assign(
        won_in_time_rate=(won / n.where(seen)),
        won_in_time_rate_low=np.where(seen, beta.ppf(tail, won + 0.5, n - won + 0.5), np.nan),
        won_in_time_rate_high=np.where(seen, beta.ppf(1 - tail, won + 0.5, n - won + 0.5), np.nan),
    )


def _age_place(state: str) -> int:
    bands = [band for _days, band in AGES]
    return bands.index(state) if state in bands else len(bands)
