"""A minimal Excel workbook, so that the demonstration needs nothing that writes one."""

from __future__ import annotations

import io
import zipfile
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["xlsx"]

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FORMATS = "http://schemas.openxmlformats.org"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def xlsx(sheets: Mapping[str, Iterable[Sequence[str | float]]]) -> bytes:
    """Return a workbook of texts and numbers, the same bytes for the same cells.

    Parameters
    ----------
    sheets
        Rows by the sheet's name. An empty text is an empty cell.

    Examples
    --------
    >>> from phm_diabetes.adapters.sources import open_source
    >>> import io
    >>> book = open_source(io.BytesIO(xlsx({"PCNs": [["Code"], ["U99901"]]})))
    >>> book.sheets[0].name, book.sheets[0].grid[0].tolist()
    ('PCNs', ['Code', 'U99901'])
    """
    numbers = range(1, len(sheets) + 1)
    office = f"{_FORMATS}/officeDocument/2006/relationships"
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_FORMATS}/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
            f'ContentType="{_TYPES}.worksheet+xml"/>'
            for number in numbers
        )
        + "</Types>",
        "_rels/.rels": _relationships({"rId1": (f"{office}/officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{_FORMATS}/spreadsheetml/2006/main" '
        f'xmlns:r="{office}"><sheets>'
        + "".join(
            f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
            for number, name in zip(numbers, sheets, strict=True)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relationships(
            {
                f"rId{each}": (f"{office}/worksheet", f"worksheets/sheet{each}.xml")
                for each in numbers
            }
        ),
    }
    for number, rows in zip(numbers, sheets.values(), strict=True):
        members[f"xl/worksheets/sheet{number}.xml"] = _worksheet(rows)
    return _zipped(members)


def _relationships(targets: Mapping[str, tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_FORMATS}/package/2006/relationships">{lines}</Relationships>'


def _worksheet(rows: Iterable[Sequence[str | float]]) -> str:
    lines = (
        f"<row>{''.join(map(_cell, row))}</row>" for row in rows
    )  # cells without addresses follow one another
    return (
        f'<worksheet xmlns="{_FORMATS}/spreadsheetml/2006/main">'
        f"<sheetData>{''.join(lines)}</sheetData></worksheet>"
    )


def _cell(value: str | float) -> str:
    if not isinstance(value, str):
        return f"<c><v>{value!r}</v></c>"
    if not value:
        return "<c/>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def _zipped(members: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in members.items():
            # No time, no system and no compression: nothing that differs between machines.
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.create_system = 3
            archive.writestr(member, _DECLARATION + text)
    return packed.getvalue()
