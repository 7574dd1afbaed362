"""Frames as CSV text: full precision, and nothing that a spreadsheet would run.

Numbers keep all their digits. Text that a spreadsheet would take for a formula gets an apostrophe in
front, as OWASP advises; a negative number is a number and stays as it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\n")


def harmless(value: object) -> object:
    """Text that starts like a formula, with an apostrophe in front; anything else as it is."""
    if isinstance(value, str):
        # A bare carriage return would end the line for a reader that the writer does not quote for.
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
    if isinstance(value, list | tuple):
        return " ".join("" if part is None else str(part) for part in value)
    return value


def read_csv_text(file: Path) -> pd.DataFrame:
    """A table as ``csv_text`` wrote it: keys stay text, and apostrophes that it put in front are taken off again."""
    import pandas as pd

    names = pd.read_csv(file, nrows=0).columns
    rows = pd.read_csv(file, dtype={name: "str" for name in names if name.endswith("_id")})
    guarded = tuple(f"'{sign}" for sign in _STARTS_A_FORMULA)
    for name in rows.select_dtypes(["str", "object"]):
        rows[name] = rows[name].map(lambda text: text[1:] if str(text).startswith(guarded) else text)
    return rows


def csv_text(frame: pd.DataFrame) -> str:
    """The frame as CSV: all columns, ISO dates, missing values empty, lines ended by one newline."""
    import pandas as pd

    def column(values: pd.Series[Any]) -> pd.Series[Any]:
        return values if pd.api.types.is_numeric_dtype(values) else values.map(harmless, na_action="ignore")

    shown = frame.reset_index(drop=True)
    cells = {name: column(shown.iloc[:, place]) for place, name in enumerate(shown.columns)}
    safe = pd.DataFrame(cells, index=shown.index)
    return safe.to_csv(index=False, lineterminator="\n", header=[str(harmless(str(name))) for name in safe.columns])
