"""Goals of teams and the company: each member counts for the days in the team, and a sum that lacks a part is none."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.measures import attainment, goals
from salesops_lib.measures.goals import goals_or_why, goals_without_team
from salesops_lib.parameters.company import GoalRules
from tests.builders import CALENDAR, make_crm

Q3 = CALENDAR.period("2026-Q3")
YEAR = CALENDAR.period("2026")
PARTS = [YEAR, *CALENDAR.within(YEAR, "quarter"), *CALENDAR.within(YEAR, "month")]


def quota(amount=6600, period="2026-Q3", **who):
    """A goal of a rep, a team or the company; 100 for each of the third quarter's 66 selling days."""
    level = "rep" if "rep_id" in who else "team" if "team_id" in who else "company"
    return {"level": level, "period": period, "measure": "bookings", "amount": amount, **who}


def stay(rep, team, from_on=None, to_on=None):
    """A rep's stay in a team."""
    return {"rep_id": rep, "team_id": team, "from_on": from_on, "to_on": to_on}


def company(*, reps=("ana", "bo"), quotas=None, deals=(), stays=(), teams="tu", **more):
    """Reps with a goal each for the third quarter of 2026, unless quotas say otherwise."""
    people = [rep if isinstance(rep, dict) else {"rep_id": rep} for rep in reps]
    people = [{"name": each["rep_id"].title(), **each} for each in people]
    stated = [quota(rep_id=each["rep_id"]) for each in people] if quotas is None else quotas
    rows = [team if isinstance(team, dict) else {"team_id": team, "name": f"Team {team.upper()}"} for team in teams]
    return make_crm(reps=people, quotas=stated, deals=deals, team_members=stays, teams=rows, **more)


def team_goals(crm, period=Q3):
    """Goal by team."""
    return goals(crm, [period], level="team").set_index("team_id")["quota_amount"].to_dict()


def company_goal(crm, period=Q3):
    """The company's goal, or nothing."""
    found = goals(crm, [period], level="company")["quota_amount"].tolist()
    return found[0] if found else None


@pytest.mark.parametrize(("prorate", "goal"), [(False, 13_200), (True, 6600 + 4400)])
def test_a_leaver_counts_in_the_team_s_goal(prorate, goal):
    """Bo left at the end of August: the whole quota as stated, or the 44 of 66 selling days, in team and company."""
    crm = company(
        reps=["ana", {"rep_id": "bo", "ended_on": "2026-08-31"}],
        stays=[stay("ana", "t"), stay("bo", "t", to_on="2026-08-31")],
        goal_rules=GoalRules(prorate=prorate),
    )

    assert (team_goals(crm), company_goal(crm)) == ({"t": goal}, goal)


def test_a_joiner_s_goal_before_the_first_day_is_the_first_team_s():
    """A quota that is stated as owed spreads over the whole quarter, so July has its part too."""
    crm = company(reps=[{"rep_id": "ana", "started_on": "2026-08-03"}], stays=[stay("ana", "t", from_on="2026-08-03")])

    assert team_goals(crm, CALENDAR.period("2026-07")) == {"t": 2300}


def test_a_mover_counts_in_each_team_for_the_days_in_it():
    """44 selling days with the old team, 22 with the new one, as the bookings go by the closing day."""
    crm = company(
        stays=[stay("ana", "t"), stay("bo", "t", to_on="2026-08-31"), stay("bo", "u", from_on="2026-09-01")],
        deals=[("bo", "2026-08-31", "won", 100), ("bo", "2026-09-01", "won", 10)],
    )

    rows = attainment(crm, [Q3], level="team").set_index("team_id")

    assert rows["quota_amount"].to_dict() == {"t": 6600 + 4400, "u": 2200}
    assert rows["bookings_amount"].to_dict() == {"t": 100, "u": 10}
    assert company_goal(crm) == 13_200


def test_days_in_no_team_are_the_company_s_and_no_team_s():
    """Bo is between teams in August."""
    crm = company(
        reps=["bo"], stays=[stay("bo", "t", to_on="2026-07-31"), stay("bo", "u", from_on="2026-09-01")]
    )  # fmt: skip

    assert team_goals(crm) == {"t": 2300, "u": 2200}
    assert goals_without_team(crm, [Q3])["quota_amount"].tolist() == [2100]
    assert company_goal(crm) == 6600


def test_a_group_of_teams_counts_its_own_members_beside_its_teams():
    """Bo belongs to the region itself; the company counts everybody once."""
    teams = [{"team_id": "t", "name": "T", "parent_team_id": "all"}, {"team_id": "all", "name": "All"}]
    crm = company(teams=teams, stays=[stay("ana", "t"), stay("bo", "all")])

    assert team_goals(crm) == {"t": 6600, "all": 13_200}
    assert company_goal(crm) == 13_200


def test_one_team_s_goal_is_not_the_company_s():
    """Team U has none: T stands at its own attainment, the company at none, and the basis says who lacks one."""
    crm = company(
        quotas=[quota(team_id="t")],
        stays=[stay("ana", "t"), stay("bo", "u")],
        deals=[("ana", "2026-08-03", "won", 3300), ("bo", "2026-08-03", "won", 3300)],
    )

    teams = attainment(crm, [Q3], level="team").set_index("team_id")
    whole = attainment(crm, [Q3], level="company").iloc[0]

    assert teams["attainment_rate"].to_dict() == pytest.approx({"t": 0.5, "u": float("nan")}, nan_ok=True)
    assert pd.isna(whole["attainment_rate"])
    assert whole["goal_basis"] == "Team U lacks one"


def test_a_member_without_a_goal_leaves_team_and_company_without_one():
    """Cy sells in team U beside Bo, who has a goal; team T is whole."""
    crm = company(
        reps=["ana", "bo", "cy"],
        quotas=[quota(rep_id="ana"), quota(rep_id="bo")],
        stays=[stay("ana", "t"), stay("bo", "u"), stay("cy", "u")],
    )

    assert team_goals(crm) == {"t": 6600}
    assert attainment(crm, [Q3], level="company")["goal_basis"].tolist() == ["Cy lacks one"]


@pytest.mark.parametrize(
    "other",
    [
        {"role": "sales development"},
        {"ended_on": "2026-08-31"},
        {"started_on": "2026-09-02"},
        {"started_on": "2026-10-01"},
        {"role": "manager"},
    ],
    ids=["a role without goals", "left without bookings", "came this month", "not there yet", "a manager"],
)
def test_who_needs_no_goal_keeps_no_sum_from_being_one(other):
    """Ana's goal is the company's."""
    crm = company(
        reps=[{"rep_id": "ana", "role": "seller"}, {"rep_id": "bo", "role": "seller", **other}],
        quotas=[quota(rep_id="ana")],
        stays=[stay("ana", "t"), stay("bo", "t")],
    )

    assert (team_goals(crm), company_goal(crm)) == ({"t": 6600}, 6600)


@pytest.mark.parametrize(
    "who", [{"role": "sales development"}, {"ended_on": "2026-08-31"}, {"started_on": "2026-08-03"}]
)
def test_whoever_booked_needs_a_goal(who):
    """The bookings are in the company's, so a goal must be."""
    crm = company(
        reps=[{"rep_id": "ana", "role": "seller"}, {"rep_id": "bo", "role": "seller", **who}],
        quotas=[quota(rep_id="ana")],
        deals=[("bo", "2026-08-03", "won", 10)],
    )

    assert company_goal(crm) is None
    assert company_goal(crm, CALENDAR.period("2026-07")) == 2300


def test_a_joiner_needs_a_goal_for_the_first_whole_month():
    """Bo came in July and has none: July's sum is whole, August's and the quarter's lack a part."""
    crm = company(reps=["ana", {"rep_id": "bo", "started_on": "2026-07-02"}], quotas=[quota(rep_id="ana")])

    assert company_goal(crm, CALENDAR.period("2026-07")) == 2300
    assert (company_goal(crm, CALENDAR.period("2026-08")), company_goal(crm)) == (None, None)


def test_a_goal_of_0_says_that_none_is_meant():
    """Then the sum is whole."""
    crm = company(quotas=[quota(rep_id="ana"), quota(0, rep_id="bo")], deals=[("bo", "2026-08-03", "won", 10)])

    assert company_goal(crm) == 6600


def test_a_month_s_goal_counts_in_the_quarter_that_has_another():
    """July has one of its own, the quarter's counts for August and September; the quarter is the sum of its months."""
    crm = company(reps=["ana"], quotas=[quota(rep_id="ana"), quota(1000, "2026-07", rep_id="ana")])

    assert goals(crm, [Q3], level="rep")["quota_amount"].tolist() == [1000 + 4300]


def test_what_a_team_states_and_what_its_members_do_add_up():
    """The team states July; on the other days its members' goals are its goal."""
    crm = company(
        reps=["ana"], quotas=[quota(rep_id="ana"), quota(1000, "2026-07", team_id="t")], stays=[stay("ana", "t")]
    )

    assert (team_goals(crm), company_goal(crm)) == ({"t": 5300}, 5300)


def test_a_team_that_nobody_is_left_in_needs_no_goal():
    """Closed in June: its half year is its year, and that of the region above; without a goal for now it is none."""
    teams = [{"team_id": team, "name": team, "parent_team_id": "all"} for team in "tu"]
    halves = [quota(100, f"2026-Q{number}", team_id="t") for number in (1, 2)]
    crm = company(
        teams=[*teams, {"team_id": "all", "name": "All"}],
        quotas=[*halves, quota(1000, "2026", team_id="u")],
        stays=[stay("ana", "t", to_on="2026-06-30"), stay("ana", "u", from_on="2026-07-01"), stay("bo", "u")],
    )

    assert team_goals(crm, YEAR) == {"t": 200, "u": 1000, "all": 1200}


def test_a_team_with_members_and_goals_for_half_a_year_has_none_for_the_year():
    """Nor has the company."""
    crm = company(quotas=[quota(100, "2026-Q1", team_id="t")], stays=[stay("ana", "t"), stay("bo", "t")])

    assert (team_goals(crm, YEAR), company_goal(crm, YEAR)) == ({}, None)


_moves = st.lists(
    st.tuples(st.integers(0, 380), st.sampled_from(["t", "u", "all", None])), min_size=1, max_size=3
)  # fmt: skip


@st.composite
def rosters(draw, n_missing=0):
    """Joiners, leavers, moves, days between teams and one reorganisation; goals for 2026, some of them missing."""
    first = date(2025, 12, 20)
    reorganised = draw(st.one_of(st.none(), st.integers(20, 360)))
    reps, stays, quotas = [], [], []
    for number in range(draw(st.integers(1, 4))):
        rep, cents = f"r{number}", st.decimals(0, 10**6, places=2)
        began, left = (draw(st.one_of(st.none(), st.integers(low, high))) for low, high in ((0, 200), (201, 370)))
        reps.append(
            {"rep_id": rep, "role": draw(st.sampled_from(["seller", "seller", "manager"]))}
            | {"started_on": None if began is None else first + timedelta(began)}
            | {"ended_on": None if left is None else first + timedelta(left)}
        )
        steps = dict(draw(_moves)) | ({reorganised: "u"} if reorganised is not None else {})
        days = sorted(steps)
        for day, after in zip(days, [*days[1:], None], strict=True):
            if steps[day] is not None:
                to_on = None if after is None else first + timedelta(after - 1)
                stays.append(stay(rep, steps[day], first + timedelta(day), to_on))
        quotas += [quota(draw(cents), f"2026-Q{quarter}", rep_id=rep) for quarter in range(1, 5)]
        if draw(st.booleans()):
            quotas.append(quota(draw(cents), "2026-08", rep_id=rep))
    return {"reps": reps, "stays": stays, "quotas": draw(st.permutations(quotas))[n_missing:]}


@settings(max_examples=40, deadline=None)
@given(
    roster=rosters(),
    phasing=st.sampled_from(["selling_days", "even"]),
    prorate=st.booleans(),
    ramp=st.lists(st.sampled_from([0.25, 0.5]), max_size=2),
)
def test_the_company_s_goal_is_the_sum_of_teams_and_of_periods_to_the_cent(roster, phasing, prorate, ramp):
    """Whoever joins, leaves, moves or is in no team for a while: nothing is lost or counted twice."""
    teams = [
        {"team_id": "t", "name": "T", "parent_team_id": "all"},
        *({"team_id": each, "name": each} for each in ("u", "all")),
    ]
    crm = company(**roster, teams=teams, goal_rules=GoalRules(phasing=phasing, prorate=prorate, ramp=tuple(ramp)))

    whole = goals(crm, PARTS, level="company").set_index("period")["quota_amount"]
    of_team = goals(crm, PARTS, level="team").pivot_table("quota_amount", "period", "team_id", aggfunc="sum")
    of_team = of_team.reindex(index=whole.index, columns=["u", "all"]).fillna(0.0)
    in_none = goals_without_team(crm, PARTS).set_index("period")["quota_amount"].reindex(whole.index).fillna(0.0)

    assert (of_team.sum(axis=1) + in_none).round(2).to_dict() == whole.to_dict()
    sellers = {rep["rep_id"] for rep in roster["reps"] if rep["role"] == "seller"}
    assert set(whole.index) == ({period.label for period in PARTS} if sellers else set())
    for kind in ("quarter", "month"):
        labels = [period.label for period in PARTS if period.kind == kind]
        assert not sellers or round(whole[labels].sum(), 2) == whole["2026"]


@settings(max_examples=40, deadline=None)
@given(
    roster=st.integers(1, 3).flatmap(lambda n: rosters(n_missing=n)),
    booked=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 9)), max_size=3),
)
def test_the_year_is_the_sum_of_its_months_or_one_of_them_lacks_a_goal_as_well(roster, booked):
    """Where goals are missing too; and teams add up to the company wherever it has a goal."""
    deals = [(f"r{rep}", f"2026-0{month}-15", "won", 10) for rep, month in booked if rep < len(roster["reps"])]
    crm = company(**roster, deals=deals)

    whole = goals_or_why(crm, PARTS, level="company").set_index("period")["quota_amount"]
    of_team = goals(crm, PARTS, level="team").groupby("period")["quota_amount"].sum()
    in_none = goals_without_team(crm, PARTS).set_index("period")["quota_amount"]
    parts = of_team.add(in_none, fill_value=0.0).round(2)
    months = whole[whole.index.isin([period.label for period in PARTS if period.kind == "month"])]

    if "2026" in whole and pd.notna(whole["2026"]):
        assert round(months.sum(), 2) == whole["2026"]
        assert months.notna().all()
    assert {label: parts[label] for label in whole.dropna().index} == whole.dropna().to_dict()
