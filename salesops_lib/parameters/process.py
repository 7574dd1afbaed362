"""``process.yaml``: how sales operations works: mission, people, duties, reviews and good practice."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from salesops_lib.parameters.base import Block, Day, Name

RoleCategory = Literal["strategy", "tech", "operations", "performance"]


class Person(Block):
    """Someone in sales operations or enablement."""

    name: Name
    """Name as people say it."""
    title: str = ""
    """Job title."""
    role_categories: Annotated[tuple[RoleCategory, ...], Field(min_length=1)]
    """Which of the four role categories the person covers."""


class Duty(Block):
    """Something that must be done, and who does it."""

    duty: Name
    """What must be done."""
    who: Name
    """Who does it."""
    backup: str | None = None
    """Who does it when they are away."""


class Responsibilities(Block):
    """Who does what."""

    operations: tuple[Duty, ...] = ()
    """Duties of sales operations."""
    enablement: tuple[Duty, ...] = ()
    """Duties of sales enablement."""


class Review(Block):
    """Something that is looked at again and again."""

    what: Name
    """What is reviewed."""
    every: Literal["week", "month", "quarter", "year"]
    """How often."""
    owner: Name
    """Who calls it."""
    last_done_on: Day | None = None
    """Day it was last done, as quoted ISO text; never where absent."""


class Practice(Block):
    """A practice the company holds to."""

    title: Name
    """The practice in a few words."""
    text: Name
    """What to do and why."""
    source: str = ""
    """Where it comes from."""


class Process(Block):
    """How sales operations works."""

    mission: Name
    """What sales operations is for, in a sentence or two."""
    values: tuple[Name, ...] = ()
    """What it holds to."""
    people: tuple[Person, ...] = ()
    """Who is in it."""
    responsibilities: Responsibilities = Responsibilities()
    """Who does what."""
    review_cadence: tuple[Review, ...] = ()
    """What is reviewed how often."""
    best_practices: tuple[Practice, ...] = ()
    """Practices the company holds to."""
