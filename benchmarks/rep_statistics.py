"""What the statistics of the rep comparison cost for 300 reps and about 100 thousand closed deals.

``python -m benchmarks.rep_statistics [n]`` writes a company of ``n`` opportunities (200,000 by default, of which some
100,000 close in the twelve months compared). It measures the fit of the mixed logit beside statsmodels' own
variational fit of the same model on the same deals, each in a process of its own, the two in turn; then every section
of the notebook, in one process with one thread as the pack runs them, after a small company has paid for imports.
CPU seconds, medians of three (one round of statsmodels').
"""

from __future__ import annotations

import inspect
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks.company import write_company
from benchmarks.visibility_tables import FOLDER, open_company
from salesops_lib.reporting.notebooks.workers import ONE_THREAD

SIZE = 200_000
SMALL = 5000
ROUNDS = 3


def kinds_of(folder: Path) -> Any:
    """Counts by rep and kind of deal, as the notebook fetches them."""
    from salesops_lib.rep_comparison.people import window_to
    from salesops_lib.rep_comparison.verdicts.deal_kinds import deal_kinds

    crm, _parameters = open_company(folder)
    return deal_kinds(crm, window_to(crm, crm.calendar.period("2026-09"), 12))


def fit_ours(folder: Path) -> dict[str, float]:
    """The mixed logit on cells."""
    from salesops_lib.statistics.mixed_logit import fit_mixed_logit

    kinds = kinds_of(folder)
    started = time.process_time()
    fit = fit_mixed_logit(kinds.cells)
    return {
        "cpu": time.process_time() - started, "n": float(kinds.cells.closed.sum()), "cells": len(kinds.cells.won),
        "reps": kinds.cells.n_reps, "coefficients": kinds.cells.width, "spread": fit.spread,
    }  # fmt: skip


def fit_theirs(folder: Path) -> dict[str, float]:
    """Statsmodels' variational fit on a row per deal."""
    import numpy as np
    import pandas as pd
    from statsmodels.genmod.bayes_mixed_glm import BinomialBayesMixedGLM

    cells = kinds_of(folder).cells
    closed, won = cells.closed.astype(int), cells.won.astype(int)
    rows = np.repeat(np.arange(len(closed)), closed)
    place = np.arange(len(rows)) - np.repeat(np.cumsum(closed) - closed, closed)
    is_won = (place < won[rows]).astype(float)
    columns = [np.ones(len(rows))]
    for codes, n in zip(cells.factors, cells.n_levels, strict=True):
        columns += [(codes[rows] == level).astype(float) for level in range(1, n)]
    reps = pd.get_dummies(cells.rep[rows]).to_numpy(float)
    started = time.process_time()
    fit = BinomialBayesMixedGLM(is_won, np.column_stack(columns), reps, np.zeros(reps.shape[1], dtype=int)).fit_vb()
    return {"cpu": time.process_time() - started, "n": len(rows), "spread": float(np.exp(fit.vcp_mean[0]))}


class Sampler:
    """Where CPU time goes, looked up each millisecond of it: building queries, or anything else."""

    def __init__(self) -> None:
        self.building, self.all = 0, 0

    def __enter__(self) -> Sampler:
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
        return self

    def __exit__(self, *_error: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _look(self, _signal: int, frame: FrameType | None) -> None:
        files = []
        while frame is not None:
            if frame.f_code.co_name == "counting":  # in the engine, which is timed by itself
                return
            files.append(frame.f_code.co_filename)
            frame = frame.f_back
        self.all += 1
        self.building += any("/ibis/" in file or "/sqlglot/" in file for file in files)


def sections(folder: Path) -> dict[str, float]:
    """Every section of the notebook in turn, in one process; what first use costs stands by itself."""
    small = sum(_costs(write_company(FOLDER, SMALL)).values())
    again = sum(_costs(write_company(FOLDER, SMALL)).values())
    with Sampler() as sampler:
        cost = _costs(folder)
    statistics_and_queries = sum(value for name, value in cost.items() if not name.endswith(", engine"))
    building = statistics_and_queries * sampler.building / max(sampler.all, 1)
    return cost | {"first use": small - again, "building queries": building}


def _costs(folder: Path) -> dict[str, float]:
    from salesops_lib import rep_comparison
    from salesops_lib.measures import credited_deals, deals

    crm, parameters = open_company(folder)
    for shared in (deals(crm), credited_deals(crm)):
        crm.fetch(shared.limit(1))
    fetching = [0.0]
    fetch = type(crm).fetch

    def counting(self: Any, expression: Any) -> Any:
        started = time.process_time()
        try:
            return fetch(self, expression)
        finally:
            fetching[0] += time.process_time() - started

    cost: dict[str, float] = {}
    type(crm).fetch = counting
    try:
        for name in rep_comparison.__all__:
            metric = getattr(rep_comparison, name)
            wanted = inspect.signature(metric).parameters
            if "crm" not in wanted:
                continue
            offered = {"period": crm.calendar.period("2026-09"), "parameters": parameters}
            before, started = fetching[0], time.process_time()
            metric(crm, **{key: value for key, value in offered.items() if key in wanted})
            cost[name] = time.process_time() - started - (fetching[0] - before)
            cost[f"{name}, engine"] = fetching[0] - before
    finally:
        type(crm).fetch = fetch
    return cost


KINDS = {"ours": fit_ours, "theirs": fit_theirs, "sections": sections}


def in_a_process(kind: str, folder: Path) -> dict[str, float]:
    """The cost of one thing, measured where nothing else has run."""
    command = [sys.executable, "-m", "benchmarks.rep_statistics", kind, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **ONE_THREAD})
    if done.returncode:
        raise SystemExit(f"{kind} failed:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def compare(n: int) -> None:
    """Print what the fits and the sections cost, as Markdown."""
    folder = write_company(FOLDER, n)
    open_company(folder)
    first = in_a_process("ours", folder)
    theirs = in_a_process("theirs", folder)
    fits = [first, *(in_a_process("ours", folder) for _ in range(ROUNDS - 1))]
    cpu = statistics.median(each["cpu"] for each in fits)
    print(
        f"\n{first['n']:,.0f} deals of {first['reps']:.0f} reps in {first['cells']:,.0f} cells, "
        f"{first['coefficients']:.0f} coefficients\n"
    )
    print("| fit | CPU s | spread between reps |\n|---|---|---|")
    print(f"| mixed logit | {cpu:.2f} | {first['spread']:.3f} |")
    print(f"| statsmodels fit_vb | {theirs['cpu']:.2f} | {theirs['spread']:.3f} |")
    print(f"| ratio | {theirs['cpu'] / cpu:.0f} | |")
    rounds = [in_a_process("sections", folder) for _ in range(ROUNDS)]
    middle = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    print("\n| section | statistics, CPU s | engine, CPU s |\n|---|---|---|")
    names = [name for name in middle if f"{name}, engine" in middle]
    for name in names:
        print(f"| {name} | {middle[name]:.2f} | {middle[f'{name}, engine']:.2f} |")
    engine = sum(middle[f"{name}, engine"] for name in names)
    print(f"| all | {sum(middle[name] for name in names):.2f} | {engine:.2f} |")
    print(f"| of which building queries | {middle['building queries']:.2f} | |")
    print(f"| first use, once | {middle['first use']:.2f} | |")


def main(arguments: list[str]) -> None:
    """Measure, or be the process in which one thing is measured."""
    if arguments and arguments[0] in KINDS:
        print(json.dumps(KINDS[arguments[0]](Path(arguments[1]))))
    else:
        compare(int(arguments[0]) if arguments else SIZE)


if __name__ == "__main__":
    main(sys.argv[1:])
