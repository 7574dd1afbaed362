"""Accounts, deals, their history and the work on them as canonical tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from salesops_lib.data.demo.activities import ACTIVITY_KINDS, activities
from salesops_lib.data.demo.arrow import arrow_table, keys, words
from salesops_lib.data.demo.credits import credits
from salesops_lib.data.demo.days import DAY, NEVER, Array, ordinal, stream, take
from salesops_lib.data.demo.deals import KINDS
from salesops_lib.data.demo.market import (
    LOST_REASONS,
    LOST_SHARES,
    NEXT_STEPS,
    PRODUCTS,
    REGIONS,
    SEGMENTS,
    SOURCES,
    STAGES,
)
from salesops_lib.data.demo.names import INDUSTRIES
from salesops_lib.data.demo.notes import NOTES, note_codes
from salesops_lib.data.demo.truths import AS_OF, FIRST_DAY

if TYPE_CHECKING:
    import pyarrow as pa

    from salesops_lib.data.demo.company import DemoCompany


_SEGMENT_NAMES = [segment.name for segment in SEGMENTS]
_SOURCE_NAMES = [source.name for source in SOURCES]
_STATUS = ("open", "lost", "won")
_CATEGORIES = ("commit", "best_case", "pipeline", "omitted")


def accounts_table(company: DemoCompany) -> pa.Table:
    """Accounts that a deal or a subscription belongs to."""
    accounts = company.business.accounts
    # Accounts of deals that closed before the data began are not in it.
    known = np.zeros(len(accounts["size"]), dtype=bool)
    known[company.business.deals["account"]] = True
    known[company.business.customers["account"]] = True
    rows = np.flatnonzero(known)
    columns = {
        "account_id": company.account_keys[rows].tolist(),
        "name": [company.business.account_names[row] for row in rows],
        "segment": words(_SEGMENT_NAMES, accounts["segment"][rows]),
        "industry": words(INDUSTRIES, accounts["industry"][rows]),
        "size": accounts["size"][rows],
        "region": words(REGIONS, accounts["region"][rows]),
    }
    return arrow_table("accounts", columns)


def opportunities_table(company: DemoCompany) -> pa.Table:
    """Deals as last seen: what the last state of each says."""
    deals, journeys, states = company.business.deals, company.business.journeys, company.states
    rng = stream(company.seed, "opportunity details")
    n = len(deals["day"])
    last = np.flatnonzero(np.r_[states["deal"][1:] != states["deal"][:-1], True])
    state = take(states, last)
    is_over = state["stage"] >= len(STAGES)
    status = np.where(is_over, state["stage"] - len(STAGES) + 1, 0)
    # The last open stage stands in the state before the closing one.
    stage = np.where(is_over, states["stage"][last - 1], state["stage"])
    lost = status == 1
    columns = {
        "opportunity_id": company.deal_keys.tolist(),
        "account_id": words(company.account_keys, deals["account"]),
        "rep_id": words(company.staff.rep_ids, state["owner"]),
        "product": words(PRODUCTS, deals["product"]),
        "source": words(_SOURCE_NAMES, deals["source"]),
        "kind": words(KINDS, deals["kind"]),
        "amount": state["amount"],
        "currency": words(("USD", "EUR"), deals["is_eur"].astype(np.int64)),
        "stage": words(STAGES, stage),
        "forecast_category": words(_CATEGORIES, _forecast_category(rng, stage, state["expected"], is_over)),
        "created_on": deals["day"],
        "expected_close_on": state["expected"],
        "closed_on": np.where(is_over, journeys.closes, NEVER),
        "status": words(_STATUS, status),
        "lost_reason": words(LOST_REASONS, _lost_reasons(rng, stage, lost)),
        "next_step": _next_steps(rng, stage, is_over, n),
    }
    return arrow_table("opportunities", columns)


def _forecast_category(rng: np.random.Generator, stage: Array, expected: Array, is_over: Array) -> Array:
    """The rep's call for open deals: late stages that are due soon are committed."""
    luck = rng.random(len(stage))
    soon = expected <= ordinal(AS_OF) + 60
    category = np.where(
        stage == 3, np.where(soon & (luck < 0.7), 0, 1), np.where(stage == 2, np.where(luck < 0.8, 1, 2), 2)
    )
    category = np.where((stage == 0) & (luck < 0.08), 3, category)
    return np.where(is_over, -1, category)


def _lost_reasons(rng: np.random.Generator, stage: Array, lost: Array) -> Array:
    edges = LOST_SHARES.cumsum(axis=1)[stage]
    reason = np.minimum((rng.random(len(stage))[:, None] > edges).sum(axis=1), len(LOST_REASONS) - 1)
    return np.where(lost & (rng.random(len(stage)) > 0.04), reason, -1)


def _next_steps(rng: np.random.Generator, stage: Array, is_over: Array, n: int) -> pa.Array:
    every = [step for steps in NEXT_STEPS for step in steps]
    code = stage * len(NEXT_STEPS[0]) + rng.integers(0, len(NEXT_STEPS[0]), n)
    return words(every, np.where(is_over | (rng.random(n) < 0.09), -1, code))


def credits_table(company: DemoCompany) -> pa.Table:
    """Who is credited with each deal."""
    rows = credits(company.seed, company.staff, company.business)
    columns = {
        "opportunity_id": words(company.deal_keys, rows["deal"]),
        "rep_id": words(company.staff.rep_ids, rows["rep"]),
        "share": rows["share"],
        "book": words(("main", "overlay"), rows["book"]),
    }
    return arrow_table("credits", columns)


def stage_history_table(company: DemoCompany) -> pa.Table:
    """Every state of every deal."""
    states = company.states
    columns = {
        "opportunity_id": words(company.deal_keys, states["deal"]),
        "changed_at": states["moment"],
        "stage": words((*STAGES, "lost", "won"), states["stage"]),
        "amount": states["amount"],
        "expected_close_on": states["expected"],
        "rep_id": words(company.staff.rep_ids, states["owner"]),
    }
    return arrow_table("stage_history", columns)


def leads_table(company: DemoCompany) -> pa.Table:
    """Leads that arrived since the data begins."""
    all_leads, deals = company.all_leads, company.business.deals
    opened = np.full(len(all_leads["day"]), -1)
    from_lead = np.flatnonzero(deals["lead"] >= 0)
    opened[deals["lead"][from_lead]] = from_lead
    rows = np.flatnonzero(all_leads["day"] >= ordinal(FIRST_DAY))
    rows = rows[np.argsort(all_leads["created"][rows], kind="stable")]
    shown = take(all_leads, rows)
    columns = {
        "lead_id": keys("L", len(rows), 6),
        "rep_id": words(company.staff.rep_ids, np.where(shown["assigned"] < NEVER * DAY, shown["rep"], -1)),
        "source": words(_SOURCE_NAMES, shown["source"]),
        "created_at": shown["created"],
        "assigned_at": shown["assigned"],
        "first_touch_at": shown["touched"],
        "qualified_at": shown["qualified"],
        "converted_opportunity_id": words(company.deal_keys, opened[rows]),
        "score": shown["score"],
    }
    return arrow_table("leads", columns)


def activities_table(company: DemoCompany) -> pa.Table:
    """Calls, emails, meetings and demos, with notes of some."""
    rows = activities(company.seed, company.staff, company.business, company.truths)
    columns = {
        "activity_id": keys("V", len(rows["rep"]), 7),
        "rep_id": words(company.staff.rep_ids, rows["rep"]),
        "opportunity_id": words(company.deal_keys, rows["deal"]),
        "kind": words(ACTIVITY_KINDS, rows["kind"]),
        "done_at": rows["moment"],
        "minutes": rows["minutes"],
        "note": words(NOTES, note_codes(company.seed, rows, len(company.staff.rep_ids))),
    }
    return arrow_table("activities", columns)
