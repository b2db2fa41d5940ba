"""Whole numbers, money and days out of texts, by steps that no engine can fail at.

An engine may evaluate every branch of a condition for every row. So a text is cast to a number
only after all others were replaced by one that can be cast; and a day is worked out from its
digits, as each engine has its own idea of what a date looks like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from phm_diabetes.records.engine_patterns import whole_text
from phm_diabetes.records.engine_steps import Steps, first_of, whole
from phm_diabetes.records.reading import DATE_PATTERNS, MONEY, WHOLE

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["DIGITS_OF_DATES", "day_of", "pence_of", "whole_number_of"]

DIGITS_OF_DATES = {
    "%Y-%m-%d": ((0, 4), (5, 2), (8, 2)),
    "%Y%m%d": ((0, 4), (4, 2), (6, 2)),
    "%d/%m/%Y": ((6, 4), (3, 2), (0, 2)),
}
"""Where year, month and day stand in each format, and how many digits each has."""

_NO_DAY = "00000000"
_EPOCH = 719_468  # days from 1 March of the year 0 to 1970-01-01
_FEBRUARY, _DECEMBER = 2, 12
_SHORT_MONTHS = [4, 6, 9, 11]


def whole_number_of(steps: Steps, text: nw.Expr) -> tuple[nw.Expr, nw.Expr]:
    """Return whether a text is a whole number, and the number; without meaning where it is not.

    Examples
    --------
    >>> steps = Steps("age")
    >>> fits, number = whole_number_of(steps, nw.col("AGE"))
    >>> [list(made) for made in steps.made]
    [['_fits_age'], ['_number_age']]
    """
    fits = steps.add("fits", text.str.contains(whole_text(WHOLE)))
    digits = text.str.replace_all(r"\.0*\z", "").str.replace_all(r"\A\+", "")
    number = first_of([(fits, digits)], nw.lit("0")).cast(nw.Int64)
    return fits, steps.add("number", number)


def pence_of(steps: Steps, text: nw.Expr) -> tuple[nw.Expr, nw.Expr]:
    """Return whether a text is an amount of money, and its pence, half a penny rounded up.

    Examples
    --------
    >>> import polars as pl
    >>> from phm_diabetes.records.engine_steps import taken
    >>> steps = Steps("cost")
    >>> fits, pence = pence_of(steps, nw.col("COST"))
    >>> frame = nw.from_native(pl.LazyFrame({"COST": ["140.00", "1,011.345", "dear"]}))
    >>> taken(frame, [steps]).select(fits=fits, pence=pence).collect().rows()
    [(True, 14000), (True, 101135), (False, 0)]
    """
    fits = steps.add("fits", text.str.contains(whole_text(MONEY)))
    plain = first_of([(fits, text.str.replace_all("[£,]", ""))], nw.lit("0"))
    plain = steps.add("plain", plain)
    after = plain.str.replace_all(r"\A[0-9]*\.?", "")
    pounds, mills = steps.add_all(
        {
            "pounds": plain.str.replace_all(r"\.[0-9]*\z", "").cast(nw.Int64),
            "mills": nw.concat_str([after, nw.lit("000")]).str.slice(0, 3).cast(nw.Int64),
        }
    )
    # The third decimal alone says whether half a penny is reached.
    return fits, steps.add("number", pounds * 100 + ((mills + 5) // 10).cast(nw.Int64))


def day_of(steps: Steps, text: nw.Expr, formats: Sequence[str]) -> tuple[nw.Expr, nw.Expr]:
    """Return whether a text is a day of the calendar, and its number, 0 on 1970-01-01.

    Examples
    --------
    >>> import polars as pl
    >>> from phm_diabetes.records.engine_steps import taken
    >>> steps = Steps("seen")
    >>> fits, day = day_of(steps, nw.col("SEEN"), ["%Y-%m-%d"])
    >>> frame = nw.from_native(pl.LazyFrame({"SEEN": ["1970-01-02", "2023-02-29", "soon"]}))
    >>> taken(frame, [steps]).select(fits=fits, day=day).collect().rows()[0]
    (True, 1)
    >>> taken(frame, [steps]).select(fits=fits).collect()["fits"].to_list()
    [True, False, False]
    """
    cases = []
    for form in formats:
        parts = [text.str.slice(start, length) for start, length in DIGITS_OF_DATES[form]]
        cases.append((text.str.contains(whole_text(DATE_PATTERNS[form])), nw.concat_str(parts)))
    digits = steps.add("digits", first_of(cases, nw.lit(_NO_DAY)))
    y, m, d = steps.add_all(
        {
            part: digits.str.slice(start, length).cast(nw.Int64)
            for part, start, length in (("y", 0, 4), ("m", 4, 2), ("d", 6, 2))
        }
    )
    leap = (y % 4 == 0) & ((y % 100 != 0) | (y % 400 == 0))
    february = m == _FEBRUARY
    last = first_of(
        [
            (m.is_in(_SHORT_MONTHS), whole(30)),
            (february & leap, whole(29)),
            (february, whole(28)),
        ],
        whole(31),
    )
    # A year that begins in March, so that a leap day is its last.
    fits, since, month = steps.add_all(
        {
            "fits": (y >= 1) & (m >= 1) & (m <= _DECEMBER) & (d >= 1) & (d <= last),
            "since": first_of([(m <= _FEBRUARY, y - 1)], y),
            "month": (m + 9) % 12,
        }
    )
    days = since * 365 + since // 4 - since // 100 + since // 400 + (month * 153 + 2) // 5
    return fits, steps.add("number", (days + d - 1 - _EPOCH).cast(nw.Int64))
