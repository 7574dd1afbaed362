"""Satisfaction: what customers answer after a sale and half-yearly, by quarter and by team.

Tables in: ``satisfaction``; ``teams`` and ``team_members`` where present.
Tables out: one row per quarter or team. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import how_many, within
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.measures.names import teams_named
from salesops_lib.measures.survey_scores import (
    DETRACTOR_TO,
    PROMOTER_FROM,
    SATISFIED_FROM,
    net_promoter,
    net_promoter_interval,
)
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.windows import last_months, report_month
from salesops_lib.periods import Period
from salesops_lib.statistics.differences import adjusted, two_rates
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

ALL = "All customers"
COUNTS = ["n_csat", "n_satisfied", "n_nps", "n_promoters", "n_detractors"]


@tidy
def satisfaction_by_quarter(crm: Crm, *, period: Period, n_quarters: int = 8, confidence: float) -> pd.DataFrame:
    """Share of satisfied customers and net promoter score by quarter of asking.

    One row per quarter with answers, oldest first, ending with the one that holds the report month.

    Args:
        crm: Needs ``satisfaction``.
        period: What is reported.
        n_quarters: Most quarters shown.
        confidence: Coverage of the intervals.

    Returns:
        quarter (str): Label.
        n_csat (int): Answers from 1 to 5.
        csat_rate (float, 0-1): Share of them that are 4 or 5; missing without an answer.
        csat_rate_low (float, 0-1): Lower end of its interval.
        csat_rate_high (float, 0-1): Upper end.
        n_nps (int): Answers from 0 to 10.
        nps (float, -1-1): Share of 9 and 10 less share of 0 to 6; missing without an answer.
        nps_low (float, -1-1): Lower end of its interval.
        nps_high (float, -1-1): Upper end.
        before_rate (float, 0-1): Share satisfied over the four quarters before; missing where the data has fewer.
        p_value (float): How often chance alone would set the quarter's share this far from theirs.
        is_partial (bool): The quarter had not ended on the day the data speaks of.

    Source:
        Share: interval of Wilson (1927). Score: adjusted Wald interval, Rocks (2016). Change: Fisher (1922).
    """
    crm.need("satisfaction")
    last = crm.calendar.containing(report_month(crm.calendar, period, crm.as_of).end, "quarter")
    quarters = crm.calendar.last(last, n_quarters)
    window = Period(last.label, "quarter", quarters[0].start, last.end)
    answers = with_fiscal(crm, crm.satisfaction.filter(within(_.asked_on, window)), "asked_on", quarter="quarter")
    counts = _counts(crm, answers, ["quarter"])
    rows = pd.DataFrame({"quarter": [each.label for each in quarters]}).merge(counts, on="quarter", how="left")
    rows = with_scores(rows.fillna(dict.fromkeys(COUNTS, 0)), confidence)
    n_before, before = (rows[name].shift(1).rolling(4).sum() for name in ("n_csat", "n_satisfied"))
    rows = rows.assign(
        before_rate=before / n_before.where(n_before > 0),
        p_value=two_rates(rows["n_satisfied"], rows["n_csat"], before, n_before),
        is_partial=[each.end > crm.as_of for each in quarters],
    )
    return rows[(rows["n_csat"] + rows["n_nps"]) > 0]


@tidy
def satisfaction_by_team(crm: Crm, *, period: Period, n_months: int = 12, confidence: float) -> pd.DataFrame:
    """Share of satisfied customers and net promoter score by team of the rep, over the last months.

    One row over all answers, then one per team with answers about its reps on the day of asking, the lowest share
    first; answers about nobody in a team stand last. The first row is counted anew, not averaged.

    Args:
        crm: Needs ``satisfaction``.
        period: What is reported.
        n_months: Months of asking, ending with the report month.
        confidence: Coverage of the intervals; a team differs when chance alone would show it less often than the rest.

    Returns:
        team_id (str): Key; missing over all and for answers about nobody in a team.
        name (str): Name of the team.
        n_csat (int): Answers from 1 to 5.
        csat_rate (float, 0-1): Share of them that are 4 or 5; missing without an answer.
        csat_rate_low (float, 0-1): Lower end of its interval.
        csat_rate_high (float, 0-1): Upper end.
        n_nps (int): Answers from 0 to 10.
        nps (float, -1-1): Share of 9 and 10 less share of 0 to 6; missing without an answer.
        nps_low (float, -1-1): Lower end of its interval.
        nps_high (float, -1-1): Upper end.
        p_value (float): How often chance alone would set the team's share this far from the others', adjusted over the
            teams; missing over all.
        is_different (bool): It is beyond chance.

    Source:
        As in ``satisfaction_by_quarter``; adjusted after Holm (1979).
    """
    crm.need("satisfaction")
    window = last_months(crm.calendar, report_month(crm.calendar, period, crm.as_of), n_months)
    answers = _with_team(crm, crm.satisfaction.filter(within(_.asked_on, window)))
    counts = _counts(crm, answers, ["team_id"])
    whole = counts[COUNTS].sum().to_frame().T.assign(team_id=None, name=ALL)
    counts = counts.assign(name=teams_named(crm, counts["team_id"]))
    rows = with_scores(pd.concat([whole, counts], ignore_index=True), confidence)
    others = rows[COUNTS].iloc[0] - rows[COUNTS]
    p_values = two_rates(rows["n_satisfied"], rows["n_csat"], others["n_satisfied"], others["n_csat"])
    rows = rows.assign(
        p_value=adjusted(p_values), is_rest=rows["team_id"].isna() & (rows.index > 0), place=rows.index > 0
    )
    rows = rows.assign(is_different=(rows["p_value"] < 1 - confidence).astype(bool))
    rows = rows.sort_values(["place", "is_rest", "csat_rate", "name"], kind="stable")
    return rows[(rows["n_csat"] + rows["n_nps"]) > 0]


def _with_team(crm: Crm, answers: ir.Table) -> ir.Table:
    """Add the team of the rep on the day of asking."""
    if not crm.has("team_members"):
        return answers.mutate(team_id=ibis.null("string"))
    stays = crm.team_members.select(member=_.rep_id, team_id=_.team_id, first=_.from_on, last=_.to_on)
    return answers.left_join(
        stays,
        [
            answers.rep_id == stays.member,
            stays.first.isnull() | (stays.first <= answers.asked_on),
            stays.last.isnull() | (stays.last >= answers.asked_on),
        ],
    )


def _counts(crm: Crm, answers: ir.Table, by: Sequence[str]) -> pd.DataFrame:
    is_csat, is_nps = answers.scale == "csat", answers.scale == "nps"
    sums = answers.group_by(list(by)).agg(
        n_csat=how_many(is_csat),
        n_satisfied=how_many(is_csat & (answers.score >= SATISFIED_FROM)),
        n_nps=how_many(is_nps),
        n_promoters=how_many(is_nps & (answers.score >= PROMOTER_FROM)),
        n_detractors=how_many(is_nps & (answers.score <= DETRACTOR_TO)),
    )
    return crm.fetch(sums.order_by(list(by)))


def with_scores(rows: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Add share of satisfied customers and net promoter score with their intervals to rows of counts."""
    rows = rows.astype(dict.fromkeys(COUNTS, int))
    rows = with_rate(rows, "n_satisfied", "n_csat", "csat", confidence=confidence)
    counts = rows[["n_promoters", "n_detractors", "n_nps"]].itertuples(index=False, name=None)
    scores = [(net_promoter(*each), *net_promoter_interval(*each, confidence=confidence)) for each in counts]
    ends = pd.DataFrame(scores, columns=["nps", "nps_low", "nps_high"], index=rows.index, dtype=float)
    return rows.join(ends)
