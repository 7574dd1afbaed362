"""How often the rep comparison speaks of teams of identical reps, and whom it finds where one truly differs.

``python -m benchmarks.rep_false_alarms [n]`` simulates ``n`` teams (500) of each kind, from counts on: what the engine
would bring. A team raises an alarm if anybody stands out by the rule of the reports: beyond what luck, mix, leads,
process and time in the role explain. It prints Markdown.
"""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import expit

from salesops_lib.rep_comparison.verdicts.adjustment import adjust
from salesops_lib.rep_comparison.verdicts.deal_kinds import DealKinds
from salesops_lib.statistics.differences import false_discovery
from salesops_lib.statistics.factor_cells import cells_of
from salesops_lib.statistics.intervals import exact_interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

FACTORS = {"month": 12, "segment": 4, "product": 5, "tenure": 3, "source": 8}
LEVEL = 0.05
TEAM = 10


@dataclass(frozen=True)
class Team:
    """A kind of team to simulate."""

    name: str
    n_reps: int
    n_deals: int
    is_mixed: bool = False
    """Each rep has a mix of its own, and kinds of deals differ by half a logit."""
    shortfall: float = 0.0
    """How much less the first rep truly wins, on the logit scale."""


TEAMS = (
    Team("identical, 30 x 40", 30, 40),
    Team("identical, 300 x 333", 300, 333),
    Team("mix only, 30 x 40", 30, 40, is_mixed=True),
    Team("mix only, 30 x 150", 30, 150, is_mixed=True),
    Team("one wins 0.6 logits less, 30 x 150", 30, 150, shortfall=0.6),
    Team("one wins 0.6 logits less, 40 x 200, mixed", 40, 200, is_mixed=True, shortfall=0.6),
)


def deals_of(team: Team, rng: np.random.Generator) -> pd.DataFrame:
    """Counts by rep and kind of deal of one team."""
    rep = np.repeat(np.arange(team.n_reps), team.n_deals)
    line = np.where(rep == 0, -team.shortfall, 0.0) - 0.8
    deals: dict[str, Any] = {"rep": rep}
    for name, n in FACTORS.items():
        if team.is_mixed:
            shares = rng.dirichlet(np.ones(n), size=team.n_reps)
            codes = np.concatenate([rng.choice(n, size=team.n_deals, p=own) for own in shares])
            line = line + rng.normal(0, 0.5, n)[codes]
        else:
            codes = rng.integers(0, n, len(rep))
        deals[name] = codes
    table = pd.DataFrame({**deals, "n_won": rng.binomial(1, expit(line)), "n_closed": 1})
    return table.groupby(["rep", *FACTORS], as_index=False)[["n_closed", "n_won"]].sum()


def stands_out(rows: pd.DataFrame, n_reps: int) -> NDArray[np.bool_]:
    """Whom the reports would call different."""
    counts = cells_of(rows["n_won"], rows["n_closed"], rows["rep"], [rows[name] for name in FACTORS], n_reps=n_reps)
    names = [f"{rep:04d}" for rep in range(n_reps)]
    kinds = DealKinds(counts, names, list(FACTORS), (rows["month"] // 3).astype(str))
    teams = pd.Series({name: str(int(name) // TEAM) for name in names})
    return np.asarray(false_discovery(adjust(kinds, teams).rows["p_value"]) <= LEVEL)


def main(n: int = 500) -> None:
    """Print alarms and finds by kind of team."""
    warnings.simplefilter("ignore")
    print("| team | teams | with a false name | 95% interval | the one found |\n|---|---|---|---|---|")
    for team in TEAMS:
        rng = np.random.default_rng(2026)
        found = np.array([stands_out(deals_of(team, rng), team.n_reps) for _ in range(n)])
        false = int((found[:, 1:] if team.shortfall else found).any(axis=1).sum())
        low, high = exact_interval(false, n, confidence=0.95)
        hit = f"{found[:, 0].mean():.0%}" if team.shortfall else ""
        print(f"| {team.name} | {n} | {false / n:.1%} | {low:.1%} to {high:.1%} | {hit} |", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
