"""Charts and table views of the tool evaluation: frames in, Axes out."""

from salesops_lib.tool_evaluation.plots.decisions import plot_decision_by_tool, plot_renewal_calendar
from salesops_lib.tool_evaluation.plots.scores import plot_criteria_by_tool, plot_ranking_by_tool, plot_survey_by_tool
from salesops_lib.tool_evaluation.plots.seats import plot_cost_by_tool, plot_utilisation_by_tool
from salesops_lib.tool_evaluation.plots.tables import (
    table_cost_by_tool,
    table_criteria_by_tool,
    table_decision_by_tool,
    table_ranking_by_method,
    table_ranking_by_tool,
    table_ranking_without_one,
    table_renewal_calendar,
    table_survey_by_tool,
    table_utilisation_by_tool,
)

__all__ = [
    "plot_cost_by_tool",
    "plot_criteria_by_tool",
    "plot_decision_by_tool",
    "plot_ranking_by_tool",
    "plot_renewal_calendar",
    "plot_survey_by_tool",
    "plot_utilisation_by_tool",
    "table_cost_by_tool",
    "table_criteria_by_tool",
    "table_decision_by_tool",
    "table_ranking_by_method",
    "table_ranking_by_tool",
    "table_ranking_without_one",
    "table_renewal_calendar",
    "table_survey_by_tool",
    "table_utilisation_by_tool",
]
