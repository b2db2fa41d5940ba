"""Sharing: how a total is shared between organisations, or between parts of their people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.counted_once import refuse_told_twice
from phm_diabetes.errors import DoubleCountError, OptionError, StatisticsError, did_you_mean
from phm_diabetes.metrics.cards import cards_of
from phm_diabetes.metrics.reasons import Reason, first_reason
from phm_diabetes.metrics.shares import share, share_against_need
from phm_diabetes.metrics.stacking import Figures, confidence_levels, floats_of, stacked
from phm_diabetes.model.dimensions import ALL, BUILT_IN_DIMENSIONS
from phm_diabetes.schemas.columns import dimensions_of, row_key
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.schemas.words import worded
from phm_diabetes.summing import choose, sums

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.metrics.intervals import Interval
    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.estimates import Estimates

__all__ = ["share_of"]

_ORGANISATIONS = "org_code"
_OF_TOTAL = (
    "denominator",
    "denominator_low",
    "denominator_high",
    "denominator_variance",
)


def share_of(
    counts: DataFrame[Counts],
    *,
    among: str = "org_code",
    against_need: bool = False,
    by: Sequence[str] = (),
    measures: DiseaseArea | Sequence[Measure] | None = None,
    confidence: float | Sequence[float] = 0.95,
) -> DataFrame[Estimates]:
    """Return each part's share of the total, with intervals that hold for all parts at once.

    Parameters
    ----------
    counts
        Counts of which only the numerator is shared, unless `against_need`.
    among
        ``"org_code"`` shares between the organisations of a level in the table, the remainders of
        a roll-up too; or a dimension shares each organisation's total between its levels.
    against_need
        Divide by the share of the denominator, such as people on the register: 1 is a fair share.
    by
        Other dimensions to keep.
    measures
        Cards; ``None`` for the installed areas.
    confidence
        Of all intervals of one total together; several give one row each.

    Returns
    -------
    DataFrame[Estimates]
        The parts; the denominator is the total, or the part's own need. ``definition`` says that
        it is a share, which must not be divided again.

    Raises
    ------
    OptionError
        When `among` is no dimension of the table.
    DoubleCountError
        When parts overlap: groups that share members, people who can be in several parts.
    StatisticsError
        When a mean is to be shared.

    References
    ----------
    Goodman LA. Technometrics 1965;7:247-254, with Wilson's interval, as function
    ``multinomial_proportions_confint`` of statsmodels computes it.

    Examples
    --------
    >>> from phm_diabetes.schemas.completing import counts_from
    >>> row = {"dataset": "local", "measure": "copd.register", "definition": "d", "org_level":
    ...     "pcn", "period_start": "2022-04-01", "period_end": "2023-03-31"}
    >>> table = counts_from([
    ...     {**row, "org_code": "U99001", "numerator": 10, "denominator": 1000},
    ...     {**row, "org_code": "U99002", "numerator": 30, "denominator": 1000},
    ...     {**row, "org_code": "U99003", "numerator": 60, "denominator": 1000}])
    >>> share_of(table)[["value", "lower", "upper"]].round(3).values.tolist()
    [[0.1, 0.049, 0.195], [0.3, 0.204, 0.418], [0.6, 0.48, 0.709]]
    """
    levels = confidence_levels(confidence)
    given = as_counts(counts, what="counts")
    is_dimension = among != _ORGANISATIONS
    if is_dimension and among not in dimensions_of(given):
        known = (_ORGANISATIONS, *dimensions_of(given))
        message = f"among= takes {', '.join(known)}, not '{among}'." + did_you_mean(among, known)
        raise OptionError(message)
    table: pd.DataFrame = choose(given, [*by, among] if is_dimension else by)
    if is_dimension:
        table = table[(table[among] != ALL).to_numpy()].reset_index(drop=True)
    cards = cards_of(table, measures)
    keys = [name for name in row_key(table) if name not in {among, "basis", "as_at"}]
    if is_dimension:
        keys = [name for name in row_key(table) if name != among]
        _refuse_overlapping_levels(table, among, keys, cards)
    else:
        _refuse_overlapping_organisations(table)
    _refuse_means(cards)
    ids, first = group_ids(table, keys)
    totals = sums(table, ids, len(first))
    figures = _figures(table, ids, totals, cards, levels, against_need=against_need)
    words = f"; share among {among}" + (", against need" if against_need else "")
    codes = table["definition"].cat
    marked: dict[str, Any] = {
        "definition": worded(codes.codes, [f"{name}{words}" for name in codes.categories])
    }
    if not against_need:
        marked |= {
            name: pd.Series(totals[name.replace("denominator", "numerator")]).iloc[ids].array
            for name in _OF_TOTAL
        }
    return stacked(table.assign(**marked), figures, levels)


def _figures(
    table: pd.DataFrame,
    ids: NDArray[np.int64],
    totals: dict[str, Any],
    cards: dict[str, Measure],
    levels: FloatArray,
    *,
    against_need: bool,
) -> Figures:
    x, need, squares = (
        floats_of(table, name) for name in ("numerator", "denominator", "numerator_ss")
    )
    low, high = _share_range(table, ids, totals, "numerator")
    if against_need:
        least, most = _share_range(table, ids, totals, "denominator")
        with np.errstate(all="ignore"):
            low, high = low / most, high / least
    known = np.isfinite(low) & np.isfinite(high)
    low, high = np.where(known, low, np.nan), np.where(known, high, np.nan)
    figures = Figures.empty(len(levels), len(table))
    repeating = [card.id for card in cards.values() if card.unit != "people"]
    repeats = table["measure"].isin(repeating).to_numpy(dtype=bool)
    for rows in _of_one_size(ids, repeats):
        again = bool(repeats[rows[0, 0]])
        by_person = squares[rows] if again else None
        if against_need:
            found = share_against_need(
                x[rows], need[rows], sum_of_squares=by_person, confidence=levels
            )
        else:
            found = share(x[rows], sum_of_squares=by_person, confidence=levels)
        missing = np.isnan(x[rows])
        needless = np.isnan(need[rows]) & against_need
        figures.put(
            rows.ravel(),
            estimate=_flat(found, len(levels)),
            bounds=(low[rows].ravel(), high[rows].ravel()),
            reason=first_reason(
                (missing, Reason.COUNT_MISSING),
                (needless, Reason.DENOMINATOR_MISSING),
                (np.asarray((missing | needless).any(axis=1, keepdims=True)), Reason.GROUP_MISSING),
                (np.isnan(found.value), Reason.DENOMINATOR_ZERO),
                (np.asarray(np.isnan(found.lower[0])), Reason.SQUARES_MISSING),
            ).ravel(),
            method="Goodman with Wilson" + (", clustered by person" if again else ""),
        )
    return figures


def _share_range(
    table: pd.DataFrame, ids: NDArray[np.int64], totals: dict[str, Any], part: str
) -> tuple[FloatArray, FloatArray]:
    """Least and most of each share: its own count at one end, and the others' at their other."""
    low, high = (floats_of(table, f"{part}_{end}") for end in ("low", "high"))
    all_low, all_high = (
        pd.Series(totals[f"{part}_{end}"]).to_numpy("float64", na_value=np.nan)[ids]
        for end in ("low", "high")
    )
    with np.errstate(all="ignore"):
        return low / (low + all_high - high), high / (high + all_low - low)


def _of_one_size(ids: NDArray[np.int64], repeats: NDArray[np.bool_]) -> Iterator[NDArray[np.intp]]:
    """Yield rows of totals that have equally many parts, shape (totals, parts)."""
    sizes = np.bincount(ids)
    order = np.argsort(ids, kind="stable")
    kind = sizes[ids[order]] * 2 + repeats[order]
    for each in np.unique(kind):
        yield order[kind == each].reshape(-1, int(each) // 2)


def _flat(found: Interval, count: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    value, lower, upper = found
    return value.ravel(), lower.reshape(count, -1), upper.reshape(count, -1)


def _refuse_means(cards: dict[str, Measure]) -> None:
    means = [card.id for card in cards.values() if card.kind == "mean" and card.unit == "people"]
    if means:
        message = f"{means[0]} is a mean, of which there are no shares. Filter it out first."
        raise StatisticsError(message)


def _refuse_overlapping_organisations(table: pd.DataFrame) -> None:
    overlapping = int((table["basis"] == "overlapping").sum())
    if overlapping:
        message = (
            f"{overlapping:,} rows are groups that share members, so they have no shares of one "
            "total. Use organisations that share nobody."
        )
        raise DoubleCountError(message)
    refuse_told_twice(table)


def _refuse_overlapping_levels(
    table: pd.DataFrame, among: str, keys: Sequence[str], cards: dict[str, Measure]
) -> None:
    """Refuse levels that overlap, or that one person can be at several of."""
    declared = BUILT_IN_DIMENSIONS.get(among)
    if declared is None:
        people = [card.id for card in cards.values() if card.unit == "people"]
        if people:
            message = (
                f"Nobody declared that a person stands at one level of '{among}' only, so people "
                f"({people[0]}) would count in several shares. Share events instead."
            )
            raise DoubleCountError(message)
        return
    ids, _ = group_ids(table, keys)
    sets = pd.DataFrame({"id": ids, "level": table[among].astype(str)}).groupby("id")["level"]
    broken = sum(not declared.is_exhaustive(set(each)) for each in set(sets.agg(frozenset)))
    if broken:
        message = (
            f"The levels of {among} overlap or are not known to be all of them in {broken:,} kinds "
            "of rows, so they have no shares of one total. Keep levels that make up the whole."
        )
        raise DoubleCountError(message)
