"""Keys that agree but for how they are written: said, and joined where the company says so."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from salesops_lib.data.checks.alike_keys import alike
from tests.data.exports import deals, found, import_files, values_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann@x.com", "ann@x.com"),
        ("ann  lee ", "Ann Lee"),
        ("0042", "42"),
        ("005bm00000NCJmQAAX", "005bm00000NCJmQ"),
    ],
)
def test_keys_that_differ_in_writing_only_are_alike(one: str, other: str) -> None:
    """Case, spaces, leading zeros, and ids of 15 and of 18 characters."""
    assert duckdb.execute(f"SELECT {alike('$one')} = {alike('$other')}", {"one": one, "other": other}).fetchone() == (
        True,
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("42", "420"),
        ("005bm00000NCJmQ", "005bm00000NCJmq"),
        ("005bm00000NCJmQAAB", "005bm00000NCJmQ"),
        ("0", "00x"),
        ("ann", "anne"),
    ],
)
def test_other_keys_are_not(one: str, other: str) -> None:
    """Ids of 15 characters differ by case; a checksum that does not fit is another key."""
    assert duckdb.execute(f"SELECT {alike('$one')} = {alike('$other')}", {"one": one, "other": other}).fetchone() == (
        False,
    )


REPS = "rep_id,name\n005bm00000NCJmQAAX,Ann\n005bm00000NCJmRAAX,Bob\n"
DEALS = deals("D1,005bm00000NCJmQ,10,2026-07-01,2026-08-03,won", "D2,005bm00000NCJmR,10,2026-07-01,2026-08-03,lost")


def test_keys_that_are_alike_are_said_to_be(tmp_path: Path) -> None:
    """With examples and what to declare, in place of `hold different things`."""
    imported = import_files(tmp_path, {"reps.csv": REPS, **DEALS})
    (detail,) = found(imported, "references", "error")
    assert "Of them 2 agree with a key there but for case" in detail
    assert "`005bm00000NCJmQ` with `005bm00000NCJmQAAX`" in detail
    assert "different things" not in detail
    row = imported.checks[imported.checks["severity"] == "error"].iloc[0]
    assert "`keys: alike`" in row["what_to_do"]


def test_following_the_advice_joins_them(tmp_path: Path) -> None:
    """Both deals belong to the reps whose ids are written out, and nothing is amiss."""
    imported = import_files(tmp_path, {"reps.csv": REPS, **DEALS}, source={"keys": "alike"})
    assert values_of(imported, "opportunities", "rep_id") == ["005bm00000NCJmQAAX", "005bm00000NCJmRAAX"]
    assert not found(imported, "references", "error")
    assert not found(imported, "references", "warning")
    assert len(values_of(imported, "reps", "rep_id")) == 2


def test_a_key_like_two_others_is_nobodys(tmp_path: Path) -> None:
    """Which of the two is meant nobody can say."""
    reps = "rep_id,name\nann@x.com,Ann\nANN@x.com,Anne\n"
    imported = import_files(
        tmp_path, {"reps.csv": reps, **deals("D1,Ann@x.com,10,2026-07-01,2026-08-03,won", "D2,ann@x.com,1,2026-07-01,,open")},
        source={"keys": "alike"},
    )  # fmt: skip
    assert values_of(imported, "opportunities", "rep_id") == ["Ann@x.com", "ann@x.com"]
    assert found(imported, "references", "warning")
