"""Codes in the place of people: nothing of a name or key is left in any table, and the figures stay."""

import pandas as pd
import pytest

from salesops_lib.data.anonymous import anonymised, coded_rows, shown_parameters
from salesops_lib.data.demo import AS_OF, simulate_company
from salesops_lib.data.loading import crm_from_tables
from salesops_lib.data.schemas import NO_OWNER
from salesops_lib.parameters import read_parameters
from salesops_lib.parameters.anonymous import codes_of
from tests.builders import CALENDAR, make_crm
from tests.parameters.recipes import COMPANY, folder_of


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


def test_keys_that_no_table_of_reps_knows_have_codes_too():
    """A lead of somebody unknown stays somebody's lead: figures are the same with names and without."""
    leads = [
        {"lead_id": "l1", "rep_id": "ghost@firm.example", "created_at": "2026-08-01 10:00"},
        {"lead_id": "l2", "created_at": "2026-08-01 10:00"},
    ]
    coded = anonymised(make_crm(reps=["ana", "bo"], leads=leads))

    rows = coded.fetch(coded.leads).set_index("lead_id")["rep_id"]

    assert rows["l1"] == codes_of(["ana", "bo", "ghost@firm.example"], "Rep")["ghost@firm.example"]
    assert pd.isna(rows["l2"])


def test_managers_and_keepers_of_tools_who_are_no_reps_have_codes():
    """Known by name only, in any case: the same person the same code, and another than a rep's."""
    teams = [{"team_id": "t", "name": "T", "manager_name": "Keiko Tachi"}, {"team_id": "u", "name": "U"}]
    owners = ["keiko tachi", "Ana Ruiz", "Olu", None]
    tools = [{"tool_id": f"x{n}", "name": "X", "category": "CRM", "owner": owner} for n, owner in enumerate(owners)]
    coded = anonymised(make_crm(reps=[{"rep_id": "r1", "name": "Ana Ruiz"}], teams=teams, tools=tools))

    managers = coded.fetch(coded.teams.order_by("team_id"))["manager_name"].dropna().tolist()
    keepers = coded.fetch(coded.tools.order_by("tool_id"))["owner"].tolist()

    assert managers == keepers[:1]
    assert keepers[1] == "Rep 1"
    assert {keepers[0], keepers[2]} == {"Colleague 1", "Colleague 2"}
    assert pd.isna(keepers[3])


def test_people_whom_the_parameters_name_keep_their_codes_in_the_data():
    """The keeper of a tool is the person of the process, whatever the case."""
    tools = [{"tool_id": "x", "name": "X", "category": "CRM", "owner": "KEIKO TACHI"}]
    coded = anonymised(make_crm(reps=["ana"], tools=tools), {"Keiko Tachi": "Person 4"})

    assert coded.fetch(coded.tools)["owner"].tolist() == ["Person 4"]


def test_whether_there_is_a_next_step_stays_and_what_it_says_does_not():
    """Hygiene counts deals without one; blanks are none."""
    steps = ["Ring Hesperia", " ", None]
    deals = [{"opportunity_id": f"o{n}", "rep_id": "ana", "next_step": step} for n, step in enumerate(steps)]
    coded = anonymised(make_crm(deals=deals))

    shown = coded.fetch(coded.opportunities.order_by("opportunity_id"))["next_step"]

    assert shown.iloc[0] == "left out"
    assert shown.iloc[1:].isna().all()


def test_full_names_and_addresses_in_texts_are_codes():
    """An account, a reason, a source: whatever the case. A single word may be a region as well, and stays."""
    reps = [{"rep_id": "ana@firm.example", "name": "Ana Ruiz"}, {"rep_id": "r2", "name": "Austin", "region": "Austin"}]
    deal = {"rep_id": "r2", "account_id": "a", "lost_reason": "ana RUIZ forgot", "source": "Banana Ruizian"}
    accounts = [{"account_id": "a", "name": "Ana@firm.example", "region": "Austin"}]
    coded = anonymised(make_crm(deals=[deal], reps=reps, accounts=accounts))
    ana = codes_of(["ana@firm.example", "r2"], "Rep")["ana@firm.example"]

    assert coded.fetch(coded.accounts)[["name", "region"]].iloc[0].tolist() == [ana, "Austin"]
    assert coded.fetch(coded.opportunities)[["lost_reason", "source"]].iloc[0].tolist() == [
        f"{ana} forgot",
        "Banana Ruizian",
    ]
    assert coded.fetch(coded.reps)["region"].dropna().tolist() == ["Austin"]


def test_rows_of_an_earlier_report_get_the_codes_of_today():
    """It may have been made with names; a code of then may be another person's now, so it is no code today."""
    crm = anonymised(company())
    codes = codes_of([f"Ana Ruiz {i}" for i in range(4)], "Rep")
    then = pd.DataFrame(
        {
            "rep_id": ["Ana Ruiz 2", "gone@firm.example", "Rep 1"],
            "rep_name": ["Ana Ruiz 2", "Gone By Now", "Rep 1"],
            "account": ["Ben Okafor", None, "Acme"],
            "amount": [1.0, 2.0, 3.0],
        }
    )
    then.attrs["reported"] = "2026-08"

    rows = coded_rows(crm, then)

    assert rows["rep_name"].tolist()[0] == rows["rep_id"].tolist()[0] == codes["Ana Ruiz 2"]
    assert rows.loc[1:, ["rep_id", "rep_name"]].isna().all().all()
    assert rows["account"].tolist()[::2] == ["Colleague 1", "Acme"]
    assert rows["amount"].tolist() == [1.0, 2.0, 3.0]
    assert rows.attrs == {"reported": "2026-08"}
    assert coded_rows(crm, pd.DataFrame()).empty


def test_texts_of_the_parameters_name_nobody_whom_the_data_knows(tmp_path):
    """What to do about a key figure may name a rep, a manager, or a team by either of its names."""
    kpi = "  cycle_days: {label: Cycle, owner: Bo, action: Ask Ana Ruiz 3 and ben  okafor of Ben and Friends}\n"
    teams = "anonymise: true\nteams: {Ben Okafor: Ben and friends}\n"
    declared = read_parameters(folder_of(tmp_path, company=COMPANY + kpi + teams))
    crm = anonymised(company())

    action = shown_parameters(crm, declared).company.kpis["cycle_days"].action

    codes = codes_of([f"Ana Ruiz {i}" for i in range(4)], "Rep")
    assert action == f"Ask {codes['Ana Ruiz 3']} and Colleague 1 of Team 1"


def test_nobody_has_no_code():
    """Deals without an owner stay under the same name, and codes of people do not count it."""
    coded = anonymised(make_crm(deals=[("ana", "2026-09-01", "won"), (NO_OWNER, "2026-09-02", "won")], reps=["ana"]))

    assert sorted(coded.fetch(coded.credits)["rep_id"]) == [NO_OWNER, "Rep 1"]


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
