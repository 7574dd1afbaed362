"""Words for bad months and trends: who changed since when, what luck alone would give, what goes unnoticed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib import wording
from salesops_lib.measures.names import NO_TEAM
from salesops_lib.rep_comparison.phrases import DUE_IN_SELLING_DAYS, NO_LOSSES, span
from salesops_lib.rep_comparison.vocabulary import BAD_MONTH, FALLING, RISING
from salesops_lib.wording import Action, Finding, count, interval, joined, listing, number, percent, plain, was_were

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties
    from salesops_lib.periods import FiscalCalendar

MOST_NAMED = 3


def describe_control_chart_by_rep(
    chart: pd.DataFrame,
    *,
    duties: Duties,
    min_closed: int,
    confidence: float,
    shortfall: float = 0.3,
) -> Finding:
    """Say whose results have changed since when, for whom the last month was bad, and what could not be noticed."""
    last = chart[chart["month"] == chart["month"].max()]
    judged = last[last["p_value"].notna()].sort_values("p_value", kind="stable")
    if judged.empty:
        return Finding(_nothing(chart), _needs(chart, min_closed), is_headline=False)
    moved = judged[judged["verdict"].isin([FALLING, RISING])].sort_values("verdict", kind="stable")
    sure = moved[moved["q_value"] <= 1 - confidence]
    bad = judged[judged["verdict"] == BAD_MONTH].sort_values("z_score", kind="stable")
    falling = sure[sure["verdict"] == FALLING]
    parts = [
        *_changed(moved, confidence, duties.calendar),
        *_doubt(moved, len(judged), confidence),
        *_bad_month(bad, len(judged), confidence, duties.calendar),
        _base(chart, judged, confidence),
        _power(chart, judged, shortfall),
        *_others(last, judged, min_closed),
        "Why results change is not looked at here.",
    ]
    return Finding(
        _title(judged, moved, sure, bad, duties.calendar),
        " ".join(parts),
        status="watch" if len(falling) else "good" if len(sure) else "note",
        action=_look_first(falling, duties) if len(falling) else None,
        is_headline=bool(len(sure)),
    )


def _nothing(chart: pd.DataFrame) -> str:
    closed, won = chart["n_closed"].sum(), chart["n_won"].sum()
    return NO_LOSSES if closed and closed == won else "Too few deals to tell a bad month from a trend"


def _needs(chart: pd.DataFrame, min_closed: int) -> str:
    return (
        f"{count(chart['rep_id'].nunique(), 'rep')} closed {count(chart['n_closed'].sum(), 'deal')} in these months. "
        f"A rep is watched once {min_closed} deals give the rep's own level and {min_closed} more follow, won and lost "
        "ones, with colleagues who close like deals in the same months."
    )


def _title(
    judged: pd.DataFrame, moved: pd.DataFrame, sure: pd.DataFrame, bad: pd.DataFrame, calendar: FiscalCalendar
) -> str:
    n = len(judged)
    if len(sure) == 1:
        row: Any = sure.iloc[0]
        return f"{row['name']}'s results have been {row['verdict']} since about {_month(row['since_month'], calendar)}"
    if len(sure):
        sides = [f"{k} {side}" for side in (FALLING, RISING) if (k := int((sure["verdict"] == side).sum()))]
        return f"The results of {len(sure)} of {n} reps have changed: {joined(sides)}"
    if len(moved):
        return f"{len(moved)} of {n} reps may be changing, but luck alone could do that"
    if len(bad):
        month = _month(bad["month"].iloc[0], calendar)
        return f"{month} was a bad month for {count(len(bad), 'rep')} of {n}; nobody's results are a trend"
    return f"No rep's results have changed beyond luck ({n} watched)"


def _month(label: str, calendar: FiscalCalendar) -> str:
    return calendar.title(calendar.period(label))


def _changed(moved: pd.DataFrame, confidence: float, calendar: FiscalCalendar) -> list[str]:
    """Each change with its date and size; those that do not hold over all reps together are only possible ones."""
    rows: list[Any] = list(moved.head(MOST_NAMED).itertuples())
    said = [
        f"**{plain(row.name)}** {'has' if row.q_value <= 1 - confidence else 'may have'} been {row.verdict} since "
        f"about {_month(row.since_month, calendar)}: {row.n_won_since:,} of {row.n_closed_since:,} won where "
        f"{number(row.usual_won_since, 1)} were usual ({number(row.won_to_usual, 2)} times as many, "
        f"{interval(number(row.won_to_usual_low, 2), number(row.won_to_usual_high, 2), confidence)})."
        for row in rows
    ]
    if len(moved) > MOST_NAMED:
        said.append(f"{len(moved) - MOST_NAMED} more stand in the table.")
    return said


def _doubt(moved: pd.DataFrame, n: int, confidence: float) -> list[str]:
    """What is to be said of a size found by looking for it, and of changes that many reps make likely by luck."""
    if moved.empty:
        return []
    unsure: list[Any] = list(moved[moved["q_value"] > 1 - confidence].itertuples())
    who = listing([f"{plain(row.name)} (q {number(row.q_value, 2)})" for row in unsure])
    luck = f"; among {count(n, 'rep')}, luck alone could give the change of {who}" if unsure else ""
    return [f"The months were picked for being so different, so the size is likely overstated{luck}."]


def _bad_month(bad: pd.DataFrame, n: int, confidence: float, calendar: FiscalCalendar) -> list[str]:
    if bad.empty:
        return []
    rows: list[Any] = list(bad.head(MOST_NAMED).itertuples())
    who = [
        f"**{plain(row.name)}** ({row.n_won:,} of {row.n_closed:,} won, {number(row.usual_won, 1)} expected)"
        for row in rows
    ]
    if len(bad) > MOST_NAMED:
        who.append(f"{len(bad) - MOST_NAMED} more")
    so_far = " so far" if bad["is_partial"].any() else ""
    return [
        f"{_month(bad['month'].iloc[0], calendar)}{so_far} was a bad month for {joined(who)}; one month is no trend. "
        f"Luck alone gives up to {number((1 - confidence) * n, 1)} of {n} reps such a month."
    ]


def _base(chart: pd.DataFrame, judged: pd.DataFrame, confidence: float) -> str:
    """Who was watched against what, and the alarms that there were beside those that luck gives."""
    n, n_alarms = len(judged), int(chart.groupby("rep_id")["is_alarm"].any().sum())
    alike = float(judged["autocorrelation"].iloc[0])
    wider = f" The limits allow for months that resemble the one before (correlation {number(alike, 2)})." * (alike > 0)
    return (
        f"**{count(n, 'rep')}** {was_were(n)} watched {span(chart)}, each against their own level "
        "before and what the team won of like deals in the same month. "
        f"**{n_alarms}** left the limits in any month, where luck alone would send up to "
        f"{number((1 - confidence) * n, 1)}.{wider}"
    )


def _power(chart: pd.DataFrame, judged: pd.DataFrame, shortfall: float) -> str:
    """What could have been noticed of the rep in the middle by number of deals."""
    deals = chart.groupby("rep_id")["n_closed"].agg(["sum", "size"])
    rows = judged.assign(n_deals=judged["rep_id"].map(deals["sum"])).sort_values(["n_deals", "rep_id"], kind="stable")
    middle: Any = rows.iloc[(len(rows) - 1) // 2]
    n_months = int(deals["size"].max())
    when = (
        f"within {count(middle['months_to_notice'], 'month')}"
        if pd.notna(middle["months_to_notice"])
        else "after more than three years only"
    )
    within = (
        f"only a fall of {percent(middle['noticeable_rate'])} or more"
        if pd.notna(middle["noticeable_rate"])
        else "no fall at all"
    )
    return (
        f"With {number(middle['n_deals'] / n_months)} deals a month, as the rep in the middle has, a fall of "
        f"{percent(shortfall)} would be noticed four times in five {when}; within {n_months} months, {within} would be."
    )


def _others(last: pd.DataFrame, judged: pd.DataFrame, min_closed: int) -> list[str]:
    n = len(last) - len(judged)
    if not n:
        return []
    return [f"{count(n, 'other')} closed too few deals to judge: fewer than {min_closed} in these months or before."]


def _look_first(falling: pd.DataFrame, duties: Duties) -> Action:
    teams = list(dict.fromkeys(falling["team_name"]))
    has_one_team = len(teams) == 1 and teams[0] != NO_TEAM
    names = listing([str(name) for name in falling["name"]])
    return Action(
        f"See what changed for {names}: mix of deals, leads and the team's process first, then the lost deals.",
        f"Manager of {teams[0]}" if has_one_team else duties.owner("win_rate"),
        duties.due(DUE_IN_SELLING_DAYS),
        "A rep's results fall when their moving average leaves limits that allow for all reps watched; it is "
        f"talked over within {wording.count(DUE_IN_SELLING_DAYS, 'selling day')}.",
    )
