"""Patterns that Python, Rust (Polars), RE2 (DuckDB) and Java (Spark) understand alike."""

from __future__ import annotations

import re

from phm_diabetes.errors import OptionError

__all__ = ["whole_text"]

# One piece of a pattern, without what differs between the engines: \d and \w (of which alphabet?),
# a dot or $ (at which line breaks?), look-ahead, flags, and what only Java or Rust reads into a
# class of characters. `++` is greedy for good in Python and Java, and refused by the others.
_PIECE = re.compile(
    r"""(?P<name>\(\?P<\w+>) | \(\?: | \((?!\?) | \|
    | (?:
        \\[^A-Za-z0-9\s]
      | \[\^?(?:[^\\\[\]&~^-]|\\[^A-Za-z0-9\s]|(?<=[^\[^-])-(?=[^\]-]))+-?\]
      | \)
      | [^\\^$.|?*+()\[\]{}]
    )(?:(?:[*+?]|\{[0-9]{1,3}(?:,(?:[0-9]{1,3})?)?\})\??)?(?![*+?{])""",
    re.VERBOSE,
)


def whole_text(pattern: str, *, column: str = "") -> str:
    r"""Return a pattern as every engine reads it: of the whole text, from its start to its end.

    Parameters
    ----------
    pattern
        Of Python, as a layout declares it.
    column
        Canonical column, for the message.

    Raises
    ------
    OptionError
        When it says what engines read in different ways.

    Examples
    --------
    >>> whole_text("[A-Y][0-9]{5}|V8199[0-9]")
    '\\A(?:[A-Y][0-9]{5}|V8199[0-9])\\z'
    >>> whole_text(r"\d+", column="age")
    Traceback (most recent call last):
    phm_diabetes.errors.OptionError: The pattern of 'age' is read in different ways by engines,
    from '\d+' on. Write it with characters, classes such as [0-9], groups, | and counts only.
    """
    at, pieces = 0, []
    while at < len(pattern):
        found = _PIECE.match(pattern, at)
        if found is None:
            message = (
                f"The pattern of '{column}' is read in different ways by engines, from "
                f"'{pattern[at : at + 10]}' on. Write it with characters, classes such as [0-9], "
                "groups, | and counts only."
            )
            raise OptionError(message)
        pieces.append("(?:" if found["name"] else found[0])
        at = found.end()
    return rf"\A(?:{''.join(pieces)})\z"
