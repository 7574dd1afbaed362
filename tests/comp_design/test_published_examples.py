"""Published pay-plan examples: each that a plan can express today pays what its source prints."""

from decimal import Decimal
from fractions import Fraction
from operator import itemgetter

import pytest

from salesops_lib.comp_design import pay_by_rep
from salesops_lib.comp_design.payout import Piece, attainment_of, cents, curve, payout
from tests.builders import make_crm
from tests.comp_design.recipes import SEPTEMBER, make_plan, parameters_of, rep_quota
from tests.published import published

UNIT = 100_000
"""Quota and target of a plan whose source states rates of money: base rate 1, multipliers are the rates."""

LATER = {
    "capacity": "sizes a team by its quotas; it pays nobody",
    "clawback": "taking back paid commission is no part of a plan yet",
    "multiplier": "credits by product are no part of a plan yet",
    "instalments": "paying out in instalments is no part of a plan yet",
    "draw": "draws are no part of a plan yet",
    "advance": "advances are no part of a plan yet",
    "linear_commission": "crediting a share of reported sales and a ramp's top-up are no part of a plan yet",
    "proration": "quotas are taken as agreed, not prorated",
    "ramp_quota": "quotas are taken as agreed, not ramped",
    "annual_bonus": "scorecards and company multipliers are no part of a plan yet",
    "spif": "SPIFs are no part of a plan yet",
}
"""Kinds of example that a plan cannot express, and why."""


@pytest.mark.parametrize("example", published("comp", is_exact=True), ids=itemgetter("id"))
def test_a_published_example_pays_what_its_source_prints(example):
    """Written in the plan language, the example's plan gives the printed payout."""
    kind = example["plan"]["kind"]
    if kind in LATER:
        pytest.skip(f"{kind}: {LATER[kind]}")
    CHECKS[kind](example["plan"], example["inputs"], example["expected"])


def pieces_of(source, *, scale=1):
    """The curve of a source's rate table; rates of money are multipliers of base rate 1."""
    rows = [
        {"from": Decimal(row["from"]) / scale, "multiplier": row["rate"] if "rate" in row else row["multiplier"]}
        for row in source["tiers"]
    ]
    return curve(make_plan(application=source["application"], tiers=rows))


def commission(pieces, sales):
    """Pay in money for an amount sold."""
    return cents(UNIT * payout(pieces, attainment_of(Decimal(sales), Decimal(UNIT))))


def slice_pay(piece: Piece, start, end):
    """What the part of a sale that lies in a piece earns."""
    low, high = max(piece.low, start), end if piece.high is None else min(piece.high, end)
    return cents(UNIT * piece.slope * (high - low)) if high > low else None


def check_tiered(source, given, expected):
    """Rates by amount: the whole commission, its parts and its blended rate, cumulative ones as a difference."""
    pieces = pieces_of(source, scale=UNIT)
    before = Decimal(given.get("prior_period_to_date", 0))
    sold = Decimal(given.get("sales", given.get("revenue", given.get("deal"))))
    paid = commission(pieces, before + sold) - commission(pieces, before)
    assert paid == Decimal(expected["commission"])
    for key in ("blended_rate", "effective_rate", "rate"):
        if key in expected:
            assert paid / sold == expected[key]
    if "parts" in expected:
        ends = attainment_of(before, Decimal(UNIT)), attainment_of(before + sold, Decimal(UNIT))
        parts = [slice_pay(piece, *ends) for piece in pieces]
        assert [part for part in parts if part is not None] == [Decimal(part) for part in expected["parts"]]


def check_curve(source, given, expected):
    """Multipliers by attainment."""
    attained = attainment_of(Decimal(given["bookings"]), Decimal(source["quota"]))
    assert attained == Fraction(expected["attainment"])
    assert cents(source["target_variable"] * payout(pieces_of(source), attained)) == expected["variable"]


def check_linear(_source, given, expected):
    """One rate without end."""
    paid = [payout(curve(make_plan()), Fraction(each)) for each in given["attainments"]]
    assert paid == [Fraction(each) for each in expected["payout_pct_of_target"]]


def check_points(source, given, expected):
    """Straight lines between points, nothing below the first."""
    (first, *_), rows = source["points"][0], source["points"]
    plan = make_plan(
        application="interpolated",
        threshold=first,
        tiers=[{"from": 0, "multiplier": 0}, *({"from": low, "multiplier": pay} for low, pay in rows)],
    )
    paid = [payout(curve(plan), Fraction(each)) for each in given["attainments"]]
    assert paid == [Fraction(each) for each in expected["payout_pct_of_target"]]


def check_rate(source, _given, expected):
    """The base rate is target variable / quota: what one unit of bookings earns."""
    one = payout(curve(make_plan()), attainment_of(Decimal(1), Decimal(source["quota"])))
    assert source["target_variable"] * one == Fraction(expected["target_commission_rate"])


def check_split(source, given, expected):
    """Credits split the deal, the plan pays each share: parts add up to the whole."""
    shares = source["shares"]
    quota = Decimal(10_000) / source["rate"]
    deal = {"opportunity_id": "d", "rep_id": "owner", "closed_on": "2026-08-03", "status": "won"}
    credit = {"opportunity_id": "d", "book": "main"}
    crm = make_crm(
        deals=[{**deal, "amount": given["deal"]}],
        reps=[{"rep_id": who, "name": who, "role": "seller"} for who in ["owner", *shares]],
        credits=[{**credit, "rep_id": who, "share": share} for who, share in shares.items()],
        quotas=[rep_quota(who, quota) for who in shares],
    )
    pay = pay_by_rep(crm, period=SEPTEMBER, parameters=parameters_of(make_plan())).set_index("rep_id")
    for who in shares:
        assert pay.loc[who, "incentive_amount"] == Decimal(expected[who])
    assert sum(pay["incentive_amount"].dropna()) == Decimal(expected["total"])


CHECKS = {
    "tiered_commission": check_tiered,
    "attainment_curve": check_curve,
    "linear": check_linear,
    "payout_curve": check_points,
    "target_rate": check_rate,
    "split": check_split,
}
