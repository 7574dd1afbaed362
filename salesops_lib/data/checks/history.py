"""The stage history: what does it tell beside the stage, and what stands where it is silent?"""

from __future__ import annotations

from salesops_lib.data.checks.rules import Import
from salesops_lib.data.marts import MAY_BE_BLANK
from salesops_lib.wording import count, listing

T = "stage_history"

WORDS = {"amount": "amounts", "expected_close_on": "expected close dates", "rep_id": "owners"}


def check_history(imported: Import) -> None:
    """Say once what the history does not tell, and what its blanks are taken for."""
    total = imported.n(T) if imported.has(T) else 0
    if not total:
        return
    filled = {column: imported.n(T, f"r.{column} IS NOT NULL") for column in MAY_BE_BLANK}
    silent = [column for column in MAY_BE_BLANK if not filled[column]]
    if silent:
        imported.report(
            "history",
            "pass",
            T,
            silent[0],
            total,
            f"`{T}` tells no {listing([WORDS[column] for column in silent])}: a report on an earlier day shows "
            "those that each deal has now, and says nothing of how they changed.",
        )
    for column in MAY_BE_BLANK:
        blank = total - filled[column]
        if filled[column] and blank:
            imported.report(
                "history",
                "pass",
                T,
                column,
                blank,
                f"`{T}.{column}`: {count(blank, 'change')} of {total:,} without one; what the deal had before stands.",
            )
