"""Calls, emails, meetings and demos of the demo company, and the tool that raises their number.

How much a rep does in a week depends on the rep, the ramp, the time of year and the tool, not on how many deals are
open; what is done is spread over the deals open that week. So a comparison of rep-weeks measures the tool alone.
"""

from __future__ import annotations

import numpy as np

from salesops_lib.data.demo.days import NEVER, Array, Columns, office_moment, ordinal, stack, stream, take
from salesops_lib.data.demo.deals import Business
from salesops_lib.data.demo.demand import ramp_share
from salesops_lib.data.demo.journeys import STAY
from salesops_lib.data.demo.market import SEGMENTS
from salesops_lib.data.demo.people import TEAM_IDS, Staff
from salesops_lib.data.demo.truths import AS_OF, FIRST_DAY, DemoTruths

ACTIVITY_KINDS = ("Email", "Call", "Meeting", "Demo", "Other")
_KIND_SHARES = (0.44, 0.33, 0.15, 0.08)
_OTHER = 4
_OTHER_PER_WEEK = 0.8
_MINUTES = np.array([5.0, 8.0, 40.0, 50.0, 45.0])
_EFFORT_SPREAD = 0.12
"""Standard deviation of the logarithm of a rep's own pace."""
_FIRST_MONDAY = ordinal(FIRST_DAY) + 1
_N_WEEKS = (ordinal(AS_OF) - _FIRST_MONDAY) // 7 + 1


def activities(seed: int, staff: Staff, business: Business, truths: DemoTruths) -> Columns:
    """One row per activity: rep, deal (-1 for none), kind, moment, minutes; by moment."""
    rng = stream(seed, "activities")
    weeks = _rep_weeks(staff)
    done = _on_deals(rng, weeks, _deal_weeks(business), _expected(rng, staff, weeks, truths))
    other = _spread(rng, weeks, np.full(len(weeks["rep"]), _OTHER_PER_WEEK))
    n = len(other["rep"])
    rows = stack([done, {**other, "deal": np.full(n, -1), "kind": np.full(n, _OTHER)}])
    rows["moment"] = office_moment(rng, rows.pop("day"))
    rows["minutes"] = np.rint(_MINUTES[rows["kind"]] * rng.lognormal(0.0, 0.45, len(rows["rep"]))) + 1.0
    return take(rows, np.argsort(rows["moment"], kind="stable"))


def _rep_weeks(staff: Staff) -> Columns:
    """One row per seller's stay and week: rep, team, segment, week, first and last working day in it."""
    stays = staff.selling_stays
    week = np.tile(np.arange(_N_WEEKS), len(stays["rep"]))
    row = np.repeat(np.arange(len(stays["rep"])), _N_WEEKS)
    monday = _FIRST_MONDAY + 7 * week
    columns = {name: stays[name][row] for name in ("rep", "team", "segment")}
    columns |= {"week": week, "first": np.maximum(stays["start"][row], monday)}
    columns["last"] = np.minimum(np.minimum(stays["end"][row], monday + 4), ordinal(AS_OF))
    return take(columns, columns["first"] <= columns["last"])


def _expected(rng: np.random.Generator, staff: Staff, weeks: Columns, truths: DemoTruths) -> Array:
    """Activities expected of each rep and week."""
    usual = np.array([segment.activities_per_week for segment in SEGMENTS])[weeks["segment"]]
    pace = np.exp(_EFFORT_SPREAD * rng.normal(size=len(staff.rep_ids)))[weeks["rep"]]
    ramp = 0.4 + 0.6 * ramp_share(weeks["first"] - staff.started[weeks["rep"]])
    # Holidays, trade fairs and quarter ends move everybody alike.
    common = np.exp(0.07 * rng.normal(size=_N_WEEKS))[weeks["week"]]
    days = (weeks["last"] - weeks["first"] + 1) / 5
    tool = np.where(_has_tool(weeks, truths), truths.tool_activity_factor, 1.0)
    expected: Array = usual * pace * ramp * common * days * tool
    return expected


def _has_tool(weeks: Columns, truths: DemoTruths) -> Array:
    """Whether the rep's team had the tool in the week."""
    since = np.full(len(TEAM_IDS), NEVER)
    for team_id, day in truths.tool_rollouts.items():
        since[TEAM_IDS.index(team_id)] = ordinal(day)
    has_it: Array = weeks["last"] >= since[weeks["team"]]
    return has_it


def _spread(rng: np.random.Generator, weeks: Columns, expected: Array) -> Columns:
    """Rep and day of every activity; days are working days of the rep's week."""
    row = np.repeat(np.arange(len(expected)), rng.poisson(expected))
    width = weeks["last"][row] - weeks["first"][row] + 1
    return {"rep": weeks["rep"][row], "day": weeks["first"][row] + (rng.random(len(row)) * width).astype(np.int64)}


def _deal_weeks(business: Business) -> Columns:
    """One row per deal, owner and week: what a rep can work on; by rep and week.

    A deal that nobody closes is worked for two and a half times the usual length, then left alone.
    """
    deals, closes = business.deals, np.minimum(business.journeys.closes, ordinal(AS_OF))
    closes = np.minimum(closes, deals["day"] + (2.5 * STAY[deals["segment"]].sum(axis=1)).astype(np.int64))
    everyone = np.arange(len(closes))
    own = {"deal": everyone, "rep": deals["rep"], "start": deals["day"], "end": np.minimum(closes, deals["left"])}
    passed = np.flatnonzero(closes > deals["left"])
    heirs = {"deal": passed, "rep": deals["heir"][passed], "start": deals["left"][passed] + 1, "end": closes[passed]}
    spans = stack([own, heirs])
    spans = take(spans, ~deals["is_twin"][spans["deal"]] & (spans["end"] >= _FIRST_MONDAY))
    first = np.maximum(spans["start"] - _FIRST_MONDAY, 0) // 7
    n_weeks = (spans["end"] - _FIRST_MONDAY) // 7 - first + 1
    row = np.repeat(np.arange(len(first)), n_weeks)
    week = first[row] + np.arange(len(row)) - np.repeat(n_weeks.cumsum() - n_weeks, n_weeks)
    rows = {**take(spans, row), "key": spans["rep"][row] * _N_WEEKS + week}
    return take(rows, np.argsort(rows["key"], kind="stable"))


def _on_deals(rng: np.random.Generator, weeks: Columns, open_deals: Columns, expected: Array) -> Columns:
    """Activities on a deal of the rep that is open on the day; where none is, on no deal."""
    rows = _spread(rng, weeks, expected)
    week = (rows["day"] - _FIRST_MONDAY) // 7
    key = rows["rep"] * _N_WEEKS + week
    low, high = np.searchsorted(open_deals["key"], key), np.searchsorted(open_deals["key"], key, side="right")
    deal = np.full(len(key), -1)
    # A deal drawn may have opened later in the week, or closed earlier: then another is drawn.
    for _ in range(4):
        missing = np.flatnonzero((deal < 0) & (high > low))
        drawn = low[missing] + (rng.random(len(missing)) * (high - low)[missing]).astype(np.int64)
        fits = (open_deals["start"][drawn] <= rows["day"][missing]) & (rows["day"][missing] <= open_deals["end"][drawn])
        deal[missing[fits]] = open_deals["deal"][drawn[fits]]
    kind = rng.choice(len(_KIND_SHARES), len(key), p=_KIND_SHARES)
    return {"rep": rows["rep"], "day": rows["day"], "deal": deal, "kind": kind}
