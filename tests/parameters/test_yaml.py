"""Files that are not YAML, not there or not what their name says; and what YAML text means here."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesops_lib.parameters import read_parameters
from tests.parameters.recipes import COMPANY, FILES, folder_of, problems_of

NOT_YAML = [
    ("calendar:\n\tlayout: month\n", "company.yaml:10:1  a tab stands where only spaces may. Indent with spaces."),
    (
        "teams: a\n  west: b\n",
        "company.yaml:10:7  a colon stands where none is expected. "
        "Check the indentation, and quote text that holds `: `.",
    ),
    (
        "teams\nplan: x\n",
        "company.yaml:10:1  the line is not of the form `key: value`. Is a colon missing, or the indentation wrong?",
    ),
    ("plan: 'x\n", "company.yaml:10:1  a quote is opened on line 9 and never closed. Close it."),
    (
        "teams: [a\n",
        "company.yaml:10:1  a bracket is opened on line 9 and not closed, or a comma is missing. Close it.",
    ),
    ("plan: *x\n", "company.yaml:9:7  text that starts with `*` must stand in quotes."),
    ("plan: @x\n", "company.yaml:9:7  text that starts with a mark like `@`, `%` or a backquote must stand in quotes."),
    ("---\nplan: x\n", "company.yaml:9:1  a second `---` starts another document. A file holds one."),
    (
        "stages:\n  - name: a\n - name: b\n",
        "company.yaml:11:2  the line is not indented like the lines above it. Line it up with them.",
    ),
    ("teams: &a {west: *a}\n", "company.yaml:1:1  a block refers to itself, by `&` and `*`. Write it out."),
    ("teams: {west: !!int word}\n", "company.yaml:9:15  teams.west: `word` is not a number."),
    ("plan: \x00\n", "company.yaml:1:1  the file is not YAML text: it holds a character that no text has."),
]


@pytest.mark.parametrize(("lines", "sentence"), NOT_YAML)
def test_text_that_is_not_yaml_is_explained(tmp_path: Path, lines: str, sentence: str):
    """The parser's own words are for people who write parsers."""
    assert problems_of(folder_of(tmp_path, company=COMPANY + lines)) == [sentence]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n"])
def test_empty_file_is_named(tmp_path: Path, text: str):
    """An empty file is not an empty block."""
    assert problems_of(folder_of(tmp_path, company=text)) == [
        "company.yaml:1:1  the file is empty. Copy the file of the demo company in parameters/ and change it."
    ]


def test_file_without_keys_is_named(tmp_path: Path):
    """A list at the top is no parameters file."""
    assert problems_of(folder_of(tmp_path, company="- a\n- b\n")) == [
        "company.yaml:1:1  the file must hold lines of the form `key: value`."
    ]


def test_file_in_another_encoding_is_named_with_the_line(tmp_path: Path):
    """Windows-1252 text is refused at the line that shows it, instead of read wrongly."""
    folder = folder_of(tmp_path)
    (folder / "company.yaml").write_bytes(COMPANY.encode() + "plan: Prämie\n".encode("cp1252"))

    assert problems_of(folder) == ["company.yaml:9:1  the file is not UTF-8 text. Save it with the encoding UTF-8."]


def test_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path):
    """Windows editors write both."""
    folder = folder_of(tmp_path)
    (folder / "company.yaml").write_bytes(COMPANY.replace("\n", "\r\n").encode("utf-8-sig"))

    assert read_parameters(folder).company.name == "Northwind"


def test_missing_folder_is_named(tmp_path: Path):
    """The folder is what people mistype first."""
    assert problems_of(tmp_path / "parametres") == [
        f"{tmp_path / 'parametres'}: there is no such folder. "
        "Give the folder that holds company.yaml, like `parameters`."
    ]


def test_missing_company_file_is_named(tmp_path: Path):
    """Without company.yaml there is no company."""
    assert problems_of(tmp_path) == [
        f"{tmp_path / 'company.yaml'}: there is no such file. Copy the demo company's, in parameters/, and change it."
    ]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("2026Q3.yaml", " Rename it to 2026-Q3.yaml."), ("tool.yaml", " Did you mean `tools.yaml`?"), ("x9.yaml", "")],
)
def test_file_whose_name_is_none_is_named(tmp_path: Path, name: str, hint: str):
    """A quarter under a wrong name would be left out in silence."""
    assert problems_of(folder_of(tmp_path, **{name: "quarter: 2026-Q3\n"})) == [
        f"{name}: the name is not that of a quarter, like 2026-Q3.yaml, "
        f"nor company.yaml, tools.yaml or process.yaml.{hint}"
    ]


@pytest.mark.parametrize("name", ["tools", "2026-Q3", "plans/extra"])
def test_file_that_ends_in_yml_is_named(tmp_path: Path, name: str):
    """One ending, or two files could claim one quarter."""
    assert problems_of(folder_of(tmp_path, **{f"{name}.yml": "a: 1\n"})) == [
        f"{name}.yml: the file's name must end in .yaml. Rename it to {name}.yaml."
    ]


def test_quarter_and_file_name_must_agree(tmp_path: Path):
    """A copied file whose quarter was not changed is found."""
    assert problems_of(folder_of(tmp_path, quarter="quarter: 2026-Q2\n")) == [
        "2026-Q3.yaml:1:10  quarter: `2026-Q2` and the file's name, 2026-Q3.yaml, do not agree. Change one."
    ]


def test_source_folder_must_exist(tmp_path: Path):
    """The folder of exports is looked for relative to the parameters folder."""
    company = FILES.replace("folder: .", "folder: export")

    assert problems_of(folder_of(tmp_path, company=company)) == [
        f"company.yaml:6:11  source.folder: there is no folder `export` (relative to {tmp_path}). "
        "Change it, or give SOURCE=folder on the command line."
    ]


def test_source_without_folder_asks_for_one(tmp_path: Path):
    """A folder may come from the command line only, but then it must."""
    folder = folder_of(tmp_path, company=FILES.replace("  folder: .\n", ""))

    assert problems_of(folder) == [
        "company.yaml:4:1  source: says not where the files are. "
        "Give `folder:` here, or SOURCE=folder on the command line."
    ]
    assert read_parameters(folder, source=str(tmp_path)).source_folder == tmp_path


def test_source_given_must_exist_and_be_wanted(tmp_path: Path):
    """A folder on the command line is checked too, and refused where the data is made up."""
    assert problems_of(folder_of(tmp_path, company=FILES), source="nowhere") == [
        "company.yaml:4:1  source: the source folder given, nowhere, does not exist."
    ]
    assert problems_of(folder_of(tmp_path), source=str(tmp_path)) == [
        "company.yaml:4:1  source: a source folder was given, but the data does not come from files here. Leave it out."
    ]


def test_words_that_old_yaml_took_for_other_things_stay_text(tmp_path: Path):
    """NO is Norway, 007 is an id and 12:30 is no number of seconds."""
    company = COMPANY + "teams: {NO: on, 007: 12:30, 2026-01-01: No}\n"

    teams = read_parameters(folder_of(tmp_path, company=company)).company.teams

    assert teams == {"NO": "on", "007": "12:30", "2026-01-01": "No"}


def test_values_of_a_mapping_keep_how_they_were_written(tmp_path: Path):
    """Numbers that stand for a file's text need no quotes: 007 stays 007."""
    company = FILES + "      columns: {status: {column: s, values: {1: won, 00: lost}, missing: [007, 1.50]}}\n"

    source = read_parameters(folder_of(tmp_path, company=company)).company.source

    status = source.tables["opportunities"].columns["status"]
    assert (status.values, status.missing) == ({"1": "won", "00": "lost"}, ("007", "1.50"))


def test_key_without_value_counts_as_absent(tmp_path: Path):
    """An emptied block is no block, and no problem."""
    quarter = "quarter: 2026-Q3\ntargets:\ncommentary:\n  bookings:\n"

    assert read_parameters(folder_of(tmp_path, quarter=quarter)).quarters["2026-Q3"].commentary == {}
