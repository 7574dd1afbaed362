"""Key figures of the rep comparison: the common rate, who can be judged, who stands out, what could be noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from salesops_lib.measures import win_rates
from salesops_lib.measures.tidy import columns_of, tidy
from salesops_lib.periods import Period
from salesops_lib.rep_comparison.cells import MONTH, median_cycle, rate_of
from salesops_lib.rep_comparison.people import window_to
from salesops_lib.rep_comparison.verdicts.wins_and_luck import judged, standing
from salesops_lib.rep_comparison.vocabulary import ABOVE, BELOW
from salesops_lib.statistics.power import noticeable

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm


@tidy
def cards(
    crm: Crm,
    *,
    period: Period,
    months: int = 12,
    min_closed: int,
    confidence: float,
) -> pd.DataFrame:
    """The comparison in six figures.

    One row per figure.

    Args:
        crm: Needs ``reps`` and ``opportunities``.
        period: The window ends with it.
        months: Fiscal months of the window.
        min_closed: Fewest closed deals before a rep is judged.
        confidence: Coverage of intervals; 1 less this is the false discovery rate.

    Returns:
        key (str): Key of the figure.
        label (str): Name.
        value (float): The figure; missing where it is not defined.
        unit (str): rate, count, amount or days.
        change (float): Against the window before, where the data reaches back over all of it.
        change_unit (str): rate.
        compared_with (str): The window compared with.
        n (int): What the figure rests on.
        low (float): Lower end of the interval.
        high (float): Upper end.
        direction (str): Which way is good.
        series (list): The rate by month, oldest first.
    """
    seen = standing(crm, period=period, months=months, by=("segment",), confidence=confidence)
    rows = judged(seen.rows, min_closed=min_closed, confidence=confidence)
    enough = rows[rows["is_judged"]].sort_values("n_closed", kind="stable")
    middle = enough.iloc[[(len(enough) - 1) // 2]] if len(enough) else enough
    level = (1 - confidence) / max(len(enough), 1)
    smallest = noticeable(
        middle["n_closed"], middle["expected_win_rate"], level=level, inflation=middle["adjusted_inflation"]
    )
    won = int(rows["n_won"].sum())
    size = rows["won_amount"].sum() / won if won else np.nan
    middle_n = _first(middle["n_closed"])
    cycle = median_cycle(crm, seen.window)
    apart = float(rows["verdict"].isin([ABOVE, BELOW]).sum()) if len(enough) else np.nan
    return pd.DataFrame(
        [
            _rate_card(crm, seen.window, period, months, seen.has_losses, confidence)
            | {"series": _by_month(seen.cells) if seen.has_losses else []},
            _card("reps_judged", f"Reps with {min_closed}+ closed deals", len(enough), "count", n=len(rows)),
            _card("reps_apart", "Reps who stand out", apart, "count", n=len(enough)),
            _card("noticeable", "Shortfall noticed 4 times in 5", _first(smallest), "rate", n=middle_n),
            _card("average_deal", "Average deal won", size, "amount", n=won),
            _card("cycle_window", "Sales cycle, median", cycle["q50"], "days", n=cycle["n"]),
        ],
        columns=list(columns_of(cards)),  # no card need have a change
    )


def _card(key: str, label: str, value: float, unit: str, *, n: float = np.nan) -> dict[str, Any]:
    return {"key": key, "label": label, "value": float(value), "unit": unit, "n": n, "direction": "none", "series": []}


def _first(values: Any) -> float:
    given = np.asarray(values, dtype=float)
    return float(given[0]) if len(given) else float("nan")


def _rate_card(
    crm: Crm, window: Period, period: Period, months: int, has_losses: bool, confidence: float
) -> dict[str, Any]:
    """The common rate, against the window before where the data covers that too."""
    now = win_rates(crm, window, confidence=confidence).iloc[0]
    card = _card("win_rate_window", f"Win rate, {months} months", np.nan, "rate", n=now["n_closed"])
    if not has_losses:
        return card
    card |= {"value": now["win_rate"], "low": now["win_rate_low"], "high": now["win_rate_high"], "direction": "up"}
    last = crm.calendar.containing(period.end, "month")
    before = window_to(crm, crm.calendar.previous(last, months), months)
    full = crm.calendar.previous(last, 2 * months - 1)
    if before.start == full.start and before.end < window.start:
        rate = win_rates(crm, before, confidence=confidence).iloc[0]["win_rate"]
        card |= {
            "change": now["win_rate"] - rate,
            "change_unit": "rate",
            "compared_with": f"{months} months before",
        }
    return card


def _by_month(cells: pd.DataFrame) -> list[float]:
    sums = cells.groupby(MONTH)[["n_won", "n_closed"]].sum().sort_index()
    return [float(rate) for rate in rate_of(sums["n_won"], sums["n_closed"]).tail(12)]
