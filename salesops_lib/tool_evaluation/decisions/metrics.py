"""Tool evaluation: keep, fix, train, replace or merge?

The rules, the first that holds decides. Low and good are the thresholds of ``tools.yaml``.

1. merge: a tool of the same category ranks better, and utilisation is below good.
2. replace: utilisation and usability are both below low.
3. fix: usability is below low.
4. train: utilisation is below good, also among people who are still here.
5. keep: none of these. Seats of leavers should be taken back all the same.

A tool whose use is not recorded is not judged. The rules look at the figures themselves; what they would say at the
ends of the figures' intervals is shown beside the decision, so that a close call is seen to be one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.parameters import ToolThresholds
from salesops_lib.tool_evaluation.costs.sums import cost_items, yearly_licences
from salesops_lib.tool_evaluation.ranking.metrics import ranking_by_tool
from salesops_lib.tool_evaluation.seats.counts import tools_in_use
from salesops_lib.tool_evaluation.seats.metrics import utilisation_by_tool
from salesops_lib.tool_evaluation.surveys.metrics import survey_by_tool
from salesops_lib.tool_evaluation.vocabulary import DECISIONS, FIX, KEEP, MERGE, REPLACE, TRAIN
from salesops_lib.wording import count, number, percent

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters


@dataclass(frozen=True)
class Limits:
    """The thresholds as plain numbers."""

    low: float
    good: float
    sus_low: float

    @classmethod
    def of(cls, thresholds: ToolThresholds) -> Limits:
        """From ``tools.yaml``."""
        return cls(float(thresholds.utilisation_low), float(thresholds.utilisation_good), float(thresholds.sus_low))


@tidy
def decision_by_tool(
    crm: Crm, *, parameters: Parameters, ranking: pd.DataFrame | None = None, confidence: float
) -> pd.DataFrame:
    """What to do with each tool, why, and what would change it.

    One row per tool in use: merge, replace, fix, train, keep, then not judged; the dearest licence first.

    Args:
        crm: Needs ``tools``; costs, seats, use and survey where present.
        parameters: Thresholds of ``tools.yaml``.
        ranking: What ``ranking_by_tool`` returns; worked out anew if absent.
        confidence: Coverage of the intervals at whose ends the rules are tried again.

    Returns:
        tool_id (str): Key.
        name (str): Name of the tool.
        category (str): What it is for.
        owner (str): Who looks after it; missing where not recorded.
        decision (str): Merge, replace, fix, train or keep; missing where the tool cannot be judged.
        merge_into (str): The better tool of the same category, for a merge.
        reason (str): Why, with the figures.
        would_change (str): What other decisions the rules would give, and for which figures.
        could_be (str): Other decisions within the intervals of the figures; empty where chance alone changes nothing.
        utilisation_rate (float, 0-1): Active over assigned seats.
        utilisation_rate_low (float, 0-1): Lower end of its interval.
        utilisation_rate_high (float, 0-1): Upper end.
        n_assigned (int): Assigned seats.
        n_held_by_leavers (int): Of these, seats of people who have left.
        sus_score (float): Usability, 0 to 100; missing where too few answered.
        sus_score_low (float): Lower end of its interval.
        sus_score_high (float): Upper end.
        n_sus (int): People behind it.
        rank (int): Place in the ranking; missing where not ranked.
        yearly_licence_amount (float): Licences of a year, what the decision is about; missing where none is in force.
        notice_on (date): Last day to give notice; missing where no renewal is recorded or it has passed.
        renewal_on (date): Day the contract renews; missing likewise.
    """
    crm.need("tools")
    thresholds = parameters.tools.thresholds if parameters.tools else ToolThresholds()
    limits = Limits.of(thresholds)
    rows = _facts(crm, parameters, thresholds, ranking, confidence)
    judged = [_judgement(row, rows, limits) for row in rows.to_dict("records")]
    frame = pd.concat([rows, pd.DataFrame(judged, columns=_JUDGED, index=rows.index)], axis=1)
    order = {name: place for place, name in enumerate(DECISIONS)}
    frame["order"] = frame["decision"].map(order).fillna(len(order))
    return frame.sort_values(["order", "yearly_licence_amount", "tool_id"], ascending=[True, False, True])


_JUDGED = ["decision", "merge_into", "reason", "would_change", "could_be"]
_USE = ["utilisation_rate", "utilisation_rate_low", "utilisation_rate_high", "n_assigned", "n_held_by_leavers"]
_SUS = ["sus_score", "sus_score_low", "sus_score_high", "n_sus"]


def _facts(
    crm: Crm, parameters: Parameters, thresholds: ToolThresholds, ranking: pd.DataFrame | None, confidence: float
) -> pd.DataFrame:
    """Everything the rules look at, one row per tool; columns of absent tables are missing throughout."""
    rows = with_renewal(tools_in_use(crm), crm.as_of)
    use = survey = None
    if crm.has("tool_seats") and crm.has("tool_usage"):
        use = utilisation_by_tool(crm, parameters=parameters, confidence=confidence)
    if crm.has("tool_survey"):
        survey = survey_by_tool(crm, parameters=parameters, confidence=confidence)
        # Too few to judge: no rule may rest on it.
        survey.loc[survey["n_sus"] < thresholds.min_answers, _SUS[:-1]] = np.nan
    ranked = ranking_by_tool(crm, parameters=parameters, confidence=confidence) if ranking is None else ranking
    for frame, names in ((use, [*_USE, "utilisation_here_rate"]), (survey, _SUS), (ranked, ["rank"])):
        if frame is None:
            rows[names] = np.nan
        else:
            rows = rows.merge(frame[["tool_id", *names]], on="tool_id", how="left")
    licences = yearly_licences(cost_items(crm), crm.as_of) if crm.has("tool_costs") else {}
    rows["yearly_licence_amount"] = rows["tool_id"].map(licences).astype(float)
    numbers = dict.fromkeys(("n_assigned", "n_held_by_leavers", "n_sus", "rank"), "Int64")
    return rows.astype({**dict.fromkeys(numbers, float)}).astype(numbers)


def with_renewal(tools: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Tools with ``notice_on``; a renewal that has passed is no renewal to come, so both days are missing then."""
    ahead = tools["renewal_on"].where(tools["renewal_on"] >= pd.Timestamp(as_of))
    # No notice period on record: the renewal day itself is the last day.
    notice = ahead - pd.to_timedelta(tools["notice_days"].fillna(0).astype(float), unit="D")
    return tools.assign(renewal_on=ahead, notice_on=notice.astype("datetime64[us]"))


def _judgement(row: dict[Any, Any], rows: pd.DataFrame, limits: Limits) -> tuple[Any, ...]:
    if pd.isna(row["utilisation_rate"]):
        known = f", usability {number(row['sus_score'], 1)}" if pd.notna(row["sus_score"]) else ""
        return (None, None, f"Its use is not on record{known}.", "any: a record of who uses it", "")
    better = _better_of_its_kind(row, rows)
    utilisation, sus = row["utilisation_rate"], row["sus_score"]
    decision = decide(utilisation, sus, row["utilisation_here_rate"], has_better=better is not None, limits=limits)
    others = {
        decide(use, score, row["utilisation_here_rate"], has_better=better is not None, limits=limits)
        for use, score in product(_ends(row, "utilisation_rate"), _ends(row, "sus_score"))
    }
    could_be = ", ".join(name for name in DECISIONS if name in others - {decision})
    into = better if decision == MERGE else None
    return decision, into, _reason(row, better, limits), _would_change(decision, row, better, limits), could_be


def decide(utilisation: float, sus: float, utilisation_here: float, *, has_better: bool, limits: Limits) -> str:
    """The decision by the rules at the top of this module; a usability that is not known breaks no rule."""
    is_hard = sus < limits.sus_low
    if has_better and utilisation < limits.good:
        return MERGE
    if is_hard:
        return REPLACE if utilisation < limits.low else FIX
    return TRAIN if max(utilisation, _or(utilisation_here, 0)) < limits.good else KEEP


def _or(value: float, other: float) -> float:
    return other if pd.isna(value) else value


def _ends(row: dict[Any, Any], name: str) -> list[float]:
    """A figure and the ends of its interval; the figure alone where it has none."""
    return [row[name], *(row[f"{name}_{end}"] for end in ("low", "high") if pd.notna(row[f"{name}_{end}"]))]


def _better_of_its_kind(row: dict[Any, Any], rows: pd.DataFrame) -> str | None:
    """Name of the best-ranked other tool of the same category, if it ranks better than this one."""
    if pd.isna(row["rank"]):
        return None
    others = rows[(rows["category"] == row["category"]) & (rows["rank"] < row["rank"])].sort_values("rank")
    return str(others["name"].iloc[0]) if len(others) else None


def _reason(row: dict[Any, Any], better: str | None, limits: Limits) -> str:
    """The figures that the rules looked at, in words."""
    use = (
        f"{percent(row['utilisation_rate'])} of {count(row['n_assigned'], 'assigned seat')} in use"
        f"{_side(row['utilisation_rate'], limits.low, limits.good)}"
    )
    parts = [use]
    if row["n_held_by_leavers"]:
        here = row["utilisation_here_rate"]
        others = "no other" if pd.isna(here) else f"{percent(here)} of the others in use"
        parts.append(f"{count(row['n_held_by_leavers'], 'seat')} still held by leavers, {others}")
    if pd.isna(row["sus_score"]):
        parts.append(f"usability not judged ({count(_or(row['n_sus'], 0), 'answer')})")
    else:
        hard = f", below {number(limits.sus_low)}" if row["sus_score"] < limits.sus_low else ""
        parts.append(f"usability {number(row['sus_score'], 1)} of 100 (n = {row['n_sus']}{hard})")
    if better:
        parts.append(f"{better} does the same job and ranks better")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _side(rate: float, low: float, good: float) -> str:
    if rate < low:
        return f", below {percent(low)}"
    return f", below {percent(good)}" if rate < good else ""


def _would_change(decision: str, row: dict[Any, Any], better: str | None, limits: Limits) -> str:
    """Which figures would lead to another decision, and to which: the rules, tried at the thresholds."""
    use, here, sus = row["utilisation_rate"], row["utilisation_here_rate"], row["sus_score"]
    less = 1e-9
    reached = [limit for limit in (limits.good, limits.low) if use >= limit]
    missed = [limit for limit in (limits.low, limits.good) if use < limit]
    # Seats of leavers explain a shortfall of today, not one to come. Nearest threshold first.
    trials = [(f"fewer than {percent(limit)} of seats in use", limit - less, limit - less, sus) for limit in reached]
    trials += [(f"{percent(limit)} of seats in use or more", limit, limit, sus) for limit in missed]
    if use < limits.good <= _or(here, 0):
        who = f"fewer than {percent(limits.good)} of the seats of people still here in use"
        trials.insert(0, (who, use, limits.good - less, sus))
    if sus < limits.sus_low:
        trials.append((f"usability of {number(limits.sus_low)} or more", use, here, limits.sus_low))
    else:
        trials.append((f"usability below {number(limits.sus_low)}", use, here, limits.sus_low - less))
    found: dict[str, str] = {}
    for text, at_use, at_here, at_sus in trials:
        found.setdefault(decide(at_use, at_sus, at_here, has_better=better is not None, limits=limits), text)
    if decision == MERGE:
        found.setdefault(decide(use, sus, here, has_better=False, limits=limits), f"a better rank than {better}")
    found.pop(decision, None)
    return "; ".join(f"{then}: {text}" for then, text in found.items())
