"""Pushed deals: what becomes of the deals due in a quarter, whose are put off more than usual, and which most often."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, settings
from hypothesis import given as for_any
from hypothesis import strategies as st
from scipy.stats import hypergeom

from salesops_lib import theme
from salesops_lib.errors import MissingTableError
from salesops_lib.performance_visibility.pipeline.pushes import narrative as words
from salesops_lib.performance_visibility.pipeline.pushes import plots
from salesops_lib.performance_visibility.pipeline.pushes.chances import against_usual, chances_of_pushes, unlike_before
from salesops_lib.performance_visibility.pipeline.pushes.counts import due_by_rep, due_cells
from salesops_lib.performance_visibility.pipeline.pushes.metrics import (
    most_pushed_deals,
    push_rate_by_quarter,
    pushes_by_rep,
)
from salesops_lib.performance_visibility.pipeline.waterfall.metrics import pipeline_waterfall
from salesops_lib.performance_visibility.records.hygiene.metrics import hygiene_by_rule
from salesops_lib.reporting.tables.table import shown_names, write_table
from salesops_lib.wording import money, percent
from tests.builders import CALENDAR, make_crm
from tests.calling import as_reported
from tests.performance_visibility.frames import NAN, frame
from tests.test_contracts import promised

END = date(2026, 9, 30)
SEPTEMBER = CALENDAR.period("2026-09")
DUE, LATER = "2026-08-15", "2026-11-15"
BEFORE = ("d-before", [("2026-03-01", "2026-04-15")], "won", "2026-04-20")
"""A deal that closed in the second quarter, so that the third lies within what the data holds."""


def company(*told, as_of=END, amount=100, reps=("ana", "bo", "cy"), **tables):
    """Deals as ``(key, [(day, close date), ...], status, closed on)``; a third item of a change is the owner."""
    deals, history = [], []
    for key, changes, *end in told:
        status, closed = end or ("open", None)
        owners = [change[2] if len(change) > 2 else "ana" for change in changes]
        # A blank in a history keeps the date before it, and so does the deal.
        due = next((change[1] for change in reversed(changes) if change[1]), None)
        deals.append(
            {
                "opportunity_id": key, "rep_id": owners[-1], "created_on": changes[0][0], "status": status,
                "closed_on": closed, "amount": amount, "stage": "A", "expected_close_on": due,
            }
        )  # fmt: skip
        history += [
            {
                "opportunity_id": key, "changed_at": f"{change[0]} 09:00", "stage": "A", "amount": amount,
                "expected_close_on": change[1], "rep_id": owner,
            }
            for change, owner in zip(changes, owners, strict=True)
        ]  # fmt: skip
    return make_crm(deals=deals, reps=reps, stage_history=history, open_stages=["A"], as_of=as_of, **tables)


def third_quarter(*told, **more):
    """The row of the third quarter of 2026."""
    rows = push_rate_by_quarter(company(BEFORE, *told, **more), period=SEPTEMBER, confidence=0.95)
    return rows.set_index("quarter").loc["2026-Q3"]


FATES = {
    "won": (("d", [("2026-06-01", DUE)], "won", "2026-09-01"), "n_won"),
    "won early": (("d", [("2026-06-01", DUE)], "won", "2026-07-01"), "n_won"),
    "lost": (("d", [("2026-06-01", DUE)], "lost", "2026-09-30"), "n_lost"),
    "put off beyond the quarter": (("d", [("2026-06-01", DUE), ("2026-08-10", LATER)]), "n_pushed"),
    "put off, then won in the next quarter": (
        ("d", [("2026-06-01", DUE), ("2026-08-10", "2026-10-01")], "won", "2026-10-01"), "n_pushed",
    ),
    "a change that names no date": (("d", [("2026-06-01", DUE), ("2026-08-10", None)]), "n_still_due"),
    "put off, then won after all": (
        ("d", [("2026-06-01", DUE), ("2026-08-10", LATER)], "won", "2026-09-20"), "n_won",
    ),
    "put off and brought back": (
        ("d", [("2026-06-01", DUE), ("2026-08-10", LATER), ("2026-09-01", DUE)]), "n_still_due",
    ),
    "put off within the quarter": (("d", [("2026-06-01", DUE), ("2026-08-10", "2026-09-30")]), "n_still_due"),
    "put off only after the quarter": (("d", [("2026-06-01", DUE), ("2026-10-01", LATER)]), "n_still_due"),
}  # fmt: skip


def of(name, told):
    """The same deal, in the hands of a rep named for what happens to it."""
    key, changes, *end = told
    return (f"{key} {name}", [(*change, name) for change in changes], *end)


def cells_by_name(told, as_of):
    """What became of each deal in the third quarter, as the engine counts it for its owner."""
    crm = company(*(of(name, deal) for name, deal in told.items()), as_of=as_of, reps=list(told))
    return due_cells(crm, [CALENDAR.period("2026-Q3")], by=["rep_id"]).set_index("rep_id")


def test_a_deal_that_is_due_ends_in_one_way():
    """Won, lost, pushed or still due, as it stood on the quarter's last evening, seen on 2 October."""
    rows = cells_by_name({name: told for name, (told, _column) in FATES.items()}, date(2026, 10, 2))

    ends = rows[["n_won", "n_lost", "n_pushed", "n_still_due"]]
    assert (rows["n_due"] == 1).all()
    assert (ends.sum(axis=1) == 1).all()
    assert ends.idxmax(axis=1).to_dict() == {name: column for name, (_told, column) in FATES.items()}


NOT_DUE = {
    "overdue when the quarter began": [("2026-05-01", "2026-06-20"), ("2026-07-05", LATER)],
    "due on the day before the quarter": [("2026-05-01", "2026-06-30")],
    "created on the quarter's first day": [("2026-07-01", DUE)],
    "due later all the time": [("2026-05-01", LATER)],
}


def test_what_is_not_due_when_the_quarter_begins_does_not_count():
    """Neither due nor pulled in; a quarter in which nothing was due has no rate."""
    row = third_quarter(*((name, changes) for name, changes in NOT_DUE.items()))

    assert cells_by_name({name: ("d", changes) for name, changes in NOT_DUE.items()}, END).empty
    assert row[["n_due", "n_pulled_in"]].tolist() == [0, 0]
    assert pd.isna(row["push_rate"])


def test_a_deal_that_comes_from_later_is_pulled_in_when_it_is_won_or_due_in_the_quarter():
    """From a later date or from none; one that is lost never belonged to the quarter."""
    row = third_quarter(
        ("a", [("2026-06-01", LATER)], "won", "2026-09-20"),
        ("b", [("2026-06-01", LATER), ("2026-08-01", "2026-09-29")]),
        ("c", [("2026-06-01", None), ("2026-08-01", "2026-09-29")]),
        ("d", [("2026-06-01", LATER)], "lost", "2026-09-20"),
    )

    assert row[["n_due", "n_pulled_in", "pulled_in_amount"]].tolist() == [0, 3, 300]


def test_amounts_are_those_of_the_evening_before_the_quarter():
    """What a deal is set to later does not change how much was due or pushed."""
    history = [
        {"opportunity_id": "d", "changed_at": f"{day} 09:00", "stage": "A", "amount": amount, "rep_id": "ana",
         "expected_close_on": due}
        for day, amount, due in (("2026-06-01", 100, DUE), ("2026-08-10", 900, LATER))
    ]  # fmt: skip
    deals = [
        {"opportunity_id": "d", "rep_id": "ana", "created_on": "2026-06-01", "amount": 900, "expected_close_on": LATER},
        {"opportunity_id": "e", "rep_id": "ana", "created_on": "2026-03-01", "closed_on": "2026-04-20",
         "status": "won"},
    ]  # fmt: skip
    crm = make_crm(deals=deals, reps=["ana"], stage_history=history, as_of=END)

    row = push_rate_by_quarter(crm, period=SEPTEMBER, confidence=0.95).iloc[-1]

    assert row[["due_amount", "pushed_amount", "value_push_rate"]].tolist() == [100, 100, 1]


def test_a_running_quarter_is_held_against_the_same_day_of_former_ones():
    """On 15 August nothing of the second quarter's second half may count: its push came on 1 June."""
    crm = company(
        ("old", [("2025-12-01", "2026-01-15")], "won", "2026-01-20"),
        ("late", [("2026-03-01", "2026-05-10"), ("2026-06-01", LATER)]),
        ("early", [("2026-03-01", "2026-05-10"), ("2026-05-01", LATER)]),
        ("now", [("2026-06-01", DUE), ("2026-08-01", LATER)]),
        as_of=date(2026, 8, 15),
    )

    rows = push_rate_by_quarter(crm, period=CALENDAR.period("2026-08"), confidence=0.95).set_index("quarter")

    assert rows["is_partial"].tolist() == [False, False, True]
    assert rows.loc["2026-Q2", ["n_due", "n_pushed"]].tolist() == [2, 2]
    # The first quarter had one deal due, which was won.
    assert rows.loc["2026-Q3", ["n_due_before", "before_rate"]].tolist() == [3, pytest.approx(1 / 3)]
    assert rows.loc["2026-Q2", ["n_due_before", "before_rate"]].tolist() == [1, 0]
    assert rows["n_due_before"].isna().tolist() == [True, False, False]


def test_quarters_before_the_data_begins_are_left_out():
    """Unknown is not empty; the report's own quarter always stands."""
    rows = push_rate_by_quarter(
        company(BEFORE, ("d", [("2026-06-01", DUE)])), period=SEPTEMBER, n_quarters=8, confidence=0.95
    )

    assert rows["quarter"].tolist() == ["2026-Q2", "2026-Q3"]


def test_without_close_dates_there_is_no_push_rate():
    """Nor a row of zeros; without a stage history the table is named."""
    crm = company(("d", [("2026-03-01", None)], "won", "2026-08-20"))
    undated = company(("d", [("2026-03-01", None)]))

    assert push_rate_by_quarter(undated, period=SEPTEMBER, confidence=0.95).empty
    assert pushes_by_rep(crm, period=SEPTEMBER, confidence=0.95).empty
    assert most_pushed_deals(undated).empty
    with pytest.raises(MissingTableError, match="spans"):
        push_rate_by_quarter(make_crm(reps=["ana"]), period=SEPTEMBER, confidence=0.95)


DAYS = st.dates(date(2026, 3, 1), date(2026, 10, 2))
DATES = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 3, 31)))


@st.composite
def lives(draw):
    """Any life of a deal: close dates and owners that change, and how it ends."""
    days = sorted(draw(st.sets(DAYS, min_size=1, max_size=4)))
    changes = [(str(day), draw(DATES), draw(st.sampled_from(["ana", "bo", "cy"]))) for day in days]
    changes = [(day, due and str(due), rep) for day, due, rep in changes]
    status = draw(st.sampled_from(["open", "open", "won", "lost"]))
    closed = str(draw(st.dates(days[-1], date(2026, 10, 2)))) if status != "open" else None
    return changes, status, closed


# Without shrinking: a failure of many deals is at hand at once, and one of few deals is soon found by hand.
@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@for_any(told=st.lists(lives(), min_size=1, max_size=25), seen_on=st.dates(date(2026, 7, 2), date(2026, 10, 2)))
def test_it_adds_up_and_agrees_with_the_waterfall_on_any_evening(told, seen_on):
    """Due = won + lost + pushed + still due; due, pushed and pulled in as the waterfall of the quarter has them."""
    named = [(f"d{number:03d}", *life) for number, life in enumerate(told)]
    month = CALENDAR.containing(seen_on, "month")
    crm = company(BEFORE, *named, as_of=date(2026, 10, 2)).at(seen_on)

    rows = push_rate_by_quarter(crm, period=month, confidence=0.95)
    back = push_rate_by_quarter(
        company(*named[::-1], BEFORE, as_of=date(2026, 10, 2)).at(seen_on), period=month, confidence=0.95
    )

    pd.testing.assert_frame_equal(rows, back)
    assert (rows["n_due"] == rows[["n_won", "n_lost", "n_pushed", "n_still_due"]].sum(axis=1)).all()
    last = CALENDAR.containing(seen_on, "quarter")
    evening = CALENDAR.previous(last).end
    flow = pipeline_waterfall(crm, period=month, form="period", start_on=evening, end_on=seen_on, target=last.label)
    if len(flow) and len(rows):
        pulled, due = rows.iloc[-1][["n_pulled_in", "pulled_in_amount"]], rows.iloc[-1][["n_due", "n_pushed"]]
        assert pulled.tolist() == flow.iloc[0][["n_pulled_in", "pulled_in_amount"]].tolist()
        assert due.tolist() == flow.iloc[0][["n_start", "n_pushed_out"]].tolist()


# Is it more than before? -----------------------------------------------------------------------------------------


def share_of_alarms(rng, rate, *, n=300, times=1.0, draws=120):
    """How often the last of eight quarters is called unlike those before."""
    found = 0
    for _draw in range(draws):
        shares = rate(rng)
        shares[-1] *= times
        hits = rng.binomial(n, shares)
        p_value = unlike_before(int(hits[-1]), n, pd.Series(hits[:-1]), pd.Series([n] * 7))
        found += p_value < 0.05
    return found / draws


def test_false_alarms_are_rare_and_a_doubled_share_is_found():
    """Where quarters are alike, and where they scatter more than deals alone would; twice the share shows mostly."""
    rng = np.random.default_rng(7)

    def alike(_rng):
        return np.full(8, 0.06)

    def restless(rng):
        return rng.beta(7.2, 112.8, 8)

    assert share_of_alarms(rng, alike) <= 0.06
    assert share_of_alarms(rng, restless) <= 0.11  # 5 % and two standard errors of 120 draws, and a little
    assert share_of_alarms(rng, alike, times=2) >= 0.7


def test_with_few_quarters_before_or_no_deal_due_nothing_is_judged():
    """Three quarters do not show how far quarters lie apart."""
    few, enough = pd.Series([5, 5, 5]), pd.Series([5, 5, 5, 5])
    n = pd.Series([100] * 4)

    assert pd.isna(unlike_before(50, 100, few, n.head(3)))
    assert pd.isna(unlike_before(0, 0, enough, n))
    assert pd.isna(unlike_before(50, 100, enough, n.where(n.index > 0, 0)))
    assert unlike_before(50, 100, enough, n) < 0.001
    assert unlike_before(5, 100, enough, n) == 1
    assert unlike_before(0, 100, pd.Series([0] * 4), n) == 1


# Whose deals -----------------------------------------------------------------------------------------------------


def due(key, rep, *, pushed=False, segment="", day=DUE):
    """A deal that was due in the third quarter, and won or put off."""
    first = ("2026-06-01", day, rep)
    return (key, [first, ("2026-07-10", LATER, rep)]) if pushed else (key, [first], "won", "2026-07-20")


def test_a_rep_is_held_against_the_same_segment_and_month():
    """Each of Ana's deals is of a kind that is put off half of the time: at two of four she is as usual."""
    told = [due(f"a{i}", "ana", pushed=i < 2) for i in range(4)]
    told += [due(f"b{i}", "bo", day="2026-07-25") for i in range(8)]
    rows = pushes_by_rep(company(*told), period=SEPTEMBER, confidence=0.95).set_index("rep_id")

    assert rows.loc["ana", ["n_due", "n_pushed", "push_rate", "usual_rate", "n_extra"]].tolist() == [4, 2, 0.5, 0.5, 0]
    assert rows.loc["bo", ["n_due", "n_pushed", "push_rate", "usual_rate"]].tolist() == [8, 0, 0, 0]


def test_segments_are_kept_apart():
    """Large accounts are put off, small ones are not: Bo's small deals say nothing of Ana's large ones."""
    told = [due(f"a{i}", "ana", pushed=True) for i in range(3)] + [due(f"b{i}", "bo") for i in range(3)]
    reps = [
        {"rep_id": "ana", "name": "Ana", "segment": "Large"},
        {"rep_id": "bo", "name": "Bo", "segment": "Small"},
    ]

    apart = pushes_by_rep(company(*told, reps=reps), period=SEPTEMBER, confidence=0.95).set_index("rep_id")
    together = pushes_by_rep(company(*told, reps=["ana", "bo"]), period=SEPTEMBER, confidence=0.95).set_index("rep_id")

    assert apart["usual_rate"].tolist() == [1, 0]
    assert together["usual_rate"].tolist() == [0.5, 0.5]
    assert (apart["p_value"] == 1).all()


def test_a_deal_counts_once_and_to_who_had_it_when_the_quarter_began():
    """Put off from quarter to quarter it is one deal of Ana's; that Bo takes it over in September changes nothing."""
    crm = company(
        ("old", [("2025-12-01", "2026-01-15")], "won", "2026-01-20"),
        ("d", [("2026-03-01", "2026-05-10", "ana"), ("2026-05-01", DUE, "ana"), ("2026-09-01", LATER, "bo")]),
    )

    rows = pushes_by_rep(crm, period=SEPTEMBER, confidence=0.95)
    quarters = push_rate_by_quarter(crm, period=SEPTEMBER, confidence=0.95)

    assert rows[["rep_id", "n_due", "n_pushed"]].values.tolist() == [["ana", 2, 1]]
    assert quarters["n_pushed"].tolist() == [0, 1, 1]


def test_only_whole_quarters_count_for_reps():
    """In August the third quarter still runs: what is put off so far is no rep's share."""
    crm = company(BEFORE, due("d", "bo", pushed=True), as_of=date(2026, 8, 12))

    rows = pushes_by_rep(crm, period=CALENDAR.period("2026-08"), confidence=0.95)

    assert rows["last_quarter_name"].unique().tolist() == ["Q2 2026"]
    assert rows[["rep_id", "n_due"]].values.tolist() == [["ana", 1]]


def cells(rng, shares, n=50, n_strata=12):
    """Deals due and pushed by rep, in strata of a month."""
    rows = [
        (f"r{rep:02d}", month, k, rng.binomial(k, share))
        for rep, share in enumerate(shares)
        for month, k in enumerate(rng.multinomial(n, np.full(n_strata, 1 / n_strata)))
        if k
    ]
    return pd.DataFrame(rows, columns=["rep_id", "month", "n", "n_pushed"])


def by_rep(told):
    """What the engine counts for each rep, from cells, by the moments of each draw."""
    everyone = told.groupby("month")[["n", "n_pushed"]].transform("sum")
    drawn = hypergeom(everyone["n"], everyone["n_pushed"], told["n"])
    mean, variance, skew = drawn.stats(moments="mvs")
    moments = {
        "n_due": told["n"], "n_pushed": told["n_pushed"], "pushed_amount": 0.0, "usual": mean, "variance": variance,
        "third_moment": np.where(variance > 0, np.nan_to_num(skew) * variance**1.5, 0.0),
        "fewest": np.maximum(everyone["n_pushed"] - everyone["n"] + told["n"], 0),
        "most": np.minimum(told["n"], everyone["n_pushed"]),
    }  # fmt: skip
    rows = told[["rep_id"]].assign(**moments)
    return rows.groupby("rep_id").sum().reset_index()


def exact_chances(told, rep):
    """Chance of at least 0, 1, 2 ... pushes of one rep: the draws of all strata, one after another."""
    everyone = told.groupby("month")[["n", "n_pushed"]].sum()
    chances = np.ones(1)
    for month, n in told[told["rep_id"] == rep].set_index("month")["n"].items():
        n_all, n_all_pushed = everyone.loc[month]
        chances = np.convolve(chances, hypergeom.pmf(np.arange(n + 1), n_all, n_all_pushed, n))
    return chances[::-1].cumsum()[::-1]


def test_the_engine_counts_what_the_draws_of_every_stratum_add_up_to(demo_crm):
    """Mean, variance, third moment and range against scipy's, stratum by stratum, on the demo company."""
    quarters = [demo_crm.calendar.period(f"2026-Q{number}") for number in (2, 3)]
    told = due_cells(demo_crm, quarters[:1], by=["rep_id", "segment", "month"]).query("n_due > 0")
    told = told.assign(month=told["segment"] + told["month"].astype(str)).rename(columns={"n_due": "n"})

    rows = due_by_rep(demo_crm, quarters[:1])
    expected = by_rep(told)
    names = ["n_due", "n_pushed", "usual", "variance", "third_moment", "fewest", "most"]

    assert rows["rep_id"].tolist() == expected["rep_id"].tolist()
    assert rows[names].to_numpy(float) == pytest.approx(expected[names].to_numpy(float), abs=1e-9)
    assert rows["pushed_amount"].sum() == pytest.approx(told["pushed_amount"].sum())


def test_the_chances_are_those_of_the_exact_test():
    """A hundred reps in twenty companies: the number that stands out at 1 in 20 or 1 in 1,000 is mostly the same one.

    Where it is not, it is off by one, and the chance of it is still near the level asked for.
    """
    rng = np.random.default_rng(3)
    levels = (0.05, 0.005, 0.001)
    same, sizes = [], []
    for _company in range(20):
        told = cells(rng, rng.uniform(0.02, 0.5, 5), n=int(rng.integers(5, 90)))
        for row, rep in zip(chances_of_pushes(by_rep(told)), told["rep_id"].unique(), strict=True):
            exact = exact_chances(told, rep)
            assert row[0] == 1
            for level in levels:
                ours, theirs = (int((each > level).sum()) for each in (row[: len(exact)], exact))
                same.append(ours == theirs)
                assert abs(ours - theirs) <= 1
                sizes.append((exact[ours] if ours < len(exact) else 0) / level)

    assert np.mean(same) >= 0.95
    assert max(sizes) <= 1.25


def test_among_equal_reps_hardly_anyone_stands_out_and_who_pushes_four_times_as_much_does():
    """Twenty reps, fifty deals due each; false alarms per table, and how often the one is found and no other."""
    rng = np.random.default_rng(11)
    alarms, found = 0, 0
    for _draw in range(25):
        alarms += against_usual(by_rep(cells(rng, [0.06] * 20)), 0.95)["is_above_company"].any()
        rows = against_usual(by_rep(cells(rng, [0.24, *[0.06] * 19])), 0.95)
        found += bool(rows["is_above_company"].iloc[0])

    assert alarms <= 3  # 5 % of 25 and two standard errors
    assert found >= 17


def test_the_number_that_would_stand_out_does():
    """One deal fewer does not, with all others as they are."""
    base = pd.DataFrame({"rep_id": ["ana", "bo"], "month": 0, "n": [20, 100]})
    n = int(against_usual(by_rep(base.assign(n_pushed=[4, 5])), 0.95)["n_to_show"].iloc[0])
    rows = [against_usual(by_rep(base.assign(n_pushed=[k, 9 - k])), 0.95).iloc[0] for k in (n - 1, n)]

    assert [bool(row["is_above_company"]) for row in rows] == [False, True]


# Which deals -----------------------------------------------------------------------------------------------------


def test_the_deals_pushed_most_come_first_with_their_moves():
    """Two pushes of 10 and 31 days, one move back; a deal that only moved earlier or is closed is not listed."""
    crm = company(
        ("twice", [("2026-06-01", "2026-08-01"), ("2026-07-01", "2026-08-11"), ("2026-08-01", "2026-09-11")]),
        ("back", [("2026-06-01", "2026-08-01"), ("2026-07-01", "2026-09-01"), ("2026-08-01", "2026-08-20")]),
        ("earlier", [("2026-06-01", "2026-08-01"), ("2026-07-01", "2026-07-20")]),
        ("closed", [("2026-06-01", "2026-08-01"), ("2026-07-01", "2026-08-20")], "lost", "2026-09-01"),
    )

    rows = most_pushed_deals(crm)

    assert rows[["opportunity_id", "n_pushes", "pushed_days"]].values.tolist() == [["twice", 2, 41], ["back", 1, 31]]
    assert rows["stability_score"].tolist() == pytest.approx([0.8, 0.8])
    assert [str(day.date()) for day in rows.loc[0, ["first_close_on", "expected_close_on"]]] == [
        "2026-08-01", "2026-09-11",
    ]  # fmt: skip
    assert rows[["n_pushed_open", "n_often", "often_amount"]].iloc[0].tolist() == [2, 0, 0]


def often(key, n, **more):
    """A deal that was put off ``n`` times, by a week each."""
    days = pd.date_range("2026-03-01", periods=n + 1, freq="7D")
    return (key, [(f"{day:%Y-%m-%d}", f"{day + pd.Timedelta(days=60):%Y-%m-%d}") for day in days])


def test_stability_never_falls_below_zero_and_totals_count_what_is_not_listed():
    """Twelve moves; the list of one deal still says that three were pushed, two of them more than twice."""
    rows = most_pushed_deals(company(often("a", 12), often("b", 3), often("c", 2)), most=1)

    assert len(rows) == 1
    assert rows["stability_score"].iloc[0] == 0
    assert rows[["n_pushed_open", "n_often", "often_amount"]].iloc[0].tolist() == [3, 2, 200]


def test_pushes_are_counted_as_the_hygiene_rule_counts_them(demo_crm):
    """More than twice: the same deals on the demo company, and on a small one."""
    for crm in (demo_crm, company(often("a", 12), often("b", 3), often("c", 2))):
        rule = hygiene_by_rule(crm).set_index("fault").loc["is_pushed", "n_faults"]
        rows = most_pushed_deals(crm, most=10_000)
        assert rows["n_often"].iloc[0] == rule == (rows["n_pushes"] > 2).sum()
        assert len(rows) == rows["n_pushed_open"].iloc[0]


# The demo company ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", [push_rate_by_quarter, pushes_by_rep, most_pushed_deals])
def test_the_columns_are_those_promised(metric, demo_run, bare_run):
    """On the demo company, and on a small one with nothing to count; without a history the table is named."""
    empty = company(("d", [("2026-03-01", None)]))
    given = {} if metric is most_pushed_deals else {"period": SEPTEMBER}

    assert list(demo_run.call(metric).columns) == promised(metric)
    assert list(as_reported(metric, empty, **given).columns) == promised(metric)
    assert as_reported(metric, empty, **given).empty
    with pytest.raises(MissingTableError):
        bare_run.call(metric)


def test_the_demo_company_agrees_with_plain_pandas(demo_crm, demo_run):
    """The third quarter by hand, from the states of every deal; the planted slow stage shows as more pushes."""
    states = demo_crm.fetch(demo_crm.spans)
    evening, end = pd.Timestamp(2026, 6, 30), pd.Timestamp(2026, 9, 30)

    def on(day):
        here = (states["valid_from"] <= day) & (states["valid_to"].isna() | (states["valid_to"] > day))
        return states[here].set_index("opportunity_id")

    then = on(evening)
    then = then[~then["stage"].isin(["won", "lost"]) & then["expected_close_on"].between("2026-07-01", "2026-09-30")]
    now = on(end).reindex(then.index)
    pushed = ~now["stage"].isin(["won", "lost"]) & (now["expected_close_on"] > end)

    row = demo_run.call(push_rate_by_quarter).iloc[-1]

    assert row[["n_due", "n_pushed"]].tolist() == [len(then), pushed.sum()]
    assert row["pushed_amount"] == pytest.approx(float(then["amount"][pushed].sum()))
    assert row["is_changed"]
    assert row["push_rate"] > row["before_rate"]
    assert not demo_run.call(pushes_by_rep)["is_above_company"].any()


def test_all_deals_due_are_somebody_s(demo_crm):
    """Counted once, the reps' deals add up to the company's."""
    quarters = [demo_crm.calendar.period(f"2026-Q{number}") for number in (1, 2, 3)]

    by_cell = due_cells(demo_crm, quarters, by=["rep_id", "segment", "month"])
    by_quarter = due_cells(demo_crm, quarters, by=["quarter"])
    once = due_by_rep(demo_crm, quarters)

    for name in ("n_due", "n_pushed", "n_won", "n_lost", "n_still_due", "n_pulled_in"):
        assert by_cell[name].sum() == by_quarter[name].sum()
    assert 0 < once["n_due"].sum() < by_quarter["n_due"].sum()


# Words, charts, tables -------------------------------------------------------------------------------------------

QUARTERS = (
    "quarter quarter_name n_due due_amount n_won n_lost n_pushed n_still_due pushed_amount push_rate push_rate_low "
    "push_rate_high value_push_rate value_push_rate_low value_push_rate_high n_pulled_in pulled_in_amount n_due_before "
    "before_rate p_value is_changed is_partial"
)
SECOND = (
    "2026-Q2", "Q2 2026", 100, 1e6, 40, 50, 6, 4, 9e4, 0.06, 0.03, 0.12, 0.09, 0.05, 0.16, 2, 3e4, pd.NA, NAN, NAN,
    False, False,
)  # fmt: skip
THIRD = (
    "2026-Q3", "Q3 2026", 120, 2e6, 40, 60, 18, 2, 5e5, 0.15, 0.1, 0.22, 0.25, 0.2, 0.3, 3, 7e4, 400, 0.05, 0.004,
    True, False,
)  # fmt: skip


def quarters(*rows, **change):
    """A frame of quarters."""
    return frame(QUARTERS, *rows).assign(**change)


def test_a_risen_share_is_watched_with_what_became_of_the_others(given):
    """The stake is what was pushed beyond the usual share; the owner of the figure is asked."""
    found = words.describe_push_rate_by_quarter(quarters(SECOND, THIRD), **given, confidence=0.95)

    assert found.title == "15.0% of the deals due in Q3 2026 were put off, up from 5.0%"
    assert found.text == (
        "Of 120 open deals due in Q3 2026 when it began, **18** ($500K) had by its end been put off beyond it: 15.0% "
        "(95% interval 10.0% to 22.0%); 25.0% by value. 40 were won, 60 lost and 2 left open with a date that has "
        "passed; 3 deals due later ($70.0K) came in. In the quarters before, 5.0% of 400 had been; the change is "
        "beyond chance."
    )
    assert (found.status, found.action.owner, found.action.due_on) == ("watch", "Sales managers", date(2026, 10, 14))
    assert found.stake == pytest.approx(5e5 * (1 - 0.05 / 0.15))
    assert found.is_headline


def test_a_running_quarter_says_so_and_names_the_last_whole_one(given):
    """Nothing is compared with a whole quarter."""
    whole = (*SECOND[:17], 300, 0.05, 0.6, False, False)
    rows = quarters(whole, (*THIRD[:19], 0.4, False, True))

    found = words.describe_push_rate_by_quarter(
        rows, duties=replace(given["duties"], as_of=date(2026, 8, 12)), confidence=0.95
    )

    assert found.title == "15.0% of the deals due in Q3 2026 were put off so far; no change beyond chance"
    assert "had by 12 August 2026 been put off beyond it" in found.text
    assert "and 2 still due;" in found.text
    assert found.text.endswith(
        "By the same day of the quarters before, 5.0% of 400 had been; the difference is within chance. The last "
        "whole quarter, Q2 2026, pushed 6.0% of 100, within chance of the 5.0% before it."
    )
    assert (found.status, found.action, found.is_headline) == ("note", None, False)


def test_a_fallen_share_is_good_news_and_too_few_quarters_are_said_to_be_few(given):
    """Status by what the test says; nothing to compare with has its own sentence; no amounts, no share of them."""
    fallen = quarters((*THIRD[:18], 0.3, 0.001, True, False))
    few = quarters((*THIRD[:19], NAN, False, False), value_push_rate=NAN)
    first = quarters((*THIRD[:17], pd.NA, NAN, NAN, False, False))

    good, young, alone = (
        words.describe_push_rate_by_quarter(rows, **given, confidence=0.95) for rows in (fallen, few, first)
    )

    assert (good.status, good.title[-15:]) == ("good", "down from 30.0%")
    assert young.title == "15.0% of the deals due in Q3 2026 were put off"
    assert "those are too few quarters to judge a change." in young.text
    assert "by value" not in young.text
    assert "$500K" not in young.text
    assert "There is no quarter before it to compare with." in alone.text


def test_no_deal_due_and_no_close_date_have_their_own_sentences(given):
    """Neither is a rate of 0."""
    none = words.describe_push_rate_by_quarter(quarters(), **given, confidence=0.95)
    quiet = words.describe_push_rate_by_quarter(quarters(THIRD, n_due=0, is_changed=False), **given, confidence=0.95)

    assert none.title == "Pushes cannot be told: open deals have no close date"
    assert quiet.title == "No deal was due when Q3 2026 began"


REPS = (
    "rep_id name team n_due n_pushed push_rate push_rate_low push_rate_high usual_rate n_extra pushed_amount n_to_show "
    "p_value is_above_company n_quarters last_quarter_name"
)
USUAL = ("bo", "Bo", "North", 40, 2, 0.05, 0.01, 0.17, 0.05, 0.0, 2e4, 9, 0.9, False, 4, "Q3 2026")
ABOVE = ("ana", "A*na", "North", 40, 12, 0.3, 0.18, 0.45, 0.05, 10.0, 9e4, 9, 0.001, True, 4, "Q3 2026")


def reps(*rows):
    """A frame of reps."""
    return frame(REPS, *rows).astype({"n_to_show": "Int64"})


def test_who_stands_above_the_usual_is_named_without_a_cause(given):
    """n, usual and pushed; a name cannot end the bold."""
    found = words.describe_pushes_by_rep(reps(ABOVE, USUAL), **given)

    assert found.title == "A*na has more deals put off than is usual for such deals, beyond chance"
    assert found.text == (
        "In 4 quarters to Q3 2026, 14 of 80 deals due were put off. Each rep is held against what the company put off "
        "of deals of the same segment due in the same month. Beyond chance stand **Ana** with 12 of 40, where 2.0 are "
        "usual. Why, the dates do not say."
    )
    assert (found.status, found.is_headline) == ("watch", False)
    many = words.describe_pushes_by_rep(reps(*[ABOVE] * 5), **given)
    assert many.title.startswith("5 reps have")
    assert "; and 2 more." in many.text


def test_nobody_above_is_told_with_what_could_go_unseen(given):
    """The rep with the median number of deals, and the number that would show; or that none would."""
    found = words.describe_pushes_by_rep(reps(USUAL), **given)
    few = words.describe_pushes_by_rep(reps((*USUAL[:11], pd.NA, *USUAL[12:])), **given)

    assert found.title == "No rep puts off more deals than chance explains (1 compared)"
    assert found.text.endswith(
        "A rep with 40 deals due, of which 2.0 are usually put off, would stand out from 9 on; less may go unseen."
    )
    assert few.text.endswith("would stand out with no number: too few to judge anyone.")
    assert words.describe_pushes_by_rep(reps(), **given).title == "Too few deals to judge: none was due"


def test_deals_put_off_more_than_twice_are_to_be_decided_on(given):
    """Totals and the top of the list from the frame."""
    rows = most_pushed_deals(company(often("a", 12), often("b", 3), often("c", 2)))

    found = words.describe_most_pushed_deals(rows, **given)

    assert found.title == f"2 open deals worth {money(200)} were put off more than twice"
    assert found.text == (
        "**3 open deals** have been put off, 2 of them more than twice ($200). Most often **deal a** (**a**, Ana), "
        "worth $100: 12 times by 84 days together, from 30 April 2026 to 23 July 2026. A close date that moves at "
        "every review is a guess, not the customer's."
    )
    assert found.action.what.startswith("Decide on the 2 deals put off more than twice")
    calm = words.describe_most_pushed_deals(rows.assign(n_often=0, often_amount=0.0), **given)
    assert (calm.title, calm.status) == ("3 open deals were put off, none more than twice", "note")
    nothing = words.describe_most_pushed_deals(rows.head(0), **given)
    assert nothing.title == "No open deal has been put off"


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_quarters_are_drawn_as_bars_from_zero_and_the_running_one_apart(width):
    """Heights are the shares; the count stands above each."""
    rows = quarters(SECOND, THIRD).assign(is_partial=[False, True])
    with theme.chart_style(width):
        ax = plots.plot_push_rate_by_quarter(rows)
        bare = plots.plot_push_rate_by_quarter(rows.assign(value_push_rate=NAN, push_rate=NAN, push_rate_high=NAN))
        plots.plot_push_rate_by_quarter(rows.head(0))

    bars = {box.get_label(): [patch.get_height() for patch in box] for box in ax.containers}
    assert bars == {"Pushed / due": [0.06], plots.SO_FAR: [0.15]}
    assert ax.get_ylim()[0] == 0
    assert [text.get_text().replace("/", " of ") for text in ax.texts] == ["6 of 100", "18 of 120"]
    assert not [line for line in bare.get_lines() if line.get_label() == "By value"]


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_reps_are_drawn_against_the_usual_and_marked_by_shape(width):
    """Many reps: both ends and a row that says how many stand between."""
    many = reps(ABOVE, *[(f"r{i}", f"Rep {i}", *USUAL[2:]) for i in range(30)])
    with theme.chart_style(width):
        ax = plots.plot_pushes_by_rep(reps(ABOVE, USUAL))
        crowd = plots.plot_pushes_by_rep(many)
        plots.plot_pushes_by_rep(reps())

    marks = {line.get_label(): list(line.get_xdata()) for line in ax.get_lines() if line.get_label()[0] != "_"}
    assert marks["Pushed / due, with interval"] == [0.3, 0.05]
    assert marks["Usual for such deals"] == [0.05, 0.05]
    assert marks["Above the usual beyond chance"] == [0.3]
    assert "… 15 more …" in [label.get_text() for label in crowd.get_yticklabels()]


def test_tables_show_what_is_there():
    """Empty frames keep one column; a long list is cut for the page."""
    for table, shown in (
        (plots.table_push_rate_by_quarter, quarters(SECOND, THIRD)),
        (plots.table_pushes_by_rep, reps(ABOVE, USUAL)),
        (plots.table_most_pushed_deals, most_pushed_deals(company(often("a", 12), often("b", 3)))),
    ):
        page = write_table(shown, caption="c", name="n", view=table(shown))
        assert page.count("<tr>") == len(shown) + 1
        assert len(shown_names(shown.head(0), table(shown.head(0)))) == 1
    assert percent(0.15, 1) in write_table(
        quarters(THIRD), caption="c", name="n", view=plots.table_push_rate_by_quarter(quarters(THIRD))
    )


def test_a_rep_whom_the_company_does_not_list_stands_by_key(given):
    """Drawn, listed and told without a gap."""
    told = ("d", [("2026-06-01", DUE), ("2026-08-10", LATER)])
    crm = company(BEFORE, told, reps=["bo"])

    rows, deals = pushes_by_rep(crm, period=SEPTEMBER, confidence=0.95), most_pushed_deals(crm)

    assert rows["name"].tolist() == deals["rep_name"].tolist() == ["ana"]
    assert plots.plot_pushes_by_rep(rows).get_yticklabels()[0].get_text().startswith("ana")


def test_a_rep_who_starts_later_than_the_deals_held_is_named(given):
    """A deal handed over to a joiner of next month: nobody reads a key where the name is on record."""
    later = [{"rep_id": "ana", "name": "Ana", "started_on": "2026-10-01"}, "bo"]
    told = ("d", [("2026-06-01", DUE), ("2026-08-10", LATER)])
    crm = company(BEFORE, told, reps=later, as_of=date(2026, 10, 2)).at(END)

    assert pushes_by_rep(crm, period=SEPTEMBER, confidence=0.95)["name"].tolist() == ["Ana"]
