"""Changing: each figure less the same figure of an earlier period like its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from phm_diabetes.counted_once import refuse_told_twice
from phm_diabetes.errors import DefinitionMismatchError, OptionError, UnlikeError
from phm_diabetes.metrics.intervals import Interval
from phm_diabetes.metrics.stacking import floats_of
from phm_diabetes.metrics.trend import absolute_change, percent_change
from phm_diabetes.model.periods import Period
from phm_diabetes.schemas.changes import CHANGES_IN, Changes
from phm_diabetes.schemas.columns import row_key
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.estimates import Estimates
from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.schemas.words import repeated, worded

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["change"]

_FIRST, _ABSENT, _NO_LATER, _NO_EARLIER, _NO_INTERVAL, _ZERO = range(1, 7)
_REASONS = (
    "",
    "no earlier period in the table",
    "no figure of the earlier period",
    "the later period has no figure",
    "the earlier period has no figure",
    "a figure has no interval",
    "the earlier figure is zero",
)
_OVERLAP = "The two periods overlap, so the same events are in both and the interval is too wide."


def change(
    estimates: DataFrame[Estimates],
    *,
    later: Period | None = None,
    earlier: Period | None = None,
    as_percent: bool = False,
    allow_unlike: str | None = None,
    allow_mixed: str | None = None,
) -> DataFrame[Changes]:
    """Return what changed since an earlier period, with the interval of the change.

    Parameters
    ----------
    estimates
        Estimates of two or more periods, standardised ones too.
    later, earlier
        The two periods to compare. Without them, each period of the table is compared with the
        one before it.
    as_percent
        Change in percent of the earlier figure rather than in the measure's unit.
    allow_unlike
        A reason that allows periods that are not alike, or are cuts of a longer one; it is
        printed with every row.
    allow_mixed
        A reason that allows another definition in the earlier period; printed too.

    Returns
    -------
    DataFrame[Changes]
        The rows of the later periods, in their order; those of the first period of all are there
        without a change. That two intervals overlap does not decide; that of the change does.

    Raises
    ------
    UnlikeError
        When the two periods are not alike: a quarter and a year, two different quarters, a
        cumulative cut and the whole.
    DefinitionMismatchError
        When the earlier period has the measure under another definition only.
    OptionError
        When only one of the periods is named, or one is not in the table.
    DoubleCountError
        When a figure is there twice.

    Notes
    -----
    The two are taken as independent. Where most people are in both, the interval is too wide.

    References
    ----------
    Zou GY, Donner A. Stat Med 2008;27:1693-1702, as function ``_mover_confint`` of statsmodels
    computes it, for a difference; Donner A, Zou GY. Stat Methods Med Res 2012;21:347-359, equation
    9, p. 351, for a percentage.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> row = {"dataset": "QOF", "measure": "copd.register", "definition": "d", "org_level":
    ...     "practice", "org_code": "Y99001", "denominator": 500}
    >>> table = phm.estimate(phm.counts_from([
    ...     {**row, "period_start": "2021-04-01", "period_end": "2022-03-31", "numerator": 300},
    ...     {**row, "period_start": "2022-04-01", "period_end": "2023-03-31", "numerator": 330}]))
    >>> found = change(table, earlier=phm.Period.financial_year("2021-22"),
    ...                later=phm.Period.financial_year("2022-23"))
    >>> found[["change", "change_lower", "change_upper"]].round(4).values.tolist()
    [[0.06, 0.0002, 0.1192]]
    """
    table = checked(Estimates, estimates, what="estimates")
    for name, reason in (("allow_unlike", allow_unlike), ("allow_mixed", allow_mixed)):
        if reason is not None and not reason.strip():
            message = f"{name}= takes a reason, which is printed with every row; it is blank."
            raise OptionError(message)
    refuse_told_twice(table)
    periods = _periods(table)
    pairs, unlike = _pairs(periods, later, earlier, allow_unlike)
    period_of, _ = group_ids(table, ["period_start", "period_end"])
    before = np.array([pairs.get(spot, -1) for spot in range(len(periods))])
    kept = np.flatnonzero(before[period_of] >= 0) if later else np.arange(len(table))
    spot = _earlier_rows(table, period_of, before, mixing=allow_mixed is not None)
    mixed = (spot >= 0) & (
        table["definition"].astype(object).to_numpy()
        != table["definition"].astype(object).to_numpy()[spot]
    )
    why = allow_unlike if unlike else None
    caveats = _caveats(periods, pairs, period_of, mixed, why, allow_mixed)
    found = table.assign(
        **_changes(table, spot, before[period_of], percent=as_percent), caveat=caveats
    )
    return cast("DataFrame[Changes]", found.iloc[kept].reset_index(drop=True))


def _periods(table: pd.DataFrame) -> list[Period]:
    """Return the periods of a table, in order."""
    _, first = group_ids(table, ["period_start", "period_end"])
    ends = table[["period_start", "period_end"]].iloc[first]
    return [
        Period(start=start.date(), end=end.date())
        for start, end in ends.itertuples(index=False, name=None)
    ]


def _pairs(
    periods: list[Period], later: Period | None, earlier: Period | None, allowed: str | None
) -> tuple[dict[int, int], bool]:
    """Return the place of each period's earlier one, and whether the two named are unlike."""
    if later is None and earlier is None:
        pairs = {spot: spot - 1 for spot in range(1, len(periods))}
        told = [_unlike(periods[new], periods[old]) for new, old in pairs.items()]
        _refuse_unlike(told, allowed)
        return pairs, any(told)
    if later is None or earlier is None:
        message = "later= and earlier= are given together, or neither."
        raise OptionError(message)
    told = [_unlike(later, earlier)]
    _refuse_unlike(told, allowed)
    places = {(each.start, each.end): spot for spot, each in enumerate(periods)}
    for name, period in (("later", later), ("earlier", earlier)):
        if (period.start, period.end) not in places:
            message = (
                f"{name}= is {period}, which the table does not have. It has "
                f"{', '.join(str(each) for each in periods) or 'no rows'}."
            )
            raise OptionError(message)
    return {places[later.start, later.end]: places[earlier.start, earlier.end]}, any(told)


def _unlike(later: Period, earlier: Period) -> str:
    """Return why two periods must not be compared, blank where they may."""
    both = f"{later} cannot be compared with {earlier}"
    for each in (later, earlier):
        if each.is_partial:
            return f"{both}: {each} is a cut of a longer window"
    if later.start <= earlier.start:
        return f"{both}: it does not start after it"
    return "" if earlier.is_like(later) else f"{both}: they are not alike"


def _refuse_unlike(told: list[str], allowed: str | None) -> None:
    unlike = [each for each in told if each]
    if unlike and allowed is None:
        message = (
            f"{unlike[0]}. Name two like periods as later= and earlier=, or pass "
            "allow_unlike='reason'."
        )
        raise UnlikeError(message)


def _earlier_rows(
    table: pd.DataFrame, period_of: NDArray[np.int64], before: NDArray[np.intp], *, mixing: bool
) -> NDArray[np.intp]:
    """Return the row of each row's earlier figure, -1 where there is none."""
    loose = {"period_start", "period_end", "basis", "as_at", "definition"}
    key = [name for name in row_key(table) if name not in loose]
    own, _ = group_ids(table, [*key, "definition"])
    spot = _matched(own, period_of, before)
    alike, _ = group_ids(table, key)
    other = _matched(alike, period_of, before)
    mixed = (spot < 0) & (other >= 0)
    if mixed.any() and not mixing:
        row = int(np.flatnonzero(mixed)[0])
        message = (
            f"{table['measure'].iloc[row]} mixes definition {table['definition'].iloc[row]} with "
            f"{table['definition'].iloc[other[row]]} in {int(mixed.sum()):,} rows. Compare one, "
            "or pass allow_mixed='reason'."
        )
        raise DefinitionMismatchError(message)
    return np.where(mixed, other, spot)


def _matched(
    ids: NDArray[np.int64], period_of: NDArray[np.int64], before: NDArray[np.intp]
) -> NDArray[np.intp]:
    width = len(before) + 1
    have = pd.Index(ids * width + period_of)
    wanted = np.where(before[period_of] >= 0, ids * width + before[period_of], -1)
    found: NDArray[np.intp] = have.drop_duplicates().get_indexer(pd.Index(wanted))
    rows = np.flatnonzero(~have.duplicated())
    return np.where(found >= 0, rows[found], -1)


def _changes(
    table: pd.DataFrame, spot: NDArray[np.intp], before: NDArray[np.intp], *, percent: bool
) -> dict[str, Any]:
    there = spot >= 0
    row = np.where(there, spot, 0)

    def ends(*names: str) -> tuple[list[FloatArray], list[FloatArray]]:
        now = [floats_of(table, name) for name in names]
        return now, [np.where(there, column[row], np.nan) for column in now]

    now, then = ends("value", "lower", "upper")
    (low, high), (low_then, high_then) = ends("value_low", "value_high")
    found = (percent_change if percent else absolute_change)(Interval(*now), Interval(*then))
    with np.errstate(all="ignore"):
        if percent:
            least, most = (low / high_then - 1) * 100, (high / low_then - 1) * 100
        else:
            least, most = low - high_then, high - low_then
    known = np.isfinite(least) & np.isfinite(most)
    reason = np.select(
        [before < 0, ~there, np.isnan(now[0]), np.isnan(then[0]), np.isnan(found.value),
         np.isnan(found.lower)],
        [_FIRST, _ABSENT, _NO_LATER, _NO_EARLIER, _ZERO, _NO_INTERVAL],
    )  # fmt: skip
    day = {
        name: table[name].iloc[row].where(there).array for name in ("period_start", "period_end")
    }
    return {
        "earlier_start": day["period_start"],
        "earlier_end": day["period_end"],
        "earlier_value": then[0],
        "change": found.value,
        "change_lower": found.lower,
        "change_upper": found.upper,
        "change_low": np.where(known, least, np.nan),
        "change_high": np.where(known, most, np.nan),
        "change_in": repeated(CHANGES_IN[int(percent)], len(table)),
        "change_reason": worded(reason, _REASONS),
    }


def _caveats(
    periods: list[Period],
    pairs: dict[int, int],
    period_of: NDArray[np.int64],
    mixed: NDArray[np.bool_],
    why: str | None,
    other: str | None,
) -> pd.Categorical[str]:
    words = [""] * len(periods)
    for new, old in pairs.items():
        said = []
        if why and (len(pairs) == 1 or _unlike(periods[new], periods[old])):
            said.append(f"Periods are not alike: {why}.")
        if periods[new].overlaps(periods[old]):
            said.append(_OVERLAP)
        words[new] = " ".join(said)
    both = [*words, *(f"{each} Definitions differ: {other}.".strip() for each in words)]
    known = list(dict.fromkeys(both))
    place = np.array([known.index(each) for each in both], dtype=np.intp)
    return worded(place[period_of + mixed * len(words)], known)
