"""Stages that changed: rates and lengths of stay are judged beyond chance, dated and valued, and nothing else is."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st
from scipy.stats import binom, fisher_exact
from statsmodels.stats.proportion import confint_proportions_2indep

from salesops_lib.data.demo.truths import TRUTHS
from salesops_lib.errors import MissingTableError
from salesops_lib.performance_visibility.funnel.stage_change.metrics import POWER, judged_exits, stage_change
from salesops_lib.performance_visibility.funnel.stage_time.metrics import MOST_DAYS, stage_time, stay_cells
from salesops_lib.periods import Period
from salesops_lib.statistics.changes import change_point
from salesops_lib.statistics.differences import false_discovery
from salesops_lib.statistics.survival import life_table, log_rank
from tests.builders import CALENDAR, make_crm
from tests.calling import as_reported
from tests.performance_visibility.funnel.test_funnel import crm_of
from tests.test_contracts import promised

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)
MONTHS = [f"2025-{m:02d}" for m in range(7, 13)] + [f"2026-{m:02d}" for m in range(1, 10)]


def exits_of(stages):
    """Exits by month: ``{"A": (left before, advanced before, left now, advanced now)}``, spread over the months."""
    rows = []
    for stage, (left_before, on_before, left, on) in stages.items():
        for months, n, k in ((MONTHS[:-3], left_before, on_before), (MONTHS[-3:], left, on)):
            steps = [int(n * place / len(months)) for place in range(len(months) + 1)]
            goods = [int(k * place / len(months)) for place in range(len(months) + 1)]
            rows += [(stage, month, steps[i + 1] - steps[i], goods[i + 1] - goods[i]) for i, month in enumerate(months)]
    return pd.DataFrame(rows, columns=["stage", "month", "n_left", "n_advanced"])


def judged(**stages):
    """Rows of ``judged_exits`` by stage."""
    return judged_exits(exits_of(stages), MONTHS, n_months=3, confidence=0.95).set_index("stage")


def deals_of(stays):
    """Deals of one stage ``A`` each: ``(entered, left or None, end)`` as dates, ``won`` or ``lost`` where left."""
    deals, history = [], []
    for number, (entered, left, end) in enumerate(stays):
        key = f"d{number}"
        status = {"status": end, "closed_on": str(left)} if left else {"status": "open"}
        deals.append({"opportunity_id": key, "rep_id": "ana", "created_on": str(entered), **status})
        history.append({"opportunity_id": key, "changed_at": f"{entered} 09:00", "stage": "A", "rep_id": "ana"})
    return {"deals": deals, "reps": ["ana"], "stage_history": history, "open_stages": ["A"]}


# Rates


def test_a_stage_that_lets_fewer_through_is_marked_dated_and_valued():
    """B let 80 of 100 through, now 20 of 50: 20 wins are missing at the chances of what follows (all of it won)."""
    before = [("ABCwon", "2026-02-02")] * 80 + [("ABlost", "2026-02-02")] * 20
    now = [("ABCwon", "2026-08-03")] * 20 + [("ABlost", "2026-08-03")] * 30

    rows = stage_change(crm_of(*before, *now), period=SEPTEMBER, confidence=0.95).set_index("stage")

    assert rows["is_changed"].to_dict() == rows["is_bottleneck"].to_dict() == {"A": False, "B": True, "C": False}
    assert (rows.loc["B", "before_rate"], rows.loc["B", "exit_rate"]) == (0.8, 0.4)
    assert rows.loc["B", "n_wins_missing"] == pytest.approx(20)
    worth = rows.loc["B", ["recoverable_amount_low", "recoverable_amount", "recoverable_amount_high"]]
    assert worth["recoverable_amount"] == pytest.approx(2000)
    # Fifty stays, all that follows is won, 100 a deal: the interval of the change, times 5,000.
    assert worth.tolist()[::2] == pytest.approx(
        (-5000 * rows.loc["B", ["change_rate_high", "change_rate_low"]]).tolist()
    )
    # Nothing ended between February and August, so the change may have begun in any month between.
    assert rows.loc["B", "since_month_low":"since_month_high"].tolist() == ["2026-03", "2026-08"]
    assert rows.loc["A", "since_month":"since_month_high"].isna().all()


def test_a_stay_counts_in_the_month_it_ended_and_a_return_is_no_advance():
    """Two stays in A ended in July, one forward and one lost; B was left backward; the jump over B is not counted."""
    crm = crm_of(("ABAlost", "2026-07-01"), ("ACwon", "2026-06-30"), ("AB", "2026-09-29"))

    rows = stage_change(crm, period=SEPTEMBER, confidence=0.95).set_index("stage")

    assert rows.loc["A", ["n_left", "n_advanced"]].tolist() == [4, 3]
    assert rows.loc["B", ["n_left", "n_advanced"]].tolist() == [1, 0]
    assert rows["n_left_before"].tolist() == [0, 0, 0]
    assert rows[["p_value", "change_rate", "recoverable_amount"]].isna().all(axis=None)


def test_the_test_of_one_stage_is_fisher_s_own():
    """The lady tasting tea: three of four cups right against one of four, two-sided 0.486 (Fisher 1935)."""
    assert judged(A=(4, 1, 4, 3)).loc["A", "p_value"] == pytest.approx(34 / 70)


def test_the_interval_of_the_change_is_newcombe_s():
    """As statsmodels has it, from both Wilson intervals."""
    row = judged(A=(90, 60, 40, 36)).loc["A"]
    expected = confint_proportions_2indep(36, 40, 60, 90, method="newcomb", compare="diff")

    assert row[["change_rate_low", "change_rate_high"]].tolist() == pytest.approx(list(expected))


@pytest.mark.parametrize("others", [0, 3])
def test_the_least_fall_would_show_four_times_in_five(others):
    """Exactly: the chance of a count that the test, over all stages, calls beyond chance, at the rate that it names."""
    same = {f"X{place}": (50, 25, 20, 10) for place in range(others)}
    row = judged(A=(300, 210, 100, 70), **same).loc["A"]
    rate = row["before_rate"] + row["least_change_rate"]

    hits = np.arange(70)
    found = [fisher_exact([[k, 100 - k], [210, 90]]).pvalue <= 0.05 / (1 + others) for k in hits]

    assert binom.pmf(hits[found], 100, rate).sum() == pytest.approx(POWER)
    assert row["least_change_rate"] < -0.1


def test_few_stays_show_no_fall_at_all():
    """Even none of two would not stand out from eight of ten; without stays nothing can be told."""
    rows = judged(A=(10, 8, 2, 1), B=(10, 8, 0, 0))

    assert rows["least_change_rate"].isna().all()
    assert pd.isna(rows.loc["B", "exit_rate"])


def test_the_bottleneck_is_the_fallen_stage_with_most_to_recover():
    """A and C fell alike, but more deals pass A; B rose, and what rises is no bottleneck."""
    before = [("ABCwon", "2026-02-02")] * 300 + [("Alost", "2026-02-02")] * 100
    before += [("ABlost", "2026-02-02")] * 100 + [("ABClost", "2026-02-02")] * 100
    now = [("ABCwon", "2026-08-03")] * 30 + [("Alost", "2026-08-03")] * 70 + [("ABClost", "2026-08-03")] * 30

    rows = stage_change(crm_of(*before, *now), period=SEPTEMBER, confidence=0.95).set_index("stage")

    assert rows["is_changed"].tolist() == [True, True, True]
    assert rows["change_rate"].gt(0).tolist() == [False, True, False]
    assert rows["is_bottleneck"].tolist() == [True, False, False]
    assert rows.loc["A", "recoverable_amount"] > rows.loc["C", "recoverable_amount"] > 0


def test_a_stage_that_only_rose_is_changed_but_no_bottleneck():
    """There is nothing to recover; what it brings more is below zero."""
    before = [("ABwon", "2026-02-02")] * 20 + [("Alost", "2026-02-02")] * 40
    now = [("ABwon", "2026-08-03")] * 40 + [("Alost", "2026-08-03")] * 10

    row = stage_change(crm_of(*before, *now, stages=["A", "B"]), period=SEPTEMBER, confidence=0.95).iloc[0]

    assert (row["is_changed"], row["is_bottleneck"]) == (True, False)
    assert row["recoverable_amount"] < 0


def test_deals_that_outlived_the_start_of_the_data_are_no_yardstick():
    """Closings are known from June on; of the time before it only deals are known that went on, whatever their stage."""
    outlived = [
        {"opportunity_id": f"s{n}", "rep_id": "ana", "created_on": "2026-03-01", "status": "open"} for n in range(90)
    ]
    lost = [
        {
            "opportunity_id": f"k{n}", "rep_id": "ana", "created_on": "2026-06-01", "closed_on": "2026-06-02",
            "status": "lost",
        }
        for n in range(9)
    ]  # fmt: skip
    moves = [(deal, f"2026-{day} 09:00", stage) for deal in outlived for day, stage in (("03-01", "A"), ("04-30", "B"))]
    moves += [(deal, "2026-06-01 09:00", "A") for deal in lost]
    history = [
        {"opportunity_id": deal["opportunity_id"], "changed_at": at, "stage": stage, "rep_id": "ana"}
        for deal, at, stage in moves
    ]
    crm = make_crm(
        deals=[*outlived, *lost], reps=["ana"], open_stages=["A", "B"], as_of=END, stage_history=history
    )  # fmt: skip

    assert stage_change(crm, period=SEPTEMBER, confidence=0.95)["n_left_before"].tolist() == [9, 0]
    assert stage_time(crm, period=SEPTEMBER, confidence=0.95)["n_left_before"].tolist() == [9, 0]


def test_a_company_whose_first_closing_is_recent_has_nothing_to_compare():
    """Closings since August, deals since May: there is no time before the last months, so nothing is judged."""
    stays = [(date(2026, 5, 4) + timedelta(n), date(2026, 8, 3) + timedelta(n), "won") for n in range(40)]
    stays += [(date(2026, 5, 4), None, "")] * 9
    crm = make_crm(**deals_of(stays), as_of=END)

    change, time = (
        stage_change(crm, period=SEPTEMBER, confidence=0.95).iloc[0],
        stage_time(crm, period=SEPTEMBER, confidence=0.95).iloc[0],
    )

    assert change[["n_left", "n_left_before"]].tolist() == time[["n_left", "n_left_before"]].tolist() == [40, 0]
    assert pd.isna([change["p_value"], time["p_value"], time["before_days"]]).all()


# Time


def test_an_age_is_passed_by_those_who_reached_it():
    """In a window from day 10 to 19: who was there already counts from that age on, who goes on to its last day."""
    start = date(2026, 7, 10)
    stays = [
        (start, start + timedelta(2), "won"),
        (start - timedelta(5), start + timedelta(1), "lost"),
        (start + timedelta(7), None, ""),
        (start - timedelta(9), start - timedelta(1), "won"),
    ]
    window = Period("w", "month", start, start + timedelta(9))

    table = life_table(stay_cells(make_crm(**deals_of(stays), as_of=END), window))

    assert table["at_risk"].tolist() == [2, 2, 2, 0, 0, 1, 1]
    assert table["left"].tolist() == [0, 0, 1, 0, 0, 0, 1]


@settings(max_examples=8, deadline=None)
@for_any(
    stays=st.lists(
        st.tuples(st.dates(date(2026, 5, 1), END), st.none() | st.integers(0, 60), st.sampled_from(["won", "lost"])),
        max_size=12,
    )
)
def test_the_cells_say_what_counting_every_day_says(stays):
    """A slow loop over stays and days as judge: at risk on each day spent in the stage, both windows apart."""
    stays = [(entered, entered + timedelta(days) if days is not None else None, end) for entered, days, end in stays]
    stays = [(entered, left, end) for entered, left, end in stays if left is None or left <= END]
    crm, back = (make_crm(**deals_of(each), as_of=END) for each in (stays, stays[::-1]))
    total = 0
    for window in (
        Period("b", "month", date(2026, 5, 1), date(2026, 6, 30)),
        Period("n", "month", date(2026, 7, 1), END),
    ):
        at_risk, left_at = np.zeros(200), np.zeros(200)
        for entered, left, _end in stays:
            for age in range(200):
                day = entered + timedelta(age)
                if window.start <= day <= window.end and (left is None or day <= left):
                    at_risk[age] += 1
                    left_at[age] += day == left
        cells = stay_cells(crm, window)
        table = life_table(cells)
        assert table["at_risk"].tolist() == at_risk[: len(table)].tolist()
        assert table["left"].tolist() == left_at[: len(table)].tolist()
        assert at_risk[len(table) :].sum() == 0
        total += int(table["left"].sum())
        pd.testing.assert_frame_equal(cells, stay_cells(back, window))

    assert total == sum(left is not None for _entered, left, _end in stays)


def test_a_stage_that_holds_deals_longer_is_found_while_most_are_still_there():
    """Stays of 4 days became stays of 12; those that go on count, and days of waiting are the sum over a month."""
    old = [(date(2026, 2, 1) + timedelta(n), date(2026, 2, 5) + timedelta(n), "won") for n in range(60)]
    new = [(date(2026, 7, 1) + timedelta(n), date(2026, 7, 13) + timedelta(n), "won") for n in range(40)]
    fresh = [(END - timedelta(2), None, "")] * 6

    row = stage_time(make_crm(**deals_of([*old, *new, *fresh]), as_of=END), period=SEPTEMBER, confidence=0.95).iloc[0]

    assert row[["n_left", "n_still_there", "n_left_before"]].tolist() == [40, 6, 60]
    assert row[["before_days", "stay_days", "change_days"]].tolist() == [4, 12, 8]
    assert row["is_slower"]
    assert row["pace_ratio_high"] < 1
    assert row["n_entered_per_month"] == pytest.approx(46 / 92 * 365.25 / 12)
    assert row["extra_days"] == pytest.approx(8 * row["n_entered_per_month"])


def test_a_faster_stage_is_changed_but_not_slower():
    """The same the other way round."""
    old = [(date(2026, 2, 1) + timedelta(n), date(2026, 2, 13) + timedelta(n), "won") for n in range(60)]
    new = [(date(2026, 7, 1) + timedelta(n), date(2026, 7, 5) + timedelta(n), "won") for n in range(40)]

    row = stage_time(make_crm(**deals_of([*old, *new]), as_of=END), period=SEPTEMBER, confidence=0.95).iloc[0]

    assert (row["is_changed"], row["is_slower"]) == (True, False)
    assert row["pace_ratio"] > 1


def test_stays_are_followed_for_two_years():
    """A stay that ended after them, or that goes on beyond them, is neither an end nor still there."""
    stays = [
        (END - timedelta(MOST_DAYS + 40), END - timedelta(9), "lost"),
        (END - timedelta(MOST_DAYS + 1), None, ""),
        (END - timedelta(MOST_DAYS), None, ""),
        (END - timedelta(30), END - timedelta(3), "won"),
    ]

    row = stage_time(make_crm(**deals_of(stays), as_of=END), period=SEPTEMBER, confidence=0.95).iloc[0]

    assert row[["n_left", "n_still_there"]].tolist() == [1, 1]


# Both


def test_a_report_within_a_month_knows_what_was_known_then():
    """On the 15th a stay that ends on the 20th goes on; the days after count for nothing."""
    stays = [(date(2026, 9, 1), date(2026, 9, 20), "won"), (date(2026, 9, 2), date(2026, 9, 10), "lost")]
    crm = make_crm(**deals_of(stays), as_of=END).at(date(2026, 9, 15))

    change, time = (
        stage_change(crm, period=SEPTEMBER, confidence=0.95).iloc[0],
        stage_time(crm, period=SEPTEMBER, confidence=0.95).iloc[0],
    )

    assert change[["n_left", "n_advanced"]].tolist() == [1, 0]
    assert time[["n_left", "n_still_there"]].tolist() == [1, 1]
    # July, August and fifteen days of September.
    assert time["n_entered_per_month"] == pytest.approx(2 / 77 * 365.25 / 12)


@pytest.mark.parametrize("metric", [stage_change, stage_time])
def test_columns_are_as_promised_with_or_without_data(metric, demo_run, bare_run):
    """On the demo company, where no deal ever moved and where no stage is known; without a history the table is named."""
    empty = make_crm(reps=["ana"], open_stages=["A", "B"], stage_history=[], as_of=END)
    bare = make_crm(reps=["ana"], stage_history=[], as_of=END)
    full, none, nothing = demo_run.call(metric), *(as_reported(metric, crm, period=SEPTEMBER) for crm in (empty, bare))

    assert list(full.columns) == list(none.columns) == promised(metric)
    assert (full.dtypes == none.dtypes).all()
    assert (full.dtypes == nothing.dtypes).all()
    assert nothing.empty
    assert none["stage"].tolist() == ["A", "B"]
    assert none["p_value"].isna().all()
    with pytest.raises(MissingTableError, match="visits"):
        bare_run.call(metric)


@pytest.mark.parametrize(
    ("month", "is_slow", "is_fallen"),
    [("2025-10", 0, 0), ("2026-01", 0, 0), ("2026-04", 0, 0), ("2026-05", 1, 0), ("2026-07", 1, 1), ("2026-09", 1, 1)],
)
def test_the_planted_bottleneck_is_found_in_time_and_nothing_before_it(demo_crm, month, is_slow, is_fallen):
    """Proposals entered from May on take longer at once; fewer advance as they end, from June on; before, nothing."""
    period = demo_crm.calendar.period(month)
    crm = demo_crm.at(period.end)
    change, time = stage_change(crm, period=period, confidence=0.95), stage_time(crm, period=period, confidence=0.95)
    fallen = change[change["is_changed"] & (change["change_rate"] < 0)]

    assert time.loc[time["is_slower"], "stage"].tolist() == [TRUTHS.bottleneck_stage] * is_slow
    assert fallen["stage"].tolist() == change.loc[change["is_bottleneck"], "stage"].tolist()
    assert fallen["stage"].tolist() == [TRUTHS.bottleneck_stage] * is_fallen
    if is_fallen:
        found = fallen.iloc[0]
        assert found["since_month_low"] <= f"{TRUTHS.bottleneck_from:%Y-%m}" <= found["since_month"] <= "2026-06"
        assert found["recoverable_amount_low"] > 0
    else:
        assert not change["is_changed"].any()


def test_the_demo_s_counts_are_those_of_its_visits(demo_crm):
    """Recounted in pandas from the visits themselves."""
    visits = demo_crm.fetch(demo_crm.visits)
    own = visits[(visits["stage"] == "Proposal") & visits["left_on"].between("2026-07-01", "2026-09-30")]
    change = stage_change(demo_crm, period=SEPTEMBER, confidence=0.95).set_index("stage").loc["Proposal"]
    time = stage_time(demo_crm, period=SEPTEMBER, confidence=0.95).set_index("stage").loc["Proposal"]

    assert change[["n_left", "n_advanced"]].tolist() == [len(own), own["next_stage"].isin(["Negotiation", "won"]).sum()]
    assert time["n_left"] == (own["days"] <= MOST_DAYS).sum()


# Chance

DAY, MONTH = 30, 30
"""Days of a month and months of a simulated company."""


def simulated(rng, per_month, *, since=MONTH, fall=1.0, slow=1.0):
    """Stays of one stage with growth and seasons: day entered, days stayed, whether they advanced."""
    months = np.arange(MONTH)
    n = rng.poisson(per_month * 1.015**months * (1 + 0.3 * np.sin(months * np.pi / 6)))
    entered = np.repeat(months * DAY, n) + rng.integers(0, DAY, n.sum())
    is_late = entered >= since * DAY
    advances = rng.random(len(entered)) < 0.68 * np.where(is_late, fall, 1)
    days = 14 * np.exp(0.65 * rng.normal(size=len(entered))) * np.where(advances, 1, 1.2) * np.where(is_late, slow, 1)
    return entered, np.maximum(np.rint(days), 1).astype(int), advances


def rate_p_values(stages, month):
    """Adjusted p-values of the rates of three months against the twelve before."""
    p_values = []
    for entered, days, advances in stages:
        ended = (entered + days) // DAY
        now, before = (ended > month - 3) & (ended <= month), (ended > month - 15) & (ended <= month - 3)
        table = [[int((advances & side).sum()), int((~advances & side).sum())] for side in (now, before)]
        p_values.append(fisher_exact(table).pvalue)
    return false_discovery(p_values)


def time_p_values(stages, month):
    """Adjusted p-values of the stays of the same months."""
    p_values = []
    for entered, days, _advances in stages:
        tables = []
        for start, end in (((month - 2) * DAY, (month + 1) * DAY - 1), ((month - 14) * DAY, (month - 2) * DAY - 1)):
            left, seen = entered + days, (entered <= end) & (entered + days >= start)
            first, last = np.maximum(start - entered, 0)[seen], (np.minimum(left, end) - entered)[seen]
            over, size = (left <= end)[seen], int(last.max()) + 1
            counts = {"n_from": first, "n_to": last, "n_left": last[over]}
            cells = {name: np.bincount(ages, minlength=size) for name, ages in counts.items()}
            tables.append(life_table(pd.DataFrame({"age": range(size), **cells})))
        p_values.append(log_rank(*tables, confidence=0.95)[-1])
    return false_discovery(p_values)


@pytest.mark.parametrize("p_values_of", [rate_p_values, time_p_values])
def test_without_a_change_one_table_in_twenty_at_most_shows_one(p_values_of):
    """Four stages, growth, seasons, reports of months that share their past: 5 % of 120 tables, and luck on top."""
    rng = np.random.default_rng(7)
    companies = ([simulated(rng, 60) for _ in range(4)] for _ in range(40))
    alarms = [(p_values_of(stages, month) < 0.05).any() for stages in companies for month in (20, 21, 25)]

    assert len(alarms) == 120
    assert np.mean(alarms) < 0.1


@pytest.mark.parametrize(("p_values_of", "change"), [(rate_p_values, {"fall": 0.8}), (time_p_values, {"slow": 1.25})])
def test_a_fall_of_a_fifth_is_found_within_three_months(p_values_of, change):
    """One stage of four, some 130 entries a month: nine in ten are found after three months, and are dated right."""
    rng = np.random.default_rng(8)
    found = []
    for _ in range(25):
        stages = [simulated(rng, 100, since=20, **change), *(simulated(rng, 100) for _ in range(3))]
        found.append(p_values_of(stages, 22)[0] < 0.05)

    assert np.mean(found) >= 0.8


def test_the_range_of_the_month_holds_the_true_one():
    """A rate falls from 68 % to 54 % in the eleventh of fifteen months: the range holds it nine times in ten."""
    rng = np.random.default_rng(9)
    rates = np.where(np.arange(15) < 10, 0.68, 0.54)
    found = [change_point(np.full(15, 200), rng.binomial(200, rates), -0.1) for _ in range(300)]

    assert np.mean([low <= 10 <= high for _place, low, high in found]) >= 0.9
    assert np.mean([high - low for _place, low, high in found]) < 2
