"""Key figures: which of them are off, by how much and beyond doubt, and whose turn is it?

Tables in: whatever the figures need; one that the data cannot answer is listed as not measured.
Tables out: one row per key figure. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from salesops_lib import wording
from salesops_lib.errors import MissingTableError
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.customers.retention.metrics import retention_by_quarter
from salesops_lib.performance_visibility.customers.satisfaction.metrics import satisfaction_by_quarter
from salesops_lib.performance_visibility.key_figures.cards import CARDS, cards
from salesops_lib.performance_visibility.leads.red_flag.metrics import lead_red_flag
from salesops_lib.performance_visibility.leads.sources.metrics import leads_by_source
from salesops_lib.performance_visibility.pipeline.coverage.metrics import pipeline_coverage
from salesops_lib.performance_visibility.pipeline.pushes.metrics import push_rate_by_quarter
from salesops_lib.performance_visibility.records.hygiene.metrics import hygiene_by_rule
from salesops_lib.performance_visibility.vocabulary import BEHIND, NO_TARGET, NOT_MEASURED, OFF, ON_TARGET, STATUSES
from salesops_lib.performance_visibility.windows import report_month

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters
    from salesops_lib.periods import Period

RECENT = "last 3 months"
Reading = dict[str, Any]
"""What the data says of a figure: value, n, low, high, a target of its own, the time it is over, is_census."""
NOTHING: Reading = {
    "value": np.nan, "n": pd.NA, "low": np.nan, "high": np.nan, "target": np.nan, "over": "", "is_census": False,
}  # fmt: skip


@tidy
def kpi_status(crm: Crm, *, period: Period, parameters: Parameters, confidence: float) -> pd.DataFrame:
    """Every key figure against its target and threshold, those that are off first.

    One row per key figure: past its threshold, then behind its target, each by how far; then on target, without a
    target, and not measured. A company's own figures stand beside those that every company has.

    Args:
        crm: Needs ``reps`` and ``opportunities``; some figures need further tables.
        period: What is reported.
        parameters: Targets, thresholds, owners and actions.
        confidence: Coverage of the intervals.

    Returns:
        key (str): Key in the parameters.
        label (str): Name.
        unit (str): How its numbers are written: amount, rate1, days, hours, times or score.
        over (str): The time it is taken over.
        value (float): Value; missing where it cannot be measured.
        n (int): Deals, leads, customers or answers behind it.
        low (float): Lower end of the interval, where chance plays a part that is known.
        high (float): Upper end.
        target (float): Where it should be; missing where none is set.
        threshold (float): Value at which action is due; missing where none is set.
        direction (str): Which way is good: up, down or none.
        status (str): off, behind target, on target, no target or not measured.
        is_certain (bool): Off, and the whole interval lies past the threshold; so too where all are counted and
            none is drawn.
        owner (str): Who answers for it.
        action (str): What to do when it is off.
    """
    quarter = crm.calendar.containing(min(crm.as_of, period.end), "quarter").label
    readings = _readings(crm, period, confidence)
    rows = []
    for key, kpi in parameters.kpis.items():
        reading = readings.get(key, NOTHING)
        target = parameters.target(key, quarter)
        rows.append(
            {
                **{name: reading[name] for name in ("value", "n", "low", "high", "over", "is_census")},
                "key": key,
                "label": kpi.label,
                "unit": UNITS.get(key, "number"),
                "target": reading["target"] if target is None else target,
                "threshold": kpi.threshold,
                "direction": kpi.direction,
                "owner": kpi.owner,
                "action": kpi.action,
            }
        )
    numbers = ["value", "low", "high", "target", "threshold"]
    table = pd.DataFrame(rows).astype({**dict.fromkeys(numbers, float), "n": "Int64"})
    judged = [_judged(row) for row in table.to_dict("records")]
    table = table.assign(
        status=[each.status for each in judged],
        is_certain=[each.is_certain for each in judged],
        place=[STATUSES.index(each.status) for each in judged],
        distance=[each.distance for each in judged],
    )
    return table.sort_values(["place", "distance"], ascending=[True, False], kind="stable")


@dataclass(frozen=True)
class _Judgement:
    status: str
    is_certain: bool = False
    distance: float = 0.0
    """How far past the threshold or behind the target, as a share of it."""


def _judged(row: dict[Any, Any]) -> _Judgement:
    value, target, threshold = row["value"], row["target"], row["threshold"]
    if pd.isna(value):
        return _Judgement(NOT_MEASURED)
    if row["direction"] == "none" or (pd.isna(target) and pd.isna(threshold)):
        return _Judgement(NO_TARGET)
    sign = 1 if row["direction"] == "up" else -1
    # Where there is no threshold, action is due below the target.
    limit = target if pd.isna(threshold) else threshold
    if sign * (value - limit) < 0:
        best = value if row["is_census"] else row["high"] if sign > 0 else row["low"]
        return _Judgement(
            OFF, bool(pd.notna(best) and sign * (best - limit) < 0), abs(value / limit - 1) if limit else 1.0
        )
    if pd.notna(target) and sign * (value - target) < 0:
        return _Judgement(BEHIND, distance=abs(value / target - 1) if target else 1.0)
    return _Judgement(ON_TARGET)


def _readings(crm: Crm, period: Period, confidence: float) -> dict[str, Reading]:
    """What the data says of each figure, by key; figures whose tables are absent are left out."""
    found: dict[str, Reading] = {}
    for read in _READERS:
        try:
            found |= read(crm, period, confidence)
        except MissingTableError:
            continue
    return found


def _of_the_month(crm: Crm, period: Period, confidence: float) -> dict[str, Reading]:
    rows = cards(crm, period=period, n_months=1, confidence=confidence)
    names = ["value", "n", "low", "high", "target"]
    over = {"over": crm.calendar.title(report_month(crm.calendar, period, crm.as_of))}
    return {
        str(row["key"]): {**NOTHING, **{name: row[name] for name in names}, **over} for row in rows.to_dict("records")
    }


def _coverage(crm: Crm, _period: Period, _confidence: float) -> dict[str, Reading]:
    rows = pipeline_coverage(crm)
    if rows.empty:
        return {}
    first = rows.iloc[0]
    reading = {"value": first["coverage_ratio"], "n": first["n_open"], "over": first["quarter_name"]}
    return {"pipeline_coverage": {**NOTHING, **reading, "is_census": True}}


def _hygiene(crm: Crm, _period: Period, _confidence: float) -> dict[str, Reading]:
    rows = hygiene_by_rule(crm)
    if rows.empty:
        return {}
    clean = rows.iloc[-1]
    reading = {"value": clean["fault_rate"], "n": clean["n_open"], "over": f"open on {wording.day(crm.as_of)}"}
    return {"hygiene_score": {**NOTHING, **reading, "is_census": True}}


def _leads(crm: Crm, period: Period, confidence: float) -> dict[str, Reading]:
    rows = lead_red_flag(crm, period=period, confidence=confidence)
    # Where no lead ever qualified, nobody may record it: a share of 0 would call for action.
    if rows.empty or (rows.iloc[0][["lead_qualified_rate", "before_rate"]] == 0).all():
        return {}
    return {"lead_qualified_rate": reading_of(rows.iloc[0], "lead_qualified_rate", "n_ripe", RECENT)}


def reading_of(row: pd.Series[Any], name: str, n: str, over: str) -> Reading:
    """A figure of a row with its interval."""
    ends = {"low": row[f"{name}_low"], "high": row[f"{name}_high"]}
    return {**NOTHING, "value": row[name], "n": row[n], **ends, "over": over}


def _first_touch(crm: Crm, period: Period, confidence: float) -> dict[str, Reading]:
    rows = leads_by_source(crm, period=period, confidence=confidence)
    return {} if rows.empty else {"first_touch_hours": reading_of(rows.iloc[0], "first_touch_hours", "n_leads", RECENT)}


def _pushes(crm: Crm, period: Period, confidence: float) -> dict[str, Reading]:
    rows = push_rate_by_quarter(crm, period=period, confidence=confidence)
    whole = rows[~rows["is_partial"].astype(bool)]
    if whole.empty:
        return {}
    last = whole.iloc[-1]
    return {"push_rate": reading_of(last, "push_rate", "n_due", str(last["quarter_name"]))}


def _retention(crm: Crm, period: Period, confidence: float) -> dict[str, Reading]:
    rows = retention_by_quarter(crm, period=period, n_quarters=1, confidence=confidence)
    if rows.empty:
        return {}
    return {
        key: reading_of(rows.iloc[-1], f"{key}_rate", "n_customers", "last 12 months")
        for key in ("gross_retention", "net_retention")
    }


def _satisfaction(crm: Crm, period: Period, confidence: float) -> dict[str, Reading]:
    rows = satisfaction_by_quarter(crm, period=period, n_quarters=1, confidence=confidence)
    if rows.empty:
        return {}
    return {"csat": reading_of(rows.iloc[-1], "csat_rate", "n_csat", str(rows["quarter"].iloc[-1]))}


_READERS: tuple[Callable[[Crm, Period, float], dict[str, Reading]], ...] = (
    _of_the_month, _coverage, _pushes, _hygiene, _leads, _first_touch, _retention, _satisfaction,
)  # fmt: skip

UNITS = {
    **{key: "rate1" if unit == "rate" else unit for key, _label, unit, _change, _good in CARDS},
    "pipeline_coverage": "times",
    "hygiene_score": "rate1",
    "first_touch_hours": "hours",
    **dict.fromkeys(("lead_qualified_rate", "push_rate", "gross_retention", "net_retention", "csat"), "rate1"),
}
"""How each figure's numbers are written."""
