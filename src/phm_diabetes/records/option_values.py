"""Option values: what a caller says of a source, in the words that definitions are made of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phm_diabetes.errors import OptionError, did_you_mean
from phm_diabetes.model.periods import Period

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["refuse_values"]

_WORDS = {
    "price_type": ("national", "guide", "local", "reference_cost"),
    "market_forces_factor": ("included", "excluded"),
}
_EDITION = re.compile(r"20[0-9]{2}")


def refuse_values(options: Mapping[str, str]) -> None:
    """Refuse a value that would become part of a definition or a level, and is written otherwise.

    ``2022/23`` and ``2022-23`` would be two price years, and their money never be summed.

    Parameters
    ----------
    options
        What the caller said of the source; options of a layout's own are free.

    Raises
    ------
    OptionError
        When a value is none that is known, with how to write it.

    Examples
    --------
    >>> refuse_values({"price_type": "national", "price_year": "2022-23", "imd_vintage": "2019"})
    >>> refuse_values({"price_year": "2022/23"})
    Traceback (most recent call last):
    phm_diabetes.errors.OptionError: Option price_year is '2022/23'. Write it as '2022-23'.
    """
    for name, value in options.items():
        words = _WORDS.get(name)
        advice = ""
        if not value.strip():
            continue  # as if it were not said
        if words and value not in words:
            advice = f"It is one of {', '.join(words)}.{did_you_mean(value, words)}"
        elif name == "price_year" and value != (year := _year(value)):
            advice = f"Write it as '{year or '2022-23'}'."
        elif name == "imd_vintage" and not _EDITION.fullmatch(value):
            advice = "It is the year of an edition, such as 2019."
        if advice:
            message = f"Option {name} is '{value}'. {advice}"
            raise OptionError(message)


def _year(text: str) -> str:
    """Return a financial year as definitions write it; nothing where it is none."""
    try:
        first = Period.financial_year(text).start.year
    except OptionError:
        return ""
    return f"{first}-{(first + 1) % 100:02}"
