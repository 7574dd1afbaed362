"""Distinct values with their counts, as the engine brings them."""

import pandas as pd
from hypothesis import strategies as st

VALUES = st.lists(st.integers(0, 12), min_size=1, max_size=30)


def cells_of(*samples):
    """Distinct values, and how often each sample has them."""
    values = pd.Series(sorted({value for sample in samples for value in sample}), dtype=float)
    return values, *(pd.Series([list(sample).count(value) for value in values]) for sample in samples)
