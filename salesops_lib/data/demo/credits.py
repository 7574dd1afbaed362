"""Who is credited with a deal: its owner, at times shared with a colleague, at times a specialist on top."""

from __future__ import annotations

import numpy as np

from salesops_lib.data.demo.days import Array, Columns, ordinal, stack, stream, take
from salesops_lib.data.demo.deals import Business, owner_at_close
from salesops_lib.data.demo.people import SPECIALIST, Staff
from salesops_lib.data.demo.truths import AS_OF

MAIN, OVERLAY = 0, 1
MILLION = 1_000_000
_SHARED_SHARE = 0.08
_OVERLAY_SHARE = (0.01, 0.06, 0.20)
"""Share of deals with a specialist, by segment."""
_OWN_SHARES = np.array([500_000, 600_000, 700_000, 333_333])


def credits(seed: int, staff: Staff, business: Business) -> Columns:
    """One row per deal, book and rep: deal, book, rep, share in millionths; a deal's shares of a book add up to 1."""
    rng = stream(seed, "credits")
    deals, journeys = business.deals, business.journeys
    owner = owner_at_close(deals, journeys)
    day = np.minimum(journeys.closes, ordinal(AS_OF))
    everyone = np.arange(len(owner))
    partner = _partners(rng, staff, owner, day)
    shared = (rng.random(len(owner)) < _SHARED_SHARE) & (partner >= 0)
    own = np.where(shared, _OWN_SHARES[rng.choice(4, len(owner), p=[0.5, 0.25, 0.15, 0.10])], MILLION)
    helper = _specialists(staff, deals["region"], day)
    helped = (rng.random(len(owner)) < np.array(_OVERLAY_SHARE)[deals["segment"]]) & (helper >= 0)
    parts = [
        _rows(everyone, MAIN, owner, own),
        _rows(everyone[shared], MAIN, partner[shared], MILLION - own[shared]),
        _rows(everyone[helped], OVERLAY, helper[helped], np.full(helped.sum(), MILLION)),
    ]
    rows = stack(parts)
    return take(rows, np.lexsort((rows["rep"], rows["book"], rows["deal"])))


def _rows(deal: Array, book: int, rep: Array, share: Array) -> Columns:
    return {"deal": deal, "book": np.full(len(deal), book), "rep": rep, "share": share}


def _partners(rng: np.random.Generator, staff: Staff, owner: Array, day: Array) -> Array:
    """A colleague of the owner's team on the day, or -1 where there is none."""
    stays = staff.selling_stays
    guess = rng.integers(0, len(stays["rep"]), (len(owner), 12))
    team = staff.stays_on(owner, day)["team"][:, None]
    fits = (
        (stays["team"][guess] == team) & (stays["start"][guess] <= day[:, None]) & (day[:, None] <= stays["end"][guess])
    )
    fits &= stays["rep"][guess] != owner[:, None]
    first = fits.argmax(axis=1)
    return np.where(fits.any(axis=1), stays["rep"][guess[np.arange(len(owner)), first]], -1)


def _specialists(staff: Staff, region: Array, day: Array) -> Array:
    """The specialist of the deal's region if employed on the day, or -1."""
    found = np.full(len(region), -1)
    for rep in np.flatnonzero(staff.roles == SPECIALIST):
        found[(region == staff.region[rep]) & (day >= staff.started[rep])] = rep
    return found
