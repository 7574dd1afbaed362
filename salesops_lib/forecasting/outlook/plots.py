"""Charts of the outlook: months booked are solid, months forecast hatched, goals lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib import theme
from salesops_lib.forecasting.marks import INTERVALS, month_labels
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAST_MONTHS, NARROW_PAST, NARROW_AHEAD = 12, 3, 4


def plot_bookings_forecast_by_month(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the last twelve months solid and the next twelve hatched with 80% intervals; three and four on a phone."""
    past, ahead = rows[~rows["is_forecast"]], rows[rows["is_forecast"]]
    n_past, n_ahead = (NARROW_PAST, NARROW_AHEAD) if theme.is_narrow() else (PAST_MONTHS, len(ahead))
    shown = pd.concat([past.tail(n_past), ahead.head(n_ahead)]).reset_index(drop=True)
    if ax is None:
        ax = theme.axes(height=3.4)
    booked, coming = shown[shown["bookings_amount"].notna()], shown[shown["is_forecast"]]
    # A month under way stands solid up to what is booked, inside its hatched forecast.
    ax.bar(booked.index, booked["bookings_amount"], width=0.72, color=theme.ACTUAL, label="Booked")
    ax.bar(
        coming.index, coming["forecast_amount"], width=0.72, facecolor="none", edgecolor=theme.ACTUAL,
        hatch=theme.HATCH, label="Forecast",
    )  # fmt: skip
    ax.vlines(
        coming.index, coming["forecast_amount_low"], coming["forecast_amount_high"], color=theme.TEXT, linewidth=1.4,
        label="80% interval",
    )  # fmt: skip
    goal = shown.dropna(subset="goal_amount")
    if len(goal):
        ax.hlines(goal["goal_amount"], goal.index - 0.44, goal.index + 0.44, color=theme.TARGET, linewidth=2,
                  label="Goal")  # fmt: skip
    # The first forecast carries its amount, above whatever stands highest in its place.
    first = coming.iloc[0]
    top = max(float(first["forecast_amount_high"]), float(first["goal_amount"]) if first["goal_amount"] > 0 else 0.0)
    ax.annotate(money(first["forecast_amount"]), (len(shown) - len(coming), top), xytext=(0, 4),
                textcoords="offset points", ha="center", weight="bold")  # fmt: skip
    ax.set_xticks(shown.index, month_labels(list(shown["month"])))
    theme.grid(ax, "y")
    theme.as_money(ax.yaxis)
    ax.margins(y=0.12)
    theme.from_zero(ax)
    return ax


def table_bookings_forecast_by_month(rows: pd.DataFrame) -> TableView:
    """Show what was booked and what is forecast, month by month."""
    return TableView(
        columns=(
            "month", "bookings_amount", "is_partial", "forecast_amount", "forecast_amount_low", "forecast_amount_high",
            "forecast_95_amount_low", "forecast_95_amount_high", "year_before_amount", "goal_amount",
        ),
        labels={**INTERVALS, "bookings_amount": "Booked", "is_partial": "Under way"},
    )  # fmt: skip


def table_bookings_forecast_by_span(rows: pd.DataFrame) -> TableView:
    """Show the three spans; there is no chart."""
    return TableView(
        columns=(
            "span", "first_month", "last_month", "forecast_amount", "forecast_amount_low", "forecast_amount_high",
            "forecast_95_amount_low", "forecast_95_amount_high", "year_before_amount", "change_rate",
        ),
        labels={**INTERVALS, "span": "Together", "first_month": "From", "last_month": "To", "change_rate": "Change"},
        formats={"change_rate": "rate1"},
    )  # fmt: skip
