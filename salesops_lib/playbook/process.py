"""Playbook: the sales process as it is written, held against what deals really do.

Tables in: ``opportunities`` of a ``Crm`` and, where the company has a stage history, ``visits``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd
from ibis import _

from salesops_lib.measures import quantiles
from salesops_lib.measures.tidy import tidy
from salesops_lib.statistics.intervals import with_rate

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters

WINDOW_DAYS = 365
"""Deals won in the year up to the report's evening show how the process is used."""


@tidy
def stage_use(crm: Crm, parameters: Parameters, *, confidence: float) -> pd.DataFrame:
    """Each stage with its entry and exit criteria, and how the deals won in the last year used it.

    One row per stage: those of ``company.yaml`` in order, then any other that deals were seen in.

    Args:
        crm: Needs ``opportunities``; ``visits`` shows passage and days, without it only open deals are counted.
        parameters: Gives the stages of ``company.yaml``.
        confidence: Coverage of the interval.

    Returns:
        stage (str): Name of the stage.
        is_declared (bool): Whether ``company.yaml`` has it.
        meaning (str): What being in the stage means; missing where not written.
        entry (str): What must hold before a deal enters; missing where not written.
        exit (str): What must hold before a deal leaves for the next; missing where not written.
        n_open (int): Deals in the stage on the report's evening.
        n_won (int): Deals won in the last year that have a stage history; missing without one.
        n_won_passed (int): Of these, deals that were in the stage at any time; missing without a history.
        passed_rate (float, 0-1): won and passed / won: lost deals may leave early, won ones should pass every stage.
        passed_rate_low (float, 0-1): Lower end of its Wilson interval.
        passed_rate_high (float, 0-1): Upper end.
        median_days (float): Median days of a stay that ended in the last year; missing without a history.
    """
    written = pd.DataFrame(
        [
            (stage.name, True, stage.meaning or None, "; ".join(stage.entry) or None, "; ".join(stage.exit) or None)
            for stage in parameters.company.stages
        ],
        columns=["stage", "is_declared", "meaning", "entry", "exit"],
    )
    table = written.merge(_open_by_stage(crm), on="stage", how="outer", sort=False)
    table = table.merge(_passage_by_stage(crm, confidence), on="stage", how="outer", sort=False)
    order = {name: place for place, name in enumerate(written["stage"])}
    table = table.assign(place=table["stage"].map(order).fillna(len(order)))
    table = table.sort_values(["place", "stage"], ignore_index=True).drop(columns="place")
    table["is_declared"] = table["is_declared"].fillna(False).astype(bool)
    table["n_open"] = table["n_open"].fillna(0).astype(int)
    return table


def _open_by_stage(crm: Crm) -> pd.DataFrame:
    deals = crm.opportunities.filter(_.status == "open", _.stage.notnull())
    return crm.fetch(deals.group_by("stage").agg(n_open=_.count()).order_by("stage"))


def _passage_by_stage(crm: Crm, confidence: float) -> pd.DataFrame:
    if not crm.has("visits"):
        columns = ["n_won", "n_won_passed", "passed_rate", "passed_rate_low", "passed_rate_high", "median_days"]
        return pd.DataFrame({"stage": pd.Series(dtype=str), **{name: pd.Series(dtype=float) for name in columns}})
    since = crm.as_of - timedelta(days=WINDOW_DAYS)
    won = crm.opportunities.filter(_.status == "won", _.closed_on > since).select("opportunity_id")
    won = won.semi_join(crm.visits, "opportunity_id")
    seen = crm.visits.select("opportunity_id", "stage").distinct()
    passed = seen.left_join(won.mutate(is_won=True), "opportunity_id")
    by_stage = passed.group_by("stage").agg(n_won_passed=_.is_won.fill_null(False).sum())
    rows = by_stage.cross_join(won.agg(n_won=_.count()))
    stays = quantiles(crm.visits.filter(_.left_on > since), "days", by=["stage"])
    stays = stays.select(stay_stage=_.stage, median_days=_.q50)
    rows = rows.left_join(stays, rows.stage == stays.stay_stage)
    counts = crm.fetch(rows.select("stage", "n_won", "n_won_passed", "median_days").order_by("stage"))
    rates = with_rate(counts, "n_won_passed", "n_won", "passed", confidence=confidence)
    return rates[[*(name for name in rates.columns if name != "median_days"), "median_days"]]
