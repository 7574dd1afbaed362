"""Every setting does something: one that nothing reads would be a promise that the kit does not keep."""

import ast
from pathlib import Path

import pytest

import salesops_lib.parameters
from salesops_lib.parameters import DatabaseSource
from salesops_lib.parameters.base import Block

LIBRARY = Path(salesops_lib.parameters.__file__).parent.parent


def settings() -> list[tuple[type[Block], str]]:
    """Every key that people may write, with its block."""
    blocks, found = [Block], []
    while blocks:
        here = blocks.pop()
        blocks += here.__subclasses__()
        found += [(here, name) for name in here.__annotations__ if name in here.model_fields]
    # Whoever declares a database is told that it is not supported yet, so that none of its keys is passed over in silence.
    found = [each for each in found if each[0] is not DatabaseSource]
    return sorted(set(found), key=lambda each: (each[0].__name__, each[1]))


def names_read() -> set[str]:
    """Names of attributes that some code of the library asks for, by a dot or by ``getattr``."""
    nodes = [node for path in LIBRARY.rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    asked = [node.args[1] for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == "getattr"]
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)} | {
        str(each.value) for each in asked if isinstance(each, ast.Constant)
    }


READ = names_read()


@pytest.mark.parametrize(("block", "name"), settings(), ids=lambda each: getattr(each, "__name__", each))
def test_a_setting_is_read_by_something(block, name):
    """By its name: nothing else hands a value on."""
    assert name in READ
