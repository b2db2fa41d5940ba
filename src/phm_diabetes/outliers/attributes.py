"""Attributes: what practices are like, checked, and on one scale so that they can be added up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["attribute_problems", "scaled_attributes"]


def attribute_problems(
    n: object, attributes: pd.DataFrame, log: Collection[str], weights: Mapping[str, float]
) -> list[str]:
    """Return everything that keeps attributes from giving distances, in words.

    Parameters
    ----------
    n, attributes, log, weights
        As :func:`phm_diabetes.similar`.

    Examples
    --------
    >>> attribute_problems(2, pd.DataFrame({"org_code": ["Y1"], "list": ["many"]}), [], {})
    ["'list' is not in numbers"]
    """
    found = []
    if not isinstance(n, int) or isinstance(n, bool) or n < 1:
        found.append(f"similar() takes how many peers, from 1, not {n!r}")
    if isinstance(log, str):
        return [*found, f"log= takes a list of attributes, such as ['{log}']"]
    if "org_code" not in attributes:
        return [*found, "attributes= has no column org_code"]
    names = [str(name) for name in attributes.columns if name != "org_code"]
    if not names:
        found.append("attributes= has no column beside org_code")
    if attributes["org_code"].isna().any():
        found.append("a row has no org_code")
    twice = int(attributes["org_code"].duplicated().sum())
    if twice:
        found.append(f"{twice:,} rows are of a practice that has one already: keep one row each")
    found += [f"'{name}' is no attribute" for name in sorted({*log, *weights} - set(names))]
    found += [
        f"the weight of '{name}' is {weight:g}, and weights are above 0"
        for name, weight in weights.items()
        if not (np.isfinite(weight) and weight > 0)
    ]
    told = {name: _odd(attributes[name], positive=name in log) for name in names}
    return found + [f"'{name}' {words}" for name, words in told.items() if words]


def _odd(column: pd.Series[float], *, positive: bool) -> str:
    """Say what keeps a column from being an attribute; nothing where nothing does."""
    if not is_numeric_dtype(column) or is_bool_dtype(column):
        return "is not in numbers"
    given = column.dropna().to_numpy(np.float64)
    if not np.isfinite(given).all():
        return "is infinite somewhere"
    if positive and (given <= 0).any():
        return "is not above 0 everywhere, and has no logarithm there"
    if len(given) and (given == given[0]).all():
        return "is the same everywhere and tells nobody apart: leave it out"
    return ""


def scaled_attributes(
    values: pd.DataFrame, log: Collection[str], weights: Mapping[str, float]
) -> tuple[FloatArray, pd.DataFrame]:
    """Return attributes in standard deviations from their mean, and what was done to each.

    Parameters
    ----------
    values
        Numbers without gaps, shape ``(n, k)``.
    log, weights
        As :func:`phm_diabetes.similar`.

    Returns
    -------
    scores : ndarray of float64, shape (n, k)
    told : DataFrame
        One row an attribute: ``attribute``, ``scale``, ``weight``, ``mean`` and ``deviation``.

    Examples
    --------
    >>> scores, told = scaled_attributes(pd.DataFrame({"list": [10.0, 1000.0]}), ["list"], {})
    >>> scores.ravel().round(9).tolist(), told["scale"].tolist()
    ([-1.0, 1.0], ['log'])
    """
    raw = np.array(values.to_numpy(np.float64), dtype=np.float64)
    names = [str(name) for name in values.columns]
    logs = np.isin(names, list(log))
    raw[:, logs] = np.log(raw[:, logs])
    mean, deviation = raw.mean(axis=0), raw.std(axis=0)
    scores: FloatArray = (raw - mean) / np.where(deviation > 0, deviation, 1.0)
    told = pd.DataFrame(
        {
            "attribute": names,
            "scale": np.where(logs, "log", "plain"),
            "weight": [float(weights.get(name, 1.0)) for name in names],
            "mean": mean,
            "deviation": deviation,
        }
    )
    return scores, told
