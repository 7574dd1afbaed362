"""Mapped values as SQL of the canonical types; amounts in the report currency, moments in the company's time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from salesops_lib.data import amounts, dates
from salesops_lib.data.currency_marks import Shown, contradictions
from salesops_lib.data.mapping import MappedTable
from salesops_lib.data.schemas import AMOUNT, SHARE, Column
from salesops_lib.data.store import Workshop
from salesops_lib.data.values import Branch, Value, text_of
from salesops_lib.wording import count, listing

SQL_TYPES = {
    "string": "VARCHAR",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "boolean": "BOOLEAN",
    AMOUNT: "DECIMAL(18, 2)",
    SHARE: "DECIMAL(9, 6)",
}
"""Canonical type to the engine's."""

_IS_CODE = "regexp_matches(upper({}), '^[A-Z]{{3}}$')"
"""Whether a text could be a currency's code; missing where there is no text."""


@dataclass(frozen=True)
class Money:
    """The report currency, and what one unit of another is worth in it."""

    currency: str
    rates: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Zones:
    """The company's time zone, and the one in which the source writes moments without an offset."""

    company: str
    source: str


class TypedColumns:
    """Turns the branches of a table's columns into SQL of the canonical type."""

    def __init__(
        self, workshop: Workshop, mapped: MappedTable, money: Money, zones: Zones, problems: list[str]
    ) -> None:
        self.workshop, self.mapped, self.money, self.problems = workshop, mapped, money, problems
        self.bound: dict[str, object] = {"zone": zones.company, "source_zone": zones.source}
        self.zones = ("$zone", "$zone" if zones.company == zones.source else "$source_zone")
        self.joined = ""
        self._steps: dict[int, list[str]] = {}
        self.dates: list[tuple[str, dates.DateReading]] = []
        """Column, how it writes dates."""
        self.files = [file.name for file in mapped.files]
        self.currency_sql = self._currency()

    def bind(self, value: object) -> str:
        """A parameter that stands for a value."""
        name = f"c{len(self.bound)}"
        self.bound[name] = value
        return f"${name}"

    def place(self, branch: Branch) -> str:
        """How messages name a column: its file and heading."""
        how = branch.how
        files = listing(self.files)
        named = how.column or (how.lookup.column if how.lookup else "")
        return f"{files}, column `{named}`" if named else f"{files}, `{branch.column.name}`"

    def column(self, column: Column) -> str:
        """SQL of a canonical column: its first branch that holds something, converted."""
        branches = self.mapped.of(column.name)
        if not branches:
            return f"CAST(NULL AS {SQL_TYPES[column.type]})"
        made = [self.branch(branch) for branch in branches]
        if len(branches) == 1:
            return made[0]
        cases = " ".join(
            f"WHEN {branch.name} IS NOT NULL THEN {sql}" for branch, sql in zip(branches, made, strict=True)
        )
        return f"CASE {cases} END"

    def branch(self, branch: Branch) -> str:
        """SQL of one branch in the canonical type; NULL where the value does not convert."""
        kind = branch.column.type
        if kind == "string":
            return self._text(branch)
        if kind == "boolean":
            return f"TRY_CAST({branch.name} AS BOOLEAN)"
        if kind in ("date", "timestamp"):
            return self._moment(branch, kind)
        return self._number(branch, kind)

    def _text(self, branch: Branch) -> str:
        text = text_of(Value(branch.name, branch.kind))
        if not branch.column.choices:
            return (
                f"CASE WHEN {_IS_CODE.format(text)} THEN upper({text}) END"
                if branch.column.name == "currency"
                else text
            )
        spelt = f"replace(replace(lower({text}), ' ', '_'), '-', '_')"
        allowed = ", ".join(self.bind(choice) for choice in branch.column.choices)
        return f"CASE WHEN {spelt} IN ({allowed}) THEN {spelt} END"

    def _moment(self, branch: Branch, kind: str) -> str:
        reading = dates.find_date_reading(
            self.workshop, self.mapped.relation, branch, self.place(branch), self.files, self.problems
        )
        if reading is None:
            return "NULL"
        self.dates.append((branch.column.name, reading))
        for step, sqls in enumerate(dates.prepared_sql(branch, reading, self.bind, self.zones)):
            for sql in sqls:
                self._prepare(sql, step)
        return f"CAST({dates.moment_sql(branch, reading)} AS {SQL_TYPES[kind]})"

    def _number(self, branch: Branch, kind: str) -> str:
        reading = amounts.find_number_reading(self.workshop, self.mapped.relation, branch, self.place(branch))
        if isinstance(reading, str):
            self.problems.append(reading)
            return "NULL"
        self._prepare(amounts.bare_sql(branch, reading))
        number = amounts.number_sql(branch, reading)
        if kind == "int64":
            return f"CASE WHEN {number} = trunc({number}) THEN TRY_CAST({number} AS BIGINT) END"
        if kind == AMOUNT:
            self._refuse_shown_currency(branch)
            return f"TRY_CAST(round({self._in_report_currency(number)}, 2) AS {SQL_TYPES[kind]})"
        if kind == SHARE and branch.kind == "text":
            number = f"CASE WHEN contains({branch.name}, '%') THEN {number} / 100 ELSE {number} END"
        return f"TRY_CAST({number} AS {SQL_TYPES[kind]})"

    def _prepare(self, sql: str, step: int = 0) -> None:
        """Work something out once per row that the columns, or a later step, use many times."""
        if sql:
            self._steps.setdefault(step, []).append(sql)

    def prepared(self) -> str:
        """SQL of the mapped rows with all that was worked out, a step inside the next."""
        rows = self.mapped.relation
        for step in sorted(self._steps):
            rows = f"(SELECT *, {', '.join(self._steps[step])} FROM {rows})"
        return rows

    def _in_report_currency(self, number: str) -> str:
        if not self.currency_sql or not self.money.rates:
            return number
        cases = " ".join(
            f"WHEN {self.bind(code)} THEN CAST({number} AS DECIMAL(22, 6)) "
            f"* CAST({self.bind(str(rate))} AS DECIMAL(16, 10))"
            for code, rate in self.money.rates.items()
            if code != self.money.currency
        )
        return f"CASE {self.currency_sql} {cases} ELSE {number} END" if cases else number

    def _currency(self) -> str:
        """SQL of a row's currency: the row's own; in a deal's history, the deal's."""
        if branches := self.mapped.of("currency"):
            named = ", ".join(text_of(Value(branch.name, branch.kind)) for branch in branches)
            return f"upper(coalesce({named}))"
        deal = self.mapped.of("opportunity_id")
        if self.mapped.source.table.name != "stage_history" or not deal or not self._has_deals():
            return ""
        key = f"coalesce({', '.join(text_of(Value(f'm.{branch.name}', branch.kind)) for branch in deal)})"
        self.joined = (
            "LEFT JOIN (SELECT opportunity_id, any_value(currency) AS currency FROM rows_opportunities "
            f"GROUP BY opportunity_id) deal ON deal.opportunity_id = {key}"
        )
        return "deal.currency"

    def _has_deals(self) -> bool:
        tables = "SELECT count(*) FROM information_schema.tables WHERE table_name = 'rows_opportunities'"
        return self.workshop.number(tables) > 0

    def check_currencies(self) -> None:
        """Every currency of the column needs a rate."""
        if not self.mapped.of("currency"):
            return
        found = self.workshop.rows(
            f"SELECT {self.currency_sql} AS code, count(*) FROM {self.mapped.relation} "
            f"WHERE {_IS_CODE.format(self.currency_sql)} GROUP BY code ORDER BY code"
        )
        known = {self.money.currency, *self.money.rates}
        for code, n in found:
            if code not in known:
                self.problems.append(
                    f"{self.place(self.mapped.of('currency')[0])}: {count(n, 'row')} in {code} cannot be converted to "
                    f"{self.money.currency}. Add what one {code} is worth under `rates:` in company.yaml, "
                    f"like `{code}: 1.08`."
                )

    def _refuse_shown_currency(self, branch: Branch) -> None:
        """Amounts that show another currency would be added up as if they were in their row's, or the report's."""
        if branch.kind != "text":
            return
        row_currency = f"coalesce({self.currency_sql}, '')" if self.currency_sql else "''"
        relation = f"{self.mapped.relation} m {self.joined} WHERE {row_currency} SIMILAR TO '([A-Z]{{3}})?'"
        shown = [Shown(*found) for found in self.workshop.rows(amounts.shown_sql(branch, relation, row_currency))]
        self.problems.extend(contradictions(self.place(branch), shown, self.money.currency, self._remedy()))

    def _remedy(self) -> str:
        """What to do about amounts in other currencies; only deals say which they are in."""
        table, currency = self.mapped.source.table, self.money.currency
        if "currency" in table.by_name or table.name == "stage_history":
            return (
                "Map `currency` for `opportunities` in company.yaml (a column, or `constant: {code}` if all are in it) "
                "and add the rate under `rates:`."
            )
        return f"Export them in {currency}: `{table.name}` cannot say which currency an amount is in."
