"""Opening: which executor reads a source of records."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from phm_diabetes.adapters.recognition import adapter_in
from phm_diabetes.errors import OptionError, SourceReadError
from phm_diabetes.plugins import ADAPTERS, load_plugin
from phm_diabetes.records.block_executor import BlockExecutor
from phm_diabetes.records.csv_files import look_at_csv
from phm_diabetes.records.digesting import Digest
from phm_diabetes.records.engine_names import is_engine_frame
from phm_diabetes.records.frame_blocks import FrameSource
from phm_diabetes.records.opened import Records
from phm_diabetes.records.plain_csv import PlainCsv
from phm_diabetes.records.pseudonyms import key_of
from phm_diabetes.records.record_adapter import RecordAdapter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phm_diabetes.records.blocks import RecordSource

__all__ = ["open_records", "source_of"]


def open_records(
    source: Any,  # noqa: ANN401 - a path, or a frame of any engine
    *,
    adapter: str | RecordAdapter | type[RecordAdapter],
    options: Mapping[str, str] | None = None,
    pseudonym_key: bytes | None = None,
    encoding: str = "utf-8",
    progress: bool | None = None,
) -> Records:
    """Open records of any size, to be counted where they lie.

    Parameters
    ----------
    source
        Path of a CSV or Parquet file; a pandas or Polars DataFrame, a Polars LazyFrame, a DuckDB
        relation or a Spark DataFrame. A frame of an engine is counted by the engine.
    adapter
        Name of an installed adapter of records, such as ``"england.hes_op"``, or one of your own.
    options
        What the layout lets the caller say of the source, such as
        ``{"price_year": "2023-24", "imd_vintage": "2019"}``.
    pseudonym_key
        Random bytes by which identifiers become pseudonyms; without it they are dropped.
    encoding
        Of CSV text.
    progress
        Whether to show rows and time left; ``None`` shows them on a terminal.

    Returns
    -------
    Records

    Raises
    ------
    SourceReadError
        When the source cannot be read.
    SourceLayoutError
        When it is not in the adapter's layout.
    OptionError
        When the adapter does not read records, or an option is unknown.
    PluginNotFoundError
        When no adapter of that name is installed.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> records = phm.open_records(demo.appointments(), adapter="dudley.hes_op")
    >>> survey = records.survey()
    >>> survey.rows_read == survey.rows_used + survey.rows_reported
    True
    """
    chosen = adapter_in(load_plugin(ADAPTERS, adapter) if isinstance(adapter, str) else adapter)
    if not isinstance(chosen, RecordAdapter):
        message = f"'{chosen.name}' does not read records. Load it with phm.load instead."
        raise OptionError(message)
    layout = chosen.record_layout
    said = {**chosen.options, **(options or {})}
    key = chosen.pseudonym_key if pseudonym_key is None else key_of(pseudonym_key)
    if is_engine_frame(source):
        from phm_diabetes.records.frame_executor import FrameExecutor

        engine = FrameExecutor(source, layout, options=said, key=key)
        home = type(source).__module__.partition(".")[0].strip("_")
        kind = f"{home}.{type(source).__name__}"
        nowhere = Digest(str)
        return Records(layout=layout, executor=engine, file=kind, digest=nowhere, options=said)
    opened = source_of(source, encoding=encoding)
    digest = Digest(opened.sha256)
    blocks = BlockExecutor(opened, layout, options=said, key=key, progress=progress, digest=digest)
    return Records(layout=layout, executor=blocks, file=opened.file, digest=digest, options=said)


def source_of(source: Any, *, encoding: str = "utf-8") -> RecordSource:  # noqa: ANN401 - as above
    """Return a source of blocks.

    Raises
    ------
    SourceReadError
        When a file is missing, or cannot be read here.
    OptionError
        When the source is none of the accepted kinds.

    Examples
    --------
    >>> source_of(pd.DataFrame({"SEX": ["1"]})).file
    'DataFrame'
    """
    if isinstance(source, pd.DataFrame):
        return FrameSource(source)
    if not isinstance(source, (str, Path)) and not hasattr(source, "__fspath__"):
        message = (
            "Records are a path of a CSV or Parquet file, or a DataFrame of pandas, Polars, DuckDB "
            f"or Spark, not {type(source).__name__}. Convert it, or save it as Parquet."
        )
        raise OptionError(message)
    path, arrow = Path(source), find_spec("pyarrow") is not None
    if path.suffix.casefold() in {".parquet", ".pq"}:
        if not arrow:
            message = (
                f"{path.name} is a Parquet file, which needs pyarrow: "
                "py -m pip install phm-diabetes[records]"
            )
            raise SourceReadError(message)
        from phm_diabetes.records.arrow_blocks import ArrowParquet

        return ArrowParquet(path)
    known = look_at_csv(path, encoding=encoding)
    if not arrow:
        return PlainCsv(known)
    from phm_diabetes.records.arrow_blocks import ArrowCsv

    return ArrowCsv(known)
