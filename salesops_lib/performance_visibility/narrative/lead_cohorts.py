"""Words for lead cohorts."""

from __future__ import annotations

import pandas as pd

from salesops_lib.performance_visibility.narrative.duties import month_name
from salesops_lib.wording import Finding, Status, count, number, percent


def describe_lead_cohorts(rows: pd.DataFrame) -> Finding:
    """Say what became of the latest mature month against those before, and which months are too young to judge."""
    if rows.empty:
        return Finding("No month of leads to follow", "No lead arrived in these months.", is_headline=False)
    months = list(rows["month"].unique())
    shortest = rows["days"].min()
    ripe = rows[rows["is_mature"] & (rows["days"] == shortest)]
    young = [month for month in months if month not in set(ripe["month"])]
    them = "it" if len(young) == 1 else "them"
    too_young = f" {_listed(young)} too young: no fall is claimed from {them}." if young else ""
    if ripe.empty:
        text = f"No month's leads have all had {shortest} days.{too_young}"
        return Finding("Every month of leads is too young to judge", text, is_headline=False)
    last = ripe.iloc[-1]
    text = (
        f"Of {count(last['n_leads'], 'lead')} of {month_name(last['month'])}, **{percent(last['converted_rate'])}** "
        f"were deals after {number(shortest)} days ({percent(last['converted_rate_low'])} to "
        f"{percent(last['converted_rate_high'])})"
    )
    status: Status = "note"
    if pd.notna(last["before_rate"]):
        is_lower = bool(last["is_changed"] and last["converted_rate"] < last["before_rate"])
        status = "watch" if is_lower else "note"
        text += (
            f"; over the earlier mature months it was {percent(last['before_rate'])}: "
            f"{'beyond' if last['is_changed'] else 'within'} chance"
        )
    nobody = rows.drop_duplicates("month")["n_unassigned"].sum()
    owner = f" {count(nobody, 'lead')} of all these months have no owner." if nobody else ""
    title = f"{percent(last['converted_rate'])} of {month_name(last['month'])}'s leads were deals after {shortest} days"
    return Finding(title, f"{text}.{owner}{too_young}", status, is_headline=False)


def _listed(months: list[str]) -> str:
    names = [month_name(month) for month in months]
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}"
