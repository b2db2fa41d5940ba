"""The executor for files and pandas tables agrees with the oracle to the row."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from tests.records_suite.dirty_tables import dirty_tables
from tests.records_suite.oracle import Table
from tests.records_suite.planted_layouts import CLINIC
from tests.records_suite.suite import POLICIES, SHARED_TABLES, check, plans_of, planted_table

from phm_diabetes.records.arrow_blocks import ArrowCsv, ArrowParquet
from phm_diabetes.records.block_executor import BlockExecutor
from phm_diabetes.records.blocks import Texts
from phm_diabetes.records.csv_files import look_at_csv
from phm_diabetes.records.frame_blocks import FrameSource
from phm_diabetes.records.id_words import as_words, mixed
from phm_diabetes.records.plain_csv import PlainCsv
from phm_diabetes.records.sealing import Seal
from phm_diabetes.records.spooling import Spool

if TYPE_CHECKING:
    from pathlib import Path

    from phm_diabetes.records.blocks import RecordSource


def run_of(source: RecordSource, table: Table) -> BlockExecutor:
    return BlockExecutor(source, table.layout, options=table.options, key=table.key, progress=False)


def of_pandas(table: Table) -> BlockExecutor:
    return run_of(FrameSource(table.pandas()), table)


def csv_text(table: Table, ending: str = "\n") -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=ending)
    writer.writerow(table.headers)
    writer.writerows([row[name] or "" for name in table.headers] for row in table.rows)
    return text.getvalue()


def written(table: Table, path: Path, ending: str = "\n") -> Path:
    path.write_bytes(csv_text(table, ending).encode("utf-8", errors="surrogatepass"))
    return path


def without(table: Table, *signs: str) -> Table:
    """Return the table without some characters: no file of text holds a zero byte."""
    rows = [dict(row) for row in table.rows]
    for row in rows:
        for name, text in row.items():
            row[name] = "".join(sign for sign in text or "" if sign not in signs)
    return Table(layout=table.layout, headers=table.headers, rows=rows, options=table.options)


@given(table=dirty_tables())
@settings(max_examples=12, deadline=None)
def test_a_pandas_table_of_any_dirt_is_read_as_the_oracle_reads_it(table):
    check(of_pandas, table)


@pytest.mark.parametrize("number", range(len(SHARED_TABLES)))
def test_a_pandas_table_is_counted_as_the_oracle_counts_it(number):
    check(of_pandas, SHARED_TABLES[number])


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("number", range(len(SHARED_TABLES)))
def test_a_csv_file_is_counted_as_the_oracle_counts_it(tmp_path, number, ending):
    table = without(SHARED_TABLES[number], "\0")
    path = written(table, tmp_path / "rows.csv", ending)
    check(lambda each: run_of(ArrowCsv(look_at_csv(path)), each), table)


@pytest.mark.parametrize("number", range(len(SHARED_TABLES)))
def test_a_csv_file_is_counted_alike_where_pyarrow_is_not_installed(tmp_path, number):
    table = without(SHARED_TABLES[number], "\0")
    path = written(table, tmp_path / "rows.csv")
    check(lambda each: run_of(PlainCsv(look_at_csv(path)), each), table)


@pytest.mark.parametrize("number", range(len(SHARED_TABLES)))
def test_a_parquet_file_is_counted_as_the_oracle_counts_it(tmp_path, number):
    table, path = SHARED_TABLES[number], tmp_path / "rows.parquet"
    table.pandas().astype("string").to_parquet(path, row_group_size=100)
    check(lambda each: run_of(ArrowParquet(path), each), table)


def test_parts_blocks_and_spilled_buckets_change_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("phm_diabetes.records.arrow_blocks._BYTES", 1 << 11)
    monkeypatch.setattr("phm_diabetes.records.spooling._MOST_BYTES", 1 << 10)
    monkeypatch.setattr("phm_diabetes.records.spooling._AT_ONCE", 50)
    for each in ("passes", "block_executor"):  # both passes cut the file alike
        monkeypatch.setattr(f"phm_diabetes.records.{each}.threads", lambda: 3)
    safe = without(planted_table(CLINIC, rows=400, seed=3), "\0", '"', "\n", "\r", ",")
    path = written(safe, tmp_path / "rows.csv")
    assert len(ArrowCsv(look_at_csv(path)).parts([], [], most=3)) == 3
    check(lambda each: run_of(ArrowCsv(look_at_csv(path)), each), safe)


def test_cells_kept_apart_and_in_one_table_add_up_alike(monkeypatch):
    monkeypatch.setattr("phm_diabetes.records.cell_sums._MOST_HELD", 0)
    monkeypatch.setattr("phm_diabetes.records.spooling._AT_ONCE", 50)
    check(of_pandas, SHARED_TABLES[0])


def test_ids_whose_hashes_all_meet_are_still_told_apart(monkeypatch):
    def meeting(columns):
        return np.zeros(len(columns[0]), dtype=np.uint64)

    for each in ("id_words", "block_executor", "copies"):
        monkeypatch.setattr(f"phm_diabetes.records.{each}.mixed", meeting)
    check(of_pandas, SHARED_TABLES[0])


def test_an_id_of_a_page_is_told_apart_and_takes_no_more_memory_than_another():
    long = "x" * 100_000
    texts = Texts.of([long, long + "y", long, "short"])
    words = as_words(texts, 2)
    assert words.shape[1] == 16  # of SHA-512 in hexadecimal
    assert words[0].tolist() == words[2].tolist() != words[1].tolist()
    alone = as_words(Texts.of(["short"]), 2)
    assert mixed(words.T)[3] == mixed(alone.T)[0]


def test_rows_of_nobody_are_spread_over_the_buckets_as_rows_of_somebody_are(monkeypatch):
    sizes: list[int] = []

    def noted(spool):
        for rows in groups(spool):
            sizes.append(len(rows))
            yield rows

    groups = Spool.groups
    monkeypatch.setattr("phm_diabetes.records.spooling.Spool.groups", noted)
    monkeypatch.setattr("phm_diabetes.records.spooling._AT_ONCE", 50)
    known = planted_table(CLINIC, rows=4000, seed=3)
    nobody = dict.fromkeys(("TOKEN_PERSON_ID", "ENCRYPTED_HESID"), "")
    table = evolve(known, rows=[{**row, **nobody} for row in known.rows])
    of_pandas(table).tally(plans_of(table)[0], egress=POLICIES[0])
    assert len(sizes) > 20
    assert max(sizes) < 200


def test_no_id_can_be_read_off_what_goes_to_disk():
    words = as_words(Texts.of(["9434765919", "9434765870", "9434765919"]), 2)
    one, other = Seal().sealed(words), Seal().sealed(words)
    assert one[0].tolist() == one[2].tolist() != one[1].tolist()
    assert not (one == words).any()
    assert not (one == other).any()
