"""Tool evaluation: would the ranking stand with other weights, another way to compute it, or one tool less?

A ranking is only as good as its least sure choice. Here the weights are drawn at random around the stated ones, the
values are made comparable in three ways and added up in two, and each tool is left out in turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.statistics import mcda
from salesops_lib.tool_evaluation.criteria.contest import Contest, contest_of
from salesops_lib.tool_evaluation.criteria.metrics import criteria_by_tool

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters

N_DRAWS = 2000
"""Sets of weights drawn; the same ones in every report."""
SEED = 20260930
METHOD_NAMES: dict[mcda.Method, str] = {"weighted_sum": "weighted sum", "topsis": "TOPSIS"}
CONCENTRATION = 20.0
"""How close drawn weights stay to the stated ones: a weight of 30% varies by 10 points (one standard deviation)."""


@tidy
def ranking_by_tool(
    crm: Crm, *, parameters: Parameters, criteria: pd.DataFrame | None = None, confidence: float
) -> pd.DataFrame:
    """The ranking by weighted sum, and how much of it depends on weights and method.

    One row per ranked tool, the best first. Weights are drawn from a Dirichlet distribution around the stated ones;
    every draw is ranked by weighted sum and TOPSIS under each of three normalisations.

    Args:
        crm: As for ``criteria_by_tool``.
        parameters: ``tools.yaml``.
        criteria: What ``criteria_by_tool`` returns; worked out anew if absent.
        confidence: Share of the draws that the interval of ranks covers.

    Returns:
        tool_id (str): Key.
        name (str): Name of the tool.
        category (str): What it is for.
        rank (int): Place at the stated weights and normalisation, by weighted sum.
        score (float, 0-1): Weighted sum of the scaled values.
        topsis_rank (int): Place by TOPSIS at the same weights and normalisation.
        topsis_closeness (float, 0-1): Nearness to the best value in every criterion.
        first_rate (float, 0-1): Share of all draws and methods in which the tool comes first; ties share the win.
        rank_low (int): Best place that counts: the lower end of the interval of places.
        rank_high (int): Worst place that counts.
        n_draws (int): Rankings behind the share and the interval.

    Source:
        Hwang and Yoon (1981) for TOPSIS.
    """
    crm.need("tools")
    contest = _contest(crm, parameters, criteria, confidence)
    if contest is None:
        return pd.DataFrame()
    places, first = _drawn(contest)
    tail = (1 - confidence) / 2
    scores, closeness = contest.scores(), contest.scores("topsis")
    frame = contest.tools.assign(
        rank=mcda.ranks(scores),
        score=scores,
        topsis_rank=mcda.ranks(closeness),
        topsis_closeness=closeness,
        first_rate=first,
        rank_low=np.quantile(places, tail, axis=0, method="lower").astype(int),
        rank_high=np.quantile(places, 1 - tail, axis=0, method="higher").astype(int),
        n_draws=len(places),
    )
    return frame.sort_values(["rank", "tool_id"])


@tidy
def ranking_by_method(
    crm: Crm, *, parameters: Parameters, criteria: pd.DataFrame | None = None, confidence: float
) -> pd.DataFrame:
    """Who comes first under each way to compute the ranking.

    One row per method and normalisation; the company's own choice is the first row.

    Args:
        crm: As for ``criteria_by_tool``.
        parameters: ``tools.yaml``.
        criteria: What ``criteria_by_tool`` returns; worked out anew if absent.
        confidence: As for ``criteria_by_tool``.

    Returns:
        method (str): Weighted sum or TOPSIS.
        normalisation (str): How values were made comparable: min-max (share of the way from worst to best), max (share
            of the largest) or vector (share of the column's length).
        is_stated (bool): Whether this is the ranking that the report uses.
        first_name (str): The tool that comes first at the stated weights; several on a tie.
        first_rate (float, 0-1): Share of the drawn weights under which it stays first.
        n_moved (int): Tools at another place than in the report's ranking.
        n_tools (int): Tools ranked.
    """
    crm.need("tools")
    contest = _contest(crm, parameters, criteria, confidence)
    if contest is None:
        return pd.DataFrame()
    stated, draws, rows = mcda.ranks(contest.scores()), _weights(contest), []
    for method, scorer in mcda.SCORERS.items():
        for normalisation in mcda.NORMALISATIONS:
            scaled = contest.scaled(normalisation)
            ranks = mcda.ranks(scorer(scaled, contest.weights))
            first = ranks == 1
            rows.append(
                {
                    "method": METHOD_NAMES[method],
                    "normalisation": normalisation.replace("_", "-"),
                    "is_stated": method == "weighted_sum" and normalisation == contest.normalisation,
                    "first_name": ", ".join(contest.tools["name"][first]),
                    "first_rate": mcda.wins(scorer(scaled, draws))[first].sum(),
                    "n_moved": int((ranks != stated).sum()),
                    "n_tools": len(ranks),
                }
            )
    return pd.DataFrame(rows).sort_values("is_stated", ascending=False, kind="stable")


@tidy
def ranking_without_one(
    crm: Crm, *, parameters: Parameters, criteria: pd.DataFrame | None = None, confidence: float
) -> pd.DataFrame:
    """Whether the order of the other tools depends on a tool that is only there to be compared with.

    One row per ranked tool, left out in turn, in the order of the ranking. An order that turns round when a third
    tool leaves is a rank reversal: it comes from the method, not from the two tools.

    Args:
        crm: As for ``criteria_by_tool``.
        parameters: ``tools.yaml``.
        criteria: What ``criteria_by_tool`` returns; worked out anew if absent.
        confidence: As for ``criteria_by_tool``.

    Returns:
        tool_id (str): Key of the tool left out.
        name (str): Its name.
        first_name (str): Who comes first without it.
        n_swapped (int): Pairs of other tools whose order turns round, by weighted sum.
        swapped (str): These pairs, the one ahead before named first.
        n_swapped_topsis (int): The same count by TOPSIS.
        n_pairs (int): Pairs of other tools.
    """
    crm.need("tools")
    contest = _contest(crm, parameters, criteria, confidence)
    if contest is None or len(contest.tools) < 3:
        return pd.DataFrame()
    rows = []
    for left_out in np.argsort(-contest.scores(), kind="stable"):
        tool, others = contest.tools.iloc[left_out], contest.tools["name"].drop(left_out).tolist()
        pairs = {method: _swapped(contest, int(left_out), method) for method in mcda.METHODS}
        first = others[int(np.argmax(contest.scores(without=int(left_out))))]
        turned = "; ".join(f"{others[one]} and {others[other]}" for one, other in pairs["weighted_sum"])
        n = len(others)
        rows.append(
            {
                "tool_id": tool["tool_id"],
                "name": tool["name"],
                "first_name": first,
                "n_swapped": len(pairs["weighted_sum"]),
                "swapped": turned,
                "n_swapped_topsis": len(pairs["topsis"]),
                "n_pairs": n * (n - 1) // 2,
            }
        )
    return pd.DataFrame(rows)


def _contest(crm: Crm, parameters: Parameters, criteria: pd.DataFrame | None, confidence: float) -> Contest | None:
    if parameters.tools is None:
        return None
    values = criteria_by_tool(crm, parameters=parameters, confidence=confidence) if criteria is None else criteria
    return contest_of(values, parameters.tools.normalisation)


def _swapped(contest: Contest, left_out: int, method: mcda.Method) -> list[tuple[int, int]]:
    before = np.delete(contest.scores(method), left_out)
    return mcda.swapped_pairs(before, contest.scores(method, without=left_out))


def _weights(contest: Contest) -> mcda.Array:
    """Drawn weights, one set a row: Dirichlet with the stated weights as its mean."""
    drawn: mcda.Array = np.random.default_rng(SEED).dirichlet(contest.weights * CONCENTRATION, size=N_DRAWS)
    return drawn


def _drawn(contest: Contest) -> tuple[mcda.Array, mcda.Array]:
    """Places of each tool in every draw and method (one a row), and its share of wins."""
    draws = _weights(contest)
    scores = [
        scorer(contest.scaled(normalisation), draws)
        for scorer in mcda.SCORERS.values()
        for normalisation in mcda.NORMALISATIONS
    ]
    together = np.concatenate(scores)
    return mcda.ranks(together).astype(float), mcda.wins(together)
