"""``plans/*.yaml``: a compensation plan."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import AfterValidator, Field, model_validator

from salesops_lib.parameters.base import Block, Exact, Money, Name, Share, problem


class Mix(Block):
    """What a rep's variable pay hangs on; the shares add up to 1."""

    individual: Share = Decimal("0.75")
    """Share that hangs on the rep's own attainment."""
    team: Share = Decimal("0.25")
    """Share that hangs on the team's attainment."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        _add_up_to_one(individual=self.individual, team=self.team)
        return self


class PayMix(Block):
    """How on-target earnings divide; the shares add up to 1."""

    base: Share
    """Share that is fixed salary."""
    variable: Share
    """Share that is variable pay at 100 % of quota."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        _add_up_to_one(base=self.base, variable=self.variable)
        return self


def _add_up_to_one(**shares: Decimal) -> None:
    total = sum(shares.values())
    if total != 1:
        parts = " and ".join(f"{name} {share}" for name, share in shares.items())
        raise problem(f"{parts} add up to {total}. They must add up to 1.")


class RolePay(Block):
    """A role's pay for a year at 100 % of quota."""

    base_amount: Money
    """Fixed salary per year."""
    target_variable_amount: Money
    """Variable pay per year at 100 % of quota."""


class Tier(Block):
    """One row of the rate table; attainment at a boundary belongs to the upper row."""

    low: Annotated[Exact, Field(alias="from")]
    """Attainment from which the row holds, included; 1 is 100 % of quota."""
    high: Annotated[Exact | None, Field(alias="to")] = None
    """Attainment up to which the row holds, not included; up to the next row where absent."""
    multiplier: Exact
    """Multiple of the base rate (target variable / quota); with `interpolated`, pay at `from` / target variable."""


def _tiers(tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
    if tiers[0].low != 0:
        raise problem(
            f"the first row starts at {tiers[0].low}, so that nothing says what is paid below. "
            "Put a row `from: 0` before it, with multiplier 0 where nothing is paid.",
            0,
            "from",
        )
    for place, (row, following) in enumerate(pairwise(tiers)):
        if following.low <= row.low:
            raise problem(
                f"starts at {following.low}, not above the row before it ({row.low}). Order the rows from low to high.",
                place + 1,
                "from",
            )
        if row.high is not None and row.high != following.low:
            kind = "a gap" if row.high < following.low else "an overlap"
            raise problem(
                f"ends at {row.high} while the next row starts at {following.low}: {kind}. "
                "Give both the same value; attainment at the boundary belongs to the upper row.",
                place,
                "to",
            )
    last = tiers[-1]
    if last.high is not None:
        raise problem(
            f"the last row ends at {last.high}, so that nothing says what is paid above. "
            "Take its `to` out; `cap` limits pay.",
            len(tiers) - 1,
            "to",
        )
    return tiers


class Band(NamedTuple):
    """One row of the rate table with both ends known."""

    low: Decimal
    high: Decimal | None
    multiplier: Decimal


class Plan(Block):
    """A compensation plan: what hangs on what, and how attainment turns into pay."""

    name: Name
    """Name of the plan; the file carries the same name."""
    title: Name
    """Name as people say it."""
    meaning: str = ""
    """What the plan is for, in a sentence."""
    mix: Mix = Mix()
    """What variable pay hangs on; 75 % individual and 25 % team where absent."""
    pay_mix: PayMix | None = None
    """How `ote_amount` divides, for every role that `roles` does not list."""
    ote_amount: Money | None = None
    """On-target earnings per year, for every role that `roles` does not list."""
    roles: dict[str, RolePay] = Field(default_factory=dict)
    """Pay by role, as the data's reps carry it."""
    application: Literal["marginal", "whole", "interpolated"] = "marginal"
    """marginal: each slice at its own rate. whole: the row reached applies to everything.
    interpolated: straight lines between the rows."""
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1), AfterValidator(_tiers)] = (
        Tier(low=Decimal(0), multiplier=Decimal(1)),
    )
    """The rate table by attainment; one rate for everything where absent."""
    threshold: Exact | None = None
    """Attainment below which nothing is paid."""
    cap: Exact | None = None
    """Most that is paid, as a multiple of target variable pay; no limit where absent."""

    @model_validator(mode="after")
    def _says_what_is_paid(self) -> Self:
        if (self.pay_mix is None) != (self.ote_amount is None):
            given, lacking = ("pay_mix", "ote_amount") if self.ote_amount is None else ("ote_amount", "pay_mix")
            raise problem(f"needs `{lacking}` beside it.", given)
        if self.pay_mix is None and not self.roles:
            raise problem("says not what is paid. Give `roles`, or `pay_mix` with `ote_amount`.")
        return self

    @property
    def bands(self) -> tuple[Band, ...]:
        """The rate table with the upper end of each row filled in; the last has none."""
        ends = [*(tier.low for tier in self.tiers[1:]), None]
        return tuple(Band(tier.low, end, tier.multiplier) for tier, end in zip(self.tiers, ends, strict=True))

    def pay_of(self, role: str | None) -> RolePay | None:
        """Pay of a role for a year at 100 % of quota; ``None`` where the plan does not cover the role."""
        if role in self.roles:
            return self.roles[role]
        if self.pay_mix is None or self.ote_amount is None:
            return None
        return RolePay(
            base_amount=self.ote_amount * self.pay_mix.base,
            target_variable_amount=self.ote_amount * self.pay_mix.variable,
        )
