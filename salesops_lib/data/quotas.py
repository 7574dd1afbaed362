"""Quotas written in the quarters' YAML join those of the data: one table, each goal once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from salesops_lib.data.schemas import QUOTAS
from salesops_lib.errors import ParameterError

if TYPE_CHECKING:
    import pyarrow as pa

    from salesops_lib.parameters import Parameters

Row = dict[str, Any]


def with_yaml_quotas(in_data: pa.Table | None, parameters: Parameters) -> pa.Table | None:
    """The quotas of the data and of the parameters in one table; nothing where neither has any.

    Errors:
        ParameterError: A goal is stated in both places; two truths would not be one.
    """
    import ibis
    import pyarrow as pa

    written = list(_rows(parameters))
    if not written:
        return in_data
    schema = ibis.schema(QUOTAS.types()).to_pyarrow()
    rows = pa.Table.from_pylist([{**row, "amount": row["amount"].quantize(Decimal("0.01"))} for row in written], schema)
    if in_data is None:
        return rows
    in_data = in_data.select(schema.names).cast(schema)
    known = {_key(row) for row in in_data.to_pylist()}
    twice = [row for row in written if _key(row) in known]
    if twice:
        raise ParameterError(
            [
                f"{row['period']}.yaml  quotas: the goal of {row['rep_id'] or row['team_id'] or 'the company'} for "
                f"{row['period']} is also in the data's table `quotas`. Keep it in one place."
                for row in twice
            ]
        )
    return pa.concat_tables([in_data, rows])


def _rows(parameters: Parameters) -> Iterator[Row]:
    for label, quarter in parameters.quarters.items():
        quotas = quarter.quotas
        empty: Row = {"rep_id": None, "team_id": None, "period": label, "measure": "bookings"}
        if quotas.company is not None:
            yield {**empty, "level": "company", "amount": quotas.company}
        for team_id, amount in quotas.teams.items():
            yield {**empty, "level": "team", "team_id": team_id, "amount": amount}
        for rep_id, amount in quotas.reps.items():
            yield {**empty, "level": "rep", "rep_id": rep_id, "amount": amount}


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[column] for column in ("level", "rep_id", "team_id", "period", "measure"))
