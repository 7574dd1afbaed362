"""Time to win: losses compete, open deals count for as long as they are open, and an old deal's chances are told."""

from datetime import date, timedelta

import pytest

from salesops_lib import theme
from salesops_lib.performance_visibility.winning.time_to_win.metrics import time_to_win
from salesops_lib.performance_visibility.winning.time_to_win.narrative import describe_time_to_win
from salesops_lib.performance_visibility.winning.time_to_win.plots import plot_time_to_win
from tests.builders import CALENDAR, make_crm

SEPTEMBER = CALENDAR.period("2026-09")
END = date(2026, 9, 30)


def company(n, *, every_now=3):
    """Deals of two years: one in three won after forty days, in the last year one in so many; the others lost."""
    deals = []
    for month in range(24):
        start = date(2024, 10, 1) + timedelta(days=30 * month)
        for number in range(n):
            is_won = number % (every_now if month >= 12 else 3) == 0
            end = start + timedelta(days=40 if is_won else 20)
            status = ("won" if is_won else "lost") if end <= END else "open"
            closed_on = str(end) if status != "open" else None
            deals.append({"rep_id": "ana", "created_on": str(start), "status": status, "closed_on": closed_on})
    return make_crm(deals=deals, as_of=END)


def test_groups_are_the_last_months_and_those_before_them():
    """Both together make all; every row has its n."""
    rows = time_to_win(company(15), period=SEPTEMBER, confidence=0.95).groupby("group")["n_created"].first()

    assert rows["now"] + rows["before"] == rows["all"]


def test_a_fall_is_seen_at_the_day_by_which_nine_of_ten_came():
    """One in three before, one in six now: beyond chance, and said; one in three throughout is not."""
    fallen, alike = (time_to_win(company(60, every_now=every), period=SEPTEMBER, confidence=0.95) for every in (6, 3))

    assert fallen.loc[fallen["group"] == "now", "is_changed"].all()
    assert describe_time_to_win(fallen).status == "watch"
    assert not alike["is_changed"].any()


def test_words_say_the_half_and_what_is_left_to_hope_for(demo_crm):
    """Every number is the curve's."""
    rows = time_to_win(demo_crm, period=SEPTEMBER, confidence=0.95)

    found = describe_time_to_win(rows)

    whole = rows[rows["group"] == "all"]
    half = whole[whole["won_rate"] >= whole["won_rate"].iloc[-1] / 2]["days"].iloc[0]
    assert found.title == f"Half of the wins come within {half} days"
    assert "A deal still open after" in found.text
    assert describe_time_to_win(rows.head(0)).title == "How long wins take cannot be told"


@pytest.mark.parametrize("width", [theme.WIDE, theme.NARROW])
def test_the_chart_has_a_curve_for_each_group(width, demo_crm):
    """Now and before, and a line where nine of ten wins have come."""
    with theme.chart_style(width):
        ax = plot_time_to_win(time_to_win(demo_crm, period=SEPTEMBER, confidence=0.95))

    assert len(ax.get_lines()) == 3
