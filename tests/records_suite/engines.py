"""Tables of the suite on each engine; Spark's session is made once for all who ask."""

from __future__ import annotations

import os
import shutil
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.records_suite.oracle import Table


def polars_of(table: Table) -> Any:
    pl = pytest.importorskip("polars")
    schema = dict.fromkeys(table.headers, pl.String)
    return pl.DataFrame([dict(row) for row in table.rows], schema=schema)


def lazy_of(table: Table) -> Any:
    return polars_of(table).lazy()


def duckdb_of(table: Table) -> Any:
    duckdb = pytest.importorskip("duckdb")
    return duckdb.from_arrow(polars_of(table).to_arrow())


@cache
def spark() -> Any:
    """Return a session of one thread; the tests skip where there is no PySpark or no Java."""
    if find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip("needs PySpark (phm-diabetes[engines]) and Java, which are not here")
    from pyspark.sql import SparkSession

    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",  # to compile takes longer than to compute
    }
    builder = SparkSession.builder.master("local[1]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session


def spark_of(table: Table) -> Any:
    from pyspark.sql.types import StringType, StructField, StructType

    session = spark()
    schema = StructType([StructField(name, StringType()) for name in table.headers])
    rows = [tuple(row[name] for name in table.headers) for row in table.rows]
    return session.createDataFrame(rows, schema)


ENGINES: dict[str, Callable[[Table], Any]] = {
    "polars": polars_of,
    "polars, lazily": lazy_of,
    "duckdb": duckdb_of,
}

ALL_ENGINES = [*ENGINES, pytest.param("spark", marks=pytest.mark.long)]


def native_of(engine: str, table: Table) -> Any:
    return spark_of(table) if engine == "spark" else ENGINES[engine](table)
