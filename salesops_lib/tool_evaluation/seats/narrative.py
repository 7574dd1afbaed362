"""Words for who uses the tools; every number is from the frame's own rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from salesops_lib.tool_evaluation.phrases import DUE_DAYS, KEEPER, NO_TOOLS
from salesops_lib.wording import Action, Finding, count, interval, listing, percent

if TYPE_CHECKING:
    import pandas as pd

    from salesops_lib.parameters import Parameters


def describe_utilisation_by_tool(
    use: pd.DataFrame, *, parameters: Parameters, as_of: date, confidence: float
) -> Finding:
    """Which tools are used by too few of the people who hold a seat."""
    known = use.dropna(subset="utilisation_rate")
    if known.empty:
        unknown = Finding("The use of the tools is not on record", "No share can be worked out.", "watch")
        return NO_TOOLS if use.empty else unknown
    days = parameters.tools.active_within_days if parameters.tools else 30
    low = float(parameters.tools.thresholds.utilisation_low) if parameters.tools else 0.5
    active, assigned = int(known["n_active"].sum()), int(known["n_assigned"].sum())
    sentences = [
        f"**{active} of {assigned}** assigned seats ({percent(active / assigned)}) were used in the last "
        f"{count(days, 'day')}; {int(known['n_provisioned'].sum()) - assigned} more are paid for "
        "and not assigned."
    ]
    thin = known[known["utilisation_rate"] < low]
    for row in thin.head(3).to_dict("records"):
        ends = percent(row["utilisation_rate_low"]), percent(row["utilisation_rate_high"])
        share = f"{percent(row['utilisation_rate'])}, {interval(*ends, confidence)}"
        sentences.append(f"{row['name']}: {row['n_active']} of {row['n_assigned']} ({share}).")
    left = known[known["n_held_by_leavers"] > 0]
    n_left = int(left["n_held_by_leavers"].sum())
    action = None
    if n_left:
        names = listing(left["name"].tolist())
        sentences.append(f"**{n_left}** assigned seats belong to people who have left ({names}).")
        action = Action(
            f"Take back {count(n_left, 'seat')} of people who have left ({names})", KEEPER,
            as_of + timedelta(days=DUE_DAYS), "an assigned seat whose holder has left",
        )  # fmt: skip
    if thin.empty:
        worst = known.iloc[0]
        title = f"Every tool is used on {percent(worst['utilisation_rate'])} of its assigned seats or more"
        return Finding(title, " ".join(sentences), "watch" if n_left else "good", action)
    title = f"{len(thin)} of {count(len(known), 'tool')} used on fewer than {percent(low)} of assigned seats"
    return Finding(title, " ".join(sentences), "watch", action)
