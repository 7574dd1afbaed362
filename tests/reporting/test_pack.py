"""Tests of the pack: its first page, its files, what it says when a report failed."""

import csv
import json
import re
from dataclasses import replace
from datetime import date

import pytest

from salesops_lib.errors import ParameterError, PeriodError
from salesops_lib.reporting.notebooks.execution import NotebookResult
from salesops_lib.reporting.notebooks.report import Report, ReportMaker
from salesops_lib.reporting.notebooks.workers import Done
from salesops_lib.reporting.pack import files, monthly
from salesops_lib.reporting.pack.contents import Headline, headlines_of, question_of, title_of
from salesops_lib.reporting.pack.files import required_files, write_pack
from salesops_lib.reporting.pack.front_page import pack_page
from salesops_lib.reporting.pack.monthly import longest_first, make_month, of_this_data, report_month
from salesops_lib.reporting.pack.publish import PublishError, read_run
from salesops_lib.reporting.pack.record import record_of
from salesops_lib.reporting.pack.verification import verify_pack
from tests.reporting.notebooks import FakeEngine, broken_page, fake_page, write_notebook
from tests.reporting.packs import QUALITY, contents_in, facts, parameters_in, request_in

FAKE = ReportMaker(FakeEngine(), fake_page)


@pytest.fixture(autouse=True)
def no_browser(monkeypatch):
    """These packs are written without a PDF; test_pdf.py prints."""
    monkeypatch.setattr(files, "find_browser", lambda: None)


@pytest.fixture
def in_one_process(monkeypatch):
    """Makes the reports one after another in this process; the workers have their own tests and `made` uses them."""

    def one_by_one(work, jobs, *, workers):
        for place, job in enumerate(jobs):
            yield Done(place, work(job, lambda cell, cells: None))

    monkeypatch.setattr(monthly, "side_by_side", one_by_one)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A pack of three notebooks, one of which fails, made by the whole run in worker processes."""
    folder = tmp_path_factory.mktemp("made")
    request = request_in(folder, "01_performance_visibility", "02_rep_comparison", "03_bad", jobs=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "find_browser", lambda: None)
        return make_month(request, maker=FAKE)


def test_pack_holds_every_file_of_the_contract(made):
    """Pages, executed notebooks, tables, workbook, digest and record are all there."""
    files = {path.relative_to(made.place).as_posix() for path in made.place.rglob("*") if path.is_file()}
    assert files == {
        "index.html", "tables.xlsx", "tables/about.csv", "digest.eml", "run.json",
        *(f"{name}.html" for name in ("01_performance_visibility", "02_rep_comparison", "03_bad")),
        *(f"notebooks/{name}.ipynb" for name in ("01_performance_visibility", "02_rep_comparison", "03_bad")),
        *(f"tables/{name}/win_rate.csv" for name in ("01_performance_visibility", "02_rep_comparison", "03_bad")),
    }  # fmt: skip
    assert set(read_run(made.place)["files"]) == files


def test_every_table_file_says_what_it_shows_of_which_month_and_as_of_when(made):
    """No export goes without its filters and date."""
    with (made.place / "tables" / "about.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}

    tables = {path.relative_to(made.place / "tables").as_posix() for path in (made.place / "tables").glob("*/*.csv")}
    assert set(rows) == tables
    assert {(row["month"], row["data_as_of"]) for row in rows.values()} == {("2026-09", "2026-09-30")}
    assert {row["made_by"] for row in rows.values()} == {"area.metrics.win_rate"}


def test_failing_report_is_said_plainly_and_the_others_stand(made):
    """The first page names what failed, the cell and the error; the other reports are whole."""
    page = (made.place / "index.html").read_text()
    assert "1 of 3 reports failed" in page
    assert "Cell 3, under “Win rates”: ZeroDivisionError: division by zero" in page
    assert [report.name for report in made.failed] == ["03_bad"]
    assert read_run(made.place)["status"] == "failed"


def test_reports_keep_their_reading_order(made):
    """Whichever notebook ends first, the pack lists them as they are numbered."""
    assert [report.name for report in made.reports] == ["01_performance_visibility", "02_rep_comparison", "03_bad"]


def test_whole_pack_stays_when_the_next_run_fails(tmp_path, in_one_process):
    """A run with a failed report goes beside the whole pack and says where that is; the next good one clears it."""
    good = request_in(tmp_path, "01_good")
    make_month(good, maker=FAKE)
    before = (tmp_path / "reports/2026-09/index.html").read_bytes()

    failed = make_month(request_in(tmp_path, "01_bad"), maker=FAKE)

    assert failed.place.name == "2026-09-failed"
    assert (tmp_path / "reports/2026-09/index.html").read_bytes() == before
    assert '<a href="../2026-09/index.html">September 2026</a>' in (failed.place / "index.html").read_text()
    assert "2026-09-failed/index.html" in (tmp_path / "reports/index.html").read_text()
    make_month(good, maker=FAKE)
    assert not failed.place.exists()


def test_page_that_cannot_be_made_leaves_a_page_and_a_pack(tmp_path, in_one_process):
    """When every converter breaks, each report still has a page and the pack says what failed."""
    made = make_month(request_in(tmp_path, "01_one"), maker=ReportMaker(FakeEngine(), broken_page))
    assert "no such template" in (made.place / "01_one.html").read_text()
    assert "ValueError: no such template" in (made.place / "index.html").read_text()


def test_misspelt_parameter_stops_the_run_before_a_worker_starts(tmp_path, monkeypatch):
    """A setting that no notebook declares is an error, and nothing is written."""
    monkeypatch.setattr(monthly, "side_by_side", None)
    with pytest.raises(ParameterError, match="min_close"):
        make_month(request_in(tmp_path, "01_one", settings={"min_close": "3"}), maker=FAKE)
    assert not (tmp_path / "reports").exists()


def test_names_of_a_company_are_escaped(tmp_path):
    """Markup in a company's name, a finding or a check is text on the page."""
    page = pack_page(contents_in(tmp_path, "01_one"), files=[])
    assert "Northwind &lt;Instruments&gt;" in page
    assert "<Instruments>" not in page
    assert "<things>" not in page
    assert "&lt;3&gt; left." in page


def test_page_asks_nothing_from_anywhere(tmp_path):
    """The first page loads no file and names no address."""
    page = pack_page(contents_in(tmp_path, "01_one"), files=[])
    assert not re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", page)
    assert "@import" not in page
    assert "<script" not in page


def test_reports_are_listed_with_their_question(tmp_path):
    """Each report stands with the question it answers and how many of its findings to watch."""
    page = pack_page(contents_in(tmp_path, "02_rep_comparison"), files=[])
    assert "What of 02_rep_comparison?" in page
    assert "1 to watch" in page


def test_partial_month_is_marked(tmp_path):
    """A month that is not over on the evening of the data is called partial."""
    contents = replace(contents_in(tmp_path, "01_one"), facts=facts(as_of=date(2026, 9, 15)))
    assert "partial, 50% of selling days passed" in pack_page(contents, files=[])
    assert contents.as_of == date(2026, 9, 15)


def finding(status: str, stake: float, title: str = "x", **more) -> dict:
    """A finding as a page hands it on."""
    return {"status": status, "stake": stake, "title": title, "text": "", "anchor": "a", "is_headline": True, **more}


def report(name: str, *findings: dict) -> Report:
    """A report with these findings."""
    return Report(name, name, NotebookResult(name, 1.0), findings=findings)


def test_headlines_are_worst_first_across_reports():
    """Status decides, then what is at stake, whichever report found it."""
    reports = [
        report("01_a", finding("watch", 5, "second"), finding("good", 9, "last")),
        report("02_b", finding("act", 1, "first"), finding("watch", -3, "third")),
    ]
    assert [each.title for each in headlines_of(reports)] == ["first", "second", "third", "last"]


def test_one_report_cannot_fill_the_first_screen():
    """At most three headlines come from one report, and furniture is none."""
    reports = [
        report("01_a", *(finding("act", stake, str(stake)) for stake in range(9))),
        report("02_b", finding("note", 0, "quiet"), finding("act", 99, "furniture", is_headline=False)),
    ]
    assert [each.title for each in headlines_of(reports)] == ["8", "7", "6", "quiet"]
    assert headlines_of(reports)[0] == Headline("act", "8", "", "01_a.html#a", report="A")


def test_question_is_read_from_the_notebook(tmp_path):
    """The sentence behind `Question.` under the title, without its markup."""
    path = write_notebook(tmp_path / "02_rep_comparison.ipynb")
    text = path.read_text().replace(
        "# 02_rep_comparison", "# Rep\\n**Question.** Who **differs** and\\nwhy?  **For** you."
    )
    path.write_text(text)
    assert question_of(path) == "Who"
    path.write_text(text.replace("**differs**", "differs"))
    assert question_of(path) == "Who differs and why?"
    assert title_of(path.stem) == "Rep comparison"


def test_record_holds_no_secret_and_no_folder_of_this_machine(made, tmp_path):
    """The record names the parameters folder as it was given and nothing of the environment."""
    text = (made.place / "run.json").read_text()
    run = json.loads(text)
    assert run["notebooks"][0]["parameters"]["period"] == "2026-09"
    assert run["data"]["fingerprint"] == "f1"
    assert run["checks"]["warnings"] == 1
    assert set(run["versions"]) >= {"python", "papermill", "pandas", "duckdb"}


def test_record_writes_missing_numbers_as_null(tmp_path):
    """JSON knows no not-a-number; a key figure without a value is null."""
    contents = contents_in(tmp_path, "01_one")
    reports = [replace(contents.reports[0], cards=[{**contents.reports[0].cards[0], "value": float("nan")}])]
    write_pack(tmp_path / "pack", replace(contents, reports=reports), seconds=lambda: 1.0)
    assert "NaN" not in (tmp_path / "pack/run.json").read_text()


def test_same_contents_give_the_same_record(tmp_path):
    """But for the seconds, nothing in the record comes from the clock or from chance."""
    contents = contents_in(tmp_path, "01_one")
    records = [record_of(contents, seconds=1.0, notes=[], files=[]) for _ in range(2)]
    assert records[0] == records[1]


class TestQuarantine:
    """Rows set aside travel with the pack."""

    def contents(self, folder, **changes):
        """Contents whose data has a list of rows set aside."""
        listed = folder / "import" / "quarantine.csv"
        listed.parent.mkdir()
        listed.write_text("table,reason\n")
        return replace(contents_in(folder, "01_one"), facts=facts(quarantine=listed, **changes))

    def test_list_is_in_the_pack_and_linked(self, tmp_path):
        """The sentence on the data leads to the list."""
        write_pack(tmp_path / "pack", self.contents(tmp_path), seconds=lambda: 1.0)
        assert (tmp_path / "pack/quarantine.csv").read_text() == "table,reason\n"
        assert '<a href="quarantine.csv">' in (tmp_path / "pack/index.html").read_text()

    def test_no_list_without_rows(self, tmp_path):
        """Where nothing was set aside, no list is promised."""
        quality = replace(QUALITY, rows={"rows_in": 5, "rows_used": 5, "rows_set_aside": 0})
        write_pack(tmp_path / "pack", self.contents(tmp_path, quality=quality), seconds=lambda: 1.0)
        assert not (tmp_path / "pack/quarantine.csv").exists()
        assert "none set aside." in (tmp_path / "pack/index.html").read_text()


class TestVerification:
    """Before it is published, a pack is held against its contract."""

    @pytest.fixture
    def written(self, tmp_path):
        """A finished pack in a folder beside the months."""
        contents = contents_in(tmp_path, "01_one")
        write_pack(tmp_path / "pack", contents, seconds=lambda: 1.0)
        return tmp_path / "pack", required_files(contents)

    def test_finished_pack_passes(self, written):
        """A pack as the kit writes it has no missing file and no dead link."""
        verify_pack(*written)

    @pytest.mark.parametrize(
        "name", ["index.html", "01_one.html", "run.json", "tables.xlsx", "digest.eml", "tables/01_one/win_rate.csv"]
    )
    def test_missing_or_empty_file_is_found(self, written, name):
        """Whichever file of the contract is gone or empty, the pack is refused."""
        (written[0] / name).write_bytes(b"")
        with pytest.raises(PublishError, match=f"`{name}` is missing or empty"):
            verify_pack(*written)

    @pytest.mark.parametrize(
        ("markup", "problem"),
        [
            ('<a href="gone.html">x</a>', "`gone.html` leads nowhere"),
            ('<a href="index.html#gone">x</a>', "leads to no place on its page"),
            ('<a href="#gone">x</a>', "leads to no place on its page"),
            ('<a href="../2020-01/index.html">x</a>', "leads nowhere"),
            ('<script src="https://cdn.example/x.js"></script>', "from elsewhere"),
            ('<img src="//cdn.example/x.png">', "from elsewhere"),
        ],
    )
    def test_dead_link_and_foreign_file_are_found(self, written, markup, problem):
        """A link that leads nowhere and a file from elsewhere stop the pack."""
        page = written[0] / "01_one.html"
        page.write_text(page.read_text().replace("</main>", f"{markup}</main>"))
        with pytest.raises(PublishError, match=problem):
            verify_pack(*written)

    def test_report_that_failed_may_point_at_what_it_never_reached(self, written):
        """A page that stopped halfway links to sections that do not exist; the pack is published all the same."""
        page = written[0] / "01_one.html"
        page.write_text(page.read_text().replace("</main>", '<a href="#data_checks">x</a></main>'))
        verify_pack(*written, unfinished=["01_one.html"])


class TestReportMonth:
    """Which month is reported."""

    CASES = (
        ("", date(2026, 10, 2), "2026-09"),
        ("", date(2026, 9, 30), "2026-09"),
        ("", date(2026, 9, 29), "2026-08"),
        ("2026-10", date(2026, 10, 2), "2026-10"),
        ("2024-01", date(2026, 10, 2), "2024-01"),
    )

    @pytest.mark.parametrize(("asked", "as_of", "expected"), CASES)
    def test_default_is_the_last_complete_month(self, tmp_path, asked, as_of, expected):
        """Without a month, the last one that is over; a month asked for may be under way."""
        calendar = parameters_in(tmp_path).calendar
        assert report_month(calendar, asked, facts(as_of=as_of)).label == expected

    def test_only_month_is_reported_though_partial(self, tmp_path):
        """Data of a single month under way still gets its report."""
        only = facts(first_day=date(2026, 10, 1), as_of=date(2026, 10, 2))
        assert report_month(parameters_in(tmp_path).calendar, "", only).label == "2026-10"

    @pytest.mark.parametrize("asked", ["2023-12", "2026-11"])
    def test_month_outside_the_data_names_the_span(self, tmp_path, asked):
        """The message says from when to when the data runs and which months can be had."""
        told = "runs from 5 January 2024 to 2 October 2026. Choose a month from 2024-01 to 2026-10"
        with pytest.raises(PeriodError, match=told):
            report_month(parameters_in(tmp_path).calendar, asked, facts())

    @pytest.mark.parametrize("asked", ["", "2026-05"])
    def test_data_whose_deals_are_all_later_than_its_day_has_no_month(self, tmp_path, asked):
        """A slip in `as_of` is named with both days, and not turned into an empty pack."""
        ahead = facts(first_day=date(2026, 6, 1), as_of=date(2026, 5, 31))
        with pytest.raises(PeriodError, match=r"as of 31 May 2026, but its first deal is of 1 June 2026: .* `as_of`"):
            report_month(parameters_in(tmp_path).calendar, asked, ahead)

    def test_quarter_is_no_month(self, tmp_path):
        """A label of another kind is refused with the way a month is written."""
        with pytest.raises(PeriodError, match="written like 2026-10"):
            report_month(parameters_in(tmp_path).calendar, "2026-Q3", facts())


def test_report_of_other_data_is_failed():
    """A report that read another import than the one checked must not stand in the same pack."""
    made = report("01_a")
    other = replace(made, details={"Company": {"data fingerprint": "abcd"}})
    assert of_this_data(made, "abc").failure is None
    assert of_this_data(other, "abcdef").failure is None
    assert "changed while the reports were made" in of_this_data(other, "ffff").failure.sentence


def test_slowest_notebook_of_last_time_starts_first(tmp_path):
    """The newest pack's seconds order the next run; a notebook that is new starts at once."""
    request = request_in(tmp_path, "01_one", "02_two", "03_three")
    period = request.parameters.calendar.period("2026-09")
    arguments = {path.stem: {"period": "2026-09"} for path in request.templates}
    jobs = monthly.jobs_of(request, period, arguments, tmp_path)
    seconds = [{"name": "01_one", "seconds": 1}, {"name": "02_two", "seconds": 5}]
    (request.out / "2026-08").mkdir(parents=True)
    (request.out / "2026-08/run.json").write_text(json.dumps({"kit": "salesops-kit", "notebooks": seconds}))
    assert longest_first(jobs, request.out) == [2, 1, 0]
