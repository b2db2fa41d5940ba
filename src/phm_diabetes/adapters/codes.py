"""Codes: the forms of the NHS's organisation codes, and the rows that break them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from phm_diabetes.adapters.cells import Fault, matching

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "COMMISSIONER",
    "ENGLAND",
    "GP_PRACTICE",
    "ICB",
    "PCN",
    "PCN_OR_NONE",
    "PRESCRIBER",
    "REGION",
    "SUB_ICB",
    "CodeForm",
    "malformed",
]


@frozen(kw_only=True)
class CodeForm:
    """What the codes of a kind of organisation look like.

    Parameters
    ----------
    pattern
        Regular expression of the whole code.
    what
        What it is, for a message that says that a cell is not.

    Examples
    --------
    >>> GP_PRACTICE.what
    'a GP practice code (a letter and five digits)'
    """

    pattern: str
    what: str


GP_PRACTICE = CodeForm(
    pattern="[A-HJ-NPVY][0-9]{5}", what="a GP practice code (a letter and five digits)"
)
"""A GP practice in England."""

PRESCRIBER = CodeForm(
    pattern="[A-Z](?:[0-9]{5}|[A-Z]{2}[0-9]{3})",
    what="a practice code (a letter and five digits)",
)
"""A practice anywhere or another prescriber; some of these have three letters, three digits."""

PCN = CodeForm(pattern="U[0-9]{5}", what="a PCN code (U and five digits)")
PCN_OR_NONE = CodeForm(
    pattern="U[0-9]{5}|(?i:U|UNALLOCATED|)",
    what="a PCN code (U and five digits), nor U for none",
)
_THREE_OR_FIVE = "[0-9A-Z]{3}(?:[0-9A-Z]{2})?"
COMMISSIONER = CodeForm(
    pattern=_THREE_OR_FIVE, what="the code of a commissioner (three or five letters and digits)"
)
SUB_ICB = CodeForm(pattern=_THREE_OR_FIVE, what="the code of a sub-ICB location or CCG")
ICB = CodeForm(pattern="Q[0-9A-Z]{2}|E54[0-9]{6}", what="the code of an ICB or STP")
REGION = CodeForm(pattern="Y[0-9]{2}", what="the code of an NHS England region")
ENGLAND = CodeForm(pattern="E92000001", what="England's code")


def malformed(column: pd.Series[Any], header: str, form: CodeForm) -> list[Fault]:
    """Find cells that are not codes of the form.

    Parameters
    ----------
    column
        Categories of text, indexed by row number, as :meth:`Sheet.rows` gives them.
    header
        The publisher's header, for the message.
    form
        What the codes must look like.

    Examples
    --------
    >>> import pandas as pd
    >>> column = pd.Series(["U99901", "99901"], index=[2, 3]).astype("category")
    >>> malformed(column, "PCN Code", PCN)[0].rows.tolist()
    [3]
    """
    return matching(column, header, pattern=form.pattern, what=form.what, rule="organisation code")
