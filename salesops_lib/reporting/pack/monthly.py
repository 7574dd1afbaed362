"""A month's pack from parameters and data: check, run, write, verify, publish.

Everything that can be wrong in parameters, data or notebooks' parameters is found before the first
kernel starts. From there on a failure costs one report, never the pack.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from salesops_lib import wording
from salesops_lib.errors import PeriodError, SalesopsError
from salesops_lib.reporting.notebooks.arguments import arguments_of
from salesops_lib.reporting.notebooks.commentary import check_commentary
from salesops_lib.reporting.notebooks.execution import Failure, NotebookRun, ParameterValue
from salesops_lib.reporting.notebooks.report import Report, ReportJob, ReportMaker, lost_report
from salesops_lib.reporting.notebooks.workers import Progress, cores, side_by_side
from salesops_lib.reporting.pack.contents import Contents, SourceFacts, question_of, title_of
from salesops_lib.reporting.pack.files import required_files, write_pack
from salesops_lib.reporting.pack.progress import Display, Silent, Stopwatch
from salesops_lib.reporting.pack.publish import building, holds_whole_pack, publish, read_run
from salesops_lib.reporting.pack.verification import verify_pack

if TYPE_CHECKING:
    from salesops_lib.parameters import Parameters
    from salesops_lib.periods import FiscalCalendar, Period


@dataclass(frozen=True)
class Request:
    """One pack to make."""

    parameters: Parameters
    facts: SourceFacts
    templates: Sequence[Path]
    out: Path
    month: str = ""
    """Label of the month; the last complete one in the data where empty."""
    source: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    """What the user sets of the notebooks' parameters, as text."""
    jobs: int = 0
    """Notebooks at once; one a core where 0."""


@dataclass(frozen=True)
class Made:
    """A pack as published."""

    place: Path
    period: Period
    reports: Sequence[Report]
    seconds: float
    notes: Sequence[str] = ()
    """What the pack lacks and why, for instance a PDF where no browser is installed."""

    @property
    def failed(self) -> list[Report]:
        """The reports that were not made."""
        return [report for report in self.reports if report.failure]


def make_month(request: Request, *, maker: Callable[..., Report] | None = None, display: Display | None = None) -> Made:
    """Make and publish the pack of a month.

    Args:
        request: What to make.
        maker: Makes one report in a worker process; the kit's own where absent.
        display: Who is told how far the run is; nobody where absent.

    Errors:
        PeriodError: The month is no month or lies outside the data.
        ParameterError: A notebook's parameter is unknown or of the wrong type.
        PublishError: Another run writes into the same folder, it holds another company's packs, or the pack cannot be
            put in its place.
    """
    watch = Stopwatch()
    period, arguments = planned(request)
    wording.use_currency(request.parameters.company.currency)
    with building(request.out, period.label, company=request.parameters.company.name) as folder:
        jobs = jobs_of(request, period, arguments, folder)
        with display or Silent() as shown:
            reports = _run(
                jobs,
                maker or ReportMaker(),
                shown,
                workers=request.jobs or cores(),
                fingerprint=request.facts.quality.fingerprint,
            )
            shown.step("Writing the pack")
            contents = Contents(
                parameters=request.parameters,
                period=period,
                facts=request.facts,
                reports=reports,
                arguments=arguments,
                questions={template.stem: question_of(template) for template in request.templates},
                previous_label=_previous_label(request, period),
                keeps_whole=_keeps_whole_pack(request.out, period, reports),
            )
            notes = write_pack(folder, contents, seconds=lambda: watch.seconds)
            unfinished = [report.href for report in contents.failed]
            verify_pack(folder, required_files(contents), unfinished=unfinished)
        place = publish(folder, request.out, period.label, is_whole=contents.is_whole)
        _write_index(request.out)
    return Made(place, period, reports, watch.seconds, notes)


def planned(request: Request) -> tuple[Period, dict[str, dict[str, ParameterValue]]]:
    """The month of a pack and what each notebook is given: all that is judged of a request before anything runs.

    Errors:
        PeriodError: The month is no month or lies outside the data.
        ParameterError: A notebook's parameter is unknown or of the wrong type, or there is commentary for no section.
    """
    period = report_month(request.parameters.calendar, request.month, request.facts)
    check_commentary(request.parameters, request.templates)
    return period, arguments_of(request.templates, offered=offered_to(request, period), settings=request.settings)


def report_month(calendar: FiscalCalendar, label: str, facts: SourceFacts) -> Period:
    """The month to report: the one asked for, or the last complete one in the data.

    Errors:
        PeriodError: The label is no month, the month lies outside the data, or every deal is later than ``as_of``.
    """
    if facts.first_day > facts.as_of:
        raise PeriodError(
            f"The data is declared to speak as of {wording.day(facts.as_of)}, but its first deal is of "
            f"{wording.day(facts.first_day)}: there is nothing to report yet. "
            "Correct `as_of` under `source:` in company.yaml."
        )
    first, last = (calendar.containing(day, "month") for day in (facts.first_day, facts.as_of))
    if not label:
        is_complete = facts.as_of >= last.end or last == first
        return last if is_complete else calendar.previous(last)
    period = calendar.period(label)
    if period.kind != "month":
        raise PeriodError(f"`{label}` is a {period.kind}. This report is for a month, written like {last.label}.")
    if period.end < facts.first_day or period.start > facts.as_of:
        raise PeriodError(
            f"{label} lies outside the data, which runs from {wording.day(facts.first_day)} "
            f"to {wording.day(facts.as_of)}. "
            f"Choose a month from {first.label} to {last.label}."
        )
    return period


def offered_to(request: Request, period: Period) -> dict[str, ParameterValue]:
    """What the run offers to every notebook; each takes what it declares.

    Folders are offered as the user wrote them: a pack must not carry this machine's folders.
    """
    choices = request.parameters.company.report
    return {
        "period": period.label,
        "parameters": str(request.parameters.folder),
        "source": request.source,
        "min_closed": choices.min_closed,
        "confidence": choices.confidence,
    }


def jobs_of(
    request: Request, period: Period, arguments: Mapping[str, Mapping[str, ParameterValue]], folder: Path
) -> list[ReportJob]:
    """One job per notebook, in reading order."""
    pack = (("Overview", "index.html"), *((title_of(each.stem), f"{each.stem}.html") for each in request.templates))
    previous = _previous_label(request, period)
    source = request.parameters.company.source
    secret = getattr(source, "connection_env", None)
    return [
        ReportJob(
            run=NotebookRun(
                template.stem, template, arguments[template.stem], folder / "notebooks" / f"{template.stem}.ipynb"
            ),
            folder=folder,
            pack=pack,
            title=title_of(template.stem),
            previous_href=_if_there(request.out, f"{previous}/{template.stem}.html") if previous else None,
            secret_variables=(secret,) if secret else (),
        )
        for template in request.templates
    ]


def longest_first(jobs: Sequence[ReportJob], out: Path) -> list[int]:
    """The order in which to start: what took longest last time first, so that no core waits at the end."""
    runs = [run for path in sorted(out.glob("*/run.json"), reverse=True) if (run := read_run(path.parent))]
    seconds = {each["name"]: each["seconds"] for each in runs[0].get("notebooks", [])} if runs else {}
    return sorted(range(len(jobs)), key=lambda place: -seconds.get(jobs[place].run.name, float("inf")))


def _run(
    jobs: list[ReportJob], maker: Callable[..., Report], shown: Display, *, workers: int, fingerprint: str
) -> list[Report]:
    """Run every notebook and return the reports in reading order."""
    order = longest_first(jobs, jobs[0].folder.parent)
    reports: dict[int, Report] = {}
    for event in side_by_side(maker, [jobs[place] for place in order], workers=workers):
        job = jobs[order[event.job]]
        if isinstance(event, Progress):
            shown.cell(job.run.name, event.cell, event.cells)
            continue
        report = of_this_data(event.made or lost_report(job, event.last_words), fingerprint)
        reports[order[event.job]] = report
        shown.ended(report.name, report.result.seconds, report.failure.sentence if report.failure else "")
    return [reports[place] for place in sorted(reports)]


def of_this_data(report: Report, fingerprint: str) -> Report:
    """The report, failed where it read other data than was checked: the source changed while the pack was made."""
    read = str(report.details.get("Company", {}).get("data fingerprint", ""))
    if report.failure or fingerprint.startswith(read):
        return report
    failure = Failure("data", "The data or the parameters changed while the reports were made. Run the report again.")
    return replace(report, result=replace(report.result, failure=failure))


def _previous_label(request: Request, period: Period) -> str:
    """Label of the month before, where its pack is there; empty otherwise."""
    label = request.parameters.calendar.previous(period).label
    return label if (request.out / label / "index.html").is_file() else ""


def _if_there(out: Path, name: str) -> str | None:
    """A link from a pack to a file of another month, if that file is there."""
    return f"../{name}" if (out / name).is_file() else None


def _keeps_whole_pack(out: Path, period: Period, reports: Sequence[Report]) -> bool:
    """Whether a failed pack leaves a whole one in the month's place."""
    return any(report.failure for report in reports) and holds_whole_pack(out / period.label)


def _write_index(out: Path) -> None:
    """Write the index over months; the pack stands already, so that trouble here must not hide it."""
    from salesops_lib.reporting.pack.months import write_months_index

    try:
        write_months_index(out)
    except OSError as error:
        raise SalesopsError(
            f"The pack is in its place, but `{out / 'index.html'}` cannot be written: {error}."
        ) from error
