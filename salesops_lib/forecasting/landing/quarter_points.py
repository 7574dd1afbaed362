"""The same point of past quarters: what was open then, what was won so far, and how the quarter ended.

The point of a quarter is the evening on which as much of it had passed as has passed of the quarter to
land: the evening before it begins, the end of its second month, the third selling day of its first.
Deals are seen as they stood that evening (``Crm.at`` shows the same), outcomes as known now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.forecasting.history import bookings_by_month
from salesops_lib.measures import how_many, ratio, total

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import FiscalCalendar, Period

MOST_QUARTERS = 16
"""Past quarters looked at."""
DUE = ("due in the quarter", "due later", "overdue", "no date")
AGES = ((30, "up to 30 days"), (60, "31 to 60 days"), (90, "61 to 90 days"), (180, "91 to 180 days"))
OLDEST, UNDATED = "over 180 days", "no creation date"


@dataclass(frozen=True)
class QuarterPoint:
    """A quarter and the evening from which it is looked at."""

    quarter: Period
    on: date


def quarter_to_land(crm: Crm) -> Period:
    """The first fiscal quarter that is not over on the evening of the data."""
    return crm.calendar.containing(crm.as_of + timedelta(days=1), "quarter")


def same_point(calendar: FiscalCalendar, quarter: Period, as_of: date, other: Period) -> date:
    """The evening on which ``other`` had got as far as ``quarter`` has on ``as_of``.

    Whole months first, since quarters have a rhythm of months, then selling days within the month.
    """
    if as_of < quarter.start:
        return other.start - timedelta(days=1)
    months, others = (calendar.within(each, "month") for each in (quarter, other))
    place = next(n for n, month in enumerate(months) if month.contains(min(as_of, quarter.end)))
    month = others[min(place, len(others) - 1)]
    if as_of >= months[place].end:
        return month.end
    wanted = calendar.selling_days(months[place].start, as_of)
    day = month.start
    while calendar.selling_days(month.start, day) < wanted and day < month.end:
        day += timedelta(days=1)
    return day


def past_points(crm: Crm, quarter: Period) -> list[QuarterPoint]:
    """The latest quarters before ``quarter`` that lie whole in the data, oldest first, each at the same point."""
    months = bookings_by_month(crm)
    whole = months[months["is_complete"].astype(bool)]
    if whole.empty:
        return []
    known_from, first = crm.first_day(), whole["month_start_on"].iloc[0].date()
    last = quarter.start - timedelta(days=1)
    quarters = crm.calendar.between(first, last, "quarter") if first <= last else []
    points = [QuarterPoint(each, same_point(crm.calendar, quarter, crm.as_of, each)) for each in quarters]
    return [each for each in points if each.quarter.start >= first and each.on >= known_from][-MOST_QUARTERS:]


def open_deals_at(crm: Crm, points: Sequence[QuarterPoint]) -> pd.DataFrame:
    """What was open at each point, in cells of stage (or age, without a stage history) and due date.

    One row per quarter, state and due. A deal without a creation date is seen at the present point only.

    Returns:
        quarter (str): Label of the quarter.
        state (str): Stage then; the age band where the company has no stage history.
        due (str): Where the expected close date lay then: in the quarter, later, overdue or nowhere.
        n_open (int): Open deals.
        n_won (int): Of these, deals won by the quarter's end.
        open_amount (float): Their amounts then.
        won_amount (float): Won amounts of those won.
        squared_amount (float): Sum of the squared amounts then.
        n_without_amount (int): Deals without an amount above 0.
    """
    deals = _as_they_stood(crm, points)
    is_won = (deals.status == "won") & (deals.closed_on <= deals.quarter_end)
    has_amount = (deals.amount > 0).fill_null(False)
    then = ibis.ifelse(has_amount, deals.amount, 0).cast("float64")
    cells = deals.mutate(
        due=ibis.cases(
            (deals.expected_close_on.isnull(), DUE[3]),
            (deals.expected_close_on <= deals.point_on, DUE[2]),
            (deals.expected_close_on <= deals.quarter_end, DUE[0]),
            else_=DUE[1],
        ),
        is_won=is_won,
        then=then,
        has_no_amount=~has_amount,
    )
    return crm.fetch(
        cells.group_by("quarter", "state", "due")
        .agg(
            n_open=_.count(),
            n_won=how_many(_.is_won),
            open_amount=_.then.sum(),
            won_amount=total(ibis.ifelse(_.is_won, _.final_amount, 0)),
            squared_amount=(_.then * _.then).sum(),
            n_without_amount=how_many(_.has_no_amount),
        )
        .order_by("quarter", "state", "due")
    )


def quarter_sums(crm: Crm, points: Sequence[QuarterPoint]) -> pd.DataFrame:
    """Bookings of each point's quarter and what of them was booked, open or not yet created at the point.

    One row per quarter, in the order of ``points``.

    Returns:
        quarter (str): Label.
        won_so_far_amount (float): Won in the quarter by the evening of the point.
        new_amount (float): Won after it, by deals created after it or without a creation date.
        bookings_amount (float): All that was won in the quarter.
    """
    days = _point_rows(crm, points)
    booked = crm.opportunities.union(crm.credit_notes) if crm.has("credit_notes") else crm.opportunities
    won = booked.filter(_.status == "won", _.closed_on.notnull())
    rows = won.inner_join(days, [won.closed_on >= days.quarter_start, won.closed_on <= days.quarter_end])
    # A win without a creation date was not known to be open either, so it counts with the new ones.
    is_new = (rows.closed_on > rows.point_on) & (rows.created_on.isnull() | (rows.created_on > rows.point_on))
    sums = crm.fetch(
        rows.group_by("quarter").agg(
            won_so_far_amount=total(ibis.ifelse(rows.closed_on <= rows.point_on, rows.amount, 0)),
            new_amount=total(ibis.ifelse(is_new, rows.amount, 0)),
            bookings_amount=total(rows.amount),
        )
    )
    labels = pd.DataFrame({"quarter": [each.quarter.label for each in points]})
    return labels.merge(sums, on="quarter", how="left").fillna(0.0)


def typical_amounts(crm: Crm, points: Sequence[QuarterPoint]) -> dict[str, float]:
    """Average amount won until each point, which stands in for open deals without an amount; by quarter."""
    days = _point_rows(crm, points)
    won = crm.opportunities.filter(_.status == "won", _.amount > 0)
    rows = won.inner_join(days, won.closed_on <= days.point_on)
    found = crm.fetch(rows.group_by("quarter").agg(mean=ratio(rows.amount.sum(), rows.amount.count())))
    return dict(zip(found["quarter"], found["mean"], strict=True))


def _point_rows(crm: Crm, points: Sequence[QuarterPoint]) -> ir.Table:
    """The points as rows of the calendar: ``point_on``, ``quarter``, its start and its end."""
    days = crm.periods.filter(_.date.isin([each.on for each in points])).select(point_on=_.date)

    def by_point(values: Sequence[object]) -> ir.Value:
        return ibis.cases(
            *((days.point_on == ibis.date(str(each.on)), value) for each, value in zip(points, values, strict=True))
        )

    return days.mutate(
        quarter=by_point([each.quarter.label for each in points]),
        quarter_start=by_point([ibis.date(str(each.quarter.start)) for each in points]),
        quarter_end=by_point([ibis.date(str(each.quarter.end)) for each in points]),
    )


def _as_they_stood(crm: Crm, points: Sequence[QuarterPoint]) -> ir.Table:
    """Deals open on the evening of each point, with amount, due date and state of that evening."""
    days, deals = _point_rows(crm, points), crm.opportunities
    was_open = (deals.status == "open") | (deals.closed_on > days.point_on)
    rows = deals.inner_join(days, [deals.created_on.isnull() | (deals.created_on <= days.point_on), was_open])
    rows = rows.mutate(final_amount=rows.amount)
    if not crm.has("spans"):
        # Without a creation date nobody knows whether the deal existed then; today it does.
        known_then = rows.created_on.notnull() | (rows.point_on == ibis.date(str(crm.as_of)))
        return rows.filter(known_then).mutate(state=_age_band(rows))
    spans = crm.spans.select(
        "valid_from", "valid_to", span_deal=_.opportunity_id, then_stage=_.stage, then_amount=_.amount,
        then_expected=_.expected_close_on,
    )  # fmt: skip
    spans = spans.filter(~spans.then_stage.isin(["won", "lost"]))
    found = rows.left_join(
        spans,
        [
            rows.opportunity_id == spans.span_deal,
            spans.valid_from <= rows.point_on,
            spans.valid_to.isnull() | (spans.valid_to > rows.point_on),
        ],
    )
    found = found.filter(found.span_deal.notnull() | found.created_on.notnull())
    known = found.span_deal.notnull()
    return found.mutate(
        state=ibis.ifelse(known, found.then_stage, found.stage).fill_null("no stage"),
        amount=ibis.ifelse(known, found.then_amount, found.amount),
        expected_close_on=ibis.ifelse(known, found.then_expected, found.expected_close_on),
    )


def _age_band(rows: ir.Table) -> ir.Value:
    age = rows.point_on.delta(rows.created_on, unit="day")
    return ibis.cases((rows.created_on.isnull(), UNDATED), *((age <= days, band) for days, band in AGES), else_=OLDEST)
