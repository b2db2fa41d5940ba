"""Rows of Counts from the National Diabetes Audit, laid out alike whichever edition they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import field, frozen

from phm_diabetes.adapters.base import Mapped
from phm_diabetes.adapters.cells import Fault
from phm_diabetes.disease_areas.nda_known_issues import known_issues_of
from phm_diabetes.model.dimensions import ALL, BUILT_IN_DIMENSIONS
from phm_diabetes.schemas.words import worded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Part", "counts_of", "mapped_counts"]

_DIMENSIONS = tuple(BUILT_IN_DIMENSIONS)
_SUBTYPE = "subtype"
_ENDS = ("value", "low", "high")


@frozen(kw_only=True, eq=False)
class Part:
    """Counts of one measure under one definition, one a source row.

    Parameters
    ----------
    measure, definition
        Ids.
    numerator, denominator
        Ranges (``value``, ``low``, ``high``), indexed by row number; no denominator for a count.
    levels
        Level of each dimension that is not all; a subtype overrules the row's.
    dataset
        What the figures belong to.

    Examples
    --------
    >>> Part(measure="dm.cp8", definition="nda:cp8:15m", numerator=pd.DataFrame()).dataset
    'NDA'
    """

    measure: str
    definition: str
    numerator: pd.DataFrame = field(repr=False)
    denominator: pd.DataFrame | None = field(default=None, repr=False)
    levels: Mapping[str, str] = field(factory=dict)
    dataset: str = "NDA"


def counts_of(parts: Sequence[Part], rows: pd.DataFrame) -> pd.DataFrame:
    """Stack parts into a table of Counts, without its source.

    Parameters
    ----------
    parts
        Counts by measure.
    rows
        ``level``, ``code``, ``subtype`` and ``period`` of each source row, indexed by row number.

    Returns
    -------
    DataFrame
        Every dimension of the audit, ``all`` where a part says nothing of it.

    Examples
    --------
    >>> from phm_diabetes.model.periods import Period
    >>> ranges = pd.DataFrame({"value": [5], "low": [1], "high": [7]}, index=[4], dtype="Int64")
    >>> rows = pd.DataFrame({"level": ["practice"], "code": ["Y99001"], "subtype": ["type_1"],
    ...                      "period": [Period.audit("2021-22")]}, index=[4])
    >>> part = Part(measure="dm.registrations", definition="d", numerator=ranges,
    ...             levels={"sex": "male"})
    >>> counts_of([part], rows)[["sex", "age_band", "numerator_low"]].values.tolist()
    [['male', 'all', 1]]
    """
    kept = [part for part in parts if len(part.numerator)]
    sizes = [len(part.numerator) for part in kept]
    places = [rows.index.get_indexer(part.numerator.index) for part in kept]
    taken = rows.iloc[np.concatenate([*places, np.array([], dtype=np.intp)])]

    def of_parts(texts: Sequence[str]) -> pd.Categorical[str]:
        words = list(dict.fromkeys(texts))
        return worded(np.repeat([words.index(text) for text in texts], sizes), words)

    own = of_parts([part.levels.get(_SUBTYPE, "") for part in kept])
    ends = {
        f"period_{end}": pd.to_datetime([getattr(each, end) for each in taken["period"]]).as_unit(
            "ns"
        )
        for end in ("start", "end")
    }
    table: dict[str, Any] = {
        "dataset": of_parts([part.dataset for part in kept]),
        "measure": of_parts([part.measure for part in kept]),
        "definition": of_parts([part.definition for part in kept]),
        "org_level": pd.Categorical(taken["level"]),
        "org_code": pd.Categorical(taken["code"]),
        **ends,
        **_stacked("numerator", [part.numerator for part in kept]),
        **_stacked("denominator", [_or_missing(part) for part in kept]),
        "source_row": taken.index,
        _SUBTYPE: pd.Categorical(taken["subtype"].where(np.asarray(own) == "", own)),
    }
    for name in _DIMENSIONS:
        if name != _SUBTYPE:
            table[name] = of_parts([part.levels.get(name, ALL) for part in kept])
    return pd.DataFrame(table)


def _or_missing(part: Part) -> pd.DataFrame:
    if part.denominator is not None:
        return part.denominator
    empty = pd.array([pd.NA] * len(part.numerator), dtype="Int64")
    zero = pd.array([0] * len(part.numerator), dtype="Int64")
    return pd.DataFrame({"value": empty, "low": zero, "high": empty})


def _stacked(name: str, ranges: Sequence[pd.DataFrame]) -> dict[str, Any]:
    columns = {"value": name, "low": f"{name}_low", "high": f"{name}_high"}
    found: dict[str, Any] = {}
    for end in _ENDS:
        held = [each[end].array for each in ranges]
        found[columns[end]] = (
            pd.concat([pd.Series(each) for each in held], ignore_index=True).array
            if held
            else pd.array([], dtype="Int64")
        )
    return found


def mapped_counts(
    parts: Sequence[Part],
    rows: pd.DataFrame,
    *,
    faults: Sequence[Fault],
    rows_read: int,
) -> Mapped:
    """Return what a sheet gives: its counts, rows without any, and the issues known of them.

    The cards carry the known issues to every output; here they are said on loading.

    Parameters
    ----------
    parts, rows
        As :func:`counts_of` takes them.
    faults
        What was found so far.
    rows_read
        Rows below the header, padding left out.

    Examples
    --------
    >>> from phm_diabetes.model.periods import Period
    >>> ranges = pd.DataFrame({"value": [5], "low": [1], "high": [7]}, index=[4], dtype="Int64")
    >>> rows = pd.DataFrame({"level": ["practice"] * 2, "code": ["Y99001", "Y99002"],
    ...     "subtype": ["type_1"] * 2, "period": [Period.audit("2018-19")] * 2}, index=[4, 5])
    >>> part = Part(measure="dm.cp.bp", definition="d", numerator=ranges)
    >>> mapped = mapped_counts([part], rows, faults=[], rows_read=2)
    >>> [(fault.rule, fault.rows.tolist()) for fault in mapped.faults]
    [('no figures', [5]), ('known issue', [])]
    """
    return Mapped(
        tables={"counts": counts_of(parts, rows)},
        faults=[*faults, *_unused(rows.index, parts), *_known_issues(parts, rows)],
        rows_read=rows_read,
    )


def _unused(index: pd.Index[int], parts: Sequence[Part]) -> list[Fault]:
    used = [part.numerator.index.to_numpy() for part in parts]
    rows = np.setdiff1d(index.to_numpy(), np.concatenate(used) if used else [])
    if not len(rows):
        return []
    return [
        Fault(
            rule="no figures",
            rows=rows,
            message="holds no figure that can be read",
            advice="Nothing to do: an organisation without figures is absent, and not zero.",
            severity="info",
            counted=True,
        )
    ]


def _known_issues(parts: Sequence[Part], rows: pd.DataFrame) -> list[Fault]:
    periods = list(dict.fromkeys(rows["period"]))
    found = {
        issue.words: issue.source
        for measure in dict.fromkeys(part.measure for part in parts)
        for issue in known_issues_of(measure)
        if any(issue.concerns(period.start, period.end) for period in periods)
    }
    return [
        Fault(
            rule="known issue",
            rows=np.array([], dtype=np.int64),
            message=words,
            advice=f"Say so beside the figures; comparisons do. Source: {source}.",
            severity="warning",
            sets_aside=False,
        )
        for words, source in found.items()
    ]
