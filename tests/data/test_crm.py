"""The company's data: what is worked out of it once."""

from __future__ import annotations

import gc
import weakref

from tests.builders import make_crm


def test_what_was_worked_out_is_not_worked_out_again():
    """The second section that asks gets what the first one got."""
    crm, calls = make_crm(), []
    made = [crm.remember(("sums", 1), lambda: calls.append(1) or len(calls)) for _ in range(3)]
    assert made == [1, 1, 1]


def test_another_question_is_worked_out_on_its_own():
    """The key names what is asked."""
    crm = make_crm()
    assert [crm.remember(("sums", n), lambda n=n: n) for n in (1, 2)] == [1, 2]


def test_an_answer_of_nothing_is_remembered_too():
    """A forecast that cannot be made is not tried again for every section."""
    crm, calls = make_crm(), []
    for _ in range(2):
        crm.remember("none", lambda: calls.append(1))
    assert calls == [1]


def test_what_is_known_of_an_earlier_evening_is_its_own():
    """Each evening has its answers."""
    from datetime import date

    crm = make_crm()
    crm.remember("day", lambda: "today")
    assert crm.at(date(2020, 1, 1)).remember("day", lambda: "then") == "then"


def test_a_company_that_nobody_holds_is_let_go_with_all_that_was_worked_out():
    """JupyterLab opens many in one process."""
    crm = make_crm()
    crm.remember("self", lambda kept=crm: kept)
    gone = weakref.ref(crm)
    del crm
    gc.collect()
    assert gone() is None
