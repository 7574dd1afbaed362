"""Playbook: what sales operations is for, how it works here, and who does what by when?

Parameters in: ``process.yaml`` and ``company.yaml``; data in: ``visits`` or ``opportunities`` of a ``Crm``,
to hold the written process against what deals really do.
"""

from salesops_lib.playbook.people import best_practices, duties, mission, role_coverage
from salesops_lib.playbook.process import stage_use
from salesops_lib.playbook.reviews import kpi_dictionary, review_cadence

__all__ = [
    "best_practices",
    "duties",
    "kpi_dictionary",
    "mission",
    "review_cadence",
    "role_coverage",
    "stage_use",
]
