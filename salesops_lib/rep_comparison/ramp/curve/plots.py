"""The ramp of new reps: the curve of the average hire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib import theme
from salesops_lib.rep_comparison.marks import nothing_to_draw
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MONTH_DAYS = 365.25 / 12


def plot_ramp_curve(curve: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the average hire's bookings by month in the seat with intervals, the curve through them, and deals opened.

    Args:
        curve: What ``ramp_curve`` returns.
        ax: Axes to draw on; new ones if absent.
    """
    rows = curve.dropna(subset=["productivity_rate"])
    if rows.empty:
        return nothing_to_draw(ax, "No joiner to draw.")
    if ax is None:
        ax = theme.axes(height=3.8)
    first: Any = rows.iloc[0]
    months = rows["since_start_days"] / MONTH_DAYS
    top = max(1.4, float(rows["productivity_rate"].max()) * 1.1)
    if pd.notna(first.full_at_months):
        end = first.full_at_months_high if pd.notna(first.full_at_months_high) else months.max()
        ax.axvspan(first.full_at_months_low, end, color=theme.PALE, label="Interval of the time to full")
        ax.axvline(first.full_at_months, color=theme.GOOD, linewidth=1.4, linestyle="--")
        ax.text(
            first.full_at_months, top * 0.02, f" Full at {number(first.full_at_months, 0)} months ", va="bottom",
            ha="right" if first.full_at_months > months.max() / 2 else "left", color=theme.TEXT,
        )  # fmt: skip
    ax.axhline(1, color=theme.TARGET, linewidth=1.2, label="Settled reps")
    ax.vlines(months, rows["productivity_rate_low"], rows["productivity_rate_high"], color=theme.ACTUAL, linewidth=1)
    ax.plot(
        months, rows["productivity_rate"], "o", color=theme.ACTUAL, markersize=6, label="Bookings of the average hire"
    )
    ax.plot(months, rows["fitted_rate"], color=theme.ACTUAL, linewidth=2, label="Curve through them")
    ax.plot(months, rows["opened_rate"], "D:", color=theme.PREVIOUS, markersize=4, linewidth=1, label="Deals opened")
    ax.set_ylim(0, top)
    ax.set_xlim(0, float(months.max()) + 0.7)
    theme.grid(ax, "y")
    theme.as_percent(ax.yaxis)
    theme.as_count(ax.xaxis)
    ax.set_ylabel("Per day, of settled reps" if theme.is_narrow() else "Per day in the seat / same of settled reps")
    last = rows.iloc[-1]
    n = f"n = {first.n_reps:,} at first, {last['n_reps']:,} at last"
    ax.set_xlabel(f"Months in the seat ({n})" if not theme.is_narrow() else f"Months in the seat\n({n})")
    return ax


def table_ramp_curve(curve: pd.DataFrame) -> TableView:
    """Bookings, deals opened and closed and wins by month in the seat, each with its interval."""
    del curve
    return TableView(
        columns=(
            "tenure_months", "n_reps", "n_left_so_far", "productivity_rate", "productivity_rate_low",
            "productivity_rate_high", "fitted_rate", "survivors_rate", "opened_rate", "opened_rate_low",
            "opened_rate_high", "closed_rate", "closed_rate_low", "closed_rate_high", "n_closed", "won_to_expected",
            "won_to_expected_low", "won_to_expected_high",
        ),
        labels={
            "tenure_months": "Whole months in the seat", "n_reps": "Joiners there", "n_left_so_far": "Left so far",
            "productivity_rate": "Bookings / settled reps", "productivity_rate_low": "Bookings, interval",
            "fitted_rate": "Curve", "survivors_rate": "Those present only", "opened_rate": "Deals opened",
            "opened_rate_low": "Deals opened, interval", "closed_rate": "Deals closed",
            "closed_rate_low": "Deals closed, interval", "n_closed": "Closed", "won_to_expected": "Won / expected",
            "won_to_expected_low": "Won / expected, interval",
        },
        formats={
            "productivity_rate": "rate", "fitted_rate": "rate", "survivors_rate": "rate", "opened_rate": "rate",
            "closed_rate": "rate", "tenure_months": "count", "won_to_expected": "number2", "n_closed": "number",
        },
    )  # fmt: skip
