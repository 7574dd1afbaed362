"""Phasing: how a goal is spread over the days of its period, so that the parts of any split add up to the cent.

By the evening of each day a share of a goal is due. A week, a month or any other part of the period has the goal
that this share gains over its days. Shares are exact fractions and cents are cut from the running total, so that
the parts add up to the whole however it is split. How the share grows is the company's choice (``goals:`` in
company.yaml): by selling days, by days, or in the shape of the year before; and a full quota may be cut by the
days a rep is employed and by a joiner's ramp.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd
from ibis import _

from salesops_lib.measures.expressions import booked, total
from salesops_lib.measures.fiscal import with_fiscal

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters.company import GoalRules
    from salesops_lib.periods import FiscalCalendar, Period

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """Days that carry one share of a full goal, both ends included."""

    first: date
    last: date
    share: Fraction = Fraction(1)


@dataclass(frozen=True)
class Phasing:
    """How a company spreads its goals."""

    calendar: FiscalCalendar
    rules: GoalRules
    booked_cents: Mapping[str, int] = field(default_factory=dict)
    """Bookings by fiscal month; only asked for the shape of the year before."""
    _known: dict[tuple[date, Period, tuple[Stretch, ...]], Fraction] = field(
        default_factory=dict, repr=False, compare=False
    )
    """Shares worked out before: hundreds of reps have few spans and stretches between them."""

    def part(self, amount: Decimal, span: Period, period: Period, load: Sequence[Stretch] = ()) -> Decimal:
        """The part of a goal for ``span`` that falls into ``period``.

        Args:
            amount: The full goal.
            span: The period that the goal is stated for.
            period: The period asked for; it may reach beyond the span on either side.
            load: Stretches with their share of the full goal; the whole of it throughout where empty.
        """
        carried = tuple(load) or (Stretch(span.start, span.end),)

        def reached(day: date) -> Decimal:
            share = self._known.get((day, span, carried))
            if share is None:
                share = self._known[day, span, carried] = self._due_by(day, span, carried)
            return (amount * share.numerator / share.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)

        return reached(min(span.end, period.end)) - reached(max(span.start, period.start) - DAY)

    def _due_by(self, day: date, span: Period, load: Sequence[Stretch]) -> Fraction:
        pieces = self._pieces(span)
        weights = sum(weight for _first, _last, weight in pieces)
        due = Fraction(0)
        for first, last, weight in pieces:
            count = self._counter(first, last)
            for stretch in load:
                start, end = max(first, stretch.first), min(last, stretch.last, day)
                if start <= end:
                    due += Fraction(weight * count(start, end), weights * count(first, last)) * stretch.share
        return due

    def _pieces(self, span: Period) -> list[tuple[date, date, int]]:
        """The span in stretches with their weights: its months in the shape of the year before, or all of it."""
        if self.rules.phasing == "last_year" and span.kind in ("quarter", "year"):
            months = self.calendar.within(span, "month")
            weights = [self.booked_cents.get(self.calendar.year_before(month).label, 0) for month in months]
            # A month without bookings a year ago says that the data does not reach back, not that nobody sells in it.
            if all(weight > 0 for weight in weights):
                return [(month.start, month.end, weight) for month, weight in zip(months, weights, strict=True)]
        return [(span.start, span.end, 1)]

    def _counter(self, first: date, last: date) -> Callable[[date, date], int]:
        """How days are counted from first to last: selling days, or all days where none of them is one."""
        if self.rules.phasing != "even" and self.calendar.selling_days(first, last):
            return self.calendar.selling_days
        return lambda start, end: (end - start).days + 1


def phasing_of(crm: Crm) -> Phasing:
    """How this company spreads its goals."""
    rules = crm.goal_rules
    if rules.phasing != "last_year":
        return Phasing(crm.calendar, rules)
    won = with_fiscal(crm, booked(crm), "closed_on", month="month")
    by_month = won.group_by("month")
    sums = crm.fetch(by_month.agg(booked_amount=total(_.credited_amount)))
    cents = {str(month): round(amount * 100) for month, amount in sums.itertuples(index=False)}
    return Phasing(crm.calendar, rules, cents)


def employment(crm: Crm) -> dict[str, tuple[date, date]]:
    """Each rep's first and last day; the ends of time where they are not known."""
    reps = crm.fetch(crm.reps.select("rep_id", "started_on", "ended_on"))
    return {
        rep: (_day(started, date.min), _day(ended, date.max)) for rep, started, ended in reps.itertuples(index=False)
    }


def seats(crm: Crm, rules: GoalRules) -> dict[str, tuple[Stretch, ...]]:
    """Each rep's time in the seat, in stretches with their share of a full goal; empty where quotas need no cutting."""
    if not rules.prorate and not rules.ramp:
        return {}
    return {rep: tuple(_stretches(started, ended, rules)) for rep, (started, ended) in employment(crm).items()}


def _day(moment: pd.Timestamp, otherwise: date) -> date:
    return otherwise if pd.isna(moment) else moment.date()


def _stretches(started: date, ended: date, rules: GoalRules) -> Iterator[Stretch]:
    """The months of the ramp, then the full load; days before the first and after the last count where none are cut."""
    if not rules.prorate and started > date.min:
        yield Stretch(date.min, started - DAY)
    last = ended if rules.prorate else date.max
    first = started
    for place, share in enumerate(rules.ramp if started > date.min else (), start=1):
        after = _months_after(started, place)
        yield Stretch(first, min(after - DAY, last), Fraction(str(share)))
        first = after
    yield Stretch(first, last)


def _months_after(day: date, n: int) -> date:
    """The same day ``n`` calendar months later, or that month's last day where it is shorter."""
    return (pd.Timestamp(day) + pd.DateOffset(months=n)).date()
