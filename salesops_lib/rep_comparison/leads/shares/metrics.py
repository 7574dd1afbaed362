"""Lead shares: which leads did each rep get, and how much of the rep's result do the leads alone explain?

Tables in: ``leads``, ``reps``, ``opportunities`` and, where present, ``teams`` and ``team_members`` of a ``Crm``.
Tables out: one row per rep. A rep's leads are valued by what the others made of such leads, never by what the rep did
with them. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.rep_comparison.cells import rate_of
from salesops_lib.rep_comparison.leads.chances import furthest, luck_range
from salesops_lib.rep_comparison.leads.got_and_fair import (
    N_DRAWS,
    PARTS,
    SEED,
    LeadStanding,
    joined_lately,
    lead_standing,
)
from salesops_lib.rep_comparison.leads.rule import JOINER_DAYS
from salesops_lib.rep_comparison.people import in_order, people
from salesops_lib.statistics.differences import false_discovery

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters
    from salesops_lib.periods import Period

FEWEST_LEADS = 10
"""Fair share of leads below which a rep is not judged (our choice)."""


@tidy
def lead_share_by_rep(
    crm: Crm,
    *,
    period: Period,
    parameters: Parameters,
    months: int = 12,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
    confidence: float,
) -> pd.DataFrame:
    """What leads each rep got, what the rule would have given, and what the leads alone explain of the result.

    One row per rep in the pool that receives leads, by team and name: in the seat, no manager, of a role, team and
    segment that got leads in the window. A joiner of three months is held against three months. A territory is the
    team and the segment, so that Enterprise is not expected to get as many leads as small business.

    Args:
        crm: Needs ``leads``, ``reps`` and ``opportunities``.
        period: The window ends with it.
        parameters: Declare how leads are meant to be shared; may name the teams.
        months: Fiscal months of the window, by the day a lead was assigned.
        n_draws: Fair sharings drawn for the unevenness over all reps; nothing here depends on them.
        seed: Of the draws.
        confidence: Coverage of the ranges of luck; 1 less this is the false discovery rate over the reps.

    Returns:
        rep_id (str): Key.
        name (str): The rep.
        team_name (str): Team at the end of the window.
        territory (str): Among whom the rule shares, in the rep's last month.
        there_rate (float, 0-1): Share of the window in the seat.
        is_joiner (bool): The first half year in sales falls in the window, at least in part; fewer leads may be meant.
        n_leads (int): Leads assigned to the rep in the window, in the seat.
        fair_leads (float): Leads the rule gives for the same days.
        fair_leads_low (float): Fewest leads in the range of luck under the rule.
        fair_leads_high (float): Most.
        expected_qualified_rate (float, 0-1): Share of such leads that qualified so far in the hands of the others, by
            source, score at arrival and month; missing where nothing qualified.
        fair_qualified_rate (float, 0-1): The same for as many leads from the rep's territory and months at large.
        quality_ratio (float): The first over the second; 1 is leads as good as everyone's.
        quality_ratio_low (float): Lower end of the range of luck.
        quality_ratio_high (float): Upper end.
        value_ratio (float): Amount won per qualified lead of the rep's sources, over that of the territory's; 1 is
            sources as valuable. Sources in the hands of the others, wins of the window and the year before.
        value_ratio_low (float): Lower end of the range of luck.
        value_ratio_high (float): Upper end.
        source (str): The source whose share of the rep's leads is furthest from the territory's.
        source_rate (float, 0-1): Share of the rep's leads that came from it.
        fair_source_rate (float, 0-1): Share of the territory's in the same months.
        waiting_hours (float): Median hours from arrival to assignment.
        company_waiting_hours (float): The same over all leads assigned.
        p_value (float, 0-1): How often a fair sharing puts any of count, quality, value, waiting or a source as far.
        q_value (float, 0-1): After Benjamini-Hochberg over all reps judged; missing with too few leads to judge.
        is_different (bool): Beyond luck.
        differs_in (str): What is beyond luck, separated by commas; empty where nothing is.
        has_worse_leads (bool): Different, with quality or value below the range of luck and both together below 1.
        won_amount (float): Won so far from the rep's leads of the window, whoever closed the deal.
        fair_amount (float): What the fair share of leads brings at everyone's results.
        count_amount (float): Part from getting more or fewer leads.
        quality_amount (float): Part from leads of kinds that qualify more or less.
        value_amount (float): Part from sources that bring more or less per qualified lead.
        explained_amount (float): The three together: what the leads alone explain.
        rest_amount (float): ``won_amount`` less ``fair_amount`` less ``explained_amount``: what they do not.
        from_on (date): First day of the window.
        to_on (date): Last day of the window.

    Source:
        Moments of draws without replacement (Cochran 1977, Sampling Techniques) and Pearson's curve of type III; Holm
        (1979) over the measures of a rep, Benjamini and Hochberg (1995) over the reps; split of amounts: Shapley
        (1953).
    """
    seen = lead_standing(
        crm, period=period, parameters=parameters, months=months, n_draws=n_draws, seed=seed, confidence=confidence
    )
    rows = people(crm, seen.window).reindex(seen.reps).join(_counted(seen, confidence)).join(seen.amounts)
    rows = rows.assign(
        territory=seen.seats.drop_duplicates("rep_id", keep="last").set_index("rep_id")["territory"],
        is_joiner=joined_lately(crm, seen.window, seen.reps, JOINER_DAYS),
        waiting_hours=seen.waits.reindex(seen.reps),
        company_waiting_hours=seen.company_wait,
        explained_amount=rows[[f"{part}_amount" for part in PARTS]].sum(axis=1),
        from_on=pd.Timestamp(seen.window.start),
        to_on=pd.Timestamp(seen.window.end),
    )
    rows = rows.assign(rest_amount=rows["won_amount"] - rows["fair_amount"] - rows["explained_amount"])
    return in_order(rows)


def _counted(seen: LeadStanding, confidence: float) -> pd.DataFrame:
    """Counts, ratios with their ranges of luck, and verdicts, by key."""
    sums, index = seen.drawn.sums, pd.Index(seen.reps, dtype=object)
    low, high = luck_range(sums, confidence)
    got, fair = (pd.DataFrame(values, index=index) for values in (sums.seen, sums.fair))
    rows = pd.DataFrame(
        {
            "n_leads": got[0].astype(int),
            "fair_leads": fair[0],
            "fair_leads_low": low[:, 0],
            "fair_leads_high": high[:, 0],
        },
        index=index,
    )
    for place, name in ((2, "quality"), (3, "value")):
        for ending, values in (("", sums.seen), ("_low", low), ("_high", high)):
            rows[f"{name}_ratio{ending}"] = rate_of(pd.Series(values[:, place], index=index), fair[place])
    rows["expected_qualified_rate"], rows["fair_qualified_rate"] = (
        rate_of(values[2], got[0]).where(fair[2] > 0) for values in (got, fair)
    )
    return _judged(seen, _with_furthest_source(seen, rows), confidence)


def _with_furthest_source(seen: LeadStanding, rows: pd.DataFrame) -> pd.DataFrame:
    sums, n = seen.drawn.sums, rows["n_leads"].to_numpy(float)
    if not len(rows) or not seen.kinds.sources:
        return rows.assign(source="", source_rate=np.nan, fair_source_rate=np.nan)
    place = np.abs(sums.z_scores[:, 4:]).argmax(axis=1)
    own, fair = (np.take_along_axis(part[:, 4:], place[:, None], axis=1)[:, 0] for part in (sums.seen, sums.fair))
    whole = np.where(n > 0, n, np.nan)
    return rows.assign(
        source=np.array(seen.kinds.sources, dtype=object)[place], source_rate=own / whole, fair_source_rate=fair / whole
    )


def _judged(seen: LeadStanding, rows: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Add chances and what is beyond luck; a rep with a small fair share, or no one to share with, is not judged."""
    p_value, of_each = furthest(seen.drawn.sums)
    enough = (rows["fair_leads"] >= FEWEST_LEADS) & (seen.drawn.sums.variance[:, 0] > 0)
    p_values = pd.Series(p_value, index=rows.index).where(enough)
    q_values = pd.Series(false_discovery(p_values), index=rows.index)
    is_different = q_values <= 1 - confidence
    beyond = (of_each <= 1 - confidence) & is_different.to_numpy()[:, None]
    names = [*_SIDES, *((f"less {source}", f"more {source}") for source in seen.kinds.sources)]
    said = [
        ", ".join(pair[int(is_up)] for pair, is_beyond, is_up in zip(names, row, ups, strict=True) if is_beyond)
        for row, ups in zip(beyond, seen.drawn.sums.z_scores > 0, strict=True)
    ]
    below = (rows["quality_ratio"] < rows["quality_ratio_low"]) | (rows["value_ratio"] < rows["value_ratio_low"])
    return rows.assign(
        has_worse_leads=is_different & below & (rows["quality_ratio"] * rows["value_ratio"] < 1),
        p_value=p_values,
        q_value=q_values,
        is_different=is_different,
        differs_in=pd.Series(said, index=rows.index, dtype=object),
    )


_SIDES = [
    ("fewer leads", "more leads"),
    ("shorter waits", "longer waits"),
    ("lower quality", "higher quality"),
    ("lower value", "higher value"),
]
"""Both sides of the measures that come before the sources, in their order."""
