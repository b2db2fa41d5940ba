"""Workbooks: xlsx sheets as text; other Excel formats refused, each in one clear sentence."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, datetime, time
from typing import Any

import pandas as pd

from phm_diabetes.errors import SourceReadError

__all__ = ["as_text", "is_packed", "is_workbook", "refuse_unreadable", "sheet_grids"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def refuse_unreadable(file: str, data: bytes) -> None:
    r"""Refuse what Excel can open and this library cannot, or what nobody can.

    Raises
    ------
    SourceReadError
        For an encrypted or ``.xls`` or ``.xlsb`` workbook, and a zip that is cut short.

    Examples
    --------
    >>> refuse_unreadable("q4.zip", b"PK\x03\x04 cut short")
    Traceback (most recent call last):
    phm_diabetes.errors.SourceReadError: q4.zip is cut short or damaged. Download or copy it again.
    """
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            message = (
                f"{file} is encrypted by a sensitivity label or a password. Open it in Excel, "
                "set a label without encryption (or save a copy without a password), and load "
                "the copy."
            )
        else:
            message = f"{file} is an .xls workbook. Open it in Excel and save it as .xlsx."
        raise SourceReadError(message)
    if not is_packed(data):
        return
    broken = False
    names: list[str] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, struct.error):
        broken = True
    if broken:
        message = f"{file} is cut short or damaged. Download or copy it again."
        raise SourceReadError(message)
    if "xl/workbook.bin" in names:
        message = f"{file} is an .xlsb workbook. Open it in Excel and save it as .xlsx."
        raise SourceReadError(message)


def is_packed(data: bytes) -> bool:
    """Whether the bytes are a zip, as an xlsx workbook is too; it may be damaged.

    Examples
    --------
    >>> is_packed(b"PK,N")
    False
    """
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are an xlsx workbook.

    Examples
    --------
    >>> is_workbook(b"CODE,N")
    False
    """
    if not is_packed(data):
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "xl/workbook.xml" in archive.namelist()


def sheet_grids(file: str, data: bytes) -> list[tuple[str, pd.DataFrame]]:
    """Return each sheet's name and its cells as text, from cell A1; charts are left out.

    Raises
    ------
    SourceReadError
        When the workbook cannot be read.

    Examples
    --------
    >>> sheet_grids("q4.xlsx", b"no workbook")
    Traceback (most recent call last):
    phm_diabetes.errors.SourceReadError: q4.xlsx cannot be read as a workbook. Open it in Excel and
    save it again.
    """
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [
            (sheet.name, book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False))
            for sheet in book.sheets_metadata
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except (python_calamine.CalamineError, OSError, ValueError):
        sheets = None
    if sheets is None:
        message = f"{file} cannot be read as a workbook. Open it in Excel and save it again."
        raise SourceReadError(message)
    numbers = _Numbers()
    return [
        (name, pd.DataFrame([_texts(row, numbers) for row in cells], dtype=object))
        for name, cells in sheets
        if cells
    ]


class _Numbers(dict[float, str]):
    """Texts of numbers, each written once: most cells of a large workbook hold few of them."""

    def __missing__(self, number: float) -> str:
        self[number] = text = as_text(number)
        return text


def _texts(row: list[Any], numbers: _Numbers) -> list[str]:
    # By class, since True is the number 1 to a dict.
    return [
        cell
        if cell.__class__ is str
        else numbers[cell]
        if cell.__class__ is float
        else as_text(cell)
        for cell in row
    ]


def as_text(cell: object) -> str:
    """Write a typed cell as a person would: whole numbers without a point, dates in ISO form.

    Examples
    --------
    >>> as_text(5.0), as_text(date(2023, 3, 31))
    ('5', '2023-03-31')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
