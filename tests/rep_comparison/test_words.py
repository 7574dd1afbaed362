"""Words: each sentence's numbers are those of the frame, and nobody is blamed."""

from datetime import date

import pytest

from salesops_lib import wording
from salesops_lib.data.anonymous import anonymised
from salesops_lib.parameters import Duties
from salesops_lib.rep_comparison import (
    causes_by_rep,
    gap_by_rep,
    reps_not_judged,
    reps_side_by_side,
    verdict_by_rep,
    win_rate_funnel,
)
from salesops_lib.rep_comparison.causes.narrative import describe_causes_by_rep
from salesops_lib.rep_comparison.reps.gaps.narrative import describe_gap_by_rep
from salesops_lib.rep_comparison.reps.side_by_side.narrative import describe_reps_not_judged, describe_reps_side_by_side
from salesops_lib.rep_comparison.verdicts.narrative import describe_verdict_by_rep, describe_win_rate_funnel
from salesops_lib.statistics.power import power
from tests.builders import make_crm
from tests.calling import as_reported
from tests.rep_comparison.recipes import SEPTEMBER, closed_deals

DAY = "2026-09-10"
BLAME = ("underperform", "poor", "weak", "fault", "fail", "worst", "lazy", "because")
METRICS = {
    causes_by_rep: describe_causes_by_rep,
    reps_side_by_side: describe_reps_side_by_side,
    win_rate_funnel: describe_win_rate_funnel,
    verdict_by_rep: describe_verdict_by_rep,
    gap_by_rep: describe_gap_by_rep,
    reps_not_judged: describe_reps_not_judged,
}


@pytest.fixture(scope="module")
def crm():
    """Eight equals of 100 deals, one rep above, one below, one with too few."""
    deals = [deal for rep in range(8) for deal in closed_deals(f"r{rep}", DAY, 30, 70)]
    deals += [*closed_deals("up", DAY, 60, 40), *closed_deals("down", DAY, 8, 92), *closed_deals("new", DAY, 2, 3)]
    return make_crm(deals=deals)


def run_of(parameters):
    """What a report fills in."""
    return {"duties": Duties(parameters, date(2026, 9, 30))}


def words_of(metric, crm, parameters, **options):
    """A metric's frame and its finding."""
    frame = as_reported(metric, crm, period=SEPTEMBER, parameters=parameters, **options)
    return frame, as_reported(METRICS[metric], frame, **run_of(parameters))


def test_the_verdict_names_who_stands_out_with_their_numbers(crm, parameters):
    """Won, closed, expected and ratio with its interval, below first."""
    frame, finding = words_of(verdict_by_rep, crm, parameters)
    rows = frame.set_index("rep_id")

    assert finding.title == "2 of 10 reps stand out from the team: 1 above and 1 below"
    for rep in ("up", "down"):
        row = rows.loc[rep]
        assert (
            f"**{row['name']}** won {row['n_won']} of {row['n_closed']} where the team would have won "
            f"{row['expected_won']:.1f} ({row['won_to_expected']:.2f} times as many, "
            f"{row['won_to_expected_low']:.2f} to {row['won_to_expected_high']:.2f})"
        ) in finding.text
    assert finding.text.index("Down") < finding.text.index("Up")
    assert finding.stake == pytest.approx(rows.loc[["up", "down"], "difference_amount"].abs().sum())
    assert finding.status == "watch"


def test_the_verdict_says_what_was_ruled_out_and_in_which_order(crm, parameters):
    """Luck, then mix, then leads, process and tenure; the person comes last, and what is not known is said."""
    _, finding = words_of(verdict_by_rep, crm, parameters)

    assert (
        "Ruled out, in this order: luck (false discovery rate 5% over all 10 judged), a different mix of months"
        in finding.text
    )
    assert "then leads, the process of the team and time in the role" in finding.text
    assert "What the data does not hold is not ruled out." in finding.text
    assert finding.action.due_on == date(2026, 10, 9)
    assert "Go through lost deals with Down" in finding.action.what


def test_the_power_printed_is_that_of_the_rep_in_the_middle(crm, parameters):
    """100 deals: what a shortfall of 30 % would look like."""
    frame, finding = words_of(verdict_by_rep, crm, parameters)
    middle = frame[frame["rep_id"] == "r0"].iloc[0]
    rate = frame["n_won"].sum() / frame["n_closed"].sum()

    assert middle["power_rate"] == pytest.approx(power([100], [rate], 0.3, level=0.05 / 10)[0])
    assert (
        f"with 100 deals, as the rep in the middle has, a rep who truly won 30% less than the team would be noticed "
        f"{wording.percent(middle['power_rate'])} of the time; only a shortfall of "
        f"{wording.percent(middle['noticeable_rate'])} would be noticed four times in five."
    ) in finding.text


def test_nobody_standing_out_is_a_finding_without_an_action(parameters):
    """Equals: no verdict against anyone, nothing to do."""
    equals = make_crm(deals=[deal for rep in "abc" for deal in closed_deals(rep, DAY, 30, 70)])
    _, finding = words_of(verdict_by_rep, equals, parameters)

    assert finding.title == "No rep's win rate is different from the team's (3 judged)"
    assert finding.action is None
    assert finding.stake == 0


def test_the_funnels_sentence_holds_its_tests_and_counts(crm, parameters):
    """p-values, rate and reps outside the limits, recounted."""
    frame, finding = words_of(win_rate_funnel, crm, parameters)
    rate = frame["adjusted_win_rate"]
    outside = ((rate < frame["inner_low"]) | (rate > frame["inner_high"])).sum()
    beyond = ((rate < frame["outer_low"]) | (rate > frame["outer_high"])).sum()

    assert f"{outside} of 11 lie outside the 95% limits, where luck alone puts about 0.6" in finding.text
    assert f"{beyond} outside the 99.8% limits" in finding.text
    assert "**p < 0.001**" in finding.text
    assert wording.percent(310 / 1005, 1) in finding.text
    assert finding.title == "The 11 reps' win rates differ by more than luck alone"


def test_the_comparisons_sentence_holds_the_ends_of_its_columns(crm, parameters):
    """Raw and adjusted ends among those with enough deals; totals over all."""
    frame, finding = words_of(reps_side_by_side, crm, parameters)
    enough = frame[frame["n_closed"] >= 20]
    low, high = enough["shrunken_win_rate"].min(), enough["shrunken_win_rate"].max()

    assert finding.title == (
        f"Win rates run from 8% to 60%; adjusted for luck, {wording.percent(low)} to {wording.percent(high)}"
    )
    assert "11 reps closed **1,005** deals from 1 September 2026 to 30 September 2026 and won **310**" in finding.text


def test_the_gaps_sentence_holds_shares_and_both_ends(crm, parameters):
    """Shares of the parts without sign; the largest lead and lag with their two largest parts."""
    frame, finding = words_of(gap_by_rep, crm, parameters)
    parts = ["volume_amount", "mix_amount", "win_rate_amount", "deal_size_amount"]
    shares = frame[parts].abs().sum() / frame[parts].abs().sum().sum()
    lead = frame.loc[frame["gap_amount"].idxmax()]

    first = shares.sort_values(ascending=False).index[:2]
    names = {"volume_amount": "volume", "win_rate_amount": "win rate"}
    assert finding.title == (
        f"Gaps in bookings come from {names[first[0]]} ({wording.percent(shares[first[0]])}), "
        f"then {names[first[1]]} ({wording.percent(shares[first[1]])})"
    )
    assert f"{lead['name']} is {wording.money(lead['gap_amount'])} above the average of the company" in finding.text


def test_who_is_not_judged_is_named_with_the_reason(crm, parameters):
    """One rep with five deals."""
    frame, finding = words_of(reps_not_judged, crm, parameters)

    assert frame["rep_id"].tolist() == ["new"]
    assert finding.text.startswith("Fewer than 20 closed deals: **1** (New).")


@pytest.mark.parametrize("metric", list(METRICS), ids=lambda metric: metric.__name__)
def test_titles_fit_and_nobody_is_blamed(metric, crm, parameters):
    """At most 80 characters; no word that judges a person or claims a cause."""
    _, finding = words_of(metric, crm, parameters)

    assert len(finding.title) <= 80
    assert not [word for word in BLAME if word in f"{finding.title} {finding.text}".lower()]


@pytest.mark.parametrize("metric", list(METRICS), ids=lambda metric: metric.__name__)
def test_a_company_without_deals_is_described(metric, parameters):
    """Nothing closed, said in words, no headline."""
    _, finding = words_of(metric, make_crm(reps=["ana"]), parameters)

    assert finding.title
    assert not finding.is_headline


def test_codes_stand_for_people_in_the_words_too(crm, anonymous):
    """No name in a finding or an action; the owner of a key figure is a code as well."""
    _, finding = words_of(verdict_by_rep, anonymised(crm), anonymous)

    text = f"{finding.title} {finding.text} {finding.action.what} {finding.action.owner}"
    assert "Rep 0" in text or "Rep 1" in text
    assert finding.action.owner.startswith("Person ")
    assert "Up" not in text.replace("Up the", "")


def test_asterisks_in_a_name_do_not_break_the_bold(parameters):
    """CRM text is hostile."""
    reps = [{"rep_id": f"r{i}", "name": f"R{i}"} for i in range(8)] + [{"rep_id": "up", "name": "*U**p*"}]
    deals = [deal for i in range(8) for deal in closed_deals(f"r{i}", DAY, 30, 70)]
    _, finding = words_of(
        verdict_by_rep, make_crm(deals=[*deals, *closed_deals("up", DAY, 60, 40)], reps=reps), parameters
    )

    assert "**Up** won 60 of 100" in finding.text


def test_reps_who_share_no_segment_are_said_to_be_beyond_comparing(parameters):
    """Three reps, each alone in a segment, with deals enough: not too few, but nobody to compare with."""
    accounts = [{"account_id": f"a{i}", "segment": f"Segment {i}"} for i in range(3)]
    deals = [deal for i in range(3) for deal in closed_deals(f"r{i}", DAY, 20 + 10 * i, 60, account_id=f"a{i}")]
    crm = make_crm(deals=deals, accounts=accounts)

    for metric in (verdict_by_rep, win_rate_funnel):
        _, finding = words_of(metric, crm, parameters)
        assert finding.title == "Reps share no months and segments in which they could be compared"
    _, causes = words_of(causes_by_rep, crm, parameters)
    assert "cannot be told" in causes.text
