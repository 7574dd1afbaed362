"""Age of open deals: what is too old to come?

Tables in: ``reps`` and ``opportunities``; segments from ``accounts`` where present.
Tables out: one row per segment. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import deals, total
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.winning.cycle.cells import ALL, days_between, longest_won_cycle
from salesops_lib.statistics.sums_and_medians import cell_quantile

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm


@tidy
def age_of_open_deals(crm: Crm) -> pd.DataFrame:
    """Age of the open deals by segment, and how many are older than any deal that was ever won.

    One row over all deals, then one per segment with open deals, the oldest median first; none where no deal is open.

    Args:
        crm: Needs ``reps`` and ``opportunities`` with creation dates.

    Returns:
        segment (str): Segment; all deals in the first row.
        n_open (int): Open deals.
        open_amount (float): Their amounts, where stated.
        n_dated (int): Open deals with a creation date.
        age_days (float): Median days since creation; missing without dates.
        quarter_days (float): A quarter of the open deals are younger than this.
        three_quarters_days (float): A quarter of them are older than this.
        oldest_days (float): Age of the oldest.
        longest_won_days (float): The longest cycle of the company that ever ended in a win.
        n_older (int): Open deals older than that.
        older_amount (float): Their amounts, where stated.
    """
    rows = deals(crm)
    rows = rows.filter(rows.status == "open")
    rows = rows.mutate(age=days_between(rows.created_on, ibis.date(str(crm.as_of))))
    cells = rows.group_by(["segment", "age"]).agg(n=_.count(), amount=total(_.amount))
    cells = crm.fetch(cells.order_by(["segment", "age"]))
    longest = longest_won_cycle(crm)
    groups = [(ALL, cells), *((name, own) for name, own in cells.groupby("segment", sort=True))]
    found = pd.DataFrame([_age_row(str(name), own, longest) for name, own in groups])
    found = found.assign(is_part=found["segment"] != ALL)
    found = found.sort_values(["is_part", "age_days", "segment"], ascending=[True, False, True])
    return found[found["n_open"] > 0]


def _age_row(name: str, cells: pd.DataFrame, longest: int | None) -> dict[str, object]:
    dated = cells.dropna(subset="age")
    age, n = dated["age"].astype(float), dated["n"]
    older = dated[age > longest] if longest is not None else dated.head(0)
    return {
        "segment": name,
        "n_open": int(cells["n"].sum()),
        "open_amount": float(cells["amount"].sum()),
        "n_dated": int(n.sum()),
        "age_days": cell_quantile(age, n, 0.5),
        "quarter_days": cell_quantile(age, n, 0.25),
        "three_quarters_days": cell_quantile(age, n, 0.75),
        "oldest_days": age.max(),
        "longest_won_days": float("nan") if longest is None else float(longest),
        "n_older": int(older["n"].sum()),
        "older_amount": float(older["amount"].sum()),
    }
