"""Key figures that every company has, with an owner's role and an action: company.yaml overrules them one by one.

Targets are the company's; a default states one only where it means the same everywhere.
"""

from __future__ import annotations

from salesops_lib.parameters.company import Kpi

HEAD, MANAGERS, OPERATIONS = "Head of sales", "Sales managers", "Sales operations"
MARKETING, SUCCESS = "Marketing", "Customer success"

DEFAULT_KPIS: dict[str, Kpi] = {
    "bookings": Kpi(
        label="Bookings", owner=HEAD, action="Agree with the managers which open deals close the gap to the goal."
    ),
    "attainment": Kpi(
        label="Attainment",
        owner=HEAD,
        target=1.0,
        threshold=0.9,
        action="Agree a catch-up plan per team behind its goal, with names, deals and dates.",
    ),
    "win_rate": Kpi(
        label="Win rate", owner=HEAD, action="Review the lost reasons by stage with the team before single reps."
    ),
    "median_deal": Kpi(label="Median deal", owner=HEAD, action="Check discounts and product mix of the deals won."),
    "cycle_days": Kpi(
        label="Sales cycle",
        owner=OPERATIONS,
        direction="down",
        action="Find the stage that takes longer than it did and remove what deals wait for.",
    ),
    "pipeline_created": Kpi(
        label="Pipeline created", owner=MARKETING, action="Compare new deals by source with what was planned."
    ),
    "pipeline_coverage": Kpi(
        label="Pipeline coverage", owner=MANAGERS, action="Add prospecting time where the coverage is thin."
    ),
    "push_rate": Kpi(
        label="Push rate",
        owner=MANAGERS,
        direction="down",
        action="Ask for the customer's own date in each deal that is due, before the quarter begins.",
    ),
    "hygiene_score": Kpi(
        label="Hygiene score",
        owner=OPERATIONS,
        target=0.8,
        threshold=0.65,
        action="Send each rep the list of fixes and look at it again in the next pipeline review.",
    ),
    "lead_qualified_rate": Kpi(
        label="Qualified leads", owner=MARKETING, action="Look at the sources one by one before at who works them."
    ),
    "first_touch_hours": Kpi(
        label="Speed to first touch",
        owner=MANAGERS,
        direction="down",
        action="Check who is away and whether leads go to people who have time for them.",
    ),
    "gross_retention": Kpi(
        label="Gross retention", owner=SUCCESS, action="Call the customers whose revenue shrank, largest first."
    ),
    "net_retention": Kpi(
        label="Net retention", owner=SUCCESS, action="Call the customers of the cohort that leaves fastest."
    ),
    "csat": Kpi(label="Customer satisfaction", owner=SUCCESS, action="Read the low scores' comments and call back."),
}
"""Key figures by key, in the order of a report."""
