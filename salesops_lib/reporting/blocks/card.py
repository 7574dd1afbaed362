"""A key figure as a card shows it: value, change, target, its last twelve periods and who owns it.

A frame of figures comes in, one row per card; target, direction, owner and action of a key figure
come from the company's parameters where the frame does not say them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from salesops_lib import wording
from salesops_lib.errors import TableError

if TYPE_CHECKING:
    import pandas as pd

    from salesops_lib.parameters import Parameters

Unit = Literal["amount", "rate", "days", "count", "score"]
REQUIRED = ("key", "label", "value", "unit")
UNITS = ("amount", "rate", "days", "count", "score")


@dataclass(frozen=True)
class Card:
    """One key figure as a card shows it."""

    key: str
    label: str
    value: float | None
    unit: Unit
    change: float | None = None
    change_unit: str = "share"
    """``share`` is a relative change; ``rate`` a change of a rate in points; else in units of the figure."""
    compared_with: str = ""
    target: float | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    direction: str = "none"
    """Which way is good: ``up``, ``down`` or ``none``."""
    series: tuple[float | None, ...] = field(default=())
    owner: str = ""
    action: str = ""
    threshold: float | None = None

    @property
    def shown(self) -> str:
        """The figure as written."""
        return figure(self.value, self.unit)

    @property
    def is_off(self) -> bool:
        """Whether action is due: past the threshold, or the target where there is no threshold."""
        limit = self.target if self.threshold is None else self.threshold
        if self.value is None or limit is None or self.direction not in ("up", "down"):
            return False
        return self.value < limit if self.direction == "up" else self.value > limit

    @property
    def shown_change(self) -> str:
        """The change as written: ``+13.0%``, ``−6.5 pp``, ``+3 days``; empty where there is none."""
        if self.change is None:
            return ""
        if self.change_unit == "share":
            return f"{wording.signed(self.change * 100, 1)}%"
        if self.change_unit == "rate":
            return wording.points(self.change)
        if self.change_unit == "amount":
            return f"{'+' if self.change > 0 else ''}{wording.money(self.change)}"
        if self.change_unit == "days":
            number = wording.signed(round(self.change))
            return f"{number} {'day' if abs(round(self.change)) == 1 else 'days'}"
        return wording.signed(self.change, 1 if self.change_unit == "score" else 0)

    @property
    def judgement(self) -> str:
        """``better`` or ``worse``; empty where no way is good or nothing changed."""
        if self.change is None or self.direction not in ("up", "down") or not any(c in self.shown_change for c in "+−"):
            return ""
        return "better" if (self.change > 0) == (self.direction == "up") else "worse"


def figure(value: float | None, unit: str) -> str:
    """Write a key figure in its unit."""
    if value is None:
        return wording.UNDEFINED
    if unit == "amount":
        return wording.money(value)
    if unit == "rate":
        return wording.percent(value, 1)
    if unit == "days":
        return wording.days(value)
    return wording.number(value, 1 if unit == "score" else 0)


def read_cards(frame: pd.DataFrame, parameters: Parameters, quarter: str) -> list[Card]:
    """Make cards of a frame and of what the company says about its key figures.

    Errors:
        TableError: A required column is absent, or a unit is none of the five.
    """
    missing = [name for name in REQUIRED if name not in frame.columns]
    if missing:
        raise TableError(f"A table of key figures needs {list(REQUIRED)}; this one lacks {missing}.")
    unknown = sorted(set(frame["unit"]) - set(UNITS))
    if unknown:
        raise TableError(f"A key figure's unit is one of {list(UNITS)}; this table has {unknown}.", frame)
    return [_card(row, parameters, quarter) for row in frame.to_dict("records")]


def _card(row: Mapping[Any, Any], parameters: Parameters, quarter: str) -> Card:
    known = parameters.kpis.get(str(row["key"]))
    target = _number(row.get("target"))
    threshold = None
    if known:
        target = target if target is not None else _number(parameters.target(str(row["key"]), quarter))
        threshold = _number(known.threshold)
    return Card(
        key=str(row["key"]),
        label=known.label if known else str(row["label"]),
        value=_number(row["value"]),
        unit=row["unit"],
        change=_number(row.get("change")),
        change_unit=_text(row.get("change_unit")) or "share",
        compared_with=_text(row.get("compared_with")),
        target=target,
        n=None if _number(row.get("n")) is None else int(row["n"]),
        low=_number(row.get("low")),
        high=_number(row.get("high")),
        direction=known.direction if known else _text(row.get("direction")) or "none",
        series=tuple(_number(value) for value in _list(row.get("series"))),
        owner=known.owner if known else "",
        action=known.action if known else "",
        threshold=threshold,
    )


def _number(value: object) -> float | None:
    return None if wording.is_undefined(value) else float(value)  # type: ignore[arg-type]  # a number of any kind


def _text(value: object) -> str:
    return "" if wording.is_undefined(value) else str(value)


def _list(value: object) -> list[object]:
    return list(value) if hasattr(value, "__iter__") and not isinstance(value, str) else []


def card_data(card: Card) -> dict[str, Any]:
    """A card as JSON data, with its figures as numbers and as written."""
    data = asdict(card)
    data["series"] = list(card.series)
    return {
        **data,
        "shown": card.shown,
        "shown_change": card.shown_change,
        "judgement": card.judgement,
        "is_off": card.is_off,
    }
