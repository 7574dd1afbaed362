"""Numbers: which mark is the decimal one, and what a value amounts to."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.data import amounts
from salesops_lib.data.schemas import ACCOUNTS, OPPORTUNITIES, Column
from tests.data.workshop import PLACE, column_of

AMOUNT = OPPORTUNITIES.by_name["amount"]
SIZE = ACCOUNTS.by_name["size"]


def read(values: Sequence[str | None], column: Column = AMOUNT, **how: Any) -> list[Decimal | None] | str:
    """The values as numbers, or why they cannot be read."""
    with column_of(values, column, **how) as (workshop, branch):
        reading = amounts.find_number_reading(workshop, "mapped", branch, PLACE)
        if isinstance(reading, str):
            return reading
        bare = amounts.bare_sql(branch, reading)
        return [
            row[0]
            for row in workshop.rows(
                f"SELECT {amounts.number_sql(branch, reading)} FROM (SELECT *, {bare} FROM mapped)"
            )
        ]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("$1,234,567", "1234567"),
        ("USD 12.5", "12.5"),
        ("12,5 €", "12.5"),
        ("R$ 7", "7"),
        ("1 234 567,8", "1234567.8"),
        ("1\u00a0234.5", "1234.5"),
        ("1'234.50", "1234.50"),
        ("(500)", "-500"),
        ("500-", "-500"),
        ("-$5", "-5"),
        ("$-5", "-5"),
        ("−5", "-5"),
        (".5", "0.5"),
        ("1e3", "1000"),
        ("1,23,456.00", "123456"),
    ],
)
def test_a_number_that_says_its_marks_is_read_alone(written: str, number: str) -> None:
    """Symbols, codes, grouping, brackets and a minus anywhere are understood."""
    assert read([written]) == [Decimal(number)]


def test_another_value_decides_for_the_column() -> None:
    """1.234 is a thousand beside 0,5 and a bit more than one beside 0.5."""
    assert read(["1.234", "0,5"]) == [Decimal(1234), Decimal("0.5")]
    assert read(["1.234", "0.5"]) == [Decimal("1.234"), Decimal("0.5")]


def test_an_undecided_column_is_refused() -> None:
    """The message gives both readings and the lines to add."""
    message = read(["1.234", "12.500", "7"])

    assert isinstance(message, str)
    for words in (PLACE, "`1.234`", "1234", 'thousands: "."', 'decimal: "."'):
        assert words in message


def test_a_declared_mark_decides() -> None:
    """Either mark declared is enough."""
    assert read(["1.234"], thousands=".") == [Decimal(1234)]
    assert read(["1.234"], decimal=".") == [Decimal("1.234")]


def test_whole_numbers_cannot_be_undecided() -> None:
    """A count of employees has no decimals, so a mark before three digits groups them."""
    assert read(["1.234", "7"], SIZE) == [Decimal(1234), Decimal(7)]


@pytest.mark.parametrize("written", ["tbd", "1.2.3", "12.5", "5 apples", "--5", "1,2,3", "0x1F", "NaN"])
def test_what_is_no_number_is_not_read(written: str) -> None:
    """12.5 is no number either where the comma is decimal: it would become 125."""
    assert read(["1.234,50", written], decimal=",") == [Decimal("1234.50"), None]


@settings(max_examples=25, deadline=None)
@given(
    cents=st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=20),
    marks=st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("", ".")]),
)
def test_writing_and_reading_undo_each_other(cents: list[int], marks: tuple[str, str]) -> None:
    """Two decimals in any country's way come back to the cent; a column is never read in another's way."""
    grouping, decimal = marks
    written = [
        f"{cent / abs(cent) if cent else 1:.0f}".replace("1", "")
        + f"{abs(cent) // 100:,}".replace(",", grouping)
        + f"{decimal}{abs(cent) % 100:02d}"
        for cent in cents
    ]

    assert read(written) == [Decimal(cent) / 100 for cent in cents]
