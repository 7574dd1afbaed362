"""Deals: do dates, amounts and stages make sense together?

Two values are put right, and counted: the close date of an open deal is when it is expected to
close, which is how most CRMs export it; a creation date after the close date is left empty, since a
cycle cannot be negative. Everything else is used as it stands, with a warning.
"""

from __future__ import annotations

from salesops_lib.data.checks.rules import MOST, Import, from_source
from salesops_lib.data.quarantine import EMPTIED, set_aside
from salesops_lib.parameters.wording import did_you_mean
from salesops_lib.wording import count, day, listing

T = "opportunities"


def check_deals(imported: Import) -> None:
    """Check the deals, in the order: dates, amounts, stages."""
    if not imported.has(T):
        return
    _close_dates_of_open_deals(imported)
    _missing_close_dates(imported)
    _future(imported)
    _created_after_closed(imported)
    _amounts(imported)
    _outcomes(imported)
    _stages(imported)


def _close_dates_of_open_deals(imported: Import) -> None:
    n = imported.n(T, "r.status = 'open' AND r.closed_on IS NOT NULL")
    if not n:
        return
    imported.workshop.run(
        f"UPDATE rows_{T} SET expected_close_on = coalesce(expected_close_on, closed_on), closed_on = NULL "
        "WHERE status = 'open' AND closed_on IS NOT NULL"
    )
    imported.report(
        "open deals",
        "pass",
        T,
        "closed_on",
        n,
        f"{count(n, 'open deal')} with a close date: it is read as the day on which they are expected to close.",
    )


def _missing_close_dates(imported: Import) -> None:
    missing = "r.status <> 'open' AND r.closed_on IS NULL"
    n, closed = imported.n(T, missing), imported.n(T, "r.status <> 'open'")
    if n:
        imported.report(
            "close dates",
            "error" if n > MOST * closed else "warning",
            T,
            "closed_on",
            n,
            f"{count(n, 'won or lost deal')} of {closed:,} without a close date"
            f"{imported.example(T, 'r.opportunity_id', missing)}; they count in no period.",
            "Fill the close date in the CRM, or map the column that holds it to `closed_on`.",
        )


def _future(imported: Import) -> None:
    for column, what in (("closed_on", "won or lost"), ("created_on", "created")):
        later = f"r.{column} > $as_of"
        bound: dict[str, object] = {"as_of": imported.as_of}
        n, dated = imported.n(T, later, bound), imported.n(T, f"r.{column} IS NOT NULL")
        if n:
            imported.report(
                "dates in the future",
                "error" if n > MOST * dated else "warning",
                T,
                column,
                n,
                f"{count(n, 'deal')} {what} after {day(imported.as_of)}, the day the data speaks of"
                f"{imported.example(T, 'r.opportunity_id', later, bound)}; reports leave that out. The latest is in "
                f"{imported.place(T, later, bound, newest=column)}.",
                "Correct the dates in the CRM, or `as_of` in company.yaml.",
            )


def _created_after_closed(imported: Import) -> None:
    turned = "r.created_on > r.closed_on"
    n, both = imported.n(T, turned), imported.n(T, "r.created_on IS NOT NULL AND r.closed_on IS NOT NULL")
    if not n:
        return
    example = imported.example(T, "r.opportunity_id", turned)
    if n > MOST * both:
        imported.report(
            "closed before created",
            "error",
            T,
            "created_on",
            n,
            f"{count(n, 'deal')} of {both:,} closed before they were created{example}.",
            "The two columns look swapped: check what is mapped to `created_on` and `closed_on`. If the deals carry "
            "the day of a migration as their creation date, take `created_on` out of the mapping.",
        )
        return
    set_aside(
        imported.workshop,
        T,
        turned,
        column="created_on",
        value="CAST(r.created_on AS VARCHAR)",
        reason="created after it closed",
        effect=EMPTIED,
    )
    imported.workshop.run(f"UPDATE rows_{T} SET created_on = NULL WHERE created_on > closed_on")
    imported.report(
        "closed before created",
        "warning",
        T,
        "created_on",
        n,
        f"{count(n, 'deal')} closed before they were created{example}; they count without a creation date.",
        "Correct the dates in the CRM.",
    )


def _amounts(imported: Import) -> None:
    if not imported.has(f"{T}.amount"):
        imported.report(
            "amounts",
            "error",
            T,
            "amount",
            imported.n(T),
            "Nothing is mapped to `opportunities.amount`.",
            "Map the column that holds the deals' value to `amount` in company.yaml.",
        )
        return
    rules = (
        (
            "r.status = 'won' AND r.amount IS NULL",
            "won",
            "without an amount; bookings are too low by what they were worth",
        ),
        ("r.status = 'won' AND r.amount = 0", "won", "with an amount of 0"),
        ("r.status <> 'won' AND r.amount < 0", "", "not won and with a negative amount, counted as it stands"),
        (
            "r.status = 'open' AND coalesce(r.amount, 0) = 0",
            "open",
            "without an amount; the pipeline holds more than is shown",
        ),
    )
    for condition, state, consequence in rules:
        n = imported.n(T, condition)
        total = imported.n(T, f"r.status = '{state}'") if state else imported.n(T)
        if n:
            worst = state == "won" and "IS NULL" in condition and n > MOST * total
            imported.report(
                "amounts",
                "error" if worst else "warning",
                T,
                "amount",
                n,
                f"{count(n, f'{state} deal'.strip())} of {total:,} {consequence}"
                f"{imported.example(T, 'r.opportunity_id', condition)}.",
                "Fill the amount in the CRM, or declare `otherwise:` for the column.",
            )


def _outcomes(imported: Import) -> None:
    """What cannot be measured because of what the source holds, and what is no deal, said once."""
    notes = imported.n(T, "r.status = 'won' AND r.amount < 0")
    if notes:
        text = f"{count(notes, 'won row')} with a negative amount: credit notes, which lower bookings and are no deals."
        imported.report("outcomes", "pass", T, "amount", 0, text)
    for status, consequence in (
        ("lost", "win rates cannot be measured"),
        ("won", "there are no bookings"),
        ("open", "there is no pipeline"),
    ):
        if not imported.n(T, f"r.status = '{status}'"):
            imported.report(
                "outcomes",
                "warning" if status == "won" else "pass",
                T,
                "status",
                0,
                f"The data holds no {status} deals, so {consequence}.",
                "Look at what `status` is mapped to in company.yaml." if status == "won" else "",
            )
    n, total = imported.n(T, "r.created_on IS NULL"), imported.n(T)
    if n:
        imported.report(
            "outcomes",
            "pass",
            T,
            "created_on",
            n,
            f"{count(n, 'deal')} of {total:,} without a creation date: cycle and age leave them out.",
        )


def _stages(imported: Import) -> None:
    stages = [stage.name for stage in imported.parameters.company.stages]
    if not stages:
        if not imported.n(T, "r.status = 'open'"):
            return
        imported.report(
            "stages",
            "warning",
            T,
            "stage",
            0,
            "company.yaml names no stages, so nothing says in which order they come.",
            "List the open stages of the sales process, in order, under `stages:` in company.yaml.",
        )
        return
    _unknown_stages(imported, stages, T, "r.status = 'open'", "open deals")
    if imported.has("stage_history"):
        # What closed deals are in is how they ended, whatever the CRM calls it.
        ended = imported.workshop.rows(f"SELECT DISTINCT r.stage FROM rows_{T} r WHERE r.status <> 'open'")
        known = [*stages, "won", "lost", "Won", "Lost", *(stage for (stage,) in ended if stage)]
        _unknown_stages(imported, known, "stage_history", "true", "changes")
    if imported.has(f"{T}.stage"):
        n = imported.n(T, "r.status = 'open' AND r.stage IS NULL")
        if n:
            imported.report(
                "stages",
                "warning",
                T,
                "stage",
                n,
                f"{count(n, 'open deal')} without a stage; the funnel leaves them out.",
                "Fill the stage in the CRM.",
            )


def _unknown_stages(imported: Import, known: list[str], table: str, rows: str, what: str) -> None:
    if not imported.has(f"{table}.stage"):
        return
    found = imported.workshop.rows(
        f"SELECT r.stage, count(*) AS n FROM rows_{table} r WHERE {rows} AND r.stage IS NOT NULL "
        "AND NOT list_contains($known, r.stage) GROUP BY r.stage ORDER BY n DESC, r.stage",
        {"known": known},
    )
    if not found:
        imported.report(
            "stages", "pass", table, "stage", 0, f"`{table}.stage`: all stages of {what} are in company.yaml."
        )
        return
    n, total = sum(row[1] for row in found), imported.n(table, rows)
    named = listing([f"`{stage}` ({each:,})" for stage, each in found])
    hint = did_you_mean(found[0][0], known)
    imported.report(
        "stages",
        "error" if n > MOST * total and table == T else "warning",
        table,
        "stage",
        n,
        f"`{table}.stage`: {count(n, 'row')} of {total:,} {what} in stages that company.yaml "
        f"does not name{from_source(f': {named}.{hint}', '.')}",
        "Add the stages under `stages:` in company.yaml, in order, or map them under `values:` of the column.",
    )
