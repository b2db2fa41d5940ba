"""Measures of a sheet of the National Diabetes Audit: counts by definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.nda_checks import out_of_order, percentages_disagree, whole_above
from phm_diabetes.adapters.nda_refusals import Columns, not_collected, refusal
from phm_diabetes.adapters.nda_rounding import audit_counts
from phm_diabetes.adapters.nda_rows import Part
from phm_diabetes.disease_areas.nda_versions import nda_definition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.adapters.nda_editions import Edition
    from phm_diabetes.adapters.nda_grid import Group, MeasureGrid

__all__ = ["measured"]

_ALL_THREE = "dm.tt3"


def measured(
    grid: MeasureGrid,
    editions: pd.Series[Any],
    declared: Mapping[str, Iterable[str]],
) -> tuple[list[Part], list[Fault]]:
    """Return the counts of every measure on a sheet, split by edition.

    Parameters
    ----------
    grid
        The sheet.
    editions
        Edition of each row that is used, indexed by row number.
    declared
        Components of all three treatment targets by heading, as the caller knows them.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.nda_editions import Edition
    >>> from phm_diabetes.adapters.nda_grid import measure_grid
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> grid = measure_grid(Sheet(file="a.xlsx", name="", grid=pd.DataFrame([
    ...     ["", "BMI", ""], ["GP code", "Numerator", "Denominator"],
    ...     ["Y99001", "90", "100"]])), layout="the example")
    >>> parts, _ = measured(grid, pd.Series([Edition(year=2021, window="15m")], index=[3]), {})
    >>> parts[0].definition, parts[0].numerator.values.tolist()
    ('nda:cp.bmi:15m', [[90, 88, 92]])
    """
    columns = Columns(groups=grid.groups, body=grid.body.loc[editions.index], declared=declared)
    rounded = np.array([each.is_rounded for each in editions], dtype=bool)
    of_edition = {
        each: np.array([other == each for other in editions], dtype=bool)
        for each in dict.fromkeys(editions)
    }
    parts: list[Part] = []
    faults: list[Fault] = []
    read: dict[str, tuple[str, pd.DataFrame]] = {}
    for group in grid.groups:
        (top, whole), found = _counts(columns.body, group, rounded)
        faults += [*found, *_half_empty(columns, group)]
        if group.measure != _ALL_THREE:
            read[group.measure] = (group.heading, top)
        for edition, mine in of_edition.items():
            kept = mine & ~columns.blank(group)
            refused = refusal(columns, group, edition, mine)
            if refused is not None:
                faults.append(refused)
            elif not kept.any():
                faults.append(not_collected(group, edition, columns.body.index[mine]))
            else:
                parts.append(_part(columns, group, edition, top[kept], whole[kept]))
    return parts, faults + out_of_order(read)


def _counts(
    body: pd.DataFrame, group: Group, rounded: NDArray[np.bool_]
) -> tuple[tuple[pd.DataFrame, pd.DataFrame], list[Fault]]:
    """Read numerator and denominator, and check them against the percentage."""
    top, faults = audit_counts(
        body[group.numerator], f"{group.heading} / Numerator", rounded=rounded
    )
    whole, more = audit_counts(
        body[group.denominator], f"{group.heading} / Denominator", rounded=rounded
    )
    rows = body.index.to_numpy()
    faults += [*more, *whole_above(rows, f"{group.heading} / Numerator", top, whole)]
    if group.percentage is not None:
        header = f"{group.heading} / Percentage"
        faults += percentages_disagree(body[group.percentage], header, top, whole)
    return (top, whole), faults


def _part(
    columns: Columns, group: Group, edition: Edition, top: pd.DataFrame, whole: pd.DataFrame
) -> Part:
    components = columns.components(group, edition) if group.measure == _ALL_THREE else None
    return Part(
        measure=group.measure,
        definition=nda_definition(
            group.measure, window=edition.window, year=edition.year, components=components
        ),
        numerator=top,
        denominator=whole,
    )


def _half_empty(columns: Columns, group: Group) -> list[Fault]:
    half = columns.filled(group.numerator) != columns.filled(group.denominator)
    if not half.any():
        return []
    return [
        Fault(
            rule="count not given",
            rows=columns.body.index.to_numpy()[half],
            column=group.heading,
            message="has a numerator or a denominator, and not the other",
            advice="The one that is missing is left empty, and no rate is made of it.",
            severity="warning",
            sets_aside=False,
            counted=True,
        )
    ]
