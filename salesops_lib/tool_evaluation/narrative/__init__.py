"""Sentences of the tool evaluation: frames in, findings out."""

from salesops_lib.tool_evaluation.narrative.decisions import (
    describe_decision_by_tool,
    describe_renewal_calendar,
)
from salesops_lib.tool_evaluation.narrative.ranking import (
    describe_criteria_by_tool,
    describe_ranking_by_method,
    describe_ranking_by_tool,
    describe_ranking_without_one,
)
from salesops_lib.tool_evaluation.narrative.use import (
    describe_cost_by_tool,
    describe_survey_by_tool,
    describe_utilisation_by_tool,
)

__all__ = [
    "describe_cost_by_tool",
    "describe_criteria_by_tool",
    "describe_decision_by_tool",
    "describe_ranking_by_method",
    "describe_ranking_by_tool",
    "describe_ranking_without_one",
    "describe_renewal_calendar",
    "describe_survey_by_tool",
    "describe_utilisation_by_tool",
]
