"""Why deals are lost, and which kinds of deals are won."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from salesops_lib.performance_visibility import losses_by_reason, win_rate_by_offer
from salesops_lib.performance_visibility.winning.losses.narrative import (
    describe_losses_by_reason,
    describe_win_rate_by_offer,
)
from tests.builders import CALENDAR, make_crm

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)
NOW, THEN = "2026-08-15", "2025-12-15"


def closed(on, *, n, status="lost", **says):
    """So many deals closed on a day, of which the data says this."""
    return [{"rep_id": "ana", "closed_on": on, "status": status, "amount": 100, **says}] * n


def losses(*deals, **options):
    """The table of these deals."""
    crm = make_crm(deals=[each for group in deals for each in group], as_of=END)
    return losses_by_reason(crm, period=SEPTEMBER, confidence=0.95, **options)


def offers(*deals):
    """The other table of these deals."""
    crm = make_crm(deals=[each for group in deals for each in group], as_of=END)
    return win_rate_by_offer(crm, period=SEPTEMBER, confidence=0.95)


def test_shares_of_a_kind_add_up_and_are_counted_now_and_before():
    """Three of four for price, the twelve months before one of four."""
    rows = losses(
        closed(NOW, n=3, lost_reason="Price"), closed(NOW, n=1, lost_reason="Timing"),
        closed(THEN, n=1, lost_reason="Price"), closed(THEN, n=3, lost_reason="Timing"),
    )  # fmt: skip
    reasons = rows[rows["by"] == "reason"].set_index("name")
    assert reasons["loss_rate"].to_dict() == {"Price": 0.75, "Timing": 0.25}
    assert reasons["before_rate"].to_dict() == {"Price": 0.25, "Timing": 0.75}
    assert reasons["lost_amount"].to_dict() == {"Price": 300.0, "Timing": 100.0}


def test_a_loss_without_a_reason_keeps_its_place_among_the_others():
    """Left out it would make the others look more frequent than they are."""
    rows = losses(closed(NOW, n=1, lost_reason="Price"), closed(NOW, n=3))
    assert rows[rows["by"] == "reason"].set_index("name")["loss_rate"].to_dict() == {
        "Not recorded": 0.75,
        "Price": 0.25,
    }


def test_what_the_data_never_states_makes_no_row():
    """A company that records no reasons gets stages only."""
    rows = losses(closed(NOW, n=3, stage="Proposal"))
    assert list(rows["by"]) == ["stage"]


def test_a_reason_that_became_more_frequent_is_told():
    """From a tenth to a half of 60 losses is beyond chance, and worth watching."""
    rows = losses(
        closed(NOW, n=30, lost_reason="Price"), closed(NOW, n=30, lost_reason="Timing"),
        closed(THEN, n=12, lost_reason="Price"), closed(THEN, n=108, lost_reason="Timing"),
    )  # fmt: skip
    found = describe_losses_by_reason(rows)
    assert found.status == "watch"
    assert found.title == "More deals are lost for Price: 50% of losses, 10% before"
    assert "Price 10% to 50%" in found.text


def test_no_share_is_told_to_have_changed_in_companies_where_none_did():
    """Of 200 companies whose reasons never change, at most 5 % hear of a change (2.5 to 97.5 % of that: 4 to 17)."""
    draw, n_told = np.random.default_rng(8), 0
    for _ in range(200):
        reasons = draw.choice(["Price", "Timing", "Fit", "Silence"], size=100, p=[0.4, 0.3, 0.2, 0.1])
        deals = [closed(NOW if place < 30 else THEN, n=1, lost_reason=str(each)) for place, each in enumerate(reasons)]
        n_told += bool(losses(*deals)["is_changed"].any())
    assert n_told <= 17


def test_many_losses_without_a_reason_are_said_first_of_all_doubts():
    """Four in ten unsaid: what the others say may not hold."""
    rows = losses(closed(NOW, n=6, lost_reason="Price"), closed(NOW, n=4))
    assert "40% of the losses state no reason" in describe_losses_by_reason(rows).text


def test_without_losses_nothing_is_claimed():
    """A company that wins all, or records no loss."""
    found = describe_losses_by_reason(losses(closed(NOW, n=3, status="won")))
    assert (found.status, found.is_headline) == ("note", False)


def test_win_rates_by_product_are_counted_over_closed_deals():
    """One of four Core deals, three of four Plus deals."""
    rows = offers(
        closed(NOW, n=1, status="won", product="Core"), closed(NOW, n=3, product="Core"),
        closed(NOW, n=3, status="won", product="Plus"), closed(NOW, n=1, product="Plus"),
    )  # fmt: skip
    assert rows.set_index("name")["win_rate"].to_dict() == {"Core": 0.25, "Plus": 0.75}
    assert set(rows["by"]) == {"product"}


def test_a_product_that_is_won_less_often_is_the_title():
    """Half of 60 before, a tenth now."""
    rows = offers(
        closed(NOW, n=6, status="won", product="Core"), closed(NOW, n=54, product="Core"),
        closed(THEN, n=60, status="won", product="Core"), closed(THEN, n=60, product="Core"),
        closed(NOW, n=30, status="won", product="Plus"), closed(NOW, n=30, product="Plus"),
        closed(THEN, n=60, status="won", product="Plus"), closed(THEN, n=60, product="Plus"),
    )  # fmt: skip
    found = describe_win_rate_by_offer(rows, min_closed=20)
    assert found.title == "The win rate of Core fell to 10% from 50%"
    assert found.status == "watch"
    assert "Core 50% to 10% of 60 closed deals" in found.text


def test_a_company_with_one_product_hears_nothing_of_products():
    """One value tells nothing apart."""
    assert offers(closed(NOW, n=3, product="Core"), closed(NOW, n=3, status="won", product="Core")).empty


def test_win_rates_need_losses():
    """Without a recorded loss every rate would be 100 % by construction."""
    rows = offers(closed(NOW, n=3, status="won", product="Core"), closed(NOW, n=3, status="won", product="Plus"))
    assert rows.empty
    assert "cannot be told" in describe_win_rate_by_offer(rows, min_closed=20).title


@pytest.mark.parametrize("metric", [losses_by_reason, win_rate_by_offer])
def test_nothing_closed_is_an_empty_table(metric):
    """A company of open deals only."""
    crm = make_crm(deals=[{"rep_id": "ana", "status": "open", "product": "Core"}], as_of=END)
    assert metric(crm, period=SEPTEMBER, confidence=0.95).empty


def test_a_deal_lost_after_the_evening_is_not_known():
    """The report on August knows nothing of September."""
    crm = make_crm(deals=closed("2026-09-05", n=3, lost_reason="Price"), as_of=END)
    rows = losses_by_reason(crm.at(date(2026, 8, 31)), period=CALENDAR.period("2026-08"), confidence=0.95)
    assert rows.empty


def test_the_shares_interval_holds_the_share():
    """Low, share and high stand in order for every row."""
    rows = losses(closed(NOW, n=2, lost_reason="Price"), closed(NOW, n=1, lost_reason="Fit"))
    ordered = rows[["loss_rate_low", "loss_rate", "loss_rate_high"]].to_numpy(float)
    assert (np.diff(ordered, axis=1) >= 0).all()
    assert isinstance(rows, pd.DataFrame)
