"""A section: found by rhyme, called by name, shown as finding, chart, words and data."""

from __future__ import annotations

import json
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

from salesops_lib.measures.tidy import column_meanings
from salesops_lib.reporting.blocks.block import MIME, markup_of
from salesops_lib.reporting.blocks.section import Section, label_of_name, missing_block, section_block
from salesops_lib.reporting.run import companions
from salesops_lib.wording import Action, Finding
from tests.reporting import sample_area
from tests.reporting.sample_area import metrics, narrative, plots

FINDING = Finding(
    "3 of <4> reps",
    "**3** won & 1 did not.",
    status="act",
    stake=2.5,
    action=Action("Call", "Ana", date(2026, 10, 9), "Rule 1."),
)
FRAME = pd.DataFrame({"rep_id": ["r1", "r2"], "name": ["Ana", "=Bo"], "n_won": [3, 1]})


def block_of(**changes):
    """A block of the little frame above."""
    return section_block(Section("wins_by_rep", "Wins by rep", FINDING, FRAME, **changes), notebook="02_rep_comparison")


def test_what_a_finding_takes_from_a_frame_can_be_written_down():
    """Numpy's own true and numbers are no JSON; a finding holds Python's."""
    finding = Finding("Fallen", "By half.", is_headline=np.True_, stake=np.float64(2.5))

    block = section_block(Section("wins_by_rep", "Wins by rep", finding, FRAME), notebook="02_rep_comparison")

    assert json.loads(json.dumps(block.data["finding"]))["is_headline"] is True


def test_a_metric_finds_its_plot_words_and_table_by_rhyme():
    """The functions live in the plots and narrative of its folder; the package need not name them."""
    triple = companions.triple_of(sample_area.win_rate_by_rep)

    assert triple.describe is narrative.describe_win_rate_by_rep
    assert triple.plot is plots.plot_win_rate_by_rep
    assert triple.table is None
    assert companions.triple_of(metrics.rep_table).table is plots.table_rep_table


def test_a_metric_without_words_is_an_error_that_says_where_to_write_them():
    """Only the plot and the table view are optional."""

    def lonely_metric(crm):
        """Nothing rhymes with this."""

    lonely_metric.__module__ = metrics.__name__
    with pytest.raises(TypeError, match=r"describe_lonely_metric.*narrative.py"):
        companions.triple_of(lonely_metric)


def test_a_misspelt_option_is_an_error_that_names_the_one_meant():
    """An option that no function declares would otherwise be lost in silence."""
    with pytest.raises(TypeError, match=r"no option `min_closd`. Did you mean `min_closed`?"):
        companions.check_options({"min_closd": 3}, (metrics.win_rate_by_rep, narrative.describe_win_rate_by_rep))


def test_a_function_gets_what_it_declares_and_nothing_else():
    """Given options come first, then the company's choice, then what a report knows where there is no default."""

    def metric(crm, *, period, confidence=0.9, min_closed=20, by="team"):
        return crm, period, confidence, min_closed, by

    required = {"crm": "CRM", "period": "P", "by": "never"}
    chosen = {"confidence": 0.95, "min_closed": 5, "unknown": 1}

    assert companions.call(metric, options={"min_closed": 7}, required=required, chosen=chosen) == (
        "CRM",
        "P",
        0.95,
        7,
        "team",
    )


def test_the_meaning_of_columns_comes_from_the_docstring():
    """Lines that go on belong to the column above; marks of code are gone."""
    meanings = column_meanings(metrics.win_rate_by_rep)

    assert list(meanings) == [
        "rep_id",
        "name",
        "n_closed",
        "n_won",
        "win_rate",
        "win_rate_low",
        "win_rate_high",
        "is_judged",
    ]
    assert meanings["n_closed"] == "Deals won or lost in the period, whatever their size."
    assert meanings["win_rate"] == "n_won / n_closed; missing when nothing closed."


def test_a_block_carries_markup_for_the_eye_and_data_for_the_page():
    """The bundle holds scoped HTML, plain text and JSON that survives the notebook file."""
    bundle = block_of()._repr_mimebundle_()
    data = json.loads(json.dumps(bundle[MIME]))

    assert bundle["text/plain"] == "3 of <4> reps\n3 won & 1 did not."
    assert data["kind"] == "section"
    assert data["finding"]["action"] == {"what": "Call", "owner": "Ana", "due_on": "2026-10-09", "rule": "Rule 1."}
    assert data["finding"]["stake"] == 2.5
    assert data["table_csv"] == "rep_id,name,n_won\nr1,Ana,3\nr2,'=Bo,1\n"
    assert data["columns"] == ["rep_id", "name", "n_won"]


def test_jupyterlab_gets_the_scoped_style_with_every_block_and_the_page_takes_it_off():
    """Every rule is scoped, so that nothing leaks into JupyterLab."""
    html = block_of()._repr_mimebundle_()["text/html"]
    style = html.partition("<style>")[2].partition("</style>")[0]

    assert markup_of(html).startswith('<section class="so-section"')
    assert markup_of(html).endswith("</section>")
    assert "<style" not in markup_of(html)
    assert len(style) < 12_000
    for before_brace in re.findall(r"([^{}]*)\{", style):
        for selector in _selectors(before_brace):
            assert re.search(r"\.so(?![\w-])", selector), selector


def test_dollars_in_a_block_are_no_formula():
    """JupyterLab's MathJax and that of nbconvert's own pages each heed a class of their own; a page of the kit needs none."""
    html = block_of()._repr_mimebundle_()["text/html"]

    assert '<div class="so mathjax_ignore tex2jax_ignore"><section' in html
    assert "jax_ignore" not in markup_of(html)


def _selectors(rules: str) -> list[str]:
    """The selectors of a rule; a condition such as ``@media`` has none of its own."""
    if not rules.strip() or rules.startswith("@"):
        return []
    depth, parts, part = 0, [], ""
    for letter in rules:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts, part = [*parts, part], ""
        else:
            part += letter
    return [*parts, part]


def test_finding_and_names_are_escaped():
    """A title and a CRM's name are text, whatever they hold."""
    html = block_of().html

    assert "3 of &lt;4&gt; reps" in html
    assert "<strong>3</strong> won &amp; 1" in html
    assert "Needs action" in html


def test_without_a_plot_the_table_stands_in_plain_sight():
    """Folded data behind nothing would leave an empty section."""
    alone, behind = block_of().html, block_of(draw=lambda: plots.plot_win_rate_by_rep(_rates())).html

    assert '<div class="so-data"><div class="so-scroll"' in alone
    assert "<details" not in alone
    assert '<details class="so-fold"><summary>Data</summary><div class="so-scroll"' in behind
    assert behind.count('role="img"') == 1


def _rates() -> pd.DataFrame:
    return pd.DataFrame(
        {"name": ["Ana"], "n_closed": [4], "win_rate": [0.5], "win_rate_low": [0.2], "win_rate_high": [0.8]}
    )


def test_an_empty_frame_has_words_and_an_empty_table_but_no_chart():
    """A plot is never asked to draw nothing."""

    def draw():
        raise AssertionError("the plot was called")

    section = Section("s", "S", Finding("Nothing closed", "No deal closed."), FRAME.head(0), draw=draw)

    assert "No rows." in section_block(section, notebook="n").html


def test_the_alternative_text_says_the_finding_and_its_numbers():
    """Those who do not see the chart get the title and the sentences."""
    html = block_of(draw=lambda: plots.plot_win_rate_by_rep(_rates())).html

    assert 'aria-label="Chart: 3 of &lt;4&gt; reps. 3 won &amp; 1 did not."' in html


def test_commentary_is_marked_as_such_and_escaped():
    """A person's words are never taken for the kit's."""
    html = block_of(commentary="Two were on **leave**.\n\n<i>More</i>").html

    assert (
        '<p class="so-by">Commentary</p><p>Two were on <strong>leave</strong>.</p><p>&lt;i&gt;More&lt;/i&gt;</p>'
        in html
    )
    assert "so-comment" not in block_of(commentary="  ").html


def test_the_columns_shown_are_explained():
    """Hidden keys need no explanation; shown columns get theirs."""
    html = block_of(meanings={"rep_id": "Key.", "n_won": "Deals won.", "absent": "Not here."}).html

    assert "<dt>Won</dt><dd>Deals won.</dd>" in html
    assert "Not here." not in html
    assert "Key." not in html


def test_a_missing_table_is_one_line_with_what_to_do():
    """What is missing, what it would show, how to provide it."""
    block = missing_block(
        name="leads", label="Leads", shows="It would show: leads.", reason="No table `leads`. Declare it."
    )

    assert (
        "<strong>Not shown: Leads.</strong> It would show: leads. No table <code>leads</code>. Declare it."
        in block.html
    )
    assert block.data["name"] == "leads"


@pytest.mark.parametrize(
    ("name", "label"),
    [("win_rate_by_rep", "Win rate by rep"), ("cycle_and_age", "Cycle and age"), ("win_rate", "Win rate (count)")],
)
def test_a_section_is_listed_under_its_metrics_words(name, label):
    """Lists of sections have short labels."""
    assert label_of_name(name) == label
