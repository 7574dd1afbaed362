"""Tables as HTML and as CSV: what columns are called, how values read, and that nothing hostile gets through."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesops_lib import wording
from salesops_lib.reporting.tables.csv_text import csv_text
from salesops_lib.reporting.tables.formats import format_of, label_of
from salesops_lib.reporting.tables.sparkline import sparkline
from salesops_lib.reporting.tables.table import TableView, shown_names, write_table
from salesops_lib.reporting.templates.markup import escape, first_sentence, message, plain, prose, without_secrets


@pytest.fixture(autouse=True)
def _dollars():
    wording.use_currency("USD")


class Cells(HTMLParser):
    """Reads a table back: header texts, rows of cell texts, tags seen."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._in_cell = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Open a row or a cell."""
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag):
        """Close a cell."""
        self._in_cell = self._in_cell and tag not in ("th", "td")

    def handle_data(self, data):
        """Collect a cell's text."""
        if self._in_cell:
            self.rows[-1][-1] += data


def read(frame: pd.DataFrame, view: TableView | None = None) -> Cells:
    """The table that the writer makes of a frame, read back."""
    return Cells(write_table(frame, caption="Caption", name="t", view=view))


def test_a_value_is_written_in_the_unit_that_its_column_name_carries():
    """Amounts, rates, days, counts, dates and flags each read as people write them."""
    frame = pd.DataFrame(
        {
            "team": ["SMB", "Ent"],
            "won_amount": [2_030_000.0, -244_000.0],
            "win_rate": [0.634, 0.21],
            "cycle_days": [31.0, 7.25],
            "sus_score": [71.25, 68.0],
            "n_deals": [1406, 2],
            "is_judged": [True, False],
            "closed_on": [date(2026, 9, 30), date(2026, 1, 2)],
            "seen_at": [datetime(2026, 9, 30, 14, 5), datetime(2026, 1, 2, 0, 0)],
        }
    )

    rows = read(frame).rows

    assert rows[1] == ["SMB", "$2.03M", "63%", "31", "71.2", "1,406", "yes", "30 Sep 2026", "30 Sep 2026 14:05"]
    assert rows[2] == ["Ent", "−$244K", "21%", "7.2", "68.0", "2", "no", "2 Jan 2026", "2 Jan 2026 00:00"]


def test_rates_close_to_one_another_get_a_decimal():
    """61.2% and 64.0% would otherwise be told apart by a rounded point or two."""
    assert read(pd.DataFrame({"team": ["a", "b"], "win_rate": [0.612, 0.64]})).rows[1][1] == "61.2%"


def test_a_missing_value_is_a_dash_that_says_undefined_and_never_a_zero():
    """Undefined numbers, dates and texts all read as a dash."""
    frame = pd.DataFrame(
        {
            "rep": ["a", None],
            "win_rate": [0.5, None],
            "n_won": pd.array([3, None], "Int64"),
            "closed_on": [date(2026, 1, 1), None],
        }
    )

    html = write_table(frame, caption="c", name="t")

    assert Cells(html).rows[2] == ["–", "–", "–", "–"]
    assert html.count('title="undefined"') == 4


def test_the_ends_of_an_interval_share_one_column():
    """Low and high stand together, in the format of the figure that they belong to."""
    frame = pd.DataFrame(
        {"rep": ["a", "b"], "win_rate": [0.5, None], "win_rate_low": [0.4, None], "win_rate_high": [0.61, None]}
    )

    rows = read(frame).rows

    assert rows[0] == ["Rep", "Win rate (count)", "Win rate (count), interval"]
    assert rows[1] == ["a", "50%", "40% to 61%"]
    assert rows[2] == ["b", "–", "–"]


def test_a_key_hides_behind_the_name_it_stands_for():
    """Readers see the name; the key stays in the CSV. A key without a name stays visible."""
    frame = pd.DataFrame({"rep_id": ["r1"], "name": ["Ana"], "team_id": ["t1"], "team_name": ["SMB"]})

    assert read(frame).rows[0] == ["Name", "Team name"]
    assert csv_text(frame).startswith("rep_id,name,team_id,team_name\n")
    assert read(frame[["team_id"]]).rows[0] == ["Team"]


@pytest.mark.parametrize(
    ("column", "label"),
    [
        ("n_closed", "Closed"),
        ("won_amount", "Won"),
        ("attainment_rate", "Attainment"),
        ("win_rate", "Win rate (count)"),
        ("nps_score", "NPS score"),
        ("cycle_days", "Sales cycle, days"),
        ("push_rate", "Push rate"),
        ("won_rate", "Won share"),
        ("wait_days", "Wait, days"),
        ("closed_on", "Closed"),
        ("rep_id", "Rep"),
        ("amount", "Amount"),
        ("gap_amount_low", "Gap, low"),
    ],
)
def test_a_label_says_what_the_column_name_says(column, label):
    """Defined names win; else the words of the column without its unit."""
    assert label_of(column) == label


def test_every_table_has_a_caption_scoped_headers_and_a_region_that_takes_the_focus():
    """What a screen reader and a keyboard need is there without a script."""
    cells = read(pd.DataFrame({"rep": ["a"], "n_won": [1]}))
    scopes = [attributes.get("scope") for tag, attributes in cells.tags if tag == "th"]
    region = cells.tags[0][1]

    assert scopes == ["col", "col", "row"]
    assert region["tabindex"] == "0"
    assert region["role"] == "region"
    assert ("caption", {"id": region["aria-labelledby"]}) in cells.tags


def test_a_long_table_shows_its_first_hundred_rows_and_links_to_all():
    """The page stays small; the CSV has everything."""
    frame = pd.DataFrame({"rep": [f"r{number}" for number in range(1200)]})

    html = write_table(frame, caption="c", name="t", csv_href="tables/02/t.csv")

    assert len(Cells(html).rows) == 101
    assert "First 100 of 1,200 rows." in html
    assert 'href="tables/02/t.csv"' in html


@pytest.mark.parametrize(("n", "marked"), [(100, False), (101, True)])
def test_a_table_says_how_many_rows_it_has_where_the_page_shows_fewer(n, marked):
    """The page's filter reads it there, to say what it cannot see."""
    html = write_table(pd.DataFrame({"rep": [f"r{number}" for number in range(n)]}), caption="c", name="t")

    assert ('<table class="so-table" data-rows="101">' in html) is marked
    assert ("data-rows" in html) is marked


def test_an_empty_table_says_so():
    """No rows is said in words."""
    assert "No rows." in write_table(pd.DataFrame({"rep": [], "win_rate": []}), caption="c", name="t")


def test_a_view_chooses_columns_labels_formats_bars_and_marks():
    """What a view says stands above what the names say."""
    frame = pd.DataFrame(
        {"rep": ["a", "b"], "paid_amount": [1234.5, 617.25], "attainment_rate": [1.2, 0.6], "hidden": [1, 2]}
    )
    view = TableView(
        columns=("rep", "attainment_rate", "paid_amount"),
        labels={"paid_amount": "Payout"},
        formats={"paid_amount": "exact"},
        bars=("paid_amount",),
        below={"attainment_rate": 0.75},
    )

    html = write_table(frame, caption="c", name="t", view=view)

    assert Cells(html).rows == [["Rep", "Attainment", "Payout"], ["a", "120%", "$1,234.50"], ["b", "60%", "$617.25"]]
    assert html.count("so-off") == 1
    assert "--b:1.00" in html
    assert "--b:0.50" in html
    assert shown_names(frame, view) == ["rep", "attainment_rate", "paid_amount"]


def test_a_list_of_numbers_becomes_a_line_with_words_for_those_who_do_not_see_it():
    """A trend column shows a sparkline; a gap in it stays a gap."""
    html = write_table(pd.DataFrame({"rep": ["a"], "trend": [[1.0, 5.0, None, 2.0, 3.0]]}), caption="c", name="t")

    assert 'aria-label="4 periods, from 1 to 3"' in html
    assert html.count("M") - html.count("Mozilla") >= 2
    assert sparkline([4.0], "one point is no line") == ""
    assert 'd="M3 12L93 12"' in sparkline([2.0, 2.0], "flat")


HOSTILE = st.sampled_from(
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "a,b",
        'q"q',
        "é\nline",
    ]
)


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(st.one_of(HOSTILE, st.text(max_size=12)), min_size=1, max_size=5))
def test_no_text_of_a_crm_becomes_markup(texts):
    """Whatever stands in a cell, the table holds the tags of the writer and nothing else."""
    html = write_table(pd.DataFrame({"name": texts, "n_won": range(len(texts))}), caption=texts[0], name="t")

    assert {tag for tag, _ in Cells(html).tags} <= {
        "div",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "span",
        "p",
    }
    assert all(
        set(attributes) <= {"class", "tabindex", "role", "aria-labelledby", "id", "scope", "style", "title"}
        for _, attributes in Cells(html).tags
    )


@settings(max_examples=40, deadline=None)
@given(
    texts=st.lists(st.one_of(HOSTILE, st.text(max_size=12)), min_size=1, max_size=5),
    number=st.floats(allow_nan=False, allow_infinity=False),
)
def test_csv_keeps_numbers_whole_and_makes_text_harmless(texts, number):
    """Numbers come back to the bit; no text cell starts like a formula; text is otherwise unchanged."""
    frame = pd.DataFrame({"name": texts, "gap_amount": number})

    rows = list(csv.reader(io.StringIO(csv_text(frame), newline="")))[1:]

    for text, (name, amount) in zip(texts, rows, strict=True):
        assert float(amount) == number
        assert not name.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        assert name.removeprefix("'") == "\n".join(re.split("\r\n|\r", text)).removeprefix("'")


def test_csv_leaves_missing_values_empty_and_negative_numbers_alone():
    """An undefined rate is an empty cell; a negative amount stays a number; dates are ISO."""
    frame = pd.DataFrame(
        {
            "=name": ["-x", None],
            "gap_amount": [-3.5, None],
            "closed_on": [date(2026, 9, 30), None],
            "trend": [[1, 2.5], None],
        }
    )

    assert csv_text(frame) == "'=name,gap_amount,closed_on,trend\n'-x,-3.5,2026-09-30,1 2.5\n,,,\n"


def test_prose_knows_bold_and_nothing_else():
    """Markup from a name stays text; ** becomes strong; plain text loses the marks."""
    assert escape("<a href=\"x\" title='y'>&\x00") == "&lt;a href=&#34;x&#34; title=&#39;y&#39;&gt;&amp;"
    assert prose("**Ana <b>** won `3`") == "<strong>Ana &lt;b&gt;</strong> won `3`"
    assert plain("**3** of **4**") == "3 of 4"
    assert message("no table `leads` & more") == "no table <code>leads</code> &amp; more"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Down 6.5 pp to 26.4%. More.", "Down 6.5 pp to 26.4%."),
        ("One sentence", "One sentence"),
        ("**2** of 3 won! **Bold** next.", "**2** of 3 won!"),
    ],
)
def test_a_first_sentence_ends_where_the_next_begins(text, first):
    """A decimal point ends no sentence."""
    assert first_sentence(text) == first


def test_what_looks_like_a_credential_is_blanked():
    """Drivers quote whole connection texts in their errors."""
    text = without_secrets("could not connect: postgresql://ana:s3cret@db/x password=hunter2 token: abc")

    assert "s3cret" not in text
    assert "hunter2" not in text
    assert "abc" not in text
    assert "postgresql://ana:" in text


def test_text_in_a_column_named_like_a_number_stays_text():
    """A name does not make a number of words."""
    assert format_of("win_rate", pd.Series(["n/a", "low"])) == "text"
