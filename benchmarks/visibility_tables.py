"""What every table of performance visibility costs at 100 thousand and a million opportunities.

``python -m benchmarks.visibility_tables [n ...]`` writes a company of each size, works out every table in a
process of its own, and the same by pandas where ``by_pandas`` has it, the two in turn. It prints CPU seconds
(medians), peak memory and the most rows that left the engine for a table, as Markdown.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.by_pandas import BY_PANDAS
from benchmarks.company import AS_OF, REPORT_ON, write_company

SIZES = (100_000, 1_000_000)
ROUNDS = 3
FOLDER = Path(tempfile.gettempdir()) / "salesops-benchmarks"


def open_company(folder: Path) -> Any:
    """The company on its engine; marts are made once and kept."""
    from salesops_lib.data.loading import crm_from_folder
    from salesops_lib.parameters import read_parameters

    parameters = read_parameters(Path(__file__).parents[1] / "parameters")
    # The demo's quarters state quotas of people who are not in this company.
    parameters = replace(parameters, quarters={})
    crm = crm_from_folder(folder, as_of=AS_OF, parameters=parameters, fingerprint="benchmark")
    return crm.at(REPORT_ON), parameters


def names_of_tables() -> list[str]:
    """Every public metric that takes a ``Crm``."""
    import inspect

    from salesops_lib import performance_visibility

    found = inspect.getmembers(performance_visibility, inspect.isfunction)
    return [name for name, each in found if next(iter(inspect.signature(each).parameters), "") == "crm"]


def one_table(folder: Path, name: str) -> dict[str, float]:
    """Work out one table and say what it cost, without opening the company and reading what was known on the day."""
    import inspect

    import pandas as pd

    from salesops_lib import performance_visibility
    from salesops_lib.measures import credited_deals, deals

    crm, parameters = open_company(folder)
    rows: list[int] = []
    fetch = type(crm).fetch

    def counting(self: Any, expression: Any) -> Any:
        frame = fetch(self, expression)
        rows.append(len(frame))
        return frame

    type(crm).fetch = counting
    for shared in (deals(crm), credited_deals(crm)):
        crm.fetch(shared.limit(1))
    metric = getattr(performance_visibility, name)
    period = crm.calendar.period("2026-09")
    offered = {"crm": crm, "period": period, "parameters": parameters, "calendar": crm.calendar, "as_of": crm.as_of,
               "reported": pd.DataFrame()}  # fmt: skip
    wanted = inspect.signature(metric).parameters.values()
    given = {one.name: offered[one.name] for one in wanted if one.default is inspect.Parameter.empty}
    return _measured(lambda: metric(**given)) | {"rows": max(rows)}


def _measured(work: Any) -> dict[str, float]:
    started = time.process_time()
    work()
    seconds = time.process_time() - started
    return {"cpu": seconds, "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20}


def in_a_process(kind: str, folder: Path, name: str) -> dict[str, float]:
    """The cost of one table, measured where nothing else has run."""
    command = [sys.executable, "-m", "benchmarks.visibility_tables", kind, str(folder), name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{kind} {name} failed:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def compare(n: int) -> None:
    """Print the costs of all tables for one size."""
    folder = write_company(FOLDER, n)
    open_company(folder)
    print(f"\n## {n:,} opportunities\n")
    print("| table | CPU s | peak GB | most rows fetched | pandas CPU s | pandas GB | pandas / kit |")
    print("|---|---|---|---|---|---|---|")
    total = 0.0
    for name in names_of_tables():
        has_other = name in BY_PANDAS
        rounds = ROUNDS if has_other else 1
        ours, others = [], []
        for _round in range(rounds):
            ours.append(in_a_process("kit", folder, name))
            if has_other:
                others.append(in_a_process("pandas", folder, name))
        cpu = statistics.median(each["cpu"] for each in ours)
        total += cpu
        other = ["", "", ""]
        if others:
            theirs = statistics.median(each["cpu"] for each in others)
            other = [f"{theirs:.2f}", f"{max(each['peak_gb'] for each in others):.2f}", f"{theirs / cpu:.1f}"]
        cells = [name, f"{cpu:.2f}", f"{ours[0]['peak_gb']:.2f}", f"{ours[0]['rows']:,.0f}", *other]
        print(f"| {' | '.join(cells)} |", flush=True)
    print(f"| all | {total:.1f} | | | | | |")


def main(arguments: list[str]) -> None:
    """Measure, or be the process in which one table is measured."""
    if arguments and arguments[0] in ("kit", "pandas"):
        kind, folder, name = arguments
        if kind == "kit":
            print(json.dumps(one_table(Path(folder), name)))
        else:
            print(json.dumps(_measured(lambda: BY_PANDAS[name](Path(folder)))))
        return
    for n in [int(each) for each in arguments] or SIZES:
        compare(n)


if __name__ == "__main__":
    main(sys.argv[1:])
