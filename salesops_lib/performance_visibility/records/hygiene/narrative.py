"""Words for pipeline hygiene."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row, first_of, last_of
from salesops_lib.wording import Action, Finding, Status, bold, count, interval, listing, money, number, percent, short

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties


def describe_hygiene_by_rule(rows: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say how many open deals are sound, what is wrong with the others, and what to mend first."""
    clean = last_of(rows)
    if clean is None:
        return Finding("No deal is open", "There is no open deal to look after.", is_headline=False)
    faults = rows.iloc[:-1]
    judged = faults.dropna(subset="n_faults")
    silent = faults[faults["n_faults"].isna()]
    score = float(clean["fault_rate"])
    at_fault = float(clean["open_amount"] - clean["fault_amount"])
    n_at_fault = int(clean["n_open"] - clean["n_faults"])
    found = judged[judged["n_faults"] > 0].sort_values("n_faults", ascending=False, kind="stable")
    text = (
        f"**{number(clean['n_faults'])} of {count(clean['n_open'], 'open deal')}** ({percent(score)}) have no fault"
        f"{f'; the other {number(n_at_fault)} are worth {money(at_fault)} on paper' if n_at_fault else ''}."
    )
    if len(found):
        kinds = [f"{name.lower()} ({number(n)})" for name, n in zip(found["name"], found["n_faults"], strict=True)]
        text += f" Most common: {listing(kinds[:3])}."
    too_old = judged[judged["fault"] == "is_too_old"]
    n_too_old = int(too_old["n_faults"].sum())
    if n_too_old:
        worth = money(too_old["fault_amount"].sum())
        text += f" {count(n_too_old, 'deal')} worth {worth} are older than any deal ever won."
    if len(silent):
        lacks = list(dict.fromkeys(silent["missing"]))
        text += f" {count(len(silent), 'rule')} could not judge; they need {listing(lacks, 6)}."
    limit = duties.threshold("hygiene_score")
    status: Status = "act" if score < limit else "watch" if n_at_fault else "good"
    action = _first_fix(found, duties, limit) if status == "act" and len(found) else None
    title = f"{percent(score)} of open deals are sound; {number(n_at_fault)} of {number(clean['n_open'])} need mending"
    if len(judged) <= len(silent):
        can = f"{number(len(judged))} of {number(len(faults))} rules can judge"
        title = f"{number(n_at_fault)} of {count(clean['n_open'], 'open deal')} need mending; only {can}"
    return Finding(title, text, status, action)


def _first_fix(found: pd.DataFrame, duties: Duties, limit: float) -> Action:
    gravest = first_of(found.sort_index())
    return duties.action(
        f"Mend the list of open deals, first the {count(gravest['n_faults'], 'deal')} that are "
        f"“{gravest['name'].lower()}”: {gravest['fix'][:1].lower()}{gravest['fix'][1:]}.",
        kpi="hygiene_score",
        within=5,
        rule=f"Fewer than {percent(limit)} of open deals without a fault.",
    )


def describe_hygiene_by_team(rows: pd.DataFrame, *, confidence: float) -> Finding:
    """Say how the teams' scores compare, and how much of that is few deals."""
    whole = first_of(rows)
    if whole is None:
        return Finding("No deal is open", "There is no open deal to look after.", is_headline=False)
    teams = rows.iloc[1:]
    text = f"Of {count(whole['n_open'], 'open deal')}, {number(whole['n_clean'])} ({percent(whole['hygiene_score'])}) "
    if len(teams) < 2:
        text += "have no fault; they all belong together, so there is nothing to compare."
        return Finding(f"{percent(whole['hygiene_score'])} of open deals have no fault", text, is_headline=False)
    low, high = first_of(teams), last_of(teams)
    title = (
        f"Hygiene by team runs from {percent(low['hygiene_score'])} ({short(low['name'])}) to "
        f"{percent(high['hygiene_score'])}"
    )
    text += (
        f"have no fault. {bold(low['name'])} has the lowest score: {number(low['n_clean'])} of "
        f"{number(low['n_open'])}, {_between(low, confidence)}; {bold(high['name'])} the highest: "
        f"{number(high['n_clean'])} of {number(high['n_open'])}, {_between(high, confidence)}. "
    )
    if low["hygiene_score_high"] >= high["hygiene_score_low"]:
        text += "The intervals overlap: the teams may not differ at all."
    else:
        text += (
            f"Deals with a fault in {bold(low['name'])} are worth {money(low['fault_amount'])} on paper. "
            "A few owners keep each team's records, so a team's score can be one person's."
        )
    return Finding(title, text, is_headline=False)


def _between(row: Row, confidence: float) -> str:
    return interval(percent(row["hygiene_score_low"]), percent(row["hygiene_score_high"]), confidence)


def describe_hygiene_by_rep(rows: pd.DataFrame) -> Finding:
    """Say how the deals to mend are spread over the reps."""
    if rows.empty:
        return Finding("No rep has an open deal", "There is nothing to look after.", is_headline=False)
    faulty = (rows["n_open"] - rows["n_clean"]).sort_values(ascending=False)
    total = int(faulty.sum())
    if not total:
        return Finding(
            f"None of {count(rows['n_open'].sum(), 'open deal')} has a fault",
            "Every rep's list is clean.",
            "good",
            is_headline=False,
        )
    half = int((faulty.cumsum() < total / 2).sum()) + 1
    n_clean = int((faulty == 0).sum())
    title = f"{number(half)} of {count(len(rows), 'rep')} hold half of the {number(total)} deals to mend"
    text = (
        f"Scores run from {percent(rows['hygiene_score'].min())} to {percent(rows['hygiene_score'].max())}; "
        f"{count(n_clean, 'rep has', 'reps have')} nothing to mend. A score of few open deals moves with every "
        "deal, so read it with its number; old deals were often inherited."
    )
    return Finding(title, text, is_headline=False)


def describe_deals_to_fix(rows: pd.DataFrame, *, most: int = 5000) -> Finding:
    """Say how long the list is and what stands on top of it."""
    if rows.empty:
        return Finding("No deal to mend", "No open deal has a fault that the data can show.", is_headline=False)
    first = first_of(rows)
    listed = f"all {number(len(rows))} open deals with a fault"
    if len(rows) >= most:
        everything = rows.drop_duplicates("rep_id")["n_of_owner"].sum()
        listed = f"every owner's worst, {number(len(rows))} of {number(everything)} open deals with a fault"
    several = int((rows["n_faults"] >= 2).sum())
    amount = "no amount" if pd.isna(first["amount"]) else money(first["amount"])
    many = f"{number(several) if several else 'None'} {'have' if several > 1 else 'has'}"
    text = (
        f"The list holds {listed}, those with most faults first, then by amount. {many} two or "
        f"more. On top stands {first['opportunity_id']} ({amount}): {first['faults']}."
    )
    return Finding(f"{count(len(rows), 'open deal')} to mend, worst first", text, is_headline=False)
