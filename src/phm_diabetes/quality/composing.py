"""Composing: the findings of several checks as one table, the gravest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from phm_diabetes.quality.noting import nothing
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.extract import Extract

__all__ = ["checks"]

_ORDER = {"error": 0, "warning": 1, "info": 2}


def checks(*found: DataFrame[Problems], extracts: Sequence[Extract] = ()) -> DataFrame[Problems]:
    """Return the findings of several checks, errors first, each finding once.

    Parameters
    ----------
    *found
        What checks returned, and ``extract.problems`` where you want them beside.
    extracts
        Where the tables came from: findings then name the file instead of the extract's id.

    Returns
    -------
    DataFrame[Problems]

    Examples
    --------
    >>> from phm_diabetes.quality.noting import noted
    >>> rows = pd.DataFrame({"source": ["a:1"], "source_row": [3]})
    >>> one = noted(rows, severity="info", rule="a", message="is so", advice="Know it.")
    >>> two = noted(rows, severity="error", rule="b", message="is wrong", advice="Stop.")
    >>> checks(one, two, two)["severity"].tolist()
    ['error', 'info']
    """
    parts = [checked(Problems, table, what="A list of problems") for table in found]
    parts = [part for part in parts if len(part)]
    if not parts:
        return nothing()
    files = {extract.provenance.id: extract.provenance.file for extract in extracts}
    stacked = pd.concat([part.astype(object) for part in parts], ignore_index=True)
    stacked["file"] = stacked["file"].replace(files)
    order = stacked.assign(grave=stacked["severity"].map(_ORDER)).sort_values(
        ["grave", "file", "sheet", "row", "rule"], kind="stable"
    )
    once = order.drop(columns="grave").drop_duplicates(ignore_index=True)
    return checked(Problems, once, what="The list of problems")
