"""The demo company's planted truths: there in the size stated, and absent where switched off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from salesops_lib.data.demo import AS_OF, NO_TRUTHS, TRUTHS, DemoTruths, simulate_company
from salesops_lib.data.demo.market import STAGES

Frames = dict[str, pd.DataFrame]
TABLES = ("reps", "team_members", "accounts", "opportunities", "stage_history", "leads", "activities", "subscriptions")
SEEDS = (11, 12, 13)
"""Companies whose data is put together, so that an estimate is close enough to be held to the stated size."""


def frames(seed: int, truths: DemoTruths) -> Frames:
    """The tables of one company as pandas frames."""
    tables = simulate_company(seed=seed, truths=truths, tables=TABLES)
    return {name: rows.to_pandas(date_as_object=False) for name, rows in tables.items()}


@cache
def companies(*, is_planted: bool) -> list[Frames]:
    """Three companies with the demo's truths, or three without any."""
    return [frames(seed, TRUTHS if is_planted else NO_TRUTHS) for seed in SEEDS]


def pooled(measure: Callable[[Frames], pd.DataFrame], *, is_planted: bool) -> pd.DataFrame:
    """A measure's rows over the three companies."""
    return pd.concat([measure(company) for company in companies(is_planted=is_planted)], ignore_index=True)


def stays_in_stages(company: Frames) -> pd.DataFrame:
    """One row per deal and stage: when it was first entered, days until a later stage or winning (missing if never)."""
    history = company["stage_history"]
    order = {stage: place for place, stage in enumerate([*STAGES, "won"])}
    moves = history.assign(place=history["stage"].map(order), day=history["changed_at"].dt.normalize())
    moves = moves.dropna(subset="place").groupby(["opportunity_id", "place"], as_index=False)["day"].min()
    moves = moves.sort_values(["opportunity_id", "place"])
    later = moves.groupby("opportunity_id")["day"].shift(-1)
    status = company["opportunities"].set_index("opportunity_id")["status"]
    return moves.assign(
        days=(later - moves["day"]).dt.days,
        is_open=moves["opportunity_id"].map(status).eq("open"),
        advanced=later.notna(),
    )


def proposal_before_and_after(*, is_planted: bool) -> tuple[float, float]:
    """Ratio after / before of the share that advances from Proposal, and of the median days there."""
    stays = pooled(stays_in_stages, is_planted=is_planted)
    stays = stays[stays["place"] == STAGES.index("Proposal")]
    since = pd.Timestamp(TRUTHS.bottleneck_from)
    # Deals need time to leave; those of the last ten weeks mostly have not.
    after = stays[
        stays["day"].between(since, pd.Timestamp(AS_OF) - pd.Timedelta(days=70))
        & ~(stays["is_open"] & ~stays["advanced"])
    ]
    before = stays[stays["day"].between(since - pd.Timedelta(days=730), since - pd.Timedelta(days=1))]
    ratio = after["advanced"].mean() / before["advanced"].mean()
    return ratio, after["days"].median() / before["days"].median()


def rep_effects(*, is_planted: bool) -> pd.Series:
    """Log odds of winning by rep, relative to the segment's other reps, adjusted for source, before the bottleneck."""
    rows = pooled(
        lambda company: company["opportunities"].merge(company["accounts"], on="account_id"), is_planted=is_planted
    )
    rows = rows[(rows["status"] != "open") & (rows["closed_on"] < pd.Timestamp(TRUTHS.bottleneck_from))]
    rows = rows.assign(won=(rows["status"] == "won").astype(int))
    for rep_id in TRUTHS.rep_win_logit:
        rows[rep_id] = (rows["rep_id"] == rep_id).astype(int)
    formula = f"won ~ C(segment) * C(source) + {' + '.join(TRUTHS.rep_win_logit)}"
    return smf.logit(formula, rows).fit(disp=0).params[list(TRUTHS.rep_win_logit)]


@pytest.mark.slow
def test_three_reps_differ_by_what_is_stated():
    """Pooled estimates lie within 0.25 of the stated shifts (three standard errors)."""
    found = rep_effects(is_planted=True)

    assert np.allclose(found, list(TRUTHS.rep_win_logit.values()), atol=0.25)


@pytest.mark.slow
def test_the_same_reps_do_not_differ_where_nothing_is_planted():
    """Without truths the three are like everybody else."""
    assert np.allclose(rep_effects(is_planted=False), 0.0, atol=0.25)


@pytest.mark.slow
def test_proposal_became_a_bottleneck():
    """From the stated day fewer proposals advance, and they take longer."""
    share, days = proposal_before_and_after(is_planted=True)

    assert share == pytest.approx(TRUTHS.bottleneck_advance_factor, abs=0.07)
    assert days == pytest.approx(TRUTHS.bottleneck_stay_factor, abs=0.25)


@pytest.mark.slow
def test_proposal_is_as_ever_where_nothing_is_planted():
    """Without truths neither share nor days change."""
    share, days = proposal_before_and_after(is_planted=False)

    assert share == pytest.approx(1.0, abs=0.07)
    assert days == pytest.approx(1.0, abs=0.15)


def lead_source_before_and_after(*, is_planted: bool) -> dict[str, float]:
    """What became of the source: volume per month and qualified share relative to before, and who gets its leads."""
    leads = pooled(lambda company: company["leads"], is_planted=is_planted)
    leads = leads[leads["source"] == TRUTHS.bad_source]
    since = pd.Timestamp(TRUTHS.bad_source_from)
    # A year earlier is the same season; leads of the last weeks may still be judged.
    after = leads[leads["created_at"].between(since, pd.Timestamp("2026-09-01"))]
    before = leads[leads["created_at"].between(since - pd.Timedelta(days=365), pd.Timestamp("2025-09-01"))]
    return {
        "volume": len(after) / len(before),
        "qualified": after["qualified_at"].notna().mean() / before["qualified_at"].notna().mean(),
        "theirs": after["rep_id"].isin(TRUTHS.bad_source_rep_ids).mean(),
        "theirs_before": before["rep_id"].isin(TRUTHS.bad_source_rep_ids).mean(),
    }


@pytest.mark.slow
def test_one_lead_source_went_bad():
    """More leads of which fewer qualify, most of them given to four reps."""
    found = lead_source_before_and_after(is_planted=True)

    assert 1.5 < found["volume"] < 2.4
    assert found["qualified"] == pytest.approx(TRUTHS.bad_source_qualified_factor, abs=0.12)
    assert found["theirs"] == pytest.approx(TRUTHS.bad_source_rep_share, abs=0.06)
    assert found["theirs_before"] < 0.30


@pytest.mark.slow
def test_the_lead_source_is_as_ever_where_nothing_is_planted():
    """Without truths the source brings what growth brings, of the same kind."""
    found = lead_source_before_and_after(is_planted=False)

    assert 0.85 < found["volume"] < 1.3
    assert found["qualified"] == pytest.approx(1.0, abs=0.2)
    assert found["theirs"] == pytest.approx(found["theirs_before"], abs=0.06)


def tool_effect(company: Frames) -> float:
    """Activities per rep and week with the tool relative to without, all else equal: rep and week effects taken out."""
    done = company["activities"]
    done = done[(done["kind"] != "Other") & (done["done_at"] >= "2024-10-07") & (done["done_at"] < "2026-09-28")]
    week = done["done_at"].dt.normalize() - pd.to_timedelta(done["done_at"].dt.day_of_week, unit="D")
    counts = done.assign(week=week).groupby(["rep_id", "week"]).size().rename("n").reset_index()
    counts = counts.merge(company["team_members"], on="rep_id")
    here = (counts["week"] >= counts["from_on"]) & (
        counts["week"] + pd.Timedelta(days=4) <= counts["to_on"].fillna(pd.Timestamp("2030-01-01"))
    )
    counts = counts[here].merge(company["reps"][["rep_id", "started_on"]], on="rep_id")
    counts = counts[counts["started_on"] < "2024-01-01"]
    since = counts["team_id"].map({team: pd.Timestamp(day) for team, day in TRUTHS.tool_rollouts.items()})
    counts = counts.assign(
        tool=(counts["week"] >= since).astype(float), log=np.log(counts["n"]), at=counts["week"].astype(str)
    )
    fit = smf.ols("log ~ tool + C(rep_id) + C(at)", counts).fit()
    return float(np.exp(fit.params["tool"]))


@pytest.mark.slow
@pytest.mark.parametrize(("is_planted", "stated"), [(True, TRUTHS.tool_activity_factor), (False, 1.0)])
def test_the_tool_raises_activities_by_what_is_stated(is_planted: bool, stated: float):
    """Each company's estimate lies within 0.06 of the truth."""
    found = [tool_effect(company) for company in companies(is_planted=is_planted)]

    assert np.allclose(found, stated, atol=0.06)


def churn_of_cohort(company: Frames) -> pd.DataFrame:
    """Customers first won in the data: whether of the cohort, days as a customer beyond 90, and whether lost."""
    changes = company["subscriptions"]
    start = changes[changes["kind"] == "start"].set_index("account_id")["changed_on"]
    lost = changes[changes["kind"] == "churn"].set_index("account_id")["changed_on"]
    rows = pd.DataFrame({"start": start, "lost": lost})
    rows = rows[rows["start"] >= pd.Timestamp("2023-10-01")]
    cohort = rows["start"].between(pd.Timestamp(TRUTHS.churn_cohort_from), pd.Timestamp(TRUTHS.churn_cohort_to))
    days = (rows["lost"].fillna(pd.Timestamp(AS_OF)) - rows["start"]).dt.days - 90
    return pd.DataFrame({"cohort": cohort, "days": days.clip(lower=0), "is_lost": rows["lost"].notna()})


@pytest.mark.slow
@pytest.mark.parametrize(("is_planted", "stated"), [(True, TRUTHS.churn_hazard_factor), (False, 1.0)])
def test_one_cohort_of_customers_leaves_faster(is_planted: bool, stated: float):
    """Losses per customer and day in the cohort, relative to all others, are what is stated within a third."""
    rows = pooled(churn_of_cohort, is_planted=is_planted).groupby("cohort")[["days", "is_lost"]].sum()
    hazard = rows["is_lost"] / rows["days"]

    assert hazard[True] / hazard[False] == pytest.approx(stated, rel=0.33)


def test_truths_name_people_and_days_of_the_demo_company():
    """The reps named exist, stay to the end and sell in the segment stated; all days lie in the data."""
    reps = frames(399, TRUTHS)["reps"].set_index("rep_id")
    named = [*TRUTHS.rep_win_logit, *TRUTHS.bad_source_rep_ids]
    days = [TRUTHS.bottleneck_from, TRUTHS.bad_source_from, TRUTHS.churn_cohort_from, *TRUTHS.tool_rollouts.values()]

    assert reps.loc[named, "ended_on"].isna().all()
    assert reps.loc[["R001", "R003", "R013"], "segment"].tolist() == ["SMB", "SMB", "Mid-Market"]
    assert (reps.loc[list(TRUTHS.bad_source_rep_ids), "region"] == ["Americas"] * 3 + ["EMEA"]).all()
    assert all(date(2023, 10, 1) < day < AS_OF for day in days if day)
