"""Who manages: the one place that says so, for goals, attainment, pay and every list of reps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ibis import _

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

MANAGER_ROLES = ("manager", "sales manager")
"""Roles that make a manager of whoever no team names."""


def managers(crm: Crm) -> ir.Table:
    """Those who manage, one row each: ``rep_id``.

    Whoever ``teams.manager_id`` names, whatever the role is called. Teams tell their present manager only, and some
    data has no such column; there a role that says so makes the manager.
    """
    by_role = crm.reps.filter(_.role.fill_null("").lower().isin(list(MANAGER_ROLES))).select("rep_id")
    if not crm.has("teams"):
        return by_role
    named = crm.teams.filter(_.manager_id.notnull()).select(rep_id=_.manager_id)
    return by_role.union(named, distinct=True)


def manager_ids(crm: Crm) -> frozenset[str]:
    """Keys of those who manage."""
    return frozenset(crm.fetch(managers(crm))["rep_id"])
