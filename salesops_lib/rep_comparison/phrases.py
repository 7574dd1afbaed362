"""Phrases that several findings share: the window, who answers for something, and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesops_lib import wording
from salesops_lib.wording import Finding

if TYPE_CHECKING:
    import pandas as pd

DUE_IN_SELLING_DAYS = 7
"""Selling days within which the causes before the rep are looked at (our choice)."""
NO_CAUSE = (
    "What goes with winning need not be why: winning may come first, or both from something else. "
    "Try it with some, and compare."
)
NO_LOSSES = "No lost deal is recorded, so win rates cannot be compared"
NO_LEADS = Finding("No leads to compare", "No two reps shared enough leads in the window.", is_headline=False)


def span(rows: pd.DataFrame) -> str:
    """The window of a frame: ``from 1 October 2025 to 30 September 2026``."""
    return f"from {wording.day(rows['from_on'].iloc[0])} to {wording.day(rows['to_on'].iloc[0])}"
