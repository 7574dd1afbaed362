"""Goals: are they for someone and some period that exist?"""

from __future__ import annotations

from salesops_lib.data.checks.rules import Import, from_source
from salesops_lib.errors import PeriodError
from salesops_lib.parameters.wording import did_you_mean
from salesops_lib.wording import count, listing

T = "quotas"


def check_goals(imported: Import) -> None:
    """Check the goals' levels, people, periods and amounts."""
    if not imported.has(T):
        return
    for level, column, table in (("rep", "rep_id", "reps"), ("team", "team_id", "teams")):
        n = imported.set_aside(
            T, f"r.level = '{level}' AND r.{column} IS NULL", column, f"a {level}'s goal that names no {level}"
        )
        if n:
            imported.report(
                "goals",
                "warning",
                T,
                column,
                n,
                f"{count(n, 'goal')} of level `{level}` that name no {level}; set aside.",
                f"Map `{column}`, or correct the level.",
            )
        _unknown(imported, level, column, table)
    _periods(imported)
    n = imported.n(T, "r.amount < 0")
    if n:
        imported.report(
            "goals", "warning", T, "amount", n, f"{count(n, 'goal')} below 0.", "Correct them in the source."
        )


def _unknown(imported: Import, level: str, column: str, table: str) -> None:
    """A goal of someone unknown would drop out of every sum: that stops the report."""
    if not imported.has(table):
        return
    found = imported.workshop.rows(
        f"SELECT r.{column}, count(*) FROM rows_{T} r WHERE r.level = '{level}' AND r.{column} IS NOT NULL "
        f"AND NOT EXISTS (SELECT 1 FROM rows_{table} t WHERE t.{column} = r.{column}) "
        f"GROUP BY r.{column} ORDER BY r.{column}"
    )
    if found:
        known = [row[0] for row in imported.workshop.rows(f"SELECT {column} FROM rows_{table} ORDER BY {column}")]
        named = listing([f"`{who}`" for who, _ in found])
        n = sum(row[1] for row in found)
        imported.report(
            "goals",
            "error",
            T,
            column,
            n,
            f"{count(n, 'goal')} of {count(len(found), level)} that `{table}` does not know"
            f"{from_source(f': {named}.{did_you_mean(found[0][0], known)}', '.')}",
            f"Add them to `{table}`, or repair the ids under `values:`.",
        )


def _periods(imported: Import) -> None:
    labels = [row[0] for row in imported.workshop.rows(f"SELECT DISTINCT period FROM rows_{T} ORDER BY period")]
    wrong = []
    for label in labels:
        try:
            imported.parameters.calendar.period(label)
        except PeriodError:
            wrong.append(label)
    if wrong:
        n = imported.n(T, "list_contains($wrong, r.period)", {"wrong": wrong})
        imported.report(
            "goals",
            "error",
            T,
            "period",
            n,
            f"{count(n, 'goal')} for periods that are not labels"
            f"{from_source(': ' + listing([f'`{label}`' for label in wrong]))}.",
            "Write periods as 2026, 2026-Q3, 2026-09 or 2026-W36; map others under `values:` of the column.",
        )
    else:
        imported.report("goals", "pass", T, "period", 0, f"{imported.n(T):,} goals for {count(len(labels), 'period')}.")
