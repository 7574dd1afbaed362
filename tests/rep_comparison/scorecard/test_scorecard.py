"""Scorecards: a rep beside anonymous peers, months beside luck, parts that add up, a team that holds nobody else."""

import numpy as np
import pandas as pd
import pytest

from salesops_lib import theme
from salesops_lib.rep_comparison import causes_by_rep, effort_and_customers_by_rep, gap_by_rep, reps_side_by_side
from salesops_lib.rep_comparison.scorecard import narrative as words
from salesops_lib.rep_comparison.scorecard import plots
from salesops_lib.rep_comparison.scorecard.metrics import parts_of, scorecard, team_scorecard, wins_by_month
from tests.builders import make_crm
from tests.rep_comparison.recipes import SEPTEMBER, closed_deals


def rates(n_peers, own=0.5, spread=0.02, teams=("North",)):
    """A frame with the rate of one rep, ana, and of peers around 30 %."""
    values = [own, *(0.3 + spread * (place - n_peers / 2) / n_peers for place in range(n_peers))]
    names = ["ana", *(f"peer {place}" for place in range(n_peers))]
    team = [teams[place % len(teams)] for place in range(n_peers + 1)]
    value = pd.Series(values)
    frame = pd.DataFrame({"rep_id": names, "name": names, "team_name": team, "n_closed": 100,
                          "adjusted_win_rate": value, "adjusted_win_rate_low": value - 0.05,
                          "adjusted_win_rate_high": value + 0.05})  # fmt: skip
    return {"causes_by_rep": frame}


def test_a_rep_beyond_the_peers_middle_half_is_better_than_most():
    """45 to 55 % where peers lie about 30 %."""
    row = scorecard("ana", rates(8)).iloc[0]

    assert (row["standing"], row["n_peers"]) == ("better than most", 8)
    assert row["peers_low"] < row["peers_middle"] < row["peers_high"] < 0.32


def test_an_interval_that_reaches_the_peers_is_like_most():
    """Not better: the interval says so."""
    assert scorecard("ana", rates(8, own=0.33)).iloc[0]["standing"] == "like most"


def test_few_peers_are_not_shown_since_they_could_be_told_apart():
    """Four peers: no middle half, no standing."""
    row = scorecard("ana", rates(4)).iloc[0]

    assert row[["peers_low", "peers_middle", "peers_high"]].isna().all()
    assert row["standing"] == "too few to tell"


def test_peers_are_of_the_team_where_it_is_large_enough():
    """Of 12 peers, 6 are of ana's team; of 8, 4 are, and the company stands in."""
    assert scorecard("ana", rates(12, teams=("North", "South"))).iloc[0]["n_peers"] == 6
    assert scorecard("ana", rates(8, teams=("North", "South"))).iloc[0]["n_peers"] == 8


def test_no_name_or_key_of_a_peer_is_in_a_card():
    """Numbers of the middle half only."""
    assert "peer" not in scorecard("ana", rates(8)).drop(columns="name").to_csv().replace("peers_", "").replace(
        "n_peers", ""
    )


@pytest.fixture(scope="module")
def frames(demo_run):
    """The demo company's tables."""
    tables = {
        metric.__name__: demo_run.call(metric)
        for metric in (reps_side_by_side, causes_by_rep, effort_and_customers_by_rep)
    }
    return tables, demo_run.call(gap_by_rep), demo_run.call(wins_by_month)


def test_every_reps_card_can_be_made_told_and_drawn(frames):
    """Joiners without a deal too; each card has words, and a chart at both widths for the first."""
    tables, gaps, months = frames

    for rep in tables["reps_side_by_side"]["rep_id"]:
        card, parts = scorecard(rep, tables), parts_of(rep, gaps, tables["causes_by_rep"])
        own = months[months["rep_id"] == rep]
        for finding in (words.describe_scorecard(card), words.describe_parts(parts), words.describe_wins_by_month(own)):
            assert finding.title
            assert "nan" not in f"{finding.title} {finding.text}"
    for width in (theme.WIDE, theme.NARROW):
        with theme.chart_style(width):
            assert plots.plot_scorecard(scorecard("R001", tables)).get_lines()


def test_the_planted_reps_card_names_the_win_rate_as_a_strength(frames):
    """R001 wins more than the segment; the card says so, and that nothing is missing in win rate."""
    tables, gaps, _months = frames

    found = words.describe_scorecard(scorecard("R001", tables))

    assert found.title.startswith("Better than most in win rate")
    assert parts_of("R001", gaps, tables["causes_by_rep"]).set_index("part").loc["win_rate", "amount"] > 0


def test_months_add_up_to_the_rep_and_expected_wins_to_the_team(frames):
    """Won and closed as side by side; expected wins of everybody are everybody's wins."""
    tables, _gaps, months = frames
    reps = tables["reps_side_by_side"].set_index("rep_id")
    sums = months.groupby("rep_id")[["n_closed", "n_won", "expected_won"]].sum()

    assert (sums["n_won"] == reps["n_won"].reindex(sums.index)).all()
    assert sums["expected_won"].sum() == pytest.approx(sums["n_won"].sum())


def test_one_unusual_month_is_said_to_be_no_trend():
    """Ana wins nothing in August where all others win half."""
    deals = closed_deals("ana", "2026-08-10", 0, 20) + closed_deals("ana", "2026-07-10", 10, 10)
    for place in range(6):
        for month in ("07", "08"):
            deals += closed_deals(f"r{place}", f"2026-{month}-10", 10, 10)

    rows = wins_by_month(make_crm(deals=deals), period=SEPTEMBER, confidence=0.95)
    own = rows[rows["rep_id"] == "ana"]

    assert own["is_unusual"].tolist() == [False, True]
    assert "2026-08 (0 of 20)" in words.describe_wins_by_month(own).text
    assert "one month is no trend" in words.describe_wins_by_month(own).text


def test_parts_of_the_gap_add_up_and_the_lowest_says_what_to_try(frames):
    """Four parts to the gap; advice by the part that is furthest below."""
    tables, gaps, _months = frames
    row = gaps.sort_values("gap_amount").iloc[0]

    parts = parts_of(row["rep_id"], gaps, tables["causes_by_rep"])
    lowest = parts.loc[parts["amount"].idxmin(), "part"]

    assert parts["amount"].sum() == pytest.approx(row["gap_amount"])
    assert words.TRY[lowest] in words.describe_parts(parts).text


def test_a_teams_card_holds_that_team_and_nobody_else(frames):
    """Names of other teams are not in it."""
    tables, _gaps, _months = frames
    reps = tables["reps_side_by_side"]

    card = team_scorecard("SMB", tables)

    assert set(card["rep_id"]) == set(reps.loc[reps["team_name"] == "SMB", "rep_id"])
    others = set(reps.loc[reps["team_name"] != "SMB", "name"])
    assert not [name for name in others if name in card.to_csv()]
    assert "**Amara Osei** stands out above" in words.describe_team_scorecard(card).text


def test_a_company_without_deals_has_cards_that_say_so():
    """No rows, no claims."""
    months = wins_by_month(make_crm(reps=["ana"]), period=SEPTEMBER, confidence=0.95)

    assert months.empty
    assert words.describe_wins_by_month(months).title == "No month with a closed deal"
    assert words.describe_parts(pd.DataFrame({"amount": [], "won": []})).title == "No gap to take apart"
    assert np.isnan(scorecard("ana", rates(2)).iloc[0]["peers_low"])
