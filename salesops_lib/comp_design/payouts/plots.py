"""Charts and tables of payouts: teams, bands and sums, never a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.comp_design.marks import rows_fit
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import money, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def plot_pay_by_team(teams: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a bar per team: pay on own results, then on the team's; a mark at target pay."""
    rows = teams.dropna(subset="incentive_amount").iloc[::-1].reset_index(drop=True)
    ax = ax or theme.axes(rows=len(rows))
    ax.barh(rows.index, rows["individual_amount"], 0.6, color=theme.ACTUAL, label="On own results")
    own = rows["individual_amount"]
    ax.barh(rows.index, rows["team_amount"], 0.6, left=own, color=theme.PREVIOUS, label="On the team's")
    target, ends = rows["target_pay_amount"], (rows.index - 0.42, rows.index + 0.42)
    ax.vlines(target, *ends, color=theme.TARGET, linewidth=2, label="Target pay")
    for place, row in enumerate(rows.to_dict("records")):
        end = max(row["incentive_amount"], row["target_pay_amount"])
        ax.annotate(
            f"{money(row['incentive_amount'])}, {percent(row['payout_rate'])}", (end, place), (6, 0),
            textcoords="offset points", va="center", color=theme.TEXT,
        )  # fmt: skip
    ax.set_yticks(rows.index, [f"{theme.short(row['name'])} (n={row['n_reps']})" for row in rows.to_dict("records")])
    most = max([*rows["incentive_amount"], *rows["target_pay_amount"]], default=1.0)
    ax.set_xlim(0, most * (1.45 if theme.is_narrow() else 1.2) or 1)
    rows_fit(ax, len(rows))
    ax.set_xlabel("Incentive pay of the quarter")
    theme.as_money(ax.xaxis)
    if theme.is_narrow():
        ax.locator_params(axis="x", nbins=4)
    theme.grid(ax, "x")
    return ax


def plot_pay_distribution(bands: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a bar per band of payout with its number of reps, the lowest band at the top."""
    rows = bands.iloc[::-1].reset_index(drop=True)
    ax = ax or theme.axes(rows=len(rows))
    ax.barh(rows.index, rows["n_reps"], 0.7, color=theme.ACTUAL, label="Reps")
    for place, row in enumerate(rows.to_dict("records")):
        ax.annotate(
            str(row["n_reps"]), (row["n_reps"], place), (5, 0), textcoords="offset points", va="center",
            color=theme.TEXT,
        )  # fmt: skip
    ax.set_yticks(rows.index, list(rows["band"]))
    rows_fit(ax, len(rows))
    ax.set_xlabel("Reps, by pay / target pay")
    theme.as_count(ax.xaxis)
    theme.grid(ax, "x")
    return ax


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
