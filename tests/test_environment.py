"""Set-up: pyproject.toml, the lock, environment.yml, the Makefile and CI agree with one another."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

CONDA_NAMES = {
    "duckdb": {"python-duckdb"},
    "jupyter-client": {"jupyter_client"},
    "jupyter-core": {"jupyter_core"},
    "playwright": {"playwright-python"},
    "ruamel-yaml": {"ruamel.yaml"},
    "psycopg": {"psycopg", "psycopg-c"},  # `psycopg[binary]` brings the compiled half under another name
}
"""What conda-forge calls a package of PyPI where the names differ."""

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def declared() -> dict[str, SpecifierSet]:
    """The packages and ranges that pyproject.toml asks for, at run time and for development."""
    requirements = [Requirement(text) for text in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"])]
    return {canonicalize_name(requirement.name): requirement.specifier for requirement in requirements}


def locked() -> list[Requirement]:
    """What the lock pins: one requirement per package and Python version it differs for."""
    return [Requirement(line.rstrip(" \\")) for line in LOCK.splitlines() if re.match(r"[a-z0-9]", line)]


def conda_packages() -> tuple[dict[str, SpecifierSet], dict[str, SpecifierSet]]:
    """What environment.yml takes from conda-forge, and what it takes from PyPI."""
    entries = YAML(typ="safe").load(ROOT / "environment.yml")["dependencies"]
    from_pypi = [Requirement(line) for entry in entries if isinstance(entry, dict) for line in entry["pip"]]
    names = [entry.partition(" ")[::2] for entry in entries if isinstance(entry, str)]
    return {name: SpecifierSet(range_) for name, range_ in names}, {each.name: each.specifier for each in from_pypi}


def imported_packages(folder: Path) -> set[str]:
    """Top-level packages that the Python files of a folder import, without Python's own and ours."""
    names: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names - {"salesops_lib", "tests", "benchmarks"}


def make(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run make as a person would, also when these tests were themselves started by make."""
    ours = ("MAKE", "MFLAGS", "MONTH", "PARAMETERS", "SOURCE", "OUT", "QUARTER", "PYTHON")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(ours) or name == "PYTHONPATH"
    }
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def command_of(*arguments: str) -> str:
    """The command that a target ends in, with its spaces tidied; nothing is run."""
    return " ".join(make("-n", *arguments).stdout.splitlines()[-1].split())


# The lock


def test_the_lock_satisfies_what_the_project_asks_for() -> None:
    """Whoever changes a range and forgets `make lock` sees it here."""
    pins = {name: [each for each in locked() if canonicalize_name(each.name) == name] for name in declared()}

    missing = [name for name, found in pins.items() if not found]
    too_old = [
        f"{pin} is outside {name}{declared()[name]}"
        for name, found in pins.items()
        for pin in found
        if not declared()[name].contains(str(pin.specifier).removeprefix("=="))
    ]
    assert (missing, too_old) == ([], [])


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_pins_each_package_once(python: str) -> None:
    """On any supported Python exactly one version of a package applies, and every one is exact."""
    here = {"python_version": python, "python_full_version": f"{python}.9"}
    pins = [each for each in locked() if each.marker is None or each.marker.evaluate(here)]
    names = [canonicalize_name(pin.name) for pin in pins]

    assert sorted(set(names)) == sorted(names)
    assert all(str(pin.specifier).startswith("==") for pin in pins)


def test_every_pin_of_the_lock_has_a_hash() -> None:
    """Without one, pip and uv refuse the whole lock."""
    blocks = re.split(r"\n(?=[a-z0-9])", LOCK)[1:]

    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_lock_names_no_index_and_no_path() -> None:
    """It installs from wherever the machine is set up to install from."""
    assert (
        re.findall(r"https?://\S+|--\w*-?(?:index|find-links|trusted)\S*|file:\S+| @ \S+|(?<!\w)/\w+/\S*", LOCK) == []
    )


def test_only_the_documented_packages_differ_by_python() -> None:
    """A package that falls back on one Python alone is listed, with its reason, in pyproject.toml."""
    names = [canonicalize_name(each.name) for each in locked()]
    split = {name for name in names if names.count(name) > 1}
    comments = "\n".join(re.findall(r"^# - .*", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M))

    assert {name for name in split if name not in comments} == set()


# What is declared


@pytest.mark.parametrize("folder", ["salesops_lib", "tests", "benchmarks"])
def test_every_package_that_is_imported_is_declared(folder: str) -> None:
    """Nothing is used only because another package happens to bring it; the library uses no test package."""
    runtime = {canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]}
    allowed = runtime | {"pydantic-core"} if folder == "salesops_lib" else declared().keys() | {"pydantic-core"}
    distributions = packages_distributions()

    undeclared = {
        name
        for name in imported_packages(ROOT / folder)
        if allowed.isdisjoint(canonicalize_name(each) for each in distributions.get(name, [name]))
    }
    assert undeclared == set()


def test_this_python_is_a_supported_one() -> None:
    """The range of pyproject.toml and the three versions that set-up accepts are the same."""
    supported = SpecifierSet(PROJECT["requires-python"])

    assert [minor for minor in range(9, 17) if supported.contains(f"3.{minor}.0")] == [11, 12, 13]
    assert supported.contains(Version(".".join(map(str, sys.version_info[:3]))))


# conda


def test_environment_yml_holds_the_packages_and_ranges_of_the_project() -> None:
    """Conda users get what everybody else gets; names that differ are listed above."""
    from_conda, from_pypi = conda_packages()
    expected = {conda: range_ for name, range_ in declared().items() for conda in CONDA_NAMES.get(name, {name})}

    assert from_conda.pop("python") == SpecifierSet(PROJECT["requires-python"])
    assert from_conda.pop("pip") == SpecifierSet()
    assert from_conda.keys().isdisjoint(from_pypi)
    assert from_conda | from_pypi == expected


# make


@needs_make
def test_make_alone_lists_every_target() -> None:
    """Each target has a line that says what it is for."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.*)", makefile, re.M)[1].split())  # type: ignore[index]
    listed = dict(re.findall(r"^make (\S+) +(\S.*)$", make().stdout, re.M))

    assert listed.keys() == targets


@needs_make
def test_make_passes_on_what_is_set() -> None:
    """Also a folder with a space in its name."""
    given = ["MONTH=2026-09", "PARAMETERS=my company", "SOURCE=../x", "OUT=o"]

    assert command_of("monthly-report", *given).endswith(
        "salesops_lib report --month '2026-09' --parameters 'my company' --source '../x' --out 'o'"
    )


@needs_make
@pytest.mark.parametrize("target", ["report", "check", "import", "new-quarter", "lab", "test"])
def test_make_passes_nothing_on_that_is_not_set(target: str) -> None:
    """The defaults stand in the command alone, and every target is one command."""
    assert command_of(target.replace("report", "monthly-report")).endswith(f"-m salesops_lib {target}")


@needs_make
def test_an_old_python_is_refused_in_a_sentence(tmp_path: Path) -> None:
    """Set-up names the versions it needs, what it found, and the way out; nothing is half made."""
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo Python 3.10.4 && exit 0\nexit 1\n', encoding="utf-8")
    old.chmod(0o755)
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)

    run = make("check", f"PYTHON={old}", folder=tmp_path)

    assert run.returncode != 0
    assert f"This kit needs Python 3.11, 3.12 or 3.13. Tried: {old} (Python 3.10.4)." in run.stderr
    assert "make check PYTHON=" in run.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_the_script_of_ci_can_be_read_by_bash() -> None:
    """A slip in it would otherwise show only on the CI machine."""
    assert subprocess.run(["bash", "-n", ".ci/run"], cwd=ROOT, check=False).returncode == 0
