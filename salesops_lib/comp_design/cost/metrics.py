"""Cost of sales: what does a unit of bookings cost in pay, and what does the next one?

Tables in: ``reps``, ``opportunities``, ``credits``, ``quotas``; ``teams`` and ``team_members`` where present.
Tables out: one row per quarter. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.comp_design.cost.sums import costs_of, priced_quarters
from salesops_lib.measures.tidy import tidy

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters
    from salesops_lib.periods import Period


@tidy
def cost_of_sales(crm: Crm, *, period: Period, parameters: Parameters, n_quarters: int = 5) -> pd.DataFrame:
    """What each unit of bookings cost in pay, for the quarter to date and the quarters before it.

    One row per quarter with a plan, oldest first; each is priced with the plan in force then. Base and incentives of
    reps and incentives of managers are in it, managers' base pay is not.

    Args:
        crm: Needs ``quotas``.
        period: The quarter that holds its end is the last one, to date while it runs.
        parameters: Hold the plans.
        n_quarters: Quarters shown.

    Returns:
        period (str): Label of the quarter.
        period_name (str): The quarter, for readers.
        plan (str): Plan in force.
        n_reps (int): Reps with incentive pay, managers left out.
        n_not_paid (int): People of whom the plan does not say what they earned; their bookings are in it.
        bookings_amount (float): Bookings of the company.
        base_amount (float): Fixed pay of reps by days employed; missing for fewer than three reps, like what follows.
        incentive_amount (float): Incentives of reps and managers.
        lead_incentive_amount (float): Managers' part of it; missing for fewer than three managers.
        cost_amount (float): Base and incentives.
        cost_of_sales_rate (float): Cost / bookings; missing without bookings.
        next_unit_cost_rate (float): Incentive pay for each further unit of bookings, were everybody to book 1 % more.
        is_partial (bool): The quarter had not ended on the day the data speaks of.
    """
    return costs_of(crm, priced_quarters(crm, period, parameters, n_quarters))
