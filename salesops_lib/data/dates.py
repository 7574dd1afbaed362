"""Dates as people write them: how does a whole column write its dates, and what day is each value?

One value alone cannot tell 3 April from 4 March; a column mostly can, since some day is past the
12th. A column that cannot is refused, never guessed. Year-first dates, Excel's serial numbers and
named months are read as they stand.

Moments with an offset, and naive moments once a zone is declared for the source, become the
company's local time. A column of nothing but midnights holds days, not moments: it is not shifted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from salesops_lib.data.store import Workshop
from salesops_lib.data.values import Branch, Value, text_of
from salesops_lib.wording import count

Order = Literal["day first", "month first", "year first", "pattern", "serial", "typed"]

EARLIEST, LATEST = "0001-01-01", "9999-12-31"
"""What a date can be at all; whether a company can have meant it is up to the checks."""

_MONTHS = "['jan','feb','mar','apr','may','jun','jul','aug','sep','oct','nov','dec']"
_TIME = (
    r"(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp]\.?[Mm]\.?)?"
    r"\s*(Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$"
)
_PARTS = rf"^(\d{{1,4}})[-/.](\d{{1,2}})[-/.](\d{{1,4}}){_TIME}"
_COMPACT = r"^(\d{4})(\d{2})(\d{2})$"
_DAY_AND_NAME = r"^(\d{1,2})(?:st|nd|rd|th)?[-/. ]+([A-Za-z]{3,9})[-/., ]+(\d{4}|\d{2})(.*)$"
_NAME_AND_DAY = r"^([A-Za-z]{3,9})[. ]+(\d{1,2})(?:st|nd|rd|th)?[, ]+(\d{4})(.*)$"
_SERIAL = r"^[2-7]\d{4}(\.\d+)?$"

_MACROS = (
    # Named months and compact dates are written year first, so that one reading serves them all.
    rf"""CREATE OR REPLACE MACRO named_date(y, name, d, rest) AS
        CASE WHEN list_position({_MONTHS}, lower(substr(name, 1, 3))) IS NULL THEN NULL
             ELSE concat(CASE WHEN length(y) = 2 THEN concat('20', y) ELSE y END, '-',
                         list_position({_MONTHS}, lower(substr(name, 1, 3))), '-', d, rest) END""",
    rf"""CREATE OR REPLACE MACRO plain_date(v) AS
        CASE WHEN regexp_matches(v, '^\d{{1,4}}[-/.]\d') THEN v
             WHEN regexp_matches(v, '{_COMPACT}') THEN regexp_replace(v, '{_COMPACT}', '\1-\2-\3')
             WHEN regexp_matches(v, '{_DAY_AND_NAME}') THEN named_date(
                 regexp_extract(v, '{_DAY_AND_NAME}', 3), regexp_extract(v, '{_DAY_AND_NAME}', 2),
                 regexp_extract(v, '{_DAY_AND_NAME}', 1), regexp_extract(v, '{_DAY_AND_NAME}', 4))
             WHEN regexp_matches(v, '{_NAME_AND_DAY}') THEN named_date(
                 regexp_extract(v, '{_NAME_AND_DAY}', 3), regexp_extract(v, '{_NAME_AND_DAY}', 1),
                 regexp_extract(v, '{_NAME_AND_DAY}', 2), regexp_extract(v, '{_NAME_AND_DAY}', 4))
             ELSE v END""",
    rf"""CREATE OR REPLACE MACRO date_parts(v) AS regexp_extract(plain_date(v), '{_PARTS}',
        ['a', 'b', 'c', 'hour', 'minute', 'second', 'fraction', 'half', 'zone'])""",
    """CREATE OR REPLACE MACRO four_digits(y) AS
        CASE WHEN length(y) = 4 THEN y WHEN length(y) <> 2 THEN NULL
             WHEN TRY_CAST(y AS INTEGER) < 70 THEN concat('20', y) ELSE concat('19', y) END""",
    """CREATE OR REPLACE MACRO time_of(p) AS
        CASE WHEN p.hour = '' THEN '00:00:00'
             WHEN p.half = '' THEN concat(p.hour, ':', p.minute, ':', if(p.second = '', '00', p.second),
                                          if(p.fraction = '', '', concat('.', substr(p.fraction, 1, 6))))
             WHEN TRY_CAST(p.hour AS INTEGER) NOT BETWEEN 1 AND 12 THEN NULL
             ELSE concat(TRY_CAST(p.hour AS INTEGER) % 12 + if(lower(p.half[1]) = 'p', 12, 0), ':', p.minute, ':',
                         if(p.second = '', '00', p.second)) END""",
    """CREATE OR REPLACE MACRO zone_of(p) AS
        CASE WHEN p.zone = '' THEN NULL WHEN upper(p.zone) IN ('Z', 'UTC', 'GMT') THEN '+00:00'
             WHEN length(p.zone) = 3 THEN concat(p.zone, ':00')
             WHEN length(p.zone) = 5 THEN concat(p.zone[:3], ':', p.zone[4:]) ELSE p.zone END""",
    """CREATE OR REPLACE MACRO moment_text(p, is_day_first) AS
        CASE WHEN p.a = '' THEN NULL
             WHEN length(p.a) = 4 THEN concat(p.a, '-', p.b, '-', if(length(p.c) > 2, NULL, p.c), ' ', time_of(p))
             WHEN length(p.a) > 2 OR length(p.c) = 3 THEN NULL
             WHEN is_day_first THEN concat(four_digits(p.c), '-', p.b, '-', p.a, ' ', time_of(p))
             ELSE concat(four_digits(p.c), '-', p.a, '-', p.b, ' ', time_of(p)) END""",
    f"""CREATE OR REPLACE MACRO plausible(t) AS
        CASE WHEN t >= TIMESTAMP '{EARLIEST}' AND t::DATE <= DATE '{LATEST}' THEN t END""",
    """CREATE OR REPLACE MACRO written_moment(p, is_day_first) AS
        plausible(TRY_CAST(moment_text(p, is_day_first) AS TIMESTAMP))""",
    # An Excel day counts from 30 December 1899, because Excel takes 1900 for a leap year.
    """CREATE OR REPLACE MACRO serial_moment(x) AS
        plausible(TIMESTAMP '1899-12-30' + to_seconds(round(x * 86400)::BIGINT))""",
)


@dataclass(frozen=True)
class DateReading:
    """How a column writes its dates."""

    order: Order
    pattern: str = ""
    is_days: bool = False
    """Nothing in the column but midnights and dates without a time."""


def prepare(workshop: Workshop) -> None:
    """Teach the workshop to read dates."""
    for macro in _MACROS:
        workshop.run(macro)


def find_date_reading(workshop: Workshop, relation: str, branch: Branch, place: str) -> DateReading | str:
    """How a column writes its dates, or a sentence that says why that cannot be known.

    Args:
        workshop: Holds the mapped table.
        relation: The mapped table.
        branch: The column.
        place: How the message names the column, with its file.
    """
    value = Value(branch.name, branch.kind)
    if branch.kind in ("date", "moment", "zoned"):
        return DateReading("typed", is_days=branch.kind == "date" or _all_midnight(workshop, relation, branch.name))
    if branch.kind == "truth":
        return f"{place}: the column holds yes or no, not dates."
    declared = branch.how.date_format
    if declared:
        return _declared(workshop, relation, value, declared, place)
    return _inferred(workshop, relation, text_of(value), place)


def _all_midnight(workshop: Workshop, relation: str, name: str) -> bool:
    late = f"SELECT count(*) FROM {relation} WHERE {name}::TIMESTAMP <> date_trunc('day', {name}::TIMESTAMP)"
    return workshop.number(late) == 0


def _declared(workshop: Workshop, relation: str, value: Value, pattern: str, place: str) -> DateReading | str:
    parsed = "try_strptime(v, $pattern)::TIMESTAMP"
    n, n_read, n_timed, example = workshop.row(
        f"SELECT count(*), count({parsed}), count(*) FILTER ({parsed} <> date_trunc('day', {parsed})), "
        f"min(v) FILTER ({parsed} IS NULL) FROM (SELECT DISTINCT {text_of(value)} AS v FROM {relation}) "
        "WHERE v IS NOT NULL",
        {"pattern": pattern},
    )
    if n and not n_read:
        return (
            f"{place}: no value is written like `date_format: {pattern}` says, for instance `{example}`. "
            "Change the format, or take it out to have it found."
        )
    return DateReading("pattern", pattern, is_days=n_timed == 0)


def _inferred(workshop: Workshop, relation: str, text: str, place: str) -> DateReading | str:
    """Let every distinct value vote; those that read the same either way abstain."""
    counts = workshop.row(
        f"""WITH distinct_values AS (SELECT DISTINCT {text} AS v FROM {relation} WHERE {text} IS NOT NULL),
        parted AS (SELECT v, date_parts(v) AS p FROM distinct_values),
        readings AS (SELECT v, p, length(p.a) = 4 AS is_year_first, regexp_matches(v, '{_SERIAL}') AS is_serial,
                            written_moment(p, true) AS d, written_moment(p, false) AS m FROM parted)
        SELECT count(*), count(*) FILTER (is_serial),
               count(*) FILTER (NOT is_year_first AND d IS NOT NULL AND m IS NULL),
               count(*) FILTER (NOT is_year_first AND m IS NOT NULL AND d IS NULL),
               count(*) FILTER (NOT is_year_first AND d <> m),
               count(coalesce(d, m)), count(*) FILTER (coalesce(d, m) <> date_trunc('day', coalesce(d, m))),
               min(v) FILTER (NOT is_year_first AND d IS NOT NULL AND m IS NULL),
               min(v) FILTER (NOT is_year_first AND m IS NOT NULL AND d IS NULL),
               min(v) FILTER (NOT is_year_first AND d <> m),
               min(v) FILTER (d IS NULL AND m IS NULL AND NOT is_serial)
        FROM readings"""
    )
    n, n_serial, n_day, n_month, n_either, n_read, n_timed, day_example, month_example, either, unread = counts
    if n and n_serial > n_read:
        return DateReading("serial", is_days=_serials_are_days(workshop, relation, text))
    if n and not n_read:
        return f"{place}: no value is a date, for instance `{unread}`. Map the column that holds dates."
    is_days = n_timed == 0
    if n_day and n_month:
        return (
            f"{place}: {count(n_day, 'value')} can only be day first, like `{day_example}`, and {n_month:,} only month "
            f"first, like `{month_example}`. Export the file again with one way of writing, or say which one holds: "
            'add `date_format: "%d/%m/%Y"` or `date_format: "%m/%d/%Y"` to the column in company.yaml; rows written '
            "otherwise are then set aside."
        )
    if n_day or n_month:
        return DateReading("day first" if n_day else "month first", is_days=is_days)
    if n_either:
        return _ambiguous(workshop, either, place)
    return DateReading("year first", is_days=is_days)


def _serials_are_days(workshop: Workshop, relation: str, text: str) -> bool:
    broken = f"SELECT count(*) FROM {relation} WHERE TRY_CAST({text} AS DOUBLE) <> trunc(TRY_CAST({text} AS DOUBLE))"
    return workshop.number(broken) == 0


def _ambiguous(workshop: Workshop, example: str, place: str) -> str:
    day_first, month_first, length = workshop.row(
        "SELECT written_moment(p, true), written_moment(p, false), length(p.c) FROM (SELECT date_parts($v) AS p)",
        {"v": example},
    )
    year = "%Y" if length == 4 else "%y"
    mark = next(character for character in example if not character.isdigit())
    return (
        f"{place}: dates like `{example}` can be read as {day_first.day} {day_first:%B %Y} or as {month_first.day} "
        f"{month_first:%B %Y}, and no value of the column decides which. Say so in company.yaml: add "
        f'`date_format: "%d{mark}%m{mark}{year}"` (day first) or `date_format: "%m{mark}%d{mark}{year}"` (month first) '
        "to the column."
    )


def moment_sql(branch: Branch, reading: DateReading, pattern: str, zones: tuple[str, str]) -> str:
    """SQL of a value as a moment in the company's time.

    Args:
        branch: The column.
        reading: How it writes dates.
        pattern: Parameter that holds a declared pattern.
        zones: Parameters that hold the company's zone and the zone of naive moments in the source; both are
            needed only where the column is not of days.
    """
    company, source = zones
    text = text_of(Value(branch.name, branch.kind))
    if reading.order == "typed":
        local = f"timezone({company}, {branch.name})" if branch.kind == "zoned" else ""
        naive = f"{branch.name}::TIMESTAMP"
        if reading.is_days:
            return f"plausible({naive})"
        return f"plausible({local or _shifted(naive, company, source)})"
    if reading.order == "serial":
        naive = f"serial_moment(TRY_CAST({text} AS DOUBLE))"
        return naive if reading.is_days else _shifted(naive, company, source)
    if reading.order == "pattern":
        naive = f"plausible(try_strptime({text}, {pattern})::TIMESTAMP)"
        return naive if reading.is_days else _shifted(naive, company, source)
    is_day_first = "true" if reading.order == "day first" else "false"
    naive = f"written_moment({parts_name(branch)}, {is_day_first})"
    if reading.is_days:
        return naive
    zone = f"zone_of({parts_name(branch)})"
    zoned = f"TRY_CAST(concat(strftime({naive}, '%Y-%m-%d %H:%M:%S.%f'), {zone}) AS TIMESTAMPTZ)"
    shifted = _shifted(naive, company, source)
    return f"CASE WHEN {zone} IS NULL THEN {shifted} ELSE timezone({company}, {zoned}) END"


def parts_name(branch: Branch) -> str:
    """Column that holds the parts of a written date."""
    return f"{branch.name}_parts"


def parts_sql(branch: Branch, reading: DateReading) -> str:
    """SQL that takes a written date apart, once per row; nothing where the column needs no parts."""
    if reading.order not in ("day first", "month first", "year first"):
        return ""
    return f"date_parts({text_of(Value(branch.name, branch.kind))}) AS {parts_name(branch)}"


def _shifted(naive: str, company: str, source: str) -> str:
    return naive if company == source else f"timezone({company}, timezone({source}, {naive}))"
