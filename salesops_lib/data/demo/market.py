"""The demo company's market: segments, sources, products and how a deal usually moves.

Every figure is for the end of the data (autumn 2026) and one fully ramped rep, before any truth of ``truths.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

STAGES = ("Prospecting", "Qualification", "Proposal", "Negotiation")
PROPOSAL = 2


@dataclass(frozen=True)
class Segment:
    """What selling to one kind of customer is like."""

    name: str
    leads_per_month: float
    own_deals_per_month: float
    """Deals from prospecting, partners and referrals, without a lead."""
    expansions_per_year: float
    """Deals with an existing customer, per customer."""
    amount: float
    """Median value of a new deal in dollars."""
    amount_spread: float
    """Standard deviation of its logarithm."""
    advance: tuple[float, float, float, float]
    """Share of deals in each stage that goes on to the next; the last is the share won."""
    stay_days: tuple[float, float, float, float]
    """Median days in each stage."""
    push_days: tuple[int, int]
    """By how many days an expected close date is put off, least and most."""
    activities_per_week: float
    """Calls, emails, meetings and demos of one rep without the sales engagement tool."""
    employees: tuple[int, int]
    yearly_quota: float
    """Goal of one rep for bookings in 2026."""
    ramp_lag_days: int
    """How much later than the number of deals a joiner's quota ramps: deals take time to close."""


SEGMENTS = (
    Segment(
        name="SMB",
        leads_per_month=44.0,
        own_deals_per_month=4.4,
        expansions_per_year=0.26,
        amount=8_400,
        amount_spread=0.60,
        advance=(0.72, 0.70, 0.73, 0.84),
        stay_days=(5, 7, 9, 6),
        push_days=(7, 21),
        activities_per_week=27,
        employees=(10, 200),
        yearly_quota=480_000,
        ramp_lag_days=40,
    ),
    Segment(
        name="Mid-Market",
        leads_per_month=26.0,
        own_deals_per_month=4.2,
        expansions_per_year=0.34,
        amount=26_000,
        amount_spread=0.58,
        advance=(0.71, 0.69, 0.69, 0.82),
        stay_days=(9, 13, 17, 11),
        push_days=(10, 35),
        activities_per_week=30,
        employees=(200, 1_500),
        yearly_quota=980_000,
        ramp_lag_days=70,
    ),
    Segment(
        name="Enterprise",
        leads_per_month=6.2,
        own_deals_per_month=3.6,
        expansions_per_year=0.50,
        amount=89_000,
        amount_spread=0.50,
        advance=(0.69, 0.66, 0.65, 0.80),
        stay_days=(16, 25, 30, 21),
        push_days=(20, 60),
        activities_per_week=28,
        employees=(1_500, 20_000),
        yearly_quota=1_360_000,
        ramp_lag_days=120,
    ),
)
STAY_SPREAD = 0.65
"""Standard deviation of the logarithm of the days in a stage."""


@dataclass(frozen=True)
class Source:
    """Where deals come from."""

    name: str
    share: float
    """Share of the leads, or of the deals without a lead."""
    win_logit: float
    qualified: float = 0.0
    """Share of its leads accepted as qualified."""


LEAD_SOURCES = (
    Source("Website", 0.36, 0.0, 0.33),
    Source("Paid social", 0.18, -0.15, 0.27),
    Source("Webinar", 0.16, -0.05, 0.30),
    Source("Trade show", 0.12, -0.10, 0.28),
    Source("Content download", 0.18, -0.20, 0.25),
)
OWN_SOURCES = (
    Source("Outbound", 0.55, -0.20),
    Source("Partner", 0.25, 0.25),
    Source("Referral", 0.20, 0.40),
)
EXPANSION_SOURCE = Source("Customer", 1.0, 0.55)
SOURCES = (*LEAD_SOURCES, *OWN_SOURCES, EXPANSION_SOURCE)
CONVERTED_SHARE = 0.76
"""Share of qualified leads that become a deal."""

PRODUCTS = ("Quill Core", "Quill Plus", "Quill Insight", "Quill Connect")
PRODUCT_SHARES = np.array([[0.55, 0.22, 0.08, 0.15], [0.34, 0.34, 0.16, 0.16], [0.18, 0.42, 0.26, 0.14]])
PRODUCT_SIZE = np.array([0.90, 1.25, 1.10, 0.65])

REGIONS = ("Americas", "EMEA")
EUR_RATE = 1.08
"""Dollars for a euro, as in the demo company's company.yaml."""
EUR_SHARE = 0.30
"""Share of EMEA's deals that are stated in euros."""

MONTH_FACTORS = np.array([0.94, 0.99, 1.05, 1.00, 1.02, 1.04, 0.91, 0.88, 1.08, 1.09, 1.05, 0.85])
"""New leads and deals in each calendar month, relative to an average month."""
VOLUME_GROWTH = 0.03
AMOUNT_GROWTH = 0.04
"""Yearly growth of leads and deals per rep, and of deal values; the number of reps grows on top."""

LOST_REASONS = (
    "Price",
    "Chose a competitor",
    "No decision",
    "No budget",
    "Bad timing",
    "Missing feature",
    "Went silent",
)
LOST_SHARES = np.array(
    [
        [0.06, 0.06, 0.24, 0.14, 0.18, 0.04, 0.28],
        [0.08, 0.12, 0.24, 0.20, 0.14, 0.08, 0.14],
        [0.24, 0.24, 0.18, 0.10, 0.08, 0.10, 0.06],
        [0.32, 0.28, 0.14, 0.10, 0.08, 0.04, 0.04],
    ]
)
"""Why deals are lost, by the stage in which they are lost."""

NEXT_STEPS = (
    ("Call to find the decision maker", "Send introduction", "Research the account", "Second try by phone"),
    ("Discovery call booked", "Confirm budget and timing", "Map the people who decide", "Demo with the team lead"),
    ("Send the proposal", "Walk through the offer", "Answer security questions", "Agree the success measures"),
    ("Legal review", "Final price to purchasing", "Signature expected", "Call with the finance lead"),
)
