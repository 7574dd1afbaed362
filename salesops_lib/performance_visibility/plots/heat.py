"""Heat maps of shares: numbers on a tint, shares that are not final in brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from salesops_lib import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def heat_map(ax: Axes, shares: pd.DataFrame, is_final: pd.DataFrame, *, dark_is: Literal["high", "low"]) -> None:
    """Draw a table of shares, first row on top; missing shares stay blank.

    A share is dark in the upper (or lower) half of the final shares of its column; what is not final stays light.

    Args:
        ax: Axes to draw on; the caller names rows and columns.
        shares: Shares from 0 to 1 by row and column.
        is_final: Whether each share is final; the others stand in brackets.
        dark_is: Which shares are dark.
    """
    values, final = shares.to_numpy(dtype=float), is_final.to_numpy(dtype=bool)
    for column in range(values.shape[1]):
        own = values[final[:, column] & ~np.isnan(values[:, column]), column]
        middle = (own.min() + own.max()) / 2 if len(own) else 0.0
        for place, share in enumerate(values[:, column]):
            if not np.isnan(share):
                is_far = share >= middle if dark_is == "high" else share < middle
                is_dark = bool(final[place, column] and is_far and own.max() > own.min())
                _cell(ax, column, place, float(share), is_dark, bool(final[place, column]))
    ax.set_xlim(-0.5, max(values.shape[1], 1) - 0.5)
    ax.set_ylim(max(values.shape[0], 1) - 0.5, -0.5)
    ax.grid(False)


def _cell(ax: Axes, column: int, place: int, share: float, is_dark: bool, is_final: bool) -> None:
    ax.barh(place, 0.96, left=column - 0.48, height=0.92, color=theme.ACTUAL if is_dark else theme.PALE)
    words = f"{share * 100:.0f}" if is_final else f"({share * 100:.0f})"
    ax.annotate(words, (column, place), ha="center", va="center", color=theme.INSIDE if is_dark else theme.TEXT)
