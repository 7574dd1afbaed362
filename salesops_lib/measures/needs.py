"""Who needs a goal: a sum that leaves somebody's out would hold all bookings against part of what is due.

A goal is needed by whoever is in the seat, is no manager, and either booked or still is in a role in which somebody
has a goal. A role without goals, such as sales development, needs none unless it sells; people who have left and
booked nothing need none either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ibis import _

from salesops_lib.measures.expressions import credited_deals, won_in
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.measures.holders import Days, Holder, Person, Roster, left_of, overlap
from salesops_lib.periods import Period

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm


class Needs:
    """Who needs a goal in some periods and has none of their own."""

    def __init__(self, crm: Crm, roster: Roster, periods: Sequence[Period]) -> None:
        self.crm = crm
        self.roster = roster
        self.periods = periods

    def reps_without(self, period: Period) -> set[str]:
        """Reps who need a goal and have none for some of their days."""
        months = self._months(period)
        booked = {rep for rep in self._open[period.label] for month in months if (rep, month.label) in self._booked}
        return self._open[period.label] & (self._in_role[period.label] | booked)

    def is_short(self, person: Person, days: Days, period: Period) -> bool:
        """Whether the rep's want of a goal on these days of a period leaves a sum over it short.

        It does in months in which the rep booked or was in the seat throughout: a joiner who sells nothing yet, like a
        leaver who sold nothing any more, takes nobody's goal away.
        """
        if person.rep_id not in self._open[period.label] or is_covered(self.roster, person, days):
            return False
        in_role = person.rep_id in self._in_role[period.label]
        needed = (
            (month.start, month.end)
            for month in self._months(period)
            if (person.rep_id, month.label) in self._booked
            or (in_role and person.seat[0] <= month.start and month.end <= person.seat[1])
        )
        return any(not is_covered(self.roster, person, common) for each in needed if (common := overlap(days, each)))

    def _months(self, period: Period) -> list[Period]:
        return self.crm.calendar.between(period.start, period.end, "month")

    @cached_property
    def _open(self) -> dict[str, set[str]]:
        """Those with days in the seat that no quota of their own covers, by label of the period."""
        return {
            period.label: {
                each.rep_id
                for each in self.roster.sellers
                if not is_covered(self.roster, each, (period.start, period.end))
            }
            for period in self.periods
        }

    @cached_property
    def _in_role(self) -> dict[str, set[str]]:
        """Those still in the seat in a role in which somebody has a goal for some of the period, by its label."""
        return {period.label: self._with_goals_in_role((period.start, period.end)) for period in self.periods}

    def _with_goals_in_role(self, days: Days) -> set[str]:
        sellers = [person for person in self.roster.sellers if overlap(person.seat, days)]
        roles = {person.role for person in sellers if _has_goal(self.roster, person, days)}
        today = self.crm.as_of
        return {each.rep_id for each in sellers if each.role in roles and each.seat[0] <= today <= each.seat[1]}

    @cached_property
    def _booked(self) -> set[tuple[str, str]]:
        """Rep and month for each month in which a rep without goals of their own booked."""
        reps = sorted(set().union(*self._open.values()))
        if not reps:
            return set()
        months = [month for period in self.periods for month in self._months(period)]
        span = Period("months", "month", min(each.start for each in months), max(each.end for each in months))
        won = won_in(credited_deals(self.crm), span).filter(_.credited_amount > 0, _.rep_id.isin(reps))
        rows = with_fiscal(self.crm, won, "closed_on", fiscal_month="month").select("rep_id", "fiscal_month").distinct()
        return set(self.crm.fetch(rows).itertuples(index=False, name=None))


def is_covered(roster: Roster, person: Person, days: Days) -> bool:
    """Whether the rep's own quotas reach over all of these days that lie in the seat."""
    needed = overlap(days, person.seat)
    return needed is None or not left_of(needed, [each.days for each in roster.stated_in(("rep", person.rep_id), days)])


def _has_goal(roster: Roster, person: Person, days: Days) -> bool:
    """A goal of their own, or the team's where the company states goals for teams only."""
    if "rep" in roster.levels:
        return bool(roster.stated_in(("rep", person.rep_id), days))
    return any(
        roster.stated_in(team, common)
        for key, place in person.places
        if (common := overlap(place, days))
        for team in _upwards(key, roster.above)
    )


def _upwards(team: str | None, above: Mapping[str, str]) -> list[Holder]:
    """A team and those above it."""
    found: list[Holder] = []
    while team is not None:
        found.append(("team", team))
        team = above.get(team)
    return found
