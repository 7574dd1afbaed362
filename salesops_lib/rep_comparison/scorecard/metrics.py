"""Scorecard: one rep's measures beside anonymous peers, and the rep's months beside what luck gives to equals.

Frames of the comparison go in, one rep's rows come out. Of peers only the middle half is kept, and that only where
there are enough of them that nobody can be told from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.rep_comparison.cells import MONTH, closed_cells
from salesops_lib.rep_comparison.people import people, window_to
from salesops_lib.rep_comparison.vocabulary import BETTER, HIGHER, LOWER, NOT_KNOWN, WITHIN, WORSE
from salesops_lib.statistics.luck import odds_of

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

FEWEST_PEERS = 5
"""Peers needed before their middle half is shown: fewer could be told apart."""


@dataclass(frozen=True)
class Measure:
    """A measure of a rep: where it stands, and which way is good."""

    key: str
    name: str
    unit: str
    column: str
    n_column: str
    direction: str
    has_interval: bool = True


MEASURES = (
    Measure("win_rate", "Win rate, on the company's mix", "rate", "adjusted_win_rate", "n_closed", "up"),
    Measure("attainment", "Attainment", "rate", "attainment_rate", "n_goal_months", "up", has_interval=False),
    Measure("typical_deal", "Typical deal", "amount", "typical_deal_amount", "n_won", "none"),
    Measure("cycle", "Typical cycle", "days", "typical_cycle_days", "n_won", "down"),
    Measure("activities", "Activities a week", "count", "activities_per_week", "n_activities", "none",
            has_interval=False),
    Measure("effort", "Activities per win", "count", "activities_per_win", "n_won", "down"),
    Measure("satisfied", "Satisfied customers", "rate", "shrunken_csat_rate", "n_csat", "up"),
    Measure("churn", "Customers lost in a year", "rate", "shrunken_churn_rate", "n_customers", "down"),
)  # fmt: skip


def scorecard(rep_id: str, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One rep's measures with n and interval, beside the middle half of the peers.

    One row per measure that the data has for anybody, in a fixed order.

    Args:
        rep_id: Whose.
        tables: Frames of the comparison with one row per rep: ``reps_side_by_side``, ``causes_by_rep`` and, where
            there is such data, ``effort_and_customers_by_rep``.

    Returns:
        measure (str): Key.
        name (str): The measure, for readers.
        unit (str): rate, amount, days or count.
        direction (str): Which way is good: up, down or none.
        n (float): What the figure rests on.
        value (float): The rep's figure; missing where it is not defined.
        low (float): Lower end of its interval; missing where chance is not worked out.
        high (float): Upper end.
        peers_low (float): A quarter of the peers lie below; missing with fewer than five peers.
        peers_middle (float): Half of them do.
        peers_high (float): Three quarters do.
        n_peers (int): Peers with such a figure: of the same team where there are five of them, else of the company.
        standing (str): Like most, better or worse, or above or below most where neither way is good: the interval, or
            the figure where there is none, lies wholly beyond the peers' middle half.
    """
    rows = [_row(each, rep_id, frame) for each in MEASURES if (frame := _with(each.column, tables)) is not None]
    table = pd.DataFrame([row for row in rows if row], columns=_COLUMNS)
    return table.astype({"n_peers": int, **dict.fromkeys(_NUMBERS, float)})


_NUMBERS = ["n", "value", "low", "high", "peers_low", "peers_middle", "peers_high"]
_COLUMNS = ["measure", "name", "unit", "direction", *_NUMBERS, "n_peers", "standing"]


def _with(column: str, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
    return next((frame for frame in tables.values() if column in frame.columns), None)


def _row(measure: Measure, rep_id: str, frame: pd.DataFrame) -> dict[str, object] | None:
    own = frame[frame["rep_id"] == rep_id]
    if own.empty or frame[measure.column].isna().all():
        return None
    value = float(own[measure.column].iloc[0])
    ends = (f"{measure.column}_low", f"{measure.column}_high")
    low, high = (float(own[end].iloc[0]) if measure.has_interval else np.nan for end in ends)
    others = frame[frame["rep_id"] != rep_id].dropna(subset=[measure.column])
    of_team = others[others["team_name"] == own["team_name"].iloc[0]]
    peers = (of_team if len(of_team) >= FEWEST_PEERS else others)[measure.column]
    is_enough = len(peers) >= FEWEST_PEERS
    middle = [float(peers.quantile(share)) if is_enough else np.nan for share in (0.25, 0.5, 0.75)]
    inner = (low, high) if measure.has_interval else (value, value)
    return {
        "measure": measure.key, "name": measure.name, "unit": measure.unit, "direction": measure.direction,
        "n": float(own[measure.n_column].iloc[0]), "value": value, "low": low, "high": high, "peers_low": middle[0],
        "peers_middle": middle[1], "peers_high": middle[2], "n_peers": len(peers),
        "standing": _standing(inner, (middle[0], middle[2]), measure.direction),
    }  # fmt: skip


def _standing(own: tuple[float, float], peers: tuple[float, float], direction: str) -> str:
    if np.isnan([*own, *peers]).any():
        return NOT_KNOWN
    is_above, is_below = own[0] > peers[1], own[1] < peers[0]
    if not (is_above or is_below):
        return WITHIN
    if direction == "none":
        return HIGHER if is_above else LOWER
    return BETTER if is_above == (direction == "up") else WORSE


def wins_by_month(crm: Crm, *, period: Period, months: int = 12, confidence: float) -> pd.DataFrame:
    """Each rep's wins of each month beside those that the team would have had, and the range of luck.

    One row per rep and fiscal month with a closed deal, by rep, oldest month first.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        period: The window ends with it.
        months: Fiscal months of the window.
        confidence: Share of equals whose wins the range of luck holds.

    Returns:
        rep_id (str): Key.
        name (str): The rep.
        month (str): Fiscal month.
        n_closed (int): Deals won or lost.
        n_won (int): Deals won.
        expected_won (float): Wins had the rep won what the team did in the same month and segments.
        luck_low (float): Fewest wins within the range.
        luck_high (float): Most.
        is_unusual (bool): Outside that range, as a month of an equal is with chance 1 less ``confidence``.

    Source:
        Sum of hypergeometric draws per segment, as in Mantel and Haenszel (1959).
    """
    window = window_to(crm, period, months)
    cells = closed_cells(crm, window)
    owners = people(crm, window)["name"]
    keyed = cells.assign(rep_id=cells["rep_id"] + _SEPARATOR + cells[MONTH])
    odds = odds_of(keyed, by=[MONTH, "segment"], confidence=confidence)
    keys = pd.Series(odds.rep_ids, dtype=object).str.split(_SEPARATOR, n=1, expand=True, regex=False)
    keys = keys.reindex(columns=[0, 1])
    rows = pd.DataFrame(
        {
            "rep_id": keys[0], "name": keys[0].map(owners).astype(object).fillna(keys[0]), "month": keys[1],
            "n_closed": odds.tries,
            "n_won": odds.hits, "expected_won": odds.expected, "luck_low": odds.luck_low, "luck_high": odds.luck_high,
        }
    ).astype({"n_closed": int, "n_won": int})  # fmt: skip
    rows = rows.assign(is_unusual=(rows["n_won"] < rows["luck_low"]) | (rows["n_won"] > rows["luck_high"]))
    return rows.sort_values(["rep_id", "month"], kind="stable").reset_index(drop=True)


_SEPARATOR = "\N{INFORMATION SEPARATOR ONE}"
"""Between a rep and a month: no export holds it within a key."""


def parts_of(rep_id: str, gaps: pd.DataFrame, causes: pd.DataFrame) -> pd.DataFrame:
    """Where one rep's bookings and wins differ from the team's, part by part.

    One row per part of the gap in bookings, then one per cause of the difference in wins.

    Args:
        rep_id: Whose.
        gaps: What ``gap_by_rep`` returns.
        causes: What ``causes_by_rep`` returns.

    Returns:
        part (str): Key.
        name (str): The part, for readers.
        amount (float): Bookings above or below the team's average through it; missing for causes of wins.
        won (float): Wins above or below through it; missing for parts of bookings.
    """
    found = [
        {"part": part, "name": name, "amount": value if kind == "amount" else np.nan,
         "won": value if kind == "won" else np.nan}
        for kind, frame, names in (("amount", gaps, GAP_PARTS), ("won", causes, CAUSE_PARTS))
        for _index, own in frame[frame["rep_id"] == rep_id].head(1).iterrows()
        for part, name in names.items()
        for value in [float(own[f"{part}_{kind}"])]
    ]  # fmt: skip
    return pd.DataFrame(found, columns=["part", "name", "amount", "won"]).astype({"amount": float, "won": float})


GAP_PARTS = {"volume": "Volume", "mix": "Mix of deals", "win_rate": "Win rate", "deal_size": "Deal size"}
CAUSE_PARTS = {
    "mix": "Mix of deals", "leads": "Leads", "process": "Team's process", "tenure": "Time in the role",
    "rest": "What is left",
}  # fmt: skip


def team_scorecard(team_name: str, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One team's reps side by side, nobody else's.

    One row per rep of the team, by name.

    Args:
        team_name: Whose.
        tables: As for ``scorecard``.

    Returns:
        rep_id (str): Key.
        name (str): The rep.
        n_closed (int): Deals won or lost in the window.
        n_won (int): Deals won.
        win_rate (float, 0-1): Won / closed.
        adjusted_win_rate (float, 0-1): Rate to expect on the company's mix, drawn towards the team.
        adjusted_win_rate_low (float, 0-1): Lower end of its interval.
        adjusted_win_rate_high (float, 0-1): Upper end.
        attainment_rate (float): Bookings / goals.
        typical_deal_amount (float): Typical won deal.
        typical_cycle_days (float): Typical days to a win.
        activities_per_week (float): Activities per week in the seat; missing without such data.
        shrunken_csat_rate (float, 0-1): Satisfied answers, drawn towards the team; missing likewise.
        shrunken_churn_rate (float, 0-1): Customers lost in the window, drawn towards what is usual; missing likewise.
        verdict (str): As in the verdict per rep; too few deals where there is none.
        explained_by (str): The cause that explains a difference beyond luck; empty where there is none to explain.
    """
    rows = tables["reps_side_by_side"]
    rows = rows[rows["team_name"] == team_name][["rep_id", "name", "n_closed", "n_won", "win_rate", "attainment_rate",
                                                 "typical_deal_amount", "typical_cycle_days"]]  # fmt: skip
    for name, columns in _OF_TEAM.items():
        frame = tables.get(name)
        rows = rows.merge(frame[["rep_id", *columns]], on="rep_id", how="left") if frame is not None else rows
    rows = rows.reindex(columns=_TEAM)
    texts = {"verdict": NOT_KNOWN, "explained_by": ""}
    return rows.fillna(texts).sort_values(["name", "rep_id"], kind="stable").reset_index(drop=True)


_OF_TEAM = {
    "causes_by_rep": ["adjusted_win_rate", "adjusted_win_rate_low", "adjusted_win_rate_high", "verdict",
                      "explained_by"],
    "effort_and_customers_by_rep": ["activities_per_week", "shrunken_csat_rate", "shrunken_churn_rate"],
}  # fmt: skip
_TEAM = [
    "rep_id", "name", "n_closed", "n_won", "win_rate", "adjusted_win_rate", "adjusted_win_rate_low",
    "adjusted_win_rate_high", "attainment_rate", "typical_deal_amount", "typical_cycle_days", "activities_per_week",
    "shrunken_csat_rate", "shrunken_churn_rate", "verdict", "explained_by",
]  # fmt: skip
