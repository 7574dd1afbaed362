"""How often each family of findings speaks where there is nothing to find.

``python -m benchmarks.false_alarms [n] [first] [family ...]`` draws ``n`` companies without any planted effect
(12 people in sales; seasons, growth, joiners and leavers stay), makes the report on September 2026 of each, and
counts the companies for which a family finds anything at all. Each should stay near or below 5 in 100.
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

from salesops_lib import performance_visibility as area
from salesops_lib.data.demo import AS_OF, NO_TRUTHS, simulate_company
from salesops_lib.data.loading import crm_from_tables
from salesops_lib.parameters import read_parameters

N_REPS = 12
MONTH = "2026-09"


@dataclass(frozen=True)
class Family:
    """One kind of finding: the table it comes from and whether the table claims anything."""

    metric: str
    claims: Callable[[pd.DataFrame], bool]


def any_of(column: str, rows: pd.DataFrame) -> bool:
    """Whether any row carries the mark."""
    return bool(rows[column].fillna(False).astype(bool).any())


FAMILIES = (
    Family("adherence_by_rep", partial(any_of, "is_different")),
    Family("bookings_change", partial(any_of, "is_beyond_chance")),
    Family("bookings_change_by_rep", partial(any_of, "is_beyond_chance")),
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


def company_without_truths(seed: int, parameters: Any) -> Any:
    """The ``Crm`` of one such company on the evening of the report."""
    crm = crm_from_tables(
        simulate_company(seed=seed, n_reps=N_REPS, truths=NO_TRUTHS),
        as_of=AS_OF,
        calendar=parameters.calendar,
        open_stages=[stage.name for stage in parameters.company.stages],
    )
    return crm.at(crm.calendar.period(MONTH).end)


def claims_of(seed: int, parameters: Any, families: Sequence[Family]) -> set[str]:
    """Those of the families that find something in the company of a seed."""
    crm = company_without_truths(seed, parameters)
    period = crm.calendar.period(MONTH)
    return {each.metric for each in families if each.claims(getattr(area, each.metric)(crm, period=period))}


def main(n: int = 200, first: int = 1000, names: Sequence[str] = ()) -> None:
    """Print the share of companies with a claim, by family, with its interval; all families unless some are named."""
    from salesops_lib.measures import exact_interval

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
        low, high = exact_interval(found[each.metric], n)
        print(f"| {each.metric} | {found[each.metric]} | {found[each.metric] / n:.1%} | {low:.1%} to {high:.1%} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), names=sys.argv[3:])
