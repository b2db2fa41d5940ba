"""Small inputs for tests: QOF and geography files, workbooks and zips, each with what is asked."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

QOF_HEADER = ("PRACTICE_CODE", "GROUP_CODE", "REGISTER", "PATIENT_LIST_TYPE", "PRACTICE_LIST_SIZE")
GEOGRAPHY_HEADER = (
    "PRACTICE_CODE",
    "PRACTICE_NAME",
    "PCN_ODS_CODE",
    "PCN_NAME",
    "SUB_ICB_ODS_CODE",
    "SUB_ICB_NAME",
    "ICB_ODS_CODE",
    "ICB_NAME",
    "REGION_ODS_CODE",
    "REGION_NAME",
)
OLE_HEADER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def qof_row(number: int, **cells: object) -> list[str]:
    """Return one good row: practice Y99001 for 1, and so on; a keyword replaces a cell."""
    row = dict(zip(QOF_HEADER, (f"Y99{number:03}", "DM", "112.0", "17OV", "3996"), strict=True))
    return [str(cell) for cell in {**row, **cells}.values()]


def qof_rows(count: int = 3) -> list[list[str]]:
    """Return good rows, each of another practice."""
    return [qof_row(number) for number in range(1, count + 1)]


def geography_row(number: int) -> list[str]:
    """Return one good row of the geography published with the QOF."""
    return [
        f"Y99{number:03}",
        f"Planted Surgery {number}",
        "U99001",
        "Planted PCN",
        "99Z",
        "Planted sub-ICB",
        "QZZ",
        "Planted ICB",
        "Y99",
        "Planted Region",
    ]


def csv_bytes(
    rows: Sequence[Sequence[str]],
    header: Sequence[str] = QOF_HEADER,
    *,
    encoding: str = "utf-8",
) -> bytes:
    """Write a CSV, as its bytes."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode(encoding)


def qof_csv(*rows: Sequence[str], header: Sequence[str] = QOF_HEADER) -> bytes:
    """Write a register file: three good rows unless rows are given."""
    return csv_bytes(rows or qof_rows(), header)


def workbook_bytes(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """Write an xlsx workbook, as its bytes."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def zip_bytes(members: dict[str, bytes]) -> bytes:
    """Write a zip, as its bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return held.getvalue()


def ole_bytes(*streams: str) -> bytes:
    """Write what an .xls or a label-encrypted workbook starts with, and its streams' names."""
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return OLE_HEADER + bytes(504) + names


def locked_zip(members: dict[str, bytes]) -> bytes:
    """Write a zip that says it is locked by a password."""
    data = bytearray(zip_bytes(members))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    return bytes(data)


def damaged(data: bytes, at: int = 60) -> bytes:
    """Return the bytes with one of them changed."""
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def as_file(name: str, data: bytes) -> io.BytesIO:
    """Return an open file of that name."""
    opened = io.BytesIO(data)
    opened.name = name
    return opened


FIVE_FAULTS = qof_csv(
    qof_row(1),
    qof_row(2, REGISTER="-4"),
    qof_row(3, REGISTER="12.5"),
    qof_row(4),
    qof_row(5, REGISTER="12 or so"),
    qof_row(6, GROUP_CODE="DMM"),
    qof_row(7),
    qof_row(8, PRACTICE_CODE="P123"),
    qof_row(9),
)
"""A register file with five faults, in rows 3, 4, 6, 7 and 9."""
