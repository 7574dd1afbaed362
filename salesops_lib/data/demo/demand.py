"""Leads, and the deals that open from them, from prospecting, partners and referrals.

Each rep and month receives a random number of leads and own deals, in proportion to the days employed, the ramp of a
joiner, the season and the growth of the market. Demand begins nine months before the data does: what comes of those
months fills the pipeline that the data opens with.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from salesops_lib.data.demo.days import (
    DAY,
    MINUTE,
    NEVER,
    SECOND,
    Array,
    Columns,
    following_weekday,
    later_weekday,
    month_of,
    month_start,
    office_moment,
    ordinal,
    preceding_weekday,
    stream,
    take,
)
from salesops_lib.data.demo.market import (
    CONVERTED_SHARE,
    LEAD_SOURCES,
    MONTH_FACTORS,
    OWN_SOURCES,
    SEGMENTS,
    SOURCES,
    VOLUME_GROWTH,
)
from salesops_lib.data.demo.people import Staff
from salesops_lib.data.demo.truths import AS_OF, RAMP_DAYS, DemoTruths

BURN_IN_FROM = date(2023, 1, 1)
_RAMP_START = 0.25
"""Share of the full number of leads and deals that a joiner gets on the first day."""


def ramp_share(tenure_days: Array) -> Array:
    """Share of the full work load by days since the start: a straight line up to 1."""
    return np.clip(_RAMP_START + (1 - _RAMP_START) * tenure_days / RAMP_DAYS, _RAMP_START, 1.0)


def rep_months(staff: Staff) -> Columns:
    """One row per seller's stay and month: first and last day in it, and the load relative to a full rep's month."""
    stays = staff.selling_stays
    months = np.arange(month_of(np.array([ordinal(BURN_IN_FROM)]))[0], month_of(np.array([ordinal(AS_OF)]))[0] + 1)
    row = np.repeat(np.arange(len(stays["rep"])), len(months))
    month = np.tile(months, len(stays["rep"]))
    begin, end = month_start(month), month_start(month + 1)
    first = np.maximum(stays["start"][row], begin)
    last = np.minimum(np.minimum(stays["end"][row], end - 1), ordinal(AS_OF))
    share = np.maximum(last - first + 1, 0) / (end - begin)
    years_ago = (ordinal(AS_OF) - begin) / 365.25
    growth = (1 + VOLUME_GROWTH) ** -years_ago
    tenure = (first + last) / 2 - staff.started[stays["rep"][row]]
    load = share * growth * MONTH_FACTORS[month % 12] * ramp_share(tenure)
    columns = {name: stays[name][row] for name in ("rep", "segment", "region")}
    columns |= {"month": month, "first": first, "last": last, "load": load, "until": staff.ended[columns["rep"]]}
    return take(columns, share > 0)


def _spread(rng: np.random.Generator, cells: Columns, expected: Array) -> Columns:
    """One row per lead or deal, on a random day of its cell."""
    row = np.repeat(np.arange(len(expected)), rng.poisson(expected))
    columns = take(
        {name: cells[name] for name in ("rep", "segment", "region", "source", "until") if name in cells}, row
    )
    width = cells["last"][row] - cells["first"][row] + 1
    columns["day"] = cells["first"][row] + np.floor(rng.random(len(row)) * width).astype(np.int64)
    return columns


def own_deals(seed: int, staff: Staff) -> Columns:
    """Deals that a rep opened without a lead: rep, segment, region, source, day."""
    rng = stream(seed, "own deals")
    cells = rep_months(staff)
    rates = np.array([segment.own_deals_per_month for segment in SEGMENTS])
    deals = _spread(rng, cells, cells["load"] * rates[cells["segment"]])
    weekday = later_weekday(deals["day"])
    deals["day"] = np.where(weekday <= deals.pop("until"), weekday, preceding_weekday(deals["day"]))
    deals = take(deals, deals["day"] <= ordinal(AS_OF))
    shares = np.array([source.share for source in OWN_SOURCES])
    deals["source"] = rng.choice(len(OWN_SOURCES), len(deals["rep"]), p=shares) + len(LEAD_SOURCES)
    return deals | {"lead": np.full(len(deals["rep"]), -1), "lead_day": np.full(len(deals["rep"]), NEVER)}


def _lead_cells(staff: Staff, truths: DemoTruths) -> tuple[Columns, Array]:
    """Rep-months by lead source with the leads expected; the bad source's go mostly to the truths' reps."""
    cells = rep_months(staff)
    rates = np.array([segment.leads_per_month for segment in SEGMENTS])
    shares = np.array([source.share for source in LEAD_SOURCES])
    n = len(cells["rep"])
    expected = np.outer(cells["load"] * rates[cells["segment"]], shares)
    if truths.bad_source_from is not None:
        bad = _source_number(truths)
        later = cells["first"] >= ordinal(truths.bad_source_from)
        expected[later, bad] *= truths.bad_source_volume_factor
        chosen = np.isin(staff.rep_ids[cells["rep"]], truths.bad_source_rep_ids)
        for month in np.unique(cells["month"][later]):
            here = cells["month"] == month
            total, theirs = expected[here, bad].sum(), expected[here & chosen, bad].sum()
            if 0 < theirs < total:
                expected[here & chosen, bad] *= truths.bad_source_rep_share * total / theirs
                expected[here & ~chosen, bad] *= (1 - truths.bad_source_rep_share) * total / (total - theirs)
    cells = take(cells, np.repeat(np.arange(n), len(shares)))
    cells["source"] = np.tile(np.arange(len(shares)), n)
    return cells, expected.ravel()


def _source_number(truths: DemoTruths) -> int:
    return [source.name for source in SOURCES].index(truths.bad_source)


def is_bad_source(source: Array, day: Array, truths: DemoTruths) -> Array:
    """Which leads or deals come from the source that went bad, since it did."""
    if truths.bad_source_from is None:
        return np.zeros(len(day), dtype=bool)
    is_bad: Array = (source == _source_number(truths)) & (day >= ordinal(truths.bad_source_from))
    return is_bad


def leads(seed: int, staff: Staff, truths: DemoTruths) -> Columns:
    """All leads with their moments; ``opens_on`` is the day one became a deal, ``NEVER`` if it did not."""
    rng = stream(seed, "leads")
    cells, expected = _lead_cells(staff, truths)
    columns = _spread(rng, cells, expected)
    n = len(columns["day"])
    columns["created"] = columns["day"] * DAY + rng.integers(0, 24 * 60, n) * MINUTE + rng.integers(0, 60, n) * SECOND
    is_bad = is_bad_source(columns["source"], columns["day"], truths)
    _judge(rng, columns, is_bad, truths)
    _time(rng, columns)
    return columns


def _judge(rng: np.random.Generator, columns: Columns, is_bad: Array, truths: DemoTruths) -> None:
    """Decide which leads qualify; the score knows part of what decides it."""
    n = len(is_bad)
    share = np.array([source.qualified for source in LEAD_SOURCES])[columns["source"]]
    share = share * np.where(is_bad, truths.bad_source_qualified_factor, 1.0)
    seen = rng.normal(size=n)
    hidden = rng.normal(size=n)
    # The rank of a normal number is uniform, so exactly the wanted share falls below the bar.
    merit = 0.65 * seen + np.sqrt(1 - 0.65**2) * hidden
    columns["qualifies"] = _normal_rank(merit) > 1 - share
    shift = np.where(is_bad & (truths.bad_source_qualified_factor < 1), -9.0, 0.0)
    columns["score"] = np.round(
        np.clip(50 + 16 * seen + 5 * rng.normal(size=n) + 40 * (share - 0.29) + shift, 1, 99), 1
    )


def _normal_rank(values: Array) -> Array:
    """The share of a normal distribution below each value (Abramowitz and Stegun 26.2.17, error below 1e-7)."""
    t = 1 / (1 + 0.2316419 * np.abs(values))
    tail = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    upper = np.exp(-(values**2) / 2) / np.sqrt(2 * np.pi) * tail
    below: Array = np.where(values >= 0, 1 - upper, upper)
    return below


def _time(rng: np.random.Generator, columns: Columns) -> None:
    """When each lead was assigned, first touched and qualified, and when its deal opened."""
    n = len(columns["day"])
    hour = 60 * MINUTE
    never, latest = NEVER * DAY, (ordinal(AS_OF) + 1) * DAY - 6 * hour
    assigned = columns["created"] + (rng.lognormal(-0.3, 1.0, n) * 3600).astype(np.int64) * SECOND
    touched = assigned + (rng.lognormal(1.5, 1.1, n) * 3600).astype(np.int64) * SECOND
    touch_day = following_weekday(touched // DAY)
    touched = np.where(touch_day > touched // DAY, office_moment(rng, touch_day), touched)
    qualified = office_moment(rng, later_weekday(touched // DAY + 1 + rng.integers(0, 7, n)))
    opens = later_weekday(qualified // DAY + rng.integers(1, 7, n))
    ignored = ~columns["qualifies"] & (rng.random(n) < 0.07)
    unassigned = ignored & (rng.random(n) < 0.35)
    until = columns["until"]
    works = (touched // DAY <= until) & ~ignored
    columns["assigned"] = np.where(~unassigned & (assigned <= latest) & (assigned // DAY <= until), assigned, never)
    columns["touched"] = np.where(works & (touched <= latest), touched, never)
    accepted = columns["qualifies"] & works & (qualified <= latest) & (qualified // DAY <= until)
    columns["qualified"] = np.where(accepted, qualified, never)
    converts = accepted & (rng.random(n) < CONVERTED_SHARE) & (opens <= np.minimum(until, ordinal(AS_OF)))
    columns["opens_on"] = np.where(converts, opens, NEVER)


def deals_from_leads(all_leads: Columns) -> Columns:
    """The leads that became deals: rep, segment, region, source, day of the deal and the lead's row."""
    rows = np.flatnonzero(all_leads["opens_on"] < NEVER)
    deals = take({name: all_leads[name] for name in ("rep", "segment", "region", "source")}, rows)
    return deals | {"day": all_leads["opens_on"][rows], "lead": rows, "lead_day": all_leads["day"][rows]}
