"""False discoveries: flags of many units and measures, held to a share that may be false."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from phm_diabetes.errors import OptionError
from phm_diabetes.outliers.adjusted_p_values import benjamini_hochberg, benjamini_yekutieli
from phm_diabetes.outliers.answers import CANNOT_TELL, HOLDS, NOT_KNOWN, SPECIAL_CAUSE
from phm_diabetes.outliers.families import grouped_rows
from phm_diabetes.outliers.flag_reading import answers_in
from phm_diabetes.outliers.units import units_of
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.flags import Flags

if TYPE_CHECKING:
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["false_discovery"]

_METHODS = {
    "bh": ("Benjamini-Hochberg", benjamini_hochberg),
    "by": ("Benjamini-Yekutieli", benjamini_yekutieli),
}
_NO_P_VALUE = "the detector gives no p-value"


def false_discovery(
    flags: DataFrame[Flags], *, method: Literal["bh", "by"] = "bh", share: float = 0.05
) -> DataFrame[Flags]:
    """Flag anew, so that of all that is flagged no more than a share is expected to be false.

    All rows that are read together are one family: every unit, measure and period of the table.

    Parameters
    ----------
    flags
        What :class:`~phm_diabetes.outliers.funnel.Funnel`, or any detector with p-values, returned.
    method
        ``"bh"``, Benjamini and Hochberg, for figures that are independent or rise and fall
        together; ``"by"``, Benjamini and Yekutieli, whatever their dependence, and much stricter.
    share
        Share of the flags that may be false.

    Returns
    -------
    DataFrame[Flags]
        The rows given, in their order. ``score`` is the normal deviate of the p-value, and
        ``threshold`` the one that the family came to. Where over-dispersion was allowed for, so it
        is here; ``flagged_unadjusted`` is left as it was. ``rounding`` holds only where the unit's
        counts are exact.

    Raises
    ------
    OptionError
        When no row has a p-value, there is no such method, or the share is not between 0 and 1.
    SchemaError
        When the table is no Flags.

    References
    ----------
    Benjamini Y, Hochberg Y. Controlling the false discovery rate. JRSS B 1995;57:289-300 (equation
    1 by our own record). Benjamini Y, Yekutieli D. Annals of Statistics 2001;29:1165-1188, theorem
    1.3.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers import Funnel, false_discovery
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> flags = Funnel(overdispersion="SHMI")(table)
    >>> fewer = false_discovery(flags, share=0.05)
    >>> bool(fewer["flagged"].sum() > 0)
    True
    """
    if method not in _METHODS:
        message = f"method is {method!r}. Pass 'bh' or 'by'."
        raise OptionError(message)
    if not 0 < share < 1:
        message = f"share is {share!r}. Pass the share that may be false, such as 0.05."
        raise OptionError(message)
    table = checked(Flags, flags, what="flags")
    name, adjusted = _METHODS[method]
    answers, units = answers_in(table), units_of(table)
    p_value = answers.p_value
    if np.isnan(p_value).all():
        message = (
            "No row has a p-value. False discoveries are counted from the chance of each figure: "
            "give the flags of Funnel or Spread."
        )
        raise OptionError(message)
    exact = (units.numerator_range.low == units.numerator_range.high) & (
        units.denominator_range.low == units.denominator_range.high
    )
    # Estimates at a second confidence are the same figures again.
    for rows in grouped_rows(table, ["confidence"]).values():
        known = rows[~np.isnan(p_value[rows])]
        cut = _cut(p_value[known], share, dependent=method == "by")
        flagged = adjusted(p_value[known]) <= share
        old = answers.score[known]
        direction = np.sign(old)
        answers.put(
            known,
            side=np.where(flagged, direction, 0),
            score=direction * _deviate(p_value[known]),
            threshold=float(_deviate(np.asarray(cut))),
            why=f"{SPECIAL_CAUSE}: of all so far out, no more than {100 * share:g}% by chance",
            rounding=np.where(exact[known], HOLDS, CANNOT_TELL),
        )
        untold = rows[np.isnan(p_value[rows]) & (answers.side[rows] != NOT_KNOWN)]
        answers.put(untold, side=NOT_KNOWN, why=_NO_P_VALUE)
    count = int((~np.isnan(p_value)).sum())
    named = np.array([str(each) for each in table["detector"].unique()])
    return answers.as_flags(
        table,
        f"{' + '.join(sorted(named))}; false discoveries held to {100 * share:g}% of {count:,} "
        f"figures by {name}",
    )


def _cut(p_values: FloatArray, share: float, *, dependent: bool) -> float:
    """Return the p-value up to which a family flags; with no flag, the first that it would."""
    size = max(p_values.size, 1)
    price = float(np.sum(1 / np.arange(1, size + 1))) if dependent else 1.0
    steps = share * np.arange(1, size + 1) / (size * price)
    below = np.flatnonzero(np.sort(p_values) <= steps[: p_values.size])
    return float(steps[below[-1]] if below.size else steps[0])


def _deviate(p_value: FloatArray) -> FloatArray:
    from scipy.special import ndtri

    least = 2 * np.finfo(np.float64).tiny
    deviate: FloatArray = -ndtri(np.maximum(p_value, least) / 2)
    return np.maximum(deviate, 0.0)
