"""Published worked examples with their results: judges that nobody here could have bent."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

REFERENCE = Path(__file__).parent / "reference"

File = Literal["comp", "kpi", "statistics", "tool_decision"]


def published(file: File, part: str = "examples", *, is_exact: bool = False) -> list[dict[str, Any]]:
    """The examples of a file.

    Args:
        file: Which file.
        part: Which of its lists.
        is_exact: Numbers with a point as decimals, as money is counted.
    """
    text = (REFERENCE / f"{file}_examples.json").read_text(encoding="utf-8")
    read: dict[str, list[dict[str, Any]]] = json.loads(text, parse_float=Decimal if is_exact else None)
    return read[part]


def example(file: File, key: str, part: str = "examples") -> dict[str, Any]:
    """The example of an id."""
    return next(each for each in published(file, part) if each["id"] == key)
