"""Parameters without people: codes for names, in fields and in texts, and the rest as it was."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from salesops_lib.parameters import read_parameters, without_people
from salesops_lib.parameters.anonymous import codes_of
from salesops_lib.parameters.kpi_defaults import DEFAULT_KPIS
from salesops_lib.playbook import kpi_dictionary, review_cadence
from tests.builders import AS_OF
from tests.parameters.recipes import COMPANY, FILES, folder_of

HIDDEN = "anonymise: true\n"
PROCESS = """\
mission: Help sellers. Ana Maria Ruiz began it, Ana Maria leads it.
people: [{name: Ana Maria Ruiz, title: Lead, role_categories: [tech]}]
responsibilities:
  operations: [{duty: Ask ana maria ruiz, who: Ben, backup: Ana Maria}]
review_cadence: [{what: Pipeline, every: week, owner: Head of sales}]
best_practices: [{title: Write it down, text: As Ana Maria does it., source: Anamaria}]
"""


def test_owners_of_key_figures_are_the_people_of_the_process(tmp_path: Path):
    """The same person the same code, in the dictionary of key figures as well."""
    hidden = without_people(read_parameters(folder_of(tmp_path, company=COMPANY + HIDDEN, process=PROCESS)))
    assert hidden.process is not None

    owners = kpi_dictionary(hidden).set_index("key")["owner"]

    assert owners["bookings"] == hidden.process.responsibilities.operations[0].who
    assert owners["win_rate"].startswith("Person ")
    assert hidden.kpis["bookings"].owner == owners["bookings"]


def test_roles_that_every_company_has_are_nobody(tmp_path: Path):
    """Who reads the actions must still see whose turn it is."""
    kpi = "  csat: {label: Satisfaction, owner: Customer success}\n"
    hidden = without_people(read_parameters(folder_of(tmp_path, company=COMPANY + kpi + HIDDEN, process=PROCESS)))

    assert hidden.kpis["csat"].owner == DEFAULT_KPIS["csat"].owner == "Customer success"
    assert review_cadence(hidden, as_of=AS_OF)["owner"].tolist() == ["Head of sales"]


def test_full_names_in_texts_are_codes_the_longest_first(tmp_path: Path):
    """One name inside another, any case; a part of a word is no name."""
    hidden = without_people(read_parameters(folder_of(tmp_path, company=COMPANY + HIDDEN, process=PROCESS)))
    codes = codes_of(["Ana", "Ben", "Ana Maria Ruiz", "Ana Maria"], "Person")
    process = hidden.process
    assert process is not None

    assert process.mission == f"Help sellers. {codes['Ana Maria Ruiz']} began it, {codes['Ana Maria']} leads it."
    assert process.responsibilities.operations[0].duty == f"Ask {codes['Ana Maria Ruiz']}"
    assert process.best_practices[0].text == f"As {codes['Ana Maria']} does it."
    assert process.best_practices[0].source == "Anamaria"


def test_codes_once_given_stay(tmp_path: Path):
    """The record of a run asks once more."""
    read = read_parameters(folder_of(tmp_path, company=COMPANY + HIDDEN, process=PROCESS))

    assert without_people(without_people(read)) == without_people(read)
    assert without_people(read).public() == read.public()


def test_a_company_that_shows_names_is_left_as_it_is(tmp_path: Path):
    """Nothing is replaced."""
    read = read_parameters(folder_of(tmp_path, process=PROCESS))

    assert without_people(read) is read


def test_the_record_of_a_run_says_nothing_of_how_the_source_is_mapped(tmp_path: Path):
    """Values, what they become, files and constants may be names; which tables there are is told."""
    mapped = (
        FILES.replace("deals.csv", "deals_of_ana_ruiz.csv")
        + "      columns: {rep_id: {column: who, values: {AR: Ana Ruiz}}, product: {constant: Ben}}\n"
    )

    public = read_parameters(folder_of(tmp_path, company=mapped + HIDDEN)).public()

    assert public["company"]["source"] == {"kind": "files", "tables": ["reps", "opportunities"]}
    assert "ruiz" not in json.dumps(public).lower()


@given(st.lists(st.sampled_from(["Ana Ruiz", "Ana Ruiz Mora", "b.o@x.io", "Jörg Ößl", "Şule Çağ"]), min_size=1))
def test_no_full_name_is_left_in_any_text(tmp_path_factory, names):
    """However many stand in it, and next to what."""
    folder = folder_of(
        tmp_path_factory.mktemp("any"),
        company=COMPANY + HIDDEN,
        process=f"mission: '{', '.join(names)}; {names[0].upper()}.'\npeople: "
        + json.dumps([{"name": name, "role_categories": ["tech"]} for name in sorted(set(names))]),
    )

    process = without_people(read_parameters(folder)).process

    assert process is not None
    assert not any(name.casefold() in process.mission.casefold() for name in names)
