"""Words for the decisions; every number is from the frame's own rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from salesops_lib.tool_evaluation.phrases import DUE_DAYS, NO_TOOLS, owner_of
from salesops_lib.tool_evaluation.vocabulary import FIX, KEEP, MERGE, REPLACE, TRAIN
from salesops_lib.wording import Action, Finding, Status, count, listing, small


def describe_decision_by_tool(decisions: pd.DataFrame, *, as_of: date) -> Finding:
    """What the rules say to do, the dearest first, with what hangs on it."""
    if decisions.empty:
        return NO_TOOLS
    change = decisions[decisions["decision"].isin([MERGE, REPLACE])].sort_values(
        "yearly_licence_amount", ascending=False
    )
    mend = decisions[decisions["decision"].isin([FIX, TRAIN])]
    kept = decisions[decisions["decision"] == KEEP]
    unknown = decisions[decisions["decision"].isna()]
    steps = [f"{row['decision']} {row['name']}" for row in [*change.to_dict("records"), *mend.to_dict("records")]]
    stake = float(change["yearly_licence_amount"].sum())
    sentences = [
        f"{row['decision'].capitalize()} **{row['name']}**{_into(row)}: {small(row['reason'])}"
        for row in change.head(3).to_dict("records")
    ]
    if len(mend) and len(sentences) < 3:
        row = mend.iloc[0].to_dict()
        sentences.append(f"{row['decision'].capitalize()} **{row['name']}**: {small(row['reason'])}")
    close = decisions[decisions["could_be"].fillna("") != ""]
    if len(close):
        named = [f"{row['name']} ({row['decision']}, perhaps {row['could_be']})" for row in close.to_dict("records")]
        sentences.append(f"Close calls, within chance: {listing(named)}.")
    if len(unknown):
        sentences.append(f"Not judged, since its use is not on record: {listing(unknown['name'].tolist())}.")
    if not steps:
        sentences.insert(0, f"{count(len(kept), 'tool')} pass every rule.")
        return Finding(
            f"Keep {listing(kept['name'].tolist(), 2)}", " ".join(sentences), "watch" if len(unknown) else "good"
        )
    listed = listing(steps, 3)
    title = f"{listed[0].upper()}{listed[1:]}; keep {len(kept)}"
    status: Status = "act" if len(change) else "watch"
    return Finding(title, " ".join(sentences), status, _plan(change, mend, as_of), stake)


def _into(row: dict[Any, Any]) -> str:
    return f" into {row['merge_into']}" if row["decision"] == MERGE else ""


def _plan(change: pd.DataFrame, mend: pd.DataFrame, as_of: date) -> Action:
    """The step on which most money hangs: due by its notice day, where that is still to come."""
    row = (change if len(change) else mend).iloc[0].to_dict()
    what = {
        MERGE: f"Plan the move from {row['name']} to {row['merge_into']}",
        REPLACE: f"Decide whether {row['name']} ends or what replaces it, before its contract renews",
        FIX: f"List with its users what makes {row['name']} hard to use, and agree on the fixes",
        TRAIN: f"Plan training for the holders of unused seats of {row['name']}",
    }[row["decision"]]
    is_ahead = pd.notna(row["notice_on"]) and row["notice_on"] >= pd.Timestamp(as_of)
    soon = as_of + timedelta(days=30)
    due = min(row["notice_on"].date(), soon) if is_ahead else as_of + timedelta(days=DUE_DAYS)
    return Action(what, owner_of(row), due, f"the decision “{row['decision']}” of the rules for tools")
