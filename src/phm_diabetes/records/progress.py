"""Progress: rows and time left on long work, and nothing where nobody watches."""

from __future__ import annotations

import sys
import time
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["Progress"]

_FIRST_AFTER = 2.0  # seconds: short work stays silent
_EVERY = 0.5


class Progress:
    """A line that is written over again, on a terminal only.

    Parameters
    ----------
    what
        What is being done, such as ``"op.csv"``.
    stream
        Where to; standard error unless given.
    shown
        Whether to write; ``None`` asks the stream whether it is a terminal.

    Examples
    --------
    >>> import io
    >>> line = io.StringIO()
    >>> progress = Progress("op.csv", stream=line, shown=True, after=0)
    >>> progress.step(500, 0.5)
    >>> "500 rows" in line.getvalue()
    True
    """

    def __init__(
        self,
        what: str,
        *,
        stream: TextIO | None = None,
        shown: bool | None = None,
        after: float = _FIRST_AFTER,
    ) -> None:
        self._what = what
        self._stream = sys.stderr if stream is None else stream
        self._shown = self._stream.isatty() if shown is None else shown
        self._start = time.monotonic()
        self._next = self._start + after
        self._rows, self._share, self._written = 0, 0.0, 0
        self._lock = Lock()

    def step(self, rows: int, share: float) -> None:
        """Tell of rows done, and what part of the whole they are; 0 where it is not known."""
        if not self._shown:
            return
        with self._lock:
            self._rows += rows
            self._share += share
            now = time.monotonic()
            if now >= self._next:
                self._next = now + _EVERY
                self._write(now)

    def _write(self, now: float) -> None:
        line = f"{self._what}: {self._rows:,} rows"
        if self._share > 0:
            left = (now - self._start) * max(0.0, 1 / self._share - 1)
            line += f", {min(self._share, 1):.0%}, about {left:.0f} s left"
        self._stream.write("\r" + line.ljust(self._written))
        self._stream.flush()
        self._written = len(line)

    def end(self) -> None:
        """Clear the line."""
        if self._written:
            self._stream.write("\r" + " " * self._written + "\r")
            self._stream.flush()
            self._written = 0
