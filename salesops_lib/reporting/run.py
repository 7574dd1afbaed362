"""A run of one report: opened once, then one call per thing shown.

``run = start_run("02_rep_comparison", period=period, parameters=parameters)`` checks what the notebook
was given, opens the company's data and moves it to the evening of the report. Every method shows one
thing and returns the frame behind it, so that cells stay one to four lines long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from salesops_lib import wording
from salesops_lib.errors import MissingTableError
from salesops_lib.measures.definitions import DEFINITIONS, Definition
from salesops_lib.measures.tidy import column_meanings, shaped
from salesops_lib.parameters.duties import Duties
from salesops_lib.reporting import furniture, rhymes
from salesops_lib.reporting.actions import actions_block, frame_of, todos_of
from salesops_lib.reporting.blocks import Block
from salesops_lib.reporting.cards import Card, cards_block, read_cards
from salesops_lib.reporting.csv_text import csv_text
from salesops_lib.reporting.formats import definition_of
from salesops_lib.reporting.quality import Quality, quality_block, quality_of
from salesops_lib.reporting.section import Section, label_of_name, missing_block, section_block
from salesops_lib.reporting.starting import check_notebook_parameters, chosen_source, find_parameters, notebook_globals
from salesops_lib.reporting.tables import TableView, shown_names

if TYPE_CHECKING:
    import pandas as pd

    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters
    from salesops_lib.periods import FiscalCalendar, Period


def start_run(notebook: str, *, period: str, parameters: str = "parameters", source: str = "", **options: Any) -> Run:
    """Open a report: check what the notebook was given, then open the data as of the report's evening.

    Args:
        notebook: Name of the notebook, for instance ``02_rep_comparison``.
        period: What to report, as its label; a month is written ``2026-09``.
        parameters: The company's parameters folder, from the current folder or the project's root.
        source: Folder of the company's export, where it is not the one in company.yaml;
            the environment variable ``SALESOPS_SOURCE`` says the same.
        options: The notebook's other parameters; shown in the details. ``confidence`` and ``min_closed``
            stand above the company's choice.

    Errors:
        ParameterError: Something given is misspelt, of the wrong type, or wrong in the parameters.
        PeriodError: The period's label is not one.
        DataError: The data failed a check of severity error.
    """
    check_notebook_parameters(notebook_globals())
    import pandas as pd

    from salesops_lib.data import open_data
    from salesops_lib.data.anonymous import shown_parameters
    from salesops_lib.parameters import read_parameters

    read = read_parameters(find_parameters(parameters), source=chosen_source(source))
    report_period = read.calendar.period(period)
    wording.use_currency(read.company.currency)
    # JupyterLab takes two amounts of dollars in one cell of a displayed frame for a formula.
    pd.set_option("display.html.use_mathjax", False)
    crm, imported = open_data(read)
    given = {"period": period, "parameters": parameters, **({"source": source} if source else {}), **options}
    shown = shown_parameters(crm, read)
    return Run(notebook, period=report_period, parameters=shown, crm=crm, quality=quality_of(imported), options=given)


class Run:
    """One report while it runs.

    Args:
        notebook: Name of the notebook.
        period: What is reported.
        parameters: The company's parameters.
        crm: The company's data, up to any later day.
        quality: What the data checks found.
        options: What the notebook was given.
        show: Displays a block; IPython's display if absent.
        title: The report's title; made from the notebook's name if absent.
    """

    def __init__(
        self,
        notebook: str,
        *,
        period: Period,
        parameters: Parameters,
        crm: Crm,
        quality: Quality | None = None,
        options: Mapping[str, Any] | None = None,
        show: Callable[[Block], None] | None = None,
        title: str = "",
    ) -> None:
        self.notebook = notebook
        self._title = title
        self.period = period
        self.parameters = parameters
        self.calendar: FiscalCalendar = parameters.calendar
        self.as_of: date = min(crm.as_of, period.end)
        self.crm = crm.at(self.as_of)
        self.duties = Duties(parameters, self.as_of)
        self.options: dict[str, Any] = dict(options or {})
        self.quality = quality or Quality()
        self._show = show or _display
        self._shown: list[furniture.Shown] = []
        self._cards: list[Card] = []
        self._names: set[str] = set()
        self._columns: list[str] = []

    @property
    def title(self) -> str:
        """The report's title: ``02_rep_comparison`` is ``Rep comparison``."""
        return self._title or self.notebook.lstrip("0123456789").strip("_").replace("_", " ").capitalize()

    @property
    def quarter(self) -> Period:
        """The fiscal quarter that the report's period ends in."""
        return self.calendar.containing(self.period.end, "quarter")

    @property
    def quarter_to_land(self) -> Period:
        """The first fiscal quarter that is not over on the evening of the report."""
        return self.calendar.containing(self.as_of + timedelta(days=1), "quarter")

    @property
    def findings(self) -> list[wording.Finding]:
        """The findings shown so far, in order."""
        return [each.finding for each in self._shown]

    def masthead(self) -> None:
        """Show title, company, period, fiscal label, the data's date and how sound the data is."""
        partial = ""
        if self.as_of < self.period.end:
            elapsed = self.calendar.elapsed_share(self.period, self.as_of)
            partial = f"partial, {wording.percent(elapsed)} of selling days passed"
        masthead = furniture.Masthead(
            title=self.title,
            company=self.parameters.company.name,
            period_title=self.calendar.title(self.period),
            fiscal_title=self.calendar.title(self.quarter),
            as_of=self.as_of,
            partial=partial,
            quality=self.quality.words,
            quality_status=self.quality.status,
        )
        self._show(furniture.masthead_block(masthead))

    def headlines(self) -> None:
        """Show at most five findings of this run, worst first; the page puts them under the masthead."""
        self._show(furniture.headlines_block(furniture.headlines_of(self._shown)))

    def cards(self, metric: rhymes.Function, /, **options: Any) -> pd.DataFrame:
        """Show key figures as cards, and return their frame.

        Args:
            metric: Called as ``section`` calls one, so that a card and a table have the same interval. One row per
                card: key, label, value and unit (``amount``, ``rate``, ``days``, ``count``, ``score``); where known
                also change, change_unit, compared_with, target, n, low, high, direction and series.
            options: What the metric declares and the run does not know.

        Errors:
            TypeError: Not a metric, or an option that it does not declare.
        """
        if not callable(metric):
            raise TypeError("`run.cards` calls the metric itself: write `run.cards(area.cards)`.")
        rhymes.check_options(options, (metric,))
        frame: pd.DataFrame = self._call(metric, options=options, with_crm=True)
        cards = read_cards(frame, self.parameters, self.quarter.label)
        self._cards += cards
        self._columns += [card.key for card in cards]
        name = self._unique("key_figures")
        self._show(cards_block(cards, name=name, table_csv=csv_text(frame), made_by=rhymes.dotted_name(metric)))
        return frame

    def section(self, metric: rhymes.Function, /, **options: Any) -> pd.DataFrame:
        """Show a metric with the plot, words and table view that rhyme with it, and return its frame.

        What a function requires and ``options`` leave out comes from the run: ``crm``, ``period``,
        ``calendar``, ``parameters``, ``as_of``, ``duties``. ``confidence`` and ``min_closed`` come from the notebook's
        parameters, or else from company.yaml. Where the company lacks a table that the metric
        needs, one line says so and the frame is empty.

        Errors:
            TypeError: An option that none of the functions declares, or a metric without words.
        """
        triple = rhymes.triple_of(metric)
        rhymes.check_options(options, (metric, triple.describe, triple.plot, triple.table))
        missing = _missing_before(options)
        try:
            if missing:
                raise MissingTableError(missing)
            frame = self._call(metric, options=options, with_crm=True)
        except MissingTableError as error:
            return self._show_missing(metric, error)
        return self._show_section(
            metric.__name__,
            frame,
            describe=triple.describe,
            plot=triple.plot,
            table=triple.table,
            options=options,
            meanings=column_meanings(metric),
            about=rhymes.first_sentence_of(metric),
            made_by=rhymes.dotted_name(metric),
        )

    def show(
        self,
        frame: pd.DataFrame,
        *,
        name: str,
        describe: rhymes.Function,
        plot: rhymes.Function | None = None,
        table: rhymes.Function | None = None,
        **options: Any,
    ) -> pd.DataFrame:
        """Show a frame that is already there as a section, with functions that need not rhyme."""
        rhymes.check_options(options, (describe, plot, table))
        return self._show_section(name, frame, describe=describe, plot=plot, table=table, options=options)

    def reported(self, table: str) -> pd.DataFrame:
        """A table of this notebook as the last whole pack of an earlier month holds it; empty where there is none."""
        from salesops_lib.data.anonymous import coded_rows
        from salesops_lib.reporting.earlier import earlier_table, reports_folder

        rows = earlier_table(
            reports_folder(),
            notebook=self.notebook,
            table=table,
            company=self.parameters.company.name,
            before=self.period,
        )
        return coded_rows(self.crm, rows) if self.parameters.company.anonymise else rows

    def coverage(self) -> pd.DataFrame:
        """Show which tables the company's data has, with rows and dates, and which it lacks."""
        from salesops_lib.reporting.coverage import coverage_block, coverage_of

        frame = coverage_of(self.crm)
        self._show(coverage_block(frame, as_of=self.as_of, notebook=self.notebook))
        return frame

    def actions(self) -> pd.DataFrame:
        """Show who does what by when, from the findings and key figures shown so far."""
        todos = todos_of(self._shown, self._cards, self.duties)
        self._show(actions_block(todos))
        return frame_of(todos)

    def checks(self) -> pd.DataFrame:
        """Show what the data checks found, rows left out included."""
        self._show(quality_block(self.quality, notebook=self.notebook))
        return self.quality.frame()

    def definitions(self, *wanted: str, **texts: str) -> None:
        """Show what the numbers mean.

        Args:
            wanted: Keys of the dictionary of definitions; those of every figure shown so far if absent.
            texts: Other terms, as ``term="meaning"``.

        Errors:
            KeyError: A key is not in the dictionary.
        """
        chosen = [DEFINITIONS[key] for key in wanted] or self._definitions_shown()
        pairs = [(name.replace("_", " ").capitalize(), text) for name, text in texts.items()]
        self._show(furniture.definitions_block(chosen, pairs))

    def details(self) -> None:
        """Show parameters, versions and the fingerprint of the data, without credentials."""
        from salesops_lib.reporting.details import details_of

        self._show(furniture.details_block(details_of(self)))

    def _call(self, function: rhymes.Function, *first: Any, options: Mapping[str, Any], with_crm: bool = False) -> Any:
        required = {
            "period": self.period, "calendar": self.calendar, "parameters": self.parameters, "as_of": self.as_of,
            "duties": self.duties,
            **({"crm": self.crm} if with_crm else {}),
        }  # fmt: skip
        report = self.parameters.company.report
        chosen = {"confidence": report.confidence, "min_closed": report.min_closed}
        chosen |= {name: self.options[name] for name in chosen if name in self.options}
        return rhymes.call(function, *first, options=options, required=required, chosen=chosen)

    def _show_section(
        self,
        name: str,
        frame: pd.DataFrame,
        *,
        describe: rhymes.Function,
        plot: rhymes.Function | None,
        table: rhymes.Function | None,
        options: Mapping[str, Any],
        meanings: Mapping[str, str] | None = None,
        about: str = "",
        made_by: str = "",
    ) -> pd.DataFrame:
        finding = self._call(describe, frame, options=options)
        view: TableView = self._call(table, frame, options=options) if table else TableView()
        unique = self._unique(name)
        label = label_of_name(name)
        section = Section(
            unique,
            label,
            finding,
            frame,
            draw=partial(self._call, plot, frame, options=options) if plot else None,
            view=view,
            about=about,
            meanings=meanings,
            commentary=self._commentary(name),
            made_by=made_by,
        )
        self._shown.append(furniture.Shown(unique, label, finding))
        self._columns += [name, *shown_names(frame, view)]
        self._show(section_block(section, notebook=self.notebook))
        return frame

    def _show_missing(self, metric: rhymes.Function, error: MissingTableError) -> pd.DataFrame:
        import pandas as pd

        name = self._unique(metric.__name__)
        shows = f"It would show: {rhymes.first_sentence_of(metric)}"
        self._show(missing_block(name=name, label=label_of_name(metric.__name__), shows=shows, reason=str(error)))
        frame = shaped(pd.DataFrame(), metric)
        frame.attrs["missing_tables"] = error.tables
        return frame

    def _commentary(self, name: str) -> str:
        quarter = self.parameters.quarters.get(self.quarter.label)
        return quarter.commentary.get(name, "") if quarter else ""

    def _unique(self, name: str) -> str:
        """A name that no other part of this report has."""
        unique, n = name, 1
        while unique in self._names:
            n += 1
            unique = f"{name}_{n}"
        self._names.add(unique)
        return unique

    def _definitions_shown(self) -> list[Definition]:
        found = (definition_of(name) for name in self._columns)
        return list({each.key: each for each in found if each}.values())


def _missing_before(options: Mapping[str, Any]) -> list[str]:
    """Tables whose absence already emptied a frame that this section builds on."""
    return [name for value in options.values() for name in getattr(value, "attrs", {}).get("missing_tables", [])]


def _display(block: Block) -> None:
    from IPython.display import display

    display(block)  # type: ignore[no-untyped-call]
