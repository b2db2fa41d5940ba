"""Levels of the National Diabetes Audit's rows: which organisation each is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd
from attrs import field, frozen

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.codes import ENGLAND, GP_PRACTICE, ICB, PCN, REGION, SUB_ICB

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Organisations", "organisations_in"]

_NESTED = ("region", "icb", "sub_icb", "pcn")
_LOWEST = ("organisation", "practice")
_FORMS = {
    "practice": GP_PRACTICE,
    "pcn": PCN,
    "sub_icb": SUB_ICB,
    "icb": ICB,
    "region": REGION,
    "england": ENGLAND,
}
_ENGLAND_WORDS = {"england", "eng", "e92000001", "england total", "all england"}
_NO_CODE = {"", "-", "n/a", "na", "unallocated", "u", "none"}
_ELSEWHERE = (
    ("outside England", r"W[0-9]{5}|7A[0-9A-Z]", "is about Wales, and not about England"),
    ("specialist service", r"R[0-9A-Z]{2}(?:[0-9A-Z]{2})?", "is a specialist service"),
    ("detained estates", r"Q99", "holds the detained estates, which are no ICB"),
)


@frozen(kw_only=True, eq=False)
class Organisations:
    """Organisation of each row.

    Parameters
    ----------
    level, code
        Blank where the row is about no organisation that counts.
    faults
        Rows of organisations left out, each kind counted once, and codes that are none.
    is_note
        Rows that hold no code at all: footers and notes.

    Examples
    --------
    >>> import numpy as np
    >>> none = pd.Series([""], index=[4])
    >>> Organisations(level=none, code=none, is_note=np.array([True])).faults
    ()
    """

    level: pd.Series[Any] = field(repr=False)
    code: pd.Series[Any] = field(repr=False)
    faults: tuple[Fault, ...] = ()
    is_note: NDArray[np.bool_] = field(repr=False)


def organisations_in(
    cells: pd.DataFrame, headers: Mapping[str, str], figures: NDArray[np.bool_]
) -> Organisations:
    """Tell organisations apart by which of a row's codes are equal, and which are blank.

    A total stands under its own code in every lower column, or leaves them blank. A row whose
    lowest code is in none of the columns above it is a practice.

    Parameters
    ----------
    cells
        Text by role (``region``, ``icb``, ``sub_icb``, ``pcn``, ``organisation``, ``practice``),
        indexed by row number.
    headers
        The publisher's header of each role.
    figures
        Whether a row holds any figure: without one, text in place of a code is a note.

    Examples
    --------
    >>> import numpy as np
    >>> cells = pd.DataFrame({"icb": ["England", "QZZ", "QZZ", "QZZ"],
    ...     "pcn": ["England", "QZZ", "U99001", "U99001"],
    ...     "organisation": ["England", "QZZ", "U99001", "Y99001"]}, index=[4, 5, 6, 7])
    >>> found = organisations_in(cells, {}, np.full(4, True))
    >>> found.level.tolist(), found.code.tolist()[0]
    (['england', 'icb', 'pcn', 'practice'], 'E92000001')
    """
    roles = [role for role in (*_NESTED, *_LOWEST) if role in cells]
    distinct = cells[roles].astype(object).drop_duplicates()
    told = {
        codes: _told(dict(zip(roles, codes, strict=True)))
        for codes in distinct.itertuples(index=False, name=None)
    }
    rows = [told[codes] for codes in cells[roles].astype(object).itertuples(index=False, name=None)]
    level = pd.Series([each[0] for each in rows], index=cells.index, dtype=object)
    code = pd.Series([each[1] for each in rows], index=cells.index, dtype=object)
    left_out = pd.Series([each[2] for each in rows], index=cells.index, dtype=object)
    left_out[left_out.str.startswith("code:") & ~figures] = "note"
    lowest = next((role for role in reversed(roles) if role in headers), "")
    return Organisations(
        level=level,
        code=code,
        faults=tuple(_faults(left_out, headers.get(lowest, ""))),
        is_note=(left_out == "note").to_numpy(dtype=bool),
    )


def _told(codes: Mapping[str, str]) -> tuple[str, str, str]:
    """Return level, code, and why the row does not count."""
    written = {role: text for role, text in codes.items() if text.casefold() not in _NO_CODE}
    if not written:
        return "", "", "note"
    if all(text.casefold() in _ENGLAND_WORDS for text in written.values()):
        return "england", ENGLAND.pattern, ""
    own = next(reversed(written.values()))
    level = next((role for role in _NESTED if written.get(role) == own), "practice")
    for reason, pattern, _ in _ELSEWHERE:
        stands = level == "icb" if reason == "detained estates" else level != "icb"
        if stands and re.fullmatch(pattern, own):
            return "", "", reason
    is_other = level == "sub_icb" and re.fullmatch(ICB.pattern, own) is not None
    if is_other or re.fullmatch(_FORMS[level].pattern, own) is None:
        return "", "", f"code:{level}"
    return level, own, ""


def _faults(left_out: pd.Series[Any], header: str) -> list[Fault]:
    found = []
    for reason, _, message in _ELSEWHERE:
        rows = left_out.index[left_out == reason]
        if len(rows):
            found.append(
                Fault(
                    rule=reason,
                    rows=rows.to_numpy(),
                    column=header,
                    message=message,
                    advice="Nothing to do: the rows are listed here and not used.",
                    severity="info",
                    counted=True,
                )
            )
    for level, form in _FORMS.items():
        rows = left_out.index[left_out == f"code:{level}"]
        if len(rows):
            found.append(
                Fault(
                    rule="organisation code",
                    rows=rows.to_numpy(),
                    column=header,
                    message=f"is not {form.what}",
                    advice="Check that the column was not shifted, cut or reformatted.",
                )
            )
    return found
