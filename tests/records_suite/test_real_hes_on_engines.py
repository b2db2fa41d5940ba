"""The artificial HES files that NHS England publishes, on every engine: the same tables."""

from __future__ import annotations

from functools import cache
from string import ascii_uppercase, digits
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from tests.records_suite.engines import spark
from tests.records_suite.suite import check_tally

from phm_diabetes.model.periods import Period
from phm_diabetes.model.policies import PUBLISHED, SMALL_NUMBERS
from phm_diabetes.records.block_executor import BlockExecutor
from phm_diabetes.records.frame_executor import FrameExecutor
from phm_diabetes.records.layouts.england_hes_apc import ENGLAND_HES_APC
from phm_diabetes.records.layouts.england_hes_op import ENGLAND_HES_OP
from phm_diabetes.records.measures import Distinct, RecordMeasure, Rows, Total, Where
from phm_diabetes.records.opening import source_of
from phm_diabetes.records.plan import AGE_BAND, WEEKDAY, Grouping, Plan

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

_SEEN = Where(column="attendance", isin=("attended",))
_MISSED = Where(column="attendance", isin=("missed",))
_EMERGENCY = Where(column="admission", isin=("emergency",))
_BANDS = ("0-16", "17-39", "40-64", "65+")

OUTPATIENTS = Plan(
    measures=(
        RecordMeasure(
            id="op.missed", definition="hes:ATTENDED{3,7}/{3,5,6,7}:1",
            numerator=Rows(where=(_MISSED,)),
            denominator=Rows(where=(Where(column="attendance", isin=("attended", "missed")),)),
        ),
        RecordMeasure(
            id="op.people", definition="hes:people:1", numerator=Distinct(where=(_SEEN,)),
        ),
    ),
    by=("visit", "sex", AGE_BAND),
    bands=_BANDS,
    groupings=(
        Grouping(level="trust", column="provider", spans=()),
        Grouping(level="half", column="provider", spans=(), parents=()),
    ),
)  # fmt: skip
EPISODES = Plan(
    measures=(
        RecordMeasure(
            id="apc.emergencies", definition="hes:ADMIMETH:1",
            numerator=Rows(where=(_EMERGENCY,)), denominator=Distinct(),
        ),
        RecordMeasure(
            id="apc.amputations", definition="hes:OPERTN{X09,X10,X11}:1",
            numerator=Distinct(where=(Where(column="procedures", starts=("X09", "X10", "X11")),)),
            denominator=Total(column="age"),
        ),
    ),
    by=("sex", WEEKDAY),
    groupings=(Grouping(level="trust", column="provider", spans=()),),
)  # fmt: skip

FILES = {
    "op_0304": (ENGLAND_HES_OP, OUTPATIENTS, "2003-04", 1_000),
    "apc_0102": (ENGLAND_HES_APC, EPISODES, "2001-02", 2_075),
}


def file_of(shared: Path, part: str) -> Path:
    path = shared / "data" / "hes" / f"artificial_hes_{part}_truncated.csv"
    if not path.exists():
        pytest.skip("needs ../shared/data/hes, which is not here")
    return path


def polars_of(path: Path) -> Any:
    return pytest.importorskip("polars").scan_csv(path, infer_schema=False)


def duckdb_of(path: Path) -> Any:
    return pytest.importorskip("duckdb").read_csv(str(path), all_varchar=True)


def spark_of(path: Path) -> Any:
    return spark().read.csv(str(path), header=True)


ENGINES = {"polars": polars_of, "duckdb": duckdb_of, "spark": spark_of}


def plan_of(part: str) -> Plan:
    _, plan, year, _ = FILES[part]
    whole = Period.financial_year(year)
    halves = (
        Period(start=whole.start, end=whole.start.replace(month=9, day=30)),
        Period(start=whole.start.replace(month=10, day=1), end=whole.end),
    )
    trusts = [f"R{first}{last}" for first in ascii_uppercase for last in ascii_uppercase + digits]
    north = dict.fromkeys(trusts[::2], "north")
    groupings = tuple(
        evolve(one, spans=halves, parents=(north, dict.fromkeys(trusts, "all")))
        if one.parents is not None else evolve(one, spans=(whole, *halves))
        for one in plan.groupings
    )  # fmt: skip
    return evolve(plan, groupings=groupings)


@cache
def from_file(path: Path, part: str) -> tuple[Any, pd.DataFrame, pd.DataFrame]:
    layout = FILES[part][0]
    executor = BlockExecutor(source_of(path), layout, progress=False)
    plan = plan_of(part)
    whole, survey = executor.tally(plan, egress=PUBLISHED)
    return survey, whole, executor.tally(plan, egress=SMALL_NUMBERS)[0]


@pytest.mark.parametrize("part", FILES)
@pytest.mark.parametrize(
    "engine",
    [
        "polars",
        pytest.param("duckdb", marks=pytest.mark.slow),
        pytest.param("spark", marks=pytest.mark.long),
    ],
)
def test_the_real_files_give_the_same_tables_on_every_engine_as_from_the_file(shared, engine, part):
    layout, _, _, rows = FILES[part]
    path = file_of(shared, part)
    survey, whole, hidden = from_file(path, part)
    executor = FrameExecutor(ENGINES[engine](path), layout)
    plan = plan_of(part)
    found, theirs = executor.tally(plan, egress=PUBLISHED)
    assert theirs.rows_read == rows == theirs.rows_used + theirs.rows_reported
    assert theirs.rows_used == survey.rows_used
    assert {evolve(each, first=()) for each in theirs.findings} == {
        evolve(each, first=()) for each in survey.findings
    }
    assert len(found) > 50
    check_tally(found, whole)
    if engine == "polars":  # the policy is held to the oracle on every engine; this saves minutes
        check_tally(executor.tally(plan, egress=SMALL_NUMBERS)[0], hidden)
