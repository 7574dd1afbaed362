"""``Crm``: the company's data, as unbound Ibis expressions with one door out.

``crm.opportunities`` is an expression over the schema of the canonical table; nothing runs until
``crm.fetch(expression)`` compiles it to the engine's SQL and brings back a small pandas frame.
``crm.at(day)`` is the company as it was known on the evening of a day: every report looks through
it, so that a report on March holds nothing that was learnt in April. Rows later than the day that the
data itself speaks of are looked through in the same way (``crm.bound()``).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import ibis

from salesops_lib.data.as_known import as_known_on, later_rows
from salesops_lib.data.schemas import TABLES
from salesops_lib.errors import MissingColumnError, MissingTableError
from salesops_lib.parameters.company import GoalRules

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

    from salesops_lib.data.engines import Engine
    from salesops_lib.periods import FiscalCalendar


Made = TypeVar("Made")

KEPT_AS_ROWS = ("opportunities", "credits", "reps")
"""Tables as known on a day that every section asks: joined once and kept, not joined in each query."""


def unbound(name: str) -> ir.Table:
    """The canonical table ``name`` as an expression bound to no engine."""
    return ibis.table(TABLES[name].types(), name=name)


class Crm:
    """The tables of one company on one engine.

    Args:
        engine: Where the tables live.
        tables: Names of the canonical tables that the engine holds.
        as_of: The evening that the data speaks of.
        calendar: The company's fiscal calendar.
        stages: Open stages of the sales process, in order; empty where none are declared.
        goal_rules: How goals are phased, prorated and ramped up; by selling days and as stated if absent.
        expressions: What a table stands for, where it is not the stored table itself; kept in the
            engine under a name of its own when first asked for.
        kept_as: First part of such names' ending; a second Crm of the same evening needs its own.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        tables: Iterable[str],
        as_of: date,
        calendar: FiscalCalendar,
        stages: Iterable[str] = (),
        goal_rules: GoalRules | None = None,
        expressions: Mapping[str, ir.Table] | None = None,
        kept_as: str = "on",
    ) -> None:
        self.engine = engine
        self._kept_as = kept_as
        self.as_of = as_of
        self.calendar = calendar
        self.stages = tuple(stages)
        self.goal_rules = goal_rules or GoalRules()
        self._to_keep: dict[str, ir.Table] = dict(expressions or {})
        self._expressions: dict[str, ir.Table] = {name: unbound(name) for name in tables}
        self._named: dict[str, ir.Table] = {}
        self._remembered: dict[Hashable, Any] = {}

    def __getattr__(self, name: str) -> ir.Table:
        if name.startswith("_") or name not in TABLES:
            raise AttributeError(f"The canonical tables have no `{name}`; they are: {', '.join(TABLES)}.")
        self.need(name)
        if name in self._to_keep:
            made = self._to_keep.pop(name)
            self._expressions[name] = self._keep(name, made, rows=name in KEPT_AS_ROWS)
        return self._expressions[name]

    def kept(self, name: str, make: Callable[[], ir.Table]) -> ir.Table:
        """An expression that many queries start from, compiled once and given a name in the engine."""
        if name not in self._named:
            self._named[name] = self._keep(name, make(), rows=False)
        return self._named[name]

    def remember(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What ``make`` works out of this company, once: it never changes, and several sections ask for the same.

        Args:
            key: What is worked out and about what; the name of the function that asks comes first.
            make: Works it out.
        """
        if key not in self._remembered:
            self._remembered[key] = make()
        made: Made = self._remembered[key]
        return made

    def _keep(self, name: str, expression: ir.Table, *, rows: bool) -> ir.Table:
        # Compiling the same joins anew for every query would cost more than the queries.
        stored_as = f"{name}_{self._kept_as}_{self.as_of:%Y_%m_%d}"
        self.engine.keep(stored_as, expression, rows=rows)
        return ibis.table(expression.schema(), name=stored_as)

    @property
    def tables(self) -> list[str]:
        """Names of the tables present, in the order of the schemas."""
        return [name for name in TABLES if name in self._expressions]

    def has(self, name: str) -> bool:
        """Whether the company has this table."""
        return name in self._expressions

    def need(self, *names: str) -> None:
        """Raise ``MissingTableError`` naming every one of these tables that is absent."""
        missing = [name for name in names if name not in self._expressions]
        if missing:
            raise MissingTableError(missing)

    def need_filled(self, table: str, column: str, *, reason: str = "") -> None:
        """Raise ``MissingColumnError`` where no row fills the column, ``MissingTableError`` without the table.

        Args:
            table: The table.
            column: The column.
            reason: Why it may be empty although the company provides it, as a clause.
        """
        rows = getattr(self, table)
        if self.fetch(rows.filter(rows[column].notnull()).select(column).limit(1)).empty:
            raise MissingColumnError(table, column, reason)

    def first_day(self) -> date:
        """The first day that a deal was created or closed; ``as_of`` where there is none."""
        deals = self.opportunities
        days = self.fetch(deals.agg(created=deals.created_on.min(), closed=deals.closed_on.min())).iloc[0].dropna()
        return min((day.date() for day in days), default=self.as_of)

    def sql(self, expression: ir.Table) -> str:
        """The SQL that ``fetch`` would run, for analysts who want to read or reuse it."""
        return self.engine.sql(expression)

    def fetch(self, expression: ir.Table) -> pd.DataFrame:
        """Run an expression on the engine and return its rows in the expression's types.

        Dates arrive as ``datetime64``. Cast sums of amounts to ``float64`` in the expression; a
        decimal column arrives as ``decimal.Decimal`` objects, exact and slow.
        """
        wanted = expression.schema().to_pyarrow()
        rows = self.engine.query(self.engine.sql(expression))
        # Engines differ in the width of counts and sums and in how they name text.
        frame: pd.DataFrame = rows.select(wanted.names).cast(wanted).to_pandas(date_as_object=False)
        return frame

    def at(self, day: date) -> Crm:
        """The company as known on the evening of ``day``; the same object when nothing is later."""
        return self if day >= self.as_of else self._as_known(day)

    def bound(self) -> Crm:
        """The company as known on the evening that its data speaks of; the same object when no row is later.

        An export may hold what came after the day declared for it, meetings that are only planned, and slips of the
        pen. None of it was known that evening.
        """
        later = later_rows(self.as_of, {name: getattr(self, name) for name in self.tables})
        return self._as_known(self.as_of, is_last_seen=True) if self.fetch(later)["n_later"].any() else self

    def _as_known(self, day: date, *, is_last_seen: bool = False) -> Crm:
        tables = {name: getattr(self, name) for name in self.tables}
        known = as_known_on(day, tables, is_last_seen=is_last_seen, open_stages=self.stages)
        return Crm(
            self.engine,
            tables=self.tables,
            as_of=day,
            calendar=self.calendar,
            stages=self.stages,
            goal_rules=self.goal_rules,
            expressions={name: made for name, made in known.items() if not made.equals(unbound(name))},
        )
