"""``rep_comparison:`` in ``company.yaml``: what the company declares about leads and the leaderboard."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from salesops_lib.parameters.base import Block, Count, Name, Number, Share, problem

LeadRule = Literal["territory", "round_robin", "weighted"]


class LeadSharing(Block):
    """How leads are meant to be shared among the reps who get any."""

    rule: LeadRule = "territory"
    """Evenly within each team and segment, evenly among all, or among all by weight."""
    weights: dict[Name, Annotated[Number, Field(ge=0)]] = Field(default_factory=dict)
    """Weight of each rep by rep id, for the rule `weighted`; who has none gets no leads."""
    ramp: tuple[Share, ...] | None = None
    """Share of a full load in a joiner's first month, second month and so on; empty for a full load at once. Where
    absent, joiners are left out of the comparison of leads in their first half year."""

    @model_validator(mode="after")
    def _weights_belong_to_their_rule(self) -> Self:
        if self.rule == "weighted" and not any(self.weights.values()):
            raise problem("`weighted` needs `weights`: rep ids with a number above 0 each.", "rule")
        if self.rule != "weighted" and self.weights:
            raise problem(f"they say nothing under `{self.rule}`. Remove them, or write `weighted`.", "weights")
        return self


class Leaderboard(Block):
    """Who wins on the leaderboard, and who stays off it."""

    winners: Count = 3
    """How many win on each board."""
    opted_out: tuple[Name, ...] = ()
    """Reps, by rep id, who wish to stay off the boards."""


class RepComparison(Block):
    """What the comparison of reps takes as declared."""

    leads: LeadSharing = LeadSharing()
    """How leads are meant to be shared."""
    leaderboard: Leaderboard = Leaderboard()
    """Who wins, and who stays off."""
