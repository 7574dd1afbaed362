"""A month's pack appears whole or not at all, whatever happens while it is made.

How it is done:

1. One run at a time writes into a reports folder: it holds a lock that the operating system lets go of
   when the run ends, however it ends.
2. The pack is built in ``.building-<month>-<pid>`` beside the months and checked there.
3. It changes places with the month's present folder in one step where the system can do that (Linux and
   macOS): at no moment is the month missing. Elsewhere the present folder is renamed to ``.old-...`` first
   and a run that is killed between the two renames is put right by the next one.
4. What the killed left lying about is cleared by the next run, under the lock.

A pack with a failed report does not replace a whole one: it goes to ``<month>-failed`` beside it. Where the
month has no whole pack yet, the failed one takes the month's place, for something is better than nothing.
The next whole pack takes the month's place and the ``-failed`` folder goes.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from salesops_lib.errors import SalesopsError

RUN_FILE = "run.json"
KIT = "salesops-kit"
FAILED = "-failed"
_BUILDING, _OLD, _GONE, _LOCK = ".building-", ".old-", ".gone-", ".lock"


class PublishError(SalesopsError):
    """A pack cannot be put in its place, or is not what it should be."""


@contextmanager
def building(out: Path, month: str, *, company: str) -> Iterator[Path]:
    """Hold the lock of a reports folder and give an empty folder to build a month's pack in.

    Args:
        out: The reports folder; made where absent.
        month: Label of the month.
        company: Whose pack it is; a folder holds the packs of one company.

    Yields:
        The folder to build in. It is removed at the end unless `publish` has moved it.

    Errors:
        PublishError: Another run is writing into the folder, or it holds another company's packs.
    """
    out.mkdir(parents=True, exist_ok=True)
    with locked(out, month):
        recover(out)
        _refuse_other_company(out, company)
        folder = out / f"{_BUILDING}{month}-{os.getpid()}"
        folder.mkdir()
        try:
            yield folder
        finally:
            if folder.exists():
                shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path, out: Path, month: str, *, is_whole: bool) -> Path:
    """Put a finished pack in its place and say where that is.

    Args:
        folder: The folder that `building` gave.
        out: The reports folder.
        month: Label of the month.
        is_whole: Whether every report of the pack was made.

    Returns:
        ``out/<month>``, or ``out/<month>-failed`` for a failed pack where a whole one stands.

    Errors:
        PublishError: The place is taken by a folder that is no pack, or a file in it is open elsewhere.
    """
    target = out / month
    if not is_whole and holds_whole_pack(target):
        target = out / f"{month}{FAILED}"
    _refuse_foreign(target)
    try:
        _put(folder, target)
        if is_whole:
            _clear(out / f"{month}{FAILED}")
    except PermissionError as error:
        raise PublishError(
            f"`{error.filename}` cannot be replaced: a file in `{target}` is open in another program. "
            "Close it and run the report again."
        ) from error
    return target


def read_run(folder: Path) -> dict[str, Any] | None:
    """What ``run.json`` of a pack says; nothing where there is none or it is not the kit's."""
    try:
        run = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return run if isinstance(run, dict) and run.get("kit") == KIT else None


def holds_whole_pack(folder: Path) -> bool:
    """Whether a folder holds a pack in which every report was made."""
    run = read_run(folder)
    return run is not None and run.get("status") == "whole"


@contextmanager
def locked(out: Path, month: str) -> Iterator[None]:
    """Be the only run that writes into a reports folder.

    The lock belongs to the open file, so it ends with the process and can never be stale.

    Errors:
        PublishError: Another run holds it.
    """
    descriptor = os.open(out / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            _take_lock(descriptor)
        except OSError as error:
            holder = os.read(descriptor, 200).decode("utf-8", errors="replace").strip() or "unknown"
            raise PublishError(
                f"Another run is writing into `{out}` ({holder}). Wait until it has ended, "
                "or write into another folder with `OUT=`."
            ) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"process {os.getpid()}, month {month}".encode())
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def recover(out: Path) -> None:
    """Clear what killed runs left behind; call it under the lock.

    A month that was renamed away and not replaced comes back; everything else half-made goes.
    """
    for left in sorted(out.glob(f"{_OLD}*")):
        target = out / left.name.removeprefix(_OLD).rpartition("-")[0]
        if target.exists():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.rename(target)
    for pattern in (f"{_BUILDING}*", f"{_GONE}*"):
        for left in out.glob(pattern):
            shutil.rmtree(left, ignore_errors=True)


def _put(folder: Path, target: Path) -> None:
    """Move a folder into place, over the one that stands there."""
    if not target.exists():
        folder.rename(target)
    elif _exchange(folder, target):
        shutil.rmtree(folder, ignore_errors=True)  # it is the old pack now
    else:
        old = target.with_name(f"{_OLD}{target.name}-{os.getpid()}")
        target.rename(old)
        try:
            folder.rename(target)
        except OSError:
            old.rename(target)
            raise
        shutil.rmtree(old, ignore_errors=True)


def _clear(folder: Path) -> None:
    """Remove a pack; renamed first, so that nobody opens half of it."""
    if read_run(folder) is not None:
        gone = folder.with_name(f"{_GONE}{folder.name}-{os.getpid()}")
        folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def _refuse_other_company(out: Path, company: str) -> None:
    """Never mix companies in one folder: the packs of a month would take each other's place."""
    runs = [(path.parent.name, run) for path in sorted(out.glob(f"*/{RUN_FILE}")) if (run := read_run(path.parent))]
    theirs = [(name, str(run["company"])) for name, run in runs if run.get("company") not in (None, company)]
    if theirs:
        months, (_, other) = ", ".join(name for name, _ in theirs[:3]), theirs[0]
        more = f" and {len(theirs) - 3} more" if len(theirs) > 3 else ""
        raise PublishError(
            f"`{out}` holds packs of {other} ({months}{more}), and this one is of {company}. Nothing was written. "
            f"Give each company a folder of its own, for instance `OUT=reports/{_folder_name(company)}`. If only the "
            "company's name has changed, move the old packs away first."
        )


def _folder_name(company: str) -> str:
    """A folder's name after a company: a name from the parameters is no path."""
    plain = unicodedata.normalize("NFKD", company.lower()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words)[:40].strip("-") or "company"


def _refuse_foreign(target: Path) -> None:
    """Never replace a folder that the kit has not written."""
    if target.exists() and read_run(target) is None and not (target.is_dir() and not any(target.iterdir())):
        raise PublishError(
            f"`{target}` exists and is not a pack of this kit (it has no {RUN_FILE} of its own), so it is left alone. "
            "Move it away, or write into another folder with `OUT=`."
        )


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system cannot."""
    ends = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "linux":
            here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
            return bool(ctypes.CDLL(None).renameat2(here, ends[0], here, ends[1], exchange) == 0)
        if sys.platform == "darwin":
            swap = 2  # RENAME_SWAP
            return bool(ctypes.CDLL(None).renamex_np(*ends, swap) == 0)
    except (AttributeError, OSError):  # an older C library
        return False
    return False


def _take_lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        # Far behind the text, which others must be able to read.
        os.lseek(descriptor, 1_000_000, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
