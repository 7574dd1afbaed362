"""The demo company's sales tools: names, prices and habits; all invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Tool:
    """One tool; costs in dollars."""

    tool_id: str
    name: str
    category: str
    vendor: str
    owner: str
    rolled_out_on: date
    renewal_on: date
    notice_days: int
    seat_price: int
    """Licence per seat and year."""
    seats: int
    """Provisioned beyond the people who hold one."""
    one_off: Mapping[str, int] = field(default_factory=dict)
    """Implementation, training and integration."""
    internal_hours_cost: int = 0
    """Own people's time per year."""
    used_share: float = 0.9
    """Share of a seat's weeks with any use."""
    actions: float = 20.0
    """Actions in a week with use."""
    mood: float = 0.9
    """Mean of what people think, from -2 to 2."""
    is_for_all: bool = True
    """Managers and specialists have a seat too."""
    is_staggered: bool = False
    """Teams got it one after another, on the dates of ``truths.py``."""
    keeps_leavers: bool = False
    """Nobody takes the seats of leavers back."""


DEMO_TOOLS = (
    Tool(
        tool_id="TOOL-1",
        name="Fernlight",
        category="CRM",
        vendor="Fernlight Inc.",
        owner="Sales operations",
        rolled_out_on=date(2021, 3, 1),
        renewal_on=date(2027, 2, 28),
        notice_days=90,
        seat_price=1_500,
        seats=4,
        one_off={"training": 9_000},
        internal_hours_cost=42_000,
        used_share=0.97,
        actions=85,
        mood=0.55,
    ),
    Tool(
        tool_id="TOOL-2",
        name="Ringway",
        category="Dialler",
        vendor="Ringway Voice",
        owner="Sales operations",
        rolled_out_on=date(2022, 6, 1),
        renewal_on=date(2027, 5, 31),
        notice_days=60,
        seat_price=540,
        seats=3,
        one_off={"training": 3_000},
        internal_hours_cost=6_000,
        used_share=0.78,
        actions=46,
        mood=0.35,
        is_for_all=False,
    ),
    Tool(
        tool_id="TOOL-3",
        name="Threadline",
        category="Sales engagement",
        vendor="Threadline Labs",
        owner="Sales enablement",
        rolled_out_on=date(2025, 9, 1),
        renewal_on=date(2027, 8, 31),
        notice_days=90,
        seat_price=1_320,
        seats=5,
        one_off={"implementation": 24_000, "training": 11_000, "integration": 8_500},
        internal_hours_cost=14_000,
        used_share=0.88,
        actions=38,
        mood=0.85,
        is_for_all=False,
        is_staggered=True,
    ),
    Tool(
        tool_id="TOOL-4",
        name="Callglass",
        category="Conversation recording",
        vendor="Callglass",
        owner="Sales enablement",
        rolled_out_on=date(2024, 11, 18),
        renewal_on=date(2026, 11, 30),
        notice_days=45,
        seat_price=1_440,
        seats=9,
        one_off={"implementation": 12_000, "training": 7_500},
        internal_hours_cost=9_000,
        used_share=0.27,
        actions=7,
        mood=-0.3,
        is_for_all=False,
        keeps_leavers=True,
    ),
    Tool(
        tool_id="TOOL-5",
        name="Quoteloom",
        category="Quoting",
        vendor="Quoteloom BV",
        owner="Sales operations",
        rolled_out_on=date(2023, 5, 2),
        renewal_on=date(2027, 4, 30),
        notice_days=90,
        seat_price=780,
        seats=2,
        one_off={"implementation": 15_000},
        internal_hours_cost=11_000,
        used_share=0.71,
        actions=9,
        mood=-0.05,
        is_for_all=False,
    ),
    Tool(
        tool_id="TOOL-6",
        name="Signwright",
        category="Electronic signature",
        vendor="Signwright",
        owner="Legal",
        rolled_out_on=date(2022, 1, 10),
        renewal_on=date(2026, 12, 31),
        notice_days=30,
        seat_price=300,
        seats=6,
        internal_hours_cost=1_500,
        used_share=0.62,
        actions=5,
        mood=1.05,
        is_for_all=False,
        keeps_leavers=True,
    ),
    Tool(
        tool_id="TOOL-7",
        name="Mapledata",
        category="Contact data",
        vendor="Mapledata Ltd",
        owner="Marketing operations",
        rolled_out_on=date(2024, 2, 5),
        renewal_on=date(2027, 2, 4),
        notice_days=60,
        seat_price=960,
        seats=3,
        one_off={"integration": 6_000},
        internal_hours_cost=4_000,
        used_share=0.66,
        actions=24,
        mood=0.25,
        is_for_all=False,
    ),
    Tool(
        tool_id="TOOL-8",
        name="Dialmark",
        category="Dialler",
        vendor="Dialmark Telecom",
        owner="Sales operations",
        rolled_out_on=date(2023, 9, 4),
        renewal_on=date(2026, 12, 15),
        notice_days=75,
        seat_price=480,
        seats=7,
        internal_hours_cost=2_500,
        used_share=0.31,
        actions=15,
        mood=-0.55,
        is_for_all=False,
        keeps_leavers=True,
    ),
)
"""Two diallers do the same job, the recording tool is hardly used and its notice day is near; the rest is sound."""
