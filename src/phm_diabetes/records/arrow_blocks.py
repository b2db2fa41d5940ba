"""Blocks of CSV and Parquet files, read by pyarrow."""

from __future__ import annotations

import itertools
import mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from phm_diabetes.errors import SourceReadError
from phm_diabetes.files import reach
from phm_diabetes.records.arrow_columns import BatchReader
from phm_diabetes.records.blocks import Block
from phm_diabetes.records.csv_files import CsvFile, hash_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["ArrowCsv", "ArrowParquet"]

_BYTES = 6 << 20
_ROWS = 1 << 15
_LAST_ASCII = 127


class ArrowCsv:
    r"""A file of text, cut in parts at line breaks where that is safe.

    Parameters
    ----------
    csv_file
        What is known of it.

    Examples
    --------
    >>> import tempfile
    >>> from phm_diabetes.records.csv_files import look_at_csv
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "op.csv"
    ...     _ = path.write_bytes(b"SEX,AGE\n1,59\n2,60\n")
    ...     [list(part)[0].rows for part in ArrowCsv(look_at_csv(path)).parts(["SEX"], [], most=1)]
    [2]
    """

    def __init__(self, csv_file: CsvFile) -> None:
        self._of = csv_file

    @property
    def file(self) -> str:
        """Name without its folder."""
        return self._of.path.name

    @property
    def headers(self) -> tuple[str, ...]:
        """Headers as the file writes them."""
        return self._of.headers

    def sha256(self) -> str:
        """Return the hash of the file's bytes."""
        return hash_of(self._of.path)

    def parts(
        self, few: Sequence[str], many: Sequence[str], *, most: int
    ) -> Sequence[Iterator[Block]]:
        """Return the blocks in at most so many parts."""
        if self._of.body >= self._of.size:
            return (iter(()),)
        if not self._of.plain:
            return (self._streamed(few, many),)
        with reach(self._of.path).open("rb") as opened:
            whole = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        size, body = self._of.size, self._of.body
        cuts = [body]
        cuts += [
            _after_line(whole, body + (size - body) * number // most, size)
            for number in range(1, max(1, min(most, 1 + (size - body) // _BYTES)))
        ]
        cuts.append(size)
        return tuple(
            self._cut(whole, start, end, few, many) for start, end in itertools.pairwise(cuts)
        )

    def release(self) -> None:
        """Return to the system the memory that pyarrow keeps for blocks to come."""
        import pyarrow as pa

        pa.default_memory_pool().release_unused()

    def _cut(
        self, whole: mmap.mmap, start: int, end: int, few: Sequence[str], many: Sequence[str]
    ) -> Iterator[Block]:
        from pyarrow import csv, py_buffer

        view, records, at = py_buffer(memoryview(whole)), 0, start
        reader = BatchReader(few, many)
        whole_bytes = np.frombuffer(whole, dtype=np.uint8)
        while at < end:
            stop = _after_line(whole, at + _BYTES, end)
            read, parse, convert, gaps = self._options(few, many, size=stop - at)
            # Plain ASCII is UTF-8: a look at the block's bytes spares one at each cell.
            convert.check_utf8 = bool(whole_bytes[at:stop].max(initial=0) > _LAST_ASCII)
            table = _or_refuse(
                self.file,
                lambda at=at, stop=stop, read=read, parse=parse, convert=convert: csv.read_csv(
                    view.slice(at, stop - at),
                    read_options=read,
                    parse_options=parse,
                    convert_options=convert,
                ),
            )
            share = (stop - at) / self._of.size
            for batch in table.combine_chunks().to_batches():
                block = self._block(batch, reader, records, gaps, share)
                yield block
                records += block.rows + len(block.gaps)
            if not len(table):
                yield Block(columns={}, rows=0, start=records, gaps=_gaps(gaps, 1), share=share)
                records += len(gaps)
            at = stop
            self.release()

    def _streamed(self, few: Sequence[str], many: Sequence[str]) -> Iterator[Block]:
        from pyarrow import csv

        read, parse, convert, gaps = self._options(few, many, size=_BYTES)
        read.skip_rows_after_names = 0
        read.skip_rows = 1
        read.encoding = self._of.encoding
        parse.newlines_in_values = True
        columns = BatchReader(few, many)
        opened = _or_refuse(
            self.file,
            lambda: csv.open_csv(
                str(reach(self._of.path)),
                read_options=read,
                parse_options=parse,
                convert_options=convert,
            ),
        )
        records = seen = 0
        while True:
            batch = _or_refuse(self.file, lambda: _next(opened))
            if batch is None:
                return
            before = 2 + seen  # the header is line 1
            own = [line for line in gaps if line < before + batch.num_rows + len(gaps)]
            del gaps[: len(own)]
            block = self._block(batch, columns, records, [line - seen - 1 for line in own], 0)
            yield block
            records += block.rows + len(block.gaps)
            seen = records

    def _block(
        self,
        batch: Any,  # noqa: ANN401 - of pyarrow
        reader: BatchReader,
        records: int,
        gaps: list[int],
        share: float,
    ) -> Block:
        return Block(
            columns=reader.columns(batch),
            rows=batch.num_rows,
            start=records,
            gaps=_gaps(gaps, 1),
            share=share,
        )

    def _options(
        self, few: Sequence[str], many: Sequence[str], *, size: int
    ) -> tuple[Any, Any, Any, list[int]]:
        import pyarrow as pa
        from pyarrow import csv

        gaps: list[int] = []

        def left_out(row: Any) -> str:  # noqa: ANN401 - of pyarrow
            gaps.append(row.number)
            return "skip"

        kinds = dict.fromkeys(few, pa.dictionary(pa.int32(), pa.string()))
        return (
            csv.ReadOptions(
                use_threads=False, column_names=self._of.headers, block_size=max(size, 1) + 1
            ),
            csv.ParseOptions(delimiter=self._of.separator, invalid_row_handler=left_out),
            csv.ConvertOptions(
                column_types=kinds | dict.fromkeys(many, pa.string()),
                include_columns=[*few, *many],
                strings_can_be_null=False,
                null_values=[],
            ),
            gaps,
        )


class ArrowParquet:
    """A Parquet file, in parts of whole row groups.

    Parameters
    ----------
    path
        Where it is.

    Raises
    ------
    SourceReadError
        When it is missing or damaged.

    Examples
    --------
    >>> ArrowParquet("no such file.parquet")
    Traceback (most recent call last):
    phm_diabetes.errors.SourceReadError: no such file.parquet cannot be read: it is missing,
    damaged, or no Parquet file. Check the path, or copy it again.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        meta = self._opened([]).metadata
        self._groups, self._rows = meta.num_row_groups, meta.num_rows
        self._counts = [meta.row_group(number).num_rows for number in range(self._groups)]
        self._headers = tuple(meta.schema.to_arrow_schema().names)

    def _opened(self, few: Sequence[str]) -> Any:  # noqa: ANN401 - of pyarrow
        import pyarrow as pa
        from pyarrow import parquet

        try:
            return parquet.ParquetFile(
                reach(self._path), read_dictionary=list(few), memory_map=True
            )
        except (OSError, pa.ArrowException):  # its message may hold a value
            message = (
                f"{self._path.name} cannot be read: it is missing, damaged, or no Parquet file. "
                "Check the path, or copy it again."
            )
        raise SourceReadError(message)

    @property
    def file(self) -> str:
        """Name without its folder."""
        return self._path.name

    @property
    def headers(self) -> tuple[str, ...]:
        """Names of the columns."""
        return self._headers

    def sha256(self) -> str:
        """Return the hash of the file's bytes."""
        return hash_of(self._path)

    def parts(
        self, few: Sequence[str], many: Sequence[str], *, most: int
    ) -> Sequence[Iterator[Block]]:
        """Return the blocks in at most so many parts."""
        count = max(1, min(most, self._groups))
        cuts = [self._groups * number // count for number in range(count + 1)]
        return tuple(
            self._read(range(start, end), few, many) for start, end in itertools.pairwise(cuts)
        )

    def release(self) -> None:
        """Return to the system the memory that pyarrow keeps for blocks to come."""
        import pyarrow as pa

        pa.default_memory_pool().release_unused()

    def _read(self, groups: range, few: Sequence[str], many: Sequence[str]) -> Iterator[Block]:
        opened, records, reader = self._opened(few), 0, BatchReader(few, many)
        for group in groups:
            batches = opened.iter_batches(
                batch_size=_ROWS, row_groups=[group], columns=[*few, *many], use_threads=False
            )
            while True:
                batch = _or_refuse(self.file, lambda batches=batches: next(batches, None))
                if batch is None:
                    break
                rows = batch.num_rows
                yield Block(
                    columns=reader.columns(batch),
                    rows=rows,
                    start=records,
                    share=rows / max(self._rows, 1),
                )
                records += rows
                self.release()


def _after_line(whole: mmap.mmap, at: int, end: int) -> int:
    """Return the place after the line that a byte stands in."""
    if at >= end:
        return end
    found = whole.find(b"\n", at, end)
    return end if found < 0 else found + 1


def _gaps(lines: Sequence[int], first: int) -> NDArray[np.int64]:
    return np.sort(np.array(lines, dtype=np.int64)) - first


def _next(reader: Any) -> Any:  # noqa: ANN401 - of pyarrow
    try:
        return reader.read_next_batch()
    except StopIteration:
        return None


def _or_refuse(file: str, read: Any) -> Any:  # noqa: ANN401 - whatever is read
    """Read, and say what is wrong without the row that pyarrow quotes."""
    import pyarrow as pa

    try:
        return read()
    except (pa.ArrowException, UnicodeError) as error:
        text = "UTF8" in str(error) or isinstance(error, UnicodeError)
    reason = (
        "it is not text of that encoding. Pass encoding='cp1252', or save it as 'CSV UTF-8'"
        if text
        else "a quotation mark is out of place, or it is cut short. Save or copy it again"
    )
    message = f"{file} cannot be read: {reason}."
    raise SourceReadError(message)
