"""Counting outpatient records, beside DuckDB, Polars, pandas and PySpark on the same file.

Run ``python benchmarks/hes.py``; ``--rows 1000000 10000000`` are the sizes, ``--rounds 3`` the
paired rounds, ``--folder`` where the files of rows are kept, ``--only`` the contenders. Practice x
month x visit x mode: appointments, distinct people and cost. Ours checks every row by the layout
``england.hes_op``; the others check nothing. Each runs in a process of its own; its answer is
compared with DuckDB's before its time is believed. Importing is not timed, of none. Memory is the
private memory (RssAnon) at its highest.
"""

from __future__ import annotations

import argparse
import calendar
import json
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = tuple[int, ...]

_YEAR = 2023
_DIMENSIONS = """GPPRAC, strftime(APPTDATE::date, '%Y-%m') as month,
  FIRSTATT in ('1', '3') as visit, FIRSTATT in ('1', '2') as mode"""
_TYPES = "{'FIRSTATT': 'VARCHAR', 'GPPRAC': 'VARCHAR', 'TOKEN_PERSON_ID': 'VARCHAR'}"


def duckdb_bare(path: Path) -> Answer:
    """Count with one query that checks nothing."""
    import duckdb

    source = (
        f"read_parquet('{path}')"
        if path.suffix == ".parquet"
        else f"read_csv('{path}', header = true, delim = ',', types = {_TYPES})"
    )
    found: Any = (
        duckdb.connect()
        .execute(
            f"""select {_DIMENSIONS}, count(*) n, count(distinct TOKEN_PERSON_ID) people,
          sum((COST * 100)::bigint) pence from {source} group by all"""  # noqa: S608 - own file
        )
        .fetchnumpy()
    )
    return tuple(
        int(each) for each in (
            len(found["n"]), found["n"].sum(), found["people"].sum(), found["pence"].sum()
        )
    )  # fmt: skip


def ours(path: Path) -> Answer:
    """Count with every row checked."""
    import phm_diabetes as phm

    months = [
        phm.Period(
            start=date(year, month, 1),
            end=date(year, month, calendar.monthrange(year, month)[1]),
            kind="month",
        )
        for year, month in (
            (_YEAR + (each > 12), (each - 1) % 12 + 1)  # noqa: PLR2004 - months
            for each in range(4, 16)
        )
    ]
    records = phm.open_records(
        path,
        adapter="england.hes_op",
        progress=False,
        options={
            "price_type": "local",
            "market_forces_factor": "included",
            "price_year": "2023-24",
            "imd_vintage": "2019",
        },
    )
    counts = phm.tally(
        records,
        measures=[
            phm.RecordMeasure(id="op.n", definition="all:1", numerator=phm.Rows(), clustered=False),
            phm.RecordMeasure(id="op.people", definition="all:1", numerator=phm.Distinct()),
            phm.RecordMeasure(
                id="op.cost", definition="all:1", numerator=phm.Total(), clustered=False
            ),
        ],
        periods=months,
        by=["visit", "medium"],
        egress=phm.Policy(name="nothing hidden"),
        reason="planted records of nobody",
    )
    parts: Any = [
        counts["numerator"].array[(counts["measure"] == f"op.{name}").to_numpy()]
        for name in ("n", "people", "cost")
    ]
    appointments, people, cost = (int(part.sum()) for part in parts)
    return len(parts[0]), appointments, people, cost


def ours_without_pyarrow(path: Path) -> Answer:
    """Count where pyarrow is not installed."""
    from phm_diabetes.records import opening

    vars(opening)["find_spec"] = dict[str, None]().get
    return ours(path)


def ours_unchecked(path: Path) -> Answer:
    """Count with the same code and the columns that are counted, whose cells are believed."""
    from attrs import evolve

    from phm_diabetes.records import layout as layouts
    from phm_diabetes.records.installed import EnglandHesOp

    known = EnglandHesOp.record_layout
    kept = {"person", "date", "first_attendance", "consultation_type", "consultation_medium"}
    columns = [
        evolve(column, needed=False, pattern="", allowed=frozenset(), once="", required=False)
        for column in known.columns
        if column.name in kept | {"cost_pence", "appointment_id"} or "practice" in column.name
    ]
    derived = [each for each in known.derived if each.name in {"visit", "medium", "practice"}]
    EnglandHesOp.record_layout = layouts.RecordLayout(
        place=known.place, dataset=known.dataset, version="1", layout=known.layout,
        description=known.description, table=known.table, title=known.title, key=known.key,
        day=known.day, organisations={"practice": "practice"}, options=known.options,
        columns=tuple(columns), derived=tuple(derived),
    )  # fmt: skip
    return ours(path)


def polars_bare(path: Path) -> Answer:
    """Count with Polars' streaming engine, checking nothing."""
    import polars as pl

    text = dict.fromkeys(("FIRSTATT", "GPPRAC", "TOKEN_PERSON_ID", "APPTDATE"), pl.String)
    rows = (
        pl.scan_parquet(path)
        if path.suffix == ".parquet"
        else pl.scan_csv(path, schema_overrides={**text, "COST": pl.Float64})
    )
    found = (
        rows.group_by(
            "GPPRAC",
            pl.col("APPTDATE").cast(pl.String).str.slice(0, 7).alias("month"),
            pl.col("FIRSTATT").cast(pl.String).is_in(["1", "3"]).alias("visit"),
            pl.col("FIRSTATT").cast(pl.String).is_in(["1", "2"]).alias("mode"),
        )
        .agg(
            pl.len().alias("n"),
            pl.col("TOKEN_PERSON_ID").n_unique().alias("people"),
            (pl.col("COST").cast(pl.Float64) * 100).round().cast(pl.Int64).sum().alias("pence"),
        )
        .collect(engine="streaming")
    )
    sums = (int(found[name].sum()) for name in ("n", "people", "pence"))
    return (len(found), *sums)


def pandas_in_chunks(path: Path) -> Answer:
    """Count with pandas, a million rows at once, checking nothing; people of all chunks kept."""
    import pandas as pd

    names = ["GPPRAC", "APPTDATE", "FIRSTATT", "TOKEN_PERSON_ID", "COST"]
    if path.suffix == ".parquet":
        from pyarrow import parquet

        chunks: Any = (
            batch.to_pandas()
            for batch in parquet.ParquetFile(path).iter_batches(1_000_000, columns=names)
        )
    else:
        kinds = dict.fromkeys(names[:-1], "str")
        chunks = pd.read_csv(path, usecols=names, dtype=kinds, chunksize=1_000_000)
    keys = ["GPPRAC", "month", "visit", "mode"]
    cells, people = [], []
    for chunk in chunks:
        first = chunk["FIRSTATT"].astype(str)
        rows = chunk.assign(
            month=chunk["APPTDATE"].astype(str).str[:7],
            visit=first.isin(["1", "3"]),
            mode=first.isin(["1", "2"]),
            pence=(chunk["COST"].astype(float) * 100).round().astype("int64"),
        )
        cells.append(rows.groupby(keys)["pence"].agg(["size", "sum"]))
        people.append(rows[[*keys, "TOKEN_PERSON_ID"]].drop_duplicates())
    whole = pd.concat(cells).groupby(level=keys).sum()
    distinct = pd.concat(people).drop_duplicates()
    return len(whole), int(whole["size"].sum()), len(distinct), int(whole["sum"].sum())


def pyspark_local(path: Path) -> Answer:
    """Count with PySpark on this machine, checking nothing; starting it is not timed."""
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as f

    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "4g")
        .config("spark.sql.shuffle.partitions", "8")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    _STARTED.append(time.perf_counter())
    rows = (
        spark.read.parquet(str(path))
        if path.suffix == ".parquet"
        else spark.read.option("header", "true").csv(str(path))
    )
    found = rows.groupBy(
        "GPPRAC",
        f.substring(f.col("APPTDATE").cast("string"), 1, 7),
        f.col("FIRSTATT").isin("1", "3"),
        f.col("FIRSTATT").isin("1", "2"),
    ).agg(
        f.count("*").alias("n"),
        f.countDistinct("TOKEN_PERSON_ID").alias("people"),
        f.sum(f.round(f.col("COST").cast("double") * 100).cast("long")).alias("pence"),
    )
    sums = found.agg(f.count("*"), f.sum("n"), f.sum("people"), f.sum("pence")).collect()[0]
    return tuple(int(each) for each in sums)


_STARTED: list[float] = []

CONTENDERS: dict[str, Callable[[Path], Answer]] = {
    each.__name__: each
    for each in (
        duckdb_bare, ours, ours_without_pyarrow, ours_unchecked, polars_bare, pandas_in_chunks,
        pyspark_local,
    )
}  # fmt: skip
_ONCE = ("ours_without_pyarrow", "pandas_in_chunks", "pyspark_local")
"""Contenders that are run once a file: they are beside the point, and slow."""


def _private() -> int:
    """Return this process's private memory [MB]; 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("RssAnon"))


_NEEDS = {
    "duckdb_bare": ("duckdb",),
    "polars_bare": ("polars",),
    "pandas_in_chunks": ("pandas", "pyarrow.parquet"),
}


def _import(name: str) -> None:
    """Import what a contender needs."""
    for module in _NEEDS.get(name, ()):
        import_module(module)
    if name == "ours_without_pyarrow":
        sys.modules["pyarrow"] = None  # type: ignore[assignment]
    if name.startswith("ours"):
        import phm_diabetes as phm

        for each in ("open_records", "tally", "RecordMeasure", "Policy", "Period"):
            getattr(phm, each)


def measured(name: str, path: Path) -> dict[str, Any]:
    """Run one contender in this process, and say how long it took and how much it held."""
    highest = [0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            highest[0] = max(highest[0], _private())

    threading.Thread(target=watch, daemon=True).start()
    with path.open("rb", buffering=0) as opened:  # so that no one reads from a cold disk
        while opened.read(1 << 16):  # larger ones would change how memory is kept
            pass
    _import(name)
    start = time.perf_counter()
    answer = CONTENDERS[name](path)
    seconds = time.perf_counter() - (_STARTED[0] if _STARTED else start)
    done.set()
    return {"answer": answer, "seconds": seconds, "megabytes": highest[0]}


def _apart(name: str, path: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--one", name, str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - us
    if ran.returncode:
        return {"failed": ran.stderr.strip().splitlines()[-1] if ran.stderr else "no word"}
    return dict(json.loads(ran.stdout.splitlines()[-1]))


def compared(path: Path, names: list[str], rounds: int) -> None:
    """Run the contenders in turn, round after round, and print medians and ratios."""
    print(f"\n{path.name}")
    peer = _apart("duckdb_bare", path)
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in ["duckdb_bare", *names]}
    for number in range(rounds):
        for name, kept in runs.items():
            if name in _ONCE and number:
                continue
            found = _apart(name, path)
            if "failed" in found:
                print(f"  {name}: did not run: {found['failed'][:150]}")
            elif found["answer"] != peer["answer"]:
                print(f"  {name}: ANOTHER ANSWER: {found['answer']}, not {peer['answer']}")
            else:
                kept.append(found)
    base = median(each["seconds"] for each in runs["duckdb_bare"])
    for name, kept in runs.items():
        if kept:
            seconds = median(each["seconds"] for each in kept)
            megabytes = max(each["megabytes"] for each in kept)
            print(
                f"  {name:22} {seconds:8.2f} s  {seconds / base:5.2f}x  {megabytes:6,} MB private"
            )


def main() -> None:
    """Write the rows, and compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", nargs="+", default=list(CONTENDERS)[1:])
    parser.add_argument("--one", nargs=2, metavar=("CONTENDER", "FILE"))
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measured(asked.one[0], Path(asked.one[1]))))
        return
    from hes_rows import written  # type: ignore[import-not-found] # beside this file

    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        for rows in asked.rows:
            for path in written(folder, rows):
                compared(path, asked.only, asked.rounds)


if __name__ == "__main__":
    main()
