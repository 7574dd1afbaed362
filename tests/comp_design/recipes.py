"""Plans, companies and strategies for tests of comp design."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from salesops_lib.data.crm import Crm
from salesops_lib.parameters import Parameters
from salesops_lib.parameters.company import Company
from salesops_lib.parameters.plan import Plan
from tests.builders import AS_OF, CALENDAR, make_crm

Q3 = CALENDAR.period("2026-Q3")
SEPTEMBER = CALENDAR.period("2026-09")
ROLE = "seller"
ROLES = {
    ROLE: {"base_amount": 80_000, "target_variable_amount": 40_000},
    "manager": {"base_amount": 100_000, "target_variable_amount": 20_000},
}
"""10,000 of target pay a quarter for a seller, 5,000 for a manager."""


def make_plan(name: str = "standard", **terms: Any) -> Plan:
    """A plan; straight 1:1 pay on own results where nothing else is said."""
    chosen = {"title": f"{name.title()} plan", "roles": ROLES, "mix": {"individual": 1, "team": 0}, **terms}
    return Plan.model_validate({"name": name, **chosen})


def tiers(*rows: tuple[float | str, float | str]) -> list[dict[str, Decimal]]:
    """Rows of a rate table: from, multiplier."""
    return [{"from": Decimal(str(low)), "multiplier": Decimal(str(multiplier))} for low, multiplier in rows]


def parameters_of(*plans: Plan) -> Parameters:
    """A company's parameters with these plans, the first in force."""
    company = Company.model_validate(
        {
            "name": "Tiny", "currency": "USD", "time_zone": "UTC", "source": {"kind": "demo"},
            "plan": plans[0].name if plans else None,
        }
    )  # fmt: skip
    return Parameters(Path("nowhere"), company, {}, {plan.name: plan for plan in plans})


def company_of(
    sold: Mapping[str, float],
    *,
    quota: float | None = 100_000,
    team_of: Mapping[str, str] | None = None,
    managers: Mapping[str, str] | None = None,
    people: Mapping[str, Mapping[str, Any]] | None = None,
    quotas: Iterable[Mapping[str, Any]] | None = None,
    **more: Any,
) -> Crm:
    """Sellers with bookings in Q3 2026, one deal each; teams and managers as named.

    Args:
        sold: Bookings by rep.
        quota: Every seller's quota for the quarter.
        team_of: Team by rep, managers included; no teams if absent.
        managers: Team that a manager leads, by manager.
        people: What differs from the usual for a person.
        quotas: In place of ``quota``.
        more: What ``make_crm`` takes.
    """
    people, managers = people or {}, managers or {}
    everybody = [*sold, *(each for each in managers if each not in sold)]
    roles = {who: "manager" if who in managers else ROLE for who in everybody}
    reps = [
        {"rep_id": who, "name": f"{who.title()} Person", "role": roles[who], **people.get(who, {})} for who in everybody
    ]
    if quotas is None:
        quotas = [rep_quota(who, quota) for who in sold if quota is not None]
    if team_of is not None:
        names = sorted({*team_of.values(), *managers.values()})
        led = {team: who for who, team in managers.items()}
        more["teams"] = [{"team_id": name, "name": name.upper(), "manager_id": led.get(name)} for name in names]
        stays = {**team_of, **managers}
        more["team_members"] = [{"rep_id": who, "team_id": team} for who, team in stays.items()]
    deals = [(who, "2026-08-03", "won", amount) for who, amount in sold.items() if amount]
    return make_crm(**{"deals": deals, "reps": reps, "quotas": quotas, "as_of": AS_OF, **more})


def rep_quota(who: str, amount: float, quarter: str = "2026-Q3") -> dict[str, Any]:
    """One rep's goal for a quarter."""
    return {"level": "rep", "rep_id": who, "period": quarter, "measure": "bookings", "amount": amount}


_multipliers = st.decimals(0, 4, places=2)
attainments = st.fractions(0, 4, max_denominator=10_000)


@st.composite
def plans(draw: st.DrawFn, application: str | None = None) -> Plan:
    """Any plan of up to four rows; points of an interpolated plan never fall."""
    chosen = application or draw(st.sampled_from(["marginal", "whole", "interpolated"]))
    lows = sorted(draw(st.sets(st.decimals("0.05", "2.5", places=2), max_size=3)))
    multipliers = draw(st.lists(_multipliers, min_size=len(lows) + 1, max_size=len(lows) + 1))
    if chosen == "interpolated":
        multipliers = sorted(multipliers)
    rows = tiers(*zip([0, *lows], multipliers, strict=True))
    limit = st.none() | st.decimals("0.1", "2", places=2)
    own = draw(st.decimals(0, 1, places=2))
    return make_plan(
        application=chosen, tiers=rows, threshold=draw(limit), cap=draw(limit), mix={"individual": own, "team": 1 - own}
    )


def slow_payout(plan: Plan, attainment: Fraction) -> Fraction:
    """What a plan pays, worked out row by row from the table as the plan's file states it: the judge of the curve."""
    if plan.threshold and attainment < Fraction(plan.threshold):
        return Fraction(0)
    rows = [(Fraction(row.low), Fraction(row.multiplier)) for row in plan.tiers]
    reached = [row for row in rows if row[0] <= attainment]
    if plan.application == "marginal":
        ends = [low for low, _ in rows[1:]] + [None]
        paid = sum(
            (
                multiplier * (min(attainment, end) - low if end is not None else attainment - low)
                for (low, multiplier), end in zip(rows, ends, strict=True)
                if low <= attainment
            ),
            Fraction(0),
        )
    elif plan.application == "whole":
        paid = reached[-1][1] * attainment
    else:
        (low, pay), above = reached[-1], rows[len(reached) : len(reached) + 1]
        paid = pay if not above else pay + (above[0][1] - pay) * (attainment - low) / (above[0][0] - low)
    return min(paid, Fraction(plan.cap)) if plan.cap is not None else paid
