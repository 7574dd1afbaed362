"""Stage change: which stage lets fewer deals through than before, since when, and what that costs.

Tables in: ``visits`` (made from ``stage_history``) and ``opportunities``.
Tables out: one row per stage. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures import within
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.funnel.stage_funnel.counts import stages_in_order
from salesops_lib.performance_visibility.windows import first_day_of_closings, last_months, months_to, report_month
from salesops_lib.periods import Period
from salesops_lib.statistics.changes import change_point
from salesops_lib.statistics.differences import false_discovery
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from salesops_lib.data.crm import Crm

POWER = 0.8
"""How often a fall of ``least_change_rate`` would show."""


@tidy
def stage_change(
    crm: Crm, *, period: Period, n_months: int = 3, baseline_months: int = 12, confidence: float
) -> pd.DataFrame:
    """Whether deals that leave a stage still advance as often as before, since when not, and what that costs.

    One row per stage, in the order of the sales process. Counted are stays that ended, by the day they ended, so
    that now and before are judged alike and no stay is too young to count; jumps over a stage do not count. A change
    that holds from some day of entry on therefore shows a stay later. Where a fall began before the last months, it
    lowers the rate before too, and the change is understated.

    Args:
        crm: Needs ``opportunities`` and ``visits``, made from a ``stage_history``.
        period: What is reported.
        n_months: Months that count as now, ending with the report month.
        baseline_months: Months before them that count as before, as far as the data holds closed deals.
        confidence: Coverage of the intervals; a change counts when chance alone would show it less often than the rest.

    Returns:
        stage (str): Stage.
        n_left (int): Stays that ended in the last months.
        n_advanced (int): Those that went on to a later stage or were won.
        exit_rate (float, 0-1): Advanced / ended; missing where none ended.
        exit_rate_low (float, 0-1): Lower end of its interval.
        exit_rate_high (float, 0-1): Upper end.
        n_left_before (int): Stays that ended in the months before.
        before_rate (float, 0-1): Share of them that advanced.
        change_rate (float): Change of the rate, in points.
        change_rate_low (float): Lower end of its interval.
        change_rate_high (float): Upper end.
        least_change_rate (float): The smallest fall, in points below zero, that would count as beyond chance four
            times in five at these numbers; missing where none would.
        p_value (float): How often chance alone would show such a change, adjusted over the stages.
        is_changed (bool): The change is beyond chance.
        is_bottleneck (bool): Of the stages that fell beyond chance, the one with most to recover.
        since_month (str): First month of the change, by likelihood; missing where nothing is beyond chance.
        since_month_low (str): The earliest month that fits nearly as well, within two units of log-likelihood.
        since_month_high (str): The latest such month.
        n_wins_missing (float): Wins that the stage would have brought in the last months at its former rate, less
            those it brought; negative when it brings more.
        recoverable_amount (float): Those wins times the average won amount of the last months.
        recoverable_amount_low (float): Lower end, from the interval of the change alone: what follows the stage and
            the average deal are taken as they are.
        recoverable_amount_high (float): Upper end.

    Source:
        Two-sided exact test of Fisher (1922), adjusted after Benjamini and Hochberg (1995) over the stages. Interval
        of a difference of Newcombe (1998), method 10. One change point of a binomial sequence (Hinkley and Hinkley
        1970).
    """
    crm.need("visits")
    months = months_to(crm.calendar, report_month(crm.calendar, period, crm.as_of), n_months + baseline_months)
    # Of the time before the first closing only deals are known that were still open then: they all went on.
    first = first_day_of_closings(crm)
    months = [each for each in months[:-n_months] if each.start >= first] + months[-n_months:]
    exits = _exits(crm, months)
    rows = judged_exits(exits, [month.label for month in months], n_months=n_months, confidence=confidence)
    per_win = _average_won(crm, last_months(crm.calendar, months[-1], n_months))
    rows = _with_worth(rows, per_win)
    return rows.assign(is_bottleneck=_is_bottleneck(rows))


def _exits(crm: Crm, months: Sequence[Period]) -> pd.DataFrame:
    """Stays that ended, by ``stage`` in the order of the process and ``month``: ``n_left`` and ``n_advanced``."""
    stages = stages_in_order(crm)
    span = Period("all", "month", months[0].start, months[-1].end)
    ended = with_fiscal(crm, crm.visits.filter(within(_.left_on, span)), "left_on", month="month")
    cells = crm.fetch(ended.group_by(["stage", "next_stage", "month"]).agg(n_left=_.count()))
    order = {name: number for number, name in enumerate(stages)} | {"won": len(stages)}
    onward = cells["next_stage"].map(order) > cells["stage"].map(order)
    cells = cells.assign(n_advanced=cells["n_left"].where(onward, 0))
    every = pd.MultiIndex.from_product([stages, [month.label for month in months]], names=["stage", "month"])
    return cells.groupby(["stage", "month"])[["n_left", "n_advanced"]].sum().reindex(every, fill_value=0).reset_index()


def judged_exits(exits: pd.DataFrame, months: Sequence[str], *, n_months: int, confidence: float) -> pd.DataFrame:
    """Rates of the last months and of those before them per stage, the test of their change, and since when it is.

    Args:
        exits: ``n_left`` and ``n_advanced`` by ``stage`` and ``month``.
        months: Their months, oldest first.
        n_months: How many of them count as now.
        confidence: Coverage of the intervals.
    """
    is_now = exits["month"].isin(months[-n_months:])
    counts = exits.groupby("stage", sort=False)[["n_left", "n_advanced"]]
    whole = counts.sum()
    now = exits[is_now].groupby("stage", sort=False)[["n_left", "n_advanced"]].sum().reindex(whole.index, fill_value=0)
    rows = now.join((whole - now).add_suffix("_before")).astype(int).reset_index()
    rows = with_rate(rows, "n_advanced", "n_left", "exit", confidence=confidence)
    rows = with_rate(rows, "n_advanced_before", "n_left_before", "before", confidence=confidence)
    rows = _with_change(rows)
    cells = rows[["n_left", "n_advanced", "n_left_before", "n_advanced_before"]].to_numpy().tolist()
    p_value = false_discovery([_fisher(*each) for each in cells])
    # A stage that alone has changed must stand out from as many stages as are tested.
    level = (1 - confidence) / max(int(np.isfinite(p_value).sum()), 1)
    rows = rows.assign(
        p_value=p_value,
        is_changed=p_value < 1 - confidence,
        least_change_rate=np.array([_least_change(*each, level=level) for each in cells], dtype=float),
    )
    return rows.join(_since(exits, rows, months))


def _with_change(rows: pd.DataFrame) -> pd.DataFrame:
    """The change of the rate with its interval, made of the intervals of both rates."""
    now, before = rows["exit_rate"], rows["before_rate"]
    change = now - before
    down = np.hypot(now - rows["exit_rate_low"], rows["before_rate_high"] - before)
    up = np.hypot(rows["exit_rate_high"] - now, before - rows["before_rate_low"])
    return rows.assign(change_rate=change, change_rate_low=change - down, change_rate_high=change + up)


def _fisher(n: int, hits: int, n_before: int, hits_before: int) -> float:
    from scipy.stats import fisher_exact

    if not n or not n_before:
        return float("nan")
    return float(fisher_exact([[hits, n - hits], [hits_before, n_before - hits_before]]).pvalue)


def _least_change(n: int, _hits: int, n_before: int, hits_before: int, *, level: float) -> float:
    """The smallest fall below the rate before, as counted, that the test would find with ``POWER``."""
    from scipy.stats import beta

    if not n or not n_before or _fisher(n, 0, n_before, hits_before) > level:
        return float("nan")
    # The most hits that would still be too few lie between none and the former share of the tries.
    most, too_many = 0, int(n * hits_before / n_before) + 1
    while too_many - most > 1:
        middle = (most + too_many) // 2
        most, too_many = (middle, too_many) if _fisher(n, middle, n_before, hits_before) <= level else (most, middle)
    # The rate at which so few hits or fewer come with that probability.
    return float(beta.ppf(1 - POWER, most + 1, n - most)) - hits_before / n_before


def _since(exits: pd.DataFrame, rows: pd.DataFrame, months: Sequence[str]) -> pd.DataFrame:
    """The month in which the change of each changed stage began, with the months that fit nearly as well."""
    table = pd.DataFrame(None, index=rows.index, columns=_SINCE, dtype="str")
    for place, row in enumerate(rows.to_dict("records")):
        if not row["is_changed"]:
            continue
        own = exits[exits["stage"] == row["stage"]].set_index("month").loc[list(months)]
        found = change_point(own["n_left"].to_numpy(), own["n_advanced"].to_numpy(), row["change_rate"])
        if found is not None:
            table.loc[place] = [months[each] for each in found]
    return table


_SINCE = ["since_month", "since_month_low", "since_month_high"]


def _with_worth(rows: pd.DataFrame, per_win: float) -> pd.DataFrame:
    """Wins that the former rate would have brought, and what they are worth."""
    # A deal that goes on wins with the chances of the stages after it, as they are now.
    onward = rows["exit_rate"].fillna(rows["before_rate"])
    after = onward[::-1].cumprod(skipna=False)[::-1].shift(-1, fill_value=1.0)
    wins = rows["n_left"] * after
    return rows.assign(
        n_wins_missing=-rows["change_rate"] * wins,
        recoverable_amount=-rows["change_rate"] * wins * per_win,
        recoverable_amount_low=-rows["change_rate_high"] * wins * per_win,
        recoverable_amount_high=-rows["change_rate_low"] * wins * per_win,
    )


def _is_bottleneck(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """The stage that fell beyond chance and has most to recover; by wins, which rank alike and are always known."""
    lost = rows["n_wins_missing"].where(rows["is_changed"] & (rows["change_rate"] < 0))
    return (np.arange(len(rows)) == lost.argmax()) if lost.notna().any() else np.zeros(len(rows), dtype=bool)


def _average_won(crm: Crm, window: Period) -> float:
    won = crm.opportunities.filter(_.status == "won", within(_.closed_on, window))
    average = crm.fetch(won.agg(average=_.amount.cast("float64").mean()))["average"].iloc[0]
    return float("nan") if pd.isna(average) else float(average)
