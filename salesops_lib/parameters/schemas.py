"""JSON Schemas for editors, written from the models: completion and checks while typing."""

from __future__ import annotations

import json
from pathlib import Path

from salesops_lib.parameters.base import Block
from salesops_lib.parameters.company import Company
from salesops_lib.parameters.plan import Plan
from salesops_lib.parameters.process import Process
from salesops_lib.parameters.quarter import Quarter
from salesops_lib.parameters.tools import Tools

MODELS: dict[str, type[Block]] = {
    "company": Company,
    "quarter": Quarter,
    "plan": Plan,
    "tools": Tools,
    "process": Process,
}
"""The models by the name of their schema file."""


def schema_texts() -> dict[str, str]:
    """The schemas as text, by file name."""
    texts = {}
    for name, model in MODELS.items():
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema(by_alias=True)}
        texts[f"{name}.json"] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    return texts


def write_schemas(folder: Path | str) -> list[Path]:
    """Write one JSON Schema per kind of file into a folder; returns the files written."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in schema_texts().items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths
