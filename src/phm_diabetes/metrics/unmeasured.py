"""Unmeasured: a target among those measured only, and its bounds among everyone registered.

With A who reach the target among M measured, of R registered, between A and A + (R - M) of the R
reach it: nobody knows of the R - M without a reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.errors import DoubleCountError, OptionError, UnlikeError, did_you_mean
from phm_diabetes.metrics.cards import cards_of
from phm_diabetes.narrowing import ends_of
from phm_diabetes.schemas.columns import row_key
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.schemas.words import stack, worded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.narrowing import Ends
    from phm_diabetes.schemas.counts import Counts

__all__ = ["registered_counts"]

_EVERYONE = "+registered"
_MOST_NAMED = 5
_TAKEN = ("denominator", "denominator_high", "denominator_variance", "excluded")
_PEOPLE = ("proportion", "people")


def registered_counts(
    counts: DataFrame[Counts],
    *,
    registered: Mapping[str, str] | None = None,
    measures: DiseaseArea | Sequence[Measure] | None = None,
) -> DataFrame[Counts]:
    """Bound a target among everyone registered, where only those measured are published.

    Parameters
    ----------
    counts
        Counts of targets out of the people measured, together with those of the measures whose
        denominators are everyone registered: the care processes beside the treatment targets.
    registered
        For each target, the measure whose denominator is everyone registered; ``None`` for what
        the cards say (``registered_in``).
    measures
        Cards; ``None`` for the installed areas.

    Returns
    -------
    DataFrame[Counts]
        One row for each row of a target, under definitions that end in ``+registered``, so that
        the two are never compared by accident. The denominator is everyone registered. The
        numerator has no value but where everyone was measured, and lies from those known to
        reach the target to those and all without a reading [people], whatever rounding or hiding
        leaves open. No variance is given to it: nothing says how likely each number is. Where
        the row of everyone registered is not there, neither count has an upper bound. Measures
        that count everyone already are left out.

    Raises
    ------
    OptionError
        When no measure is out of the measured only, a target is no share of people, or none of
        its rows has a row of everyone registered.
    UnlikeError
        When more people were measured than are registered, or counts of everyone registered are
        handed over again.
    DoubleCountError
        When several rows of different definitions could be everyone registered.
    MeasureNotFoundError
        When a measure has no card.

    References
    ----------
    Manski CF. Journal of Human Resources 1989;24:343-360: outcomes of which some are missing, and
    nothing is assumed of these. Ours from there: none of them, or all, are counted in.

    Examples
    --------
    Of 100 people, 50 were measured, and 40 of these reach the target: 80% of the measured, and
    from 40% to 90% of everyone.

    >>> import phm_diabetes as phm
    >>> row = {"dataset": "NDA", "org_level": "practice", "org_code": "Y99001",
    ...     "period_start": "2021-01-01", "period_end": "2022-03-31"}
    >>> table = phm.counts_from([
    ...     {**row, "measure": "dm.cp.hba1c", "definition": "nda:cp.hba1c:15m",
    ...      "numerator": 50, "denominator": 100},
    ...     {**row, "measure": "dm.tt.hba1c_58", "definition": "nda:tt.hba1c_58:15m",
    ...      "numerator": 40, "denominator": 50},
    ... ])
    >>> everyone = phm.estimate(registered_counts(table))
    >>> everyone[["definition", "value_low", "value_high"]].values.tolist()
    [['nda:tt.hba1c_58:15m+registered', 0.4, 0.9]]
    """
    table = as_counts(counts, what="counts")
    _refuse_again(table)
    whose = _registered(table, registered, measures)
    targets = table[table["measure"].isin(whose).to_numpy()].reset_index(drop=True)
    everyone = table[table["measure"].isin(set(whose.values())).to_numpy()]
    spot = _spots(targets, everyone, whose)
    _refuse_silent(targets, spot >= 0, whose)
    measured, of_all = ends_of(targets, "denominator"), ends_of(everyone, "denominator")
    # Whoever is measured is registered, which is all that is known where no row says more.
    least = np.where(spot >= 0, of_all[0][spot], measured[0])
    most = np.where(spot >= 0, of_all[1][spot], np.inf)
    low, high = _between(ends_of(targets, "numerator"), measured[0], most)
    _refuse_more_measured(targets, (measured[0] > most) | (low > high))
    alone = low == high
    codes = targets["definition"].cat
    return as_counts(
        targets.assign(
            **{name: everyone[name].array.take(spot, allow_fill=True) for name in _TAKEN},
            definition=worded(codes.codes, [f"{name}{_EVERYONE}" for name in codes.categories]),
            denominator_low=least.astype(np.int64),
            numerator=_whole(np.where(alone, low, np.inf)),
            numerator_low=low.astype(np.int64),
            numerator_high=_whole(high),
            numerator_variance=np.where(alone, 0.0, np.nan),
            numerator_ss=np.nan,
        ),
        what="The counts",
    )


def _between(reach: Ends, measured: NDArray[np.float64], everyone: NDArray[np.float64]) -> Ends:
    """Least and most who reach the target, whatever those without a reading would show."""
    # Those who reach it are among the measured, so never fewer than none of these miss it.
    return reach[0], everyone - np.maximum(measured - reach[1], 0)


def _refuse_again(table: pd.DataFrame) -> None:
    ready = table["definition"].astype(str).str.endswith(_EVERYONE)
    if ready.any():
        message = (
            f"{int(ready.sum()):,} rows are out of everyone registered already. Hand over the "
            "counts as they were loaded."
        )
        raise UnlikeError(message)


def _registered(
    table: pd.DataFrame,
    given: Mapping[str, str] | None,
    measures: DiseaseArea | Sequence[Measure] | None,
) -> dict[str, str]:
    """Return, for each target in the table, the measure that counts everyone registered."""
    cards = cards_of(table, measures)
    if given is None:
        whose = {name: card.registered_in for name, card in cards.items()}
    else:
        whose = {name: given.get(name) for name in cards}
        absent = [name for name in given if name not in cards]
        if absent:
            message = (
                f"registered= names {_listed(absent)}, of which the counts hold no row. They hold "
                f"{_listed(list(cards))}." + did_you_mean(absent[0], cards)
            )
            raise OptionError(message)
    found = {name: whom for name, whom in whose.items() if whom is not None}
    if not found:
        message = (
            f"None of {_listed(list(cards))} is out of the people measured only, as their cards "
            "say. Pass registered= the measure whose denominator is everyone registered, for each "
            "target."
        )
        raise OptionError(message)
    unlike = [name for name in found if (cards[name].kind, cards[name].unit) != _PEOPLE]
    if unlike:
        message = (
            f"Only a share of people can be bounded among everyone registered, and "
            f"{_listed(unlike)} is none. Leave it out of registered=."
        )
        raise OptionError(message)
    return found


def _spots(
    targets: pd.DataFrame, everyone: pd.DataFrame, whose: Mapping[str, str]
) -> NDArray[np.intp]:
    """Return the row of everyone registered for each row of a target; -1 where there is none."""
    codes = targets["measure"].cat
    names = sorted(set(whose.values()))
    place = [names.index(whose[name]) if name in whose else -1 for name in codes.categories]
    wanted = worded(np.array(place, dtype=np.int64)[codes.codes], names)
    both = stack([targets.assign(measure=wanted), everyone])
    ids, first = group_ids(both, [name for name in row_key(both) if name != "definition"])
    own, theirs = ids[: len(targets)], ids[len(targets) :]
    several = np.bincount(theirs, minlength=len(first))[own] > 1
    if several.any():
        message = (
            f"{int(several.sum()):,} rows have several rows of everyone registered, of "
            f"{_listed(sorted(set(wanted[several].astype(str))))} under different definitions. "
            "Keep one definition of each first."
        )
        raise DoubleCountError(message)
    spot = np.full(len(first), -1, dtype=np.intp)
    spot[theirs] = np.arange(len(theirs))
    return spot[own]


def _refuse_silent(
    targets: pd.DataFrame, found: NDArray[np.bool_], whose: Mapping[str, str]
) -> None:
    told = set(targets.loc[found, "measure"].astype(str))
    silent = [f"{name} (in {whom})" for name, whom in whose.items() if name not in told]
    if silent:
        message = (
            f"Nothing says how many are registered for {_listed(silent)}: no row has the same "
            "dataset, organisation, period and dimensions. Stack both measures, such as care "
            "processes and treatment targets: phm.stack([processes, targets])."
        )
        raise OptionError(message)


def _refuse_more_measured(targets: pd.DataFrame, more: NDArray[np.bool_]) -> None:
    if more.any():
        names = sorted(set(targets.loc[more, "measure"].astype(str)))
        codes = list(dict.fromkeys(targets.loc[more, "org_code"].astype(str)))
        message = (
            f"{int(more.sum()):,} rows of {_listed(names)} have more people measured than are "
            f"registered, whatever rounding hides, so these are not the same people: "
            f"{_listed(codes)}. Check that both are of one edition, or leave these rows out."
        )
        raise UnlikeError(message)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _whole(values: NDArray[np.float64]) -> pd.arrays.IntegerArray:
    """Return whole numbers, missing where infinite."""
    empty = np.isinf(values)
    return pd.arrays.IntegerArray(np.where(empty, 0, values).astype(np.int64), empty)
