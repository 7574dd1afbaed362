"""A control for JupyterLab: look a number's meaning up. A report never needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesops_lib.reporting.tables.panel import panel_answer

if TYPE_CHECKING:
    import ipywidgets as widgets
    import pandas as pd


def look_up(kpis: pd.DataFrame) -> widgets.VBox:
    """A box to choose a key figure and read its definition, owner and action.

    Args:
        kpis: What ``kpi_dictionary`` returns.
    """
    import ipywidgets as widgets

    choice = widgets.Combobox(options=list(kpis["kpi"]), placeholder="Key figure", ensure_option=False)
    answer = widgets.HTML()

    def show(change: dict[str, str]) -> None:
        found = kpis[kpis["kpi"].str.casefold() == change["new"].casefold()]
        answer.value = _card(found.iloc[0]) if len(found) else ""

    choice.observe(show, names="value")
    return widgets.VBox([choice, answer])


def _card(row: pd.Series) -> str:
    named = (("Meaning", "meaning"), ("Over", "denominator"), ("Owner", "owner"), ("When it is off", "action"))
    return panel_answer(
        title=row["kpi"], facts=[(label, row[key]) for label, key in named if isinstance(row[key], str)]
    )
