"""Marks of other currencies: no amount is added up in a currency that is not its own."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesops_lib.data import amounts
from salesops_lib.data.currency_marks import MARKS, Shown
from salesops_lib.data.schemas import OPPORTUNITIES
from salesops_lib.errors import SourceError
from tests.data.exports import deals, found, import_files, values_of
from tests.data.workshop import PLACE, column_of

HEADING = "opportunity_id,rep_id,amount,closed_on,status,currency"
FOREIGN = (
    *("$1,000.50", "CA$ 500", "US$ 500", "A$500", "R$ 500", "500 $", "500 $ CA", "$500 CAD", "CAD $500", "USD 500"),
    *("kr 3 000", "3 000 kr.", "kr\u00a03\u202f000", "500 zł", "zł 500", "Fr. 500", "Fr.500", "CHF 1'000", "500 CHF"),
    *("₹1,23,456", "₺500", "₩1,000", "500 Kč", "500 Ft", "500 lei", "£500", "500 £", "¥500", "-$500", "($500)"),
)
OWN = (
    *(("USD", "$5.50"), ("CAD", "$5.50"), ("AUD", "5.50 $"), ("MXN", "$5.50"), ("SEK", "5.50 kr"), ("DKK", "kr. 5.50")),
    *(("CNY", "¥5.50"), ("JPY", "¥5.50"), ("GBP", "£5.50"), ("EGP", "£5.50"), ("CHF", "Fr. 5.50"), ("RON", "5.50 lei")),
    *(("CAD", "CA$5.50"), ("BRL", "R$ 5.50"), ("USD", "US$5.50"), ("EUR", "5.50 €"), ("PLN", "PLN 5.50 zł")),
)


def amounts_of(*written: str) -> dict[str, str]:
    """Won deals with these amounts."""
    return deals(*(f'D{place},ana,"{amount}",,2026-08-03,won' for place, amount in enumerate(written)))


def refusal(folder: Path, files: dict[str, str], **company: Any) -> str:
    """Why the import is refused."""
    with pytest.raises(SourceError) as caught:
        import_files(folder, files, **company)
    return str(caught.value)


@pytest.mark.parametrize(
    "amount",
    FOREIGN,
)
def test_an_amount_that_shows_another_currency_is_refused(tmp_path: Path, amount: str) -> None:
    """Before or after the number, a sign, letters or a code; the message names the place, an example and the way out."""
    message = refusal(tmp_path, amounts_of(amount, "2,000.25"), currency="EUR")

    for words in ("opportunities.csv, column `amount`: 1 amount ", f"like `{amount}`", "report currency is EUR"):
        assert words in message
    assert "Map `currency`" in message


def test_every_mark_is_named_with_its_number(tmp_path: Path) -> None:
    """Also the company's own, so that a mixed column is seen to be one."""
    message = refusal(
        tmp_path, amounts_of("$1,000.50", "$2.50", "€7.00", "CA$ 3.50", "kr 4.50", "9.50"), currency="EUR"
    )

    for words in (
        "2 amounts marked `$` (USD, CAD or another), like `$1,000.50`",
        "1 amount in CAD (`CA$`), like `CA$ 3.50`",
        "1 amount marked `kr` (SEK, NOK or another), like `kr 4.50`",
        "beside 1 amount in EUR (`€`), like `€7.00`",
    ):
        assert words in message


@pytest.mark.parametrize(
    ("currency", "amount"),
    OWN,
)
def test_a_mark_of_the_companys_own_currency_is_read(tmp_path: Path, currency: str, amount: str) -> None:
    """Also one that other countries write too."""
    imported = import_files(tmp_path, amounts_of(amount, "2.25"), currency=currency)

    assert values_of(imported, "opportunities", "amount") == [Decimal("5.50"), Decimal("2.25")]


@pytest.mark.parametrize("currency", ["CAD", "USD"])
@pytest.mark.parametrize("other", ["CA$7.50", "CAD 7.50"])
def test_a_dollar_beside_a_canadian_one_is_refused(tmp_path: Path, currency: str, other: str) -> None:
    """In Canada the mark alone may then be the American one; elsewhere the Canadian one is foreign."""
    message = refusal(tmp_path, amounts_of("$5.50", "$6.50", other), currency=currency)

    assert "2 amounts marked `$` (USD, CAD or another), like `$5.50`" in message
    assert "1 amount in CAD" in message
    assert "constant: CAD" in message


def test_a_dollar_beside_an_american_one_is_the_american_one(tmp_path: Path) -> None:
    """Nothing in the column says otherwise."""
    imported = import_files(tmp_path, amounts_of("$5.50", "US$6.50", "7.50 USD"))

    assert sum(values_of(imported, "opportunities", "amount")) == Decimal("19.50")


def test_a_declared_currency_settles_what_a_mark_means(tmp_path: Path) -> None:
    """With the constant CAD, ``$`` and ``CA$`` are both Canadian."""
    columns = {name: name for name in ("opportunity_id", "rep_id", "amount", "closed_on", "status")}
    tables = {"opportunities": {"file": "opportunities.csv", "columns": {**columns, "currency": {"constant": "CAD"}}}}

    imported = import_files(tmp_path, amounts_of("$5.50", "CA$7.50"), tables=tables, currency="CAD")

    assert sum(values_of(imported, "opportunities", "amount")) == Decimal("13.00")


def test_a_mark_that_contradicts_its_rows_currency_is_refused(tmp_path: Path) -> None:
    """A dollar in a row of euros; where the row names no currency the report's is meant."""
    rows = ['D1,ana,"$5.50",2026-08-03,won,EUR', 'D2,ana,"€6.50",2026-08-03,won,EUR', "D3,ana,$7.50,2026-08-03,won,"]

    message = refusal(tmp_path, deals(*rows, heading=HEADING), currency="EUR")

    assert "1 amount marked `$` (USD, CAD or another) where the row's currency is EUR, like `$5.50`" in message
    assert "1 amount marked `$` (USD, CAD or another), like `$7.50`; while the report currency is EUR" in message
    assert "`€6.50`" not in message


def test_a_mark_that_contradicts_a_declared_currency_is_refused(tmp_path: Path) -> None:
    """A constant is what each row says."""
    columns = {name: name for name in ("opportunity_id", "rep_id", "amount", "closed_on", "status")}
    tables = {"opportunities": {"file": "opportunities.csv", "columns": {**columns, "currency": {"constant": "EUR"}}}}

    message = refusal(tmp_path, amounts_of("$5.50"), tables=tables, currency="EUR")

    assert "where the row's currency is EUR, like `$5.50`" in message


def test_a_mark_that_agrees_with_its_row_is_converted(tmp_path: Path) -> None:
    """A dollar in rows of American and Canadian dollars, each at its rate; a deal's history follows the deal."""
    rows = ["D1,ana,$10.00,2026-08-03,won,USD", "D2,ana,$10.00,2026-08-03,won,CAD", "D3,ana,€10.00,2026-08-03,won,"]
    history = (
        "opportunity_id,changed_at,stage,amount\nD1,2026-07-01 12:00,Talks,$5.00\nD3,2026-07-01 12:00,Talks,5.00\n"
    )

    imported = import_files(
        tmp_path,
        {**deals(*rows, heading=HEADING), "stage_history.csv": history},
        currency="EUR",
        rates={"USD": "0.9", "CAD": "0.6"},
    )

    assert values_of(imported, "opportunities", "amount") == [Decimal(9), Decimal(6), Decimal(10)]
    assert values_of(imported, "stage_history", "amount") == [Decimal("4.50"), Decimal(5)]


@pytest.mark.parametrize(
    ("table", "content", "remedy"),
    [
        ("quotas", "level,rep_id,period,measure,amount\nrep,ana,2026-Q3,bookings,$500.50\n", "Export them in EUR"),
        (
            "subscriptions",
            "account_id,changed_on,change_amount,kind\nA1,2026-07-01,$500.50,start\n",
            "Export them in EUR",
        ),
        ("tool_costs", "tool_id,kind,from_on,to_on,amount\nT1,licence,2026-01-01,2026-12-31,$500.50\n", "Export them"),
        (
            "stage_history",
            "opportunity_id,changed_at,stage,amount\nD1,2026-07-01 12:00,Talks,$500.50\n",
            "Map `currency` for `opportunities`",
        ),
    ],
)
def test_amounts_of_every_table_are_held_to_it(tmp_path: Path, table: str, content: str, remedy: str) -> None:
    """Goals, recurring revenue, costs and a deal's history in dollars are refused where euros are reported."""
    message = refusal(tmp_path, {f"{table}.csv": content}, currency="EUR")

    assert f"{table}.csv, column" in message
    assert "1 amount marked `$` (USD, CAD or another), like `$500.50`" in message
    assert remedy in message


@pytest.mark.parametrize(
    "written", ["₿5.50", "5.50 apples", "5.50 APPLES", "ca. 5.50", "5.50k", "5.50 %", "%5.50", "$(5.50)"]
)
def test_what_stands_around_a_number_and_is_no_currency_sets_the_row_aside(tmp_path: Path, written: str) -> None:
    """Nothing is taken off in silence: the row goes, with its reason."""
    imported = import_files(tmp_path, amounts_of(written, *["7.25"] * 30))

    assert values_of(imported, "opportunities", "amount") == [Decimal("7.25")] * 30
    assert "1 row set aside because the value is not an amount" in found(imported, "values read", "warning")[0]


def test_marks_that_contradict_one_another_are_refused(tmp_path: Path) -> None:
    """A euro sign and the code of the dollar are no currency."""
    assert "marked `€ USD` (not one currency), like `€5.50 USD`" in refusal(tmp_path, amounts_of("€5.50 USD"))


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_is_taken_off_and_known_by_its_currencies(mark: str) -> None:
    """Before and after the number, in capitals, with a blank and with a dot."""
    ways = [f"{mark}5.5", f"{mark} 5.5", f"5.5 {mark}", f"5.5{mark}", f"{mark.upper()} 5.5"]
    ways += [f"{mark}. 5.5", f"5.5 {mark}."] if mark[-1].isalpha() and mark[-1].isascii() else []
    with column_of(ways, OPPORTUNITIES.by_name["amount"], decimal=".") as (workshop, branch):
        reading = amounts.find_number_reading(workshop, "mapped", branch, PLACE)
        assert isinstance(reading, amounts.NumberReading)
        bare, number = amounts.bare_sql(branch, reading), amounts.number_sql(branch, reading)
        read = workshop.rows(f"SELECT {number} FROM (SELECT *, {bare} FROM mapped)")
        shown = [Shown(*row) for row in workshop.rows(amounts.shown_sql(branch, "mapped", "''"))]

    assert [row[0] for row in read] == [Decimal("5.5")] * len(ways)
    assert {each.codes for each in shown} == {MARKS[mark]}
    assert sum(each.n for each in shown) == len(ways)
