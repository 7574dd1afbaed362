"""Small words of the parameter messages: near names, and values that may be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

_SECRET = re.compile(r"\w+://[^\s/@]*:[^\s@]+@|\b(password|passwd|pwd|secret|token|api_?key)\s*=\s*\S+", re.IGNORECASE)
_CONNECTION = re.compile(r"\w+://|\b(host|server|dbname|user)\s*=", re.IGNORECASE)


def near(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The known name that ``name`` was probably meant to be."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = get_close_matches(name.casefold(), list(by_folded), n=1, cutoff=cutoff)
    return by_folded[close[0]] if close else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question to append to a message, or nothing where no known name is near."""
    meant = near(name, known)
    return f" Did you mean `{meant}`?" if meant else ""


def holds_secret(text: str) -> bool:
    """Whether a text carries a password or a key, as connection strings do."""
    return bool(_SECRET.search(text))


def is_connection(text: str) -> bool:
    """Whether a text is a connection string, with or without a password."""
    return bool(_CONNECTION.search(text)) or holds_secret(text)


def shown(value: object) -> str:
    """A value as a message may show it: short, on one line, and never a secret."""
    text = str(getattr(value, "written", value))
    if is_connection(text):
        return "(not shown)"
    text = " ".join(text.split())
    return f"`{text[:57]}...`" if len(text) > 60 else f"`{text}`"
