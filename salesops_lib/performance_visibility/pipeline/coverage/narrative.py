"""Words for pipeline coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.performance_visibility.phrases import Row
from salesops_lib.wording import Finding, Status, count, money, number, percent

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties, Parameters


def describe_pipeline_coverage(rows: pd.DataFrame, *, duties: Duties) -> Finding:
    """Say whether the quarter to land has the pipeline that former quarters had at the same point."""
    if rows.empty:
        text = "Coverage sets open deals against the quarter they are expected to close in; none here has such a date."
        return Finding("Coverage cannot be told: no open deal has a close date", text, is_headline=False)
    first, after = (row for _, row in rows.iterrows())
    status = _status(first)
    text = f"{_pipeline(first, duties.parameters)} {_history(first)} {_next(after)}"
    action = None
    if status == "act":
        missing = first["needed_amount"] - first["open_amount"]
        action = duties.action(
            f"Find {money(missing)} of pipeline for {first['quarter_name']}: new deals, or deals to pull in.",
            kpi="pipeline_coverage",
            within=10,
            rule="Coverage below the least that a former quarter had at the same point.",
        )
    stake = 0.0
    if status in ("act", "watch"):
        stake = float(first["gap_amount"] - first["open_amount"] / first["needed_ratio"])
    return Finding(_title(first), " ".join(text.split()), status, action, stake=stake)


def _times(ratio: float) -> str:
    return f"{number(ratio, 1)}x"


def _status(row: Row) -> Status:
    if pd.isna(row["coverage_ratio"]) or pd.isna(row["needed_ratio"]):
        return "note"
    if row["coverage_ratio"] >= row["needed_ratio"]:
        return "good"
    return "watch" if row["coverage_ratio"] >= row["needed_ratio_low"] else "act"


def _title(row: Row) -> str:
    name = row["quarter_name"]
    if not row["n_open"]:
        return f"No open deal has a close date in {name}"
    if pd.isna(row["quota_amount"]):
        return f"{money(row['open_amount'])} of pipeline is due in {name}; it has no goal"
    if pd.isna(row["coverage_ratio"]):
        return f"{name} has reached its goal; {money(row['open_amount'])} more is due in it"
    needed = "" if pd.isna(row["needed_ratio"]) else f"; former quarters had {_times(row['needed_ratio'])}"
    return f"Pipeline covers {_times(row['coverage_ratio'])} of what {name} still needs{needed}"


def _pipeline(row: Row, parameters: Parameters) -> str:
    if not row["n_open"]:
        return f"Open deals without an expected close date in {row['quarter_name']} cannot be set against its goal."
    due = f"**{money(row['open_amount'])}** in {count(row['n_open'], 'open deal')} is due in {row['quarter_name']}"
    if pd.isna(row["quota_amount"]):
        return f"{due}; without a goal there is nothing to cover."
    if pd.isna(row["coverage_ratio"]):
        return f"{due}; the goal of {money(row['quota_amount'])} is reached."
    target = parameters.target("pipeline_coverage", row["quarter"])
    rule = "" if target is None else f" (the company's own target is {_times(target)})"
    return f"{due}, against {money(row['gap_amount'])} still to book: **{_times(row['coverage_ratio'])}**{rule}."


def _history(row: Row) -> str:
    if pd.isna(row["needed_ratio"]):
        return "How much is needed cannot be told: the data has no history of what was open at this point before."
    return (
        f"At the same point of {count(row['n_quarters'], 'former quarter')} there was "
        f"{_times(row['needed_ratio_low'])} to {_times(row['needed_ratio_high'])}, in the median "
        f"{_times(row['needed_ratio'])}, of what was still booked by the quarter's end; "
        f"{percent(row['yield_rate'])} of that pipeline was won in time, and deals not in it brought "
        f"{percent(1 - row['from_pipeline_rate'])} of those bookings."
    )


def _next(row: Row) -> str:
    if not row["n_open"]:
        return f"For {row['quarter_name']} no open deal is due yet."
    words = f"For {row['quarter_name']}, {money(row['open_amount'])} in {count(row['n_open'], 'deal')} is due"
    if pd.isna(row["coverage_ratio"]):
        return f"{words}; it has no goal yet." if pd.isna(row["quota_amount"]) else f"{words}."
    if pd.isna(row["needed_ratio"]):
        return f"{words}, {_times(row['coverage_ratio'])} of its goal."
    return (
        f"{words}, {_times(row['coverage_ratio'])} of its goal, where former quarters had "
        f"{_times(row['needed_ratio'])} so early."
    )
