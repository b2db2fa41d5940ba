"""Frames on an engine, held to the same oracle as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.records_suite.dirty_tables import dirty_tables
from tests.records_suite.suite import POLICIES, SHARED_TABLES, check, plans_of

from phm_diabetes.records.frame_executor import FrameExecutor

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.records_suite.oracle import Table

    from phm_diabetes.model.policies import Policy
    from phm_diabetes.records.plan import Plan

duckdb = pytest.importorskip("duckdb")
pl = pytest.importorskip("polars")


def polars_of(table: Table) -> Any:
    schema = dict.fromkeys(table.headers, pl.String)
    return pl.DataFrame([dict(row) for row in table.rows], schema=schema)


def lazy_of(table: Table) -> Any:
    return polars_of(table).lazy()


def duckdb_of(table: Table) -> Any:
    frame = polars_of(table)
    return duckdb.from_arrow(frame.to_arrow())


ENGINES = {"polars": polars_of, "polars, lazily": lazy_of, "duckdb": duckdb_of}


def on(native_of: Callable[[Table], Any]) -> Callable[[Table], FrameExecutor]:
    return lambda table: FrameExecutor(
        native_of(table), table.layout, options=table.options, key=table.key
    )


@pytest.mark.parametrize("table", SHARED_TABLES, ids=lambda table: table.layout.dataset)
@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_agrees_with_the_oracle_to_the_row(engine, table):
    asked = (
        [(plan, POLICIES[at % len(POLICIES)]) for at, plan in enumerate(plans_of(table))]
        if engine == "duckdb"
        else None
    )
    check(on(ENGINES[engine]), table, asked=asked)


def drawn(data: st.DataObject) -> tuple[Table, list[tuple[Plan, Policy]]]:
    table = data.draw(dirty_tables())
    return table, [
        (data.draw(st.sampled_from(plans_of(table))), data.draw(st.sampled_from(POLICIES)))
    ]


@settings(max_examples=20)
@given(st.data())
def test_polars_agrees_with_the_oracle_whatever_a_source_holds(data):
    table, asked = drawn(data)
    check(on(lazy_of), table, asked=asked)


@settings(max_examples=6)  # it spends a second on each question, whatever the rows
@given(st.data())
def test_duckdb_agrees_with_the_oracle_whatever_a_source_holds(data):
    table, asked = drawn(data)
    check(on(duckdb_of), table, asked=asked)
