"""Every expression of narwhals that records use, listed, and asked of every engine.

What an engine computes is held against plain Python, one text or number at a time, so that a
difference between engines, or a new release of one, is found here by name.
"""

from __future__ import annotations

import ast
import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pytest
from tests.records_suite.engines import ALL_ENGINES, native_of
from tests.records_suite.oracle import Table
from tests.records_suite.planted_layouts import CLINIC, CLINIC_TEXTS

from phm_diabetes.records import engine_steps
from phm_diabetes.records.columns import WHITE
from phm_diabetes.records.engine_frames import opened_frame
from phm_diabetes.records.engine_patterns import whole_text
from phm_diabetes.records.engine_steps import first_of, never, whole
from phm_diabetes.records.reading import DATE_PATTERNS, MONEY, TIME_OF_DAY, WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FUNCTIONS = {"col", "concat_str", "from_native", "len", "lit", "sum_horizontal", "when"}
METHODS = {
    "alias", "cast", "cum_sum", "fill_null", "is_in", "is_nan", "is_null", "otherwise", "over",
    "sum", "then",
}  # fmt: skip
OF_TEXTS = {"contains", "replace_all", "slice", "starts_with", "strip_chars", "zfill"}
OF_FRAMES = {
    "agg", "collect_schema", "filter", "group_by", "head", "join", "lazy", "select", "to_native",
    "with_columns",
}  # fmt: skip

OF_OTHERS = {
    "DataFrame", "LazyFrame", "Series", "collect", "concat", "max", "min", "replace",
}  # fmt: skip
"""Names that are also those of narwhals, called of pandas, numpy, Polars and texts."""

_ODD = ("", "A\0B", "a\nb", "x\n", "x\r", "\u2028x", "7\u0085", "\U0001f600ab", "e\u0301", "-",
        "+5", "Ab", "ab", "aB", "\u00e9", "\u00c9", "'", '"', "\\", "%", "_", "A_1",
        "12345678901234567", "1,234,567.891", "00", "-0", "\uff11",
        " \t7\x0b\x0c\r\n\xa0", "\u2003x")  # fmt: skip
_SOME = {"ab", "'", "\\", "A\0B", ""}
TEXTS = [*dict.fromkeys([*_ODD, *(text or "" for each in CLINIC_TEXTS.values() for text in each)])]
NUMBERS = [(at * 7919) % 3001 for at in range(len(TEXTS))]
TABLE = Table(
    layout=CLINIC,
    headers=("place", "text", "number", "gap"),
    rows=[
        {"place": str(at), "text": text, "number": str(NUMBERS[at]), "gap": text or None}
        for at, text in enumerate(TEXTS)
    ],
)
_TEXT, _NUMBER, _GAP = nw.col("text"), nw.col("number"), nw.col("gap")


def fits(pattern: str) -> tuple[nw.Expr, Callable[[str], bool]]:
    portable = re.sub(r"\?P<\w+>", "", pattern)
    return (
        _TEXT.str.contains(whole_text(pattern)),
        lambda text: re.fullmatch(portable, text) is not None,
    )


def digits_of(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0


OF_A_TEXT: dict[str, tuple[nw.Expr, Callable[[str], object]]] = {
    "strip_chars": (_TEXT.str.strip_chars(WHITE), lambda text: text.strip(WHITE)),
    "contains, literally": (_TEXT.str.contains("\0", literal=True), lambda text: "\0" in text),
    "contains a whole number": fits(WHOLE),
    "contains money": fits(MONEY),
    "contains a class without": fits("[^0-9]{2}"),
    "contains an alternative": fits("[A-Y][0-9]{5}|R[VB][YN]?"),
    "contains only small letters": fits("[a-z]*"),
    **{f"contains a day as {form}": fits(DATE_PATTERNS[form]) for form in DATE_PATTERNS},
    "starts_with": (_TEXT.str.starts_with("A_"), lambda text: text.startswith("A_")),
    "starts_with an accent": (_TEXT.str.starts_with("\u00e9"), lambda text: text[:1] == "\u00e9"),
    "slice from the start": (_TEXT.str.slice(0, 3), lambda text: text[:3]),
    "slice from within": (_TEXT.str.slice(2, 3), lambda text: text[2:5]),
    "replace_all at the end": (
        _TEXT.str.replace_all(r"\.[0-9]*\z", ""),
        lambda text: re.sub(r"\.[0-9]*\Z", "", text),
    ),
    "replace_all at the start": (
        _TEXT.str.replace_all(r"\A[0-9]*\.?", ""),
        lambda text: re.sub(r"\A[0-9]*\.?", "", text, count=1),
    ),
    "replace_all anywhere": (
        _TEXT.str.replace_all("[\u00a3,]", ""),
        lambda text: text.replace("\u00a3", "").replace(",", ""),
    ),
    "replace_all of a time of day": (
        _TEXT.str.replace_all(rf"(?:{TIME_OF_DAY})\z", ""),
        lambda text: re.sub(rf"(?:{TIME_OF_DAY})\Z", "", text),
    ),
    "zfill": (
        first_of([(_TEXT.str.contains(whole_text("[0-9]+")), _TEXT.str.zfill(4))], _TEXT),
        lambda text: text.zfill(4) if re.fullmatch("[0-9]+", text) else text,
    ),
    "is_in": (_TEXT.is_in(sorted(_SOME)), lambda text: text in _SOME),
    "is equal": (_TEXT == "ab", lambda text: text == "ab"),
    "concat_str": (
        nw.concat_str([_TEXT, nw.lit("|"), _TEXT], separator="\x1f"),
        lambda text: f"{text}\x1f|\x1f{text}",
    ),
    "is_null": (_GAP.is_null(), lambda text: not text),
    "fill_null": (_GAP.fill_null(nw.lit("none")), lambda text: text or "none"),
    "a missing text": (
        first_of([(_TEXT == "", nw.lit(None, nw.String))], _TEXT),
        lambda text: text or None,
    ),
    "a missing condition does not hold": (
        first_of([(_GAP == "ab", whole(1))], whole(0)),
        lambda text: int(text == "ab"),
    ),
    "never": (never() | ~never() & (_TEXT != "ab"), lambda text: text != "ab"),
    "cast of a guarded text": (
        first_of(
            [(_TEXT.str.contains(whole_text("[0-9]{1,18}")), _TEXT)], nw.lit("0")
        ).cast(nw.Int64),
        digits_of,
    ),
}  # fmt: skip

OF_A_NUMBER: dict[str, tuple[nw.Expr, Callable[[int], object]]] = {
    "sums and products": (_NUMBER * 365 + _NUMBER - 719_468, lambda number: number * 366 - 719_468),
    "whole part": ((_NUMBER // 100).cast(nw.Int64), lambda number: number // 100),
    "rest": (_NUMBER % 7, lambda number: number % 7),
    "less or equal": ((_NUMBER >= 100) & (_NUMBER <= 2000), lambda number: 100 <= number <= 2000),
    "less or more": ((_NUMBER > 2000) | (_NUMBER < 100), lambda number: not 100 <= number <= 2000),
    "is_in of numbers": (_NUMBER.is_in([0, 7, 100]), lambda number: number in {0, 7, 100}),
    "cast to text": (_NUMBER.cast(nw.String), str),
    "cast of a condition": ((_NUMBER > 100).cast(nw.Int64), lambda number: int(number > 100)),
    "square": (
        _NUMBER.cast(nw.Float64) * _NUMBER.cast(nw.Float64),
        lambda number: float(number) ** 2,
    ),
    "sum_horizontal": (
        -nw.sum_horizontal(_NUMBER, whole(2)),
        lambda number: -number - 2,
    ),
    "is_nan": ((_NUMBER.cast(nw.Float64)).is_nan(), lambda _: False),
}


@pytest.fixture(scope="module", params=ALL_ENGINES)
def opened(request) -> Any:
    engine = opened_frame(native_of(request.param, TABLE))
    named = {name: nw.col(f"c{at}") for at, name in enumerate(TABLE.headers)}
    named |= {name: named[name].cast(nw.Int64) for name in ("place", "number")}
    return engine, engine.frame.select(**named)


def asked(opened: Any, expressions: Iterable[tuple[str, nw.Expr]]) -> dict[str, list[object]]:
    engine, frame = opened
    named = {name.replace(" ", "_").replace(",", ""): made for name, made in expressions}
    rows = sorted(engine.rows(frame.select("place", **named)))
    return dict(zip(named, map(list, list(zip(*rows, strict=True))[1:]), strict=True))


@pytest.mark.parametrize(
    ("cases", "cells"), [(OF_A_TEXT, TEXTS), (OF_A_NUMBER, NUMBERS)], ids=["texts", "numbers"]
)
def test_an_expression_means_on_an_engine_what_it_means_in_python(opened, cases, cells):
    found = asked(opened, ((name, made) for name, (made, _) in cases.items()))
    for column, (name, (_, meaning)) in zip(found.values(), cases.items(), strict=True):
        wanted = [meaning(cell) for cell in cells]
        pairs = zip(cells, wanted, column, strict=True)
        wrong = [(cell, ours, theirs) for cell, ours, theirs in pairs if ours != theirs]
        assert wrong == [], f"{name}: cell, Python's, the engine's"


def test_rows_are_numbered_within_a_key_even_where_they_are_exact_copies(opened):
    engine, frame = opened
    alike = frame.with_columns(key=nw.col("number") % 5, rank=nw.col("number") % 2, one=whole(1))
    place = nw.col("one").cum_sum().over("key", order_by=["rank", "key"])
    rows = sorted(engine.rows(alike.select("key", "rank", place=place)))
    assert len(rows) == len(TEXTS)
    for _, group in groupby(rows, key=lambda row: row[0]):
        assert [row[2] for row in group] == list(range(1, 1 + sum(n % 5 == _ for n in NUMBERS)))


def test_texts_are_ordered_by_code_point(opened):
    engine, frame = opened
    place = nw.col("one").cum_sum().over("one", order_by=["text"])
    rows = engine.rows(frame.with_columns(one=whole(1)).select("text", place=place))
    assert [text for text, _ in sorted(rows, key=lambda row: row[1])] == sorted(TEXTS)


def test_a_grouped_sum_heeds_the_condition_and_an_empty_text_is_a_key(opened):
    engine, frame = opened
    made = frame.select(
        key=_TEXT.str.slice(0, 1), one=first_of([(_NUMBER > 999, whole(1))], whole(0))
    )
    rows = engine.rows(made.group_by("key").agg(nw.col("one").sum(), nw.len().alias("rows")))
    wanted: dict[str, list[int]] = {}
    for text, number in zip(TEXTS, NUMBERS, strict=True):
        held = wanted.setdefault(text[:1], [0, 0])
        held[0] += number > 999
        held[1] += 1
    assert {key: [int(ones), int(count)] for key, ones, count in rows} == wanted


def test_a_frame_is_joined_to_words_of_the_callers(opened):
    engine, frame = opened
    words = engine.look_up([(0, "ab", "O'Neil"), (1, "ab", "no"), (0, "'", "\u00e9 \\ %")])
    joined = frame.with_columns(span=whole(0)).join(
        words, left_on=["span", "text"], right_on=["look_span", "look_word"], how="left"
    )
    rows = engine.rows(joined.select("text", "look_code"))
    assert len(rows) == len(TEXTS)
    assert {text: code for text, code in rows if code} == {"ab": "O'Neil", "'": "\u00e9 \\ %"}


def test_whole_numbers_come_back_whole(opened):
    engine, frame = opened
    large = frame.filter(nw.col("place") < 2).with_columns(sum=whole(9_007_199_254_740_993))
    large = large.select("sum")
    assert engine.rows(large.head(1)) == [(9_007_199_254_740_993,)]
    assert int(engine.rows(large.select(nw.col("sum").sum()))[0][0]) == 2 * 9_007_199_254_740_993


def called_in(tree: ast.Module) -> set[str]:
    return {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


def test_every_expression_in_use_is_listed_here():
    folder = Path(engine_steps.__file__).parent
    files = [*folder.glob("engine_*.py"), folder / "frame_executor.py"]
    used = set().union(*(called_in(ast.parse(file.read_text(encoding="utf-8"))) for file in files))
    texts = {name for name in dir(_TEXT.str) if name[:1] != "_"}
    known = texts.union(*map(dir, (nw, nw.Expr, nw.LazyFrame)))
    listed = FUNCTIONS | METHODS | OF_TEXTS | OF_FRAMES
    assert (used & known) - listed - OF_OTHERS == set()
    assert listed - used == set()
