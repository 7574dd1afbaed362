"""Pages: an executed notebook becomes one self-contained file, and hands back what the pack needs."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from salesops_lib.reporting.notebooks.page import Page, convert_notebook
from salesops_lib.reporting.notebooks.parts import markdown, read_parts, split_heading
from tests.reporting.samples import PACK, sample_notebook, write_sample

VOID = {"meta", "link", "input", "br", "hr", "img", "path", "circle", "use", "rect"}


class Outline(HTMLParser):
    """Reads a page back: ids, links, headings, and tags left open or closed twice."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.headings: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Note what the tag says."""
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" else []
        self.sources += [given[name] for name in ("src", "srcset", "poster", "data") if name in given]
        self.sources += [given["href"]] if tag == "link" else []
        if tag in ("h1", "h2", "h3"):
            self.headings.append((tag, ""))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """A closed tag opens nothing."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        """Every end matches the last start."""
        if not self.open or self.open[-1] != tag:
            self.wrong.append(tag)
        else:
            self.open.pop()

    def handle_data(self, data):
        """Collect the text of headings."""
        if self.open and self.open[-1] in ("h1", "h2", "h3") and self.headings:
            tag, text = self.headings[-1]
            self.headings[-1] = (tag, text + data)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with the executed sample report."""
    folder = tmp_path_factory.mktemp("pack")
    write_sample(folder)
    return folder


@pytest.fixture(scope="module")
def page(folder) -> Page:
    """The sample report as a page."""
    return convert_notebook(
        folder / "02_rep_comparison.ipynb", pack=PACK, previous_href="../2026-08/02_rep_comparison.html"
    )


@pytest.fixture(scope="module")
def outline(page) -> Outline:
    """The page read back."""
    return Outline(page.html)


def convert(tmp_path: Path, *cells, name: str = "01_sample.ipynb") -> Page:
    """These cells as a page."""
    nbformat.write(new_notebook(cells=list(cells)), tmp_path / name)
    return convert_notebook(tmp_path / name, pack=[], previous_href=None)


def test_the_page_asks_nothing_from_anywhere(page, outline):
    """No source, style sheet or script but inline ones; no address that a browser would fetch."""
    assert all(source.startswith("data:") for source in outline.sources)
    assert "@import" not in page.html
    assert not re.search(r"url\((?!#)", page.html)


def test_every_tag_is_closed_and_every_id_is_unique(outline):
    """The markup is whole: nothing left open, nothing closed twice, no two ids alike."""
    assert outline.wrong == []
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))


def test_every_link_inside_the_page_finds_its_target(outline):
    """Headlines, contents and the quality chip lead somewhere."""
    inside = {link[1:] for link in outline.links if link.startswith("#")}

    assert inside
    assert inside <= set(outline.ids)


def test_links_lead_to_the_pack_the_months_and_the_month_before(outline, page):
    """The page it is on is marked in the navigation."""
    assert {"01_performance_visibility.html", "../index.html", "../2026-08/02_rep_comparison.html"} <= set(
        outline.links
    )
    assert '<a href="02_rep_comparison.html" aria-current="page">' in page.html


def test_every_linked_table_is_handed_back_under_its_name(outline, page):
    """The pack writes exactly the files that the page links to."""
    linked = {link for link in outline.links if link.startswith("tables/")}

    assert linked == {f"tables/02_rep_comparison/{name}.csv" for name in page.tables} - {
        "tables/02_rep_comparison/key_figures.csv",
        "tables/02_rep_comparison/actions.csv",
    }


def test_tables_come_back_whole_as_csv(page):
    """Every column, keys included, at full precision; hostile names are harmless."""
    rows = list(csv.DictReader(io.StringIO(page.tables["win_rate_by_rep"])))

    assert [row["rep_id"] for row in rows] == ["ana", "bo", "cy", "dee"]
    assert float(rows[1]["win_rate"]) == 9 / 31
    assert rows[3]["win_rate"] == ""


def test_the_pack_gets_findings_cards_checks_and_details(page):
    """What index, digest and run.json are made of."""
    assert page.title == "Rep comparison"
    assert [(finding["anchor"], finding["status"]) for finding in page.findings] == [
        ("bookings_by_month", "act"),
        ("win_rate_by_rep", "watch"),
        ("rep_table", "good"),
    ]
    assert page.findings[0]["action"]["due_on"] == "2026-10-09"
    assert [card["shown"] for card in page.cards] == ["$2.03M", "92.0%", "26.4%", "$15.0K", "31 days", "–"]
    assert page.checks == {"passed": 1, "warnings": 1, "errors": 0}
    assert page.details["Parameters"]["min_closed"] == "25"
    assert page.failures == []


def test_headlines_stand_under_the_masthead_although_they_ran_last(page):
    """The reader gets the worst first; the notebook can only know it at its end."""
    places = [
        page.html.index(words)
        for words in ("<h1>", 'class="so-headlines"', 'class="so-cards"', 'id="bookings_by_month"', 'id="details"')
    ]

    assert places == sorted(places)


def test_a_sections_heading_is_its_finding_and_its_question_a_small_line_above(outline, page):
    """No heading is doubled; the reading aid is the caption under the chart."""
    assert [text for tag, text in outline.headings if tag in ("h1", "h2")] == [
        "Rep comparison, September 2026",
        "September booked $2.03M, 92% of target",
        "3 of 4 reps closed enough deals to judge".replace("3", "2"),
        "10 of 24 reps reached target",
        "Who does what by when",
        "What the data covers",
        "How sound is the data?",
        "What the numbers mean",
    ]
    assert '<p class="so-question">Are we on plan?</p><h2 class="so-title">September booked' in page.html
    assert '<div class="so-caption"><p>A bar is a month, the line its goal.</p></div>' in page.html
    assert "Where do we stand?" not in page.html


def test_no_code_and_no_style_for_jupyterlab_reaches_the_page(page):
    """The style is there once; cells are not."""
    assert page.html.count("<style>") == 1
    assert "run.section(" not in page.html
    assert "so-question-->" not in page.html


def test_a_crms_text_stays_text(page):
    """Names of reps, details of checks and commentary hold markup here; the page shows it."""
    assert page.html.count("<script>") == 1
    assert "Dee &lt;script&gt;alert(1)&lt;/script&gt;" in page.html
    assert "Rep 03 &lt;b&gt;" in page.html


def test_the_page_stays_small(page):
    """Three sections with two drawings each, a table of 24 rows and what surrounds them in less than 80 KB."""
    assert len(page.html.encode()) < 80_000


def test_the_same_notebook_gives_the_same_bytes(folder, page):
    """Nothing in a page depends on when or where it was made."""
    again = convert_notebook(
        folder / "02_rep_comparison.ipynb", pack=PACK, previous_href="../2026-08/02_rep_comparison.html"
    )

    assert again.html == page.html


def test_svg_keeps_the_case_of_its_attributes(page):
    """A lower-cased viewBox would leave every chart at the wrong size."""
    assert "viewBox=" in page.html
    assert "viewbox=" not in page.html


# --- notebooks that failed, and cells of other kinds -----------------------------------------------------------


def failed_notebook():
    """The sample report, stopped in its fourth section by an error that quotes a credential."""
    notebook = sample_notebook_cells()
    error = new_output(
        "error",
        ename="OperationalError",
        evalue="could not connect to postgresql://ana:s3cret@db/x",
        traceback=["Traceback (most recent call last):", "  File x.py, line 3"],
    )
    return [
        *notebook[:-2],
        new_markdown_cell("## Which leads?"),
        new_code_cell("\nrun.section(a.leads)\n", outputs=[error]),
    ]


def sample_notebook_cells():
    """Cells without outputs, but for one plain one."""
    return [
        new_markdown_cell("# Rep comparison\n\n**Question.** Who?"),
        new_markdown_cell("An Exception was encountered", metadata={"tags": ["papermill-error-cell-tag"]}),
        new_code_cell(
            "1",
            metadata={"tags": ["check"]},
            outputs=[new_output("display_data", data={"text/plain": "compared by nbval"})],
        ),
        new_code_cell(
            "2",
            outputs=[
                new_output(
                    "execute_result",
                    data={"text/plain": "2 <b>", "text/html": "<table><tr><td>plain</td></tr></table>"},
                )
            ],
        ),
        new_code_cell(
            "3",
            outputs=[
                new_output("stream", name="stdout", text="printed <i>"),
                new_output("stream", name="stderr", text="a warning"),
            ],
        ),
        new_code_cell("4"),
        new_code_cell("5"),
    ]


def test_a_failed_notebook_still_becomes_a_page_that_says_where_and_why(tmp_path):
    """In plain words at the top and in place; no traceback and no credential."""
    page = convert(tmp_path, *failed_notebook())

    assert "This report is not complete." in page.html
    assert "under “Which leads?”" in page.html
    assert "OperationalError: could not connect" in page.html
    assert "<code>run.section(a.leads)</code>" in page.html
    assert "Traceback" not in page.html
    assert "s3cret" not in page.html
    assert page.failures[0]["error"] == "OperationalError"
    assert page.title == "Rep comparison"
    assert Outline(page.html).wrong == []


def test_the_kits_own_error_needs_no_name_in_front(tmp_path):
    """A message of the kit reads as it was written."""
    error = new_output("error", ename="DataError", evalue="The data failed 2 checks.", traceback=[])
    page = convert(tmp_path, new_code_cell("run", outputs=[error]))

    assert page.failures[0]["message"] == "The data failed 2 checks."
    assert "DataError" not in page.html
    assert "failed: The data failed 2 checks. <a" in page.html
    assert page.title == "Sample"


def test_cells_of_other_kinds_show_what_they_are(tmp_path):
    """A result is not dropped, a print is text, warnings and cells for nbval stay out."""
    page = convert(tmp_path, *sample_notebook_cells())

    assert "<td>plain</td>" in page.html
    assert "<pre>printed &lt;i&gt;</pre>" in page.html
    assert "a warning" not in page.html
    assert "compared by nbval" not in page.html
    assert "An Exception" not in page.html


def test_prose_without_a_section_stays_prose(tmp_path):
    """A playbook is mostly that: headings, lists and tables, with raw HTML shown and not obeyed."""
    cells = [
        new_markdown_cell("# Playbook"),
        new_markdown_cell(
            "## Mission\n\nTo *sell*. <script>alert(1)</script>\n\n- one\n\n| a | b |\n|---|---|\n| 1 | 2 |"
        ),
        new_markdown_cell("## Roles\n\nFour."),
    ]
    page = convert(tmp_path, *cells)

    assert "<h2>Mission</h2>" in page.html
    assert "<h2>Roles</h2>" in page.html
    assert "<li>one</li>" in page.html
    assert "<td>2</td>" in page.html
    assert "&lt;script&gt;alert(1)" in page.html


def test_a_long_reading_aid_is_folded_and_a_short_one_is_not(tmp_path):
    """A newcomer can open it; a leader need not scroll past it."""
    notebook = sample_notebook(tmp_path / "p")
    question = next(cell for cell in notebook.cells if cell.source.startswith("## Who wins more?"))
    question.source += " More." * 100
    parts = read_parts(notebook)
    section = next(part for part in parts.parts if part.data.get("name") == "win_rate_by_rep")

    assert "<summary>How to read this</summary>" in section.html
    assert (
        "How to read this"
        not in next(part for part in parts.parts if part.data.get("name") == "bookings_by_month").html
    )


@pytest.mark.parametrize(
    ("source", "split"),
    [
        ("## A\n\nb", (2, "A", "b")),
        ("text\n## no", (0, "", "text\n## no")),
        ("#nohash", (0, "", "#nohash")),
        ("# T", (1, "T", "")),
    ],
)
def test_a_cell_splits_into_its_heading_and_the_rest(source, split):
    """Only a heading on the first line counts."""
    prose = split_heading(source)

    assert (prose.level, prose.heading, prose.body) == split
    assert markdown("") == ""


def test_a_company_name_cannot_break_out_of_the_paper_footer(tmp_path):
    """The footer's text stands in a CSS string inside a style element."""
    notebook = sample_notebook(tmp_path / "p")
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for data in output.data.values():
                if isinstance(data, dict) and data.get("kind") == "masthead":
                    data["company"] = '"}</style><script>alert(1)</script>'
    nbformat.write(notebook, tmp_path / "02.ipynb")
    html = convert_notebook(tmp_path / "02.ipynb", pack=[], previous_href=None).html

    assert html.count("</style>") == 1
    assert html.count("<script>") == 1


def test_the_foot_says_how_long_the_notebook_ran(tmp_path):
    """It is said where papermill noted it, and nowhere else."""
    notebook = new_notebook(cells=[new_markdown_cell("# Title")], metadata={"papermill": {"duration": 12.3}})
    nbformat.write(notebook, tmp_path / "01_a.ipynb")

    assert "Ran in 12 seconds." in convert_notebook(tmp_path / "01_a.ipynb", pack=[], previous_href=None).html
    assert "Ran in" not in convert(tmp_path, new_markdown_cell("# Title")).html


# --- chapters --------------------------------------------------------------------------------------------------


@pytest.fixture
def in_chapters(tmp_path):
    """The sample report with a chapter before its first and before its second section."""
    notebook = sample_notebook(tmp_path / "p")
    cells = []
    for cell in notebook.cells:
        if cell.source.startswith("## Are we on plan?"):
            cells.append(new_markdown_cell("# Results & goals\n\nWhere we stand."))
        if cell.source.startswith("## Who wins more?"):
            cells.append(new_markdown_cell("# People"))
        cells.append(cell)
    return convert(tmp_path, *cells)


def test_a_chapter_lists_its_sections_and_the_page_lists_its_chapters(in_chapters):
    """A long report keeps a short list at its side."""
    first = in_chapters.html.partition('id="chapter-results-goals"')[2].partition("</div>")[0]

    assert first.startswith("><h2>Results &amp; goals</h2><p>Where we stand.</p><ul>")
    assert re.findall(r'href="#([\w-]+)"', first) == ["bookings_by_month"]
    listed = in_chapters.html.partition('aria-label="Sections"')[2].partition("</nav>")[0]
    assert re.findall(r'href="#([\w-]+)"', listed) == ["chapter-results-goals", "chapter-people"]


def test_sections_stand_one_level_below_their_chapter(in_chapters):
    """The outline that a screen reader walks has no gap."""
    outline = Outline(in_chapters.html)

    assert outline.headings[1] == ("h2", "Results & goals")
    assert outline.headings[2] == ("h3", "September booked $2.03M, 92% of target")
    assert outline.wrong == []
