"""How the frames of the rep comparison show as tables: which columns, in which order, under which names."""

from __future__ import annotations

import pandas as pd

from salesops_lib.reporting.tables import TableView

PARTS = {
    "volume_amount": "Volume", "mix_amount": "Mix of deals", "win_rate_amount": "Win rate",
    "deal_size_amount": "Deal size",
}  # fmt: skip


def table_reps_side_by_side(reps: pd.DataFrame) -> TableView:
    """The comparison as a table, beside the chart; goals only where there are some."""
    columns = [
        "name", "team_name", "n_closed", "n_won", "win_rate", "win_rate_low", "win_rate_high", "shrunken_win_rate",
        "shrunken_win_rate_low", "shrunken_win_rate_high", "typical_deal_amount", "cycle_days", "bookings_amount",
    ]  # fmt: skip
    if reps["attainment_rate"].notna().any():
        columns.append("attainment_rate")
    return TableView(
        columns=columns,
        labels={
            "team_name": "Team", "n_closed": "Closed", "n_won": "Won", "win_rate": "Win rate, raw",
            "win_rate_low": "Raw, interval", "shrunken_win_rate": "Win rate, adjusted",
            "shrunken_win_rate_low": "Adjusted, interval", "typical_deal_amount": "Typical deal",
            "cycle_days": "Cycle, days",
            "bookings_amount": "Bookings", "attainment_rate": "Attainment",
        },
        is_open=True,
    )  # fmt: skip


def table_win_rate_funnel(funnel: pd.DataFrame) -> TableView:
    """Rates with both pairs of limits; what is the same for all rows is said in the words."""
    del funnel
    return TableView(
        columns=(
            "name", "team_name", "n_closed", "n_won", "win_rate", "adjusted_win_rate", "inner_low", "inner_high",
            "outer_low", "outer_high", "verdict",
        ),
        labels={
            "team_name": "Team", "n_closed": "Closed", "n_won": "Won", "adjusted_win_rate": "On the company's mix",
            "inner_low": "95% limits", "outer_low": "99.8% limits",
        },
        formats={"inner_low": "rate", "outer_low": "rate", "adjusted_win_rate": "rate", "win_rate": "rate"},
    )  # fmt: skip


def table_verdict_by_rep(verdicts: pd.DataFrame) -> TableView:
    """Verdicts with what they rest on."""
    del verdicts
    return TableView(
        columns=(
            "name", "team_name", "n_closed", "n_won", "expected_won", "won_to_expected", "won_to_expected_low",
            "won_to_expected_high", "q_value", "power_rate", "noticeable_rate", "verdict",
        ),
        labels={
            "team_name": "Team", "n_closed": "Closed", "n_won": "Won", "expected_won": "Expected",
            "won_to_expected": "Won / expected", "won_to_expected_low": "Won / expected, interval",
            "q_value": "q", "power_rate": "Power", "noticeable_rate": "Noticeable shortfall",
        },
        formats={
            "expected_won": "score", "won_to_expected": "number2", "won_to_expected_low": "number2",
            "q_value": "number2", "power_rate": "rate", "noticeable_rate": "rate",
        },
    )  # fmt: skip


def table_gap_by_rep(gaps: pd.DataFrame) -> TableView:
    """Bookings, the average they are held against, the gap and its parts."""
    del gaps
    return TableView(
        columns=(
            "name", "compared_with", "there_rate", "bookings_amount", "average_amount", "gap_amount", "volume_amount",
            "mix_amount", "win_rate_amount", "deal_size_amount",
        ),
        labels={
            "there_rate": "Time in the seat", "bookings_amount": "Bookings", "average_amount": "Average",
            "gap_amount": "Gap", **PARTS,
        },
    )  # fmt: skip


def table_reps_not_judged(people: pd.DataFrame) -> TableView:
    """Who is not judged, and why."""
    has_roles = bool((people["role"] != "").any())
    return TableView(
        columns=("name", "team_name", *(("role",) if has_roles else ()), "there_rate", "n_closed", "reason"),
        labels={"team_name": "Team", "there_rate": "Time in the seat", "n_closed": "Closed", "reason": "Why"},
        formats={"there_rate": "rate"},
    )
