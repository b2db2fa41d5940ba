"""Cells as texts on an engine, whatever the types of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from phm_diabetes.errors import SourceLayoutError
from phm_diabetes.records.engine_steps import first_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phm_diabetes.records.engine_frames import Engine

__all__ = ["as_texts"]

_NO_TEXTS = (nw.Binary, nw.Object, nw.Unknown)
_MOST_WHOLE = 1 << 53


def as_texts(engine: Engine, wanted: Sequence[tuple[str, str]]) -> nw.LazyFrame[Any]:
    """Return cells as texts, a missing one empty, as `cell_text` writes them.

    Parameters
    ----------
    engine
        The frame.
    wanted
        Headers, and the names of their columns in the frame.

    Raises
    ------
    SourceLayoutError
        When a column holds lists or the like.

    Examples
    --------
    >>> import polars as pl
    >>> from phm_diabetes.records.engine_frames import opened_frame
    >>> engine = opened_frame(pl.DataFrame({"AGE": [59.0, None], "SEX": ["1", "2"]}))
    >>> as_texts(engine, [("AGE", "c0"), ("SEX", "c1")]).collect().rows()
    [('59.0', '1'), ('', '2')]
    """
    kinds = engine.frame.select(*(name for _, name in wanted)).collect_schema()
    made: dict[str, nw.Expr] = {}
    refused = []
    for header, name in wanted:
        kind, cell = kinds[name], nw.col(name)
        if kind.is_nested() or any(kind == each for each in _NO_TEXTS):
            refused.append(f"'{header}'")
        elif kind == nw.Boolean:
            made[name] = first_of([(cell, nw.lit("True")), (~cell, nw.lit("False"))], nw.lit(""))
        elif kind.is_float():
            # Spark writes 1.0E7 where others write 10000000.0.
            even = (cell < _MOST_WHOLE) & (cell > -_MOST_WHOLE) & (cell % 1 == 0)
            number = first_of([(even, cell)], nw.lit(0.0)).cast(nw.Int64).cast(nw.String)
            written = nw.concat_str([number, nw.lit(".0")])
            blank = cell.is_null() | cell.is_nan()
            made[name] = first_of([(blank, nw.lit("")), (even, written)], cell.cast(nw.String))
        else:
            made[name] = cell.cast(nw.String).fill_null(nw.lit(""))
    if refused:
        message = (
            f"A frame of {engine.name} holds lists, bytes or the like in {', '.join(refused)}, "
            "which is read as texts. Cast it to text first."
        )
        raise SourceLayoutError(message)
    return engine.frame.select(**made)
