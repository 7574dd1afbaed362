"""What a run has shown so far: what headlines, actions and definitions are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from salesops_lib.reporting.tables.formats import definition_of

if TYPE_CHECKING:
    from salesops_lib.measures.definitions import Definition
    from salesops_lib.reporting.blocks.card import Card
    from salesops_lib.reporting.blocks.headlines import Shown


@dataclass
class SoFar:
    """Findings and key figures in the order shown."""

    findings: list[Shown] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)
    _columns: list[str] = field(default_factory=list)

    def add(self, shown: Shown, columns: Iterable[str]) -> None:
        """Remember a section's finding, and the columns whose meaning a reader may ask for."""
        self.findings.append(shown)
        self._columns += columns

    def add_cards(self, cards: Iterable[Card]) -> None:
        """Remember key figures."""
        added = list(cards)
        self.cards += added
        self._columns += [card.key for card in added]

    def unique(self, name: str) -> str:
        """A name that no other part of this report has."""
        unique, n = name, 1
        while unique in self._names:
            n += 1
            unique = f"{name}_{n}"
        self._names.add(unique)
        return unique

    def definitions(self) -> list[Definition]:
        """What the dictionary of definitions says of all that was shown, each once."""
        found = (definition_of(name) for name in self._columns)
        return list({each.key: each for each in found if each}.values())
