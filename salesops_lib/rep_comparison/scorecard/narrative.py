"""Words for a scorecard: strengths, what to try, good and bad months; for a manager, the team."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib.rep_comparison.vocabulary import BETTER, HIGHER, LOWER, NOT_KNOWN, WITHIN, WORSE
from salesops_lib.wording import Finding, count, days, is_are, joined, listing, money, number, percent, plain, signed

if TYPE_CHECKING:
    from collections.abc import Callable

TRY = {
    "volume": "Volume is the largest part of what is missing: look with your manager at how leads and accounts are "
    "shared, and at the next steps of deals that have stood still.",
    "mix": "The mix of deals is the largest part of what is missing: it comes from territory and leads, so take it to "
    "your manager before changing how you sell.",
    "win_rate": "Winning fewer of like deals is the largest part of what is missing: bring two lost deals and a won "
    "one to the next one-to-one, and compare where they turned.",
    "deal_size": "Deal size is the largest part of what is missing: look at discounts given, and at what larger "
    "customers of the same segment bought.",
}
"""What to try first, by the part of the gap in bookings that is furthest below the team (our choice)."""
_WRITE: dict[str, Callable[[float], str]] = {"rate": percent, "amount": money, "days": days, "count": number}


def describe_scorecard(card: pd.DataFrame) -> Finding:
    """Say in what the rep lies beyond the peers' middle half, and that the rest is like most."""
    if card["value"].isna().all():
        return Finding("Nothing to measure yet", "No closed deals, goals or activities are on record.")
    better, worse = (card[card["standing"] == side] for side in (BETTER, WORSE))
    other = card[card["standing"].isin([HIGHER, LOWER])]
    parts = [f"{name}: {listing([_measure(row) for row in rows.itertuples()], most=4)}." for name, rows in (
        ("Strengths, beyond chance where an interval is given", better), ("Behind most", worse),
        ("Unlike most, for better or worse", other),
    ) if len(rows)]  # fmt: skip
    n_like = int((card["standing"] == WITHIN).sum())
    n_open = int((card["standing"] == NOT_KNOWN).sum())
    if n_like:
        parts.append(f"{count(n_like, 'measure')} {is_are(n_like)} like most peers'.")
    if n_open:
        parts.append(f"{count(n_open, 'measure')} cannot be compared: too few peers or deals.")
    named = [name for name, rows in (("better", better), ("worse", worse)) if len(rows)]
    title = "Your measures are like most peers'"
    if named:
        title = " and ".join(
            f"{side} than most in {listing([_short(row) for row in rows.itertuples()])}"
            for side, rows in (("better", better), ("worse", worse))
            if len(rows)
        )
    return Finding(f"{title[:1].upper()}{title[1:]}", " ".join(parts))


def _short(row: Any) -> str:
    return str(row.name).split(",", maxsplit=1)[0].lower()


def _measure(row: Any) -> str:
    write = _WRITE[row.unit]
    ends = f", {write(row.low)} to {write(row.high)}" if pd.notna(row.low) else ""
    return f"{_short(row)} **{write(row.value)}**{ends} (peers' middle half {write(row.peers_low)} to " + (
        f"{write(row.peers_high)}, n = {number(row.n)})"
    )


def describe_wins_by_month(rows: pd.DataFrame) -> Finding:
    """Say how the rep's months compare with the team's, and that one month in twenty looks unusual by luck."""
    if rows.empty:
        return Finding("No month with a closed deal", "There is nothing to follow yet.")
    won, expected, odd = rows["n_won"].sum(), rows["expected_won"].sum(), rows[rows["is_unusual"]]
    text = (
        f"In {count(len(rows), 'month')} you closed {number(rows['n_closed'].sum())} deals and won **{number(won)}**; "
        f"the team would have won **{number(expected, 1)}** of the same months and segments. "
    )
    months = listing([f"{row.month} ({row.n_won} of {row.n_closed})" for row in odd.itertuples()])
    text += f"Outside the range of luck: {months}. " if len(odd) else "No month lies outside the range of luck. "
    text += f"Luck alone puts about {number(len(rows) / 20, 1)} of {len(rows)} outside: one month is no trend."
    title = "All months are within what luck gives" if odd.empty else f"{count(len(odd), 'month')} outside luck's range"
    return Finding(title, text)


def describe_parts(rows: pd.DataFrame) -> Finding:
    """Say through what the rep's bookings differ from the team's average, and what to try first."""
    gap, won = rows.dropna(subset=["amount"]), rows.dropna(subset=["won"])
    if gap.empty:
        return Finding("No gap to take apart", "Nothing was closed in the window.")
    total = float(gap["amount"].sum())
    side = "above" if total >= 0 else "below"
    parts: list[Any] = list(gap.itertuples())
    made = joined([f"{_signed_money(row.amount)} {str(row.name).lower()}" for row in parts])
    text = f"Bookings lie {money(abs(total))} {side} the team's average for the same time in the seat: {made}. "
    if len(won):
        each: list[Any] = list(won.itertuples())
        causes = joined([f"{signed(row.won, 1)} {str(row.name).lower()}" for row in each])
        text += f"In deals won, against all reps in the same months: {causes}. "
    lowest: Any = gap.iloc[int(gap["amount"].to_numpy().argmin())]
    text += f"**To try first.** {TRY[str(lowest.part)]}" if lowest.amount < 0 else "No part is below the average."
    return Finding(f"{money(abs(total))} {side} the team's average", text)


def _signed_money(amount: float) -> str:
    return money(amount) if amount < 0 else f"+{money(amount)}"


def describe_team_scorecard(rows: pd.DataFrame) -> Finding:
    """Say what the team closed and won, who stands out, and what explains who does not."""
    closed, won = int(rows["n_closed"].sum()), int(rows["n_won"].sum())
    if not closed:
        return Finding("The team has not closed a deal yet", "There is nothing to compare.")
    apart = rows[rows["verdict"].str.startswith("stands out")]
    explained = rows[rows["explained_by"] != ""]
    text = f"{count(len(rows), 'rep')} closed **{closed:,}** deals and won **{won:,}** ({percent(won / closed, 1)}). "
    said = [f"**{plain(row.name)}** {row.verdict}" for row in apart.itertuples()]
    said += [f"{plain(row.name)} looked apart, which {row.explained_by} explains" for row in explained.itertuples()]
    text += f"{listing(said, most=6)}. " if said else "Nobody's win rate is different from the others' beyond luck. "
    text += "Rates are drawn towards the team by what luck can do; read no ranking into them."
    title = f"{count(len(apart), 'rep')} of {len(rows)} {'stands' if len(apart) == 1 else 'stand'} out"
    return Finding(title if len(apart) else "Nobody stands out", text)
