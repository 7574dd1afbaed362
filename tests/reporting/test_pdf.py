"""Tests of the PDF: one document of many pages, printed where there is a browser."""

import os
import stat
import sys

import pytest

from salesops_lib.reporting.pack import pdf
from salesops_lib.reporting.pack.pdf import PrintedPage, find_browser, one_document, print_pdf

SVG = (
    '<svg viewBox="0 0 9 9" aria-labelledby="t d"><title id="t">T</title>'
    '<defs><clipPath id="c"><rect width="9"/></clipPath><linearGradient id="g"/></defs>'
    '<path clip-path="url(#c)" d="M0 0L9 9"/></svg>'
)


def page(body: str) -> str:
    """A page with a head that must not be printed."""
    return f"<!DOCTYPE html><html><head><title>x</title><style>a{{}}</style></head><body>{body}</body></html>"


def document(*bodies: str) -> str:
    """Pages called p0.html, p1.html and so on in one document."""
    pages = [PrintedPage(f"p{place}.html", page(body)) for place, body in enumerate(bodies)]
    return one_document(pages, title="Reports & more", style="p{color:red}")


def test_ids_of_two_pages_never_meet():
    """The same id on two pages stays two, and links follow their own."""
    made = document('<h2 id="a">A</h2><a href="#a">x</a>', '<h2 id="a">A</h2><a href="#a">x</a>')
    assert made.count('id="p0-a"') == made.count('id="p1-a"') == 1
    assert '<a href="#p1-a">' in made


def test_links_between_pages_lead_inside_the_document():
    """The pack's link to a report's section becomes a link within the file."""
    made = document('<a href="p1.html#b">B</a><a href="p1.html">1</a>', '<p id="b">b</p>')
    assert '<a href="#p1-b">' in made
    assert '<a href="#p1">' in made


@pytest.mark.parametrize("href", ["tables/x.csv", "../index.html", "file:///home/ana/x.csv", "/home/ana"])
def test_links_to_files_are_dropped(href):
    """A printed link to a file would name this machine's folder, so only its text stays."""
    made = document(f'<a class="k" href="{href}">Download</a>')
    assert href not in made
    assert ">Download</a>" in made


def test_title_cannot_break_out_of_the_style_sheet():
    """A title with quotes and tags stands at the foot of each sheet as text."""
    made = one_document([], title='a"}</style><script>', style="")
    assert made.count("</style>") == 1
    assert "<script>" not in made


def test_svg_keeps_its_capitals_and_its_references():
    """`viewBox`, `clipPath` and gradients survive, and references follow the new ids."""
    made = document(SVG)
    assert 'viewBox="0 0 9 9"' in made
    assert '<clipPath id="p0-c">' in made
    assert "</clipPath>" in made
    assert 'clip-path="url(#p0-c)"' in made
    assert 'aria-labelledby="p0-t p0-d"' in made
    assert '<linearGradient id="p0-g"/>' in made


def test_text_scripts_and_heads_are_told_apart():
    """Escaped text stays escaped; scripts and the pages' own heads go."""
    made = document("<p>1 &lt; 2 &amp; &#8211; é</p><script>if (1 < 2) { document.write('<p>') }</script><p>after</p>")
    assert "<p>1 &lt; 2 &amp; &#8211; é</p><p>after</p>" in made
    assert "document.write" not in made
    assert made.count("<title>") == 1
    assert "Reports &amp; more" in made


def test_browser_can_be_named(tmp_path, monkeypatch):
    """The environment may name a browser; a name that is no program means none."""
    program = tmp_path / ("chrome.exe" if sys.platform == "win32" else "chrome")
    program.write_text("")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv(pdf.BROWSER_VARIABLE, str(program))
    assert find_browser() == str(program)
    monkeypatch.setenv(pdf.BROWSER_VARIABLE, str(tmp_path / "none"))
    assert find_browser() is None


def test_machine_without_browser_has_none(monkeypatch):
    """Nothing is found where no program of the family is installed."""
    monkeypatch.delenv(pdf.BROWSER_VARIABLE, raising=False)
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    monkeypatch.setattr(pdf, "_PLACES", ())
    assert find_browser() is None


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for a browser is a shell script")
def test_browser_that_fails_says_why(tmp_path):
    """A browser that ends badly or writes nothing gives a reason and no file."""
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\necho 'cannot open display' >&2\nexit 3\n")
    program.chmod(0o755)
    assert print_pdf("<p>x</p>", tmp_path / "x.pdf", str(program)) == "cannot open display"
    assert not (tmp_path / "x.pdf").exists()


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for a browser is a shell script")
def test_browser_that_hangs_is_ended(tmp_path, monkeypatch):
    """Patience has an end, and the browser with it."""
    monkeypatch.setattr(pdf, "_PATIENCE_SECONDS", 0.2)
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\nsleep 60 & wait\n")
    program.chmod(0o755)
    assert "did not finish" in print_pdf("<p>x</p>", tmp_path / "x.pdf", str(program))


@pytest.mark.skipif(find_browser() is None, reason="no browser of the Chromium family is installed")
def test_document_is_printed(tmp_path):
    """A real browser prints the document with a page per part, and no folder of this machine in it."""
    browser = find_browser()
    assert print_pdf(document("<h1>One</h1>", '<a href="p0.html">Two</a>'), tmp_path / "x.pdf", browser) == ""
    printed = (tmp_path / "x.pdf").read_bytes()
    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Type /Page\n") == 2
    assert b"file://" not in printed
