"""What customers do and say, and the sales tools, as canonical tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesops_lib.data.demo import tools
from salesops_lib.data.demo.arrow import arrow_table, day_numbers, keys, words
from salesops_lib.data.demo.customers import SCALES, SUBSCRIPTION_KINDS, satisfaction, subscriptions
from salesops_lib.data.demo.toolbox import DEMO_TOOLS

if TYPE_CHECKING:
    import pyarrow as pa

    from salesops_lib.data.demo.company import DemoCompany


_TOOL_KEYS = [tool.tool_id for tool in DEMO_TOOLS]


def subscriptions_table(company: DemoCompany) -> pa.Table:
    """Changes of recurring revenue."""
    rows = subscriptions(company.seed, company.business)
    columns = {
        "account_id": words(company.account_keys, rows["account"]),
        "changed_on": rows["day"],
        "change_amount": rows["change"],
        "kind": words(SUBSCRIPTION_KINDS, rows["kind"]),
    }
    return arrow_table("subscriptions", columns)


def satisfaction_table(company: DemoCompany) -> pa.Table:
    """Answers of customers."""
    rows = satisfaction(company.seed, company.staff, company.business)
    columns = {
        "answer_id": keys("S", len(rows["day"]), 5),
        "account_id": words(company.account_keys, rows["account"]),
        "rep_id": words(company.staff.rep_ids, rows["rep"]),
        "asked_on": rows["day"],
        "score": rows["score"],
        "scale": words(SCALES, rows["scale"]),
    }
    return arrow_table("satisfaction", columns)


def tools_table(_: DemoCompany) -> pa.Table:
    """The tools."""
    shown = DEMO_TOOLS
    columns = {
        name: [getattr(tool, name) for tool in shown] for name in ("tool_id", "name", "category", "vendor", "owner")
    }
    days = {name: day_numbers([getattr(tool, name) for tool in shown]) for name in ("renewal_on", "rolled_out_on")}
    return arrow_table("tools", {**columns, **days, "notice_days": [tool.notice_days for tool in shown]})


def tool_costs_table(company: DemoCompany) -> pa.Table:
    """What the tools cost."""
    tool, kind, begin, end, cents = map(list, zip(*tools.tool_costs(company.staff), strict=True))
    columns = {
        "tool_id": tool,
        "kind": kind,
        "from_on": day_numbers(begin),
        "to_on": day_numbers(end),
        "amount": cents,
    }
    return arrow_table("tool_costs", columns)


def tool_seats_table(company: DemoCompany) -> pa.Table:
    """Who holds a seat."""
    seats = company.seats
    columns = {
        "seat_id": keys("SEAT-", len(seats["rep"]), 3),
        "tool_id": words(_TOOL_KEYS, seats["tool"]),
        "rep_id": words(company.staff.rep_ids, seats["rep"]),
        "from_on": seats["start"],
        "to_on": seats["end"],
    }
    return arrow_table("tool_seats", columns)


def tool_usage_table(company: DemoCompany) -> pa.Table:
    """Use by week."""
    rows = tools.tool_usage(company.seed, company.staff, company.seats)
    columns = {
        "tool_id": words(_TOOL_KEYS, rows["tool"]),
        "rep_id": words(company.staff.rep_ids, rows["rep"]),
        "week_on": rows["week"],
        "n_actions": rows["count"],
    }
    return arrow_table("tool_usage", columns)


def tool_survey_table(company: DemoCompany) -> pa.Table:
    """Answers about the tools."""
    rows = tools.tool_survey(company.seed, company.staff, company.seats)
    columns = {
        "tool_id": words(_TOOL_KEYS, rows["tool"]),
        "rep_id": words(company.staff.rep_ids, rows["rep"]),
        "asked_on": rows["day"],
        "question": words(tools.QUESTIONS, rows["question"]),
        "score": rows["score"],
    }
    return arrow_table("tool_survey", columns)
