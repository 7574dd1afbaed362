"""Small pieces of sentences: names, lists, verbs that agree, months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

LONGEST_NAME = 24
"""Characters of a name that fit a title."""


def listing(names: list[str], most: int = 3) -> str:
    """Join names: ``Ana, Bo and 3 more``; says ``none`` when there are none."""
    if not names:
        return "none"
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def joined(parts: Sequence[str]) -> str:
    """All parts in one phrase: ``a, b and c``."""
    return listing(list(parts), most=len(parts))


def is_are(n: float) -> str:
    """``1 deal is``, ``2 deals are``."""
    return "is" if n == 1 else "are"


def has_have(n: float) -> str:
    """``1 deal has``, ``2 deals have``."""
    return "has" if n == 1 else "have"


def was_were(n: float) -> str:
    """``1 deal was``, ``2 deals were``."""
    return "was" if n == 1 else "were"


def capital(text: str) -> str:
    """A text as a sentence begins with it; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """A sentence as it goes on after a colon."""
    return text[:1].lower() + text[1:]


def plain(name: object) -> str:
    """A name as part of bold text: its own asterisks would end the bold."""
    return str(name).replace("*", "")


def bold(name: object) -> str:
    """A name in bold."""
    return f"**{plain(name)}**"


def short(name: str, most: int = LONGEST_NAME) -> str:
    """A name cut to what a title has room for."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def month_name(label: str) -> str:
    """``2026-09`` for readers: September 2026."""
    year, month = map(int, label.split("-"))
    return f"{date(year, month, 1):%B %Y}"


def span_name(first: str, last: str) -> str:
    """``October to December 2026``, ``October 2026 to September 2027``."""
    if first == last:
        return month_name(first)
    start, end = month_name(first), month_name(last)
    return f"{start.split()[0] if start.split()[1] == end.split()[1] else start} to {end}"
