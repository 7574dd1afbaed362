"""The company as known on an evening: nothing learnt later shows."""

from datetime import date

from tests.builders import make_crm
from tests.data.test_marts import crm_with_history

MARCH = date(2026, 3, 31)


def test_a_deal_closed_later_was_open():
    """A report on March does not know that the deal was won in April."""
    crm = make_crm(deals=[("ana", "2026-04-10", "won"), ("ana", "2026-03-10", "lost")]).at(MARCH)

    deals = crm.fetch(crm.opportunities.order_by("opportunity_id"))

    assert list(deals["status"]) == ["open", "lost"]
    assert deals["closed_on"].isna().tolist() == [True, False]


def test_a_deal_created_later_did_not_exist():
    """It is not in the pipeline of March, nor in its credits."""
    crm = make_crm(deals=[{"rep_id": "ana", "created_on": "2026-04-01"}, ("ana", "2026-03-10", "won")]).at(MARCH)

    assert len(crm.fetch(crm.opportunities)) == 1
    assert len(crm.fetch(crm.credits)) == 1


def test_a_deal_without_a_creation_date_that_closed_later_is_not_known():
    """Orders have no creation date: one of April is no open deal of March; a deal still open is."""
    deals = [
        {"rep_id": "ana", "created_on": None, "closed_on": "2026-04-10", "status": "won"},
        {"rep_id": "ana", "created_on": None},
    ]
    crm = make_crm(deals=deals).at(MARCH)

    assert crm.fetch(crm.opportunities)["opportunity_id"].tolist() == ["d00001"]
    assert crm.fetch(crm.credits)["opportunity_id"].tolist() == ["d00001"]


def test_an_open_deal_stands_in_the_stage_amount_and_hands_of_that_evening():
    """Stage, amount and owner come from the state that held, not from the last one."""
    crm = crm_with_history().at(date(2026, 1, 31))

    deal = crm.fetch(crm.opportunities).iloc[0]
    stay = crm.fetch(crm.visits).iloc[0]

    assert (deal["stage"], float(deal["amount"]), deal["rep_id"], deal["status"]) == ("A", 150.0, "ana", "open")
    assert stay[["left_on", "next_stage", "days"]].isna().all()


def test_an_open_deal_belongs_to_its_owners_team_of_that_evening():
    """A reorganisation in April does not move the pipeline of March."""
    crm = make_crm(
        deals=[{"rep_id": "ana", "created_on": "2026-01-01"}],
        teams=[{"team_id": "east", "name": "East"}, {"team_id": "west", "name": "West"}],
        team_members=[
            {"rep_id": "ana", "team_id": "east", "from_on": "2024-01-01", "to_on": "2026-04-14"},
            {"rep_id": "ana", "team_id": "west", "from_on": "2026-04-15"},
        ],
    ).at(MARCH)

    assert crm.fetch(crm.opportunities)["team_id"].tolist() == ["east"]
    assert crm.fetch(crm.credits)["team_id"].tolist() == ["east"]
    assert crm.fetch(crm.team_members)["to_on"].isna().all()


def test_a_lead_qualified_later_was_not_qualified():
    """Nor assigned, nor turned into a deal."""
    lead = {
        "lead_id": "l1",
        "rep_id": "ana",
        "created_at": "2026-03-30 10:00",
        "assigned_at": "2026-04-01 10:00",
        "qualified_at": "2026-04-09 10:00",
        "converted_opportunity_id": "d1",
    }
    crm = make_crm(reps=["ana"], leads=[lead]).at(MARCH)

    row = crm.fetch(crm.leads).iloc[0]

    assert row[["rep_id", "assigned_at", "qualified_at", "converted_opportunity_id"]].isna().all()


def test_a_rep_who_leaves_later_was_employed():
    """The leaving date of May is not known in March, and a joiner of May is not there."""
    crm = make_crm(
        reps=[
            {"rep_id": "ana", "name": "Ana", "started_on": "2024-01-01", "ended_on": "2026-05-31"},
            {"rep_id": "bo", "name": "Bo", "started_on": "2026-05-01"},
        ]
    ).at(MARCH)

    reps = crm.fetch(crm.reps)

    assert reps["rep_id"].tolist() == ["ana"]
    assert reps["ended_on"].isna().all()


def test_the_present_evening_is_the_data_itself():
    """No rewriting where nothing is later."""
    crm = make_crm(deals=[("ana", "2026-03-10", "won")])

    assert crm.at(crm.as_of) is crm
