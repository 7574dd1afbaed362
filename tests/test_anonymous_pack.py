"""A pack of a company that shows no names: nobody's name or key is in any file, file names and workbook included."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pytest

from salesops_lib.data.demo import SIZES, simulate_company
from salesops_lib.data.importing import import_source
from salesops_lib.parameters import read_parameters
from salesops_lib.parameters.anonymous import ROLES
from salesops_lib.reporting.pack.publish import KIT

ROOT = Path(__file__).parent.parent
Rows = dict[str, list[dict[str, Any]]]

REP, KEY = "Zorah Quillfeather", "zorah@quillfeather.example"
PLANTED = (
    "Quillfeather", "Rawnickel", "Spectrefirm", "Quagswell", "Fribble", "Blenkinsop", "Thistlewood", "Crumplehorn",
    "Mundlewick", "Hootenby", "Penhaligrew",
)  # fmt: skip
"""Words that stand in nothing but names put in below; each comes by a door of its own."""
GHOSTS = ("opportunities", "credits", "stage_history", "leads", "activities", "satisfaction", "tool_seats")
"""Tables with an owner whom `reps` does not know."""


def company() -> Rows:
    """The small demo company, with people where a company's exports and parameters have them."""
    rows: Rows = {name: table.to_pylist() for name, table in simulate_company(n_reps=SIZES["small"]).items()}
    first = rows["reps"][0]["rep_id"]
    for row in (row for table in rows.values() for row in table):
        row |= {key: KEY for key in ("rep_id", "manager_id") if row.get(key) == first}
    rows["reps"][0] |= {"name": "Zed Rawnickel", "started_on": rows["opportunities"][900]["created_on"]}
    for table in GHOSTS:
        rows[table][7]["rep_id"] = f"{table}.ghost@spectrefirm.example"
    rows["teams"][0] |= {"manager_name": "Mortimer Quagswell"}
    rows["teams"][1] |= {"manager_id": "quagswell", "manager_name": None}
    team = rows["teams"][2]["team_id"]
    for row in (row for table in rows.values() for row in table):
        row |= {key: "fribble" for key in ("team_id", "parent_team_id") if row.get(key) == team}
    rows["teams"][2]["name"] = "Team Ottoline Fribble"
    rows["tools"][0]["owner"] = "Euphemia Blenkinsop"
    rows["accounts"][0]["name"] = KEY
    for row in rows["opportunities"][-400:]:
        row |= {"next_step": "Ring Hesperia Mundlewick", "lost_reason": row["lost_reason"] and REP.upper()}
    for row in rows["activities"]:
        row["note"] = "Hesperia Mundlewick will sign"
    rows["quotas"] = [row for row in rows["quotas"] if row["period"] != "2026-Q4"]
    rows["quotas"].append({**next(row for row in rows["quotas"] if row["rep_id"] == KEY), "amount": 1})
    return rows


KPI = {
    "label": "Win rate", "owner": "Peregrine Thistlewood", "target": 0.95, "threshold": 0.94,
    "action": f"Ask {REP} and Peregrine Thistlewood, then Team Ottoline Fribble",
}  # fmt: skip
COMPANY = {
    "name": "Northwind",
    "currency": "USD",
    "time_zone": "America/Chicago",
    "anonymise": True,
    "rates": {"EUR": 1.08},
    "plan": "standard",
    "teams": {"fribble": "Team Ottoline Fribble"},
    "kpis": {"win_rate": KPI},
    "stages": [{"name": name} for name in ("Prospecting", "Qualification", "Proposal")],
    "rep_comparison": {
        "leads": {"rule": "weighted", "weights": {KEY: 2}},
        "leaderboard": {"opted_out": [KEY]},
    },
    "source": {
        "kind": "files",
        "folder": "exports",
        "as_of": "2026-10-02",
        "tables": {
            "opportunities": {"file": "deals of Lavinia Hootenby.csv"},
            "reps": {
                "file": "reps.csv",
                "columns": {
                    **{name: name for name in ("rep_id", "role", "segment", "region", "started_on", "ended_on")},
                    "name": {"column": "name", "values": {"Zed Rawnickel": REP}},
                },
            },
        },
    },
}
PROCESS = {
    "mission": "What Barnaby Crumplehorn said.",
    "people": [{"name": "Barnaby Crumplehorn", "title": "Lead", "role_categories": ["tech"]}],
    "responsibilities": {"operations": [{"duty": f"Help {REP}", "who": "Barnaby Crumplehorn"}]},
    "review_cadence": [{"what": "Forecast", "every": "week", "owner": "Peregrine Thistlewood"}],
    "best_practices": [{"title": "Listen", "text": "As BARNABY CRUMPLEHORN does."}],
}
QUARTERS = {
    "2026-Q3": {"commentary": {"bookings_by_month": "Hesperia Mundlewick was away."}},
    "2026-Q4": {"quotas": {"reps": {KEY: 1000}, "teams": {"fribble": 5000}}},
}


def write_company(folder: Path, rows: Rows) -> Path:
    """The company's exports and parameters; returns the parameters' folder."""
    (folder / "exports").mkdir(parents=True)
    for name, table in rows.items():
        path = folder / "exports" / ("deals of Lavinia Hootenby.csv" if name == "opportunities" else f"{name}.csv")
        pa.csv.write_csv(pa.Table.from_pylist(table), path)
    reps = (folder / "exports" / "reps.csv").read_text(encoding="utf-8").splitlines()
    wider = "\n".join([f'{reps[0]},"Lavinia Hootenby","Lavinia Hootenby"', *(f"{line},1,2" for line in reps[1:])])
    (folder / "exports" / "reps.csv").write_text(wider, encoding="utf-8")
    shutil.copytree(ROOT / "parameters" / "plans", folder / "plans")
    shutil.copy(ROOT / "parameters" / "tools.yaml", folder)
    quarters = {label: {"quarter": label, **content} for label, content in QUARTERS.items()}
    for name, content in {"company": COMPANY, "process": PROCESS, **quarters}.items():
        (folder / f"{name}.yaml").write_text(json.dumps(content), encoding="utf-8")  # JSON is YAML
    return folder


def write_earlier_pack(pack: Path, rows: Rows) -> None:
    """August's pack as it was made while names were shown: two of its deals are won no more."""
    folder = pack / "tables" / "01_performance_visibility"
    folder.mkdir(parents=True)
    run = {"kit": KIT, "month": "2026-08", "month_title": "August 2026", "company": "Northwind", "status": "whole"}
    run |= {"data": {"as_of": "2026-08-31"}, "notebooks": []}
    (pack / "run.json").write_text(json.dumps(run), encoding="utf-8")
    (pack / "index.html").write_text("", encoding="utf-8")
    open_deal = next(row for row in rows["opportunities"] if row["status"] == "open")["opportunity_id"]
    deals = [[open_deal, "", KEY, REP, "SMB", 9e6], ["D-gone", KEY, "lp", "Lucasta Penhaligrew", "SMB", 8e6]]
    heading = ["opportunity_id", "account", "rep_id", "rep_name", "segment", "amount", "closed_on", "cycle_days"]
    with (folder / "deals_won.csv").open("w", encoding="utf-8", newline="") as file:
        lines = ([*deal, "2026-08-11", 10, 1.7e7, 2] for deal in deals)
        csv.writer(file).writerows([[*heading, "won_amount", "n_won"], *lines])


@pytest.fixture(scope="module")
def rows() -> Rows:
    """The company's tables as they are exported."""
    return company()


@pytest.fixture(scope="module")
def parameters(rows, tmp_path_factory) -> Path:
    """The company's parameters beside its exports."""
    return write_company(tmp_path_factory.mktemp("anonymous") / "company", rows)


@pytest.fixture(scope="module")
def anonymous_pack(rows, parameters) -> Path:
    """The company's pack for September, beside an earlier one that was made with names."""
    out = parameters.parent / "reports"
    write_earlier_pack(out / "2026-08", rows)
    command = [
        sys.executable, "-m", "salesops_lib", "report", "--month", "2026-09", "--out", str(out), "--quiet",
        "--parameters", str(parameters),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "CI": "true"})
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def people(rows: Rows) -> re.Pattern[str]:
    """Every name and key of the company's people and teams, and every word that was planted."""
    reps, teams, process = rows["reps"], rows["teams"], PROCESS["people"]
    names = {row["name"] for row in [*reps[1:], *process]} | {row["manager_name"] for row in teams} - {None}
    names |= {row["owner"] for row in rows["tools"]} - ROLES - {None}
    keys = {row["rep_id"] for row in reps} | {row["team_id"] for row in teams}
    words = [*map(re.escape, [*names, *PLANTED]), *(rf"\b{re.escape(key)}\b" for key in keys)]
    return re.compile("|".join(words), re.IGNORECASE)


def texts_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file's name and content; a workbook's and an email's parts one by one, entities and escapes undone."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        parts = {"": path.read_bytes()}
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                parts = {part: book.read(part) for part in book.namelist()}
        elif path.suffix == ".eml":
            parts |= {
                part.get_content_type(): part.get_content().encode()
                for part in message_from_bytes(parts[""], policy=policy.default).walk()
                if not part.is_multipart()
            }
        for part, content in parts.items():
            text = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), content.decode(errors="ignore"))
            yield f"{path.relative_to(folder)}:{part}", f"{text}\n{unescape(text)}"


@pytest.mark.slow
def test_nobody_is_named_anywhere_in_an_anonymous_pack(anonymous_pack, rows):
    """Pages, tables, workbook, digest, executed notebooks, the run's record and the index of months."""
    pattern = people(rows)

    written = [each for each in texts_of(anonymous_pack) if not each[0].startswith("2026-08")]
    leaks = {where: pattern.findall(f"{where}\n{text}")[:3] for where, text in written}

    assert len(leaks) > 50
    assert {where: found for where, found in leaks.items() if found} == {}


@pytest.mark.slow
def test_the_names_were_there_to_be_shown(anonymous_pack, parameters):
    """The import's own checks name people for whoever mends the data; the pack has the same checks, and the deals."""
    pack = anonymous_pack / "2026-09"
    checks = import_source(read_parameters(parameters)).checks
    quoting = " ".join(checks["detail"])
    tables = pack / "tables" / "01_performance_visibility"

    assert all(word in quoting.lower() for word in ("quillfeather", "rawnickel", "spectrefirm", "hootenby"))
    assert (
        json.loads((pack / "run.json").read_text(encoding="utf-8"))["checks"]["warnings"]
        == (checks["severity"] == "warning").sum()
    )
    assert "D-gone" in (tables / "restated_deals.csv").read_text(encoding="utf-8")
    assert "left out" in (tables / "deals_to_fix.csv").read_text(encoding="utf-8")
    assert "Ask Rep " in (tables / "actions.csv").read_text(encoding="utf-8")
