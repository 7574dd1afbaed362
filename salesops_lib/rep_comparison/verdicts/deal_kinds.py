"""Kinds of deals: what was known of each closed deal that may make it easier or harder to win, whoever has it.

Tables in: ``opportunities``; ``accounts``, ``leads`` and the reps' first days where present. Tables out: counts by
rep and kind of deal, and the factors that tell kinds apart, in the order in which causes are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures import closed_in, deals, how_many, quantiles
from salesops_lib.measures.fiscal import with_fiscal
from salesops_lib.statistics.factor_cells import FactorCells, cells_of
from salesops_lib.wording import listing

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from numpy.typing import NDArray

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

CAUSES = {
    "months": ("month",),
    "mix": ("segment", "product", "kind", "region", "account_size"),
    "leads": ("source", "lead_score"),
    "tenure": ("tenure",),
}
"""Factors by what they stand for."""
FEWEST_REPS = 3
"""Reps whose deals a level needs; a level that is one person's own would explain that person away."""
FEWEST_DEALS = 20
MOST_LEVELS = 40
MOST_CELLS = 250_000
"""Above so many cells the factor with most levels is left out: the fit is to stay a matter of a second."""
OTHER = ""
TENURE_MONTHS = (3, 6, 12, 24)
_MONTH_DAYS = 30.4375


@dataclass(frozen=True)
class DealKinds:
    """Counts by rep and kind of deal."""

    cells: FactorCells
    rep_ids: list[str]
    factors: list[str]
    """Names of the factors, in the order of ``cells.factors``."""
    quarters: pd.Series[str]
    """Fiscal quarter of closing of each cell."""

    def places(self, *causes: str) -> list[int]:
        """Places of the factors that stand for these causes."""
        wanted = {name for cause in causes for name in CAUSES[cause]}
        return [place for place, name in enumerate(self.factors) if name in wanted]


def deal_kinds(crm: Crm, window: Period) -> DealKinds:
    """Count the deals closed in the window by rep and kind.

    A factor that is missing throughout is left out; a level with fewer than twenty deals, or of fewer than three reps,
    is taken together with the other such levels. Source is told apart by quarter of closing, as leads change.
    """
    rows = _described(crm, window)
    names = [name for cause in CAUSES.values() for name in cause if name in rows.columns]
    counts = rows.group_by(["rep_id", "quarter", *names]).agg(n_closed=_.count(), n_won=how_many(_.status == "won"))
    names = _affordable(crm, counts, names)
    keys = ["rep_id", "quarter", *names]
    table = crm.fetch(counts.group_by(keys).agg(n_closed=_.n_closed.sum(), n_won=_.n_won.sum()).order_by(keys))
    if "source" in names:
        table = table.assign(source=table["source"].where(table["source"] == OTHER, table["source"] + table["quarter"]))
    reps, rep = np.unique(table["rep_id"].to_numpy(str), return_inverse=True)
    table = table.astype(dict.fromkeys(names, "category")).assign(rep=rep)
    codes = {name: _codes(table, name) for name in names}
    codes = {name: each for name, each in codes.items() if each.max(initial=0) > 0}
    cells = cells_of(table["n_won"], table["n_closed"], rep, list(codes.values()), n_reps=len(reps))
    return DealKinds(cells, reps.tolist(), list(codes), table["quarter"])


def _described(crm: Crm, window: Period) -> ir.Table:
    """Deals closed in the window with month, quarter and every factor that the data holds, empty where missing."""
    rows = with_fiscal(crm, closed_in(deals(crm), window), "closed_on", month="month", quarter="quarter")
    reps = crm.reps.select(seller=_.rep_id, seller_since=_.started_on)
    rows = rows.left_join(reps, rows.rep_id == reps.seller).drop("seller")
    in_seat = rows.created_on.delta(rows.seller_since, unit="day").cast("float64") / _MONTH_DAYS
    rows = rows.mutate(tenure=_band(in_seat, TENURE_MONTHS))
    if crm.has("accounts"):
        sizes = crm.accounts.select(sized_account=_.account_id, employees=_.size.cast("float64"))
        rows = rows.left_join(sizes, rows.account_id == sizes.sized_account).drop("sized_account")
        rows = rows.mutate(account_size=_band(rows.employees, _thirds(crm, rows, "employees")))
    if crm.has("leads"):
        leads = crm.leads.filter(_.converted_opportunity_id.notnull())
        scores = leads.group_by(scored_deal=leads.converted_opportunity_id).agg(score=_.score.max())
        rows = rows.left_join(scores, rows.opportunity_id == scores.scored_deal).drop("scored_deal")
        rows = rows.mutate(lead_score=_band(rows.score, _thirds(crm, rows, "score")))
    texts = [name for name in ("segment", "product", "kind", "region", "source") if name in rows.columns]
    return rows.mutate(**{name: rows[name].cast("string").fill_null(OTHER) for name in texts})


def _thirds(crm: Crm, rows: ir.Table, column: str) -> tuple[float, ...]:
    """The two values that cut a column in thirds; none where it is missing throughout."""
    ends = crm.fetch(quantiles(rows, column, shares=(1 / 3, 2 / 3)).drop("n"))
    found = [float(value) for value in ends.to_numpy(dtype=float).ravel() if not np.isnan(value)]
    return tuple(dict.fromkeys(found))


def _band(value: ir.Value, ends: tuple[float, ...]) -> ir.Value:
    """The place of a value among the ends, as text; empty where it is missing."""
    band = ibis.literal(0)
    for end in ends:
        band = band + ibis.ifelse(value >= end, 1, 0)
    return ibis.ifelse(value.isnull(), OTHER, band.cast("string"))


def _affordable(crm: Crm, counts: ir.Table, names: list[str]) -> list[str]:
    """The factors that keep the number of cells in bounds; those with most levels go first, the month never."""
    levels = crm.fetch(counts.agg(**{name: counts[name].nunique() for name in names})).iloc[0]
    while len(names) > 1:
        cells = counts.select("rep_id", "quarter", *names).distinct()
        if crm.fetch(cells.agg(n=cells.count()))["n"].iloc[0] <= MOST_CELLS:
            break
        most = max((name for name in names if name != "month"), key=lambda name: levels[name])
        names = [name for name in names if name != most]
    return names


def _codes(table: pd.DataFrame, name: str) -> NDArray[np.intp]:
    """Levels as numbers, the commonest 0; rare ones, and those of few reps, together."""
    sums = table.groupby(name, observed=True).agg(n=("n_closed", "sum"), reps=("rep", "nunique"))
    is_kept = (sums["n"] >= FEWEST_DEALS) & (sums["reps"] >= FEWEST_REPS)
    kept = sums[is_kept].sort_values("n", ascending=False, kind="stable").index[:MOST_LEVELS]
    place = {level: code for code, level in enumerate(kept)}
    rare = table[~table[name].isin(place)]
    # Rare levels together must be no one person's own either; else they are taken with the commonest.
    is_level = rare["n_closed"].sum() >= FEWEST_DEALS and rare["rep"].nunique() >= FEWEST_REPS
    code = table[name].map(place).astype(float).fillna(len(place) if is_level else 0)
    return np.asarray(code, dtype=np.intp)


def held_alike(factors: list[str]) -> str:
    """Factors in words, for readers: ``months, segments, products and sources``."""
    known = [name for cause in CAUSES.values() for name in cause if name in factors]
    names = {
        "account_size": "sizes of account", "lead_score": "scores of leads", "tenure": "time in the role",
        "month": "months", "segment": "segments", "product": "products", "kind": "kinds", "region": "regions",
        "source": "sources",
    }  # fmt: skip
    return listing([names[name] for name in known], most=len(known))
