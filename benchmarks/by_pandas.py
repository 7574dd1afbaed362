"""What an analyst would write otherwise: the same tables by pandas on the exported files, whole in memory.

Straightforward and vectorised, without intervals and tests, which would only add to their cost.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from benchmarks.company import REPORT_ON, STAGES

NOW = pd.Timestamp(REPORT_ON)
QUARTER = (pd.Timestamp(2026, 7, 1), NOW)


def _read(folder: Path, name: str, columns: list[str]) -> pd.DataFrame:
    return pd.read_parquet(folder / f"{name}.parquet", columns=columns, dtype_backend="pyarrow")


def attainment_by_rep(folder: Path) -> pd.DataFrame:
    """Bookings of the quarter against quota by rep."""
    deals = _read(folder, "opportunities", ["rep_id", "status", "closed_on", "amount"])
    closed = pd.to_datetime(deals["closed_on"])
    won = deals[(deals["status"] == "won") & closed.between(*QUARTER)]
    quotas = _read(folder, "quotas", ["rep_id", "period", "amount"])
    goal = quotas[quotas["period"] == "2026-Q3"].set_index("rep_id")["amount"].astype(float)
    booked = won.groupby("rep_id")["amount"].sum().astype(float)
    return pd.DataFrame({"booked": booked, "goal": goal}).assign(rate=lambda rows: rows["booked"] / rows["goal"])


def win_rate_by_quarter(folder: Path) -> pd.DataFrame:
    """Won and closed deals and amounts by quarter of closing."""
    deals = _read(folder, "opportunities", ["status", "closed_on", "amount"])
    deals = deals[deals["status"] != "open"]
    quarter = pd.to_datetime(deals["closed_on"]).dt.to_period("Q")
    is_won = deals["status"] == "won"
    value = deals["amount"].astype(float)
    table = pd.DataFrame({"won": is_won, "value": value, "won_value": value.where(is_won, 0.0)}).groupby(quarter)
    return table.agg(n=("won", "size"), won=("won", "sum"), value=("value", "sum"), won_value=("won_value", "sum"))


def stage_funnel(folder: Path) -> pd.DataFrame:
    """Entries of each stage in the last year and whether the deal went on, from the raw history."""
    rows = _read(folder, "stage_history", ["opportunity_id", "changed_at", "stage"])
    rows = rows.sort_values(["opportunity_id", "changed_at"])
    is_entry = (rows["stage"] != rows["stage"].shift()) | (rows["opportunity_id"] != rows["opportunity_id"].shift())
    entries = rows[is_entry]
    after = entries["stage"].shift(-1).where(entries["opportunity_id"] == entries["opportunity_id"].shift(-1))
    order = {name: place for place, name in enumerate(STAGES)}
    went_on = after.map(order) > entries["stage"].map(order)
    recent = pd.to_datetime(entries["changed_at"]) > NOW - pd.Timedelta(days=365)
    return went_on[recent].groupby(entries.loc[recent, "stage"]).agg(["size", "sum"])


def _as_of(folder: Path, day: pd.Timestamp) -> pd.DataFrame:
    """The last state of each deal that was open on a day."""
    names = ["opportunity_id", "changed_at", "amount", "expected_close_on", "rep_id"]
    rows = _read(folder, "stage_history", names)
    rows = rows[pd.to_datetime(rows["changed_at"]).dt.normalize() <= day]
    last = rows.sort_values("changed_at").drop_duplicates("opportunity_id", keep="last")
    deals = _read(folder, "opportunities", ["opportunity_id", "closed_on", "status"])
    state = last.merge(deals, on="opportunity_id")
    closed = pd.to_datetime(state["closed_on"])
    return state[closed.isna() | (closed > day)]


def pipeline_waterfall(folder: Path) -> pd.DataFrame:
    """Open pipeline at both ends of the month and what became of each deal between."""
    then, now = (_as_of(folder, day) for day in (NOW - pd.Timedelta(days=30), NOW))
    both = then.merge(now, on="opportunity_id", how="outer", suffixes=("_then", "_now"))
    step = pd.Series("kept", index=both.index)
    step[both["amount_then"].isna()] = "new"
    step[both["amount_now"].isna()] = "closed"
    change = both["amount_now"].astype(float).fillna(0) - both["amount_then"].astype(float).fillna(0)
    return change.groupby(step).agg(["size", "sum"])


def lead_red_flag(folder: Path) -> pd.DataFrame:
    """Leads and qualified leads of the last three months by source and rep."""
    leads = _read(folder, "leads", ["rep_id", "source", "created_at", "qualified_at"])
    recent = leads[pd.to_datetime(leads["created_at"]) > NOW - pd.Timedelta(days=92)]
    is_qualified = recent["qualified_at"].notna()
    return pd.concat([is_qualified.groupby(recent[key]).agg(["size", "sum"]) for key in ("source", "rep_id")])


BY_PANDAS: dict[str, Callable[[Path], pd.DataFrame]] = {
    each.__name__: each
    for each in (
        attainment_by_rep, win_rate_by_quarter, stage_funnel, pipeline_waterfall, lead_red_flag,
    )
}  # fmt: skip
"""Tables by the name of the kit's metric."""
