"""The company's data: canonical tables, import, checks, engines and the demo company.

``open_crm(parameters)`` is the way in; everything else is for those who extend it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.data.importing import ImportedData
    from salesops_lib.parameters import Parameters

__all__ = ["open_crm", "open_data"]


def open_crm(parameters: Parameters) -> Crm:
    """The company's data, ready to ask; ``open_data`` tells what the import found as well."""
    return open_data(parameters)[0]


def open_data(parameters: Parameters) -> tuple[Crm, ImportedData]:
    """Import the company's data where that is not done yet, check it, and connect; with codes for people if so wished.

    Where names are not shown, no check quotes the source either, and no error here names anybody: a notebook carries
    its errors in its outputs. ``salesops check`` names them.

    Errors:
        DataError: A check of severity error failed; the message lists every problem.
        ParameterError: The parameters name reps, teams or periods that the data does not know.
    """
    from salesops_lib.data.anonymous import anonymised
    from salesops_lib.data.importing import import_source, require_usable
    from salesops_lib.data.loading import crm_from_folder
    from salesops_lib.parameters.anonymous import people_of

    imported = import_source(parameters)
    if parameters.company.anonymise:
        imported = imported.without_people()
    require_usable(imported)
    crm = crm_from_folder(
        imported.folder, as_of=imported.as_of, parameters=parameters, fingerprint=imported.fingerprint
    )
    _require_known_names(crm, parameters)
    return (anonymised(crm, people_of(parameters)) if parameters.company.anonymise else crm), imported


def _require_known_names(crm: Crm, parameters: Parameters) -> None:
    from salesops_lib.errors import ParameterError
    from salesops_lib.parameters import check_against_data
    from salesops_lib.wording import count

    reps = crm.fetch(crm.reps.select("rep_id"))["rep_id"]
    teams = list(crm.fetch(crm.teams.select("team_id"))["team_id"]) if crm.has("teams") else []
    tools = list(crm.fetch(crm.tools.select("tool_id"))["tool_id"]) if crm.has("tools") else []
    problems = check_against_data(parameters, list(reps), teams, crm.first_day(), crm.as_of, tools)
    if problems and parameters.company.anonymise:
        told = (
            f"{count(len(problems), 'entry does', 'entries do')} not agree with the data; `salesops check` lists them."
        )
        raise ParameterError([told])
    if problems:
        raise ParameterError(problems)
