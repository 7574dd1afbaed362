"""Sentences of the playbook: frames in, findings out; every number is from the frame's own rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from salesops_lib.wording import Action, Finding, Status, count, days, listing, percent

if TYPE_CHECKING:
    import pandas as pd

NOT_WRITTEN = (
    "There is no `process.yaml` in the parameters folder yet. It holds mission, people, duties, reviews and practices; "
    "copy the demo company's and change it."
)
SKIPS_TO_WATCH = 0.1
"""Share of won deals that may pass a stage over before the report asks why (our choice)."""
DUE_DAYS = 14
"""Days given to close a gap in cover (our choice)."""


def describe_mission(statements: pd.DataFrame) -> Finding:
    """The mission itself, with the values behind it."""
    if statements.empty:
        return Finding("No mission is written yet", NOT_WRITTEN, "watch", is_headline=False)
    mission = statements.loc[statements["kind"] == "mission", "text"].iloc[0]
    values = statements.loc[statements["kind"] == "value", "text"]
    held = f" We hold to {count(len(values), 'principle')}: {'; '.join(values)}." if len(values) else ""
    return Finding("What sales operations is for here", f"**{mission}**{held}", is_headline=False)


def describe_role_coverage(coverage: pd.DataFrame, *, as_of: date) -> Finding:
    """Which of the four role categories lack cover."""
    if coverage.empty:
        return Finding("Nobody is named in the playbook yet", NOT_WRITTEN, "watch", is_headline=False)
    thin = coverage[coverage["is_thin"]]
    if thin.empty:
        least = coverage.sort_values("n_people", kind="stable").iloc[0]
        text = f"The least covered, {least['category']}, has {count(least['n_people'], 'person', 'people')}."
        return Finding("All four role categories are covered by two people or more", text, "good")
    names = listing(list(thin["category"]))
    sentences = [
        f"**{row['category'].capitalize()}** ({row['covers'].lower()}) rests on {row['people']} alone."
        if row["n_people"]
        else f"**{row['category'].capitalize()}** ({row['covers'].lower()}) has nobody."
        for row in thin.to_dict("records")
    ]
    action = Action(
        f"Name a second person for {names}", "Head of sales operations", as_of + timedelta(days=DUE_DAYS),
        "a role category with fewer than two people",
    )  # fmt: skip
    title = f"{count(len(thin), 'role category', 'role categories')} of 4 without a second person: {names}"
    return Finding(title, " ".join(sentences), "watch", action)


def describe_duties(listed: pd.DataFrame, *, as_of: date) -> Finding:
    """Which duties would stop with one person's absence."""
    if listed.empty:
        return Finding("No duties are written down yet", NOT_WRITTEN, "watch", is_headline=False)
    alone = listed[~listed["has_backup"]]
    areas = listed.groupby("area", sort=False).size()
    base = f"{count(len(listed), 'duty', 'duties')} are written down: " + ", ".join(
        f"{n} in {area}" for area, n in areas.items()
    )
    if alone.empty:
        return Finding("Every duty has someone to cover for it", f"{base}.", "good", is_headline=False)
    by_person = alone.groupby("who", sort=False)["duty"].size().sort_values(ascending=False, kind="stable")
    most = f" {by_person.index[0]} alone carries {by_person.iloc[0]} of them." if by_person.iloc[0] > 1 else ""
    action = Action(
        f"Name a backup for {listing(list(alone['duty']))}", str(by_person.index[0]), as_of + timedelta(days=DUE_DAYS),
        "a duty without a backup",
    )  # fmt: skip
    title = f"{len(alone)} of {count(len(listed), 'duty', 'duties')} have nobody to cover for them"
    return Finding(title, f"{base}. Without a backup: {listing(list(alone['duty']), 8)}.{most}", "watch", action)


def describe_best_practices(practices: pd.DataFrame) -> Finding:
    """How many practices the company has agreed on."""
    if practices.empty:
        return Finding("No best practices are written down yet", NOT_WRITTEN, is_headline=False)
    text = f"They are: {listing([name.lower() for name in practices['practice']], 4)}. Each says what to do and why."
    return Finding(f"{count(len(practices), 'practice')} that we hold to", text, is_headline=False)


def describe_stage_use(stages: pd.DataFrame) -> Finding:
    """Where the written process and the deals part ways."""
    declared = stages[stages["is_declared"]]
    other = stages[~stages["is_declared"]]
    unwritten = declared[declared["entry"].isna() | declared["exit"].isna()]
    sentences = []
    if len(other):
        names = listing(list(other["stage"]))
        sentences.append(f"Deals use {count(len(other), 'stage')} that the process does not name: {names}.")
    if len(unwritten):
        sentences.append(f"{listing(list(unwritten['stage']))} lack entry or exit criteria.")
    if declared.empty:
        return Finding("The sales process is not written down", " ".join(sentences) or NOT_WRITTEN, "watch")
    counted = declared.dropna(subset="passed_rate")
    if counted.empty:
        sentences.append("Without a stage history nobody can tell whether deals pass through the stages.")
        return Finding(f"The process has {count(len(declared), 'stage')}; its use cannot be seen", " ".join(sentences))
    least = counted.sort_values("passed_rate", kind="stable").iloc[0]
    n, without = int(least["n_won"]), int(least["n_won"] - least["n_won_passed"])
    if n == 0:
        sentences.append("Nothing was won in the last year, so nobody can tell whether deals pass through the stages.")
        return Finding(f"The process has {count(len(declared), 'stage')}; its use cannot be seen", " ".join(sentences))
    if without:
        sentences.append(
            f"Of {count(n, 'deal')} won in the last year, **{without}** were never seen in {least['stage']} "
            f"({percent(1 - least['passed_rate'], 1)}), the stage passed over most."
        )
        title = f"{without} of {count(n, 'won deal')} passed over {least['stage']}"
    else:
        sentences.append(f"All **{n}** deals won in the last year were seen in every stage of the written process.")
        title = f"Every one of {count(n, 'won deal')} went through all {count(len(declared), 'stage')}"
    slow = counted.sort_values("median_days", ascending=False, kind="stable").iloc[0]
    if slow[["median_days"]].notna().all():
        sentences.append(f"Deals stay longest in {slow['stage']}: {days(slow['median_days'])} in the median.")
    is_off = bool(len(other) or len(unwritten) or without > n * SKIPS_TO_WATCH)
    status: Status = "watch" if is_off else "good"
    return Finding(title, " ".join(sentences), status, is_headline=is_off)


def describe_kpi_dictionary(kpis: pd.DataFrame) -> Finding:
    """How many numbers have a definition and an owner."""
    steered = kpis.dropna(subset="owner")
    text = (
        f"**{len(steered)}** key figures have an owner; {int(steered['target'].notna().sum())} of them have a target "
        f"and {int(steered['action'].notna().sum())} an agreed action for when they are off. "
        f"The other {len(kpis) - len(steered)} are defined so that nobody has to guess."
    )
    return Finding(f"{len(kpis)} numbers, one meaning each", text, is_headline=False)


def describe_review_cadence(reviews: pd.DataFrame, *, as_of: date) -> Finding:
    """Which reviews are overdue, the longest first."""
    if reviews.empty:
        return Finding("No reviews are scheduled yet", NOT_WRITTEN, "watch", is_headline=False)
    late = reviews[reviews["is_overdue"]]
    if late.empty:
        return Finding(f"All {len(reviews)} reviews are on time", "Nothing is overdue.", "good", is_headline=False)
    worst = late.iloc[0]
    waits = (
        f"{worst['review']} has never been held" if worst[["last_done_on"]].isna().all()
        else f"{worst['review']} is {count(worst['overdue_days'], 'day')} late"
    )  # fmt: skip
    action = Action(
        f"Hold the review: {worst['review']}",
        str(worst["owner"]),
        as_of + timedelta(days=7),
        "a review past its due day",
    )
    text = f"**{waits}** ({worst['owner']} calls it). Overdue in all: {listing(list(late['review']), 5)}."
    return Finding(f"{len(late)} of {count(len(reviews), 'review')} overdue", text, "watch", action)
