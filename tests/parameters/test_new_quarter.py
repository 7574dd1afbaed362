"""The new quarter's file: carried, moved, cleared, and never written over another."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from ruamel.yaml import YAML

from salesops_lib.errors import ParameterError
from salesops_lib.parameters import Quarter, read_parameters, write_new_quarter
from tests.parameters.recipes import PLAN, folder_of, quarters

OLD = """\
# yaml-language-server: $schema=schemas/quarter.json
# Goals of Q3 2026, raised against 2026-Q2. Approved 2026-06-28.
quarter: 2026-Q3   # fiscal

quotas:
  company: 12_500_000   # as the board set it
  teams: {west: 3_000_000}
plan: standard
targets:
  win_rate: 0.33
commentary:
  # what people say
  win_rate_by_rep: >
    Two reps were
    on leave.

    # still text
  bookings: plain text   # by Ana
  pipeline: "quoted: text"

  cycle: plain that
    goes on
  stages: |-
    last
# the end
"""
NEW = """\
# yaml-language-server: $schema=schemas/quarter.json
# Goals of Q4 2026, raised against 2026-Q3. Approved 2026-06-28.
quarter: 2026-Q4   # fiscal

quotas:
  company: 12_500_000   # as the board set it
  teams: {west: 3_000_000}
plan: standard
targets:
  win_rate: 0.33
commentary:
  # what people say
  win_rate_by_rep:
  bookings:   # by Ana
  pipeline:

  cycle:
  stages:
# the end
"""


def test_comments_and_layout_are_kept_labels_moved_and_commentary_cleared(tmp_path: Path):
    """The new file is the old one but for what a new quarter changes."""
    written = write_new_quarter(folder_of(tmp_path, plan=PLAN, quarter=OLD), "2026-Q4")

    assert written.path == tmp_path / "2026-Q4.yaml"
    assert written.path.read_text(encoding="utf-8") == NEW


def test_review_names_what_a_person_must_look_at(tmp_path: Path):
    """Carried goals are a start, not a decision."""
    written = write_new_quarter(folder_of(tmp_path, plan=PLAN, quarter=OLD), "2026-Q4")

    assert written.review == [
        "quotas: 2 goals carried from 2026-Q3 (company 12,500,000). Write the new ones; add joiners, take leavers out.",
        "plan: `standard` carried. Does it stay in force?",
        "targets: win_rate carried. Do they still hold?",
        "commentary: 5 texts cleared. Write new ones when the reports are there.",
        "line 2: the comment names 2026-06-28, which was not moved. Is it still right?",
    ]


def test_new_quarter_reads_as_the_old_but_for_commentary(tmp_path: Path):
    """What is written can be read at once."""
    folder = folder_of(tmp_path, plan=PLAN, quarter=OLD)
    write_new_quarter(folder, "2026-Q4")

    old, new = read_parameters(folder).quarters.values()

    assert new == old.model_copy(update={"quarter": "2026-Q4", "commentary": {}})


def test_the_year_turns_and_skipped_quarters_are_said(tmp_path: Path):
    """Labels in comments move by as many quarters as the file does."""
    written = write_new_quarter(folder_of(tmp_path, plan=PLAN, quarter=OLD), "2027-Q1")

    assert "Q1 2027, raised against 2026-Q4" in written.path.read_text(encoding="utf-8")
    assert written.review[0] == "Everything is carried from 2026-Q3, the latest quarter before 2027-Q1."


def test_latest_earlier_quarter_is_taken(tmp_path: Path):
    """Neither an older nor a later quarter is the model."""
    folder = folder_of(
        tmp_path,
        **{f"{label}.yaml": f"quarter: {label}\nplan: p{label}\n" for label in ("2025-Q4", "2026-Q1", "2026-Q3")},
    )

    assert "p2026-Q1" in write_new_quarter(folder, "2026-Q2").path.read_text(encoding="utf-8")


def test_existing_quarter_is_never_written_over(tmp_path: Path):
    """Goals that someone wrote are not replaced."""
    folder = folder_of(tmp_path, **{"2026-Q4.yaml": "mine"})

    with pytest.raises(ParameterError) as caught:
        write_new_quarter(folder, "2026-Q4")

    assert caught.value.problems == [
        "2026-Q4.yaml: the file exists already and is left as it is. Change it by hand, or delete it first."
    ]
    assert (folder / "2026-Q4.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ("2026-4", "`2026-4` is not a quarter. Write it like 2026-Q4."),
        (
            "2026-Q1",
            "{folder}: no quarter before 2026-Q1 to start from. "
            "Write the first one by hand: a line `quarter: 2026-Q1` is enough.",
        ),
        (
            "2026-Q4",
            "2026-Q3.yaml:1:10  quarter: `2026-Q2` and the file's name, 2026-Q3.yaml, do not agree. Change one.",
        ),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, label: str, sentence: str):
    """No label, no model, or a model that is wrong itself."""
    folder = folder_of(tmp_path, quarter="quarter: 2026-Q2\n")

    with pytest.raises(ParameterError) as caught:
        write_new_quarter(folder, label)

    assert caught.value.problems == [sentence.format(folder=folder)]
    assert not (folder / f"{label}.yaml").exists()


@settings(max_examples=40, deadline=None)
@given(quarter=quarters())
def test_any_quarter_can_be_carried(quarter: Quarter):
    """However ruamel wrote the old file, the new one reads as it should."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / f"{quarter.quarter}.yaml").open("w", encoding="utf-8") as file:
            YAML().dump(quarter.model_dump(mode="json"), file)
        written = write_new_quarter(folder, "2100-Q1")
        text = written.path.read_text(encoding="utf-8")
        carried = YAML(typ="safe").load(text)

    kept = {key: text for key, text in (carried["commentary"] or {}).items() if text}
    assert kept == {}
    assert Quarter.model_validate({**carried, "commentary": {}}) == quarter.model_copy(
        update={"quarter": "2100-Q1", "commentary": {}}
    )
