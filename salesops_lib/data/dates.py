"""Dates as people write them: what day, or what moment of the company's time, is each value of a column?

Moments with an offset, and naive moments once a zone is declared for the source, become the company's local time. Days
and moments are told apart value by value: what has no time of day is a day and stays where it is, and so does midnight
where most values stand at midnight. One row with a time of day never moves the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from salesops_lib.data import date_macros
from salesops_lib.data.date_formats import Declared, declared_formats
from salesops_lib.data.date_macros import EPOCHS, SERIAL
from salesops_lib.data.date_orders import BY_CHANCE, Doubt, doubts, judge, refuse_doubt
from salesops_lib.data.date_writings import Column, Order, survey
from salesops_lib.data.store import Workshop
from salesops_lib.data.values import Branch, Value, text_of

Bind = Callable[[object], str]
"""Makes a parameter that stands for a value."""

prepare = date_macros.prepare


@dataclass(frozen=True)
class TimesOfDay:
    """What times of day a column holds."""

    n_read: int
    n_timed: int
    """Rows at any other time than midnight."""
    n_midnight: int
    """Rows at midnight, the time written."""
    n_bare: int
    """Rows with a time of day and no zone of their own."""
    n_zoned: int
    """Rows with a zone of their own."""
    example: str
    """The first value with a time of day, and where it stands."""
    where: str


@dataclass(frozen=True)
class DateReading:
    """How a column writes its dates."""

    declared: tuple[Declared, ...] = ()
    orders: dict[str, Order] = field(default_factory=dict)
    """Writing to the order of its parts."""
    doubts: tuple[Doubt, ...] = ()
    """Writings that a spreadsheet may have swapped, too few to tell."""
    is_days: bool = False
    """No value is a moment: as the file types them, as declared, or as all stand at midnight."""
    midnights_are_days: bool = True
    times: TimesOfDay | None = None
    """Absent where the times of day do not matter."""


@dataclass(frozen=True)
class _Part:
    """Some values of a column and how they are read, as SQL."""

    holds: str
    naive: str
    zone: str
    """The value's own; NULL where it names none."""
    has_time: str
    """Whether a time is written, midnight too."""


@dataclass(frozen=True)
class _Named:
    """What a value is called in SQL: as text, taken apart, its writing, and as the file types it."""

    text: str
    parts: str
    writing: str
    raw: str


def find_date_reading(
    workshop: Workshop, relation: str, branch: Branch, place: str, files: Sequence[str], problems: list[str]
) -> DateReading | None:
    """How a column writes its dates, or nothing where that cannot be known; ``problems`` then says why.

    Args:
        workshop: Holds the mapped table.
        relation: The mapped table.
        branch: The column.
        place: How messages name the column, with its files.
        files: Names of the table's files, in order.
        problems: Takes what has to be declared or mended.
    """
    if branch.kind == "truth":
        problems.append(f"{place}: the column holds yes or no, not dates.")
        return None
    column = Column(workshop, relation, text_of(Value(branch.name, branch.kind)), place, files)
    reading = DateReading() if _is_typed(branch) else _written(column, branch.how.date_format)
    if column.problems:
        problems.extend(column.problems)
        return None
    read_as = branch.how.read_as
    is_empty = not (_is_typed(branch) or reading.declared or reading.orders)
    if is_empty or branch.kind == "date" or read_as == "day":
        return replace(reading, is_days=True)
    times = _times_of_day(column, branch, reading)
    if read_as == "moment":
        return replace(reading, times=times, midnights_are_days=False)
    most = 2 * times.n_timed < times.n_read
    return replace(reading, times=times, midnights_are_days=most, is_days=not times.n_timed)


def _is_typed(branch: Branch) -> bool:
    return branch.kind in ("date", "moment", "zoned")


def _written(column: Column, patterns: tuple[str, ...]) -> DateReading:
    """How a column of texts or numbers writes its dates; what is wrong is noted in the column."""
    writings = survey(column)
    declared = declared_formats(column, patterns)
    judged = survey(column) if declared else writings
    orders = {writing.name: judge(column, writing) for writing in judged if writing.n_read or writing.name in EPOCHS}
    if writings and not declared and not column.problems and not any(writing.n_read for writing in writings):
        column.problems.append(
            f"{column.place}: no value is a date, for instance `{writings[0].example}`. "
            "Map the column that holds dates."
        )
    found = doubts([writing for writing in writings if writing.n_read], {one.writing for one in declared})
    for doubt in found:
        if doubt.chance < BY_CHANCE:
            refuse_doubt(column, doubt)
    return DateReading(declared, orders, tuple(found))


def _times_of_day(column: Column, branch: Branch, reading: DateReading) -> TimesOfDay:
    bound = dict(column.bound)

    def bind(value: object) -> str:
        name = f"d{len(bound)}"
        bound[name] = value
        return f"${name}"

    parts = list(_parts(branch, reading, _Named("v", "p", "w", "raw"), bind))
    naive, zone, has_time = _cases(parts)
    midnight = "t = date_trunc('day', t)"
    n_read, n_timed, n_midnight, n_bare, n_zoned, example, first = column.workshop.row(
        f"SELECT sum(n) FILTER (t IS NOT NULL)::BIGINT, sum(n) FILTER (NOT {midnight})::BIGINT, "
        f"sum(n) FILTER ({midnight} AND has_time)::BIGINT, sum(n) FILTER (NOT {midnight} AND zone IS NULL)::BIGINT, "
        f"sum(n) FILTER (zone IS NOT NULL)::BIGINT, "
        f"arg_min(v, first) FILTER (NOT {midnight}), min(first) FILTER (NOT {midnight}) FROM "
        f"(SELECT v, n, first, {naive} AS t, {zone} AS zone, {has_time} AS has_time "
        f"FROM {column.values(branch.name if _is_typed(branch) else 'NULL')})",
        bound,
    )
    return TimesOfDay(
        n_read or 0,
        n_timed or 0,
        n_midnight or 0,
        n_bare or 0,
        n_zoned or 0,
        example or "",
        column.where(first) if first is not None else "",
    )


def _parts(branch: Branch, reading: DateReading, named: _Named, bind: Bind) -> Iterator[_Part]:
    """How the values of a column are read, those of declared formats first."""
    if _is_typed(branch):
        yield _Part(
            "true", f"plausible({named.raw}::TIMESTAMP)", "'+00:00'" if branch.kind == "zoned" else "NULL", "true"
        )
        return
    for declared in reading.declared:
        moment = declared.moment(named.text, bind(declared.pattern))
        zone = "'+00:00'" if declared.names_zone else "NULL"
        yield _Part(f"{moment} IS NOT NULL", moment, zone, "true" if declared.has_time else "false")
    if SERIAL in reading.orders:
        number = f"TRY_CAST({named.text} AS DOUBLE)"
        is_serial = f"{named.writing} = '{SERIAL}'"
        yield _Part(is_serial, f"serial_moment({number})", "NULL", f"{number} <> trunc({number})")
    written = {name: order for name, order in reading.orders.items() if name != SERIAL}
    if written:
        names = {name: bind(name) for name in written}
        order = " ".join(f"WHEN {names[name]} THEN '{order}'" for name, order in written.items())
        naive = f"written_moment({named.parts}, CASE {named.writing} {order} END)"
        holds = f"{named.writing} IN ({', '.join(names.values())})"
        yield _Part(holds, naive, f"zone_of({named.parts})", f"{named.parts}.hour <> ''")


def prepared_sql(branch: Branch, reading: DateReading, bind: Bind, zones: tuple[str, str]) -> Iterator[list[str]]:
    """SQL of what is worked out once per row before ``moment_sql``, step by step: each step names what the next needs.

    Args:
        branch: The column.
        reading: How it writes dates.
        bind: Makes parameters.
        zones: Parameters that hold the company's zone and the zone of naive moments in the source.
    """
    name, text = branch.name, text_of(Value(branch.name, branch.kind))
    yield [f"date_parts({text}) AS {name}_parts"] if reading.orders else []
    yield [f"writing_of({text}, {name}_parts) AS {name}_writing"] if reading.orders else []
    parts = list(_parts(branch, reading, _Named(text, f"{name}_parts", f"{name}_writing", name), bind))
    naive, zone, has_time = _cases(parts)
    yield [f"{naive} AS {name}_naive", f"{zone} AS {name}_zone", f"{has_time} AS {name}_timed"]
    yield [] if reading.is_days else [f"{_local(f'{name}_naive', f'{name}_zone', zones)} AS {name}_local"]


def moment_sql(branch: Branch, reading: DateReading) -> str:
    """SQL of a value as a moment in the company's time, from what ``prepared_sql`` named.

    What the other zone would push beyond the calendar's ends stays as written: it is no moment, but means that there is
    none.
    """
    naive, local = f"{branch.name}_naive", f"{branch.name}_local"
    if reading.is_days:
        return naive
    stays = f"NOT {branch.name}_timed"
    if reading.midnights_are_days:
        stays = f"{stays} OR {naive} = date_trunc('day', {naive})"
    return f"CASE WHEN {stays} THEN {naive} WHEN {local} IS NOT NULL THEN coalesce(plausible({local}), {naive}) END"


def _cases(parts: Sequence[_Part]) -> list[str]:
    """SQL of the moment as written, of its own zone, and whether a time is written."""
    if not parts:
        return ["NULL::TIMESTAMP", "NULL::VARCHAR", "false"]
    return [
        f"CASE {' '.join(f'WHEN {part.holds} THEN {sql}' for part, sql in zip(parts, sqls, strict=True))} END"
        for sqls in zip(*((part.naive, part.zone, part.has_time) for part in parts), strict=True)
    ]


def _local(naive: str, zone: str, zones: tuple[str, str]) -> str:
    """SQL of a moment in the company's time."""
    company, source = zones
    shifted = naive if company == source else f"timezone({company}, timezone({source}, {naive}))"
    instant = f"TRY_CAST(strftime({naive}, '%Y-%m-%d %H:%M:%S.%f') || {zone} AS TIMESTAMPTZ)"
    return f"CASE WHEN {zone} IS NULL THEN {shifted} ELSE timezone({company}, {instant}) END"
