"""Sealing: ids as numbers that only one run can compare, before any of them goes to disk."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Seal"]

_SHIFTS = (32, 29)


class Seal:
    """A secret change of whole numbers, of which equal ones stay equal and others stay apart.

    Products with secret odd numbers, with shifts between them, can be undone by whoever holds the
    numbers: these are never written, and go with the process. It is no encryption; it keeps ids
    from being read off a temporary file.

    Examples
    --------
    >>> sealed = Seal().sealed(np.array([[7, 0], [9, 0], [7, 0]], dtype=np.uint64))
    >>> bool(sealed[0, 0] == sealed[2, 0]), bool(sealed[0, 0] == sealed[1, 0]), int(sealed[0, 1])
    (True, False, 0)
    """

    def __init__(self) -> None:
        self._first, *self._others = (np.uint64(secrets.randbits(64) | 1) for _ in range(3))

    def sealed(self, words: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Return the numbers changed; 0 stays 0, so that an id is the same at any width."""
        found = words * self._first
        for shift, factor in zip(_SHIFTS, self._others, strict=True):
            found ^= found >> np.uint64(shift)
            found *= factor
        return found
