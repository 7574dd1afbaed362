"""The next quarter's YAML from the last one, with its comments.

The file is copied as text and changed only where it must be, so that comments, order and layout
stay as people left them. Commentary belongs to the quarter that it was written for and is cleared.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode

from salesops_lib.errors import ParameterError
from salesops_lib.parameters import messages
from salesops_lib.parameters.quarter import Quarter
from salesops_lib.parameters.reading import read_document
from salesops_lib.wording import count, listing, number

_LABEL = re.compile(r"\b(\d{4})-Q([1-4])\b|\bQ([1-4]) (\d{4})\b")
_DATE = re.compile(r"\b\d{4}-\d{2}(-\d{2})?\b")
_COMMENT = re.compile(r"(?m)(?:^|(?<=\s))#.*$")


class NewQuarter(NamedTuple):
    """The file written, and what a person should look at in it."""

    path: Path
    review: list[str]


def write_new_quarter(folder: Path | str, quarter: str) -> NewQuarter:
    """Write a quarter's YAML from the latest earlier one.

    Args:
        folder: The parameters folder.
        quarter: Label of the new quarter, like 2026-Q4.

    Returns:
        The path of the file, and sentences that say what to review in it.

    Errors:
        ParameterError: The label is none, the file exists already, or no earlier quarter can be read.
    """
    folder = Path(folder)
    if not re.fullmatch(r"\d{4}-Q[1-4]", quarter):
        raise ParameterError([f"`{quarter}` is not a quarter. Write it like 2026-Q4."])
    path = folder / f"{quarter}.yaml"
    if path.exists():
        raise _exists_already(path)
    last = _latest_before(folder, quarter)
    old = _read(last)
    text = last.read_bytes().decode("utf-8-sig")
    text = _move_labels(_clear_commentary(text), by=_ordinal(quarter) - _ordinal(old.quarter), old=old.quarter)
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise _exists_already(path) from None
    return NewQuarter(path, _review(old, quarter, text))


def _exists_already(path: Path) -> ParameterError:
    return ParameterError(
        [f"{path.name}: the file exists already and is left as it is. Change it by hand, or delete it first."]
    )


def _latest_before(folder: Path, quarter: str) -> Path:
    earlier = [
        path for path in folder.glob("*.yaml") if re.fullmatch(r"\d{4}-Q[1-4]", path.stem) and path.stem < quarter
    ]
    if not earlier:
        raise ParameterError(
            [
                f"{folder}: no quarter before {quarter} to start from. "
                f"Write the first one by hand: a line `quarter: {quarter}` is enough."
            ]
        )
    return max(earlier, key=lambda path: path.stem)


def _read(path: Path) -> Quarter:
    document = read_document(path, path.name)
    try:
        old = Quarter.model_validate(document.data or {})
    except ValidationError as error:
        if document.data is not None:
            messages.report(document, Quarter, error)
    else:
        if old.quarter != path.stem:
            document.report(
                ("quarter",), f"`{old.quarter}` and the file's name, {path.name}, do not agree. Change one."
            )
    if document.problems:
        raise ParameterError([str(problem) for problem in sorted(document.problems)])
    return old


def _ordinal(label: str) -> int:
    return int(label[:4]) * 4 + int(label[-1]) - 1


def _clear_commentary(text: str) -> str:
    """Empty every text under ``commentary:`` and keep its section's name as a place to write."""
    root = YAML().compose(text)
    blocks = [value for key, value in root.value if key.value == "commentary" and isinstance(value, MappingNode)]
    for key, value in reversed([pair for block in blocks for pair in block.value]):
        if isinstance(value, ScalarNode) and value.value:
            start, end = _extent(text, value, indent=key.start_mark.column)
            text = text[:start].rstrip(" ") + text[end:]
    return text


def _extent(text: str, node: ScalarNode, *, indent: int) -> tuple[int, int]:
    """First and last character of a scalar, for block scalars (`>` and `|`) without the blank lines behind them."""
    start: int = node.start_mark.index
    if node.style not in (">", "|"):
        return start, node.end_mark.index
    end = text.find("\n", start)
    reach = end if end >= 0 else len(text)
    for line in text[reach + 1 :].splitlines(keepends=True):
        if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
            break
        end += len(line)
        reach = end if line.strip() else reach
    return start, reach


def _move_labels(text: str, *, by: int, old: str) -> str:
    """Move the quarter itself, and every quarter that a comment names, by as many quarters."""

    def moved(match: re.Match[str]) -> str:
        year, place = (match[1], match[2]) if match[1] else (match[4], match[3])
        year_after, place_after = divmod(int(year) * 4 + int(place) - 1 + by, 4)
        return f"{year_after}-Q{place_after + 1}" if match[1] else f"Q{place_after + 1} {year_after}"

    text = _COMMENT.sub(lambda comment: _LABEL.sub(moved, comment[0]), text)
    return re.sub(rf"(?m)^(quarter:\s*[\"']?){old}", lambda line: line[1] + _LABEL.sub(moved, old), text)


def _review(old: Quarter, quarter: str, text: str) -> list[str]:
    """What was carried over or cleared, in the file's order."""
    said = []
    if _ordinal(quarter) - _ordinal(old.quarter) > 1:
        said.append(f"Everything is carried from {old.quarter}, the latest quarter before {quarter}.")
    goals = (old.quotas.company is not None) + len(old.quotas.teams) + len(old.quotas.reps)
    if goals:
        total = f" (company {number(float(old.quotas.company))})" if old.quotas.company is not None else ""
        said.append(
            f"quotas: {count(goals, 'goal')} carried from {old.quarter}{total}. "
            "Write the new ones; add joiners, take leavers out."
        )
    if old.plan:
        said.append(f"plan: `{old.plan}` carried. Does it stay in force?")
    if old.targets:
        said.append(f"targets: {listing(list(old.targets))} carried. Do they still hold?")
    if old.commentary:
        said.append(
            f"commentary: {count(len(old.commentary), 'text')} cleared. Write new ones when the reports are there."
        )
    for place, line in enumerate(text.splitlines(), start=1):
        comment = _COMMENT.search(line)
        if comment and (date := _DATE.search(comment[0])):
            said.append(f"line {place}: the comment names {date[0]}, which was not moved. Is it still right?")
    return said
