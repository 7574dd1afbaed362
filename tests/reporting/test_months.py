"""Tests of the index over months: newest first, from the packs alone."""

import json

from salesops_lib.reporting.pack.months import write_months_index


def write_month(out, label, *, folder="", **changes) -> None:
    """A pack's record, with a first page beside it."""
    place = out / (folder or label)
    place.mkdir(parents=True)
    card = {"label": "x", "is_off": False, "series": [1.0, 3.0, 2.0]}
    run = {
        "kit": "salesops-kit",
        "status": "whole",
        "company": "Northwind",
        "month": label,
        "month_title": f"Month {label}",
        "partial": "",
        "data": {"as_of": "2026-10-02"},
        "checks": {"passed": 9, "warnings": 0, "errors": 0},
        "cards": [
            {**card, "key": "bookings", "shown": "$2.03M"},
            {**card, "key": "attainment", "shown": "92.0%", "is_off": True},
            {**card, "key": "win_rate", "shown": "26.4%"},
        ],
        "notebooks": [{"name": "02_rep", "title": "Rep <comparison>", "href": "02_rep.html", "failure": None}],
        **changes,
    }
    (place / "run.json").write_text(json.dumps(run))
    (place / "index.html").write_text("x")


def page_of(out) -> str:
    """The index as written."""
    return write_months_index(out).read_text()


def test_months_stand_newest_first(tmp_path):
    """The order is that of the months, not of their making."""
    for label in ("2026-08", "2026-09", "2025-12"):
        write_month(tmp_path, label)
    page = page_of(tmp_path)
    places = [page.index(f"Month {label}<") for label in ("2026-09", "2026-08", "2025-12")]
    assert places == sorted(places)


def test_month_shows_its_figures_as_its_report_did(tmp_path):
    """Bookings, attainment and win rate are the cards' own text; one past its threshold is marked."""
    write_month(tmp_path, "2026-09")
    page = page_of(tmp_path)
    assert '<td class="so-n">$2.03M</td><td class="so-n so-off">92.0%</td><td class="so-n">26.4%</td>' in page
    assert '<svg class="so-spark"' in page
    assert 'href="2026-09/02_rep.html">Rep &lt;comparison&gt;</a>' in page


def test_missing_figures_are_dashes(tmp_path):
    """A pack without key figures has dashes, not zeros."""
    write_month(tmp_path, "2026-09", cards=[])
    assert page_of(tmp_path).count('<td class="so-n">–</td>') == 3


def test_same_packs_give_the_same_bytes(tmp_path):
    """Neither the clock nor the order of the folder's files leaves a trace."""
    for out, labels in ((tmp_path / "a", ("2026-08", "2026-09")), (tmp_path / "b", ("2026-09", "2026-08"))):
        for label in labels:
            write_month(out, label)
    assert page_of(tmp_path / "a") == page_of(tmp_path / "b")


def test_failed_pack_stands_beside_the_whole_one(tmp_path):
    """The failed pack of a month is listed after the whole one, and says how many reports failed."""
    write_month(tmp_path, "2026-09")
    failed = [{"name": "02_rep", "title": "Rep", "href": "02_rep.html", "failure": "Cell 3: x"}]
    write_month(tmp_path, "2026-09", folder="2026-09-failed", status="failed", notebooks=failed)
    page = page_of(tmp_path)
    assert page.index('"2026-09/index.html"') < page.index('"2026-09-failed/index.html"')
    assert "1 report failed, latest run" in page
    assert "Rep</a> (failed)" in page


def test_warnings_and_partial_months_are_marked(tmp_path):
    """The chip counts warnings; a month under way says so."""
    write_month(tmp_path, "2026-10", partial="partial, 9% of selling days passed", checks={"passed": 1, "warnings": 2})
    page = page_of(tmp_path)
    assert "2 warnings" in page
    assert "partial, 9% of selling days passed" in page


def test_what_is_no_pack_is_left_out(tmp_path):
    """Folders of others, half-made packs and broken records make no row and no error."""
    write_month(tmp_path, "2026-09")
    write_month(tmp_path, "2026-07", folder=".building-2026-07-1")
    (tmp_path / "notes").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/run.json").write_text("{")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/run.json").write_text('{"month": "2026-06"}')
    assert page_of(tmp_path).count("/index.html") == 1


def test_empty_folder_says_how_to_begin(tmp_path):
    """With no month there yet, the page says which command writes one."""
    assert "salesops report" in page_of(tmp_path)


def test_two_companies_are_told_apart(tmp_path):
    """Where packs of two companies share a folder, each month carries its company's name."""
    write_month(tmp_path, "2026-09")
    write_month(tmp_path, "2017-11", company="Maven")
    page = page_of(tmp_path)
    assert "Month 2017-11, Maven" in page
    assert "Maven and Northwind" in page
