"""Who does what, and by when: makes an action of what a finding asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from salesops_lib.parameters.kpi_defaults import DEFAULT_KPIS
from salesops_lib.wording import Action, count

if TYPE_CHECKING:
    from salesops_lib.parameters.folder import Parameters
    from salesops_lib.periods import FiscalCalendar

MEND_WITHIN = 10
"""Selling days that the owner of a key figure has once it is off (our choice)."""


@dataclass(frozen=True)
class Duties:
    """The duties that follow from a report: each key figure has one owner, and time is counted in selling days."""

    parameters: Parameters
    as_of: date
    """The evening of the report."""

    def action(self, what: str, *, kpi: str, within: int, rule: str) -> Action:
        """What whoever answers for a key figure should do.

        Args:
            what: What to do, as a sentence.
            kpi: The key figure whose owner acts.
            within: Selling days until it is due.
            rule: The rule that derived it, in words the reader can look up.
        """
        return Action(what, self.owner(kpi), self.due(within), rule)

    @property
    def calendar(self) -> FiscalCalendar:
        """The company's fiscal calendar."""
        return self.parameters.calendar

    def mend(self, label: str, *, what: str, owner: str) -> Action:
        """What the owner of a key figure that is off has agreed to do.

        Args:
            label: The key figure's name.
            what: The action agreed for when it is off.
            owner: Who answers for it.
        """
        rule = f"{label} is past its threshold; its owner has {count(MEND_WITHIN, 'selling day')}."
        return Action(what, owner, self.due(MEND_WITHIN), rule)

    def owner(self, kpi: str) -> str:
        """Who answers for a key figure: whom the company names, or else the role that usually does."""
        return self.parameters.kpis[kpi].owner

    def due(self, within: int) -> date:
        """The day on which so many selling days are over."""
        return self.calendar.after_selling_days(self.as_of, within)

    def threshold(self, kpi: str, otherwise: float = 0.0) -> float:
        """The value at which action on a key figure is due: the company's, or else the usual one, or else ours."""
        stated = (self.parameters.kpis[kpi].threshold, DEFAULT_KPIS[kpi].threshold)
        return next((value for value in stated if value is not None), otherwise)
