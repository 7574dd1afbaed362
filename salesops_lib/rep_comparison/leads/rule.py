"""The rule for sharing out leads: who is in the pool, for how long, and what share of the leads is fair.

Tables in: ``reps`` and, where present, ``team_members`` of a ``Crm``. Tables out: one row per rep and fiscal month in
the pool with the fair share of the leads that the pool got in that month.

The pool is found in the data: everyone in the seat whose role, team and segment got at least one lead in the window,
managers left out. Someone without a lead belongs to it as soon as their peers got leads.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd
from ibis import _

from salesops_lib.rep_comparison.cells import MONTH
from salesops_lib.rep_comparison.people import people

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters.rep_comparison import LeadSharing
    from salesops_lib.periods import Period

JOINER_DAYS = 180
"""Days since the first one in sales within which fewer leads may be meant, as a ramp would have it (our choice)."""
ONE_POOL = "All in the pool"
_MONTH_DAYS = 365.25 / 12
_PEERS = ["role", "team_id", "segment"]


def lead_seats(
    crm: Crm,
    window: Period,
    got: pd.DataFrame,
    declared: LeadSharing,
) -> pd.DataFrame:
    """Who could have got leads in each fiscal month, and the share that the rule gives them.

    One row per rep and fiscal month with a day in the seat, by key and month. The territory is the team (the region
    where no team is recorded) and the segment. The data knows a rep's segment of today only: for a team that the rep
    has left since, it holds if others there share it, else the team's commonest does.

    Args:
        crm: Needs ``reps``.
        window: The days looked at.
        got: Leads counted, one row per ``rep_id`` and ``month`` with ``n_leads``.
        declared: How leads are meant to be shared. Without a ramp nobody knows how many leads a joiner is meant to get,
            and joiners stay outside the pool in their first half year.

    Returns:
        rep_id (str): Key.
        month (str): Fiscal month.
        territory (str): Team and segment, or everyone, among whom the rule shares.
        days (float): Days in the seat, by weight and ramp where these are given.
        share_rate (float, 0-1): Part of the territory's leads of the month that is fair.
    """
    everyone = people(crm, window)
    rows = _seat_months(crm, window, everyone[~everyone["is_manager"]], declared.ramp)
    rows = rows.assign(segment=_segments(rows))
    leads = rows[["rep_id", MONTH]].merge(got, how="left", on=["rep_id", MONTH])["n_leads"].fillna(0).to_numpy()
    peers = rows.assign(n_leads=leads).groupby(_PEERS)["n_leads"].transform("sum")
    rows = rows[peers > 0]
    rows = rows.assign(territory=_territories(rows, everyone))
    if declared.rule == "weighted":
        rows = rows.assign(days=rows["days"] * rows["rep_id"].map(declared.weights).astype(float).fillna(0.0))
    if declared.rule != "territory":
        rows = rows.assign(territory=ONE_POOL)
    rows = rows[rows["days"] > 0]
    rows = rows.assign(share_rate=rows["days"] / rows.groupby([MONTH, "territory"])["days"].transform("sum"))
    columns = ["rep_id", MONTH, "territory", "days", "share_rate"]
    return rows.sort_values(["rep_id", MONTH], kind="stable")[columns].reset_index(drop=True)


def _seat_months(crm: Crm, window: Period, sellers: pd.DataFrame, ramp: Sequence[Decimal] | None) -> pd.DataFrame:
    """One row per rep and month with days in the seat, role, team of most of those days and segment."""
    reps = crm.fetch(
        crm.reps.select(
            "rep_id", "started_on", "ended_on", segment=_.segment.fill_null(""), region=_.region.fill_null("")
        )
    )
    reps = reps[reps["rep_id"].isin(sellers.index)].merge(sellers[["role"]], left_on="rep_id", right_index=True)
    months = crm.calendar.between(window.start, window.end, "month")
    calendar = pd.DataFrame(
        {
            MONTH: [month.label for month in months],
            "first": pd.to_datetime([max(month.start, window.start) for month in months]),
            "last": pd.to_datetime([min(month.end, window.end) for month in months]),
        }
    )
    rows = reps.merge(calendar, how="cross")
    rows = _within(rows, rows["started_on"], rows["ended_on"])
    rows = rows.assign(days=rows["days"] * _load(rows, ramp))
    return _with_team(crm, rows[rows["days"] > 0])


def _within(rows: pd.DataFrame, start: pd.Series[pd.Timestamp], end: pd.Series[pd.Timestamp]) -> pd.DataFrame:
    """``first`` and ``last`` no earlier than ``start`` and no later than ``end``; ``days`` between them."""
    first = rows["first"].where(~(start > rows["first"]), start)
    last = rows["last"].where(~(end < rows["last"]), end)
    return rows.assign(first=first, last=last, days=((last - first).dt.days + 1).clip(lower=0).astype(float))


def _load(rows: pd.DataFrame, ramp: Sequence[Decimal] | None) -> pd.Series[float]:
    """Share of a full load in the middle of the month's days; full where the first day in sales is not recorded."""
    middle = rows["first"] + (rows["last"] - rows["first"]) / 2
    days = (middle - rows["started_on"]).dt.days
    if ramp is None:
        return (days.isna() | (days >= JOINER_DAYS)).astype(float)
    tenure = days / _MONTH_DAYS
    place = tenure.fillna(len(ramp)).clip(0, len(ramp)).astype(int)
    return place.map(dict(enumerate([*map(float, ramp), 1.0]))).astype(float)


def _with_team(crm: Crm, rows: pd.DataFrame) -> pd.DataFrame:
    """Add ``team_id``, the region without one, and ``is_current``: the rep's last team begun."""
    rows = rows.assign(team_id="", is_current=True)
    if crm.has("team_members"):
        stays = crm.fetch(crm.team_members.select("rep_id", "from_on", "to_on", stay_id=_.team_id))
        stays = stays.sort_values(["rep_id", "from_on"], na_position="first", kind="stable")
        stays = stays.assign(is_last=~stays.duplicated("rep_id", keep="last"))
        there = rows[["rep_id", MONTH, "first", "last"]].merge(stays, on="rep_id")
        there = _within(there, there["from_on"], there["to_on"])
        there = there[there["days"] > 0].sort_values("days", kind="stable")
        most = there.drop_duplicates(["rep_id", MONTH], keep="last")
        found = rows[["rep_id", MONTH]].merge(most, how="left", on=["rep_id", MONTH])
        team, is_last = found["stay_id"].fillna(""), found["is_last"].astype("boolean").fillna(True)
        rows = rows.assign(team_id=team.to_numpy(), is_current=is_last.to_numpy(bool))
    return rows.assign(team_id=rows["team_id"].where(rows["team_id"] != "", rows["region"]))


def _segments(rows: pd.DataFrame) -> pd.Series[str]:
    """The segment each rep sold to in each month, as far as that of today can tell."""
    sharing = rows.groupby([MONTH, "team_id", "segment"])["rep_id"].transform("size")
    is_known = rows["is_current"] | (sharing > 1)
    counts = rows[is_known].groupby([MONTH, "team_id", "segment"]).size().rename("n").reset_index()
    counts = counts.sort_values(["n", "segment"], ascending=[False, True], kind="stable")
    usual = counts.drop_duplicates([MONTH, "team_id"])[[MONTH, "team_id", "segment"]]
    others = rows[[MONTH, "team_id"]].merge(usual, how="left", on=[MONTH, "team_id"])["segment"].to_numpy()
    return rows["segment"].where(is_known | pd.isna(others), others).astype(str)


def _territories(rows: pd.DataFrame, everyone: pd.DataFrame) -> pd.Series[str]:
    """Names of the territories; the segment stands behind the team where those in the pool sell to several."""
    teams = everyone[everyone["team_id"] != ""].drop_duplicates("team_id").set_index("team_id")["team_name"]
    name = rows["team_id"].map(dict(teams)).astype(object).fillna(rows["team_id"]).astype(str)
    several = (rows.groupby("team_id")["segment"].transform("nunique") > 1) & (rows["segment"] != "")
    spelt = name.where(~several, name + ", " + rows["segment"]).where(name != "", rows["segment"])
    return spelt.replace("", ONE_POOL)
