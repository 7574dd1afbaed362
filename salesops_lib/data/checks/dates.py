"""How dates were read, where a column leaves room for doubt: midnights among moments, zones that nobody named.

What is certain is not told, and what cannot be known was refused before.
"""

from __future__ import annotations

from salesops_lib.data.checks.rules import Import, from_source, instance
from salesops_lib.data.date_orders import Doubt
from salesops_lib.data.dates import DateReading, TimesOfDay
from salesops_lib.parameters.source import DemoSource
from salesops_lib.wording import count


def check_dates(imported: Import) -> None:
    """Tell what was decided about the days and moments of every column of dates."""
    for table in imported.tables:
        for column, reading in imported.converted[table].dates:
            _midnights(imported, table, column, reading)
            _local(imported, table, column, reading)
            for doubt in reading.doubts:
                _swapped(imported, table, column, doubt)


def _midnights(imported: Import, table: str, column: str, reading: DateReading) -> None:
    """Midnights and times of day in one column, where the company's time differs from what is written."""
    times = reading.times
    if times is None or reading.is_days or not times.n_midnight or not times.n_timed:
        return
    if not times.n_zoned and _moments_in(imported) == imported.parameters.company.time_zone:
        return
    midnights = f"{count(times.n_midnight, 'value stands', 'values stand')} at midnight"
    timed = count(times.n_timed, "value has a time of day and becomes", "values have a time of day and become")
    fate = "as most do, and are read as days" if reading.midnights_are_days else "and become local time, as moments"
    imported.report(
        "days and moments",
        "warning",
        table,
        column,
        times.n_timed if reading.midnights_are_days else times.n_midnight,
        f"`{table}.{column}`: {midnights}, {fate}; {timed} local time{_example(times)}.",
        "Declare `as: day` for the column in company.yaml if it holds days, `as: moment` if midnights are moments too.",
    )


def _local(imported: Import, table: str, column: str, reading: DateReading) -> None:
    """Times of day without a zone, where none is declared for the source."""
    source, times = imported.parameters.company.source, reading.times
    if isinstance(source, DemoSource) or source.moments_in or times is None or not times.n_bare:
        return
    imported.report(
        "days and moments",
        "pass",
        table,
        column,
        times.n_bare,
        f"`{table}.{column}`: {count(times.n_bare, 'value')} with a time of day and no zone taken for local time, "
        f"{imported.parameters.company.time_zone}{_example(times)}.",
        "Declare `moments_in` under `source:` in company.yaml if the files write another zone, for instance UTC.",
    )


def _moments_in(imported: Import) -> str:
    company = imported.parameters.company
    return getattr(company.source, "moments_in", None) or company.time_zone


def _example(times: TimesOfDay) -> str:
    return f"{instance(times.example)}{from_source(f' on {times.where}')}"


def _swapped(imported: Import, table: str, column: str, doubt: Doubt) -> None:
    """A column parted at the 12th, with so few days that it may be chance."""
    early, late = doubt.early, doubt.late
    imported.report(
        "days and months",
        "warning",
        table,
        column,
        early.n_read,
        f"`{table}.{column}`: all {count(early.n_read, 'date')} written one way{instance(early.example)}, are of the "
        f"1st to 12th, all {count(late.n_read, 'date')} written another way{instance(late.example)}, of later days. A "
        "spreadsheet leaves a column so when it swaps day and month where it can.",
        "Compare some of them with the CRM; if they are swapped, export the file again and do not save it from a "
        "spreadsheet.",
    )
