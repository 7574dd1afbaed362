"""The payout curve of a plan: what share of target pay does an attainment earn?

A plan's rate table, threshold and cap become straight pieces (``curve``). Everything else reads them: the payout at an
attainment, the jumps at boundaries, the chart and the words. Attainment is a quotient and is kept as an exact
fraction, so that half a cent is half a cent; money is ``Decimal`` and rounded half-up to the cent in ``cents`` alone.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from salesops_lib.parameters.plan import Plan

CENT = Decimal("0.01")


class Piece(NamedTuple):
    """A stretch of the payout curve on which each further point of attainment pays the same."""

    low: Fraction
    """Attainment at which it starts, included."""
    high: Fraction | None
    """Attainment at which it ends, not included; the last piece has no end."""
    pay: Fraction
    """Pay at the start, as a multiple of target pay."""
    slope: Fraction
    """What one unit of attainment adds: 1.5 is one and a half times the base rate."""

    def at(self, attainment: Fraction) -> Fraction:
        """Pay at an attainment, as a multiple of target pay."""
        return self.pay + self.slope * (attainment - self.low)

    @property
    def pay_at_end(self) -> Fraction | None:
        """Pay just below the end; nothing for the last piece."""
        return None if self.high is None else self.at(self.high)


def curve(plan: Plan) -> tuple[Piece, ...]:
    """The plan's payout curve from attainment 0 on, as pieces that meet; a boundary belongs to the upper one.

    ``marginal``: each slice of attainment at its own rate. ``whole``: the rate reached applies to everything.
    ``interpolated``: straight lines from row to row, level after the last. Below the threshold nothing is paid; no
    more than the cap is.
    """
    pieces = _table(plan)
    if plan.threshold:
        pieces = _with_threshold(pieces, Fraction(plan.threshold))
    if plan.cap is not None:
        cap = Fraction(plan.cap)
        pieces = [part for piece in pieces for part in _capped(piece, cap) if part.high is None or part.low < part.high]
    return tuple(_joined(pieces))


def payout(pieces: Iterable[Piece], attainment: Fraction) -> Fraction:
    """Pay at an attainment, as a multiple of target pay; attainment below 0 pays what 0 pays."""
    here = max(attainment, Fraction(0))
    return next(piece.at(here) for piece in pieces if piece.high is None or here < piece.high)


def jumps(pieces: Iterable[Piece]) -> list[tuple[Fraction, Fraction]]:
    """Attainment and size of every jump, as a multiple of target pay; negative where pay falls."""
    found = [(after.low, after.pay - before.at(after.low)) for before, after in pairwise(pieces)]
    return [(place, size) for place, size in found if size != 0]


def cents(amount: Fraction | Decimal | int) -> Decimal:
    """An amount rounded half-up to the cent."""
    exact = Fraction(amount)
    # A Fraction floors exactly; half a cent goes away from zero.
    whole = (abs(exact) * 100 + Fraction(1, 2)).__floor__()
    return (Decimal(whole if exact >= 0 else -whole) / 100).quantize(CENT, ROUND_HALF_UP)


def attainment_of(bookings: Decimal, quota: Decimal) -> Fraction:
    """Bookings as an exact fraction of a quota above 0."""
    return Fraction(bookings) / Fraction(quota)


def share_out(amount: Decimal, share: Decimal) -> tuple[Decimal, Decimal]:
    """An amount in two parts that add up to it: the share, rounded to the cent, and the rest."""
    part = cents(Fraction(amount) * Fraction(share))
    return part, amount - part


def _table(plan: Plan) -> list[Piece]:
    """The rate table alone."""
    pieces: list[Piece] = []
    earned = Fraction(0)
    bands = plan.bands
    for place, band in enumerate(bands):
        low, multiplier = Fraction(band.low), Fraction(band.multiplier)
        high = None if band.high is None else Fraction(band.high)
        if plan.application == "marginal":
            piece = Piece(low, high, earned, multiplier)
            earned = earned if high is None else piece.at(high)
        elif plan.application == "whole":
            piece = Piece(low, high, multiplier * low, multiplier)
        else:
            rise = Fraction(0) if high is None else (Fraction(bands[place + 1].multiplier) - multiplier) / (high - low)
            piece = Piece(low, high, multiplier, rise)
        pieces.append(piece)
    return pieces


def _with_threshold(pieces: list[Piece], threshold: Fraction) -> list[Piece]:
    kept = [Piece(Fraction(0), threshold, Fraction(0), Fraction(0))]
    for piece in pieces:
        if piece.high is None or piece.high > threshold:
            start = max(piece.low, threshold)
            kept.append(Piece(start, piece.high, piece.at(start), piece.slope))
    return kept


def _capped(piece: Piece, cap: Fraction) -> list[Piece]:
    """A piece with what lies above the cap levelled; one that crosses the cap becomes two."""
    end = piece.pay_at_end
    level = Piece(piece.low, piece.high, cap, Fraction(0))
    starts_above = piece.pay > cap or (piece.pay == cap and piece.slope > 0)
    ends_above = piece.slope > 0 or (starts_above and piece.slope == 0) if end is None else end > cap
    if starts_above == ends_above:
        return [level] if starts_above else [piece]
    crossing = piece.low + (cap - piece.pay) / piece.slope
    first, second = (level, piece) if starts_above else (piece, level)
    return [
        Piece(piece.low, crossing, first.pay, first.slope),
        Piece(crossing, piece.high, cap, second.slope),
    ]


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Pieces that go straight on become one."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and last.slope == piece.slope and last.at(piece.low) == piece.pay:
            joined[-1] = Piece(last.low, piece.high, last.pay, last.slope)
        else:
            joined.append(piece)
    return joined
