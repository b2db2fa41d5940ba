"""Tables of organisations: rows of Memberships and Organisations that adapters fill alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.schemas.words import repeated, worded

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["first_of_each", "membership_rows", "organisation_rows", "stacked"]


def first_of_each(cells: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """Return the first row of each key, sorted by key.

    Parameters
    ----------
    cells
        Rows, indexed by row number.
    key
        Columns that tell the rows apart.

    Examples
    --------
    >>> cells = pd.DataFrame({"pcn": ["B", "A", "B"]}, index=[2, 3, 4])
    >>> first_of_each(cells, ["pcn"]).index.tolist()
    [3, 2]
    """
    _, first = group_ids(cells, key)
    return cells.iloc[first]


def membership_rows(
    level: str,
    codes: pd.Series[Any],
    *,
    parent_level: str,
    parents: pd.Series[Any] | str,
    start: pd.Series[Any] | pd.Timestamp,
    end: pd.Series[Any] | pd.Timestamp,
) -> pd.DataFrame:
    """Return rows of Memberships, without their ``source``.

    Parameters
    ----------
    level, codes
        The members, indexed by row number.
    parent_level, parents
        What each belongs to; empty for a member known to have no parent of the level.
    start, end
        First and last day, of each or of all.

    Examples
    --------
    >>> day = pd.Timestamp("2023-03-31")
    >>> membership_rows("practice", pd.Series(["Y99001"], index=[2]), parent_level="england",
    ...                 parents="E92000001", start=day, end=day)["source_row"].tolist()
    [2]
    """
    return pd.DataFrame(
        {
            "org_level": repeated(level, len(codes)),
            "org_code": codes.array,
            "parent_level": repeated(parent_level, len(codes)),
            "parent_code": repeated(parents, len(codes))
            if isinstance(parents, str)
            else parents.array,
            "start": start.array if isinstance(start, pd.Series) else start,
            "end": end.array if isinstance(end, pd.Series) else end,
            "source_row": codes.index,
        }
    )


def organisation_rows(
    level: str,
    codes: pd.Series[Any],
    names: pd.Series[Any],
    *,
    opened: pd.Series[Any] | None = None,
    closed: pd.Series[Any] | None = None,
) -> pd.DataFrame:
    """Return rows of Organisations, without their ``source``.

    Parameters
    ----------
    level, codes, names
        The organisations, indexed by row number.
    opened, closed
        Days; ``None`` where the source does not say.

    Examples
    --------
    >>> organisation_rows("pcn", pd.Series(["U99001"], index=[2]),
    ...                   pd.Series(["Planted PCN"]))["name"].tolist()
    ['Planted PCN']
    """
    return pd.DataFrame(
        {
            "org_level": repeated(level, len(codes)),
            "org_code": codes.astype(object).array,
            "name": names.astype(object).array,
            "opened": pd.NaT if opened is None else opened.array,
            "closed": pd.NaT if closed is None else closed.array,
            "source_row": codes.index,
        }
    )


def stacked(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Stack tables of the same columns; categories stay categories.

    Examples
    --------
    >>> one, two = (pd.DataFrame({"code": pd.Categorical([code])}) for code in ("A", "B"))
    >>> stacked([one, two])["code"].dtype.name
    'category'
    """
    return pd.DataFrame(
        {
            name: _united([table[name] for table in tables])
            if isinstance(column.dtype, pd.CategoricalDtype)
            else pd.concat([table[name] for table in tables], ignore_index=True).array
            for name, column in tables[0].items()
        }
    )


def _united(columns: Sequence[pd.Series[Any]]) -> pd.Categorical[str]:
    """Union of categories, each set of them looked up once: most columns share one."""
    held = {id(column.cat.categories): column.cat.categories for column in columns}
    texts = {key: each.to_numpy(dtype=object) for key, each in held.items()}
    words = pd.Index(pd.unique(np.concatenate(list(texts.values()))), dtype=object)
    # A missing value has code -1, which finds the last.
    places = {
        key: np.append(words.get_indexer(pd.Index(each, dtype=object)), -1)
        for key, each in texts.items()
    }
    codes = [places[id(column.cat.categories)][column.cat.codes.to_numpy()] for column in columns]
    return worded(np.concatenate(codes), words.to_list())
