"""From source tables to a ``Crm``: marts are derived once and kept beside the import.

The source tables are Parquet files of canonical columns; what is derived is written to a folder of
its own under the fingerprint of all it depends on, whole or not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from salesops_lib.data.crm import Crm
from salesops_lib.data.engines import DuckDbEngine, Engine
from salesops_lib.data.marts import (
    MAY_BE_BLANK,
    blank_counts,
    derived_tables,
    n_credit_notes,
    source_expression,
)
from salesops_lib.data.quotas import with_yaml_quotas
from salesops_lib.data.schemas import SOURCE_TABLES, TABLES
from salesops_lib.data.store import written_whole
from salesops_lib.data.team_names import with_declared_names

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

    from salesops_lib.parameters import Parameters
    from salesops_lib.parameters.company import GoalRules
    from salesops_lib.periods import FiscalCalendar

MARTS_VERSION = "4"
"""Raise when a mart's meaning changes, so that no older one is read."""


def crm_from_tables(
    tables: Mapping[str, pa.Table],
    *,
    as_of: date,
    calendar: FiscalCalendar,
    open_stages: Sequence[str] = (),
    goal_rules: GoalRules | None = None,
    engine: Engine | None = None,
) -> Crm:
    """A ``Crm`` over Arrow tables in memory: small companies, tests, simulations.

    Args:
        tables: Canonical source tables by name, with their source columns.
        as_of: The evening that the data speaks of; what came later is not known.
        calendar: The company's fiscal calendar.
        open_stages: Stages of the sales process, in order; empty means any but won and lost.
        goal_rules: How goals are phased, prorated and ramped up; by selling days and as stated if absent.
        engine: Where the tables are written; DuckDB in memory if absent.
    """
    workshop = DuckDbEngine()
    for name, rows in tables.items():
        workshop.write(name, rows)
    made = {
        name: workshop.query(workshop.sql(expression))
        for name, expression in _derived(workshop, list(tables), as_of, open_stages).items()
    }
    target = engine or workshop
    everything = {**tables, **made, "periods": _periods(calendar, workshop, as_of)}
    for name, rows in everything.items():
        target.write(name, rows)
    return Crm(
        target, tables=everything, as_of=as_of, calendar=calendar, stages=open_stages, goal_rules=goal_rules
    ).bound()


def crm_from_folder(source: Path, *, as_of: date, parameters: Parameters, fingerprint: str) -> Crm:
    """A ``Crm`` over a folder of canonical Parquet files, with its marts made where they are not there yet.

    Args:
        source: Folder that the import wrote.
        as_of: The evening that the data speaks of.
        parameters: Give the calendar, the stages, and the quotas and names of teams that are written in YAML.
        fingerprint: What the folder was made of; part of the marts' name.
    """
    engine = DuckDbEngine()
    calendar = parameters.calendar
    stages = [stage.name for stage in parameters.company.stages]
    files = {table.name: source / f"{table.name}.parquet" for table in SOURCE_TABLES}
    files = {name: file for name, file in files.items() if file.is_file()}
    stated = _with_parameters(files, parameters)
    for name, file in files.items():
        engine.attach(name, file)
    marts = source / f"marts-{_key(fingerprint, as_of, calendar, stages)}"
    written_whole(marts, lambda beside: _write_marts(engine, beside, list(files), as_of, calendar, stages))
    made = {file.stem: file for file in sorted(marts.glob("*.parquet"))}
    for name, file in made.items():
        engine.attach(name, file)
    for name, rows in stated.items():
        engine.write(name, rows)
    here = {*files, *made, *stated}
    return Crm(
        engine,
        tables=[name for name in TABLES if name in here],
        as_of=as_of,
        calendar=calendar,
        stages=stages,
        goal_rules=parameters.company.goals,
    ).bound()


def _with_parameters(files: dict[str, Path], parameters: Parameters) -> dict[str, pa.Table]:
    """Tables that the parameters add to: taken out of ``files``, as rows of the data and of the parameters."""
    declared = parameters.company.teams
    members = _read(files.get("team_members")) if declared else None
    stated = {
        "quotas": with_yaml_quotas(_read(files.pop("quotas", None)), parameters),
        "teams": with_declared_names(_read(files.pop("teams", None)), members, declared),
    }
    return {name: rows for name, rows in stated.items() if rows is not None}


def _read(file: Path | None) -> pa.Table | None:
    import pyarrow.parquet as pq

    return None if file is None else pq.read_table(file)


def _write_marts(
    engine: DuckDbEngine,
    folder: Path,
    present: Sequence[str],
    as_of: date,
    calendar: FiscalCalendar,
    open_stages: Sequence[str],
) -> None:
    import pyarrow.parquet as pq

    for name, expression in _derived(engine, present, as_of, open_stages).items():
        pq.write_table(engine.query(engine.sql(expression)), folder / f"{name}.parquet")
    pq.write_table(_periods(calendar, engine, as_of), folder / "periods.parquet")


def _derived(
    engine: DuckDbEngine, present: Sequence[str], as_of: date, open_stages: Sequence[str]
) -> dict[str, ir.Table]:
    """Expressions of the marts; blanks are filled only in columns that have some, since that costs a sort."""
    blank: list[str] = []
    if "stage_history" in present:
        filled = engine.query(engine.sql(blank_counts(source_expression("stage_history")))).to_pylist()[0]
        blank = [name for name in MAY_BE_BLANK if filled[name] < filled["n"]]
    notes = engine.query(engine.sql(n_credit_notes(source_expression("opportunities")))).to_pylist()[0]["n"]
    return derived_tables(present, as_of=as_of, open_stages=open_stages, blank=blank, has_credit_notes=notes > 0)


def _periods(calendar: FiscalCalendar, engine: DuckDbEngine, as_of: date) -> pa.Table:
    """The calendar's days, from a year before the first deal to two years after ``as_of``."""
    import pyarrow as pa

    first = engine.query("SELECT least(min(created_on), min(closed_on)) AS first FROM opportunities")["first"][
        0
    ].as_py()
    days = calendar.frame((first or as_of) - timedelta(days=366), as_of + timedelta(days=731))
    types = {"date": pa.date32(), "is_selling_day": pa.bool_()}
    return pa.table({name: pa.array(days[name], types.get(name, pa.string())) for name in TABLES["periods"].types()})


def _key(fingerprint: str, as_of: date, calendar: FiscalCalendar, open_stages: Sequence[str]) -> str:
    parts = (MARTS_VERSION, fingerprint, str(as_of), repr(calendar), *open_stages)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
