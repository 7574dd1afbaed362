"""Whole companies: the demo company's planted reps, and two foreign ones."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from salesops_lib.rep_comparison import gap_by_rep, reps_not_judged, reps_side_by_side, verdict_by_rep, win_rate_funnel
from salesops_lib.rep_comparison.reps.side_by_side.narrative import describe_reps_side_by_side

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "real"
PARTS = ["volume_amount", "mix_amount", "win_rate_amount", "deal_size_amount"]


def example(name, source):
    """A foreign company with all its data."""
    if not (REAL / source).is_dir():
        pytest.skip(f"needs shared/real/{source} beside the repository")
    from salesops_lib.data import open_crm
    from salesops_lib.parameters import read_parameters

    return open_crm(read_parameters(ROOT / "examples" / name, source=str(REAL / source)))


def company(name, source, month):
    """A foreign company as known at the end of a month."""
    crm = example(name, source)
    period = crm.calendar.period(month)
    return crm.at(min(crm.as_of, period.end)), {"period": period}


@pytest.fixture(scope="module")
def maven():
    """November 2017."""
    return company("maven_crm", "maven_crm", "2017-11")


@pytest.fixture(scope="module")
def maven_whole():
    """All months of the data."""
    return company("maven_crm", "maven_crm", "2017-12")


def test_no_agent_of_maven_is_called_different(maven):
    """30 agents judged, five without deals listed, none standing out."""
    crm, given = maven
    verdicts = verdict_by_rep(crm, **given, confidence=0.95, min_closed=20)
    others = reps_not_judged(crm, **given, min_closed=20)

    assert verdicts["verdict"].value_counts().to_dict() == {
        "not different from the team": 30,
        "too few deals to judge": 5,
    }
    assert others["reason"].tolist() == ["no closed deal"] * 5


def test_maven_as_a_whole_has_the_published_facts(maven_whole):
    """4,238 of 6,711 won; chi-square of the agents' won and lost deals against the pooled rate: p about 0.27."""
    crm, given = maven_whole
    funnel = win_rate_funnel(crm, **given, confidence=0.95, min_closed=20)

    assert (funnel["n_won"].sum(), funnel["n_closed"].sum()) == (4238, 6711)
    assert funnel["pooled_p_value"].iloc[0] == pytest.approx(0.27, abs=0.01)


def test_mavens_gaps_come_from_volume_and_deal_size(maven_whole):
    """Volume about half, deal size most of the rest, win rate hardly anything; parts add up to the cent."""
    crm, given = maven_whole
    gaps = gap_by_rep(crm, **given)
    share = gaps[PARTS].abs().sum() / gaps[PARTS].abs().sum().sum()

    assert 0.4 < share["volume_amount"] < 0.6
    assert 0.25 < share["deal_size_amount"] < 0.45
    assert share["win_rate_amount"] < 0.1
    assert gaps[PARTS].sum(axis=1).tolist() == pytest.approx(gaps["gap_amount"].tolist(), abs=0.01)


def test_mavens_adjusted_rates_predict_later_months_better_than_raw_ones(maven_whole):
    """March to July against August to December, both as distances from the common rate: at most 0.78 of the error."""
    crm, given = maven_whole
    july = crm.calendar.period("2017-07")
    then = reps_side_by_side(example("maven_crm", "maven_crm").at(july.end), period=july, confidence=0.95)
    later = verdict_by_rep(crm, **given, months=5, confidence=0.95, min_closed=20).set_index("rep_id")
    then = then.set_index("rep_id").loc[later.index]
    sold = (then["n_closed"] > 0) & (later["n_closed"] > 0)
    then, later = then[sold], later[sold]

    raw, happened = (
        rows["win_rate"] - rows["n_won"].sum() / rows["n_closed"].sum() for rows in (then, later)
    )  # fmt: skip
    adjusted = then["shrunken_win_rate"] - then["expected_win_rate"]
    assert ((adjusted - happened) ** 2).mean() <= 0.78 * ((raw - happened) ** 2).mean()


def test_mavens_adjusted_rates_of_a_month_predict_the_next_at_half_the_error_of_raw_ones(maven_whole):
    """Every month from March to November against the one after it, as distances from what the team won: at most 0.5."""
    crm, given = maven_whole
    errors = {"raw": 0.0, "adjusted": 0.0}
    months = crm.calendar.between(date(2017, 3, 1), date(2017, 12, 31), "month")
    tables = [
        reps_side_by_side(crm, **(given | {"period": month}), months=1, confidence=0.95).set_index("rep_id")
        for month in months
    ]
    for now, later in pairwise(tables):
        sold = (now["n_closed"] > 0) & (later["n_closed"] > 0).reindex(now.index).fillna(False)
        now, later = now[sold], later.loc[now.index[sold]]
        happened = later["win_rate"] - later["expected_win_rate"]
        errors["raw"] += ((now["win_rate"] - now["expected_win_rate"] - happened) ** 2).sum()
        errors["adjusted"] += ((now["shrunken_win_rate"] - now["expected_win_rate"] - happened) ** 2).sum()

    assert errors["adjusted"] <= 0.5 * errors["raw"]


def test_a_list_of_orders_compares_attainment_and_gaps_but_no_win_rates():
    """AdventureWorks records no lost deal."""
    crm, given = company("adventureworks", "adventureworks", "2020-03")
    reps = reps_side_by_side(crm, **given, confidence=0.95)
    gaps = gap_by_rep(crm, **given)

    assert reps["win_rate"].isna().all()
    assert reps["attainment_rate"].notna().all()
    assert describe_reps_side_by_side(reps, confidence=0.95, min_closed=20).title.startswith(
        "Attainment runs from 78% to 96%"
    )
    assert gaps["win_rate_amount"].abs().max() == pytest.approx(0, abs=0.01)
    assert gaps[PARTS].sum(axis=1).tolist() == pytest.approx(gaps["gap_amount"].tolist(), abs=0.01)


def test_the_demo_companys_planted_reps_are_found_and_nobody_else(demo_run):
    """Whoever stands out was planted, on the side planted; the strongest is found."""
    from salesops_lib.data.demo.truths import TRUTHS

    verdicts = demo_run.call(verdict_by_rep).set_index("rep_id")
    apart = verdicts[verdicts["verdict"].str.startswith("stands out")]
    planted = {rep: "above" if shift > 0 else "below" for rep, shift in TRUTHS.rep_win_logit.items()}

    assert {rep: word.split()[-1] for rep, word in apart["verdict"].items()}.items() <= planted.items()
    assert "R001" in apart.index


def test_the_demo_companys_bad_leads_are_not_held_against_those_who_got_them(demo_run):
    """The reps who receive the bad source's leads are not called different."""
    from salesops_lib.data.demo.truths import TRUTHS

    verdicts = demo_run.call(verdict_by_rep).set_index("rep_id")["verdict"]

    assert set(verdicts[list(TRUTHS.bad_source_rep_ids)]) == {"not different from the team"}
