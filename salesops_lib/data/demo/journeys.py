"""How each deal moves through the stages, and when and how it ends.

A deal passes each stage with the share of its segment. Whatever shifts the log odds of winning (rep, source, ramp)
raises all four shares to one power, chosen so that their product has exactly the shifted odds. The bottleneck of
``truths.py`` comes on top, by the day a deal enters the stage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from salesops_lib.data.demo.days import (
    NEVER,
    Array,
    Columns,
    later_weekday,
    ordinal,
    preceding_weekday,
    quarter_start,
    stream,
)
from salesops_lib.data.demo.demand import is_bad_source
from salesops_lib.data.demo.market import SEGMENTS, SOURCES, STAGES, STAY_SPREAD
from salesops_lib.data.demo.people import Staff
from salesops_lib.data.demo.truths import AS_OF, RAMP_DAYS, DemoTruths

ADVANCE = np.array([segment.advance for segment in SEGMENTS])
STAY = np.array([segment.stay_days for segment in SEGMENTS], dtype=float)

_FORGOTTEN_SHARE = 0.010
"""Share of lost deals that nobody ever closes: the zombies of the pipeline."""
_PULLED_SHARE = 0.5
"""Share of wins of a quarter's first days that the rep brings in before the quarter ends."""


@dataclass(frozen=True)
class Journeys:
    """One row per deal; days are ``NEVER`` where something does not happen."""

    enters: Array
    """Day each stage is entered (deals x stages)."""
    closes: Array
    is_won: Array
    last_stage: Array
    """The stage in which the deal ends or, if it never ends, stays."""

    def take(self, rows: Array) -> Journeys:
        """The chosen deals."""
        return Journeys(self.enters[rows], self.closes[rows], self.is_won[rows], self.last_stage[rows])


def rep_win_logits(seed: int, staff: Staff, truths: DemoTruths) -> Array:
    """Each person's true shift of the log odds of winning, relative to the segment."""
    logits = stream(seed, "rep effects").normal(size=len(staff.rep_ids)) * truths.rep_win_spread
    for rep_id, logit in truths.rep_win_logit.items():
        number = staff.number_of(rep_id)
        if number >= 0:
            logits[number] = logit
    return logits


def win_logits(seed: int, staff: Staff, deals: Columns, truths: DemoTruths) -> Array:
    """Shift of each deal's log odds of winning: rep, source, ramp of a joiner, bad source."""
    source = np.array([source.win_logit for source in SOURCES])[deals["source"]]
    tenure = deals["day"] - staff.started[deals["rep"]]
    ramp = truths.ramp_win_logit * np.clip(1 - tenure / RAMP_DAYS, 0, 1)
    is_bad = is_bad_source(deals["source"], deals["lead_day"], truths)
    logits: Array = rep_win_logits(seed, staff, truths)[deals["rep"]] + source + ramp
    return logits + is_bad * truths.bad_source_win_logit


def walk(rng: np.random.Generator, deals: Columns, logits: Array, truths: DemoTruths) -> Journeys:
    """Send every deal from its first stage to its end."""
    n = len(logits)
    advance = ADVANCE[deals["segment"]]
    usual = advance.prod(axis=1)
    wanted = 1 / (1 + (1 - usual) / usual * np.exp(-logits))
    advance = advance ** (np.log(wanted) / np.log(usual))[:, None]
    starts_late = rng.random(n) < 0.12
    # Deals that begin at Qualification face both hurdles there, so their odds stay as they were.
    advance[starts_late, 1] *= advance[starts_late, 0]
    advance[starts_late, 0] = 1.0
    enters = np.full((n, len(STAGES)), NEVER)
    closes, last_stage = np.full(n, NEVER), np.zeros(n, dtype=np.int64)
    alive, now = np.ones(n, dtype=bool), deals["day"].copy()
    for stage, name in enumerate(STAGES):
        enters[alive, stage] = now[alive]
        last_stage[alive] = stage
        is_slow = _is_slow(name, now, truths)
        passes = rng.random(n) < advance[:, stage] * np.where(is_slow, truths.bottleneck_advance_factor, 1.0)
        days = STAY[deals["segment"], stage] * np.exp(STAY_SPREAD * rng.normal(size=n))
        days = days * np.where(is_slow, truths.bottleneck_stay_factor, 1.0) * np.where(passes, 1.0, 1.2)
        leaves = later_weekday(now + np.maximum(np.rint(days), 1).astype(np.int64))
        now = np.where(starts_late, now, leaves) if stage == 0 else leaves
        closes = np.where(alive & ~passes, now, closes)
        alive &= passes
    enters[starts_late, 0] = NEVER
    closes = np.where(alive, _pull_into_quarter(rng, now, enters[:, -1]), closes)
    closes = np.where(~alive & (rng.random(n) < _FORGOTTEN_SHARE), NEVER, closes)
    _skip_qualification(rng, enters)
    return Journeys(enters, closes, alive, last_stage)


def _is_slow(stage: str, days: Array, truths: DemoTruths) -> Array:
    if truths.bottleneck_from is None or stage != truths.bottleneck_stage:
        return np.zeros(len(days), dtype=bool)
    return days >= ordinal(truths.bottleneck_from)


def _pull_into_quarter(rng: np.random.Generator, closes: Array, entered: Array) -> Array:
    """Bring some wins of a quarter's first days (of January: weeks) back to the last days of the quarter before."""
    start = quarter_start(closes)
    is_january = (start + 45).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 == 1
    reach = np.where(is_january, 24, 14)
    earlier = preceding_weekday(start - 1 - rng.integers(0, 9, len(closes)))
    pulled = (closes - start < reach) & (rng.random(len(closes)) < _PULLED_SHARE) & (earlier > entered)
    return np.where(pulled, earlier, closes)


def _skip_qualification(rng: np.random.Generator, enters: Array) -> None:
    """Let some deals that began in Prospecting go straight to Proposal."""
    skips = (rng.random(len(enters)) < 0.03) & (enters[:, 0] < NEVER) & (enters[:, 2] < NEVER)
    enters[skips, 1] = NEVER


def is_over(journeys: Journeys) -> Array:
    """Which deals had ended by the time the data was taken."""
    over: Array = journeys.closes <= ordinal(AS_OF)
    return over
