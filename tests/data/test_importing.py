"""The import as a whole: what goes in is used or accounted for, and it is kept whole."""

from __future__ import annotations

import csv
import io
import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.data import store
from salesops_lib.data.importing import ImportedData, import_source, require_usable
from salesops_lib.data.schemas import TABLES
from salesops_lib.errors import DataError, SourceError
from tests.data.exports import (
    DEALS,
    deals,
    found,
    import_files,
    parameters_for,
    rows_of,
    values_of,
    write_exports,
)


def listed(imported: ImportedData) -> list[dict[str, str]]:
    """Rows of the quarantine."""
    with imported.quarantine.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_canonical_files_need_no_mapping(tmp_path: Path) -> None:
    """Files under the canonical names, with canonical headings, are read as they are."""
    imported = import_files(tmp_path)

    assert rows_of(imported, "reps", ["rep_id", "name"]) == [
        {"rep_id": "ana", "name": "Ana"},
        {"rep_id": "bo", "name": "Bo"},
    ]
    first = rows_of(imported, "opportunities")[0]
    assert list(first) == [column.name for column in TABLES["opportunities"].source_columns]
    assert (first["amount"], first["closed_on"], first["status"]) == (Decimal("1000.00"), date(2026, 8, 3), "won")
    assert first["product"] is None
    assert imported.as_of == date(2026, 9, 30)
    require_usable(imported)


def test_columns_map_by_name_constant_join_and_value(tmp_path: Path) -> None:
    """Headings match whatever their case and spaces; values become canonical ones."""
    files = {
        "deals.csv": (
            "Deal ID, OWNER First,Owner Last,Stage,Type,Amount,Close Date,Region\n"
            "7,Ana,Ruiz,Closed Won,New Business,$1,2026-08-03,EMEA\n"
            "8,Bo,,Talks,Upsell,n/a,2026-12-31,EMEA\n"
            "9,Bo,,Talks,Upsell,3,2026-12-31,US\n"
        ),
        "reps.csv": "rep_id,name\nAna Ruiz,Ana\nBo,Bo\n",
        "opportunities.csv": None,
    }
    tables = {
        "opportunities": {
            "file": "deals.csv",
            "keep": {"region": ["EMEA"]},
            "columns": {
                "opportunity_id": "deal id",
                "rep_id": {"join": ["Owner First", "Owner Last"]},
                "status": {"column": "Stage", "values": {"Closed Won": "won"}, "values_else": "open"},
                "stage": {"column": "Stage", "missing": ["Closed Won"]},
                "kind": {"column": "Type", "values": {"New Business": "new", "Upsell": "expansion"}},
                "amount": {"column": "Amount", "missing": ["n/a"]},
                "closed_on": "Close Date",
                "source": {"constant": "inbound"},
            },
        }
    }

    imported = import_files(tmp_path, files, tables=tables)

    columns = [
        "opportunity_id",
        "rep_id",
        "status",
        "stage",
        "kind",
        "amount",
        "closed_on",
        "expected_close_on",
        "source",
    ]
    assert [tuple(row.values()) for row in rows_of(imported, "opportunities", columns)] == [
        ("7", "Ana Ruiz", "won", None, "new", Decimal("1.00"), date(2026, 8, 3), None, "inbound"),
        ("8", "Bo", "open", "Talks", "expansion", None, None, date(2026, 12, 31), "inbound"),
    ]
    counts = imported.counts.set_index("table").loc["opportunities"]
    assert (counts["rows_in"], counts["rows_used"], counts["rows_left_out"]) == (3, 2, 1)
    assert "2 used, 0 set aside, 1 left out on purpose" in " ".join(found(imported, "rows accounted for"))


def test_missing_values_are_taken_from_elsewhere_and_counted(tmp_path: Path) -> None:
    """An amount that is missing comes from a price list in another number format; a key without a price is told."""
    files = {
        "prices.csv": "sku;price\nA;1.234,50\nB;2,00\n",
        **deals(
            "D1,ana,7.5,2026-08-03,won,A",
            "D2,ana,,2026-08-03,won,A",
            "D3,ana,0,2026-08-03,lost,b",
            "D4,ana,,2026-08-03,won,C",
            heading="opportunity_id,rep_id,amount,closed_on,status,product",
        ),
    }
    columns = {name: name for name in ("opportunity_id", "rep_id", "closed_on", "status")}
    price = {"file": "prices.csv", "key": "sku", "column": "price", "on": {"column": "product", "values": {"b": "B"}}}
    amount = {"column": "amount", "missing": ["0"], "otherwise": {"lookup": price}}

    imported = import_files(
        tmp_path,
        files,
        tables={"opportunities": {"file": "opportunities.csv", "columns": {**columns, "amount": amount}}},
    )

    assert values_of(imported, "opportunities", "amount") == [
        Decimal("7.50"),
        Decimal("1234.50"),
        Decimal("2.00"),
        None,
    ]
    assert found(imported, "stand-ins") == [
        "`opportunities.amount`: 2 missing values taken from column `price` of prices.csv, as declared."
    ]
    assert "1 row found no match in prices.csv, for instance `C`" in found(imported, "lookup")[0]


def test_amounts_become_amounts_in_the_report_currency(tmp_path: Path) -> None:
    """Each row's currency has its rate; cents are rounded half up; a deal's history follows the deal."""
    files = {
        **deals(
            "D1,ana,100.00,2026-08-03,won,EUR",
            "D2,ana,0.125,2026-08-03,won,usd",
            "D3,ana,1,2026-08-03,won,GBP",
            "D4,ana,2,2026-08-03,won,",
            "D5,ana,2,2026-08-03,won,euros",
            heading="opportunity_id,rep_id,amount,closed_on,status,currency",
        ),
        "stage_history.csv": (
            "opportunity_id,changed_at,stage,amount\nD1,2026-07-01 12:00,Talks,50\nD2,2026-07-01 12:00,Talks,50\n"
        ),
    }

    imported = import_files(tmp_path, files, rates={"EUR": "1.085", "GBP": "1.27005"})

    assert values_of(imported, "opportunities", "amount") == [
        Decimal("108.50"),
        Decimal("0.13"),
        Decimal("1.27"),
        Decimal("2.00"),
    ]
    assert values_of(imported, "stage_history", "amount") == [Decimal("54.25"), Decimal("50.00")]
    assert [(row["value"], row["reason"]) for row in listed(imported)] == [("euros", "not a currency code")]


def test_moments_become_the_companys_time(tmp_path: Path) -> None:
    """A moment in UTC is the evening before in Chicago, also where it becomes a day."""
    files = {
        **deals("D1,ana,1,,2026-10-01T04:30:00Z,won"),
        "stage_history.csv": "opportunity_id,changed_at,stage\nD1,2026-09-01 04:30:00,Talks\n",
    }

    imported = import_files(tmp_path, files)

    assert values_of(imported, "opportunities", "closed_on") == [date(2026, 9, 30)]
    assert values_of(imported, "stage_history", "changed_at") == [datetime(2026, 8, 31, 23, 30)]


def test_the_same_source_is_imported_once(tmp_path: Path) -> None:
    """A second run takes the first one's import; a changed byte or mapping makes another."""
    exports = write_exports(tmp_path / "exports", {})
    parameters, cache = parameters_for(exports), tmp_path / "cache"

    first = import_source(parameters, cache=cache)
    stamp = (first.folder / "import.json").stat().st_mtime_ns
    again = import_source(parameters, cache=cache)
    (exports / "reps.csv").write_text("rep_id,name\nana,Ana\nbo,Boris\n")
    changed = import_source(parameters, cache=cache)
    other = import_source(parameters_for(exports, time_zone="Europe/Berlin"), cache=cache)

    assert again.folder == first.folder
    assert (again.folder / "import.json").stat().st_mtime_ns == stamp
    assert len({first.fingerprint, changed.fingerprint, other.fingerprint}) == 3
    assert values_of(changed, "reps", "name") == ["Ana", "Boris"]


def test_the_same_source_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two imports from scratch write the same files."""
    one, two = import_files(tmp_path / "one"), import_files(tmp_path / "two")

    assert sorted(path.name for path in one.folder.iterdir()) == sorted(path.name for path in two.folder.iterdir())
    for path in one.folder.iterdir():
        assert path.read_bytes() == (two.folder / path.name).read_bytes()


def test_nothing_but_the_import_stays_in_the_cache(tmp_path: Path) -> None:
    """No database, no raw copy of the source and no half-written folder is left."""
    imported = import_files(tmp_path)

    assert [path.name for path in imported.folder.parent.iterdir()] == [imported.fingerprint]
    assert sorted(path.name for path in imported.folder.iterdir()) == [
        "import.json",
        "opportunities.parquet",
        "quarantine.csv",
        "reps.parquet",
    ]


def test_two_at_once_make_one_import(tmp_path: Path) -> None:
    """Whoever is first wins; both read the same whole folder."""
    parameters = parameters_for(write_exports(tmp_path / "exports", {}))

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(import_source, parameters, cache=tmp_path / "cache") for _ in range(2)]
        folders = {run.result().folder for run in runs}

    assert len(folders) == 1
    assert list((tmp_path / "cache" / "imports").iterdir()) == list(folders)


def test_what_killed_runs_left_behind_is_swept(tmp_path: Path) -> None:
    """A half-written folder is removed a day later, one of a run that may still live is not."""
    imports = tmp_path / "cache" / "imports"
    for name, age in ((".dead-1.tmp", 2 * 86_400), (".alive-1.tmp", 60)):
        (imports / name).mkdir(parents=True)
        then = (imports / name).stat().st_mtime - age
        os.utime(imports / name, (then, then))

    import_files(tmp_path)

    assert [path.name for path in imports.glob(".*.tmp")] == [".alive-1.tmp"]


def test_a_write_that_is_cut_short_leaves_no_folder(tmp_path: Path) -> None:
    """What is being written has another name until it is whole."""

    def fail(beside: Path) -> None:
        (beside / "half.parquet").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.written_whole(tmp_path / "cache" / "import", fail)

    assert list((tmp_path / "cache").iterdir()) == []


def test_an_import_appears_in_one_step(tmp_path: Path) -> None:
    """The folder that was filled beside is renamed, not copied: no reader ever sees half of it."""
    seen: list[int] = []

    folder = store.written_whole(tmp_path / "cache" / "import", lambda beside: seen.append(beside.stat().st_ino))

    assert [folder.stat().st_ino] == seen


def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file in the cache's place ends in a message that names the way out."""
    (tmp_path / "cache").write_text("in the way")

    with pytest.raises(SourceError, match=store.CACHE_VARIABLE):
        import_files(tmp_path)


def test_the_cache_folder_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment variable moves the cache; otherwise it lies in the project."""
    monkeypatch.setenv(store.CACHE_VARIABLE, str(tmp_path))
    assert store.cache_folder() == tmp_path

    monkeypatch.delenv(store.CACHE_VARIABLE)
    assert store.cache_folder() == Path(store.__file__).parents[2] / ".cache"


def test_an_error_lists_every_failed_check_and_where_the_rows_are(tmp_path: Path) -> None:
    """The message of a stopped run is all a reader needs; its rows are the failed checks."""
    files = deals("D1,x,5,2026-09-01,2026-08-03,won", "D2,y,5,2026-09-01,2026-08-03,won")
    imported = import_files(tmp_path, files)

    with pytest.raises(DataError) as caught:
        require_usable(imported)

    assert "failed 2 checks" in str(caught.value)
    assert str(imported.quarantine) in str(caught.value)
    assert caught.value.rows is not None
    assert set(caught.value.rows["check"]) == {"references", "closed before created"}


def test_a_formula_in_the_quarantine_is_harmless(tmp_path: Path) -> None:
    """A value that a spreadsheet would run is shown as text; the list opens in Excel with its accents."""
    imported = import_files(tmp_path, deals("D1,ana,5.5,,2026-08-03,won", 'D2,ana,"=HYPERLINK(""é"")",,2026-08-03,won'))

    assert imported.quarantine.read_bytes().startswith(b"\xef\xbb\xbf")
    assert [row["value"] for row in listed(imported)] == ['\'=HYPERLINK("é")']


def test_hostile_values_reach_the_table_as_text(tmp_path: Path) -> None:
    """Values are bound, headings addressed by position: nothing a CRM holds becomes a statement."""
    nasty = ["'; DROP TABLE rows_reps; --", '"quoted"', "$blanks", "{braces}", "%s \\1"]
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["rep_id", "name"], ["ana", "Ana"], ["bo", "Bo"], *([text, text] for text in nasty)])

    imported = import_files(tmp_path, {"reps.csv": buffer.getvalue()})

    assert values_of(imported, "reps", "name") == ["Ana", "Bo", *nasty]


def test_notes_are_mapped_and_kept_whole_and_out_of_checks_and_quarantine(tmp_path: Path) -> None:
    """Hostile and 100 kB long; a row that is set aside for its date shows the date alone."""
    notes = ["=1+1; <b>'\"", "secret " * 15_000, "", "of a bad row"]
    cells = ["a,ana,D1,2026-08-01", "b,ana,D1,2026-08-02", "c,bo,D3,2026-08-03", "d,bo,D3,nonsense"]
    quoted = [f"""{cell},"{note.replace('"', '""')}"\n""" for cell, note in zip(cells, notes, strict=True)]
    mapping = {
        "file": "log.csv",
        "columns": {"activity_id": "id", "rep_id": "who", "opportunity_id": "deal", "done_at": "day", "note": "Body"},
    }
    files = {"log.csv": "id,who,deal,day,Body\n" + "".join(quoted)}
    imported = import_files(
        tmp_path,
        files,
        tables={"activities": mapping, "reps": {"file": "reps.csv"}, "opportunities": {"file": "opportunities.csv"}},
    )

    assert values_of(imported, "activities", "note") == [notes[0], notes[1].strip(), None]
    told = imported.checks.to_csv() + imported.quarantine.read_text(encoding="utf-8")
    assert "nonsense" in told
    assert "secret" not in told
    assert "bad row" not in told


def test_activities_need_no_notes(tmp_path: Path) -> None:
    """The column is there, and empty."""
    imported = import_files(tmp_path, {"activities.csv": "activity_id,rep_id,done_at\na,ana,2026-08-01\n"})

    assert values_of(imported, "activities", "note") == [None]
    assert "note" not in "".join(imported.checks["detail"])


def test_values_declared_in_the_mapping_are_bound_too(tmp_path: Path) -> None:
    """A value map may hold quotation marks and what looks like SQL."""
    nasty = "'; DROP TABLE rows_reps; --"
    tables = {
        "reps": {
            "file": "reps.csv",
            "columns": {"rep_id": "rep_id", "name": {"column": "name", "values": {"Ana": nasty}}},
        }
    }

    assert values_of(import_files(tmp_path, tables=tables), "reps", "name") == [nasty, "Bo"]


def test_the_kept_import_says_what_it_is_made_of(tmp_path: Path) -> None:
    """``import.json`` holds fingerprint, as of, counts and checks, and nothing of this machine."""
    imported = import_files(tmp_path)
    kept = json.loads((imported.folder / "import.json").read_text(encoding="utf-8"))

    assert kept["fingerprint"] == imported.fingerprint
    assert kept["as_of"] == "2026-09-30"
    assert str(tmp_path) not in json.dumps(kept)
    assert list(imported.checks.columns) == [
        "check",
        "severity",
        "table",
        "column",
        "n_rows",
        "detail",
        "discreet",
        "what_to_do",
    ]


messy = st.tuples(
    st.sampled_from(["A", "B", "C", "", None]),
    st.sampled_from(["ana", "bo", "nobody", ""]),
    st.sampled_from(["5", "1,000.50", "(3)", "tbd", ""]),
    st.sampled_from(["2026-08-03", "2026-02-30", "", "2026-12-24"]),
    st.sampled_from(["won", "Lost", "open", "maybe", ""]),
    st.sampled_from(["new", "upsell", ""]),
    st.integers(-2, 2),
)


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(messy, max_size=25))
def test_rows_in_are_used_or_accounted_for(
    rows: list[tuple[str | None, str, str, str, str, str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever is wrong with a row: it is used, or listed with its line and reason, and the counts add up."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    names = ["opportunity_id", "rep_id", "amount", "closed_on", "status", "kind"]
    writer.writerow([*names, "name of the line"])
    writer.writerow(["GOOD", "ana", "1,234.50", "2026-08-03", "won", "new", "2"])
    for line, (key, rep, amount, closed, status, kind, cells) in enumerate(rows, start=3):
        row = [f"N{line}" if key is None else key, rep, amount, closed, status, kind, str(line)]
        writer.writerow([*row, "x", "y"][: len(row) + cells])
    columns = {**{name: name for name in names}, "next_step": "name of the line"}
    tables = {"opportunities": {"file": "opportunities.csv", "columns": columns}}
    files = {"opportunities.csv": buffer.getvalue()}

    imported = import_files(tmp_path_factory.mktemp("messy"), files, tables=tables) if _mostly_whole(rows) else None

    if imported is not None:
        aside = {int(row["line"]) for row in listed(imported) if row["effect"] == "row set aside"}
        used = {int(line) for line in values_of(imported, "opportunities", "next_step")}
        assert used | aside == set(range(2, len(rows) + 3))
        assert not used & aside
        for counts in imported.counts.to_dict("records"):
            out = ("rows_used", "rows_set_aside", "rows_left_out", "rows_repeated")
            assert counts["rows_in"] + counts["rows_added"] == sum(counts[name] for name in out)
        assert not any("cannot be accounted for" in detail for detail in imported.checks["detail"])


def _mostly_whole(rows: list[tuple[str | None, str, str, str, str, str, int]]) -> bool:
    """Files of which most rows are ragged are refused as a whole."""
    return 2 * sum(row[-1] != 0 for row in rows) <= len(rows)


def test_shuffling_the_rows_changes_no_total(tmp_path: Path) -> None:
    """What is used depends on the rows, not on their order."""
    heading, *rows = DEALS.splitlines()
    one = import_files(tmp_path / "one")
    two = import_files(tmp_path / "two", {"opportunities.csv": "\n".join([heading, *reversed(rows)])})

    assert sorted(map(str, rows_of(one, "opportunities"))) == sorted(map(str, rows_of(two, "opportunities")))
