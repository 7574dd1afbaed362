"""What happened to each deal, change by change: the stage history.

Events say what changed (stage, amount, expected close, owner); sorted by deal and moment and filled forward they become
states. A deal's last state is what the table ``opportunities`` shows, so the two can never disagree.
"""

from __future__ import annotations

import numpy as np

from salesops_lib.data.demo.days import (
    DAY,
    NEVER,
    SECOND,
    Array,
    Columns,
    following_weekday,
    office_moment,
    ordinal,
    stack,
    stream,
    take,
)
from salesops_lib.data.demo.journeys import STAY, Journeys
from salesops_lib.data.demo.market import PROPOSAL, SEGMENTS, STAGES
from salesops_lib.data.demo.truths import AS_OF

SAME = -1
"""In an event: this did not change."""
LOST, WON = len(STAGES), len(STAGES) + 1
"""What stage a closing event leads to."""
CHANGES = ("stage", "amount", "expected", "owner")

_PUSH_DAYS = np.array([segment.push_days for segment in SEGMENTS])


def events_of(deal: Array, moment: Array, **changes: Array | int) -> Columns:
    """One event per entry of ``deal``; what is not named in ``changes`` stays the same."""
    columns = {name: np.broadcast_to(np.asarray(changes.get(name, SAME)), len(deal)) for name in CHANGES}
    return {"deal": deal, "moment": moment, **columns}


def history(seed: int, deals: Columns, journeys: Journeys) -> Columns:
    """The states of all deals up to the end of the data, by deal and moment.

    Args:
        seed: Of the company.
        deals: rep, segment, day, amount (cents, final), first_amount (cents), list_amount (cents, before discount),
            left (day the rep left, or ``NEVER``), heir (who took over).
        journeys: Of the same deals.

    Returns:
        deal (row of ``deals``), moment, stage (``LOST``, ``WON`` after the last), amount, expected, owner.
    """
    rng = stream(seed, "history")
    expected, pushes = _expectations(rng, deals, journeys)
    parts = [
        *_stage_events(rng, deals, journeys, expected),
        *pushes,
        *_amount_events(rng, deals, journeys),
        _detours(rng, journeys),
        _handovers(deals, journeys),
    ]
    events = stack(parts)
    closing = _closing_events(rng, deals, journeys)
    ends = np.full(len(deals["day"]), NEVER * DAY)
    ends[closing["deal"]] = closing["moment"]
    latest = ordinal(AS_OF) * DAY + 18 * 3600 * SECOND
    keep = (events["moment"] < ends[events["deal"]]) & (events["moment"] <= latest)
    return _fill_forward(stack([take(events, keep), closing]))


def _stage_events(rng: np.random.Generator, deals: Columns, journeys: Journeys, expected: Array) -> list[Columns]:
    """Creation, which sets everything, and the entry into each later stage."""
    first = journeys.enters.argmin(axis=1)
    everyone = np.arange(len(first))
    # Early in the day, so that nothing else of that day comes before it.
    created = deals["day"] * DAY + rng.integers(7 * 3600, 8 * 3600, len(first)) * SECOND
    parts = [
        events_of(everyone, created, stage=first, amount=deals["first_amount"], expected=expected, owner=deals["rep"])
    ]
    for stage in range(1, len(STAGES)):
        rows = np.flatnonzero((journeys.enters[:, stage] < NEVER) & (first != stage))
        parts.append(events_of(rows, office_moment(rng, journeys.enters[rows, stage]), stage=stage))
    return parts


def _closing_events(rng: np.random.Generator, deals: Columns, journeys: Journeys) -> Columns:
    rows = np.flatnonzero(journeys.closes <= ordinal(AS_OF))
    day, won = journeys.closes[rows], journeys.is_won[rows]
    evening = day * DAY + rng.integers(16 * 3600, 18 * 3600, len(rows)) * SECOND
    amount = np.where(won, deals["amount"][rows], SAME)
    return events_of(rows, evening, stage=np.where(won, WON, LOST), amount=amount, expected=day)


def _expectations(rng: np.random.Generator, deals: Columns, journeys: Journeys) -> tuple[Array, list[Columns]]:
    """The close date expected at creation, and every later change of it."""
    n = len(deals["day"])
    usual = STAY[deals["segment"]]
    plan = deals["day"] + usual.sum(axis=1) * rng.lognormal(0.25, 0.35, n)
    first_expected = following_weekday(plan.astype(np.int64))
    expected = first_expected.copy()
    careless = rng.random(n) < 0.05
    parts: list[Columns] = []
    for stage in range(len(STAGES)):
        entered = journeys.enters[:, stage]
        later = journeys.enters[:, stage + 1 :].min(axis=1, initial=NEVER)
        leaves = np.minimum(np.minimum(journeys.closes, later), ordinal(AS_OF) + 1)
        here = entered < leaves
        if stage >= PROPOSAL:
            remaining = usual[:, stage:].sum(axis=1) * rng.lognormal(0.1, 0.4, n)
            rethinks = here & (rng.random(n) < 0.45)
            expected = np.where(rethinks, following_weekday(entered + 1 + remaining.astype(np.int64)), expected)
            rows = np.flatnonzero(rethinks)
            parts.append(events_of(rows, office_moment(rng, entered[rows]), expected=expected[rows]))
        # Close dates are put off when they come near, some a few days late, until the deal moves on.
        for _ in range(12):
            due = expected + rng.integers(-4, 4, n)
            pushed_on = following_weekday(np.maximum(due, entered + 1))
            rows = np.flatnonzero(here & ~careless & (pushed_on < leaves) & (expected < leaves))
            if not len(rows):
                break
            least, most = _PUSH_DAYS[deals["segment"][rows]].T
            longer = least + np.floor(rng.random(len(rows)) * (most - least)).astype(np.int64)
            expected[rows] = following_weekday(np.maximum(expected[rows], pushed_on[rows]) + longer)
            parts.append(events_of(rows, office_moment(rng, pushed_on[rows]), expected=expected[rows]))
            careless[rows] |= rng.random(len(rows)) < 0.06
    return first_expected, parts


def _amount_events(rng: np.random.Generator, deals: Columns, journeys: Journeys) -> list[Columns]:
    """The quote that replaces the first guess, and a later correction of some."""
    quoted = journeys.enters[:, PROPOSAL]
    rows = np.flatnonzero((quoted < NEVER) & (rng.random(len(quoted)) < 0.8))
    parts = [events_of(rows, office_moment(rng, quoted[rows]), amount=deals["list_amount"][rows])]
    corrected = journeys.enters[:, PROPOSAL + 1]
    rows = np.flatnonzero((corrected < NEVER) & (rng.random(len(quoted)) < 0.2))
    factor = rng.choice([0.8, 0.9, 1.1, 1.2], len(rows))
    amount = (deals["list_amount"][rows] * factor).astype(np.int64) // 100 * 100
    parts.append(events_of(rows, office_moment(rng, corrected[rows] + 1), amount=amount))
    return parts


def _detours(rng: np.random.Generator, journeys: Journeys) -> Columns:
    """Deals that fall back a stage for a few days and return."""
    parts = []
    for stage in (PROPOSAL, PROPOSAL + 1):
        entered = journeys.enters[:, stage]
        later = journeys.enters[:, stage + 1 :].min(axis=1, initial=NEVER)
        leaves = np.minimum(np.minimum(journeys.closes, later), ordinal(AS_OF) + 1)
        rows = np.flatnonzero((leaves - entered >= 9) & (entered < NEVER) & (rng.random(len(entered)) < 0.05))
        back = following_weekday(entered[rows] + 1 + rng.integers(0, 2, len(rows)))
        again = following_weekday(back + 1 + rng.integers(0, 2, len(rows)))
        stays = again < leaves[rows]
        parts.append(events_of(rows[stays], office_moment(rng, back[stays]), stage=stage - 1))
        parts.append(events_of(rows[stays], office_moment(rng, again[stays]), stage=stage))
    return stack(parts)


def _handovers(deals: Columns, journeys: Journeys) -> Columns:
    """On a rep's last evening the open deals pass to a colleague."""
    rows = np.flatnonzero((deals["left"] < journeys.closes) & (deals["left"] <= ordinal(AS_OF)))
    evening = deals["left"][rows] * DAY + 19 * 3600 * SECOND
    return events_of(rows, evening, owner=deals["heir"][rows])


def _fill_forward(events: Columns) -> Columns:
    """Turn changes into states: what did not change keeps its last value; one row per deal and moment."""
    order = np.lexsort((events["moment"], events["deal"]))
    rows = take(events, order)
    places = np.arange(len(order))
    for name in CHANGES:
        # A deal's first event sets everything, so no value is carried over from another deal.
        known = np.maximum.accumulate(np.where(rows[name] == SAME, 0, places))
        rows[name] = rows[name][known]
    is_last = np.ones(len(order), dtype=bool)
    is_last[:-1] = (rows["deal"][1:] != rows["deal"][:-1]) | (rows["moment"][1:] != rows["moment"][:-1])
    rows = take(rows, is_last)
    changed = np.zeros(len(rows["deal"]), dtype=bool)
    for name in CHANGES:
        changed[1:] |= rows[name][1:] != rows[name][:-1]
    changed[1:] |= rows["deal"][1:] != rows["deal"][:-1]
    changed[:1] = True
    return take(rows, changed)
