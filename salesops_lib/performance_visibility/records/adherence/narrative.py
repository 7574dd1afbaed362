"""Words for process adherence."""

from __future__ import annotations

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row, first_of, last_of, least_of, most_of, rows_of
from salesops_lib.wording import Finding, Status, bold, count, interval, listing, number, percent, short

NOTHING = Finding(
    "Process adherence cannot be told",
    "No deal with a stage history closed in these months.",
    is_headline=False,
)


def describe_adherence_by_rule(rows: pd.DataFrame, *, n_months: int = 3, confidence: float) -> Finding:
    """Say how many closed deals kept every rule, which is broken most, what changed and what cannot be judged."""
    kept = last_of(rows)
    if kept is None:
        return NOTHING
    rules = rows.iloc[:-1]
    judged, silent = rules[rules["missing"] == ""], rules[rules["missing"] != ""]
    broken = judged[judged["n_broken"] > 0]
    title = f"{percent(kept['kept_rate'])} of closed deals kept every rule of the process"
    ends = percent(kept["kept_rate_low"]), percent(kept["kept_rate_high"])
    text = (
        f"**{number(kept['n_deals'] - kept['n_broken'])} of {count(kept['n_deals'], 'deal')}** closed in "
        f"{count(n_months, 'month')} ({percent(kept['kept_rate'])}, {interval(*ends, confidence)}) kept all "
        f"{count(len(judged), 'rule')} that the data can judge."
    )
    if len(broken):
        worst = most_of(broken, "n_broken")
        text += (
            f" Broken most: “{worst['name'].lower()}”, by {number(worst['n_broken'])} of "
            f"{number(worst['n_deals'])} deals that it concerns."
        )
    text += f" {_changes(rows)}"
    if len(silent):
        text += f" Not judged: {listing([f'“{name.lower()}”' for name in silent['name']], len(silent))}."
    return Finding(title, text, _status(rows), is_headline=False)


def _changes(rows: pd.DataFrame) -> str:
    known = rows.dropna(subset="before_rate")
    if known.empty:
        return "There are no earlier closings to compare with."
    moved = known[known["is_changed"].astype(bool)]
    if moved.empty:
        return "Against the months before, no rule's share changed beyond chance."
    each = [f"“{row.name_}” from {percent(row.before_rate, 1)} to {percent(row.kept_rate, 1)}" for row in
            rows_of(moved.assign(name_=moved["name"].str.lower()))]  # fmt: skip
    return f"Changed beyond chance against the months before: {listing(each, len(each))}."


def _status(rows: pd.DataFrame) -> Status:
    fell = rows["is_changed"].astype(bool) & (rows["change_rate"].fillna(0) < 0)
    return "watch" if fell.any() else "note"


def describe_adherence_by_team(rows: pd.DataFrame, *, confidence: float) -> Finding:
    """Say how the teams' scores compare and whether any changed beyond chance."""
    whole = first_of(rows)
    if whole is None:
        return NOTHING
    teams = rows.iloc[1:]
    if len(teams) < 2:
        title = f"{percent(whole['adherence_score'])} of closed deals kept every rule of the process"
        return Finding(title, f"{_score(whole, confidence)} All belong together. {_moved(rows)}", is_headline=False)
    low, high = first_of(teams), last_of(teams)
    title = (
        f"Adherence by team runs from {percent(low['adherence_score'])} ({short(low['name'])}) to "
        f"{percent(high['adherence_score'])}"
    )
    text = f"{_score(whole, confidence)} {_score(low, confidence)} {_score(high, confidence)} {_moved(rows)}"
    return Finding(title, text, _status(rows), is_headline=False)


def _score(row: Row, confidence: float) -> str:
    ends = percent(row["adherence_score_low"]), percent(row["adherence_score_high"])
    return (
        f"{bold(row['name'])}: {number(row['n_kept'])} of {count(row['n_closed'], 'deal')} kept every rule "
        f"({percent(row['adherence_score'])}, {interval(*ends, confidence)})."
    )


def _moved(rows: pd.DataFrame) -> str:
    if rows["before_score"].isna().all():
        return "There are no earlier closings to compare with."
    moved = rows[rows["is_changed"].astype(bool)]
    if moved.empty:
        return "None changed beyond chance against the months before."
    each = [f"{row.name_} from {percent(row.before_score)} to {percent(row.adherence_score)}" for row in
            rows_of(moved.assign(name_=moved["name"].map(bold)))]  # fmt: skip
    return f"Changed beyond chance against the months before: {listing(each, len(each))}."


def describe_adherence_by_rep(rows: pd.DataFrame, *, min_closed: int) -> Finding:
    """Say whether any rep's deals go another way than the others', and for how many that is too early to say."""
    if rows.empty:
        return NOTHING
    if len(rows) < 2:
        text = f"{rows['name'].iloc[0]} closed {count(rows['n_closed'].iloc[0], 'deal')}."
        return Finding("No rep to compare another with in keeping the process", text, is_headline=False)
    few = int((rows["n_closed"] < min_closed).sum())
    apart = rows[rows["is_different"].astype(bool)]
    doubt = f" {count(few, 'rep')} closed fewer than {number(min_closed)}, too few to show any but a large difference."
    text = (
        f"{count(len(rows), 'rep')} closed {count(rows['n_closed'].sum(), 'deal')}; each is held against all the "
        f"others together.{doubt if few else ''}"
    )
    if apart.empty:
        title = f"None of {count(len(rows), 'rep')} keeps the process more or less than the others"
        text += " The scores differ by no more than chance may do, so their order says nothing about people."
        return Finding(title, text, "good" if few < len(rows) else "note", is_headline=False)
    below = apart[apart["adherence_score"] < apart["others_score"]]
    verb = "differs" if len(apart) == 1 else "differ"
    title = f"{number(len(apart))} of {count(len(rows), 'rep')} {verb} from the others in keeping the process"
    shown = least_of(below, "p_value") if len(below) else least_of(apart, "p_value")
    text += (
        f" Beyond chance {number(len(below))} {'lies' if len(below) == 1 else 'lie'} below and "
        f"{number(len(apart) - len(below))} above; most clearly {bold(shown['name'])}, with "
        f"{number(shown['n_kept'])} of {number(shown['n_closed'])} against {percent(shown['others_score'])}. "
        "Look at the deals first: one that was "
        "handed over in a later stage begins there, and counts as having skipped."
    )
    return Finding(title, text, "watch" if len(below) else "note", is_headline=False)
