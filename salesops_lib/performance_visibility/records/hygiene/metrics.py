"""Pipeline hygiene: which open deals are not what the system says, whose are they, and what mends them?

Tables in: ``opportunities`` and ``reps``; ``visits``, ``spans``, ``accounts``, teams where present.
Tables out: one row per rule, rep or deal. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import how_many, total
from salesops_lib.measures.names import teams_named, teams_of_reps
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.records.hygiene.faults import FAULTS, flagged_deals, judged_faults
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

_KEYS = [fault.key for fault in FAULTS]
ALL = "All open deals"
"""Name of the row over all teams."""


@tidy
def hygiene_by_rule(crm: Crm) -> pd.DataFrame:
    """How many open deals break each rule of pipeline hygiene, and how many break none.

    One row per rule, gravest first, then one row for the deals without any fault; none where no deal is open. A deal
    may break several rules.

    Args:
        crm: Needs ``opportunities``; some rules need a ``stage_history``, next steps or expected close dates.

    Returns:
        fault (str): Key of the rule; ``is_clean`` for deals without a fault.
        name (str): What is wrong.
        n_open (int): Open deals.
        n_faults (int): Open deals with the fault; missing where the data cannot say.
        fault_rate (float, 0-1): Share of the open deals with the fault.
        fault_amount (float): Amounts of those deals, where stated.
        open_amount (float): Amounts of all open deals, where stated.
        fix (str): What mends it.
        missing (str): What the data would need for the rule; empty where it judges.
    """
    judged = judged_faults(crm)
    rows = flagged_deals(crm, judged)
    rows = rows.mutate(is_clean=rows.n_faults == 0)
    sums = {"n_open": _.count(), "open_amount": total(_.amount)}
    for key in [*_KEYS, "is_clean"]:
        sums[f"n_{key}"] = how_many(rows[key])
        sums[f"amount_{key}"] = total(ibis.ifelse(rows[key], rows.amount, 0))
    counts = crm.fetch(rows.agg(**sums)).iloc[0]
    n_open = int(counts["n_open"])
    table = [
        {
            "fault": key,
            "name": name,
            "n_open": n_open,
            "n_faults": int(counts[f"n_{key}"]) if is_judged else pd.NA,
            "fault_rate": counts[f"n_{key}"] / n_open if n_open and is_judged else float("nan"),
            "fault_amount": float(counts[f"amount_{key}"]) if is_judged else float("nan"),
            "open_amount": float(counts["open_amount"]),
            "fix": fix,
            "missing": "" if is_judged else needs,
        }
        for key, name, fix, needs, is_judged in [
            *((each.key, each.name, each.fix, each.needs, each.key in judged) for each in FAULTS),
            ("is_clean", "No fault", "", "", True),
        ]
    ]  # fmt: skip
    return pd.DataFrame(table).astype({"n_faults": "Int64"}).head(len(table) if n_open else 0)


@tidy
def hygiene_by_rep(crm: Crm) -> pd.DataFrame:
    """Each rep's open deals and the share of them without a fault.

    One row per rep with open deals, the lowest score first.

    Args:
        crm: Needs ``reps`` and ``opportunities``.

    Returns:
        rep_id (str): Key.
        name (str): Name of the rep.
        team (str): Name of the rep's team; missing without one.
        n_open (int): Open deals the rep owns.
        n_clean (int): Those without any fault.
        hygiene_score (float, 0-1): Clean / open.
        fault_amount (float): Amounts of the deals with a fault, where stated.
        n_too_old (int): Older than the longest cycle that ever ended in a win.
        n_twin (int): Perhaps entered twice.
        n_overdue (int): Close date has passed.
        n_stuck (int): Longer in the stage than nine in ten stays.
        n_pushed (int): Close date pushed more than twice.
        n_no_amount (int): No amount, or 0, past the second stage.
        n_no_next_step (int): No next step.
    """
    rows = flagged_deals(crm, judged_faults(crm))
    counts = {_count_name(key): how_many(rows[key]) for key in _KEYS}
    is_clean = rows.n_faults == 0
    sums = rows.group_by("rep_id").agg(
        n_open=_.count(),
        n_clean=how_many(is_clean),
        fault_amount=total(ibis.ifelse(is_clean, 0, rows.amount)),
        **counts,
    )
    reps = crm.reps.select(rep=_.rep_id, name=_.name)
    table = crm.fetch(sums.left_join(reps, sums.rep_id == reps.rep).order_by("rep_id"))
    table = table.assign(
        team=table["rep_id"].map(teams_of_reps(crm, crm.as_of)["team_name"]).astype(object),
        hygiene_score=table["n_clean"] / table["n_open"],
    )
    order = ["hygiene_score", "n_open", "rep_id"]
    return table.sort_values(order, ascending=[True, False, True])


def _count_name(key: str) -> str:
    return "n_" + key.removeprefix("is_").removeprefix("has_")


@tidy
def hygiene_by_team(crm: Crm, *, confidence: float) -> pd.DataFrame:
    """Open deals of the company and of each team, and the share of them without a fault.

    One row over all open deals, then one per team with open deals, the lowest score first; none where no deal is open.
    A deal belongs to the team of its owner now; the teams add up to the first row, which is counted, not averaged.

    Args:
        crm: Needs ``opportunities``; teams come from ``team_members`` and ``teams``.
        confidence: Coverage of the interval.

    Returns:
        team_id (str): Key; missing for all deals and for deals without a team.
        name (str): Name of the team.
        n_open (int): Open deals.
        n_clean (int): Those without any fault.
        hygiene_score (float, 0-1): Clean / open.
        hygiene_score_low (float, 0-1): Lower end of its interval.
        hygiene_score_high (float, 0-1): Upper end.
        open_amount (float): Amounts of the open deals, where stated.
        fault_amount (float): Amounts of those with a fault.

    Source:
        Interval of Wilson (1927).
    """
    crm.need("team_members", "teams")
    rows = flagged_deals(crm, judged_faults(crm))
    is_clean = rows.n_faults == 0
    sums = rows.group_by("team_id").agg(
        n_open=_.count(),
        n_clean=how_many(is_clean),
        open_amount=total(_.amount),
        fault_amount=total(ibis.ifelse(is_clean, 0, rows.amount)),
    )
    parts = crm.fetch(sums.order_by("team_id"))
    parts = parts.assign(name=teams_named(crm, parts["team_id"]))
    measures = ["n_open", "n_clean", "open_amount", "fault_amount"]
    whole = parts[measures].sum().to_frame().T.assign(team_id=None, name=ALL)
    table = pd.concat([whole, parts], ignore_index=True).astype({"n_open": int, "n_clean": int})
    table = with_rate(table, "n_clean", "n_open", "hygiene", confidence=confidence)
    table = table.rename(columns=lambda name: name.replace("hygiene_rate", "hygiene_score"))
    table = table.assign(is_part=table["name"] != ALL)
    table = table.sort_values(["is_part", "hygiene_score", "name"], kind="stable")
    return table.head(len(table) if len(parts) else 0)


@tidy
def deals_to_fix(crm: Crm, *, most: int = 5000) -> pd.DataFrame:
    """The open deals with a fault, worst first, and what to do about each.

    One row per deal, those with the most faults first, then by amount. Where there are more than ``most``, every owner
    loses the mildest ones first, so that nobody's list ends up empty.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        most: Deals listed; the counts by rule and rep are over all of them.

    Returns:
        opportunity_id (str): Key.
        account (str): Name of the account; missing without one.
        rep_id (str): Owner.
        rep_name (str): Name of the owner.
        team (str): Name of the owner's team; missing without one.
        stage (str): Stage.
        amount (float): Amount; missing where none is stated.
        age_days (float): Days since creation; missing without a creation date.
        stage_days (float): Days in the stage; missing without a stage history.
        expected_close_on (date): Expected close date.
        next_step (str): Next step as written down; missing without one.
        twin_id (str): The deal that it may have been entered for before; missing for others.
        n_faults (int): Faults.
        faults (str): What is wrong, gravest first; the rules by name are in the section above.
        fix (str): What to do about the gravest.
        n_of_owner (int): Open deals with a fault that the owner has, listed or not.
    """
    rows = flagged_deals(crm, judged_faults(crm)).filter(_.n_faults > 0)
    reps = crm.reps.select(rep=_.rep_id, rep_name=_.name)
    rows = rows.left_join(reps, rows.rep_id == reps.rep).mutate(rep_name=_.rep_name.coalesce(_.rep_id))
    if crm.has("accounts"):
        accounts = crm.accounts.select(account_key=_.account_id, account=_.name)
        rows = rows.left_join(accounts, rows.account_id == accounts.account_key)
    else:
        rows = rows.mutate(account=ibis.null("string"))
    rows = rows.mutate(size=rows.amount.fill_null(0), value=rows.amount.cast("float64"))
    worst = [ibis.desc("n_faults"), ibis.desc("size"), ibis.desc("age_days"), ibis.asc("opportunity_id")]
    of_owner = ibis.window(group_by="rep_id")
    rows = rows.mutate(
        place=ibis.row_number().over(ibis.window(group_by="rep_id", order_by=worst)),
        n_of_owner=_.count().over(of_owner),
    )
    shown = rows.order_by(["place", *worst]).limit(most).order_by(worst)
    table = crm.fetch(shown.select(*_FETCHED, *_KEYS)).rename(columns={"value": "amount"})
    named = {fault.key: fault for fault in FAULTS}
    found = [[named[key] for key in _KEYS if row[key]] for row in table[_KEYS].to_dict("records")]
    return table.assign(
        team=table["rep_id"].map(teams_of_reps(crm, crm.as_of)["team_name"]).astype(object),
        # Where twins say nothing the key of one would mislead.
        twin_id=table["twin_id"].where(table["is_twin"]),
        age_days=table["age_days"].astype(float),
        stage_days=table["stage_days"].astype(float),
        faults=pd.Series([", ".join(each.brief for each in own) for own in found], dtype=object),
        fix=pd.Series([own[0].fix for own in found], dtype=object),
    )


_FETCHED = [
    "opportunity_id", "account", "rep_id", "rep_name", "stage", "value", "age_days", "stage_days", "expected_close_on",
    "next_step", "twin_id", "n_faults", "n_of_owner",
]  # fmt: skip
