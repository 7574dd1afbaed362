"""Key figures of the tools: cost, use, what is paid for nothing, what people say, and what must be decided."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from salesops_lib.measures.tidy import columns_of, tidy
from salesops_lib.parameters import ToolThresholds
from salesops_lib.statistics.intervals import with_rate
from salesops_lib.tool_evaluation.costs.metrics import cost_by_tool
from salesops_lib.tool_evaluation.costs.sums import cost_items, total_cost
from salesops_lib.tool_evaluation.decisions.metrics import decision_by_tool
from salesops_lib.tool_evaluation.renewals.metrics import renewal_calendar
from salesops_lib.tool_evaluation.seats.counts import active_days, seats_over_time, tools_in_use
from salesops_lib.tool_evaluation.surveys.metrics import answer_sheets, latest_wave, sus_interval
from salesops_lib.tool_evaluation.vocabulary import DUE, MERGE, OVERDUE, REPLACE

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters

MONTHS = 13
"""Month ends looked back on: twelve to draw and the one a year ago to compare with."""


@tidy
def cards(
    crm: Crm, *, parameters: Parameters, decisions: pd.DataFrame | None = None, confidence: float
) -> pd.DataFrame:
    """The tools in six figures; those whose table is absent are left out.

    One row per figure.

    Args:
        crm: Needs ``tools``; the other tables of tools where present.
        parameters: ``tools.yaml``.
        decisions: What ``decision_by_tool`` returns; worked out anew if absent.
        confidence: Coverage of intervals.

    Returns:
        key (str): Key of the figure.
        label (str): Name.
        value (float): The figure; missing where it is not defined.
        unit (str): amount, rate, score or count.
        change (float): Against the same day a year ago, where known.
        change_unit (str): How the change is written.
        compared_with (str): That day.
        target (float): The company's threshold for good; missing where there is none.
        n (int): What the figure rests on.
        low (float): Lower end of the interval.
        high (float): Upper end.
        direction (str): Which way is good.
        series (list): The figure at the last twelve month ends, oldest first.
    """
    if not crm.has("tools"):
        return pd.DataFrame()
    known = decision_by_tool(crm, parameters=parameters, confidence=confidence) if decisions is None else decisions
    thresholds = parameters.tools.thresholds if parameters.tools else ToolThresholds()
    evenings = _evenings(crm)
    rows: list[dict[str, Any]] = []
    if crm.has("tool_costs"):
        rows.append(_cost(crm, evenings))
    if crm.has("tool_seats") and crm.has("tool_usage"):
        rows.append(_use(crm, evenings, active_days(parameters), float(thresholds.utilisation_good), confidence))
        if crm.has("tool_costs"):
            idle = cost_by_tool(crm, parameters=parameters)["idle_licence_amount"].dropna()
            rows.append(
                _card(
                    "idle_licence", "Licences nobody uses, a year", idle.sum(), "amount", n=len(idle), direction="down"
                )
            )
    if crm.has("tool_survey"):
        rows.append(_usability(crm, float(thresholds.sus_good), confidence))
    changing = known[known["decision"].isin([MERGE, REPLACE])]
    rows.append(
        _card(
            "to_change",
            "Licences to merge or replace",
            changing["yearly_licence_amount"].sum(),
            "amount",
            n=len(changing),
        )
    )
    renewals = renewal_calendar(crm, parameters=parameters, decisions=known, confidence=confidence)
    due = int(renewals["standing"].isin([DUE, OVERDUE]).sum())
    horizon = parameters.tools.notice_horizon_days if parameters.tools else 120
    rows.append(_card("notices_due", f"Notices due in {horizon} days", due, "count", n=len(renewals)))
    return pd.DataFrame(rows, columns=list(columns_of(cards)))


def _card(key: str, label: str, value: float, unit: str, *, n: float, direction: str = "none") -> dict[str, Any]:
    return {
        "key": key, "label": label, "value": float(value), "unit": unit, "n": n, "direction": direction, "series": [],
    }  # fmt: skip


def _evenings(crm: Crm) -> list[date]:
    """The report's evening and the ends of the fiscal months before it, oldest first."""
    month = crm.calendar.containing(crm.as_of, "month")
    return [crm.calendar.previous(month, back).end for back in range(MONTHS - 1, 0, -1)] + [crm.as_of]


def _cost(crm: Crm, evenings: list[date]) -> dict[str, Any]:
    items = cost_items(crm)
    totals = [total_cost(items, evening) for evening in evenings]
    card = _card(
        "tool_cost", "Cost of tools, 12 months", totals[-1], "amount", n=items["tool_id"].nunique(), direction="down"
    )
    if totals[0] > 0:
        card |= {"change": totals[-1] / totals[0] - 1, "change_unit": "share", "compared_with": _month(evenings[0])}
    return card | {"series": [total for total in totals[1:] if not np.isnan(total)]}


def _use(crm: Crm, evenings: list[date], days: int, good: float, confidence: float) -> dict[str, Any]:
    seats = with_rate(
        seats_over_time(crm, on=evenings, days=days), "n_active", "n_assigned", "used", confidence=confidence
    )
    now, before = seats.iloc[-1], seats.iloc[0]
    card = _card(
        "utilisation", f"Seats in use, {days} days", now["used_rate"], "rate", n=now["n_assigned"], direction="up"
    )
    card |= {"low": now["used_rate_low"], "high": now["used_rate_high"], "target": good}
    if before["n_assigned"] > 0:
        change = now["used_rate"] - before["used_rate"]
        card |= {"change": change, "change_unit": "rate", "compared_with": _month(evenings[0])}
    return card | {"series": seats["used_rate"].iloc[1:].dropna().tolist()}


def _usability(crm: Crm, good: float, confidence: float) -> dict[str, Any]:
    """Mean over every answer sheet of the tools' latest surveys, not over the tools' means."""
    sheets = crm.fetch(answer_sheets(crm).order_by("tool_id", "rep_id", "asked_on"))
    sheets = sheets[sheets["tool_id"].isin(tools_in_use(crm)["tool_id"])]
    waves = [latest_wave(each)[0]["sus"] for _tool, each in sheets.groupby("tool_id")]
    answers = pd.concat(waves).dropna() if waves else pd.Series(dtype=float)
    mean, low, high = sus_interval(answers, confidence=confidence)
    card = _card("sus", "Usability (SUS), all answers", mean, "score", n=len(answers), direction="up")
    return card | {"low": low, "high": high, "target": good}


def _month(evening: date) -> str:
    return f"{evening:%b %Y}"
