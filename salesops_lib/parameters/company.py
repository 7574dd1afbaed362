"""``company.yaml``: what rarely changes about a company."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from salesops_lib.parameters.base import (
    Block,
    Count,
    CurrencyCode,
    Day,
    Name,
    Number,
    Rate,
    Share,
    TimeZone,
    Whole,
    problem,
)
from salesops_lib.parameters.rep_comparison import RepComparison
from salesops_lib.parameters.source import DatabaseSource, DemoSource, FilesSource

Layout = Literal["month", "4-4-5", "4-5-4", "5-4-4"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Calendar(Block):
    """The fiscal calendar and the days on which nobody sells."""

    layout: Layout = "month"
    """Calendar months, or whole weeks per month of a quarter."""
    start_month: Annotated[Whole, Field(ge=1, le=12)] = 1
    """Month in which the fiscal year starts, 1 to 12."""
    week_starts_on: Weekday = "monday"
    """First day of the week."""
    year_named_by: Literal["end", "start"] = "end"
    """Whether a fiscal year carries the number of the calendar year it ends or starts in."""
    holidays: tuple[Day, ...] = ()
    """Days that are not selling days, as quoted ISO dates; weekends need not be listed."""


class Stage(Block):
    """One open stage of the sales process."""

    name: Name
    """Name of the stage as the data has it."""
    meaning: str = ""
    """What being in the stage means, in a sentence."""
    entry: tuple[Name, ...] = ()
    """What must hold before a deal enters the stage."""
    exit: tuple[Name, ...] = ()
    """What must hold before a deal leaves the stage for the next."""


def _stages(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    for place, stage in enumerate(stages):
        if stage.name.casefold() in ("won", "lost"):
            raise problem(
                f"`{stage.name}` is how a deal ends, not a stage. "
                "Take it out: `status` says which deals are won or lost.",
                place,
                "name",
            )
    for name, n in Counter(stage.name for stage in stages).items():
        if n > 1:
            last = max(place for place, stage in enumerate(stages) if stage.name == name)
            raise problem(f"the stage `{name}` stands {n} times. Keep one.", last, "name")
    return stages


class Kpi(Block):
    """One key figure that the company steers by."""

    label: Name
    """Name as people say it."""
    meaning: str = ""
    """What it tells, in a sentence; the exact definition is the report's."""
    owner: Name
    """Who answers for it."""
    target: Number | None = None
    """Where it should be, in its own unit; rates 0 to 1. A quarter may state another."""
    direction: Literal["up", "down", "none"] = "up"
    """Which way is good."""
    threshold: Number | None = None
    """Value at which action is due, on the wrong side of the target."""
    action: str = ""
    """What to do when it is past the threshold."""

    @model_validator(mode="after")
    def _threshold_is_worse_than_target(self) -> Self:
        if self.target is not None and self.threshold is not None and self.direction != "none":
            lies, good = ("above", "up") if self.direction == "up" else ("below", "down")
            excess = self.threshold - self.target
            if excess > 0 if self.direction == "up" else excess < 0:
                raise problem(
                    f"{self.threshold:g} is {lies} the target, {self.target:g}, although {good} is good. "
                    "Swap them, or change `direction`.",
                    "threshold",
                )
        return self


class GoalRules(Block):
    """How goals are spread over time, and what a full quota means for those who join, leave or ramp up."""

    phasing: Literal["selling_days", "last_year", "even"] = "selling_days"
    """How a goal grows over its period: by selling days, by last year's bookings month by month, or evenly by days."""
    prorate: bool = False
    """True where a rep's quota is stated for the whole period: it is cut to the days employed."""
    ramp: tuple[Share, ...] = ()
    """Share of the full quota in a joiner's first month, second month and so on; full after them."""


class ReportChoices(Block):
    """Choices that hold for every report."""

    min_closed: Count = 20
    """Fewest closed deals before a rep is judged."""
    confidence: Annotated[Number, Field(gt=0, lt=1)] = 0.95
    """Coverage of every interval, between 0 and 1."""
    stale_after_days: Count = 7
    """Days without any change in the data after which the extract counts as stale."""


class Company(Block):
    """The company: its source of data, calendar, money, sales process and key figures."""

    name: Name
    """Name of the company, as reports title it."""
    currency: CurrencyCode
    """The report currency, as its three-letter code."""
    time_zone: TimeZone
    """Time zone in which a day begins and ends, for instance America/Chicago."""
    calendar: Calendar = Calendar()
    """The fiscal calendar; plain calendar months where absent."""
    source: Annotated[DemoSource | FilesSource | DatabaseSource, Field(discriminator="kind")]
    """Where the data comes from."""
    rates: dict[CurrencyCode, Rate] = Field(default_factory=dict)
    """What one unit of another currency is worth in the report currency."""
    stages: Annotated[tuple[Stage, ...], AfterValidator(_stages)] = ()
    """The open stages of the sales process, in order."""
    teams: dict[str, Name] = Field(default_factory=dict)
    """Names of the teams by team id, where the data has none or others."""
    kpis: dict[str, Kpi] = Field(default_factory=dict)
    """Key figures by key, in the order in which reports show them."""
    goals: GoalRules = GoalRules()
    """How goals are phased, prorated and ramped up."""
    rep_comparison: RepComparison = RepComparison()
    """How leads are meant to be shared, and who stands on the leaderboard."""
    plan: str | None = None
    """Compensation plan in force where a quarter names none."""
    report: ReportChoices = ReportChoices()
    """Choices that hold for every report."""
    anonymise: bool = False
    """Whether codes stand in the place of people in all that is written; accounts keep their names."""
