"""Small pieces of sentences read as people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesops_lib.wording import bold, capital, has_have, is_are, joined, listing, short, small, span_name, was_were


@pytest.mark.parametrize(("n", "verbs"), [(0, "are have were"), (1, "is has was"), (2, "are have were")])
def test_verbs_agree_with_their_number(n, verbs):
    """None is many, as in "no deals are"."""
    assert f"{is_are(n)} {has_have(n)} {was_were(n)}" == verbs


def test_a_list_names_the_first_and_counts_the_rest():
    """Where all are wanted, all are named."""
    names = ["Ana", "Bo", "Cy", "Di"]

    assert listing(names) == "Ana, Bo, Cy and 1 more"
    assert joined(names) == "Ana, Bo, Cy and Di"
    assert (joined(names[:1]), listing([])) == ("Ana", "none")


def test_only_the_first_letter_changes():
    """Names within a sentence keep theirs."""
    assert (capital("the NDA"), small("The NDA"), capital("")) == ("The NDA", "the NDA", "")


def test_asterisks_of_a_name_do_not_end_the_bold():
    """They are the only markup of sentences."""
    assert bold("A*na") == "**Ana**"


@given(st.text(), st.integers(min_value=2, max_value=40))
def test_a_short_name_fits_and_says_that_it_was_cut(name, most):
    """A name that fits is left alone."""
    cut = short(name, most)

    assert len(cut) <= most
    assert cut == name or cut.endswith("…")


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        ("2026-10", "2026-10", "October 2026"),
        ("2026-10", "2026-12", "October to December 2026"),
        ("2026-10", "2027-09", "October 2026 to September 2027"),
    ],
)
def test_a_span_of_months_names_a_year_once(first, last, named):
    """Twice where the years differ."""
    assert span_name(first, last) == named
