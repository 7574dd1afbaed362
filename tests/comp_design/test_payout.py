"""The payout curve: any plan, any attainment, to the exact fraction."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.comp_design.payout import attainment_of, cents, curve, jumps, payout, share_out
from tests.comp_design.recipes import attainments, make_plan, plans, slow_payout, tiers

ANY = settings(max_examples=50, deadline=None)


@ANY
@given(plan=plans(), attainment=attainments)
def test_the_curve_pays_what_the_rate_table_says(plan, attainment):
    """Pieces, threshold and cap together pay what a row-by-row reading of the plan pays."""
    assert payout(curve(plan), attainment) == slow_payout(plan, attainment)


@ANY
@given(plan=plans())
def test_at_every_boundary_the_upper_row_holds(plan):
    """A boundary value belongs to the row that starts there."""
    for row in plan.tiers:
        assert payout(curve(plan), Fraction(row.low)) == slow_payout(plan, Fraction(row.low))


@ANY
@given(plan=plans(), attainment=attainments)
def test_pieces_meet_and_cover_every_attainment(plan, attainment):
    """No gap, no overlap, from 0 to without end."""
    pieces = curve(plan)
    assert pieces[0].low == 0
    assert pieces[-1].high is None
    assert all(before.high == after.low for before, after in pairwise(pieces))
    assert sum(piece.low <= attainment and (piece.high is None or attainment < piece.high) for piece in pieces) == 1


@ANY
@given(plan=plans("marginal") | plans("interpolated"), one=attainments, other=attainments)
def test_more_bookings_never_pay_less(plan, one, other):
    """Slices at their own rate and rising straight lines only go up."""
    low, high = sorted([one, other])
    pieces = curve(plan)
    assert payout(pieces, low) <= payout(pieces, high)


@ANY
@given(plan=plans("marginal"))
def test_slices_at_their_own_rate_never_jump(plan):
    """Without a threshold, a marginal plan has no cliff, whatever its rates and cap."""
    assert jumps(curve(plan.model_copy(update={"threshold": None}))) == []


@ANY
@given(plan=plans(), attainment=attainments)
def test_no_payout_exceeds_the_cap(plan, attainment):
    """The cap holds at every attainment."""
    if plan.cap is not None:
        assert payout(curve(plan), attainment) <= Fraction(plan.cap)


@ANY
@given(plan=plans(), attainment=attainments)
def test_below_the_threshold_nothing_is_paid(plan, attainment):
    """Not a cent, whatever the table says there."""
    if plan.threshold and attainment < Fraction(plan.threshold):
        assert payout(curve(plan), attainment) == 0


def test_a_whole_plan_jumps_where_its_rate_changes():
    """At 100 % the rate goes from 1 to 1.5 for everything: half of target at once."""
    plan = make_plan(application="whole", tiers=tiers((0, 1), (1, "1.5")))
    assert jumps(curve(plan)) == [(1, Fraction(1, 2))]


def test_a_threshold_is_a_jump():
    """At 50 % a straight plan with a threshold pays half of target at once."""
    assert jumps(curve(make_plan(threshold=Decimal("0.5")))) == [(Fraction(1, 2), Fraction(1, 2))]


def test_negative_attainment_pays_what_zero_pays():
    """A quarter of returned deals is paid as an empty one; carrying it forward is the plan's own matter."""
    assert payout(curve(make_plan()), Fraction(-1, 2)) == 0


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("1.005", "1.01"), ("1.00499", "1.00"), ("-1.005", "-1.01"), ("2.675", "2.68"), ("0", "0.00")],
)
def test_half_a_cent_goes_away_from_zero(exact, rounded):
    """Half-up, on the exact value: 2.675 is 2.68, which a float would round to 2.67."""
    assert str(cents(Fraction(exact))) == rounded


def test_attainment_is_an_exact_fraction():
    """A third of a quota is a third, so that three of them are the whole."""
    assert attainment_of(Decimal("100.00"), Decimal("300.00")) * 3 == 1


@ANY
@given(amount=st.decimals(0, 10**7, places=2), share=st.decimals(0, 1, places=4))
def test_two_parts_of_an_amount_add_up_to_it(amount, share):
    """However the cents fall."""
    assert sum(share_out(amount, share)) == amount
