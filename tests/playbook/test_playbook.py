"""The playbook: cover, duties, reviews, the dictionary and the use of the process."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from salesops_lib.measures import DEFINITIONS
from salesops_lib.parameters import Parameters
from salesops_lib.parameters.company import Company, Stage
from salesops_lib.parameters.kpi_defaults import DEFAULT_KPIS
from salesops_lib.parameters.process import Process
from salesops_lib.playbook import (
    best_practices,
    duties,
    kpi_dictionary,
    mission,
    review_cadence,
    role_coverage,
    stage_use,
)
from salesops_lib.playbook.controls import look_up
from salesops_lib.playbook.narrative import (
    describe_duties,
    describe_kpi_dictionary,
    describe_mission,
    describe_review_cadence,
    describe_role_coverage,
    describe_stage_use,
)
from salesops_lib.playbook.plots import plot_role_coverage, plot_stage_use
from tests.builders import make_crm

EVENING = date(2026, 9, 30)


def written(process=None, stages=(), kpis=None) -> Parameters:
    """Parameters with this process, these stages and these key figures."""
    company = Company.model_validate(
        {
            "name": "Test",
            "currency": "USD",
            "time_zone": "UTC",
            "source": {"kind": "demo"},
            "stages": [{"name": name, "entry": ["in"], "exit": ["out"]} for name in stages],
            "kpis": kpis or {},
        }
    )
    process = None if process is None else Process.model_validate({"mission": "Serve.", **process})
    return Parameters(folder=Path("anywhere"), company=company, quarters={}, plans={}, process=process)


PEOPLE = [
    {"name": "Ana", "role_categories": ["strategy", "performance"]},
    {"name": "Bo", "role_categories": ["strategy", "operations", "performance"]},
    {"name": "Cy", "role_categories": ["operations"]},
]


def test_a_category_with_one_person_or_none_is_thin():
    """Strategy, operations and performance have two people; nobody covers tech."""
    coverage = role_coverage(written({"people": PEOPLE})).set_index("category")

    assert coverage["n_people"].to_dict() == {"strategy": 2, "tech": 0, "operations": 2, "performance": 2}
    assert coverage.index[coverage["is_thin"]].tolist() == ["tech"]
    assert coverage.loc["operations", "n_only_here"] == 1


def test_the_sentence_on_cover_names_the_thin_category_and_its_person():
    """A leader reads which category and whom it rests on."""
    people = [*PEOPLE, {"name": "Di", "role_categories": ["tech"]}]

    finding = describe_role_coverage(role_coverage(written({"people": people})), as_of=EVENING)

    assert finding.title.startswith("1 role category of 4")
    assert "rests on Di alone" in finding.text
    assert finding.action is not None
    assert finding.action.due_on == date(2026, 10, 14)


def test_a_review_is_overdue_once_its_longest_stretch_has_passed():
    """A monthly review of 30 August is on time on 30 September; one of 29 August is a day late."""
    reviews = [
        {"what": "on time", "every": "month", "owner": "Ana", "last_done_on": "2026-08-30"},
        {"what": "late", "every": "month", "owner": "Ana", "last_done_on": "2026-08-29"},
    ]

    frame = review_cadence(written({"review_cadence": reviews}), as_of=EVENING).set_index("review")

    assert frame["overdue_days"].to_dict() == {"late": 1, "on time": 0}
    assert frame["is_overdue"].to_dict() == {"late": True, "on time": False}


def test_a_review_done_after_the_evening_of_the_report_was_not_done_yet():
    """A report on September does not know what was held in October."""
    reviews = [{"what": "call", "every": "week", "owner": "Ana", "last_done_on": "2026-10-01"}]

    frame = review_cadence(written({"review_cadence": reviews}), as_of=EVENING)
    finding = describe_review_cadence(frame, as_of=EVENING)

    assert frame["last_done_on"].isna().all()
    assert frame["is_overdue"].all()
    assert "call has never been held" in finding.text


def test_duties_without_a_backup_are_counted_and_named():
    """One of two duties has nobody to cover for it."""
    process = {
        "responsibilities": {
            "operations": [{"duty": "Quotas", "who": "Ana", "backup": "Bo"}, {"duty": "CRM", "who": "Di"}],
        }
    }

    finding = describe_duties(duties(written(process)), as_of=EVENING)

    assert finding.title == "1 of 2 duties have nobody to cover for them"
    assert "CRM" in finding.text
    assert finding.action is not None
    assert finding.action.owner == "Di"


def test_a_company_without_a_process_gets_sentences_and_no_failure():
    """Each part says what is missing and how to write it."""
    nothing = written()

    assert mission(nothing).empty
    assert best_practices(nothing).empty
    findings = [
        describe_mission(mission(nothing)),
        describe_role_coverage(role_coverage(nothing), as_of=EVENING),
        describe_duties(duties(nothing), as_of=EVENING),
        describe_review_cadence(review_cadence(nothing, as_of=EVENING), as_of=EVENING),
    ]
    assert all("process.yaml" in finding.text for finding in findings)


def test_the_dictionary_holds_every_definition_of_the_code_and_every_key_figure_of_the_company():
    """Nothing that a report shows lacks a meaning, and a company's own figure is kept."""
    kpis = {"win_rate": {"label": "Win rate", "owner": "Ana", "target": 0.3}, "own": {"label": "Own", "owner": "Bo"}}

    frame = kpi_dictionary(written(kpis=kpis)).set_index("key")

    assert set(DEFINITIONS) | set(DEFAULT_KPIS) | {"own"} == set(frame.index)
    assert frame.loc["win_rate", "meaning"] == DEFINITIONS["win_rate"].meaning
    assert describe_kpi_dictionary(frame.reset_index()).text.startswith(
        f"**{len({*DEFAULT_KPIS, 'own'})}** key figures have an owner; 3 of them"
    )


HISTORY = [
    {"opportunity_id": "a", "changed_at": "2026-06-01 09:00", "stage": "One"},
    {"opportunity_id": "a", "changed_at": "2026-06-11 09:00", "stage": "Two"},
    {"opportunity_id": "b", "changed_at": "2026-06-01 09:00", "stage": "One"},
]
DEALS = [
    {"opportunity_id": "a", "rep_id": "r", "status": "won", "closed_on": "2026-07-01", "created_on": "2026-06-01"},
    {"opportunity_id": "b", "rep_id": "r", "status": "won", "closed_on": "2026-07-01", "created_on": "2026-06-01"},
    {"opportunity_id": "c", "rep_id": "r", "stage": "Parking"},
]


def test_the_use_of_a_stage_counts_won_deals_that_were_ever_in_it():
    """Two deals won; both were in One, one in Two, and the words say that one passed Two over."""
    crm = make_crm(deals=DEALS, stage_history=HISTORY, open_stages=["One", "Two"])

    stages = stage_use(crm, written(stages=["One", "Two"]), confidence=0.95)
    by_stage = stages.set_index("stage")

    assert by_stage["n_won_passed"].dropna().to_dict() == {"One": 2, "Two": 1}
    assert by_stage.loc["Two", ["n_won", "passed_rate", "median_days"]].tolist() == [2, 0.5, 20]
    assert describe_stage_use(stages).title == "1 of 2 won deals passed over Two"


def test_a_stage_that_the_process_does_not_name_is_listed_after_those_it_does():
    """Deals parked in a stage of nobody's making are a finding."""
    crm = make_crm(deals=DEALS, stage_history=HISTORY, open_stages=["One", "Two"])

    stages = stage_use(crm, written(stages=["One", "Two"]), confidence=0.95)
    finding = describe_stage_use(stages)

    assert stages["stage"].tolist() == ["One", "Two", "Parking"]
    assert stages["is_declared"].tolist() == [True, True, False]
    assert finding.status == "watch"
    assert "1 stage that the process does not name: Parking" in finding.text


def test_without_a_stage_history_the_process_is_shown_and_its_use_left_open():
    """Missing is missing: no stage gets a share of 0 %."""
    stages = stage_use(make_crm(deals=DEALS), written(stages=["One"]), confidence=0.95)

    assert stages["passed_rate"].isna().all()
    assert "Without a stage history" in describe_stage_use(stages).text


@pytest.mark.parametrize(("plot", "column"), [(plot_role_coverage, "n_people"), (plot_stage_use, "passed_rate")])
def test_bars_are_as_long_as_the_numbers(plot, column):
    """What is drawn is what the frame says."""
    frame = (
        role_coverage(written({"people": PEOPLE}))
        if plot is plot_role_coverage
        else stage_use(
            make_crm(deals=DEALS, stage_history=HISTORY, open_stages=["One", "Two"]),
            written(stages=["One", "Two"]),
            confidence=0.95,
        )
    )

    ax = plot(frame)

    assert sorted(bar.get_width() for bar in ax.patches) == sorted(frame[column].dropna().astype(float))


def test_the_look_up_escapes_what_a_company_wrote():
    """A key figure named like markup is shown as text."""
    kpis = {"bad": {"label": "<b>x</b>", "owner": "<script>"}}
    panel = look_up(kpi_dictionary(written(kpis=kpis)))

    panel.children[0].value = "<b>x</b>"

    assert "<script>" not in panel.children[1].value
    assert "&lt;script&gt;" in panel.children[1].value


def test_stage_criteria_are_joined_as_written():
    """Two criteria stand in one cell, in their order; what is not written is missing."""
    parameters = written()
    stage = Stage(name="One", entry=("a", "b"), exit=("c",))
    company = parameters.company.model_copy(update={"stages": (stage,)})

    row = stage_use(make_crm(reps=["r"]), replace(parameters, company=company), confidence=0.95).iloc[0]

    assert (row["entry"], row["exit"]) == ("a; b", "c")
    assert pd.isna(row["meaning"])
