"""Codes in the place of people: nothing of a name or key is left in any table, and the figures stay."""

import pytest

from salesops_lib.data.anonymous import anonymised
from salesops_lib.data.demo import AS_OF, simulate_company
from salesops_lib.data.loading import crm_from_tables
from salesops_lib.parameters.anonymous import codes_of
from tests.builders import CALENDAR, make_crm


def company():
    """Four reps whose keys are their names, in a team that bears its manager's."""
    reps = [{"rep_id": f"Ana Ruiz {i}", "name": f"Ana Ruiz {i}"} for i in range(4)]
    deals = [
        {
            "opportunity_id": f"o{n}",
            "rep_id": rep["rep_id"],
            "status": "won",
            "closed_on": "2026-08-01",
            "amount": 10 * n,
        }
        for n, rep in enumerate(reps)
    ]
    return make_crm(
        deals=deals,
        reps=reps,
        teams=[{"team_id": "Ben Okafor", "name": "Ben Okafor", "manager_name": "Ben Okafor"}],
        team_members=[{"rep_id": rep["rep_id"], "team_id": "Ben Okafor"} for rep in reps],
        activities=[
            {
                "activity_id": "c",
                "rep_id": "Ana Ruiz 1",
                "kind": "call",
                "done_at": "2026-08-01 10:00",
                "note": "Ana spoke with the buyer",
            }
        ],
        quotas=[{"rep_id": "Ana Ruiz 1", "level": "rep", "period": "2026-Q3", "measure": "bookings", "amount": 100}],
    )


def whole(crm):
    """Every table as text."""
    return {name: crm.fetch(getattr(crm, name)).to_csv() for name in crm.tables}


def test_no_table_holds_a_name_or_a_key():
    """Reps, teams, managers, owners, credits, histories."""
    for name, text in whole(anonymised(company())).items():
        assert "Ana" not in text, name
        assert "Okafor" not in text, name


def test_notes_are_left_out():
    """What people write may name anybody, whatever the names are."""
    assert "Ana spoke" in whole(company())["activities"]
    assert "spoke" not in "".join(whole(anonymised(company())).values())


def test_keys_still_lead_from_table_to_table():
    """Whoever has a deal, a credit, a team and a goal has the same code everywhere, and the same figures."""
    crm, coded = company(), anonymised(company())
    codes = codes_of(crm.fetch(crm.reps.select("rep_id"))["rep_id"], "Rep")

    for name in ("opportunities", "credits", "team_members", "activities", "quotas"):
        before, after = (each.fetch(getattr(each, name))["rep_id"] for each in (crm, coded))
        assert sorted(before.map(codes)) == sorted(after)
    deals = coded.fetch(coded.opportunities).set_index("rep_id")["amount"]
    assert deals[codes["Ana Ruiz 3"]] == 30


def test_codes_stay_when_the_company_is_seen_on_an_earlier_day():
    """The evening of a report."""
    crm = anonymised(company()).at(CALENDAR.period("2026-08").end)

    assert "Ana" not in "".join(whole(crm).values())


def test_the_order_of_codes_says_nothing_of_the_alphabet():
    """By a hash: the first name is not the first code."""
    codes = codes_of([f"name {letter}" for letter in "abcdefghij"], "Rep")

    assert list(codes) != sorted(codes)
    assert sorted(codes.values()) == [f"Rep {n:02d}" for n in range(1, 11)]


@pytest.mark.slow
def test_the_demo_company_has_as_many_deals_and_bookings_by_code_as_by_key():
    """A whole company, marts included."""
    crm = crm_from_tables(simulate_company(n_reps=6), as_of=AS_OF, calendar=CALENDAR)
    coded = anonymised(crm)

    sums = [
        sorted(each.fetch(table.group_by("rep_id").agg(n=table.count()))["n"])
        for each in (crm, coded)
        for table in (each.opportunities, each.spans)
    ]
    assert sums[0] == sums[2]
    assert sums[1] == sums[3]
