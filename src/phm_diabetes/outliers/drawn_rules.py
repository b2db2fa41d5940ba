"""Rules over drawn counts: the drills of a result on one set of practices, and what they name."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.outliers.laid_rules import leaf_arrays
from phm_diabetes.outliers.place_pools import places_of, pooled_values
from phm_diabetes.outliers.recurrent_found import Recurrent
from phm_diabetes.outliers.rule_arrays import named_in
from phm_diabetes.outliers.shortlisting import Shortlist
from phm_diabetes.outliers.variation import measure_variation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.chance_counts import Publishing
    from phm_diabetes.outliers.drilled import Drill
    from phm_diabetes.outliers.rule_arrays import LeafArrays
    from phm_diabetes.outliers.scales import Kind

__all__ = ["DrawnRules", "drills_of"]


@frozen(kw_only=True, eq=False)
class DrawnRules:
    """A result's drills over the same practices (P) and measures (M).

    Parameters
    ----------
    result
        A drill, drills combined, or what recurs in them.
    leaves
        Each drill with its arrays, the places of its practices, and of its measures.
    practices, measures
        Codes, and ids of the measures.
    groups
        Group of each measure: drills that share a measure make one.
    observed, denominator
        As published, shape ``(P, M)``.
    comparator, pooled
        True values under nulls (a) and (b), shape ``(P, M)``.
    places
        Places of the practices in question; a blank one where some have none.
    kinds, publishing
        Of each measure.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> found = phm.drill(
    ...     phm.load(demo.registers(), period="2022-23").table, geo=demo.england_geography(),
    ...     measures=["copd.register"], rule="all", above="point", england="sum_of_practices")
    >>> rules = DrawnRules.of(found)
    >>> int(rules.named(rules.observed)[found.asked].sum()) == len(found.found)
    True
    """

    result: Any
    leaves: tuple[tuple[Drill, LeafArrays, NDArray[np.intp], NDArray[np.intp]], ...]
    practices: tuple[str, ...]
    measures: tuple[str, ...]
    groups: tuple[int, ...]
    observed: FloatArray
    denominator: FloatArray
    comparator: FloatArray
    pooled: FloatArray
    places: tuple[str, ...]
    kinds: tuple[Kind, ...]
    publishing: tuple[Publishing, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Practices and measures."""
        return len(self.practices), len(self.measures)

    @classmethod
    def of(cls, result: object) -> DrawnRules:
        """Return the rules of a result.

        Raises
        ------
        OptionError
            When it rests on something else than drills.
        """
        drills = drills_of(result)
        arrays = [leaf_arrays(drill) for drill in drills]
        practices = tuple(sorted({code for leaf in arrays for code in leaf.practices}))
        keys = list(dict.fromkeys(key for drill in drills for key in _definitions(drill).items()))
        spots = pd.Index(practices)
        laid = [
            (
                drill,
                leaf,
                spots.get_indexer(pd.Index(leaf.practices)),
                np.array([keys.index(key) for key in _definitions(drill).items()], dtype=np.intp),
            )
            for drill, leaf in zip(drills, arrays, strict=True)
        ]
        shape = (len(practices), len(keys))
        observed, people, fixed, pooled = (np.full(shape, np.nan) for _ in range(4))
        kinds: list[Any] = [None] * len(keys)
        publishing: list[Any] = [None] * len(keys)
        groups = np.arange(len(keys))
        places: set[str] = set()
        for drill, leaf, rows, columns in laid:
            where = np.ix_(rows, columns)
            observed[where], people[where] = leaf.numerator, leaf.denominator
            with np.errstate(divide="ignore", invalid="ignore"):
                fixed[where] = leaf.other[0][0] / leaf.other[0][1]
            own = places_of(drill, leaf.practices)
            asked = leaf.asked.sum(axis=1) > 0
            pooled[where] = pooled_values(leaf.numerator, leaf.denominator, asked, own)
            places |= set(own[asked])
            for spot, column in enumerate(columns):
                kinds[column], publishing[column] = leaf.cards[spot].kind, leaf.publishing[spot]
            groups[np.isin(groups, groups[columns])] = groups[columns[0]]
        return cls(
            result=result,
            leaves=tuple(laid),
            practices=practices,
            measures=tuple(measure for measure, _ in keys),
            groups=tuple(int(each) for each in groups),
            observed=observed,
            denominator=people,
            comparator=fixed,
            pooled=pooled,
            places=tuple(sorted(places)),
            kinds=tuple(kinds),
            publishing=tuple(publishing),
        )

    def named(
        self, counts: FloatArray, denominator: FloatArray | None = None
    ) -> dict[str, NDArray[np.bool_]]:
        """Return whom each drill names, and whom the whole result names.

        Parameters
        ----------
        counts, denominator
            Shape ``(P, M)`` or ``(S, P, M)``, NaN where hidden; the denominators as published
            unless given.

        Returns
        -------
        dict of ndarray of bool, shape (P,) or (S, P)
        """
        whole = counts if counts.ndim > 2 else counts[None]  # noqa: PLR2004 - simulations
        found: dict[int, NDArray[np.bool_]] = {}
        told: dict[str, NDArray[np.bool_]] = {}
        for drill, leaf, rows, columns in self.leaves:
            own = whole[:, rows[:, None], columns]
            people = None if denominator is None else denominator[:, rows[:, None], columns]
            mask = np.zeros(whole.shape[:2], dtype=bool)
            mask[:, rows] = leaf.found(own, people)
            found[id(drill)] = told[_label(drill.asked, told)] = mask
        if not (len(self.leaves) == 1 and self.result is self.leaves[0][0]):
            told[_words(self.result)] = _whole(self.result, found)
        if counts.ndim > 2:  # noqa: PLR2004 - simulations
            return told
        return {name: each[0] for name, each in told.items()}

    def between(self, counts: pd.DataFrame) -> FloatArray:
        """Return the standard deviation between practices of each measure, beyond chance.

        Raises
        ------
        OptionError
            When the counts lack a measure.
        """
        found = []
        for measure, kind in zip(self.measures, self.kinds, strict=True):
            rows = counts[(counts["measure"] == measure) & (counts["org_level"] == "practice")]
            rows = rows[rows["numerator"].notna() & (rows["denominator"] > 0)]
            if rows.empty:
                message = f"spread= holds no practice's counts of {measure}."
                raise OptionError(message)
            x, n = (rows[name].to_numpy(np.float64) for name in ("numerator", "denominator"))
            found.append(measure_variation(x, n, kind=kind).tau)
        return np.array(found)


def drills_of(result: object) -> list[Drill]:
    """Return the drills that a result rests on, each once.

    Raises
    ------
    OptionError
        When it rests on something else.

    Examples
    --------
    >>> drills_of(3)
    Traceback (most recent call last):
    phm_diabetes.errors.OptionError: This is asked of a drill, drills combined or what recurs, \
not of int.
    """
    parts: Any = result.recurrent if isinstance(result, Shortlist) else result
    if isinstance(parts, Recurrent):
        given = [one for own in parts.results.values() for one in own]
        odd = [one for one in given if not hasattr(one, "leaves")]
        if odd or not given:
            message = (
                "This is asked of drills and drills combined; flags of a detector do not say how "
                "they were made. Ask of the drills alone."
            )
            raise OptionError(message)
    elif hasattr(parts, "leaves"):
        given = [parts]
    else:
        kind = type(result).__name__
        message = f"This is asked of a drill, drills combined or what recurs, not of {kind}."
        raise OptionError(message)
    every = [leaf for one in given for leaf in one.leaves]
    return list({id(leaf): leaf for leaf in every}.values())


def _definitions(drill: Drill) -> dict[str, str]:
    """Definition by measure, in the drill's order: what makes two drills' figures the same."""
    own = drill.counts.drop_duplicates("measure").set_index("measure")["definition"]
    return {card.id: str(own[card.id]) for card in drill.measures}


def _whole(result: Any, found: dict[int, NDArray[np.bool_]]) -> NDArray[np.bool_]:  # noqa: ANN401
    parts = result.recurrent if isinstance(result, Shortlist) else result
    if not isinstance(parts, Recurrent):
        return named_in(parts, found)
    domains = [
        reduce(np.logical_or, [named_in(one, found) for one in own])
        for own in parts.results.values()
    ]
    enough = np.sum(domains, axis=0) >= parts.at_least
    return cast("NDArray[np.bool_]", enough)


def _words(result: Any) -> str:  # noqa: ANN401 - any result
    parts = result.recurrent if isinstance(result, Shortlist) else result
    if isinstance(parts, Recurrent):
        return f"in at least {parts.at_least} of {len(parts.results)} domains"
    return str(parts.in_words)


def _label(words: str, told: dict[str, Any]) -> str:
    return words if words not in told else f"{words} ({len(told) + 1})"
