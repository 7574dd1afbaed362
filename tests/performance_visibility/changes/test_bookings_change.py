"""What moved bookings: parts that add up to the cent wherever one looks, chance that is not taken for news."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from salesops_lib import theme
from salesops_lib.measures import win_rates
from salesops_lib.performance_visibility.changes.bookings.cells import PARTS, change_by_chance
from salesops_lib.performance_visibility.changes.bookings.metrics import bookings_change, bookings_change_by_rep
from salesops_lib.performance_visibility.changes.bookings.narrative import (
    describe_bookings_change,
    describe_bookings_change_by_rep,
)
from salesops_lib.performance_visibility.changes.bookings.plots import (
    plot_bookings_change,
    plot_bookings_change_by_rep,
    table_bookings_change,
    table_bookings_change_by_rep,
)
from salesops_lib.performance_visibility.explore_bookings import ALL, explore_bookings
from salesops_lib.reporting.tables.table import write_table
from tests.builders import CALENDAR, make_crm
from tests.test_contracts import promised

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)
THEN, NOW = "2025-08-20", "2026-08-20"
TEAMS = [{"team_id": "t1", "name": "North"}, {"team_id": "t2", "name": "South"}]
FIRST = ("ana", "2025-07-01", "lost")
"""A loss on the first day of the quarter of a year ago: the data reaches back that far."""


def decided(rep, day, won, lost, amount=100, **more):
    """Deals of a rep decided on a day."""
    deal = {"rep_id": rep, "closed_on": day, "amount": amount, **more}
    return [{**deal, "status": "won"}] * won + [{**deal, "status": "lost"}] * lost


def company(deals, **tables):
    """A company seen at the end of the third quarter of 2026."""
    return make_crm(deals=deals, as_of=tables.pop("as_of", END), **tables)


def change(crm, **options):
    """The change of the third quarter."""
    return bookings_change(crm, period=SEPTEMBER, **options, confidence=0.95)


def by_rep(crm, **options):
    """The same by rep, by key."""
    return bookings_change_by_rep(crm, period=SEPTEMBER, **options, confidence=0.95).set_index("rep_id")


def stay(rep, team, first=None, last=None):
    """A stay in a team."""
    return {"rep_id": rep, "team_id": team, "from_on": first, "to_on": last}


def test_the_parts_are_the_mean_over_all_orders_of_changing():
    """2 decided at 50 % of 100 become 4 at 25 % of 300: worked out by hand over the six orders."""
    row = change(company([*decided("ana", "2025-07-20", 1, 1), *decided("ana", NOW, 1, 3, 300)])).iloc[0]

    assert (row["closed_before"], row["closed"], row["before_rate"], row["win_rate"]) == (2, 4, 0.5, 0.25)
    assert row["change_amount"] == 200
    assert row[PARTS].tolist() == [141.66, 0, -158.33, 216.67]  # the last cent of volume, 141.666..., makes it add up


def test_a_shift_between_segments_is_mix():
    """As many deals as before, won as often and as large in each segment, but fewer of them in the large one."""
    segments = [{"account_id": name, "segment": name} for name in ("Large", "Small")]
    deals = [
        *decided("ana", "2025-07-20", 2, 2, 100, account_id="Small"), *decided("ana", NOW, 3, 3, 100, account_id="Small"),
        *decided("ana", THEN, 2, 2, 1000, account_id="Large"), *decided("ana", NOW, 1, 1, 1000, account_id="Large"),
    ]  # fmt: skip
    rows = change(company(deals, accounts=segments)).set_index("name")

    assert rows.loc["Company", PARTS].tolist() == [0, -900, 0, 0]
    assert rows.loc["Small", PARTS].tolist() == [100, 0, 0, 0]
    assert rows.loc["Large", PARTS].tolist() == [-1000, 0, 0, 0]


def test_who_decided_deals_in_one_period_only_changed_in_volume():
    """A leaver and a joiner have no rate and no size to compare, and are not judged."""
    deals = [
        *decided("ana", "2025-07-20", 1, 1),
        *decided("ana", NOW, 1, 1),
        *decided("bo", THEN, 2, 1),
        *decided("cy", NOW, 1, 4),
    ]
    rows = by_rep(company(deals))

    assert rows.loc["bo", PARTS].tolist() == [-200, 0, 0, 0]
    assert rows.loc["cy", PARTS].tolist() == [100, 0, 0, 0]
    assert rows["p_value"].notna().to_dict() == {"ana": True, "bo": False, "cy": False}
    assert not rows["is_beyond_chance"].any()


def test_a_source_without_losses_has_no_win_rate():
    """Two wins become five, all won because losses are never recorded: the rate is missing, volume counts the wins."""
    row = change(company([*decided("ana", "2025-07-20", 2, 0), *decided("ana", NOW, 5, 0, 80)])).iloc[0]

    assert row[["win_rate", "win_rate_low", "win_rate_high", "before_rate"]].isna().all()
    assert row["win_rate_amount"] == 0
    assert row["volume_amount"] == 270  # 3 more at the mean of 100 and 80
    assert row["deal_size_amount"] == -70


def test_losses_recorded_from_this_year_on_are_no_fall_of_the_win_rate():
    """Nothing was ever lost a year ago; that says how the source was kept, not that everything was won."""
    row = change(company([*decided("ana", "2025-07-20", 5, 0), *decided("ana", NOW, 5, 5)])).iloc[0]

    assert row[["change_amount", *PARTS]].tolist() == [0, 0, 0, 0, 0]
    assert pd.isna(row["win_rate"])


def test_without_a_year_of_data_the_period_before_is_taken():
    """Data from April on: Q3 is held against Q2; Q2 against nothing, and all that concerns then is missing."""
    crm = company([*decided("ana", "2026-04-02", 1, 1), *decided("ana", NOW, 2, 2)])
    later, first = (
        change(crm).iloc[0],
        bookings_change(crm.at(date(2026, 6, 30)), period=CALENDAR.period("2026-06"), confidence=0.95).iloc[0],
    )

    assert (later["compared_with"], later["before_amount"], later["change_amount"]) == ("Q2 2026", 100, 100)
    assert (first["compared_with"], first["bookings_amount"]) == ("", 100)
    assert first[["before_amount", "closed_before", "change_amount", *PARTS, "p_value"]].isna().all()
    assert not first["is_beyond_chance"]


def test_a_running_period_is_held_against_the_same_days():
    """On 10 August, 41 days into the quarter, a year ago counts up to 10 August too."""
    deals = [
        *decided("ana", "2025-07-20", 1, 1),
        *decided("ana", "2025-08-11", 3, 0),
        *decided("ana", "2026-08-10", 1, 1),
    ]
    crm = company(deals).at(date(2026, 8, 10))
    row = bookings_change(crm, period=CALENDAR.period("2026-08"), confidence=0.95).iloc[0]

    assert (row["before_amount"], row["bookings_amount"], row["is_partial"]) == (100, 100, True)


def test_month_and_previous_can_be_asked_for():
    """September against August."""
    deals = [FIRST, *decided("ana", "2026-08-20", 2, 1), *decided("ana", "2026-09-20", 1, 1)]
    row = change(company(deals), span="month", compare_with="previous").iloc[0]

    assert (row["period"], row["compared_with"], row["change_amount"]) == ("September 2026", "August 2026", -100)


def test_last_year_s_deals_stay_with_last_year_s_team():
    """Ana moved south in July 2026: what she booked a year ago remains the north's."""
    stays = [stay("ana", "t1", None, "2026-06-30"), stay("ana", "t2", "2026-07-01"), stay("bo", "t1")]
    deals = [FIRST, *decided("ana", THEN, 2, 1), *decided("ana", NOW, 3, 1), *decided("bo", NOW, 1, 1)]
    rows = change(company(deals, teams=TEAMS, team_members=stays)).set_index("name")

    assert rows.loc["North", ["before_amount", "bookings_amount"]].tolist() == [200, 100]
    assert rows.loc["South", ["before_amount", "bookings_amount"]].tolist() == [0, 300]


def test_of_a_rep_who_moved_a_team_has_the_deals_closed_there():
    """Ana, in the north until August 2026: two of her five deals of the quarter count there, whole deals too."""
    stays = [stay("ana", "t1", None, "2026-08-31"), stay("ana", "t2", "2026-09-01")]
    deals = [FIRST, *decided("ana", NOW, 1, 1), *decided("ana", "2026-09-10", 2, 1)]
    crm = company(deals, teams=TEAMS, team_members=stays)

    north, both = (by_rep(crm, team_id=team).loc["ana"] for team in ("t1", None))

    assert north[["closed", "n_closed", "n_won", "team"]].tolist() == [2, 2, 1, "South"]
    assert both[["closed", "n_closed", "n_won", "team"]].tolist() == [5, 5, 3, "South"]


def test_reps_with_only_wins_count_in_their_manager_s_rate():
    """Three reps only won (120) and one lost 150 of 230: the team's rate by value is 200 / 350, not 100 %."""
    deals = [
        ("ana", NOW, "won", 40),
        ("bo", NOW, "won", 40),
        ("cy", NOW, "won", 40),
        ("di", NOW, "won", 80),
        ("di", NOW, "lost", 150),
    ]
    stays = [stay(rep, "t1") for rep in ("ana", "bo", "cy", "di")]
    row = win_rates(
        company(deals, teams=TEAMS, team_members=stays), CALENDAR.period("2026-Q3"), by=["team_id"], confidence=0.95
    ).iloc[0]

    assert (row["won_amount"], row["closed_amount"]) == (200, 350)
    assert round(row["value_win_rate"], 3) == 0.571


def test_a_deal_shared_within_a_team_is_one_deal_there():
    """Halves of one deal are one win for the team and the company, with the chance of one; each rep has half a deal."""
    deals = [*decided("ana", "2025-07-20", 1, 1), *decided("ana", NOW, 1, 1, 1000)]
    halves = [{"opportunity_id": "d00002", "rep_id": rep, "share": 0.5, "book": "main"} for rep in ("ana", "bo")]
    team = {"teams": TEAMS, "team_members": [stay("ana", "t1"), stay("bo", "t1")], "reps": ["ana", "bo"]}
    shared, whole = (company(deals, credits=given, **team) for given in (halves, []))
    columns = ["n_won", "won", "bookings_amount", "change_amount_low", "change_amount_high"]

    assert change(shared)[columns].equals(change(whole)[columns])
    assert by_rep(shared).loc["bo", ["n_won", "won", "bookings_amount"]].tolist() == [1, 0.5, 500]


DAYS = ["2025-07-15", "2025-08-20", "2025-09-29", "2026-07-02", "2026-08-14", "2026-09-30"]
any_deal = st.tuples(
    st.sampled_from(["ana", "bo", "cy"]), st.sampled_from(DAYS), st.sampled_from(["won", "won", "lost"]),
    st.integers(0, 10**7), st.sampled_from(["", "ana", "bo", "cy"]), st.integers(1, 999_999),
)  # fmt: skip


def random_company(deals, order=1):
    """Deals with amounts in cents, some shared; ana moves from north to south in both quarters, cy has no team."""
    rows, credits = [], []
    for place, (rep, day, status, cents, other, millionths) in enumerate(deals):
        key = f"r{place}"
        rows.append({"opportunity_id": key, "rep_id": rep, "closed_on": day, "status": status, "amount": cents / 100})
        shares = {rep: 1_000_000} if other in ("", rep) else {rep: millionths, other: 1_000_000 - millionths}
        credits += [
            {"opportunity_id": key, "rep_id": who, "share": part / 1e6, "book": "main"} for who, part in shares.items()
        ]
    rows.append({"opportunity_id": "first", "rep_id": "ana", "closed_on": "2025-07-01", "status": "lost"})
    stays = [
        stay("ana", "t1", None, "2025-08-01"), stay("ana", "t2", "2025-08-02", "2026-08-14"),
        stay("ana", "t1", "2026-08-15"), stay("bo", "t2"),
    ]  # fmt: skip
    reps = [
        {"rep_id": rep, "name": rep.title(), "segment": segment}
        for rep, segment in (("ana", "Large"), ("bo", "Small"), ("cy", None))
    ]
    return company(rows[::order], reps=reps, teams=TEAMS, team_members=stays[::order], credits=credits[::order])


@settings(max_examples=5, deadline=None)
@for_any(deals=st.lists(any_deal, max_size=14))
def test_reps_add_up_to_teams_and_teams_to_the_company(deals):
    """To the cent, for any deals, shares and moves: every amount, and the parts; the order of rows is no matter."""
    crm = random_company(deals)
    rows = change(crm)
    whole, teams, segments = (rows[rows["group"] == group] for group in ("company", "team", "segment"))
    sums = ["bookings_amount", "before_amount", "change_amount", "win_rate_amount", "deal_size_amount"]
    shares = ["closed", "closed_before", "won", "won_before"]

    booked = sum(cents for _rep, day, status, cents, *_ in deals if day >= "2026" and status == "won")
    assert whole["bookings_amount"].iloc[0] == pytest.approx(booked / 100, abs=0.001)
    assert whole["closed"].iloc[0] == pytest.approx(sum(day >= "2026" for _rep, day, *_ in deals))
    parts = rows[PARTS].sum(axis=1)
    assert np.allclose(parts, rows["change_amount"], atol=0.001, rtol=0)
    assert np.allclose(rows[PARTS] * 100, (rows[PARTS] * 100).round(), atol=1e-4, rtol=0)
    for group in (teams, segments, by_rep(crm)):
        if len(group):
            assert np.allclose(group[[*sums, *shares]].sum(), whole[[*sums, *shares]].iloc[0], atol=0.001, rtol=0)
    for team in teams.to_dict("records"):
        own = by_rep(crm, team_id=team["key"])
        assert np.allclose(own[[*sums, *shares]].sum(), [team[name] for name in [*sums, *shares]], atol=0.001, rtol=0)
        shifted = own[["volume_amount", "mix_amount"]].to_numpy().sum()
        assert shifted == pytest.approx(team["volume_amount"] + team["mix_amount"], abs=0.001)
    seen = rows.dropna(subset="win_rate")
    assert (seen["win_rate"].between(seen["win_rate_low"] - 1e-9, seen["win_rate_high"] + 1e-9)).all()
    pd.testing.assert_frame_equal(rows, change(random_company(deals, order=-1)))


def tables_of(n_tables, growth, *, n_teams=8, deals=15, spread=1.0):
    """Made-up changes of teams whose deals come at random: change, both sums together, sum of squares."""
    rng = np.random.default_rng(399)
    sides = []
    for rate in (deals, deals * growth):
        n = rng.poisson(rate, n_tables * n_teams)
        sizes, owner = np.exp(rng.normal(0, spread, n.sum())), np.repeat(np.arange(n.size), n)
        sides.append([np.bincount(owner, value, n.size).reshape(n_tables, n_teams) for value in (sizes, sizes**2)])
    (before, squares_before), (now, squares) = sides
    return now - before, now + before, squares + squares_before


@pytest.mark.parametrize(("spread", "deals"), [(0.0, 3), (0.0, 40), (1.0, 15), (1.3, 40)])
def test_chance_alone_raises_an_alarm_in_at_most_five_of_a_hundred_tables(spread, deals):
    """Eight teams whose deals come as often as before, few or many, alike or very uneven."""
    tables = zip(*tables_of(400, 1.0, deals=deals, spread=spread), strict=True)
    alarms = [bool((change_by_chance(*map(pd.Series, table), confidence=0.95)[2] < 0.05).any()) for table in tables]

    assert np.mean(alarms) <= 0.05 + 2 * (0.05 * 0.95 / 400) ** 0.5


def test_a_doubling_is_seen():
    """With 60 deals a team that double, most teams of each table are beyond chance; the range covers the truth."""
    tables = list(zip(*tables_of(100, 2.0, deals=60), strict=True))
    found = [change_by_chance(*map(pd.Series, table), confidence=0.95) for table in tables]
    truth = 60 * np.exp(0.5)

    assert np.mean([p < 0.05 for _low, _high, p in found]) > 0.7
    assert 0.9 < np.mean([(low < truth) & (truth < high) for low, high, _p in found]) <= 1


def test_few_deals_are_never_beyond_chance():
    """Four equal wins against none would happen one time in eight: not news. Ten would be."""
    four, ten = (change_by_chance(*(pd.Series([float(n)]) for _ in range(3)), confidence=0.95)[2][0] for n in (4, 10))

    assert four > 0.05 > ten


def test_whole_tables_of_the_metric_stay_calm_under_the_null():
    """The company and its parts share the allowance: the company alone must be rarer than half of it."""
    deals = [
        FIRST,
        *decided("ana", THEN, 2, 5),
        *decided("ana", NOW, 9, 5),
        *decided("bo", THEN, 5, 5),
        *decided("bo", NOW, 12, 5),
    ]
    row = change(company(deals)).iloc[0]
    _low, _high, alone = change_by_chance(
        pd.Series([1400.0]), pd.Series([2800.0]), pd.Series([28 * 1e4]), confidence=0.95
    )

    assert row["change_amount"] == 1400
    assert row["p_value"] == pytest.approx(2 * alone[0])


@pytest.mark.parametrize("metric", [bookings_change, bookings_change_by_rep])
def test_columns_are_those_promised(metric, demo_run, bare_run):
    """On the demo company and on one without a deal."""
    full, bare = demo_run.call(metric), bare_run.call(metric)

    assert list(full.columns) == list(bare.columns) == promised(metric)
    assert len(bare) == (metric is bookings_change)


def test_the_demo_company_agrees_with_plain_pandas(demo_crm):
    """Bookings and counts of Q3 2026 and Q3 2025 by team, from the credits."""
    rows = change(demo_crm)
    teams = rows[rows["group"] == "team"].set_index("key")
    credits = demo_crm.fetch(demo_crm.credits).astype({"amount": float, "share": float})
    deals = demo_crm.fetch(demo_crm.opportunities)[["opportunity_id", "status", "closed_on"]]
    main = credits[credits["book"] == "main"].merge(deals, on="opportunity_id")
    for year, ending in ((2026, ""), (2025, "_before")):
        here = main[main["closed_on"].between(f"{year}-07-01", f"{year}-09-30") & (main["status"] != "open")]
        won = here[here["status"] == "won"].groupby("team_id")
        amount = "before_amount" if ending else "bookings_amount"
        assert teams[amount].to_dict() == pytest.approx(won["amount"].sum().to_dict(), abs=0.005)
        assert teams[f"closed{ending}"].to_dict() == pytest.approx(here.groupby("team_id")["share"].sum().to_dict())
        assert teams[f"n_won{ending}"].to_dict() == won["opportunity_id"].nunique().to_dict()


@pytest.fixture(scope="module")
def fallen():
    """North wins far less than a year ago, south as before; Di joined, Eli left."""
    deals = [
        FIRST, *decided("ana", THEN, 40, 40), *decided("ana", NOW, 10, 70), *decided("bo", THEN, 20, 30), *decided("bo", NOW, 20, 30),
        *decided("di", NOW, 2, 3), *decided("eli", THEN, 3, 3), *decided("cy", THEN, 2, 2), *decided("cy", NOW, 3, 2),
    ]  # fmt: skip
    return company(
        deals,
        teams=TEAMS,
        team_members=[stay("ana", "t1"), stay("di", "t1"), *(stay(rep, "t2") for rep in ("bo", "cy", "eli"))],
    )


def told(rows, given):
    """The finding of a frame."""
    return describe_bookings_change(rows, **given)


def test_a_fall_beyond_chance_names_part_place_and_step(fallen, given):
    """Every number of the sentences is that of the frame; what to do follows the largest part."""
    found = told(change(fallen), given)

    assert found.title == "Bookings down $3,000 on Q3 2025: win rate −$2,924, mix −$40"
    assert found.text == (
        "Bookings went from $6,500 in Q3 2025 to $3,500 in Q3 2026: **−$3,000** is volume −$36, mix −$40, win rate "
        "−$2,924 and deal size $0. 35 of 140 decided deals were won, 25% (19% to 33%), against 46% of 141; the change "
        "as a whole is beyond chance. Of 2 teams, **North** moved most beyond chance: −$2,800, mainly win rate −$2,969 "
        "(14% of 85 decided, was 49% of 81). The parts are arithmetic: they say where to look, not why."
    )
    assert (found.status, found.is_headline, found.stake) == ("act", True, 3000)
    assert found.action.what == "Read the lost reasons of North by stage with the managers."
    assert found.action.due_on > END


def test_what_chance_explains_is_no_call_for_action(given):
    """One win more is said with its range, and nobody is asked to do anything."""
    rows = change(company([*decided("ana", "2025-07-20", 5, 5), *decided("ana", NOW, 6, 5)]))
    found, row = told(rows, given), rows.iloc[0]

    assert "within chance" in found.text
    assert f"from −${-row['change_amount_low']:,.0f} to +${row['change_amount_high']:,.0f}" in found.text
    assert (found.status, found.action, found.is_headline) == ("note", None, False)


def test_words_for_what_cannot_be_told(given):
    """Nothing decided, nothing earlier, no losses: each has its own sentence, and no rate is made up."""
    nothing = told(change(company([], reps=["ana"])), given)
    first = told(change(company(decided("ana", NOW, 2, 1))), given)
    no_losses = told(change(company([*decided("ana", "2025-07-20", 2, 0), *decided("ana", NOW, 5, 0)])), given)

    assert nothing.title == "No deal was decided, so bookings did not change"
    assert first.title == "Nothing earlier to compare bookings of Q3 2026 with"
    assert "win rate" not in no_losses.title
    assert "nothing can be said about the win rate" in no_losses.text
    assert "%" not in no_losses.text


def test_a_team_that_came_or_went_is_said_and_not_judged(given):
    """All of North's reps moved south: its fall calls for nothing."""
    stays = [stay("ana", "t1", None, "2026-06-30"), stay("ana", "t2", "2026-07-01"), stay("bo", "t2")]
    deals = [
        FIRST,
        *decided("ana", THEN, 40, 40),
        *decided("ana", NOW, 40, 40),
        *decided("bo", THEN, 2, 2),
        *decided("bo", NOW, 2, 2),
    ]
    rows = change(company(deals, teams=TEAMS, team_members=stays))
    found = told(rows, given)

    assert pd.isna(rows.set_index("name").loc["North", "p_value"])
    assert found.action is None
    assert "**North** decided deals in only one of the two periods" in found.text


def test_reps_are_named_at_most_three_each_way_with_the_rest(fallen):
    """The joiner and the leaver are said to be so; the rest closes the sum."""
    found = describe_bookings_change_by_rep(by_rep(fallen).reset_index())

    assert found.title == "Largest changes by rep: Di +$200, Ana −$3,000"
    assert found.text == (
        "Against Q3 2025: up most: **Di** +$200 (none decided in Q3 2025) and **Cy** +$100 (mainly volume); down most: "
        "**Ana** −$3,000 (mainly win rate) and **Eli** −$300 (none decided now). These 4 moved bookings by −$3,000 and "
        "the other rep by $0, 0% of the −$3,000 in all. 1 of 3 reps with deals in both periods changed beyond chance "
        "(Ana): a rep's bookings rest on few deals, so this is no ranking."
    )
    assert not found.is_headline


def test_the_share_of_the_other_reps_is_recomputed(demo_crm):
    """On the demo company the six named and the rest make the whole."""
    rows = by_rep(demo_crm, span="year").reset_index()
    up, down = (rows[sign * rows["change_amount"] > 0].head(3) for sign in (1, -1))
    rest = rows["change_amount"].sum() - up["change_amount"].sum() - down["change_amount"].sum()
    text = describe_bookings_change_by_rep(rows).text

    assert f"{rest / rows['change_amount'].sum():.0%} of the" in text
    assert all(f"**{name}**" in text for name in [*up["name"], *down["name"]])


def test_a_name_with_asterisks_does_not_break_the_bold(given):
    """Names are other people's text."""
    deals = [FIRST, *decided("ana", THEN, 2, 1), *decided("ana", NOW, 1, 1)]
    rows = by_rep(company(deals, reps=[{"rep_id": "ana", "name": "**A*"}])).reset_index()

    assert "**A** −$100" in describe_bookings_change_by_rep(rows).text


@pytest.fixture(params=[theme.WIDE, theme.NARROW], ids=["wide", "narrow"])
def _width(request):
    with theme.chart_style(request.param):
        yield


@pytest.mark.usefixtures("_width")
def test_the_bars_are_the_frame(fallen):
    """Then, four parts and now; each part starts where the one before it ended; teams stand in a panel of their own."""
    rows = change(fallen)
    ax = plot_bookings_change(rows)
    bars = [(patch.get_x(), patch.get_width()) for box in ax.containers for patch in box]
    whole, teams = rows.iloc[0], rows[rows["group"] == "team"].sort_values("change_amount", ascending=False)

    assert [width for _x, width in bars] == pytest.approx(
        [whole[name] for name in ("before_amount", *PARTS, "bookings_amount")]
    )
    assert [x for x, _width in bars[1:5]] == pytest.approx(
        (whole["before_amount"] + whole[PARTS].astype(float).cumsum() - whole[PARTS].astype(float)).tolist()
    )
    other = ax.figure.axes[1]
    assert [patch.get_width() for box in other.containers for patch in box] == pytest.approx(
        teams["change_amount"].tolist()
    )
    assert [label.get_text() for label in other.get_yticklabels()] == teams["name"].tolist()


@pytest.mark.usefixtures("_width")
def test_many_reps_are_drawn_at_both_ends():
    """Of 300 reps the eight who gained most and the eight who lost most; the row between says how many are left."""
    rows = pd.DataFrame({"name": [f"Rep {n}" for n in range(300)], "change_amount": np.arange(300) * 10.0 - 1495})
    rows = rows.assign(
        change_amount_low=rows["change_amount"] - 50,
        change_amount_high=rows["change_amount"] + 50,
        is_beyond_chance=False,
        bookings_amount=1.0,
    )
    ax = plot_bookings_change_by_rep(rows)
    labels = [label.get_text() for label in ax.get_yticklabels()]

    assert len(labels) == 17
    assert labels[0] == "Rep 299"
    assert labels[-1] == "Rep 0"
    assert labels[8] == "… 284 more …"


def test_charts_and_tables_of_thin_data_are_drawn():
    """Nothing earlier, no losses, nothing at all: charts of both widths without error, tables that are well-formed."""
    no_losses = company([*decided("ana", "2025-07-20", 2, 0), *decided("ana", NOW, 5, 0)])
    for crm in (company(decided("ana", NOW, 2, 1)), company([], reps=["ana"]), no_losses):
        rows, reps = change(crm), by_rep(crm).reset_index()
        assert "<table" in write_table(rows, caption="c", name="n", view=table_bookings_change(rows))
        assert "<table" in write_table(reps, caption="c", name="n", view=table_bookings_change_by_rep(reps))
        for width in (theme.WIDE, theme.NARROW):
            with theme.chart_style(width):
                shown = [label.get_text() for label in plot_bookings_change(rows).get_yticklabels()]
                assert len(reps) == 0 or len(plot_bookings_change_by_rep(reps).get_yticklabels()) == len(reps)
    assert shown == ["Q3 2025", "Volume", "Mix", "Deal size", "Q3 2026"]


def test_the_panel_drills_from_company_to_team_to_rep(fallen):
    """Each choice narrows the rows; another team lets go of a rep who is not in it."""
    panel = explore_bookings(fallen, period=SEPTEMBER, confidence=0.95)
    (month, span, team, rep), answer = panel.children[0].children, panel.children[1]

    assert "Q3 2026 against Q3 2025" in answer.value
    assert "<td>Company</td>" in answer.value
    team.value = "t1"
    assert "<td>Ana</td>" in answer.value
    assert "<td>Bo</td>" not in answer.value
    assert [label for label, _key in rep.options] == ["All", "Ana", "Di"]
    rep.value = "di"
    assert "<td>Ana</td>" not in answer.value
    team.value = "t2"
    assert rep.value == ALL
    span.value, month.value = "month", "2025-07"
    assert team.value == ALL
    assert "July 2025, nothing earlier to compare with" in answer.value


def test_the_panel_escapes_names():
    """Names are other people's text."""
    crm = company(
        [FIRST, *decided("ana", NOW, 1, 1)],
        reps=[{"rep_id": "ana", "name": "<b>"}],
        teams=[{"team_id": "t1", "name": "<i>"}],
        team_members=[stay("ana", "t1")],
    )
    panel = explore_bookings(crm, period=SEPTEMBER, confidence=0.95)
    panel.children[0].children[2].value = "t1"

    assert "&lt;b&gt;" in panel.children[1].value
    assert "&lt;i&gt;" in panel.children[1].value
    assert "<i>" not in panel.children[1].value
