"""Numbers as people write them: which mark is the decimal one, and what does each value amount to?

``1.234`` is a thousand in one country and a bit more than one in another. A column mostly tells by
its other values (``1.234,50`` or ``0.5``); one that does not is refused, never guessed. Currency
symbols and codes, spaces, apostrophes, brackets and a trailing minus for negative are understood.
"""

from __future__ import annotations

from dataclasses import dataclass

from salesops_lib.data.store import Workshop
from salesops_lib.data.values import Branch, Value, text_of
from salesops_lib.wording import count

SYMBOLS = {"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "R$": "BRL", "zł": "PLN", "₺": "TRY", "₩": "KRW", "₽": "RUB"}
"""Symbols that stand for one currency; the dollar sign stands for many."""

_MARKED = r"^(?:[A-Z]{3}|[A-Z]{0,3}\p{Sc}|R\$|kr\.?|zł|Fr\.?)?[ ]*(.*?)[ ]*(?:[A-Z]{3}|\p{Sc}|R\$|kr\.?|zł|Fr\.?|%)?$"
_NUMBER = r"^[+-]?(\d[\d.,]*|[.,]\d+)([eE][+-]?\d+)?$"
_GROUPS_ONLY = r"^[+-]?[1-9]\d{0,2}[.,]\d{3}$"

_MACROS = (
    # Spaces and apostrophes only ever group digits; brackets and a minus at the end mean negative.
    r"""CREATE OR REPLACE MACRO unsigned_text(v) AS
        regexp_replace(replace(replace(v, '−', '-'), chr(160), ' '), '^\((.*)\)$|^(.*[^-])-$', '-\1\2')""",
    rf"""CREATE OR REPLACE MACRO bare_number(v) AS
        CASE WHEN regexp_matches(v, '^[\d.,]+$') THEN v ELSE regexp_replace(
            concat(if(starts_with(unsigned_text(v), '-'), '-', ''),
                   regexp_extract(regexp_replace(unsigned_text(v), '^-[ ]*', ''), '{_MARKED}', 1)),
            '(\d)[ ''’\x{{202f}}](\d)', '\1\2', 'g') END""",
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
    return f"TRY_CAST({text} AS DECIMAL(38, 10))"


def bare_name(branch: Branch) -> str:
    """Column that holds a number without symbols and spaces."""
    return f"{branch.name}_bare"


def bare_sql(branch: Branch, reading: NumberReading) -> str:
    """SQL that takes symbols and spaces off a number, once per row; nothing where the file types its numbers."""
    return f"bare_number({branch.name}) AS {bare_name(branch)}" if reading.decimal else ""


def shown_currency_sql(branch: Branch) -> str:
    """SQL of the currency that a value itself shows by code or symbol; missing where it shows none or a dollar sign."""
    cases = " ".join(f"WHEN contains({branch.name}, '{symbol}') THEN '{code}'" for symbol, code in SYMBOLS.items())
    code = f"nullif(regexp_extract({branch.name}, '^([A-Z]{{3}})[ ]*[-(]?\\d|\\d\\)?[ ]*([A-Z]{{3}})$', 0), '')"
    return f"CASE {cases} ELSE nullif(regexp_extract({code}, '[A-Z]{{3}}'), '') END"
