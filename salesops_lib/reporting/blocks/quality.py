"""How sound the data is: the checks of the import as a chip and as a table, rows left out included."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from salesops_lib.reporting.blocks.furniture import CHECKS_ANCHOR, listed_block
from salesops_lib.reporting.tables.csv_text import csv_text
from salesops_lib.reporting.templates.markup import escape, message
from salesops_lib.wording import count

if TYPE_CHECKING:
    import pandas as pd

    from salesops_lib.data.imported import ImportedData
    from salesops_lib.reporting.blocks.block import Block

_WORDS: dict[str, tuple[str, str]] = {
    "error": ("Failed", "act"),
    "warning": ("Warning", "watch"),
    "pass": ("Passed", "good"),
}
"""Severity to what a report calls it, worst first, and the status whose look it takes."""
_COLUMNS = ("check", "severity", "table", "n_rows", "detail", "what_to_do")


@dataclass(frozen=True)
class Quality:
    """What the import found, as reports show it."""

    checks: tuple[dict[str, Any], ...] = ()
    """One per check: check, severity (``error``, ``warning``, ``pass``), table, n_rows, detail, what_to_do."""
    rows: dict[str, int] = field(default_factory=dict)
    """Sums over all tables: rows_in, rows_used, rows_set_aside, rows_left_out, rows_repeated."""
    fingerprint: str = ""

    @cached_property
    def counts(self) -> dict[str, int]:
        """Checks passed, warnings and errors."""
        found = [check["severity"] for check in self.checks]
        return {"passed": found.count("pass"), "warnings": found.count("warning"), "errors": found.count("error")}

    @property
    def words(self) -> str:
        """The checks in a few words; empty where none ran."""
        if not self.checks:
            return ""
        parts = [f"{count(self.counts['passed'], 'check')} passed"]
        parts += [count(self.counts["warnings"], "warning")] if self.counts["warnings"] else []
        parts += [count(self.counts["errors"], "error")] if self.counts["errors"] else []
        return ", ".join(parts)

    @property
    def status(self) -> str:
        """Status whose look the chip takes."""
        return "act" if self.counts["errors"] else "watch" if self.counts["warnings"] else "good"

    def frame(self) -> pd.DataFrame:
        """One row per check, worst first: check, severity, table, n_rows, detail, what_to_do."""
        import pandas as pd

        ordered = sorted(self.checks, key=lambda check: list(_WORDS).index(check["severity"]))
        return pd.DataFrame([[check.get(name) for name in _COLUMNS] for check in ordered], columns=list(_COLUMNS))


def quality_of(imported: ImportedData) -> Quality:
    """What an import found, without the frames."""
    sums = imported.counts.filter(like="rows_").sum()
    checks = imported.checks.reindex(columns=list(_COLUMNS)).fillna({"n_rows": 0}).fillna("")
    return Quality(
        checks=tuple({str(name): value for name, value in row.items()} for row in checks.to_dict("records")),
        rows={str(name): int(total) for name, total in sums.items()},
        fingerprint=imported.fingerprint,
    )


def quality_block(quality: Quality, *, notebook: str) -> Block:
    """What was left out in a sentence, the checks that found something in a table, those that passed folded."""
    frame = quality.frame()
    rows = frame.to_dict("records")
    passed = [row for row in rows if row["severity"] == "pass"]
    table = checks_table([row for row in rows if row["severity"] != "pass"], "checks", "Checks that found something")
    if passed:
        summary = f"<summary>{count(len(passed), 'check')} passed</summary>"
        table += f'<details class="so-fold">{summary}{passed_checks(passed)}</details>'
    if rows:
        href = f"tables/{escape(notebook)}/{CHECKS_ANCHOR}.csv"
        table += f'<p class="so-foot"><a href="{href}" download>All checks as CSV</a></p>'
    return listed_block(
        "checks",
        anchor=CHECKS_ANCHOR,
        heading="How sound is the data?",
        label="Data checks",
        words=_sentence(quality),
        table=table,
        table_csv=csv_text(frame),
        extra={"checks": quality.counts},
    )


def checks_table(rows: list[dict[Any, Any]], name: str, caption: str) -> str:
    """Checks as a table; nothing for none. ``name`` makes the caption's id."""
    if not rows:
        return ""
    head = "".join(
        f'<th scope="col"{css}>{title}</th>'
        for title, css in (("Result", ""), ("Check", ""), ("Rows", ' class="so-n"'), ("What was found", ""))
    )
    return (
        f'<div class="so-scroll" tabindex="0" role="region" aria-labelledby="{name}-caption">'
        f'<table class="so-table so-checks"><caption id="{name}-caption">{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(_row(row) for row in rows)}</tbody></table></div>"
    )


def passed_checks(rows: list[dict[Any, Any]]) -> str:
    """What each kind of check found in order, all its sentences together."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(str(row["check"]).capitalize(), []).append(message(row["detail"]))
    terms = "".join(f"<dt>{escape(name)}</dt><dd>{' '.join(texts)}</dd>" for name, texts in found.items())
    return f'<dl class="so-passed">{terms}</dl>'


def _row(row: dict[Any, Any]) -> str:
    word, look = _WORDS[row["severity"]]
    name = escape(str(row["check"]).capitalize())
    todo = f" {message(row['what_to_do'])}" if row["what_to_do"] and row["severity"] != "pass" else ""
    return (
        f'<tr><td><span class="so-chip so-{look}">{word}</span></td><th scope="row">{name}</th>'
        f'<td class="so-n">{int(row["n_rows"]):,}</td><td>{message(row["detail"])}{todo}</td></tr>'
    )


def _sentence(quality: Quality) -> str:
    if not quality.checks:
        return "No check of the data is on record."
    sentences = [f"{quality.words}."]
    rows = quality.rows
    if rows.get("rows_in"):
        sentences.append(f"Of **{rows['rows_in']:,}** rows read, **{rows.get('rows_used', 0):,}** are used.")
        aside = rows.get("rows_set_aside", 0)
        sentences.append(
            f"**{count(aside, 'row')}** were set aside; quarantine.csv lists each with its reason."
            if aside
            else "None was set aside."
        )
        for name, words in (("rows_left_out", "left out on purpose"), ("rows_repeated", "repeats of another row")):
            if rows.get(name):
                sentences.append(f"{rows[name]:,} were {words}.")
    return " ".join(sentences)
