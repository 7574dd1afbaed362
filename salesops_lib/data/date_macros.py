"""What DuckDB must know to take a written date apart: macros, run once per import.

A written date has three parts and the marks between them, perhaps a time and an offset. Its *writing* is what the
parts look like (`/ yyyy`, `- yy`, ...): values of one writing have their parts in one order, values of two need not.
"""

from __future__ import annotations

from salesops_lib.data.store import Workshop

EARLIEST, LATEST = "0001-01-01", "9999-12-31"
"""What a date can be at all; whether a company can have meant it is up to the checks."""

YEAR_FIRST, YEAR_LAST, SHORT = "yyyy first", "yyyy last", "yy"
"""Kinds of writings that have parts in some order; the writing of a value begins with its marks."""

COMPACT, NAMED, SERIAL = "compact", "named month", "serial"
"""Writings that say their order themselves."""

EPOCHS = {"epoch_s": (10, 1), "epoch_ms": (13, 1_000), "epoch_us": (16, 1_000_000), "epoch_ns": (19, 1_000_000_000)}
"""Clocks that count from 1970: how many digits they have today, and how often they tick in a second."""

_MONTHS = "['jan','feb','mar','apr','may','jun','jul','aug','sep','oct','nov','dec']"
_TIME = (
    r"(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp]\.?[Mm]\.?)?"
    r"\s*(Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$"
)
_PARTS = rf"^(\d{{1,4}})([-/.])(\d{{1,2}})([-/.])(\d{{1,4}}){_TIME}"
_REST = r"((?:[T ,].*)?)$"
_COMPACT = rf"^(\d{{4}})(\d{{2}})(\d{{2}}){_REST}"
_DAY_AND_NAME = rf"^(\d{{1,2}})(?:st|nd|rd|th)?[-/. ]*([A-Za-z]{{3,9}})[-/., ]*(\d{{4}}|\d{{2}}){_REST}"
_NAME_AND_DAY = rf"^([A-Za-z]{{3,9}})[. ]+(\d{{1,2}})(?:st|nd|rd|th)?[, ]+(\d{{4}}){_REST}"
_YEAR_AND_NAME = rf"^(\d{{4}})[-/. ]*([A-Za-z]{{3,9}})[-/. ]*(\d{{1,2}}){_REST}"
_SERIAL = r"^[2-7]\d{4}(\.\d+)?$"


def _named(pattern: str, year: int, name: int, day: int) -> str:
    parts = ", ".join(f"regexp_extract(v, '{pattern}', {group})" for group in (year, name, day, 4))
    return f"WHEN regexp_matches(v, '{pattern}') THEN named_date({parts})"


_CLOCKS = " ".join(rf"WHEN regexp_matches(v, '^\d{{{digits}}}$') THEN '{word}'" for word, (digits, _) in EPOCHS.items())

_MACROS = (
    """CREATE OR REPLACE MACRO four_digits(y) AS
        CASE WHEN length(y) = 4 THEN y WHEN length(y) <> 2 THEN NULL
             WHEN TRY_CAST(y AS INTEGER) < 70 THEN concat('20', y) ELSE concat('19', y) END""",
    # Named months and compact dates are written year first, so that one reading serves them all.
    rf"""CREATE OR REPLACE MACRO named_date(y, name, d, rest) AS
        CASE WHEN list_position({_MONTHS}, lower(substr(name, 1, 3))) IS NULL THEN NULL
             ELSE concat(four_digits(y), '-', list_position({_MONTHS}, lower(substr(name, 1, 3))), '-', d, rest)
        END""",
    rf"""CREATE OR REPLACE MACRO plain_date(v) AS
        CASE WHEN regexp_matches(v, '^\d{{1,4}}[-/.]\d') THEN v
             WHEN regexp_matches(v, '{_COMPACT}') THEN regexp_replace(v, '{_COMPACT}', '\1-\2-\3\4')
             {_named(_DAY_AND_NAME, 3, 2, 1)} {_named(_NAME_AND_DAY, 3, 1, 2)} {_named(_YEAR_AND_NAME, 1, 2, 3)}
             ELSE v END""",
    rf"""CREATE OR REPLACE MACRO date_parts(v) AS regexp_extract(plain_date(v), '{_PARTS}',
        ['a', 'mark', 'b', 'other_mark', 'c', 'hour', 'minute', 'second', 'fraction', 'half', 'zone'])""",
    rf"""CREATE OR REPLACE MACRO writing_of(v, p) AS
        CASE WHEN p.a = '' THEN CASE WHEN regexp_matches(v, '{_SERIAL}') THEN '{SERIAL}' {_CLOCKS} ELSE '' END
             WHEN regexp_matches(v, '{_COMPACT}') THEN '{COMPACT}'
             WHEN NOT regexp_matches(v, '^\d{{1,4}}[-/.]\d') THEN '{NAMED}'
             ELSE concat(p.mark, p.other_mark, ' ', CASE WHEN length(p.a) = 4 THEN '{YEAR_FIRST}'
                         WHEN length(p.c) = 4 THEN '{YEAR_LAST}' ELSE '{SHORT}' END) END""",
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
    # Two digits for a year stand in front only where month and day have two as well: 13/4/26 is no year 2013.
    """CREATE OR REPLACE MACRO moment_text(p, o) AS
        CASE WHEN p.a IN ('', '0000') OR p.c = '0000' OR (length(p.a) = 4 AND length(p.c) > 2) THEN NULL
             WHEN length(p.a) = 4 AND o = 'day last but one' THEN p.a || '-' || p.c || '-' || p.b
             WHEN length(p.a) = 4 THEN p.a || '-' || p.b || '-' || p.c
             WHEN length(p.a) = 3 OR length(p.c) = 3 THEN NULL
             WHEN o = 'day first' THEN four_digits(p.c) || '-' || p.b || '-' || p.a
             WHEN o = 'month first' THEN four_digits(p.c) || '-' || p.a || '-' || p.b
             WHEN o = 'year first' AND length(p.a) = 2 AND length(p.b) = 2 AND length(p.c) = 2
             THEN four_digits(p.a) || '-' || p.b || '-' || p.c END || ' ' || time_of(p)""",
    f"""CREATE OR REPLACE MACRO plausible(t) AS
        CASE WHEN t >= TIMESTAMP '{EARLIEST}' AND t::DATE <= DATE '{LATEST}' THEN t END""",
    """CREATE OR REPLACE MACRO written_moment(p, o) AS TRY_CAST(moment_text(p, o) AS TIMESTAMP)""",
    # An Excel day counts from 30 December 1899, because Excel takes 1900 for a leap year.
    """CREATE OR REPLACE MACRO serial_moment(x) AS
        plausible(TIMESTAMP '1899-12-30' + to_seconds(round(x * 86400)::BIGINT))""",
    """CREATE OR REPLACE MACRO epoch_moment(v, ticks) AS
        plausible(TRY(make_timestamp(TRY_CAST(TRY_CAST(v AS HUGEINT) * 1000000 // ticks AS BIGINT))))""",
)


def prepare(workshop: Workshop) -> None:
    """Teach the workshop to take dates apart."""
    for macro in _MACROS:
        workshop.run(macro)
