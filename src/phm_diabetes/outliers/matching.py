"""Matching: the comparator of each row, found through the few distinct keys of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from phm_diabetes.errors import DefinitionMismatchError, UnlikeError
from phm_diabetes.outliers.comparators import REMAINDERS, unit_key
from phm_diabetes.schemas.keys import group_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.outliers.comparators import Comparators

__all__ = ["Matched", "matched"]

_PERIOD = ("period_start", "period_end")


@frozen(kw_only=True, eq=False)
class Matched:
    """Place of each row's comparator among the comparators' counts.

    Parameters
    ----------
    spot
        Row of the comparators, -1 for none, shape ``(n,)``.
    mixed
        Whether the comparator has another definition, allowed on purpose.

    Examples
    --------
    >>> Matched(spot=np.array([0, -1]), mixed=np.array([False, False])).found.tolist()
    [True, False]
    """

    spot: NDArray[np.intp]
    mixed: NDArray[np.bool_]

    @property
    def found(self) -> NDArray[np.bool_]:
        """Whether a row has a comparator."""
        return self.spot >= 0


def _lookup(
    table: pd.DataFrame, codes: pd.Series[str], against: pd.DataFrame, key: Sequence[str]
) -> NDArray[np.intp]:
    """Row of `against` with each row's code and key, or -1."""
    columns = ["comparator_code", *key]
    left = table[list(key)].assign(comparator_code=codes.array)[columns]
    ids, first = group_ids(left, columns)
    known = {
        row: spot
        for spot, row in enumerate(
            against[columns].astype(object).itertuples(index=False, name=None)
        )
    }
    wanted = left.iloc[first].astype(object).itertuples(index=False, name=None)
    spots = np.array([known.get(row, -1) for row in wanted], dtype=np.intp)
    return spots[ids] if len(ids) else np.array([], dtype=np.intp)


def matched(table: pd.DataFrame, against: Comparators, allow_mixed: str | None) -> Matched:
    """Match rows with comparators of the same measure, definition, period and cell.

    Raises
    ------
    DefinitionMismatchError
        When a comparator exists under another definition only, and no reason allows it.
    UnlikeError
        When every comparator of a measure is of another period than every unit.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers.comparators import peers_of
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> bool(matched(table, peers_of(table, ["Y99001", "Y99002"]), None).found.all())
    True
    """
    key = unit_key(table)
    remainder = table["org_code"].isin(REMAINDERS).to_numpy()
    spot = _lookup(table, against.code_of_row, against.counts, key)
    spot[remainder] = -1
    lacking = (spot < 0) & ~remainder & (against.code_of_row != "").to_numpy()
    if not lacking.any():
        return Matched(spot=spot, mixed=np.zeros(len(table), dtype=bool))
    loose_key = [name for name in key if name != "definition"]
    loose = _lookup(table, against.code_of_row, against.counts, loose_key)
    mixed = (spot < 0) & (loose >= 0) & ~remainder
    if mixed.any() and allow_mixed is None:
        first = table[mixed].iloc[0]
        other = against.counts["definition"].iloc[loose[mixed][0]]
        message = (
            f"{first['measure']} mixes definition {first['definition']} with {other} in "
            f"{int(mixed.sum()):,} rows. Compare one, or pass allow_mixed='reason'."
        )
        raise DefinitionMismatchError(message)
    found = np.where(mixed, loose, spot)
    _refuse_other_periods(table, against, found, remainder)
    return Matched(spot=found, mixed=mixed)


def _refuse_other_periods(
    table: pd.DataFrame,
    against: Comparators,
    spot: NDArray[np.intp],
    remainder: NDArray[np.bool_],
) -> None:
    """Refuse a measure of which every comparator is of another period than every unit."""
    alike = table["measure"].isin(table.loc[spot >= 0, "measure"].unique()).to_numpy()
    left = ~alike & ~remainder & (against.code_of_row != "").to_numpy()
    if not left.any():
        return
    key = [name for name in unit_key(table) if name not in _PERIOD and name != "definition"]
    other = _lookup(table[left], against.code_of_row[left], against.counts, key)
    if (other < 0).all():
        return
    unit = table[left].iloc[int(np.argmax(other >= 0))]
    comparator = against.counts.iloc[int(other.max())]
    mine, theirs = (
        f"{row['period_start']:%Y-%m-%d} to {row['period_end']:%Y-%m-%d}"
        for row in (unit, comparator)
    )
    message = (
        f"{unit['measure']} is of {mine}, and the comparator of {theirs}: unlike periods are not "
        "compared. Load the comparator for the units' own period."
    )
    raise UnlikeError(message)
