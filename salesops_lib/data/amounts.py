"""Numbers as people write them: which mark is the decimal one, and what does each value amount to?

``1.234`` is a thousand in one country and a bit more than one in another. A column mostly tells by
its other values (``1.234,50`` or ``0.5``); one that does not is refused, never guessed. Spaces,
apostrophes, brackets and a trailing minus for negative are understood; so are marks of currencies,
which ``currency_marks`` holds against the currency that is meant.
"""

from __future__ import annotations

from dataclasses import dataclass

from salesops_lib.data.currency_marks import MARKS, SYMBOLS
from salesops_lib.data.schemas import AMOUNT
from salesops_lib.data.store import Workshop
from salesops_lib.data.values import Branch, Value, text_of
from salesops_lib.wording import count

_NUMBER = r"^[+-]?(\d[\d.,]*|[.,]\d+)([eE][+-]?\d+)?$"
_GROUPS_ONLY = r"^[+-]?[1-9]\d{0,2}[.,]\d{3}$"

_LISTED = ", ".join(f"'{mark}'" for mark in MARKS)
_DIGITS = r"[+-]?[.,]?\d[\d.,]*(?:[eE][+-]?\d+)?"
_SIMPLE = rf"^([A-Z]{{3}}|[{SYMBOLS}])?[ ]?[\d.,]+[ ]?([A-Z]{{3}}|[{SYMBOLS}])?$"
"""How most amounts are written: told and taken apart in a tenth of the time that any other way needs."""

_MACROS = (
    # Brackets and a minus at the end mean negative; spaces and apostrophes between digits only ever group them;
    # a dot behind letters is theirs, so that Fr.500 is no half.
    r"""CREATE OR REPLACE MACRO unsigned_text(v) AS
        regexp_replace(regexp_replace(regexp_replace(
            replace(replace(replace(v, '−', '-'), chr(160), ' '), chr(8239), ' '),
            '^\((.*)\)$|^(.*[^-])-$', '-\1\2'), '(\d)[ ''’](\d)', '\1\2', 'g'), '(\pL/?)\.', '\1', 'g')""",
    rf"""CREATE OR REPLACE MACRO shown_marks(v) AS
        CASE WHEN regexp_matches(v, '^[\d.,]+$') THEN ''
             WHEN regexp_matches(v, '{_SIMPLE}') THEN trim(regexp_replace(v, '[\d., ]+', ' '))
             ELSE trim(regexp_replace(unsigned_text(v), '(?:\d[eE][+-]?\d|[-+\d., ])+', ' ', 'g')) END""",
    rf"""CREATE OR REPLACE MACRO is_mark(m) AS
        m IN ('', '%') OR regexp_matches(m, '^([A-Z]{{3}} |[{SYMBOLS}] ?)?[A-Z]{{3}}$')
        OR regexp_matches(m, '^([A-Z]{{3}} ?|[{SYMBOLS}] ?)?[{SYMBOLS}]$')
        OR replace(lower(regexp_replace(m, '^[A-Z]{{3}} | [A-Z]{{3}}$', '')), ' ', '') IN ({_LISTED})""",
    # Nothing is taken off a number that is no currency: 5 apples are no number.
    rf"""CREATE OR REPLACE MACRO bare_number(v) AS
        CASE WHEN regexp_matches(v, '^[\d.,]+$') THEN v
             WHEN regexp_matches(v, '{_SIMPLE}') THEN regexp_extract(v, '[\d.,]+')
             WHEN regexp_matches(unsigned_text(v), '^-?[^\d.,+()-]*{_DIGITS}[^\d.,+()-]*$') AND is_mark(shown_marks(v))
             THEN concat(if(starts_with(unsigned_text(v), '-'), '-', ''),
                         regexp_extract(regexp_replace(unsigned_text(v), '^-', ''), '{_DIGITS}'))
             ELSE '' END""",
    # Which mark the value shows to be decimal: 'either' where it cannot tell, '' where it has no mark.
    rf"""CREATE OR REPLACE MACRO decimal_vote(b) AS
        CASE WHEN NOT regexp_matches(b, '{_NUMBER}') THEN 'unread'
             WHEN NOT contains(b, '.') AND NOT contains(b, ',') THEN ''
             WHEN contains(b, '.') AND contains(b, ',') THEN
                 CASE WHEN strpos(reverse(b), '.') < strpos(reverse(b), ',') THEN '.' ELSE ',' END
             WHEN length(b) - length(replace(b, '.', '')) > 1 THEN ','
             WHEN length(b) - length(replace(b, ',', '')) > 1 THEN '.'
             WHEN regexp_matches(b, '{_GROUPS_ONLY}') THEN 'either'
             WHEN contains(b, '.') THEN '.' ELSE ',' END""",
    # A mark that groups must have three digits behind it: 12.5 is no number where the comma is decimal.
    r"""CREATE OR REPLACE MACRO number_text(b, mark, other) AS
        CASE WHEN regexp_matches(replace(replace(b, other, '_'), mark, '.'),
                  '^[+-]?(\d+|\d{1,3}(_\d{2,3})*_\d{3})?(\.\d*)?([eE][+-]?\d+)?$')
             THEN replace(replace(b, other, ''), mark, '.') END""",
)


@dataclass(frozen=True)
class NumberReading:
    """How a column writes its numbers."""

    decimal: str
    """The decimal mark; empty where the file types its numbers."""

    @property
    def thousands(self) -> str:
        """The mark that only groups digits."""
        return "," if self.decimal == "." else "."


def prepare(workshop: Workshop) -> None:
    """Teach the workshop to read numbers."""
    for macro in _MACROS:
        workshop.run(macro)


def find_number_reading(workshop: Workshop, relation: str, branch: Branch, place: str) -> NumberReading | str:
    """How a column writes its numbers, or a sentence that says why that cannot be known."""
    if branch.kind == "number":
        return NumberReading("")
    if branch.kind in ("date", "moment", "zoned", "truth"):
        return f"{place}: the column does not hold numbers. Map the column that does."
    declared = _declared(branch)
    if declared:
        return NumberReading(declared)
    text = text_of(Value(branch.name, branch.kind))
    votes = workshop.rows(
        "SELECT decimal_vote(bare_number(v)) AS vote, count(*), min(v) "
        f"FROM (SELECT DISTINCT {text} AS v FROM {relation}) WHERE v IS NOT NULL GROUP BY vote"
    )
    found = {vote: (n, example) for vote, n, example in votes}
    return _decided(found, place, is_whole=branch.column.type == "int64")


def _declared(branch: Branch) -> str:
    how = branch.how
    if how.decimal:
        return how.decimal
    return {".": ",", ",": ".", " ": "", "'": "", None: ""}[how.thousands]


def _decided(found: dict[str, tuple[int, str]], place: str, *, is_whole: bool) -> NumberReading | str:
    if found and set(found) == {"unread"}:
        return f"{place}: no value is a number, for instance `{found['unread'][1]}`. Map the column that holds numbers."
    if "." in found and "," in found:
        return (
            f"{place}: {count(found['.'][0], 'value')} can only have a decimal point, like `{found['.'][1]}`, and "
            f"{found[','][0]:,} only a decimal comma, like `{found[','][1]}`. Export the file again with one way "
            'of writing, or say which one holds: add `decimal: "."` or `decimal: ","` to the column in company.yaml.'
        )
    if "either" in found and "." not in found and "," not in found:
        example = found["either"][1]
        mark = "," if "," in example else "."
        if is_whole:
            return NumberReading("." if mark == "," else ",")
        digits = example.replace(mark, "")
        return (
            f"{place}: amounts like `{example}` can be read as {digits} or as {example.replace(mark, '.')}, and no "
            "value of the column decides which. Say so in company.yaml: add "
            f'`thousands: "{mark}"` or `decimal: "{mark}"` to the column.'
        )
    return NumberReading("," if "," in found else ".")


def number_sql(branch: Branch, reading: NumberReading) -> str:
    """SQL of a value as an exact decimal."""
    if not reading.decimal:
        return f"TRY_CAST({branch.name} AS DECIMAL(38, 10))"
    text = f"number_text({bare_name(branch)}, '{reading.decimal}', '{reading.thousands}')"
    if branch.column.type == AMOUNT:  # A percentage is no amount.
        text = f"CASE WHEN NOT contains({branch.name}, '%') THEN {text} END"
    return f"TRY_CAST({text} AS DECIMAL(38, 10))"


def bare_name(branch: Branch) -> str:
    """Column that holds a number without symbols and spaces."""
    return f"{branch.name}_bare"


def bare_sql(branch: Branch, reading: NumberReading) -> str:
    """SQL that takes symbols and spaces off a number, once per row; nothing where the file types its numbers."""
    return f"bare_number({branch.name}) AS {bare_name(branch)}" if reading.decimal else ""


def shown_sql(branch: Branch, relation: str, row_currency: str) -> str:
    """SQL of what amounts show besides the number: marks, the row's currency, how many, an example."""
    return f"""
        SELECT shown_marks(v) AS marks, row_currency, CAST(sum(n) AS BIGINT), min(v) FROM (
            SELECT {branch.name} AS v, {row_currency} AS row_currency, count(*) AS n FROM {relation} GROUP BY ALL
        ) WHERE bare_number(v) <> '' AND NOT contains(v, '%') AND shown_marks(v) <> '' GROUP BY ALL ORDER BY ALL"""
