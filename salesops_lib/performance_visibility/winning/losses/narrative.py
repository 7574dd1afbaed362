"""Words for losses and for what is won."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from salesops_lib.performance_visibility.vocabulary import UNSAID
from salesops_lib.wording import Finding, Status, capital, count, listing, money, number, percent, short

_KINDS = {"new": "new business", "expansion": "expansions", "renewal": "renewals"}
MOST_UNSAID = 0.2
"""From this share of losses without a reason on, recording it comes before reading it (our choice)."""


def describe_losses_by_reason(rows: pd.DataFrame, *, n_months: int = 3) -> Finding:
    """Say what most deals are lost for and where, and what is lost for more often than before."""
    months = f"the last {count(n_months, 'month')}"
    if rows.empty or not rows["n_lost"].sum():
        return Finding("No deal was lost in these months", f"The data records no loss in {months}.", is_headline=False)
    reasons, stages = (rows[(rows["by"] == by) & (rows["n_lost"] > 0)] for by in ("reason", "stage"))
    known = reasons[reasons["name"] != UNSAID]
    total = int((reasons if len(reasons) else stages)["n_lost"].sum())
    amount = (reasons if len(reasons) else stages)["lost_amount"].sum()
    text = f"**{count(total, 'deal')}** worth **{money(amount)}** {'was' if total == 1 else 'were'} lost in {months}."
    if len(known):
        first = known.iloc[0]
        title = f"{percent(first['loss_rate'])} of lost deals are lost for {short(first['name'])}"
        text += f" {capital(_most(known))}."
    else:
        title = f"{count(total, 'deal')} lost, and the data does not say why"
    if len(stages):
        most = stages.iloc[0]
        text += f" Most were lost in {short(most['name'])}: {number(most['n_lost'])}, {percent(most['loss_rate'])}."
    changed = rows[rows["is_changed"].astype(bool) & (rows["name"] != UNSAID)]
    grown = changed[changed["loss_rate"] > changed["before_rate"]].to_dict("records")
    status: Status = "watch" if grown else "note"
    if grown:
        share, before = (percent(grown[0][name]) for name in ("loss_rate", "before_rate"))
        what = f"for {short(grown[0]['name'])}" if grown[0]["by"] == "reason" else f"in {short(grown[0]['name'])}"
        title = f"More deals are lost {what}: {share} of losses, {before} before"
    return Finding(title, f"{text} {_changes(changed)}{_unsaid(reasons, len(known) > 0)}", status, is_headline=False)


def _most(known: pd.DataFrame) -> str:
    parts = [f"{short(row['name'])} {number(row['n_lost'])}" for row in known.head(3).to_dict("records")]
    return f"the most frequent reasons are {listing(parts)}" if len(parts) > 1 else f"the only reason is {parts[0]}"


def _changes(changed: pd.DataFrame) -> str:
    if changed.empty:
        return "No reason and no stage has another share than in the twelve months before, beyond chance."
    parts = [
        f"{short(row['name'])} {percent(row['before_rate'])} to {percent(row['loss_rate'])}"
        for row in changed.to_dict("records")
    ]
    return f"Their shares of all losses changed beyond chance: {listing(parts)}."


def _unsaid(reasons: pd.DataFrame, is_known: bool) -> str:
    share = reasons.loc[reasons["name"] == UNSAID, "loss_rate"].sum()
    if not is_known or share < MOST_UNSAID:
        return ""
    return f" {percent(share)} of the losses state no reason: what the others say may not hold for them."


def describe_win_rate_by_offer(rows: pd.DataFrame, *, n_months: int = 3, min_closed: int) -> Finding:
    """Say which products, kinds and sources are won more or less often than before, and how far they lie apart."""
    if rows.empty or not rows["n_closed"].sum():
        why = "It needs deals won and lost, and products, kinds or sources that differ."
        return Finding("What is won more often cannot be told", why, is_headline=False)
    changed = rows[rows["is_changed"].astype(bool)].to_dict("records")
    worse = [row for row in changed if row["win_rate"] < row["before_rate"]]
    status: Status = "watch" if worse else "good" if changed else "note"
    title = "No product, kind or source is won more or less often than before"
    if changed:
        row = (worse or changed)[0]
        moved = "fell" if worse else "rose"
        title = (
            f"The win rate of {_named(row)} {moved} to {percent(row['win_rate'])} from {percent(row['before_rate'])}"
        )
    parts = [
        f"{_named(row)} {percent(row['before_rate'])} to {percent(row['win_rate'])} of "
        f"{count(row['n_closed'], 'closed deal')}"
        for row in changed
    ]
    told = f"beyond chance: {listing(parts)}" if parts else "beyond chance nothing changed on the twelve months before"
    text = f"In the last {count(n_months, 'month')}, {told}. {_spread(rows, min_closed)}".strip()
    return Finding(title, text, status, is_headline=False)


def _named(row: Mapping[Any, Any]) -> str:
    """What is sold, in the words of sales: a product by its name, new business, deals from a source."""
    name = short(row["name"])
    if row["by"] == "kind":
        return _KINDS.get(name, name)
    return f"deals from {name}" if row["by"] == "source" else name


def _spread(rows: pd.DataFrame, min_closed: int) -> str:
    """How far those with enough deals lie apart."""
    words = []
    for by, own in rows[rows["n_closed"] >= min_closed].groupby("by", sort=False):
        if len(own) > 1:
            ordered = own.sort_values("win_rate", kind="stable").to_dict("records")
            least, best = ordered[0], ordered[-1]
            words.append(
                f"{capital(str(by))}s run from {percent(least['win_rate'])} ({_named(least)}) to "
                f"{percent(best['win_rate'])} ({_named(best)})."
            )
    return " ".join(words)
