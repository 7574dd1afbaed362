"""Words for goal realism: how likely is the goal, how far does it stretch, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib.forecasting.phrases import EVEN_CHANCE, LOW_CHANCE, range_of
from salesops_lib.wording import Finding, Status, listing, money, percent

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties


def describe_goal_realism_by_period(rows: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say the chance of the quarter's goal first, then the month's and the year's; name periods without a goal."""
    lead = rows[rows["is_leading"]].set_index("kind")
    judged = lead.dropna(subset=["goal_amount", "forecast_amount", "reach_rate"])
    if judged.empty:
        return _nothing(lead)
    first: Any = judged.loc["quarter"] if "quarter" in judged.index else judged.iloc[0]
    sentences = [_sentence(judged.loc[kind]) for kind in ("quarter", "month", "year") if kind in judged.index]
    text = " ".join([*sentences, _others(rows, first), _without_goal(lead), _without_forecast(lead)])
    status = _status(float(first["reach_rate"]))
    gap = float(first["gap_amount"])
    action = None
    if status in ("act", "watch") and gap > 0:
        action = duties.action(
            f"Name the deals that bring the {money(gap)} that {first['period_name']} lacks, or call the miss now.",
            kpi="bookings",
            within=10,
            rule=f"The chance of the goal is below {percent(EVEN_CHANCE)} under the leading forecast.",
        )
    return Finding(_title(first), " ".join(text.split()), status, action, stake=max(0.0, gap))


def _title(row: Any) -> str:
    start = f"The chance of the {row['period_name']} goal is {percent(row['reach_rate'])}"
    stretch = row["stretch_ratio"] - 1
    if abs(stretch) < 0.005:
        return f"{start}; it asks for what is forecast"
    return f"{start}; it asks for {percent(abs(stretch))} {'more' if stretch > 0 else 'less'} than the forecast"


def _sentence(row: Any) -> str:
    return (
        f"**{row['period_name']}**: goal {money(row['goal_amount'])}, forecast {money(row['forecast_amount'])} "
        f"({range_of(row, 'forecast_amount')}), chance **{percent(row['reach_rate'])}**."
    )


def _others(rows: pd.DataFrame, lead: Any) -> str:
    """The other forecasts of the leading period, so that nobody takes one figure for certain."""
    others = rows[(rows["period"] == lead["period"]) & (rows["method"] != lead["method"])].dropna(subset="reach_rate")
    if others.empty:
        return ""
    said = [f"{percent(row['reach_rate'])} by the {row['name']}" for row in others.to_dict("records")]
    return f"For {lead['period_name']} the words go by the {lead['name']}; the chance is {listing(said)}."


def _without_goal(lead: pd.DataFrame) -> str:
    names = [row["period_name"] for row in lead.to_dict("records") if pd.isna(row["goal_amount"])]
    return f"No goal is set for {listing(names)}." if names else ""


def _without_forecast(lead: pd.DataFrame) -> str:
    rows = lead[lead["goal_amount"].notna() & lead["reach_rate"].isna()]
    return f"{listing(list(rows['period_name']))} cannot be forecast yet." if len(rows) else ""


def _nothing(lead: pd.DataFrame) -> Finding:
    if lead["goal_amount"].isna().all():
        names = listing(list(lead["period_name"]))
        text = (
            f"Neither the data nor the parameters hold a company goal that covers {names}, or goals of everyone who "
            "sells that would add up to one."
        )
        return Finding("No goals to set the forecast against", text, is_headline=False)
    return Finding("The goals cannot be judged yet", _without_forecast(lead), is_headline=False)


def _status(chance: float) -> Status:
    if chance < LOW_CHANCE:
        return "act"
    return "watch" if chance < EVEN_CHANCE else "good"
