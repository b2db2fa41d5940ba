"""Pseudonyms: an identifier replaced by one that only the holder of a key can make again."""

from __future__ import annotations

import hashlib
import hmac

from phm_diabetes.errors import OptionError

__all__ = ["key_of", "pseudonym"]

_SHORTEST = 16


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

    Spaces inside are left out, as NHS numbers are written with and without.

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
    >>> pseudonym("943 476 5919", key) == pseudonym("9434765919", key)
    True
    """
    text = identifier.replace(" ", "").encode("utf-8")
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:32]
