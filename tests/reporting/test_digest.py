"""Tests of the digest: an email draft that no name can break."""

import email
from datetime import date
from email.policy import default

import pytest

from salesops_lib.reporting.pack.digest import Digest, email_of, one_line

HEADLINES = [("act", "Enterprise missed by $244K"), ("watch", "Deals take 21 days longer")]
CARDS = [{"label": "Bookings", "value": "$2.03M", "change": "+13% vs Aug 2026"}]


def digest(**changes) -> Digest:
    """A digest with two headlines and a card."""
    values = {
        "company": "Northwind",
        "month": "September 2026",
        "as_of": date(2026, 9, 30),
        "headlines": HEADLINES,
        "cards": CARDS,
    }
    return Digest(**values | changes)


def read(message: bytes):
    """The message as a mail program reads it, with its text and HTML."""
    parsed = email.message_from_bytes(message, policy=default)
    return parsed, parsed.get_body(("plain",)).get_content(), parsed.get_body(("html",)).get_content()


def test_both_parts_say_the_same():
    """Headlines, status words and key figures stand in the text part and in the HTML part."""
    _, text, page = read(email_of(digest()))
    for said in (
        "Enterprise missed by $244K",
        "Needs action",
        "Bookings",
        "$2.03M",
        "+13% vs Aug 2026",
        "30 September 2026",
    ):
        assert said in text
        assert said in page


def test_link_is_relative_to_the_email():
    """The link leads to the pack beside the email, wherever the folder is moved."""
    _, text, page = read(email_of(digest()))
    assert 'href="index.html"' in page
    assert "index.html" in text


def test_it_opens_as_a_draft_to_nobody():
    """The message names no sender and no recipient and asks to be opened unsent."""
    message, _, _ = read(email_of(digest()))
    assert message["X-Unsent"] == "1"
    assert message["To"] is None
    assert message["From"] is None


@pytest.mark.parametrize(
    "evil", ["a\r\nBcc: all@example.com", "a\nBcc: all@example.com", "a\x0bBcc: x", "a\u2028Bcc: x"]
)
def test_line_break_in_a_name_makes_no_header(evil):
    """A company, month or headline with a line break stays on its line."""
    message, _, _ = read(email_of(digest(company=evil, month=evil, headlines=[("act", evil)])))
    assert message["Bcc"] is None
    assert sorted(set(message.keys())) == ["Content-Type", "Date", "MIME-Version", "Subject", "X-Unsent"]


def test_markup_in_a_name_is_text():
    """Names from a CRM are escaped in the HTML part."""
    _, _, page = read(email_of(digest(company="<script>x</script>", headlines=[("act", "<img src=x>")])))
    assert "<script>" not in page
    assert "<img" not in page


def test_same_month_gives_the_same_bytes():
    """Nothing in the message is drawn at random or read from the clock."""
    assert email_of(digest()) == email_of(digest())


def test_subject_counts_what_needs_action_and_what_failed():
    """The subject says how many headlines need action; failed reports come first."""
    assert read(email_of(digest()))[0]["Subject"] == "Sales report, September 2026: 1 headline needs action"
    assert "1 report failed" in read(email_of(digest(failed=["Forecast"])))[0]["Subject"]
    assert "nothing needs action" in read(email_of(digest(headlines=[])))[0]["Subject"]


def test_names_beyond_ascii_survive():
    """Accents, currency signs and other scripts arrive as written."""
    message, text, page = read(email_of(digest(month="März 2026", headlines=[("good", "Zoë Đặng won €3M 東京")])))
    assert "März" in message["Subject"]
    assert "Zoë Đặng won €3M 東京" in text
    assert "Zoë Đặng won €3M 東京" in page


def test_one_line_cuts_with_a_mark():
    """A very long name cannot flood a header."""
    assert len(one_line("x" * 500)) == 180
    assert one_line("x" * 500).endswith("…")
