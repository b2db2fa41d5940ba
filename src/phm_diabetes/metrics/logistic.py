"""Logistic regression on rows of people, with errors clustered by person (needs statsmodels)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

import numpy as np
from attrs import frozen

from phm_diabetes.errors import MissingLibraryError, StatisticsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["FEWEST_EVENTS", "ClusteredFit", "clustered_logistic"]

FEWEST_EVENTS = 10
"""Events, and records without one, for each coefficient: with fewer the ratios are biased."""


@frozen(kw_only=True, eq=False)
class ClusteredFit:
    """Coefficients of a logistic regression and their standard errors.

    Parameters
    ----------
    coefficients, errors
        Log odds ratios, one element a column of the design, and their clustered standard errors.

    Examples
    --------
    >>> ClusteredFit(coefficients=np.array([0.7]), errors=np.array([0.1])).errors
    array([0.1])
    """

    coefficients: FloatArray
    errors: FloatArray


def clustered_logistic(
    events: NDArray[np.bool_], design: FloatArray, clusters: NDArray[np.int64]
) -> ClusteredFit:
    """Return the coefficients of a logistic regression, with errors clustered by person.

    Parameters
    ----------
    events
        Whether each record is an event, shape ``(n,)``.
    design
        Columns that are 1 where a record has a level and 0 elsewhere, shape ``(n, k)``, without
        the constant, which is added.
    clusters
        Any whole number that tells each record's person, shape ``(n,)``.

    Returns
    -------
    ClusteredFit
        Of the k columns; the constant is left out.

    Raises
    ------
    MissingLibraryError
        When statsmodels is not installed.
    StatisticsError
        When there are too few events, columns say the same, or the fit does not settle.

    References
    ----------
    Liang K-Y, Zeger SL. Longitudinal data analysis using generalized linear models. Biometrika
    1986;73:13-22, with independence as the working correlation, as function ``GLM.fit`` of
    statsmodels computes it with ``cov_type="cluster"``. Peduzzi P et al. J Clin Epidemiol
    1996;49:1373-1379, for 10 events a coefficient.

    Examples
    --------
    >>> people = np.arange(400)
    >>> deprived = people % 2 == 0
    >>> missed = np.where(deprived, people % 8 < 4, people % 8 < 2)  # odds of 1 and of 1/3
    >>> fit = clustered_logistic(missed, deprived[:, None].astype(float), people)
    >>> float(np.exp(fit.coefficients)[0].round(3))
    3.0
    """
    model, family = _statsmodels()
    whole = np.column_stack([np.ones(len(events)), design])
    width = whole.shape[1]
    happened = int(events.sum())
    if min(happened, len(events) - happened) < FEWEST_EVENTS * width:
        message = (
            f"There are fewer than {FEWEST_EVENTS} events, or records without one, for each of "
            f"the {width} coefficients, so that odds ratios would be biased. Use fewer factors, "
            "broader bands or a longer period."
        )
        raise StatisticsError(message)
    if np.linalg.matrix_rank(whole.T @ whole) < width:
        message = (
            "Levels of two factors go together in every record, so that they cannot be told "
            "apart. Leave one of the factors out."
        )
        raise StatisticsError(message)
    numbered = np.unique(clusters, return_inverse=True)[1]  # statsmodels counts them from 0
    with catch_warnings():
        simplefilter("ignore")  # what it would warn of is checked below
        fitted = model(events.astype(np.float64), whole, family=family()).fit(
            cov_type="cluster", cov_kwds={"groups": numbered}
        )
    coefficients = np.asarray(fitted.params, dtype=np.float64)
    errors = np.asarray(fitted.bse, dtype=np.float64)
    known = np.isfinite(coefficients).all() and np.isfinite(errors).all()
    if not bool(fitted.converged) or not known:
        message = (
            "The regression does not settle on odds ratios: some combination of levels nearly "
            "always, or nearly never, has the event. Use fewer factors or broader bands."
        )
        raise StatisticsError(message)
    return ClusteredFit(coefficients=coefficients[1:], errors=errors[1:])


def _statsmodels() -> tuple[Any, Any]:
    try:
        from statsmodels.genmod.families import Binomial
        from statsmodels.genmod.generalized_linear_model import GLM
    except ImportError:
        message = (
            "Adjusted odds need statsmodels, which is not installed: "
            "py -m pip install phm-diabetes[adjust]"
        )
        raise MissingLibraryError(message) from None
    return GLM, Binomial
