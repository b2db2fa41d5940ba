"""Columns that pyarrow read, as those of blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from phm_diabetes.records.blocks import Amounts, Coded, Texts
from phm_diabetes.records.frame_blocks import cell_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["BatchReader"]

_MOST_TEXTS = 1 << 17  # of a column of few texts, beyond which they are learned anew
_DECIMALS = 2  # of pounds
_MOST_DIGITS = 18  # of a whole number of 64 bits
_MOST_POUNDS = 1e9  # far below what a floating number holds to the penny


class _Numbered:
    """Texts of one column of a part met so far: each keeps its number from block to block.

    Blocks then share one list of texts, so that what they mean is looked up once.
    """

    def __init__(self) -> None:
        self._known: Any = None
        self._texts = [""]  # a missing cell is an empty text
        self._last: tuple[Any, NDArray[np.int32]] | None = None

    def coded(self, column: Any) -> Coded:  # noqa: ANN401 - an array of pyarrow
        """Return a column of few values by number."""
        import pyarrow as pa

        array = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        places = self._places(array.dictionary)
        indices = array.indices
        if not indices.null_count:
            return Coded(codes=places.take(indices.to_numpy()), texts=self._texts)
        codes = np.where(
            indices.is_valid().to_numpy(zero_copy_only=False),
            places.take(indices.fill_null(0).to_numpy()) if len(places) else 0,
            0,
        )
        return Coded(codes=codes, texts=self._texts)

    def _places(self, dictionary: Any) -> NDArray[np.int32]:  # noqa: ANN401 - as above
        import pyarrow as pa
        from pyarrow import compute

        if self._last is not None and self._last[0].equals(dictionary):
            return self._last[1]  # as every batch of a row group has it
        pc: Any = compute  # whose functions are made when it is imported
        if self._known is None or len(self._known) > _MOST_TEXTS:
            self._known, self._texts = dictionary[:0], [""]
        found = pc.index_in(dictionary, value_set=self._known)
        if found.null_count:
            new = dictionary.filter(found.is_null())
            texts = [cell_text(value) for value in new.to_pylist()]
            self._known = pa.concat_arrays([self._known, new])
            self._texts = [*self._texts, *texts]
            found = pc.index_in(dictionary, value_set=self._known)
        places: NDArray[np.int32] = found.to_numpy() + np.int32(1)
        self._last = (dictionary, places)
        return places


def _texts(column: Any) -> Texts:  # noqa: ANN401 - as above
    """Return a column of many values as text; a missing one is empty."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    if column.null_count:
        column = column.fill_null("")
    _, ends, data = column.buffers()
    count = len(column)
    offsets = np.frombuffer(ends, dtype=np.int32, count=column.offset + count + 1)
    raw = np.array([], dtype=np.uint8) if data is None else np.frombuffer(data, dtype=np.uint8)
    return Texts(data=raw, offsets=offsets[column.offset :].astype(np.int64))


def _many(column: Any) -> Texts | Amounts:  # noqa: ANN401 - as above
    """Return a column of many values as amounts where its type is one of money."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_floating(kind):
        return _floating(column.cast(pa.float64()))
    if pa.types.is_decimal128(kind) and kind.scale == _DECIMALS and kind.precision <= _MOST_DIGITS:
        unscaled = np.frombuffer(column.buffers()[1], dtype="<i8")[::2][column.offset :]
        values = unscaled[: len(column)].copy()
        return _amounts(column, values, values >= 0)
    return _texts(column)


def _floating(column: Any) -> Amounts:  # noqa: ANN401 - as above
    pounds = column.to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):
        plain = (pounds >= 0) & (pounds < _MOST_POUNDS)
    values = np.rint(np.where(plain, pounds, 0) * 100).astype(np.int64)
    return _amounts(column, values, plain & (values / 100 == pounds))


def _amounts(column: Any, pence: NDArray[np.int64], plain: NDArray[np.bool_]) -> Amounts:  # noqa: ANN401 - as above
    if column.null_count:
        plain = plain & column.is_valid().to_numpy(zero_copy_only=False)

    def at(rows: Sequence[int] | NDArray[np.int64]) -> list[str]:
        return [cell_text(value) for value in column.take(np.asarray(rows)).to_pylist()]

    return Amounts(pence=pence, odd=np.flatnonzero(~plain), at=at)


class BatchReader:
    """Columns of one part's batches as those of blocks.

    Parameters
    ----------
    few, many
        Headers of columns of few values, and of many.

    Examples
    --------
    >>> import pyarrow as pa
    >>> batch = pa.record_batch({"SEX": ["1", None], "COST": [140.5, 23.0]})
    >>> found = BatchReader(["SEX"], ["COST"]).columns(batch)
    >>> found["SEX"].decoded(), found["COST"].pence.tolist()
    (['1', ''], [14050, 2300])
    """

    def __init__(self, few: Sequence[str], many: Sequence[str]) -> None:
        self._few = {name: _Numbered() for name in few}
        self._many = many

    def columns(self, batch: Any) -> dict[str, Coded | Texts | Amounts]:  # noqa: ANN401 - as above
        """Return the columns by header."""
        found: dict[str, Coded | Texts | Amounts] = {
            name: numbered.coded(batch.column(name)) for name, numbered in self._few.items()
        }
        return found | {name: _many(batch.column(name)) for name in self._many}
