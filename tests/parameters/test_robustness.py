"""Whatever stands in the files, the answer is parameters or a list of problems, never a traceback."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib.errors import ParameterError
from salesops_lib.parameters import read_parameters
from tests.parameters.recipes import COMPANY, FILES, PLAN, folder_of

WHOLE = {
    "company": FILES
    + "      columns: {rep_id: agent, amount: {column: v, values: {a: b}, otherwise: {constant: 1}}}\n"
    + "kpis: {win_rate: {label: Win rate, owner: Ana}}\nstages: [{name: Demo}]\ncalendar: {start_month: 1}\n",
    "plan": PLAN + "tiers: [{from: 0, to: 1, multiplier: 1}, {from: 1, multiplier: 2}]\n",
    "quarter": "quarter: 2026-Q3\nplan: standard\nquotas: {company: 5, reps: {ana: 1}}\ntargets: {win_rate: 1}\n",
    "tools": "criteria: [{key: fit, label: Fit, weight: 1}]\nratings: {fit: {crm: 1}}\n",
    "process": "mission: Help.\npeople: [{name: Ana, role_categories: [tech]}]\nreview_cadence: []\n",
}
PIECES = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    "- ",
    "\n",
    "  ",
    "\t",
    "#",
    "&a ",
    "*a",
    "<<: ",
    "!!int ",
    "? ",
    "|",
    ">",
    "'",
]
PIECES += [
    '"',
    "null",
    "~",
    "true",
    "1e400",
    ".nan",
    ".inf",
    "0o7",
    "2026-01-01",
    "-1",
    "é",
    "\U0001f600",
    "\x85",
    "%",
    "---",
]


def read_or_list(files: dict[str, str]) -> None:
    """Read a folder of these files; problems may be found, anything else fails the test."""
    with tempfile.TemporaryDirectory() as name:
        found = [""]
        try:
            read_parameters(folder_of(Path(name), **files))
        except ParameterError as error:
            found = error.problems
        assert found


@settings(max_examples=50, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str):
    """Text of any kind, alone or behind a company that is whole."""
    read_or_list({"company": text})
    read_or_list({"company": COMPANY + text})


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_whole_files_with_pieces_put_in_or_cut_out_are_read_or_refused(seed: int):
    """Two slips of the hand in files that were right."""
    hand = random.Random(seed)
    files = dict(WHOLE)
    for _ in range(2):
        key = hand.choice(list(files))
        text, place = files[key], hand.randrange(len(files[key]))
        files[key] = text[:place] + hand.choice(["", hand.choice(PIECES)]) + text[place + hand.randrange(6) :]
    read_or_list(files)
