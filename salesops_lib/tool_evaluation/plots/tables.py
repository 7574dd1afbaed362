"""Table views of the tool evaluation: which columns readers see, and what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesops_lib.reporting.tables import TableView

if TYPE_CHECKING:
    import pandas as pd


def table_cost_by_tool(costs: pd.DataFrame) -> TableView:
    """What a seat in use costs, and what is paid for nothing."""
    return TableView(
        columns=(
            "name", "category", "cost_amount", "yearly_licence_amount", "n_provisioned", "n_active",
            "cost_per_active_amount", "idle_licence_amount",
        ),
        labels={
            "cost_amount": "Cost, 12 months", "yearly_licence_amount": "Licence, a year",
            "n_provisioned": "Seats paid for", "n_active": "In use",
            "cost_per_active_amount": "Cost per seat in use", "idle_licence_amount": "Unused licence",
        },
        is_open=True,
    )  # fmt: skip


def table_utilisation_by_tool(use: pd.DataFrame) -> TableView:
    """Seats in three kinds, and the share in use over both windows."""
    return TableView(
        columns=(
            "name", "n_provisioned", "n_assigned", "n_held_by_leavers", "n_active", "utilisation_rate",
            "utilisation_rate_low", "utilisation_rate_high", "utilisation_here_rate", "utilisation_90_rate",
            "utilisation_90_rate_low", "utilisation_90_rate_high",
        ),
        labels={
            "n_provisioned": "Paid for", "n_assigned": "Assigned", "n_held_by_leavers": "Held by leavers",
            "n_active": "In use", "utilisation_rate": "Share in use", "utilisation_here_rate": "Leavers left out",
            "utilisation_90_rate": "Share, 90 days",
        },
        is_open=True,
    )  # fmt: skip


def table_survey_by_tool(survey: pd.DataFrame) -> TableView:
    """The three scores with n and interval, and the change."""
    return TableView(
        columns=(
            "name", "n_sus", "sus_score", "sus_score_low", "sus_score_high", "sus_change_score",
            "sus_change_score_low", "sus_change_score_high", "n_nps", "nps_score", "nps_score_low", "nps_score_high",
            "n_csat", "csat_rate", "csat_rate_low", "csat_rate_high",
        ),
        labels={
            "n_sus": "n, SUS", "sus_score": "SUS", "sus_change_score": "Change",
            "n_nps": "n, NPS",
            "nps_score": "NPS", "n_csat": "n, CSAT", "csat_rate": "CSAT (4 or 5)",
        },
        is_open=True,
    )  # fmt: skip


def table_criteria_by_tool(criteria: pd.DataFrame) -> TableView:
    """Values with their weights."""
    return TableView(
        columns=("name", "criterion", "basis", "weight_rate", "value", "scaled_value", "contribution"),
        labels={"name": "Tool", "weight_rate": "Weight", "scaled_value": "Scaled"},
        formats={"scaled_value": "number2", "contribution": "number2", "weight_rate": "rate"},
    )


def table_ranking_by_tool(ranking: pd.DataFrame) -> TableView:
    """Places, scores and how often the tool comes first."""
    return TableView(
        columns=("name", "category", "rank", "rank_low", "rank_high", "score", "topsis_rank", "first_rate"),
        labels={"name": "Tool", "rank": "Place", "topsis_rank": "Place by TOPSIS", "first_rate": "Comes first"},
        formats={"rank": "count", "topsis_rank": "count", "score": "number2", "first_rate": "rate"},
    )


def table_ranking_by_method(methods: pd.DataFrame) -> TableView:
    """One line per way to compute it."""
    return TableView(
        columns=("method", "normalisation", "is_stated", "first_name", "first_rate", "n_moved"),
        labels={
            "is_stated": "Ours", "first_name": "Comes first", "first_rate": "Stays first",
            "n_moved": "At another place",
        },
    )  # fmt: skip


def table_ranking_without_one(left_out: pd.DataFrame) -> TableView:
    """One line per tool left out; which pairs, where there are any."""
    which = ("swapped",) if (left_out["n_swapped"] > 0).any() else ()
    return TableView(
        columns=("name", "first_name", "n_swapped", *which, "n_swapped_topsis", "n_pairs"),
        labels={
            "name": "Left out", "first_name": "Then first", "n_swapped": "Pairs turned", "swapped": "Which",
            "n_swapped_topsis": "Pairs turned, TOPSIS", "n_pairs": "Pairs",
        },
    )  # fmt: skip


def table_decision_by_tool(decisions: pd.DataFrame) -> TableView:
    """The decision with its reasons; the figures stay in the full table."""
    return TableView(
        columns=(
            "name", "decision", "reason", "could_be", "would_change", "notice_on",
            "yearly_licence_amount",
        ),
        labels={
            "name": "Tool", "reason": "Why", "could_be": "Within chance also",
            "would_change": "What would change it", "notice_on": "Notice by",
            "yearly_licence_amount": "Licence, a year",
        },
        is_open=True,
    )  # fmt: skip


def table_renewal_calendar(renewals: pd.DataFrame) -> TableView:
    """Dates, days left and money."""
    return TableView(
        columns=(
            "name", "owner", "decision", "notice_on", "left_days", "standing", "renewal_on", "yearly_licence_amount",
        ),
        labels={
            "name": "Tool", "notice_on": "Notice by", "left_days": "Days left", "renewal_on": "Renews",
            "yearly_licence_amount": "At stake, a year",
        },
        is_open=True,
    )  # fmt: skip
