"""Columns of the National Diabetes Audit that cannot be read in an edition, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.disease_areas.nda_versions import all_three_code, nda_definition
from phm_diabetes.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.adapters.nda_editions import Edition
    from phm_diabetes.adapters.nda_grid import Group

__all__ = ["Columns", "not_collected", "refusal"]

_ALL_THREE = "dm.tt3"
_NINTH, _ALL_NINE = "dm.cp.retinal", "dm.cp9"


@frozen(kw_only=True, eq=False)
class Columns:
    """Groups of columns on a sheet, and the rows that are used.

    Parameters
    ----------
    groups
        Measures, in the order of the sheet.
    body
        Text of every column by number, indexed by row number.
    declared
        Components of all three treatment targets by heading, as the caller knows them.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.nda_grid import Group
    >>> group = Group(heading="BMI", measure="dm.cp.bmi", numerator=0, denominator=1)
    >>> body = pd.DataFrame({0: ["9", ""], 1: ["10", ""]}, index=[3, 4])
    >>> Columns(groups=(group,), body=body, declared={}).blank(group).tolist()
    [False, True]
    """

    groups: tuple[Group, ...]
    body: pd.DataFrame = field(repr=False)
    declared: Mapping[str, Iterable[str]]

    def filled(self, spot: int) -> NDArray[np.bool_]:
        """Whether each cell of a column, counted from 0, holds anything."""
        return np.asarray((self.body[spot] != "").to_numpy(), dtype=bool)

    def blank(self, group: Group) -> NDArray[np.bool_]:
        """Whether neither count of a row is given."""
        return ~(self.filled(group.numerator) | self.filled(group.denominator))

    def components(self, group: Group, edition: Edition) -> tuple[str, ...] | None:
        """Return the components of a column of all three targets; ``None`` if undetermined."""
        return edition.all_three(
            group.heading,
            beside=[each.measure for each in self.groups],
            headings=[each.heading for each in self.groups if each.measure == _ALL_THREE],
            declared=self.declared,
        )


def refusal(
    columns: Columns, group: Group, edition: Edition, mine: NDArray[np.bool_]
) -> Fault | None:
    """Return why a column that has figures cannot be read in an edition.

    Parameters
    ----------
    columns
        The sheet.
    group
        The column.
    edition
        An edition on the sheet.
    mine
        Whether each row is of it.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.nda_editions import Edition
    >>> from phm_diabetes.adapters.nda_grid import Group
    >>> group = Group(heading="All three", measure="dm.tt3", numerator=0, denominator=1)
    >>> body = pd.DataFrame({0: ["9"], 1: ["10"]}, index=[3])
    >>> columns = Columns(groups=(group,), body=body, declared={})
    >>> refusal(columns, group, Edition(year=2022, window="15m"), np.array([True])).rule
    'all three targets'
    """
    if columns.blank(group)[mine].all():
        return None
    if group.measure == _ALL_THREE:
        return _all_three(columns, group, edition)
    if group.measure not in {_NINTH, _ALL_NINE}:
        return None
    ninth = next((each for each in columns.groups if each.measure == _NINTH), None)
    collected = ninth is not None and not columns.blank(ninth)[mine].all()
    if collected and _is_defined(group.measure, edition):
        return None
    return Fault(
        rule="not collected",
        rows=columns.body.index.to_numpy()[mine],
        column=group.heading,
        message=f"needs the ninth care process, which the audit of {edition.label} has not",
        advice="Not read. Use all eight care processes.",
        severity="warning",
        sets_aside=False,
        counted=True,
    )


def _is_defined(measure: str, edition: Edition) -> bool:
    try:
        nda_definition(measure, window=edition.window, year=edition.year)
    except OptionError:
        return False
    return True


def _all_three(columns: Columns, group: Group, edition: Edition) -> Fault | None:
    components = columns.components(group, edition)
    others = [each for each in columns.groups if each.measure == _ALL_THREE and each != group]
    if components is None or components in [columns.components(each, edition) for each in others]:
        return _unsettled(
            group,
            "does not say which three targets it means, and neither do the edition and its sheet",
            "Look them up in the publisher's notes and pass adapter=Nda(all_three={heading: "
            "components}); the words old and new decide nothing.",
        )
    try:
        all_three_code(components)
    except OptionError as error:
        words = str(error)
    else:
        return None
    return _unsettled(group, f"is declared wrongly: {words}", "Correct all_three=.")


def _unsettled(group: Group, message: str, advice: str) -> Fault:
    return Fault(
        rule="all three targets",
        rows=np.array([], dtype=np.int64),
        column=group.heading,
        message=message,
        advice=advice,
        sets_aside=False,
    )


def not_collected(group: Group, edition: Edition, rows: pd.Index[int]) -> Fault:
    """Return the note that a column is empty throughout an edition.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.nda_editions import Edition
    >>> from phm_diabetes.adapters.nda_grid import Group
    >>> group = Group(heading="BMI", measure="dm.cp.bmi", numerator=0, denominator=1)
    >>> not_collected(group, Edition(year=2018, window="15m"), pd.Index([3])).severity
    'info'
    """
    return Fault(
        rule="not collected",
        rows=rows.to_numpy(),
        column=group.heading,
        message=f"is empty throughout the audit of {edition.label}: it was not collected",
        advice="Nothing to do: the measure is absent for that year, and never zero.",
        severity="info",
        sets_aside=False,
        counted=True,
    )
