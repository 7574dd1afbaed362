"""The stage funnel: every stay is accounted for, jumps and returns are counted."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from salesops_lib.errors import MissingTableError, TableError
from salesops_lib.performance_visibility.funnel.stage_funnel.metrics import (
    OUTCOMES,
    check_balance,
    median_stay,
    stage_funnel,
)
from tests.builders import CALENDAR, make_crm

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)
STAGES = ["A", "B", "C"]


def crm_of(*journeys, as_of=END, stages=STAGES):
    """A company of journeys: ``("ABwon", "2026-07-01")`` is in A on the day, in B the day after, won the next."""
    deals, history = [], []
    for number, (path, start) in enumerate(journeys):
        end = next((word for word in ("won", "lost") if path.endswith(word)), "")
        days = pd.date_range(start, periods=len(path.removesuffix(end)) + 1)
        key = f"d{number}"
        for day, stage in zip(days, path.removesuffix(end), strict=False):
            history.append(
                {"opportunity_id": key, "changed_at": f"{day:%Y-%m-%d} 09:00", "stage": stage, "rep_id": "ana"}
            )
        deals.append(
            {
                "opportunity_id": key, "rep_id": "ana", "created_on": start, "status": end or "open",
                "closed_on": f"{days[-1]:%Y-%m-%d}" if end else None, "amount": 100,
            }
        )  # fmt: skip
    return make_crm(deals=deals, reps=["ana"], stage_history=history, open_stages=stages, as_of=as_of)


def test_every_way_out_of_a_stage_is_counted():
    """Advanced, lost, back, still there; C is jumped over by the deal won from B."""
    crm = crm_of(("ABwon", "2026-07-01"), ("ABAlost", "2026-07-02"), ("AB", "2026-07-03"), ("ABCwon", "2026-07-04"))

    rows = stage_funnel(crm, period=SEPTEMBER, confidence=0.95).set_index("stage")

    assert rows.loc["A", ["n_entered", "n_advanced", "n_lost"]].tolist() == [5, 4, 1]
    assert rows.loc["B", ["n_entered", "n_advanced", "n_moved_back", "n_still_there"]].tolist() == [4, 2, 1, 1]
    assert rows.loc["C", ["n_entered", "n_advanced", "n_skipped"]].tolist() == [2, 2, 1]


def test_a_deal_that_starts_later_passed_the_first_stage():
    """Created in B: A counts as passed, on the day of creation."""
    rows = stage_funnel(crm_of(("BClost", "2026-07-01")), period=SEPTEMBER, confidence=0.95).set_index("stage")

    assert rows.loc["A", ["n_entered", "n_advanced", "n_skipped"]].tolist() == [1, 1, 1]


@settings(max_examples=12, deadline=None)
@for_any(
    journeys=st.lists(
        st.tuples(
            st.text("ABC", min_size=1, max_size=5).map(
                lambda path: "".join(a for a, b in zip(path, "x" + path, strict=False) if a != b)
            ),
            st.sampled_from(["", "won", "lost"]),
            st.dates(date(2026, 5, 1), date(2026, 9, 20)),
        ),
        max_size=12,
    ),
    seen_on=st.dates(date(2026, 6, 1), END),
)
def test_the_sum_holds_for_any_history_on_any_evening(journeys, seen_on):
    """Entered = advanced + lost + moved back + handed off + still there, whatever deals do; the order is no matter."""
    paths = [(path + end, str(start)) for path, end, start in journeys]
    rows = stage_funnel(crm_of(*paths).at(seen_on), period=SEPTEMBER, confidence=0.95)
    back = stage_funnel(crm_of(*paths[::-1]).at(seen_on), period=SEPTEMBER, confidence=0.95)

    assert (rows["n_entered"] == rows[list(OUTCOMES)].sum(axis=1)).all()
    pd.testing.assert_frame_equal(rows, back)


def test_a_sum_that_does_not_hold_stops_the_report():
    """The error names the stage, how far it is apart, and holds the row."""
    rows = pd.DataFrame([("A", 5, 1, 1, 1, 1, 1), ("B", 6, 1, 1, 1, 1, 1)], columns=["stage", "n_entered", *OUTCOMES])

    with pytest.raises(TableError, match=r"`B`: 6 entered, but 5 are accounted for") as caught:
        check_balance(rows)

    assert caught.value.rows["stage"].tolist() == ["B"]


def test_without_a_stage_history_the_table_is_named():
    """The report then says so in one line."""
    with pytest.raises(MissingTableError, match="visits"):
        stage_funnel(make_crm(deals=[("ana", "2026-07-01", "won")], as_of=END), period=SEPTEMBER, confidence=0.95)


def test_stages_that_nobody_declared_are_put_in_the_order_deals_pass_them():
    """Without a declared process the usual order is taken from the visits."""
    crm = crm_of(("ABCwon", "2026-07-01"), ("ABlost", "2026-07-02"), stages=())

    assert stage_funnel(crm, period=SEPTEMBER, confidence=0.95)["stage"].tolist() == ["A", "B", "C"]


def test_the_median_stay_counts_open_stays_as_lasting():
    """Stays of 2 and 4 days ended, one goes on after 10: half are over after 4 days; if all go on, unknown."""
    cells = pd.DataFrame({"so_far": [2, 4, 10], "has_left": [True, True, False], "n": [1, 1, 1]})

    assert median_stay(cells) == 4
    assert pd.isna(median_stay(cells.assign(has_left=False)))
