"""The demo company's deals: new business, the customers it makes and what they buy later.

Deals of existing customers depend on the new business won before, so they are drawn in a second round.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from salesops_lib.data.demo.days import (
    NEVER,
    Array,
    Columns,
    following_weekday,
    later_weekday,
    ordinal,
    stack,
    stream,
    take,
)
from salesops_lib.data.demo.demand import deals_from_leads, own_deals
from salesops_lib.data.demo.journeys import Journeys, is_over, walk, win_logits
from salesops_lib.data.demo.market import (
    AMOUNT_GROWTH,
    EUR_SHARE,
    PRODUCT_SHARES,
    PRODUCT_SIZE,
    PRODUCTS,
    SEGMENTS,
    SOURCES,
    STAGES,
)
from salesops_lib.data.demo.names import INDUSTRIES, account_names
from salesops_lib.data.demo.people import AE, Staff
from salesops_lib.data.demo.truths import AS_OF, FIRST_DAY, DemoTruths

KINDS = ("new", "expansion")
_CHURN_PER_YEAR = 0.070
_OLD_CUSTOMERS_PER_REP = 10
_REAPPROACHED_SHARE = 0.15
_EXPANSION_SIZE = 0.60
"""Median of an expansion relative to a new deal."""
N_DUPLICATES = 12
"""Open deals that somebody entered twice."""


@dataclass(frozen=True)
class Business:
    """Deals with their journeys, the accounts, and the customers among them."""

    deals: Columns
    """rep, segment, region, source, day, lead, lead_day, kind, account, product, is_eur, first_amount, list_amount,
    amount (cents), left, heir; ordered by day."""
    journeys: Journeys
    accounts: Columns
    """segment, region, industry, size."""
    account_names: list[str]
    customers: Columns
    """account, owner, start, churn (``NEVER`` while a customer), first_cents (yearly, from before the data)."""


def do_business(seed: int, staff: Staff, leads: Columns, truths: DemoTruths) -> Business:
    """Open, work and close every deal of the company."""
    rng = stream(seed, "deals")
    new = stack([own_deals(seed, staff), deals_from_leads(leads)])
    new["kind"] = np.zeros(len(new["day"]), dtype=np.int64)
    journeys = walk(stream(seed, "journeys"), new, win_logits(seed, staff, new, truths), truths)
    # The data holds what closed in it and what was open when it began.
    new, journeys = _kept(new, journeys, journeys.closes >= ordinal(FIRST_DAY))
    _set_heirs(staff, new)
    old = _old_customers(rng, staff)
    new["account"] = _accounts_of(rng, new, journeys) + len(old["account"])
    accounts = _accounts(rng, old, new)
    customers = stack([old, _new_customers(new, journeys)])
    customers["churn"] = _churn_days(stream(seed, "churn"), customers["start"], truths)
    more, more_journeys = _expansions(seed, staff, customers, truths)
    deals = stack([new, more])
    journeys = _joined(journeys, more_journeys)
    deals, journeys = _with_duplicates(rng, deals, journeys)
    order = np.argsort(deals["day"], kind="stable")
    deals, journeys = take(deals, order), journeys.take(order)
    _price(stream(seed, "prices"), deals)
    names = account_names(stream(seed, "account names"), accounts["industry"])
    return Business(deals, journeys, accounts, names, customers)


def _kept(deals: Columns, journeys: Journeys, rows: Array) -> tuple[Columns, Journeys]:
    return take(deals, rows), journeys.take(rows)


def _joined(first: Journeys, second: Journeys) -> Journeys:
    pairs = ((getattr(first, name), getattr(second, name)) for name in ("enters", "closes", "is_won", "last_stage"))
    return Journeys(*(np.concatenate(pair) for pair in pairs))


def _set_heirs(staff: Staff, deals: Columns) -> None:
    """Who takes the deal over should its rep leave."""
    deals["left"] = staff.ended[deals["rep"]]
    deals["heir"] = staff.successor_of(deals["rep"], np.arange(len(deals["rep"])), deals["day"])


def owner_at_close(deals: Columns, journeys: Journeys) -> Array:
    """The rep who holds each deal when it closes, or now."""
    return np.where(deals["left"] < np.minimum(journeys.closes, ordinal(AS_OF) + 1), deals["heir"], deals["rep"])


def _old_customers(rng: np.random.Generator, staff: Staff) -> Columns:
    """Customers from before the data, looked after by reps who were already there and stay."""
    first = ordinal(FIRST_DAY)
    there = np.flatnonzero((staff.roles == AE) & (staff.started < first - 270) & (staff.ended == NEVER))
    owner = np.repeat(there, _OLD_CUSTOMERS_PER_REP)
    n = len(owner)
    segment = staff.stays_on(owner, np.full(n, first))["segment"]
    value = np.array([one.amount for one in SEGMENTS])[segment] * rng.lognormal(0.0, 0.5, n)
    return {
        "account": np.arange(n),
        "owner": owner,
        "segment": segment,
        "region": staff.region[owner],
        "start": following_weekday(first - rng.integers(10, 900, n)),
        "first_cents": np.round(value).astype(np.int64) * 100,
    }


def _accounts_of(rng: np.random.Generator, new: Columns, journeys: Journeys) -> Array:
    """An account of its own for each new deal, but some go back to an account that said no before."""
    n = len(new["day"])
    account = np.arange(n)
    returns = rng.random(n) < _REAPPROACHED_SHARE
    luck = rng.random(n)
    for key in np.unique(new["segment"] * 2 + new["region"]):
        same = new["segment"] * 2 + new["region"] == key
        said_no = np.flatnonzero(same & ~returns & ~journeys.is_won & (journeys.closes <= ordinal(AS_OF)))
        said_no = said_no[np.argsort(journeys.closes[said_no], kind="stable")]
        rows = np.flatnonzero(same & returns)
        before = np.searchsorted(journeys.closes[said_no], new["day"][rows])
        rows, before = rows[before > 0], before[before > 0]
        chosen = said_no[(luck[rows] * before).astype(np.int64)]
        # One return per account, so that no account becomes a customer twice.
        chosen, at = np.unique(chosen, return_index=True)
        account[rows[at]] = chosen
    return account


def _accounts(rng: np.random.Generator, old: Columns, new: Columns) -> Columns:
    segment = np.concatenate([old["segment"], new["segment"]])
    least, most = np.array([one.employees for one in SEGMENTS], dtype=float)[segment].T
    n = len(segment)
    return {
        "segment": segment,
        "region": np.concatenate([old["region"], new["region"]]),
        "industry": rng.integers(0, len(INDUSTRIES), n),
        "size": np.exp(rng.uniform(np.log(least), np.log(most))).astype(np.int64),
    }


def _new_customers(new: Columns, journeys: Journeys) -> Columns:
    rows = np.flatnonzero(journeys.is_won & is_over(journeys))
    return {
        "account": new["account"][rows],
        "owner": owner_at_close(new, journeys)[rows],
        "segment": new["segment"][rows],
        "region": new["region"][rows],
        "start": journeys.closes[rows],
        "first_cents": np.zeros(len(rows), dtype=np.int64),
    }


def _churn_days(rng: np.random.Generator, start: Array, truths: DemoTruths) -> Array:
    """When each customer leaves: an even hazard from the 90th day on (old customers: from the start of the data)."""
    hazard = np.full(len(start), _CHURN_PER_YEAR / 365.25)
    if truths.churn_cohort_from is not None and truths.churn_cohort_to is not None:
        cohort = (start >= ordinal(truths.churn_cohort_from)) & (start <= ordinal(truths.churn_cohort_to))
        hazard[cohort] *= truths.churn_hazard_factor
    waited = np.minimum(np.maximum(start + 90, ordinal(FIRST_DAY)) + rng.exponential(1 / hazard), NEVER)
    days = waited.astype(np.int64)
    return np.where(days <= ordinal(AS_OF), days, NEVER)


def _expansions(seed: int, staff: Staff, customers: Columns, truths: DemoTruths) -> tuple[Columns, Journeys]:
    """What customers buy on top; deals that would be won after the customer left are not drawn."""
    rng = stream(seed, "expansions")
    rate = np.array([one.expansions_per_year for one in SEGMENTS])[customers["segment"]]
    begin = np.maximum(customers["start"] + 60, ordinal(FIRST_DAY) - 120)
    end = np.minimum(customers["churn"] - 30, ordinal(AS_OF))
    years = np.maximum(end - begin, 0) / 365.25
    row = np.repeat(np.arange(len(rate)), rng.poisson(rate * years))
    day = later_weekday(begin[row] + (rng.random(len(row)) * (end - begin)[row]).astype(np.int64))
    owner = customers["owner"][row]
    heir = staff.successor_of(owner, row, day)
    deals = {
        "rep": np.where(staff.ended[owner] < day, heir, owner),
        "segment": customers["segment"][row],
        "region": customers["region"][row],
        "source": np.full(len(row), len(SOURCES) - 1),
        "day": day,
        "lead": np.full(len(row), -1),
        "lead_day": np.full(len(row), NEVER),
        "kind": np.ones(len(row), dtype=np.int64),
        "account": customers["account"][row],
    }
    journeys = walk(rng, deals, win_logits(seed, staff, deals, truths), truths)
    stays = customers["churn"][row] == NEVER
    in_time = (stays | (journeys.closes < customers["churn"][row])) & (journeys.closes >= ordinal(FIRST_DAY))
    deals, journeys = _kept(deals, journeys, in_time & (day <= ordinal(AS_OF)))
    _set_heirs(staff, deals)
    return deals, journeys


def _with_duplicates(rng: np.random.Generator, deals: Columns, journeys: Journeys) -> tuple[Columns, Journeys]:
    """Enter some young open deals a second time, two working days later."""
    young = np.flatnonzero((journeys.closes > ordinal(AS_OF)) & (deals["day"] > ordinal(AS_OF) - 60))
    young = young[(deals["day"][young] < ordinal(AS_OF) - 7) & (deals["left"][young] == NEVER)]
    rows = np.sort(rng.permutation(young)[: min(N_DUPLICATES, len(young) // 8)])
    twins = take(deals, rows)
    twins["day"] = following_weekday(twins["day"] + 2)
    twins["lead"] = np.full(len(rows), -1)
    enters = np.full((len(rows), len(STAGES)), NEVER)
    enters[:, 0] = twins["day"]
    never, first = np.full(len(rows), NEVER), np.zeros(len(rows), dtype=np.int64)
    copies = Journeys(enters, never, np.zeros(len(rows), dtype=bool), first)
    deals["is_twin"], twins["is_twin"] = np.zeros(len(deals["day"]), dtype=bool), np.ones(len(rows), dtype=bool)
    return stack([deals, twins]), _joined(journeys, copies)


def _price(rng: np.random.Generator, deals: Columns) -> None:
    """Product, currency and the three amounts of every deal, in cents of the dollar."""
    n, segment = len(deals["day"]), deals["segment"]
    edges = PRODUCT_SHARES.cumsum(axis=1)[segment]
    product = np.minimum((rng.random(n)[:, None] > edges).sum(axis=1), len(PRODUCTS) - 1)
    middle = np.array([one.amount for one in SEGMENTS])[segment] * PRODUCT_SIZE[product]
    middle = middle * np.where(deals["kind"] == 1, _EXPANSION_SIZE, 1.0)
    middle = middle * (1 + AMOUNT_GROWTH) ** ((deals["day"] - ordinal(AS_OF)) / 365.25)
    spread = np.array([one.amount_spread for one in SEGMENTS])[segment]
    # Outliers beyond 2.4 standard deviations would let one deal make or break a quarter.
    listed = np.maximum(np.rint(middle * np.exp(spread * np.clip(rng.normal(size=n), -2.4, 2.4)) / 10) * 10, 300)
    discount = np.where(rng.random(n) < 0.45, 0.0, rng.uniform(0.02, 0.16, n))
    guess = np.rint(listed * rng.lognormal(0.0, 0.22, n) / 100) * 100
    unknown = rng.random(n) < 0.05
    deals["product"] = product
    deals["is_eur"] = (deals["region"] == 1) & (rng.random(n) < EUR_SHARE)
    deals["list_amount"] = (listed * 100).astype(np.int64)
    deals["amount"] = np.rint(listed * (1 - discount) * 100).astype(np.int64)
    deals["first_amount"] = np.where(unknown, 0, guess * 100).astype(np.int64)
    _copy_to_twins(deals)


def _copy_to_twins(deals: Columns) -> None:
    """A deal entered twice has the product, currency and amount of the first entry."""
    for row in np.flatnonzero(deals["is_twin"]):
        alike = (deals["account"] == deals["account"][row]) & (deals["kind"] == deals["kind"][row])
        original = np.flatnonzero(alike & ~deals["is_twin"])[-1]
        for name in ("product", "is_eur", "list_amount", "amount", "first_amount"):
            deals[name][row] = deals[name][original]
