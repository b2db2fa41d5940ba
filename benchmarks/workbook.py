"""How long an xlsx of 50,000 rows and 60 columns takes, beside python-calamine alone.

Run ``python benchmarks/workbook.py``; ``--rows`` makes it smaller. Reading is opening the file to
sheets of text; loading goes on to validated Counts: 2 columns of identity and 29 pairs of counts.
Each figure is checked against what was written before anything is timed.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

import phm_diabetes as phm
from phm_diabetes.adapters.sources import open_source
from phm_diabetes.adapters.table import Column, TableAdapter

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 3
PAIRS = 29
HEADERS = [f"Measure {pair} {part}" for pair in range(PAIRS) for part in ("number", "due")]


class Wide(TableAdapter):
    """A return of 29 measures, a row a practice and quarter."""

    place, dataset, version = "planted", "wide", "1"
    layout = "a planted return."
    description = "A planted return."
    definition = "planted:1"
    columns: ClassVar = {
        "practice": Column(header="Practice", kind="ods_practice"),
        "quarter": Column(header="Month", kind="month"),
        **{
            f"count{spot}": Column(header=header, kind="count")
            for spot, header in enumerate(HEADERS)
        },
    }
    measures: ClassVar = {f"planted.m{pair}": (f"count{2 * pair}", f"count{2 * pair + 1}")
                for pair in range(PAIRS)}  # fmt: skip


def written(path: Path, rows: int) -> int:
    """Write the workbook; return the sum of its numerators."""
    random = np.random.default_rng(0)
    due = random.integers(100, 5000, (rows, PAIRS))
    done = random.binomial(due, 0.6)
    cells = np.stack([done, due], axis=-1).reshape(rows, -1)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Return")
    sheet.append(["Practice", "Month", *HEADERS])
    months = [f"20{20 + each // 12}-{each % 12 + 1:02}" for each in range(60)]
    for spot in range(rows):
        code = f"Y{spot // len(months):05}"
        sheet.append([code, months[spot % len(months)], *cells[spot].tolist()])
    book.save(path)
    return int(done.sum())


def seconds(work: Callable[[], Any]) -> float:
    """Return how long some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Write, check, time and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=50_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wide.xlsx"
        total = written(path, rows)

        def alone() -> object:
            return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()

        def read() -> object:
            return open_source(path).sheets

        def load() -> phm.Extract:
            return phm.load(path, adapter=Wide)

        table = load().table
        assert len(table) == rows * PAIRS  # noqa: S101 - checked before it is timed
        assert int(table["numerator"].sum()) == total  # noqa: S101 - as above
        spent = [[seconds(work) for work in (alone, read, load)] for _ in range(ROUNDS)]
    calamine, reading, loading = (median(each) for each in zip(*spent, strict=True))
    print(f"{rows:,} rows x {len(HEADERS) + 2} columns, {ROUNDS} rounds, medians")
    print(f"python-calamine alone    {calamine:6.2f} s")
    print(f"reading                  {reading:6.2f} s  {reading / calamine:.2f}x (aim 1.5)")
    print(f"load to validated Counts {loading:6.2f} s  {loading / calamine:.2f}x (aim 4)")


if __name__ == "__main__":
    main()
