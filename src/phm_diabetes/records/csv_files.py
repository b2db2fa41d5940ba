"""Record files of text: their header, separator and hash, and whether they can be cut in two."""

from __future__ import annotations

import csv
import hashlib
import io
import mmap
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from phm_diabetes.errors import SourceReadError
from phm_diabetes.files import reach

if TYPE_CHECKING:
    import os

__all__ = ["CsvFile", "hash_of", "look_at_csv"]

_HEAD = 1 << 20
_SEPARATORS = (",", "|", "\t")
_CHUNK = 1 << 18


@frozen(kw_only=True)
class CsvFile:
    """What is known of a file of text before its rows are read.

    Parameters
    ----------
    path
        Where it is.
    encoding
        Of its text.
    separator
        Between cells: comma, bar or tab.
    headers
        As it writes them, without a byte order mark.
    body
        Byte at which the first record begins; the size where there is none.
    size
        Bytes.
    plain
        Whether every line break ends a record, and the text is UTF-8: no quotation mark is
        anywhere. Only then can the file be cut at line breaks.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "op.csv"
    ...     _ = path.write_text("SEX,AGE", encoding="utf-8")
    ...     look_at_csv(path).headers
    ('SEX', 'AGE')
    """

    path: Path
    encoding: str
    separator: str
    headers: tuple[str, ...]
    body: int
    size: int
    plain: bool


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal.

    Raises
    ------
    SourceReadError
        When it cannot be read any more.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "op.csv"
    ...     _ = path.write_bytes(b"SEX")
    ...     hash_of(path)[:6]
    'b4bed0'
    """
    digest = hashlib.sha256()
    chunk = bytearray(_CHUNK)
    try:
        with reach(path).open("rb", buffering=0) as opened:
            while read := opened.readinto(chunk):
                digest.update(memoryview(chunk)[:read])
        return digest.hexdigest()
    except OSError:
        message = (
            f"{path.name} cannot be read any more, so that what it was cannot be told. Leave a "
            "file where it is until it is counted, and open it again."
        )
    raise SourceReadError(message)


def look_at_csv(path: str | os.PathLike[str], *, encoding: str = "utf-8") -> CsvFile:
    """Read a file's header, and nothing else of it but where quotation marks stand.

    Raises
    ------
    SourceReadError
        When it is missing, empty, or not text of the encoding.

    Examples
    --------
    >>> look_at_csv("no such file.csv")
    Traceback (most recent call last):
    phm_diabetes.errors.SourceReadError: no such file.csv cannot be read: there is no such file.
    Check the path.
    """
    given = Path(path)
    head, size = _head(given)
    if not head.strip():
        message = f"{given.name} is empty: it has no rows and no header. Ask for the file again."
        raise SourceReadError(message)
    if b"\0" in head:
        advice = "Save it as 'CSV UTF-8', or give the CSV or Parquet file that it came from."
        message = f"{given.name} is not a text file of {encoding.upper()}. {advice}"
        raise SourceReadError(message)
    marked = head.startswith(b"\xef\xbb\xbf")
    text = head.decode("utf-8" if marked else encoding, errors="replace").removeprefix("\ufeff")
    line = text.splitlines()[0]
    separator = max(_SEPARATORS, key=line.count)
    headers = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
    end = head.find(b"\n") + 1
    utf_8 = encoding.replace("_", "-").casefold() in {"utf-8", "utf8"}
    plain = utf_8 and end > 0 and b"\r" not in head[: max(end - 2, 0)] and not _quoted(given, size)
    return CsvFile(
        path=given,
        encoding="utf-8" if marked else encoding,
        separator=separator,
        headers=tuple(headers),
        body=end or (0 if text.rstrip("\r\n").count("\r") else size),
        size=size,
        plain=plain,
    )


def _head(path: Path) -> tuple[bytes, int]:
    target = reach(path)
    try:
        with target.open("rb") as opened:
            return opened.read(_HEAD), target.stat().st_size
    except FileNotFoundError:
        reason = "there is no such file. Check the path"
    except (OSError, ValueError):
        reason = (
            "it is a folder. Give the path of one file in it"
            if target.is_dir()
            else "it may not be read, or is open elsewhere. Close it and try again"
        )
    message = f"{path.name or path} cannot be read: {reason}."
    raise SourceReadError(message)


def _quoted(path: Path, size: int) -> bool:
    """Whether any quotation mark stands in the file: a line break could be inside a cell."""
    if not size:
        return False
    with (
        reach(path).open("rb") as opened,
        closing(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)) as whole,
    ):
        return whole.find(b'"') >= 0
