"""A control for JupyterLab: other weights, and the ranking they give. A report never needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salesops_lib.reporting.tables.panel import panel_answer
from salesops_lib.statistics.mcda import NORMALISATIONS, ranks
from salesops_lib.tool_evaluation.criteria.contest import contest_of
from salesops_lib.wording import number

if TYPE_CHECKING:
    import ipywidgets as widgets
    import pandas as pd


def weigh(criteria: pd.DataFrame) -> widgets.VBox:
    """Sliders for the weights of the criteria; the ranking follows.

    Args:
        criteria: What ``criteria_by_tool`` returns.
    """
    import ipywidgets as widgets

    kinds = criteria.dropna(subset="weight_rate").drop_duplicates("criterion_id")
    sliders = {
        str(row["criterion_id"]): widgets.IntSlider(
            value=round(100 * row["weight_rate"]),
            min=0,
            max=100,
            description=str(row["criterion"]),
            continuous_update=False,
        )
        for row in kinds.to_dict("records")
    }
    normalisation = widgets.Dropdown(options=NORMALISATIONS, value="min_max", description="Values by")
    answer = widgets.HTML()

    def redraw(_change: Any = None) -> None:
        weights = {key: slider.value for key, slider in sliders.items()}
        answer.value = _ranked(criteria, weights, normalisation.value)

    for control in (*sliders.values(), normalisation):
        control.observe(redraw, names="value")
    redraw()
    return widgets.VBox([*sliders.values(), normalisation, answer])


def _ranked(criteria: pd.DataFrame, weights: dict[str, int], normalisation: Any) -> str:
    """The ranking at these weights as a small table."""
    chosen = criteria.assign(weight_rate=criteria["criterion_id"].map(weights).where(criteria["weight_rate"].notna()))
    contest = contest_of(chosen[chosen["weight_rate"] > 0], normalisation)
    if contest is None:
        return panel_answer(text="Nothing to rank: give a criterion some weight.")
    scores = contest.scores()
    rows = sorted(zip(ranks(scores), contest.tools["name"], scores, strict=True), key=lambda row: (row[0], row[1]))
    return panel_answer(
        labels=("Place", "Tool", "Score"), rows=[(place, name, number(score, 2)) for place, name, score in rows]
    )
