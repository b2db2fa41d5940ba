"""Checks of the National Diabetes Audit's figures against one another, none of which is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.nda_rounding import bounds_agree

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["NESTED", "out_of_order", "percentages", "percentages_disagree", "whole_above"]

NESTED = (
    ("dm.tt.hba1c_48", "dm.tt.hba1c_53"),
    ("dm.tt.hba1c_53", "dm.tt.hba1c_58"),
    ("dm.tt.hba1c_58", "dm.tt.hba1c_75"),
    ("dm.tt.hba1c_75", "dm.tt.hba1c_86"),
    ("dm.tt.bp_140_80", "dm.tt.bp_140_90"),
    ("dm.tt.cholesterol_4", "dm.tt.cholesterol_5"),
    ("dm.cp9", "dm.cp8"),
    ("dm.cp8", "dm.cp.hba1c"),
)
"""Measures of which whoever reaches the first reaches the second."""

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", re.IGNORECASE)


def percentages(column: pd.Series[Any]) -> NDArray[np.float64]:
    """Read percentages; NaN where there is none. They are checked, and never used.

    Parameters
    ----------
    column
        Text, such as ``"42.9"``, ``"42.9%"`` or Excel's ``"0.429"`` under a percentage format.

    Examples
    --------
    >>> import pandas as pd
    >>> percentages(pd.Series(["42.9%", "", "*"])).tolist()
    [42.9, nan, nan]
    """
    bare = column.astype(str).str.strip().str.rstrip("% ")
    read = {text: float(text) for text in bare.unique() if _NUMBER.fullmatch(text)}
    return np.asarray(bare.map(read), dtype=np.float64)


def percentages_disagree(
    column: pd.Series[Any],
    header: str,
    numerator: pd.DataFrame,
    denominator: pd.DataFrame,
) -> list[Fault]:
    """Find rows whose percentage is not what their counts can give.

    Parameters
    ----------
    column
        Text of the percentages, indexed by row number.
    header
        The publisher's header.
    numerator, denominator
        Ranges of the counts.

    Examples
    --------
    >>> import pandas as pd
    >>> ranges = pd.DataFrame({"value": [40, 40], "low": [40, 40], "high": [40, 40]})
    >>> texts = pd.Series(["50.0", "0.5"], index=[4, 5])
    >>> percentages_disagree(texts, "BMI", ranges, ranges * 2)[0].rows.tolist()
    [5]
    """
    published = percentages(column)
    # A sheet whose cells are formatted as percentages holds fractions throughout.
    as_share = bounds_agree(published * 100, numerator, denominator, per=100)
    as_percent = bounds_agree(published, numerator, denominator, per=100)
    agree = as_share if as_share.sum() > as_percent.sum() else as_percent
    rows = column.index.to_numpy()[~agree]
    return _warned(
        rows,
        header,
        "percentage",
        "is not what numerator and denominator give, within rounding",
        "The counts are used. Check that the columns were not swapped, and the publisher's notes.",
    )


def whole_above(
    rows: NDArray[np.int64], header: str, numerator: pd.DataFrame, denominator: pd.DataFrame
) -> list[Fault]:
    """Find rows whose numerator is above its denominator, and say whether rounding explains it.

    Examples
    --------
    >>> import pandas as pd
    >>> top = pd.DataFrame({"value": [10], "low": [8], "high": [12]}, dtype="Int64")
    >>> whole = pd.DataFrame({"value": [8], "low": [8], "high": [8]}, dtype="Int64")
    >>> whole_above(np.array([4]), "BMI", top, whole)[0].severity
    'info'
    """
    above = (numerator["value"] > denominator["value"]).fillna(value=False).to_numpy(dtype=bool)
    beyond = (numerator["low"] > denominator["high"]).fillna(value=False).to_numpy(dtype=bool)
    found = _warned(
        rows[above & ~beyond],
        header,
        "numerator above denominator",
        "is above its denominator because both are rounded",
        "Nothing to do: the ranges hold what is true.",
        severity="info",
    )
    return found + _warned(
        rows[above & beyond],
        header,
        "numerator above denominator",
        "is above its denominator by more than rounding can explain",
        "Used as published. Check that the columns were not swapped.",
    )


def out_of_order(
    read: dict[str, tuple[str, pd.DataFrame]], pairs: Iterable[tuple[str, str]] = NESTED
) -> list[Fault]:
    """Find rows in which fewer people reach an easier target than a harder one.

    Parameters
    ----------
    read
        Header and ranges of the numerator, by measure; indexed by row number.
    pairs
        Measures, the harder first.

    Examples
    --------
    >>> import pandas as pd
    >>> few, many = (pd.DataFrame({"low": [n], "high": [n]}, index=[4]) for n in (3, 9))
    >>> out_of_order({"dm.tt.hba1c_48": ("48", many), "dm.tt.hba1c_53": ("53", few)})[0].column
    '53'
    """
    found = []
    for harder, easier in pairs:
        if harder not in read or easier not in read:
            continue
        header, least = read[easier][0], read[harder][1]["low"]
        broken = (least > read[easier][1]["high"]).fillna(value=False).to_numpy(dtype=bool)
        found += _warned(
            least.index.to_numpy()[broken],
            header,
            "nested targets",
            f"is below '{read[harder][0]}', which whoever is counted there must also reach",
            "Used as published. Check that the headings stand over their own columns.",
        )
    return found


def _warned(
    rows: NDArray[np.int64],
    header: str,
    rule: str,
    message: str,
    advice: str,
    *,
    severity: str = "warning",
) -> list[Fault]:
    if not len(rows):
        return []
    return [
        Fault(
            rule=rule,
            rows=rows,
            column=header,
            message=message,
            advice=advice,
            severity=severity,
            sets_aside=False,
            counted=True,
        )
    ]
