"""Bases: people registered with practices and people resident in an area are not the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.quality.noting import noted, nothing
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.population import Population

if TYPE_CHECKING:
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.problems import Problems

__all__ = ["mixed_bases"]


def mixed_bases(*populations: DataFrame[Population]) -> DataFrame[Problems]:
    """Find organisations whose people are counted both as registered and as resident.

    A Place's total differs by which of the two is meant: practices take patients from outside,
    and its people register elsewhere.

    Parameters
    ----------
    *populations
        Tables that are to be used together.

    Returns
    -------
    DataFrame[Problems]
        An error at each row of such an organisation.

    Examples
    --------
    >>> about = {"org_level": "place", "org_code": ["planted"], "area_level": "", "area_code": "",
    ...     "age_band": "all", "sex": "all", "counted_on": pd.Timestamp("2021-01-01"),
    ...     "people": 9, "source": "a", "source_row": 2}
    >>> tables = [pd.DataFrame(about | {"basis": basis}) for basis in ("registered", "resident")]
    >>> mixed_bases(*tables)["severity"].tolist()
    ['error', 'error']
    """
    parts = [checked(Population, table, what="population") for table in populations]
    if len({basis for part in parts for basis in part["basis"].unique()}) < 2:  # noqa: PLR2004 - both
        return nothing()
    whole = pd.concat([part.astype(object) for part in parts], ignore_index=True)
    kinds = whole.groupby(["org_level", "org_code"])["basis"].transform("nunique")
    mixed = np.asarray(kinds > 1, dtype=bool)
    return noted(
        whole[mixed],
        severity="error",
        rule="one basis",
        column="basis",
        message="is registered in one row and resident in another, for the same organisation",
        advice="Choose one, and state it beside every total.",
    )
