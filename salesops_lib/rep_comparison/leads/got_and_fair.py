"""Where each rep stands in leads: what was got, what the rule gives, and what the leads alone would bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salesops_lib.periods import Period
from salesops_lib.rep_comparison.cells import MONTH
from salesops_lib.rep_comparison.leads.cells import WAIT_SHARES, lead_cells, median_waits, wait_cells
from salesops_lib.rep_comparison.leads.draws import Drawn, Pile, share_out
from salesops_lib.rep_comparison.leads.rule import lead_seats
from salesops_lib.rep_comparison.leads.worth import Kinds, kinds_of, qualified_shares, source_worth
from salesops_lib.rep_comparison.people import window_to
from salesops_lib.statistics.parts import shapley_parts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters

    Floats = NDArray[np.float64]

PARTS = ("count", "quality", "value")
N_DRAWS = 499
SEED = 20_260_101
WORTH_MONTHS = 12
"""Months before the window whose leads also count for what a source brings: wins come long after leads."""


@dataclass(frozen=True)
class LeadStanding:
    """What the window's leads say, by key in the data."""

    window: Period
    months: list[str]
    reps: list[str]
    seats: pd.DataFrame
    """What ``lead_seats`` returns."""
    kinds: Kinds
    pile: Pile
    drawn: Drawn
    amounts: pd.DataFrame
    """By rep: amount won so far, the fair part of it, and the parts that the leads alone explain."""
    n_outside: int
    """Leads that went to someone outside the pool or the seat."""
    waits: pd.Series[float]
    """Median hours by rep."""
    company_wait: float


def lead_standing(
    crm: Crm,
    *,
    period: Period,
    parameters: Parameters,
    months: int,
    n_draws: int,
    seed: int,
    confidence: float,
) -> LeadStanding:
    """Count the leads, find the pool, and share them out again by the declared rule."""
    crm.need("leads")
    declared = parameters.company.rep_comparison.leads
    key = ("lead_standing", period, months, declared.model_dump_json(), n_draws, seed, confidence)

    def made() -> LeadStanding:
        window = window_to(crm, period, months)
        cells = lead_cells(crm, _with_months_before(crm, window))
        here = _in_window(crm, cells, window).groupby(["rep_id", MONTH], as_index=False)[["n_leads"]].sum()
        seats = lead_seats(crm, window, here, declared)
        return _standing(crm, window, cells, seats, n_draws, seed, confidence)

    return crm.remember(key, made)


def _with_months_before(crm: Crm, window: Period) -> Period:
    first = crm.calendar.previous(crm.calendar.containing(window.start, "month"), WORTH_MONTHS)
    return Period(window.label, window.kind, first.start, window.end)


def _in_window(crm: Crm, cells: pd.DataFrame, window: Period) -> pd.DataFrame:
    return cells[cells[MONTH].isin([month.label for month in crm.calendar.between(window.start, window.end, "month")])]


def _standing(
    crm: Crm, window: Period, cells: pd.DataFrame, seats: pd.DataFrame, n_draws: int, seed: int, confidence: float
) -> LeadStanding:
    months = [month.label for month in crm.calendar.between(window.start, window.end, "month")]
    reps = sorted(seats["rep_id"].unique())
    kinds, here = kinds_of(cells), _in_window(crm, cells, window)
    # Wins need time: what a source brings is taken from a longer stretch than how many leads there were.
    territories = seats.drop_duplicates("rep_id", keep="last").set_index("rep_id")["territory"]
    quality = qualified_shares(here, kinds, reps, months)
    worth = source_worth(cells, kinds, reps, territories) @ kinds.source_marks.T
    pile, won = pile_of(seats, here, wait_cells(crm, window), kinds, quality, worth, reps=reps, months=months)
    waits, company_wait = median_waits(crm, window)
    return LeadStanding(
        window, months, reps, seats, kinds, pile,
        share_out(pile, n_draws=n_draws, seed=seed, confidence=confidence),
        _amounts(pile, won, seats["territory"], reps),
        int(here["n_leads"].sum() - pile.kinds.sum()),
        waits, company_wait,
    )  # fmt: skip


def pile_of(
    seats: pd.DataFrame,
    cells: pd.DataFrame,
    waits: pd.DataFrame,
    kinds: Kinds,
    quality: Floats,
    worth: Floats,
    *,
    reps: list[str],
    months: list[str],
) -> tuple[Pile, Floats]:
    """The leads as they were shared among those in the pool, and the amount won so far by row of ``seats``."""
    row_of = pd.MultiIndex.from_frame(seats[["rep_id", MONTH]])
    rep, month = (pd.Index(names).get_indexer(pd.Index(seats[by])) for names, by in ((reps, "rep_id"), (months, MONTH)))
    scores = np.concatenate(
        [
            quality[rep, month][..., None],
            worth[rep][..., None],
            np.broadcast_to(kinds.source_marks, (len(seats), kinds.n, len(kinds.sources))),
        ],
        axis=2,
    )
    # Below: leads of reps or months outside the pool find no row and are left out.
    pile = Pile(
        rep=rep,
        month=month,
        group=np.asarray(seats.groupby([MONTH, "territory"]).ngroup(), dtype=np.intp),
        share=seats["share_rate"].to_numpy(float),
        kinds=_spread(cells, row_of, kinds.place(cells), kinds.n, "n_leads"),
        scores=scores,
        waits=_spread(waits, row_of, waits["band"].to_numpy(np.intp), len(WAIT_SHARES) + 1, "n_leads"),
        n_reps=len(reps),
        n_months=len(months),
    )
    return pile, _spread(cells, row_of, np.zeros(len(cells), dtype=np.intp), 1, "won_amount")[:, 0]


def _spread(cells: pd.DataFrame, row_of: pd.MultiIndex, place: NDArray[np.intp], n: int, column: str) -> Floats:
    """Rows of the pool x places; what went to others is left out."""
    row = row_of.get_indexer(pd.MultiIndex.from_frame(cells[["rep_id", MONTH]]))
    out = np.zeros((len(row_of), n))
    np.add.at(out, (row[row >= 0], place[row >= 0]), cells[column].to_numpy(float)[row >= 0])
    return out


def _amounts(pile: Pile, won: Floats, territory: pd.Series[str], reps: list[str]) -> pd.DataFrame:
    """Split what a rep's leads would bring at everyone's results, less what the fair part of them would.

    In each territory the amount won so far is shared by count, quality and value of the leads alone; the shares add up
    to 1, so that what the leads explain cancels out over the territory.
    """
    group, n = pile.group, pile.kinds.sum(axis=1)
    total, amount = _by_group(n, group), _usual_amount(pile, won, n, territory)
    count = n / np.maximum(total, 1)
    quality = _mean_ratio(pile.kinds, pile.scores[..., 0], group, count)
    value = _mean_ratio(pile.kinds * pile.scores[..., 0], pile.scores[..., 1], group, count * quality)
    own = np.column_stack([count * amount, quality, value])
    fair = np.column_stack([pile.share * amount, np.ones((len(n), 2))])
    parts = shapley_parts(own, fair) if len(n) else np.zeros((0, 3))
    table = pd.DataFrame(parts, columns=[f"{part}_amount" for part in PARTS])
    table = table.assign(won_amount=won, fair_amount=fair[:, 0])
    return table.groupby(pile.rep).sum().reindex(range(len(reps))).fillna(0.0).set_axis(reps, axis="index")


def _usual_amount(pile: Pile, won: Floats, n: Floats, territory: pd.Series[str]) -> Floats:
    """Amount of each row's territory and month: the territory's by its leads and by what leads of that age brought.

    One large deal is not to make the leads of its month dear: only the whole company tells how far a month's leads
    have got. Over the months it adds up to what the territory won.
    """
    place = np.asarray(territory.factorize(sort=True)[0], dtype=np.intp)
    level = _by_group(won, place) / np.maximum(_by_group(n, place), 1)
    usual = _by_group(n * level, pile.month)
    age = np.where(usual > 0, _by_group(won, pile.month) / np.where(usual > 0, usual, 1.0), 0.0)
    aged = _by_group(n * age, place)
    weight = np.where(aged > 0, _by_group(won, place) / np.where(aged > 0, aged, 1.0), 0.0)
    return _by_group(n * age * weight, pile.group)


def _mean_ratio(leads: Floats, score: Floats, group: NDArray[np.intp], share: Floats) -> Floats:
    """Mean score of a row's own leads over that of its group's; by shares of the group it averages 1.

    1 where a row has none, or the scores say nothing.
    """
    together = np.column_stack([_by_group(column, group) for column in leads.T]) if leads.size else leads
    own, usual = (_mean(table, score) for table in (leads, together))
    is_known = (own > 0) & (usual > 0)
    ratio = np.where(is_known, own / np.where(is_known, usual, 1.0), 1.0)
    level, base = _by_group(share * ratio, group), _by_group(share, group)
    return np.asarray(np.where(level > 0, ratio * base / np.where(level > 0, level, 1.0), ratio))


def _mean(leads: Floats, score: Floats) -> Floats:
    n = leads.sum(axis=1)
    return np.asarray((leads * score).sum(axis=1) / np.where(n > 0, n, 1.0))


def _by_group(values: Floats, group: NDArray[np.intp]) -> Floats:
    return np.asarray(np.bincount(group, weights=values)[group]) if len(group) else values


def joined_lately(crm: Crm, window: Period, reps: list[str], days: int) -> pd.Series[bool]:
    """Whose first days in sales, so many of them, fall in the window at least in part."""
    started = crm.fetch(crm.reps.select("rep_id", "started_on")).set_index("rep_id")["started_on"].reindex(reps)
    return (started > pd.Timestamp(window.start - timedelta(days=days))).fillna(False)
