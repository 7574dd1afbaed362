"""The encoding of a text file: declared, or found from its bytes."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import IO

from salesops_lib.errors import SourceError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def known_encoding(encoding: str, name: str) -> str:
    """A declared encoding by its usual name."""
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise SourceError(f"{name}: there is no encoding `{encoding}`. Write utf-8, utf-16 or cp1252.") from None


def find_encoding(path: Path, name: str) -> tuple[str, tuple[str, ...]]:
    """The encoding of a text file, and a note where it is not Unicode.

    A byte order mark decides; else UTF-8 if every byte agrees; else Windows-1252.
    """
    with path.open("rb") as file:
        start = file.read(4096)
        for bom, encoding in _BYTE_ORDER_MARKS:
            if start.startswith(bom):
                return encoding, ()
        if b"\0" in start:
            return _utf16_without_mark(start, name)
        file.seek(0)
        line = _first_line_that_is_not(file, "utf-8")
        if line is None:
            return "utf-8", ()
        file.seek(0)
        if _first_line_that_is_not(file, "cp1252") is not None:
            raise SourceError(
                f"{name}: line {line} is neither UTF-8 nor Windows-1252 text. Name the encoding it was saved with "
                "under `encoding:` of its table in company.yaml, or save it again as UTF-8."
            )
    note = f"Read as Windows-1252, since line {line} is not UTF-8. If names look wrong, save the file as UTF-8."
    return "cp1252", (note,)


def _utf16_without_mark(start: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Latin text in UTF-16 has a zero in every second byte; anything else with zeros is no text."""
    zeros_first, zeros_second = start[0::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if zeros_second > 0.7 * half and zeros_first < 0.1 * half:
        return "utf-16-le", ("Read as UTF-16, although the file carries no byte order mark.",)
    if zeros_first > 0.7 * half and zeros_second < 0.1 * half:
        return "utf-16-be", ("Read as UTF-16, although the file carries no byte order mark.",)
    raise SourceError(f"{name}: the file is not text: it holds zero bytes. Export it again as CSV.")


def _first_line_that_is_not(file: IO[bytes], encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    while block := file.read(1_048_576):
        try:
            decoder.decode(block)
        except UnicodeDecodeError as error:
            return line + error.object[: error.start].count(b"\n")
        line += block.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return None
