"""Frames of an engine: what differs between Polars, DuckDB and Spark, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
from attrs import frozen

from phm_diabetes.errors import OptionError, SourceReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Engine", "engine_of", "opened_frame"]

_NAMES = {
    ("polars", "DataFrame"): "Polars",
    ("polars", "LazyFrame"): "Polars",
    ("duckdb", "DuckDBPyRelation"): "DuckDB",
    ("pyspark", "DataFrame"): "Spark",
}


def engine_of(native: object) -> str:
    """Return the name of the engine that a frame lies on; empty for anything else.

    Imports nothing: a frame of an engine knows where its class comes from.

    Parameters
    ----------
    native
        Anything.

    Examples
    --------
    >>> import pandas as pd
    >>> engine_of(pd.DataFrame())
    ''
    """
    for kind in type(native).__mro__:
        home = kind.__module__.partition(".")[0].lstrip("_")
        found = _NAMES.get((home, kind.__name__))
        if found:
            return found
    return ""


@frozen(kw_only=True, eq=False)
class Engine:
    """A frame opened on its engine, with the few things that each engine does its own way.

    Parameters
    ----------
    name
        ``"Polars"``, ``"DuckDB"`` or ``"Spark"``.
    headers
        Its columns' names.
    frame
        The same columns, lazily, named ``c0``, ``c1`` and so on: a header may hold a dot, which
        Spark reads as a field of a field.

    Examples
    --------
    >>> Engine.__name__
    'Engine'
    """

    name: str
    headers: tuple[str, ...]
    frame: nw.LazyFrame[Any]

    def rows(self, frame: nw.LazyFrame[Any]) -> list[tuple[Any, ...]]:
        """Compute a frame, and return its rows as Python holds them: whole numbers stay whole.

        Raises
        ------
        SourceReadError
            When the engine fails. What it says may quote a cell, so that it is not repeated.
        """
        native = frame.to_native()
        if self.name == "Polars":
            return self._computed(lambda: native.collect().rows())
        if self.name == "DuckDB":
            return self._computed(native.fetchall)
        return self._computed(lambda: [tuple(row) for row in native.collect()])

    def _computed(self, compute: Callable[[], list[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
        """Compute, and refuse without the engine's own message."""
        try:
            return compute()
        except Exception as error:  # noqa: BLE001 - each engine has its own; all may quote a cell
            kind = type(error).__name__
        message = (
            f"{self.name} could not compute the frame ({kind}). What it says is left out, as it "
            "may quote a record. Check that the frame can be computed by itself, and that its "
            "columns are of texts."
        )
        raise SourceReadError(message)

    def look_up(self, rows: Sequence[tuple[int, str, str]]) -> nw.LazyFrame[Any]:
        """Return a frame of a number and two texts on the same engine, to join with.

        Parameters
        ----------
        rows
            Rows of ``look_span``, ``look_word`` and ``look_code``; at least one.
        """
        names = ["look_span", "look_word", "look_code"]
        native = self.frame.to_native()
        made: Any
        if self.name == "Polars":
            import polars as pl

            made = pl.LazyFrame(list(rows), schema=names, orient="row")
        elif self.name == "DuckDB":
            # Made from the relation, as a relation of another connection cannot be joined.
            one = native.limit(0).aggregate("count(*)")
            cells = zip(*rows, strict=True)
            lists = (f"unnest([{', '.join(map(_literal, each))}])" for each in cells)
            named = (f"{each} AS {name}" for each, name in zip(lists, names, strict=True))
            made = one.project(", ".join(named))
        else:
            made = native.sparkSession.createDataFrame(list(rows), names)
        found: nw.LazyFrame[Any] = nw.from_native(made)
        return found


def _literal(value: object) -> str:
    """Return a whole number, or a text between quotation marks, as SQL writes it."""
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def opened_frame(native: object) -> Engine:
    """Open a frame of an engine.

    Parameters
    ----------
    native
        A Polars DataFrame or LazyFrame, a DuckDB relation, or a Spark DataFrame.

    Raises
    ------
    OptionError
        When it is none of these.

    Examples
    --------
    >>> opened_frame([1, 2])
    Traceback (most recent call last):
    phm_diabetes.errors.OptionError: A list is no Polars, DuckDB or Spark frame. Pass one, or a
    pandas table or a file to open_records.
    """
    name = engine_of(native)
    if not name:
        message = (
            f"A {type(native).__name__} is no Polars, DuckDB or Spark frame. Pass one, or a pandas "
            "table or a file to open_records."
        )
        raise OptionError(message)
    if name == "Spark":
        headers = tuple(native.columns)  # type: ignore[attr-defined]
        plain = native.toDF(*(f"c{at}" for at in range(len(headers))))  # type: ignore[attr-defined]
        return Engine(name=name, headers=headers, frame=nw.from_native(plain))
    whole: Any = nw.from_native(native).lazy()  # type: ignore[call-overload]
    headers = tuple(whole.collect_schema().names())
    plain = whole.select(**{f"c{at}": nw.col(header) for at, header in enumerate(headers)})
    return Engine(name=name, headers=headers, frame=plain)
