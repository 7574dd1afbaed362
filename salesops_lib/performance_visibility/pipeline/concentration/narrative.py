"""Words for concentration: whether the quarter to land rests on few deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row, first_of, last_of
from salesops_lib.wording import Finding, Status, bold, count, day, money, number, percent, short

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties


def describe_pipeline_concentration(
    rows: pd.DataFrame,
    *,
    duties: Duties,
    most_one: float = 0.1,
    most_five: float = 1 / 3,
) -> Finding:
    """Say whether the quarter to land rests on few deals, and what the loss of the largest would do."""
    first = first_of(rows)
    if first is None:
        return Finding("No deal is open", "There is no pipeline that could rest on few deals.", is_headline=False)
    if not first["n_open"] or pd.isna(first["top1_rate"]):
        lacks = "states an amount" if first["n_open"] else "is due in it"
        whose = "open deals" if first["target"] == "all" else f"deals due in {first['target_name']}"
        text = f"Shares need amounts of {whose}; no open deal {lacks}."
        return Finding(f"Nothing to weigh in {_where(first)}", text, is_headline=False)
    is_off = bool(first["is_concentrated"])
    status: Status = "good" if not is_off else "act" if first["is_decided_by_largest"] else "watch"
    rule = f"Largest deal above {percent(most_one)} of the pipeline, or the five largest above {percent(most_five)}"
    text = f"{_deals(first)} {_loss(first)} {_accounts(first)}"
    if is_off:
        text += f" The rule for resting on few deals is our choice: {rule[:1].lower()}{rule[1:]}."
    action = None
    if status == "act":
        action = duties.action(
            f"Review the largest deal with its owner, and open or pull in {money(first['largest_amount'])} of pipeline "
            f"for {first['target_name']} beside it.",
            kpi="pipeline_coverage",
            within=5,
            rule=f"{rule}, and coverage below what former quarters needed once the largest is gone.",
        )
    stake = float(first["largest_amount"]) if is_off else 0.0
    return Finding(_title(first), " ".join(text.split()), status, action, stake=stake, is_headline=status == "act")


def _where(row: Row) -> str:
    return "the open pipeline" if row["target"] == "all" else f"the pipeline of {row['target_name']}"


def _title(row: Row) -> str:
    largest, five = percent(row["top1_rate"], 1), percent(row["top5_rate"])
    where = "The open pipeline" if row["target"] == "all" else row["target_name"]
    if row["n_open"] - row["n_without_amount"] == 1:
        return f"{where} rests on one deal of {money(row['largest_amount'])}"
    if row["is_concentrated"]:
        return f"{where} rests on few deals: the largest is {largest}, five are {five}"
    return f"{where} does not rest on few deals: the largest is {largest}, five are {five}"


def _deals(row: Row) -> str:
    """How many deals hold how much, and what that leaves to luck."""
    n_none = row["n_without_amount"]
    none = f"; {count(n_none, 'more is', 'more are')} without an amount" if n_none else ""
    due = "" if row["target"] == "all" else f" due in {row['target_name']}"
    luck = ""
    if pd.notna(row["luck_rate"]):
        luck = f", so that luck alone moves what it brings by about {percent(row['luck_rate'])} (standard deviation)"
    return (
        f"{money(row['open_amount'])} is open in {count(row['n_open'] - n_none, 'deal')}{due}{none}. "
        f"**{count(row['n_half'], 'deal holds', 'deals hold')}** half of it; it is spread like "
        f"{count(round(row['effective_deals']), 'deal')} of one size{luck}."
    )


def _loss(row: Row) -> str:
    """What the coverage would be without the largest deal."""
    if pd.isna(row["coverage_ratio"]):
        return ""
    words = (
        f"Without the largest ({money(row['largest_amount'])}) coverage of the gap to the goal would fall from "
        f"{number(row['coverage_ratio'], 2)}x to {number(row['coverage_without_ratio'], 2)}x"
    )
    if pd.isna(row["needed_ratio"]):
        return f"{words}; how much is needed, the data has no history to tell."
    needed = f"the {number(row['needed_ratio'], 2)}x that former quarters had"
    if row["coverage_ratio"] < row["needed_ratio"]:
        return f"{words}; it is below {needed} as it is."
    return f"{words}, {'below' if row['is_decided_by_largest'] else 'still no less than'} {needed}."


def _accounts(row: Row) -> str:
    """The largest account, where accounts are known and hold more than their largest deal."""
    if pd.isna(row["account_top1_rate"]) or row["account_top1_rate"] <= row["top1_rate"]:
        return ""
    lacking = row["n_without_account"]
    least, lack = (" at least", f"; {count(lacking, 'deal names', 'deals name')} no account") if lacking else ("", "")
    return f"The largest account holds{least} {percent(row['account_top1_rate'], 1)}{lack}."


def describe_largest_open_deals(rows: pd.DataFrame) -> Finding:
    """Say which deal is the largest and how much of the pipeline the list holds."""
    first = first_of(rows)
    if first is None:
        return Finding("No open deal states an amount", "There is no largest deal.", is_headline=False)
    name = first["account"] if isinstance(first["account"], str) else f"deal {first['opportunity_id']}"
    due = "" if pd.isna(first["expected_close_on"]) else f" and due on {day(first['expected_close_on'])}"
    stage = f"in {first['stage']}" if isinstance(first["stage"], str) else "in no stage"
    age = "" if pd.isna(first["age_days"]) else f", {count(first['age_days'], 'day')} old"
    pushes = rows["n_pushes"].dropna()
    pushed = f" {number(int((pushes > 0).sum()))} of them have been put off before." if len(pushes) else ""
    text = (
        f"{bold(name)} ({bold(first['opportunity_id'])}, {first['rep_name']}) is {stage}{age}{due}. The "
        f"{count(len(rows), 'largest deal')} hold {percent(last_of(rows)['running_rate'])} of {_where(first)}.{pushed}"
    )
    title = f"Largest open deal: {short(name)}, {money(first['amount'])}, {percent(first['share_rate'], 1)}"
    return Finding(title, text, is_headline=False)
