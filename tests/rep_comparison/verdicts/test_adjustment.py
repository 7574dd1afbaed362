"""Adjustment: parts add up, mix is not taken for skill, who truly differs is found, leads are blamed before reps."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from salesops_lib.rep_comparison.causes.metrics import causes_by_rep
from salesops_lib.rep_comparison.causes.narrative import describe_causes_by_rep
from salesops_lib.rep_comparison.verdicts.adjustment import PARTS, adjust
from salesops_lib.rep_comparison.verdicts.deal_kinds import DealKinds
from salesops_lib.rep_comparison.verdicts.metrics import verdict_by_rep
from salesops_lib.statistics.differences import false_discovery
from salesops_lib.statistics.factor_cells import cells_of
from tests.builders import make_crm
from tests.rep_comparison.recipes import SEPTEMBER, closed_deals, numbered

FACTORS = {"month": 12, "segment": 4, "product": 5, "tenure": 3, "source": 8}


def team(rng, n_reps, n_deals, *, mixed, effects=None, base=-0.8):
    """A simulated team; where ``mixed``, each rep has a mix of its own and kinds of deals differ by half a logit."""
    rep = np.repeat(np.arange(n_reps), n_deals)
    codes, line = {}, np.full(len(rep), base) + (0 if effects is None else np.asarray(effects)[rep])
    for name, n in FACTORS.items():
        shares = rng.dirichlet(np.full(n, 1.0 if mixed else 1e4), size=n_reps)
        codes[name] = np.concatenate([rng.choice(n, size=n_deals, p=own) for own in shares])
        line = line + (rng.normal(0, 0.5, n)[codes[name]] if mixed else 0.0)
    deals = pd.DataFrame({"rep": rep, **codes, "won": rng.binomial(1, expit(line))})
    rows = deals.groupby(["rep", *FACTORS])["won"].agg(["size", "sum"]).reset_index()
    cells = cells_of(rows["sum"], rows["size"], rows["rep"], [rows[name] for name in FACTORS], n_reps=n_reps)
    names = [f"r{place:02d}" for place in range(n_reps)]
    return DealKinds(cells, names, list(FACTORS), (rows["month"] // 3).astype(str))


def flagged(kinds):
    """Whom the last comparison calls different, in teams of ten."""
    teams = pd.Series({name: f"t{place // 10}" for place, name in enumerate(kinds.rep_ids)})
    return false_discovery(adjust(kinds, teams).rows["p_value"]) <= 0.05


@pytest.mark.parametrize("mixed", [False, True], ids=["alike", "mixed"])
@pytest.mark.parametrize("base", [-0.8, 0.5])
def test_teams_of_equals_raise_no_alarm_whatever_their_mix(mixed, base):
    """Equals, with the same mix and with very different ones: 5 % of teams at most; 100 teams may show three more."""
    rng = np.random.default_rng(20)
    alarms = [flagged(team(rng, 30, 40, mixed=mixed, base=base)).any() for _ in range(100)]

    assert np.mean(alarms) <= 0.08


def test_what_is_held_alike_takes_the_mix_out_of_the_spread_between_reps():
    """Equals of very different mix: z-scores lie no wider than luck's; told apart by month alone, they do."""
    rng = np.random.default_rng(20)
    teams = [team(rng, 30, 150, mixed=True) for _ in range(8)]
    blind = [replace(each, factors=["month", *("unknown" for _name in each.factors[1:])]) for each in teams]
    spread, blind_spread = (
        np.mean([adjust(each, pd.Series(dtype=str)).rows["z_score"].std() for each in some]) for some in (teams, blind)
    )

    assert spread < 1.1
    assert blind_spread > 1.3


def test_a_rep_who_truly_wins_less_is_found_in_any_mix():
    """One logit less on 150 deals: found in two teams of three at least."""
    rng = np.random.default_rng(21)
    effects = np.r_[-1.0, np.zeros(29)]
    found = [flagged(team(rng, 30, 150, mixed=True, effects=effects))[0] for _ in range(20)]

    assert np.mean(found) >= 2 / 3


def company(deals):
    """Thirty reps, most of them without a deal."""
    return make_crm(deals=numbered(deals), reps=[f"r{place}" for place in range(30)])


def bad_source_for_one():
    """Everybody wins 40 % of web leads and 10 % of fairs; r0 gets nearly all of the fairs."""
    deals = []
    for place in range(30):
        webs, fairs = (1, 8) if place == 0 else (4, 1)
        deals += closed_deals(f"r{place}", "2026-08-10", 8 * webs, 12 * webs, source="Web")
        deals += closed_deals(f"r{place}", "2026-08-10", 2 * fairs, 18 * fairs, source="Fair")
    return deals


def test_a_bad_source_is_blamed_on_the_leads_and_not_on_who_got_them():
    """Beyond luck in the same months and segments, and explained by the leads: nobody stands out."""
    crm = company(bad_source_for_one())

    verdicts = verdict_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20).set_index("rep_id")
    causes = causes_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20)
    words = describe_causes_by_rep(causes)

    assert verdicts.loc["r0", "q_value"] < 0.001
    assert verdicts.loc["r0", "explained_by"] == "leads"
    assert not verdicts["verdict"].str.startswith("stands out").any()
    assert causes.set_index("rep_id").loc["r0", "leads_won"] < -15
    assert "leads explain most of it" in words.text


def test_a_level_that_is_one_persons_own_does_not_explain_that_person_away():
    """r0 alone sells to the fair, and loses: who else would the fair be compared with?"""
    deals = closed_deals("r0", "2026-08-10", 10, 110, source="Fair")
    for place in range(1, 10):
        deals += closed_deals(f"r{place}", "2026-08-10", 40, 60, source="Web")

    verdicts = verdict_by_rep(company(deals), period=SEPTEMBER, confidence=0.95, min_closed=20).set_index("rep_id")

    assert verdicts.loc["r0", "verdict"] == "stands out below"


COUNTS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["Web", "Fair"]), st.integers(0, 9), st.integers(0, 9)), max_size=12
)


@settings(max_examples=5, deadline=None)
@given(counts=COUNTS)
def test_the_parts_and_the_rest_add_up_to_the_difference_and_order_never_matters(counts):
    """Whatever the deals."""
    deals = [
        deal
        for rep, source, won, lost in counts
        for deal in closed_deals(f"r{rep}", f"2026-0{rep + 5}-10", won, lost, source=source)
    ]
    crm, back = company(deals), make_crm(deals=numbered(deals)[::-1], reps=[f"r{n}" for n in range(30)])

    rows = causes_by_rep(crm, period=SEPTEMBER, confidence=0.95, min_closed=20)

    parts = rows[[*(f"{part}_won" for part in PARTS), "rest_won", "expected_won"]].sum(axis=1)
    known = rows["rest_won"].notna()
    assert parts[known].tolist() == pytest.approx(rows.loc[known, "n_won"].tolist(), abs=1e-6)
    again = causes_by_rep(back, period=SEPTEMBER, confidence=0.95, min_closed=20)
    pd.testing.assert_frame_equal(rows, again, rtol=1e-6, atol=1e-6)


def test_places_are_ranges_and_nobody_is_first_among_equals():
    """Ten equals: every range of places is wide, and nobody is surely in a quarter."""
    deals = [deal for place in range(10) for deal in closed_deals(f"r{place}", "2026-08-10", 30, 70)]

    rows = causes_by_rep(company(deals), period=SEPTEMBER, confidence=0.95, min_closed=20)

    assert (rows["rank_high"] - rows["rank_low"] >= 7).all()
    assert rows["top_quarter_rate"].max() < 0.4
    assert "tells nobody's quarter" in describe_causes_by_rep(rows).text


def test_without_lost_deals_nothing_is_expected():
    """Only wins on record: no cause can be told, and the words say why."""
    deals = [deal for place in range(10) for deal in closed_deals(f"r{place}", "2026-08-10", 30, 0)]

    rows = causes_by_rep(company(deals), period=SEPTEMBER, confidence=0.95, min_closed=20)

    assert rows[["rest_won", "adjusted_win_rate", "rank_low"]].isna().all(axis=None)
    assert describe_causes_by_rep(rows).title == "No lost deal is recorded, so win rates cannot be compared"
