"""Conditions of a measure and words of a dimension as expressions; neither is ever missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from phm_diabetes.model.dimensions import UNKNOWN
from phm_diabetes.records.counted_rows import WEEKDAYS, band_numbers
from phm_diabetes.records.engine_rows import slots_of
from phm_diabetes.records.engine_steps import first_of, never, whole
from phm_diabetes.records.plan import AGE_BAND, WEEKDAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phm_diabetes.records.measures import Where
    from phm_diabetes.records.resolving import Resolved

__all__ = ["condition_holds", "label_of", "word_of"]

_NUMBERS = ("integer", "money", "date")
_THURSDAY = 3 + 7 * 110_000  # 1970-01-01, with Monday 0; no day lies so far back


def word_of(name: str) -> nw.Expr:
    """Return the word of a column, empty where it is missing.

    Examples
    --------
    >>> import polars as pl
    >>> frame = nw.from_native(pl.DataFrame({"sex": ["female", None]}))
    >>> frame.select(word_of("sex"))["sex"].to_list()
    ['female', '']
    """
    return nw.col(name).fill_null(nw.lit(""))


def label_of(name: str, *, resolved: Resolved, bands: Sequence[str]) -> nw.Expr:
    """Return the word of a dimension.

    Parameters
    ----------
    name
        A canonical column of words, `AGE_BAND` or `WEEKDAY`.
    resolved
        The layout.
    bands
        Age bands.

    Examples
    --------
    >>> import polars as pl
    >>> from phm_diabetes.records.layouts.england_hes_op import ENGLAND_HES_OP
    >>> from phm_diabetes.records.resolving import Resolved
    >>> frame = nw.from_native(pl.DataFrame({"age": [71, 12, None]}))
    >>> resolved = Resolved(layout=ENGLAND_HES_OP, headers={})
    >>> band = label_of("age_band", resolved=resolved, bands=["17-64", "65+"])
    >>> frame.select(band=band)["band"].to_list()
    ['65+', 'unknown', 'unknown']
    """
    if name == WEEKDAY:
        place = (nw.col(resolved.layout.day) + _THURSDAY) % len(WEEKDAYS)
        days = [(place == at, nw.lit(word)) for at, word in enumerate(WEEKDAYS)]
        return first_of(days, nw.lit(UNKNOWN))
    if name == AGE_BAND:
        age, of, cases = nw.col("age"), band_numbers(bands), []
        for at, band in enumerate(bands):
            ages = np.flatnonzero(of == at)
            if len(ages):
                inside = (age >= int(ages[0])) & (age <= int(ages[-1]))
                cases.append((inside, nw.lit(band)))
        return first_of(cases, nw.lit(UNKNOWN))
    word = word_of(name)
    return first_of([(word == "", nw.lit(UNKNOWN))], word)


def condition_holds(condition: Where, resolved: Resolved) -> nw.Expr:
    """Return whether a condition holds in each row.

    Parameters
    ----------
    condition
        As a measure states it.
    resolved
        The layout, and how many slots its source has.

    Examples
    --------
    >>> import polars as pl
    >>> from phm_diabetes.records.layouts.england_hes_op import ENGLAND_HES_OP
    >>> from phm_diabetes.records.measures import Where
    >>> from phm_diabetes.records.resolving import Resolved
    >>> frame = nw.from_native(pl.DataFrame({"age": [71, 12, None]}))
    >>> resolved = Resolved(layout=ENGLAND_HES_OP, headers={})
    >>> grown = condition_holds(Where(column="age", least=17), resolved)
    >>> frame.select(grown=grown)["grown"].to_list()
    [True, False, False]
    """
    kinds = {column.name: column for column in resolved.layout.columns}
    column = kinds.get(condition.column)
    if column is not None and column.kind in _NUMBERS:
        number = nw.col(column.name)
        fits = ~number.is_null()
        if condition.least is not None:
            fits &= number >= condition.least
        if condition.most is not None:
            fits &= number <= condition.most
    else:
        several = column is not None and column.kind == "codes"
        names = slots_of(resolved, column) if column and several else [condition.column]
        fits = never()
        for name in names:
            fits |= _word_fits(condition, word_of(name))
    sure = first_of([(fits, whole(1))], whole(0))
    return sure == (0 if condition.negated else 1)


def _word_fits(condition: Where, word: nw.Expr) -> nw.Expr:
    fits = never()
    if condition.isin:
        fits |= word.is_in(sorted(condition.isin))
    for start in condition.starts:
        fits |= word.str.starts_with(start)
    return (word != "") & fits
