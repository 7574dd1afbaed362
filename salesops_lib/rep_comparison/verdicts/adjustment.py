"""Adjustment: a rep's wins against those to expect, as one cause after another is taken into account.

The order is that of the definitions: months (with luck), mix of deals, leads, the team's process, tenure. What each
takes away or adds is counted in deals, so that all of it and the rest add up to the difference a rep shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.statistics.funnel_limits import Dispersion, dispersion
from salesops_lib.statistics.mixed_logit import MixedLogit, fit_mixed_logit
from salesops_lib.statistics.power import widened

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from salesops_lib.rep_comparison.verdicts.deal_kinds import DealKinds

    Floats = NDArray[np.float64]

PARTS = ("mix", "leads", "process", "tenure")
"""Causes between luck and the rep, in the order in which they are looked at."""
PRIOR_WINS = 20.0
"""Expected wins added to a team's wins and expected wins alike, so that a small team says little (our choice)."""


MOST_USUAL = 0.3
"""Largest spread between reps, in logits, that passes for usual (our choice): at a common rate of 30 % two in three
then win 24 to 37 %."""


@dataclass(frozen=True)
class Adjustment:
    """Wins expected of each rep, by key in the data."""

    rows: pd.DataFrame
    """``closed``, ``won``, ``expected`` (same months), one column per part, ``expected_adjusted``, ``variance``,
    ``z_score``, ``inflation`` and ``p_value``, two-sided."""
    model: MixedLogit | None
    """Missing where nothing was closed."""
    usual: Dispersion


_ROWS = (
    "closed", "won", "expected", *PARTS, "expected_adjusted", "variance", "z_score", "inflation", "p_value",
)  # fmt: skip


def adjust(kinds: DealKinds, team_of: pd.Series[str]) -> Adjustment:
    """Work out what each cause explains of each rep's wins, and how surprising the rest is.

    Args:
        kinds: Counts by rep and kind of deal.
        team_of: Team of each rep; empty without one.

    Source:
        Expected wins by a logit with random intercepts (Laplace); variance less what the fit takes up; skewness by
        Cornish and Fisher (1937); usual spread between reps after Spiegelhalter (2005).
    """
    cells = kinds.cells
    if not kinds.rep_ids:
        return Adjustment(pd.DataFrame(columns=list(_ROWS), dtype=float), None, Dispersion(float("nan"), 0.0))
    model = fit_mixed_logit(cells)
    steps = [("months",), ("months", "mix"), ("months", "mix", "leads"), ("months", "mix", "leads", "tenure")]
    months, mix, leads, tenure = (cells.closed * model.expected_rate(kinds.places(*step)) for step in steps)
    ratio, doubt = _of_their_team(kinds, tenure, team_of)
    expected = np.minimum(tenure * ratio, 0.99 * cells.closed)
    by_rep = cells.by_rep
    rows = pd.DataFrame(
        {
            "closed": by_rep(cells.closed), "won": by_rep(cells.won), "expected": by_rep(months),
            "mix": by_rep(mix - months), "leads": by_rep(leads - mix), "process": by_rep(leads * (ratio - 1)),
            "tenure": by_rep(expected - leads * ratio), "expected_adjusted": by_rep(expected),
        },
        index=kinds.rep_ids,
    )  # fmt: skip
    rate = expected / np.maximum(cells.closed, 1e-12)
    weight = cells.closed * rate * (1 - rate)
    variance = np.maximum(by_rep(weight) - _taken_up(model, weight), 0.0) + doubt
    return _judged(rows, variance, by_rep(weight * (1 - 2 * rate)), model)


def most_usual(won: pd.Series[float], closed: pd.Series[float]) -> float:
    """The largest usual spread between reps on the scale of rates, at the rate that they have together."""
    rate = float(won.sum() / closed.sum()) if closed.sum() else 0.0
    return MOST_USUAL * rate * (1 - rate)


def _of_their_team(kinds: DealKinds, expected: Floats, team_of: pd.Series[str]) -> tuple[Floats, Floats]:
    """Won / expected of colleagues in the same team and quarter, per cell; and the doubt that leaves, per rep."""
    cells = kinds.cells
    teams = np.array([team_of.get(each, "") for each in kinds.rep_ids], dtype=object)
    table = pd.DataFrame(
        {
            "rep": cells.rep, "team": teams[cells.rep],
            "quarter": kinds.quarters.to_numpy(), "won": cells.won, "expected": expected,
        }
    )  # fmt: skip
    sums = ["won", "expected"]
    team = table.groupby(["team", "quarter"])[sums].transform("sum")
    others = team - table.groupby(["rep", "team", "quarter"])[sums].transform("sum")
    others = others.where(table["team"] != "", 0.0).clip(lower=0.0)
    ratio = ((others["won"] + PRIOR_WINS) / (others["expected"] + PRIOR_WINS)).to_numpy()
    own = table.groupby(["rep", "team", "quarter"])["expected"].sum()
    error = (others["expected"] / (others["expected"] + PRIOR_WINS) ** 2).groupby(
        [table["rep"], table["team"], table["quarter"]]
    )
    doubt = (own**2 * error.first()).groupby("rep").sum().reindex(range(cells.n_reps)).fillna(0.0)
    return ratio, doubt.to_numpy()


def _taken_up(model: MixedLogit, weight: Floats) -> Floats:
    """Variance of each rep's wins that the fit itself follows, as the rep's deals are among those it is made from."""
    cells = model.cells
    shared = cells.gather_by_rep(weight)
    information = cells.cross(weight) + np.eye(cells.width) * 1e-6
    return np.asarray((shared * np.linalg.solve(information, shared.T).T).sum(axis=1))


def _judged(rows: pd.DataFrame, variance: Floats, third: Floats, model: MixedLogit) -> Adjustment:
    from scipy.stats import norm

    deviation = np.sqrt(np.where(variance > 1e-9, variance, np.nan))
    away = (rows["won"] - rows["expected_adjusted"]).to_numpy()
    # A whole deal is the least that can change: half of one is taken off.
    z = np.sign(away) * np.maximum(np.abs(away) - 0.5, 0.0) / deviation
    skew = third / deviation**3
    straight = z - skew * (z**2 - 1) / 6
    # Near the middle the correction may turn the sign; there is nothing to judge there.
    p_value = np.where(np.abs(z) < 1, 2 * norm.sf(np.abs(z)), 2 * norm.sf(np.abs(straight)))
    error = deviation / rows["closed"].to_numpy()
    usual = dispersion(away / deviation, np.nan_to_num(error), most=most_usual(rows["won"], rows["closed"]))
    inflation = np.nan_to_num(np.sqrt(1 + usual.tau**2 / error**2), nan=1.0)
    return Adjustment(
        rows.assign(variance=variance, z_score=z, inflation=inflation, p_value=widened(p_value, inflation)),
        model,
        usual,
    )
