"""Table views of comp design: which columns a page shows, in which words. Nothing is computed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesops_lib.reporting.tables import TableView

if TYPE_CHECKING:
    import pandas as pd


_CURVE_LABELS = {
    "from_rate": "Attainment from",
    "to_rate": "to below",
    "multiplier": "Each 1% of quota adds, % of target pay",
    "pay_from_rate": "Pay at the start, of target",
    "pay_to_rate": "Pay at the end",
    "jump_rate": "Jump at the start",
}


def table_plan_in_force(curve: pd.DataFrame) -> TableView:
    """The stretches, lowest first."""
    del curve
    return TableView(
        columns=("from_rate", "to_rate", "multiplier", "pay_from_rate", "pay_to_rate", "jump_rate"),
        labels=_CURVE_LABELS,
        formats={"multiplier": "number2", "from_rate": "rate", "to_rate": "rate", "jump_rate": "rate"},
    )


def table_payout_curves(curves: pd.DataFrame) -> TableView:
    """The stretches, plan by plan."""
    del curves
    return TableView(
        columns=("title", "from_rate", "to_rate", "multiplier", "pay_from_rate", "pay_to_rate", "jump_rate"),
        labels={**_CURVE_LABELS, "title": "Plan"},
        formats={"multiplier": "number2", "from_rate": "rate", "to_rate": "rate", "jump_rate": "rate"},
    )


def table_worked_example(steps: pd.DataFrame) -> TableView:
    """Step, calculation, result."""
    del steps
    return TableView(
        columns=("step", "worked_amount", "how"),
        labels={"how": "Calculation", "worked_amount": "Amount"},
        formats={"worked_amount": "exact"},
    )


def table_pay_by_team(teams: pd.DataFrame) -> TableView:
    """Teams with their parts."""
    del teams
    return TableView(
        columns=(
            "name", "n_reps", "attainment_rate", "target_pay_amount", "individual_amount", "team_amount",
            "incentive_amount", "payout_rate",
        ),
        labels={
            "name": "Team", "target_pay_amount": "Target pay", "individual_amount": "On own results",
            "team_amount": "On the team's", "incentive_amount": "Incentive pay", "payout_rate": "Of target",
            "attainment_rate": "Team's attainment",
        },
        formats=dict.fromkeys(("individual_amount", "team_amount", "incentive_amount"), "exact"),
    )  # fmt: skip


def table_pay_distribution(bands: pd.DataFrame) -> TableView:
    """Bands with their reps."""
    del bands
    return TableView(
        columns=("band", "n_reps", "share_rate", "incentive_amount"),
        labels={"band": "Pay / target pay", "share_rate": "Of all reps", "incentive_amount": "Their incentive pay"},
    )


def table_pay_spread(quantiles: pd.DataFrame) -> TableView:
    """Quantiles, lowest first."""
    del quantiles
    return TableView(
        columns=("quantile", "payout_rate", "incentive_amount", "n_reps"),
        labels={"quantile": "Place", "payout_rate": "Pay / target pay", "incentive_amount": "Incentive pay"},
    )


def table_reps_not_paid(reasons: pd.DataFrame) -> TableView:
    """Reasons, most people first."""
    del reasons
    return TableView(
        columns=("reason", "who", "n_people", "bookings_amount", "what_to_do"),
        labels={"n_people": "People", "what_to_do": "What to do", "who": "Who"},
    )


def table_cost_of_sales(quarters: pd.DataFrame) -> TableView:
    """Quarters with the parts of the cost."""
    del quarters
    return TableView(
        columns=(
            "period_name", "plan", "n_reps", "bookings_amount", "base_amount", "incentive_amount",
            "lead_incentive_amount", "cost_amount", "cost_of_sales_rate", "next_unit_cost_rate", "is_partial",
        ),
        labels={
            "period_name": "Quarter", "base_amount": "Base pay", "incentive_amount": "Incentives",
            "lead_incentive_amount": "Of it managers'", "cost_amount": "Base and incentives",
            "next_unit_cost_rate": "Next unit", "is_partial": "To date",
        },
        formats={"cost_of_sales_rate": "rate1", "next_unit_cost_rate": "rate1"},
    )  # fmt: skip


def table_plan_comparison(plans: pd.DataFrame) -> TableView:
    """Both plans side by side."""
    del plans
    return TableView(
        columns=(
            "title", "incentive_amount", "cost_amount", "cost_of_sales_rate", "next_unit_cost_rate",
            "median_payout_rate", "low_payout_rate", "high_payout_rate", "gini", "pay_slope", "pay_correlation",
            "at_quota_rate", "n_reps",
        ),
        labels={
            "title": "Plan", "incentive_amount": "Incentives", "cost_amount": "Base and incentives",
            "next_unit_cost_rate": "Next unit", "payout_rate": "Pay / target", "median_payout_rate": "Middle rep",
            "low_payout_rate": "Lowest tenth below", "high_payout_rate": "Highest tenth above", "gini": "Gini",
            "pay_slope": "Slope", "pay_correlation": "Correlation", "at_quota_rate": "At or above quota",
        },
        formats={
            "cost_of_sales_rate": "rate1", "next_unit_cost_rate": "rate1", "gini": "number2", "pay_slope": "number2",
            "pay_correlation": "number2", "at_quota_rate": "rate",
        },
        is_open=True,
    )  # fmt: skip


def table_winners_by_attainment(bands: pd.DataFrame) -> TableView:
    """Bands with reps and sums."""
    del bands
    return TableView(
        columns=(
            "band", "n_reps", "n_more", "n_same", "n_less", "in_force_amount", "alternative_amount", "change_amount",
            "change_rate",
        ),
        labels={
            "band": "Attainment", "n_more": "Would earn more", "n_same": "the same", "n_less": "less",
            "in_force_amount": "Pay, plan in force", "alternative_amount": "Pay, other plan",
            "change_amount": "Change", "change_rate": "Change in %",
        },
        formats={"change_rate": "rate1"},
    )  # fmt: skip


def table_incentive_warnings(warnings: pd.DataFrame) -> TableView:
    """Warnings, plan by plan."""
    del warnings
    return TableView(
        columns=("title", "warning", "at_rate", "jump_rate", "jump_amount", "n_near"),
        labels={
            "title": "Plan", "warning": "From there on", "at_rate": "Attainment", "jump_rate": "Jump, of target",
            "jump_amount": "Jump in money", "n_near": "Reps there",
        },
        formats={"at_rate": "rate", "jump_rate": "rate"},
        is_open=True,
    )  # fmt: skip
