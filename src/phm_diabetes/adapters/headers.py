"""Headers: where a table begins on a sheet, found by what its columns are called."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from attrs import evolve, frozen

if TYPE_CHECKING:
    from phm_diabetes.adapters.base import Signature
    from phm_diabetes.adapters.sheets import Sheet

__all__ = ["Header", "find_header", "is_named", "under_one_header"]


@frozen(kw_only=True)
class Header:
    """The header of a sheet, as one text a column.

    Parameters
    ----------
    row
        Its last row, counted from 1; 0 where the layout has none.
    texts
        What each column is called, blank where it has no header.
    likeness
        Share of the signature that the sheet shows; 1 where it is recognised.

    Examples
    --------
    >>> Header(row=1, texts=("CODE", "N"), likeness=1.0).row
    1
    """

    row: int
    texts: tuple[str, ...]
    likeness: float


def find_header(sheet: Sheet, signature: Signature) -> Header:
    """Return the header of a sheet that is most like a signature; the first of equals.

    Parameters
    ----------
    sheet
        Any sheet.
    signature
        What the layout's headers are, and where to look for them.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.base import Signature
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> grid = pd.DataFrame([["Title", "", ""], ["Code", "Seen", ""], ["", "Number", "List"]])
    >>> sheet = Sheet(file="a.xlsx", name="", grid=grid)
    >>> find_header(sheet, Signature(columns=("Code", "Seen / List"), header_rows=2, within=5))
    Header(row=3, texts=('Code', 'Seen / Number', 'Seen / List'), likeness=1.0)
    """
    if not is_named(sheet, signature):
        return Header(row=0, texts=(), likeness=0.0)
    if signature.width is not None:
        fits = sheet.grid.shape[1] == signature.width and len(sheet.grid) > 0
        pattern = re.compile(signature.first_cell or ".*")
        known = fits and pattern.fullmatch(str(sheet.grid.iat[0, 0]).strip()) is not None
        return Header(row=0, texts=(), likeness=float(known))
    if signature.within is None:
        first = last = max(signature.header_row, signature.header_rows)
    else:
        first, last = signature.header_rows, signature.within
    found = [
        _header_at(sheet, signature, row) for row in range(first, min(last, len(sheet.grid)) + 1)
    ]
    nowhere = Header(row=first, texts=(), likeness=0.0)
    return max(found, key=lambda header: header.likeness, default=nowhere)


def under_one_header(sheet: Sheet, header: Header) -> Sheet:
    """Return a sheet whose header takes one row, so that columns can be found by one text each.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> grid = pd.DataFrame([["Seen", ""], ["Number", "List"], ["3", "9"]])
    >>> header = Header(row=2, texts=("Seen / Number", "Seen / List"), likeness=1.0)
    >>> flat = under_one_header(Sheet(file="a.xlsx", name="", grid=grid), header)
    >>> flat.header(2)
    ('Seen / Number', 'Seen / List')
    """
    if header.texts == sheet.header(header.row):
        return sheet
    grid = sheet.grid.astype(str)  # a column of categories takes no new text
    grid.iloc[header.row - 1] = list(header.texts)
    return evolve(sheet, grid=grid)


def is_named(sheet: Sheet, signature: Signature) -> bool:
    """Whether a sheet's name is one that a signature allows; a sheet without one is.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.base import Signature
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> sheet = Sheet(file="a.xlsx", name="Reviews", grid=pd.DataFrame())
    >>> is_named(sheet, Signature(sheet="review.?")), is_named(sheet, Signature(sheet="x"))
    (True, False)
    """
    if signature.sheet is None or not sheet.name:
        return True
    own = sheet.name.split(" › ")[-1]  # of a zip, the name is that of the member and the sheet
    if own.casefold().endswith((".csv", ".txt")):
        own = PurePath(own).stem
    return re.fullmatch(signature.sheet, own.strip(), flags=re.IGNORECASE) is not None


def _header_at(sheet: Sheet, signature: Signature, row: int) -> Header:
    texts = sheet.header(row)
    for above in range(row - 1, row - signature.header_rows, -1):
        texts = _joined(sheet.header(above), texts)
    have = {_plain(text) for text in texts}
    wanted = [(each,) if isinstance(each, str) else each for each in signature.columns]
    shown = sum(any(_plain(text) in have for text in words) for words in wanted)
    return Header(row=row, texts=texts, likeness=shown / len(wanted) if wanted else 0.0)


def _joined(above: tuple[str, ...], below: tuple[str, ...]) -> tuple[str, ...]:
    """Spread cells merged across over the columns under them; one merged downwards stays."""
    texts: list[str] = []
    group = ""
    for top, bottom in zip(above, below, strict=True):
        if top:
            group = top if bottom else ""
        texts.append(top if not bottom else f"{group} / {bottom}" if group else bottom)
    return tuple(texts)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
