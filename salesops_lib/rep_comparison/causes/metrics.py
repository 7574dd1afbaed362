"""Causes: what of a rep's difference from the team comes from the deals, the leads, the process and the time in role?

Tables in: ``reps``, ``opportunities``; ``accounts``, ``leads``, ``teams`` and ``team_members`` of a ``Crm`` where
present. Tables out: one row per rep. A person is the last cause looked at, never the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.rep_comparison.cells import rate_of
from salesops_lib.rep_comparison.people import in_order
from salesops_lib.rep_comparison.verdicts.adjustment import PARTS
from salesops_lib.rep_comparison.verdicts.deal_kinds import held_alike
from salesops_lib.rep_comparison.verdicts.wins_and_luck import Standing, judged, standing
from salesops_lib.statistics.intervals import with_rate
from salesops_lib.statistics.shrinkage import shrink_rates

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

N_DRAWS = 4000
QUARTER = 0.25


@tidy
def causes_by_rep(
    crm: Crm,
    *,
    period: Period,
    months: int = 12,
    min_closed: int,
    confidence: float,
) -> pd.DataFrame:
    """How many of the deals that each rep won above or below the team each cause accounts for, and what is left.

    One row per rep who closed a deal, by team and name. The causes are taken into account one after the other: the
    month, the mix of deals, the leads, the process of the rep's team (what colleagues of the same team won in the same
    quarter), and the time in the role. Their deals and the rest add up to the difference.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        period: The window ends with it.
        months: Fiscal months of the window.
        min_closed: Fewest closed deals before a rep is judged.
        confidence: Coverage of intervals; 1 less this is the false discovery rate of the verdicts.

    Returns:
        rep_id (str): Key.
        name (str): The rep.
        team_name (str): Team at the end of the window.
        n_closed (int): Deals won or lost in the window, by the deal's owner.
        n_won (int): Deals won.
        expected_won (float): Wins had the rep won what everybody did in the same months.
        mix_won (float): Wins more or fewer to expect because of segment, product, kind, region and size of account.
        leads_won (float): Because of source (by quarter) and score of the leads.
        process_won (float): Because of what colleagues of the same team won in the same quarters.
        tenure_won (float): Because of the time in the role when the deals began.
        rest_won (float): What is left: ``n_won`` less the wins expected with all of that.
        rest_won_low (float): Lower end of its interval.
        rest_won_high (float): Upper end.
        expected_adjusted_won (float): Wins expected with all of that.
        won_to_expected (float): ``n_won`` / wins expected with all of that; missing with the rate.
        won_to_expected_low (float): Lower end, from the interval of the win rate.
        won_to_expected_high (float): Upper end.
        adjusted_win_rate (float, 0-1): Rate to expect of the rep on the company's mix, drawn towards the team.
        adjusted_win_rate_low (float, 0-1): Lower end of its interval.
        adjusted_win_rate_high (float, 0-1): Upper end.
        rank_low (float): Best place that the interval of ranks holds, 1 for most; missing below ``min_closed`` deals.
        rank_high (float): Worst place.
        top_quarter_rate (float, 0-1): Chance to be in the top quarter of those judged.
        bottom_quarter_rate (float, 0-1): Chance to be in the bottom quarter.
        q_value (float, 0-1): How surprising the rest is, after Benjamini-Hochberg over all reps judged.
        verdict (str): As in the verdict per rep.
        explained_by (str): The cause that explains a difference beyond luck; empty where there is none to explain.
        held_alike (str): What the data lets the comparison hold alike; the same for all rows.
        from_on (date): First day of the window.
        to_on (date): Last day of the window.

    Source:
        Logit with random intercepts, Laplace (Breslow and Clayton 1993); shrinkage as in ``reps_side_by_side``; ranks
        from draws of the posterior (Goldstein and Spiegelhalter 1996, JRSS A 159, 385-443).
    """
    seen = standing(crm, period=period, months=months, by=("segment",), confidence=confidence)
    rows = judged(seen.rows, min_closed=min_closed, confidence=confidence)
    rows = rows[rows["n_closed"] > 0]
    rows = with_rate(rows, "n_won", "n_closed", "win", confidence=confidence)
    rate = rate_of(rows["same_expected_adjusted"], rows["n_closed"])
    ends = {end: rows[f"win_rate{end}"] for end in ("", "_low", "_high")}
    if not seen.has_losses:
        ends = {end: values * np.nan for end, values in ends.items()}
    rows = _with_adjusted_rate(rows, rate, confidence, seen)
    rows = rows.assign(
        expected_won=rows["same_expected"],
        expected_adjusted_won=rows["same_expected_adjusted"],
        **{f"{part}_won": rows[f"same_{part}"] for part in PARTS},
        **{f"rest_won{end}": each * rows["n_closed"] - rows["same_expected_adjusted"] for end, each in ends.items()},
        **{f"won_to_expected{end}": rate_of(values, rate) for end, values in ends.items()},
        q_value=rows["adjusted_q_value"],
        held_alike=held_alike(seen.held_alike),
        from_on=pd.Timestamp(seen.window.start),
        to_on=pd.Timestamp(seen.window.end),
    )
    return in_order(rows)


def _with_adjusted_rate(rows: pd.DataFrame, rate: pd.Series[float], confidence: float, seen: Standing) -> pd.DataFrame:
    """Add the rate on the company's mix and the ranks, from what is known of each rep's true rate."""
    company = rows["n_won"].sum() / max(rows["n_closed"].sum(), 1)
    names = ["adjusted_win_rate", "adjusted_win_rate_low", "adjusted_win_rate_high"]
    ranks = ["rank_low", "rank_high", "top_quarter_rate", "bottom_quarter_rate"]
    if not seen.has_losses or rows.empty:
        return rows.assign(**dict.fromkeys([*names, *ranks], np.nan))
    fit = shrink_rates(rows["n_won"], rows["n_closed"], rate)
    to_company = company / rate.clip(lower=1e-9)
    values = (fit.mean, fit.quantile((1 - confidence) / 2), fit.quantile((1 + confidence) / 2))
    rows = rows.assign(**{name: np.clip(each * to_company, 0, 1) for name, each in zip(names, values, strict=True)})
    is_judged = rows["is_judged"].to_numpy()
    found = np.full((4, len(rows)), np.nan)
    if is_judged.sum() > 1:
        draws = fit.draws(N_DRAWS, seed=0)[is_judged] * to_company.to_numpy()[is_judged, None]
        places = (-draws).argsort(axis=0).argsort(axis=0) + 1
        quarter = QUARTER * is_judged.sum()
        found[:2, is_judged] = np.quantile(places, [(1 - confidence) / 2, (1 + confidence) / 2], axis=1)
        found[2, is_judged] = (places <= quarter).mean(axis=1)
        found[3, is_judged] = (places > is_judged.sum() - quarter).mean(axis=1)
    return rows.assign(**dict(zip(ranks, found, strict=True)))
