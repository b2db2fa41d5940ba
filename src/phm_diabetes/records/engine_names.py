"""Engine names: whose frame something is, found out without importing any engine."""

from __future__ import annotations

__all__ = ["engine_of", "is_engine_frame"]

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


def is_engine_frame(native: object) -> bool:
    """Whether something is a frame that `FrameExecutor` takes; imports no engine to find out.

    Parameters
    ----------
    native
        Anything.

    Examples
    --------
    >>> import pandas as pd
    >>> is_engine_frame(pd.DataFrame())
    False
    """
    return bool(engine_of(native))
