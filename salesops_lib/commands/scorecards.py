"""``salesops scorecards``: a page for each rep, with anonymous peers, and one for each team's manager."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from salesops_lib.errors import MissingTableError
from salesops_lib.wording import count

if TYPE_CHECKING:
    import pandas as pd

    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters
    from salesops_lib.periods import Period
    from salesops_lib.reporting.blocks.block import Block
    from salesops_lib.reporting.notebooks.page import Page
    from salesops_lib.reporting.run.run import Run

FOLDER = "scorecards"
MONTHS = 12


@dataclass(frozen=True)
class _Company:
    """What every card is made from: worked out once."""

    crm: Crm
    parameters: Parameters
    period: Period
    tables: Mapping[str, pd.DataFrame]
    gaps: pd.DataFrame
    months: pd.DataFrame

    @property
    def names(self) -> dict[str, str]:
        """Name of each rep, by key."""
        reps = self.tables["reps_side_by_side"]
        return {str(key): str(name) for key, name in zip(reps["rep_id"], reps["name"], strict=True)}


def write_scorecards(*, month: str, parameters: Path, source: str, out: Path, is_quiet: bool) -> Path:
    """Write the cards of a month into ``OUT/scorecards/2026-09`` and say where they are.

    Files are named by number, in the order of a hash: a name from the data is no path, and a file's name tells nobody
    whose it is. ``index.html`` does, for whoever hands the cards out. They are kept apart from the month's pack, which
    is for leadership.
    """
    from salesops_lib.reporting.pack.publish import KIT, RUN_FILE, building, publish

    company = _company(month, parameters, source)
    label = company.period.label
    name = company.parameters.company.name
    with building(out / FOLDER, label, company=name) as folder:
        pages = _pages(company)
        for card, page in pages.items():
            (folder / f"{card}.html").write_text(page.html, encoding="utf-8")
            for table, text in page.tables.items():
                file = folder / "tables" / card / f"{table}.csv"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
        (folder / "index.html").write_text(_index(company), encoding="utf-8")
        # Tells the next run that the cards are the kit's own, and whose.
        record = {"kit": KIT, "status": "whole", "company": name, "month": label}
        (folder / RUN_FILE).write_text(json.dumps(record) + "\n", encoding="utf-8")
        place = publish(folder, out / FOLDER, label, is_whole=True)
    if not is_quiet:
        print(place / "index.html")
        print(f"{count(len(pages), 'scorecard')}: hand each out to the one it is about.")
    return place


def _company(month: str, folder: Path, source: str) -> _Company:
    from salesops_lib import rep_comparison, wording
    from salesops_lib.commands.data import usable_company
    from salesops_lib.data import open_data
    from salesops_lib.data.anonymous import shown_parameters
    from salesops_lib.rep_comparison.scorecard.metrics import wins_by_month
    from salesops_lib.reporting.pack.monthly import report_month
    from salesops_lib.reporting.run.companions import call

    read = usable_company(folder, source)
    period = report_month(read.parameters.calendar, month, read.facts)
    wording.use_currency(read.parameters.company.currency)
    crm, _imported = open_data(read.parameters)
    crm = crm.at(min(crm.as_of, period.end))
    shown = shown_parameters(crm, read.parameters)
    report = shown.company.report
    chosen = {"months": MONTHS, "confidence": report.confidence, "min_closed": report.min_closed}

    def made(metric: Callable[..., pd.DataFrame]) -> pd.DataFrame:
        frame: pd.DataFrame = call(
            metric, crm, options={}, required={"period": period, "parameters": shown}, chosen=chosen
        )
        return frame

    tables = {
        "reps_side_by_side": made(rep_comparison.reps_side_by_side),
        "causes_by_rep": made(rep_comparison.causes_by_rep),
    }
    # Without such data the cards leave out what it would show.
    with suppress(MissingTableError):
        tables["effort_and_customers_by_rep"] = made(rep_comparison.effort_and_customers_by_rep)
    return _Company(crm, shown, period, tables, made(rep_comparison.gap_by_rep), made(wins_by_month))


def _file_names(company: _Company) -> tuple[dict[str, str], dict[str, str]]:
    """File of each rep and of each team."""
    from salesops_lib.parameters.anonymous import codes_of

    reps = company.tables["reps_side_by_side"]
    codes, teams = (
        {key: code.lower().replace(" ", "-") for key, code in codes_of(keys, noun).items()}
        for keys, noun in ((reps["rep_id"], "Rep"), (reps["team_name"].unique(), "Team"))
    )
    return codes, teams


def _pages(company: _Company) -> dict[str, Page]:
    """Pages by the name of their file."""
    codes, teams = _file_names(company)
    names = company.names
    pages = {code: _page(company, names[rep], code, _rep_card(company, rep)) for rep, code in codes.items()}
    return pages | {code: _page(company, team, code, _team_card(company, team)) for team, code in teams.items()}


def _page(company: _Company, title: str, name: str, show: Callable[[Run], None]) -> Page:
    from salesops_lib.reporting.notebooks.collected import collected_page
    from salesops_lib.reporting.run.run import Run

    def make(display: Callable[[Block], None]) -> None:
        run = Run(
            name, title=f"Scorecard: {title}", period=company.period, parameters=company.parameters, crm=company.crm,
            show=display,
        )  # fmt: skip
        run.masthead()
        show(run)

    return collected_page(name, make, links=[])


def _rep_card(company: _Company, rep_id: str) -> Callable[[Run], None]:
    from salesops_lib.rep_comparison.scorecard import narrative, plots
    from salesops_lib.rep_comparison.scorecard.metrics import parts_of, scorecard

    def show(run: Run) -> None:
        own = company.months[company.months["rep_id"] == rep_id]
        frames = {
            "scorecard": scorecard(rep_id, company.tables),
            "wins_by_month": own.reset_index(drop=True),
            "parts": parts_of(rep_id, company.gaps, company.tables["causes_by_rep"]),
        }
        for name, frame in frames.items():
            words, plot, table = (
                getattr(room, f"{verb}_{name}")
                for room, verb in ((narrative, "describe"), (plots, "plot"), (plots, "table"))
            )
            run.show(frame, name=_SECTIONS[name], describe=words, plot=plot, table=table)

    return show


_SECTIONS = {"scorecard": "you_and_your_peers", "wins_by_month": "month_by_month", "parts": "gap_to_the_team"}


def _team_card(company: _Company, team: str) -> Callable[[Run], None]:
    from salesops_lib.rep_comparison.scorecard import narrative, plots
    from salesops_lib.rep_comparison.scorecard.metrics import team_scorecard

    def show(run: Run) -> None:
        run.show(
            team_scorecard(team, company.tables),
            name="team_scorecard",
            describe=narrative.describe_team_scorecard,
            plot=plots.plot_team_scorecard,
            table=plots.table_team_scorecard,
        )

    return show


def _index(company: _Company) -> str:
    """The list for whoever hands the cards out."""
    from salesops_lib.reporting.pack.overview import overview_page

    codes, teams = _file_names(company)
    listed = sorted(teams.items()) + sorted((company.names[rep], code) for rep, code in codes.items())
    name = company.parameters.company.name
    return overview_page(
        "scorecards",
        title=f"Scorecards, {company.parameters.calendar.title(company.period)}",
        eyebrow=name,
        footer=f"{name}. Internal use.",
        cards=[(title, f"{code}.html") for title, code in listed],
    )
