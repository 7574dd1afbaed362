"""What is true about the demo company: the effects planted in its data, with figures and dates.

Tests and notebooks compare what they find with what stands here. ``TRUTHS`` is the demo company's own
set; ``NO_TRUTHS`` switches every effect off, which leaves a company in which all reps of a segment are
identical, no stage, source or cohort changes and no tool does anything: whatever is "found" there is chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

FIRST_DAY = date(2023, 10, 1)
"""Deals that closed before this day are not in the data; those open on it are, whenever created."""

AS_OF = date(2026, 10, 2)
"""The evening the data was taken; nothing has happened after it."""


@dataclass(frozen=True)
class DemoTruths:
    """Effects planted in the data; the defaults plant nothing."""

    rep_win_logit: Mapping[str, float] = field(default_factory=dict)
    """Reps who truly differ: shift of the log odds of winning any deal they create, all other things equal."""

    rep_win_spread: float = 0.0
    """Standard deviation, on the same scale, of the other reps around their segment: too small to be seen."""

    ramp_win_logit: float = 0.0
    """Shift of a joiner's log odds on the first day; it fades in a straight line over ``RAMP_DAYS`` days."""

    bottleneck_stage: str = "Proposal"
    bottleneck_from: date | None = None
    """Deals that enter the stage on or after this day are held up."""

    bottleneck_advance_factor: float = 1.0
    """The share that advances from the stage is multiplied by this."""

    bottleneck_stay_factor: float = 1.0
    """The days spent in the stage are multiplied by this."""

    bad_source: str = "Paid social"
    bad_source_from: date | None = None
    """Leads that arrive on or after this day are of the worse kind."""

    bad_source_volume_factor: float = 1.0
    bad_source_qualified_factor: float = 1.0
    """The share of the source's leads that is accepted as qualified is multiplied by this."""

    bad_source_win_logit: float = 0.0
    """Shift of the log odds of winning a deal that such a lead became."""

    bad_source_rep_ids: tuple[str, ...] = ()
    """The reps who receive most of the source's leads from that day; nothing is wrong with them."""

    bad_source_rep_share: float = 0.0
    """The share of the source's leads that goes to these reps."""

    tool_id: str = "TOOL-3"
    tool_rollouts: Mapping[str, date] = field(default_factory=dict)
    """First day of the tool in each team; a team that is not named never got it."""

    tool_activity_factor: float = 1.0
    """Activities per rep and week with the tool, relative to without; win rate, deal size and cycle do not change."""

    churn_cohort_from: date | None = None
    churn_cohort_to: date | None = None
    """Customers whose first deal was won between these days, both included, leave faster."""

    churn_hazard_factor: float = 1.0
    """Their chance to leave on any day is multiplied by this."""


RAMP_DAYS = 180
"""A joiner reaches the full number of deals, leads and quota after this many days."""

TRUTHS = DemoTruths(
    rep_win_logit={"R001": 0.60, "R013": 0.50, "R003": -0.60},
    rep_win_spread=0.05,
    ramp_win_logit=-0.40,
    bottleneck_from=date(2026, 5, 1),
    bottleneck_advance_factor=0.80,
    bottleneck_stay_factor=1.6,
    bad_source_from=date(2026, 6, 1),
    bad_source_volume_factor=1.8,
    bad_source_qualified_factor=0.45,
    bad_source_win_logit=-0.60,
    bad_source_rep_ids=("R004", "R005", "R006", "R028"),
    bad_source_rep_share=0.70,
    tool_rollouts={
        "T-SMB": date(2025, 9, 1),
        "T-EMEA": date(2025, 11, 3),
        "T-MM": date(2026, 1, 12),
    },
    tool_activity_factor=1.20,
    churn_cohort_from=date(2025, 1, 1),
    churn_cohort_to=date(2025, 3, 31),
    churn_hazard_factor=2.8,
)
"""The truths of the demo company at its default size of 40 reps.

Reps: R001 (SMB, +0.60) and R013 (Mid-Market, +0.50) win more than their segment, R003 (SMB, -0.60) wins less. All
others lie around their segment with a standard deviation of 0.05, about one percentage point of win rate.
Stage: from 1 May 2026 a proposal advances 0.80 times as often and takes 1.6 times as long, in every segment.
Leads: from 1 June 2026 Paid social brings 1.8 times the leads, of which 0.45 times the former share qualifies; 70 % of
them go to R004, R005, R006 (SMB) and R028 (EMEA), and the deals they become are won less often (-0.60).
Tool: the sales engagement tool raises activities by 20 % from each team's rollout; Enterprise has none. Win rate,
deal size and cycle do not change with it.
Churn: customers first won in the first quarter of 2025 leave 2.8 times as fast.
"""

NO_TRUTHS = DemoTruths()
"""A company without planted effects; ramps of volume, seasons, growth, moves and leavers remain."""
