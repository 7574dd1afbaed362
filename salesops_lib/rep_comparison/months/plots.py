"""Bad months and trends: one small control chart per rep."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib import theme
from salesops_lib.rep_comparison.marks import nothing_to_draw
from salesops_lib.rep_comparison.vocabulary import BAD_MONTH, FALLING, RISING, STEADY
from salesops_lib.reporting.tables.table import TableView
from salesops_lib.wording import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_PANELS = 6
MOST_ON_A_PHONE = 4
ORDER = (FALLING, RISING, BAD_MONTH, STEADY)
SIGNS = {FALLING: "▼ ", RISING: "▲ "}
FURTHEST = 3.4
"""Half the height of a panel, in usual spreads; single months further out are drawn at its edge."""


def plot_control_chart_by_rep(chart: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the months, their moving average and its limits for the six reps who are furthest out, four on a phone.

    Changes come first, then bad months; the others stand in the table.

    Args:
        chart: What ``control_chart_by_rep`` returns.
        ax: Axes for the first rep alone, for those who arrange their own; a grid of new ones if absent.
    """
    judged = chart[chart["p_value"].notna()]
    if judged.empty:
        return nothing_to_draw(ax, "Nobody closed enough deals to watch.")
    reps = _shown(judged)
    panels = [ax] if ax is not None else _grid(len(reps))
    for panel, rep in zip(panels, reps, strict=False):
        _draw(panel, judged[judged["rep_id"] == rep].reset_index(drop=True))
    return panels[0]


def _shown(judged: pd.DataFrame) -> list[str]:
    """Changes, then bad months, then those nearest to a limit."""
    most = MOST_ON_A_PHONE if theme.is_narrow() else MOST_PANELS
    reps = judged.drop_duplicates("rep_id")
    reps = reps.assign(place=reps["verdict"].map({verdict: place for place, verdict in enumerate(ORDER)}))
    return list(reps.sort_values(["place", "p_value", "name", "rep_id"], kind="stable")["rep_id"].head(most))


def _grid(n: int) -> list[Axes]:
    """Panels in rows of three on a desk, one under another on a phone."""
    across = 1 if theme.is_narrow() else min(n, 3)
    down = -(-n // across)
    figure = theme.axes(height=(1.75 if theme.is_narrow() else 2.3) * down).figure
    figure.clear()
    panels = list(figure.subplots(down, across, squeeze=False, sharey=True).flat)
    for spare in panels[n:]:
        spare.set_axis_off()
    return panels[:n]


def _draw(ax: Axes, rows: pd.DataFrame) -> None:
    first: Any = rows.iloc[0]
    limits = rows.dropna(subset=["limit_low"])
    ax.fill_between(
        limits.index, limits["limit_low"], limits["limit_high"], color=theme.PALE, label="Limits of the average"
    )
    ax.axhline(0, color=theme.TARGET, linewidth=1, label="The rep's own level before")
    months = rows["z_score"].clip(-FURTHEST + 0.15, FURTHEST - 0.15)
    ax.plot(rows.index, months, "o", color=theme.PREVIOUS, markersize=4, label="One month")
    ax.plot(rows.index, rows["ewma"], color=theme.ACTUAL, linewidth=2, label="Moving average of the months")
    for side, marker, colour in ((-1, "v", theme.BAD), (1, "^", theme.GOOD)):
        out = rows[rows["is_alarm"] & (rows["ewma"] * side > 0)]
        if len(out):
            word = "▼ Average below its limits" if side < 0 else "▲ Average above its limits"
            ax.plot(out.index, out["ewma"], marker, color=colour, markersize=7, label=word)
    if first.verdict == BAD_MONTH:
        ax.plot(rows.index[-1:], months[-1:], "X", color=theme.BAD, markersize=7, label="A bad month")
    ax.set_ylim(-FURTHEST, FURTHEST)
    ax.set_xlim(-0.5, len(rows) - 0.5)
    places = sorted({0, len(rows) // 2, len(rows) - 1})
    ax.set_xticks(places, [_short_month(rows["month"].iloc[place]) for place in places])
    ax.set_yticks([-2, 0, 2], ["Fewer wins", "Own level", "More wins"])
    theme.grid(ax, "y")
    verdict = f"{SIGNS.get(first.verdict, '')}{first.verdict}"
    since = f" since {_short_month(first.since_month)} (q {number(first.q_value, 2)})" if first.since_month else ""
    ax.set_title(f"{theme.short(first['name'], 20)}\n{verdict}{since}")


def _short_month(label: str) -> str:
    return f"{date.fromisoformat(f'{label}-01'):%b %y}"


def table_control_chart_by_rep(chart: pd.DataFrame) -> TableView:
    """Each rep's months with what they rest on; limits and all else stand in the CSV."""
    del chart
    return TableView(
        columns=(
            "name", "month", "n_closed", "n_won", "expected_won", "usual_won", "z_score", "ewma", "limit_low",
            "limit_high", "is_alarm", "q_value", "verdict", "since_month", "won_to_usual", "won_to_usual_low",
            "won_to_usual_high",
        ),
        labels={
            "n_closed": "Closed", "n_won": "Won", "expected_won": "Expected of the team", "usual_won": "Usual",
            "z_score": "Month, in spreads", "ewma": "Moving average", "limit_low": "Limits", "is_alarm": "Outside",
            "q_value": "q", "since_month": "Since", "won_to_usual": "Won / usual since",
            "won_to_usual_low": "Won / usual, interval",
        },
        formats={
            "expected_won": "score", "usual_won": "score", "ewma": "number2", "limit_low": "number2",
            "q_value": "number2", "won_to_usual": "number2", "won_to_usual_low": "number2",
        },
    )  # fmt: skip
