"""Pipeline waterfall: what made the open pipeline grow or shrink between two evenings?

Tables in: ``opportunities``; ``spans`` for the amounts, dates and owners of then, ``teams`` and ``accounts`` for names.
Tables out: one row per group, or per deal and step. Nothing here draws, prints, reads a file or asks what day it is.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import ibis
import pandas as pd
from ibis import _

from salesops_lib.measures import how_many, recorded_in_history
from salesops_lib.measures.names import NO_TEAM, names_of_reps, names_of_teams
from salesops_lib.measures.tidy import tidy
from salesops_lib.performance_visibility.pipeline.waterfall.moves import (
    HANDED,
    OWN_SIGNS,
    SIGNS,
    Form,
    Level,
    Window,
    check_balance,
    is_followed,
    waterfall_moves,
    window_of,
    with_names,
)
from salesops_lib.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

STEPS = ("start", *SIGNS, "end")


@tidy
def pipeline_waterfall(
    crm: Crm,
    *,
    period: Period,
    form: Form = "rolling",
    by: Level = "team",
    start_on: date | None = None,
    end_on: date | None = None,
    target: str | None = None,
) -> pd.DataFrame:
    """What entered, changed and left the open pipeline between two evenings, every deal accounted for to the cent.

    One row for the company, then one per team or rep with a deal in it, the largest pipeline at the end first; none
    where no deal (with an expected close date, if a target is followed) was open on either evening. In every row, to
    the cent: end = start + new + appeared + received + pulled in + slipped in + increased - decreased - pushed out -
    pulled ahead - handed on - lost - won. The same sum without increased and decreased holds for the numbers of deals,
    and every step but received and handed on adds up from the groups to the company.

    A new deal counts with its amount on the last evening, one that moves in or out with that of the first, a won deal
    with its won value, a lost one with what it was last open with; what lies between is increased or decreased. A deal
    changes hands before anything else, and moves before its amount changes; one that moves out changes no more. A deal
    without an amount counts as 0. A deal deleted from the CRM is in neither evening.

    Args:
        crm: Needs ``opportunities``; without ``spans`` deals count with amount, close date and owner as last seen, so
            that little but new, lost and won can show.
        period: What is reported.
        form: ``rolling`` follows every open deal; ``period`` those whose expected close date lies in the target. What
            was in the target's pipeline and closes, leaves it by that, whatever the day. A deal due elsewhere comes in
            when it is won on a day of the target; a deal created and closed in between when it closed on one.
        by: Who is shown below the company.
        start_on: First evening; the one before the report month if absent.
        end_on: Last evening; the end of the report month, or the evening the data speaks of, if absent.
        target: Label of the period that the ``period`` form follows; the first quarter not over on the last evening if
            absent.

    Returns:
        group (str): company, team or rep.
        key (str): Team or rep id; empty for the company and for deals without a team.
        name (str): Name of the team or rep.
        start_on (date): First evening.
        end_on (date): Last evening.
        target (str): Label of the period followed; missing for the whole pipeline.
        target_name (str): Name of it for readers; missing with it.
        start_amount (float): Open on the first evening.
        new_amount (float): Created since.
        appeared_amount (float): In sight since, but not by creation: without a creation date, or open again.
        received_amount (float): Open on the first evening, and since taken over from another team or rep.
        pulled_in_amount (float): Close date moved into the target from a later day, or from none.
        slipped_in_amount (float): Close date put off into the target from an earlier day.
        increased_amount (float): Added to the amounts of deals.
        decreased_amount (float): Taken from the amounts of deals; positive, as all that follow.
        pushed_out_amount (float): Close date put off beyond the target, or removed.
        pulled_ahead_amount (float): Close date moved to a day before the target.
        handed_on_amount (float): Open on the first evening, and since given to another team or rep.
        lost_amount (float): Lost since.
        won_amount (float): Won since.
        end_amount (float): Open on the last evening.
        n_start (int): Deals open on the first evening; the next columns count deals as well.
        n_new (int): Created since.
        n_appeared (int): In sight since, but not by creation.
        n_received (int): Taken over.
        n_pulled_in (int): Moved in from a later day, or from none.
        n_slipped_in (int): Put off into the target.
        n_increased (int): Increased.
        n_decreased (int): Decreased.
        n_pushed_out (int): Put off beyond the target.
        n_pulled_ahead (int): Moved to a day before the target.
        n_handed_on (int): Handed on.
        n_lost (int): Lost since.
        n_won (int): Won since.
        n_end (int): Open on the last evening.
        n_without_amount (int): Deals that came in, stayed or left without an amount, or with 0.
        has_history (bool): Amounts, dates and owners of then are known, not as last seen.

    Errors:
        PeriodError: The evenings are not in order, the last one is not known yet, or the target is no period.
        TableError: Some deal does not add up; ``rows`` holds it.
    """
    window = window_of(crm, period, form, start_on=start_on, end_on=end_on, target=target)
    cells = _cells(crm, window, "rep" if by == "rep" else "team")
    rows = _company(cells)
    if by != "company":
        rows = pd.concat([rows, _groups(crm, cells, by)], ignore_index=True)
    chosen = window.target
    rows = rows.assign(
        start_on=pd.Timestamp(window.start_on),
        end_on=pd.Timestamp(window.end_on),
        target=pd.Series(chosen.label if chosen else None, index=rows.index, dtype=object),
        target_name=pd.Series(crm.calendar.title(chosen) if chosen else None, index=rows.index, dtype=object),
        has_history={"amount", "expected_close_on"} <= recorded_in_history(crm),
        **{f"{step}_amount": rows[f"{step}_cents"] / 100 for step in STEPS},
    )
    return rows.head(len(rows) if len(cells) and is_followed(crm, window) else 0)


def _cells(crm: Crm, window: Window, who: str) -> pd.DataFrame:
    """Cents and deals of every step, by who had the deals then and who has them now."""
    moves = waterfall_moves(crm, window)
    sums: dict[str, ir.Value] = {"n_apart": how_many(moves.residual_cents != 0)}
    for step in ("start", *OWN_SIGNS, "end"):
        sums[f"{step}_cents"] = moves[f"{step}_cents"].sum().fill_null(0).cast("int64")
        sums[f"n_{step}"] = how_many(moves[f"is_{step}"])
    sums["n_without_amount"] = how_many(moves.is_without_amount)
    now = moves[f"now_{who}"].fill_null("")
    # A deal that came into the pipeline later came straight to those who have it now.
    groups = {"then": ibis.ifelse(moves.is_start, moves[f"then_{who}"].fill_null(""), now), "now": now}
    cells = crm.fetch(moves.group_by(**groups).agg(**sums).order_by(["then", "now"]))
    if cells.pop("n_apart").sum():
        check_balance(crm, moves)
    return cells


def _company(cells: pd.DataFrame) -> pd.DataFrame:
    """The sums over all cells; what one hands on another receives, so that neither shows."""
    sums = cells.drop(columns=["then", "now"]).sum().to_frame().T.astype("int64")
    none = {name: 0 for step in HANDED for name in (f"{step}_cents", f"n_{step}")}
    return sums.assign(**none, group="company", key="", name="Company")


def _groups(crm: Crm, cells: pd.DataFrame, by: Level) -> pd.DataFrame:
    """The sums of every team or rep: the start is of those who had the deals then, all else of those who have them."""
    start = ["start_cents", "n_start"]
    handed = cells[cells["then"] != cells["now"]]
    parts = [
        cells.groupby("now").sum(numeric_only=True).drop(columns=start),
        cells.groupby("then")[start].sum(),
        handed.groupby("now")[start].sum().set_axis(["received_cents", "n_received"], axis=1),
        handed.groupby("then")[start].sum().set_axis(["handed_on_cents", "n_handed_on"], axis=1),
    ]
    rows = pd.concat(parts, axis=1).fillna(0).astype("int64").rename_axis("key").reset_index()
    if set(rows["key"]) == {""}:
        return rows.head(0)
    names = names_of_teams(crm) if by == "team" else names_of_reps(crm)
    rows = rows.assign(group=by, name=rows["key"].map(names).astype(object).fillna(rows["key"]).replace("", NO_TEAM))
    return rows.sort_values(["end_cents", "start_cents", "key"], ascending=[False, False, True])


@tidy
def largest_pipeline_moves(
    crm: Crm,
    *,
    period: Period,
    form: Form = "rolling",
    by: Level = "company",
    start_on: date | None = None,
    end_on: date | None = None,
    target: str | None = None,
    most: int = 50,
) -> pd.DataFrame:
    """The deals behind the waterfall: what each did between the two evenings, the largest moves first.

    One row per deal and step; a deal that was increased and then won has two. With a ``most`` that leaves nothing
    out, the amounts of a step add up to the step.

    Args:
        crm: Needs ``reps`` and ``opportunities``; without ``spans`` deals count as last seen.
        period: What is reported.
        form: As in ``pipeline_waterfall``, like the evenings and the target.
        by: Whether a deal that changed its team or rep is listed as handed on.
        start_on: First evening.
        end_on: Last evening.
        target: Label of the period followed.
        most: Rows listed.

    Returns:
        opportunity_id (str): Key.
        account (str): Name of the account; missing without one.
        rep_id (str): Owner on the last evening, or when the deal closed.
        rep_name (str): Name of the owner.
        step (str): What the deal did, by the name of the waterfall's column.
        amount (float): What that added to the pipeline; negative where it took from it.
        before_amount (float): Its amount on the first evening; missing where it was not open.
        after_amount (float): Its amount on the last evening, or the one it left with.
        close_before_on (date): Expected close date on the first evening; missing where it was not open.
        close_after_on (date): Expected close date on the last evening, or the day it closed.

    Errors:
        PeriodError: The evenings are not in order, the last one is not known yet, or the target is no period.
        TableError: Some deal does not add up; ``rows`` holds it.
    """
    window = window_of(crm, period, form, start_on=start_on, end_on=end_on, target=target)
    moves = waterfall_moves(crm, window)
    check_balance(crm, moves)
    is_handed = ibis.literal(False) if by == "company" else moves.is_start & (moves[f"then_{by}"] != moves[f"now_{by}"])
    moves = moves.mutate(handed_on_cents=ibis.ifelse(is_handed, moves.then_cents, 0))
    steps = [step for step in SIGNS if step != "received"]
    # The largest rows are rows of these deals: every deal before another has a row before all of the other's.
    largest = ibis.greatest(*(moves[f"{step}_cents"].abs() for step in steps))
    moves = moves.mutate(largest=largest).filter(_.largest > 0).order_by([ibis.desc("largest"), "opportunity_id"])
    deals = crm.fetch(with_names(crm, moves.limit(most if is_followed(crm, window) else 0), steps))
    parts = [
        deals.assign(step=pd.Series([step] * len(deals), dtype=object), place=place, cents=deals[step] * SIGNS[step])
        for place, step in enumerate(steps)
    ]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["cents"] != 0].assign(amount=rows["cents"] / 100, size=rows["cents"].abs())
    rows = rows.sort_values(["size", "opportunity_id", "place"], ascending=[False, True, True])
    return rows.head(most)
