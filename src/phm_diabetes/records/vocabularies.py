"""Vocabularies: the words of a column by number, shared by the threads that read it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

__all__ = ["LookUp", "Vocabulary"]

_MOST_CELLS = 1 << 16


class Vocabulary:
    """Words in the order in which they are first met; a number never changes.

    Parameters
    ----------
    words
        Words known from the start.

    Examples
    --------
    >>> sex = Vocabulary(["male", "female"])
    >>> sex.number("female"), sex.number("unknown"), sex.words
    (1, 2, ['male', 'female', 'unknown'])
    """

    def __init__(self, words: Sequence[str | None] = ()) -> None:
        self.words: list[str | None] = list(dict.fromkeys(words))
        self._numbers = {word: number for number, word in enumerate(self.words)}
        self._lock = Lock()

    def number(self, word: str | None) -> int:
        """Return the number of a word, which is learned where it is new."""
        found = self._numbers.get(word)
        if found is not None:
            return found
        with self._lock:
            found = self._numbers.get(word)
            if found is None:
                found = len(self.words)
                self.words.append(word)
                self._numbers[word] = found
        return found


class LookUp:
    """A function of a few words, asked once for every combination.

    Parameters
    ----------
    vocabularies
        One for each argument.
    answer
        From the words of the arguments to a whole number.

    Examples
    --------
    >>> import numpy as np
    >>> both = LookUp([Vocabulary(["a", "b"])], lambda words: int(words[0] == "b"))
    >>> both([np.array([1, 0])]).tolist()
    [1, 0]
    """

    def __init__(
        self, vocabularies: Sequence[Vocabulary], answer: Callable[[tuple[str | None, ...]], int]
    ) -> None:
        self._vocabularies = vocabularies
        self._answer = answer
        self._table: tuple[tuple[int, ...], NDArray[np.int32]] = ((), np.zeros(0, dtype=np.int32))

    def __call__(self, numbers: Sequence[NDArray[Any]]) -> NDArray[np.int32]:
        """Return the answer for every row."""
        sizes = tuple(len(each.words) for each in self._vocabularies)
        place = np.asarray(numbers[0], dtype=np.int64)
        for each, size in zip(numbers[1:], sizes[1:], strict=True):
            place = place * size + each
        if int(np.prod(sizes, dtype=np.float64)) <= _MOST_CELLS:
            return self._whole(sizes)[place]
        asked, inverse = np.unique(place, return_inverse=True)
        return self._answers(asked, sizes)[inverse]

    def _whole(self, sizes: tuple[int, ...]) -> NDArray[np.int32]:
        known, table = self._table
        if known != sizes:
            table = self._answers(np.arange(int(np.prod(sizes))), sizes)
            self._table = (sizes, table)
        return table

    def _answers(self, places: NDArray[np.int64], sizes: tuple[int, ...]) -> NDArray[np.int32]:
        spots = np.unravel_index(places, sizes)
        rows = zip(*(spot.tolist() for spot in spots), strict=True)
        return np.array(
            [
                self._answer(
                    tuple(
                        each.words[spot] for each, spot in zip(self._vocabularies, row, strict=True)
                    )
                )
                for row in rows
            ],
            dtype=np.int32,
        )
