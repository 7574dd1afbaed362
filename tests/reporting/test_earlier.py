"""Earlier reports: the right pack's table is read back, as it was written, or none."""

import json

import pandas as pd
import pytest

from salesops_lib.data.anonymous import anonymised
from salesops_lib.parameters import read_parameters
from salesops_lib.reporting.pack.earlier import REPORTS_VARIABLE, earlier_table, reports_folder
from salesops_lib.reporting.pack.publish import KIT
from salesops_lib.reporting.run.run import Run
from salesops_lib.reporting.tables.csv_text import csv_text
from tests.builders import CALENDAR, make_crm
from tests.parameters.recipes import COMPANY, folder_of

SEPTEMBER = CALENDAR.period("2026-09")


@pytest.fixture
def reports(tmp_path):
    """Writes small packs, and looks for their table of figures."""

    def write(month, value, *, company="Acme", status="whole", folder=""):
        pack = tmp_path / (folder or month)
        (pack / "tables" / "01_x").mkdir(parents=True)
        (pack / "index.html").write_text("", encoding="utf-8")
        run = {"kit": KIT, "month": month, "company": company, "status": status, "data": {"as_of": f"{month}-28"}}
        (pack / "run.json").write_text(json.dumps(run), encoding="utf-8")
        table = pd.DataFrame({"deal_id": ["007", "=1+1"], "value": [value, -1.5]})
        (pack / "tables" / "01_x" / "figures.csv").write_text(csv_text(table), encoding="utf-8")

    def read(table="figures"):
        return earlier_table(tmp_path, notebook="01_x", table=table, company="Acme", before=SEPTEMBER)

    return write, read


def test_the_last_month_before_is_read_with_its_label(reports):
    """Not the one before it, not the month itself, not a later one."""
    write, read = reports
    for month, value in (("2026-06", 6), ("2026-08", 8), ("2026-09", 9), ("2026-10", 10)):
        write(month, value)

    rows = read()

    assert rows["value"].iloc[0] == 8
    assert rows.attrs == {"reported": "2026-08", "reported_as_of": "2026-08-28"}


def test_keys_and_guarded_text_come_back_as_they_were(reports):
    """Leading zeros stay; the apostrophe against formulas is gone; a negative number is a number."""
    write, read = reports
    write("2026-08", 8)

    assert read()["deal_id"].tolist() == ["007", "=1+1"]
    assert read()["value"].tolist() == [8, -1.5]


def test_another_company_and_a_failed_pack_are_passed_over(reports):
    """Their figures were never this company's report."""
    write, read = reports
    write("2026-07", 7)
    write("2026-08", 8, status="failed")
    write("2026-08", 88, company="Other", folder="other-2026-08")

    assert read()["value"].iloc[0] == 7


def test_without_a_pack_or_a_table_there_is_an_empty_frame(reports):
    """The first report of a company, or one of an older kit without the table."""
    write, read = reports
    assert read().empty

    write("2026-08", 8)
    assert read("another").empty


def test_the_folder_is_the_run_s_or_the_project_s(monkeypatch, tmp_path):
    """A run that makes a pack says where packs lie; by hand it is the project's `reports`."""
    monkeypatch.delenv(REPORTS_VARIABLE, raising=False)
    assert reports_folder().name == "reports"

    monkeypatch.setenv(REPORTS_VARIABLE, str(tmp_path))
    assert reports_folder() == tmp_path


def test_a_run_that_shows_no_names_takes_none_from_an_earlier_pack(reports, monkeypatch, tmp_path):
    """That pack may have been made with names; who has left the data since has no code, and is missing."""
    write, _ = reports
    write("2026-08", 8)
    deals = pd.DataFrame({"rep_id": ["ana", "gone"], "rep_name": ["Ana Ruiz", "Gone By Now"], "amount": [1, 2]})
    (tmp_path / "2026-08" / "tables" / "01_x" / "deals_won.csv").write_text(csv_text(deals), encoding="utf-8")
    monkeypatch.setenv(REPORTS_VARIABLE, str(tmp_path))
    company = COMPANY.replace("Northwind", "Acme") + "anonymise: true\n"
    crm = anonymised(make_crm(reps=[{"rep_id": "ana", "name": "Ana Ruiz"}]))
    run = Run("01_x", period=SEPTEMBER, parameters=read_parameters(folder_of(tmp_path / "p", company=company)), crm=crm)

    rows = run.reported("deals_won")

    assert rows["rep_name"].tolist()[0] == "Rep 1"
    assert rows[["rep_id", "rep_name"]].iloc[1].isna().all()
    assert rows["amount"].tolist() == [1, 2]
    assert run.reported("nothing").empty
