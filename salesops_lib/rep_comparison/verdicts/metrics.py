"""Verdicts: who wins more or less of what they close than luck and the mix of deals explain?

Tables in: ``reps``, ``opportunities`` and, where present, ``teams`` and ``team_members`` of a ``Crm``.
Tables out: one row per rep. A verdict rules out luck, the mix of deals, the leads, the process of the team and the
time in the role, in this order; only what is then left says something about how a rep sells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.rep_comparison.cells import MONTH, rate_of
from salesops_lib.rep_comparison.people import in_order
from salesops_lib.rep_comparison.verdicts.deal_kinds import held_alike
from salesops_lib.rep_comparison.verdicts.wins_and_luck import judged, standing
from salesops_lib.statistics.funnel_limits import funnel_limits
from salesops_lib.statistics.intervals import with_rate
from salesops_lib.statistics.power import noticeable, power
from salesops_lib.statistics.spread import pooled_test, same_cells_test
from salesops_lib.wording import listing

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period


@tidy
def verdict_by_rep(
    crm: Crm,
    *,
    period: Period,
    months: int = 12,
    by: Sequence[str] = ("segment",),
    min_closed: int,
    confidence: float,
    shortfall: float = 0.3,
) -> pd.DataFrame:
    """Whether each rep wins more or less than the team did on like deals.

    One row per rep, by team and name. Managers without deals are left out.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        period: The window ends with it.
        months: Fiscal months of the window.
        by: Columns of ``deals`` that make a cell, beside the month of closing.
        min_closed: Fewest closed deals before a rep is judged.
        confidence: Coverage of intervals; 1 less this is the false discovery rate of the verdicts.
        shortfall: The shortfall whose chance of being noticed is worked out.

    Returns:
        rep_id (str): Key.
        name (str): The rep.
        team_name (str): Team at the end of the window.
        n_closed (int): Deals won or lost in the window, by the deal's owner.
        n_won (int): Deals won.
        win_rate (float, 0-1): ``n_won / n_closed``; missing when nothing closed, or no lost deal is recorded at all.
        win_rate_low (float, 0-1): Lower end of the Wilson interval.
        win_rate_high (float, 0-1): Upper end.
        expected_won (float): Wins had the rep won what the team did in the same cells; missing with the rate.
        won_difference (float): ``n_won`` less ``expected_won``.
        luck_difference_low (float): Lower end of the differences that luck gives to equals.
        luck_difference_high (float): Upper end.
        expected_adjusted_won (float): Wins expected once mix, leads, process and time in the role are allowed for.
        won_to_expected (float): ``n_won / expected_adjusted_won``; 1 is as expected.
        won_to_expected_low (float): Lower end, from the interval of the win rate.
        won_to_expected_high (float): Upper end.
        p_value (float, 0-1): Chance of a difference this large among equals; exact, two-sided.
        q_value (float, 0-1): The same after Benjamini-Hochberg over all reps judged; missing for the others.
        adjusted_q_value (float, 0-1): The same once mix, leads, process and time in the role are allowed for: the one
            that the verdict goes by.
        explained_by (str): What explains a difference beyond luck; empty where a rep stands out or does not differ.
        power_rate (float, 0-1): Chance that a rep with as many deals who truly won ``shortfall`` less is noticed.
        noticeable_rate (float, 0-1): Smallest shortfall noticed four times in five; missing if none would be.
        difference_amount (float): ``won_difference`` at the rep's average won deal, or the company's without one.
        verdict (str): Stands out above, stands out below, not different from the team, or too few deals to judge.
        held_alike (str): What deals are compared within at first, for instance months and segments; as for all rows.
        allowed_for (str): What is allowed for in the end; the same for all rows.
        from_on (date): First day of the window.
        to_on (date): Last day of the window.

    Source:
        Sum of hypergeometric draws per cell, as in Mantel and Haenszel (1959); Benjamini and Hochberg (1995); causes
        as in ``causes_by_rep``. Where reps differ by more than luck as a rule, that spread is allowed for:
        Spiegelhalter (2005).
    """
    seen = standing(crm, period=period, months=months, by=by, confidence=confidence)
    rows = judged(seen.rows, min_closed=min_closed, confidence=confidence)
    rows = with_rate(rows, "n_won", "n_closed", "win", confidence=confidence)
    names = ["win_rate", "win_rate_low", "win_rate_high"]
    if not seen.has_losses:  # luck has no room where every deal was won
        rows[[*names, "expected_won", "expected_win_rate"]] = np.nan
    level = (1 - confidence) / max(int(rows["is_judged"].sum()), 1)
    won = rows["n_won"].sum()
    average = rows["won_amount"].sum() / won if won else np.nan
    difference = rows["n_won"] - rows["expected_won"]
    adjusted = rows["same_expected_adjusted"].where(rows["expected_won"].notna())
    ratio = pd.DataFrame({name: rate_of(rows[name] * rows["n_closed"], adjusted) for name in names})
    rows = rows.assign(
        won_difference=difference,
        luck_difference_low=(rows["luck_low"] - rows["expected_won"]) * rows["inflation"],
        luck_difference_high=(rows["luck_high"] - rows["expected_won"]) * rows["inflation"],
        expected_adjusted_won=adjusted,
        won_to_expected=ratio["win_rate"],
        won_to_expected_low=ratio["win_rate_low"],
        won_to_expected_high=ratio["win_rate_high"],
        power_rate=power(
            rows["n_closed"], rows["expected_win_rate"], shortfall, level=level, inflation=rows["adjusted_inflation"]
        ),
        noticeable_rate=noticeable(
            rows["n_closed"], rows["expected_win_rate"], level=level, inflation=rows["adjusted_inflation"]
        ),
        difference_amount=difference * rate_of(rows["won_amount"], rows["n_won"]).fillna(average),
        held_alike=_held_alike(seen.cells, by),
        allowed_for=held_alike(seen.held_alike),
        from_on=pd.Timestamp(seen.window.start),
        to_on=pd.Timestamp(seen.window.end),
    )
    return in_order(rows)


def _held_alike(cells: pd.DataFrame, by: Sequence[str]) -> str:
    """The cells in words; a column with one value only, or none, holds nothing alike."""
    return listing(["months", *(f"{name}s" for name in by if cells[name].nunique() > 1)])


@tidy
def win_rate_funnel(
    crm: Crm,
    *,
    period: Period,
    months: int = 12,
    by: Sequence[str] = ("segment",),
    min_closed: int,
    confidence: float,
) -> pd.DataFrame:
    """Win rates against the number of deals they rest on, with the limits that luck keeps to.

    One row per rep, by team and name.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        period: The window ends with it.
        months: Fiscal months of the window.
        by: Columns of ``deals`` that make a cell, beside the month of closing.
        min_closed: Fewest closed deals before a rep is judged.
        confidence: 1 less this is the false discovery rate of the verdicts.

    Returns:
        rep_id (str): Key.
        name (str): The rep.
        team_name (str): Team at the end of the window.
        n_closed (int): Deals won or lost in the window.
        n_won (int): Deals won.
        win_rate (float, 0-1): ``n_won / n_closed``; missing when nothing closed, or no lost deal is recorded at all.
        adjusted_win_rate (float, 0-1): Company's rate + (won - expected) / closed: the rate on the company's mix.
        company_win_rate (float, 0-1): Deals won of deals closed by all reps together.
        inner_low (float, 0-1): Lower limit that 95% of equals stay above or below with ``inner_high``.
        inner_high (float, 0-1): Upper limit; exact binomial, interpolated, widened by ``spread_rate``.
        outer_low (float, 0-1): Lower limit for 99.8%.
        outer_high (float, 0-1): Upper limit for 99.8%.
        verdict (str): As in the verdict per rep.
        phi_score (float): Mean squared z-score, winsorised at 10%; the same for all rows.
        spread_rate (float): Usual spread between reps beyond luck (tau); 0 where luck is enough; the same for all rows.
        pooled_p_value (float, 0-1): Chi-square test of all reps' won and lost deals against the company's rate.
        same_cells_p_value (float, 0-1): The same within months and segments (Cochran-Mantel-Haenszel).

    Source:
        Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202.
    """
    seen = standing(crm, period=period, months=months, by=by, confidence=confidence)
    rows = judged(seen.rows, min_closed=min_closed, confidence=confidence)
    closed, won = rows["n_closed"].sum(), rows["n_won"].sum()
    company = won / closed if closed and seen.has_losses else np.nan
    n = rows["n_closed"].where(rows["n_closed"] > 0)
    inner = funnel_limits(company, n, 0.95, tau=seen.usual.tau)
    outer = funnel_limits(company, n, 0.998, tau=seen.usual.tau)
    rows = rows.assign(
        win_rate=(rows["n_won"] / n) if seen.has_losses else np.nan,
        adjusted_win_rate=company + (rows["n_won"] - rows["expected_won"]) / n,
        company_win_rate=company,
        inner_low=inner[0], inner_high=inner[1], outer_low=outer[0], outer_high=outer[1],
        phi_score=seen.usual.phi,
        spread_rate=seen.usual.tau,
        pooled_p_value=pooled_test(rows["n_won"], rows["n_closed"]).p_value,
        same_cells_p_value=same_cells_test(seen.cells, by=[MONTH, *by]).p_value,
    )  # fmt: skip
    return in_order(rows)
