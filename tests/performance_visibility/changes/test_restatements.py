"""Restatements: what was reported and reads differently now is shown, with the deals behind it."""

from datetime import date

import pandas as pd
import pytest

from salesops_lib.performance_visibility import bookings_by_month
from salesops_lib.performance_visibility.changes.restatements import narrative as words
from salesops_lib.performance_visibility.changes.restatements.metrics import deals_won, restated_deals, restated_months
from salesops_lib.reporting.tables.csv_text import csv_text, read_csv_text
from tests.builders import CALENDAR, make_crm

AUGUST, SEPTEMBER = CALENDAR.period("2026-08"), CALENDAR.period("2026-09")
END = date(2026, 9, 30)


def deal(key, amount, closed_on="2026-08-10", status="won"):
    """A deal of Ana."""
    return {"opportunity_id": key, "rep_id": "ana", "status": status, "closed_on": closed_on, "amount": amount}


THEN = [deal("=1", 100), deal("d2", 200), deal("d3", 300), deal("d4", 400)]
NOW = [deal("=1", 100), deal("d2", 250), deal("d3", 300, "2026-09-02"), deal("d4", 0, status="lost"), deal("d5", 55)]


@pytest.fixture
def reported(tmp_path):
    """Both tables of the report on August, through a CSV file as a pack holds them."""

    def tables(deals, most=5000):
        crm = make_crm(deals=deals, as_of=AUGUST.end)
        found = []
        for name, frame in (
            ("months", bookings_by_month(crm, period=AUGUST)),
            ("won", deals_won(crm, period=AUGUST, most=most)),
        ):
            (tmp_path / name).write_text(csv_text(frame), encoding="utf-8")
            rows = read_csv_text(tmp_path / name)
            rows.attrs |= {"reported": "2026-08", "reported_as_of": "2026-08-31"}
            found.append(rows)
        return found

    return tables


def test_a_month_that_moved_is_restated_and_no_other(reported):
    """August was 1,000 from four deals and is 405 from three; months before are as they were."""
    months, _won = reported(THEN)

    rows = restated_months(make_crm(deals=NOW, as_of=END), period=SEPTEMBER, reported=months).set_index("month")

    assert rows.loc["2026-08", ["reported_amount", "bookings_amount", "change_amount"]].tolist() == [1000, 405, -595]
    assert rows.loc["2026-08", ["n_won_reported", "n_won"]].tolist() == [4, 3]
    assert rows.index[rows["is_restated"]].tolist() == ["2026-08"]


def test_each_changed_deal_is_named_with_what_changed(reported):
    """Lost after all, moved a month, another amount, entered late; a deal as it was is not listed."""
    _months, won = reported(THEN)

    rows = restated_deals(make_crm(deals=NOW, as_of=END), period=SEPTEMBER, reported=won).set_index("opportunity_id")

    assert rows["what"].to_dict() == {
        "d4": "no longer won",
        "d3": "moved to another month",
        "d5": "added to the month since",
        "d2": "amount changed",
    }
    assert rows["change_amount"].to_dict() == {"d4": -400, "d3": -300, "d5": 55, "d2": 50}
    assert rows["change_amount"].sum() == -595


def test_a_list_that_was_cut_says_nothing_about_smaller_deals(reported):
    """Only the two largest were listed: the late deal of 55 may have been there all along."""
    _months, won = reported(THEN, most=2)

    rows = restated_deals(make_crm(deals=NOW, as_of=END), period=SEPTEMBER, reported=won)

    assert rows["opportunity_id"].tolist() == ["d4"]


def test_a_listed_deal_that_shrank_below_a_cut_list_is_an_amount_that_changed(reported):
    """It still counts for its month."""
    _months, won = reported(THEN, most=2)
    now = [deal("=1", 100), deal("d2", 200), deal("d3", 300), deal("d4", 10)]

    rows = restated_deals(make_crm(deals=now, as_of=END), period=SEPTEMBER, reported=won)

    assert rows[["opportunity_id", "what", "amount"]].to_numpy().tolist() == [["d4", "amount changed", 10]]


def test_the_same_data_restates_nothing(reported):
    """Keys that look like formulas survive the file, and so do cents."""
    months, won = reported(THEN)
    crm = make_crm(deals=THEN, as_of=END)

    assert not restated_months(crm, period=SEPTEMBER, reported=months)["is_restated"].any()
    assert restated_deals(crm, period=SEPTEMBER, reported=won).empty


def test_a_month_that_ran_when_it_was_reported_is_no_restatement(reported):
    """Half of August grew into August; that is no correction."""
    crm = make_crm(deals=[deal("d1", 100)], as_of=date(2026, 8, 15))
    rows = bookings_by_month(crm, period=AUGUST).assign(month=lambda f: f["month"].astype(str))

    found = restated_months(make_crm(deals=THEN, as_of=END), period=SEPTEMBER, reported=rows)

    assert "2026-08" not in set(found["month"])


def test_without_an_earlier_report_both_tables_are_empty_and_say_so():
    """The first report of a company."""
    crm = make_crm(deals=NOW, as_of=END)

    months = restated_months(crm, period=SEPTEMBER, reported=pd.DataFrame())
    deals = restated_deals(crm, period=SEPTEMBER, reported=pd.DataFrame())

    assert words.describe_restated_months(months).title == "No earlier report to compare with"
    assert words.describe_restated_deals(deals).title == "No reported deal has changed"


def test_words_say_both_figures_and_the_largest_deal(reported):
    """Every number is one of the rows'."""
    months, won = reported(THEN)
    crm = make_crm(deals=NOW, as_of=END)

    month = words.describe_restated_months(restated_months(crm, period=SEPTEMBER, reported=months))
    deals = words.describe_restated_deals(restated_deals(crm, period=SEPTEMBER, reported=won))

    assert month.title == "August 2026 was restated down by $595"
    assert "$1,000 from 4 deals then, **$405** from 3 deals now." in month.text
    assert deals.title == "4 reported deals changed since the last report"
    assert "no longer won: $400 then, $0 now." in deals.text


def test_the_deals_of_the_month_are_listed_with_what_the_list_leaves_out():
    """Two of three listed; the sums are over all."""
    crm = make_crm(deals=[deal("d1", 10), deal("d2", 30), deal("d3", 20)], as_of=AUGUST.end)

    rows = deals_won(crm, period=AUGUST, most=2)

    assert rows["opportunity_id"].tolist() == ["d2", "d3"]
    assert (rows["won_amount"].iloc[0], rows["n_won"].iloc[0]) == (60, 3)
    assert words.describe_deals_won(rows).text.endswith("The list holds the 2 largest.")
