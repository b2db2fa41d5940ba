"""Frames on an engine, held to the same oracle as files."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.records_suite.dirty_tables import dirty_tables
from tests.records_suite.engines import ENGINES, duckdb_of, lazy_of, polars_of, spark_of
from tests.records_suite.oracle import Oracle, Table
from tests.records_suite.planted_layouts import CLINIC, CLINIC_TEXTS
from tests.records_suite.suite import (
    CLINIC_PLANS,
    POLICIES,
    SHARED_TABLES,
    check,
    check_survey,
    plans_of,
)

from phm_diabetes.errors import OptionError, SourceLayoutError, SourceReadError
from phm_diabetes.model.policies import PUBLISHED, SMALL_NUMBERS
from phm_diabetes.records.engine_frames import Engine
from phm_diabetes.records.engine_names import is_engine_frame
from phm_diabetes.records.engine_numbers import DIGITS_OF_DATES
from phm_diabetes.records.engine_patterns import whole_text
from phm_diabetes.records.frame_executor import FrameExecutor
from phm_diabetes.records.reading import DATE_PATTERNS

if TYPE_CHECKING:
    from collections.abc import Callable

    from phm_diabetes.model.policies import Policy
    from phm_diabetes.records.plan import Plan

pl = pytest.importorskip("polars")
pytest.importorskip("duckdb")

_PLANTED = SHARED_TABLES[0]


def on(native_of: Callable[[Table], Any]) -> Callable[[Table], FrameExecutor]:
    return lambda table: FrameExecutor(
        native_of(table), table.layout, options=table.options, key=table.key
    )


def drawn(data: st.DataObject) -> tuple[Table, list[tuple[Plan, Policy]]]:
    table = data.draw(dirty_tables())
    plan, policy = data.draw(st.sampled_from(plans_of(table))), data.draw(st.sampled_from(POLICIES))
    return table, [(plan, policy)]


@pytest.mark.parametrize("number", range(len(SHARED_TABLES)))
def test_polars_agrees_with_the_oracle_to_the_row(number):
    check(on(polars_of), SHARED_TABLES[number])


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(SHARED_TABLES)))
@pytest.mark.parametrize("native_of", [lazy_of, duckdb_of])
def test_lazy_polars_and_duckdb_agree_with_the_oracle_to_the_row(native_of, number):
    table = SHARED_TABLES[number]
    asked = [(plan, POLICIES[at % 3]) for at, plan in enumerate(plans_of(table))]
    check(on(native_of), table, asked=asked)


@pytest.mark.long
def test_spark_agrees_with_the_oracle_to_the_row():
    first, second, _ = CLINIC_PLANS
    measures = (*first.measures, *second.measures)
    # One question with everything in it: Spark takes seconds to plan each, whatever the rows.
    plan = evolve(second, measures=measures, groupings=first.groupings[1:2])
    check(on(spark_of), _PLANTED, asked=[(plan, POLICIES[2])])


@pytest.mark.slow
@settings(max_examples=15)
@given(st.data())
def test_polars_agrees_with_the_oracle_whatever_a_source_holds(data):
    table, asked = drawn(data)
    check(on(lazy_of), table, asked=asked)


@pytest.mark.slow
@settings(max_examples=4)  # it spends a second on each question, whatever the rows
@given(st.data())
def test_duckdb_agrees_with_the_oracle_whatever_a_source_holds(data):
    table, asked = drawn(data)
    check(on(duckdb_of), table, asked=asked)


def duckdb_over(frame: Any) -> Any:
    return pytest.importorskip("duckdb").from_arrow(frame.to_arrow())


@pytest.mark.parametrize(
    "native_over", [lambda frame: frame, duckdb_over], ids=["polars", "duckdb"]
)
def test_columns_that_are_no_texts_are_read_as_they_are_written(native_over):
    good = {name: texts[0] for name, texts in CLINIC_TEXTS.items()}
    cells: dict[str, tuple[list[Any], list[str | None]]] = {
        "APPTDATE": (
            [date(2023, 4, 1), None, date(2030, 1, 1)],
            ["2023-04-01", None, "2030-01-01"],
        ),
        "APPTAGE": ([59.0, float("nan"), 17.5], ["59.0", None, "17.5"]),
        "WAITING": ([10, -40, None], ["10", "-40", None]),
        "TARIFF_TOTAL": ([12_345_678.0, 140.5, None], ["12345678.0", "140.5", None]),
        "SPELL": ([9434765919.0, 2.0, None], ["9434765919.0", "2.0", None]),
        "PROCODET": ([True, False, None], ["True", "False", None]),
    }
    typed = {name: [text] * 3 for name, text in good.items()}
    typed |= {name: native for name, (native, _) in cells.items()}
    typed["ATTENDKEY"] = ["A1", "A2", "A3"]
    texts = typed | {name: written for name, (_, written) in cells.items()}
    rows = [{name: column[at] for name, column in texts.items()} for at in range(3)]
    table = Table(layout=CLINIC, headers=tuple(texts), rows=rows)
    executor = FrameExecutor(native_over(pl.DataFrame(typed)), CLINIC)
    check(lambda _: executor, table, asked=[(CLINIC_PLANS[0], PUBLISHED)])
    survey = {each.rule for each in Oracle(table).survey().findings}
    assert survey >= {"whole number", "out of range", "day out of range"}


def test_lists_are_refused_by_the_name_of_their_column():
    frame = polars_of(_PLANTED).with_columns(SEX=pl.lit([["1"]]).explode().implode())
    with pytest.raises(SourceLayoutError, match="lists, bytes or the like in 'SEX'"):
        FrameExecutor(frame, CLINIC)


def test_a_missing_column_is_named():
    with pytest.raises(SourceLayoutError, match=r"the DuckDB frame is not in the layout .* 'SEX'"):
        FrameExecutor(duckdb_of(_PLANTED).project("* exclude (SEX)"), CLINIC)


def test_a_header_may_hold_dots_marks_and_spaces():
    odd = {"SEX": "Sex. of `patient`", "APPTAGE": 'Age "years"'}
    columns = tuple(
        evolve(column, sources=(odd.get(column.sources[0], column.sources[0]), *column.sources[1:]))
        for column in CLINIC.columns
    )
    layout = evolve(CLINIC, columns=columns)
    rows = [{odd.get(name, name): cell for name, cell in row.items()} for row in _PLANTED.rows]
    headers = tuple(odd.get(name, name) for name in _PLANTED.headers)
    table = Table(layout=layout, headers=headers, rows=rows, options=_PLANTED.options)
    for native in (polars_of(table), duckdb_of(table)):
        executor = FrameExecutor(native, layout, options=table.options)
        check_survey(executor.survey(), Oracle(table).survey())


@pytest.mark.parametrize("engine", ENGINES)
def test_no_small_number_leaves_the_engine(engine, monkeypatch):
    left: list[tuple[Any, ...]] = []
    whole = Engine.rows

    def watched(self: Engine, frame: Any) -> list[tuple[Any, ...]]:
        names, rows = frame.collect_schema().names(), whole(self, frame)
        if "_span" in names:
            kept = [at for at, name in enumerate(names) if name.startswith(("value_", "rows_"))]
            left.extend(tuple(row[at] for at in kept) for row in rows)
        return rows

    monkeypatch.setattr(Engine, "rows", watched)
    plan = evolve(CLINIC_PLANS[0], measures=CLINIC_PLANS[0].measures[:2])
    executor = on(ENGINES[engine])(_PLANTED)
    executor.tally(plan, egress=PUBLISHED)
    small = {cell for row in left for cell in row if 0 < cell <= SMALL_NUMBERS.hide_up_to}
    assert small, "else there is nothing to hide"
    left.clear()
    executor.tally(plan, egress=SMALL_NUMBERS)
    shown = {cell for row in left for cell in row}
    assert -1 in shown
    assert all(cell in {-1, 0} or (cell > 7 and cell % 5 == 0) for cell in shown)


def test_what_an_engine_says_of_a_cell_is_not_repeated():
    frame = lazy_of(_PLANTED).with_columns(APPTAGE=pl.lit("9434765919 x").cast(pl.Int64))
    with pytest.raises(SourceReadError, match="Polars could not compute") as caught:
        FrameExecutor(frame, CLINIC).survey()
    chain = [caught.value, caught.value.__cause__, caught.value.__context__]
    assert not any("9434765919" in str(each) for each in chain)


def test_a_key_is_refused_where_the_frame_holds_identifiers():
    key = bytes(range(32))
    with pytest.raises(OptionError, match="'NHS_NUMBER' cannot be made inside Polars"):
        FrameExecutor(polars_of(_PLANTED), CLINIC, key=key)
    without = polars_of(_PLANTED).drop("NHS_NUMBER")
    assert FrameExecutor(without, CLINIC, key=key).survey().rows_read == len(_PLANTED.rows)


def test_identifiers_are_never_part_of_what_is_computed():
    executor = FrameExecutor(polars_of(_PLANTED), CLINIC)
    place = _PLANTED.headers.index("NHS_NUMBER")
    query = executor.frame(["nhs_number"], most=10**6)
    assert query["nhs_number"].isna().all()
    assert f"c{place}" not in executor._rows.frame.collect_schema().names()  # noqa: SLF001


def test_more_rows_than_may_be_held_are_refused():
    executor = FrameExecutor(polars_of(_PLANTED), CLINIC)
    used = executor.survey().rows_used
    assert len(executor.frame(["sex"], most=used)) == used
    with pytest.raises(OptionError, match=f"more than {used - 1:,} rows"):
        executor.frame(["sex"], most=used - 1)


def test_pandas_tables_and_other_things_are_no_frames_of_an_engine():
    for other in (pd.DataFrame(), "op.csv", None, pl.Series([1])):
        assert not is_engine_frame(other)
    for native_of_ in ENGINES.values():
        assert is_engine_frame(native_of_(_PLANTED))
    with pytest.raises(OptionError, match="no Polars, DuckDB or Spark frame"):
        FrameExecutor(pd.DataFrame(), CLINIC)


def test_asking_whether_something_is_a_frame_imports_no_engine():
    program = (
        "import sys; from phm_diabetes.records.engine_frames import engine_of; "
        "engine_of(1); print(*sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, encoding="utf-8"
    )
    assert not {"polars", "duckdb", "pyspark"} & set(run.stdout.split())


def test_the_setting_of_a_spark_session_is_put_back_after_each_question():
    name = "spark.sql.constraintPropagation.enabled"
    said: dict[str, str] = {}

    class Session:
        def __init__(self) -> None:
            self.sparkSession = self.conf = self

        def to_native(self) -> Session:
            return self

        def get(self, key: str, default: str) -> str:
            return said.get(key, default)

        def set(self, key: str, value: str) -> None:
            said[key] = value

    frame: Any = Session()
    with Engine(name="Spark", headers=(), frame=frame).planned():
        assert said == {name: "false"}
    assert said == {name: "true"}


def test_a_cluster_that_keeps_nothing_is_asked_again():
    class Serverless:
        def to_native(self) -> Serverless:
            return self

        def persist(self) -> None:
            raise RuntimeError

    frame: Any = Serverless()
    with Engine(name="Spark", headers=(), frame=frame).held(frame) as kept:
        assert kept is frame


def test_every_format_of_a_date_has_its_digits_and_no_text_is_of_two_formats():
    assert DIGITS_OF_DATES.keys() == DATE_PATTERNS.keys()
    # A day is put together from one format alone: the shapes, digits as 0, must all differ.
    shapes = {"2023-04-01", "20230401", "01/04/2023"}
    assert len({"".join("0" if sign.isdigit() else sign for sign in each) for each in shapes}) == 3


@pytest.mark.parametrize(
    "pattern",
    [r"\d+", r"\w", "a.c", "a$", "^a", "(?=a)", "(?i)a", "[a&&b]", "[[:alpha:]]", "a++", "a{,3}",
     "[--a]", r"(a)\1", "*"],
)  # fmt: skip
def test_a_pattern_that_engines_read_in_different_ways_is_refused(pattern):
    with pytest.raises(OptionError, match="The pattern of 'age' is read in different ways"):
        whole_text(pattern, column="age")
