"""A section of a report: the finding as heading, words, chart, table and the meaning of its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from salesops_lib.reporting.blocks.block import CAPTION, QUESTION, Block
from salesops_lib.reporting.charts.chart import write_chart
from salesops_lib.reporting.tables.csv_text import csv_text
from salesops_lib.reporting.tables.formats import label_of
from salesops_lib.reporting.tables.table import TableView, shown_names, write_table
from salesops_lib.reporting.templates.markup import plain
from salesops_lib.reporting.templates.rendering import render

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup
    from matplotlib.axes import Axes

    from salesops_lib.wording import Finding


@dataclass(frozen=True)
class Section:
    """What a section shows."""

    name: str
    """Unique in the report: its anchor, its table's name, part of its ids."""
    label: str
    """A few words for lists of sections."""
    finding: Finding
    frame: pd.DataFrame
    draw: Callable[[], Axes] | None = None
    """Draws the chart, at the width that ``theme`` has in force."""
    view: TableView | None = None
    about: str = ""
    """What the metric tells, in a sentence; the caption of its table."""
    meanings: Mapping[str, str] | None = None
    """Column to meaning."""
    commentary: str = ""
    """What a person wrote about the section in the parameters."""
    made_by: str = ""
    """Dotted name of the metric."""


def section_block(section: Section, *, notebook: str) -> Block:
    """Write a section.

    Args:
        section: What it shows.
        notebook: Its notebook, for the link to the CSV.
    """
    finding = section.finding
    view = section.view or TableView()
    html = render(
        "section",
        section=section,
        finding=finding,
        question=QUESTION,
        caption=CAPTION,
        chart=_chart(section),
        commentary=[part.strip() for part in section.commentary.split("\n\n") if part.strip()],
        table=_table(section, view, notebook),
        meanings=_meanings(section, view),
        # In plain sight where it is all there is, else folded behind the chart.
        is_open=view.is_open or section.draw is None or section.frame.empty,
    )
    data = {
        "name": section.name,
        "label": section.label,
        "finding": finding_data(finding),
        "table_csv": csv_text(section.frame),
        "columns": [str(name) for name in section.frame.columns],
        "made_by": section.made_by,
    }
    return Block("section", html, data, f"{finding.title}\n{plain(finding.text)}")


def finding_data(finding: Finding) -> dict[str, Any]:
    """A finding as JSON data; dates as ISO text."""
    data = asdict(finding)
    for action in filter(None, (data["action"], *data["more_actions"])):
        action["due_on"] = action["due_on"].isoformat()
    data["stake"] = float(finding.stake)
    return data


def missing_block(*, name: str, label: str, shows: str, reason: str) -> Block:
    """Say in one line what is not shown, what it would show and how to provide what it needs."""
    html = render("missing", name=name, label=label, shows=shows, reason=reason, question=QUESTION)
    text = f"Not shown: {label}. {shows} {reason}"
    return Block("missing", html, {"name": name, "label": label, "reason": reason}, text)


def label_of_name(name: str) -> str:
    """A section's short label: ``win_rate_by_rep`` is ``Win rate by rep``."""
    return label_of(name.replace("_by_", " by ")) if "_by_" in name else label_of(name)


def _chart(section: Section) -> Markup | str:
    if section.draw is None or section.frame.empty:
        return ""
    alt = f"Chart: {section.finding.title}. {plain(section.finding.text)}"
    return write_chart(section.draw, name=section.name, alt=alt)


def _table(section: Section, view: TableView, notebook: str) -> Markup:
    return write_table(
        section.frame,
        caption=section.about or section.label,
        name=f"{section.name}-data",
        view=view,
        csv_href=f"tables/{notebook}/{section.name}.csv",
    )


def _meanings(section: Section, view: TableView) -> list[tuple[str, str]]:
    """Heading and meaning of the columns that the table shows."""
    shown = shown_names(section.frame, view)
    return [
        (view.labels.get(name) or label_of(name), text)
        for name, text in (section.meanings or {}).items()
        if name in shown and text != "Key."
    ]
