"""Stages in their order, and how a stay in one may end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ibis import _

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm

ENDS = ("won", "lost")


def stages_in_order(crm: Crm) -> list[str]:
    """The open stages in order: as declared, or else by how early deals pass them."""
    if crm.stages:
        return list(crm.stages)
    places = crm.visits.group_by("stage").agg(place=_.visit.mean()).order_by(["place", "stage"])
    return list(crm.fetch(places)["stage"])
