"""Counted rows: what of each checked row a plan counts, packed to be counted later by person."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from phm_diabetes.errors import OptionError, did_you_mean
from phm_diabetes.model.dimensions import UNKNOWN, ages_of
from phm_diabetes.records.checked import MISSING
from phm_diabetes.records.measures import Distinct, RecordMeasure, Total
from phm_diabetes.records.packing import Packing, chosen
from phm_diabetes.records.plan import AGE_BAND, WEEKDAY
from phm_diabetes.records.reading import day_number
from phm_diabetes.records.selecting import refuse_conditions, selected

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from phm_diabetes.records.checked import Checked
    from phm_diabetes.records.layout import RecordLayout
    from phm_diabetes.records.measures import Counted, Where
    from phm_diabetes.records.plan import Plan
    from phm_diabetes.records.vocabularies import Vocabulary

__all__ = ["PERSON", "RowPacker", "band_numbers", "columns_asked", "sides_of"]

PERSON = "person"
"""Column of the pseudonym of a person."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_ORG_BITS = 20
_WORD_BITS = 16
_AGES = 130
_THURSDAY = 3  # 1970-01-01, with Monday 0


def sides_of(plan: Plan) -> list[tuple[str, RecordMeasure, Counted]]:
    """Return every numerator and denominator of a plan, under the name of its flag.

    Examples
    --------
    >>> from phm_diabetes.records.measures import Rows
    >>> from phm_diabetes.records.plan import Plan
    >>> plan = Plan(measures=(RecordMeasure(id="op.n", definition="x:1", numerator=Rows()),),
    ...             by=(), groupings=())
    >>> [name for name, _, _ in sides_of(plan)]
    ['n0']
    """
    found: list[tuple[str, RecordMeasure, Counted]] = []
    for number, measure in enumerate(plan.measures):
        found.append((f"n{number}", measure, measure.numerator))
        if measure.denominator is not None:
            found.append((f"d{number}", measure, measure.denominator))
    return found


def _conditions(plan: Plan, name: str, side: Counted) -> list[Where]:
    return [*plan.measures[int(name[1:])].where, *side.where]


def columns_asked(plan: Plan, layout: RecordLayout) -> set[str]:
    """Return the canonical columns that a plan names; none where it counts nothing.

    Examples
    --------
    >>> from phm_diabetes.records.layouts.england_hes_op import ENGLAND_HES_OP
    >>> from phm_diabetes.records.measures import RecordMeasure, Rows
    >>> from phm_diabetes.records.plan import Plan
    >>> plan = Plan(measures=(RecordMeasure(id="op.n", definition="x:1", numerator=Rows()),),
    ...             by=("visit",), groupings=())
    >>> sorted(columns_asked(plan, ENGLAND_HES_OP))
    ['date', 'person', 'visit']
    """
    if not plan.measures:
        return set()
    sides = sides_of(plan)
    found = {layout.day, PERSON, *(each.column for each in plan.groupings)}
    found |= {side.column for _, _, side in sides if isinstance(side, (Distinct, Total))}
    found |= {each.column for name, _, side in sides for each in _conditions(plan, name, side)}
    return found | {"age" if name == AGE_BAND else name for name in plan.by if name != WEEKDAY}


def band_numbers(bands: Sequence[str]) -> NDArray[np.int64]:
    """Return the number of the band of every age from 0; `len(bands)` is none.

    Raises
    ------
    OptionError
        When a band is not written ``17-39``, ``<40`` or ``65+``, or two bands overlap.

    Examples
    --------
    >>> band_numbers(["0-16", "17+"])[[3, 17, 90]].tolist()
    [0, 1, 1]
    >>> band_numbers(["<40", "40+"])[[39, 40]].tolist()
    [0, 1]
    """
    found = np.full(_AGES, len(bands), dtype=np.int64)
    for number, band in enumerate(bands):
        ages = ages_of(band)
        if ages is None or ages[1] < 0:
            message = f"'{band}' is no age band. Write bands= as '<17', '17-39', '65+'."
            raise OptionError(message)
        first, last = ages
        inside = slice(first, None if last == inf else int(last) + 1)
        if (found[inside] < len(bands)).any():
            message = f"Age band '{band}' overlaps another. A person has one age."
            raise OptionError(message)
        found[inside] = number
    return found


class RowPacker:
    """Turn checked blocks into packed rows.

    Parameters
    ----------
    layout
        The layout.
    plan
        What is asked.
    vocabularies
        Words by column, as the checker learns them.

    Raises
    ------
    OptionError
        When the plan asks for what the layout has not.

    Examples
    --------
    >>> RowPacker.__name__
    'RowPacker'
    """

    def __init__(
        self, layout: RecordLayout, plan: Plan, vocabularies: Mapping[str, Vocabulary]
    ) -> None:
        self.plan, self.vocabularies = plan, vocabularies
        self._day = layout.day
        self.sides = sides_of(plan)
        _refuse(layout, plan, self.sides)
        self._bands = band_numbers(plan.bands)
        self.bounds = np.unique(
            [
                day
                for grouping in plan.groupings
                for span in grouping.spans
                for day in (day_number(span.start), day_number(span.end) + 1)
            ]
        ).astype(np.int64)
        self.org_columns = tuple(dict.fromkeys(each.column for each in plan.groupings))
        self.totals = tuple(
            dict.fromkeys(side.column for _, _, side in self.sides if isinstance(side, Total))
        )
        fields = [("no person", 1), *((name, 1) for name, _, _ in self.sides)]
        fields.append(("stretch", max(1, len(self.bounds).bit_length())))
        fields += [(f"org {name}", _ORG_BITS) for name in self.org_columns]
        fields += [(name, 8 if name in {AGE_BAND, WEEKDAY} else _WORD_BITS) for name in plan.by]
        self.packing = Packing(fields)

    def label_of(self, name: str) -> list[str]:
        """Return the words of a dimension by its packed number."""
        if name == WEEKDAY:
            return [*WEEKDAYS, UNKNOWN]
        if name == AGE_BAND:
            return [*self.plan.bands, UNKNOWN]
        return [word or UNKNOWN for word in self.vocabularies[name].words]

    def pack(
        self, checked: Checked, absent: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.int64] | None]:
        """Return packed rows, and the positions in the block that they stand for.

        Parameters
        ----------
        checked
            The block.
        absent
            Whether each row has no person; ``None`` where each has one.

        Returns
        -------
        packed : ndarray of int64, shape (m, k)
            The packing's words, then one column for each total.
        rows : ndarray of int64, shape (m,), or None
            ``None`` where they are all of the block's.
        """
        stretch = np.searchsorted(self.bounds, checked.numbers[self._day], side="right")
        flags = {name: self._flag(checked, name, side) for name, _, side in self.sides}
        counted = checked.used & (stretch > 0) & (stretch < len(self.bounds))
        if flags:
            counted &= np.logical_or.reduce(list(flags.values()))
        rows = None if counted.all() else np.flatnonzero(counted)
        columns = {name: chosen(flag, rows) for name, flag in flags.items()}
        columns["stretch"] = chosen(stretch, rows)
        count = len(columns["stretch"])
        columns["no person"] = (
            np.zeros(count, dtype=bool) if absent is None else chosen(absent, rows)
        )
        for name in self.org_columns:
            columns[f"org {name}"] = chosen(checked.words[name], rows)
        for name in self.plan.by:
            columns[name] = chosen(self._numbers(checked, name), rows)
        packed = np.empty((count, self.packing.width + len(self.totals)), dtype=np.int64)
        packed[:, : self.packing.width] = self.packing.packed(columns)
        for place, name in enumerate(self.totals, self.packing.width):
            packed[:, place] = chosen(checked.numbers[name], rows)
        return packed, rows

    def _flag(self, checked: Checked, name: str, side: Counted) -> NDArray[np.bool_]:
        found = selected(checked, _conditions(self.plan, name, side), self.vocabularies)
        if isinstance(side, Total):
            found &= checked.numbers[side.column] != MISSING
        elif isinstance(side, Distinct):
            missing = checked.ids[side.column][1]
            found &= True if missing is None else ~missing
        return found

    def _numbers(self, checked: Checked, name: str) -> NDArray[Any]:
        if name == WEEKDAY:
            days = checked.numbers[self._day]
            return np.where(days == MISSING, len(WEEKDAYS), (days + _THURSDAY) % len(WEEKDAYS))
        if name == AGE_BAND:
            ages = checked.numbers["age"]
            inside = (ages >= 0) & (ages < _AGES)
            return np.where(inside, self._bands[np.where(inside, ages, 0)], len(self.plan.bands))
        return checked.words[name]


def _refuse(
    layout: RecordLayout, plan: Plan, sides: Sequence[tuple[str, RecordMeasure, Counted]]
) -> None:
    """Refuse what the layout cannot answer."""
    kinds = {column.name: str(column.kind) for column in layout.columns}
    kinds |= {made.name: "code" for made in layout.derived}
    asked: list[tuple[str, tuple[str, ...]]] = [
        (name, ("code", "text")) for name in plan.by if name not in {AGE_BAND, WEEKDAY}
    ]
    if AGE_BAND in plan.by:
        asked.append(("age", ("integer",)))
        if not plan.bands:
            message = "by='age_band' needs bands=, such as ('0-16', '17-39', '40-64', '65+')."
            raise OptionError(message)
    asked += [(each.column, ("code", "text")) for each in plan.groupings]
    for _, measure, side in sides:
        refuse_conditions(layout, [*measure.where, *side.where])
        if isinstance(side, Distinct):
            asked.append((side.column, ("id",)))
        elif isinstance(side, Total):
            asked.append((side.column, ("integer", "money")))
    for name, wanted in asked:
        if kinds.get(name) not in wanted:
            near = did_you_mean(name, [each for each, kind in kinds.items() if kind in wanted])
            message = (
                f"'{layout.name}' has no column '{name}' of kind {' or '.join(wanted)}, which the "
                f"tally counts or counts by.{near}"
            )
            raise OptionError(message)
