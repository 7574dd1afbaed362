"""The order in which checks run: those that set rows aside first, so that later ones see what is used."""

from __future__ import annotations

from salesops_lib.data.checks import (
    as_of,
    dates,
    deals,
    freshness,
    goals,
    history,
    keys,
    passage,
    people,
    placeholders,
    plausibility,
    references,
)
from salesops_lib.data.checks.rules import Check, Import

_WORST_FIRST = ("error", "warning", "pass")


def run_checks(imported: Import) -> list[Check]:
    """Run every check on an import; worst first, then in the order of tables.

    Rows that a check sets aside leave the import's tables.
    """
    passage.check_passage(imported)
    dates.check_dates(imported)
    placeholders.check_placeholders(imported)
    keys.check_keys(imported)
    references.check_references(imported)
    as_of.find_as_of(imported)
    deals.check_deals(imported)
    history.check_history(imported)
    people.check_people(imported)
    people.check_credits(imported)
    goals.check_goals(imported)
    plausibility.check_plausibility(imported)
    freshness.check_freshness(imported)
    passage.check_accounts_of_rows(imported)
    return sorted(imported.checks, key=lambda check: _WORST_FIRST.index(check.severity))
