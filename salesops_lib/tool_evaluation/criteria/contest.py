"""The contest: which tools are ranked, by which criteria and weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesops_lib.statistics import mcda


@dataclass(frozen=True)
class Contest:
    """The tools that can be ranked, with everything a ranking needs."""

    tools: pd.DataFrame
    values: mcda.Array
    weights: mcda.Array
    directions: tuple[mcda.Direction, ...]
    normalisation: mcda.Normalisation

    def scaled(self, normalisation: mcda.Normalisation, *, without: int | None = None) -> mcda.Array:
        """Values made comparable, perhaps with one tool left out."""
        values = self.values if without is None else np.delete(self.values, without, axis=0)
        return mcda.normalised(values, self.directions, normalisation)

    def scores(self, method: mcda.Method = "weighted_sum", *, without: int | None = None) -> mcda.Array:
        """Scores at the stated weights and normalisation."""
        return mcda.SCORERS[method](self.scaled(self.normalisation, without=without), self.weights)


def contest_of(criteria: pd.DataFrame, normalisation: mcda.Normalisation) -> Contest | None:
    """The tools that have a value on every criterion that counts; nothing where there is no such tool."""
    counted = criteria.dropna(subset="weight_rate").sort_values("tool_id", kind="stable")
    kinds = counted.drop_duplicates("criterion_id")
    if kinds.empty:
        return None
    table = counted.pivot_table(index="tool_id", columns="criterion_id", values="value", aggfunc="first")
    table = table.reindex(columns=kinds["criterion_id"]).dropna()
    tools = counted.drop_duplicates("tool_id").set_index("tool_id").loc[table.index, ["name", "category"]].reset_index()
    if tools.empty:
        return None
    weights = kinds["weight_rate"].to_numpy(dtype=float)
    return Contest(tools, table.to_numpy(dtype=float), weights, tuple(kinds["direction"]), normalisation)
