"""Tool evaluation: what do the people who use the tools say about them?

Tables in: ``tools`` and ``tool_survey`` of a ``Crm``. One row per tool out, for its latest survey, with the change
to the survey before. Few people answer about a tool: n and interval stand with every score.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures.survey_scores import (
    DETRACTOR_TO,
    PROMOTER_FROM,
    SATISFIED_FROM,
    SUS_ITEMS,
    change_interval,
    net_promoter,
    net_promoter_interval,
)
from salesops_lib.measures.tidy import tidy
from salesops_lib.parameters import ToolThresholds
from salesops_lib.statistics.intervals import mean_interval, with_rate
from salesops_lib.tool_evaluation.seats.counts import tools_in_use
from salesops_lib.tool_evaluation.vocabulary import EASY, HARD, TOO_FEW, UNCLEAR

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters


USUAL_SPREAD = 20.0
"""Standard deviation of usability scores between people (our choice); it stands in where all agree to the point."""
WAVE_DAYS = 31
"""Answers within so many days of a tool's last one belong to the same survey (our choice)."""

ODD = [f"sus_{item}" for item in range(1, SUS_ITEMS, 2)]
EVEN = [f"sus_{item}" for item in range(2, SUS_ITEMS + 1, 2)]


@tidy
def survey_by_tool(crm: Crm, *, parameters: Parameters, confidence: float) -> pd.DataFrame:
    """What users say about each tool in its latest survey: usability, recommendation and satisfaction.

    One row per tool in use, the best liked first.

    Args:
        crm: Needs ``tools`` and ``tool_survey``.
        parameters: Thresholds of ``tools.yaml``.
        confidence: Coverage of the intervals.

    Returns:
        tool_id (str): Key.
        name (str): Name of the tool.
        category (str): What it is for.
        asked_on (date): Last day of the latest survey; missing where nobody was ever asked.
        n_answers (int): People who answered it.
        n_sus (int): Of these, people who answered all ten usability items; the others' are left out of the score.
        sus_score (float): System usability scale, mean of the people, 0 to 100.
        sus_score_low (float): Lower end of its t interval, wider where all scores are alike; missing below two people.
        sus_score_high (float): Upper end.
        n_nps (int): People who said how likely they would recommend the tool.
        nps_score (float): Net promoter score, -100 to 100: promoters (9, 10) less detractors (0 to 6), in percent.
        nps_score_low (float): Lower end of its adjusted Wald interval.
        nps_score_high (float): Upper end.
        n_csat (int): People who rated their satisfaction.
        csat_rate (float, 0-1): Share who answered 4 or 5 of 5.
        csat_rate_low (float, 0-1): Lower end of its Wilson interval.
        csat_rate_high (float, 0-1): Upper end.
        previous_asked_on (date): Last day of the survey before; missing where there was none.
        n_sus_previous (int): People with a usability score then.
        sus_change_score (float): Usability now less usability then, in points.
        sus_change_score_low (float): Lower end of its Welch interval.
        sus_change_score_high (float): Upper end.
        verdict (str): Easy to use, hard to use (the whole interval on that side of the threshold), not clear, or
            too few to judge.

    Source:
        Brooke (1996) for SUS; Rocks (2016) for the interval of NPS; Wilson (1927).
    """
    crm.need("tools", "tool_survey")
    thresholds = parameters.tools.thresholds if parameters.tools else ToolThresholds()
    tools = tools_in_use(crm)[["tool_id", "name", "category"]]
    sheets = crm.fetch(answer_sheets(crm).order_by("tool_id", "rep_id", "asked_on"))
    found = [_scores(sheets[sheets["tool_id"] == tool_id], confidence) for tool_id in tools["tool_id"]]
    if not found:
        return pd.DataFrame()
    rows = pd.concat([tools.reset_index(drop=True), pd.DataFrame(found)], axis=1)
    rows = with_rate(rows, "n_satisfied", "n_csat", "csat", confidence=confidence)
    rows["verdict"] = _verdicts(rows, thresholds)
    return rows.sort_values(["sus_score", "tool_id"], ascending=[False, True])


def answer_sheets(crm: Crm) -> ir.Table:
    """One row per tool, person and survey day: usability, recommendation, satisfaction; what is not asked is missing.

    A usability score needs all ten answers. Answers off their scale count as not given.
    """
    rows = crm.tool_survey
    is_odd, is_even = rows.question.isin(ODD), rows.question.isin(EVEN)
    is_item = (is_odd | is_even) & rows.score.between(1, 5)
    points = ibis.ifelse(is_item & is_odd, rows.score - 1, ibis.ifelse(is_item & is_even, 5 - rows.score, 0))
    nothing = ibis.null("int64")
    sheets = rows.group_by("tool_id", "rep_id", "asked_on").agg(
        n_items=ibis.ifelse(is_item, 1, 0).sum(),
        points=points.sum(),
        csat=ibis.ifelse((rows.question == "csat") & rows.score.between(1, 5), rows.score, nothing).max(),
        nps=ibis.ifelse((rows.question == "nps") & rows.score.between(0, 10), rows.score, nothing).max(),
    )
    sus = ibis.ifelse(sheets.n_items == SUS_ITEMS, sheets.points.cast("float64") * 2.5, ibis.null("float64"))
    answers = {name: sheets[name].cast("float64") for name in ("csat", "nps")}
    return sheets.select("tool_id", "rep_id", "asked_on", sus=sus, **answers).filter(
        _.sus.notnull() | _.csat.notnull() | _.nps.notnull()
    )


def latest_wave(sheets: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A tool's latest survey and everything before it; of several sheets of a person in it the last counts."""
    if sheets.empty:
        return sheets, sheets
    is_latest = sheets["asked_on"] > sheets["asked_on"].max() - timedelta(days=WAVE_DAYS)
    wave = sheets[is_latest].sort_values("asked_on", kind="stable").drop_duplicates("rep_id", keep="last")
    return wave, sheets[~is_latest]


def _scores(sheets: pd.DataFrame, confidence: float) -> dict[str, Any]:
    """All scores of one tool."""
    wave, earlier = latest_wave(sheets)
    before, _older = latest_wave(earlier)
    sus, sus_before = wave["sus"].dropna(), before["sus"].dropna()
    mean, low, high = sus_interval(sus, confidence=confidence)
    change = (np.nan, np.nan, np.nan)
    if len(sus) and len(sus_before):
        groups = [(float(group.mean()), float(group.std(ddof=1)), len(group)) for group in (sus, sus_before)]
        change = change_interval(groups[0], groups[1], confidence=confidence)
        if change[1] == change[2]:  # all alike on both sides, which leaves open how they scatter
            _then, then_low, then_high = sus_interval(sus_before, confidence=confidence)
            change = change[0], low - then_high, high - then_low
    return {
        "asked_on": wave["asked_on"].max(),
        "n_answers": len(wave),
        "n_sus": len(sus),
        "sus_score": mean,
        "sus_score_low": low,
        "sus_score_high": high,
        **_recommendation(wave["nps"].dropna(), confidence),
        "n_csat": int(wave["csat"].notna().sum()),
        "n_satisfied": int((wave["csat"] >= SATISFIED_FROM).sum()),
        "previous_asked_on": before["asked_on"].max(),
        "n_sus_previous": len(sus_before),
        **dict(zip(("sus_change_score", "sus_change_score_low", "sus_change_score_high"), change, strict=True)),
    }


def sus_interval(scores: pd.Series[float], *, confidence: float) -> tuple[float, float, float]:
    """Mean usability score with its interval, on the scale of 0 to 100."""
    return mean_interval(scores, lowest=0.0, highest=100.0, usual_spread=USUAL_SPREAD, confidence=confidence)


def _recommendation(answers: pd.Series[float], confidence: float) -> dict[str, float]:
    promoters, detractors = int((answers >= PROMOTER_FROM).sum()), int((answers <= DETRACTOR_TO).sum())
    low, high = net_promoter_interval(promoters, detractors, len(answers), confidence=confidence)
    score = net_promoter(promoters, detractors, len(answers))
    return {"n_nps": len(answers), "nps_score": 100 * score, "nps_score_low": 100 * low, "nps_score_high": 100 * high}


def _verdicts(rows: pd.DataFrame, thresholds: ToolThresholds) -> pd.Series[str]:
    """What the usability score and its interval allow to say."""
    verdict = pd.Series(UNCLEAR, index=rows.index, dtype=object)
    verdict[rows["sus_score_low"] >= thresholds.sus_good] = EASY
    verdict[rows["sus_score_high"] < thresholds.sus_low] = HARD
    verdict[rows["n_sus"] < thresholds.min_answers] = TOO_FEW
    return verdict.astype(str)
