"""What pydantic found, turned into sentences at the place in the file where it is."""

from __future__ import annotations

import re
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from salesops_lib.parameters.reading import Document, KeyPath
from salesops_lib.parameters.sentences import not_one_of, sentence
from salesops_lib.parameters.wording import did_you_mean


class Spot(NamedTuple):
    """Where an error is: its path in the file, the keys the block around it knows, and whether it is the key itself."""

    path: KeyPath
    known: tuple[str, ...]
    is_key: bool


def report(document: Document, model: type[BaseModel], error: ValidationError) -> None:
    """Note every problem that a model found in a document."""
    read = {(problem.line, problem.column) for problem in document.problems}
    for detail in error.errors(include_url=False):
        spot = locate(model, detail["loc"])
        path = (*spot.path, *detail.get("ctx", {}).get("at", ()))
        # What was wrong in reading a value (a date without quotes, a secret) is said once.
        if path not in document.values or document.place(path) not in read:
            _report_one(document, spot._replace(path=path), detail)


def _report_one(document: Document, spot: Spot, detail: ErrorDetails) -> None:
    path, kind = spot.path, detail["type"]
    if kind == "missing" and path in document.without_value:
        document.report(path, "has no value. Write it behind the colon.", at_key=True)
    elif kind == "missing":
        document.report(path[:-1], f"the key `{path[-1]}` is missing.", at_key=True)
    elif kind == "union_tag_not_found":
        document.report(path, "the key `kind` is missing. Give one of demo, files, database.", at_key=True)
    elif kind == "extra_forbidden":
        hint = did_you_mean(str(path[-1]), spot.known) or f" The keys known here are {', '.join(spot.known)}."
        document.report(path, f"unknown key.{hint}", at_key=True)
    elif kind == "union_tag_invalid":
        tags = re.findall(r"'([^']*)'", detail["ctx"]["expected_tags"])
        document.report((*path, "kind"), not_one_of(detail["ctx"]["tag"], tags))
    else:
        document.report(path, sentence(detail), at_key=spot.is_key)


def locate(model: type[BaseModel], loc: tuple[int | str, ...]) -> Spot:
    """Follow pydantic's location through the model, leaving out what does not stand in the file."""
    annotation: Any = model
    path: list[int | str] = []
    known: tuple[str, ...] = ()
    for part in loc:
        annotation = _bare(annotation)
        if part == "[key]":
            return Spot(tuple(path), known, is_key=True)
        chosen = _tagged(annotation, part)
        if chosen is not None:
            annotation = chosen
            continue
        path.append(part)
        annotation, known = _inside(annotation, part)
    return Spot(tuple(path), known, is_key=False)


def _bare(annotation: Any) -> Any:
    """The type without its ``Annotated`` notes and without ``None``."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        others = [other for other in get_args(annotation) if other is not type(None)]
        return _bare(others[0]) if len(others) == 1 else annotation
    return annotation


def _tagged(annotation: Any, part: int | str) -> Any:
    """The member of a union that ``kind`` names, where the location names it."""
    if get_origin(annotation) in (Union, UnionType):
        for member in get_args(annotation):
            kinds = (
                member.model_fields.get("kind") if isinstance(member, type) and issubclass(member, BaseModel) else None
            )
            if kinds is not None and get_origin(kinds.annotation) is Literal and part in get_args(kinds.annotation):
                return member
    return None


def _inside(annotation: Any, part: int | str) -> tuple[Any, tuple[str, ...]]:
    """The type behind a key or place, and the keys that stand beside it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {field.alias or name: field for name, field in annotation.model_fields.items()}
        return (fields[str(part)].annotation if str(part) in fields else None), tuple(fields)
    inner: tuple[Any, ...] = get_args(annotation)
    if not inner:
        return None, ()
    return (inner[-1] if get_origin(annotation) is dict else inner[0]), ()
