"""The month in one short email: headlines, key figures and where the pack is.

``digest.eml`` opens as a draft in Outlook, Thunderbird and Apple Mail; nothing is sent. It carries no
sender, no recipient and no date of its own making: the same month gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from salesops_lib.reporting.templates.markup import one_line
from salesops_lib.reporting.templates.rendering import render
from salesops_lib.wording import STATUS_WORDS, Status, count, day

_STATUS_COLOURS: dict[str, str] = {"act": "#b3401c", "watch": "#7a4a00", "good": "#0f766e", "note": "#566472"}


@dataclass(frozen=True)
class Digest:
    """What the email says."""

    company: str
    month: str
    """The month in words, for instance ``September 2026``."""
    as_of: date
    headlines: Sequence[tuple[Status, str]]
    """Status and sentence, worst first."""
    cards: Sequence[Mapping[str, str]] = field(default=())
    """Key figures as shown: ``label``, ``value``, ``change``."""
    failed: Sequence[str] = field(default=())
    """Titles of the reports that failed."""
    href: str = "index.html"
    """Where the pack is, relative to the email's own folder."""


def email_of(digest: Digest) -> bytes:
    """Write the digest as an email message with a text and an HTML part."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = one_line(f"Sales report, {digest.month}: {_gist(digest)}")
    message["Date"] = format_datetime(datetime.combine(digest.as_of, time(), UTC))
    message["X-Unsent"] = "1"  # Outlook opens it as a draft
    text, page = _text(digest), str(render("digest", digest=digest, colours=_STATUS_COLOURS))
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(page, subtype="html")
    # The library draws boundaries at random; the same digest must give the same bytes.
    message.set_boundary(f"salesops-{sha256((text + page).encode()).hexdigest()[:32]}")
    return message.as_bytes()


def _gist(digest: Digest) -> str:
    if digest.failed:
        return f"{count(len(digest.failed), 'report')} failed"
    urgent = sum(status == "act" for status, _ in digest.headlines)
    if urgent:
        return "1 headline needs action" if urgent == 1 else f"{urgent} headlines need action"
    return "nothing needs action"


def _text(digest: Digest) -> str:
    """The text part: readable in any mail program."""
    lines = [f"{one_line(digest.company)}: sales report, {digest.month}", f"Data as of {day(digest.as_of)}.", ""]
    if digest.failed:
        lines += [f"Failed: {one_line(', '.join(digest.failed))}. What follows comes from the other reports.", ""]
    lines += [f"* {STATUS_WORDS[status]}: {one_line(sentence, 400)}" for status, sentence in digest.headlines]
    if digest.cards:
        lines += ["", *(_card_line(card) for card in digest.cards)]
    lines += ["", f"The whole pack: {digest.href} in the folder that this message came from.", ""]
    return "\n".join(lines)


def _card_line(card: Mapping[str, str]) -> str:
    change = f" ({card['change']})" if card.get("change") else ""
    return one_line(f"{card.get('label', '')}: {card.get('value', '')}{change}")
