"""Teams under the names that the company declares: once, before any report opens the data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from salesops_lib.data.schemas import TEAMS

if TYPE_CHECKING:
    import pyarrow as pa


def with_declared_names(
    in_data: pa.Table | None, members: pa.Table | None, declared: Mapping[str, str]
) -> pa.Table | None:
    """The teams, renamed where company.yaml says so.

    Args:
        in_data: The data's table of teams, where it has one.
        members: Who is in which team, where the data says so.
        declared: Names by team id, from ``teams:`` in company.yaml.

    Returns:
        The data's table with those names. Where the data only says who is in which team, a table of these teams under
        the declared names; a team that nothing names goes by its key.
    """
    if not declared:
        return in_data
    rows = in_data.to_pylist() if in_data is not None else _of_members(members)
    if not rows:
        return in_data
    import ibis
    import pyarrow as pa

    schema = in_data.schema if in_data is not None else ibis.schema(TEAMS.types()).to_pyarrow()
    return pa.Table.from_pylist([{**row, "name": declared.get(row["team_id"], row["name"])} for row in rows], schema)


def _of_members(members: pa.Table | None) -> list[dict[str, str]]:
    import pyarrow.compute as pc

    keys = [] if members is None else sorted(filter(None, pc.unique(members["team_id"]).to_pylist()))
    return [{"team_id": key, "name": key} for key in keys]
