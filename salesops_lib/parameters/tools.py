"""``tools.yaml``: how the company judges its sales tools."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from salesops_lib.parameters.base import Block, Count, Name, Number, Share, problem


class Criterion(Block):
    """One point on which tools are compared."""

    key: Name
    """Short name: fit, usability, utilisation, cost, or one of your own with `ratings`."""
    label: Name
    """Name as people say it."""
    meaning: str = ""
    """What is compared, in a sentence."""
    weight: Annotated[Number, Field(gt=0)]
    """How much it counts; only the proportions of the weights matter."""
    direction: Literal["up", "down"] = "up"
    """Which way is good; down for cost."""


def _unique(criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
    for key, n in Counter(criterion.key for criterion in criteria).items():
        if n > 1:
            last = max(place for place, criterion in enumerate(criteria) if criterion.key == key)
            raise problem(f"the criterion `{key}` stands {n} times. Keep one.", last, "key")
    return criteria


class ToolThresholds(Block):
    """Values that separate the decisions: keep, fix, train, replace or merge."""

    utilisation_low: Share = Decimal("0.5")
    """Share of assigned seats in use below which a tool is not adopted."""
    utilisation_good: Share = Decimal("0.8")
    """Share of assigned seats in use from which a tool is adopted."""
    sus_low: Annotated[Number, Field(ge=0, le=100)] = 51
    """System Usability Scale below which a tool is hard to use."""
    sus_good: Annotated[Number, Field(ge=0, le=100)] = 68
    """System Usability Scale from which a tool is easy to use; 68 is the average of published studies."""
    min_answers: Count = 5
    """Fewest answers before a survey score is judged."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for low, good in (("utilisation_low", "utilisation_good"), ("sus_low", "sus_good")):
            if getattr(self, low) > getattr(self, good):
                raise problem(
                    f"{getattr(self, low):g} is above {good}, {getattr(self, good):g}. Swap or change them.", low
                )
        return self


class Tools(Block):
    """How tools are compared, decided on and watched."""

    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1), AfterValidator(_unique)]
    """Points on which tools are compared, with their weights."""
    normalisation: Literal["min_max", "max", "vector"] = "min_max"
    """How values of different units are made comparable."""
    ratings: dict[str, dict[str, Number]] = Field(default_factory=dict)
    """Judgements of people by criterion and tool id, for criteria that the data does not measure."""
    thresholds: ToolThresholds = ToolThresholds()
    """Values that separate the decisions."""
    active_within_days: Count = 30
    """Days within which a seat must have been used to count as active."""
    notice_horizon_days: Count = 120
    """How many days ahead the renewal calendar shows notice dates."""

    @model_validator(mode="after")
    def _ratings_are_of_criteria(self) -> Self:
        known = [criterion.key for criterion in self.criteria]
        for key in self.ratings:
            if key not in known:
                raise problem(f"`{key}` is not one of the criteria: {', '.join(known)}.", "ratings", key)
        return self
