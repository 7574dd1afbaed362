"""Words for lead cohorts: does the latest month that can be judged differ, and which are too young?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row, last_of, least_of, rows_of
from salesops_lib.wording import Action, Finding, Status, count, listing, month_name, number, percent

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties


def describe_lead_cohorts(rows: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say what the latest mature month shows against those before, and of which months nothing can be said yet."""
    if rows.empty:
        return Finding("No lead arrived in these months", "There is nothing to follow.", is_headline=False)
    judged = rows.dropna(subset="p_value")
    gaps = f"{_young(rows)} {_unrecorded(rows)} {_unassigned(rows)}"
    if judged.empty:
        known = last_of(rows[rows["is_mature"] & rows["converted_rate"].notna()])
        told = "" if known is None else f"{_share(known)}; there are too few leads before it to compare with."
        return Finding(
            "Too few leads to compare months of arrival", " ".join(f"{told} {gaps}".split()), is_headline=False
        )
    changed = judged[judged["is_changed"].astype(bool)]
    shown = least_of(changed, "p_value") if len(changed) else least_of(judged, "days")
    is_fallen = bool(len(changed)) and shown["converted_rate"] < shown["before_rate"]
    text = f"{_against(shown)} {_others(judged, shown)} {gaps}"
    status: Status = "watch" if is_fallen else "good"
    action = _action(shown, duties) if is_fallen else None
    return Finding(_title(shown), " ".join(text.split()), status, action, is_headline=is_fallen)


def _title(row: Row) -> str:
    rate, month = percent(row["converted_rate"]), month_name(row["cohort"])
    if not row["is_changed"]:
        return f"{month}: {rate} of leads were deals by day {row['days']}, no change beyond chance"
    way = "fell" if row["converted_rate"] < row["before_rate"] else "rose"
    return (
        f"Leads that became deals by day {row['days']} {way} to {rate} in {month}, from {percent(row['before_rate'])}"
    )


def _share(row: Row) -> str:
    return (
        f"Of {count(row['n_leads'], 'lead')} that arrived in {month_name(row['cohort'])}, "
        f"**{percent(row['converted_rate'], 1)}** were deals by day {row['days']} "
        f"({percent(row['converted_rate_low'])} to {percent(row['converted_rate_high'])})"
    )


def _against(row: Row) -> str:
    verdict = "beyond chance" if row["is_changed"] else "no further apart than chance allows"
    return (
        f"{_share(row)}; of {count(row['n_leads_before'], 'lead')} of the earlier months it was "
        f"{percent(row['before_rate'], 1)}: {verdict}."
    )


def _others(judged: pd.DataFrame, shown: Row) -> str:
    """The other horizons, each with its own latest month."""
    told = [
        f"{percent(row.converted_rate, 1)} by day {row.days} ({month_name(row.cohort)}, before "
        f"{percent(row.before_rate, 1)}{', beyond chance' if row.is_changed else ''})"
        for row in rows_of(judged)
        if row.days != shown["days"]
    ]
    return f"At the other horizons: {listing(told)}." if told else ""


def _young(rows: pd.DataFrame) -> str:
    first = int(rows["days"].min())
    is_young = (rows["days"] == first) & ~rows["is_mature"].astype(bool) & (rows["n_leads"] > 0)
    young = [month_name(label) for label in rows.loc[is_young, "cohort"]]
    if not young:
        return ""
    some = "are" if len(young) > 1 else "is"
    return f"{listing(young)} {some} too young for day {first}; nothing is claimed yet."


def _unrecorded(rows: pd.DataFrame) -> str:
    unknown = rows.loc[~rows["is_on_record"].astype(bool), "cohort"].drop_duplicates()
    if unknown.empty:
        return ""
    return f"{count(len(unknown), 'month')} to {month_name(unknown.iloc[-1])} began before deals are on record."


def _unassigned(rows: pd.DataFrame) -> str:
    once = rows.drop_duplicates("cohort")
    n = int(once["n_unassigned"].sum())
    return f"Nobody owns {number(n)} of all {count(once['n_leads'].sum(), 'lead')} shown." if n else ""


def _action(row: Row, duties: Duties) -> Action:
    return duties.action(
        f"Go through the leads of {month_name(row['cohort'])} step by step and name where they stayed behind.",
        kpi="lead_qualified_rate",
        within=10,
        rule="Fewer leads of the latest mature month became deals in time than of the months before, beyond chance.",
    )
