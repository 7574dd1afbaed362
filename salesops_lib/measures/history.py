"""What the company's stage history tells: an optional column may be absent or blank throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesops_lib.data.marts import MAY_BE_BLANK, blank_counts

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm


def recorded_in_history(crm: Crm) -> set[str]:
    """Columns that the history of open deals tells; none without a ``stage_history``.

    What it does not tell stands as last seen, so nothing can be said of how it changed.
    """
    if not crm.has("stage_history"):
        return set()
    changes = crm.stage_history
    changes = changes.filter(changes.stage.isin(crm.stages)) if crm.stages else changes
    counts = crm.fetch(blank_counts(changes)).iloc[0]
    return {name for name in MAY_BE_BLANK if counts[name]}
