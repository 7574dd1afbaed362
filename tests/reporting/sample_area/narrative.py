"""Words of the sample area."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from salesops_lib import wording
from salesops_lib.wording import Action, Finding


def describe_bookings_by_month(bookings: pd.DataFrame, *, as_of: date) -> Finding:
    """Say how the last month stands against its goal."""
    last = bookings.iloc[-1]
    return Finding(
        f"September booked {wording.money(last['bookings_amount'])}, "
        f"{wording.percent(last['attainment_rate'])} of target",
        f"**{wording.money(last['bookings_amount'])}** came in against {wording.money(last['quota_amount'])}. "
        "The gap is wider than in August.",
        status="act",
        stake=last["quota_amount"] - last["bookings_amount"],
        action=Action(
            "Review the ten largest open deals", "Head of sales", as_of + timedelta(days=9), "Below 95% of goal."
        ),
    )


def describe_win_rate_by_rep(win_rates: pd.DataFrame, *, min_closed: int) -> Finding:
    """Say how many can be judged."""
    enough = int((win_rates["n_closed"] >= min_closed).sum())
    return Finding(
        f"{enough} of {len(win_rates)} reps closed enough deals to judge",
        f"A rep is judged from {min_closed} closed deals on; the others closed too few.",
        status="watch",
    )


def describe_rep_table(reps: pd.DataFrame) -> Finding:
    """Say how many reached the goal."""
    reached = int((reps["attainment_rate"] >= 1).sum())
    return Finding(
        f"{reached} of {len(reps)} reps reached target",
        f"{reached} of {len(reps)} reached their goal. One has no goal.",
        status="good",
    )


def describe_leads_by_source(leads: pd.DataFrame) -> Finding:
    """Say how many leads came in."""
    return Finding("Leads", f"{len(leads)} sources.")
