"""Frames with the same columns and types whether or not there are rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

Types = Mapping[str, Any]


def frame_of(rows: pd.DataFrame | Sequence[Mapping[str, Any]], types: Types) -> pd.DataFrame:
    """The rows with these columns, in this order and of these types; what a row lacks is missing."""
    names = list(types)
    table = rows.reindex(columns=names) if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows, columns=names)
    return table.astype(dict(types)).reset_index(drop=True)
