"""Code lists asked of records: a named list of codes becomes a condition on a column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from phm_diabetes.disease_areas.hospital_codes import CodeList
from phm_diabetes.records.measures import Where

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EMERGENCY_ADMISSION", "has_listed", "where_listed"]

EMERGENCY_ADMISSION = CodeList(
    id="emergency_admission",
    words=(
        "Emergency admission: through an emergency department, a GP, a bed bureau, a clinic, a "
        "crisis team, from another hospital in an emergency, or by other means; a baby born at "
        "home as intended (2C) is left out"
    ),
    codes=("21", "22", "23", "24", "25", "28", "2A", "2B", "2D"),
    source="NHS Data Dictionary, admission method; 2A to 2D are letters",
)
"""Methods of emergency admission."""


def where_listed(column: str, codes: CodeList, *, negated: bool = False) -> Where:
    """Return the condition that a column has a code of a list.

    Parameters
    ----------
    column
        Canonical column; of several slots any may have it.
    codes
        The list.
    negated
        Whether it must have none.

    Examples
    --------
    >>> from phm_diabetes.disease_areas.hospital_codes import CORE, MINOR
    >>> where_listed("treatment_function", CORE).isin
    ('307', '263')
    >>> where_listed("procedures", MINOR).starts
    ('X10', 'X11')
    """
    if codes.beginnings:
        return Where(column=column, starts=codes.codes, negated=negated)
    return Where(column=column, isin=codes.codes, negated=negated)


def has_listed(codes: pd.Series[Any], listed: CodeList) -> pd.Series[bool]:
    """Return which rows have any code of a list among theirs.

    Parameters
    ----------
    codes
        Codes of each row, joined by spaces, as in ``diagnoses`` and ``procedures`` of the
        episodes; a missing one has none.
    listed
        The list.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.disease_areas.hospital_codes import MAJOR_BROAD
    >>> has_listed(pd.Series(["W401 X095", "X121", None]), MAJOR_BROAD).tolist()
    [True, False, False]
    """
    words = "|".join(re.escape(code) for code in listed.codes)
    end = "" if listed.beginnings else "(?: |$)"
    found = codes.astype("string").str.contains(f"(?:^| )(?:{words}){end}", regex=True)
    return found.fillna(value=False).astype(bool)
