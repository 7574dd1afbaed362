"""What an executed notebook must not carry out of this machine: secrets and the machine's own folders.

A notebook that fails shows the error of a database driver, and such an error may hold a password. So
before anything is made of an executed notebook, the values of environment variables that hold secrets
are replaced by the variables' names, and folders of this machine by what they are.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from salesops_lib.reporting.notebooks.execution import ERROR_BANNER

_SURELY_SECRET = re.compile(r"PASSWORD|PASSWD|PASSPHRASE|SECRET|_PWD$", re.IGNORECASE)
_PERHAPS_SECRET = re.compile(
    r"TOKEN|KEY|CREDENTIAL|DSN|CONNECTION|AUTH(?!OR)|COOKIE|(DATABASE|DB|REDIS|PG)_?UR[IL]", re.IGNORECASE
)
_SHORTEST_SURE, _SHORTEST_PERHAPS = 4, 8
"""Shorter values are common words; replacing them would spoil the text and protect nothing."""


class Redactor:
    """Replaces secrets and folders in text and in anything made of text.

    Args:
        secret_variables: Environment variables that the parameters name as secret.
        environment: The environment; this process's own where absent.
        folders: Folder to what stands in its place; this machine's own where absent.
    """

    def __init__(
        self,
        secret_variables: Iterable[str] = (),
        *,
        environment: Mapping[str, str] | None = None,
        folders: Mapping[str, str] | None = None,
    ) -> None:
        environment = os.environ if environment is None else environment
        named = set(secret_variables)
        replacements = dict(folders_here() if folders is None else folders)
        for name, value in environment.items():
            shortest = _SHORTEST_SURE if name in named or _SURELY_SECRET.search(name) else _SHORTEST_PERHAPS
            if name in named or _SURELY_SECRET.search(name) or _PERHAPS_SECRET.search(name):
                replacements |= {part: f"[{name}]" for part in _secret_parts(value) if len(part) >= shortest}
        # The longest first, so that a folder inside another is not cut in two.
        self._replacements = sorted(replacements.items(), key=lambda pair: -len(pair[0]))

    def text(self, text: str) -> str:
        """The text without secrets and folders."""
        for value, stand_in in self._replacements:
            if value in text:
                text = text.replace(value, stand_in)
        return text

    def anything(self, value: Any) -> Any:
        """The same for lists and mappings, all the way down."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self.anything(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.anything(each) for each in value]
        return value


def folders_here() -> dict[str, str]:
    """This machine's folders that an error's traceback names, and what stands in their place."""
    folders = {
        f"{Path(sys.prefix)}{os.sep}": "",
        f"{Path(__file__).parents[3]}{os.sep}": "",
        f"{Path.cwd()}{os.sep}": "",
        str(Path.cwd()): ".",
        str(Path.home()): "~",
    }
    return {folder: stand_in for folder, stand_in in folders.items() if len(Path(folder).parts) > 1}


def redact_notebook(path: Path, redactor: Redactor) -> None:
    """Rewrite an executed notebook without secrets, folders of this machine and papermill's own banners."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    notes = notebook.metadata.get("papermill", {})
    for key in ("input_path", "output_path"):
        if notes.get(key):
            notes[key] = Path(notes[key]).name
    notes.pop("environment_variables", None)
    notebook.cells = [cell for cell in notebook.cells if ERROR_BANNER not in cell.metadata.get("tags", [])]
    for cell in notebook.cells:
        cell.source = redactor.text(cell.source)
        if cell.cell_type == "code":
            cell.outputs = [nbformat.from_dict(redactor.anything(output)) for output in cell.outputs]  # type: ignore[no-untyped-call]
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]


def _secret_parts(value: str) -> set[str]:
    """A secret as it stands, and the password inside it where it is an address or a list of ``key=value``."""
    parts = {value}
    try:
        password = urlsplit(value).password
    except ValueError:
        password = None
    if password:
        parts |= {password, unquote(password)}
    parts |= set(re.findall(r"(?i)\bpassword\s*=\s*'?([^'\s;]+)", value))
    return parts
