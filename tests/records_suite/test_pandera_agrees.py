"""pandera, which knows nothing of layouts, finds the same cells broken as the oracle does."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandera.pandas as pa
import pytest
from tests.records_suite.oracle import Oracle
from tests.records_suite.planted_layouts import CLINIC
from tests.records_suite.suite import SHARED_TABLES

from phm_diabetes.records.columns import WHITE

if TYPE_CHECKING:
    import pandas as pd

_TABLE = SHARED_TABLES[0]
_EITHER_RULE = {"missing", "pattern", "unknown code", "whole number", "out of range", "money"}


def matches(pattern: str) -> pa.Check:
    return pa.Check.str_matches(rf"\A(?:{pattern})\Z")


def within(low: int, high: int) -> pa.Check:
    """A whole number within bounds, or 7001 to 7007, or 999, which is read as -1 and refused."""

    def inside(cells: pd.Series[str]) -> pd.Series[bool]:
        number = cells.str.extract(r"\A([+-]?[0-9]{1,17})(?:\.0*)?\Z")[0].astype(float)
        return (number.between(low, high) & (number != 999)) | number.between(7001, 7007)

    return pa.Check(inside)


SCHEMA = pa.DataFrameSchema(
    {
        "ATTENDKEY": pa.Column(str, matches("[A-Z0-9]{1,8}"), nullable=False),
        "SEX": pa.Column(str, matches(r"[0129](?:\.0+)?"), nullable=True),
        "FIRSTATT": pa.Column(str, matches(r"[1-5](?:\.0+)?"), nullable=True),
        "MEDIUM": pa.Column(str, matches(r"(?:0?[12]|98)(?:\.0+)?"), nullable=True),
        "IMD04_DECILE": pa.Column(str, matches(r"[1-5](?:\.0+)?"), nullable=True),
        "APPTAGE": pa.Column(str, within(0, 120), nullable=True),
        "GPPRAC": pa.Column(str, matches("[A-Y][0-9]{5}(?s:.*)"), nullable=True),
        "TRETSPEF": pa.Column(str, matches(r"[0-9]{1,3}(?:\.0+)?"), nullable=True),
        "PROCODET": pa.Column(str, matches("[^\0]*|[^\0]{3}(?s:.*)"), nullable=True),
        **{
            f"OPERTN_0{at}": pa.Column(
                str,
                matches(f"[A-Z][0-9]{{2}}(?:[{WHITE}](?s:.*))?|[A-Z][0-9]{{3}}(?s:.*)"),
                nullable=True,
            )
            for at in (1, 2, 3)
        },
    }
)


def bare_cells() -> pd.DataFrame:
    """Return the cells without white space at their ends; those that say nothing are missing."""
    table = _TABLE.pandas()[list(SCHEMA.columns)]
    for name in table:
        bare = table[name].str.strip(WHITE)
        nulls = {"", "V81999"} if name == "GPPRAC" else {""}
        table[name] = bare.mask(bare.isin(CLINIC.nulls | nulls))
    return table


def test_pandera_finds_the_same_cells_broken():
    with pytest.raises(pa.errors.SchemaErrors) as caught:
        SCHEMA.validate(bare_cells(), lazy=True)
    theirs = Counter(caught.value.failure_cases["column"])
    ours: Counter[str] = Counter()
    for each in Oracle(_TABLE).survey().findings:
        if each.column in SCHEMA.columns and each.rule in _EITHER_RULE:
            ours[each.column] += each.rows
    assert ours == theirs
    assert set(SCHEMA.columns) - set(ours) == {"OPERTN_02", "OPERTN_03"}  # good in every row
