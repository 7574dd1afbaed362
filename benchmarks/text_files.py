"""What reading a large CSV costs: the fast way, the careful way, and what an analyst would write with pandas.

    python -m benchmarks.text_files [rows, 1000000 if absent] [rounds, 3 if absent]

Each reader runs in a process of its own, all in turn, so that noise of the machine falls on all alike. Printed are
medians of CPU seconds and of peak memory, and ratios to pandas. The careful way is what a file with a line end in a
cell takes; both ways give the same rows.
"""

from __future__ import annotations

import csv
import random
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

READERS = ("fast", "careful", "pandas")


def write_export(path: Path, n_rows: int) -> None:
    """An export as CRMs write it: text with commas in quotation marks, ids, amounts and dates."""
    draw = random.Random(1)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "account", "amount", "closed", "stage", "note", "owner", "region"])
        for number in range(n_rows):
            account = f"Account, {number}" if number % 3 == 0 else f"Account {number}"
            amount, day = round(draw.random() * 1e5, 2), f"2026-01-{number % 28 + 1:02d}"
            owner = f"R{number % 300}"
            writer.writerow([f"D{number:07d}", account, amount, day, "Proposal", "called the customer", owner, "North"])


def read(reader: str, path: Path) -> None:
    """Read the file once and print CPU seconds and peak memory in MB, the interpreter's own start left out."""
    import pandas as pd

    from salesops_lib.data import text_files

    before = _cpu()
    if reader == "pandas":
        pd.read_csv(path, dtype=str)
    else:
        if reader == "careful":
            text_files.write_plain_rows = lambda *_, **__: None  # type: ignore[assignment]  # for this process only
        raw = path.with_suffix(f".{reader}")
        text_files.read_text_file(path, path.name, separator=None, encoding=None, raw=raw)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{_cpu() - before} {peak}\n")


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main(n_rows: int = 1_000_000, n_rounds: int = 3) -> None:
    """Measure all readers in turn."""
    found: dict[str, list[tuple[float, float]]] = {reader: [] for reader in READERS}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        write_export(path, n_rows)
        for _ in range(n_rounds):
            for reader in READERS:
                command = [sys.executable, "-m", "benchmarks.text_files", reader, str(path)]
                said = subprocess.run(command, check=True, capture_output=True, text=True)
                seconds, peak = map(float, said.stdout.split())
                found[reader].append((seconds, peak))
    base = median(seconds for seconds, _ in found["pandas"])
    for reader, runs in found.items():
        seconds, peak = (median(values) for values in zip(*runs, strict=True))
        sys.stdout.write(f"{reader:8} {seconds:6.2f} CPU s, {seconds / base:5.2f} of pandas, {peak:5.0f} MB\n")


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in READERS:
        read(sys.argv[1], Path(sys.argv[2]))
    else:
        main(*map(int, sys.argv[1:]))
