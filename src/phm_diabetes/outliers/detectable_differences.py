"""Detectable: the smallest true difference each unit could have shown on a funnel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from phm_diabetes.outliers.detectable_values import (
    detectable_adjusted,
    detectable_proportion,
    detectable_rate,
)
from phm_diabetes.outliers.units import units_of
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.estimates import Estimates

if TYPE_CHECKING:
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.metrics.intervals import Bounds
    from phm_diabetes.outliers.funnel import Funnel
    from phm_diabetes.outliers.yardsticks import Yardstick
    from phm_diabetes.schemas.detectables import Detectables

__all__ = ["detectable"]


def detectable(
    estimates: DataFrame[Estimates], *, funnel: Funnel, power: float = 0.8
) -> DataFrame[Detectables]:
    """Return the true figures nearest the target that a funnel would probably have flagged.

    A unit that is not flagged is not thereby fine: between ``detectable_low`` and
    ``detectable_high`` it would have been flagged less often than `power`.

    Parameters
    ----------
    estimates
        As for the funnel.
    funnel
        Whose limits, target and over-dispersion are meant.
    power
        Chance of being flagged, from 0.5 to below 1.

    Returns
    -------
    DataFrame[Detectables]
        The rows given, in their order. Empty on a side on which no figure at all would be flagged
        with that chance, and where the funnel tells nothing.

    Raises
    ------
    OptionError
        When the power is not from 0.5 to below 1.
    StatisticsError
        When a figure is standardised or a share, and so not the quotient of its own counts.

    References
    ----------
    Spiegelhalter DJ. Statistics in Medicine 2005;24:1185-1202, appendices A.1.1 and A.2.1, for the
    limits; the power is ours.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers import Funnel, detectable
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> found = detectable(table, funnel=Funnel(overdispersion="none", confidence=0.95))
    >>> bool((found["detectable_high"] > found["target"]).all())
    True
    """
    table = checked(Estimates, estimates, what="estimates")
    units = units_of(table)
    low, high, target = (np.full(len(table), np.nan) for _ in range(3))
    for held in funnel.holdings(table, units):
        if held.yardstick is None or held.refusal:
            continue
        rows, per = held.family.rows, held.family.card.per
        rows = rows[units.not_by_chance[rows] == ""]
        bounds = _detectable_on(held.yardstick, units.denominator[rows], power)
        target[rows] = held.yardstick.centre * per
        low[rows], high[rows] = bounds.lower * per, bounds.upper * per
    added: dict[str, Any] = {
        "target": target,
        "detectable_low": low,
        "detectable_high": high,
        "power": power,
    }
    return cast("DataFrame[Detectables]", table.assign(**added))


def _detectable_on(stick: Yardstick, denominator: FloatArray, power: float) -> Bounds:
    n = denominator / stick.chance.design_effect
    if stick.overdispersion is not None:
        return detectable_adjusted(
            n,
            overdispersion=stick.overdispersion,
            centre=stick.centre,
            confidence=stick.confidence,
            power=power,
        )
    edges = detectable_proportion if stick.chance.kind == "proportion" else detectable_rate
    return edges(n, centre=stick.centre, confidence=stick.confidence, power=power)
