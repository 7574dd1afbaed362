"""Words for the criteria; every number is from the frame's own rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesops_lib.tool_evaluation.phrases import NO_CRITERIA
from salesops_lib.wording import Finding, count, listing, number, percent

if TYPE_CHECKING:
    import pandas as pd

    from salesops_lib.parameters import Parameters


def describe_criteria_by_tool(criteria: pd.DataFrame, *, parameters: Parameters) -> Finding:
    """Who leads by the company's own criteria, and what could not be ranked."""
    ranked = criteria.dropna(subset="score").drop_duplicates("tool_id")
    if ranked.empty or parameters.tools is None:
        return NO_CRITERIA
    kinds = criteria.drop_duplicates("criterion_id")
    counted = kinds.dropna(subset="weight_rate")
    first = ranked.iloc[0]
    weights = ", ".join(f"{row['criterion']} {percent(row['weight_rate'])}" for row in counted.to_dict("records"))
    sentences = [
        f"{first['name']} scores **{number(first['score'], 2)}** of 1. Weights: {weights}; values made comparable by "
        f"{parameters.tools.normalisation.replace('_', '-')} normalisation."
    ]
    rated = counted.loc[counted["basis"] == "ratings", "criterion"].tolist()
    if rated:
        sentences.append(f"People's ratings: {listing(rated)}; the rest is measured.")
    dropped = kinds.loc[kinds["weight_rate"].isna(), "criterion"].tolist()
    if dropped:
        sentences.append(f"Left out, since nobody measured or rated it: {listing(dropped)}.")
    unranked = criteria[criteria["score"].isna()].drop_duplicates("tool_id")["name"].tolist()
    if unranked:
        sentences.append(f"Not ranked, since a value is missing: {listing(unranked)}.")
    title = f"By our own weights {first['name']} ranks first of {count(len(ranked), 'tool')}"
    return Finding(title, " ".join(sentences), is_headline=False)
