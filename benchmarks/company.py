"""A company of any size for measuring: canonical tables written by SQL, the same for the same size.

Nothing in it is meant to be found; it has the shape of a company (stages, owners, moves, leads, customers), not
its stories.
"""

from __future__ import annotations

from datetime import date
from functools import reduce
from pathlib import Path

import duckdb

AS_OF = date(2026, 10, 2)
"""The evening the data speaks of."""
REPORT_ON = date(2026, 9, 30)
"""The evening of the report, two days earlier: what was known then is part of the work."""
N_REPS = 300
WORDS = (
    "agenda", "budget", "call", "contract", "decision", "demo", "discount", "email", "finance", "goals", "interest",
    "legal", "meeting", "migration", "need", "offer", "price", "procurement", "project", "quote", "reference",
    "renewal", "rollout", "scope", "security", "service", "signature", "start", "support", "team", "terms", "trial",
)  # fmt: skip
STAGES = ("Prospecting", "Qualification", "Proposal", "Negotiation")

_TABLES = {
    "reps": f"""
        SELECT printf('R%04d', i) AS rep_id, 'Rep ' || i AS name,
          CASE WHEN i % 25 = 0 THEN 'manager' ELSE 'account executive' END AS role,
          ['SMB', 'Mid-Market', 'Enterprise'][1 + i % 3] AS segment, ['North', 'South'][1 + i % 2] AS region,
          DATE '2022-01-01' AS started_on, NULL::DATE AS ended_on
        FROM range({N_REPS}) t(i)""",
    "teams": """
        SELECT printf('T%02d', i) AS team_id, 'Team ' || i AS name, printf('R%04d', i * 25) AS manager_id,
          NULL::VARCHAR AS manager_name, NULL::VARCHAR AS parent_team_id
        FROM range(12) t(i)""",
    "team_members": f"""
        SELECT printf('R%04d', i) AS rep_id, printf('T%02d', (i + k) % 12) AS team_id,
          [NULL, DATE '2025-07-01'][1 + k] AS from_on, [DATE '2025-06-30', NULL][1 + k] AS to_on
        FROM range({N_REPS}) t(i), range(2) s(k)""",
    "accounts": """
        SELECT printf('A%07d', i) AS account_id, 'Account ' || i AS name,
          ['SMB', 'Mid-Market', 'Enterprise'][1 + i % 3] AS segment,
          ['Health', 'Retail', 'Energy'][1 + i % 3] AS industry,
          (10 + i % 5000)::BIGINT AS size, ['North', 'South'][1 + i % 2] AS region
        FROM range({n} // 5) t(i)""",
    "raw": """
        SELECT i, printf('D%08d', i) AS opportunity_id, printf('A%07d', i % ({n} // 5)) AS account_id,
          printf('R%04d', (hash(i) % {reps})::INT) AS rep_id, ['Core', 'Plus'][1 + i % 2] AS product,
          ['Inbound', 'Partner', 'Outbound', 'Event'][1 + (hash(i + 1) % 4)::INT] AS source,
          ['new', 'expansion'][1 + (i % 4 = 0)::INT] AS kind,
          (500 * exp(3 * (hash(i + 2) % 10000) / 10000.0))::DECIMAL(18, 2) AS amount,
          DATE '2023-10-01' + (1090 * sqrt((hash(i + 3) % 100000) / 100000.0))::INT AS created_on,
          15 + (hash(i + 4) % 120)::INT AS days, (hash(i + 5) % 100)::INT AS luck, 1 + (hash(i + 6) % 4)::INT AS reach
        FROM range({n}) t(i)""",
    "opportunities": """
        SELECT opportunity_id, account_id, rep_id, product, source, kind, amount, 'USD' AS currency,
          {stages}[CASE WHEN luck < 27 THEN 4 ELSE reach END] AS stage, NULL::VARCHAR AS forecast_category, created_on,
          created_on + days + (luck % 3) * 20 AS expected_close_on,
          CASE WHEN created_on + days <= DATE '{as_of}' THEN created_on + days END AS closed_on,
          CASE WHEN created_on + days > DATE '{as_of}' THEN 'open' WHEN luck < 27 THEN 'won' ELSE 'lost' END AS status,
          NULL::VARCHAR AS lost_reason, CASE WHEN luck % 5 > 0 THEN 'Call' END AS next_step
        FROM raw""",
    "stage_history": """
        SELECT opportunity_id, (created_on + ((days * k) // 5)::INT)::TIMESTAMP + INTERVAL (9 + k) HOUR AS changed_at,
          {stages}[least(k + 1, CASE WHEN luck < 27 THEN 4 ELSE reach END)] AS stage,
          (amount * (0.8 + 0.05 * k))::DECIMAL(18, 2) AS amount,
          created_on + days + ((luck % 3) * 10 * (k // 2))::INT AS expected_close_on, rep_id
        FROM raw, range(5) t(k)
        WHERE created_on + ((days * k) // 5)::INT <= DATE '{as_of}'""",
    "leads": """
        SELECT printf('L%08d', i) AS lead_id, CASE WHEN i % 50 > 0 THEN rep_id END AS rep_id, source,
          created_on::TIMESTAMP + INTERVAL 8 HOUR AS created_at, created_on::TIMESTAMP + INTERVAL 9 HOUR AS assigned_at,
          CASE WHEN luck > 5 THEN created_on::TIMESTAMP + INTERVAL (8 + reach * 5) HOUR END AS first_touch_at,
          CASE WHEN luck > 70 THEN created_on::TIMESTAMP + INTERVAL (8 + days) HOUR END AS qualified_at,
          CASE WHEN luck > 80 THEN opportunity_id END AS converted_opportunity_id, (luck / 1.0)::DOUBLE AS score
        FROM raw WHERE i % 2 = 0""",
    "activities": """
        SELECT printf('X%09d', i * 3 + k) AS activity_id, rep_id, opportunity_id,
          ['Call', 'Email', 'Meeting'][1 + k] AS kind, created_on::TIMESTAMP + INTERVAL (k * 24 + 10) HOUR AS done_at,
          (5 + luck % 30)::DOUBLE AS minutes,
          CASE WHEN k < 2 AND i % 2 = 0 THEN array_to_string(list_transform(
            range(8), lambda w: {words}[1 + (hash(i * 100 + k * 10 + w) % len({words}))::INT]), ' ') END AS note
        FROM raw, range(3) t(k) WHERE created_on + k::INT <= DATE '{as_of}'""",
    "quotas": """
        SELECT 'rep' AS level, printf('R%04d', i) AS rep_id, NULL::VARCHAR AS team_id,
          year || '-Q' || quarter AS period, 'bookings' AS measure, ({n} / 4)::DECIMAL(18, 2) AS amount
        FROM range({reps}) t(i), range(2023, 2027) y(year), range(1, 5) q(quarter)
        WHERE i % 25 > 0""",
    "subscriptions": """
        SELECT account_id, min(closed_on) AS changed_on, sum(amount)::DECIMAL(18, 2) AS change_amount, 'start' AS kind
        FROM opportunities WHERE status = 'won' GROUP BY account_id
        UNION ALL
        SELECT account_id, min(closed_on) + 100 + (hash(account_id) % 600)::INT AS changed_on,
          -sum(amount)::DECIMAL(18, 2) AS change_amount, 'churn' AS kind
        FROM opportunities WHERE status = 'won' GROUP BY account_id
        HAVING min(closed_on) + 100 + (hash(account_id) % 600)::INT <= DATE '{as_of}' AND hash(account_id) % 3 = 0""",
    "satisfaction": """
        SELECT 'S' || opportunity_id AS answer_id, account_id, rep_id, closed_on AS asked_on,
          (1 + luck % 5)::DOUBLE AS score, 'csat' AS scale
        FROM opportunities JOIN raw USING (opportunity_id, account_id, rep_id)
        WHERE status = 'won' AND closed_on <= DATE '{as_of}'""",
}


def write_company(folder: Path, n: int) -> Path:
    """Write a company of ``n`` opportunities as canonical Parquet files, unless it is there already.

    Returns:
        The folder of this size's tables.
    """
    place = folder / f"company-{n}"
    if (place / "done").is_file():
        return place
    place.mkdir(parents=True, exist_ok=True)
    lists = {
        f"{{{name}}}": "[" + ", ".join(f"'{each}'" for each in values) + "]"
        for name, values in (("stages", STAGES), ("words", WORDS))
    }
    with duckdb.connect() as engine:
        for name, sql in _TABLES.items():
            given = {"{n}": str(n), "{reps}": str(N_REPS), "{as_of}": AS_OF.isoformat(), **lists}
            filled = reduce(lambda text, key: text.replace(key, given[key]), given, sql)
            engine.execute(f"CREATE TABLE {name} AS {filled}")
            if name != "raw":
                engine.execute(f"COPY {name} TO '{place / f'{name}.parquet'}' (FORMAT parquet)")
    (place / "done").touch()
    return place
