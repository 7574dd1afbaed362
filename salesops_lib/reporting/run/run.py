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
from salesops_lib.measures.definitions import DEFINITIONS
from salesops_lib.measures.tidy import column_meanings, shaped
from salesops_lib.parameters.duties import Duties
from salesops_lib.reporting.blocks.actions import actions_block, frame_of, todos_of
from salesops_lib.reporting.blocks.block import Block
from salesops_lib.reporting.blocks.card import read_cards
from salesops_lib.reporting.blocks.cards import cards_block
from salesops_lib.reporting.blocks.headlines import Shown, headlines_block, headlines_of
from salesops_lib.reporting.blocks.listed import definitions_block, details_block
from salesops_lib.reporting.blocks.masthead import masthead_block, masthead_of
from salesops_lib.reporting.blocks.quality import Quality, quality_block
from salesops_lib.reporting.blocks.section import Section, label_of_name, missing_block, section_block
from salesops_lib.reporting.run import companions
from salesops_lib.reporting.run.so_far import SoFar
from salesops_lib.reporting.tables.csv_text import csv_text
from salesops_lib.reporting.tables.table import TableView, shown_names

if TYPE_CHECKING:
    import pandas as pd

    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters
    from salesops_lib.periods import FiscalCalendar, Period


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
        self._so_far = SoFar()

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
        return [each.finding for each in self._so_far.findings]

    def masthead(self) -> None:
        """Show title, company, period, fiscal label, the data's date and how sound the data is."""
        company = self.parameters.company.name
        masthead = masthead_of(self.title, company, self.calendar, self.period, self.as_of, self.quality)
        self._show(masthead_block(masthead))

    def headlines(self) -> None:
        """Show at most five findings of this run, worst first; the page puts them under the masthead."""
        self._show(headlines_block(headlines_of(self._so_far.findings)))

    def cards(self, metric: companions.Function, /, **options: Any) -> pd.DataFrame:
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
        companions.check_options(options, (metric,))
        frame: pd.DataFrame = self._call(metric, options=options, with_crm=True)
        cards = read_cards(frame, self.parameters, self.quarter.label)
        self._so_far.add_cards(cards)
        name = self._so_far.unique("key_figures")
        self._show(cards_block(cards, name=name, table_csv=csv_text(frame), made_by=companions.dotted_name(metric)))
        return frame

    def section(self, metric: companions.Function, /, **options: Any) -> pd.DataFrame:
        """Show a metric with the plot, words and table view that rhyme with it, and return its frame.

        What a function requires and ``options`` leave out comes from the run: ``crm``, ``period``,
        ``calendar``, ``parameters``, ``as_of``, ``duties``. ``confidence`` and ``min_closed`` come from the notebook's
        parameters, or else from company.yaml. Where the company lacks a table that the metric
        needs, one line says so and the frame is empty.

        Errors:
            TypeError: An option that none of the functions declares, or a metric without words.
        """
        triple = companions.triple_of(metric)
        companions.check_options(options, (metric, triple.describe, triple.plot, triple.table))
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
            about=companions.first_sentence_of(metric),
            made_by=companions.dotted_name(metric),
        )

    def show(
        self,
        frame: pd.DataFrame,
        *,
        name: str,
        describe: companions.Function,
        plot: companions.Function | None = None,
        table: companions.Function | None = None,
        **options: Any,
    ) -> pd.DataFrame:
        """Show a frame that is already there as a section, with functions that need not rhyme."""
        companions.check_options(options, (describe, plot, table))
        return self._show_section(name, frame, describe=describe, plot=plot, table=table, options=options)

    def reported(self, table: str) -> pd.DataFrame:
        """A table of this notebook as the last whole pack of an earlier month holds it; empty where there is none."""
        from salesops_lib.data.anonymous import coded_rows
        from salesops_lib.reporting.pack.earlier import earlier_table, reports_folder

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
        from salesops_lib.reporting.blocks.coverage import coverage_block, coverage_of

        frame = coverage_of(self.crm)
        self._show(coverage_block(frame, as_of=self.as_of, notebook=self.notebook))
        return frame

    def actions(self) -> pd.DataFrame:
        """Show who does what by when, from the findings and key figures shown so far."""
        todos = todos_of(self._so_far.findings, self._so_far.cards, self.duties)
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
        chosen = [DEFINITIONS[key] for key in wanted] or self._so_far.definitions()
        pairs = [(name.replace("_", " ").capitalize(), text) for name, text in texts.items()]
        self._show(definitions_block(chosen, pairs))

    def details(self) -> None:
        """Show parameters, versions and the fingerprint of the data, without credentials."""
        from salesops_lib.reporting.run.details import details_of

        self._show(details_block(details_of(self)))

    def _call(
        self, function: companions.Function, *first: Any, options: Mapping[str, Any], with_crm: bool = False
    ) -> Any:
        required = {
            "period": self.period, "calendar": self.calendar, "parameters": self.parameters, "as_of": self.as_of,
            "duties": self.duties,
            **({"crm": self.crm} if with_crm else {}),
        }  # fmt: skip
        report = self.parameters.company.report
        chosen = {"confidence": report.confidence, "min_closed": report.min_closed}
        chosen |= {name: self.options[name] for name in chosen if name in self.options}
        return companions.call(function, *first, options=options, required=required, chosen=chosen)

    def _show_section(
        self,
        name: str,
        frame: pd.DataFrame,
        *,
        describe: companions.Function,
        plot: companions.Function | None,
        table: companions.Function | None,
        options: Mapping[str, Any],
        meanings: Mapping[str, str] | None = None,
        about: str = "",
        made_by: str = "",
    ) -> pd.DataFrame:
        finding = self._call(describe, frame, options=options)
        view: TableView = self._call(table, frame, options=options) if table else TableView()
        unique = self._so_far.unique(name)
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
        self._so_far.add(Shown(unique, label, finding), [name, *shown_names(frame, view)])
        self._show(section_block(section, notebook=self.notebook))
        return frame

    def _show_missing(self, metric: companions.Function, error: MissingTableError) -> pd.DataFrame:
        import pandas as pd

        name = self._so_far.unique(metric.__name__)
        shows = f"It would show: {companions.first_sentence_of(metric)}"
        self._show(missing_block(name=name, label=label_of_name(metric.__name__), shows=shows, reason=str(error)))
        frame = shaped(pd.DataFrame(), metric)
        frame.attrs["missing_tables"] = error.tables
        return frame

    def _commentary(self, name: str) -> str:
        quarter = self.parameters.quarters.get(self.quarter.label)
        return quarter.commentary.get(name, "") if quarter else ""


def _missing_before(options: Mapping[str, Any]) -> list[str]:
    """Tables whose absence already emptied a frame that this section builds on."""
    return [name for value in options.values() for name in getattr(value, "attrs", {}).get("missing_tables", [])]


def _display(block: Block) -> None:
    from IPython.display import display

    display(block)  # type: ignore[no-untyped-call]
