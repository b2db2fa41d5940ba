"""People: what in a sample could belong to a living person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phm_diabetes.adapters.sheets import Sheet

__all__ = ["is_nhs_number", "personal"]

_TEN_DIGITS = re.compile(r"(?<!\d)(?<!\d\.)(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?!\d|\.\d)")
_POSTCODE = re.compile(
    r"\b(?!ZZ99)[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE
)
_BIRTH = re.compile(r"\b(dob|birth|born)\b|dateofbirth|birthdate", re.IGNORECASE)
_DAY = re.compile(
    r"\b(\d{4}-?\d{2}-?\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}"
    r"|\d{1,2}[ -]?[A-Za-z]{3,9}[ -]?\d{2,4})\b"
)
_MODULUS = 11


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits have a valid check digit and lie outside the test range 999.

    Parameters
    ----------
    digits
        Ten digits.

    Examples
    --------
    >>> is_nhs_number("9434765919"), is_nhs_number("9434765918"), is_nhs_number("9990000018")
    (True, False, False)
    """
    if digits.startswith("999"):
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)
    )
    return (_MODULUS - total % _MODULUS) % _MODULUS == int(digits[9])


def personal(sheet: Sheet) -> Iterator[tuple[int, int, str]]:
    """Yield row, column and kind of each cell that could belong to a person; never the cell.

    Parameters
    ----------
    sheet
        Any sheet.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> list(personal(Sheet(file="a.csv", name="", grid=pd.DataFrame([["x"], ["9434765919"]]))))
    [(2, 1, 'a valid NHS number')]
    """
    births: set[int] = set()
    for row, cells in enumerate(sheet.grid.itertuples(index=False), start=1):
        for column, cell in enumerate(cells, start=1):
            text = str(cell)
            if _BIRTH.search(text.replace("_", " ")):
                births.add(column)
            if any(is_nhs_number("".join(each)) for each in _TEN_DIGITS.findall(text)):
                yield row, column, "a valid NHS number"
            elif _POSTCODE.search(text):
                yield row, column, "a postcode"
            elif column in births and _DAY.search(text):
                yield row, column, "a date of birth"
