"""The plans that are compared: the one in force and another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesops_lib.errors import ParameterError
from salesops_lib.parameters.wording import did_you_mean

if TYPE_CHECKING:
    from salesops_lib.parameters import Parameters
    from salesops_lib.parameters.plan import Plan


def plans_compared(parameters: Parameters, quarter: str, alternative: str = "") -> list[Plan]:
    """The plan in force and the one to compare it with: the one named, or the first other; fewer where there are none.

    Errors:
        ParameterError: There is no plan of that name, or it is the one in force.
    """
    in_force = parameters.plan_for(quarter)
    if in_force is None:
        return []
    others = [name for name in parameters.plans if name != in_force.name]
    if not alternative:
        return [in_force, *(parameters.plans[name] for name in others[:1])]
    if alternative not in others:
        known = f"The folder plans/ has beside the plan in force: {', '.join(others) or 'none'}."
        hint = did_you_mean(alternative, others)
        wrong = "is the plan in force" if alternative == in_force.name else "is no plan"
        raise ParameterError([f"`alternative`: `{alternative}` {wrong}.{hint} {known}"])
    return [in_force, parameters.plans[alternative]]
