"""Marks of currencies around a number: of which currency do ``$``, ``CA$``, ``kr`` and ``EUR`` speak?

One mark may stand for several currencies: ``$`` for every dollar and many pesos, ``kr`` for four
crowns. What an amount shows is held against what its row or the company says, so that no amount is
added up in a currency that is not its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from salesops_lib.wording import count

_TABLE = """
$: USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP UYU DOP CUP JMD TTD BBD BSD BZD BMD BND FJD GYD KYD LRD NAD SBD SRD XCD
us$ $us: USD
ca$ cdn$ $ca: CAD
c$: CAD NIO
a$ au$: AUD
nz$: NZD
hk$: HKD
s$ sg$: SGD
nt$ tw$: TWD
mx$ mex$: MXN
ar$: ARS
cl$: CLP
co$ col$: COP
u$ $u: UYU
rd$: DOP
j$: JMD
tt$: TTD
ec$: XCD
n$: NAD
r$ br$: BRL
€: EUR
£: GBP EGP GIP FKP SHP LBP SYP SSP SDG
e£: EGP
¥ ￥: JPY CNY
jp¥ 円: JPY
cn¥ 元 rmb: CNY
₩ 원: KRW
₹: INR
rs: INR PKR LKR NPR MUR SCR
₨: PKR INR LKR NPR MUR SCR
৳ tk: BDT
₫ đ: VND
฿: THB
₱: PHP
rp: IDR
rm: MYR
₭: LAK
៛: KHR
₮: MNT
₸: KZT
؋: AFN
kr: SEK NOK DKK ISK
skr: SEK
nkr: NOK
dkr: DKK
ikr: ISK
fr sfr: CHF
zł zl: PLN
kč kc: CZK
ft: HUF
lei leu: RON MDL
lv: BGN
kn: HRK
din: RSD
lek: ALL
₽: RUB
₴: UAH
₺ tl: TRY
₼: AZN
₾: GEL
֏: AMD
₪ nis: ILS
﷼: IRR SAR YER OMR QAR
sr: SAR
dh dhs: AED MAD
r: ZAR
₦: NGN
₵ gh₵: GHS
ksh: KES
tsh: TZS
ush: UGX
cfa fcfa: XOF XAF
₡: CRC
₲: PYG
s/: PEN
b/: PAB
bs: BOB VES
"""
"""Marks in small letters, without blanks and dots, and who writes them; first the currency that is meant abroad."""

MARKS = {
    mark: tuple(codes.split())
    for marks, codes in (line.split(": ") for line in _TABLE.strip().splitlines())
    for mark in marks.split()
}
"""Mark to the currencies it stands for. A code of three capital letters stands for itself."""

SYMBOLS = "".join(mark for mark in MARKS if not any(map(str.isalpha, mark)))
"""Marks of one sign, which may stand beside a code as well: ``CAD $``."""

_LETTERS = "|".join(
    re.escape(mark).replace(r"\$", r" ?\$ ?") for mark in sorted(MARKS, key=len, reverse=True) if mark not in SYMBOLS
)
_ONE_MARK = re.compile(rf"(?i:{_LETTERS})(?![^\W\d_])|[A-Z]{{3}}(?![^\W\d_])|[{SYMBOLS}]")


@dataclass(frozen=True)
class Shown:
    """What amounts of a column show around their numbers, in rows of one currency."""

    marks: str
    row_currency: str
    """What the rows name as their currency; empty where they name none."""
    n: int
    example: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The currencies that all the marks together may stand for; none where they contradict one another."""
        marks = [mark.replace(" ", "") for mark in _ONE_MARK.findall(self.marks)]
        found = [MARKS.get(mark.lower(), (mark,)) for mark in marks]
        return tuple(code for code in found[0] if all(code in other for other in found)) if found else ()

    def __str__(self) -> str:
        amounts, codes = count(self.n, "amount"), self.codes
        if len(codes) == 1:
            told = f"{amounts} in {codes[0]}" + (f" (`{self.marks}`)" if self.marks != codes[0] else "")
        else:
            may_be = f"{codes[0]}, {codes[1]} or another" if len(codes) > 2 else " or ".join(codes)
            told = f"{amounts} marked `{self.marks}` ({may_be or 'not one currency'})"
        row = f" where the row's currency is {self.row_currency}" if self.row_currency else ""
        return f"{told}{row}, like `{self.example}`"


def contradictions(place: str, shown: Sequence[Shown], currency: str, remedy: str) -> list[str]:
    """Sentences on amounts that show another currency than that of their row, or of the report where it names none.

    A mark of several currencies passes where the wanted one is among them, unless the column also spells
    the report currency out and the mark alone means another abroad: ``$`` beside ``CA$`` in Canada.

    Args:
        place: How messages call the column.
        shown: What its amounts show.
        currency: The report currency.
        remedy: What to do; ``{code}`` stands for the currency that the amounts may be in.
    """
    unnamed = [each for each in shown if not each.row_currency]
    is_spelt_out = any(each.codes == (currency,) for each in unnamed)
    foreign = [
        each
        for each in unnamed
        if currency not in each.codes or (is_spelt_out and len(each.codes) > 1 and each.codes[0] != currency)
    ]
    found = []
    if foreign:
        beside = [str(each) for each in unnamed if each not in foreign]
        told = "; ".join(map(str, foreign)) + (f"; beside {'; '.join(beside)}" if beside else "")
        likely = currency if currency in foreign[0].codes else (*foreign[0].codes, currency)[0]
        found.append(f"{place}: {told}; while the report currency is {currency}. {remedy.format(code=likely)}")
    contrary = [each for each in shown if each.row_currency and each.row_currency not in each.codes]
    if contrary:
        found.append(
            f"{place}: {'; '.join(map(str, contrary))}. Correct the amounts or the currency in the export, or map "
            "`currency` to the column that says what each amount is in."
        )
    return found
