"""Frames of an engine: what differs between Polars, DuckDB and Spark, and nothing else."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

import narwhals as nw
from attrs import frozen

from phm_diabetes.errors import OptionError, PhmError, SourceReadError
from phm_diabetes.records.engine_names import engine_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

__all__ = ["Engine", "opened_frame", "without_cells"]

Answer = TypeVar("Answer")

_INFERENCE = "spark.sql.constraintPropagation.enabled"


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
    >>> import polars as pl
    >>> engine = opened_frame(pl.DataFrame({"Sex.Code": ["1", "2"]}))
    >>> engine.name, engine.headers
    ('Polars', ('Sex.Code',))
    >>> engine.rows(engine.frame)
    [('1',), ('2',)]
    """

    name: str
    headers: tuple[str, ...]
    frame: nw.LazyFrame[Any]

    def rows(self, frame: nw.LazyFrame[Any]) -> list[tuple[Any, ...]]:
        """Compute a frame, and return its rows as Python holds them: whole numbers stay whole."""
        native = frame.to_native()
        if self.name == "Polars":
            found = native.collect().rows()
        elif self.name == "DuckDB":
            found = native.fetchall()
        else:
            found = map(tuple, native.collect())
        return list(found)

    @contextmanager
    def planned(self) -> Generator[None]:
        """Keep Spark from inferring what follows from every condition, which takes for ever.

        The session's own setting is put back. It changes how fast a query is planned, and no
        answer.
        """
        before, settings = None, None
        if self.name == "Spark":
            with suppress(Exception):  # a host may forbid it
                settings = self.frame.to_native().sparkSession.conf
                before = settings.get(_INFERENCE, "true")
                settings.set(_INFERENCE, "false")
        try:
            yield
        finally:
            if settings is not None and before is not None:
                with suppress(Exception):
                    settings.set(_INFERENCE, before)

    @contextmanager
    def held(self, frame: nw.LazyFrame[Any]) -> Generator[nw.LazyFrame[Any]]:
        """Keep a frame on the cluster while several questions are asked of it.

        Only Spark is asked to, which would otherwise check every cell again for each of them;
        where it cannot, as on serverless clusters, it does.

        Parameters
        ----------
        frame
            The frame.
        """
        kept = None
        if self.name == "Spark":
            with suppress(Exception):
                kept = frame.to_native().persist()
        try:
            yield frame if kept is None else nw.from_native(kept)
        finally:
            if kept is not None:
                kept.unpersist()

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


def without_cells(engine: str, compute: Callable[[], Answer]) -> Answer:
    """Do what an engine is asked to, and refuse without its own message, which may quote a cell.

    Parameters
    ----------
    engine
        Name of the engine.
    compute
        What is done.

    Raises
    ------
    SourceReadError
        When the engine fails.

    Examples
    --------
    >>> without_cells("Polars", lambda: int("943 476 5919"))
    Traceback (most recent call last):
    phm_diabetes.errors.SourceReadError: Polars could not compute the frame (ValueError). What it
    says is left out, as it may quote a record. Check that the frame can be computed by itself,
    and that its columns are of texts.
    """
    try:
        return compute()
    except PhmError:
        raise
    except Exception as error:  # noqa: BLE001 - each engine has its own
        kind = type(error).__name__
    message = (
        f"{engine} could not compute the frame ({kind}). What it says is left out, as it may quote "
        "a record. Check that the frame can be computed by itself, and that its columns are of "
        "texts."
    )
    raise SourceReadError(message)


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
    SourceReadError
        When its columns cannot be known, as it fails itself.

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
    return without_cells(name, lambda: _opened(name, native))


def _opened(name: str, native: Any) -> Engine:  # noqa: ANN401 - of any engine
    if name == "Spark":
        headers = tuple(native.columns)
        plain = native.toDF(*(f"c{at}" for at in range(len(headers))))
        return Engine(name=name, headers=headers, frame=nw.from_native(plain))
    whole = nw.from_native(native).lazy()
    headers = tuple(whole.collect_schema().names())
    numbered = {f"c{at}": nw.col(header) for at, header in enumerate(headers)}
    return Engine(name=name, headers=headers, frame=whole.select(**numbered))
