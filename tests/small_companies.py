"""A small company with a few rows of every table, and what ordinary companies lack or have otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from salesops_lib.data.crm import Crm
from salesops_lib.data.schemas import SOURCE_TABLES, TABLES
from tests.builders import AS_OF, CALENDAR, make_crm

Rows = list[dict[str, Any]]
Tables = dict[str, Rows]
Change = Callable[[Tables], Tables]

MONTH = "2026-09"
SELLERS = ("ana", "bo", "cy")
_REQUIRED = {table.name: [column.name for column in table.source_columns if column.required] for table in SOURCE_TABLES}
_DAYS = {
    table.name: [column.name for column in table.source_columns if column.type in ("date", "timestamp")]
    for table in SOURCE_TABLES
}


def company(*changes: Change, as_of: date = AS_OF) -> Crm:
    """The small company after these changes, one after another."""
    tables = every_table()
    for change in changes:
        tables = change(tables)
    deals, reps = tables.pop("opportunities"), tables.pop("reps")
    return make_crm(deals=deals, reps=reps, as_of=as_of, open_stages=["A", "B"], **tables)


def every_table() -> Tables:
    """Three sellers and a manager in two teams, six deals a month since July 2025, and rows in all other tables."""
    deals, history, activities, leads = _months()
    return {
        "reps": [_rep(rep, "executive") for rep in SELLERS] + [_rep("di", "manager")],
        "teams": [{"team_id": "n", "name": "North", "manager_id": "di"}, {"team_id": "s", "name": "South"}],
        "team_members": [
            {"rep_id": rep, "team_id": "s" if rep == "cy" else "n", "from_on": "2024-01-01"} for rep in (*SELLERS, "di")
        ],
        "accounts": [
            {"account_id": f"c{n}", "name": f"Acme {n}", "segment": ("SMB", "Enterprise")[n % 2], "size": 10 * n}
            for n in range(12)
        ],
        "opportunities": deals,
        "credits": [{"opportunity_id": "d0", "rep_id": rep, "share": 0.5, "book": "main"} for rep in ("ana", "bo")],
        "stage_history": history,
        "leads": leads,
        "activities": activities,
        "quotas": [
            goal("rep", f"{year}-Q{n}", 6000, rep_id=rep) for rep in SELLERS for year in (2025, 2026) for n in range(1, 5)
        ],
        "subscriptions": [
            *(
                {"account_id": f"c{n}", "changed_on": f"2025-0{1 + n % 6}-01", "change_amount": 1000, "kind": "start"}
                for n in range(12)
            ),
            {"account_id": "c1", "changed_on": "2026-08-01", "change_amount": -1000, "kind": "churn"},
            {"account_id": "c2", "changed_on": "2026-07-01", "change_amount": 300, "kind": "expansion"},
        ],
        "satisfaction": [
            {
                "answer_id": f"s{n}", "account_id": f"c{n % 12}", "rep_id": SELLERS[n % 3], "score": 1 + n % 5,
                "asked_on": date(2026, 1, 5) + timedelta(days=9 * n), "scale": "csat",
            }
            for n in range(30)
        ],
        **_tools(),
    }  # fmt: skip


def _rep(rep: str, role: str) -> dict[str, Any]:
    return {"rep_id": rep, "name": rep.title(), "role": role, "segment": "SMB", "started_on": "2024-01-01"}


def goal(level: str, period: str, amount: float, **whose: str) -> dict[str, Any]:
    """A row of ``quotas``."""
    return {"level": level, "period": period, "measure": "bookings", "amount": amount, **whose}


def _months() -> tuple[Rows, Rows, Rows, Rows]:
    """Deals, their history and activities, and leads; the last deals are open."""
    deals: Rows = []
    history: Rows = []
    activities: Rows = []
    leads: Rows = []
    months = CALENDAR.between(date(2025, 7, 1), AS_OF, "month")
    for month in months:
        for place, rep in enumerate(SELLERS):
            for half in range(2):
                _deal(
                    len(deals), rep, month.start + timedelta(days=3 + 5 * place + 9 * half), deals, history, activities
                )
            leads.append(_lead(len(leads), rep, month.start + timedelta(days=place), deals[-1]["opportunity_id"]))
    return deals, history, activities, [lead for lead in leads if lead["created_at"] < f"{AS_OF}"]


def _deal(n: int, rep: str, closes_on: date, deals: Rows, history: Rows, activities: Rows) -> None:
    created_on, is_open = closes_on - timedelta(days=45 + 5 * (n % 2)), closes_on > date(2026, 9, 20)
    deal = {
        "opportunity_id": f"d{n}", "rep_id": rep, "account_id": f"c{n % 12}", "product": "PQ"[n % 2],
        "source": ("web", "fair")[n % 2], "kind": "new", "amount": 1000 + 100 * (n % 7), "stage": "AB"[n % 2],
        "created_on": created_on, "expected_close_on": closes_on + timedelta(days=5 * (n % 3)),
        "closed_on": None if is_open else closes_on, "status": "open" if is_open else "won" if n % 3 == 0 else "lost",
        "next_step": "Call" if n % 2 else None,
    }  # fmt: skip
    deals.append(deal)
    history += [
        {
            "opportunity_id": f"d{n}", "changed_at": f"{created_on + timedelta(days=days)}T09:00:00", "stage": stage,
            "amount": deal["amount"], "expected_close_on": closes_on, "rep_id": rep,
        }
        for stage, days in (("A", 0), ("B", 20))
    ]  # fmt: skip
    activities += [
        {
            "activity_id": f"a{n}-{days}", "rep_id": rep, "opportunity_id": f"d{n}", "kind": "call", "minutes": 15,
            "done_at": f"{created_on + timedelta(days=days)}T10:00:00", "note": "We spoke about the plan.",
        }
        for days in (3, 9)
    ]  # fmt: skip


def _lead(n: int, rep: str, day: date, deal: str) -> dict[str, Any]:
    return {
        "lead_id": f"l{n}", "rep_id": rep, "source": ("web", "fair")[n % 2], "created_at": f"{day}T09:00:00",
        "assigned_at": f"{day}T11:00:00", "first_touch_at": f"{day}T15:00:00",
        "qualified_at": f"{day + timedelta(days=2)}T09:00:00" if n % 2 and day < AS_OF - timedelta(days=2) else None,
        "converted_opportunity_id": deal if n % 2 else None, "score": 50.0,
    }  # fmt: skip


def _tools() -> Tables:
    tools = [
        {"tool_id": "crm", "name": "CRM", "category": "crm", "renewal_on": "2027-01-01", "notice_days": 60},
        {"tool_id": "dial", "name": "Dial", "category": "dialler"},
    ]
    each = [(tool["tool_id"], rep) for tool in tools for rep in SELLERS]
    return {
        "tools": tools,
        "tool_costs": [
            {"tool_id": tool, "kind": "licence", "from_on": "2026-01-01", "to_on": "2026-12-31", "amount": 1200}
            for tool in ("crm", "dial")
        ],
        "tool_seats": [
            {"seat_id": f"{tool}-{rep}", "tool_id": tool, "rep_id": rep, "from_on": "2025-01-01"} for tool, rep in each
        ],
        "tool_usage": [
            {"tool_id": tool, "rep_id": rep, "week_on": date(2026, 6, 1) + timedelta(days=7 * week), "n_actions": 5}
            for tool, rep in each
            for week in range(17)
        ],
        "tool_survey": [
            {"tool_id": tool, "rep_id": rep, "asked_on": "2026-08-01", "question": f"sus_{n}", "score": 3}
            for tool, rep in each
            for n in range(1, 11)
        ],
    }


def without_tables(*names: str) -> Change:
    """These tables are absent; all but the two that every company has where none is named."""
    return lambda tables: {
        name: rows for name, rows in tables.items() if TABLES[name].required or (names and name not in names)
    }


def with_empty_tables(tables: Tables) -> Tables:
    """Every other table is there, without a row."""
    return {name: rows if TABLES[name].required else [] for name, rows in tables.items()}


def with_required_columns(*names: str) -> Change:
    """These tables hold nothing but what they must; all but the deals where none is named."""

    def change(tables: Tables) -> Tables:
        chosen = names or [name for name in tables if name != "opportunities"]
        return {
            name: [{column: row[column] for column in _REQUIRED[name] if column in row} for row in rows]
            if name in chosen
            else rows
            for name, rows in tables.items()
        }

    return change


def long_ago(*names: str) -> Change:
    """These tables end five years before the company's day."""

    def change(tables: Tables) -> Tables:
        return tables | {name: [_earlier(name, row) for row in tables[name]] for name in names}

    return change


def _earlier(table: str, row: dict[str, Any]) -> dict[str, Any]:
    back = {
        column: f"{int(f'{row[column]}'[:4]) - 5}{f'{row[column]}'[4:]}" for column in _DAYS[table] if row.get(column)
    }
    if table == "quotas":
        back["period"] = f"{int(row['period'][:4]) - 5}{row['period'][4:]}"
    return row | back


def where(table: str, **values: Any) -> Change:
    """Every row of a table says this; a function is asked with the row."""

    def change(tables: Tables) -> Tables:
        return tables | {
            table: [
                row | {name: each(row) if callable(each) else each for name, each in values.items()}
                for row in tables[table]
            ]
        }

    return change


def instead(table: str, rows: Iterable[dict[str, Any]]) -> Change:
    """A table of these rows."""
    return lambda tables: tables | {table: list(rows)}


def without_deals(is_left_out: Callable[[dict[str, Any]], bool]) -> Change:
    """Some deals are not there, nor what other tables say of them."""

    def change(tables: Tables) -> Tables:
        deals = [deal for deal in tables["opportunities"] if not is_left_out(deal)]
        kept = {deal["opportunity_id"] for deal in deals}
        of_deals = ("stage_history", "credits", "activities")
        leads = [
            lead | {"converted_opportunity_id": None} if lead.get("converted_opportunity_id") not in kept else lead
            for lead in tables.get("leads", [])
        ]
        return tables | {
            "opportunities": deals,
            **({"leads": leads} if "leads" in tables else {}),
            **{
                name: [row for row in tables[name] if row["opportunity_id"] in kept]
                for name in of_deals
                if name in tables
            },
        }

    return change


def with_one_of_each(tables: Tables) -> Tables:
    """One rep, one won deal in one stage, and one row at most of every other table, about them."""
    won = next(
        deal for deal in reversed(tables["opportunities"]) if deal["status"] == "won" and deal["rep_id"] == "ana"
    )
    tables = without_deals(lambda deal: deal["opportunity_id"] != won["opportunity_id"])(tables)
    own = {name: [row for row in rows if row.get("rep_id", "ana") == "ana"] for name, rows in tables.items()}
    return {name: rows[-1:] for name, rows in own.items()} | {
        "accounts": [{"account_id": won["account_id"], "segment": "SMB"}],
        "teams": [{"team_id": "n", "name": "North"}],
        "subscriptions": [
            {"account_id": won["account_id"], "changed_on": "2026-09-05", "change_amount": 900, "kind": "start"}
        ],
        "tools": tables["tools"][-1:],
    }
