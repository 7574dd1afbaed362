"""What pay is worked out from: who sold in a quarter, for how many days, against which goals.

Tables in: ``reps``, ``opportunities``, ``credits``, ``quotas``; ``teams`` and ``team_members`` where present.
Nothing here leaves the area: a page shows pay by team and as a distribution, never by person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd
from ibis import _

from salesops_lib.comp_design.payout import attainment_of
from salesops_lib.data.crm import Crm
from salesops_lib.measures import attainment
from salesops_lib.measures.attainment import bookings_of
from salesops_lib.measures.managers import manager_ids

if TYPE_CHECKING:
    from salesops_lib.periods import Period

Goal = tuple[Decimal, Decimal | None]
"""Bookings and the goal they stand against; no goal where none is set."""
NOTHING: Goal = (Decimal(0), None)


@dataclass(frozen=True)
class Seller:
    """One rep in one quarter: what a plan needs to know to pay them."""

    rep_id: str
    role: str | None
    is_lead: bool
    """Manages a team, whatever the role is called: paid on the team's attainment alone."""
    team_id: str | None
    employed: Fraction
    """Share of the quarter's days employed, as far as is known."""
    employed_so_far: Fraction
    """Share of the quarter's days employed and over."""
    own: Goal
    team: Goal

    @property
    def attainment(self) -> Fraction | None:
        """Own bookings / own quota; nothing without a quota above 0."""
        return reached(self.own)

    @property
    def team_attainment(self) -> Fraction | None:
        """The team's bookings / its quota."""
        return reached(self.team)


@dataclass(frozen=True)
class SoldQuarter:
    """A quarter with everybody who sold, had a goal or was employed in it."""

    period: Period
    sellers: tuple[Seller, ...]
    bookings: Decimal
    """The company's, whoever is credited."""
    is_partial: bool


def reached(goal: Goal) -> Fraction | None:
    """Attainment of a goal above 0."""
    bookings, quota = goal
    return attainment_of(bookings, quota) if quota else None


def quarter_of(crm: Crm, period: Period) -> Period:
    """The quarter that the report's period ends in, or that ``as_of`` lies in while the period runs."""
    return crm.calendar.containing(max(period.start, min(crm.as_of, period.end)), "quarter")


def sold_quarters(crm: Crm, quarters: Sequence[Period]) -> list[SoldQuarter]:
    """Everybody who matters for the pay of each quarter, by ``rep_id``.

    Errors:
        MissingTableError: The company has no ``quotas``; without goals there is no attainment to pay.
    """
    crm.need("quotas")
    known: dict[str, SoldQuarter] = crm.remember("sold_quarters", dict)
    new = [quarter for quarter in quarters if quarter.label not in known]
    known.update((sold.period.label, sold) for sold in (_sold(crm, new) if new else []))
    return [known[quarter.label] for quarter in quarters]


def _sold(crm: Crm, quarters: Sequence[Period]) -> list[SoldQuarter]:
    reps = crm.fetch(crm.reps.select("rep_id", "role", "started_on", "ended_on").order_by("rep_id"))
    own, team = _goals(crm, quarters, "rep"), _goals(crm, quarters, "team")
    company = bookings_of(crm, quarters).set_index("period")["bookings_amount"]
    leads = manager_ids(crm)
    led = _teams_led(crm)
    sold = []
    for quarter in quarters:
        stays = _teams_last_in(crm, quarter)
        everybody = [_seller(row, quarter, crm.as_of, own, team, stays, leads, led) for row in reps.itertuples()]
        sellers = tuple(seller for seller in everybody if seller.employed or any(seller.own))
        booked = _exact(company.get(quarter.label, 0.0))
        sold.append(SoldQuarter(quarter, sellers, booked, crm.as_of < quarter.end))
    return sold


def _seller(
    row: Any,
    quarter: Period,
    as_of: date,
    own: Mapping[tuple[str, str], Goal],
    team: Mapping[tuple[str, str], Goal],
    stays: Mapping[str, str],
    leads: Collection[str],
    led: Mapping[str, list[str]],
) -> Seller:
    label, rep_id = quarter.label, str(row.rep_id)
    role = None if pd.isna(row.role) else str(row.role)
    is_lead = rep_id in leads
    team_id = stays.get(rep_id)
    teams = led.get(rep_id, []) if is_lead else []
    return Seller(
        rep_id=rep_id,
        role=role,
        is_lead=is_lead,
        team_id=team_id,
        employed=_days_share(row, quarter, quarter.end),
        employed_so_far=_days_share(row, quarter, min(as_of, quarter.end)),
        own=own.get((rep_id, label), NOTHING),
        team=_together(team.get((each, label), NOTHING) for each in teams or [team_id or ""]),
    )


def _days_share(row: Any, quarter: Period, until: date) -> Fraction:
    """Days employed from the quarter's start to a day, of all days of the quarter."""
    first = quarter.start if pd.isna(row.started_on) else max(quarter.start, row.started_on.date())
    last = until if pd.isna(row.ended_on) else min(until, row.ended_on.date())
    return Fraction(max((last - first).days + 1, 0), quarter.n_days)


def _goals(crm: Crm, quarters: Sequence[Period], level: Any) -> dict[tuple[str, str], Goal]:
    """Bookings and goal by key and quarter."""
    rows = attainment(crm, quarters, level=level)
    key = f"{level}_id"
    return {
        (str(who), str(label)): (_exact(booked), None if pd.isna(quota) else _exact(quota))
        for who, label, booked, quota in zip(
            rows[key], rows["period"], rows["bookings_amount"], rows["quota_amount"], strict=True
        )
    }


def _exact(amount: float) -> Decimal:
    """Sums of cents that came as a float, exact again."""
    return Decimal(str(round(float(amount), 2)))


def _together(goals: Iterable[Goal]) -> Goal:
    """Several teams as one; teams without bookings and goal do not count, bookings without a goal leave it open."""
    given = [goal for goal in goals if goal[0] or goal[1]]
    if not given or any(quota is None for _bookings, quota in given):
        return sum((bookings for bookings, _quota in given), Decimal(0)), None
    return sum((each[0] for each in given), Decimal(0)), sum((each[1] or Decimal(0) for each in given), Decimal(0))


def _teams_last_in(crm: Crm, quarter: Period) -> dict[str, str]:
    """The team that each rep was in last in the quarter: a leaver's last, a mover's new one."""
    if not crm.has("team_members"):
        return {}
    stays = crm.team_members
    last = min(quarter.end, crm.as_of)
    here = stays.filter(
        stays.from_on.isnull() | (stays.from_on <= last), stays.to_on.isnull() | (stays.to_on >= quarter.start)
    )
    rows = crm.fetch(here.select("rep_id", "team_id", "from_on").order_by([_.from_on.asc(nulls_first=True), "team_id"]))
    return dict(zip(rows["rep_id"], rows["team_id"], strict=True))


def _teams_led(crm: Crm) -> dict[str, list[str]]:
    """Teams by the rep who manages them; a team below another that the same rep manages is left to the upper one."""
    if not crm.has("teams"):
        return {}
    rows = crm.fetch(crm.teams.select("team_id", "manager_id", "parent_team_id").order_by("team_id"))
    manager = {str(team): who for team, who in zip(rows["team_id"], rows["manager_id"], strict=True) if pd.notna(who)}
    led: dict[str, list[str]] = {}
    for team_id, above in zip(rows["team_id"], rows["parent_team_id"], strict=True):
        who = manager.get(str(team_id))
        if who is not None and manager.get(str(above)) != who:
            led.setdefault(str(who), []).append(str(team_id))
    return led
