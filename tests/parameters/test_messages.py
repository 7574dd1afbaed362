"""Every kind of slip is met with a sentence at its place in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parameters.recipes import COMPANY, FILES, PLAN, folder_of, problems_of

IN_COMPANY = [
    pytest.param(
        "rep_comparison:\n  leads: {rule: weighted}\n",
        "company.yaml:10:17  rep_comparison.leads.rule: "
        "`weighted` needs `weights`: rep ids with a number above 0 each.",
        id="rule without its weights",
    ),
    pytest.param(
        "rep_comparison:\n  leads:\n    weights: {ana: 2}\n",
        "company.yaml:11:14  rep_comparison.leads.weights: "
        "they say nothing under `territory`. Remove them, or write `weighted`.",
        id="weights without their rule",
    ),
    pytest.param(
        "calendar:\n  layout: 4-4-6\n",
        "company.yaml:10:11  calendar.layout: `4-4-6` is not one of month, 4-4-5, 4-5-4, 5-4-4. Did you mean `4-4-5`?",
        id="choice",
    ),
    pytest.param(
        "calender: {}\n", "company.yaml:9:1  calender: unknown key. Did you mean `calendar`?", id="unknown key"
    ),
    pytest.param(
        "calendar:\n  fortnight: 2\n",
        "company.yaml:10:3  calendar.fortnight: unknown key. "
        "The keys known here are layout, start_month, week_starts_on, year_named_by, holidays.",
        id="unknown key unlike any",
    ),
    pytest.param(
        "stages:\n  - meaning: Need\n", "company.yaml:10:5  stages[1]: the key `name` is missing.", id="missing key"
    ),
    pytest.param(
        "stages:\n  - name:\n",
        "company.yaml:10:5  stages[1].name: has no value. Write it behind the colon.",
        id="key without value",
    ),
    pytest.param(
        "calendar:\n  holidays: [2026-12-25]\n",
        'company.yaml:10:14  calendar.holidays[1]: write the date as quoted text: "2026-12-25".',
        id="date without quotes",
    ),
    pytest.param(
        'calendar:\n  holidays: ["2026-02-30"]\n',
        "company.yaml:10:14  calendar.holidays[1]: `2026-02-30` is not a date. "
        'Write it as quoted text, year first: "2026-09-30".',
        id="day that does not exist",
    ),
    pytest.param(
        "calendar: {}\ncalendar: {}\n",
        "company.yaml:10:1  calendar: stands twice, first on line 9. Keep one.",
        id="key twice",
    ),
    pytest.param(
        "calendar:\n  start_month: 13\n",
        "company.yaml:10:16  calendar.start_month: `13` is out of range: it must be at most 12.",
        id="out of range",
    ),
    pytest.param(
        "calendar:\n  start_month: 1.5\n",
        "company.yaml:10:16  calendar.start_month: `1.5` is not a whole number.",
        id="not whole",
    ),
    pytest.param(
        "calendar:\n  start_month: true\n",
        "company.yaml:10:16  calendar.start_month: `true` is not a number.",
        id="true for a number",
    ),
    pytest.param(
        "report: {confidence: 95%}\n",
        "company.yaml:9:22  report.confidence: `95%` is not a number. Write rates as a share of 1: 0.95.",
        id="percent",
    ),
    pytest.param(
        "report: {min_closed: '1,200'}\n",
        "company.yaml:9:22  report.min_closed: `1,200` is not a number. Write it without thousands marks: 1200.",
        id="thousands marks",
    ),
    pytest.param("anonymise: si\n", "company.yaml:9:12  anonymise: `si` is not true or false.", id="not a bool"),
    pytest.param(
        "teams: {west: 007}\n", 'company.yaml:9:15  teams.west: must be text. Put it in quotes: "007".', id="not text"
    ),
    pytest.param(
        "teams: {west: ''}\n",
        "company.yaml:9:15  teams.west: is empty. Write the text, or take the line out.",
        id="empty text",
    ),
    pytest.param(
        "rates: {eur: 1.08}\n",
        "company.yaml:9:9  rates.eur: `eur` is not a currency code of three capital letters, like USD.",
        id="currency",
    ),
    pytest.param(
        "rates: {USD: 1.1}\n",
        "company.yaml:9:9  rates.USD: USD is the report currency, so that its rate is 1. Take the line out.",
        id="rate of the report currency",
    ),
    pytest.param(
        "stages: Discovery\n",
        "company.yaml:9:9  stages: is a single value; it must be a list, one `- ` line for each item or [a, b].",
        id="not a list",
    ),
    pytest.param(
        "calendar: [month]\n",
        "company.yaml:9:11  calendar: is a list; it must be a block of keys, each on a line of its own.",
        id="not a block",
    ),
    pytest.param(
        "stages:\n  - {name: Demo}\n  - {name: Won}\n",
        "company.yaml:11:12  stages[2].name: `Won` is how a deal ends, not a stage. "
        "Take it out: `status` says which deals are won or lost.",
        id="won as a stage",
    ),
    pytest.param(
        "stages:\n  - {name: Demo}\n  - {name: Demo}\n",
        "company.yaml:11:12  stages[2].name: the stage `Demo` stands 2 times. Keep one.",
        id="stage twice",
    ),
    pytest.param(
        "plan: standard\n",
        "company.yaml:9:7  plan: `standard` is not the name of a file in plans/. There is none yet.",
        id="plan without file",
    ),
    pytest.param(
        "plan: !secret standard\n",
        "company.yaml:9:7  plan: `standard` carries a YAML tag, which has no meaning here. Take the tag out.",
        id="tag",
    ),
]


@pytest.mark.parametrize(("lines", "sentence"), IN_COMPANY)
def test_slip_in_company_is_named_with_place_and_cure(tmp_path: Path, lines: str, sentence: str):
    """File, line, column, key, what is wrong and what to write."""
    assert sentence in problems_of(folder_of(tmp_path, company=COMPANY + lines))


def test_threshold_on_the_good_side_of_the_target_is_named(tmp_path: Path):
    """Action due above the target makes no sense where up is good."""
    company = COMPANY.replace("target: 0.3", "target: 0.3, threshold: 0.4")

    assert problems_of(folder_of(tmp_path, company=company)) == [
        "company.yaml:7:67  kpis.win_rate.threshold: 0.4 is above the target, 0.3, although up is good. "
        "Swap them, or change `direction`."
    ]


def test_unknown_time_zone_is_named_with_the_near_one(tmp_path: Path):
    """Time zones are long names and easily misspelt."""
    company = COMPANY.replace("America/Chicago", "America/Chigaco")

    assert problems_of(folder_of(tmp_path, company=company)) == [
        "company.yaml:3:12  time_zone: `America/Chigaco` is not a time zone. "
        "Write it like `America/Chicago` or `UTC`. Did you mean `America/Chicago`?"
    ]


def test_missing_key_of_the_file_is_reported_at_its_start(tmp_path: Path):
    """A key that is missing from the file itself has no place but the first line."""
    company = COMPANY.replace("name: Northwind\n", "")

    assert problems_of(folder_of(tmp_path, company=company)) == ["company.yaml:1:1  the key `name` is missing."]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("file", "company.yaml:5:9  source.kind: `file` is not one of demo, files, database. Did you mean `files`?"),
        ("", "company.yaml:4:1  source: the key `kind` is missing. Give one of demo, files, database."),
    ],
)
def test_kind_of_source_must_be_one_of_three(tmp_path: Path, kind: str, sentence: str):
    """The kind decides which keys hold, so that it is checked first."""
    company = COMPANY.replace("kind: demo", f"kind: {kind}" if kind else "seed: 1")

    assert problems_of(folder_of(tmp_path, company=company)) == [sentence]


IN_COLUMNS = [
    pytest.param(
        "amount: {column: value, constant: 2}",
        "company.yaml:12:43  source.tables.opportunities.columns.amount.constant: "
        "gives column and constant, of which only one can hold. Keep one.",
        id="two origins",
    ),
    pytest.param(
        "amount: {missing: [none]}",
        "company.yaml:12:17  source.tables.opportunities.columns.amount: "
        "says not where the value comes from. Give one of column, constant, join, lookup.",
        id="no origin",
    ),
    pytest.param(
        "status: {column: stage, values_else: open}",
        "company.yaml:12:46  source.tables.opportunities.columns.status.values_else: "
        "needs `values`, the list that it completes.",
        id="else without values",
    ),
    pytest.param(
        "amount: {column: value, decimal: ',', thousands: ','}",
        "company.yaml:12:58  source.tables.opportunities.columns.amount.thousands: "
        "decimal and thousands are the same mark. Change one.",
        id="one mark for two",
    ),
    pytest.param(
        "kind: {constant: new, otherwise: kind}",
        "company.yaml:12:42  source.tables.opportunities.columns.kind.otherwise: "
        "a constant is never missing. Take `otherwise` out.",
        id="otherwise of a constant",
    ),
    pytest.param(
        "closed_on: {column: closed, date_format: MM/DD/YYYY}",
        "company.yaml:12:50  source.tables.opportunities.columns.closed_on.date_format: "
        "`MM/DD/YYYY` is not a date format. Write it like %m/%d/%Y: %d day, %m month, %Y year.",
        id="date format",
    ),
    pytest.param(
        "ammount: value",
        "company.yaml:12:9  source.tables.opportunities.columns.ammount: "
        "`ammount` is not a column of `opportunities`. Did you mean `amount`?",
        id="unknown column",
    ),
    pytest.param(
        "next_step: {join: [step]}",
        "company.yaml:12:27  source.tables.opportunities.columns.next_step.join: has 1 item; it needs at least 2.",
        id="join of one",
    ),
    pytest.param(
        "amount: {lookup: {file: ../prices.csv, key: a, column: b}}",
        "company.yaml:12:33  source.tables.opportunities.columns.amount.lookup.file: "
        "`../prices.csv` leads out of the source's folder. Name a file inside it.",
        id="file outside",
    ),
]


@pytest.mark.parametrize(("line", "sentence"), IN_COLUMNS)
def test_slip_in_a_column_mapping_is_named(tmp_path: Path, line: str, sentence: str):
    """The rules of a column mapping, each with its own sentence."""
    company = f"{FILES}      columns:\n        {line}\n"

    assert problems_of(folder_of(tmp_path, company=company)) == [sentence]


def test_unknown_table_is_named_with_the_near_one(tmp_path: Path):
    """A table under a wrong name would be left out in silence."""
    company = FILES + "    lead: {file: leads.csv}\n"

    assert problems_of(folder_of(tmp_path, company=company)) == [
        "company.yaml:11:5  source.tables.lead: `lead` is not a table of the kit. Did you mean `leads`?"
    ]


def test_required_tables_must_be_mapped(tmp_path: Path):
    """Nothing can be reported without reps."""
    company = FILES.replace("    reps: {file: reps.csv}\n", "")

    assert problems_of(folder_of(tmp_path, company=company)) == [
        "company.yaml:7:3  source.tables: the table `reps` is missing. Every report needs it."
    ]


def test_unknown_encoding_is_named(tmp_path: Path):
    """An encoding that Python does not know would only fail at import."""
    company = FILES.replace("{file: reps.csv}", "{file: reps.csv, encoding: ansi-1}")

    assert problems_of(folder_of(tmp_path, company=company)) == [
        "company.yaml:8:38  source.tables.reps.encoding: `ansi-1` is not an encoding. "
        "Write it like utf-8, utf-16 or cp1252."
    ]


IN_PLAN = [
    pytest.param(
        "mix: {individual: 0.7, team: 0.2}",
        "plans/standard.yaml:5:6  mix: individual 0.7 and team 0.2 add up to 0.9. They must add up to 1.",
        id="mix",
    ),
    pytest.param(
        "pay_mix: {base: 0.6, variable: 0.4}",
        "plans/standard.yaml:5:10  pay_mix: needs `ote_amount` beside it.",
        id="pay mix alone",
    ),
    pytest.param(
        "tiers: [{from: 0, to: 0.5, multiplier: 1}, {from: 0.6, multiplier: 2}]",
        "plans/standard.yaml:5:23  tiers[1].to: ends at 0.5 while the next row starts at 0.6: a gap. "
        "Give both the same value; attainment at the boundary belongs to the upper row.",
        id="gap",
    ),
    pytest.param(
        "tiers: [{from: 0, to: 0.7, multiplier: 1}, {from: 0.6, multiplier: 2}]",
        "plans/standard.yaml:5:23  tiers[1].to: ends at 0.7 while the next row starts at 0.6: an overlap. "
        "Give both the same value; attainment at the boundary belongs to the upper row.",
        id="overlap",
    ),
    pytest.param(
        "tiers: [{from: 0.5, multiplier: 1}]",
        "plans/standard.yaml:5:16  tiers[1].from: the first row starts at 0.5, so that nothing says what is paid "
        "below. Put a row `from: 0` before it, with multiplier 0 where nothing is paid.",
        id="not from zero",
    ),
    pytest.param(
        "tiers: [{from: 0, multiplier: 1}, {from: 0, multiplier: 2}]",
        "plans/standard.yaml:5:42  tiers[2].from: starts at 0, not above the row before it (0). "
        "Order the rows from low to high.",
        id="order",
    ),
    pytest.param(
        "tiers: [{from: 0, to: 2, multiplier: 1}]",
        "plans/standard.yaml:5:23  tiers[1].to: the last row ends at 2, so that nothing says what is paid above. "
        "Take its `to` out; `cap` limits pay.",
        id="open end",
    ),
    pytest.param(
        "application: marginel",
        "plans/standard.yaml:5:14  application: `marginel` is not one of marginal, whole, interpolated. "
        "Did you mean `marginal`?",
        id="application",
    ),
]


@pytest.mark.parametrize(("line", "sentence"), IN_PLAN)
def test_slip_in_a_plan_is_named(tmp_path: Path, line: str, sentence: str):
    """A rate table without gaps and shares that add up, or no report."""
    assert problems_of(folder_of(tmp_path, plan=f"{PLAN}{line}\n")) == [sentence]


def test_plan_without_pay_is_named(tmp_path: Path):
    """A plan that names no money pays nobody."""
    assert problems_of(folder_of(tmp_path, plan="name: standard\ntitle: Standard\n")) == [
        "plans/standard.yaml:1:1  says not what is paid. Give `roles`, or `pay_mix` with `ote_amount`."
    ]


IN_QUARTER = [
    pytest.param(
        "targets: {winrate: 0.4}",
        "2026-Q3.yaml:2:11  targets.winrate: `winrate` is not a key figure, of the kit or under `kpis:` in company.yaml. "
        "Did you mean `win_rate`?",
        id="target of no key figure",
    ),
    pytest.param(
        "plan: standrd",
        "2026-Q3.yaml:2:7  plan: `standrd` is not the name of a file in plans/. Did you mean `standard`?",
        id="plan that does not exist",
    ),
    pytest.param(
        "quotas: {reps: {ana: -5}}",
        "2026-Q3.yaml:2:22  quotas.reps.ana: `-5` is out of range: it must be at least 0.",
        id="negative goal",
    ),
]


@pytest.mark.parametrize(("line", "sentence"), IN_QUARTER)
def test_slip_in_a_quarter_is_named(tmp_path: Path, line: str, sentence: str):
    """Names that a quarter uses must exist in the other files."""
    folder = folder_of(tmp_path, plan=PLAN, quarter=f"quarter: 2026-Q3\n{line}\n")

    assert problems_of(folder) == [sentence]


def test_slip_in_tools_is_named(tmp_path: Path):
    """Ratings must be of a criterion, thresholds in order and criteria unique."""
    tools = "criteria: [{key: fit, label: Fit, weight: 2}]\nratings: {usability: {crm: 4}}\nthresholds: {sus_low: 70}\n"

    assert problems_of(folder_of(tmp_path, tools=tools)) == [
        "tools.yaml:3:23  thresholds.sus_low: 70 is above sus_good, 68. Swap or change them."
    ]
    assert problems_of(folder_of(tmp_path, tools=tools.replace("70", "50"))) == [
        "tools.yaml:2:22  ratings.usability: `usability` is not one of the criteria: fit."
    ]


def test_name_close_to_a_person_is_a_slip_and_any_other_is_not(tmp_path: Path):
    """Duties may fall to people outside the list, but a near miss is a typing error."""
    process = (
        "mission: Help.\npeople: [{name: Ana Ruiz, role_categories: [tech]}]\n"
        "review_cadence:\n  - {what: Pipeline, every: week, owner: Ana Ruis}\n"
        "  - {what: Pay, every: year, owner: Finance}\n"
    )

    assert problems_of(folder_of(tmp_path, process=process)) == [
        "process.yaml:4:42  review_cadence[1].owner: `Ana Ruis` is not one of the people above. "
        "Did you mean `Ana Ruiz`?"
    ]
