"""Words on coverage and age of the pipeline: every number comes from its frame."""

import pytest

from salesops_lib import wording
from salesops_lib.performance_visibility.pipeline.age.narrative import describe_age_of_open_deals
from salesops_lib.performance_visibility.pipeline.coverage.narrative import describe_pipeline_coverage
from tests.performance_visibility.frames import AGES, COVERAGE, LATER, frame


@pytest.mark.parametrize(("n_older", "status"), [(30, "act"), (5, "watch"), (0, "good")])
def test_old_open_deals_are_said_and_mended_where_they_are_many(given, n_older, status):
    """A fifth of the open deals or more: someone closes them."""
    rows = frame(AGES, ("All deals", 100, 9e6, 98, 28.0, 400.0, 138.0, n_older, 2e6))

    found = describe_age_of_open_deals(rows, **given)

    assert found.title == f"{n_older} of 100 open deals are older than any deal ever won"
    assert "took 138 days" in found.text
    assert "the oldest is 400 days old" in found.text
    assert "2 open deals have no creation date" in found.text
    assert (found.status, found.action is not None) == (status, status == "act")
    assert found.action is None or found.action.owner == "Dana"


@pytest.mark.parametrize(("ratio", "status"), [(2.1, "good"), (1.5, "watch"), (1.2, "act")])
def test_coverage_is_judged_by_what_former_quarters_had(given, ratio, status):
    """Above their median good, below their least action is due; the company's own multiple is only mentioned."""
    first = (
        "2026-Q4", "Q4 2026", 8e6, 0.0, 8e6, 486, ratio * 8e6, ratio, 1.6, 1.4, 2.7, 12.8e6, 0.34, 8, 0.59, 84, 1.9e6
    )  # fmt: skip

    found = describe_pipeline_coverage(frame(COVERAGE, first, LATER), **given)

    assert found.title == f"Pipeline covers {ratio}x of what Q4 2026 still needs; former quarters had 1.6x"
    assert found.text == (
        f"**{wording.money(ratio * 8e6)}** in 486 open deals is due in Q4 2026, against $8.00M still to book: "
        f"**{ratio}x** (the company's own target is 3.0x). At the same point of 8 former quarters there was 1.4x to "
        "2.7x, in the median 1.6x, of what was still booked by the quarter's end; 34% of that pipeline was won in "
        "time, and deals not in it brought 41% of those bookings. For Q1 2027, $3.50M in 42 deals is due; it has no "
        "goal yet."
    )
    assert found.status == status
    assert found.action is None or found.action.owner == "Eli"
    assert found.stake == pytest.approx(0 if status == "good" else 8e6 - ratio * 8e6 / 1.6)
