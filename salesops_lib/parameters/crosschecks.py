"""What one block cannot know of itself: names that must exist in another block, file or table.

The checks work on the files as read, so that they also speak up where something else is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from salesops_lib.parameters.kpi_defaults import DEFAULT_KPIS
from salesops_lib.parameters.reading import Document, KeyPath
from salesops_lib.parameters.wording import did_you_mean, near, shown


def check(documents: dict[str, Document], folder: Path, source: str) -> None:
    """Note in each document what does not fit the others.

    Args:
        documents: Files by name, relative to the parameters folder.
        folder: The parameters folder.
        source: Folder given instead of ``source.folder``.
    """
    company = documents.get("company.yaml")
    if company is not None and company.data is not None:
        _mapped_tables(company)
        _source_folder(company, folder, source)
        _currency_rate(company)
    kpis = None if company is None or company.data is None else {**_block(company.data, "kpis"), **DEFAULT_KPIS}
    plans = [Path(name).stem for name in documents if name.startswith("plans/")]
    for name, document in documents.items():
        data = document.data
        if data is None or name.startswith("plans/"):
            continue
        if name[:1].isdigit() and kpis is not None:
            for kpi in _block(data, "targets"):
                what = "a key figure, of the kit or under `kpis:` in company.yaml"
                _known(document, ("targets", kpi), kpi, kpis, what, at_key=True)
        if isinstance(data.get("plan"), str):
            _known(document, ("plan",), data["plan"], plans, "the name of a file in plans/")
        if name == "process.yaml":
            _people(document)


def _block(data: Any, key: str) -> dict[str, Any]:
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def _known(
    document: Document, path: KeyPath, name: str, known: Iterable[str], what: str, *, at_key: bool = False
) -> None:
    known = list(known)
    if name not in known:
        hint = did_you_mean(name, known) or (f" There are {', '.join(known)}." if known else " There is none yet.")
        document.report(path, f"`{name}` is not {what}.{hint}", at_key=at_key)


def _mapped_tables(company: Document) -> None:
    """The mapping must fill canonical tables and columns, among them the two tables that every report needs."""
    from salesops_lib.data.schemas import SOURCE_TABLES  # late: the data package reads parameters itself

    source = _block(company.data, "source")
    mapped, at = _block(source, "tables"), ("source", "tables")
    canonical = {table.name: table for table in SOURCE_TABLES}
    for name, mapping in mapped.items():
        if name not in canonical:
            _known(company, (*at, name), name, canonical, "a table of the kit", at_key=True)
            continue
        columns = [column.name for column in canonical[name].source_columns]
        for column in _block(mapping, "columns"):
            what = f"a column of `{name}`"
            _known(company, (*at, name, "columns", column), column, columns, what, at_key=True)
    if source.get("kind") == "files" and ("tables" in source or at in company.without_value):
        for table in SOURCE_TABLES:
            if table.required and table.name not in mapped:
                company.report(at, f"the table `{table.name}` is missing. Every report needs it.", at_key=True)


def _source_folder(company: Document, folder: Path, source: str) -> None:
    block = _block(company.data, "source")
    if block.get("kind") != "files":
        if source:
            company.report(
                ("source",),
                "a source folder was given, but the data does not come from files here. Leave it out.",
                at_key=True,
            )
    elif source:
        if not Path(source).is_dir():
            company.report(("source",), f"the source folder given, {source}, does not exist.", at_key=True)
    elif not block.get("folder"):
        company.report(
            ("source",),
            "says not where the files are. Give `folder:` here, or SOURCE=folder on the command line.",
            at_key=True,
        )
    elif isinstance(block["folder"], str) and not (folder / block["folder"]).is_dir():
        company.report(
            ("source", "folder"),
            f"there is no folder {shown(block['folder'])} (relative to {folder}). "
            "Change it, or give SOURCE=folder on the command line.",
        )


def _currency_rate(company: Document) -> None:
    own = company.data.get("currency")
    if isinstance(own, str) and _block(company.data, "rates").get(own, 1) != 1:
        company.report(
            ("rates", own), f"{own} is the report currency, so that its rate is 1. Take the line out.", at_key=True
        )


def _people(document: Document) -> None:
    """A name that is nearly that of a person in ``people:`` is a slip; any other may be someone elsewhere."""
    people = document.data.get("people")
    names = (
        [person["name"] for person in people if isinstance(person, dict) and isinstance(person.get("name"), str)]
        if isinstance(people, list)
        else []
    )
    for path, name in _named(document.data):
        meant = near(name, names, cutoff=0.85)
        if name not in names and meant:
            document.report(path, f"`{name}` is not one of the people above. Did you mean `{meant}`?")


def _named(data: dict[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Every place where a person is named for a duty or review."""
    duties = _block(data, "responsibilities")
    lists: list[tuple[KeyPath, Any]] = [(("responsibilities", area), duties[area]) for area in duties]
    lists.append((("review_cadence",), data.get("review_cadence")))
    for path, items in lists:
        for place, item in enumerate(items if isinstance(items, list) else []):
            for key in ("who", "backup", "owner"):
                if isinstance(item, dict) and isinstance(item.get(key), str):
                    yield (*path, place, key), item[key]
