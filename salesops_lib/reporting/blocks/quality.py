"""How sound the data is: the checks of the import as a chip and as a table, rows left out included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from salesops_lib.reporting.blocks.listed import listed_block
from salesops_lib.reporting.blocks.masthead import CHECKS_ANCHOR
from salesops_lib.reporting.tables.csv_text import csv_text
from salesops_lib.reporting.templates.rendering import render
from salesops_lib.wording import count

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

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
    return listed_block(
        "checks",
        anchor=CHECKS_ANCHOR,
        heading="How sound is the data?",
        label="Data checks",
        words=_sentence(quality),
        table=write_checks(quality, csv_href=f"tables/{notebook}/{CHECKS_ANCHOR}.csv"),
        table_csv=csv_text(frame),
        extra={"checks": quality.counts},
    )


def write_checks(quality: Quality, *, csv_href: str = "") -> Markup:
    """The checks that found something as a table; with ``csv_href`` those that passed, folded, and a link to all."""
    rows = quality.frame().to_dict("records")
    passed: dict[str, list[str]] = {}
    for row in rows if csv_href else ():
        if row["severity"] == "pass":
            passed.setdefault(_name(row), []).append(str(row["detail"]))
    return render(
        "checks",
        odd=[_odd(row) for row in rows if row["severity"] != "pass"],
        passed=passed,
        n_passed=quality.counts["passed"],
        csv_href=csv_href if rows else "",
    )


def _odd(row: Mapping[Any, Any]) -> dict[str, Any]:
    word, look = _WORDS[row["severity"]]
    return {**row, "word": word, "look": look, "name": _name(row), "n": f"{int(row['n_rows']):,}"}


def _name(row: Mapping[Any, Any]) -> str:
    return str(row["check"]).capitalize()


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
