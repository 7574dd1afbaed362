"""Words for the cost of sales."""

from __future__ import annotations

import pandas as pd

from salesops_lib.comp_design.phrases import if_partial, nobody_paid, per_hundred, to_date
from salesops_lib.wording import Finding, count, money, percent, points


def describe_cost_of_sales(quarters: pd.DataFrame) -> Finding:
    """Say what each 100 of bookings cost, what the next 100 cost, and how that compares."""
    shown = quarters.dropna(subset="cost_of_sales_rate")
    if shown.empty or shown.iloc[-1]["period"] != quarters.iloc[-1]["period"]:
        return nobody_paid()
    last = shown.iloc[-1]
    hundred = money(100)
    cost = per_hundred(last["cost_of_sales_rate"])
    title = f"Each {hundred} of bookings cost {cost} in pay in {to_date(shown)}"
    managers = ""
    if pd.notna(last["lead_incentive_amount"]):
        managers = f", {money(last['lead_incentive_amount'])} of it managers'"
    left_out = ""
    if last["n_not_paid"]:
        left_out = f" Incentives of {count(last['n_not_paid'], 'person', 'people')} without a payout are not in it."
    text = (
        f"Base pay of reps was **{money(last['base_amount'])}** and incentives **{money(last['incentive_amount'])}**"
        f"{managers}, on bookings of {money(last['bookings_amount'])}.{_change(shown)} The next {hundred} would cost "
        f"**{per_hundred(last['next_unit_cost_rate'])}** in incentives, as base pay is paid already.{left_out}"
        f"{if_partial(shown)}"
    )
    dearer = bool(last["next_unit_cost_rate"] > last["cost_of_sales_rate"])
    return Finding(title, text, status="watch" if dearer else "note", stake=float(last["cost_amount"]))


def _change(quarters: pd.DataFrame) -> str:
    """Against the quarter before; a quarter that still runs is not compared with a whole one."""
    if len(quarters) < 2 or bool(quarters["is_partial"].iloc[-1]):
        return ""
    before, last = quarters.iloc[-2], quarters.iloc[-1]
    change = last["cost_of_sales_rate"] - before["cost_of_sales_rate"]
    return (
        f" In {before['period_name']} the cost of sales was {percent(before['cost_of_sales_rate'], 1)}, now "
        f"{percent(last['cost_of_sales_rate'], 1)} ({points(change)})."
    )
