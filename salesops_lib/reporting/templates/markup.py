"""Text into HTML: escaped first, then the little markup that findings may use.

Names from a CRM are hostile until proven otherwise; nothing reaches a page but through here or a template, which
escapes by the same rule.
"""

from __future__ import annotations

import re

from markupsafe import Markup
from markupsafe import escape as _escape

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!vs\.)\s+(?=[^a-z])")
_SECRETS = re.compile(
    r"(?P<login>//[^/\s:@]+:)[^@\s/]+(?=@)"
    r"|(?P<name>\b(?:password|passwd|pwd|token|secret|api_?key|access_?key)\b[\"']?\s*[=:]\s*)[\"']?[^\s\"',;]+[\"']?",
    re.IGNORECASE,
)


def escape(value: object) -> Markup:
    """Write any value as HTML text or as the text of a quoted attribute; control characters are left out."""
    return _escape(without_controls(str(value)))


def trusted(html: str) -> Markup:
    """Mark as markup what the kit's own writers made, which escape all that comes from outside."""
    return Markup(html)  # noqa: S704 - the one door; see above


def without_controls(text: str) -> str:
    """Leave out the characters that neither HTML nor XML may hold."""
    return _CONTROLS.sub("", text)


def prose(text: str) -> Markup:
    """Escape sentences and turn ``**bold**`` into ``<strong>``; there is no other markup."""
    return trusted(_BOLD.sub(r"<strong>\1</strong>", str(escape(text))))


def message(text: str) -> Markup:
    """Escape a message of the kit; what stands between backticks is a name and becomes ``<code>``."""
    return trusted(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def plain(text: str) -> str:
    """The same sentences without the marks of bold."""
    return _BOLD.sub(r"\1", text)


def first_sentence(text: str) -> str:
    """The first sentence of a text: ``6.5 pp below plan.`` stays whole."""
    return _SENTENCE_END.split(text.strip(), maxsplit=1)[0].strip()


def ended(title: str) -> str:
    """A title as a sentence of its own."""
    return title if title.endswith((".", "!", "?")) else f"{title}."


def one_line(text: str, most: int = 180) -> str:
    """Make text safe for a header of an email: one line, no control characters, not endless.

    A line break in a company's or a deal's name would otherwise start a header of its own.
    """
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return plain if len(plain) <= most else f"{plain[: most - 1].rstrip()}…"


def without_secrets(text: str) -> str:
    """Blank out what looks like a credential, as drivers like to quote whole connection texts."""
    return _SECRETS.sub(lambda found: f"{found['login'] or found['name']}…", text)


def slug(text: str) -> str:
    """Text as part of an id or a file name: lower case letters, digits and underscores."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "table"
