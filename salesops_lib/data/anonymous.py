"""Codes in the place of people: the same company with nobody's name or key in it.

What a report asks for then cannot show who is meant, whichever section asks. Deals, accounts and products stay, but for
full names in their texts; what people wrote freely is left out, as it may name anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import ibis

from salesops_lib.data.crm import Crm
from salesops_lib.data.schemas import NO_OWNER, TABLES, Column, Table
from salesops_lib.parameters.anonymous import ROLES, codes_of, folded, is_full_name, rewording, without_people

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

    from salesops_lib.parameters import Parameters

REP_KEYS = ("rep_id", "manager_id")
TEAM_KEYS = ("team_id", "parent_team_id")
CODES = {**dict.fromkeys(REP_KEYS, "rep_codes"), **dict.fromkeys(TEAM_KEYS, "team_codes")}
"""Columns that hold a key, and the table of codes for it."""
NAMES = ("manager_name", "owner")
"""Columns that name somebody, who need not be a rep; or a role, which stays."""
FREE_TEXT = {"note": None, "next_step": "left out"}
"""Columns that hold what people wrote, and what stands there instead: whether there is a next step is a figure."""
_TABLES = ("rep_codes", "team_codes", "name_codes", "team_name_codes")
"""Tables that the engine keeps: codes by key of a rep or team, by a person's name, and by a team's name."""
Texts = Mapping[str, Mapping[str, Mapping[str, str]]]
"""By table and column: texts that hold a name, and what stands there instead."""


def anonymised(crm: Crm, people: Mapping[str, str] | None = None) -> Crm:
    """The same company with codes for people and teams in every table, and without what people wrote freely.

    Keys that no table of reps or teams knows have codes too, so that figures are the same with and without names.

    Args:
        crm: The company.
        people: Codes by name of those whom the parameters name.
    """
    keys = _values(crm, _places(crm, REP_KEYS))
    reps = codes_of(set(keys) - {NO_OWNER}, "Rep") | {NO_OWNER: NO_OWNER}
    teams = codes_of(_values(crm, _places(crm, TEAM_KEYS)), "Team")
    names = _names(crm, reps, people or {})
    for table, codes in zip(_TABLES, (reps, teams, names, _team_names(crm, teams)), strict=True):
        _write(crm, table, codes)
    texts = _texts(crm, names)
    coded = {name: _coded(name, getattr(crm, name), texts.get(name, {})) for name in crm.tables}
    return Crm(
        crm.engine,
        tables=crm.tables,
        as_of=crm.as_of,
        calendar=crm.calendar,
        stages=crm.stages,
        goal_rules=crm.goal_rules,
        kept_as="coded",
        expressions={name: made for name, made in coded.items() if made is not None},
    )


def shown_parameters(crm: Crm, parameters: Parameters) -> Parameters:
    """The parameters as a report on this company may see them: whom the data knows goes by the data's codes."""
    if not parameters.company.anonymise:
        return parameters
    teams = _read(crm, "team_codes")
    declared = {name: teams[team] for team, name in parameters.company.teams.items() if team in teams}
    people = {**_read(crm, "name_codes"), **_read(crm, "rep_codes")}
    return without_people(parameters, {**declared, **_read(crm, "team_name_codes"), **people})


def coded_rows(crm: Crm, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of an earlier report, which may have been made with names, with the codes that people have now.

    Whoever has none is missing: a code of an earlier report may be somebody else's by now.
    """
    reword = rewording({name: code for name, code in _read(crm, "name_codes").items() if is_full_name(name)})
    made = rows.copy()
    for name in rows.select_dtypes(["str", "object"]):
        made[name] = rows[name].map(lambda text: reword(text) if isinstance(text, str) else text)
    for key, noun in (("rep_id", "rep"), ("team_id", "team")):
        codes = rows[key].map(_read(crm, CODES[key])) if key in rows else None
        made = made.assign(**{name: codes for name in (key, f"{noun}_name") if name in rows})
    return made


def _places(crm: Crm, columns: Iterable[str]) -> list[tuple[str, str]]:
    """Tables that have these columns, with each of them."""
    return [(name, column) for name in crm.tables for column in columns if column in TABLES[name].by_name]


def _cells(crm: Crm, places: Iterable[tuple[str, str]]) -> ir.Table:
    """What stands in some columns: one row per table, column and value."""
    parts = [
        table.select(table=ibis.literal(name), column=ibis.literal(column), value=table[column]).distinct()
        for name, column in places
        for table in [getattr(crm, name)]
    ]
    cells = parts[0] if len(parts) == 1 else ibis.union(*parts)
    return cells.filter(cells.value.notnull())


def _values(crm: Crm, places: list[tuple[str, str]]) -> list[str]:
    return list(crm.fetch(_cells(crm, places).select("value").distinct())["value"]) if places else []


def _names(crm: Crm, reps: Mapping[str, str], people: Mapping[str, str]) -> dict[str, str]:
    """Codes by name as it is written: reps by name and key, people whom the parameters name, others in the data."""
    rows = crm.fetch(crm.reps.select("rep_id", "name").order_by("rep_id"))
    known = {**people, **reps, **dict(zip(rows["name"], rows["rep_id"].map(reps), strict=True))}
    by_folded = {folded(name): code for name, code in known.items()}
    named = [name for name in _values(crm, _places(crm, NAMES)) if name not in ROLES]
    by_folded = codes_of({folded(name) for name in named} - by_folded.keys(), "Colleague") | by_folded
    return {**{name: by_folded[folded(name)] for name in named}, **known}


def _team_names(crm: Crm, teams: Mapping[str, str]) -> dict[str, str]:
    """Codes by name of a team: what people wrote may name a team that bears somebody's name."""
    if not crm.has("teams"):
        return {}
    rows = crm.fetch(crm.teams.select("team_id", "name").order_by("team_id"))
    return dict(zip(rows["name"], rows["team_id"].map(teams), strict=True))


def _texts(crm: Crm, names: Mapping[str, str]) -> Texts:
    """Texts that hold somebody's full name. A single word may be a region or a product as well."""
    cells = _cells(crm, [(name, column.name) for name in crm.tables for column in _text_columns(TABLES[name])])
    reword = rewording({name: code for name, code in names.items() if is_full_name(name)})
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for table, column, text in crm.fetch(cells).itertuples(index=False):
        if (instead := reword(text)) != text:
            found[table][column][text] = instead
    return found


def _text_columns(table: Table) -> list[Column]:
    """Columns of a table that may hold any text: no key, no list of choices, nothing that is replaced anyway."""
    apart = {*table.key, *CODES, *FREE_TEXT, *NAMES, "currency"}
    return [
        column
        for column in table.columns
        if column.type == "string" and not (column.choices or column.references or column.name in apart)
    ]


def _coded(name: str, table: ir.Table, texts: Mapping[str, Mapping[str, str]]) -> ir.Table | None:
    """The table with codes for keys and names; None where it speaks of nobody."""
    codes = {column: CODES.get(column, "name_codes") for column in table.columns if column in CODES or column in NAMES}
    rows = table
    for column, coded_by in codes.items():
        coded = _codes(coded_by).select(**{f"old_{column}": ibis._.key, f"new_{column}": ibis._.code})
        rows = rows.left_join(coded, rows[column] == coded[f"old_{column}"])
    made: dict[str, ir.Value] = {column: rows[f"new_{column}"] for column in codes}
    for column in made.keys() & set(NAMES):
        made[column] = ibis.ifelse(rows[column].isin(sorted(ROLES)), rows[column], made[column])
    made |= {column: rows[column].substitute(dict(found)) for column, found in texts.items()}
    if name in ("reps", "teams"):
        made["name"] = made["rep_id" if name == "reps" else "team_id"]
    if name == "teams":
        made["manager_name"] = ibis.coalesce(made["manager_id"], made["manager_name"])
    for column, instead in FREE_TEXT.items():
        if column in table.columns:
            is_written = rows[column].fill_null("").strip() != ""
            made[column] = ibis.ifelse(is_written, ibis.literal(instead, "string"), ibis.null("string"))
    return rows.select(**{column: made.get(column, rows[column]) for column in table.columns}) if made else None


def _codes(table: str) -> ir.Table:
    return ibis.table({"key": "string", "code": "string"}, name=table)


def _write(crm: Crm, table: str, codes: Mapping[str, str]) -> None:
    import pyarrow as pa

    crm.engine.write(
        table, pa.table({"key": pa.array(codes, pa.string()), "code": pa.array(codes.values(), pa.string())})
    )


def _read(crm: Crm, table: str) -> dict[str, str]:
    rows = crm.fetch(_codes(table))
    return dict(zip(rows["key"], rows["code"], strict=True))
