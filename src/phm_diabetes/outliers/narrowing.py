"""Narrowing: a detector that judges the units of each parent apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.model.levels import level_named
from phm_diabetes.outliers.answers import NOT_KNOWN
from phm_diabetes.outliers.families import WITHIN
from phm_diabetes.outliers.flag_reading import answers_in
from phm_diabetes.outliers.parents import parent_codes
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.estimates import Estimates

if TYPE_CHECKING:
    from datetime import date

    from pandera.typing import DataFrame

    from phm_diabetes.geography import Geography
    from phm_diabetes.outliers.detectors import Detector
    from phm_diabetes.schemas.flags import Flags

__all__ = ["Within", "within"]


@frozen(kw_only=True)
class Within:
    """Judge the units of each parent apart, as though no other were in the table.

    Built by :func:`within`.

    Parameters
    ----------
    detector
        Judges the units of each parent.
    geo, level, as_at
        As for :func:`within`.

    Examples
    --------
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers import RobustZ
    >>> print(Within(detector=RobustZ(), geo=demo.england_geography(), level="icb"))
    within each ICB (RobustZ: 3.5 robust standard deviations from the median)
    """

    detector: Detector
    geo: Geography = field(repr=False)
    level: str
    as_at: str | date = "period_end"

    def __call__(self, estimates: Any) -> DataFrame[Flags]:  # noqa: ANN401 - or Comparisons
        """Return the estimates, in their order, each with its flag."""
        table = checked(Estimates, estimates, what="estimates")
        own = parent_codes(table, self.geo, self.level, self.as_at).astype(str)
        kept_apart = (
            f"{WITHIN} " + table[WITHIN].astype(str) + " " + own if WITHIN in table else own
        )
        found = self.detector(table.assign(**{WITHIN: kept_apart.astype("category")}))
        if len(found) != len(table):
            message = (
                f"{self.detector} answers for other rows than it is given, so it cannot be asked "
                "within each parent. Filter the table instead."
            )
            raise OptionError(message)
        answers = answers_in(found)
        nobody = np.flatnonzero((own == "").to_numpy())
        answers.put(nobody, side=NOT_KNOWN, why=f"it belongs to no {level_named(self.level).name}")
        left = [name for name in found.columns if name not in {WITHIN, *table.columns}]
        beside = found if WITHIN in table else found.drop(columns=WITHIN)
        if WITHIN in table:
            beside = found.assign(**{WITHIN: table[WITHIN]})
        return answers.as_flags(beside[[*table.columns, *left]], self)

    def __str__(self) -> str:
        """Say the settings in one line."""
        return f"within each {level_named(self.level).name} ({self.detector})"


def within(
    detector: Detector, *, geo: Geography, level: str, as_at: str | date = "period_end"
) -> Within:
    """Judge the units of each parent apart, as though no other were in the table.

    Peers, and a target and over-dispersion learnt from the table's own units, become those of the
    parent; a reference set or target that was given stays. It narrows what a unit is held against;
    to narrow only whom you look at, filter the flags.

    Parameters
    ----------
    detector
        Judges the units of each parent.
    geo
        Who belongs to whom.
    level
        Level of the parents, such as ``"icb"``.
    as_at
        Whose memberships: ``"period_end"``, ``"today"``, or a date.

    Returns
    -------
    Within
        A detector. A unit with no parent of the level is not told.

    Raises
    ------
    GeographyError
        When it is called and the geography has no memberships to the level.
    OptionError
        When it is called on a detector that answers for other rows than it is given.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers import RobustZ, within
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> flags = within(RobustZ(), geo=demo.england_geography(), level="icb")(table)
    >>> len(flags) == len(table)
    True
    """
    return Within(detector=detector, geo=geo, level=level, as_at=as_at)
