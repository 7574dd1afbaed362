"""What customers do after the sale: recurring revenue that grows, shrinks or leaves, and what they say."""

from __future__ import annotations

import numpy as np

from salesops_lib.data.demo.days import NEVER, Array, Columns, following_weekday, ordinal, stack, stream, take
from salesops_lib.data.demo.deals import Business, owner_at_close
from salesops_lib.data.demo.journeys import is_over
from salesops_lib.data.demo.people import Staff
from salesops_lib.data.demo.truths import AS_OF, FIRST_DAY

SUBSCRIPTION_KINDS = ("start", "expansion", "contraction", "churn")
START, EXPANSION, CONTRACTION, CHURN = range(4)
_CONTRACTION_PER_YEAR = 0.04
SCALES = ("csat", "nps")


def subscriptions(seed: int, business: Business) -> Columns:
    """Changes of recurring revenue in cents: account, day, change, kind; ordered by account and day.

    A won deal's value is the yearly revenue it brings. Contraction and churn are worked out from the balance before.
    """
    rng = stream(seed, "subscriptions")
    customers, deals = business.customers, business.deals
    old = customers["first_cents"] > 0
    won = np.flatnonzero(business.journeys.is_won & is_over(business.journeys))
    changes = stack(
        [
            _changes(customers["account"][old], customers["start"][old], customers["first_cents"][old], START),
            _changes(deals["account"][won], business.journeys.closes[won], deals["amount"][won], deals["kind"][won]),
            _contractions(rng, customers),
            _changes(*take_left(customers), 0, CHURN),
        ]
    )
    changes = take(changes, np.lexsort((changes["kind"], changes["day"], changes["account"])))
    return _merged(_balanced(rng, changes))


def _changes(account: Array, day: Array, change: Array | int, kind: Array | int) -> Columns:
    spread = {
        name: np.broadcast_to(np.asarray(value), len(account)) for name, value in (("change", change), ("kind", kind))
    }
    return {"account": account, "day": day, **spread}


def take_left(customers: Columns) -> tuple[Array, Array]:
    """Accounts that left, and when."""
    left = customers["churn"] < NEVER
    return customers["account"][left], customers["churn"][left]


def _contractions(rng: np.random.Generator, customers: Columns) -> Columns:
    """At most one per customer, on a day between the fourth month and the last."""
    begin = np.maximum(customers["start"] + 120, ordinal(FIRST_DAY))
    end = np.minimum(customers["churn"] - 1, ordinal(AS_OF))
    years = np.maximum(end - begin, 0) / 365.25
    rows = np.flatnonzero(rng.random(len(begin)) < 1 - np.exp(-_CONTRACTION_PER_YEAR * years))
    day = begin[rows] + (rng.random(len(rows)) * (end - begin)[rows]).astype(np.int64)
    return _changes(customers["account"][rows], day, 0, CONTRACTION)


def _balanced(rng: np.random.Generator, changes: Columns) -> Columns:
    """Give contractions a part of the balance before them and churn all of it."""
    is_first = np.r_[True, changes["account"][1:] != changes["account"][:-1]]
    group = is_first.cumsum() - 1
    change = changes["change"].astype(np.int64)
    running = change.cumsum()
    before_group = (running - change)[is_first][group]
    balance = running - before_group
    part = np.where(changes["kind"] == CONTRACTION, balance * rng.uniform(0.12, 0.40, len(change)), 0).astype(np.int64)
    part -= part % 1000
    change = change - part
    shrunk = np.bincount(group, weights=part).astype(np.int64)[group]
    change = np.where(changes["kind"] == CHURN, -(balance - shrunk), change)
    return {**changes, "change": change}


def _merged(changes: Columns) -> Columns:
    """One row per account, day and kind."""
    keys = [changes[name] for name in ("account", "day", "kind")]
    is_first = np.r_[True, np.any([key[1:] != key[:-1] for key in keys], axis=0)]
    totals = np.add.reduceat(changes["change"], np.flatnonzero(is_first))
    merged = {**take(changes, is_first), "change": totals}
    return take(merged, totals != 0)


def satisfaction(seed: int, staff: Staff, business: Business) -> Columns:
    """Answers of customers: account, rep, day, score, scale; after a sale (csat) and each spring and autumn (nps)."""
    rng = stream(seed, "satisfaction")
    answers = stack([_after_sale(rng, business), _half_yearly(rng, staff, business)])
    return take(answers, np.argsort(answers["day"], kind="stable"))


def _after_sale(rng: np.random.Generator, business: Business) -> Columns:
    won = np.flatnonzero(business.journeys.is_won & is_over(business.journeys))
    asked = following_weekday(business.journeys.closes[won] + rng.integers(12, 30, len(won)))
    answers = (rng.random(len(won)) < 0.38) & (asked <= ordinal(AS_OF))
    rows, asked = won[answers], asked[answers]
    account = business.deals["account"][rows]
    mood = rng.normal(0.0, 1.0, len(rows)) - 0.5 * _will_leave(business, account)
    score = np.clip(np.rint(4.35 + 0.85 * mood), 1, 5)
    owner = owner_at_close(business.deals, business.journeys)[rows]
    return {
        "account": account,
        "rep": owner,
        "day": asked,
        "score": score,
        "scale": np.zeros(len(rows), dtype=np.int64),
    }


def _half_yearly(rng: np.random.Generator, staff: Staff, business: Business) -> Columns:
    days = [ordinal(AS_OF) - 30 - 182 * back for back in range(6)]
    customers = business.customers
    parts = []
    for day in reversed(days):
        active = (customers["start"] < day - 30) & (customers["churn"] > day)
        rows = np.flatnonzero(active & (rng.random(len(active)) < 0.16))
        leaving = (customers["churn"][rows] < day + 240) * 1.0
        mood = rng.normal(0.0, 1.0, len(rows)) - 0.9 * leaving
        owner = customers["owner"][rows]
        # A customer of a rep who left is nobody's in particular.
        parts.append(
            {
                "account": customers["account"][rows],
                "rep": np.where(staff.ended[owner] < day, -1, owner),
                "day": np.full(len(rows), int(following_weekday(np.array([day]))[0])),
                "score": np.clip(np.rint(8.1 + 1.9 * mood), 0, 10),
                "scale": np.ones(len(rows), dtype=np.int64),
            }
        )
    return stack(parts)


def _will_leave(business: Business, account: Array) -> Array:
    """1 for accounts that leave within the data, 0 for the others."""
    return np.isin(account, take_left(business.customers)[0]) * 1.0
