"""Counts of the National Diabetes Audit: exact before 2016-17, and ranges since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.ranges import Rounding, counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["NEAREST_5", "NOT_GIVEN", "audit_counts", "bounds_agree"]

NEAREST_5 = Rounding(to=5, small=(1, 7))
"""The audit's rule: 0 is 0, 1 to 7 is 5, and the rest is rounded to the nearest 5."""

NOT_GIVEN = ("*", "-", "–", ":", "..", "c", "x", "z", "[c]", "[x]", "[z]", "n/a", "N/A", "NA")
"""Signs that stand where no count is given; what each hides is not documented."""

_EMPTY = ("", *NOT_GIVEN)
_STEP = 5


def audit_counts(
    column: pd.Series[Any], header: str, *, rounded: NDArray[np.bool_]
) -> tuple[pd.DataFrame, list[Fault]]:
    """Read counts with the least and most that each can be.

    Parameters
    ----------
    column
        Text, indexed by row number.
    header
        The publisher's header.
    rounded
        Whether each row is of an edition that is published rounded, shape ``(n,)``.

    Returns
    -------
    ranges : DataFrame of Int64
        ``value``, ``low`` and ``high``; empty where the cell is, and without a high where a sign
        stands for no count.
    faults : list of Fault

    Examples
    --------
    >>> column = pd.Series(["0", "5", "10", "12"], index=[2, 3, 4, 5])
    >>> ranges, faults = audit_counts(column, "BMI", rounded=np.array([True] * 4))
    >>> ranges[["low", "high"]].values.tolist(), faults[0].rows.tolist()
    ([[0, 0], [1, 7], [8, 12], [12, 12]], [5])
    """
    texts = column.astype("category")
    codes, known = texts.cat.codes.to_numpy(), [str(text) for text in texts.cat.categories]
    whole = np.array([text.partition(".")[0] for text in known], dtype=object)
    odd = np.array([text.isdigit() and int(text) % _STEP != 0 for text in whole], dtype=bool)
    off = rounded & odd[codes]
    under_rule = rounded & ~off
    if under_rule.all() or not rounded.any():
        rule = NEAREST_5 if rounded.any() else None
        ranges, faults = counted(texts, header, hidden={}, missing=_EMPTY, rounding=rule)
    else:
        ranges, faults = counted(texts, header, hidden={}, missing=_EMPTY)
        some = texts[under_rule].cat.remove_unused_categories()
        bounds = counted(some, header, hidden={}, missing=_EMPTY, rounding=NEAREST_5)[0]
        ranges = pd.concat([ranges[~under_rule], bounds]).loc[ranges.index]
    signs = np.array([text in NOT_GIVEN for text in known], dtype=bool)
    not_given = signs[codes]
    rows = texts.index.to_numpy()
    return ranges, [
        *faults,
        *_noted(rows[not_given], header, "count not given", "holds a sign and no count"),
        *_noted(
            rows[off],
            header,
            "rounding",
            "is no multiple of 5, though this edition is published rounded: taken as exact",
        ),
    ]


def _noted(rows: NDArray[np.int64], header: str, rule: str, message: str) -> list[Fault]:
    if not len(rows):
        return []
    return [
        Fault(
            rule=rule,
            rows=rows,
            column=header,
            message=message,
            advice="Nothing to do: a count that is not given is left empty, and never zero.",
            severity="warning",
            sets_aside=False,
            counted=True,
        )
    ]


def bounds_agree(
    published: NDArray[np.float64], numerator: pd.DataFrame, denominator: pd.DataFrame, *, per: int
) -> NDArray[np.bool_]:
    """Whether published figures are what their counts can give, to one decimal.

    Parameters
    ----------
    published
        Percentages or rates; NaN where there is none, which agrees with anything.
    numerator, denominator
        Ranges, as :func:`audit_counts` gives them.
    per
        100 for percentages.

    Examples
    --------
    >>> ranges = pd.DataFrame({"low": [8], "high": [12]})
    >>> bounds_agree(np.array([66.7]), ranges, ranges + 4, per=100).tolist()
    [True]
    """
    low, high = (numerator[end].to_numpy("float64", na_value=np.nan) for end in ("low", "high"))
    least, most = (denominator[end].to_numpy("float64", na_value=np.nan) for end in ("low", "high"))
    with np.errstate(divide="ignore", invalid="ignore"):
        bottom, top = low / most * per, high / least * per
        outside = (published < bottom - 0.051) | (published > top + 0.051)
    return np.asarray(~outside, dtype=bool)
