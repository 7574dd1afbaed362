"""One PDF of a month's pack, printed by a browser that is already on the machine.

The pages are put one after another into a single document and printed once, so that links from the
pack to a report stay inside the file. Where there is no browser the pack says so; each page prints
well by itself.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from salesops_lib.reporting.templates.markup import trusted
from salesops_lib.reporting.templates.rendering import render

BROWSER_VARIABLE = "SALESOPS_BROWSER"
"""Environment variable that names another Chromium-like browser."""

_NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
    "microsoft-edge-stable", "msedge",
)  # fmt: skip
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
    r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
)
_OPTIONS = (
    "--headless", "--disable-gpu", "--no-pdf-header-footer", "--no-first-run", "--no-default-browser-check",
    "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
"""Print in peace: no profile of the user's, no call to anywhere."""
_PATIENCE_SECONDS = 120
_REFERRING = re.compile(
    r"""(?P<name>\b(?:id|for|headers|aria-labelledby|aria-describedby|aria-controls))=(?P<quote>["'])(?P<value>.*?)(?P=quote)""",
    re.DOTALL,
)
_LINK = re.compile(r"""(?P<name>\b(?:xlink:)?href)=(?P<quote>["'])(?P<value>.*?)(?P=quote)""", re.DOTALL)
_URL = re.compile(r"url\(\s*#([^)\s]+)\s*\)")


@dataclass(frozen=True)
class PrintedPage:
    """One page of the PDF: the name by which others link to it, and its HTML."""

    href: str
    html: str


def find_browser() -> str | None:
    """The program that prints; nothing where the machine has none."""
    named = os.environ.get(BROWSER_VARIABLE)
    if named:
        return shutil.which(named)
    for name in _NAMES:
        if found := shutil.which(name):
            return found
    places = (os.path.expandvars(place) for place in _PLACES)
    return next((place for place in places if Path(place).is_file()), None)


def print_pdf(document: str, target: Path, browser: str) -> str:
    """Print an HTML document.

    Args:
        document: The whole document, with nothing to load from elsewhere.
        target: The PDF to write.
        browser: The program, as `find_browser` gives it.

    Returns:
        Why it could not be printed; empty when it was.
    """
    with tempfile.TemporaryDirectory(prefix="salesops-print-", ignore_cleanup_errors=True) as folder:
        page, printed = Path(folder) / "pack.html", Path(folder) / "pack.pdf"
        page.write_text(document, encoding="utf-8")
        options = [*_OPTIONS, f"--print-to-pdf={printed}", f"--user-data-dir={folder}/profile"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            options.append("--no-sandbox")  # the browser refuses to start as root otherwise, as in a container
        said = _run([browser, *options, page.as_uri()])
        if not printed.is_file() or not printed.read_bytes().startswith(b"%PDF"):
            return said or "the browser wrote no PDF"
        shutil.copyfile(printed, target)
    return ""


def one_document(pages: Sequence[PrintedPage], *, title: str, style: str) -> str:
    """Put pages one after another; ids are made unique and links between the pages lead inside the document.

    Args:
        pages: In the order of print.
        title: Title of the document.
        style: Style sheet for all of it.
    """
    inside = {page.href: f"p{place}" for place, page in enumerate(pages)}
    parts = []
    for page in pages:
        reader = _Body(inside[page.href], inside)
        reader.feed(page.html)
        reader.close()
        parts.append((inside[page.href], trusted("".join(reader.parts))))
    sheets = trusted(f"{style}.so-printed+.so-printed{{break-before:page}}{_paper(title)}")
    return f"{render('printed', title=title, style=sheets, pages=parts)}\n"


def _paper(title: str) -> str:
    """The foot of each sheet: the title and the page's number."""
    text = re.sub(r"[^\w .,:-]", lambda found: f"\\{ord(found[0]):x} ", title)
    small = "font:8pt sans-serif;color:#566472"
    return (
        f'@page{{@bottom-left{{content:"{text}";{small}}}'
        f'@bottom-right{{content:counter(page) " / " counter(pages);{small}}}}}'
    )


class _Body(HTMLParser):
    """Copies what stands inside `<body>`, tag by tag as written, but for scripts, ids and links."""

    def __init__(self, prefix: str, inside: dict[str, str]) -> None:
        super().__init__(convert_charrefs=False)
        self.prefix = prefix
        self.inside = inside
        self.parts: list[str] = []
        self.is_inside = False
        self.in_script = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base's
        if tag == "script":
            self.in_script += 1
        if self.is_inside and not self.in_script:
            # As written, for `viewBox` must keep its capital.
            self.parts.append(self._own(self.get_starttag_text() or ""))
        if tag == "body":
            self.is_inside = True

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base's
        if self.is_inside and not self.in_script:
            self.parts.append(self._own(self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.in_script = max(self.in_script - 1, 0)
            return
        if tag == "body":
            self.is_inside = False
        self._keep(f"</{_CAPITALS.get(tag, tag)}>")

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def handle_entityref(self, name: str) -> None:
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._keep(f"&#{name};")

    def _keep(self, text: str) -> None:
        if self.is_inside and not self.in_script:
            self.parts.append(text)

    def _own(self, tag: str) -> str:
        """A start tag whose ids carry the page's prefix and whose links stay in the document."""
        tag = _REFERRING.sub(
            lambda found: (
                f"{found['name']}={found['quote']}"
                f"{' '.join(f'{self.prefix}-{each}' for each in found['value'].split())}{found['quote']}"
            ),
            tag,
        )
        tag = _LINK.sub(self._link, tag)
        return _URL.sub(rf"url(#{self.prefix}-\1)", tag)

    def _link(self, found: re.Match[str]) -> str:
        """A link inside the PDF; one to a file becomes plain text, for it would name this machine's folder."""
        page, _, anchor = found["value"].partition("#")
        target = self.prefix if not page else self.inside.get(page, "")
        if not target:
            return found[0] if found["value"].startswith(("https://", "http://", "mailto:", "data:")) else ""
        return f"{found['name']}={found['quote']}#{target}{f'-{anchor}' if anchor else ''}{found['quote']}"


_CAPITALS = {
    "lineargradient": "linearGradient", "radialgradient": "radialGradient", "clippath": "clipPath",
    "textpath": "textPath", "foreignobject": "foreignObject",
}  # fmt: skip
"""Names of SVG that the parser gives in small letters only."""


def _run(command: list[str]) -> str:
    """Run the browser with patience but not for ever; returns its last words if it failed."""
    process = subprocess.Popen(  # noqa: S603 - the browser found above, and no text from data
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,  # its helpers form one group with it; Windows takes no notice
    )
    try:
        _, said = process.communicate(timeout=_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        return f"the browser did not finish within {_PATIENCE_SECONDS} seconds"
    finally:
        if process.poll() is None:  # too slow, or the run was broken off
            _end_group(process)
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1] if process.returncode and lines else ""


def _end_group(process: subprocess.Popen[str]) -> None:
    """End a process and, where the system knows groups, all that it has started."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
