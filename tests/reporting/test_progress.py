"""Tests of the progress display: live on a terminal, lines in a log, nothing when quiet."""

import io

import pytest
from rich.console import Console

from salesops_lib.reporting.pack.progress import LiveBars, PlainLines, Silent, display_for

NAMES = ["01_performance_visibility", "02_rep_comparison"]


def watch(display) -> None:
    """A run of two notebooks, one of which fails."""
    with display as shown:
        shown.step("Reading parameters and data")
        shown.cell(NAMES[0], 1, 4)
        shown.cell(NAMES[0], 3, 4)
        shown.ended(NAMES[0], 8.34, "")
        shown.cell(NAMES[1], 1, 2)
        shown.ended(NAMES[1], 2.0, "Cell 2: [bold]division[/bold] by zero")


def seen(display_class, *arguments, terminal: bool) -> str:
    """What a display writes."""
    paper = io.StringIO()
    watch(display_class(Console(file=paper, force_terminal=terminal, width=200), *arguments))
    return paper.getvalue()


def test_log_has_one_line_per_step_and_notebook():
    """Plain lines carry name, seconds and failure, and no control characters."""
    text = seen(PlainLines, terminal=False)
    assert text.splitlines() == [
        "Reading parameters and data",
        "01_performance_visibility: 8.3 s",
        "02_rep_comparison: failed after 2.0 s. Cell 2: [bold]division[/bold] by zero",
    ]


def test_terminal_shows_the_cell_that_runs_and_how_it_ended():
    """Bars carry the notebook's name, its end, and a failure's reason as it was written."""
    text = seen(LiveBars, NAMES, terminal=True)
    assert "01_performance_visibility" in text
    assert "done" in text
    assert "failed" in text
    assert "[bold]division[/bold] by zero" in text


def test_cell_and_number_of_cells_are_shown_while_it_runs():
    """Between start and end, the bar says which cell of how many runs now."""
    paper = io.StringIO()
    display = LiveBars(Console(file=paper, force_terminal=True, width=200), NAMES)
    with display:
        display.cell(NAMES[0], 3, 12)
        display.bars.refresh()
    assert "cell 3 of 12" in paper.getvalue()
    assert "waiting" in paper.getvalue()


def test_quiet_shows_nothing(capsys):
    """With `--quiet` nothing is written at all."""
    watch(display_for(NAMES, is_quiet=True))
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("ci", "expected"), [("true", PlainLines), ("", LiveBars)])
def test_ci_gets_lines_even_on_a_terminal(monkeypatch, ci, expected):
    """A continuous-integration log is no place for bars."""
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert type(display_for(NAMES, is_quiet=False)) is expected
    assert type(display_for(NAMES, is_quiet=True)) is Silent
