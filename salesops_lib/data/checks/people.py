"""People: reps' time with the company, stays in teams, and how deals are credited."""

from __future__ import annotations

from salesops_lib.data.checks.rules import MANY, Import, from_source, instance
from salesops_lib.wording import count, listing

TOLERANCE = "0.0001"
"""Shares rounded by the source, like 0.3333 three times, are completed to 1 within this."""


def check_people(imported: Import) -> None:
    """Check reps against their deals, and the teams."""
    if imported.has("reps", "opportunities"):
        _deals_outside_employment(imported)
        _reps_without_deals(imported)
    if imported.has("reps.started_on", "reps.ended_on"):
        _turned(imported, "reps", "started_on", "ended_on")
    if imported.has("team_members"):
        _stays(imported)
    if imported.has("teams"):
        _team_tree(imported)


def _deals_outside_employment(imported: Import) -> None:
    joined = "FROM rows_opportunities o JOIN rows_reps p USING (rep_id) WHERE"
    rules = (
        ("o.closed_on < p.started_on", "started_on", "closed before the rep started"),
        ("o.closed_on > p.ended_on", "ended_on", "closed after the rep left"),
        ("o.status = 'open' AND p.ended_on < $as_of", "ended_on", "open although the rep has left"),
    )
    for condition, column, what in rules:
        n, reps, example = imported.workshop.row(
            f"SELECT count(*), count(DISTINCT o.rep_id), min(p.name) {joined} {condition}", {"as_of": imported.as_of}
        )
        if n:
            imported.report(
                "reps' time",
                "warning",
                "reps",
                column,
                n,
                f"{count(n, 'deal')} {what} ({count(reps, 'rep')}{instance(example)}); they count for the rep.",
                f"Correct `{column}` of the rep, or give the deals to the rep who holds them now.",
            )


def _reps_without_deals(imported: Import) -> None:
    idle = "NOT EXISTS (SELECT 1 FROM rows_opportunities o WHERE o.rep_id = r.rep_id)"
    n, total = imported.n("reps", idle), imported.n("reps")
    imported.report("reps", "pass", "reps", "rep_id", n, f"{total:,} reps, {n:,} of them without a deal.")


def _turned(imported: Import, table: str, first: str, last: str) -> None:
    n = (
        imported.set_aside(table, f"r.{last} < r.{first}", last, f"before {first}")
        if table == "team_members"
        else (imported.n(table, f"r.{last} < r.{first}"))
    )
    if n:
        imported.report(
            "order of dates",
            "warning",
            table,
            last,
            n,
            f"`{table}`: {count(n, 'row')} with `{last}` before `{first}`"
            f"{'; set aside' if table == 'team_members' else ''}.",
            "Correct the dates in the source.",
        )


def _stays(imported: Import) -> None:
    _turned(imported, "team_members", "from_on", "to_on")
    overlapping = imported.workshop.rows(
        """SELECT DISTINCT a.rep_id FROM rows_team_members a JOIN rows_team_members b
           ON a.rep_id = b.rep_id AND (a.file_no, a.line) < (b.file_no, b.line)
           AND coalesce(a.from_on, DATE '0001-01-01') <= coalesce(b.to_on, DATE '9999-12-31')
           AND coalesce(b.from_on, DATE '0001-01-01') <= coalesce(a.to_on, DATE '9999-12-31') ORDER BY a.rep_id"""
    )
    if overlapping:
        named = listing([f"`{rep}`" for (rep,) in overlapping])
        imported.report(
            "team stays",
            "error",
            "team_members",
            "from_on",
            len(overlapping),
            f"{count(len(overlapping), 'rep')} in two teams on the same day{from_source(f': {named}')}. "
            "Their deals would count twice.",
            "Let each stay end the day before the next begins (`to_on` is the last day in the team).",
        )
    if imported.has("reps"):
        n = imported.n("reps", "NOT EXISTS (SELECT 1 FROM rows_team_members m WHERE m.rep_id = r.rep_id)")
        if n:
            imported.report(
                "team stays", "pass", "team_members", "rep_id", n, f"{count(n, 'rep')} in no team at any time."
            )


def _team_tree(imported: Import) -> None:
    """Parents must exist, and no team may stand above itself."""
    rows = imported.workshop.rows("SELECT team_id, parent_team_id FROM rows_teams")
    parents: dict[str, str] = {team: parent for team, parent in rows if parent is not None}
    unknown = sorted(set(parents.values()) - {team for team, _ in rows})
    if unknown:
        named = from_source(f": {listing([f'`{team}`' for team in unknown])}")
        imported.report(
            "team tree",
            "warning",
            "teams",
            "parent_team_id",
            len(unknown),
            f"{count(len(unknown), 'parent team')} not in `teams`{named}.",
            "Add the parent teams to the teams' file.",
        )
    circular = sorted(team for team in parents if _returns_to_itself(team, parents))
    if circular:
        named = from_source(f": {listing([f'`{team}`' for team in circular])}")
        imported.report(
            "team tree",
            "error",
            "teams",
            "parent_team_id",
            len(circular),
            f"{count(len(circular), 'team')} standing above themselves{named}.",
            "Correct `parent_team_id`: the top team has none.",
        )


def _returns_to_itself(team: str, parents: dict[str, str]) -> bool:
    above, seen = parents.get(team), set[str]()
    while above is not None and above not in seen:
        if above == team:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def check_credits(imported: Import) -> None:
    """Shares of a deal must add up to 1 per book: rounding is completed, the rest is set aside."""
    if not imported.has("credits"):
        return
    sums = "SELECT opportunity_id, book FROM rows_credits GROUP BY opportunity_id, book HAVING"
    of_deals = "(r.opportunity_id, r.book) IN"
    wrong = f"{of_deals} ({sums} abs(sum(share) - 1) > {TOLERANCE} OR min(share) < 0 OR max(share) > 1)"
    n_wrong = imported.workshop.number(
        f"SELECT count(DISTINCT (r.opportunity_id, r.book)) FROM rows_credits r WHERE {wrong}"
    )
    n_all = imported.workshop.number("SELECT count(DISTINCT (opportunity_id, book)) FROM rows_credits")
    if n_wrong:
        example = imported.example("credits", "r.opportunity_id", wrong)
        if n_wrong <= MANY * n_all:
            imported.set_aside("credits", wrong, "share", "the deal's shares do not add up to 1")
        imported.report(
            "credits",
            "error" if n_wrong > MANY * n_all else "warning",
            "credits",
            "share",
            n_wrong,
            f"{count(n_wrong, 'deal')} of {n_all:,} with shares that do not add up to 1{example}; "
            "without usable shares the owner is credited in full.",
            "Correct the shares in the source; write them as 0.6 or 60%.",
        )
    completed = _complete_rounding(imported)
    if not n_wrong:
        said = f", {completed:,} of them after completing rounded shares" if completed else ""
        imported.report(
            "credits", "pass", "credits", "share", completed, f"Shares of {n_all:,} deals add up to 1{said}."
        )


def _complete_rounding(imported: Import) -> int:
    """Give what rounding left over to the largest share."""
    off = (
        "SELECT opportunity_id, book, 1 - sum(share) AS rest FROM rows_credits GROUP BY opportunity_id, book "
        f"HAVING sum(share) <> 1 AND abs(sum(share) - 1) <= {TOLERANCE}"
    )
    n = imported.workshop.number(f"SELECT count(*) FROM ({off})")
    if n:
        imported.workshop.run(
            f"""UPDATE rows_credits SET share = share + picked.rest FROM (
                SELECT c.file_no, c.line, o.rest FROM rows_credits c JOIN ({off}) o USING (opportunity_id, book)
                QUALIFY row_number() OVER (PARTITION BY opportunity_id, book ORDER BY c.share DESC, c.rep_id) = 1
            ) picked WHERE rows_credits.file_no = picked.file_no AND rows_credits.line = picked.line"""
        )
    return n
