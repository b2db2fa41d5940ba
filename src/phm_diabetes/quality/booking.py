"""Booking: whether providers book the same care under the same treatment function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phm_diabetes.errors import OptionError
from phm_diabetes.quality.noting import noted
from phm_diabetes.schemas.columns import dimensions_of
from phm_diabetes.schemas.counts import as_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.problems import Problems

__all__ = ["booked_apart"]

_FUNCTION = "treatment_function"


def booked_apart(
    counts: DataFrame[Counts],
    *,
    own: Sequence[str],
    other: Sequence[str],
    apart: float = 0.2,
) -> DataFrame[Problems]:
    """Find providers that seem to book a specialty's clinics under another one.

    Look before any ranking: practices whose people go to such a provider seem to have few
    attendances. :func:`phm_diabetes.share_of` with ``among="treatment_function"`` shows the
    split itself.

    Parameters
    ----------
    counts
        Attendances by provider and treatment function, as a tally to ``"trust"`` by
        ``"treatment_function"`` gives them.
    own
        Codes of the specialty, such as ``("307", "263")``.
    other
        Codes under which its clinics could be booked, such as ``("302", "252")``.
    apart
        How far a provider's share of `own` may lie below that of all of them [proportion].

    Returns
    -------
    DataFrame[Problems]
        A warning a provider. What hidden counts leave open is not warned of.

    Raises
    ------
    OptionError
        When the counts are not by treatment function, or a code stands in both lists.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> row = {"dataset": "local", "measure": "op.attendances", "definition": "d", "org_level":
    ...     "trust", "period_start": "2022-04-01", "period_end": "2023-03-31"}
    >>> table = phm.counts_from([
    ...     {**row, "org_code": "Y9T", "treatment_function": "307", "numerator": 900},
    ...     {**row, "org_code": "Y9T", "treatment_function": "302", "numerator": 100},
    ...     {**row, "org_code": "Y9U", "treatment_function": "307", "numerator": 100},
    ...     {**row, "org_code": "Y9U", "treatment_function": "302", "numerator": 300}])
    >>> found = booked_apart(table, own=["307", "263"], other=["302", "252"])
    >>> found["message"].tolist()
    ['trust Y9U: books few of its clinics under 307, 263, and many under 302, 252']
    """
    table: pd.DataFrame = as_counts(counts, what="counts")
    if _FUNCTION not in dimensions_of(table):
        message = f"counts= are not by {_FUNCTION}. Tally with by=['{_FUNCTION}']."
        raise OptionError(message)
    both = sorted(set(own) & set(other))
    if both:
        message = f"{both[0]} stands in own= and in other=. Leave it out of one."
        raise OptionError(message)
    words = table[_FUNCTION].astype(str)
    keys = ["measure", "definition", "org_level", "period_start", "period_end"]
    rows = table[words.isin([*own, *other])].copy()
    ends = {
        end: rows[f"numerator_{end}"].to_numpy("float64", na_value=np.inf)
        for end in ("low", "high")
    }
    mine = rows[_FUNCTION].astype(str).isin(own).to_numpy()
    rows = rows.assign(
        own_low=np.where(mine, ends["low"], 0),
        own_high=np.where(mine, ends["high"], 0),
        other_low=np.where(mine, 0, ends["low"]),
        other_high=np.where(mine, 0, ends["high"]),
    )
    parts = ["own_low", "own_high", "other_low", "other_high"]
    of_all = rows.groupby(keys, observed=True)[parts].sum()
    of_each = rows.groupby([*keys, "org_code"], observed=True)[parts].sum().reset_index()
    pooled = of_all.reindex(of_each.set_index(keys).index)
    most = _share(of_each["own_high"].to_numpy(), of_each["other_low"].to_numpy())
    usual = _share(pooled["own_low"].to_numpy(), pooled["other_high"].to_numpy())
    return noted(
        of_each[most < usual - apart],
        severity="warning",
        rule="booked alike",
        column=_FUNCTION,
        message=(
            f"books few of its clinics under {', '.join(own)}, and many under {', '.join(other)}"
        ),
        advice=(
            "Ask the trust. Until then count both for everyone, or rank no practice whose people "
            "go there."
        ),
    )


def _share(own: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(all="ignore"):
        return np.where(np.isfinite(own), own / (own + other), 1.0)
