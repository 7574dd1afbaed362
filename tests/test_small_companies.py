"""Companies that lack what others have: every section, key figure and action of all six notebooks stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from salesops_lib import theme
from salesops_lib.data.schemas import NO_OWNER
from salesops_lib.parameters import read_parameters
from tests import small_companies as small
from tests.parameters.recipes import folder_of
from tests.rep_comparison.recipes import declaring
from tests.reports_in_process import Reports, reports_of

BARE = "name: Northwind\ncurrency: USD\ntime_zone: UTC\nsource: {kind: demo}\n"
WEIGHTS = {"rule": "weighted", "weights": {"ana": 2, "bo": 1}, "ramp": [0.5]}
NONSENSE = re.compile(
    r"\bnan\b|\binf\b|\bNaT\b|<NA>|\b0 of 0\b|\bnone of 0\b|\(0 judged\)|(?<=\s)–(?=[\s.,;)])", re.IGNORECASE
)


@dataclass(frozen=True)
class Case:
    """A company, and what is reported of it."""

    changes: tuple[small.Change, ...]
    month: str = small.MONTH
    is_bare: bool = True
    """Nothing is declared but a name and a currency; else all that the demo company declares, and weighted leads."""
    width: float = theme.WIDE


def every(**values):
    """Deals and their history say this."""
    return small.where("opportunities", **values), small.where("stage_history", amount=values.get("amount"))


NOTHING = "reps and nothing else"
CASES = {
    "only what every company must have": Case((small.without_tables(), small.with_required_columns("opportunities"))),
    "every other table empty, nothing won, no amounts, in the first days of a month": Case(
        (small.without_deals(lambda deal: deal["status"] == "won"), *every(amount=None), small.with_empty_tables),
        month="2026-10",
        is_bare=False,
        width=theme.NARROW,
    ),
    "required columns only": Case((small.with_required_columns(),), is_bare=False),
    "all of it long ago": Case(
        (
            small.long_ago(
                "opportunities",
                "stage_history",
                "leads",
                "activities",
                "quotas",
                "subscriptions",
                "satisfaction",
                "tool_costs",
                "tool_usage",
                "tool_survey",
            ),
        ),
        is_bare=False,
    ),
    "nothing closed, nothing worth anything, leads nobody owns, the first month with a deal": Case(
        (
            small.without_deals(lambda deal: deal["status"] != "open"),
            *every(amount=0),
            small.where("leads", rep_id=None, assigned_at=None, first_touch_at=None),
            small.where("reps", started_on="2026-08-17"),
            small.instead("quotas", [small.goal("company", "2026-Q3", 9000)]),
            small.without_tables("tools", "tool_costs", "tool_seats", "tool_usage", "tool_survey"),
        ),
        month="2026-08",
        is_bare=False,
        width=theme.NARROW,
    ),
    "nothing lost, negative amounts, nobody in a team, goals of zero, all hired after the month": Case(
        (
            small.without_deals(lambda deal: deal["status"] == "lost"),
            *every(amount=-500),
            small.instead("team_members", []),
            small.instead("quotas", [small.goal("rep", f"2026-Q{n}", 0, rep_id="bo") for n in (3, 4)]),
            small.where("reps", started_on="2026-10-01"),
            small.where("leads", qualified_at=None, converted_opportunity_id=None, source=None),
            small.where("activities", opportunity_id=None, kind=None, note=None),
            small.without_tables("tools", "tool_costs", "tool_seats", "tool_usage", "tool_survey", "satisfaction"),
        )
    ),
    "every other deal is nobody's": Case(
        (
            small.where(
                "opportunities",
                rep_id=lambda deal: NO_OWNER if int(deal["opportunity_id"][1:]) % 2 else deal["rep_id"],
            ),
            small.where("stage_history", rep_id=None),
        ),
        is_bare=False,
    ),
    "one of each": Case((small.with_one_of_each,), is_bare=False, width=theme.NARROW),
    NOTHING: Case((small.with_empty_tables, small.instead("opportunities", []), small.where("reps", role=None))),
}


@pytest.fixture(scope="module")
def declared(demo_parameters, tmp_path_factory):
    """Parameters of a company that declares nothing, and of one that declares much."""
    bare = read_parameters(folder_of(tmp_path_factory.mktemp("bare"), company=BARE))
    return {True: bare, False: declaring(demo_parameters, leads=WEIGHTS)}


@pytest.fixture(scope="module", params=CASES)
def told(request, declared) -> tuple[str, Reports]:
    """A company, and its six reports."""
    case = CASES[request.param]
    return request.param, reports_of(small.company(*case.changes), declared[case.is_bare], case.month, width=case.width)


def test_no_section_fails_and_charts_are_drawn(told):
    """Whatever a company lacks, its reports are made, with those charts that have something to draw."""
    _name, reports = told
    drawings = [block.data["name"] for block in reports.of("section") if "<svg" in block.html]

    assert not reports.failures, "\n".join(reports.failures)
    assert drawings == reports.drawn
    assert len(drawings) > 3


def test_no_sentence_reads_like_nonsense(told):
    """Nothing that could not be worked out is written as if it were a number."""
    _name, reports = told
    said = [block.text for block in reports.blocks if block.kind in ("section", "actions", "headlines")]

    assert [text for text in said if NONSENSE.search(text)] == []


def test_nothing_is_on_track_where_there_is_nothing_to_judge(told):
    """Without a deal, a goal, a lead or a tool no finding has reason to be glad."""
    name, reports = told
    if name != NOTHING:
        pytest.skip("has something to judge")

    assert [block.text for block in reports.of("section") if block.data["finding"]["status"] == "good"] == []
