"""Keys that agree but for how they are written: case, spaces, leading zeros, or the two lengths of Salesforce's ids.

An id of Salesforce has 15 characters in which case tells ids apart, or 18, of which the last three are a checksum of
the case of the others. Exports mix both. Whether keys that only look alike are the same is for the company to say,
under `keys: alike` of its source; till then the checks say so.
"""

from __future__ import annotations

from salesops_lib.data.checks.rules import Import, from_source
from salesops_lib.data.schemas import TABLES, Column
from salesops_lib.wording import listing

_CODES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
"""One letter for each pattern of capitals among five characters."""


def alike(key: str) -> str:
    """SQL of a key without what only tells its writing."""
    text = f"trim(CAST({key} AS VARCHAR))"
    plain = f"regexp_replace(lower({text}), '\\s+', ' ', 'g')"
    bare = f"CASE WHEN regexp_full_match({plain}, '0+[0-9]+') THEN ltrim({plain}, '0') ELSE {plain} END"
    return (
        f"CASE WHEN regexp_full_match({text}, '[A-Za-z0-9]{{18}}') AND substr({text}, 16) = {_checksum(text)} "
        f"THEN left({text}, 15) "
        f"WHEN regexp_full_match({text}, '[A-Za-z0-9]{{15}}') AND regexp_matches({text}, '[0-9]') THEN {text} "
        f"ELSE {bare} END"
    )


def _checksum(text: str) -> str:
    return " || ".join(_letter(text, first) for first in (1, 6, 11))


def _letter(text: str, first: int) -> str:
    bits = " + ".join(
        f"CASE WHEN substr({text}, {first + place}, 1) BETWEEN 'A' AND 'Z' THEN {2**place} ELSE 0 END"
        for place in range(5)
    )
    return f"substr('{_CODES}', 1 + {bits}, 1)"


def _pairs(table: str, column: Column, orphan: str) -> str:
    """Keys of a table that are not in the one they refer to, each with the one row there that it is like."""
    target, key = column.references, TABLES[column.references].key[0]
    return (
        f"SELECT o.key AS key, any_value(t.{key}) AS known, any_value(o.n) AS n FROM "
        f"(SELECT r.{column.name} AS key, count(*) AS n FROM rows_{table} r WHERE {orphan} GROUP BY ALL) o "
        f"JOIN rows_{target} t ON {alike('o.key')} = {alike(f't.{key}')} "
        f"GROUP BY o.key HAVING count(DISTINCT t.{key}) = 1"
    )


def join_alike(imported: Import, table: str, column: Column, orphan: str) -> int:
    """Give rows the key that theirs is like, where the company declares so; return how many."""
    if getattr(imported.parameters.company.source, "keys", "") != "alike":
        return 0
    pairs = _pairs(table, column, orphan)
    n = int(imported.workshop.row(f"SELECT coalesce(sum(n), 0) FROM ({pairs})")[0])
    if n:
        imported.workshop.run(
            f"UPDATE rows_{table} SET {column.name} = p.known FROM ({pairs}) p WHERE rows_{table}.{column.name} = p.key"
        )
    return n


def told_alike(imported: Import, table: str, column: Column, orphan: str) -> str:
    """What to declare, where keys agree but for their writing; empty where none does."""
    rows = imported.workshop.rows(f"SELECT key, known, n FROM ({_pairs(table, column, orphan)}) ORDER BY n DESC, key")
    if not rows:
        return ""
    n = sum(n for _key, _known, n in rows)
    examples = from_source(f", for instance {listing([f'`{key}` with `{known}`' for key, known, _n in rows[:2]])}", "")
    return (
        f" Of them {n:,} {'agrees' if n == 1 else 'agree'} with a key there but for case, spaces, leading zeros or the "
        f"last three characters of Salesforce's ids{examples}."
    )


ADVICE = "If they are the same, declare `keys: alike` under `source:` in company.yaml."
