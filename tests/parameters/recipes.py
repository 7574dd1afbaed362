"""Parameter folders to start a test from, and quarters for properties."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import strategies as st

from salesops_lib.errors import ParameterError
from salesops_lib.parameters import Quarter, Quotas, read_parameters

COMPANY = """\
name: Northwind
currency: USD
time_zone: America/Chicago
source:
  kind: demo
kpis:
  win_rate: {label: Win rate, owner: Ana, target: 0.3}
  bookings: {label: Bookings, owner: Ben}
"""
FILES = """\
name: Northwind
currency: USD
time_zone: America/Chicago
source:
  kind: files
  folder: .
  tables:
    reps: {file: reps.csv}
    opportunities:
      file: deals.csv
"""
PLAN = """\
name: standard
title: Standard plan
roles:
  executive: {base_amount: 90000, target_variable_amount: 60000}
"""


def folder_of(folder: Path, **files: str) -> Path:
    """Write a parameters folder; ``plan`` and ``quarter`` stand for standard.yaml and 2026-Q3.yaml."""
    names = {"plan": "plans/standard.yaml", "quarter": "2026-Q3.yaml"}
    for key, text in {"company": COMPANY, **files}.items():
        path = folder / names.get(key, key if "." in key else f"{key}.yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def problems_of(folder: Path, *, source: str = "") -> list[str]:
    """The problems that reading a folder finds."""
    with pytest.raises(ParameterError) as caught:
        read_parameters(folder, source=source)
    return caught.value.problems


_words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn")), max_size=30)
_keys = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=12)
_goals = st.dictionaries(_keys, st.decimals(0, 10**9, places=2), max_size=4)


@st.composite
def quarters(draw: st.DrawFn) -> Quarter:
    """Any quarter a person could write: 0-4 goals, targets and texts, odd keys and numbers included."""
    return Quarter(
        quarter=f"{draw(st.integers(2000, 2099))}-Q{draw(st.integers(1, 4))}",
        quotas=Quotas(
            company=draw(st.none() | st.decimals(0, Decimal(10**12), places=2)), teams=draw(_goals), reps=draw(_goals)
        ),
        plan=draw(st.none() | _keys),
        targets=draw(st.dictionaries(_keys, st.floats(-1e9, 1e9), max_size=3)),
        commentary=draw(st.dictionaries(_keys, _words, max_size=3)),
    )
