"""People: who is employed in a period, and who of them sells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pandas as pd

from salesops_lib.measures.managers import manager_ids
from salesops_lib.periods import Period

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm


def employed_reps(crm: Crm, chosen: Period) -> pd.DataFrame:
    """All reps by key: ``rep_id``, ``name``; ``is_manager``; ``is_seller``: employed in the period and no manager."""
    reps = crm.reps
    day = min(crm.as_of, chosen.end)
    is_employed = (reps.started_on.isnull() | (reps.started_on <= ibis.date(str(day)))) & (
        reps.ended_on.isnull() | (reps.ended_on >= ibis.date(str(chosen.start)))
    )
    rows = crm.fetch(reps.select("rep_id", "name", is_employed=is_employed).order_by("rep_id"))
    is_manager = rows["rep_id"].isin(manager_ids(crm))
    return rows.drop(columns="is_employed").assign(is_manager=is_manager, is_seller=rows["is_employed"] & ~is_manager)
