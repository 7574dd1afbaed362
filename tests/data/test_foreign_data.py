"""Two foreign companies' data, read through the parameter folders under ``examples/``."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from salesops_lib.data.importing import ImportedData, import_source, require_usable
from salesops_lib.parameters import read_parameters

ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("SALESOPS_REAL_DATA", ROOT.parent / "shared" / "real"))

needs_maven = pytest.mark.skipif(
    not (REAL / "maven_crm").is_dir(),
    reason=f"the Maven practice data is not in {REAL} (SALESOPS_REAL_DATA names another)",
)
needs_adventureworks = pytest.mark.skipif(
    not (REAL / "adventureworks").is_dir(),
    reason=f"Adventure Works is not in {REAL} (SALESOPS_REAL_DATA names another)",
)


@pytest.fixture(scope="module")
def maven(tmp_path_factory: pytest.TempPathFactory) -> ImportedData:
    parameters = read_parameters(ROOT / "examples" / "maven_crm", source=str(REAL / "maven_crm"))
    return import_source(parameters, cache=tmp_path_factory.mktemp("maven"))


@pytest.fixture(scope="module")
def adventureworks(tmp_path_factory: pytest.TempPathFactory) -> ImportedData:
    parameters = read_parameters(ROOT / "examples" / "adventureworks", source=str(REAL / "adventureworks"))
    return import_source(parameters, cache=tmp_path_factory.mktemp("adventureworks"))


def table(imported: ImportedData, name: str) -> pd.DataFrame:
    """An imported table as a frame."""
    return pq.read_table(imported.folder / f"{name}.parquet").to_pandas()


def won_between(deals: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """Deals won between two days, both included."""
    return deals[(deals["status"] == "won") & (deals["closed_on"] >= first) & (deals["closed_on"] <= last)]


@needs_maven
def test_maven_loses_no_opportunity(maven: ImportedData) -> None:
    """8,800 opportunities go in and 8,800 are used; no check fails."""
    counts = maven.counts.set_index("table").loc["opportunities"]

    assert counts["rows_in"] == counts["rows_used"] == 8_800
    assert maven.errors.empty
    require_usable(maven)


@needs_maven
def test_maven_bookings_of_a_month_and_a_quarter(maven: ImportedData) -> None:
    """November 2017 has 938,943 from 406 won deals, July to September 2,982,255."""
    deals = table(maven, "opportunities")
    november = won_between(deals, date(2017, 11, 1), date(2017, 11, 30))
    summer = won_between(deals, date(2017, 7, 1), date(2017, 9, 30))

    assert (len(november), november["amount"].sum()) == (406, Decimal(938_943))
    assert summer["amount"].sum() == Decimal(2_982_255)


@needs_maven
def test_maven_win_rate_by_count(maven: ImportedData) -> None:
    """4,238 of 6,711 closed deals were won."""
    states = table(maven, "opportunities")["status"].value_counts()

    assert states["won"] == 4_238
    assert states["won"] + states["lost"] == 6_711


@needs_maven
def test_maven_reps_and_teams(maven: ImportedData) -> None:
    """35 agents, 5 of them without a deal, in the teams of 6 managers."""
    reps, deals = table(maven, "reps"), table(maven, "opportunities")

    assert len(reps) == 35
    assert len(set(reps["rep_id"]) - set(deals["rep_id"])) == 5
    assert len(table(maven, "teams")) == 6
    assert set(table(maven, "team_members")["rep_id"]) == set(reps["rep_id"])


@needs_maven
def test_maven_repairs_and_stand_ins_are_counted(maven: ImportedData) -> None:
    """The product's second spelling and the list prices are in the checks, and no deal lacks an amount."""
    checks = maven.checks.set_index(["check", "table", "column"])["n_rows"]
    deals = table(maven, "opportunities")

    assert checks["declared values", "opportunities", "product"] == 1_480
    assert checks["stand-ins", "opportunities", "amount"] == 2_473 + 2_089
    assert deals["amount"].notna().all()
    assert "GTXPro" not in set(deals["product"])
    assert "technolgy" not in set(table(maven, "accounts")["industry"])


@needs_maven
def test_maven_month_first_dates_read_to_the_same_values(maven: ImportedData, tmp_path: Path) -> None:
    """The pipeline written with dates like 3/1/2017, in the place of the other, gives the same tables."""
    for path in (REAL / "maven_crm").glob("*.csv"):
        if not path.name.startswith("sales_pipeline"):
            (tmp_path / path.name).symlink_to(path)
    (tmp_path / "sales_pipeline.csv").symlink_to(REAL / "maven_crm" / "sales_pipeline_month_first_dates.csv")
    parameters = read_parameters(ROOT / "examples" / "maven_crm", source=str(tmp_path))

    other = import_source(parameters, cache=tmp_path / "cache")

    for name in ("reps", "teams", "team_members", "accounts", "opportunities"):
        pd.testing.assert_frame_equal(table(other, name), table(maven, name))


@needs_adventureworks
def test_adventureworks_has_orders_and_quota_in_every_rep_quarter(adventureworks: ImportedData) -> None:
    """163 rep-quarters have a quota, all of them orders; the median attainment is 0.838."""
    deals, quotas = table(adventureworks, "opportunities"), table(adventureworks, "quotas")
    days = pd.to_datetime(deals["closed_on"])
    deals["period"] = days.dt.year.astype(str) + "-Q" + days.dt.quarter.astype(str)
    booked = deals.groupby(["rep_id", "period"])["amount"].sum().astype(float).rename("booked").reset_index()

    both = quotas.merge(booked, on=["rep_id", "period"])
    attainment = both["booked"] / both["amount"].astype(float)

    assert len(quotas) == len(both) == 163
    assert attainment.median() == pytest.approx(0.838, abs=0.0005)


@needs_adventureworks
def test_adventureworks_managers_are_marked_by_their_role(adventureworks: ImportedData) -> None:
    """The three managers carry the role whose quota is never added to the reps'."""
    reps = table(adventureworks, "reps")

    assert set(reps.loc[reps["role"] == "sales manager", "rep_id"]) == {"274", "285", "287"}
    assert (reps["role"] == "sales representative").sum() == 14


@needs_adventureworks
def test_adventureworks_dates_agree_after_the_shift(adventureworks: ImportedData) -> None:
    """No rep has an order before they started, and every order of a rep with a team begins in a stay or after it."""
    reps = table(adventureworks, "reps").set_index("rep_id")
    deals = table(adventureworks, "opportunities")
    started = deals["rep_id"].map(reps["started_on"])

    assert (deals["closed_on"] >= started).all()
    assert adventureworks.errors.empty
    assert len(deals) == 3_616
    assert deals["created_on"].isna().all()
