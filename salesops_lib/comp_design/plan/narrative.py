"""Words for the plan in force: what it hangs on, what each point of attainment pays, one example."""

from __future__ import annotations

import pandas as pd

from salesops_lib.comp_design.phrases import LONGEST_TITLE, each_row, no_plan, pay_at, rate
from salesops_lib.wording import Finding, listing, money, number, percent, short

HOW = {
    "marginal": "Each slice of attainment is paid at its own rate",
    "whole": "The rate reached applies to everything booked in the quarter",
    "interpolated": "Pay follows straight lines between the points of the plan",
}
"""The three ways a rate table is read, for a rep."""


def describe_plan_in_force(curve: pd.DataFrame) -> Finding:
    """Say in words what a rep is paid for."""
    if curve.empty:
        return no_plan()
    first = curve.iloc[0]
    hangs = {"on own results": first["individual_rate"], "on the team's": first["team_rate"]}
    shares = ", ".join(f"{rate(share)} {on}" for on, share in hangs.items() if share)
    title = f"{short(first['title'], LONGEST_TITLE)}: {shares}"
    meaning = f"{str(first['meaning']).rstrip('.')}. " if first["meaning"] else ""
    text = (
        f"{meaning}Attainment is bookings / quota of the quarter, and **100% of quota pays "
        f"{rate(pay_at(curve, 1.0))} of target pay**. {HOW[first['application']]}: each 1% of quota adds "
        f"{_rates(curve)}.{_jumps(curve)}{_limits(first)}"
    )
    return Finding(title, text, is_headline=False)


def _rates(curve: pd.DataFrame) -> str:
    words: list[str] = []
    for row in each_row(curve):
        paid = "nothing" if row["multiplier"] == 0 else f"{number(row['multiplier'], 2).rstrip('0').rstrip('.')}%"
        paid += " of target pay" if not words and row["multiplier"] else ""
        if len(curve) > 1:
            paid += f" up to {rate(row['to_rate'])}" if row["from_rate"] == 0 else f" from {rate(row['from_rate'])}"
        words.append(paid)
    return listing(words, most=len(words))


def _jumps(curve: pd.DataFrame) -> str:
    found = curve[curve["jump_rate"] != 0]
    if found.empty:
        return ""
    places = [f"{rate(row['from_rate'])} (by {rate(row['jump_rate'])} of target)" for row in each_row(found)]
    return f" Pay jumps at {listing(places, most=5)}."


def _limits(first: pd.Series[float]) -> str:
    words = ""
    if pd.notna(first["threshold_rate"]):
        words += f" Below {rate(first['threshold_rate'])} nothing is paid."
    if pd.notna(first["cap_rate"]):
        words += f" No part pays more than {rate(first['cap_rate'])} of its target."
    return words


def describe_worked_example(steps: pd.DataFrame) -> Finding:
    """Say what the invented rep earns."""
    if steps.empty:
        return no_plan()
    amounts = steps.set_index("step")["worked_amount"]
    target, booked = amounts["Target pay of the quarter"], amounts["Own bookings"]
    paid = float(steps.loc[steps["kind"] == "total", "worked_amount"].iloc[0])
    parts = steps.groupby("kind")["worked_amount"].sum()
    attained = percent(float(steps["attainment_rate"].iloc[0]))
    team = percent(float(steps["team_attainment_rate"].iloc[0]))
    in_team, earned = "", []
    if "own part" in parts:
        earned.append(f"own results {money(parts['own part'], exact=True)}")
    if "team part" in parts:
        in_team = f" in a team at {team}"
        earned.append(f"the team's {money(parts['team part'], exact=True)}")
    title = f"Example: a rep at {attained}{in_team} earns {money(paid, exact=True)}"
    of_target = f", {percent(paid / target)} of target pay" if target else ""
    text = (
        f"Nobody real: target pay of {money(target, exact=True)} for the quarter, bookings of "
        f"{money(booked, exact=True)}. For {listing(earned)}: **{money(paid, exact=True)}** in all{of_target}. "
        "Each part is rounded half-up to the cent."
    )
    return Finding(title, text, is_headline=False)
