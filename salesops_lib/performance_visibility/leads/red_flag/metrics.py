"""The lead red flag: do more leads come while fewer of them qualify, and where?

Tables in: ``leads``; ``opportunities`` for what they became, ``reps`` for names.
Tables out: one row per source and rep, or per step. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.measures.leads import UNASSIGNED
from salesops_lib.measures.names import names_of_reps
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.leads.counts import LeadWindows, lead_cells, lead_windows
from salesops_lib.periods import Period
from salesops_lib.statistics.differences import adjusted, fewer_than_before
from salesops_lib.statistics.intervals import with_rate
from salesops_lib.statistics.luck import odds_of

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

ALL = "All leads"


@tidy
def lead_red_flag(
    crm: Crm, *, period: Period, n_months: int = 3, baseline_months: int = 12, confidence: float
) -> pd.DataFrame:
    """Where lead volume holds or grows while the share of leads that qualify falls beyond chance.

    One row over all leads, then one per source and one per rep with leads, the largest shortfall of qualified leads
    first. Now and before are judged alike: a lead counts as qualified when it was so within the time in which nine
    in ten qualify, and leads younger than that are left out of the share.

    Args:
        crm: Needs ``leads``.
        period: What is reported.
        n_months: Months that count as now, ending with the report month.
        baseline_months: Months before them; their share and volume are the yardstick.
        confidence: A fall counts when chance alone would show it less often than the rest.

    Returns:
        split (str): all, source or rep.
        key (str): Source or rep id.
        name (str): Source or name of the rep.
        n_leads (int): Leads that arrived in the last months.
        volume_rate (float): Leads per day against the months before; 1 is as many.
        n_ripe (int): Leads of the last months that have had their time to qualify.
        n_qualified (int): Those of them that qualified within it.
        lead_qualified_rate (float, 0-1): Qualified / leads that have had their time.
        lead_qualified_rate_low (float, 0-1): Lower end of its interval.
        lead_qualified_rate_high (float, 0-1): Upper end.
        n_ripe_before (int): Leads of the months before that had their time.
        before_rate (float, 0-1): Share of them that qualified.
        expected_rate (float, 0-1): The yardstick: the share before; for a rep, what the present shares of the rep's
            sources give.
        p_value (float): How often chance alone would show so low a share, adjusted over all rows.
        is_fallen (bool): The share is below the yardstick beyond chance.
        is_volume_up (bool): At least as many leads per day as before.
        is_red_flag (bool): Both.
        n_missing (float): Qualified leads short of the yardstick; negative when above.
        missing_amount (float): Those times what a qualified lead of the months before was worth in won deals.
        ripe_days (int): Days a lead is given to qualify.

    Source:
        Exact test of Fisher (1922), one-sided, against the months before; reps by a normal approximation to the
        Poisson binomial of their sources; adjusted after Holm (1979). Interval of Wilson (1927).
    """
    crm.need("leads")
    windows = lead_windows(crm, period, n_months, baseline_months)
    cells = lead_cells(crm, windows)
    worth = _worth(cells)
    rows = pd.concat(
        [
            _against_before(cells.assign(key=ALL), "all", windows),
            _against_before(cells.assign(key=cells["source"]), "source", windows),
            _against_sources(cells.assign(key=cells["rep_id"]), windows),
        ],
        ignore_index=True,
    )
    rows = with_rate(rows, "n_qualified", "n_ripe", "lead_qualified", confidence=confidence)
    rows = rows.assign(name=rows["key"].map(names_of_reps(crm)).where(rows["split"] == "rep", rows["key"]))
    missing = rows["expected_rate"] * rows["n_ripe"] - rows["n_qualified"]
    # Every row is a look: adjusted source by source and rep by rep alone, one table in ten would raise a false flag.
    rows = rows.assign(p_value=adjusted(rows["p_value"]))
    rows = rows.assign(
        name=rows["name"].fillna(rows["key"]),
        is_fallen=(rows["p_value"] < 1 - confidence).astype(bool),
        is_volume_up=(rows["volume_rate"] >= 1).astype(bool),
        n_missing=missing,
        missing_amount=missing * worth,
        ripe_days=windows.ripe_days,
        place=rows["split"].map({"all": 0, "source": 1, "rep": 2}),
    )
    rows = rows.assign(is_red_flag=rows["is_fallen"] & rows["is_volume_up"])
    return rows.sort_values(["place", "n_missing", "name"], ascending=[True, False, True], kind="stable")


@tidy
def lead_steps(
    crm: Crm, *, period: Period, n_months: int = 3, baseline_months: int = 12, confidence: float
) -> pd.DataFrame:
    """At which step leads get lost: from arrival to first touch, to qualified, to a deal, to a win.

    One row per step, in order. Leads that have not had their time are left out; see ``lead_red_flag``.

    Args:
        crm: Needs ``leads``; wins need ``opportunities`` they became.
        period: What is reported.
        n_months: Months of arrival that count as now, ending with the report month.
        baseline_months: Months before them.
        confidence: A fall counts when chance alone would show it less often than the rest.

    Returns:
        step (str): From what to what.
        n_reached (int): Leads that reached the step's beginning.
        n_passed (int): Those of them that passed it.
        n_left (int): Those of them that did not, or not yet.
        pass_rate (float, 0-1): Passed / reached.
        pass_rate_low (float, 0-1): Lower end of its interval.
        pass_rate_high (float, 0-1): Upper end.
        n_reached_before (int): Leads of the months before that reached it.
        before_rate (float, 0-1): Share of them that passed.
        p_value (float): How often chance alone would show so low a share, adjusted over the steps that are judged.
        is_fallen (bool): The share is below that of before beyond chance; never so for wins, which take longer.
        of_all_rate (float, 0-1): Passed / leads that arrived.

    Source:
        Exact test within sources, one-sided (Mehta, Patel and Gray 1985), adjusted after Holm (1979). Interval of
        Wilson (1927).
    """
    crm.need("leads")
    windows = lead_windows(crm, period, n_months, baseline_months)
    cells = lead_cells(crm, windows)
    sums = cells.select_dtypes("number").sum()
    marks = [("Arrived", "ripe"), ("Touched", "touched"), ("Qualified", "qualified"), ("Deal", "deal"), ("Won", "won")]
    rows = []
    for (before_name, reached), (name, passed) in pairwise(marks):
        now = (int(sums[f"n_{reached}"]), int(sums[f"n_{passed}"]))
        past = (int(sums[f"n_{reached}_before"]), int(sums[f"n_{passed}_before"]))
        # A win comes months after the lead; the last months have not had that time.
        p_value = float("nan") if passed == "won" else _fewer_of_the_same(cells, reached, passed, confidence)
        rows.append((f"{before_name} to {name.lower()}", *now, now[0] - now[1], *past, p_value))
    names = ["step", "n_reached", "n_passed", "n_left", "n_reached_before", "n_passed_before", "p_value"]
    table = pd.DataFrame(rows, columns=names)
    table = with_rate(table, "n_passed", "n_reached", "pass", confidence=confidence)
    table = with_rate(table, "n_passed_before", "n_reached_before", "before", confidence=confidence)
    p_values = adjusted(table["p_value"])
    arrived = float(sums["n_ripe"]) or float("nan")
    return table.assign(p_value=p_values, is_fallen=p_values < 1 - confidence, of_all_rate=table["n_passed"] / arrived)


def _fewer_of_the_same(cells: pd.DataFrame, reached: str, passed: str, confidence: float) -> float:
    """Chance of so few that passed, had each source's leads passed as they did in both stretches together.

    More leads of a source that never passes are no fault of the step.
    """
    sides = [
        pd.DataFrame({"rep_id": side, "source": cells["source"], "n": cells[f"n_{reached}{end}"],
                      "hits": cells[f"n_{passed}{end}"]})
        for side, end in (("before", "_before"), ("now", ""))
    ]  # fmt: skip
    both = pd.concat(sides).groupby(["rep_id", "source"], as_index=False)[["n", "hits"]].sum()
    totals = both.groupby("rep_id")["n"].sum()
    if len(totals) < 2 or not (totals > 0).all():
        return float("nan")
    odds = odds_of(both[both["n"] > 0], by=["source"], tries="n", hits="hits", confidence=confidence)
    return float(odds.at_most[1])


def _sums(cells: pd.DataFrame, split: str, windows: LeadWindows) -> pd.DataFrame:
    """Counts per key, with volume against before; keys without a lead in the last months are left out."""
    columns = [name for name in cells.columns if name.startswith(("n_", "won_"))]
    rows = cells.groupby("key", sort=True)[columns].sum().reset_index()
    rows = rows[rows["n_leads"] > 0].reset_index(drop=True)
    before = rows["n_leads_before"].where(rows["n_leads_before"] > 0) / windows.before.n_days
    rows = rows.assign(split=split, volume_rate=rows["n_leads"] / windows.now.n_days / before)
    return rows.assign(before_rate=rows["n_qualified_before"] / rows["n_ripe_before"].where(rows["n_ripe_before"] > 0))


def _against_before(cells: pd.DataFrame, split: str, windows: LeadWindows) -> pd.DataFrame:
    rows = _sums(cells, split, windows)
    counts = rows[["n_qualified", "n_ripe", "n_qualified_before", "n_ripe_before"]].astype(int)
    p_values = [fewer_than_before(*each) for each in counts.itertuples(index=False, name=None)]
    return rows.assign(expected_rate=rows["before_rate"], p_value=p_values)


def _against_sources(cells: pd.DataFrame, windows: LeadWindows) -> pd.DataFrame:
    """Each rep against what the present shares of the rep's own sources give: nobody answers for the leads they get."""
    from scipy.stats import norm

    by_source = cells.groupby("source")[["n_qualified", "n_ripe"]].sum()
    rates = by_source["n_qualified"] / by_source["n_ripe"].where(by_source["n_ripe"] > 0)
    # A text column without rows maps to text, which nothing can be taken from.
    share = cells["source"].map(rates).astype(float)
    cells = cells.assign(expected=share * cells["n_ripe"], spread=share * (1 - share) * cells["n_ripe"])
    expected = cells.groupby("key")[["expected", "spread"]].sum()
    rows = _sums(cells[cells["key"] != UNASSIGNED], "rep", windows)
    mean, spread = (
        rows["key"].map(expected["expected"]).astype(float),
        rows["key"].map(expected["spread"]).astype(float),
    )
    z: pd.Series[float] = (rows["n_qualified"] + 0.5 - mean) / np.sqrt(spread.where(spread > 0))
    p_values = pd.Series(norm.cdf(z), index=rows.index).where(z.notna())
    return rows.assign(expected_rate=mean / rows["n_ripe"].where(rows["n_ripe"] > 0), p_value=p_values)


def _worth(cells: pd.DataFrame) -> float:
    """Won amount per qualified lead of the months before."""
    n = float(cells["n_qualified_before"].sum())
    return float(cells["won_amount_before"].sum()) / n if n else float("nan")
