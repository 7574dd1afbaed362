"""Teams to compare: deals with given counts, and simulated teams of equals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from salesops_lib.parameters.rep_comparison import RepComparison
from tests.builders import CALENDAR

SEPTEMBER = CALENDAR.period("2026-09")


def declaring(parameters, **blocks):
    """The parameters with a block ``rep_comparison`` of these."""
    update = {"rep_comparison": RepComparison.model_validate(blocks)}
    return replace(parameters, company=parameters.company.model_copy(update=update))


def closed_deals(rep, day, won, lost, amount=1000, **more):
    """Deals of one rep closed on one day."""
    base = {"rep_id": rep, "closed_on": day, "amount": amount, **more}
    return [base | {"status": status} for status, n in (("won", won), ("lost", lost)) for _ in range(n)]


def numbered(deals):
    """The same deals with ids of their own, so that their order may change."""
    return [deal | {"opportunity_id": f"o{place:04d}"} for place, deal in enumerate(deals)]


def team_cells(rng, n_reps, n_deals, rates=(0.3,), odds=None):
    """One row per rep and cell: every rep closes the same number of deals, shared evenly over the cells.

    Args:
        rng: Random numbers.
        n_reps: Reps.
        n_deals: Deals of each.
        rates: The team's win rate in each cell.
        odds: Factor on the first rep's rate; none differs if absent.
    """
    parts = []
    for cell, rate in enumerate(rates):
        n = np.full(n_reps, n_deals // len(rates))
        true = np.full(n_reps, rate)
        if odds is not None:
            true[0] *= odds
        won = rng.binomial(n, true)
        reps = [f"r{rep:03d}" for rep in range(n_reps)]
        parts.append(pd.DataFrame({"rep_id": reps, "cell": cell, "n_closed": n, "n_won": won}))
    return pd.concat(parts, ignore_index=True)
