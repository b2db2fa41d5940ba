"""Sources: a path, a zip, a file object or a DataFrame, opened once, hashed, and read as text."""

from __future__ import annotations

import hashlib
import io
import lzma
import zipfile
import zlib
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING, Any

import pandas as pd
from attrs import frozen

from phm_diabetes.adapters.csv_text import csv_grid, refuse_empty
from phm_diabetes.adapters.parquet import is_parquet, parquet_grid
from phm_diabetes.adapters.sheets import Sheet
from phm_diabetes.adapters.workbooks import is_packed, is_workbook, refuse_unreadable, sheet_grids
from phm_diabetes.errors import OptionError, SourceReadError
from phm_diabetes.files import reach

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Source", "SourceLike", "open_source"]

# ValueError: an offset that points outside the file.
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)
_READ_IN_A_ZIP = (".csv", ".txt", ".xlsx", ".parquet")

SourceLike = "str | os.PathLike[str] | IO[bytes] | IO[str] | pd.DataFrame"
"""What ``phm.load`` takes."""


@frozen(kw_only=True, eq=False)
class Source:
    """An opened input: its name, its hash, and its sheets as text.

    Parameters
    ----------
    file
        Name without folder; ``"DataFrame"`` for a table.
    sha256
        Hash of the bytes; of the table's CSV form for a DataFrame.
    sheets
        Every sheet of a workbook, every member of a zip, or the one table.

    Examples
    --------
    >>> import pandas as pd
    >>> open_source(pd.DataFrame({"CODE": ["X1"]})).file
    'DataFrame'
    """

    file: str
    sha256: str
    sheets: tuple[Sheet, ...]


def open_source(source: Any, *, encoding: str = "utf-8") -> Source:  # noqa: ANN401 - see SourceLike
    r"""Read any accepted input as text.

    Parameters
    ----------
    source
        Path of a CSV, xlsx, Parquet or zip file; an open file; or a DataFrame, whose labels
        are the header unless they are pandas' own 0, 1, 2 ….
    encoding
        Of CSV text; a byte order mark is left out.

    Returns
    -------
    Source

    Raises
    ------
    SourceReadError
        When the file is missing, empty, truncated, encrypted, or not what its name says.
    OptionError
        When the input is none of the accepted kinds.

    Examples
    --------
    >>> import io
    >>> opened = open_source(io.BytesIO(b"CODE,N\nX99001,3\n"))
    >>> opened.sheets[0].header()
    ('CODE', 'N')
    """
    if isinstance(source, pd.DataFrame):
        return _from_frame(source)
    file, data = _bytes_of(source)
    refuse_empty(file, data)
    grids = list(_grids(file, data, encoding))
    sheets = tuple(Sheet(file=file, name=name, grid=grid, book=dict(grids)) for name, grid in grids)
    return Source(file=file, sha256=hashlib.sha256(data).hexdigest(), sheets=sheets)


def _bytes_of(source: Any) -> tuple[str, bytes]:  # noqa: ANN401 - narrowed here
    if isinstance(source, (str, PurePath)) or hasattr(source, "__fspath__"):
        return _bytes_of_path(Path(source))
    if hasattr(source, "read"):
        return _bytes_of_open(source)
    message = (
        f"A source is a path, an open file or a pandas DataFrame, not {type(source).__name__}."
    )
    raise OptionError(message)


def _bytes_of_path(path: Path) -> tuple[str, bytes]:
    name, target = path.name or str(path), reach(path)
    try:
        return name, target.read_bytes()
    except FileNotFoundError:
        reason = "there is no such file. Check the path"
    except IsADirectoryError:
        reason = "it is a folder. Give the path of one file in it"
    except PermissionError:
        if target.is_dir():  # what Windows says of a folder
            reason = "it is a folder. Give the path of one file in it"
        else:
            reason = "it may not be read, or is open elsewhere. Close it and try again"
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or "its name is not one that the system takes"
        reason = f"{said}. Check the path, or copy the file elsewhere"
    message = f"{name} cannot be read: {reason}."
    raise SourceReadError(message)


def _bytes_of_open(source: IO[bytes] | IO[str]) -> tuple[str, bytes]:
    name = PurePath(str(getattr(source, "name", "") or "file object")).name
    try:
        data = source.read()
        return name, data.encode("utf-8") if isinstance(data, str) else bytes(data)
    except UnicodeError:  # it holds the text, and must not ride along
        reason = "it was opened as text of another encoding. Open it with mode 'rb'"
    except (OSError, ValueError):
        reason = "it is closed, or was not opened for reading. Open it again with mode 'rb'"
    message = f"{name} cannot be read: {reason}."
    raise SourceReadError(message)


def _from_frame(frame: pd.DataFrame) -> Source:
    text = frame.astype(object).where(frame.notna(), "").map(_cell_text)
    labels: list[object] = list(frame.columns)
    text.columns = pd.RangeIndex(len(labels))
    # Labels 0, 1, 2 … are pandas' own, as after header=None: the first row is the file's first.
    header = [] if labels == list(range(len(labels))) else [[str(name) for name in labels]]
    grid = pd.concat([pd.DataFrame(header, columns=text.columns), text], ignore_index=True)
    digest = hashlib.sha256(grid.to_csv(index=False, header=False).encode("utf-8")).hexdigest()
    return Source(
        file="DataFrame", sha256=digest, sheets=(Sheet(file="DataFrame", name="", grid=grid),)
    )


def _cell_text(cell: object) -> str:
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d}" if cell == cell.normalize() else cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():  # what pandas makes of 5 beside a gap
        return str(int(cell))
    return str(cell)


def _grids(file: str, data: bytes, encoding: str) -> Iterator[tuple[str, pd.DataFrame]]:
    refuse_unreadable(file, data)
    if is_parquet(data):
        yield "", parquet_grid(file, data)
    elif not is_packed(data):
        yield "", csv_grid(file, data, encoding)
    elif is_workbook(data):
        if PurePath(file).suffix.casefold() in {".csv", ".txt"}:
            message = (
                f"{file} is an Excel workbook with the wrong ending. Rename it to end in .xlsx "
                "and load it again."
            )
            raise SourceReadError(message)
        yield from sheet_grids(file, data)
    else:
        yield from _zip_grids(file, data, encoding)


def _zip_grids(file: str, data: bytes, encoding: str) -> Iterator[tuple[str, pd.DataFrame]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = sorted(
            name
            for name in archive.namelist()
            if not name.endswith("/") and not _added_by_mac(name)
        )
        held = [name for name in members if name.casefold().endswith(_READ_IN_A_ZIP)]
        if not held:
            message = (
                f"{file} holds no CSV, xlsx or Parquet file ({len(members)} members). Check that "
                "it is the right zip, or unpack it and load the file inside."
            )
            raise SourceReadError(message)
        for name in held:
            label = PurePath(name).name
            inside = _member(archive, name, f"{file} › '{label}'")
            refuse_empty(f"{file} › '{label}'", inside)
            for sheet, grid in _grids(label, inside, encoding):
                yield f"{label} › {sheet}" if sheet else label, grid


def _added_by_mac(member: str) -> bool:
    return member.startswith("__MACOSX/") or PurePath(member).name.startswith("._")


def _member(archive: zipfile.ZipFile, name: str, place: str) -> bytes:
    try:
        return archive.read(name)
    except _DAMAGED:
        reason = "is cut short or damaged. Download or copy it again"
    except NotImplementedError:
        reason = "is packed in a way that Python cannot read. Unpack it and load the files inside"
    except RuntimeError:
        reason = "is locked by a password. Unpack it and load the files inside"
    message = f"{place} {reason}."
    raise SourceReadError(message)
