"""Attainment of teams and reps: who reached the goal, and how far could luck alone have moved it?

Tables in: ``reps``, ``opportunities``, ``credits``; ``quotas``, ``teams`` and ``team_members`` where present.
Tables out: one row per team or rep. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures import attainment, booked_in, bookings, win_rates
from salesops_lib.measures.goals import goals_without_team
from salesops_lib.measures.names import NO_TEAM, teams_named, teams_of_reps
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.goals.against_goal.counts import monthly_bookings
from salesops_lib.performance_visibility.people import employed_reps
from salesops_lib.performance_visibility.windows import last_months, months_to, report_month
from salesops_lib.periods import Period
from salesops_lib.statistics.intervals import sum_interval
from salesops_lib.statistics.sums_and_medians import reach_probability

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

Span = Literal["month", "quarter", "year"]


@tidy
def attainment_by_team(crm: Crm, *, period: Period, span: Span = "quarter", confidence: float) -> pd.DataFrame:
    """Each team's bookings against its goal.

    One row per team with bookings or a goal, teams in order of attainment, then what belongs to no team, then teams
    made of other teams. Teams below no other and what belongs to none add up to the company's bookings, and to its goal
    where that is their sum.

    Args:
        crm: Needs ``reps``, ``opportunities`` and ``teams``.
        period: What is reported.
        span: The period that holds the report month whose goal counts, to date while it runs.
        confidence: Coverage of the range of luck.

    Returns:
        team_id (str): Key; missing for what belongs to no team.
        name (str): Name of the team.
        is_group (bool): The team is made of other teams; its bookings are theirs once more.
        period (str): Label of the period.
        period_name (str): Name for readers.
        bookings_amount (float): Credited amount won in the period so far.
        n_won (int): Deals won.
        quota_amount (float): Goal of the whole period; missing where none is set or a member lacks one. Without a team
            what reps' goals have for their days in none.
        attainment_rate (float): Bookings / goal; missing, like what follows of it, for what belongs to no team.
        attainment_rate_low (float): Lower end of the range that the number and size of deals leaves to luck.
        attainment_rate_high (float): Upper end.
        gap_amount (float): Goal less bookings; negative once beaten.
        pace_rate (float): Attainment / share of selling days passed.
        reach_rate (float, 0-1): Probability of reaching the goal at the pace so far; missing once the period is over.
        elapsed_rate (float, 0-1): Selling days passed / selling days of the period.
        is_partial (bool): The period had not ended on the day the data speaks of.

    Source:
        Range: gamma interval of Fay and Feuer (1997) for a sum of amounts.
    """
    crm.need("teams")
    chosen = _chosen(crm, period, span)
    parent = crm.fetch(crm.teams.select("team_id", "parent_team_id")).set_index("team_id")["parent_team_id"]
    rows = attainment(crm, [chosen], level="team").merge(_spread(crm, chosen, "team_id"), on="team_id", how="left")
    rows = rows.assign(name=teams_named(crm, rows["team_id"]), is_group=rows["team_id"].isin(parent.dropna()))
    top = rows[rows["team_id"].map(parent).isna()]
    rows = pd.concat([_with_luck(rows, confidence), _without_team(crm, chosen, top)], ignore_index=True)
    rows = rows.assign(period_name=crm.calendar.title(chosen))
    order = ["is_group", "is_rest", "attainment_rate", "bookings_amount"]
    rows = rows.assign(is_rest=rows["team_id"].isna())
    return rows.sort_values(order, ascending=[True, True, False, False], kind="stable")


@tidy
def attainment_by_rep(
    crm: Crm, *, period: Period, span: Span = "quarter", n_months: int = 12, confidence: float
) -> pd.DataFrame:
    """Each rep's bookings against goal, with win rate and the trend of bookings.

    One row per rep with bookings or a goal in the period, or employed in it without either, best attainment first,
    reps without a goal last. Managers are listed only where they booked: their quota may be the team's.

    Args:
        crm: Needs ``reps`` and ``opportunities``; goals come from ``quotas`` where present.
        period: What is reported.
        span: The period that holds the report month whose goal counts, to date while it runs.
        n_months: Months of the trend and of the win rate, ending with the report month.
        confidence: Coverage of the intervals.

    Returns:
        rep_id (str): Key.
        name (str): Name of the rep.
        team (str): Name of the rep's team at the end of the period, or of the last one before; missing without one.
        is_manager (bool): Manages a team, or has a manager's role.
        period (str): Label of the period.
        period_name (str): Name for readers.
        bookings_amount (float): Credited amount won in the period so far.
        n_won (int): Deals with credit won.
        quota_amount (float): Goal of the whole period; missing where none is set.
        attainment_rate (float): Bookings / goal.
        attainment_rate_low (float): Lower end of the range that the number and size of deals leaves to luck.
        attainment_rate_high (float): Upper end.
        gap_amount (float): Goal less bookings; negative once beaten.
        pace_rate (float): Attainment / share of selling days passed.
        reach_rate (float, 0-1): Probability of reaching the goal at the pace so far; missing once the period is over.
        n_closed (int): Own deals won or lost in the months of the trend; 0 where nobody lost any.
        win_rate (float, 0-1): Share of them won.
        win_rate_low (float, 0-1): Lower end of its interval.
        win_rate_high (float, 0-1): Upper end.
        trend (list of float): Bookings by month, oldest first.
        is_partial (bool): The period had not ended on the day the data speaks of.

    Source:
        Range: gamma interval of Fay and Feuer (1997); interval of the win rate: Wilson (1927).
    """
    chosen = _chosen(crm, period, span)
    month = report_month(crm.calendar, period, crm.as_of)
    window = last_months(crm.calendar, month, n_months)
    rows = attainment(crm, [chosen], level="rep")
    rows = _listed_reps(crm, chosen, rows).merge(rows, on="rep_id", how="left")
    rows = rows.merge(_spread(crm, chosen, "rep_id"), on="rep_id", how="left")
    rates = win_rates(crm, window, by=["rep_id"], confidence=confidence)
    # A source that never records a loss would show 100% for everyone.
    rates = rates if rates["n_closed"].sum() > rates["n_won"].sum() else rates.head(0)
    rates = rates[["rep_id", "n_closed", "win_rate", "win_rate_low", "win_rate_high"]]
    rows = rows.merge(rates, on="rep_id", how="left").assign(
        period=chosen.label,
        period_name=crm.calendar.title(chosen),
        is_partial=crm.as_of < chosen.end,
        bookings_amount=rows["bookings_amount"].astype(float).fillna(0.0),
        n_won=rows["n_won"].fillna(0).astype(int),
    )
    rows = _with_luck(rows, confidence)
    rows = rows.assign(
        n_closed=rows["n_closed"].fillna(0).astype(int),
    )
    months = [each.label for each in months_to(crm.calendar, month, n_months)]
    rows["trend"] = pd.Series(_trends(crm, rows["rep_id"], window, months), index=rows.index, dtype=object)
    order = ["attainment_rate", "bookings_amount", "name", "rep_id"]
    return rows.sort_values(order, ascending=[False, False, True, True], kind="stable")


def _chosen(crm: Crm, period: Period, span: Span) -> Period:
    month = report_month(crm.calendar, period, crm.as_of)
    return crm.calendar.containing(min(crm.as_of, month.end), span)


def _spread(crm: Crm, chosen: Period, key: str) -> pd.DataFrame:
    """Sum of squares and largest of the credited amounts won, per key."""
    rows = booked_in(crm, chosen).mutate(value=_.credited_amount.cast("float64"))
    rows = rows.filter(rows[key].notnull()).group_by(key)
    return crm.fetch(rows.agg(squares=(_.value * _.value).sum(), largest=_.value.max()).order_by(key))


def _with_luck(rows: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Add the range of attainment that number and size of the deals leave to luck, and the odds of the goal."""
    low, high = sum_interval(rows["bookings_amount"], rows["squares"], rows["largest"], confidence=confidence)
    quota = rows["quota_amount"].astype(float).where(rows["quota_amount"] > 0)
    odds = reach_probability(rows["bookings_amount"], rows["squares"], rows["n_won"], quota, rows["elapsed_rate"])
    return rows.assign(attainment_rate_low=low / quota, attainment_rate_high=high / quota, reach_rate=odds)


def _without_team(crm: Crm, chosen: Period, top: pd.DataFrame) -> pd.DataFrame:
    """Bookings and goals that belong to no team, as a row of their own: with the top teams they are the company's."""
    company = bookings(crm, chosen).iloc[0]
    rest = round(float(company["bookings_amount"]) - float(top["bookings_amount"].sum()), 2)
    goal = goals_without_team(crm, [chosen])["quota_amount"]
    if rest == 0 and goal.empty:
        return top.head(0)
    unplaced = booked_in(crm, chosen).filter(_.team_id.isnull())
    n_won = int(crm.fetch(unplaced.agg(n=_.opportunity_id.nunique()))["n"].iloc[0])
    return pd.DataFrame(
        {
            "name": [NO_TEAM], "is_group": [False], "period": [chosen.label], "bookings_amount": [rest],
            "n_won": [n_won], "quota_amount": [goal.iloc[0] if len(goal) else float("nan")],
            "elapsed_rate": [crm.calendar.elapsed_share(chosen, crm.as_of)], "is_partial": [crm.as_of < chosen.end],
        }
    )  # fmt: skip


def _listed_reps(crm: Crm, chosen: Period, rows: pd.DataFrame) -> pd.DataFrame:
    """Reps to list with name and team: those employed and those with bookings or a goal, managers with bookings."""
    who = employed_reps(crm, chosen)
    booked = who["rep_id"].isin(rows.loc[rows["bookings_amount"] != 0, "rep_id"])
    with_goal = who["rep_id"].isin(rows.loc[rows["quota_amount"].notna(), "rep_id"])
    who = who[who["is_seller"] | booked | (with_goal & ~who["is_manager"])].drop(columns="is_seller")
    return who.assign(team=who["rep_id"].map(teams_of_reps(crm, min(crm.as_of, chosen.end))["team_name"]))


def _trends(crm: Crm, rep_ids: pd.Series[str], window: Period, months: list[str]) -> list[list[float]]:
    cells = monthly_bookings(crm, window, by=["rep_id"])
    table = cells.pivot_table(index="rep_id", columns="month", values="bookings_amount", aggfunc="sum")
    table = table.reindex(index=list(rep_ids), columns=months).fillna(0.0)
    return [[float(value) for value in row] for row in np.asarray(table)]
