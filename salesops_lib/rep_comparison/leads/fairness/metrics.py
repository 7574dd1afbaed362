"""Lead fairness: are leads shared out evenly, over all reps and month by month, and which leads wait for a rep?

Tables in: ``leads``, ``reps``, ``opportunities`` and, where present, ``teams`` and ``team_members`` of a ``Crm``.
Tables out: one row per aspect, month, or age of the leads without a rep. What was shared is held against what the same
leads shared by a stated rule would have looked like: chance alone never deals evenly, so the yardstick is a fair
sharing's own unevenness, not zero. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.rep_comparison.leads.cells import AGE_BANDS, OLDER, unassigned_cells
from salesops_lib.rep_comparison.leads.draws import ASPECTS
from salesops_lib.rep_comparison.leads.got_and_fair import N_DRAWS, SEED, lead_standing
from salesops_lib.statistics.differences import adjusted
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters
    from salesops_lib.periods import Period

ALL = "All sources"


@tidy
def lead_fairness(
    crm: Crm,
    *,
    period: Period,
    parameters: Parameters,
    months: int = 12,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    confidence: float,
) -> pd.DataFrame:
    """Whether leads are shared out by the rule, in number, quality, value, source and waiting time.

    One row per aspect, in this order. Arguments as in ``lead_share_by_rep``.

    Args:
        crm: Needs ``leads``, ``reps`` and ``opportunities``.
        period: The window ends with it.
        parameters: Declare how leads are meant to be shared; may name the teams.
        months: Fiscal months of the window.
        n_draws: Fair sharings drawn.
        seed: Of the draws.
        confidence: An aspect is uneven when a fair sharing looks so less often than the rest.

    Returns:
        aspect (str): Count, quality, value, source or waiting.
        n_leads (int): Leads looked at; for waiting, those whose assignment is dated.
        n_reps (int): Reps in the pool.
        n_outside (int): Leads that went to someone outside the pool, or not in the seat; they are left out.
        statistic_score (float): Sum of squared distances from the rule in standard deviations of a fair sharing.
        p_value (float, 0-1): How often a fair sharing lies as far from the rule; missing where luck has no room.
        adjusted_p_value (float, 0-1): After Holm over the aspects.
        gini (float): Gini of what reps got per unit of what the rule gives them; for source, mean over the sources.
        fair_gini (float): The same of a fair sharing, median of the draws.
        fair_gini_low (float): Lower end of the range of fair sharings.
        fair_gini_high (float): Upper end.
        is_uneven (bool): Beyond luck.
        rule (str): How leads are meant to be shared.
        is_ramped (bool): Whether a joiner's load is stated; else joiners are left out in their first half year.
        from_on (date): First day of the window.
        to_on (date): Last day of the window.

    Source:
        Permutation test with (k + 1) / (n + 1), Phipson and Smyth (2010); Holm (1979); Gini (1912).
    """
    seen = lead_standing(
        crm, period=period, parameters=parameters, months=months, n_draws=n_draws, seed=seed, confidence=confidence
    )
    found = [seen.drawn.aspects[aspect] for aspect in ASPECTS]
    n_leads, n_waits = int(seen.pile.kinds.sum()), int(seen.pile.waits.sum())
    rows = pd.DataFrame(
        {
            "aspect": ASPECTS,
            "n_leads": [n_waits if aspect == "waiting" else n_leads for aspect in ASPECTS],
            "n_reps": len(seen.reps),
            "n_outside": seen.n_outside,
            "statistic_score": [one.statistic for one in found],
            "p_value": [one.p_value for one in found],
            "adjusted_p_value": adjusted([one.p_value for one in found]),
            "gini": [one.gini for one in found],
            "fair_gini": [one.fair_gini for one in found],
            "fair_gini_low": [one.fair_gini_low for one in found],
            "fair_gini_high": [one.fair_gini_high for one in found],
        }
    )
    return rows.assign(
        is_uneven=rows["adjusted_p_value"] <= 1 - confidence,
        rule=parameters.company.rep_comparison.leads.rule,
        is_ramped=parameters.company.rep_comparison.leads.ramp is not None,
        from_on=pd.Timestamp(seen.window.start),
        to_on=pd.Timestamp(seen.window.end),
    )


@tidy
def lead_share_by_month(
    crm: Crm,
    *,
    period: Period,
    parameters: Parameters,
    months: int = 12,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    confidence: float,
) -> pd.DataFrame:
    """How evenly each month's leads were shared, in number and in source.

    One row per fiscal month of the window, in order.

    Args:
        crm: Needs ``leads``, ``reps`` and ``opportunities``.
        period: The window ends with it.
        parameters: Declare how leads are meant to be shared; may name the teams.
        months: Fiscal months of the window.
        n_draws: Fair sharings drawn.
        seed: Of the draws.
        confidence: A month is uneven when a fair sharing looks so less often than the rest.

    Returns:
        month (str): Fiscal month.
        n_leads (int): Leads assigned to those in the pool.
        n_reps (int): Reps in the pool.
        gini (float): Gini of leads per fair share; missing without leads to share.
        fair_gini (float): The same of a fair sharing, median of the draws.
        fair_gini_low (float): Lower end of the range of fair sharings.
        fair_gini_high (float): Upper end.
        adjusted_p_value (float, 0-1): How often a fair sharing is as far from the rule, after Holm over the months.
        is_uneven (bool): Beyond luck.
        source_gini (float): Gini of each source's leads per fair share, mean over the sources.
        source_fair_gini (float): The same of a fair sharing, median of the draws.
        source_fair_gini_low (float): Lower end of the range of fair sharings.
        source_fair_gini_high (float): Upper end.
        source_adjusted_p_value (float, 0-1): As for the count.
        is_source_uneven (bool): Beyond luck.
        is_partial (bool): The month was not over.
    """
    seen = lead_standing(
        crm, period=period, parameters=parameters, months=months, n_draws=n_draws, seed=seed, confidence=confidence
    )
    pile, places = seen.pile, np.arange(len(seen.months))
    rows = pd.DataFrame(
        {
            "month": pd.Series(seen.months, dtype=object),
            "n_leads": [int(pile.kinds[pile.month == place].sum()) for place in places],
            "n_reps": [int((pile.month == place).sum()) for place in places],
        }
    )
    for aspect, start in (("count", ""), ("source", "source_")):
        found = [month[aspect] for month in seen.drawn.months]
        for name in ("gini", "fair_gini", "fair_gini_low", "fair_gini_high"):
            rows[f"{start}{name}"] = [getattr(one, name) for one in found]
        # Both are looked at in every month.
        rows[f"{start}p_value"] = [one.p_value for one in found]
    both = adjusted(rows[["p_value", "source_p_value"]].to_numpy().ravel()).reshape(-1, 2)
    ends = [seen.window.end < crm.calendar.period(month).end for month in seen.months]
    return rows.assign(
        adjusted_p_value=both[:, 0], is_uneven=both[:, 0] <= 1 - confidence,
        source_adjusted_p_value=both[:, 1], is_source_uneven=both[:, 1] <= 1 - confidence, is_partial=ends,
    )  # fmt: skip


@tidy
def unassigned_leads(crm: Crm, *, confidence: float) -> pd.DataFrame:
    """Leads that have no rep on the evening of ``as_of``, by age.

    One row per age band over all sources, then one per source and band with such leads, by source.

    Args:
        crm: Needs ``leads``.
        confidence: Coverage of the interval.

    Returns:
        split (str): All, or source.
        source (str): The source.
        age_band (str): Days since arrival.
        n_arrived (int): Leads that arrived so long ago.
        n_unassigned (int): Those of them without a rep.
        unassigned_rate (float, 0-1): ``n_unassigned / n_arrived``; missing where none arrived.
        unassigned_rate_low (float, 0-1): Lower end of its interval.
        unassigned_rate_high (float, 0-1): Upper end.
        oldest_days (float): Days since the arrival of the oldest of them; missing without one.
        as_of_on (date): The evening.

    Source:
        Interval of Wilson (1927), JASA 22(158), 209-212.
    """
    crm.need("leads")
    cells = unassigned_cells(crm)
    bands = pd.CategoricalDtype([*AGE_BANDS, OLDER], ordered=True)
    cells = cells.assign(age_band=cells["age_band"].astype(bands))
    sums = {"n_arrived": "sum", "n_unassigned": "sum", "oldest_days": "max"}
    whole = cells.groupby("age_band", observed=False).agg(sums).reset_index().assign(split="all", source=ALL)
    own = cells[cells["n_unassigned"] > 0].assign(split="source").sort_values(["source", "age_band"], kind="stable")
    rows = pd.concat([whole, own], ignore_index=True) if len(own) else whole
    rows = with_rate(rows, "n_unassigned", "n_arrived", "unassigned", confidence=confidence)
    return rows.assign(age_band=rows["age_band"].astype(str), as_of_on=pd.Timestamp(crm.as_of))
