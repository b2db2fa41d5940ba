"""Reliability: may the units of a measure be ranked, family by family."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.errors import StatisticsError
from phm_diabetes.outliers.chance_models import chance_model
from phm_diabetes.outliers.comparators import unit_key
from phm_diabetes.outliers.families import families_of
from phm_diabetes.outliers.own_counts import refuse_other_figures
from phm_diabetes.outliers.reliability_ratio import measure_reliability
from phm_diabetes.outliers.units import units_of
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.estimates import Estimates
from phm_diabetes.schemas.reliabilities import Reliabilities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.outliers.families import Family
    from phm_diabetes.outliers.units import Units

__all__ = ["reliability"]

_FOUND = ("n_units", "reliability", "tau2", "size_needed", "n_reliable", "may_be_ranked")


def reliability(
    estimates: DataFrame[Estimates],
    *,
    measures: DiseaseArea | Sequence[Measure] | None = None,
) -> DataFrame[Reliabilities]:
    """Return what share of each measure's differences between units is real.

    Below 0.7, do not rank: most of who stands where is chance.

    Parameters
    ----------
    estimates
        Estimates of any levels, read at their lowest confidence.
    measures
        Cards; ``None`` for the installed areas.

    Returns
    -------
    DataFrame[Reliabilities]
        One row a measure, definition, level, period and cell, in their order.

    Raises
    ------
    MeasureNotFoundError
        When a measure has no card.
    StatisticsError
        When a figure is standardised or a share, and so not the quotient of its own counts.

    References
    ----------
    Abel G, Saunders CL, Mendonca SC and others. Variation and statistical reliability of publicly
    reported primary care diagnostic activity indicators for cancer. BMJ Quality and Safety
    2018;27:21-30; it is a definition, a share of variance.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.outliers import reliability
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> "may_be_ranked" in reliability(table)
    True
    """
    table = checked(Estimates, estimates, what="estimates")
    refuse_other_figures(
        table, asker="reliability()", instead="Give it the estimates of phm.estimate."
    )
    lowest = table["confidence"] == table["confidence"].min()
    table = checked(Estimates, table[lowest], what="estimates")
    units, families = units_of(table), families_of(table, measures)
    key = ["org_level", *unit_key(table)]
    about = table[key].iloc[[family.rows[0] for family in families]].reset_index(drop=True)
    found = pd.DataFrame([_found(units, family) for family in families], columns=[*_FOUND, "words"])
    typed = found.astype({"n_units": "Int64", "n_reliable": "Int64", "may_be_ranked": "boolean"})
    typed["words"] = typed["words"].astype("category")
    return checked(Reliabilities, pd.concat([about, typed], axis=1), what="The reliabilities")


def _found(units: Units, family: Family) -> dict[str, Any]:
    rows = family.rows[units.not_by_chance[family.rows] == ""]
    chance = chance_model(family.card, units.numerator[rows], units.squares[rows])
    if isinstance(chance, str):
        return dict.fromkeys(_FOUND, None) | {"words": chance}
    effect, per = chance.design_effect, family.card.per
    try:
        found = measure_reliability(
            units.numerator[rows] / effect, units.denominator[rows] / effect, kind=chance.kind
        )
    except StatisticsError as error:
        return dict.fromkeys(_FOUND, None) | {"words": str(error)}
    return {
        "n_units": found.n_units,
        "reliability": found.value,
        "tau2": found.tau2 * per**2,
        "size_needed": found.size_needed * effect if np.isfinite(found.size_needed) else np.inf,
        "n_reliable": found.n_reliable,
        "may_be_ranked": found.may_be_ranked,
        "words": str(found),
    }
