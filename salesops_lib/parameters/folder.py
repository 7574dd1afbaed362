"""A parameters folder read as a whole: every problem of every file at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from salesops_lib.errors import ParameterError
from salesops_lib.parameters import crosschecks, messages
from salesops_lib.parameters.anonymous import without_people
from salesops_lib.parameters.base import Block
from salesops_lib.parameters.company import Company, Kpi
from salesops_lib.parameters.kpi_defaults import DEFAULT_KPIS
from salesops_lib.parameters.plan import Plan
from salesops_lib.parameters.process import Process
from salesops_lib.parameters.quarter import Quarter
from salesops_lib.parameters.reading import Document, KeyPath, Problem, path_in_words, read_document
from salesops_lib.parameters.source import FilesSource
from salesops_lib.parameters.tools import Tools
from salesops_lib.parameters.wording import did_you_mean, shown
from salesops_lib.periods import FiscalCalendar

AnyBlock = TypeVar("AnyBlock", bound=Block)

_QUARTER_NAME = re.compile(r"\d{4}-Q[1-4]")
_SINGLE = ("company", "tools", "process")


@dataclass(frozen=True)
class Parameters:
    """Everything that a parameters folder says, checked."""

    folder: Path
    company: Company
    quarters: dict[str, Quarter]
    """Quarters by label, oldest first."""
    plans: dict[str, Plan]
    """Compensation plans by name."""
    tools: Tools | None = None
    process: Process | None = None
    source_override: str = ""
    """Folder given instead of ``source.folder``, relative to the current folder."""
    documents: dict[str, Document] = field(default_factory=dict, repr=False, compare=False)
    """The files as read, by name, so that later checks can still name line and column."""
    are_without_people: bool = False
    """Whether codes stand in the place of people already, see ``without_people``."""

    @cached_property
    def calendar(self) -> FiscalCalendar:
        """The company's fiscal calendar."""
        chosen = self.company.calendar
        return FiscalCalendar(
            layout=chosen.layout,
            start_month=chosen.start_month,
            week_starts_on=chosen.week_starts_on,
            year_named_by=chosen.year_named_by,
            holidays=frozenset(chosen.holidays),
        )

    @property
    def source_folder(self) -> Path | None:
        """Folder with the exports; ``None`` where the data does not come from files."""
        if not isinstance(self.company.source, FilesSource):
            return None
        return Path(self.source_override) if self.source_override else self.folder / self.company.source.folder

    def quarter(self, label: str) -> Quarter | None:
        """What the quarter's file says; ``None`` where there is none."""
        return self.quarters.get(label)

    @property
    def kpis(self) -> dict[str, Kpi]:
        """The key figures: the company's own in its order, then those that every company has."""
        return {**self.company.kpis, **{key: kpi for key, kpi in DEFAULT_KPIS.items() if key not in self.company.kpis}}

    def target(self, kpi: str, quarter: str) -> float | None:
        """Target of a key figure: the quarter's own, or else the company's."""
        chosen = self.quarters.get(quarter)
        if chosen is not None and kpi in chosen.targets:
            return chosen.targets[kpi]
        known = self.kpis.get(kpi)
        return known.target if known else None

    def place(self, file: str, path: KeyPath) -> str:
        """Where a key stands, as messages name it: ``2026-Q3.yaml:12:3  commentary.win_rate: ``."""
        document = self.documents.get(file)
        if document is None:
            return f"{file}  {path_in_words(path)}"
        place = document.place(path, at_key=True)
        return f"{file}:{place.line}:{place.column}  {path_in_words(path)}"

    def plan_for(self, quarter: Quarter | str | None) -> Plan | None:
        """Compensation plan in force: the quarter's own, or else the company's."""
        chosen = self.quarters.get(quarter) if isinstance(quarter, str) else quarter
        name = (chosen.plan if chosen else None) or self.company.plan
        return self.plans.get(name) if name else None

    def public(self) -> dict[str, Any]:
        """The parameters as plain data for ``run.json``: no secret, and no person where ``anonymise`` is set.

        Who stays off the leaderboard is counted, never named. How the source is mapped may name anybody, in names of
        files, in values and in what they become; where nobody is named only the tables are.
        """
        shown = without_people(self)

        def plain(block: Block | None) -> dict[str, Any] | None:
            return block.model_dump(mode="json", by_alias=True, exclude_none=True) if block else None

        quarters = {label: plain(quarter) or {} for label, quarter in shown.quarters.items()}
        company, process = plain(shown.company) or {}, plain(shown.process)
        board = company["rep_comparison"]["leaderboard"]
        board["opted_out"] = len(self.company.rep_comparison.leaderboard.opted_out)
        if self.company.anonymise:
            for quarter in quarters.values():
                for level in ("teams", "reps"):
                    quarter["quotas"][level] = len(quarter["quotas"][level])
            source = company["source"]
            company["source"] = {"kind": source["kind"], "tables": list(source.get("tables", ()))}
        return {
            "company": company,
            "quarters": quarters,
            "plans": {name: plain(plan) for name, plan in self.plans.items()},
            "tools": plain(self.tools),
            "process": process,
        }


def read_parameters(folder: Path | str, *, source: str = "") -> Parameters:
    """Read and check a parameters folder.

    Args:
        folder: The folder that holds ``company.yaml``.
        source: Folder with the exports, instead of ``source.folder``; relative to the current folder.

    Returns:
        The checked parameters.

    Errors:
        ParameterError: Carries every problem of every file, each as ``file:line:column  what is wrong``.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ParameterError(
            [f"{folder}: there is no such folder. Give the folder that holds company.yaml, like `parameters`."]
        )
    reader = _Reader(folder)
    reader.read()
    problems = reader.problems(source)
    if problems or reader.company is None:
        raise ParameterError(problems)
    quarters = {label: reader.quarters[label] for label in sorted(reader.quarters)}
    return Parameters(
        folder, reader.company, quarters, reader.plans, reader.tools, reader.process, source, reader.documents
    )


class _Reader:
    """Reads file after file and keeps what it could read and what was wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.documents: dict[str, Document] = {}
        self.other: list[str] = []
        self.company: Company | None = None
        self.tools: Tools | None = None
        self.process: Process | None = None
        self.quarters: dict[str, Quarter] = {}
        self.plans: dict[str, Plan] = {}

    def read(self) -> None:
        """Read every file of the folder."""
        self.company = self._block("company.yaml", Company)
        self.tools = self._block("tools.yaml", Tools)
        self.process = self._block("process.yaml", Process)
        for path in _yaml_files(self.folder):
            if path.stem in _SINGLE and path.suffix == ".yaml":
                continue
            if not _QUARTER_NAME.fullmatch(path.stem) or path.suffix != ".yaml":
                self.other.append(_name_is_wrong(path))
            else:
                self._add(self.quarters, path.name, Quarter, "quarter")
        for path in _yaml_files(self.folder / "plans"):
            name = f"plans/{path.name}"
            if path.suffix != ".yaml":
                self.other.append(f"{name}: the file's name must end in .yaml. Rename it to plans/{path.stem}.yaml.")
            else:
                self._add(self.plans, name, Plan, "name")

    def problems(self, source: str) -> list[str]:
        """Every problem, file by file and line by line."""
        if "company.yaml" not in self.documents:
            self.other.insert(
                0,
                f"{self.folder / 'company.yaml'}: there is no such file. "
                "Copy the demo company's, in parameters/, and change it.",
            )
        crosschecks.check(self.documents, self.folder, source)
        found: list[Problem] = []
        for document in self.documents.values():
            found += sorted(document.problems)
        return [*self.other, *map(str, found)]

    def _block(self, name: str, model: type[AnyBlock]) -> AnyBlock | None:
        path = self.folder / name
        if not path.is_file():
            return None
        document = self.documents[name] = read_document(path, name)
        if document.data is None:
            return None
        try:
            return model.model_validate(document.data)
        except ValidationError as error:
            messages.report(document, model, error)
            return None

    def _add(self, blocks: dict[str, AnyBlock], name: str, model: type[AnyBlock], key: str) -> None:
        """Read a file that says by a key what it is; file name and key must agree, or one file would shadow another."""
        block, stem = self._block(name, model), Path(name).stem
        document = self.documents[name]
        stated = document.data.get(key) if document.data is not None else None
        if block is not None and stated == stem:
            blocks[stem] = block
        elif isinstance(stated, str) and stated != stem:
            document.report((key,), f"{shown(stated)} and the file's name, {stem}.yaml, do not agree. Change one.")


def _yaml_files(folder: Path) -> Iterator[Path]:
    return iter(sorted(path for path in folder.glob("*") if path.suffix in (".yaml", ".yml") and path.is_file()))


def _name_is_wrong(path: Path) -> str:
    if path.suffix == ".yml" and (path.stem in _SINGLE or _QUARTER_NAME.fullmatch(path.stem)):
        return f"{path.name}: the file's name must end in .yaml. Rename it to {path.stem}.yaml."
    loose = re.fullmatch(r"(\d{4})[-_ ]?[qQ]([1-4])", path.stem)
    hint = (
        f" Rename it to {loose[1]}-Q{loose[2]}.yaml."
        if loose
        else did_you_mean(path.name, [f"{n}.yaml" for n in _SINGLE])
    )
    known = "nor company.yaml, tools.yaml or process.yaml"
    return f"{path.name}: the name is not that of a quarter, like 2026-Q3.yaml, {known}.{hint}"
