"""Digests: the hash of a source's bytes, made beside its counting and not before it."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Digest"]


class Digest:
    """A hash that is made once, in a thread of its own, when it is begun or asked for.

    Parameters
    ----------
    make
        Makes it.

    Examples
    --------
    >>> Digest(lambda: "0f" * 32).value[:4]
    '0f0f'
    """

    def __init__(self, make: Callable[[], str]) -> None:
        self._make = make
        self._made: Future[str] | None = None

    def begin(self) -> Future[str]:
        """Begin to make it, unless that is done, and return what will hold it."""
        if self._made is None:
            pool = ThreadPoolExecutor(1)
            self._made = pool.submit(self._make)
            pool.shutdown(wait=False)
        return self._made

    @property
    def value(self) -> str:
        """The hash, in hexadecimal."""
        return self.begin().result()
