"""Text into HTML: escaped first, then the little markup that findings may use.

Names from a CRM are hostile until proven otherwise; nothing reaches a page but through here.
"""

from __future__ import annotations

import re
from html import escape as _escape

from salesops_lib.wording import STATUS_WORDS, Status

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!vs\.)\s+(?=[^a-z])")
_SECRETS = re.compile(
    r"(?P<login>//[^/\s:@]+:)[^@\s/]+(?=@)"
    r"|(?P<name>\b(?:password|passwd|pwd|token|secret|api_?key|access_?key)\b[\"']?\s*[=:]\s*)[\"']?[^\s\"',;]+[\"']?",
    re.IGNORECASE,
)


def escape(value: object) -> str:
    """Write any value as HTML text or as the text of a quoted attribute; control characters are left out."""
    return _escape(without_controls(str(value)), quote=True)


def without_controls(text: str) -> str:
    """Leave out the characters that neither HTML nor XML may hold."""
    return _CONTROLS.sub("", text)


def prose(text: str) -> str:
    """Escape sentences and turn ``**bold**`` into ``<strong>``; there is no other markup."""
    return _BOLD.sub(r"<strong>\1</strong>", escape(text))


def message(text: str) -> str:
    """Escape a message of the kit; what stands between backticks is a name and becomes ``<code>``."""
    return _CODE.sub(r"<code>\1</code>", escape(text))


def plain(text: str) -> str:
    """The same sentences without the marks of bold."""
    return _BOLD.sub(r"\1", text)


def first_sentence(text: str) -> str:
    """The first sentence of a text: ``6.5 pp below plan.`` stays whole."""
    return _SENTENCE_END.split(text.strip(), maxsplit=1)[0].strip()


def without_secrets(text: str) -> str:
    """Blank out what looks like a credential, as drivers like to quote whole connection texts."""
    return _SECRETS.sub(lambda found: f"{found['login'] or found['name']}…", text)


def chip(status: Status) -> str:
    """A status as a word on a tinted ground; the word carries it, the colour repeats it."""
    return f'<span class="so-chip so-{status}">{escape(STATUS_WORDS[status])}</span>'


def slug(text: str) -> str:
    """Text as part of an id or a file name: lower case letters, digits and underscores."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "table"
