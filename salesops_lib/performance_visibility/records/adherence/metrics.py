"""Process adherence: which closed deals went the way the sales process says, by rule, team and rep?

Tables in: ``opportunities`` and ``visits`` (made from ``stage_history``); ``spans``, ``reps`` and teams where present.
Tables out: one row per rule, team or rep. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.measures.names import teams_named, teams_of_reps
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.records.adherence.cells import ENDS, KEPT, RULES, adherence_cells
from salesops_lib.periods import Period
from salesops_lib.statistics.differences import adjusted, apart_from_others, false_discovery, two_rates
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

ALL = "All deals"


@tidy
def adherence_by_rule(
    crm: Crm, *, period: Period, n_months: int = 3, baseline_months: int = 12, confidence: float
) -> pd.DataFrame:
    """Share of the closed deals that kept each rule of the sales process, and all of them, now and before.

    One row per rule, then one for the deals that kept every rule; none where no closed deal of these months has a
    stage history. A deal may break several rules.

    Args:
        crm: Needs ``opportunities`` and ``visits``, made from a ``stage_history``.
        period: What is reported.
        n_months: Months of closings that count as now, ending with the report month.
        baseline_months: Months before them that they are held against.
        confidence: Coverage of the interval; a change counts when chance alone would show it less often than the rest.

    Returns:
        rule (str): Key of the rule; ``is_kept`` for all of them.
        name (str): What the rule asks.
        n_deals (int): Deals closed in the last months that the rule concerns; missing where the data cannot say.
        n_broken (int): Those that break it.
        kept_rate (float, 0-1): Share of them that keep it.
        kept_rate_low (float, 0-1): Lower end of its interval.
        kept_rate_high (float, 0-1): Upper end.
        n_deals_before (int): Such deals of the months before.
        before_rate (float, 0-1): Share of them that kept it.
        change_rate (float): Share now less share before.
        p_value (float): How often chance alone would show so large a change, adjusted over the rules.
        is_changed (bool): The change is beyond chance.
        missing (str): What the data would need for the rule; empty where it judges.

    Source:
        Interval of Wilson (1927); exact test of Fisher (1922), adjusted after Holm (1979).
    """
    judged, cells = adherence_cells(crm, period, n_months, baseline_months)
    sums = cells.drop(columns=["rep_id", "team_id"]).sum()
    table = [_rule_row(sums, rule.key, rule.name, "" if rule.key in judged else rule.needs) for rule in RULES]
    table.append(_rule_row(sums, KEPT, "All rules", ""))
    rows = pd.DataFrame(table, columns=["rule", "name", "n_deals", "n_broken", "n_deals_before", "n_broken_before",
                                        "missing"]).astype({"n_deals": float, "n_broken": float})  # fmt: skip
    rows = rows.assign(n_kept=rows["n_deals"] - rows["n_broken"])
    rows = with_rate(rows, "n_kept", "n_deals", "kept", confidence=confidence)
    rows = _against_before(rows, "n_deals", "n_broken", confidence)
    rows = rows.assign(
        before_rate=1 - rows["n_broken_before"] / rows["n_deals_before"].where(rows["n_deals_before"] > 0)
    )
    rows = rows.assign(change_rate=rows["kept_rate"] - rows["before_rate"])
    counts = ["n_deals", "n_broken", "n_deals_before"]
    rows = rows.astype(dict.fromkeys(counts, "Int64"))
    return rows.head(len(rows) if sums.get("n_closed", 0) else 0)


def _rule_row(sums: pd.Series[float], key: str, name: str, missing: str) -> tuple[object, ...]:
    if missing:
        return (key, name, *[float("nan")] * 4, missing)
    if key == KEPT:
        counts = (
            [sums[f"n_closed{end}"] for end in ENDS],
            [sums[f"n_closed{end}"] - sums[f"n_kept{end}"] for end in ENDS],
        )
    else:
        counts = [sums[f"of_{key}{end}"] for end in ENDS], [sums[f"n_{key}{end}"] for end in ENDS]
    (now, before), (broken, broken_before) = counts
    return (key, name, now, broken, before, broken_before, missing)


@tidy
def adherence_by_team(
    crm: Crm, *, period: Period, n_months: int = 3, baseline_months: int = 12, confidence: float
) -> pd.DataFrame:
    """Share of the closed deals of the company and each team that kept every rule of the sales process, now and before.

    One row over all closed deals, then one per team with deals closed in the last months, the lowest score first; none
    where nothing closed in them. A deal belongs to the team it closed in; the teams add up to the first row.

    Args:
        crm: Needs ``opportunities`` and ``visits``, made from a ``stage_history``; teams where present.
        period: What is reported.
        n_months: Months of closings that count as now, ending with the report month.
        baseline_months: Months before them that they are held against.
        confidence: Coverage of the interval; a change counts when chance alone would show it less often than the rest.

    Returns:
        team_id (str): Key; missing for all deals and for deals without a team.
        name (str): Name of the team.
        n_closed (int): Deals closed in the last months that have a stage history.
        n_kept (int): Those that kept every rule that the data can judge.
        adherence_score (float, 0-1): Kept / closed.
        adherence_score_low (float, 0-1): Lower end of its interval.
        adherence_score_high (float, 0-1): Upper end.
        n_skipped (int): Deals that skipped a stage, or began in a later one.
        n_back (int): Deals that went back.
        n_early_win (int): Deals won from a stage before the last.
        n_afterthought (int): Deals created on the day they closed.
        n_no_amount (int): Deals without an amount in the third stage or later.
        n_late (int): Deals closed after the close date expected last.
        n_closed_before (int): Deals closed in the months before.
        before_score (float, 0-1): Share of them that kept every rule.
        change_rate (float): Score now less score before.
        p_value (float): How often chance alone would show so large a change, adjusted over all rows.
        is_changed (bool): The change is beyond chance.

    Source:
        Interval of Wilson (1927); exact test of Fisher (1922), adjusted after Holm (1979).
    """
    _judged, cells = adherence_cells(crm, period, n_months, baseline_months)
    parts = cells.drop(columns="rep_id").groupby("team_id", dropna=False, as_index=False).sum()
    parts = parts.assign(name=teams_named(crm, parts["team_id"]))
    whole = cells.drop(columns=["rep_id", "team_id"]).sum().to_frame().T.assign(team_id=None, name=ALL)
    rows = _scored(pd.concat([whole, parts], ignore_index=True), confidence)
    rows = rows.assign(n_broken=rows["n_closed"] - rows["n_kept"],
                       n_broken_before=rows["n_closed_before"] - rows["n_kept_before"])  # fmt: skip
    rows = _against_before(rows, "n_closed", "n_broken", confidence).assign(is_part=rows["name"] != ALL)
    return rows.sort_values(["is_part", "adherence_score", "name"], kind="stable")


_COUNTS = ["n_skipped", "n_back", "n_early_win", "n_afterthought", "n_no_amount", "n_late"]


@tidy
def adherence_by_rep(
    crm: Crm, *, period: Period, n_months: int = 3, baseline_months: int = 12, confidence: float
) -> pd.DataFrame:
    """Share of each rep's closed deals that kept every rule of the sales process, against all other reps' deals.

    One row per owner of a deal closed in the last months, the lowest score first.

    Args:
        crm: Needs ``reps``, ``opportunities`` and ``visits``, made from a ``stage_history``.
        period: What is reported.
        n_months: Months of closings that count as now, ending with the report month.
        baseline_months: Months before them that they are shown against.
        confidence: Coverage of the interval; of the reps found different, at most the rest are so by chance.

    Returns:
        rep_id (str): Key.
        name (str): Name of the rep.
        team (str): Name of the rep's team; missing without one.
        n_closed (int): Deals closed in the last months that have a stage history.
        n_kept (int): Those that kept every rule that the data can judge.
        adherence_score (float, 0-1): Kept / closed.
        adherence_score_low (float, 0-1): Lower end of its interval.
        adherence_score_high (float, 0-1): Upper end.
        n_skipped (int): Deals that skipped a stage, or began in a later one.
        n_back (int): Deals that went back.
        n_early_win (int): Deals won from a stage before the last.
        n_afterthought (int): Deals created on the day they closed.
        n_no_amount (int): Deals without an amount in the third stage or later.
        n_late (int): Deals closed after the close date expected last.
        others_score (float, 0-1): Score of all other reps together; missing without any.
        p_value (float): How often chance alone would set the two so far apart, adjusted over the reps.
        is_different (bool): They differ beyond chance.
        n_closed_before (int): Deals closed in the months before.
        before_score (float, 0-1): Share of them that kept every rule.
        change_rate (float): Score now less score before; not tested.

    Source:
        Interval of Wilson (1927); exact test of Fisher (1922), two-sided; false discoveries after Benjamini and
        Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.
    """
    _judged, cells = adherence_cells(crm, period, n_months, baseline_months)
    sums = cells.drop(columns="team_id").groupby("rep_id", as_index=False).sum()
    rows = _scored(sums, confidence)
    names = crm.fetch(crm.reps.select("rep_id", "name")).set_index("rep_id")["name"]
    n_other, kept_other = rows["n_closed"].sum() - rows["n_closed"], rows["n_kept"].sum() - rows["n_kept"]
    p_values = pd.Series(false_discovery(apart_from_others(rows["n_kept"], rows["n_closed"])), index=rows.index)
    rows = rows.assign(
        name=rows["rep_id"].map(names).astype(object).fillna(rows["rep_id"]),
        team=rows["rep_id"].map(teams_of_reps(crm, crm.as_of)["team_name"]).astype(object),
        others_score=kept_other / n_other.where(n_other > 0),
        p_value=p_values,
        is_different=p_values < 1 - confidence,
    )
    return rows.sort_values(["adherence_score", "n_closed", "rep_id"], ascending=[True, False, True], kind="stable")


def _scored(sums: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Groups with deals closed now, their score with interval and the score before."""
    rows = sums[sums["n_closed"] > 0].reset_index(drop=True)
    rows = rows.rename(columns={"n_has_no_amount": "n_no_amount", **{f"n_{each.key}": f"n_{each.key[3:]}" for each in
                                RULES if each.key.startswith("is_")}})  # fmt: skip
    rows = rows.astype(dict.fromkeys(["n_closed", "n_kept", *_COUNTS, "n_closed_before", "n_kept_before"], int))
    rows = with_rate(rows, "n_kept", "n_closed", "adherence", confidence=confidence)
    rows = rows.rename(columns=lambda name: name.replace("adherence_rate", "adherence_score"))
    before = rows["n_kept_before"] / rows["n_closed_before"].where(rows["n_closed_before"] > 0)
    return rows.assign(before_score=before, change_rate=rows["adherence_score"] - before)


def _against_before(rows: pd.DataFrame, tries: str, hits: str, confidence: float) -> pd.DataFrame:
    """Add the adjusted chance that the share changed this much."""
    counts = [rows[name].astype(float) for name in (hits, tries, f"{hits}_before", f"{tries}_before")]
    p_values = pd.Series(adjusted(two_rates(*counts)), index=rows.index)
    return rows.assign(p_value=p_values, is_changed=p_values < 1 - confidence)
