"""What happened to rows on their way in: read, mapped, repaired, converted, set aside."""

from __future__ import annotations

from collections import defaultdict

from salesops_lib.data.checks.rules import MOST, Import, Severity, from_source, instance
from salesops_lib.data.mapping import Unheard
from salesops_lib.data.schemas import TABLES
from salesops_lib.data.source_file import SourceFile
from salesops_lib.wording import count, listing


def check_passage(imported: Import) -> None:
    """Report notes of the files, repairs, stand-ins, lookups without a match, and values that do not convert."""
    _files(imported)
    for file in {file.name: file for table in imported.tables for file in imported.mapped[table].files}.values():
        _lines(imported, file)
    for table in imported.tables:
        _ragged(imported, table)
        _mapping(imported, table)
        _conversion(imported, table)
    _unused_columns(imported)


def check_accounts_of_rows(imported: Import) -> None:
    """Every row that came in was used, set aside, left out on purpose or repeated; a table must keep some."""
    for counts in imported.counts():
        table = str(counts["table"])
        rows_in, used = int(counts["rows_in"]), int(counts["rows_used"]) - int(counts["rows_added"])
        aside, left_out, repeated = (int(counts[f"rows_{what}"]) for what in ("set_aside", "left_out", "repeated"))
        lost = rows_in - used - aside - left_out - repeated
        parts = [f"{used:,} used", f"{aside:,} set aside"]
        parts += [f"{left_out:,} left out on purpose"] if left_out else []
        parts += [f"{repeated:,} repeated"] if repeated else []
        detail = f"`{table}`: {count(rows_in, 'row')} in, {', '.join(parts)}."
        if lost:
            imported.report(
                "rows accounted for",
                "error",
                table,
                "",
                abs(lost),
                f"{detail} {count(abs(lost), 'row')} cannot be accounted for.",
                "This is a fault of the kit. Please report it.",
            )
        elif not used:
            severity: Severity = "error" if TABLES[table].required or rows_in else "warning"
            imported.report(
                "rows accounted for",
                severity,
                table,
                "",
                rows_in,
                f"{detail} Nothing is left to report on.",
                "Check that the export holds rows, and `keep` and the mapping in company.yaml.",
            )
        else:
            severity = "error" if aside > MOST * rows_in else "warning" if aside else "pass"
            what_to_do = "The list of rows set aside says why." if aside else ""
            imported.report("rows accounted for", severity, table, "", aside, detail, what_to_do)


def _files(imported: Import) -> None:
    told: set[tuple[str, str]] = set()
    for table in imported.tables:
        for file in imported.mapped[table].files:
            for note in file.notes:
                if (file.name, note) not in told:
                    told.add((file.name, note))
                    said = from_source(f"{file.name}: {note}", f"A file of `{table}` was read with a note.")
                    imported.report("reading", "pass", table, "", 0, said)


def _lines(imported: Import, file: SourceFile) -> None:
    """Lines in = heading + rows + blank lines + line ends inside cells; told where cells hold line ends."""
    lines = file.lines
    if lines is None:
        return
    rows = file.n_rows + len(file.ragged)
    lost = lines.total - lines.heading - rows - lines.blank - lines.inside
    if not (lines.inside or lost):
        return
    most, where = lines.longest
    imported.report(
        "lines accounted for",
        "error" if lost else "pass",
        "",
        "",
        abs(lost) or lines.n_folded,
        f"{from_source(file.name, 'A file')}: {count(lines.total, 'line')} in, {lines.heading:,} of the heading, "
        f"{count(rows, 'row')}, {lines.blank:,} blank, {count(lines.inside, 'line end')} inside the cells "
        f"of {count(lines.n_folded, 'row')}, of which the longest begins on line {where:,} and takes {most:,}."
        + (f" {count(abs(lost), 'line')} cannot be accounted for." if lost else ""),
        "This is a fault of the kit. Please report it." if lost else "",
    )


def _ragged(imported: Import, table: str) -> None:
    for file in imported.mapped[table].files:
        if file.ragged:
            n = len(file.ragged)
            imported.report(
                "cells per row",
                "warning",
                table,
                "",
                n,
                f"{from_source(file.name, f'A file of `{table}`')}: {count(n, 'row')} of {file.n_rows + n:,} with "
                f"another number of cells than the heading, set aside; the first is on line "
                f"{file.ragged[0].line:,}.",
                "Look for a separator or line break inside a value that is not in quotation marks.",
            )


def _mapping(imported: Import, table: str) -> None:
    tally = imported.mapped[table].tally
    repairs: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for column, old, new, n in tally.repairs:
        repairs[column].append((old, new, n))
    for column, found in repairs.items():
        total = sum(n for _, _, n in found)
        named = listing([f"`{old}` read as `{new}` ({n:,})" for old, new, n in found])
        imported.report(
            "declared values",
            "pass",
            table,
            column,
            total,
            f"`{table}.{column}`: {count(total, 'value')} replaced as declared{from_source(f': {named}')}.",
        )
    for unheard in tally.unheard:
        _report_unheard(imported, table, unheard)
    for column, file, n, example in tally.lookups_missed:
        imported.report(
            "lookup",
            "warning",
            table,
            column,
            n,
            f"`{table}.{column}`: {count(n, 'row')} found no match in {from_source(file, 'the file looked up')}"
            f"{instance(example)}.",
            "Add the missing rows to that file, or repair the key under `on: values:` of the lookup.",
        )


def _report_unheard(imported: Import, table: str, unheard: Unheard) -> None:
    """Declared words that no row says: a warning where a declaration finds nothing at all, else a line."""
    words, held = listing([f"`{word}`" for word in unheard.words]), [f"`{said}` ({n:,})" for said, n in unheard.held]
    holds = f"the column holds {listing(held, most=5)}" if held else "the column is empty"
    imported.report(
        "declared values",
        "warning" if unheard.is_all and unheard.setting != "missing" else "pass",
        table,
        unheard.column,
        0,
        f"`{table}.{unheard.column}`: no row says {from_source(words, 'what is declared')} of `{unheard.setting}:`"
        f"{from_source(f' in {unheard.file}; {holds}')}.",
        f"Write under `{unheard.setting}:` what the column says; case and spaces do not matter.",
    )


def _conversion(imported: Import, table: str) -> None:
    converted, total = imported.converted[table], max(imported.mapped[table].tally.rows_in, 1)
    for column, origin, n in converted.stand_ins:
        imported.report(
            "stand-ins",
            "pass",
            table,
            column,
            n,
            f"`{table}.{column}`: {count(n, 'missing value')} taken from {from_source(origin, 'elsewhere')}, "
            "as declared.",
        )
    for column, key, n in converted.nobodys:
        imported.report(
            "values read",
            "warning",
            table,
            column,
            n,
            f"`{table}.{column}`: {count(n, 'row names', 'rows name')} nobody: counted for the company under "
            f"`{key}`, and for no rep or team.",
            "Give them an owner in the source.",
        )
    for column, reason, n, example in converted.failed:
        shown = instance(example[:60]) if example else ""
        imported.report(
            "values read",
            "error" if n > MOST * total else "warning",
            table,
            column,
            n,
            f"`{table}.{column}`: {count(n, 'row')} set aside because the value is {reason}{shown}.",
            "Correct them in the source, or say under `missing:` or `values:` of the column what they mean.",
        )
    for column, reason, n, example in converted.emptied:
        imported.report(
            "values read",
            "warning",
            table,
            column,
            n,
            f"`{table}.{column}`: {count(n, 'value')} left empty, being {reason}{instance(example[:60])}.",
            "Correct them in the source, or say under `values:` of the column what they mean.",
        )


def _unused_columns(imported: Import) -> None:
    """Columns that no table takes anything from, file by file."""
    unused: dict[str, list[set[str]]] = defaultdict(list)
    for table in imported.tables:
        tally, files = imported.mapped[table].tally, imported.mapped[table].files
        left = dict(tally.unused)
        for file in files:
            unused[file.name].append(set(left.get(file.name, ())))
    for name, sets in unused.items():
        columns = sorted(set.intersection(*sets))
        if columns:
            shown = from_source(listing([f"`{column}`" for column in columns], most=8), count(len(columns), "column"))
            detail = f"{from_source(name, 'One file')}: nothing is taken from {shown}."
            imported.report("unused columns", "pass", "", "", len(columns), detail)
