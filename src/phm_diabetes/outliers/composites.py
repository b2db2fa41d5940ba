"""Composites: several measures as one score, with its weights and what is done about gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.errors import MeasureNotFoundError, OptionError
from phm_diabetes.metrics.cards import cards_of
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.flags import Flags

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.model.measures import DiseaseArea, Measure

__all__ = ["Composite", "composite_score"]

_MISSING = {
    "withhold": "no score where a measure of it is missing",
    "rest": "weights of missing measures are shared among the rest",
}
_WARNING = (
    "One number for several measures says less than they do: a low and a high cancel, and the "
    "order hangs on the weights. It is shown beside the measures, and selects nobody."
)
_DEVIATES = ("Funnel", "RobustZ")
"""Detectors whose scores are normal deviates, and so can be added up."""
_TWO_SIDED_95 = 1.959963984540054


@frozen(kw_only=True, eq=False, repr=False)
class Composite:
    """The answer of :func:`composite_score`.

    Parameters
    ----------
    table
        One row a unit: ``score``, above 0 where it stands better than what it was held against;
        how many ``measures`` it rests on, and which are ``missing``; then each measure's own
        score, turned so that above 0 is better.
    weights
        By measure; they add up to 1.
    missing
        ``"withhold"`` or ``"rest"``.
    detector
        Whose scores they are.

    Examples
    --------
    >>> table = pd.DataFrame({"org_code": ["Y99001"], "score": [0.5], "measures": [1],
    ...                       "missing": [""]})
    >>> found = Composite(table=table, weights={"copd.review": 1.0}, missing="withhold",
    ...                   detector="RobustZ")
    >>> str(found).splitlines()[0]
    'Composite score of 1 units, from scores of RobustZ: 100% copd.review.'
    """

    table: pd.DataFrame
    weights: Mapping[str, float]
    missing: Literal["withhold", "rest"]
    detector: str

    @property
    def by_chance(self) -> float:
        """Within what score 95% of units lie where nothing differs and measures are independent."""
        return _TWO_SIDED_95 * float(np.sqrt(np.square(list(self.weights.values())).sum()))

    def __str__(self) -> str:
        """Say the weights, what is done about gaps, what chance does, and what to mind."""
        told = ", ".join(f"{100 * weight:.0f}% {name}" for name, weight in self.weights.items())
        size, without = len(self.table), int(self.table["score"].isna().sum())
        return "\n".join(
            [
                f"Composite score of {size:,} units, from scores of {self.detector}: {told}.",
                f"  Missing: {_MISSING[self.missing]}; {without:,} units have none.",
                (
                    "  If nothing differed and measures were independent, 95% would lie within "
                    f"{self.by_chance:.2f} of 0; further where the same people miss several."
                ),
                f"  {_WARNING}",
            ]
        )

    def __repr__(self) -> str:
        """Say of how many units and measures."""
        return f"<Composite: {len(self.table):,} units, {len(self.weights):,} measures>"

    def _repr_html_(self) -> str:
        """Say the same lines in a notebook."""
        from html import escape

        return "<pre>" + escape(str(self)) + "</pre>"


def composite_score(
    flags: DataFrame[Flags],
    *,
    weights: Mapping[str, float],
    missing: Literal["withhold", "rest"],
    measures: DiseaseArea | Sequence[Measure] | None = None,
) -> Composite:
    r"""Return several measures of each unit as one score.

    Nothing in the library calls it, and neither a shortlist nor what recurs takes it.

    Parameters
    ----------
    flags
        Of one detector whose score is a normal deviate, ``Funnel`` or ``RobustZ``, one row a unit
        and measure, of one level.
    weights
        By measure, above 0. There is no default: equal weights are a choice too.
    missing
        ``"withhold"`` gives no score to a unit that lacks a measure; ``"rest"`` shares its
        weight among the measures that are there.
    measures
        Cards, which say which way is better; ``None`` for the installed areas.

    Returns
    -------
    Composite

    Raises
    ------
    OptionError
        When a weight is not above 0, `missing` is neither word, a measure has no direction, or
        the flags are of another detector, of several, of several levels, or hold several rows a
        unit and measure.
    MeasureNotFoundError
        When the flags hold no rows of a measure, or it has no card.

    Notes
    -----
    .. math:: c_i = \sum_k w_k z_{ik} / \sum_k w_k

    over the measures that unit :math:`i` has, each score :math:`z_{ik}` with its sign turned where
    lower is better.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> from datetime import date
    >>> from phm_diabetes.outliers import RobustZ
    >>> card = phm.Measure(
    ...     id="copd.review", name="r", numerator="n", denominator="d", kind="proportion",
    ...     unit="people", polarity="higher", source="s", why="w", reviewed=date(2026, 1, 1))
    >>> about = {"dataset": "planted", "measure": "copd.review", "definition": "d",
    ...     "org_level": "practice", "period_start": "2022-04-01", "period_end": "2023-03-31"}
    >>> table = phm.estimate(phm.counts_from([
    ...     about | {"org_code": f"Y990{n:02}", "numerator": 50 + n, "denominator": 100}
    ...     for n in range(12)]), measures=[card])
    >>> found = composite_score(RobustZ(measures=[card])(table), weights={"copd.review": 1},
    ...                         missing="withhold", measures=[card])
    >>> bool(found.table["score"].is_monotonic_increasing)
    True
    """
    table = checked(Flags, flags, what="flags")
    _refuse_options(weights, missing)
    absent = [name for name in weights if not (table["measure"] == name).any()]
    if absent:
        message = f"The flags hold no rows of {', '.join(absent)}."
        raise MeasureNotFoundError(message)
    rows = table[table["measure"].isin(list(weights)).to_numpy()]
    cards = cards_of(rows, measures)
    _refuse_rows(rows, [name for name in weights if not cards[name].is_directed])
    wide = rows.astype({"measure": object, "org_code": object}).pivot_table(
        index="org_code", columns="measure", values="score", dropna=False
    )
    wide = wide.reindex(columns=list(weights))
    turned = wide * [1.0 if cards[name].polarity == "higher" else -1.0 for name in weights]
    share = np.array(list(weights.values()), dtype=np.float64)
    share /= share.sum()
    known = turned.notna().to_numpy()
    carried = (known * share).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.nansum(turned.to_numpy() * share, axis=1) / carried
    if missing == "withhold":
        score = np.where(known.all(axis=1), score, np.nan)
    told = pd.DataFrame(
        {
            "org_code": turned.index.to_numpy(dtype=object),
            "score": np.where(carried > 0, score, np.nan),
            "measures": known.sum(axis=1),
            "missing": [
                ", ".join(name for name, has in zip(weights, row, strict=True) if not has)
                for row in known
            ],
        }
    )
    return Composite(
        table=pd.concat([told, turned.reset_index(drop=True)], axis=1),
        weights=dict(zip(weights, share.tolist(), strict=True)),
        missing=missing,
        detector=str(rows["detector"].iloc[0]),
    )


def _refuse_options(weights: Mapping[str, float], missing: object) -> None:
    problems = [
        f"the weight of {name} is {weight!r}, and weights are above 0"
        for name, weight in weights.items()
        if not (np.isfinite(weight) and weight > 0)
    ]
    if not weights:
        problems.append("weights= names no measure")
    if missing not in _MISSING:
        problems.append(f"missing= takes {' or '.join(map(repr, _MISSING))}, not {missing!r}")
    if problems:
        raise OptionError("; ".join(problems) + ".")


def _refuse_rows(rows: pd.DataFrame, undirected: list[str]) -> None:
    problems = []
    if undirected:
        problems.append(f"{', '.join(undirected)} has no better side, and cannot be added up")
    for name, words in {"detector": "detectors", "org_level": "levels"}.items():
        found: Any = sorted(rows[name].astype(str).unique())
        if len(found) > 1:
            problems.append(f"the flags are of several {words} ({', '.join(found)}): keep one")
    other = sorted({each for each in rows["detector"].astype(str) if not _is_deviate(each)})
    if other:
        problems.append(f"scores of {', '.join(other)} are no normal deviates, and do not add up")
    twice = int(rows.duplicated(["org_code", "measure"]).sum())
    if twice:
        problems.append(
            f"{twice:,} rows are of a unit and measure that stand already: keep one period, "
            "confidence and cell"
        )
    if problems:
        raise OptionError("; ".join(problems) + ".")


def _is_deviate(detector: str) -> bool:
    return detector.startswith(_DEVIATES)
