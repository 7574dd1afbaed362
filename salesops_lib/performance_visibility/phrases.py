"""Phrases that several findings share: the row a sentence is about, months, and names that fit."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesops_lib.wording import Finding

Row = Any
"""One row of a frame, by column name."""
NO_DATES = "No won deal of these months has a creation date: neither cycle nor age of deals can be told."
NO_EFFORT = Finding("Effort cannot be told", "No seller has an activity on record in these months.", is_headline=False)


def first_of(rows: pd.DataFrame) -> Row:
    """The first row; nothing where there is none."""
    return rows.iloc[0] if len(rows) else None


def last_of(rows: pd.DataFrame) -> Row:
    """The last row; nothing where there is none."""
    return rows.iloc[-1] if len(rows) else None


def most_of(rows: pd.DataFrame, column: str) -> Row:
    """The first of the rows with the largest value; missing values count as smallest."""
    return rows.sort_values(column, ascending=False, kind="stable", na_position="last").iloc[0]


def least_of(rows: pd.DataFrame, column: str) -> Row:
    """The first of the rows with the smallest value; missing values count as largest."""
    return rows.sort_values(column, kind="stable", na_position="last").iloc[0]


def rows_of(rows: pd.DataFrame) -> list[Row]:
    """All rows, with columns as attributes."""
    return list(rows.itertuples())
