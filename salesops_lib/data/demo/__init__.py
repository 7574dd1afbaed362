"""The demo company: an invented firm whose data comes with known truths.

``write_demo_company`` writes what the kit's default parameters read; ``simulate_company`` gives the same in memory,
in any size and without the planted effects, for tests and simulations. What is planted stands in ``truths``.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from salesops_lib.data.demo.truths import AS_OF, FIRST_DAY, NO_TRUTHS, TRUTHS, DemoTruths

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["AS_OF", "FIRST_DAY", "NO_TRUTHS", "TRUTHS", "DemoTruths", "simulate_company", "write_demo_company"]

DEMO_SEED = 399
SIZES = {"small": 12, "default": 40, "large": 300}
"""People in sales by the size that company.yaml names."""
FIRST_YAML_QUARTER = "2026-Q1"
"""Goals from this quarter on stand in the parameters, not in the table."""


def simulate_company(
    *,
    seed: int = DEMO_SEED,
    n_reps: int = SIZES["default"],
    truths: DemoTruths = TRUTHS,
    tables: Collection[str] | None = None,
) -> dict[str, pa.Table]:
    """The demo company in memory: canonical source tables by name.

    Args:
        seed: Same seed, same tables. Each table draws its own random numbers, so leaving one out changes no other.
        n_reps: People in sales at the end of the data, managers and specialists included; from 3 up.
        truths: Planted effects; ``NO_TRUTHS`` for a company in which whatever is found is chance.
        tables: Only these tables; all if absent. Activities are the largest.

    Returns:
        One Arrow table per canonical source table with exactly its source columns. ``quotas`` holds all quarters.
    """
    from salesops_lib.data.demo.canonical import canonical_tables
    from salesops_lib.data.demo.company import DemoCompany

    return canonical_tables(DemoCompany(seed, n_reps, truths), tables)


def write_demo_company(
    folder: Path,
    *,
    seed: int = DEMO_SEED,
    n_reps: int = SIZES["default"],
    truths: DemoTruths = TRUTHS,
    quotas_before: str | None = None,
) -> None:
    """Write one Parquet file per canonical source table into ``folder``, byte for byte the same for the same arguments.

    Args:
        folder: Made if absent; files of the same names are replaced.
        seed: Of the company.
        n_reps: People in sales at the end of the data.
        truths: Planted effects.
        quotas_before: First quarter whose goals the table leaves to the parameters; if absent the one from which the
            demo company's parameters state them, and no quarter at any other size. Empty keeps all.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    if quotas_before is None:
        quotas_before = FIRST_YAML_QUARTER if n_reps == SIZES["default"] else ""
    tables = simulate_company(seed=seed, n_reps=n_reps, truths=truths)
    if quotas_before:
        tables["quotas"] = tables["quotas"].filter(pc.field("period") < quotas_before)
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        pq.write_table(rows, folder / f"{name}.parquet", compression="zstd", version="2.6")
