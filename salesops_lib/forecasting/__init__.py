"""Forecasting: what will be booked in the next months, where does the quarter land, and are the goals realistic?

Each metric takes a ``Crm`` and returns a tidy frame; ``plots`` and ``narrative`` beside it hold what rhymes with it.
"""

from salesops_lib.forecasting.accuracy.metrics import accuracy_by_horizon, accuracy_by_method
from salesops_lib.forecasting.cards import cards
from salesops_lib.forecasting.goals.metrics import goal_realism_by_period
from salesops_lib.forecasting.history import bookings_by_month
from salesops_lib.forecasting.landing.metrics import landing_backtest_by_quarter, landing_by_method, open_deals_by_stage
from salesops_lib.forecasting.outlook.metrics import bookings_forecast_by_month, bookings_forecast_by_span

__all__ = [
    "accuracy_by_horizon",
    "accuracy_by_method",
    "bookings_by_month",
    "bookings_forecast_by_month",
    "bookings_forecast_by_span",
    "cards",
    "goal_realism_by_period",
    "landing_backtest_by_quarter",
    "landing_by_method",
    "open_deals_by_stage",
]
