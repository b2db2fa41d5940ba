"""Expected by luck: the same rule, gate and all, run on counts that chance alone would give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.errors import OptionError
from phm_diabetes.outliers.chance_counts import drawn_counts, latent_deviates
from phm_diabetes.outliers.drawn_rules import DrawnRules
from phm_diabetes.outliers.luck_found import NULLS, Luck

if TYPE_CHECKING:
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.outliers.drill_sets import DrillSet
    from phm_diabetes.outliers.drilled import Drill
    from phm_diabetes.outliers.recurrent_found import Recurrent
    from phm_diabetes.outliers.shortlisting import Shortlist
    from phm_diabetes.schemas.counts import Counts

__all__ = ["expected_by_luck"]

_RANGE = (0.0, 1.0)
_INTERVAL = (2.5, 97.5)


def expected_by_luck(
    result: Drill | DrillSet | Recurrent | Shortlist,
    *,
    correlation: float | pd.DataFrame | None = None,
    spread: DataFrame[Counts] | None = None,
    simulations: int = 2000,
    seed: int = 0,
) -> Luck:
    """Say how many practices a rule would name if no practice differed from another.

    Parameters
    ----------
    result
        A drill, drills combined, or what recurs in them: the rule, and what it was asked of.
    correlation
        Between the measures of a drill, over people: a number from 0 to 1, or a table of people
        with one column of true and false a measure, whose mean correlation is taken. Without it
        the answer is a range, from measures that are independent to the same people missing all.
    spread
        Counts of England's practices, of every measure of the rule: adds null (c).
    simulations
        How many.
    seed
        The same seed gives the same answer.

    Returns
    -------
    Luck
        Beside the number found, what is expected: (a) with every practice at the comparator's
        value; (b) with every practice at the pooled value of its Place, or of all in
        question where the geography has no Places; and (c) with
        practices around the comparator's value as widely as England's differ. Only (b) bears on
        which practice to visit.

    Raises
    ------
    OptionError
        When the result rests on something else than drills, a measure cannot be drawn, or an
        option is outside what it can be.

    Notes
    -----
    Binomial counts for proportions, Poisson for rates, with the real denominators, published as
    the real counts are: rounded, and small ones hidden. Measures of one drill are correlated by
    a Gaussian copula; measures of drills that share none are independent. The comparator is held
    at what was observed.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> found = phm.drill(
    ...     phm.load(demo.registers(), period="2022-23").table, geo=demo.england_geography(),
    ...     measures=["copd.register"], rule="all", above="interval(0.95)",
    ...     within={"place": "planted_dudley"}, england="sum_of_practices")
    >>> luck = phm.expected_by_luck(found, simulations=200)
    >>> luck.table["null"].tolist()
    ['a', 'b']
    """
    if simulations < 1:
        message = f"simulations= is {simulations}; take a number such as 2000."
        raise OptionError(message)
    rules = DrawnRules.of(result)
    told = _correlations(correlation, rules)
    observed = {name: int(own.sum()) for name, own in rules.named(rules.observed).items()}
    truths: dict[str, FloatArray | None] = {
        "a": rules.comparator,
        "b": rules.pooled,
        "c": None if spread is None else rules.comparator,
    }
    between = None if spread is None else rules.between(spread)
    rows = []
    for null, truth in truths.items():
        if truth is None:
            continue
        for words, value in told:
            random = np.random.default_rng(seed)
            z = latent_deviates(
                random, (simulations, *rules.shape), groups=rules.groups, correlation=value
            )
            tau = between if null == "c" else None
            counts = _drawn(rules, z, truth, tau, random)
            for name, whom in rules.named(counts).items():
                each = whom.sum(-1)
                lower, upper = np.percentile(each, _INTERVAL, method="inverted_cdf")
                rows.append(
                    {
                        "rule": name,
                        "null": null,
                        "measures": words,
                        "found": observed[name],
                        "expected": float(each.mean()),
                        "lower": int(lower),
                        "upper": int(upper),
                        "chance": float(((each >= observed[name]).sum() + 1) / (simulations + 1)),
                    }
                )
    table = pd.DataFrame(rows)
    order = {name: spot for spot, name in enumerate(observed)}
    table = table.sort_values(
        ["rule", "null"],
        key=lambda column: column.map(order) if column.name == "rule" else column,
        kind="stable",
        ignore_index=True,
    )
    return Luck(
        table=table, simulations=simulations, seed=seed, nulls={**NULLS, "b": _pooled(rules)}
    )


def _pooled(rules: DrawnRules) -> str:
    """Say over whom null (b) pools."""
    named = [place for place in rules.places if place]
    if not named:
        return "every practice at the pooled value of all in question, since none has a Place"
    alone = "; those without a Place pooled together" if "" in rules.places else ""
    return f"{NULLS['b']} ({len(named):,} pooled){alone}"


def _correlations(given: float | pd.DataFrame | None, rules: DrawnRules) -> list[tuple[str, float]]:
    if len(set(rules.groups)) == len(rules.groups):
        return [("one a drill", 0.0)]
    if given is None:
        low, high = _RANGE
        return [("independent", low), ("the same people", high)]
    value = _of_people(given, rules) if isinstance(given, pd.DataFrame) else float(given)
    if not 0 <= value <= 1:
        message = f"correlation= is {value:g}; it lies from 0 to 1."
        raise OptionError(message)
    return [(f"correlation {value:.2f}", value)]


def _of_people(people: pd.DataFrame, rules: DrawnRules) -> float:
    """Mean correlation over people between the measures of a drill."""
    absent = [name for name in rules.measures if name not in people]
    if absent:
        message = f"The table of people has no column {', '.join(absent)}."
        raise OptionError(message)
    matrix = people[list(rules.measures)].astype(float).corr().to_numpy()
    groups = np.asarray(rules.groups)
    pairs = np.triu(groups[:, None] == groups[None, :], 1)
    return float(np.clip(np.nanmean(matrix[pairs]), *_RANGE))


def _drawn(
    rules: DrawnRules,
    z: FloatArray,
    truth: FloatArray,
    between: FloatArray | None,
    random: np.random.Generator,
) -> FloatArray:
    """Return counts as published, shape ``(simulations, practices, measures)``."""
    drawn = np.empty_like(z)
    for spot, kind in enumerate(rules.kinds):
        value: Any = truth[:, spot]
        if between is not None:
            shift: FloatArray = random.standard_normal(z.shape[:2])
            top = 1.0 if kind == "proportion" else np.inf
            value = np.clip(value + between[spot] * shift, 0.0, top)
        counts = drawn_counts(z[..., spot], rules.denominator[:, spot], value, kind=kind)
        drawn[..., spot] = rules.publishing[spot].published(counts)
    return drawn
