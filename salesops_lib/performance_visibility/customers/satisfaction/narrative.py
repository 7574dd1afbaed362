"""Words for satisfaction."""

from __future__ import annotations

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row
from salesops_lib.wording import Finding, Status, bold, count, number, percent, signed


def describe_satisfaction_by_quarter(rows: pd.DataFrame, *, confidence: float) -> Finding:
    """Say how satisfied customers are, whether that has changed, and what the promoter score is."""
    answered = rows[rows["n_csat"] > 0] if len(rows) else rows
    if answered.empty:
        text = f"There are no answers from 1 to 5.{_promoters(rows)}"
        return Finding("No customer was asked how satisfied they are", text, is_headline=False)
    last = answered.iloc[-1]
    so_far = " so far" if last["is_partial"] else ""
    title = f"{percent(last['csat_rate'])} of customers are satisfied (n = {number(last['n_csat'])})"
    text = (
        f"In {last['quarter']}{so_far} {count(last['n_csat'], 'customer')} answered: **{percent(last['csat_rate'])}** "
        f"gave 4 or 5 of 5 ({percent(last['csat_rate_low'])} to {percent(last['csat_rate_high'])})."
    )
    status: Status = "note"
    if pd.notna(last["p_value"]):
        changed = last["p_value"] < 1 - confidence
        status = "watch" if changed and last["csat_rate"] < last["before_rate"] else "note"
        how = "beyond chance" if changed else "within chance"
        text += f" Over the four quarters before it was {percent(last['before_rate'])}; the difference is {how}."
    return Finding(title, text + _promoters(rows), status, is_headline=status == "watch")


def _promoters(rows: pd.DataFrame) -> str:
    asked = rows[rows["n_nps"] > 0] if len(rows) else rows
    if asked.empty:
        return ""
    last = asked.iloc[-1]
    return (
        f" The net promoter score of {last['quarter']} is {_score(last['nps'])} ({_score(last['nps_low'])} to "
        f"{_score(last['nps_high'])}, n = {number(last['n_nps'])})."
    )


def _score(value: float) -> str:
    return signed(value * 100)


def describe_satisfaction_by_team(rows: pd.DataFrame) -> Finding:
    """Say which team's customers differ from the others' beyond chance; most often none."""
    teams = rows[rows["team_id"].notna()] if len(rows) else rows
    judged = teams[teams["n_csat"] > 0]
    if len(judged) < 2:
        return Finding("No teams to compare by satisfaction", "Fewer than two have answers.", is_headline=False)
    whole: Row = rows.iloc[0]
    apart = judged[judged["is_different"].astype(bool)]
    of_all = (
        f"Over the last twelve months {percent(whole['csat_rate'])} of {count(whole['n_csat'], 'answer')} were 4 or 5 "
        f"({percent(whole['csat_rate_low'])} to {percent(whole['csat_rate_high'])})."
    )
    if apart.empty:
        text = f"{of_all} None of {count(len(judged), 'team')} differs from the others beyond chance."
        return Finding("No team's customers are more or less satisfied than others", text, is_headline=False)
    named = [
        f"{bold(row['name'])} ({percent(row['csat_rate'])} of {number(row['n_csat'])})"
        for row in apart.to_dict("records")
    ]
    text = f"{of_all} Beyond chance apart: {', '.join(named)}."
    low = bool((apart["csat_rate"] < whole["csat_rate"]).any())
    title = f"{count(len(apart), 'team')} of {len(judged)} {'differs' if len(apart) == 1 else 'differ'} in satisfaction"
    return Finding(title, text, "watch" if low else "note", is_headline=False)
