"""Pushed deals: how many of the deals that are due are put off, by whom more than usual, and which most often?

Tables in: ``spans`` (made from ``stage_history``), ``opportunities`` and ``reps``; accounts and teams where present.
Tables out: one row per quarter, rep or deal. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
from ibis import _

from salesops_lib.measures import how_many, total
from salesops_lib.measures.names import teams_of_reps
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.pipeline.pushes.chances import against_usual, unlike_before
from salesops_lib.performance_visibility.pipeline.pushes.counts import (
    close_date_moves,
    due_by_rep,
    due_cells,
    named,
    quarters_to,
)
from salesops_lib.performance_visibility.records.hygiene.faults import MOST_PUSHES
from salesops_lib.performance_visibility.windows import report_month
from salesops_lib.statistics.differences import adjusted
from salesops_lib.statistics.intervals import with_rate
from salesops_lib.statistics.sums_and_medians import share_interval

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.periods import Period

STEP = 0.1
"""What each move of the close date takes from a deal's stability."""


@tidy
def push_rate_by_quarter(crm: Crm, *, period: Period, n_quarters: int = 8, confidence: float) -> pd.DataFrame:
    """How many of the deals due in a quarter when it began had their close date put off beyond it.

    One row per quarter, oldest first, ending with the one that holds the report month; none where no open deal ever had
    a close date. Each deal due was won, lost, pushed or is still due on the last evening known of the quarter, so the
    four add up; one put off and brought back, or closed within the quarter after all, is not pushed. A quarter that
    still runs is held against the same day of former quarters, never against whole ones.

    Args:
        crm: Needs ``opportunities`` and ``spans``, made from a ``stage_history`` with expected close dates.
        period: What is reported.
        n_quarters: Quarters shown; fewer where the data does not reach back.
        confidence: Coverage of the intervals; a change counts when chance alone would show it less often than the rest.

    Returns:
        quarter (str): Label.
        quarter_name (str): Name for readers.
        n_due (int): Deals open on the evening before the quarter with a close date in it.
        due_amount (float): Their amounts on that evening, as all amounts here.
        n_won (int): Those of them won in the quarter.
        n_lost (int): Those lost in it.
        n_pushed (int): Those open at its end, or now, with a close date beyond it or none.
        n_still_due (int): Those open with a close date in the quarter, or before it.
        pushed_amount (float): Amounts of the deals pushed.
        push_rate (float, 0-1): Pushed / due; missing when none was due.
        push_rate_low (float, 0-1): Lower end of its interval.
        push_rate_high (float, 0-1): Upper end.
        value_push_rate (float, 0-1): The same on amounts; missing where no deal due states one.
        value_push_rate_low (float, 0-1): Lower end of its interval; missing where all or nothing was pushed.
        value_push_rate_high (float, 0-1): Upper end.
        n_pulled_in (int): Deals due later, or at no known time, that were won in the quarter or are now due in it.
        pulled_in_amount (float): Their amounts.
        n_due_before (int): Deals due in the whole quarters before that are shown; missing where nothing is compared.
        before_rate (float, 0-1): Share of them pushed, by the same day where this quarter still runs.
        p_value (float): How often chance alone would set the quarter this far from those before; for the last whole
            quarter and the running one, adjusted for both; missing with fewer than four quarters before.
        is_changed (bool): That is beyond chance.
        is_partial (bool): The quarter had not ended on the day the data speaks of.

    Source:
        Rates: interval of Wilson (1927); value: linearised ratio on the log odds. Change: the larger p-value of the
        exact test of Fisher (1922) and of an F-test against the spread between former quarters (McCullagh and Nelder
        1989, section 4.5), adjusted after Holm (1979).
    """
    crm.need("spans")
    last = crm.calendar.containing(report_month(crm.calendar, period, crm.as_of).end, "quarter")
    quarters = quarters_to(crm, last, n_quarters)
    rows = pd.DataFrame({"quarter": [each.label for each in quarters]})
    rows = rows.merge(due_cells(crm, quarters, by=["quarter"]), on="quarter", how="left")
    rows = rows.fillna(dict.fromkeys(rows.columns[1:], 0)).astype(
        dict.fromkeys(rows.columns[rows.columns.str.startswith("n_")], int)
    )
    rows = with_rate(rows, "n_pushed", "n_due", "push", confidence=confidence)
    low, high = share_interval(
        rows["pushed_amount"], rows["due_amount"], rows["pushed_squares"], rows["due_squares"], rows["n_due"],
        confidence=confidence,
    )  # fmt: skip
    rows = rows.assign(
        quarter_name=[crm.calendar.title(each) for each in quarters],
        value_push_rate=rows["pushed_amount"] / rows["due_amount"].where(rows["due_amount"] > 0),
        value_push_rate_low=low,
        value_push_rate_high=high,
        is_partial=[each.end > crm.as_of for each in quarters],
    )
    is_known = bool(rows[["n_due", "n_pulled_in"]].to_numpy().any())
    return _against_before(rows, confidence).head(len(rows) if is_known else 0)


def _against_before(rows: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Hold the last whole quarter against the whole ones before it, and the running one against the same day of all."""
    whole = rows[~rows["is_partial"]]
    judged = [(each, whole.iloc[:-1], "n_pushed") for each in whole.index[-1:]]
    judged += [(each, whole, "n_pushed_by_then") for each in rows.index[rows["is_partial"]]]
    n_before, before, p_values = (pd.Series(np.nan, index=rows.index) for _name in range(3))
    for at, past, pushed in judged:
        if past["n_due"].sum():
            n_before[at] = past["n_due"].sum()
            before[at] = past[pushed].sum() / n_before[at]
            p_values[at] = unlike_before(rows["n_pushed"][at], rows["n_due"][at], past[pushed], past["n_due"])
    p_values = pd.Series(adjusted(p_values), index=rows.index)
    return rows.assign(
        n_due_before=n_before.astype("Int64"),
        before_rate=before,
        p_value=p_values,
        is_changed=p_values < 1 - confidence,
    )


@tidy
def pushes_by_rep(crm: Crm, *, period: Period, n_quarters: int = 4, confidence: float) -> pd.DataFrame:
    """How many of the deals that each rep had due were put off, against what is usual for such deals.

    One row per rep with a deal due in the last whole quarters, those with most pushes above the usual first. A deal
    counts once, in the first of the quarters in which it was due, to its owner on the evening before: one that is put
    off quarter after quarter says the same thing each time. Usual is what the company pushed of the deals of the same
    segment that were due in the same month: nobody answers for a kind of deal that is put off more often, or for dates
    late in a quarter.

    Args:
        crm: Needs ``reps``, ``opportunities`` and ``spans``, made from a ``stage_history`` with expected close dates.
        period: What is reported.
        n_quarters: Whole quarters looked at, the last one being the latest that was over.
        confidence: Coverage of the intervals; a rep is above when chance alone would show it less often than the rest.

    Returns:
        rep_id (str): Key.
        name (str): Name of the rep.
        team (str): Name of the rep's team; missing without one.
        n_due (int): Deals due in one of the quarters when it began.
        n_pushed (int): Those of them whose close date was put off beyond that quarter.
        push_rate (float, 0-1): Pushed / due.
        push_rate_low (float, 0-1): Lower end of its interval.
        push_rate_high (float, 0-1): Upper end.
        usual_rate (float, 0-1): The share that is usual for such deals.
        n_extra (float): Pushed deals above the usual; negative below it.
        pushed_amount (float): Amounts of the deals pushed.
        n_to_show (int): Fewest pushed deals that would stand out were this rep the only one to differ; missing where no
            number would.
        p_value (float): How often chance alone would show so many, adjusted over the reps.
        is_above_company (bool): More than usual beyond chance.
        n_quarters (int): Quarters behind these.
        last_quarter_name (str): Name of the last of them.

    Source:
        Test of independence within strata, one-sided (Mehta, Patel and Gray 1985), its chances by a binomial of three
        parameters (Pekoz, Rollin, Cekanavicius and Shwartz 2009), adjusted after Benjamini and Hochberg (1995) over the
        reps. Interval of Wilson (1927).
    """
    crm.need("spans")
    quarter = crm.calendar.containing(report_month(crm.calendar, period, crm.as_of).end, "quarter")
    last = quarter if quarter.end <= crm.as_of else crm.calendar.previous(quarter)
    quarters = quarters_to(crm, last, n_quarters)
    rows = against_usual(due_by_rep(crm, quarters), confidence)
    people = crm.fetch(crm.reps.select("rep_id", "name")).set_index("rep_id")["name"]
    rows = rows.assign(
        name=rows["rep_id"].map(people).astype(object).fillna(rows["rep_id"]),
        team=rows["rep_id"].map(teams_of_reps(crm, crm.as_of)["team_name"]).astype(object),
        n_quarters=len(quarters),
        last_quarter_name=crm.calendar.title(last),
    )
    return rows.sort_values(["n_extra", "rep_id"], ascending=[False, True])


@tidy
def most_pushed_deals(crm: Crm, *, most: int = 200) -> pd.DataFrame:
    """The open deals whose close date was put off most often, how far, and how steady it has been.

    One row per open deal that was pushed at least once, those pushed most often first, then by amount.

    Args:
        crm: Needs ``reps``, ``opportunities`` and ``spans``, made from a ``stage_history`` with expected close dates.
        most: Deals listed; the counts at the end of each row are over all of them.

    Returns:
        opportunity_id (str): Key.
        account (str): Name of the account; missing without one.
        rep_id (str): Owner.
        rep_name (str): Name of the owner.
        stage (str): Stage.
        amount (float): Amount; missing where none is stated.
        n_pushes (int): Moves of the expected close date to a later day.
        pushed_days (int): Days of those moves together.
        first_close_on (date): First close date written down.
        expected_close_on (date): Present close date.
        stability_score (float, 0-1): 1 less 0.1 for every move of the close date, earlier or later; at least 0.
        n_pushed_open (int): Open deals pushed at least once, listed or not.
        n_often (int): Those pushed more than twice, as the hygiene rule counts them.
        often_amount (float): Amounts of those, where stated.

    Source:
        Stability: the step of 0.1 a move is our choice.
    """
    crm.need("spans")
    rows, moves = crm.opportunities.filter(_.status == "open"), close_date_moves(crm)
    rows = rows.inner_join(moves, rows.opportunity_id == moves.moved_deal).filter(_.n_pushes > 0)
    is_often = rows.n_pushes > MOST_PUSHES
    sums = rows.agg(n_all=_.count(), n_often=how_many(is_often), amount=total(ibis.ifelse(is_often, rows.amount, 0)))
    counts = crm.fetch(sums).iloc[0]
    order = [ibis.desc("n_pushes"), ibis.desc(rows.amount.fill_null(0)), "opportunity_id"]
    listed = named(crm, rows.order_by(order).limit(most)).mutate(value=_.amount.cast("float64"))
    table = crm.fetch(
        listed.select(*_FETCHED).order_by([ibis.desc("n_pushes"), ibis.desc(_.value.fill_null(0)), "opportunity_id"])
    )
    table = table.rename(columns={"value": "amount"})
    return table.assign(
        stability_score=np.maximum(0.0, 1 - STEP * table["n_moves"]),
        n_pushed_open=int(counts["n_all"]),
        n_often=int(counts["n_often"]),
        often_amount=float(counts["amount"]),
    )


_FETCHED = [
    "opportunity_id", "account", "rep_id", "rep_name", "stage", "value", "n_pushes", "n_moves", "pushed_days",
    "first_close_on", "expected_close_on",
]  # fmt: skip
