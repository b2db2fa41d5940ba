"""Spending: whether attendances and what they cost can belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.errors import OptionError
from phm_diabetes.quality.composing import checks
from phm_diabetes.quality.noting import noted
from phm_diabetes.schemas.columns import dimensions_of, row_key
from phm_diabetes.schemas.counts import as_counts

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.problems import Problems

__all__ = ["unlikely_spend"]

_FIRST, _FOLLOW_UP = "first", "follow_up"
_BASE = (
    "Check that cost and attendances are of the same rows, and its basis: pounds or pence, price "
    "year, market forces factor."
)
_SWAPPED = "Check that the columns of firsts and follow-ups were not swapped."


def unlikely_spend(
    counts: DataFrame[Counts], *, cheapest: int, dearest: int
) -> DataFrame[Problems]:
    """Find money that cannot have bought its attendances, and firsts that look like follow-ups.

    Parameters
    ----------
    counts
        Counts whose numerator is money [pence] and whose denominator is the attendances that it
        paid for, such as ``OP_UNIT_COST``; with a dimension ``visit``, firsts and follow-ups are
        held against each other as well. Of a Place or a trust: in a practice of few attendances
        the order of the two is chance.
    cheapest, dearest
        Lowest and highest price of one attendance in the tariff of the year [pence].

    Returns
    -------
    DataFrame[Problems]
        A warning where the money would not pay for the attendances at the lowest price, or would
        pay for more at the highest; where a follow-up costs more than a first; and where there
        are more firsts than follow-ups. What hidden counts leave open is not warned of.

    Raises
    ------
    OptionError
        When the prices are not in order.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> row = {"dataset": "local", "measure": "op.unit_cost", "definition": "d", "org_level":
    ...     "place", "org_code": "north", "period_start": "2022-04-01", "period_end": "2023-03-31"}
    >>> swapped = phm.counts_from([
    ...     {**row, "visit": "first", "numerator": 101_134_500, "denominator": 9600},
    ...     {**row, "visit": "follow_up", "numerator": 57_706_200, "denominator": 3200}])
    >>> unlikely_spend(swapped, cheapest=2_000, dearest=40_000)["rule"].tolist()
    ['first dearer than follow-up', 'more follow-ups than firsts']
    """
    if not 0 < cheapest <= dearest:
        message = "cheapest= and dearest= are prices above 0 [pence], the lower one first."
        raise OptionError(message)
    table: pd.DataFrame = as_counts(counts, what="counts")
    pence_low, pence_high = _ends(table, "numerator")
    least, most = _ends(table, "denominator")
    too_little = pence_high < least * cheapest
    too_much = (pence_low > most * dearest) & np.isfinite(most)
    first, later = _pairs(table)
    with np.errstate(all="ignore"):
        dearer = (pence_high / least)[first] < (pence_low / most)[later]
    return checks(
        noted(
            table[too_little],
            severity="warning",
            rule="price within bounds",
            column="numerator",
            message=_of_kinds(
                table[too_little], "would not pay for the attendances at the lowest price"
            ),
            advice=_BASE,
        ),
        noted(
            table[too_much],
            severity="warning",
            rule="price within bounds",
            column="numerator",
            message=_of_kinds(
                table[too_much], "is more than the attendances cost at the highest price"
            ),
            advice=_BASE,
        ),
        noted(
            table.iloc[first[dearer]],
            severity="warning",
            rule="first dearer than follow-up",
            column="numerator",
            message="a first attendance costs less than a follow-up",
            advice=_SWAPPED,
        ),
        noted(
            table.iloc[first[least[first] > most[later]]],
            severity="warning",
            rule="more follow-ups than firsts",
            column="denominator",
            message="there are more first attendances than follow-ups",
            advice=_SWAPPED,
        ),
    )


def _ends(table: pd.DataFrame, part: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low = table[f"{part}_low"].to_numpy(dtype="float64", na_value=0.0)
    high = table[f"{part}_high"].to_numpy(dtype="float64", na_value=np.inf)
    return low, high


def _of_kinds(rows: pd.DataFrame, words: str) -> list[str]:
    """Return the words with the levels of each row, so that two rows of one place are two."""
    names = list(dimensions_of(rows))
    levels = rows[names].astype(str).itertuples(index=False, name=None)
    return [
        " ".join(["spend", *(["on", ", ".join(each)] if each else []), words]) for each in levels
    ]


def _pairs(table: pd.DataFrame) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return positions of firsts, and of the follow-ups of the same organisation and period."""
    if "visit" not in table:
        nobody = np.empty(0, dtype=np.intp)
        return nobody, nobody
    key = [name for name in row_key(table) if name != "visit"]
    rows = table[[*key, "visit"]].astype(object).assign(position=np.arange(len(table)))
    firsts, later = (rows[rows["visit"] == word] for word in (_FIRST, _FOLLOW_UP))
    both = firsts.merge(later, on=key, suffixes=("", "_later"))
    return both["position"].to_numpy(dtype=np.intp), both["position_later"].to_numpy(dtype=np.intp)
