"""Steps of an expression: columns made one after another, so that none is written out twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
from attrs import define, field

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Steps", "first_of", "never", "taken", "whole"]


def whole(number: int | None) -> nw.Expr:
    """Return a whole number of 64 bits as an expression; ``None`` is a missing one.

    Examples
    --------
    >>> import polars as pl
    >>> frame = nw.from_native(pl.DataFrame({"age": [71]}))
    >>> frame.select(five=whole(5), none=whole(None)).rows()
    [(5, None)]
    """
    return nw.lit(number).cast(nw.Int64)


def never() -> nw.Expr:
    """Return what is false in every row.

    Examples
    --------
    >>> import polars as pl
    >>> frame = nw.from_native(pl.DataFrame({"age": [71, None]}))
    >>> frame.with_columns(held=never())["held"].to_list()
    [False, False]
    """
    return whole(1) == 0


def first_of(cases: Sequence[tuple[nw.Expr, nw.Expr]], otherwise: nw.Expr) -> nw.Expr:
    """Return the value of the first case that holds; a missing condition does not.

    Examples
    --------
    >>> import polars as pl
    >>> frame = nw.from_native(pl.DataFrame({"age": [71, 12, None]}))
    >>> grown = first_of([(nw.col("age") > 16, whole(1))], whole(0))
    >>> frame.select(grown=grown)["grown"].to_list()
    [1, 0, 0]
    """
    found = otherwise
    for condition, value in reversed(cases):
        found = nw.when(condition).then(value).otherwise(found)
    return found


@define(eq=False)
class Steps:
    """Columns that are made one step after another, each of those before it.

    Parameters
    ----------
    ending
        Of the names, so that the steps of two columns do not meet.
    reads
        Name of the column that the first step reads, and no other.

    Examples
    --------
    >>> steps = Steps("sex")
    >>> bare = steps.add("bare", nw.col("SEX").str.strip_chars())
    >>> [list(made) for made in steps.made]
    [['_bare_sex']]
    """

    ending: str
    reads: str = ""
    made: list[dict[str, nw.Expr]] = field(factory=list, init=False)
    passing: set[str] = field(factory=set, init=False)

    def add(self, part: str, expression: nw.Expr) -> nw.Expr:
        """Add a step that makes one column, and return the column."""
        return self.add_all({part: expression})[0]

    def add_all(self, parts: dict[str, nw.Expr]) -> list[nw.Expr]:
        """Add a step that makes several columns, and return them."""
        named = {f"_{part}_{self.ending}": each for part, each in parts.items()}
        self.made.append(named)
        self.passing |= set(named)
        return [nw.col(name) for name in named]

    def end(self, kept: dict[str, nw.Expr]) -> None:
        """Add a step whose columns stay under their own names; all others go after the last."""
        self.made.append(kept)


def taken(frame: nw.LazyFrame[Any], several: Sequence[Steps]) -> nw.LazyFrame[Any]:
    """Take the steps of several columns together: the first of each, then the second, and so on.

    Examples
    --------
    >>> import polars as pl
    >>> steps = Steps("age")
    >>> bare = steps.add("bare", nw.col("AGE").str.strip_chars())
    >>> steps.end({"age": bare.cast(nw.Int64)})
    >>> frame = nw.from_native(pl.LazyFrame({"AGE": [" 71", "12 "]}))
    >>> taken(frame, [steps]).select("age").collect()["age"].to_list()
    [71, 12]
    """
    names = frame.collect_schema().names()
    for at in range(max((len(each.made) for each in several), default=0)):
        made: dict[str, nw.Expr] = {}
        for each in several:
            made |= each.made[at] if at < len(each.made) else {}
        # Every engine looks at each column again at each step: those of no more use go.
        done = set().union(*(each.passing for each in several if len(each.made) <= at))
        done |= {each.reads for each in several if at}
        names = [name for name in names if name not in done]
        frame = frame.select(*names, **made)
        names += made
    return frame
