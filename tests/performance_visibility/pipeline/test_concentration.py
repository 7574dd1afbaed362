"""Concentration: shares of the largest deals and accounts, and what the loss of the largest deal would do."""

from datetime import date
from itertools import accumulate
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, settings
from hypothesis import given as for_any
from hypothesis import strategies as st

from salesops_lib import theme
from salesops_lib.data import open_crm
from salesops_lib.parameters import read_parameters
from salesops_lib.performance_visibility.pipeline.concentration import metrics as module
from salesops_lib.performance_visibility.pipeline.concentration import narrative as words
from salesops_lib.performance_visibility.pipeline.concentration import plots
from salesops_lib.performance_visibility.pipeline.concentration.metrics import (
    largest_open_deals,
    pipeline_concentration,
)
from salesops_lib.performance_visibility.pipeline.coverage.metrics import pipeline_coverage
from salesops_lib.reporting.tables.table import shown_names, write_table
from tests.builders import make_crm
from tests.performance_visibility.frames import NAN
from tests.test_contracts import promised

ROOT = Path(__file__).parents[3]
REAL = ROOT.parent / "shared" / "real"
END = date(2026, 9, 30)
DUE, NEXT, PAST = "2026-11-15", "2027-02-01", "2026-09-01"
TOPS = ["top1_rate", "top5_rate", "top10_rate"]


def company(*amounts, due=DUE, accounts=None, names=None, **tables):
    """Open deals of these amounts, due in the fourth quarter of 2026 unless ``due`` says otherwise."""
    if names:
        tables["accounts"] = [{"account_id": key, "name": name} for key, name in names.items()]
    holders = accounts or [None] * len(amounts)
    days = due if isinstance(due, list) else [due] * len(amounts)
    deals = [
        {"rep_id": "ana", "amount": amount, "expected_close_on": day, "account_id": holder, "stage": "A",
         "created_on": "2026-08-31"}
        for amount, day, holder in zip(amounts, days, holders, strict=True)
    ]  # fmt: skip
    return make_crm(deals=deals, reps=["ana"], open_stages=["A"], as_of=END, **tables)


def row_of(crm, target="2026-Q4", **options):
    """The row of a target."""
    return pipeline_concentration(crm, **options).set_index("target").loc[target]


def test_shares_of_the_largest_deals():
    """A deal of 40, one of 20 and eight of 5: the largest is 40 %, five are 75 %, ten are all, two make half."""
    row = row_of(company(5, 5, 40, 5, 5, 20, 5, 5, 5, 5))

    assert row[["n_open", "open_amount", "largest_amount"]].tolist() == [10, 100, 40]
    assert row[TOPS].tolist() == pytest.approx([0.4, 0.75, 1])
    assert row["n_half"] == 2
    assert row["effective_deals"] == pytest.approx(100**2 / (40**2 + 20**2 + 8 * 5**2))


def test_deals_of_one_size_are_as_many_as_they_are():
    """The effective number of equal deals is their number, and half of them make half."""
    row = row_of(company(*[7.77] * 12))

    assert row["effective_deals"] == pytest.approx(12)
    assert row["n_half"] == 6
    assert row[TOPS].tolist() == pytest.approx([1 / 12, 5 / 12, 10 / 12])


def test_deals_belong_to_the_quarter_they_are_due_in():
    """Overdue deals and those of later quarters stand only in the row over all."""
    rows = pipeline_concentration(company(1, 2, 4, 8, due=[DUE, NEXT, PAST, "2027-05-01"])).set_index("target")

    assert rows["open_amount"].to_dict() == {"2026-Q4": 1, "2027-Q1": 2, "all": 15}
    assert rows["target_name"].tolist() == ["Q4 2026", "Q1 2027", "All open deals"]


def test_deals_without_an_amount_are_counted_and_weigh_nothing():
    """Missing, 0 and below 0 alike; where none has one, all shares are missing."""
    row = row_of(company(10, None, 0, -5))
    none = row_of(company(None, 0))

    assert row[["n_open", "n_without_amount", "open_amount", "top1_rate"]].tolist() == [4, 3, 10, 1]
    assert none[["n_open", "n_without_amount", "open_amount"]].tolist() == [2, 2, 0]
    assert none[[*TOPS, "effective_deals", "n_half", "largest_amount"]].isna().all()
    assert not none["is_concentrated"]


def test_accounts_hold_what_their_deals_hold():
    """Two deals of one account together are its share; half is in that account alone."""
    row = row_of(company(30, 30, 25, 15, accounts=["a", "a", "b", "c"]))

    assert row[["n_accounts", "n_without_account", "n_half_accounts"]].tolist() == [3, 0, 1]
    assert row[["account_top1_rate", "account_top5_rate"]].tolist() == pytest.approx([0.6, 1])


def test_deals_without_an_account_make_shares_of_accounts_low_and_are_never_one_account():
    """They stay in the base; where known accounts hold less than half, nobody knows how many make half."""
    row = row_of(company(30, 50, 20, accounts=["a", None, None]))
    nobody = row_of(company(30, 50))

    assert row[["n_accounts", "n_without_account"]].tolist() == [1, 2]
    assert row["account_top1_rate"] == pytest.approx(0.3)
    assert pd.isna(row["n_half_accounts"])
    assert nobody[["n_accounts", "account_top1_rate", "n_half_accounts"]].isna().all()
    assert nobody["n_without_account"] == 2


def test_without_close_dates_only_all_deals_are_told_and_without_deals_nothing():
    """No quarter is made up."""
    undated = pipeline_concentration(company(3, 1, due=None))
    closed = make_crm(deals=[("ana", "2026-08-01", "won")], as_of=END)

    assert undated[["target", "top1_rate"]].values.tolist() == [["all", 0.75]]
    assert largest_open_deals(company(3, 1, due=None))["target"].tolist() == ["all", "all"]
    assert pipeline_concentration(closed).empty
    assert largest_open_deals(closed).empty


GOAL = {"quotas": [{"level": "company", "period": "2026-Q4", "measure": "bookings", "amount": 100}]}


def test_the_loss_of_the_largest_deal_is_told_as_coverage():
    """150 open against a goal of 100; without the 50 there is 1.0x, and no history says how much is needed."""
    row = row_of(company(50, *[10] * 10, **GOAL))

    assert row[["gap_amount", "coverage_ratio", "coverage_without_ratio"]].tolist() == pytest.approx([100, 1.5, 1.0])
    assert pd.isna(row["needed_ratio"])
    assert not row["is_decided_by_largest"]
    assert row_of(company(50, 100))[["gap_amount", "coverage_ratio", "coverage_without_ratio"]].isna().all()


@pytest.mark.parametrize(("needed", "decides"), [(0.9, False), (1.0, False), (1.2, True), (1.5, True), (1.6, False)])
def test_the_largest_deal_decides_where_coverage_is_enough_with_it_and_not_without(monkeypatch, needed, decides):
    """Coverage of 1.5x falls to 1.0x; what was short before is no matter of concentration."""
    crm = company(50, *[10] * 10, **GOAL)
    coverage = pipeline_coverage(crm).assign(needed_ratio=needed, yield_rate=0.25)
    monkeypatch.setattr(module, "pipeline_coverage", lambda _crm: coverage)

    row = row_of(crm)

    assert row["is_decided_by_largest"] == decides
    assert row["luck_rate"] == pytest.approx((3 / row["effective_deals"]) ** 0.5)


def test_luck_is_the_spread_of_deals_won_one_by_one(monkeypatch):
    """Against ten thousand quarters in which each deal is won one time in four."""
    amounts = np.array([50.0, *[10.0] * 10])
    rng = np.random.default_rng(2)
    won = (rng.random((20_000, len(amounts))) < 0.25) @ amounts
    crm = company(*amounts)
    coverage = pipeline_coverage(crm).assign(yield_rate=0.25)
    monkeypatch.setattr(module, "pipeline_coverage", lambda _crm: coverage)

    assert row_of(crm)["luck_rate"] == pytest.approx(won.std() / won.mean(), rel=0.03)


def test_the_limits_are_those_given():
    """Eleven deals of one size: the largest is 9 %, five are 45 %."""
    crm = company(*[1] * 11)

    assert row_of(crm)["is_concentrated"]
    assert not row_of(crm, most_five=0.5)["is_concentrated"]
    assert row_of(crm, most_one=0.09, most_five=0.5)["is_concentrated"]


AMOUNTS = st.lists(st.one_of(st.none(), st.integers(0, 10**7).map(lambda cents: cents / 100)), max_size=30)


# Without shrinking: a failure of many deals is at hand at once, and one of few deals is soon found by hand.
@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@for_any(amounts=AMOUNTS)
def test_the_shares_are_those_of_a_sorted_list(amounts):
    """By a plain loop, for any amounts in any order; an account for each deal gives the same."""
    crm = company(*amounts, accounts=[f"a{number}" for number in range(len(amounts))])
    rows, deals = pipeline_concentration(crm), largest_open_deals(crm, most=100)
    sizes = sorted((amount for amount in amounts if amount), reverse=True)
    whole = sum(sizes)

    assert len(rows) == (3 if amounts else 0)
    assert deals["amount"].tolist() == pytest.approx(sizes)
    if not whole:
        return
    row = rows.iloc[0]
    assert row[TOPS].tolist() == pytest.approx([sum(sizes[:n]) / whole for n in (1, 5, 10)])
    assert row[["account_top1_rate", "account_top5_rate", "account_top10_rate"]].tolist() == pytest.approx(
        row[TOPS].tolist()
    )
    reached = [total >= whole / 2 - 1e-6 for total in accumulate(sizes)]
    assert row["n_half"] == row["n_half_accounts"] == reached.index(True) + 1
    assert row["effective_deals"] == pytest.approx(whole**2 / sum(size**2 for size in sizes))
    assert deals["share_rate"].sum() == pytest.approx(1)
    assert deals["running_rate"].tolist() == pytest.approx([total / whole for total in accumulate(sizes)])


# The deals behind it ---------------------------------------------------------------------------------------------


def test_the_largest_deals_are_listed_with_what_is_known_of_them():
    """Account, owner, stage, age and pushes; the list ends where it is told to, shares are of the whole quarter."""
    history = [
        {"opportunity_id": "d00001", "changed_at": f"{day} 09:00", "stage": "A", "amount": 60, "rep_id": "ana",
         "expected_close_on": due}
        for day, due in (("2026-08-31", "2026-10-01"), ("2026-09-10", "2026-10-20"), ("2026-09-20", DUE))
    ]  # fmt: skip
    crm = company(
        30, 60, 10, 99, due=[DUE, DUE, DUE, NEXT], accounts=["a", "b", None, "a"], stage_history=history,
        names={"a": "Acme", "b": "Bolt"},
    )  # fmt: skip

    rows = largest_open_deals(crm)

    assert rows[["account", "rep_name", "amount", "share_rate", "age_days"]].iloc[0].tolist() == [
        "Bolt", "Ana", 60, 0.6, 30,
    ]  # fmt: skip
    assert rows["running_rate"].tolist() == pytest.approx([0.6, 0.9, 1])
    assert rows["n_pushes"].iloc[0] == 2
    assert pd.isna(rows["account"].iloc[2])
    pd.testing.assert_frame_equal(largest_open_deals(crm, most=2), rows.head(2))


def test_without_a_stage_history_pushes_are_unknown():
    """Missing, not 0."""
    assert largest_open_deals(company(1, 2))["n_pushes"].isna().all()


# Companies -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", [pipeline_concentration, largest_open_deals])
def test_the_columns_are_those_promised(metric, demo_run, bare_run):
    """On the demo company and with nothing to count."""
    assert list(demo_run.call(metric).columns) == promised(metric)
    assert list(bare_run.call(metric).columns) == promised(metric)
    assert bare_run.call(metric).empty


def test_the_demo_company_agrees_with_coverage_and_plain_pandas(demo_crm, demo_run):
    """Deals and amounts as the section on coverage has them; shares from a sorted list."""
    rows, coverage = demo_run.call(pipeline_concentration), pipeline_coverage(demo_crm)
    deals = demo_crm.fetch(demo_crm.opportunities).astype({"amount": float})
    due = deals[(deals["status"] == "open") & deals["expected_close_on"].between("2026-10-01", "2026-12-31")]
    sizes = due["amount"].sort_values(ascending=False)
    accounts = due.groupby("account_id")["amount"].sum().sort_values(ascending=False)

    row = rows.iloc[0]

    assert rows["n_open"].head(2).tolist() == coverage["n_open"].tolist()
    assert rows["open_amount"].head(2).tolist() == pytest.approx(coverage["open_amount"].tolist())
    assert row[TOPS].tolist() == pytest.approx([sizes.head(n).sum() / sizes.sum() for n in (1, 5, 10)])
    assert row["account_top5_rate"] == pytest.approx(accounts.head(5).sum() / sizes.sum())
    assert row["n_half"] == (sizes.cumsum() < sizes.sum() / 2).sum() + 1
    assert demo_run.call(largest_open_deals)["amount"].tolist() == sizes.head(25).tolist()


def test_maven_s_open_deals_name_few_accounts():
    """2,619 open deals without close dates, 1,414 of them without an account; none is made up."""
    if not (REAL / "maven_crm").is_dir():
        pytest.skip("the foreign data (../shared/real/maven_crm) is not on this machine")
    crm = open_crm(read_parameters(ROOT / "examples" / "maven_crm", source=str(REAL / "maven_crm")))

    rows = pipeline_concentration(crm.at(date(2017, 11, 30)))

    assert rows[["target", "n_open", "n_without_account", "n_accounts"]].values.tolist() == [["all", 2619, 1414, 85]]
    assert pd.isna(rows["n_half_accounts"].iloc[0])


# Words, charts, tables -------------------------------------------------------------------------------------------


def told(given, crm, **change):
    """What is said of a company's pipeline, with some figures of the quarter to land set by hand."""
    rows = pipeline_concentration(crm)
    for name, value in change.items():
        rows[name] = rows[name].astype(object)
        rows.loc[0, name] = value
    return words.describe_pipeline_concentration(rows, **given)


FEW = (50, *[10] * 10)
MANY = (2, *[1] * 60)


def test_a_quarter_that_one_deal_decides_needs_action(given):
    """Coverage falls below what was needed: owner, day, amount and the rule, which is our choice."""
    found = told(
        given, company(*FEW, accounts=["a", "b", "b", *"cdefghij"], **GOAL),
        needed_ratio=1.2, luck_rate=0.5, is_decided_by_largest=True,
    )  # fmt: skip

    assert found.title == "Q4 2026 rests on few deals: the largest is 33.3%, five are 60%"
    assert found.text == (
        "$150 is open in 11 deals due in Q4 2026. **4 deals hold** half of it; it is spread like 6 deals of one size, "
        "so that luck alone moves what it brings by about 50% (standard deviation). Without the largest ($50) coverage "
        "of the gap to the goal would fall from 1.50x to 1.00x, below the 1.20x that former quarters had. The rule for "
        "resting on few deals is our choice: largest deal above 10% of the pipeline, or the five largest above 33%."
    )
    assert (found.status, found.stake, found.is_headline) == ("act", 50, True)
    assert (found.action.owner, found.action.due_on) == ("Eli", date(2026, 10, 7))
    assert "open or pull in $50 of pipeline for Q4 2026" in found.action.what


def test_a_concentrated_quarter_that_can_bear_the_loss_is_watched(given):
    """No action where coverage stays enough, is short anyway, or cannot be told."""
    enough, short, unknown = (told(given, company(*FEW, **GOAL), needed_ratio=needed) for needed in (0.9, 1.6, NAN))

    assert {(each.status, each.action, each.is_headline) for each in (enough, short, unknown)} == {
        ("watch", None, False)
    }
    assert "to 1.00x, still no less than the 0.90x that former quarters had." in enough.text
    assert "to 1.00x; it is below the 1.60x that former quarters had as it is." in short.text
    assert "the data has no history to tell." in unknown.text


def test_a_quarter_of_many_deals_is_good_news(given):
    """61 deals; without a goal nothing is said of coverage; the rule is not recited."""
    found = told(given, company(*MANY))

    assert found.title == "Q4 2026 does not rest on few deals: the largest is 3.2%, five are 10%"
    assert found.status == "good"
    assert "overage" not in found.text
    assert "our choice" not in found.text


def test_the_largest_account_is_told_where_it_holds_more_than_one_deal(given):
    """With what is known of accounts; one deal an account says nothing new."""
    shared = told(given, company(*MANY, accounts=["a"] * 4 + [None] * 2 + ["b"] * 55))
    alone = told(given, company(1, 1, accounts=["a", "b"]))

    assert shared.text.endswith("The largest account holds at least 88.7%; 2 deals name no account.")
    assert "account" not in alone.text


def test_one_deal_no_amount_and_no_deal_have_their_own_sentences(given):
    """Never a share of nothing."""
    empty = words.describe_pipeline_concentration(pipeline_concentration(company()), **given)

    assert told(given, company(70)).title == "Q4 2026 rests on one deal of $70"
    assert told(given, company(None)).title == "Nothing to weigh in the pipeline of Q4 2026"
    assert "no open deal is due in it" in told(given, company(5, due=PAST)).text
    assert empty.title == "No deal is open"
    assert words.describe_largest_open_deals(largest_open_deals(company())).title == "No open deal states an amount"


def test_the_largest_deal_is_named():
    """Its row first, then what the list holds together; nothing is said of what is not known."""
    crm = company(60, 40, accounts=["a", "a"], names={"a": "**Ac*me**"})

    found = words.describe_largest_open_deals(largest_open_deals(crm))

    assert found.title == "Largest open deal: **Ac*me**, $60, 60.0%"
    assert found.text == (
        "**Acme** (**d00000**, Ana) is in A, 30 days old and due on 15 November 2026. The 2 largest deals hold 100% of "
        "the pipeline of Q4 2026."
    )


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_each_bar_is_the_whole_pipeline(width):
    """The parts are the shares, from 0 to 1, and a pipeline without amounts has no bar."""
    rows = pipeline_concentration(company(40, 20, *[5] * 8, due=[DUE] * 10))
    with theme.chart_style(width):
        ax = plots.plot_pipeline_concentration(rows)
        plots.plot_pipeline_concentration(rows.head(0))

    parts = {box.get_label(): [patch.get_width() for patch in box] for box in ax.containers}
    assert parts["Largest deal"] == pytest.approx([0.4, 0.4])  # the quarter to land and all; none is due in the next
    assert parts["2nd to 5th"] == pytest.approx([0.35, 0.35])
    assert [sum(widths) for widths in zip(*parts.values(), strict=True)] == pytest.approx([1, 1])
    assert "40%" in [text.get_text() for text in ax.texts]


def test_tables_show_what_is_there():
    """Columns that are missing throughout are left out; empty frames keep one."""
    for table, frame in (
        (plots.table_pipeline_concentration, pipeline_concentration(company(3, 1))),
        (plots.table_largest_open_deals, largest_open_deals(company(3, 1))),
    ):
        assert write_table(frame, caption="c", name="n", view=table(frame)).count("<tr>") == len(frame) + 1
        assert not {"needed_ratio", "n_pushes", "account"} & set(shown_names(frame, table(frame)))
        assert len(shown_names(frame.head(0), table(frame.head(0)))) == 1
