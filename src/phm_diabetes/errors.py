"""Every exception the library raises on purpose.

Each derives from :class:`PhmError` *and* from the built-in a Python programmer would catch.
A message says what is wrong, where (file › sheet › cell), why, and what to do next; it never
holds a value that could belong to a patient.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "DefinitionMismatchError",
    "DoubleCountError",
    "GeographyError",
    "MeasureNotFoundError",
    "MissingLibraryError",
    "NotForShortlistError",
    "NotRepresentativeError",
    "OptionError",
    "OutputError",
    "PhmError",
    "PluginClashError",
    "PluginLoadError",
    "PluginNotFoundError",
    "SchemaError",
    "SourceDataError",
    "SourceLayoutError",
    "SourceReadError",
    "StatisticsError",
    "TooFewEventsError",
    "UnlikeError",
    "did_you_mean",
]


class PhmError(Exception):
    """Base of every exception raised on purpose; catch it to catch them all."""


class OptionError(PhmError, ValueError):
    """An argument has a value that the function does not take."""


class SourceReadError(PhmError, OSError):
    """A file cannot be read at all: missing, empty, truncated or encrypted."""


class SourceLayoutError(PhmError, ValueError):
    """A file can be read but is not in the layout that the adapter reads."""


class SourceDataError(PhmError, ValueError):
    """Rows of a file break the rules; every broken row is listed.

    Attributes
    ----------
    problems
        A ``DataFrame[Problems]``: one row a problem, with file, sheet, row and column.
    """

    def __init__(self, message: str, problems: object = None) -> None:
        super().__init__(message)
        self.problems = problems

    def __reduce__(self) -> tuple[type[SourceDataError], tuple[str, object]]:
        """Pickle with the problems, which hold no cell values."""
        return type(self), (str(self), self.problems)


class SchemaError(PhmError, ValueError):
    """A table handed to a verb breaks its schema; columns and rules are named, values are not."""


class PluginNotFoundError(PhmError, LookupError):
    """No plug-in of that name is installed, or none recognises the file."""


class PluginClashError(PhmError, LookupError):
    """Two installed packages, or two layouts, claim the same name or file."""


class PluginLoadError(PhmError, ImportError):
    """An installed plug-in cannot be imported or is not an adapter."""


class GeographyError(PhmError, ValueError):
    """Memberships are missing, ambiguous or undated for what was asked."""


class MeasureNotFoundError(PhmError, LookupError):
    """No installed disease area has a card for the measure."""


class UnlikeError(PhmError, ValueError):
    """Unlike things would be compared or joined: periods, levels, vintages, price years."""


class MissingLibraryError(PhmError, ImportError):
    """An optional library that the function needs is not installed."""


class NotRepresentativeError(UnlikeError):
    """A figure is compared that its source does not represent, as work is recorded elsewhere."""


class NotForShortlistError(PhmError, ValueError):
    """A measure that may be shown and never selects a practice was given to a shortlist."""


class DefinitionMismatchError(UnlikeError):
    """A measure is compared across two of its definitions."""


class DoubleCountError(PhmError, ValueError):
    """A sum would count the same people or events twice, or only some of them."""


class StatisticsError(PhmError, ValueError):
    """A statistical function cannot give an honest answer for its arguments."""


class TooFewEventsError(StatisticsError):
    """Events are so few that a figure would be noise, and could point at a person."""


class OutputError(PhmError, OSError):
    """An output file cannot be written, for instance because it is open elsewhere."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for the nearest known word, or an empty string.

    Parameters
    ----------
    word
        What was given.
    known
        What would have been understood.

    Returns
    -------
    str
        A sentence that starts with a space, or ``""`` where nothing is near.

    Examples
    --------
    >>> did_you_mean("dudley.dqoff", ["dudley.dqof", "england.nda"])
    " Did you mean 'dudley.dqof'?"
    >>> did_you_mean("x", ["dudley.dqof"])
    ''
    """
    lowered = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), lowered, n=1, cutoff=0.6)
    return f" Did you mean '{lowered[near[0]]}'?" if near else ""
