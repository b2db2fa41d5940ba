"""Reference sets: the units from which a target and over-dispersion are learnt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen

from phm_diabetes.errors import OptionError, UnlikeError
from phm_diabetes.model.levels import level_named
from phm_diabetes.outliers.comparators import REMAINDERS, unit_key
from phm_diabetes.outliers.families import WITHIN, grouped_rows, key_at
from phm_diabetes.outliers.units import units_of
from phm_diabetes.schemas.columns import dimensions_of
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.estimates import Estimates

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.families import Family
    from phm_diabetes.outliers.units import Units

__all__ = ["Reference", "ReferenceSet", "references_for"]

_ABSENT = "the reference set has no such figures of this level, measure, definition and period"


@frozen(kw_only=True, eq=False)
class ReferenceSet:
    """A named set of units other than those judged, such as all of England's practices.

    Parameters
    ----------
    name
        What the output calls it.
    estimates
        Its estimates, of one level; read at their lowest confidence.

    Raises
    ------
    OptionError
        When the estimates are empty, or of several levels.
    SchemaError
        When they are no estimates.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> ReferenceSet(name="all planted practices", estimates=table)
    ReferenceSet(name='all planted practices')
    """

    name: str
    estimates: DataFrame[Estimates] = field(repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse what is no set of units."""
        table = checked(Estimates, self.estimates, what=f"Reference set '{self.name}'")
        levels = sorted(table["org_level"].astype(str).unique())
        if len(levels) != 1:
            message = (
                f"Reference set '{self.name}' holds {' and '.join(levels) or 'no rows'}. Give units"
                " of one level, such as practices."
            )
            raise OptionError(message)


@frozen(kw_only=True, eq=False)
class Reference:
    """Counts of the reference set of one family.

    Parameters
    ----------
    name
        In words.
    numerator, denominator, squares
        One element a unit that has a figure.
    reason
        Why there is no such set; blank where there is.

    Examples
    --------
    >>> found = Reference(name="three practices", numerator=np.array([1.0, 2.0, 3.0]),
    ...                   denominator=np.array([10.0, 20.0, 30.0]), squares=np.full(3, np.nan))
    >>> len(found.numerator), found.reason
    (3, '')
    """

    name: str
    numerator: FloatArray
    denominator: FloatArray
    squares: FloatArray
    reason: str = ""


def references_for(
    table: pd.DataFrame, units: Units, families: Sequence[Family], given: ReferenceSet | None
) -> list[Reference]:
    """Return the reference of each family: its own units, or those of a named set.

    Parameters
    ----------
    table
        Checked estimates, shape ``(n, k)``.
    units
        Their figures.
    families
        Families of the table.
    given
        A named set; ``None`` for each family's own units.

    Raises
    ------
    UnlikeError
        When the named set has other dimensions than the table.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers.families import families_of
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> found = references_for(table, units_of(table), families_of(table, None), None)
    >>> found[0].name.endswith("practices in the table")
    True
    """
    if given is None:
        return [_own(units, family) for family in families]
    theirs = checked(Estimates, given.estimates)
    mine = {name for name in dimensions_of(table) if name != WITHIN}
    if mine != set(dimensions_of(theirs)):
        message = (
            f"Reference set '{given.name}' is by {_listed(dimensions_of(theirs))}, and the "
            f"estimates are by {_listed(sorted(mine))}. Estimate both with the same by=."
        )
        raise UnlikeError(message)
    lowest = theirs["confidence"] == theirs["confidence"].min()
    theirs = theirs[lowest & ~theirs["org_code"].isin(REMAINDERS)].reset_index(drop=True)
    columns = [*unit_key(theirs), "org_level"]
    known, figures = grouped_rows(theirs, columns), units_of(theirs)
    found = []
    for family in families:
        rows = known.get(key_at(table, family.rows[0], columns))
        if rows is None:
            none = np.array([])
            found.append(
                Reference(
                    name=given.name, numerator=none, denominator=none, squares=none, reason=_ABSENT
                )
            )
        else:
            found.append(_reference(given.name, figures, rows))
    return found


def _own(units: Units, family: Family) -> Reference:
    known = family.rows[units.not_by_value[family.rows] == ""]
    level = level_named(family.level)
    return _reference(f"the {len(known):,} {level.plural} in the table", units, known)


def _reference(
    name: str, units: Units, rows: np.ndarray[tuple[int], np.dtype[np.intp]]
) -> Reference:
    known = rows[units.not_by_value[rows] == ""]
    return Reference(
        name=name,
        numerator=units.numerator[known],
        denominator=units.denominator[known],
        squares=units.squares[known],
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "no dimension"
