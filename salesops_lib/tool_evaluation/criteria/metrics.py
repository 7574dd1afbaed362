"""Tool evaluation: which tool serves the company best, by its own criteria and weights?

Criteria, weights and people's ratings come from ``tools.yaml``; utilisation, usability and cost from the data.
A criterion is measured or rated, never a mixture. A tool that lacks one criterion is listed but not ranked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.tool_evaluation.costs.metrics import cost_by_tool
from salesops_lib.tool_evaluation.criteria.contest import contest_of
from salesops_lib.tool_evaluation.seats.counts import tools_in_use
from salesops_lib.tool_evaluation.seats.metrics import utilisation_by_tool
from salesops_lib.tool_evaluation.surveys.metrics import survey_by_tool

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters, Tools

MEASURES = {
    "utilisation": "utilisation_rate",
    "usability": "sus_score",
    "sus": "sus_score",
    "cost": "cost_per_active_amount",
    "cost_per_active_seat": "cost_per_active_amount",
}
"""Keys of criteria that the data measures, and what measures them."""


@tidy
def criteria_by_tool(crm: Crm, *, parameters: Parameters, confidence: float) -> pd.DataFrame:
    """What goes into the ranking: each tool's value on each criterion, and what it adds to the score.

    One row per tool and criterion, in the order of the ranking, then of the file; tools that cannot be ranked last.

    Args:
        crm: Needs ``tools``; costs, seats, use and survey where present.
        parameters: ``tools.yaml``.
        confidence: As for the measures of use and survey.

    Returns:
        tool_id (str): Key.
        name (str): Name of the tool.
        category (str): What it is for.
        criterion_id (str): Key of the criterion.
        criterion (str): Name of the criterion.
        basis (str): Data, ratings (people's judgement), or none where nobody measured or rated any tool:
            such a criterion is left out and the other weights count for more.
        direction (str): Which way is good.
        weight_rate (float, 0-1): Share of the weight among the criteria that count; missing where left out.
        value (float): The tool's value in the criterion's own unit; missing where unknown or too few answered.
        scaled_value (float, 0-1): The value without its unit, more is better; missing where the tool is not ranked.
        contribution (float): Scaled value times weight; a tool's add up to its score.
        score (float): The tool's score; missing where it is not ranked.
    """
    crm.need("tools")
    settings = parameters.tools
    if settings is None:
        return pd.DataFrame()
    frame = _values(crm, parameters, settings, confidence)
    contest = contest_of(frame, settings.normalisation)
    if contest is None:
        return frame.assign(scaled_value=np.nan, contribution=np.nan, score=np.nan)
    counted = frame.dropna(subset="weight_rate")["criterion_id"].drop_duplicates()
    scaled = pd.DataFrame(contest.scaled(contest.normalisation), columns=list(counted))
    scaled["tool_id"] = contest.tools["tool_id"]
    long = scaled.melt(id_vars="tool_id", var_name="criterion_id", value_name="scaled_value")
    frame = frame.merge(long, on=["tool_id", "criterion_id"], how="left")
    frame["contribution"] = frame["scaled_value"] * frame["weight_rate"]
    frame["score"] = frame["tool_id"].map(dict(zip(contest.tools["tool_id"], contest.scores(), strict=True)))
    return frame.sort_values("score", ascending=False, kind="stable")


def _values(crm: Crm, parameters: Parameters, settings: Tools, confidence: float) -> pd.DataFrame:
    """One row per tool and criterion with its value, the basis and the share of the weight."""
    tools = tools_in_use(crm)[["tool_id", "name", "category"]]
    measured = measures_by_tool(crm, parameters, confidence)
    found = {criterion.key: _value(criterion.key, measured, settings) for criterion in settings.criteria}
    counted = sum(criterion.weight for criterion in settings.criteria if found[criterion.key][0] != "none")
    parts = [
        tools.assign(
            criterion_id=criterion.key,
            criterion=criterion.label,
            basis=found[criterion.key][0],
            direction=criterion.direction,
            weight_rate=criterion.weight / counted if found[criterion.key][0] != "none" else np.nan,
            value=found[criterion.key][1].to_numpy(dtype=float),
            place=place,
        )
        for place, criterion in enumerate(settings.criteria)
    ]
    return pd.concat(parts).sort_values(["tool_id", "place"], ignore_index=True)


def _value(key: str, measured: pd.DataFrame, settings: Tools) -> tuple[str, pd.Series[float]]:
    """Where a criterion's values come from, and the values by tool."""
    column = MEASURES.get(key)
    if column and measured[column].notna().any():
        return "data", measured[column].astype(float)
    given = {tool: float(rating) for tool, rating in settings.ratings.get(key, {}).items()}
    rated = pd.Series(given, dtype=float).reindex(measured.index)
    return ("ratings" if rated.notna().any() else "none"), rated


def measures_by_tool(crm: Crm, parameters: Parameters, confidence: float) -> pd.DataFrame:
    """What the data measures of each tool, by tool id; columns of absent tables are missing throughout.

    A usability score of fewer people than ``min_answers`` is missing: it is too few to judge.
    """
    fewest = parameters.tools.thresholds.min_answers if parameters.tools else 5
    frame = pd.DataFrame(index=pd.Index(tools_in_use(crm)["tool_id"]))
    if crm.has("tool_seats") and crm.has("tool_usage"):
        use = utilisation_by_tool(crm, parameters=parameters, confidence=confidence).set_index("tool_id")
        frame = frame.join(use["utilisation_rate"])
    if crm.has("tool_costs"):
        frame = frame.join(cost_by_tool(crm, parameters=parameters).set_index("tool_id")["cost_per_active_amount"])
    if crm.has("tool_survey"):
        answers = survey_by_tool(crm, parameters=parameters, confidence=confidence).set_index("tool_id")
        frame["sus_score"] = answers["sus_score"].where(answers["n_sus"] >= fewest)
    return frame.reindex(columns=["utilisation_rate", "sus_score", "cost_per_active_amount"])
