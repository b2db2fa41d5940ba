"""Fingertips tables: what becomes counts, what a score, and what is only published."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.fingertips_figures import PUBLISHED_FIGURES, multiplier
from phm_diabetes.schemas.words import repeated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

__all__ = ["filled"]

_IDENTITY = (
    *("measure", "definition", "org_level", "org_code", "period_start", "period_end"),
    *("sex", "category"),
)
_SCORE = re.compile(r"Deprivation score \(IMD (\d{4})\)")


def filled(
    labels: pd.DataFrame, figures: pd.DataFrame, headers: Mapping[str, str]
) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """Return the tables that rows of a download give, and what must be said about them.

    Parameters
    ----------
    labels
        Who and what each row is about, indexed by row number.
    figures
        Its figures, on the same rows.
    headers
        The publisher's headers.

    Returns
    -------
    tables : dict of DataFrame
        ``counts``, ``scores`` and ``published``, without their ``source``.
    faults : list of Fault
        Reasons, each with the rows that it is about.

    Examples
    --------
    >>> labels = pd.DataFrame({"measure": ["fingertips.93553"], "definition": ["d"],
    ...     "measure_name": ["Deprivation score (IMD 2019)"], "org_level": ["practice"],
    ...     "org_code": ["Y99001"], "period_start": pd.Timestamp("2019-01-01"), "sex": ["all"],
    ...     "period_end": pd.Timestamp("2019-12-31"), "category": ["all"], "note": [""]}, index=[2])
    >>> figures = pd.DataFrame({"value": [32.4], "count": pd.array([pd.NA], dtype="Int64"),
    ...     "denominator": pd.array([pd.NA], dtype="Int64"), "modelled": [False]}, index=[2])
    >>> tables, _ = filled(labels, figures.reindex(columns=[*figures, *PUBLISHED_FIGURES[1:]]), {})
    >>> {name: len(table) for name, table in tables.items()}
    {'counts': 0, 'scores': 1, 'published': 0}
    """
    names = labels["measure_name"].astype(object)
    vintages = {
        name: match[1] for name in names.unique() if (match := _SCORE.fullmatch(str(name).strip()))
    }
    is_score = names.isin(list(vintages)).to_numpy()
    has_counts = figures[["count", "denominator"]].notna().any(axis=1).to_numpy()
    counted = labels["measure"].isin(labels["measure"][has_counts].unique()).to_numpy() & ~is_score
    blank = ~has_counts & figures["value"].isna().to_numpy() & ~counted
    published = ~is_score & ~blank
    tables = {
        "counts": _counts(labels[counted], figures[counted]),
        "scores": _scores(
            labels[is_score & ~blank], figures[is_score & ~blank], names.map(vintages)
        ),
        "published": _published(labels[published], figures[published]),
    }
    rows = labels.index.to_numpy()
    faults = list(_reasons(rows, figures, counted=counted, blank=blank, published=published))
    return tables, faults + _adjusted(labels[counted], figures[counted], headers)


def _counts(labels: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "dataset": repeated("Fingertips", len(labels)),
            **{name: labels[name].array for name in _IDENTITY},
            "numerator": figures["count"].array,
            "denominator": figures["denominator"].array,
            "source_row": labels.index,
        }
    )


def _published(labels: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            **{name: labels[name].array for name in (*_IDENTITY, "measure_name", "note")},
            **{name: figures[name].array for name in PUBLISHED_FIGURES},
            "source_row": labels.index,
        }
    )


def _scores(labels: pd.DataFrame, figures: pd.DataFrame, vintages: pd.Series[Any]) -> pd.DataFrame:
    is_practice = (labels["org_level"] == "practice").to_numpy()
    return pd.DataFrame(
        {
            # A mean over the people on a list says nothing of any one of them.
            "score_index": np.where(is_practice, "practice_level_imd", "imd"),
            "vintage": vintages.loc[labels.index].array,
            "org_level": labels["org_level"].array,
            "org_code": labels["org_code"].array,
            "score": figures["value"].array,
            "rank": pd.array([pd.NA] * len(labels), dtype="Int64"),
            "decile": pd.array([pd.NA] * len(labels), dtype="Int64"),
            "source_row": labels.index,
        }
    )


def _reasons(
    rows: NDArray[Any],
    figures: pd.DataFrame,
    *,
    counted: NDArray[np.bool_],
    blank: NDArray[np.bool_],
    published: NDArray[np.bool_],
) -> Iterator[Fault]:
    """Say what rows lack, each reason once with the number of its rows."""
    modelled = figures["modelled"].to_numpy(dtype=bool)
    hidden = counted & figures["count"].isna().to_numpy() & ~modelled
    reasons = (
        (blank, "no figure", "gives neither a value nor counts", True),
        (published & ~counted & ~modelled, "no counts", "gives a value without counts", False),
        (modelled, "modelled count", "gives a count that is no whole number of people", False),
        (hidden, "count not given", "gives no count: it counts as not known, never as 0", False),
    )
    for these, rule, message, sets_aside in reasons:
        if these.any():
            yield Fault(
                rule=rule,
                rows=rows[these],
                message=message,
                advice="Read its note in the table of published figures; ask OHID for the counts."
                if not sets_aside
                else "Read the publisher's note. The rows are left out.",
                severity="info",
                sets_aside=sets_aside,
                counted=True,
            )


def _adjusted(
    labels: pd.DataFrame, figures: pd.DataFrame, headers: Mapping[str, str]
) -> list[Fault]:
    """Find indicators whose counts do not give their value: standardised, or weighted."""
    faults = []
    for _, own in figures.groupby(labels["definition"].astype(object), sort=True):
        both = own[["count", "denominator", "value"]].notna().all(axis=1)
        if both.any() and multiplier(own["value"], own["count"], own["denominator"]) is None:
            faults.append(
                Fault(
                    rule="value from counts",
                    rows=own.index.to_numpy(dtype=np.int64)[both.to_numpy()],
                    column=headers.get("value", "Value"),
                    message="is not the count over the denominator, in any usual unit",
                    advice="It is standardised or weighted. The counts give the crude figure: do "
                    "not print one beside the other as if they were the same.",
                    severity="warning",
                    sets_aside=False,
                    counted=True,
                )
            )
    return faults
