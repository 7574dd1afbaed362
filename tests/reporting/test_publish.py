"""Tests of publishing: a month is whole or not there, whenever the run is killed."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from salesops_lib.reporting.pack import publish
from salesops_lib.reporting.pack.publish import PublishError, building, holds_whole_pack, locked, recover

MONTH = "2026-09"


def write_pack(folder: Path, edition: str, *, status: str = "whole", company: str = "Acme") -> None:
    """A small pack: some pages that all carry the edition."""
    for name in ("index.html", "01_one.html", "tables/01_one/a.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(edition)
    run = {"kit": "salesops-kit", "status": status, "edition": edition, "company": company}
    (folder / "run.json").write_text(json.dumps(run))


def make(out: Path, edition: str, *, is_whole: bool = True, company: str = "Acme") -> Path:
    """Build and publish a pack."""
    with building(out, MONTH, company=company) as folder:
        write_pack(folder, edition, status="whole" if is_whole else "failed", company=company)
        return publish.publish(folder, out, MONTH, is_whole=is_whole)


def edition_of(folder: Path) -> str | None:
    """The edition that every file of a pack carries; fails when they differ or one is missing."""
    if not folder.exists():
        return None
    files = [(folder / name).read_text() for name in ("index.html", "01_one.html", "tables/01_one/a.csv")]
    assert len(set(files)) == 1
    assert json.loads((folder / "run.json").read_text())["edition"] == files[0]
    return files[0]


def left_in(out: Path) -> set[str]:
    """What the reports folder holds besides its lock."""
    return {path.name for path in out.iterdir()} - {".lock"}


def killed_before_step(step: int, action) -> bool:
    """Run an action in a forked process that is killed just before its n-th change to the file system.

    Returns:
        Whether it was killed; False when the action has fewer steps.
    """
    child = os.fork()
    if child == 0:
        steps = 0

        def count(event: str, arguments: tuple) -> None:
            nonlocal steps
            writes = (
                event == "open"
                and isinstance(arguments[2], int)
                and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            )
            if (
                event
                in ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "shutil.rmtree", "ctypes.dlsym")
                or writes
            ):
                steps += 1
                if steps == step:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            action()
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the action itself failed"
    return os.WIFSIGNALED(status)


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes, which this system has not")


@needs_fork
@pytest.mark.parametrize("can_exchange", [True, False], ids=["exchange", "two renames"])
@pytest.mark.parametrize("before", [None, "whole", "failed"])
def test_month_is_whole_whenever_the_run_is_killed(tmp_path, monkeypatch, before, can_exchange):
    """Killed before any step, the month holds the old pack or the new one; the next run succeeds and tidies up."""
    if not can_exchange:
        monkeypatch.setattr(publish, "_exchange", lambda one, other: False)
    elif before and sys.platform not in ("linux", "darwin"):
        pytest.skip("the system cannot exchange two folders")
    step, was_killed, editions = 0, True, set()
    while was_killed:
        step += 1
        out = tmp_path / str(step)
        if before:
            make(out, "old", is_whole=before == "whole")
        was_killed = killed_before_step(step, lambda out=out: make(out, "new"))
        if can_exchange:
            assert edition_of(out / MONTH) in (({"old"} if before else {None}) | {"new"})
        out.mkdir(exist_ok=True)
        with locked(out, MONTH):
            recover(out)
        editions.add(edition_of(out / MONTH))
        assert editions <= ({"old"} if before else {None}) | {"new"}
        assert left_in(out) <= {MONTH}

        make(out, "newer")
        assert edition_of(out / MONTH) == "newer"
        assert left_in(out) == {MONTH}
    assert step > 8, "the kill must have hit many steps"
    assert len(editions) == 2


@needs_fork
def test_failed_folder_is_whole_or_gone_whenever_the_run_is_killed(tmp_path):
    """While a whole pack clears the failed one away, nobody can open half of it."""
    step, was_killed = 0, True
    while was_killed:
        step += 1
        out = tmp_path / str(step)
        make(out, "old")
        make(out, "broken", is_whole=False)
        was_killed = killed_before_step(step, lambda out=out: make(out, "new"))
        assert edition_of(out / MONTH) in ("old", "new")
        assert edition_of(out / f"{MONTH}-failed") in ("broken", None)
    assert edition_of(out / f"{MONTH}-failed") is None


def test_failed_pack_leaves_the_whole_one_in_place(tmp_path):
    """The previous good month stays; the failed pack stands beside it."""
    make(tmp_path, "good")
    place = make(tmp_path, "bad", is_whole=False)
    assert place == tmp_path / f"{MONTH}-failed"
    assert edition_of(tmp_path / MONTH) == "good"
    assert edition_of(place) == "bad"


def test_failed_pack_takes_the_place_where_no_whole_one_is(tmp_path):
    """With nothing good to keep, the failed pack is the month's; a later one replaces it."""
    assert make(tmp_path, "bad", is_whole=False) == tmp_path / MONTH
    assert make(tmp_path, "worse", is_whole=False) == tmp_path / MONTH
    assert edition_of(tmp_path / MONTH) == "worse"
    assert not holds_whole_pack(tmp_path / MONTH)


def test_whole_pack_clears_the_failed_one(tmp_path):
    """Once the month is whole, its failed neighbour goes."""
    make(tmp_path, "good")
    make(tmp_path, "bad", is_whole=False)
    make(tmp_path, "better")
    assert left_in(tmp_path) == {MONTH}


def test_second_run_at_once_is_told_who_is_at_work(tmp_path):
    """Two runs never write into one folder; the second names the first and what to do."""
    told = rf"process {os.getpid()}, month {MONTH}.*OUT="
    with (
        building(tmp_path, MONTH, company="Acme"),
        pytest.raises(PublishError, match=told),
        locked(tmp_path, "2026-08"),
    ):
        pass


def test_lock_ends_with_the_run(tmp_path):
    """After a run, even one that failed, the next may write."""
    with pytest.raises(ZeroDivisionError), building(tmp_path, MONTH, company="Acme"):
        1 / 0  # noqa: B018
    make(tmp_path, "new")
    assert left_in(tmp_path) == {MONTH}


def test_folder_of_someone_else_is_left_alone(tmp_path):
    """A folder that the kit has not written is never replaced."""
    (tmp_path / MONTH).mkdir()
    (tmp_path / MONTH / "holiday.jpg").write_text("x")
    with pytest.raises(PublishError, match="is not a pack of this kit"):
        make(tmp_path, "new")
    assert (tmp_path / MONTH / "holiday.jpg").exists()


def test_months_beside_it_are_not_touched(tmp_path):
    """Publishing and recovering one month changes no other."""
    write_pack(tmp_path / "2026-08", "august")
    (tmp_path / ".building-2026-08-1").mkdir()
    make(tmp_path, "new")
    assert edition_of(tmp_path / "2026-08") == "august"
    assert left_in(tmp_path) == {MONTH, "2026-08"}


@pytest.mark.parametrize("month", [MONTH, "2026-08"])
def test_one_companys_pack_never_takes_the_place_of_anothers(tmp_path, month):
    """Refused before anything is built, in the same month and in another, with a folder to use."""
    write_pack(tmp_path / month, "theirs", company="Beta")

    with pytest.raises(PublishError, match=r"packs of Beta .*is of Acme & Söhne.*`OUT=reports/acme-sohne`"):
        make(tmp_path, "ours", company="Acme & Söhne")

    assert edition_of(tmp_path / month) == "theirs"
    assert left_in(tmp_path) == {month}
