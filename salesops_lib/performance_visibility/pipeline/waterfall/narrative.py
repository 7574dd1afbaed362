"""Words for the pipeline waterfall."""

from __future__ import annotations

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row, first_of, most_of
from salesops_lib.wording import Finding, bold, count, day, listing, money, number, short

STEP_WORDS = {
    "new": "new", "appeared": "appeared", "pulled_in": "pulled in", "slipped_in": "slipped in",
    "increased": "increased", "decreased": "decreased", "pushed_out": "pushed out", "pulled_ahead": "pulled ahead",
    "handed_on": "handed on", "lost": "lost", "won": "won",
}  # fmt: skip
ENTERED = {
    "new": "created since", "pulled_in": "pulled in from later", "slipped_in": "that slipped in from earlier",
    "appeared": "without a creation date or opened again",
}  # fmt: skip
UNSOLD = ("lost", "pushed_out")


def describe_pipeline_waterfall(rows: pd.DataFrame, *, form: str = "rolling") -> Finding:
    """Say what made the pipeline grow or shrink, and how much left it unsold against what was won."""
    whole = first_of(rows)
    if whole is None:
        dated = "" if form == "rolling" else " with an expected close date"
        text = f"A waterfall follows open deals from one evening to another; here no deal{dated} was open on either."
        return Finding("There is no pipeline to follow", text, is_headline=False)
    end = f"{money(whole['end_amount'])} in {count(whole['n_end'], 'deal')} on {day(whole['end_on'])}"
    text = (
        f"{money(whole['start_amount'])} in {count(whole['n_start'], 'open deal')}{_due(whole)} on "
        f"{day(whole['start_on'])} became **{end}**. {_came_in(whole)} {_went_out(whole)} {_beside(rows)}"
    )
    return Finding(_title(whole), " ".join(text.split()), is_headline=False)


def _due(row: Row) -> str:
    return f" due in {row['target_name']}" if isinstance(row["target_name"], str) else ""


def _title(row: Row) -> str:
    change = row["end_amount"] - row["start_amount"]
    what = f"Pipeline{_due(row)}" if _due(row) else "The open pipeline"
    why = (
        f"{money(sum(row[f'{step}_amount'] for step in ENTERED))} came in, {money(row['won_amount'])} was won, "
        f"{money(_unsold(row))} left unsold"
    )
    if round(change, 2) == 0:
        return f"{what} stayed at {money(row['end_amount'])}: {why}"
    moved = "grew" if change > 0 else "shrank"
    return f"{what} {moved} by {money(abs(change))} to {money(row['end_amount'])}: {why}"


def _unsold(row: Row) -> float:
    return float(sum(row[f"{step}_amount"] for step in UNSOLD))


def _in_deals(row: Row, step: str) -> str:
    return f"{money(row[f'{step}_amount'])} in {count(row[f'n_{step}'], 'deal')}"


def _came_in(row: Row) -> str:
    """New deals, deals that moved in, and what changed in amount."""
    entered = [f"{_in_deals(row, step)} {said}" for step, said in ENTERED.items() if row[f"n_{step}"]]
    changed = [
        f"{said} {_in_deals(row, step)}"
        for step, said in (("increased", "added"), ("decreased", "took away"))
        if row[f"n_{step}"]
    ]
    changes = f"; changed amounts {listing(changed)}" if changed else ""
    return f"In came {listing(entered, most=len(ENTERED))}{changes}." if entered else f"No deal came in{changes}."


def _went_out(row: Row) -> str:
    """What was won, what left unsold, and what moved ahead of the target."""
    ahead = f" {_in_deals(row, 'pulled_ahead')} moved to an earlier date." if row["n_pulled_ahead"] else ""
    won = "No deal was won"
    if row["n_won"]:
        won = f"**{money(row['won_amount'])}** in {count(row['n_won'], 'deal')} was won"
    parts = [f"{_in_deals(row, step)} {STEP_WORDS[step]}" for step in UNSOLD if row[f"n_{step}"]]
    if not parts:
        return f"{won}; none left unsold.{ahead}"
    kinds = [STEP_WORDS[step] for step in UNSOLD if row[f"n_{step}"]]
    split = f": {listing(parts)}" if len(parts) > 1 else f", all of it {kinds[0]}"
    n = count(sum(row[f"n_{step}"] for step in UNSOLD), "deal")
    return f"{won}; **{money(_unsold(row))}** in {n} left unsold{split}.{ahead}"


def _beside(rows: pd.DataFrame) -> str:
    """What the data cannot show, or else which group changed most; and deals that count as 0."""
    whole = rows.iloc[0]
    n = whole["n_without_amount"]
    none = f"{count(n, 'deal')} without an amount {'counts' if n == 1 else 'count'} as 0" if n else ""
    said = _last_seen(whole) or _changed_most(rows.iloc[1:])
    parts = [part for part in (said, none) if part]
    return f"{'; '.join(parts)}." if parts else ""


def _last_seen(row: Row) -> str:
    if row["has_history"]:
        return ""
    return "No stage history tells amounts and dates of then: deals count as last seen, and such changes stay hidden"


def _changed_most(groups: pd.DataFrame) -> str:
    change = groups["end_amount"] - groups["start_amount"]
    if len(groups) < 2 or not change.any():
        return ""
    most = most_of(groups.assign(change=change, size=change.abs()), "size")
    moved = "grew" if most["change"] > 0 else "shrank"
    return f"The pipeline of {bold(most['name'])} changed most: it {moved} by {money(abs(most['change']))}"


def describe_largest_pipeline_moves(rows: pd.DataFrame) -> Finding:
    """Say which deal moved the pipeline most, and what the listed moves are."""
    if rows.empty:
        text = "Between the two evenings no deal came, changed or went."
        return Finding("No deal moved the pipeline", text, is_headline=False)
    first = rows.iloc[0]
    counts = rows["step"].value_counts(sort=False)
    kinds = [f"{number(counts[step])} {said}" for step, said in STEP_WORDS.items() if step in counts]
    name = first["account"] if isinstance(first["account"], str) else f"deal {first['opportunity_id']}"
    title = f"Largest move: {short(name)}, {money(abs(first['amount']))} {STEP_WORDS[first['step']]}"
    text = (
        f"{bold(name)} ({bold(first['opportunity_id'])}, {first['rep_name']}) was {STEP_WORDS[first['step']]} with "
        f"{money(abs(first['amount']))}. The {count(len(rows), 'largest move')} are {listing(kinds, most=len(kinds))}; "
        "the table has each deal's amount and close date on both evenings."
    )
    return Finding(title, text, is_headline=False)
