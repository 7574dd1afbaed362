"""Leads and the deals that they became, by one rule for every report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
from ibis import _

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from salesops_lib.data.crm import Crm

NO_SOURCE = "No source"
UNASSIGNED = "Not assigned"


def leads_and_deals(crm: Crm) -> ir.Table:
    """One row per lead with the deal it became and the day it did.

    Returns:
        The columns of ``leads``, with a name for a missing source; ``arrived_on``, ``deal`` (its key, missing without
        one), ``deal_status``, ``deal_amount`` and ``converted_on``.
    """
    return crm.kept("leads_and_deals", lambda: _leads_and_deals(crm))


def _leads_and_deals(crm: Crm) -> ir.Table:
    deals = crm.opportunities.select(
        deal=_.opportunity_id, deal_status=_.status, deal_amount=_.amount, deal_from_on=_.created_on,
        deal_until_on=_.closed_on,
    )  # fmt: skip
    rows = crm.leads.left_join(deals, crm.leads.converted_opportunity_id == deals.deal)
    # A deal without a creation date is known from its closing on, or at the latest now.
    known = (rows.deal_from_on, rows.deal_until_on, rows.qualified_at.date(), ibis.date(str(crm.as_of)))
    return rows.mutate(
        source=rows.source.fill_null(NO_SOURCE),
        arrived_on=rows.created_at.date(),
        converted_on=ibis.ifelse(rows.deal.notnull(), ibis.coalesce(*known), ibis.null("date")),
    ).select(*crm.leads.columns, "arrived_on", "deal", "deal_status", "deal_amount", "converted_on")
