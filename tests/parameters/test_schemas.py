"""The JSON Schemas beside the demo company, and the models behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesops_lib.parameters.base import Block
from salesops_lib.parameters.schemas import MODELS, schema_texts, write_schemas

SCHEMAS = Path(__file__).parents[2] / "parameters" / "schemas"


@pytest.mark.parametrize("name", schema_texts())
def test_schema_is_current(name: str):
    """Run ``write_schemas("parameters/schemas")`` after a model changed."""
    assert (SCHEMAS / name).read_text(encoding="utf-8") == schema_texts()[name]


def test_writing_schemas_writes_one_for_each_kind_of_file(tmp_path: Path):
    """What is written is what the test above compares."""
    paths = write_schemas(tmp_path / "schemas")

    assert {path.name: path.read_text(encoding="utf-8") for path in paths} == schema_texts()


def models(block: type[Block]) -> list[type[Block]]:
    """A block and every block derived from it."""
    return [model for child in block.__subclasses__() for model in [child, *models(child)]]


@pytest.mark.parametrize("model", models(Block), ids=lambda model: model.__name__)
def test_every_key_is_described_and_every_block_is_strict(model: type[Block]):
    """The description is what an editor shows; strictness is what finds slips."""
    assert [name for name, field in model.model_fields.items() if not field.description] == []
    assert model.__doc__
    assert (model.model_config["extra"], model.model_config["frozen"]) == ("forbid", True)


def test_every_kind_of_file_has_a_model():
    """The five kinds of file of a parameters folder."""
    assert list(MODELS) == ["company", "quarter", "plan", "tools", "process"]
