"""YAML read with the place of every node, so that every message can name file, line and column.

YAML 1.2 rules: ``NO`` and ``on`` stay text. Keys are always the text as written. A key without a
value counts as absent. Numbers remember how they were written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from salesops_lib.parameters.wording import holds_secret, shown
from salesops_lib.parameters.yaml_errors import explain

KeyPath = tuple[str | int, ...]


class Place(NamedTuple):
    """Line and column in a file, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, and where."""

    file: str
    line: int
    column: int
    sentence: str = field(compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}  {self.sentence}"


class WrittenInt(int):
    """A whole number that remembers how it was written."""

    written: str


class WrittenFloat(float):
    """A number that remembers how it was written."""

    written: str


@dataclass
class Document:
    """One YAML file: plain data, the place of every key and value, and what was wrong in reading it."""

    name: str
    """The file as messages name it, relative to the parameters folder."""
    data: Any = None
    values: dict[KeyPath, Place] = field(default_factory=dict)
    keys: dict[KeyPath, Place] = field(default_factory=dict)
    without_value: set[KeyPath] = field(default_factory=set)
    """Keys that stand there with nothing behind them."""
    problems: list[Problem] = field(default_factory=list)

    def report(self, path: KeyPath, sentence: str, *, at_key: bool = False) -> None:
        """Note a problem at the place of a key or value, or of the nearest block above that has one."""
        place = self.place(path, at_key=at_key)
        self.problems.append(Problem(self.name, place.line, place.column, f"{path_in_words(path)}{sentence}"))

    def place(self, path: KeyPath, *, at_key: bool = False) -> Place:
        """Where a value (or its key, with ``at_key``) stands, or else the nearest block above that stands there."""
        while path:
            first, second = (self.keys, self.values) if at_key else (self.values, self.keys)
            if path in first or path in second:
                return first[path] if path in first else second[path]
            path, at_key = path[:-1], True
        return Place(1, 1)


def path_in_words(path: KeyPath) -> str:
    """A path as messages write it, items counted from 1: ``stages[2].name: ``."""
    words = ""
    for part in path:
        name = "(not shown)" if holds_secret(str(part)) else part
        words += f"[{part + 1}]" if isinstance(part, int) else f"{'.' if words else ''}{name}"
    return f"{words}: " if words else ""


def read_document(path: Path, name: str) -> Document:
    """Read one YAML file; what is wrong with it is in ``problems``, and ``data`` is then what could be read."""
    document = Document(name)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        root = YAML().compose(text)
    except OSError as error:
        document.report((), f"the file cannot be read ({error.strerror}).")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        document.problems.append(Problem(name, line, 1, "the file is not UTF-8 text. Save it with the encoding UTF-8."))
    except MarkedYAMLError as error:
        line, column, sentence = explain(error)
        document.problems.append(Problem(name, line, column, sentence))
    except YAMLError:
        document.report((), "the file is not YAML text: it holds a character that no text has.")
    else:
        try:
            _fill(document, root)
        except RecursionError:
            document.data = None
            document.report((), "a block refers to itself, by `&` and `*`. Write it out.")
    return document


def _fill(document: Document, root: Node | None) -> None:
    """Turn the nodes into plain data; a file must hold a block of keys."""
    if root is None or (isinstance(root, ScalarNode) and not root.value):
        document.report((), "the file is empty. Copy the file of the demo company in parameters/ and change it.")
    elif not isinstance(root, MappingNode):
        document.report((), "the file must hold lines of the form `key: value`.")
    else:
        document.data = _mapping(document, root, ())


def _plain(document: Document, node: Node, path: KeyPath) -> Any:
    document.values[path] = _place(node)
    if isinstance(node, MappingNode):
        return _mapping(document, node, path)
    if isinstance(node, SequenceNode):
        return [_plain(document, item, (*path, place)) for place, item in enumerate(node.value)]
    return _scalar(document, node, path)


def _mapping(document: Document, node: MappingNode, path: KeyPath) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, ScalarNode):
            document.report(path, "a key must be plain text.", at_key=True)
            continue
        key, here = key_node.value, (*path, key_node.value)
        if here in document.keys:
            first, again = document.keys[here], _place(key_node)
            sentence = f"{path_in_words(here)}stands twice, first on line {first.line}. Keep one."
            document.problems.append(Problem(document.name, again.line, again.column, sentence))
            continue
        document.keys[here] = _place(key_node)
        value = _plain(document, value_node, here)
        if value is None:
            document.without_value.add(here)
        else:
            data[key] = value
    return data


def _scalar(document: Document, node: Node, path: KeyPath) -> Any:
    kind = str(node.tag).rpartition(":")[2]
    # ruamel marks where a folded text (`>`) was folded with a bell.
    text = str(node.value).replace("\a", "")
    if holds_secret(text):
        document.report(
            path,
            "holds a password or key, which is not shown. No credential is ever a parameter: put it into an "
            "environment variable, name that variable here, and change the password if the file was shared.",
        )
        return text
    if kind == "timestamp":
        document.report(path, f'write the date as quoted text: "{text}".')
    elif kind == "null":
        return None
    elif kind == "bool":
        return text.casefold() == "true"
    elif kind in ("int", "float"):
        try:
            return _number(text, kind)
        except ValueError:  # a tag like !!int before a word
            document.report(path, f"{shown(text)} is not a number.")
    elif kind != "str":
        document.report(path, f"{shown(text)} carries a YAML tag, which has no meaning here. Take the tag out.")
    return text


def _number(text: str, kind: str) -> int | float:
    """The number in plain notation; ``1_200`` is 1200."""
    bare = text.replace("_", "")
    if kind == "int":
        whole = WrittenInt(bare, 0) if bare.lower().lstrip("+-").startswith(("0x", "0o", "0b")) else WrittenInt(bare)
        whole.written = text
        return whole
    special = bare.lower().lstrip("+-").lstrip(".") in ("inf", "nan")
    number = WrittenFloat(bare.lower().replace(".inf", "inf").replace(".nan", "nan") if special else bare)
    number.written = text
    return number


def _place(node: Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)
