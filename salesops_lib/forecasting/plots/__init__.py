"""Charts and table views for the frames of forecasting: each takes a frame; a chart returns the Axes it drew on."""

from salesops_lib.forecasting.plots.accuracy import (
    plot_accuracy_by_horizon,
    plot_accuracy_by_method,
    table_accuracy_by_horizon,
    table_accuracy_by_method,
)
from salesops_lib.forecasting.plots.goals import plot_goal_realism_by_period, table_goal_realism_by_period
from salesops_lib.forecasting.plots.landing import (
    plot_landing_backtest_by_quarter,
    plot_landing_by_method,
    plot_open_deals_by_stage,
    table_landing_backtest_by_quarter,
    table_landing_by_method,
    table_open_deals_by_stage,
)
from salesops_lib.forecasting.plots.outlook import (
    plot_bookings_forecast_by_month,
    table_bookings_forecast_by_month,
    table_bookings_forecast_by_span,
)

__all__ = [
    "plot_accuracy_by_horizon",
    "plot_accuracy_by_method",
    "plot_bookings_forecast_by_month",
    "plot_goal_realism_by_period",
    "plot_landing_backtest_by_quarter",
    "plot_landing_by_method",
    "plot_open_deals_by_stage",
    "table_accuracy_by_horizon",
    "table_accuracy_by_method",
    "table_bookings_forecast_by_month",
    "table_bookings_forecast_by_span",
    "table_goal_realism_by_period",
    "table_landing_backtest_by_quarter",
    "table_landing_by_method",
    "table_open_deals_by_stage",
]
