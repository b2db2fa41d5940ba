"""Words of local returns: one meaning under the ways in which people write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["every_case"]


def every_case(meanings: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return meaning by word, in small letters, capitals, and with first letters large.

    Parameters
    ----------
    meanings
        Words by meaning, in small letters.

    Examples
    --------
    >>> sorted(every_case({"missed": ("did not attend",)}))
    ['DID NOT ATTEND', 'Did Not Attend', 'Did not attend', 'did not attend']
    """
    return {
        written: meaning
        for meaning, words in meanings.items()
        for word in words
        for written in (word, word.upper(), word.capitalize(), word.title())
    }
