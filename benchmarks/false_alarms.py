"""How often each family of findings speaks where there is nothing to find.

``python -m benchmarks.false_alarms [n] [first] [family ...]`` draws ``n`` companies without any planted effect
(12 people in sales; seasons, growth, joiners and leavers stay), makes the report on September 2026 of each, and
counts the companies for which a family finds anything at all. Each should stay near or below 5 in 100.

Growth, joiners and leavers do move bookings, so that whatever speaks of their change is given companies whose deals
of the two years compared were dealt out to them by the toss of a coin.
"""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from salesops_lib import performance_visibility as area
from salesops_lib.data.demo import AS_OF, NO_TRUTHS, simulate_company
from salesops_lib.data.loading import crm_from_tables
from salesops_lib.parameters import read_parameters

N_REPS = 12
MONTH = "2026-09"
QUARTERS = ("2026Q3", "2025Q3")
"""That month's quarter and the one it is held against."""


@dataclass(frozen=True)
class Family:
    """One kind of finding: the table it comes from and whether the table claims anything."""

    metric: str
    claims: Callable[[pd.DataFrame], bool]
    is_about_bookings: bool = False
    """Growth alone would make it speak."""


def any_of(column: str, rows: pd.DataFrame) -> bool:
    """Whether any row carries the mark."""
    return bool(rows[column].fillna(False).astype(bool).any())


FAMILIES = (
    Family("adherence_by_rep", partial(any_of, "is_different")),
    Family("bookings_change", partial(any_of, "is_beyond_chance"), is_about_bookings=True),
    Family("bookings_change_by_rep", partial(any_of, "is_beyond_chance"), is_about_bookings=True),
    Family("customer_cohorts", partial(any_of, "is_leaving_faster")),
    Family("cycle_by_segment", partial(any_of, "is_changed")),
    Family("lead_cohorts", partial(any_of, "is_changed")),
    Family("lead_red_flag", partial(any_of, "is_fallen")),
    Family("lead_steps", partial(any_of, "is_fallen")),
    Family("leads_by_source", partial(any_of, "is_slower")),
    Family("push_rate_by_quarter", partial(any_of, "is_changed")),
    Family("pushes_by_rep", partial(any_of, "is_above_company")),
    Family("satisfaction_by_team", partial(any_of, "is_different")),
    Family("selling_and_keeping", partial(any_of, "is_losing_more")),
    Family("stage_change", partial(any_of, "is_changed")),
    Family("stage_time", partial(any_of, "is_changed")),
    Family("time_to_win", partial(any_of, "is_changed")),
)


def company_of(tables: Any, parameters: Any) -> Any:
    """The ``Crm`` of such a company on the evening of the report."""
    crm = crm_from_tables(
        tables,
        as_of=AS_OF,
        calendar=parameters.calendar,
        open_stages=[stage.name for stage in parameters.company.stages],
    )
    return crm.at(crm.calendar.period(MONTH).end)


def without_growth(tables: Any, seed: int) -> dict[str, Any]:
    """The tables that bookings come from; each deal of either quarter compared falls on either by a coin."""
    kept = {name: tables[name] for name in ("reps", "teams", "team_members", "accounts", "credits")}
    deals = tables["opportunities"].to_pandas()
    day = pd.to_datetime(deals["closed_on"])
    goes_on = np.random.default_rng(seed).random(len(deals)) < 0.5
    later, earlier = (day.dt.to_period("Q").astype(str) == quarter for quarter in QUARTERS)
    moved = day.mask(later & ~goes_on, day - pd.DateOffset(years=1))
    moved = moved.mask(earlier & goes_on, day + pd.DateOffset(years=1))
    deals = deals.assign(closed_on=moved.dt.date.astype(object).where(moved.notna(), None), created_on=None)
    schema = tables["opportunities"].schema
    return kept | {"opportunities": pa.Table.from_pandas(deals, schema=schema, preserve_index=False)}


def claims_of(seed: int, parameters: Any, families: Sequence[Family]) -> set[str]:
    """Those of the families that find something in the company of a seed."""
    tables = simulate_company(seed=seed, n_reps=N_REPS, truths=NO_TRUTHS)
    found = set()
    for is_about_bookings in (False, True):
        asked = [each for each in families if each.is_about_bookings == is_about_bookings]
        if asked:
            crm = company_of(without_growth(tables, seed) if is_about_bookings else tables, parameters)
            period = crm.calendar.period(MONTH)
            found |= {each.metric for each in asked if each.claims(getattr(area, each.metric)(crm, period=period))}
    return found


def main(n: int = 200, first: int = 1000, names: Sequence[str] = ()) -> None:
    """Print the share of companies with a claim, by family, with its interval; all families unless some are named."""
    from salesops_lib.statistics.intervals import exact_interval

    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    parameters = read_parameters(Path(__file__).parents[1] / "parameters")
    families = [each for each in FAMILIES if not names or each.metric in names]
    found: Counter[str] = Counter()
    for seed in range(first, first + n):
        found.update(claims_of(seed, parameters, families))
        print(f"\r{seed - first + 1} of {n}", end="", file=sys.stderr, flush=True)
    print(f"\n| family | claims in {n} companies | share | 95% interval |\n|---|---|---|---|")
    for each in families:
        low, high = exact_interval(found[each.metric], n, confidence=0.95)
        print(f"| {each.metric} | {found[each.metric]} | {found[each.metric] / n:.1%} | {low:.1%} to {high:.1%} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), names=sys.argv[3:])
