"""How a run is shown while it goes: live bars on a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

import os
import time
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID


class Display(Protocol):
    """What the run tells whoever watches."""

    def __enter__(self) -> Self:
        """Begin to show."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop showing and leave the terminal as it was."""

    def step(self, text: str) -> None:
        """A step of the run that is not a notebook: reading the data, writing the files."""

    def cell(self, name: str, cell: int, cells: int) -> None:
        """Cell ``cell`` of ``cells`` of a notebook has started."""

    def ended(self, name: str, seconds: float, failed: str) -> None:
        """A notebook has ended; ``failed`` says why it did not go well, or is empty."""


class Silent:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def step(self, text: str) -> None:
        """Show nothing."""

    def cell(self, name: str, cell: int, cells: int) -> None:
        """Show nothing."""

    def ended(self, name: str, seconds: float, failed: str) -> None:
        """Show nothing."""


class PlainLines(Silent):
    """One line per step and per notebook that has ended, for logs."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def step(self, text: str) -> None:
        """Write the step."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def ended(self, name: str, seconds: float, failed: str) -> None:
        """Write the notebook's name, its seconds and, if it failed, why."""
        self.step(f"{name}: failed after {seconds:.1f} s. {failed}" if failed else f"{name}: {seconds:.1f} s")


class LiveBars(Silent):
    """One bar per notebook: its name, the cell that runs now and the time it has taken."""

    def __init__(self, console: Console, names: list[str]) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
        from rich.table import Column

        self.bars = Progress(
            TextColumn("{task.description}", table_column=Column(min_width=max(map(len, names), default=0))),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[place]}", table_column=Column(min_width=15)),
            TimeElapsedColumn(),
            console=console,
            refresh_per_second=4,
        )
        self.tasks: dict[str, TaskID] = {
            name: self.bars.add_task(name, total=None, start=False, place="waiting") for name in names
        }

    def __enter__(self) -> Self:
        self.bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bars.stop()

    def step(self, text: str) -> None:
        """Write the step above the bars."""
        self.bars.console.print(text, markup=False, highlight=False)

    def cell(self, name: str, cell: int, cells: int) -> None:
        """Move the notebook's bar."""
        task = self.tasks[name]
        self.bars.start_task(task) if cell <= 1 else None
        self.bars.update(task, total=cells, completed=cell - 1, place=f"cell {cell} of {cells}")

    def ended(self, name: str, seconds: float, failed: str) -> None:
        """Fill the bar and stop its clock, or say that the notebook failed."""
        task = self.tasks[name]
        total = self.bars.tasks[self.bars.task_ids.index(task)].total or 1
        self.bars.update(task, total=total, completed=total, place="failed" if failed else "done")
        self.bars.stop_task(task)
        if failed:
            self.step(f"{name} failed after {seconds:.1f} s. {failed}")


def display_for(names: list[str], *, is_quiet: bool) -> Display:
    """The display that suits where the run is watched: quiet, a terminal, or a log."""
    from rich.console import Console

    if is_quiet:
        return Silent()
    console = Console(stderr=True)
    if console.is_terminal and not os.environ.get("CI"):
        return LiveBars(console, names)
    return PlainLines(console)


class Stopwatch:
    """Seconds since it was made; how long a run took, and nothing else, is asked of the clock."""

    def __init__(self) -> None:
        self.started = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Seconds so far."""
        return time.perf_counter() - self.started
