"""Words for retention."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row, last_of, least_of
from salesops_lib.wording import Finding, Status, bold, count, money, number, percent

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties

NO_LINE = float("-inf")


def describe_retention_by_quarter(rows: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say what a year has made of last year's customers, and how that stands against a year before."""
    last = last_of(rows)
    if last is None:
        text = "No customer has had recurring revenue for a year."
        return Finding("Retention cannot be told yet", text, is_headline=False)
    title = f"Net retention is {percent(last['net_retention_rate'])}, gross {percent(last['gross_retention_rate'])}"
    text = (
        f"Of {money(last['start_amount'])} recurring revenue from {count(last['n_customers'], 'customer')} a year ago, "
        f"{money(last['contraction_amount'])} was given up and {money(last['churn_amount'])} left: "
        f"**{percent(last['gross_retention_rate'], 1)}** is still there "
        f"({_ends(last, 'gross_retention_rate')}). With {money(last['expansion_amount'])} added it is "
        f"**{percent(last['net_retention_rate'], 1)}** ({_ends(last, 'net_retention_rate')}). "
        f"{number(last['n_churned'])} customers left, {percent(last['logo_churn_rate'], 1)} "
        f"({_ends(last, 'logo_churn_rate')}).{_a_year_before(rows)}"
    )
    limit = duties.threshold("net_retention", NO_LINE)
    status: Status = "note"
    action = None
    if last["net_retention_rate"] < limit:
        # Off beyond doubt only where the whole interval is.
        status = "act" if last["net_retention_rate_high"] < limit else "watch"
        action = duties.action(
            "Call the customers whose revenue shrank or left, largest first, and ask why.",
            kpi="net_retention",
            within=10,
            rule=f"Net retention is below {percent(limit)}.",
        )
    stake = float(last["churn_amount"] + last["contraction_amount"]) if action else 0.0
    return Finding(title, text, status, action, stake=stake, is_headline=action is not None)


def _ends(row: Row, name: str) -> str:
    if pd.isna(row[f"{name}_low"]):
        return "too few customers for an interval"
    return f"{percent(row[f'{name}_low'], 1)} to {percent(row[f'{name}_high'], 1)}"


def _a_year_before(rows: pd.DataFrame) -> str:
    if len(rows) < 5:
        return ""
    then = rows.iloc[-5]
    return (
        f" A year before, net retention was {percent(then['net_retention_rate'], 1)} and "
        f"{percent(then['logo_churn_rate'], 1)} of {count(then['n_customers'], 'customer')} left."
    )


def describe_retention_by_segment(rows: pd.DataFrame) -> Finding:
    """Say which segment keeps least, and that the intervals must be read."""
    parts = rows.iloc[1:] if len(rows) else rows
    if len(parts) < 2:
        return Finding("There are no segments to compare", "Customers have no segment, or all one.", is_headline=False)
    least = least_of(parts, "net_retention_rate")
    overlap = least["net_retention_rate_high"] >= parts["net_retention_rate_low"].max()
    doubt = "The intervals overlap, so chance may be all there is." if overlap else "Its interval lies below another's."
    text = (
        f"{bold(least['segment'])} keeps least: {percent(least['net_retention_rate'], 1)} net "
        f"({_ends(least, 'net_retention_rate')}) and {percent(least['gross_retention_rate'], 1)} gross, from "
        f"{count(least['n_customers'], 'customer')}. {doubt}"
    )
    return Finding(f"{least['segment']} has the lowest net retention", text, is_headline=False)
