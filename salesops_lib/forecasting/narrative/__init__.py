"""Words for the frames of forecasting: each ``describe_`` takes one frame and returns a finding."""

from salesops_lib.forecasting.narrative.accuracy import describe_accuracy_by_horizon, describe_accuracy_by_method
from salesops_lib.forecasting.narrative.goals import describe_goal_realism_by_period
from salesops_lib.forecasting.narrative.landing import (
    describe_landing_backtest_by_quarter,
    describe_landing_by_method,
    describe_open_deals_by_stage,
)
from salesops_lib.forecasting.narrative.outlook import (
    describe_bookings_forecast_by_month,
    describe_bookings_forecast_by_span,
)

__all__ = [
    "describe_accuracy_by_horizon",
    "describe_accuracy_by_method",
    "describe_bookings_forecast_by_month",
    "describe_bookings_forecast_by_span",
    "describe_goal_realism_by_period",
    "describe_landing_backtest_by_quarter",
    "describe_landing_by_method",
    "describe_open_deals_by_stage",
]
