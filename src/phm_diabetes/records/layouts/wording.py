"""Words of local returns: one meaning under the ways in which people write it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["every_case"]


_SMALL = re.compile(r"\b(And|By|Not|Of|To|With)\b")


def every_case(meanings: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return meaning by word, in small letters, in capitals, and with first letters large.

    Parameters
    ----------
    meanings
        Words by meaning, in small letters.

    Examples
    --------
    >>> sorted(every_case({"advice": ("returned with advice",)}))[1:]
    ['Returned With Advice', 'Returned with Advice', 'Returned with advice', 'returned with advice']
    """
    return {
        written: meaning
        for meaning, words in meanings.items()
        for word in words
        for written in _ways(word)
    }


def _ways(word: str) -> tuple[str, ...]:
    titled = word.title()
    first, rest = titled[:1], titled[1:]
    small = first + _SMALL.sub(lambda found: found[0].lower(), rest)
    return word, word.upper(), word.capitalize(), titled, small
