"""Words for the landing: where the quarter ends, how far the two ways agree, and what past quarters say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib.forecasting.phrases import EVEN_CHANCE, LOW_CHANCE, range_of
from salesops_lib.wording import Finding, Status, capital, count, listing, money, percent

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties

CLOSE = 0.1
"""Landings that differ by less than this share of the smaller are said to agree."""


def describe_landing_by_method(rows: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say where the quarter lands by each way, how far they differ, and how far off such landings were."""
    landed = {row["method"]: row for row in rows.to_dict("records") if pd.notna(row["landing_amount"])}
    name = rows["quarter_name"].iloc[0]
    if not landed:
        return Finding(f"{name} cannot be landed yet", f"{capital(rows['basis'].iloc[0])}.", is_headline=False)
    lead = next(row for row in landed.values() if row["is_leading"])
    ways = [_way(row) for method, row in landed.items() if method != "both"]
    text = " ".join([*ways, _agreement(landed), _without_stage(rows, landed), _past(landed), _goal(lead)])
    gap = _difference(landed)
    action = None
    if abs(gap) >= CLOSE:
        action = duties.action(
            f"Go through the open deals due in {name} one by one and settle between {_amounts(landed)}.",
            kpi="pipeline_coverage",
            within=7,
            rule=f"The landings by stage weights and by pace differ by {percent(CLOSE)} or more.",
        )
    stake = max(0.0, float(lead["goal_amount"] - lead["landing_amount"])) if lead["goal_amount"] > 0 else 0.0
    return Finding(_title(name, landed), " ".join(text.split()), _status(lead, abs(gap)), action, stake=stake)


def _short(method: str) -> str:
    return {"stage": "stage weights", "pace": "pace", "both": "their average"}[method]


def _amounts(landed: dict[str, Any]) -> str:
    return " and ".join(money(row["landing_amount"]) for method, row in landed.items() if method != "both")


def _title(name: str, landed: dict[str, Any]) -> str:
    ways = [f"{money(row['landing_amount'])} by {_short(method)}" for method, row in landed.items() if method != "both"]
    if "both" not in landed:
        return f"{name} lands at {ways[0]}"
    return f"{name} lands at {money(landed['both']['landing_amount'])}: {', '.join(ways)}"


def _way(row: Any) -> str:
    won = f"{money(row['won_so_far_amount'])} won so far, " if row["won_so_far_amount"] else ""
    return (
        f"**{capital(row['name'])}** ({row['basis']}): {won}{money(row['open_amount'])} from open deals and "
        f"{money(row['new_amount'])} not yet created make **{money(row['landing_amount'])}** "
        f"({range_of(row, 'landing_amount')})."
    )


def _difference(landed: dict[str, Any]) -> float:
    """Stage weights less pace, as a share of the smaller; 0 where there is only one."""
    if "both" not in landed:
        return 0.0
    stage, pace = landed["stage"]["landing_amount"], landed["pace"]["landing_amount"]
    return float((stage - pace) / min(stage, pace)) if min(stage, pace) > 0 else 0.0


def _agreement(landed: dict[str, Any]) -> str:
    if "both" not in landed:
        return ""
    gap = money(abs(landed["stage"]["landing_amount"] - landed["pace"]["landing_amount"]))
    share = percent(abs(_difference(landed)))
    verdict = f"They agree within {gap} ({share})"
    if abs(_difference(landed)) >= CLOSE:
        side = "more" if _difference(landed) > 0 else "less"
        verdict = f"They disagree: stage weights say **{gap}** ({share}) {side} than pace"
    both = landed["both"]
    return f"{verdict}; their average is **{money(both['landing_amount'])}** ({range_of(both, 'landing_amount')})."


def _without_stage(rows: pd.DataFrame, landed: dict[str, Any]) -> str:
    if "stage" in landed:
        return ""
    reason = rows.loc[rows["method"] == "stage", "basis"].iloc[0]
    return f"By stage weights there is no landing: {reason}."


def _past(landed: dict[str, Any]) -> str:
    tested = {method: row for method, row in landed.items() if row["n_tested"]}
    if not tested:
        return "There is no past quarter yet on which this could be tested."
    if all(pd.isna(row["wape_rate"]) for row in tested.values()):
        return "Nothing was booked in the past quarters on which this could be tested."
    errors = listing([f"{_short(method)} by {percent(row['wape_rate'])}" for method, row in tested.items()])
    n = max(int(row["n_tested"]) for row in tested.values())
    return f"Error from the same point of {count(n, 'past quarter')}: {errors}."


def _goal(lead: Any) -> str:
    if not lead["goal_amount"] > 0:
        return "The quarter has no goal."
    by = "pace" if lead["method"] == "pace" else "that average"
    return f"The goal of {money(lead['goal_amount'])} has a chance of **{percent(lead['reach_rate'])}** by {by}."


def _status(lead: Any, gap: float) -> Status:
    chance = lead["reach_rate"]
    if pd.notna(chance) and chance < LOW_CHANCE:
        return "act"
    if gap >= CLOSE or (pd.notna(chance) and chance < EVEN_CHANCE):
        return "watch"
    return "note" if pd.isna(chance) else "good"


def describe_landing_backtest_by_quarter(rows: pd.DataFrame) -> Finding:
    """Say how far past quarters would have been missed from the same point, and how often the intervals held."""
    if rows.empty:
        text = "A landing is tested on past quarters that have two whole quarters before them; there is none yet."
        return Finding("No past quarter to test the landing on yet", text, is_headline=False)
    methods = [name for name in ("stage", "pace", "both") if rows[f"{name}_amount"].notna().any()]
    errors = {name: _error(rows, name) for name in methods}
    said = [
        f"{percent(error)} ({_short(name).removeprefix('their ')})" for name, error in errors.items() if pd.notna(error)
    ]
    title = f"Past landings missed by {listing(said)}" if said else "Nothing was booked in the quarters landed"
    text = " ".join(
        [
            f"Landed from the same point of {count(len(rows), 'past quarter')}, with what was known then.",
            *(_held(rows, name) for name in methods),
            _worst(rows, methods),
        ]
    )
    return Finding(title, text, "note", is_headline=False)


def _tested(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    return rows.dropna(subset=f"{name}_amount")


def _error(rows: pd.DataFrame, name: str) -> float:
    tested = _tested(rows, name)
    return _share((tested[f"{name}_amount"] - tested["bookings_amount"]).abs().sum(), tested["bookings_amount"].sum())


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")


def _held(rows: pd.DataFrame, name: str) -> str:
    tested = _tested(rows, name)
    held = int(tested["bookings_amount"].between(tested[f"{name}_amount_low"], tested[f"{name}_amount_high"]).sum())
    over = _share((tested[f"{name}_amount"] - tested["bookings_amount"]).sum(), tested["bookings_amount"].sum())
    lean = ""
    if pd.notna(over):
        side = f"{'too high' if over > 0 else 'too low'} by {percent(abs(over), 1)}"
        lean = f"; on the whole {side if abs(over) >= 0.0005 else 'neither way off'}"
    return f"**{capital(_short(name))}**: the 80% interval held in {held} of {count(len(tested), 'quarter')}{lean}."


def _worst(rows: pd.DataFrame, names: list[str]) -> str:
    misses = [
        (abs(row[f"{name}_amount"] - row["bookings_amount"]), name, row)
        for row in rows.to_dict("records")
        for name in names
        if pd.notna(row[f"{name}_amount"])
    ]
    _size, name, row = max(misses, key=lambda miss: miss[0])
    return (
        f"The largest miss was {row['quarter_name']} by {_short(name)}: {money(row[f'{name}_amount'])} said, "
        f"{money(row['bookings_amount'])} booked."
    )


def describe_open_deals_by_stage(rows: pd.DataFrame) -> Finding:
    """Say how much is open, how much of it counts towards the quarter, and which part counts for nothing."""
    if rows.empty:
        text = "Nothing is open, or no two whole quarters lie before this one to learn from."
        return Finding("No open deals to weigh", text, is_headline=False)
    total, weighted = rows["open_amount"].sum(), rows["weighted_amount"].sum()
    title = f"{money(weighted)} of the {money(total)} open is expected to be won in the quarter"
    top = max(rows.to_dict("records"), key=lambda row: row["weighted_amount"] if row["weighted_amount"] > 0 else 0.0)
    text = (
        f"{count(rows['n_open'].sum(), 'deal')} are open. Most comes from {_cell(top)}: {money(top['open_amount'])} "
        f"open, of which **{money(top['weighted_amount'])}** counts; of {count(top['n_past'], 'such deal')} at this "
        f"point of past quarters {int(top['n_past_won'])} ({percent(top['won_in_time_rate'])}) were won in time. "
        f"{_overdue(rows)} {_unweighed(rows)}"
    )
    return Finding(title, " ".join(text.split()), is_headline=False)


def _cell(row: Any) -> str:
    return f"**{row['state']}**" if row["due"] == "no date" else f"**{row['state']}**, {row['due']}"


def _overdue(rows: pd.DataFrame) -> str:
    late = rows[rows["due"] == "overdue"]
    if late.empty:
        return ""
    n, worth = count(late["n_open"].sum(), "deal"), money(late["open_amount"].sum())
    won, tried = int(late["n_past_won"].sum()), int(late["n_past"].sum())
    past = f"such deals were won in time in {won} of {tried} cases" if tried else "past quarters had no such deal"
    return f"{n} worth {worth} {'has' if n == '1 deal' else 'have'} a close date in the past; {past}."


def _unweighed(rows: pd.DataFrame) -> str:
    parts = []
    undated = rows[rows["weight_rate"].isna()]
    if len(undated):
        n = undated["n_open"].sum()
        parts.append(f"{count(n, 'deal')} without a creation date cannot be weighed and count for nothing.")
    n_without = int(rows["n_without_amount"].sum())
    if n_without:
        parts.append(f"{count(n_without, 'deal')} without an amount count with the average won amount.")
    return " ".join(parts)
