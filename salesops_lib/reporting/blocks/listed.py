"""Blocks under a heading of their own: coverage, checks, definitions; and the details that close a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from salesops_lib.measures.definitions import Definition
from salesops_lib.reporting.blocks.block import Block, Kind
from salesops_lib.reporting.templates.markup import plain
from salesops_lib.reporting.templates.rendering import render


def listed_block(
    kind: Kind,
    *,
    anchor: str,
    heading: str,
    label: str,
    words: str,
    table: str,
    table_csv: str = "",
    extra: Mapping[str, Any] | None = None,
) -> Block:
    """A heading, a sentence or two and a table: coverage and checks."""
    html = render("listed", anchor=anchor, heading=heading, words=words, table=table)
    data = {"name": anchor, "label": label, "heading": heading, "table_csv": table_csv, **(extra or {})}
    return Block(kind, html, data, f"{heading}\n{plain(words)}")


def definitions_block(definitions: Iterable[Definition], texts: Iterable[tuple[str, str]]) -> Block:
    """What the numbers shown mean, each complete enough to recompute it."""
    known = [{"name": each.name, "meaning": each.meaning, "basis": _basis(each)} for each in definitions]
    others = list(texts)
    html = render("definitions", definitions=known, texts=others)
    data = {"name": "definitions", "label": "Definitions", "heading": "What the numbers mean"}
    return Block("definitions", html, data, "\n".join([each["name"] for each in known] + [name for name, _ in others]))


def _basis(definition: Definition) -> str:
    ratio = definition.numerator + (f" / {definition.denominator}" if definition.denominator else "")
    parts = [ratio, f"by {definition.date_basis}" if definition.date_basis else "", definition.source]
    return "; ".join(part for part in parts if part)


def details_block(groups: Mapping[str, Mapping[str, str]]) -> Block:
    """Parameters, versions and the fingerprint of the data, folded; credentials are never among them."""
    data = {"name": "details", "groups": {title: dict(facts) for title, facts in groups.items()}}
    return Block("details", render("details", groups=groups), data)
