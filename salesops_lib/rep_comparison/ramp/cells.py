"""Cells of the ramp: what each rep opened, closed and booked in a fiscal month, beside what settled reps did then.

Tables in: ``reps``, ``opportunities`` of a ``Crm``; a deal shared by ``credits`` counts in parts.
Tables out: one row per rep and fiscal month in the seat. Everything is held against settled reps of the same segment
in the same month, which takes season and growth out, and is then written in days: bookings of 12 days are what a
settled rep of the segment books in 12 days of an average month.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures import deals
from salesops_lib.measures.expressions import how_many, within
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.rep_comparison.cells import MONTH, credited_cells, median_cycles, rate_of
from salesops_lib.rep_comparison.people import people

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

    Floats = NDArray[np.float64]

MONTH_DAYS = 365.25 / 12
SETTLED_MONTHS = 24
"""Months in the seat from which a rep counts as settled (our choice)."""
FEWEST_SETTLED = 3
"""Settled reps a segment needs to be its own yardstick; smaller ones are held against the whole company."""
EVERYONE = ""
"""The group of all segments together."""
COUNTS = ["opened", "closed", "won", "bookings_amount"]
MEASURES = {"bookings": "bookings_amount", "opened": "opened", "closed": "closed"}
"""What is counted per day in the seat, and its column."""


def ramp_cells(crm: Crm, window: Period) -> pd.DataFrame:
    """What reps did in each fiscal month in the seat, and what settled reps would have done in the same time.

    One row per rep and fiscal month with a day in the seat, by key and month. Managers are
    left out, and roles in which nobody closed a deal; a rep who left without one stays in.

    Returns:
        key (str): Key of the rep in the data; never shown.
        month (str): Fiscal month.
        started_on, ended_on (date): First and last day in sales; missing where not recorded, or still there.
        active_days (float): Days of the month in the seat.
        since_start_days (float): Middle of those days, counted from the first day in sales; missing without one.
        tenure (float): Whole months of it.
        is_settled (bool): Two years in the seat, or no first day recorded.
        group (str): Segment of the yardstick; empty where it is the whole company.
        opened, closed, won (float): Deals, a shared one counting in parts from its closing on.
        bookings_amount (float): Credited amount of deals won.
        usual_won (float): Wins of settled reps on as many closed deals.
        per_day_amount (float): Bookings of a settled rep of the group per day, over the whole window.
        made_<measure>, usual_<measure> (float, days): What the rep did, and what a settled rep does in the same
            days of the same month; missing where no settled rep was there.
        usual_cycle_days (float): Median cycle of the settled reps of the group, from creation to winning.
        size_<measure> (float, days): What comes at a stroke: a deal's worth in days of a settled rep. For bookings
            variance / mean, as deals differ in size.
    """
    return crm.remember(("ramp_cells", window), lambda: _cells(crm, window))


def _cells(crm: Crm, window: Period) -> pd.DataFrame:
    months = crm.calendar.between(window.start, window.end, "month")
    seats = _seat_months(_sellers(crm, window), months, window)
    counted = _counted(crm, window)
    sums = counted.groupby(["rep_id", MONTH])[COUNTS].sum()
    cells = seats.join(sums, on=["key", MONTH])
    cells[COUNTS] = cells[COUNTS].fillna(0.0)
    quarters = {month.label: crm.calendar.containing(month.start, "quarter").label for month in months}
    cells = cells.assign(group=_groups(cells, counted, quarters))
    settled = cells[cells["is_settled"]].drop_duplicates(["key", "group"])
    cycles = settled["key"].map(median_cycles(crm, window)).astype(float).groupby(settled["group"]).median()
    cells = _with_usual(cells).assign(usual_cycle_days=cells["group"].map(cycles).astype(float))
    return cells.sort_values(["key", MONTH], kind="stable").reset_index(drop=True)


def _sellers(crm: Crm, window: Period) -> pd.DataFrame:
    """Reps with their days and segment, by key; of roles in which someone closed a deal in the window."""
    everyone = people(crm, window)
    owners = crm.opportunities.filter(_.status != "open", within(_.closed_on, window)).select("rep_id").distinct()
    credited = crm.credits.filter(_.book == "main").select("rep_id").distinct()
    closing = set(crm.fetch(owners)["rep_id"]) | set(crm.fetch(credited)["rep_id"])
    sells = everyone["role"].isin(everyone.loc[everyone.index.isin(closing), "role"]) & ~everyone["is_manager"]
    reps = crm.fetch(crm.reps.select("rep_id", "started_on", "ended_on", segment=_.segment.fill_null("")))
    return everyone[sells].drop(columns="rep_id").join(reps.set_index("rep_id"))


def _counted(crm: Crm, window: Period) -> pd.DataFrame:
    """Deals closed by credit and deals opened by owner, per rep, month and segment of the deal."""
    rows = deals(crm).filter(within(_.created_on, window))
    rows = with_fiscal(crm, rows, "created_on", month="month").mutate(segment=_.segment.fill_null(""))
    keys = ["rep_id", MONTH, "segment"]
    opened = crm.fetch(rows.group_by(keys).agg(opened=how_many(_.opportunity_id.notnull())).order_by(keys))
    both = pd.concat([credited_cells(crm, window), opened])
    return both.groupby(keys)[COUNTS].sum().astype(float).reset_index()


def _seat_months(sellers: pd.DataFrame, months: list[Period], window: Period) -> pd.DataFrame:
    """One row per seller and month with a day in the seat, with tenure counted from the first day in sales."""
    calendar = pd.DataFrame(
        {
            MONTH: [month.label for month in months],
            "first": pd.to_datetime([max(month.start, window.start) for month in months]),
            "last": pd.to_datetime([min(month.end, window.end) for month in months]),
        }
    )
    days = sellers[["started_on", "ended_on", "segment"]]
    rows = days.rename_axis("key").reset_index().merge(calendar, how="cross")
    start, end = rows["started_on"], rows["ended_on"]
    first = rows["first"].where(start.isna() | (start < rows["first"]), start)
    last = rows["last"].where(end.isna() | (end > rows["last"]), end)
    middle = (first - start).dt.days + (last - first).dt.days / 2
    tenure = middle / MONTH_DAYS
    rows = rows.assign(
        active_days=((last - first).dt.days + 1).astype(float),
        since_start_days=middle,
        tenure=np.floor(tenure),
        is_settled=start.isna() | (tenure >= SETTLED_MONTHS),
    )
    return rows[rows["active_days"] > 0].drop(columns=["first", "last"])


def _groups(cells: pd.DataFrame, counted: pd.DataFrame, quarters: dict[str, str]) -> pd.Series[str]:
    """The segment each rep-month is held against: that of most of the quarter's deals, so that a move counts.

    Where ``reps`` records no segment, reps sell to all of them and the yardstick is the whole company.
    """
    work = counted.assign(quarter=counted[MONTH].map(quarters), n=counted["opened"] + counted["closed"])
    sums = work.groupby(["rep_id", "quarter", "segment"])["n"].sum().reset_index()
    most = sums.sort_values(["n", "segment"], ascending=[False, True], kind="stable")
    first = most.drop_duplicates(["rep_id", "quarter"]).set_index(["rep_id", "quarter"])["segment"]
    places = pd.MultiIndex.from_arrays([cells["key"], cells[MONTH].map(quarters)])
    seen = pd.Series(first.reindex(places).to_numpy(), index=cells.index, dtype=object)
    segment = seen.fillna(cells["segment"]).where(cells["segment"] != "", EVERYONE)
    settled = cells["key"].where(cells["is_settled"]).groupby(segment).nunique()
    return segment.where(segment.map(settled) >= FEWEST_SETTLED, EVERYONE)


def _with_usual(cells: pd.DataFrame) -> pd.DataFrame:
    """Add what settled reps of the group did per day, per month and over the whole window."""
    columns = ["active_days", "won", *MEASURES.values()]
    settled = cells[cells["is_settled"]]
    # Where the whole company is the yardstick, its settled reps of all segments make it up.
    pooled = pd.concat([settled[settled["group"] != EVERYONE], settled.assign(group=EVERYONE)])
    monthly = pooled.groupby(["group", MONTH])[columns].sum()
    always = pooled.groupby("group")[columns].sum()
    here = monthly.reindex(pd.MultiIndex.from_frame(cells[["group", MONTH]])).set_axis(cells.index)
    level = always.reindex(cells["group"]).set_axis(cells.index)
    added = {"usual_won": cells["closed"] * rate_of(here["won"], here["closed"])}
    for measure, column in MEASURES.items():
        per_day = rate_of(level[column], level["active_days"])
        added[f"size_{measure}"] = rate_of(pd.Series(1.0, index=cells.index), per_day)
        added[f"made_{measure}"] = rate_of(cells[column], per_day)
        added[f"usual_{measure}"] = cells["active_days"] * rate_of(here[column], here["active_days"] * per_day)
    cells = cells.assign(**added, per_day_amount=rate_of(level["bookings_amount"], level["active_days"]))
    # Deals of one size that come by luck have a variance / mean of one deal; less is an accident of few months.
    return cells.assign(size_bookings=np.fmax(_deal_days(cells), rate_of(level["active_days"], level["won"])))


def _deal_days(cells: pd.DataFrame) -> pd.Series[float]:
    """Variance / mean of settled reps' monthly bookings around their own level, by group.

    With deals of one size this is the size of a deal; spread in size makes it larger.
    """
    rows = cells[cells["is_settled"] & (cells["usual_bookings"] > 0)]
    own = rows.groupby("key")[["made_bookings", "usual_bookings"]].transform("sum")
    fitted = rows["usual_bookings"] * rate_of(own["made_bookings"], own["usual_bookings"])
    squares = (rows["made_bookings"] - fitted) ** 2 / fitted.where(fitted > 0)
    by_group = pd.DataFrame({"squares": squares, "n": squares.notna()}).groupby(rows["group"]).sum()
    freedom = by_group["n"] - rows.groupby("group")["key"].nunique()
    together = float(squares.sum() / max(int(squares.count()) - rows["key"].nunique(), 1)) if len(rows) else np.nan
    size = (by_group["squares"] / freedom.where(freedom > 0)).where(lambda each: each > 0, together)
    return cells["group"].map(size).fillna(together)


def joiners(cells: pd.DataFrame, window: Period) -> pd.DataFrame:
    """The cells of reps who started in the window, up to two years in the seat; those who left stay in."""
    is_new = (cells["started_on"] >= pd.Timestamp(window.start)) & (cells["tenure"] < SETTLED_MONTHS)
    return cells[is_new & cells["usual_bookings"].notna()]


def middles(cells: pd.DataFrame) -> Floats:
    """Months since the start in the middle of each month of tenure, by days in the seat."""
    days = cells["active_days"].groupby(cells["tenure"]).sum()
    sums = (cells["since_start_days"] * cells["active_days"]).groupby(cells["tenure"]).sum()
    return np.asarray(sums / days / MONTH_DAYS, dtype=float)


def usual_cycle(cells: pd.DataFrame) -> float:
    """Months of the usual cycle over the cells, by days in the seat; missing where no cycle is known."""
    known = cells[cells["usual_cycle_days"].notna()]
    days = known["active_days"].sum()
    return float((known["usual_cycle_days"] * known["active_days"]).sum() / days / MONTH_DAYS) if days else np.nan


def quotient(part: Floats, whole: Floats) -> Floats:
    """A quotient, missing where there is nothing to divide by."""
    return np.asarray(np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=whole > 0))


@dataclass(frozen=True)
class Hires:
    """The joiners' months in the seat: one row per hire, one column per month of tenure; 0 where not there."""

    made: Floats
    """What they did, in days of a settled rep."""
    usual: Floats
    """Days of a settled rep in the same time."""
    n_made: Floats
    """``made`` as a number of deals."""
    n_usual: Floats
    """``usual`` as a number of deals."""

    def without_effect(self, weights: Floats | None = None) -> Floats:
        """The plain mean over those present, by month: what survivors alone would show."""
        of = np.ones((1, len(self.made))) if weights is None else weights
        return quotient(of @ self.made, of @ self.usual)


def hires_of(cells: pd.DataFrame, measure: str) -> Hires:
    """The joiners' cells as tables of hire by month of tenure, hires by key.

    A month in which settled reps did nothing is no yardstick: what was done in it is left out.
    """
    made, usual, size = (cells[f"{part}_{measure}"].fillna(0.0) for part in ("made", "usual", "size"))
    made = made.where(usual > 0, 0.0)
    deals = pd.DataFrame({"made": made, "usual": usual, "n_made": made / size, "n_usual": usual / size}).fillna(0.0)
    sums = deals.groupby([cells["key"], cells["tenure"]]).sum()
    tables = [sums[name].unstack().fillna(0.0).sort_index(axis=1).to_numpy(float) for name in deals]
    return Hires(*tables)
