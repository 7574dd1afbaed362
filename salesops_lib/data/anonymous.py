"""Codes in the place of people: the same company with nobody's name or key in it.

What a report asks for then cannot show who is meant, whichever section asks. Deals, accounts and products stay; notes
are left out, as what people write may name anybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from salesops_lib.data.crm import Crm
from salesops_lib.parameters.anonymous import codes_of, without_people

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.parameters import Parameters

REP_KEYS = ("rep_id", "manager_id")
TEAM_KEYS = ("team_id", "parent_team_id")
CODES = {"rep_codes": "Rep", "team_codes": "Team"}
FREE_TEXT = ("note",)
"""Columns that hold what people wrote."""


def anonymised(crm: Crm) -> Crm:
    """The same company with codes for reps and teams, in every table, no manager's name and no notes."""
    teams = list(crm.fetch(crm.teams.select("team_id"))["team_id"]) if crm.has("teams") else []
    if crm.has("team_members"):
        teams += list(crm.fetch(crm.team_members.select("team_id").distinct())["team_id"])
    known = {
        "rep_codes": list(crm.fetch(crm.reps.select("rep_id"))["rep_id"]),
        "team_codes": list(dict.fromkeys(teams)),
    }
    for table, noun in CODES.items():
        _write(crm, table, codes_of(known[table], noun))
    return Crm(
        crm.engine,
        tables=crm.tables,
        as_of=crm.as_of,
        calendar=crm.calendar,
        stages=crm.stages,
        goal_rules=crm.goal_rules,
        kept_as="coded",
        expressions={name: made for name in crm.tables if (made := _coded(name, getattr(crm, name))) is not None},
    )


def shown_parameters(crm: Crm, parameters: Parameters) -> Parameters:
    """The parameters as a report on this company may see them: what is declared of reps goes by the data's codes."""
    if not parameters.company.anonymise:
        return parameters
    rows = crm.fetch(ibis.table({"key": "string", "code": "string"}, name="rep_codes"))
    return without_people(parameters, dict(zip(rows["key"], rows["code"], strict=True)))


def _write(crm: Crm, table: str, codes: dict[str, str]) -> None:
    import pyarrow as pa

    crm.engine.write(
        table, pa.table({"key": pa.array(codes, pa.string()), "code": pa.array(codes.values(), pa.string())})
    )


def _coded(name: str, table: ir.Table) -> ir.Table | None:
    """The table with codes for keys; names follow the keys. None where it speaks of nobody."""
    keys = {key: "rep_codes" for key in REP_KEYS if key in table.columns}
    keys |= {key: "team_codes" for key in TEAM_KEYS if key in table.columns}
    if not keys:
        return None
    columns, rows = table.columns, table
    for key, codes in keys.items():
        coded = ibis.table({"key": "string", "code": "string"}, name=codes).select(
            **{f"old_{key}": ibis._.key, f"new_{key}": ibis._.code}
        )
        rows = rows.left_join(coded, rows[key] == coded[f"old_{key}"])
    made = {key: rows[f"new_{key}"] for key in keys}
    if name in ("reps", "teams"):
        made["name"] = made["rep_id" if name == "reps" else "team_id"]
    if "manager_name" in columns:
        made["manager_name"] = made["manager_id"]
    made |= {name: ibis.null("string") for name in FREE_TEXT if name in columns}
    return rows.select(**{column: made.get(column, rows[column]) for column in columns})
