"""Work side by side in processes of their own, with progress, and nothing left behind.

Each worker does one job after another and sends back what it made. A worker that dies takes only its
job with it. Every worker is on a leash: when the process that started it ends, for whatever reason,
the worker ends the kernels it has started and then itself.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Generic, TypeVar

Job = TypeVar("Job")
Made = TypeVar("Made")
OnCell = Callable[[int, int], None]

_POOLS = ("OPENBLAS", "OMP", "MKL", "NUMEXPR")
ONE_THREAD = {f"{pool}_NUM_THREADS": "1" for pool in _POOLS} | {"VECLIB_MAXIMUM_THREADS": "1"}
"""One job a core: the linear algebra inside a job must not ask for the other cores as well."""


@dataclass(frozen=True)
class Progress:
    """How far a job is: cell ``cell`` of ``cells`` has started."""

    job: int
    cell: int
    cells: int


@dataclass(frozen=True)
class Done(Generic[Made]):
    """A job has ended; ``made`` is missing when its worker died, and ``last_words`` is what it said."""

    job: int
    made: Made | None
    last_words: str = ""


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def side_by_side(
    work: Callable[[Job, OnCell], Made], jobs: Sequence[Job], *, workers: int
) -> Iterator[Progress | Done[Made]]:
    """Do every job in worker processes and yield progress and results as they come.

    Args:
        work: What to do with a job; a function of a module, since another process imports it.
        jobs: The jobs; they start in this order.
        workers: How many processes at once.

    Yields:
        `Progress` as cells start, and one `Done` per job in the order they end.
    """
    waiting = deque(range(len(jobs)))
    with tempfile.TemporaryDirectory(prefix="salesops-") as folder, _crew(work, Path(folder)) as crew:
        for _ in range(min(max(workers, 1), len(jobs))):
            crew.hire(jobs, waiting)
        while crew.busy:
            for worker in crew.speaking():
                event = worker.hear()
                yield event
                if isinstance(event, Progress):
                    continue
                if event.made is None:
                    crew.dismiss(worker)
                    if waiting:
                        crew.hire(jobs, waiting)
                elif waiting:
                    worker.give(jobs, waiting.popleft())
                else:
                    crew.dismiss(worker)


class _Worker(Generic[Job, Made]):
    """One worker process as seen from the process that started it."""

    def __init__(self, work: Callable[[Job, OnCell], Made], folder: Path, number: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, far_line = context.Pipe()
        leash_end, self.leash = context.Pipe(duplex=False)
        self.log = folder / f"worker-{number}.log"
        self.process: BaseProcess = context.Process(
            target=_serve, args=(work, far_line, leash_end, folder, self.log), daemon=True
        )
        self.job = -1
        with _environment(ONE_THREAD), _ctrl_c_waits():
            self.process.start()
        # Only the worker may hold its ends: then the end of the worker is the end of the line.
        far_line.close()
        leash_end.close()

    def give(self, jobs: Sequence[Job], job: int) -> None:
        """Hand the worker its next job."""
        self.job = job
        with suppress(BrokenPipeError):  # a worker that died in between is heard of in `hear`
            self.line.send(jobs[job])

    def hear(self) -> Progress | Done[Made]:
        """What the worker says next; a broken line means it died."""
        try:
            kind, content = self.line.recv()
        except (EOFError, OSError):
            return Done(self.job, None, _last_line(self.log))
        return Progress(self.job, *content) if kind == "cell" else Done(self.job, content)

    def end(self) -> None:
        """Let go of the worker: it ends its kernels and itself; one that does not is ended."""
        self.leash.close()
        self.line.close()
        self.process.join(timeout=5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


class _Crew(Generic[Job, Made]):
    """The workers that are busy now."""

    def __init__(self, work: Callable[[Job, OnCell], Made], folder: Path) -> None:
        self.work = work
        self.folder = folder
        self.busy: dict[Connection, _Worker[Job, Made]] = {}
        self.hired = 0

    def hire(self, jobs: Sequence[Job], waiting: deque[int]) -> None:
        self.hired += 1
        worker: _Worker[Job, Made] = _Worker(self.work, self.folder, self.hired)
        self.busy[worker.line] = worker
        worker.give(jobs, waiting.popleft())

    def speaking(self) -> list[_Worker[Job, Made]]:
        # With a timeout, a Ctrl-C is noticed on Windows too.
        return [self.busy[line] for line in wait(list(self.busy), timeout=0.5) if isinstance(line, Connection)]

    def dismiss(self, worker: _Worker[Job, Made]) -> None:
        del self.busy[worker.line]
        worker.end()


@contextmanager
def _crew(work: Callable[[Job, OnCell], Made], folder: Path) -> Iterator[_Crew[Job, Made]]:
    """A crew that is let go whatever happens, Ctrl-C included."""
    crew: _Crew[Job, Made] = _Crew(work, folder)
    try:
        yield crew
    finally:
        for worker in list(crew.busy.values()):
            crew.dismiss(worker)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Set variables for the processes started inside this block; what the user has set stays."""
    new = {name: value for name, value in values.items() if name not in os.environ}
    os.environ.update(new)
    try:
        yield
    finally:
        for name in new:
            os.environ.pop(name, None)


@contextmanager
def _ctrl_c_waits() -> Iterator[None]:
    """Hold Ctrl-C back inside this block, also from the processes started in it until they are ready for it."""
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(work: Callable[[Job, OnCell], Made], line: Connection, leash: Connection, folder: Path, log: Path) -> None:
    """The worker's life: job after job until the line or the leash ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C and lets go of the leash
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    _speak_into(log)
    os.environ["JUPYTER_RUNTIME_DIR"] = str(folder)
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # silences a warning of the debugger in each kernel
    threading.Thread(target=_end_with_parent, args=(leash, folder), daemon=True).start()
    while True:
        try:
            job = line.recv()
        except (EOFError, OSError):
            break
        made = work(job, lambda cell, cells: line.send(("cell", (cell, cells))))
        line.send(("done", made))


def _end_with_parent(leash: Connection, folder: Path) -> None:
    """Wait for the other end of the leash to go, then end at once."""
    with suppress(EOFError, OSError):
        leash.recv()
    if "salesops_lib.reporting.notebooks.kernels" in sys.modules:
        from salesops_lib.reporting.notebooks.kernels import end_kernels

        end_kernels()
    parent = multiprocessing.parent_process()
    if parent is not None and not parent.is_alive():  # killed, so nobody else will tidy up
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def _speak_into(log: Path) -> None:
    """Send this process's output, and that of its kernels, to a file: the terminal belongs to the parent."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)


def _last_line(log: Path) -> str:
    """The last thing a worker wrote before it died."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
