"""Pseudonyms: an identifier replaced by one that only the holder of a key can make again."""

from __future__ import annotations

import hashlib
import hmac
import re

from phm_diabetes.errors import OptionError

__all__ = ["key_of", "pseudonym"]

_SHORTEST = 16
_GAPS = re.compile(r"[\s-]+")
_FRACTION = re.compile(r"([0-9]+)\.0+")


def key_of(key: object) -> bytes | None:
    """Return a caller's key, or refuse one that can be guessed.

    Raises
    ------
    OptionError
        When it is no bytes, or too short.

    Examples
    --------
    >>> key_of(None) is None
    True
    """
    if key is None or (isinstance(key, bytes) and len(key) >= _SHORTEST):
        return key
    message = (
        f"pseudonym_key= takes at least {_SHORTEST} random bytes, such as "
        "secrets.token_bytes(32), kept where the identifiers are kept."
    )
    raise OptionError(message)


def pseudonym(identifier: str, key: bytes) -> str:
    """Return the keyed pseudonym of an identifier: 128 bits of HMAC-SHA256 in hexadecimal.

    Spaces and hyphens inside are left out, as NHS numbers are written with and without, and so is
    the fraction of a number that a program holds as ``9434765919.0``: one person has one pseudonym.

    Parameters
    ----------
    identifier
        What the source holds.
    key
        The caller's key. Another key gives another pseudonym, so that extracts cannot be joined
        by anyone without it.

    Examples
    --------
    >>> key = bytes(range(32))
    >>> ways = ("9434765919", "943 476 5919", "943-476-5919", "9434765919.0")
    >>> len({pseudonym(way, key) for way in ways})
    1
    """
    text = _GAPS.sub("", identifier)
    number = _FRACTION.fullmatch(text)
    bare = (number[1] if number else text).encode("utf-8")
    return hmac.new(key, bare, hashlib.sha256).hexdigest()[:32]
