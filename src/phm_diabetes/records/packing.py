"""Packing: several small numbers of a row kept in few whole ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from phm_diabetes.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["Packing", "chosen"]

_BITS = 63  # the sign is left alone


class Packing:
    """Where each field stands in the whole numbers of a row.

    Parameters
    ----------
    fields
        Name and bits of each.

    Examples
    --------
    >>> packing = Packing([("sex", 2), ("practice", 20)])
    >>> rows = packing.packed({"sex": np.array([1, 2]), "practice": np.array([900, 7])})
    >>> rows.shape, packing.unpacked(rows, "practice").tolist()
    ((2, 1), [900, 7])
    """

    def __init__(self, fields: Sequence[tuple[str, int]]) -> None:
        self._places: dict[str, tuple[int, int, int]] = {}
        word = used = 0
        for name, bits in fields:
            if used + bits > _BITS:
                word, used = word + 1, 0
            self._places[name] = (word, used, bits)
            used += bits
        self.width = word + 1

    def packed(self, columns: Mapping[str, NDArray[Any]]) -> NDArray[np.int64]:
        """Return the fields of every row packed, shape ``(n, width)``.

        Raises
        ------
        OptionError
            When a field has more different values than its bits can tell apart.
        """
        rows = len(next(iter(columns.values()))) if columns else 0
        found = np.zeros((rows, self.width), dtype=np.int64)
        for name, (word, shift, bits) in self._places.items():
            values = columns[name]
            if rows and int(values.max()) >> bits:
                message = (
                    f"'{name}' has more than {1 << bits:,} different words, too many to count by. "
                    "Leave it out of by=, or filter the records first."
                )
                raise OptionError(message)
            found[:, word] |= values.astype(np.int64) << shift
        return found

    def unpacked(self, rows: NDArray[np.int64], name: str) -> NDArray[np.int64]:
        """Return one field of every row."""
        word, shift, bits = self._places[name]
        return (rows[:, word] >> shift) & ((1 << bits) - 1)


def chosen(values: NDArray[Any], rows: NDArray[np.int64] | None) -> NDArray[Any]:
    """Return some rows of an array; ``None`` is every row, which costs nothing.

    Examples
    --------
    >>> chosen(np.array([7, 8, 9]), np.array([2])).tolist(), len(chosen(np.arange(3), None))
    ([9], 3)
    """
    return values if rows is None else values.take(rows, axis=0)
