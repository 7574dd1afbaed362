"""``2026-Q3.yaml``: what a quarter changes."""

from __future__ import annotations

from pydantic import Field

from salesops_lib.parameters.base import Block, Money, Number, QuarterLabel


class Quotas(Block):
    """Goals for bookings in the quarter, in the report currency."""

    company: Money | None = None
    """The company's goal; the sum of the teams' where absent."""
    teams: dict[str, Money] = Field(default_factory=dict)
    """Goal by team id; the sum of the members' where absent."""
    reps: dict[str, Money] = Field(default_factory=dict)
    """Goal by rep id."""


class Quarter(Block):
    """One fiscal quarter: goals, the plan in force, targets and what people say about it."""

    quarter: QuarterLabel
    """The fiscal quarter, like 2026-Q3; the file carries the same name."""
    quotas: Quotas = Quotas()
    """Goals for bookings. Goals may come as the data table `quotas` instead, not twice."""
    plan: str | None = None
    """Compensation plan in force: the name of a file in plans/, without .yaml."""
    targets: dict[str, Number] = Field(default_factory=dict)
    """Targets of key figures that differ from company.yaml this quarter."""
    commentary: dict[str, str] = Field(default_factory=dict)
    """Words of a person beside a section, by the section's name."""
