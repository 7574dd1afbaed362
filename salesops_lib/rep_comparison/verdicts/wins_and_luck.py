"""Where each rep stands: deals, wins, the wins that the team would have had, and what luck makes of the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.rep_comparison.cells import MONTH, closed_cells, rate_of
from salesops_lib.rep_comparison.people import compared, people, window_to
from salesops_lib.rep_comparison.verdicts.adjustment import PARTS, adjust, most_usual
from salesops_lib.rep_comparison.verdicts.deal_kinds import deal_kinds
from salesops_lib.rep_comparison.vocabulary import ABOVE, BELOW, SAME, TOO_FEW
from salesops_lib.statistics.differences import false_discovery
from salesops_lib.statistics.funnel_limits import Dispersion, dispersion
from salesops_lib.statistics.luck import Odds, odds_of
from salesops_lib.statistics.power import widened

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

CAUSE_NAMES = {"mix": "mix of deals", "leads": "leads", "process": "process of the team", "tenure": "time in the role"}
NO_ONE_CAUSE = "these together"


@dataclass(frozen=True)
class Standing:
    """What the window's deals say about the reps, by key in the data."""

    window: Period
    rows: pd.DataFrame
    """One row per rep compared: people's columns, counts, expected wins, chances; what each cause explains."""
    cells: pd.DataFrame
    usual: Dispersion
    held_alike: list[str]
    """What the last comparison holds alike: names of factors."""

    @property
    def has_losses(self) -> bool:
        """Whether any lost deal is recorded; without, win rates say nothing."""
        return bool(self.rows["n_closed"].sum() > self.rows["n_won"].sum())


def standing(crm: Crm, *, period: Period, months: int, by: Sequence[str], confidence: float) -> Standing:
    """Count the window's deals in cells, work out what luck would have given each rep, and what causes explain."""
    key = ("standing", period, months, tuple(by), confidence)
    return crm.remember(key, lambda: _standing(crm, period, months, by, confidence))


def _standing(crm: Crm, period: Period, months: int, by: Sequence[str], confidence: float) -> Standing:
    window = window_to(crm, period, months)
    cells = closed_cells(crm, window, by=by)
    odds = odds_of(cells, by=[MONTH, *by], confidence=confidence)
    everyone = people(crm, window)
    kinds = deal_kinds(crm, window)
    adjustment = adjust(kinds, everyone["team_id"])
    counted = _by_rep(cells, odds).join(adjustment.rows[[*PARTS, "expected", "expected_adjusted"]].add_prefix("same_"))
    counted = counted.join(adjustment.rows[["p_value", "inflation"]].add_prefix("adjusted_"))
    rows = compared(everyone, counted["n_closed"]).join(counted)
    rows[["n_closed", "n_won"]] = rows[["n_closed", "n_won"]].fillna(0).astype(int)
    error = np.sqrt(rows["variance"]) / rows["n_closed"]
    usual = dispersion(rows["z_score"], error.fillna(0), most=most_usual(rows["n_won"], rows["n_closed"]))
    inflation = np.sqrt(1 + usual.tau**2 / error.where(error > 0) ** 2).fillna(1.0)
    rows = rows.assign(
        inflation=inflation,
        p_value=widened(rows["p_value"], inflation),
        expected_win_rate=rate_of(rows["expected_won"], rows["n_closed"]),
    )
    return Standing(window, rows, cells, usual, kinds.factors)


def _by_rep(cells: pd.DataFrame, odds: Odds) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "n_closed": odds.tries, "n_won": odds.hits, "expected_won": odds.expected, "variance": odds.variance,
            "p_value": odds.p_values, "z_score": odds.z_scores, "luck_low": odds.luck_low, "luck_high": odds.luck_high,
            "won_amount": cells.groupby("rep_id")["won_amount"].sum().reindex(odds.rep_ids).to_numpy(),
        },
        index=odds.rep_ids,
        dtype=float,
    )  # fmt: skip


def judged(rows: pd.DataFrame, *, min_closed: int, confidence: float) -> pd.DataFrame:
    """Add ``q_value``, ``adjusted_q_value``, ``verdict`` and ``explained_by``.

    Benjamini-Hochberg over all reps with enough deals, whatever their team. A rep stands out by what mix, leads,
    process and time in the role leave unexplained; ``explained_by`` says what did it where a rep is apart without them.
    """
    enough = (rows["n_closed"] >= min_closed) & (rows["variance"] > 1e-9)
    q_value = pd.Series(false_discovery(rows["p_value"].where(enough)), index=rows.index)
    adjusted = pd.Series(false_discovery(rows["adjusted_p_value"].where(enough)), index=rows.index)
    beyond_luck, apart = (values <= 1 - confidence for values in (q_value, adjusted))
    above = rows["n_won"] > rows["same_expected_adjusted"]
    verdict = np.select([~enough, apart & above, apart], [TOO_FEW, ABOVE, BELOW], default=SAME)
    return rows.assign(
        is_judged=enough,
        q_value=q_value,
        adjusted_q_value=adjusted,
        verdict=verdict,
        explained_by=_main_part(rows, rows["n_won"] > rows["expected_won"]).where(beyond_luck & ~apart, ""),
    )


def beyond_expected(seen: Standing, *, min_closed: int) -> pd.DataFrame:
    """Reps with enough deals to look at what they do: ``team_id``, and ``beyond``.

    ``beyond`` is won less expected, in standard deviations; mix, leads, process and time in the role are allowed for.
    """
    reps = seen.rows[(seen.rows["n_closed"] >= min_closed) & (seen.rows["variance"] > 1e-9)]
    rate = (reps["same_expected_adjusted"] / reps["n_closed"]).clip(1e-6, 1 - 1e-6)
    beyond: pd.Series[float] = (reps["n_won"] - reps["same_expected_adjusted"]) / np.sqrt(
        reps["n_closed"] * rate * (1 - rate)
    )
    return reps[["team_id"]].assign(beyond=beyond)


def _main_part(rows: pd.DataFrame, above: pd.Series[bool]) -> pd.Series[str]:
    """The cause that explains most of the difference on its side; all together where none does."""
    parts = rows[[f"same_{part}" for part in PARTS]].set_axis(list(PARTS), axis="columns").fillna(0.0)
    towards = parts.mul(np.where(above, 1.0, -1.0), axis="index")
    name = towards.idxmax(axis="columns").map(CAUSE_NAMES) if len(rows) else pd.Series("", index=rows.index)
    return name.where(towards.max(axis="columns") > 0, NO_ONE_CAUSE).astype(object)
