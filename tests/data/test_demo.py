"""The demo company: whole, consistent, the same each time, and of any size."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from salesops_lib.data.demo import AS_OF, FIRST_DAY, NO_TRUTHS, SIZES, simulate_company, write_demo_company
from salesops_lib.data.schemas import SOURCE_TABLES, Table

_TABLES = {table.name: table for table in SOURCE_TABLES}
TABLES = [pytest.param(table, id=table.name) for table in SOURCE_TABLES]
AHEAD = {"expected_close_on", "renewal_on", "to_on"}
"""Dates that may lie after the data was taken: plans, and the ends of contracts."""
ARROW_TYPES = {
    "string": pa.string(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "decimal(18, 2)": pa.decimal128(18, 2),
    "decimal(9, 6)": pa.decimal128(9, 6),
}


@cache
def demo() -> dict[str, pa.Table]:
    """The demo company as everybody gets it."""
    return simulate_company()


def frame(name: str) -> pd.DataFrame:
    """A table of the demo company with dates as timestamps and amounts as numbers."""
    rows = demo()[name].to_pandas(date_as_object=False)
    for column in rows.columns:
        if column.endswith("amount") or column == "share":
            rows[column] = rows[column].astype(float)
    return rows


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_exactly_the_source_columns(table: Table):
    """Names, order and types are those of the schema, without what the import derives."""
    schema = demo()[table.name].schema

    assert schema.names == [column.name for column in table.source_columns]
    assert [schema.field(column.name).type for column in table.source_columns] == [
        ARROW_TYPES[column.type] for column in table.source_columns
    ]
    assert demo()[table.name].num_rows > 0


@pytest.mark.parametrize("table", TABLES)
def test_every_key_stands_once(table: Table):
    """No two rows of a table share their key."""
    rows = demo()[table.name]

    assert rows.group_by(list(table.key)).aggregate([]).num_rows == rows.num_rows


@pytest.mark.parametrize("table", TABLES)
def test_required_columns_are_filled_and_choices_hold(table: Table):
    """What every row needs is there, and closed lists are kept to."""
    rows = demo()[table.name]

    for column in table.source_columns:
        values = rows[column.name]
        if column.required:
            assert values.null_count == 0, column.name
        if column.choices:
            assert set(pc.unique(values.drop_null()).to_pylist()) <= set(column.choices), column.name


@pytest.mark.parametrize("table", TABLES)
def test_every_reference_leads_somewhere(table: Table):
    """A key held by another table's row exists in that table."""
    for column in table.source_columns:
        if column.references:
            known = set(demo()[column.references][_TABLES[column.references].key[0]].to_pylist())
            assert set(demo()[table.name][column.name].drop_null().to_pylist()) <= known, column.name


@pytest.mark.parametrize("table", TABLES)
def test_nothing_has_happened_after_the_data_was_taken(table: Table):
    """Dates and moments end on the evening of ``AS_OF``; only plans lie ahead."""
    for column in table.source_columns:
        if column.type in ("date", "timestamp") and column.name not in AHEAD:
            latest = pc.max(demo()[table.name][column.name]).as_py()
            assert latest is None or (latest if type(latest) is date else latest.date()) <= AS_OF, column.name


def test_status_and_dates_of_deals_agree():
    """Only closed deals have a close date; it lies in the data and not before the deal was created."""
    deals = frame("opportunities")
    closed = deals["status"] != "open"

    assert (deals["closed_on"].notna() == closed).all()
    assert (deals.loc[closed, "closed_on"] >= pd.Timestamp(FIRST_DAY)).all()
    assert (deals.loc[closed, "closed_on"] >= deals.loc[closed, "created_on"]).all()
    assert (deals.loc[closed, "expected_close_on"] == deals.loc[closed, "closed_on"]).all()
    assert (deals["lost_reason"].notna() <= (deals["status"] == "lost")).all()
    assert (deals.loc[deals["status"] == "won", "amount"] > 0).all()


def test_last_state_of_the_history_is_the_deal_as_last_seen():
    """Amount, owner, expected close and outcome of a deal are what its last change says."""
    history = frame("stage_history").sort_values(["opportunity_id", "changed_at"])
    last = history.groupby("opportunity_id").tail(1).set_index("opportunity_id")
    deals = frame("opportunities").set_index("opportunity_id")

    assert (last["amount"] == deals["amount"]).all()
    assert (last["rep_id"] == deals["rep_id"]).all()
    assert (last["expected_close_on"] == deals["expected_close_on"]).all()
    outcome = np.where(deals["status"] == "open", deals["stage"], deals["status"])
    assert (last["stage"] == outcome).all()
    closed = deals["status"] != "open"
    assert (last.loc[closed, "changed_at"].dt.normalize() == deals.loc[closed, "closed_on"]).all()


def test_history_begins_when_the_deal_is_created():
    """The first change of every deal falls on the day of its creation."""
    first = frame("stage_history").groupby("opportunity_id")["changed_at"].min().dt.normalize()

    assert (first == frame("opportunities").set_index("opportunity_id")["created_on"]).all()


@pytest.mark.parametrize(("table", "day"), [("opportunities", "closed_on"), ("activities", "done_at")])
def test_people_work_only_while_employed(table: str, day: str):
    """No deal is closed and nothing done before a rep's first day or after the last."""
    rows = frame(table).merge(frame("reps"), on="rep_id")
    rows = rows[rows[day].notna()]

    assert (rows[day].dt.normalize() >= rows["started_on"]).all()
    assert (rows[day].dt.normalize() <= rows["ended_on"].fillna(pd.Timestamp(AS_OF))).all()


def test_open_deals_belong_to_people_who_are_still_there():
    """A leaver's open deals have passed to a colleague."""
    deals = frame("opportunities").merge(frame("reps"), on="rep_id")

    assert deals.loc[deals["status"] == "open", "ended_on"].isna().all()


def test_stays_in_teams_cover_each_employment_once():
    """Every person is in exactly one team from the first day to the last."""
    stays = frame("team_members").sort_values(["rep_id", "from_on"])
    people = frame("reps").set_index("rep_id")
    stays["before"] = stays.groupby("rep_id")["to_on"].shift()
    later = stays[stays["before"].notna()]

    assert (later["from_on"] == later["before"] + pd.Timedelta(days=1)).all()
    assert (stays.groupby("rep_id")["from_on"].min() == people["started_on"]).all()
    last = stays.groupby("rep_id").tail(1).set_index("rep_id")["to_on"]
    left = people["ended_on"].dropna()
    assert (last.dropna() == left).all()
    assert last.isna().sum() == people["ended_on"].isna().sum()


def test_credits_add_up():
    """Main shares of every deal add up to 1, some deals are shared, some have a specialist on top."""
    credits = frame("credits")
    sums = credits.groupby(["opportunity_id", "book"])["share"].sum()

    assert np.allclose(sums, 1.0, atol=1e-9)
    assert set(credits.loc[credits["book"] == "main", "opportunity_id"]) == set(
        frame("opportunities")["opportunity_id"]
    )
    sizes = credits[credits["book"] == "main"].groupby("opportunity_id").size()
    assert 0.05 < (sizes > 1).mean() < 0.11
    assert (credits["book"] == "overlay").sum() > 100


def test_recurring_revenue_never_falls_below_zero():
    """Each customer starts once, contraction and churn never take more than there is, and churn ends it."""
    changes = frame("subscriptions").sort_values(["account_id", "changed_on"], kind="stable")
    balance = changes.groupby("account_id")["change_amount"].cumsum()
    kinds = changes.groupby("account_id")["kind"]

    assert (balance > -0.005).all()
    assert (kinds.first() == "start").all()
    assert not changes[changes["kind"] == "start"].duplicated("account_id").any()
    churned = changes[changes["kind"] == "churn"]
    assert np.allclose(balance[churned.index], 0.0)
    assert (kinds.last()[churned["account_id"]] == "churn").all()


def test_leads_and_their_deals_agree():
    """A deal from a lead has its source and opens after the lead qualified."""
    leads = frame("leads")
    made = leads[leads["converted_opportunity_id"].notna()]
    deals = made.merge(frame("opportunities"), left_on="converted_opportunity_id", right_on="opportunity_id")

    assert len(deals) == len(made) > 1000
    assert (deals["source_x"] == deals["source_y"]).all()
    assert (deals["qualified_at"].dt.normalize() <= deals["created_on"]).all()
    assert not made.duplicated("converted_opportunity_id").any()
    assert (leads["first_touch_at"].notna() >= leads["qualified_at"].notna()).all()


def test_company_holds_the_faults_that_reports_look_for():
    """Overdue close dates, missing next steps, empty amounts, dead deals, twins, euros and names that need care."""
    deals, names = frame("opportunities"), frame("accounts")["name"]
    open_deals = deals[deals["status"] == "open"]
    today = pd.Timestamp(AS_OF)

    assert 0.05 < (open_deals["expected_close_on"] < today).mean() < 0.40
    assert 0.05 < open_deals["next_step"].isna().mean() < 0.20
    assert (open_deals["amount"] == 0).sum() >= 5
    assert (today - open_deals["created_on"] > pd.Timedelta(days=365)).sum() >= 20
    assert open_deals.duplicated(["account_id", "product", "amount"]).sum() >= 5
    assert (deals["currency"] == "EUR").sum() > 100
    assert {"=Sum Foods", "D'Angelo & Sons <Catering>"} <= set(names)
    assert names.str.upper().str.replace(" INC.", "").duplicated().sum() >= 5


def test_half_of_the_emails_and_calls_on_deals_have_a_note():
    """No other activity has one, and a note says nothing of how the deal ends."""
    work = frame("activities").merge(frame("opportunities")[["opportunity_id", "status"]], how="left")
    can_have = work["kind"].isin(["Email", "Call"]) & work["opportunity_id"].notna()
    rates = work[can_have].groupby("status")["note"].agg(lambda notes: notes.notna().mean())

    assert work.loc[~can_have, "note"].isna().all()
    assert rates.between(0.48, 0.52).all()
    assert 200 < work["note"].nunique() < 500


def test_same_arguments_give_the_same_bytes(tmp_path: Path):
    """Two writings of a company agree byte for byte in every file."""
    for folder in ("one", "two"):
        write_demo_company(tmp_path / folder, seed=5, n_reps=12)

    files = sorted(file.name for file in (tmp_path / "one").iterdir())
    assert files == sorted(f"{table.name}.parquet" for table in SOURCE_TABLES)
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in files)


def test_another_seed_gives_another_company():
    """Deals differ from seed to seed."""
    one, two = (simulate_company(seed=seed, n_reps=12, tables=["opportunities"])["opportunities"] for seed in (1, 2))

    assert not one.equals(two)


def test_leaving_tables_out_changes_no_other():
    """Each part draws its own random numbers, so a company without activities has the same deals."""
    whole = simulate_company(seed=3, n_reps=12)
    part = simulate_company(seed=3, n_reps=12, tables=["stage_history", "subscriptions"])

    assert list(part) == ["stage_history", "subscriptions"]
    assert all(part[name].equals(whole[name]) for name in part)


@pytest.mark.parametrize("n_reps", [3, 8, 12, 40, 120])
def test_company_comes_in_any_size(n_reps: int):
    """As many people as asked for are employed at the end, and deals grow with them."""
    tables = simulate_company(seed=4, n_reps=n_reps, truths=NO_TRUTHS, tables=["reps", "team_members", "opportunities"])
    reps = tables["reps"].to_pandas()

    assert reps["ended_on"].isna().sum() == n_reps
    assert reps["name"].is_unique
    assert set(tables["team_members"]["rep_id"].to_pylist()) == set(reps["rep_id"])
    assert tables["opportunities"].num_rows > 100 * n_reps


def test_goals_stay_in_the_table_at_other_sizes(tmp_path: Path):
    """Only the demo company's own parameters hold goals; any other size keeps them all in the table."""
    write_demo_company(tmp_path / "small", n_reps=SIZES["small"])
    write_demo_company(tmp_path / "early", n_reps=SIZES["small"], quotas_before="2025-Q1")

    small, early = (pd.read_parquet(tmp_path / name / "quotas.parquet")["period"] for name in ("small", "early"))
    assert small.max() == "2026-Q4"
    assert early.max() == "2024-Q4"
