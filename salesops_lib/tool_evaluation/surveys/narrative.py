"""Words for what people say of tools; every number is from the frame's own rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesops_lib.tool_evaluation.vocabulary import EASY, HARD, TOO_FEW, UNCLEAR
from salesops_lib.wording import Finding, count, day, interval, listing, number, signed

if TYPE_CHECKING:
    import pandas as pd


def describe_survey_by_tool(survey: pd.DataFrame, *, confidence: float) -> Finding:
    """Which tools people find easy or hard to use, and where few have answered."""
    known = survey.dropna(subset="sus_score")
    if known.empty:
        return Finding("Nobody has been asked about the tools yet", "There are no complete answers.", is_headline=False)
    hard, easy = (known[known["verdict"] == verdict] for verdict in (HARD, EASY))
    unclear, few = (known[known["verdict"] == verdict] for verdict in (UNCLEAR, TOO_FEW))
    sentences = []
    if len(hard):
        row = hard.iloc[-1]
        ends = interval(number(row["sus_score_low"]), number(row["sus_score_high"]), confidence)
        sentences.append(
            f"The lowest is {row['name']} with **{number(row['sus_score'], 1)}** of 100 (n = {row['n_sus']}, {ends})."
        )
    if len(easy):
        row = easy.iloc[0]
        sentences.append(
            f"Clearly easy: {listing(easy['name'].tolist())}, up to **{number(row['sus_score'], 1)}** "
            f"({row['name']}, n = {row['n_sus']})."
        )
    if len(unclear):
        names = listing(unclear["name"].tolist(), 5)
        sentences.append(f"Between, or too close to a threshold to say: {names}.")
    if len(few):
        named = [f"{row['name']} (n = {row['n_sus']})" for row in few.to_dict("records")]
        sentences.append(f"Too few answers to judge: {listing(named)}.")
    sentences += [f"Last asked on {day(known['asked_on'].max())}.", _changes(known)]
    title = (
        f"{len(hard)} of {count(len(known), 'tool')} clearly hard to use: {listing(hard['name'].tolist(), 2)}"
        if len(hard)
        else f"None of {count(len(known), 'tool')} is clearly hard to use"
    )
    if len(few) == len(known):
        return Finding("Too few answers to judge any tool", " ".join(filter(None, sentences)), is_headline=False)
    return Finding(title, " ".join(filter(None, sentences)), "watch" if len(hard) else "good")


def _changes(known: pd.DataFrame) -> str:
    """What moved since the survey before, beyond chance."""
    compared = known.dropna(subset=["sus_change_score_low", "sus_change_score_high"])
    if compared.empty:
        return ""
    moved = compared[(compared["sus_change_score_low"] > 0) | (compared["sus_change_score_high"] < 0)]
    if moved.empty:
        return f"None of {count(len(compared), 'change')} since the survey before exceeds what chance would do."
    named = [f"{row['name']} {signed(row['sus_change_score'], 1)}" for row in moved.to_dict("records")]
    return f"Changed beyond chance since the survey before: {listing(named)} points."
