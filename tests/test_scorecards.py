"""``salesops scorecards``: a card shows its own rep, files bear no names, links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from salesops_lib.commands.scorecards import MONTHS, _company
from salesops_lib.data.demo import simulate_company
from salesops_lib.rep_comparison import reps_side_by_side
from tests.data.exports import write_exports

ROOT = Path(__file__).parent.parent


def write_cards(out: Path, *given: str) -> None:
    """The cards of a month, in a process of their own."""
    command = [sys.executable, "-m", "salesops_lib", "scorecards", "--out", str(out), "--quiet", *given]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def cards(tmp_path_factory) -> Path:
    """The demo company's cards for September 2026."""
    out = tmp_path_factory.mktemp("cards")
    write_cards(out, "--month", "2026-09")
    return out / "scorecards" / "2026-09"


def named_in(text: str) -> set[str]:
    """The reps whose name or key stands in a page."""
    text, reps = unescape(text), simulate_company()["reps"]
    found = zip(reps["rep_id"].to_pylist(), reps["name"].to_pylist(), strict=True)
    return {name for key, name in found if name in text or re.search(rf"\b{key}\b", text)}


@pytest.mark.slow
def test_a_reps_card_names_that_rep_and_nobody_else(cards):
    """Data behind the charts included; every card belongs to one rep, and no two to the same."""
    owners = [named_in(path.read_text(encoding="utf-8")) for path in sorted(cards.glob("rep-*.html"))]

    assert len(owners) > 30
    assert {len(each) for each in owners} == {1}
    assert len({name for each in owners for name in each}) == len(owners)


@pytest.mark.slow
def test_file_names_tell_nobody_whose_card_it_is(cards):
    """Numbers, in pages and tables."""
    for path in cards.rglob("*"):
        assert re.fullmatch(r"(rep|team)-\d+(\.html)?|index\.html|run\.json|tables|[a-z_]+\.csv", path.name), path


@pytest.mark.slow
def test_every_link_of_a_card_leads_to_a_file(cards):
    """The list leads to the cards, the cards to their tables."""
    for page in cards.glob("*.html"):
        for href in re.findall(r'href="([^"#:]+)"', page.read_text(encoding="utf-8")):
            assert (page.parent / href).is_file(), (page.name, href)


@pytest.mark.slow
def test_the_cards_of_a_month_can_be_written_again(tmp_path):
    """A second run takes the place of the first, as a pack's does."""
    (tmp_path / "company.yaml").write_text(COMPANY, encoding="utf-8")
    write_exports(tmp_path / "exports", {})
    for _ in range(2):
        write_cards(tmp_path / "out", "--month", "2026-08", "--parameters", str(tmp_path))

    assert sorted(path.name for path in (tmp_path / "out" / "scorecards" / "2026-08").glob("rep-*.html"))


COMPANY = """
name: Test
currency: USD
time_zone: UTC
stages: [{name: Talks}]
source:
  kind: files
  folder: exports
  as_of: "2026-09-30"
  tables: {reps: {file: reps.csv}, opportunities: {file: opportunities.csv}}
"""


def test_a_card_has_the_intervals_that_the_company_chose_for_its_reports(tmp_path):
    """As in the pack: neither the coverage nor the fewest deals are the library's own."""
    (tmp_path / "company.yaml").write_text(COMPANY + "report: {confidence: 0.8, min_closed: 2}\n", encoding="utf-8")
    write_exports(tmp_path / "exports", {})

    company = _company("2026-08", tmp_path, "")

    given = {"period": company.period, "months": MONTHS}
    wanted = reps_side_by_side(company.crm, **given, confidence=0.8)
    assert_frame_equal(company.tables["reps_side_by_side"], wanted)
