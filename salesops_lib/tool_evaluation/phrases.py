"""What several sentences about tools share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib.wording import Finding

if TYPE_CHECKING:
    pass

NO_TOOLS = Finding("No tool is in use yet", "Nothing had been rolled out by the report's evening.", is_headline=False)
NO_CRITERIA = Finding(
    "The tools are not ranked",
    "A ranking needs tools.yaml with criteria and weights, and a value on each of them for at least one tool.",
    is_headline=False,
)
DUE_DAYS = 14
"""Days given for work without a notice day of its own (our choice)."""
KEEPER = "Sales operations"
"""Who acts where a tool has no owner on record."""


def owner_of(row: dict[Any, Any]) -> str:
    """Who looks after a tool."""
    return str(row["owner"]) if pd.notna(row["owner"]) else KEEPER
