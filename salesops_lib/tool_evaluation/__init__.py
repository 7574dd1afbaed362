"""Tool evaluation: which tools does the company pay for, use and like, and what should become of each?

Tables in: ``tools``, ``tool_costs``, ``tool_seats``, ``tool_usage`` and ``tool_survey`` of a ``Crm``; criteria,
weights, ratings and thresholds from ``tools.yaml``. Tables out: one tidy frame per function.
"""

from salesops_lib.tool_evaluation.cards import cards
from salesops_lib.tool_evaluation.costs.metrics import cost_by_tool
from salesops_lib.tool_evaluation.criteria.metrics import criteria_by_tool
from salesops_lib.tool_evaluation.decisions.metrics import decision_by_tool
from salesops_lib.tool_evaluation.ranking.metrics import ranking_by_method, ranking_by_tool, ranking_without_one
from salesops_lib.tool_evaluation.renewals.metrics import renewal_calendar
from salesops_lib.tool_evaluation.seats.metrics import utilisation_by_tool
from salesops_lib.tool_evaluation.surveys.metrics import survey_by_tool

__all__ = [
    "cards",
    "cost_by_tool",
    "criteria_by_tool",
    "decision_by_tool",
    "ranking_by_method",
    "ranking_by_tool",
    "ranking_without_one",
    "renewal_calendar",
    "survey_by_tool",
    "utilisation_by_tool",
]
