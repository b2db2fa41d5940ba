"""Standards: the people of a standard population in the bands of those standardised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from phm_diabetes.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.metrics.reference_populations import ReferencePopulation

__all__ = ["Standard", "alike_but_for", "banded_dimension", "standard_people"]

_BANDED = "age_band"
_SPLIT_EQUALLY = "sex"


@frozen(kw_only=True, eq=False)
class Standard:
    """People and events of a standard, one element a cell.

    Parameters
    ----------
    name
        What outputs call it.
    people
        In each cell.
    events
        In each cell; ``None`` where the standard is of people only.

    Examples
    --------
    >>> Standard(name="England", people=np.array([5.0]), events=None).events
    """

    name: str
    people: FloatArray
    events: FloatArray | None


def standard_people(reference: ReferencePopulation, cells: pd.DataFrame) -> Standard:
    """Return the people of a named population in the cells of a table.

    Parameters
    ----------
    reference
        Its bands are ages, or the levels of the one dimension.
    cells
        Distinct levels of the dimensions standardised over, one row a cell. Where sex is one of
        two, both sexes are given the same people, as the European Standard Population does.

    Raises
    ------
    OptionError
        When the population says nothing of a dimension.
    StatisticsError
        When a band is neither one of its own nor made up of them.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.metrics.reference_populations import ESP2013
    >>> standard_people(ESP2013, pd.DataFrame({"age_band": ["<40", "90+"]})).people
    array([47000.,  1000.])
    """
    banded = banded_dimension(list(cells.columns))
    strange = [str(name) for name in cells if name not in {banded, _SPLIT_EQUALLY}]
    if strange:
        message = (
            f"'{reference.name}' does not say how people are split by {', '.join(strange)}. Pass "
            "the Counts of a standard, such as England's rows, as reference=."
        )
        raise OptionError(message)
    people = np.empty(len(cells))
    for rows in alike_but_for(cells, banded):
        people[rows] = reference.people_in(cells[banded].iloc[rows].tolist())
    return Standard(name=reference.name, people=people, events=None)


def banded_dimension(over: Sequence[str]) -> str:
    """Return the dimension whose bands a standard may hold in finer ones.

    Examples
    --------
    >>> banded_dimension(["sex", "age_band"])
    'age_band'
    """
    return _BANDED if _BANDED in over else over[0]


def alike_but_for(cells: pd.DataFrame, banded: str) -> Iterator[NDArray[np.intp]]:
    """Yield the positions of the cells that differ in their band only.

    Parameters
    ----------
    cells
        As for :func:`standard_people`.
    banded
        The dimension of the bands.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame({"sex": ["female", "male", "male"], "age_band": ["<40"] * 2 + ["40+"]})
    >>> [rows.tolist() for rows in alike_but_for(cells, "age_band")]
    [[0], [1, 2]]
    """
    others = [name for name in cells if name != banded]
    if not others:
        yield np.arange(len(cells))
        return
    for _, rows in cells.reset_index(drop=True).groupby(others, sort=False, observed=True):
        yield rows.index.to_numpy(dtype=np.intp)
