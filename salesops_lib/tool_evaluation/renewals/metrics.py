"""Tool evaluation: which contracts renew when, and by which day must notice be given?

Tables in: ``tools`` and, for the money, ``tool_costs`` of a ``Crm``. A contract that nobody looked at in time is
bought again for a year, whatever the decision about the tool was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salesops_lib.measures.tidy import tidy
from salesops_lib.tool_evaluation.decisions.metrics import decision_by_tool
from salesops_lib.tool_evaluation.seats.counts import tools_in_use
from salesops_lib.tool_evaluation.vocabulary import DUE, LATER, OVERDUE, PASSED, UNKNOWN

if TYPE_CHECKING:
    from salesops_lib.data.crm import Crm
    from salesops_lib.parameters import Parameters


@tidy
def renewal_calendar(
    crm: Crm, *, parameters: Parameters, decisions: pd.DataFrame | None = None, confidence: float
) -> pd.DataFrame:
    """Renewals to come, the last day to give notice, and the money at stake.

    One row per tool in use, the next notice day first; tools without a renewal to come last.

    Args:
        crm: Needs ``tools``; costs where present.
        parameters: How far ahead to look: ``notice_horizon_days`` of ``tools.yaml``.
        decisions: What ``decision_by_tool`` returns; worked out anew if absent.
        confidence: As for ``decision_by_tool``.

    Returns:
        tool_id (str): Key.
        name (str): Name of the tool.
        vendor (str): Who sells it; missing where not recorded.
        owner (str): Who looks after it; missing likewise.
        decision (str): What the rules say of the tool; missing where it cannot be judged.
        renewal_on (date): Day the contract renews.
        notice_days (int): Days of notice before it; missing where not recorded: the renewal day is the last then.
        notice_on (date): Last day to give notice.
        left_days (int): Days left until then; negative once it is over.
        standing (str): Overdue: the notice day is over and the renewal still to come. Due: within the horizon. Later.
            Renewal has passed: the date on record is old. Not recorded.
        yearly_licence_amount (float): Licences of a year: the money at stake; missing where no licence is in force.
    """
    crm.need("tools")
    horizon = parameters.tools.notice_horizon_days if parameters.tools else 120
    known = decision_by_tool(crm, parameters=parameters, confidence=confidence) if decisions is None else decisions
    rows = tools_in_use(crm)[["tool_id", "name", "vendor", "owner", "renewal_on", "notice_days"]]
    rows = rows.merge(known[["tool_id", "decision", "yearly_licence_amount"]], on="tool_id", how="left")
    rows["notice_days"] = rows["notice_days"].astype("Int64")
    notice = pd.to_timedelta(rows["notice_days"].fillna(0).astype(float), unit="D")
    rows["notice_on"] = (rows["renewal_on"] - notice).astype("datetime64[us]")
    evening = pd.Timestamp(crm.as_of)
    rows["left_days"] = (rows["notice_on"] - evening).dt.days.astype("Int64")
    standing = pd.Series(LATER, index=rows.index, dtype=object)
    standing[rows["left_days"].le(horizon).fillna(False)] = DUE
    standing[rows["left_days"].lt(0).fillna(False)] = OVERDUE
    standing[rows["renewal_on"] < evening] = PASSED
    standing[rows["renewal_on"].isna()] = UNKNOWN
    rows["standing"] = standing.astype(str)
    rows["is_ahead"] = ~rows["standing"].isin([PASSED, UNKNOWN])
    return rows.sort_values(["is_ahead", "notice_on", "tool_id"], ascending=[False, True, True])
