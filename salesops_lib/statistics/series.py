"""A series of months: amounts, their logarithms, and the place of each month in the year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Series:
    """Amounts of consecutive months, and where in the fiscal year the first one stands (0 to 11)."""

    amounts: Floats
    first_place: int = 0

    def __len__(self) -> int:
        return len(self.amounts)

    def until(self, n: int) -> Series:
        """What was known after the first ``n`` months."""
        return Series(self.amounts[:n], self.first_place)

    @cached_property
    def offset(self) -> float:
        """What is added before the logarithm: nothing, or the mean where a month is without bookings."""
        return 0.0 if (self.amounts > 0).all() else max(float(self.amounts.mean()), 1.0)

    @cached_property
    def logs(self) -> Floats:
        """Amounts on the log scale, on which growth and seasons add up."""
        return np.log(np.maximum(self.amounts, 0.0) + self.offset)

    def amounts_of(self, logs: Floats) -> Floats:
        """Back from the log scale, never below 0."""
        return np.maximum(np.exp(logs) - self.offset, 0.0)

    def places(self, start: int, n: int) -> Places:
        """Places in the fiscal year of ``n`` months from month ``start`` on."""
        return (self.first_place + start + np.arange(n)) % 12
