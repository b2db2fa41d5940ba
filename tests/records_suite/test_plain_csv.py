"""Where pyarrow is not installed, numpy reads a file of text as Python's own reader does."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.records_suite.planted_layouts import CLINIC
from tests.records_suite.suite import check, planted_table
from tests.records_suite.test_block_executor import run_of, without, written

from phm_diabetes.errors import SourceReadError
from phm_diabetes.records import plain_csv
from phm_diabetes.records.blocks import Coded
from phm_diabetes.records.csv_files import look_at_csv
from phm_diabetes.records.plain_csv import PlainCsv

ZERO = "~"
"""Stands for a zero byte, which no head of a file may hold, until the head was looked at."""

CELLS = st.one_of(
    st.sampled_from(["", " ", "é", "£1", "\x0b", "\x85", "\u2028", f"a{ZERO}", "a", "12345678"]),
    st.sampled_from(["x" * 63, "x" * 64, "x" * 65, "x" * 200, f"1234567{ZERO}", "1234567"]),
    st.text(alphabet="ab1é\u20ac\U0001f600", max_size=20),
)
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\n\r", "\r\r\n"])


@st.composite
def files(draw):
    """Return the bytes of a small file without quotation marks, as odd as files come."""
    separator = draw(st.sampled_from([",", "|", "\t"]))
    width = draw(st.integers(1, 4))
    widths = st.one_of(st.just(width), st.integers(1, width + 2))
    header = separator.join(f"C{number}" for number in range(width))
    lines = [header, draw(st.sampled_from(["\n", "\r\n"]))]
    for _ in range(draw(st.integers(0, 12))):
        cells = draw(widths.flatmap(lambda many: st.lists(CELLS, min_size=many, max_size=many)))
        lines += [separator.join(cells), draw(ENDS)]
    if len(lines) > 2 and draw(st.booleans()):
        lines.pop()
    mark = draw(st.sampled_from(["", "\ufeff"]))
    return (mark + "".join(lines)).encode()


def read(csv_file, most):
    """Return the records by their line in the file, and the lines that are no record."""
    few, many = csv_file.headers[::2], csv_file.headers[1::2]
    records: list[tuple[object, ...]] = []
    gaps: list[int] = []
    before, share = 0, 0.0
    for part in PlainCsv(csv_file).parts(few, many, most=most):
        lines = 0
        for block in part:
            assert block.start == lines
            rows = range(block.rows)
            cells = [
                each.decoded() if isinstance(each, Coded) else each.at(rows)
                for each in (block.columns[name] for name in csv_file.headers if block.rows)
            ]
            records += zip((block.lines(rows) + before).tolist(), *cells, strict=True)
            gaps += (block.gaps + block.start + before).tolist()
            lines += block.rows + len(block.gaps)
            share += block.share
        before += lines
    return records, gaps, share


@given(file=files(), size=st.sampled_from([1, 7, 30, 1 << 20]), most=st.integers(1, 3))
@example(file=b"A,B\n1\r2,3\r\n\r\n\n4,5", size=1 << 20, most=1)
@example(file=b"A,B\n", size=1, most=2)
@settings(deadline=None)
def test_a_file_without_quotation_marks_is_read_as_python_reads_it(
    tmp_path_factory, file, size, most
):
    path = tmp_path_factory.mktemp("plain") / "rows.csv"
    path.write_bytes(file)
    csv_file = look_at_csv(path)
    assert csv_file.plain
    path.write_bytes(file.replace(ZERO.encode(), b"\0"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_csv, "_BYTES", size)
        records, gaps, share = read(csv_file, most)
    assert (records, gaps) == read(evolve(csv_file, plain=False), most)[:2]
    assert share == pytest.approx((csv_file.size - csv_file.body) / csv_file.size)


@pytest.mark.long
def test_parts_and_blocks_of_a_plain_file_change_no_count(tmp_path, monkeypatch):
    monkeypatch.setattr(plain_csv, "_BYTES", 1 << 11)
    for each in ("passes", "block_executor"):  # both passes cut the file alike
        monkeypatch.setattr(f"phm_diabetes.records.{each}.threads", lambda: 3)
    table = without(planted_table(CLINIC, rows=400, seed=3), "\0", '"', "\n", "\r", ",")
    csv_file = look_at_csv(written(table, tmp_path / "rows.csv"))
    assert csv_file.plain
    assert len(PlainCsv(csv_file).parts([], [], most=3)) == 3
    check(lambda each: run_of(PlainCsv(csv_file), each), table)


def test_each_distinct_text_of_few_stands_once(tmp_path):
    path = tmp_path / "rows.csv"
    texts = ["More deprived 10-20%", "More deprived 20-30%", "", "Less deprived 10-20%", "10%"]
    rows = [*texts, *texts[::-1]]
    path.write_text("\n".join(["DECILE,AGE", *(f"{text},59" for text in rows)]), encoding="utf-8")
    decile = next(PlainCsv(look_at_csv(path)).parts(["DECILE"], ["AGE"], most=1)[0]).columns[
        "DECILE"
    ]
    assert isinstance(decile, Coded)
    assert (decile.texts, decile.codes.tolist()) == (texts, [0, 1, 2, 3, 4, 4, 3, 2, 1, 0])


@pytest.mark.parametrize("marks", ["", '"'])
def test_bytes_that_are_not_utf_8_are_refused_without_the_cell(tmp_path, marks):
    path = tmp_path / "rows.csv"
    path.write_bytes(f"SITE,AGE\n{marks}Café secret{marks},59\n".encode("cp1252"))
    with pytest.raises(SourceReadError, match="encoding='cp1252'") as refused:
        read(look_at_csv(path), 1)
    assert "secret" not in str(refused.value)
    assert refused.value.__context__ is None
    assert read(look_at_csv(path, encoding="cp1252"), 1)[0] == [(0, "Café secret", "59")]
