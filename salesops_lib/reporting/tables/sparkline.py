"""Sparklines: the last periods of a figure as one small line, its last value a dot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from salesops_lib import wording
from salesops_lib.reporting.templates.rendering import render

if TYPE_CHECKING:
    from markupsafe import Markup

_WIDTH, _HEIGHT, _EDGE = 96, 24, 3


def sparkline(values: Sequence[float | None] | None, label: str) -> Markup | str:
    """Draw up to a few dozen values, oldest first; a missing one leaves a gap.

    Args:
        values: The figures; nothing is drawn for fewer than two.
        label: What the line shows, in words, for those who do not see it.
    """
    series = [None if wording.is_undefined(value) else float(value) for value in (values if values is not None else [])]  # type: ignore[arg-type]
    present = [value for value in series if value is not None]
    if len(present) < 2:
        return ""
    points = _points(series, min(present), max(present))
    path = ""
    for previous, point in zip([None, *points], points, strict=False):
        if point is not None:
            path += f"{'L' if previous is not None else 'M'}{point[0]:g} {point[1]:g}"
    last = next(point for point in reversed(points) if point is not None)
    return render("sparkline", label=label, width=_WIDTH, height=_HEIGHT, path=path, x=f"{last[0]:g}", y=f"{last[1]:g}")


def _points(series: list[float | None], low: float, high: float) -> list[tuple[float, float] | None]:
    step = (_WIDTH - 2 * _EDGE) / max(len(series) - 1, 1)
    # A line that never moves runs through the middle.
    scale = (_HEIGHT - 2 * _EDGE) / (high - low) if high > low else 0.0
    middle = _HEIGHT / 2
    return [
        None
        if value is None
        else (
            round(_EDGE + place * step, 1),
            round(_HEIGHT - _EDGE - (value - low) * scale, 1) if scale else middle,
        )
        for place, value in enumerate(series)
    ]
