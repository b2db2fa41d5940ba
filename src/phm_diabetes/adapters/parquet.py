"""Parquet: a table of typed columns as text, so that every adapter can read it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.adapters.workbooks import as_text
from phm_diabetes.errors import SourceReadError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["is_parquet", "parquet_grid"]

_MARK = b"PAR1"
_INDEX = "__index_level_"


def is_parquet(data: bytes) -> bool:
    """Whether the bytes are a Parquet file; it may be damaged.

    Examples
    --------
    >>> is_parquet(b"CODE,N")
    False
    """
    return data.startswith(_MARK)


def parquet_grid(file: str, data: bytes) -> pd.DataFrame:
    """Return the names of the columns and every cell below them as text, as a CSV has them.

    Parameters
    ----------
    file
        Its name, for messages.
    data
        Its bytes.

    Returns
    -------
    DataFrame of str
        Columns numbered from 0; a missing cell is blank. An index that pandas wrote is a column
        where it has a name, and is left out where it has none.

    Raises
    ------
    SourceReadError
        When pyarrow is not installed, or the file is damaged or holds nested columns.

    Examples
    --------
    >>> parquet_grid("list.parquet", b"PAR1 and nothing more")
    Traceback (most recent call last):
    phm_diabetes.errors.SourceReadError: list.parquet is cut short or damaged. Download or copy \
it again.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        message = (
            f"{file} is a Parquet file, and pyarrow, which reads them, is not installed. Run "
            "pip install 'phm-diabetes[records]', or save the table as CSV."
        )
        raise SourceReadError(message) from None
    reason = ""
    texts: dict[str, NDArray[Any]] = {}
    try:
        table = pq.read_table(io.BytesIO(data))
        texts = {
            name: _texts(column)
            for name, column in zip(table.column_names, table.columns, strict=True)
            if not name.startswith(_INDEX)
        }
    except (pa.ArrowNotImplementedError, pa.ArrowTypeError):
        reason = "holds columns of lists or records. Save it with one value a cell"
    except (pa.ArrowException, OSError, ValueError):
        reason = "is cut short or damaged. Download or copy it again"
    if reason:  # raised outside the handler: the error of pyarrow may quote cells
        message = f"{file} {reason}."
        raise SourceReadError(message)
    grid = {
        spot: np.concatenate([np.array([name], dtype=object), cells])
        for spot, (name, cells) in enumerate(texts.items())
    }
    return pd.DataFrame(grid, dtype=str)


def _texts(column: Any) -> NDArray[Any]:  # noqa: ANN401 - pyarrow has no types
    """Cells as text, each distinct one written once."""
    coded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    if hasattr(coded, "combine_chunks"):
        coded = coded.combine_chunks()
    words = [_text(cell) for cell in coded.dictionary.to_pylist()]
    places = coded.indices.to_numpy(zero_copy_only=False)
    cells: NDArray[Any] = np.array(words, dtype=object)[places]
    return cells


def _text(cell: object) -> str:
    if cell is None or cell != cell:  # noqa: PLR0124 - not a number
        return ""
    return cell.decode("utf-8", errors="replace") if isinstance(cell, bytes) else as_text(cell)
