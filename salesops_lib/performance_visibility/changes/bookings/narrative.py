"""Words for the change in bookings: which part moved them most and where, never why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row, first_of
from salesops_lib.wording import Action, Finding, Status, bold, count, listing, money, number, percent, short

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties

PARTS = {
    "volume_amount": "volume",
    "mix_amount": "mix",
    "win_rate_amount": "win rate",
    "deal_size_amount": "deal size",
}
STEPS = {
    "volume_amount": "Compare the pipeline created and the deals still open of {where} with {then}.",
    "mix_amount": "List the segments and reps of {where} that decide more or fewer deals than in {then}.",
    "win_rate_amount": "Read the lost reasons of {where} by stage with the managers.",
    "deal_size_amount": "Compare discounts and products of the deals that {where} won with {then}.",
}
"""Where to look first, by the part that fell most."""
MOST_NAMED = 3
LONGEST_TITLE = 76


def describe_bookings_change(rows: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say through which parts bookings changed, where most of it happened, and whether chance could do it."""
    whole = first_of(rows)
    if whole is None or whole["n_closed"] + whole["n_closed_before"] == 0:
        return Finding("No deal was decided, so bookings did not change", "Nothing to compare.", is_headline=False)
    if pd.isna(whole["change_amount"]):
        return _nothing_earlier(whole)
    groups = rows[rows["group"] != "company"]
    both = groups[(groups["closed"] > 0) & (groups["closed_before"] > 0)]
    leading = _main_part(whole)
    other = max((part for part in _parts_of(whole) if part != leading), key=lambda part: abs(float(whole[part])))
    moved = f"{'so far ' if whole['is_partial'] else ''}{_moved(whole['change_amount'])} {whole['compared_with']}"
    title = f"Bookings {moved}: {_part(whole, leading)}, {_part(whole, other)}"
    where = [_largest(both[both["group"] == group], group) for group in ("team", "segment")]
    told = "; ".join(filter(None, where))
    told = f"{told[:1].upper()}{told[1:]}." if told else ""
    text = " ".join([_company(whole), told, _came_or_went(groups), _WHY])
    fallen = rows[rows["is_beyond_chance"].astype(bool) & (rows["change_amount"] < 0)]
    status: Status = "act" if len(fallen) else "good" if whole["is_beyond_chance"] else "note"
    action = _action(fallen, duties) if len(fallen) else None
    stake = float(fallen["change_amount"].abs().max()) if len(fallen) else 0.0
    return Finding(title, " ".join(text.split()), status, action, stake=stake, is_headline=len(fallen) > 0)


_WHY = "The parts are arithmetic: they say where to look, not why."


def _nothing_earlier(row: Row) -> Finding:
    text = (
        f"{money(row['bookings_amount'])} were booked from {count(row['n_won'], 'deal')}; the data reaches back "
        "neither to the year before nor to the period before."
    )
    return Finding(f"Nothing earlier to compare bookings of {row['period']} with", text, is_headline=False)


def _company(row: Row) -> str:
    parts = [_part(row, part) for part in _parts_of(row)]
    so_far, same = (" so far", "the same days of ") if row["is_partial"] else ("", "")
    told = (
        f"Bookings went from {money(row['before_amount'])} in {same}{row['compared_with']} to "
        f"{money(row['bookings_amount'])} in {row['period']}{so_far}: **{_signed(row['change_amount'])}** is "
        f"{', '.join(parts[:-1])} and {parts[-1]}. "
    )
    if _has_rates(row):
        told += (
            f"{number(row['n_won'])} of {count(row['n_closed'], 'decided deal')} were won, {percent(row['win_rate'])} "
            f"({percent(row['win_rate_low'])} to {percent(row['win_rate_high'])}), against "
            f"{percent(row['before_rate'])} of {number(row['n_closed_before'])}"
        )
    else:
        told += (
            f"{count(row['n_won'], 'deal')} were won against {number(row['n_won_before'])}, which is what volume "
            "counts here: losses are not known in both periods, so nothing can be said about the win rate"
        )
    return f"{told}{_chance(row)}."


def _chance(row: Row) -> str:
    if pd.isna(row["p_value"]):
        return ""
    if row["is_beyond_chance"]:
        return "; the change as a whole is beyond chance"
    low, high = row["change_amount_low"], row["change_amount_high"]
    reach = f"deals this few and uneven leave it open from {_signed(low)} to {_signed(high)}"
    if low > 0 or high < 0:
        reach += ", and this table looks at several changes at once"
    return f"; the change as a whole is within chance, as {reach}"


def _largest(rows: pd.DataFrame, group: str) -> str:
    """The team or segment that changed most; one beyond chance comes first."""
    if len(rows) < 2:
        return ""
    beyond = rows[rows["is_beyond_chance"].astype(bool)]
    row = (beyond if len(beyond) else rows).iloc[0]
    most = "moved most beyond chance" if len(beyond) else "moved most, within chance"
    return f"of {count(len(rows), group)}, {bold(row['name'])} {most}: {_signed(row['change_amount'])}, {_mainly(row)}"


def _mainly(row: Row) -> str:
    """The part that weighs most in the direction of the change, with what it rests on."""
    part = _main_part(row)
    return f"mainly {PARTS[part]} {_signed(row[part])}{_base(row, part)}"


def _main_part(row: Row) -> str:
    sign = 1 if row["change_amount"] >= 0 else -1
    return max(PARTS, key=lambda part: sign * float(row[part]))


def _parts_of(row: Row) -> list[str]:
    """The parts that can be told; without losses there is no win rate."""
    return [part for part in PARTS if part != "win_rate_amount" or _has_rates(row)]


def _base(row: Row, part: str) -> str:
    """The two figures behind a part, where the group's own totals moved the same way as its reps did."""
    closed, closed_before = number(row["closed"]), number(row["closed_before"])
    if part == "volume_amount" and _has_rates(row):
        return f" ({closed} decided, were {closed_before})"
    if part == "volume_amount":
        return f" ({number(row['won'])} won, were {number(row['won_before'])})"
    if part == "win_rate_amount" and (row["win_rate"] - row["before_rate"]) * row[part] > 0:
        return (
            f" ({percent(row['win_rate'])} of {closed} decided, was {percent(row['before_rate'])} of {closed_before})"
        )
    size, before = row["average_deal_amount"], row["average_before_amount"]
    if part == "deal_size_amount" and (size - before) * row[part] > 0:
        return f" ({money(size)} over {number(row['won'])} won, was {money(before)} over {number(row['won_before'])})"
    return ""


def _came_or_went(groups: pd.DataFrame) -> str:
    """Teams with decided deals in one period only, as after a reorganisation."""
    teams = groups[(groups["group"] == "team") & (groups["key"] != "")]
    once = teams[(teams["closed"] > 0) != (teams["closed_before"] > 0)]
    if once.empty:
        return ""
    names = listing([bold(name) for name in once["name"]])
    return f"{names} decided deals in only one of the two periods; where reps moved, so did their volume."


def _action(fallen: pd.DataFrame, duties: Duties) -> Action:
    """Where to look first: in the team or segment that fell most, or in the company where none did beyond chance."""
    groups = fallen[fallen["group"] != "company"]
    row = (groups if len(groups) else fallen).iloc[0]
    where = row["name"] if len(groups) else "the company"
    return duties.action(
        STEPS[_main_part(row)].format(where=where, then=row["compared_with"]),
        kpi="bookings",
        within=5,
        rule="Bookings of the company, a team or a segment fell beyond chance; the largest part says where to look.",
    )


def describe_bookings_change_by_rep(rows: pd.DataFrame) -> Finding:
    """Name at most three reps each way with their main part, and say what the others moved."""
    if rows.empty:
        return Finding("No rep decided a deal", "Nothing to compare.", is_headline=False)
    if rows["change_amount"].isna().all():
        return _nothing_earlier(rows[["bookings_amount", "n_won"]].sum().to_dict() | {"period": rows["period"].iloc[0]})
    up, down = (rows[sign * rows["change_amount"] > 0].head(MOST_NAMED) for sign in (1, -1))
    then = rows["compared_with"].iloc[0]
    ends = {"up": up, "down": down}
    tops = [f"{short(end['name'].iloc[0])} {_signed(end['change_amount'].iloc[0])}" for end in (up, down) if len(end)]
    title = f"Largest changes by rep: {', '.join(tops)}" if tops else f"No rep's bookings differ from {then}"
    if len(title) > LONGEST_TITLE:
        title = f"Largest change by rep: {short(rows['name'].iloc[0])} {_signed(rows['change_amount'].iloc[0])}"
    named = [f"{way} most: {_named(end, then)}" for way, end in ends.items() if len(end)]
    told = [
        f"Against {then}: {'; '.join(named)}." if named else "",
        _rest(rows, pd.concat([up, down])),
        _judgement(rows),
    ]
    return Finding(title, " ".join(filter(None, told)), is_headline=False)


def _named(rows: pd.DataFrame, then: str) -> str:
    names = []
    for row in rows.to_dict("records"):
        why = f"mainly {PARTS[_main_part(row)]}"
        if not row["closed_before"]:
            why = f"none decided in {then}"
        elif not row["closed"]:
            why = "none decided now"
        names.append(f"{bold(row['name'])} {_signed(row['change_amount'])} ({why})")
    return listing(names)


def _rest(rows: pd.DataFrame, named: pd.DataFrame) -> str:
    """What the reps named moved, and what share of the whole change the others did."""
    total, of_named = float(rows["change_amount"].sum()), float(named["change_amount"].sum())
    n_others, others = len(rows) - len(named), total - of_named
    if not n_others:
        return f"Together that is {_signed(total)}."
    share = others / total if total else -1.0
    of_all = (
        f", {percent(share)} of the {_signed(total)} in all" if 0 <= share <= 1 else f", which makes {_signed(total)}"
    )
    rest = "the other rep" if n_others == 1 else f"the other {number(n_others)}"
    return f"These {number(len(named))} moved bookings by {_signed(of_named)} and {rest} by {_signed(others)}{of_all}."


def _judgement(rows: pd.DataFrame) -> str:
    judged = rows.dropna(subset="p_value")
    beyond = judged[judged["is_beyond_chance"].astype(bool)]
    told = "None" if beyond.empty else number(len(beyond))
    names = "" if beyond.empty else f" ({listing(list(beyond['name']))})"
    if judged.empty:
        return "No rep decided and won deals enough in both periods to be judged."
    return (
        f"{told} of {count(len(judged), 'rep')} with deals in both periods changed beyond chance{names}: "
        "a rep's bookings rest on few deals, so this is no ranking."
    )


def _has_rates(row: Row) -> bool:
    return not (pd.isna(row["win_rate"]) or pd.isna(row["before_rate"]))


def _part(row: Row, part: str) -> str:
    return f"{PARTS[part]} {_signed(row[part])}"


def _moved(change: float) -> str:
    if change == 0:
        return "equal to those of"
    return f"{'up' if change > 0 else 'down'} {money(abs(change))} on"


def _signed(amount: float) -> str:
    return money(amount) if amount <= 0 else f"+{money(amount)}"
