"""CSV text: decoded as asked, and every record kept, so that row numbers stay true."""

from __future__ import annotations

import codecs
import csv
import io
from contextlib import suppress

import pandas as pd

from phm_diabetes.errors import OptionError, SourceReadError

__all__ = ["csv_grid", "refuse_empty"]

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def refuse_empty(place: str, content: bytes | str) -> None:
    """Refuse what holds nothing but white space.

    Raises
    ------
    SourceReadError
        Always when it is empty.

    Examples
    --------
    >>> refuse_empty("a.csv", "")
    Traceback (most recent call last):
    phm_diabetes.errors.SourceReadError: a.csv is empty: it has no rows and no header. Ask for the
    file again.
    """
    if not content.strip():
        message = f"{place} is empty: it has no rows and no header. Ask for the file again."
        raise SourceReadError(message)


def csv_grid(file: str, data: bytes, encoding: str) -> pd.DataFrame:
    """Return every cell of a CSV as text, from its first record.

    Parameters
    ----------
    file
        Its name, for messages.
    data
        Its bytes.
    encoding
        Of the text; a byte order mark is left out, and one of UTF-16 decides.

    Raises
    ------
    SourceReadError
        When it is empty, no text, of another encoding, or has a quotation mark out of place.
    OptionError
        When there is no such encoding.

    Examples
    --------
    >>> csv_grid("a.csv", b"CODE,N", "utf-8").to_numpy().tolist()
    [['CODE', 'N']]
    """
    text = _decoded(file, data, encoding)
    refuse_empty(file, text)
    if "\0" in text:
        message = f"{file} is not a text file. Give the CSV, xlsx or zip that it came from."
        raise SourceReadError(message)
    return _parsed(file, text)


def _decoded(file: str, data: bytes, encoding: str) -> str:
    if data.startswith(_UTF_16):
        return data.decode("utf-16", errors="replace")
    try:
        is_utf_8 = codecs.lookup(encoding).name == "utf-8"
        "".encode(encoding)  # some codecs are not of text
    except LookupError:
        message = f"encoding='{encoding}' is not a text encoding. Leave it out, or try 'cp1252'."
        raise OptionError(message) from None
    try:
        return data.decode("utf-8-sig" if is_utf_8 else encoding)
    except UnicodeError as error:  # it holds the bytes, and must not ride along
        row = data.count(b"\n", 0, getattr(error, "start", 0)) + 1
    advice = (
        "It was probably saved by Excel as Windows-1252: save it again as 'CSV UTF-8', or pass "
        "encoding='cp1252'."
        if is_utf_8
        else "Leave encoding= out, or save the file again as 'CSV UTF-8'."
    )
    message = f"{file} is not {encoding.upper()} text (row {row}). {advice}"
    raise SourceReadError(message)


def _parsed(file: str, text: str) -> pd.DataFrame:
    """Return every record of a CSV as text, blank ones kept, so that row numbers stay true."""
    try:
        # As objects a repeated text is made once; as text of pandas' own it is copied every time.
        grid = pd.read_csv(
            io.StringIO(text), header=None, dtype=object, na_filter=False, skip_blank_lines=False
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError):
        pass
    else:
        # A row that ends before the first one does lacks the last column, if any.
        return grid.fillna("") if grid.iloc[:, -1].isna().any() else grid
    # Rows longer than the first, as under a title, or a quotation mark astray: slower, and right.
    records: list[list[str]] = []
    with suppress(csv.Error):
        records.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
        width = max(map(len, records), default=0)
        return pd.DataFrame([record + [""] * (width - len(record)) for record in records])
    message = (
        f"{file} cannot be read from row {len(records) + 1} on: a quotation mark there is out of "
        "place, or is never closed. Remove it, or save the file again as CSV."
    )
    raise SourceReadError(message)
