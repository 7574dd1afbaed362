"""Marts: teams at closing, credits to the cent, spans and visits."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import make_crm

HISTORY = [
    {"opportunity_id": "x", "changed_at": "2026-01-05 09:00", "stage": "A", "amount": 100, "rep_id": "ana"},
    {"opportunity_id": "x", "changed_at": "2026-01-20 09:00", "stage": "A", "amount": 150, "rep_id": "ana"},
    {"opportunity_id": "x", "changed_at": "2026-02-01 09:00", "stage": "B", "amount": 150, "rep_id": "ana"},
    {"opportunity_id": "x", "changed_at": "2026-02-01 17:00", "stage": "C", "amount": 160, "rep_id": "bo"},
]
DEAL = {"opportunity_id": "x", "rep_id": "bo", "status": "won", "closed_on": "2026-03-01", "created_on": "2026-01-05"}


def crm_with_history(**deal):
    """A company of one deal with four changes."""
    return make_crm(
        deals=[DEAL | {"amount": 160} | deal], reps=["ana", "bo"], stage_history=HISTORY, open_stages=["A", "B", "C"]
    )


def test_a_deal_belongs_to_the_team_its_owner_was_in_when_it_closed():
    """Today's team does not claim last year's deals."""
    crm = make_crm(
        deals=[("ana", "2025-03-01", "won"), ("ana", "2026-03-01", "won"), ("ana", None, "open")],
        teams=[{"team_id": "east", "name": "East"}, {"team_id": "west", "name": "West"}],
        team_members=[
            {"rep_id": "ana", "team_id": "east", "from_on": "2024-01-01", "to_on": "2025-12-31"},
            {"rep_id": "ana", "team_id": "west", "from_on": "2026-01-01"},
        ],
    )

    deals = crm.fetch(crm.opportunities.order_by("opportunity_id"))

    assert list(deals["team_id"]) == ["east", "west", "west"]


def test_a_deal_without_credits_is_credited_to_its_owner():
    """A deal that the credits table leaves out is not lost from bookings."""
    crm = make_crm(
        deals=[("ana", "2026-03-01", "won", 500), ("bo", "2026-03-02", "won", 300)],
        credits=[{"opportunity_id": "d00000", "rep_id": "bo", "share": 1, "book": "main"}],
    )

    credits = crm.fetch(crm.credits.order_by("opportunity_id"))

    assert list(credits["rep_id"]) == ["bo", "bo"]
    assert list(credits["amount"]) == [Decimal("500.00"), Decimal("300.00")]


@settings(max_examples=40, deadline=None)
@given(
    amount=st.decimals(min_value=0, max_value=10**8, places=2),
    cuts=st.lists(st.integers(1, 999_999), min_size=1, max_size=5, unique=True),
)
def test_the_credits_of_a_deal_add_up_to_the_cent(amount, cuts):
    """However a deal is split, nothing is lost and nothing is made."""
    edges = [0, *sorted(cuts), 1_000_000]
    shares = [Decimal(b - a) / 1_000_000 for a, b in pairwise(edges)]
    reps = [f"r{i}" for i in range(len(shares))]
    crm = make_crm(
        deals=[("r0", "2026-03-01", "won", amount)],
        reps=reps,
        credits=[
            {"opportunity_id": "d00000", "rep_id": rep, "share": share, "book": "main"}
            for rep, share in zip(reps, shares, strict=True)
        ],
    )

    credits = crm.fetch(crm.credits)

    assert sum(credits["amount"]) == amount
    exact = {rep: amount * share for rep, share in zip(reps, shares, strict=True)}
    assert all(abs(row.amount - exact[row.rep_id]) < Decimal("0.01") for row in credits.itertuples())


def test_a_span_is_the_state_of_an_evening():
    """Two changes on one day are one evening's state, and the closing is a state of its own."""
    crm = crm_with_history()

    spans = crm.fetch(crm.spans.order_by("valid_from"))

    assert list(spans["stage"]) == ["A", "A", "C", "won"]
    assert [str(day)[:10] for day in spans["valid_from"]] == ["2026-01-05", "2026-01-20", "2026-02-01", "2026-03-01"]
    assert [str(day)[:10] for day in spans["valid_to"][:3]] == ["2026-01-20", "2026-02-01", "2026-03-01"]


def test_a_visit_is_a_stay_in_a_stage_until_the_next_one_or_the_closing():
    """A change of amount does not end a stay; a stage passed on one day is a stay of 0 days."""
    crm = crm_with_history()

    visits = crm.fetch(crm.visits.order_by("visit"))

    assert list(zip(visits["stage"], visits["next_stage"], visits["days"], strict=True)) == [
        ("A", "B", 27),
        ("B", "C", 0),
        ("C", "won", 28),
    ]


def test_a_stay_of_an_open_deal_has_no_end():
    """Censored, not dropped and not ended."""
    crm = crm_with_history(status="open", closed_on=None)

    last = crm.fetch(crm.visits.order_by("visit")).iloc[-1]

    assert last["stage"] == "C"
    assert last[["left_on", "next_stage", "days"]].isna().all()


def test_a_blank_in_the_history_keeps_what_the_deal_had_before():
    """A change of stage that names no amount, date or owner changes none of them."""
    told = [{"amount": 100, "expected_close_on": "2026-03-31", "rep_id": "ana"}, {}, {"amount": 160}, {"rep_id": "bo"}]
    rows = [
        {"opportunity_id": "x", "changed_at": f"2026-01-{10 + number} 09:00", "stage": "AB"[number % 2], **row}
        for number, row in enumerate(told)
    ]
    crm = make_crm(deals=[DEAL | {"amount": 170}], reps=["ana", "bo"], stage_history=rows, open_stages=["A", "B"])

    spans = crm.fetch(crm.spans.filter(crm.spans.stage != "won").order_by("valid_from"))

    assert spans["amount"].astype(int).tolist() == [100, 100, 160, 160]
    assert spans["expected_close_on"].dt.strftime("%m-%d").tolist() == ["03-31"] * 4
    assert spans["rep_id"].tolist() == ["ana", "ana", "ana", "bo"]


def test_a_blank_before_the_first_value_stays_blank():
    """The deal had no amount yet: what it was worth in the end was not known then."""
    rows = [
        {"opportunity_id": "x", "changed_at": "2026-01-10 09:00", "stage": "A"},
        {"opportunity_id": "x", "changed_at": "2026-02-10 09:00", "stage": "B", "amount": 90},
    ]
    crm = make_crm(deals=[DEAL | {"amount": 170}], stage_history=rows, open_stages=["A", "B"])

    assert crm.fetch(crm.spans.order_by("valid_from"))["amount"].isna().tolist() == [True, False, False]
