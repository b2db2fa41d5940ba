"""Pseudonyms: an identifier replaced by one that only the holder of a key can make again."""

from __future__ import annotations

import hashlib
import hmac
import re

from phm_diabetes.errors import OptionError

__all__ = ["bare_identifier", "key_of", "pseudonym"]

_SHORTEST = 16
_SPACES = re.compile(r"\s+")
_NUMBER = re.compile(r"([0-9]+)(?:\.0+)?")


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


def bare_identifier(identifier: str) -> str:
    """Return an identifier without the spaces, hyphens and fraction that a number is written with.

    A hyphen of an identifier that is no number stays: ``A1-23`` is another than ``A12-3``.

    Examples
    --------
    >>> [bare_identifier(way) for way in ("943-476 5919", "9434765919.0", "A1-23")]
    ['9434765919', '9434765919', 'A1-23']
    """
    text = _SPACES.sub("", identifier)
    number = _NUMBER.fullmatch(text.replace("-", ""))
    return number[1] if number else text


def pseudonym(identifier: str, key: bytes) -> str:
    """Return the keyed pseudonym of an identifier: 128 bits of HMAC-SHA256 in hexadecimal.

    One person has one pseudonym, however a number is written: see `bare_identifier`.

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
    bare = bare_identifier(identifier).encode("utf-8")
    return hmac.new(key, bare, hashlib.sha256).hexdigest()[:32]
