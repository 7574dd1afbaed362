"""A run: what it checks before any work, and what each of its calls shows."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from salesops_lib import wording
from salesops_lib.errors import ParameterError, PeriodError
from salesops_lib.reporting import start_run
from salesops_lib.reporting.blocks.masthead import CHECKS_ANCHOR
from salesops_lib.reporting.run.notebook_parameters import check_notebook_parameters, chosen_source, find_parameters
from salesops_lib.wording import Finding
from tests.builders import make_crm
from tests.reporting import sample_area
from tests.reporting.samples import COMPANY, QUALITY, sample_cards, sample_parameters, sample_run


@pytest.fixture
def shown():
    """The blocks that a run displays."""
    return []


@pytest.fixture
def run(tmp_path, shown):
    """A run of the sample report for September 2026; the data reach to 2 October."""
    return sample_run(tmp_path / "parameters", shown)


# --- before any work -------------------------------------------------------------------------------------------


def test_a_misspelt_papermill_parameter_is_an_error_that_names_the_one_meant():
    """Papermill only warns and goes on with the default."""
    names = {
        "In": ["", 'period: str = "2026-09"\nmin_closed: int = 20', "# Parameters\nmin_closd = 3\n", "start_run()"]
    }

    with pytest.raises(
        ParameterError, match=r"`min_closd`: the notebook declares no such parameter. Did you mean `min_closed`?"
    ):
        check_notebook_parameters(names)


def test_injected_parameters_that_the_notebook_declares_pass():
    """A run by papermill with declared names starts."""
    names = {
        "In": ["", 'period: str = "2026-09"\nparameters = "p"', '# Parameters\nperiod = "2026-08"\nparameters = "x"\n']
    }

    check_notebook_parameters(names)


@pytest.mark.parametrize(
    ("kind", "value", "is_fine"),
    [
        (int, "twenty", False),
        (int, 20, True),
        (int, True, False),
        (float, 3, True),
        (str, 3, False),
        (bool, "yes", False),
        (bool, False, True),
        (float, True, False),
    ],
)
def test_a_value_must_fit_its_annotation(kind, value, is_fine):
    """Papermill hands "twenty" to an int without a word."""
    names = {"__annotations__": {"option": kind}, "option": value}

    if is_fine:
        check_notebook_parameters(names)
    else:
        with pytest.raises(ParameterError, match="`option` should be"):
            check_notebook_parameters(names)


def test_every_wrong_parameter_is_named_at_once():
    """Nobody wants to fix them one run at a time."""
    names = {"__annotations__": {"a": int, "b": str}, "a": "x", "b": 1, "In": ["c = 1", "# Parameters\nd = 2\n"]}

    with pytest.raises(ParameterError) as caught:
        check_notebook_parameters(names)

    assert len(caught.value.problems) == 3


def test_the_parameters_folder_is_found_from_any_folder(tmp_path, monkeypatch):
    """Papermill runs in its caller's folder, nbval in the notebook's; the project's own folder is found from both."""
    monkeypatch.chdir(tmp_path)
    assert (find_parameters("parameters") / "company.yaml").is_file()

    own = tmp_path / "parameters"
    own.mkdir()
    (own / "company.yaml").write_text(COMPANY)
    assert find_parameters("parameters") == own


def test_a_folder_that_is_none_or_holds_no_company_is_an_error(tmp_path, monkeypatch):
    """The two cases get two sentences."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()

    with pytest.raises(ParameterError, match="there is no folder `nowhere`"):
        find_parameters("nowhere")
    with pytest.raises(ParameterError, match=r"`empty` holds no company.yaml"):
        find_parameters("empty")


def test_the_notebooks_source_stands_above_the_environments(monkeypatch):
    """SALESOPS_SOURCE serves where no parameter says otherwise."""
    monkeypatch.setenv("SALESOPS_SOURCE", "from_environment")

    assert chosen_source("") == "from_environment"
    assert chosen_source("from_notebook") == "from_notebook"


def test_a_wrong_period_ends_the_start_before_any_data_is_read(tmp_path, monkeypatch):
    """The message says how a period is written; nothing is imported."""
    sample_parameters(tmp_path)
    monkeypatch.setattr("salesops_lib.data.importing.import_source", lambda *_: pytest.fail("data was read"))

    with pytest.raises(PeriodError, match="Write a month as 2026-09"):
        start_run("02_rep_comparison", period="September", parameters=str(tmp_path))


# --- what a run knows ------------------------------------------------------------------------------------------


def test_a_report_looks_no_further_than_the_end_of_its_period(tmp_path, shown):
    """Data to 2 October: September's report stops on the 30th, October's on the 2nd and is marked partial."""
    september = sample_run(tmp_path / "p", shown)
    october = sample_run(tmp_path / "p", shown, period="2026-10")
    september.masthead()
    october.masthead()

    assert september.as_of == september.crm.as_of == date(2026, 9, 30)
    assert october.as_of == date(2026, 10, 2)
    assert "partial" not in shown[0].html
    assert "partial, 9% of selling days passed" in shown[1].html


@pytest.mark.parametrize(
    ("period", "quarter"), [("2026-08", "2026-Q3"), ("2026-09", "2026-Q4"), ("2026-10", "2026-Q4")]
)
def test_the_quarter_to_land_is_the_first_that_is_not_over(tmp_path, shown, period, quarter):
    """On the evening of 30 September the third quarter has landed."""
    assert sample_run(tmp_path / "p", shown, period=period).quarter_to_land.label == quarter


# --- what it shows ---------------------------------------------------------------------------------------------


def test_a_section_returns_the_metrics_frame_and_shows_one_block(run, shown):
    """The run fills what the metric requires; the block holds the finding."""
    frame = run.section(sample_area.win_rate_by_rep, min_closed=31)

    assert list(frame["rep_id"]) == ["ana", "bo", "cy", "dee"]
    assert [block.kind for block in shown] == ["section"]
    assert shown[0].data["finding"]["title"] == "2 of 4 reps closed enough deals to judge"
    assert "Dee &lt;script&gt;" in shown[0].html
    assert "<script" not in shown[0].html


def test_the_companys_and_the_notebooks_choices_reach_a_metric_that_declares_them(tmp_path, shown):
    """min_closed: the cell's option, else the notebook's parameter, else company.yaml."""
    titles = []
    for options, given in (({}, {}), ({"min_closed": 40}, {}), ({"min_closed": 40}, {"min_closed": 31})):
        run = sample_run(tmp_path / "p", [], **options)
        run.section(sample_area.win_rate_by_rep, **given)
        titles.append(run.findings[0].title[:1])

    assert titles == ["3", "1", "2"]


def test_commentary_stands_beside_the_section_it_is_written_for(run, shown):
    """It comes from the quarter's file, escaped and marked."""
    run.section(sample_area.win_rate_by_rep)
    run.section(sample_area.rep_table)

    assert "leave in <strong>August</strong>, &lt;i&gt;so&lt;/i&gt;" in shown[0].html
    assert "so-comment" not in shown[1].html


def test_an_absent_table_is_one_line_and_an_empty_frame_with_the_metrics_columns(run, shown):
    """What is missing, what it would show, and how to provide it; later cells can still name the columns."""
    frame = run.section(sample_area.leads_by_source)

    assert frame.empty
    assert list(frame.columns) == ["source", "n_leads"]
    assert shown[0].kind == "missing"
    assert "It would show: Leads and the share of them that qualified, by source." in shown[0].html
    assert "<code>leads</code>" in shown[0].html


def test_a_section_built_on_an_absent_table_is_one_line_too(run, shown):
    """The note travels with the empty frame; the metric is not called."""

    def bookings_by_month(crm, *, leads):
        """Something about leads."""
        raise AssertionError("the metric was called")

    bookings_by_month.__module__ = sample_area.bookings_by_month.__module__
    run.section(bookings_by_month, leads=run.section(sample_area.leads_by_source))

    assert [block.kind for block in shown] == ["missing", "missing"]


def test_the_same_metric_twice_gets_two_anchors_and_two_tables(run, shown):
    """Nothing on a page shares a name."""
    run.section(sample_area.rep_table)
    run.section(sample_area.rep_table, n_reps=3)

    assert [block.data["name"] for block in shown] == ["rep_table", "rep_table_2"]


def test_a_frame_that_is_there_already_can_be_shown(run, shown):
    """`show` takes functions that need not rhyme."""
    frame = pd.DataFrame({"team": ["SMB"], "n_won": [3]})

    assert run.show(frame, name="wins", describe=lambda frame: Finding(f"{len(frame)} team", "One.")) is frame
    assert shown[0].data["name"] == "wins"


def test_headlines_are_at_most_five_worst_first_and_lead_to_their_evidence(run, shown):
    """Status first, then what is at stake; what may not open a report does not."""
    frame = pd.DataFrame({"team": ["SMB"]})
    findings = [
        Finding("Good", "g.", "good"),
        Finding("Small", "s. More.", "act", stake=1),
        Finding("Large", "l.", "act", stake=-9),
        Finding("Never", "n.", "act", stake=99, is_headline=False),
        Finding("Note", "x."),
        Finding("Watch", "w.", "watch"),
        Finding("Note2", "x."),
    ]
    for place, finding in enumerate(findings):
        run.show(frame, name=f"s{place}", describe=lambda frame, finding=finding: finding)
    run.headlines()

    assert shown[-1].data["anchors"] == ["s2", "s1", "s5", "s0", "s4"]
    assert '<strong>Small.</strong> s.</p><a href="#s1">' in shown[-1].html


def test_actions_come_from_findings_and_from_key_figures_past_their_threshold(run, shown):
    """Each names who, by when, why and by which rule; the earliest comes first."""
    run.cards(sample_cards)
    run.section(sample_area.bookings_by_month)
    frame = run.actions()

    assert list(frame["what"]) == [
        "Review the ten largest open deals",
        "Review lost deals with the team",
        "Agree with the managers which open deals close the gap to the goal.",
    ]
    assert list(frame["due_on"]) == [date(2026, 10, 9), date(2026, 10, 14), date(2026, 10, 14)]
    assert list(frame["owner"]) == ["Head of sales", "Ana Ruiz", "Head of sales"]
    assert '<a href="#bookings_by_month">' in shown[-1].html
    assert "past its threshold" in shown[-1].html


def test_without_actions_the_report_says_so(run, shown):
    """An empty table would look like a fault."""
    assert run.actions().empty
    assert "Nothing here asks for action" in shown[-1].html


def test_coverage_counts_what_is_there_and_names_what_is_not(run, shown):
    """Rows and dates as known on the report's evening; absent tables in one sentence."""
    frame = run.coverage().set_index("table")

    assert frame.loc["opportunities", "n_rows"] == 3
    assert pd.isna(frame.loc["leads", "n_rows"])
    assert "leads" in shown[0].html
    assert "3 deals" in shown[0].html


def test_checks_show_warnings_first_and_count_the_rows_left_out(run, shown):
    """Worst first; what passed is folded; texts are escaped."""
    frame = run.checks()

    assert list(frame["severity"]) == ["warning", "pass"]
    assert "<strong>5 rows</strong> were set aside" in shown[0].html
    assert "38 open deals &lt;4.1%&gt;. Fill them in." in shown[0].html
    assert shown[0].data["checks"] == {"passed": 1, "warnings": 1, "errors": 0}
    assert QUALITY.words == "1 check passed, 1 warning"


def test_definitions_cover_every_figure_shown(run, shown):
    """Cards and columns bring their definitions along; others can be named."""
    run.cards(sample_cards)
    run.section(sample_area.rep_table)
    run.definitions(board="What the board calls it.")
    run.definitions("wape")

    for name in ("Bookings", "Attainment", "Win rate (count)", "Sales cycle", "Board"):
        assert f"<dt>{name}</dt>" in shown[-2].html
    assert "WAPE" in shown[-1].html
    with pytest.raises(KeyError):
        run.definitions("no_such_key")


def test_details_hold_parameters_versions_and_fingerprint_but_no_credential(tmp_path, shown):
    """A connection text given as a parameter is not shown."""
    run = sample_run(tmp_path / "p", shown, min_closed=25, note="postgresql://ana:s3cret@db/x")
    run.details()
    groups = shown[0].data["groups"]

    assert groups["Parameters"]["min_closed"] == "25"
    assert groups["Company"]["data fingerprint"] == "0123456789abcdef"
    assert "pandas" in groups["Versions"]
    assert "s3cret" not in shown[0].html


def test_the_masthead_says_what_when_and_how_sound(run, shown):
    """Title, company, period, fiscal label, data as of, and the chip that leads to the checks."""
    run.masthead()

    for words in (
        "Rep comparison, September 2026",
        "Northwind &amp; Sons",
        "Q3 2026",
        "30 September 2026",
        'href="#data_checks">1 check passed, 1 warning',
    ):
        assert words in shown[0].html
    assert CHECKS_ANCHOR == "data_checks"


def test_start_run_opens_the_company_in_its_currency(tmp_path, monkeypatch):
    """Parameters, data and currency come together; the notebook's other parameters are kept."""
    sample_parameters(tmp_path)
    (tmp_path / "company.yaml").write_text(COMPANY.replace("USD", "EUR"), encoding="utf-8")
    won = make_crm(deals=[("ana", "2026-08-01", "won")])
    monkeypatch.setattr("salesops_lib.data.open_data", lambda parameters: (won, None))
    monkeypatch.setattr("salesops_lib.reporting.run.opening.quality_of", lambda imported: QUALITY)
    try:
        run = start_run("02_rep_comparison", period="2026-09", parameters=str(tmp_path), min_closed=3)

        assert wording.currency() == "EUR"
        assert run.period.label == "2026-09"
        assert run.options["min_closed"] == 3
        assert run.title == "Rep comparison"
    finally:
        wording.use_currency("USD")


def test_dollars_in_a_frame_that_a_cell_displays_are_no_formula(tmp_path, monkeypatch):
    """JupyterLab would typeset what stands between two amounts of one cell; pandas marks the table when it is told to."""
    sample_parameters(tmp_path)
    won = make_crm(deals=[("ana", "2026-08-01", "won")])
    monkeypatch.setattr("salesops_lib.data.open_data", lambda parameters: (won, None))
    monkeypatch.setattr("salesops_lib.reporting.run.opening.quality_of", lambda imported: QUALITY)

    with pd.option_context("display.html.use_mathjax", True):
        start_run("02_rep_comparison", period="2026-09", parameters=str(tmp_path))

        html = pd.DataFrame({"because": ["$7.06M of $16.1M"]})._repr_html_()

    assert "tex2jax_ignore mathjax_ignore" in html


def test_one_thing_to_do_is_listed_once_however_often_it_is_found(run):
    """A key figure off on its card and in a section: one row; a section's further actions are rows of their own."""
    from datetime import date

    from salesops_lib.reporting.blocks.actions import todos_of
    from salesops_lib.reporting.blocks.headlines import Shown
    from salesops_lib.wording import Action, Finding

    ask, look = (Action(what, "Ana", date(2026, 10, 9), "rule") for what in ("Ask", "Look"))
    shown = [
        Shown("a", "A", Finding("A", "", "act", ask, more_actions=(look,))),
        Shown("b", "B", Finding("B", "", "act", ask)),
    ]

    todos = todos_of(shown, [], run.duties)

    assert {(todo.action.what, todo.anchor) for todo in todos} == {("Ask", "a"), ("Look", "a")}
    assert len(todos) == 2


def test_a_card_has_the_interval_that_the_company_chose(run, shown):
    """Cards are made by the run, as sections are: one figure has one interval on a page."""
    given = {}

    def cards(crm, *, confidence=0.5, min_closed=1):
        given.update(confidence=confidence, min_closed=min_closed)
        return sample_cards()

    run.cards(cards)

    report = run.parameters.company.report
    assert given == {"confidence": report.confidence, "min_closed": report.min_closed}


def test_cards_made_past_the_run_are_refused(run):
    """They would have intervals of their own."""
    with pytest.raises(TypeError, match=r"run\.cards\(area\.cards\)"):
        run.cards(sample_cards(), confidence=0.95, min_closed=20)


def test_a_section_names_the_function_that_made_its_table(run, shown):
    """So that a file leads to its formula."""
    run.cards(sample_cards)
    run.section(sample_area.bookings_by_month)

    assert [block.data["made_by"] for block in shown[-2:]] == [
        "tests.reporting.samples.sample_cards",
        "tests.reporting.sample_area.metrics.bookings_by_month",
    ]
