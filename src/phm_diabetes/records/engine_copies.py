"""Copies of a record on an engine: which row is kept never depends on the order of the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from phm_diabetes.records.columns import WHITE
from phm_diabetes.records.engine_steps import whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phm_diabetes.records.resolving import Resolved

    Frame = nw.LazyFrame[Any]

__all__ = ["RANKS", "USED", "compared", "ranked_by"]

USED = "_used"
"""Name of the column that says whether a row is used."""

RANKS = ("_one", "_emptiness", "_texts")
"""Names of the columns that rank copies."""

_WORDS = ("code", "text", "id")


def ranked_by(texts: Sequence[str]) -> dict[str, nw.Expr]:
    """Return what decides which copy of a record is kept.

    Parameters
    ----------
    texts
        Names of the columns of raw texts, in the order of the layout's columns.

    Examples
    --------
    >>> tuple(ranked_by(["c0"])) == RANKS
    True
    """
    filled = [(nw.col(text).str.strip_chars(WHITE) != "").cast(nw.Int64) for text in texts]
    joined = nw.concat_str([nw.col(text) for text in texts], separator="\x1f")
    return dict(zip(RANKS, (whole(1), -nw.sum_horizontal(*filled), joined), strict=True))


def compared(frame: Frame, resolved: Resolved) -> Frame:
    """Add which rows are copies, rule after rule: ``_copy0``, ``_copy1`` and so on.

    Parameters
    ----------
    frame
        Canonical columns, `RANKS` and `USED`.
    resolved
        The layout.

    Examples
    --------
    >>> import polars as pl
    >>> from phm_diabetes.records.columns import Column
    >>> from phm_diabetes.records.layout import Duplicates, RecordLayout
    >>> from phm_diabetes.records.resolving import Resolved
    >>> layout = RecordLayout(
    ...     place="north", dataset="reviews", version="1", layout="One row a review.",
    ...     description="Planted.", table="appointments", title="Reviews", key="review",
    ...     day="date", columns=(Column(name="review", sources=("ID",), kind="id"),
    ...                          Column(name="date", sources=("SEEN",), kind="date")),
    ...     duplicates=(Duplicates(name="same review", key=("review",)),))
    >>> rows = nw.from_native(pl.LazyFrame({
    ...     "review": ["1", "1", "2"], "_one": [1, 1, 1], "_emptiness": [-1, -2, -1],
    ...     "_texts": ["1", "1 2023", "2"], USED: [True, True, True]}))
    >>> found = compared(rows, Resolved(layout=layout, headers={})).collect()
    >>> found.sort("review", "_texts").select("_copy0", USED).rows()
    [(True, False), (False, True), (False, True)]
    """
    kinds = {column.name: column.kind for column in resolved.layout.columns}
    for at, rule in enumerate(resolved.layout.duplicates):
        known = nw.col(USED)
        for name in rule.key:
            known &= ~nw.col(name).is_null()
            if kinds.get(name, "code") in _WORDS:
                known &= nw.col(name).fill_null(nw.lit("")) != ""
        frame = frame.with_columns(_known=known)
        ranked = nw.col("_one").cum_sum()
        place = ranked.over("_known", *rule.key, order_by=["_emptiness", "_texts"])
        copy = nw.col("_known") & (nw.col("_place") > 1)
        frame = frame.with_columns(_place=place).with_columns(**{f"_copy{at}": copy})
        if rule.sets_aside:
            frame = frame.with_columns(**{USED: nw.col(USED) & ~nw.col(f"_copy{at}")})
    return frame
