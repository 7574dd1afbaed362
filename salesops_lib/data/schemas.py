"""The canonical tables: what each holds, one plain sentence per table and column.

This is the one place where a table's columns are written down. Reading, checks, the Ibis
expressions, the demo company and the data dictionary in the docs are all derived from it.

Types are Ibis type names. Amounts are in the report currency once imported (``decimal(18, 2)``);
moments (``_at``) are in the company's time zone; dates (``_on``) carry no time of day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

NO_OWNER = "No owner"
"""Key of the deals that are nobody's: they count for the company, and for no rep."""
AMOUNT = "decimal(18, 2)"
SHARE = "decimal(9, 6)"


@dataclass(frozen=True)
class Column:
    """One column of a canonical table."""

    name: str
    type: str
    meaning: str
    required: bool = False
    """The source must provide the column, and each row must fill it."""
    choices: tuple[str, ...] = ()
    """The only values allowed; empty means any."""
    references: str = ""
    """The table whose key this column holds."""
    derived: bool = False
    """Made by the import; a source never provides it."""
    stand_in: str = ""
    """Key that a row counts under where it names none; empty means that such a row is set aside."""


@dataclass(frozen=True)
class Table:
    """One canonical table: its grain in a sentence, its key and its columns."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = False
    derived: bool = False
    """Made by the import (a mart); a source never provides it."""
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def source_columns(self) -> tuple[Column, ...]:
        """The columns that a source may provide."""
        return tuple(column for column in self.columns if not column.derived)

    def types(self) -> dict[str, str]:
        """Column name to Ibis type, in order."""
        return {column.name: column.type for column in self.columns}


def _text(
    name: str, meaning: str, *, required: bool = False, choices: Iterable[str] = (), references: str = ""
) -> Column:
    return Column(name, "string", meaning, required, tuple(choices), references)


def _date(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, "date", meaning, required)


def _moment(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, "timestamp", meaning, required)


def _amount(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, AMOUNT, meaning, required)


REPS = Table(
    "reps",
    "One row per sales rep, past and present.",
    ("rep_id",),
    (
        _text("rep_id", "Key of the rep.", required=True),
        _text("name", "Name as people say it.", required=True),
        _text("role", "Role, for instance account executive; manager or sales manager where no team names one."),
        _text("segment", "Customer segment the rep sells to."),
        _text("region", "Region the rep sells in."),
        _date("started_on", "First working day in sales."),
        _date("ended_on", "Last working day; missing while employed."),
    ),
    required=True,
)

TEAM_MEMBERS = Table(
    "team_members",
    "One row per rep and stay in a team.",
    ("rep_id", "from_on"),
    (
        _text("rep_id", "The rep.", required=True, references="reps"),
        _text("team_id", "The team.", required=True, references="teams"),
        _date("from_on", "First day in the team; missing means since ever."),
        _date("to_on", "Last day in the team, included; missing means still there."),
    ),
)

TEAMS = Table(
    "teams",
    "One row per team.",
    ("team_id",),
    (
        _text("team_id", "Key of the team.", required=True),
        _text("name", "Name of the team.", required=True),
        _text("manager_id", "Rep id of the manager, where a rep of this table manages, whatever the role is called."),
        _text("manager_name", "Name of the manager."),
        _text("parent_team_id", "The team above, for instance a region; missing at the top."),
    ),
)

ACCOUNTS = Table(
    "accounts",
    "One row per customer or prospect.",
    ("account_id",),
    (
        _text("account_id", "Key of the account.", required=True),
        _text("name", "Name of the account."),
        _text("segment", "Customer segment, for instance SMB or Enterprise."),
        _text("industry", "Industry of the account."),
        Column("size", "int64", "Number of employees of the account."),
        _text("region", "Region of the account."),
    ),
)

OPPORTUNITIES = Table(
    "opportunities",
    "One row per deal, as last seen.",
    ("opportunity_id",),
    (
        _text("opportunity_id", "Key of the deal.", required=True),
        _text("account_id", "The customer or prospect.", references="accounts"),
        Column(
            "rep_id",
            "string",
            "The deal's owner; a deal that names none counts for the company under `No owner`.",
            required=True,
            references="reps",
            stand_in=NO_OWNER,
        ),
        _text("product", "Product or product line offered."),
        _text("source", "Where the deal came from, for instance inbound or partner."),
        _text("kind", "New business, expansion or renewal.", choices=("new", "expansion", "renewal")),
        _amount("amount", "Value of the deal in the report currency; won value once won."),
        _text("currency", "Currency in which the source states the amount (ISO 4217)."),
        _text("stage", "Stage of the sales process the deal is in, or was in when it closed."),
        _text("forecast_category", "The rep's own call.", choices=("commit", "best_case", "pipeline", "omitted")),
        _date("created_on", "Day the deal was created."),
        _date("expected_close_on", "Day the deal is expected to close."),
        _date("closed_on", "Day the deal was won or lost; missing while open."),
        _text("status", "Open, won or lost.", required=True, choices=("open", "won", "lost")),
        _text("lost_reason", "Why a lost deal was lost."),
        _text("next_step", "What the rep will do next."),
        Column("team_id", "string", "Team of the owner when the deal closed, or now while open.", derived=True),
    ),
    required=True,
)

CREDIT_NOTES = Table(
    "credit_notes",
    "One row per credit note: a won row with a negative amount, which lowers bookings and is no deal.",
    ("opportunity_id",),
    OPPORTUNITIES.columns,
    derived=True,
)

CREDITS = Table(
    "credits",
    "One row per deal, book and rep credited.",
    ("opportunity_id", "book", "rep_id"),
    (
        _text("opportunity_id", "The deal.", required=True, references="opportunities"),
        _text("rep_id", "The rep credited.", required=True, references="reps"),
        Column("share", SHARE, "Share of the deal credited, 0 to 1; adds up to 1 per deal and book.", required=True),
        _text("book", "Main credit, or overlay on top of it.", required=True, choices=("main", "overlay")),
        Column(
            "amount",
            AMOUNT,
            "Credited amount; a book's credits add up to the deal to the cent.",
            derived=True,
        ),
        Column("team_id", "string", "Team of the credited rep when the deal closed, or now while open.", derived=True),
    ),
)

STAGE_HISTORY = Table(
    "stage_history",
    "One row per change of a deal.",
    ("opportunity_id", "changed_at"),
    (
        _text("opportunity_id", "The deal.", required=True, references="opportunities"),
        _moment("changed_at", "When the change was made.", required=True),
        _text("stage", "Stage after the change.", required=True),
        _amount("amount", "Amount after the change."),
        _date("expected_close_on", "Expected close date after the change."),
        _text("rep_id", "Owner after the change.", references="reps"),
    ),
)

LEADS = Table(
    "leads",
    "One row per lead.",
    ("lead_id",),
    (
        _text("lead_id", "Key of the lead.", required=True),
        _text("rep_id", "The rep the lead was assigned to; missing while unassigned.", references="reps"),
        _text("source", "Where the lead came from."),
        _moment("created_at", "When the lead arrived.", required=True),
        _moment("assigned_at", "When the lead was assigned."),
        _moment("first_touch_at", "When a rep first reached out."),
        _moment("qualified_at", "When the lead was accepted as qualified; missing if it was not."),
        _text("converted_opportunity_id", "The deal the lead became.", references="opportunities"),
        Column("score", "float64", "Score given at arrival, before anyone worked the lead."),
    ),
)

ACTIVITIES = Table(
    "activities",
    "One row per activity.",
    ("activity_id",),
    (
        _text("activity_id", "Key of the activity.", required=True),
        _text("rep_id", "The rep who did it.", required=True, references="reps"),
        _text("opportunity_id", "The deal it was for.", references="opportunities"),
        _text("kind", "Call, email, meeting, demo or other."),
        _moment("done_at", "When it was done.", required=True),
        Column("minutes", "float64", "How long it took, in minutes."),
        _text("note", "Text of the call's or email's note, where it is kept."),
    ),
)

QUOTAS = Table(
    "quotas",
    "One row per goal: level, who, period and measure.",
    ("level", "rep_id", "team_id", "period", "measure"),
    (
        _text("level", "Whose goal it is.", required=True, choices=("company", "team", "rep")),
        _text("rep_id", "The rep, for a rep's goal.", references="reps"),
        _text("team_id", "The team, for a team's goal.", references="teams"),
        _text("period", "Label of the fiscal period: 2026, 2026-Q3, 2026-09 or 2026-W36.", required=True),
        _text("measure", "What the goal counts.", required=True, choices=("bookings",)),
        _amount("amount", "The goal in the report currency.", required=True),
    ),
)

SUBSCRIPTIONS = Table(
    "subscriptions",
    "One row per customer and change of recurring revenue.",
    ("account_id", "changed_on", "kind"),
    (
        _text("account_id", "The customer.", required=True, references="accounts"),
        _date("changed_on", "Day the change takes effect.", required=True),
        _amount(
            "change_amount",
            "Change of yearly recurring revenue; negative for contraction and churn.",
            required=True,
        ),
        _text("kind", "What happened.", required=True, choices=("start", "expansion", "contraction", "churn")),
    ),
)

SATISFACTION = Table(
    "satisfaction",
    "One row per answer of a customer.",
    ("answer_id",),
    (
        _text("answer_id", "Key of the answer.", required=True),
        _text("account_id", "The customer who answered.", references="accounts"),
        _text("rep_id", "The rep the answer is about.", references="reps"),
        _date("asked_on", "Day the question was asked.", required=True),
        Column("score", "float64", "The answer on its scale.", required=True),
        _text("scale", "csat: 1 to 5; nps: 0 to 10.", required=True, choices=("csat", "nps")),
    ),
)

TOOLS = Table(
    "tools",
    "One row per sales tool in use.",
    ("tool_id",),
    (
        _text("tool_id", "Key of the tool.", required=True),
        _text("name", "Name of the tool.", required=True),
        _text("category", "What the tool is for, for instance CRM or dialler.", required=True),
        _text("vendor", "Who sells it."),
        _text("owner", "Who looks after it."),
        _date("renewal_on", "Day the contract renews."),
        Column("notice_days", "int64", "Days before the renewal by which notice must be given."),
        _date("rolled_out_on", "Day the tool came into use."),
    ),
)

TOOL_COSTS = Table(
    "tool_costs",
    "One row per cost item of a tool.",
    ("tool_id", "kind", "from_on"),
    (
        _text("tool_id", "The tool.", required=True, references="tools"),
        _text(
            "kind",
            "What the money is for.",
            required=True,
            choices=("licence", "implementation", "training", "integration", "internal_time", "exit"),
        ),
        _date("from_on", "First day the item covers.", required=True),
        _date("to_on", "Last day the item covers.", required=True),
        _amount("amount", "Cost of the item over the days it covers, in the report currency.", required=True),
    ),
)

TOOL_SEATS = Table(
    "tool_seats",
    "One row per seat of a tool; a seat without a rep is provisioned but not assigned.",
    ("seat_id",),
    (
        _text("seat_id", "Key of the seat.", required=True),
        _text("tool_id", "The tool.", required=True, references="tools"),
        _text("rep_id", "The rep who holds the seat; missing when it is provisioned only.", references="reps"),
        _date("from_on", "First day of the seat.", required=True),
        _date("to_on", "Last day of the seat; missing while held."),
    ),
)

TOOL_USAGE = Table(
    "tool_usage",
    "One row per tool, rep and week with use.",
    ("tool_id", "rep_id", "week_on"),
    (
        _text("tool_id", "The tool.", required=True, references="tools"),
        _text("rep_id", "The rep.", required=True, references="reps"),
        _date("week_on", "First day of the week.", required=True),
        Column("n_actions", "int64", "Actions the rep took in the tool that week.", required=True),
    ),
)

TOOL_SURVEY = Table(
    "tool_survey",
    "One row per answer of a rep about a tool.",
    ("tool_id", "rep_id", "asked_on", "question"),
    (
        _text("tool_id", "The tool.", required=True, references="tools"),
        _text("rep_id", "The rep who answered.", required=True, references="reps"),
        _date("asked_on", "Day the survey was sent.", required=True),
        _text(
            "question",
            "sus_1 to sus_10 (1 to 5), csat (1 to 5) or nps (0 to 10).",
            required=True,
            choices=(*(f"sus_{i}" for i in range(1, 11)), "csat", "nps"),
        ),
        Column("score", "int64", "The answer on the question's scale.", required=True),
    ),
)

PERIODS = Table(
    "periods",
    "One row per day of the fiscal calendar.",
    ("date",),
    (
        _date("date", "The day.", required=True),
        _text("week", "Label of the fiscal week, for instance 2026-W36.", required=True),
        _text("month", "Label of the fiscal month, for instance 2026-09.", required=True),
        _text("quarter", "Label of the fiscal quarter, for instance 2026-Q3.", required=True),
        _text("year", "Label of the fiscal year, for instance 2026.", required=True),
        Column("is_selling_day", "boolean", "A weekday that is not a holiday.", required=True),
    ),
    derived=True,
)

SPANS = Table(
    "spans",
    "One row per deal and state: the deal's stage, amount, expected close and owner held from one change to the next.",
    ("opportunity_id", "valid_from"),
    (
        _text("opportunity_id", "The deal.", required=True, references="opportunities"),
        _text("stage", "Stage in this state; won or lost once closed.", required=True),
        _amount("amount", "Amount in this state."),
        _date("expected_close_on", "Expected close date in this state."),
        _text("rep_id", "Owner in this state."),
        _date("valid_from", "First day on whose evening the state held.", required=True),
        _date("valid_to", "Day on whose evening it no longer held; missing for the last state."),
    ),
    derived=True,
)

VISITS = Table(
    "visits",
    "One row per deal and stay in a stage.",
    ("opportunity_id", "entered_on", "visit"),
    (
        _text("opportunity_id", "The deal.", required=True, references="opportunities"),
        Column("visit", "int64", "Number of the stay within the deal, from 1.", required=True),
        _text("stage", "The stage stayed in (open stages only).", required=True),
        _text("rep_id", "Owner when the stage was entered."),
        _date("entered_on", "Day the stage was entered.", required=True),
        _date("left_on", "Day the stage was left; missing while the deal is still there."),
        _text("next_stage", "Stage entered next, or won or lost; missing while the deal is still there."),
        Column("days", "int64", "Days from entering to leaving; missing while still there."),
    ),
    derived=True,
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        REPS,
        TEAM_MEMBERS,
        TEAMS,
        ACCOUNTS,
        OPPORTUNITIES,
        CREDITS,
        STAGE_HISTORY,
        LEADS,
        ACTIVITIES,
        QUOTAS,
        SUBSCRIPTIONS,
        SATISFACTION,
        TOOLS,
        TOOL_COSTS,
        TOOL_SEATS,
        TOOL_USAGE,
        TOOL_SURVEY,
        CREDIT_NOTES,
        PERIODS,
        SPANS,
        VISITS,
    )
}
"""Every canonical table by name, sources first, marts last."""

SOURCE_TABLES: tuple[Table, ...] = tuple(table for table in TABLES.values() if not table.derived)
"""The tables that a source may provide."""
