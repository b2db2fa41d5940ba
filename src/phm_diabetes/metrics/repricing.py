"""Re-pricing: the difference in price if some attendances had been of another mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.errors import OptionError, did_you_mean
from phm_diabetes.metrics.costing import refuse_mixed_prices
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.price_differences import PriceDifferences
from phm_diabetes.schemas.unit_costs import UnitCosts
from phm_diabetes.schemas.words import words_used

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandera.typing import DataFrame

__all__ = ["NOT_A_SAVING", "price_difference"]

NOT_A_SAVING = (
    "A price difference, not a saving: it is an artefact of the tariff, frees no cash under "
    "current contracts, and says nothing of who could be seen by telephone."
)
"""What is said beside every such figure."""

_VALUES = ("attendances", "share", "spend_pence", "unit_pence", "left_out")


def price_difference(
    costs: DataFrame[UnitCosts],
    *,
    shares: float | Sequence[float],
    mode: str = "medium",
    before: str = "face_to_face",
    instead: str = "remote",
) -> DataFrame[PriceDifferences]:
    """Return by how much less the same attendances would have been priced in another mode.

    Parameters
    ----------
    costs
        As :func:`phm_diabetes.unit_costs` gives them.
    shares
        Shares of the attendances that are priced in the other mode, between 0 and 1; several give
        a range.
    mode
        Column of the mode.
    before, instead
        Its levels.

    Returns
    -------
    DataFrame[PriceDifferences]
        One row an organisation (and other dimension) and share, with what the figure is not in
        ``reading``. Empty where either mode has no price.

    Raises
    ------
    OptionError
        When a share is not between 0 and 1, or a level is not in the table.
    UnlikeError
        When kinds, bases or years of price are mixed.

    Notes
    -----
    share · attendances · (average price before - average price instead). Firsts and follow-ups
    differ in price: split by visit first where the mix of the two differs between the modes.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> row = {"dataset": "local", "measure": "op.unit_cost", "definition": "d:national:2022-23",
    ...     "org_level": "place", "org_code": "north", "period_start": "2022-04-01",
    ...     "period_end": "2023-03-31"}
    >>> costs = phm.unit_costs(phm.counts_from([
    ...     {**row, "medium": "face_to_face", "numerator": 14_000_000, "denominator": 1000},
    ...     {**row, "medium": "remote", "numerator": 575_000, "denominator": 250}]))
    >>> found = price_difference(costs, shares=0.1)
    >>> int(found["difference_pence"].iloc[0]) / 100
    11700.0
    """
    table = checked(UnitCosts, costs, what="costs=")
    refuse_mixed_prices(table)
    wanted = np.atleast_1d(np.asarray(shares, dtype=np.float64))
    if not ((wanted >= 0) & (wanted <= 1)).all():
        message = "shares= takes numbers between 0 and 1, such as 0.1 for one attendance in ten."
        raise OptionError(message)
    if mode not in table:
        message = f"costs= have no column '{mode}'." + did_you_mean(mode, list(table.columns))
        raise OptionError(message)
    known = words_used(table[mode].astype("category"))
    for level in (before, instead):
        if level not in known:
            message = f"costs= have no {mode} '{level}', only {', '.join(known)}."
            raise OptionError(message + did_you_mean(level, known))
    key = [str(name) for name in table if name not in {*_VALUES, mode, "source"}]
    words = table.astype(dict.fromkeys(key, object))
    at = {level: words[words[mode] == level] for level in (before, instead)}
    both = at[before].merge(
        at[instead][[*key, "unit_pence"]], on=key, how="left", suffixes=("", "_instead")
    )
    parts = [_moved(both, key, share) for share in wanted.tolist()]
    return checked(PriceDifferences, pd.concat(parts, ignore_index=True), what="The differences")


def _moved(both: pd.DataFrame, key: list[str], share: float) -> pd.DataFrame:
    attended = both["attendances"].to_numpy(dtype="float64", na_value=np.nan)
    apart = (both["unit_pence"] - both["unit_pence_instead"]).to_numpy(dtype="float64")
    pence = np.round(share * attended * apart)
    return both[[*key, "source"]].assign(
        share_moved=share,
        attendances=both["attendances"],
        unit_pence_before=both["unit_pence"],
        unit_pence_instead=both["unit_pence_instead"],
        difference_pence=pd.array(pence, dtype="Float64").astype("Int64"),
        reading=NOT_A_SAVING,
    )
