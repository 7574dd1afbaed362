"""Terms: which words in the notes on a deal go with winning more than expected, and so may be worth a look?

Tables in: ``opportunities``, ``activities`` with notes; ``accounts`` and ``teams`` of a ``Crm`` where present.
Tables out: one row per word or pair of words. Reps are compared within their team, won and lost deals held apart. A
word stands for something done or said, and what goes with winning need not be why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.rep_comparison.practices.habits.counts import like_for_like
from salesops_lib.rep_comparison.practices.terms.counts import FEWEST_REPS, TermCounts, term_counts
from salesops_lib.rep_comparison.practices.top_quarter import in_top_quarter, top_and_others, within_teams
from salesops_lib.rep_comparison.verdicts.wins_and_luck import beyond_expected, standing
from salesops_lib.statistics.differences import false_discovery
from salesops_lib.statistics.log_odds import combined, informative_prior, log_odds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

    Floats = NDArray[np.float64]


@tidy
def terms_of_top_performers(
    crm: Crm,
    *,
    period: Period,
    months: int = 12,
    min_closed: int,
    confidence: float,
) -> pd.DataFrame:
    """Words in the notes on deals beside winning more than expected: which are worth a look?

    One row per term, a word or two words side by side, the strongest first. Looked at are the 150 terms on most deals
    among those that at least half of the reps and eight of them use, on at least 20 deals and at most 80 % of them;
    terms that always stand together are one. Words of reps' and managers' names, and of a customer's name on its own
    deals, are left out. Counted are notes that a deal's owner wrote before the day it closed, the first 2,000 letters.

    Args:
        crm: Needs ``reps``, ``opportunities`` and ``activities`` with notes; ``teams`` and ``accounts`` give names.
        period: The window ends with it.
        months: Fiscal months of the window.
        min_closed: Fewest closed deals of a rep who counts.
        confidence: Coverage of intervals; 1 less this is the false discovery rate over all terms.

    Returns:
        term (str): Key; letters and a space only.
        n_reps (int): Reps compared: those with notes on won and on lost deals.
        n_deals (int): Their closed deals with a note.
        n_deals_with_term (int): Those of them on which a note mentions the term.
        top_rate (float, 0-1): Share of a deal's notes that mention the term, the mean over a rep's deals, won and lost
            weighing as in the company; median of the quarter of reps who win most beside what is expected and what
            their team does, each held against the team's mean and written at the company's level.
        others_rate (float, 0-1): Median of the others, likewise.
        log_odds (float): Logarithm of the odds ratio of the term between notes of these two groups, drawn towards 0;
            missing where it is the only term.
        log_odds_low (float): Lower end of its interval, as if each mention stood for itself.
        log_odds_high (float): Upper end.
        z_score (float): Log-odds / its standard error; a talkative rep alone can make it large, so it is no verdict.
        correlation (float): Rank correlation of the rep's share with winning more than expected, within teams; missing
            below eight reps.
        correlation_low (float): Lower end of its interval.
        correlation_high (float): Upper end.
        p_value (float): How often a shuffling of reps within teams shows as strong a correlation.
        q_value (float): The same after Benjamini-Hochberg over the terms looked at.
        is_worth_a_look (bool): Beyond chance.
        candidate (str): What others might try, as a candidate for the playbook; empty where it is not worth a look.
        from_on (date): First day of the window.
        to_on (date): Last day of the window.

    Errors:
        MissingTableError: No ``activities``, or none with a note.

    Source:
        Log-odds with an informative Dirichlet prior: Monroe, Colaresi and Quinn (2008), Political Analysis 16, 372-403.
        Correlation, permutation test and false discovery rate as for ``practices_of_top_performers``.
    """
    crm.need_filled("activities", "note", reason="with `anonymise: true` free text is left out")
    seen = standing(crm, period=period, months=months, by=("segment",), confidence=confidence)
    reps = beyond_expected(seen, min_closed=min_closed)
    counts = term_counts(crm, seen.window, n_reps=len(reps), min_closed=min_closed)
    rows = judged_terms(counts, reps, confidence=confidence)
    return rows.assign(from_on=pd.Timestamp(seen.window.start), to_on=pd.Timestamp(seen.window.end))


def judged_terms(counts: TermCounts, reps: pd.DataFrame, *, confidence: float) -> pd.DataFrame:
    """Every term with its strength, and whether it is beyond chance; no rows with fewer than eight reps.

    Args:
        counts: What the engine counted.
        reps: By key, ``team_id`` and ``beyond``: how far a rep's wins are from what is expected.
        confidence: 1 less this is the false discovery rate over the terms.
    """
    rates = _rates(counts).reindex(reps.index).dropna(how="any")
    reps = reps.loc[rates.index]
    if len(reps) < FEWEST_REPS:
        rates = rates.iloc[:, :0]
    rows = _sizes(counts, rates).join(_strengths(rates, reps, confidence)).join(_odds(counts, rates, reps, confidence))
    rows = rows.assign(q_value=false_discovery(rows["p_value"]))
    is_found = rows["q_value"] <= 1 - confidence
    candidates = [
        _candidate(term, is_more=more) if found else ""
        for term, found, more in zip(rows.index, is_found, rows["correlation"] > 0, strict=True)
    ]
    rows = rows.assign(is_worth_a_look=is_found, candidate=pd.Series(candidates, index=rows.index, dtype=object))
    return rows.rename_axis("term").reset_index().sort_values(["p_value", "term"], kind="stable", ignore_index=True)


def _candidate(term: str, *, is_more: bool) -> str:
    return f"Take up what “{term}” stands for on {'more' if is_more else 'fewer'} deals"


def _rates(counts: TermCounts) -> pd.DataFrame:
    """Each rep's share of notes by term, won and lost deals held apart; missing for who has notes on one kind only."""
    keys = {f"term_{place}": term for place, term in enumerate(counts.shares.columns)}  # no term holds a digit
    cells = counts.shares.set_axis(list(keys), axis="columns").assign(n_noted=counts.noted).reset_index()
    rates = like_for_like(cells, {key: (key, "n_noted") for key in keys})
    # Engines add up floats in any order; equals must stay equal for their ranks.
    return rates.set_axis(list(keys.values()), axis="columns").round(12)


def _sizes(counts: TermCounts, rates: pd.DataFrame) -> pd.DataFrame:
    is_compared = counts.noted.index.get_level_values("rep_id").isin(rates.index)
    return pd.DataFrame(
        {
            "n_reps": len(rates),
            "n_deals": int(counts.noted[is_compared].sum()),
            "n_deals_with_term": counts.deals.loc[is_compared, rates.columns].sum().astype(int),
        },
        index=rates.columns,
    )


def _strengths(rates: pd.DataFrame, reps: pd.DataFrame, confidence: float) -> pd.DataFrame:
    team = reps["team_id"].to_numpy(str)
    beyond = reps["beyond"].to_numpy(float)
    made = [within_teams(rates[term].to_numpy(float), beyond, team, confidence) for term in rates.columns]
    names = ["correlation", "correlation_low", "correlation_high", "p_value"]
    rows = pd.DataFrame(made, index=rates.columns, columns=names, dtype=float)
    top, others = top_and_others(rates, reps["beyond"], reps["team_id"])
    return rows.assign(top_rate=top, others_rate=others)


def _odds(counts: TermCounts, rates: pd.DataFrame, reps: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Log-odds of each term between the top quarter and the others, within won and within lost deals."""
    from scipy.stats import norm

    is_top = in_top_quarter(reps["beyond"], reps["team_id"])
    rep, status = (counts.notes.index.get_level_values(name) for name in ("rep_id", "status"))

    def within(how: str) -> tuple[Floats, Floats]:
        ours, theirs = (
            counts.notes.loc[rep.isin(whose) & (status == how), rates.columns].sum().to_numpy(float)
            for whose in (rates.index[is_top], rates.index[~is_top])
        )
        return log_odds(ours, theirs, informative_prior(ours + theirs))

    ratio, error = combined(within(how) for how in ("won", "lost"))
    half = norm.ppf(0.5 + confidence / 2) * error
    return pd.DataFrame(
        {"log_odds": ratio, "log_odds_low": ratio - half, "log_odds_high": ratio + half, "z_score": ratio / error},
        index=rates.columns,
    )
