"""A pack of a company that shows no names: nobody's name or key is in any file, file names and workbook included."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from salesops_lib.data.demo import simulate_company
from salesops_lib.parameters import read_parameters

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def anonymous_pack(tmp_path_factory) -> Path:
    """The demo company's pack with ``anonymise: true``, without the PDF."""
    folder = tmp_path_factory.mktemp("anonymous")
    shutil.copytree(ROOT / "parameters", folder / "parameters")
    company = folder / "parameters" / "company.yaml"
    text = company.read_text(encoding="utf-8")
    company.write_text(text.replace("anonymise: false", "anonymise: true"), encoding="utf-8")
    command = [
        sys.executable, "-m", "salesops_lib", "report", "--month", "2026-09", "--out", str(folder / "reports"),
        "--parameters", str(folder / "parameters"), "--quiet",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "CI": "true"})
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "reports"


def people() -> tuple[set[str], set[str]]:
    """Names and keys of everyone in the data and the process."""
    tables = simulate_company()
    names = {*tables["reps"]["name"].to_pylist(), *tables["teams"]["manager_name"].to_pylist()} - {None}
    process = read_parameters(ROOT / "parameters").process
    assert process is not None
    keys = {*tables["reps"]["rep_id"].to_pylist(), *tables["teams"]["team_id"].to_pylist()}
    return names | {person.name for person in process.people}, keys


def texts_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file's name and content; a workbook's parts one by one."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                yield from (
                    (f"{path.name}:{part}", book.read(part).decode(errors="ignore")) for part in book.namelist()
                )
        elif path.is_file():
            yield str(path.relative_to(folder)), path.read_text(encoding="utf-8", errors="ignore")


@pytest.mark.slow
def test_nobody_is_named_anywhere_in_an_anonymous_pack(anonymous_pack):
    """Pages, tables, workbook, digest, executed notebooks and the run's record."""
    names, keys = people()
    pattern = re.compile("|".join([*map(re.escape, names), *(rf"\b{re.escape(key)}\b" for key in keys)]))

    leaks = {where: pattern.findall(f"{where}\n{text}")[:3] for where, text in texts_of(anonymous_pack)}

    assert len(leaks) > 50
    assert {where: found for where, found in leaks.items() if found} == {}
