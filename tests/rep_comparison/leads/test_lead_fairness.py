"""Leads: fair sharings stay quiet, unfair ones are found, a rep's own results never make the rep's leads poor."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from salesops_lib import theme
from salesops_lib.data.anonymous import anonymised
from salesops_lib.errors import MissingTableError
from salesops_lib.parameters import Duties
from salesops_lib.rep_comparison.leads.chances import chances, furthest, luck_range
from salesops_lib.rep_comparison.leads.draws import ASPECTS, Pile, share_out
from salesops_lib.rep_comparison.leads.fairness.metrics import lead_fairness, lead_share_by_month, unassigned_leads
from salesops_lib.rep_comparison.leads.fairness.narrative import (
    describe_lead_fairness,
    describe_lead_share_by_month,
    describe_unassigned_leads,
)
from salesops_lib.rep_comparison.leads.fairness.plots import (
    plot_lead_fairness,
    plot_lead_share_by_month,
    plot_unassigned_leads,
)
from salesops_lib.rep_comparison.leads.shares.metrics import lead_share_by_rep
from salesops_lib.rep_comparison.leads.shares.narrative import describe_lead_share_by_rep
from salesops_lib.rep_comparison.leads.shares.plots import plot_lead_share_by_rep
from salesops_lib.rep_comparison.leads.worth import kinds_of, qualified_shares, source_worth
from salesops_lib.statistics.differences import false_discovery
from salesops_lib.wording import percent
from tests.builders import AS_OF, make_crm
from tests.calling import as_reported
from tests.rep_comparison.recipes import SEPTEMBER, declaring
from tests.test_contracts import promised

mpl.use("Agg")
ROOT = Path(__file__).parents[3]
REAL = ROOT.parent / "shared" / "real"
BY_REP = (lead_share_by_rep, lead_fairness, lead_share_by_month)
BLAME = ("underperform", "poor", "weak", "fault", "fail", "worst", "lazy", "because", "undeserved")
DRAWS = 199


def leads_of(rep, n, *, day="2026-09-10", source="Web", hours=1, score=None, qualified=0, deals=()):
    """Leads of one rep that arrived on one day; ``deals`` are ids of the deals the first of them became."""
    at, given_at = f"{day}T08:00:00", f"{day}T{8 + hours:02d}:00:00"
    base = {"rep_id": rep, "source": source, "created_at": at, "assigned_at": given_at if rep else None, "score": score}
    return [
        base
        | {"qualified_at": f"{day}T20:00:00" if place < qualified else None}
        | {"converted_opportunity_id": deals[place] if place < len(deals) else None}
        for place in range(n)
    ]


def company(leads, reps="abc", **more):
    """A company of these leads, numbered."""
    people = [rep if isinstance(rep, dict) else {"rep_id": rep, "name": rep.upper()} for rep in reps]
    numbered = [lead | {"lead_id": f"l{place:05d}"} for place, lead in enumerate(leads)]
    # A deal long closed opens the window, which never begins before the first one.
    deals = [{"opportunity_id": "old", "rep_id": people[0]["rep_id"], "status": "lost", "closed_on": "2025-01-10"}]
    return make_crm(deals=[*deals, *more.pop("deals", [])], reps=people, leads=numbered, **more)


def shares_of(crm, parameters, *, months=1, **leads):
    """The table per rep, by key; ``leads`` is what the company declares of them."""
    given_options = {"months": months, "n_draws": DRAWS, "parameters": declaring(parameters, leads=leads)}
    return lead_share_by_rep(crm, period=SEPTEMBER, **given_options, confidence=0.95).set_index("rep_id")


def fairness_of(crm, parameters, **leads):
    """The table of aspects, by aspect."""
    given_options = {"months": 1, "n_draws": DRAWS, "parameters": declaring(parameters, leads=leads)}
    return lead_fairness(crm, period=SEPTEMBER, **given_options, confidence=0.95).set_index("aspect")


# The rule: who is in the pool, and for how long.


def test_the_pool_is_who_sits_where_leads_go(parameters):
    """A peer without a lead belongs to it; a manager and a role that gets none do not, and their leads are counted."""
    reps = [
        *({"rep_id": rep, "name": rep, "role": "seller", "segment": "S"} for rep in ("ana", "bo", "none")),
        {"rep_id": "boss", "name": "boss", "role": "manager", "segment": "S"},
        {"rep_id": "expert", "name": "expert", "role": "specialist", "segment": "S"},
    ]
    crm = company([*leads_of("ana", 30), *leads_of("bo", 30), *leads_of("boss", 5), *leads_of(None, 7)], reps)

    rows = shares_of(crm, parameters)

    assert rows["n_leads"].to_dict() == {"ana": 30, "bo": 30, "none": 0}
    assert rows["fair_leads"].tolist() == pytest.approx([20, 20, 20])
    assert rows.loc["none", "differs_in"] == "fewer leads"
    assert pd.isna(rows.loc["none", "quality_ratio"])
    assert fairness_of(crm, parameters)["n_outside"].tolist() == [5] * 5


def test_a_joiner_is_held_against_the_days_in_the_seat(parameters):
    """A third of September: a third of the others' leads is fair, and so it is for a leaver."""
    reps = ["a", "b", {"rep_id": "new", "name": "new", "started_on": "2026-09-21"}]
    reps += [{"rep_id": "gone", "name": "gone", "ended_on": "2026-09-10"}]
    leads = [lead for rep, n in (("a", 30), ("b", 30), ("new", 10), ("gone", 10)) for lead in leads_of(rep, n)]

    rows = shares_of(company(leads, reps), parameters, ramp=())

    assert rows["fair_leads"].to_dict() == pytest.approx({"a": 30, "b": 30, "new": 10, "gone": 10})
    assert rows["is_joiner"].to_dict() == {"a": False, "b": False, "new": True, "gone": False}
    assert not rows["is_different"].any()


def test_a_ramp_that_is_given_lightens_a_joiners_fair_share(parameters):
    """Half a load in the first month in sales, a full one from the second."""
    reps = ["a", {"rep_id": "new", "name": "new", "started_on": "2026-09-01"}]
    reps += [{"rep_id": "old", "name": "old", "started_on": "2026-07-20"}]
    crm = company([*leads_of("a", 40), *leads_of("new", 20), *leads_of("old", 40)], reps)

    assert shares_of(crm, parameters, ramp=(0.5,))["fair_leads"].to_dict() == pytest.approx(
        {"a": 40, "new": 20, "old": 40}
    )
    assert shares_of(crm, parameters, ramp=())["fair_leads"].tolist() == pytest.approx([100 / 3] * 3)


def test_joiners_stay_outside_where_nobody_says_how_many_leads_they_should_get(parameters):
    """Their leads are counted as left out; whoever has been there for half a year stays in."""
    reps = ["a", {"rep_id": "new", "name": "new", "started_on": "2026-07-20"}]
    reps += [{"rep_id": "old", "name": "old", "started_on": "2026-01-20"}]
    crm = company([*leads_of("a", 40), *leads_of("new", 5), *leads_of("old", 40)], reps)

    assert shares_of(crm, parameters)["fair_leads"].to_dict() == pytest.approx({"a": 40, "old": 40})
    assert fairness_of(crm, parameters)["n_outside"].tolist() == [5] * 5


def test_territories_are_not_held_against_one_another(parameters):
    """Small business gets ten times the leads of Enterprise: fair by territory, not in one pool."""
    reps = [{"rep_id": rep, "name": rep, "segment": "SMB" if rep in "ab" else "ENT"} for rep in "abxy"]
    crm = company([lead for rep, n in zip("abxy", (100, 100, 10, 10), strict=True) for lead in leads_of(rep, n)], reps)

    by_territory, in_one = (shares_of(crm, parameters, rule=rule) for rule in ("territory", "round_robin"))

    assert by_territory["fair_leads"].to_dict() == pytest.approx({"a": 100, "b": 100, "x": 10, "y": 10})
    assert by_territory["territory"].to_dict() == {"a": "SMB", "b": "SMB", "x": "ENT", "y": "ENT"}
    assert not by_territory["is_different"].any()
    assert in_one["fair_leads"].tolist() == pytest.approx([55] * 4)
    assert in_one["is_different"].all()


def test_a_rep_who_moved_counts_with_the_old_team_until_the_move(parameters):
    """The data knows today's segment only; in the old team, where nobody else has it, the team's own holds."""
    reps = [{"rep_id": rep, "name": rep, "segment": "SMB" if rep in "ab" else "MM"} for rep in "abmxy"]
    stays = [{"rep_id": rep, "team_id": "T1" if rep in "ab" else "T2", "from_on": "2020-01-01"} for rep in "abxy"]
    stays += [
        {"rep_id": "m", "team_id": "T1", "from_on": "2020-01-01", "to_on": "2026-08-31"},
        {"rep_id": "m", "team_id": "T2", "from_on": "2026-09-01"},
    ]
    august = [lead for rep in "abm" for lead in leads_of(rep, 60, day="2026-08-10")]
    september = [lead for rep in "xym" for lead in leads_of(rep, 20)]
    teams = [{"team_id": "T1", "name": "One"}, {"team_id": "T2", "name": "Two"}]
    crm = company([*august, *september], reps, team_members=stays, teams=teams)

    rows = shares_of(crm, parameters, months=2)

    assert rows["fair_leads"].to_dict() == pytest.approx({"a": 60, "b": 60, "m": 80, "x": 20, "y": 20})
    assert rows["territory"].to_dict() == {"a": "One", "b": "One", "m": "Two", "x": "Two", "y": "Two"}


def test_weights_share_by_weight_and_leave_out_who_has_none(parameters):
    """Two to one; leads of someone without a weight are counted as outside."""
    crm = company([*leads_of("a", 60), *leads_of("b", 30), *leads_of("c", 9)])

    rows = shares_of(crm, parameters, rule="weighted", weights={"a": 2, "b": 1, "c": 0})

    assert rows["fair_leads"].to_dict() == pytest.approx({"a": 60, "b": 30})
    assert fairness_of(crm, parameters, rule="weighted", weights={"a": 2, "b": 1})["n_outside"].iloc[0] == 9


# What must always hold.


@st.composite
def shared_leads(draw):
    """Leads of up to five reps in two segments and two months; some have no score, some no rep, some became a deal."""
    one = st.tuples(
        st.sampled_from(["a", "b", "c", "d", "e", None]),
        st.integers(0, 12),
        st.sampled_from(["2026-08-10", "2026-09-10"]),
        st.sampled_from(["Web", "Fair", None]),
        st.integers(0, 9),
        st.sampled_from([None, 10.0, 50.0, 90.0]),
        st.integers(0, 12),
        st.integers(0, 2),
    )
    leads, deals = [], []
    for rep, n, day, source, hours, score, qualified, won in draw(st.lists(one, min_size=1, max_size=12)):
        ids = [f"w{len(deals) + place}" for place in range(min(n, won))]
        deals += [
            {"opportunity_id": key, "rep_id": rep or "a", "status": "won", "closed_on": "2026-09-12",
             "amount": 100 * (len(deals) + 1)}
            for key in ids
        ]  # fmt: skip
        more = {"source": source, "hours": hours, "score": score, "qualified": qualified, "deals": ids}
        leads += leads_of(rep, n, day=day, **more)
    return [lead | {"lead_id": f"l{place:04d}"} for place, lead in enumerate(leads)], deals


REPS = [{"rep_id": rep, "name": rep, "segment": "S" if rep in "ab" else "L"} for rep in "abcde"]


@settings(max_examples=6, deadline=None)
@given(given_leads=shared_leads())
def test_parts_add_up_for_any_leads(parameters, given_leads):
    """Fair shares add up to the leads, what leads explain cancels out, and the parts make up what was won."""
    leads, deals = given_leads
    options = {"period": SEPTEMBER, "parameters": parameters, "months": 2, "n_draws": 49}
    crm = make_crm(deals=deals, reps=REPS, leads=leads)
    rows = lead_share_by_rep(crm, **options, confidence=0.95)
    months = set(lead_share_by_month(crm, **options, confidence=0.95)["month"])
    counted = [lead for lead in leads if lead["rep_id"] and lead["created_at"][:7] in months]

    assert rows["n_leads"].sum() == len(counted) == pytest.approx(rows["fair_leads"].sum())
    assert rows["explained_amount"].sum() == pytest.approx(0, abs=0.01)
    parts = ["fair_amount", "count_amount", "quality_amount", "value_amount", "rest_amount"]
    assert rows[parts].sum(axis=1).tolist() == pytest.approx(rows["won_amount"].tolist(), abs=0.01)
    assert (rows["fair_leads_low"] <= rows["fair_leads_high"]).all()
    assert rows["p_value"].dropna().between(0, 1).all()


@settings(max_examples=2, deadline=None)
@given(given_leads=shared_leads())
def test_the_order_of_the_tables_never_matters(parameters, given_leads):
    """The same frames to the last figure, draws included."""
    leads, deals = given_leads
    options = {"period": SEPTEMBER, "parameters": parameters, "months": 2, "n_draws": 49}
    crm, shuffled = (make_crm(deals=deals[::step], reps=REPS[::step], leads=leads[::step]) for step in (1, -1))

    for metric in BY_REP:
        assert_frame_equal(as_reported(metric, crm, **options), as_reported(metric, shuffled, **options))
    assert_frame_equal(unassigned_leads(crm, confidence=0.95), unassigned_leads(shuffled, confidence=0.95))


def test_equal_leads_explain_nothing_and_more_leads_explain_bookings(parameters):
    """Same kinds of leads, half as many more: all of it the count's part; what a rep makes of them is the rest."""
    won = [{"opportunity_id": f"w{rep}{place}", "rep_id": rep, "status": "won", "closed_on": "2026-09-20"}
           for rep in "abc" for place in range(4)]  # fmt: skip
    leads = [
        lead
        for rep, n in (("a", 60), ("b", 40), ("c", 20))
        for lead in leads_of(rep, n, qualified=n // 2, deals=[f"w{rep}{place}" for place in range(4)])
    ]

    rows = shares_of(company(leads, deals=won), parameters)

    assert rows["fair_amount"].tolist() == pytest.approx([4000] * 3)
    assert rows["count_amount"].to_dict() == pytest.approx({"a": 2000, "b": 0, "c": -2000})
    assert rows[["quality_amount", "value_amount"]].to_numpy() == pytest.approx(0)
    assert rows["rest_amount"].to_dict() == pytest.approx({"a": -2000, "b": 0, "c": 2000})


def test_leads_of_a_source_that_qualifies_less_explain_fewer_bookings(parameters):
    """As many leads for all; what leads explain lies in their quality and cancels out over the reps."""
    given_leads = {"a": (50, 10), "b": (30, 30), "c": (10, 50)}
    won = [{"opportunity_id": f"w{rep}", "rep_id": rep, "status": "won", "closed_on": "2026-09-20"} for rep in "abc"]
    leads = [
        lead
        for rep, (good, bad) in given_leads.items()
        for lead in (
            *leads_of(rep, good, source="Web", qualified=good // 2, deals=[f"w{rep}"]),
            *leads_of(rep, bad, source="Ads", qualified=bad // 10),
        )
    ]

    rows = shares_of(company(leads, deals=won), parameters)

    assert rows["quality_ratio"].is_monotonic_decreasing
    assert rows.loc["a", "quality_amount"] > 200 > -200 > rows.loc["c", "quality_amount"]
    assert rows["count_amount"].abs().max() < 1
    assert rows["explained_amount"].sum() == pytest.approx(0, abs=1e-6)
    assert rows["has_worse_leads"].to_dict() == {"a": False, "b": False, "c": True}


# What a lead is worth.


def cells_of(rows):
    """Lead cells: rep, source, leads, qualified, deals won and their amount."""
    names = ["rep_id", "source", "n_leads", "n_qualified", "n_won", "won_amount"]
    return pd.DataFrame(rows, columns=names).assign(month="2026-09", band=-1)


def test_a_reps_own_results_never_enter_the_quality_of_the_reps_leads():
    """However few of them the rep qualifies."""
    others = [("b", "Web", 50, 20, 5, 5e3), ("c", "Ads", 50, 5, 1, 1e3)]
    shares = []
    for hits in (0, 30):
        cells = cells_of([("a", "Web", 60, hits, hits, 1e3 * hits), ("a", "Ads", 10, hits // 3, 0, 0.0), *others])
        kinds = kinds_of(cells)
        territories = pd.Series({"a": "T", "b": "T", "c": "T"})
        quality = qualified_shares(cells, kinds, ["a", "b", "c"], ["2026-09"])
        shares.append(quality[0, 0])
        assert source_worth(cells, kinds, ["a", "b", "c"], territories).shape == (3, 2)
    assert shares[0] == pytest.approx(shares[1])
    assert shares[0][1] > shares[0][0]  # Web before Ads, as the others know them


def test_a_source_is_not_worth_more_for_going_to_those_who_sell_large_deals():
    """Each source brings the same within a territory; large deals go to one territory only."""
    large = [("a", "Fair", 40, 20, 10, 1e6), ("b", "Web", 4, 2, 1, 1e5), ("b", "Fair", 36, 18, 9, 9e5)]
    small = [("x", "Web", 40, 20, 10, 1e4), ("y", "Fair", 4, 2, 1, 1e3), ("y", "Web", 36, 18, 9, 9e3)]
    cells = cells_of([*large, *small])
    territories = pd.Series({"a": "L", "b": "L", "x": "S", "y": "S"})

    worth = source_worth(cells, kinds_of(cells), ["a", "b", "x", "y"], territories)

    assert worth == pytest.approx(1.0, abs=0.01)


def test_a_source_that_brings_no_win_where_some_were_due_is_worth_less():
    """As many qualified leads, no win from one of them: below 1, and drawn towards it where little was due."""
    worth = []
    for n in (4, 400):
        cells = cells_of([("a", "Ads", n, n // 2, 0, 0.0), ("b", "Web", n, n // 2, n // 4, 1e3 * n)])
        cells = pd.concat([cells, cells_of([("c", "Web", 1, 1, 0, 0.0)])], ignore_index=True)
        worth.append(
            source_worth(cells, kinds_of(cells), ["a", "b", "c"], pd.Series({"a": "T", "b": "T", "c": "T"}))[2]
        )
    few, many = worth
    assert many[0] < few[0] < 1 < few[1] < many[1]


# Simulated sharings.

QUALITY = np.array([0.4, 0.25, 0.1])
"""Share that qualifies of each of three sources."""


def pile_of(rng, *, n_reps=6, n_months=3, leads=60, favour=None, bad_to=None, wait_more=None):
    """Leads shared by the rule, or with one rep favoured, given all of the last source, or kept waiting."""
    rows = n_reps * n_months
    rep, month = np.tile(np.arange(n_reps), n_months), np.repeat(np.arange(n_months), n_reps)
    chance = np.full(n_reps, 1.0)
    if favour is not None:
        chance[0] = favour
    kinds, waits = np.zeros((rows, 3)), np.zeros((rows, 5))
    for place in range(n_months):
        here = slice(place * n_reps, (place + 1) * n_reps)
        for source, n in enumerate(rng.multinomial(leads * n_reps, [0.5, 0.3, 0.2])):
            p = np.eye(n_reps)[0] if source == 2 and bad_to == "one" else chance / chance.sum()
            kinds[here, source] = rng.multinomial(n, p)
        for row in range(place * n_reps, (place + 1) * n_reps):
            odds = np.array([1, 1, 1, 2, 2.0]) if wait_more and row % n_reps == 0 else np.ones(5)
            waits[row] = rng.multinomial(int(kinds[row].sum()), odds / odds.sum())
    scores = np.concatenate([np.stack([QUALITY, QUALITY * 2], axis=1), np.eye(3)], axis=1)
    scores = np.broadcast_to(scores, (rows, 3, 5))
    return Pile(rep, month, month, np.full(rows, 1 / n_reps), kinds, scores, waits, n_reps, n_months)


def smallest_p(drawn):
    """The smallest p-value over the aspects after Holm, and the p-value of each."""
    p_values = {aspect: drawn.aspects[aspect].p_value for aspect in ASPECTS}
    return min(p_values.values()) * len(p_values), p_values


def test_fair_sharings_are_seldom_called_uneven():
    """200 fair sharings: at most 5 in 100 with any aspect uneven, each p-value as often small as it says."""
    rng = np.random.default_rng(7)
    found = [smallest_p(share_out(pile_of(rng), n_draws=DRAWS, seed=run, confidence=0.95)) for run in range(200)]
    p_values = pd.DataFrame([each for _, each in found])

    # 5 % of 200 is 10; more than 19 would come once in 500 times.
    assert sum(smallest <= 0.05 for smallest, _ in found) <= 19
    assert ((p_values <= 0.05).sum() <= 19).all()
    assert p_values.mean().between(0.43, 0.57).all()


@pytest.mark.parametrize(("n_reps", "leads"), [(20, 8), (20, 30), (6, 80)])
def test_a_reps_chances_are_those_of_many_draws(n_reps, leads):
    """Count, waiting, quality, value and sources against 20,000 fair sharings of the same leads, few or many."""
    pile = pile_of(np.random.default_rng(23), n_reps=n_reps, leads=leads, favour=1.5, wait_more=True)
    sums = share_out(pile, n_draws=20_000, seed=1, confidence=0.95).sums
    drawn, seen = sums.drawn, sums.seen[..., None]
    told = 2 * np.minimum((drawn >= seen - 1e-4).mean(axis=2), (drawn <= seen + 1e-4).mean(axis=2))
    is_tellable = (told > 0.004) & (told < 0.9)
    ratio = chances(sums)[is_tellable] / told[is_tellable]

    assert len(ratio) >= 20
    assert ratio.min() >= 0.7
    assert ratio.max() <= 1.2
    assert np.median(ratio) == pytest.approx(1, abs=0.05)


def test_the_range_of_luck_holds_nineteen_in_twenty_fair_sharings():
    """A count, of whole leads, may hold a few more; nothing of it depends on the draws."""
    sums = share_out(pile_of(np.random.default_rng(29), leads=40), n_draws=8000, seed=1, confidence=0.95).sums
    low, high = (each[..., None] for each in luck_range(sums, 0.95))
    inside = ((sums.drawn >= low - 1e-4) & (sums.drawn <= high + 1e-4)).mean(axis=2)

    assert inside.min() >= 0.94
    assert inside[:, 1:4].max() <= 0.96
    assert inside[:, 0].max() <= 0.975


def test_among_equal_reps_hardly_anyone_is_told_apart_and_one_of_three_hundred_can_be():
    """No rep of a hundred fair sharings at 1 in 20 of them; one with twice the leads among 300 stands out alone."""
    rng = np.random.default_rng(31)
    alarms = sum(
        (
            false_discovery(
                furthest(share_out(pile_of(rng, n_reps=30, leads=20), n_draws=1, seed=1, confidence=0.95).sums)[0]
            )
            <= 0.05
        ).any()
        for _run in range(100)
    )
    crowd = share_out(pile_of(rng, n_reps=300, leads=30, favour=2.0), n_draws=1, seed=1, confidence=0.95).sums
    q_values = false_discovery(furthest(crowd)[0])

    assert alarms <= 9  # 5 % of 100 and two standard errors
    assert np.flatnonzero(q_values <= 0.05).tolist() == [0]


def test_months_of_a_fair_sharing_keep_within_the_range_given():
    """The Gini of 19 in 20 fair months lies inside the range of fair sharings; 0 would be outside it."""
    rng = np.random.default_rng(11)
    inside = [
        month[aspect].fair_gini_low <= month[aspect].gini <= month[aspect].fair_gini_high
        for run in range(40)
        for month in share_out(pile_of(rng), n_draws=DRAWS, seed=run, confidence=0.95).months
        for aspect in ("count", "source")
    ]
    assert 0.90 <= np.mean(inside) <= 0.99


@pytest.mark.parametrize(
    ("aspect", "planted"),
    [("count", {"favour": 1.4}), ("source", {"bad_to": "one"}), ("quality", {"bad_to": "one"}),
     ("waiting", {"wait_more": True})],
    ids=["40 % more leads", "all of a source", "all of a bad source", "waits twice as often long"],
)  # fmt: skip
def test_an_unfair_sharing_is_found(aspect, planted):
    """At least nine times in ten with 360 leads a rep, in the aspect it was planted in."""
    rng = np.random.default_rng(3)
    runs = [
        share_out(pile_of(rng, leads=120, **planted), n_draws=DRAWS, seed=run, confidence=0.95) for run in range(20)
    ]

    assert sum(smallest_p(drawn)[1][aspect] * len(ASPECTS) <= 0.05 for drawn in runs) >= 18


def test_more_leads_are_not_mistaken_for_better_or_worse_ones():
    """One rep gets twice the leads, of the same kinds: number is uneven, quality and source are not more often so."""
    rng = np.random.default_rng(5)
    runs = [
        smallest_p(share_out(pile_of(rng, favour=2.0), n_draws=DRAWS, seed=run, confidence=0.95))[1]
        for run in range(60)
    ]
    p_values = pd.DataFrame(runs)

    assert (p_values["count"] <= 0.05).all()
    assert ((p_values[["quality", "source", "waiting"]] <= 0.05).sum() <= 9).all()


def test_draws_keep_sums_of_reps_and_sources():
    """A shuffled pile has as many leads of each source, and each rep as many leads; expected is the draws' mean."""
    pile = pile_of(np.random.default_rng(1), n_months=2)
    sums = share_out(pile, n_draws=DRAWS, seed=1, confidence=0.95).sums

    of_source, of_rep = sums.drawn[:, 4:].sum(axis=0), sums.drawn[:, 4:].sum(axis=1)
    assert of_source == pytest.approx(np.broadcast_to(pile.kinds.sum(axis=0)[:, None], of_source.shape))
    assert of_rep == pytest.approx(np.broadcast_to(sums.seen[:, :1], of_rep.shape))
    error = np.sqrt(sums.variance / DRAWS)
    assert (np.abs(sums.drawn.mean(axis=2) - sums.fair) <= 4.5 * error + 1e-3).all()
    assert sums.drawn.var(axis=2).sum(axis=0) == pytest.approx(sums.variance.sum(axis=0), rel=0.12)


def test_who_has_no_one_to_share_with_leaves_luck_no_room():
    """One rep, or one source: nothing to shuffle, the draws are what was."""
    pile = pile_of(np.random.default_rng(1), n_reps=1)
    drawn = share_out(pile, n_draws=DRAWS, seed=1, confidence=0.95)

    assert drawn.sums.drawn == pytest.approx(np.broadcast_to(drawn.sums.seen[..., None], drawn.sums.drawn.shape))
    assert all(np.isnan(drawn.aspects[aspect].p_value) for aspect in ASPECTS)


def test_a_p_value_from_draws_is_never_zero_and_the_seed_fixes_it():
    """(k + 1) / (n + 1); the same seed gives the same figures."""
    pile = pile_of(np.random.default_rng(2), favour=3.0)
    first, again, other = (share_out(pile, n_draws=DRAWS, seed=seed, confidence=0.95) for seed in (1, 1, 2))

    assert first.aspects["count"].p_value == 1 / (DRAWS + 1)
    assert first.aspects == again.aspects
    assert first.aspects["count"].fair_gini_high != other.aspects["count"].fair_gini_high


@given(st.lists(st.integers(0, 60), min_size=2, max_size=8).filter(sum))
def test_the_gini_is_the_mean_difference_over_twice_the_mean(counts):
    """Judged by a slow loop, for equal fair shares."""
    pile = pile_of(np.random.default_rng(1), n_reps=len(counts), n_months=1)
    kinds = np.column_stack([counts, np.zeros((len(counts), 2))]).astype(float)
    gini = share_out(replace(pile, kinds=kinds), n_draws=9, seed=1, confidence=0.95).aspects["count"].gini

    pairs = [abs(one - other) for one in counts for other in counts]
    assert gini == pytest.approx(sum(pairs) / (2 * len(counts) * sum(counts)), abs=1e-9)


# Waiting time and leads without a rep.


def test_a_rep_whose_leads_wait_longer_is_told_apart(parameters):
    """Six hours where the others' leads wait one to three; number and source are even."""
    leads = [lead for rep in "abc" for hours in (1, 2, 3) for lead in leads_of(rep, 20, hours=hours)]
    leads += leads_of("d", 60, hours=6)

    rows, aspects = (of(company(leads, "abcd"), parameters) for of in (shares_of, fairness_of))

    assert rows.loc["d", "waiting_hours"] == 6
    assert rows.loc["d", "differs_in"] == "longer waits"
    assert aspects["is_uneven"].to_dict() == {
        "count": False, "quality": False, "value": False, "source": False, "waiting": True,
    }  # fmt: skip


def test_leads_without_a_rep_are_counted_by_age_and_source():
    """Ages are days before the evening; bands are closed at both ends."""
    days = {"2026-10-02": 0, "2026-10-01": 1, "2026-09-30": 2, "2026-09-25": 7, "2026-09-24": 8, "2026-08-01": 62}
    leads = [lead for day in days for lead in leads_of(None, 2, day=day, source="Ads" if day < "2026-09" else "Web")]
    rows = unassigned_leads(company([*leads, *leads_of("a", 6, day="2026-09-30")]), confidence=0.95)
    whole = rows[rows["split"] == "all"].set_index("age_band")

    assert whole["n_unassigned"].to_dict() == {
        "0-1 day": 4, "2-7 days": 4, "8-30 days": 2, "More than 30 days": 2,
    }  # fmt: skip
    assert whole["n_arrived"].tolist() == [4, 10, 2, 2]
    assert whole.loc["2-7 days", "unassigned_rate"] == 0.4
    assert whole["oldest_days"].tolist() == [1, 7, 8, 62]
    assert rows[rows["split"] == "source"]["n_unassigned"].sum() == 12
    assert set(rows.loc[rows["source"] == "Ads", "age_band"]) == {"More than 30 days"}


def test_the_words_for_leads_without_a_rep_hold_the_counts_and_ask_for_an_owner(parameters):
    """Only leads of the last 30 days call for action."""
    run = {"duties": Duties(parameters, AS_OF)}
    recent = unassigned_leads(
        company([*leads_of(None, 3, day="2026-09-20"), *leads_of(None, 9, day="2026-05-01")]), confidence=0.95
    )
    old = unassigned_leads(company([*leads_of(None, 9, day="2026-05-01"), *leads_of("a", 1)]), confidence=0.95)
    none = unassigned_leads(company(leads_of("a", 4)), confidence=0.95)

    finding = describe_unassigned_leads(recent, **run)
    assert finding.title == "12 leads older than a day have no rep, 3 of the last 30 days"
    assert "**12** of 12 leads" in finding.text
    assert "3 leads of the last 30 days" in finding.action.what
    assert describe_unassigned_leads(old, **run).action is None
    assert describe_unassigned_leads(none, **run).text == "All 4 leads that arrived have a rep."


# Empty, contracts, anonymity.


@pytest.mark.parametrize("metric", [*BY_REP, unassigned_leads], ids=lambda metric: metric.__name__)
def test_frames_have_the_columns_promised_with_leads_and_without(metric, demo_run, parameters):
    """In the docstring's order; a company without the table is told so."""
    needs = {"parameters": parameters, "period": SEPTEMBER} if metric is not unassigned_leads else {}

    assert list(demo_run.call(metric).columns) == promised(metric)
    empty = as_reported(metric, make_crm(reps=["ana"], leads=[]), **needs)
    assert list(empty.columns) == promised(metric)
    assert metric is not lead_share_by_rep or empty.empty
    with pytest.raises(MissingTableError):
        as_reported(metric, make_crm(reps=["ana"]), **needs)


def test_no_leads_make_findings_that_say_so_and_charts_without_marks(parameters):
    """Nothing fails."""
    crm = make_crm(reps=["ana", "bo"], leads=[])
    run = {"duties": Duties(parameters, AS_OF)}
    shares, fairness, months = (as_reported(metric, crm, period=SEPTEMBER, parameters=parameters) for metric in BY_REP)

    assert describe_lead_share_by_rep(shares, **run, confidence=0.95).title == "No leads to compare"
    assert describe_lead_fairness(fairness).title == describe_lead_share_by_month(months).title == "No leads to compare"
    assert describe_unassigned_leads(unassigned_leads(crm, confidence=0.95), **run).text == "No lead has arrived."
    for plot, frame in (
        (plot_lead_share_by_rep, shares), (plot_lead_fairness, fairness), (plot_lead_share_by_month, months),
        (plot_unassigned_leads, unassigned_leads(crm, confidence=0.95)),
    ):  # fmt: skip
        ax = plot(frame)
        assert len(ax.patches) == len(ax.lines) == 0
    plt.close("all")


def test_codes_stand_in_the_place_of_names(anonymous):
    """Where a company shows no names, neither table nor words hold one."""
    crm = anonymised(company([*leads_of("ana", 90), *leads_of("bo", 10)], ["ana", "bo"]))
    rows = lead_share_by_rep(crm, period=SEPTEMBER, parameters=anonymous, months=1, n_draws=DRAWS, confidence=0.95)
    finding = describe_lead_share_by_rep(rows, duties=Duties(anonymous, AS_OF), confidence=0.95)

    assert rows["is_different"].all()
    assert not {"ANA", "BO", "ana", "bo"} & {*rows["name"], *rows["rep_id"]}
    assert "ANA" not in finding.title + finding.text + finding.action.what


# The demo company, and a foreign one.


@pytest.fixture(scope="module")
def demo(demo_run):
    """The three tables of the demo month."""
    return {metric: demo_run.call(metric) for metric in BY_REP}


def test_the_reps_who_get_the_demo_companys_bad_source_are_those_with_worse_leads(demo):
    """They and nobody else, and it is that source."""
    from salesops_lib.data.demo.truths import TRUTHS

    shares = demo[lead_share_by_rep].set_index("rep_id")
    worse = shares[shares["has_worse_leads"]]

    assert set(worse.index) == set(TRUTHS.bad_source_rep_ids)
    assert worse["differs_in"].str.contains(f"more {TRUTHS.bad_source}").all()
    assert (worse["source_rate"] > worse["fair_source_rate"]).all()


def test_the_demo_companys_sharing_is_uneven_from_the_month_it_became_so(demo):
    """Source and quality over the window; source in the months since June and in none before."""
    fairness = demo[lead_fairness].set_index("aspect")
    months = demo[lead_share_by_month].set_index("month")

    assert fairness.loc[["source", "quality"], "is_uneven"].all()
    assert not fairness.loc["waiting", "is_uneven"]
    assert months.index[months["is_source_uneven"]].tolist() == ["2026-06", "2026-07", "2026-08", "2026-09"]
    assert fairness.loc["source", "gini"] > fairness.loc["source", "fair_gini_high"] > 0


def test_the_words_say_that_these_reps_got_worse_leads_with_their_numbers(demo, demo_parameters):
    """Shares with n, the yardstick, what is not known; nobody is blamed; the route is to be checked."""
    shares = demo[lead_share_by_rep]
    run = {"duties": Duties(demo_parameters, date(2026, 9, 30))}
    finding = describe_lead_share_by_rep(shares, **run, confidence=0.95)

    assert finding.title.startswith("4 reps got worse leads than their colleagues: ")
    for row in shares[shares["has_worse_leads"]].itertuples():
        assert row.name in finding.title
        assert (
            f"**{row.name}** ({percent(row.expected_qualified_rate, 1)} against {percent(row.fair_qualified_rate, 1)}; "
            f"{percent(row.source_rate)} from Paid social against {percent(row.fair_source_rate)}; n = {row.n_leads})"
        ) in finding.text
    assert "Paid social first" in finding.action.what
    assert "Not known" in finding.text
    texts = [finding.text, *(describe(demo[metric]).text for metric, describe in WORDS.items())]
    assert not [word for word in BLAME if word in " ".join(texts).lower()]


WORDS = {lead_fairness: describe_lead_fairness, lead_share_by_month: describe_lead_share_by_month}


def test_the_words_for_evenness_give_the_fair_ginis_beside_the_observed(demo):
    """And say that zero is no yardstick and joiners count by days."""
    row = demo[lead_fairness].set_index("aspect").loc["source"]
    text = describe_lead_fairness(demo[lead_fairness]).text

    assert (
        f"**source** (Gini {row['gini']:.3f}, a fair sharing {row['fair_gini_low']:.3f} to {row['fair_gini_high']:.3f}"
    ) in text
    assert "luck alone never gives it" in text
    assert "How many leads joiners should get is not known here" in text


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_the_charts_draw_the_frames(demo, width):
    """Ratios over the range of luck, Ginis over that of fair sharings."""
    with theme.chart_style(width):
        panels = plot_lead_share_by_rep(demo[lead_share_by_rep]).get_figure().axes
        aspects = plot_lead_fairness(demo[lead_fairness])
        months = plot_lead_share_by_month(demo[lead_share_by_month]).get_figure().axes
    shares, fairness = demo[lead_share_by_rep], demo[lead_fairness]
    drawn = np.concatenate([line.get_xdata() for line in panels[1].lines[1:]])

    assert set(np.round(drawn, 9)) <= set(shares["quality_ratio"].round(9))
    assert [bar.get_x() for bar in aspects.patches] == pytest.approx(fairness["fair_gini_low"].tolist())
    assert sorted(np.concatenate([line.get_xdata() for line in aspects.lines])) == pytest.approx(
        sorted(fairness["gini"])
    )
    assert months[1].lines[0].get_ydata() == pytest.approx(demo[lead_share_by_month]["source_gini"].to_numpy())
    plt.close("all")


def test_a_company_that_dates_no_assignment_has_no_waiting_time():
    """Olist's funnel: leads count by arrival, waiting is missing, the rest stands."""
    if not (REAL / "olist_funnel").is_dir():
        pytest.skip("needs shared/real/olist_funnel beside the repository")
    from salesops_lib.data import open_crm
    from salesops_lib.parameters import read_parameters

    parameters = read_parameters(ROOT / "examples" / "olist_funnel", source=str(REAL / "olist_funnel"))
    crm = open_crm(parameters)
    given_options = {"period": crm.calendar.period("2018-05"), "parameters": parameters}
    fairness = lead_fairness(crm, **given_options, confidence=0.95).set_index("aspect")
    shares = lead_share_by_rep(crm, **given_options, confidence=0.95)

    assert pd.isna(fairness.loc["waiting", "p_value"])
    assert fairness.loc["count", "n_leads"] == shares["n_leads"].sum() > 0
    assert shares["waiting_hours"].isna().all()


@pytest.mark.parametrize("metric", BY_REP)
def test_weights_without_a_lead_in_the_months_share_nothing(parameters, metric):
    """The rule is declared, but nothing came to share."""
    declared = declaring(parameters, leads={"rule": "weighted", "weights": {"a": 2, "b": 1}})

    rows = as_reported(metric, company(leads_of("a", 3, day="2021-09-10")), period=SEPTEMBER, parameters=declared)

    assert rows["n_leads"].sum() == 0
    assert list(rows.columns) == promised(metric)


def test_leads_without_a_source_are_told_by_number_alone(parameters):
    """No Gini of sources stands as a dash."""
    crm = company([lead for rep in "abc" for lead in leads_of(rep, 10, source=None)])
    months = lead_share_by_month(crm, period=SEPTEMBER, parameters=parameters, confidence=0.95)

    text = describe_lead_share_by_month(months).text

    assert "By number" in text
    assert "By source" not in text
    assert "–" not in text
