"""Any indicator of OHID's Fingertips, from its standard download."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import pandas as pd

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import Fault, coded, matching
from phm_diabetes.adapters.codes import GP_PRACTICE, malformed
from phm_diabetes.adapters.fingertips_figures import figures_of
from phm_diabetes.adapters.fingertips_labels import (
    SEXES,
    area_code,
    area_level,
    category_label,
    labelled_period,
)
from phm_diabetes.adapters.fingertips_tables import filled
from phm_diabetes.adapters.rules import extra_columns, sound
from phm_diabetes.model.policies import PUBLISHED, Policy
from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.schemas.words import worded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from phm_diabetes.adapters.sheets import Rows, Sheet

__all__ = ["FingertipsIndicator"]

_COLUMNS = {
    "indicator": ("Indicator ID",),
    "name": ("Indicator Name",),
    "area": ("Area Code",),
    "area_type": ("Area Type",),
    "sex": ("Sex", "Gender"),
    "age": ("Age",),
    "category_type": ("Category Type",),
    "category": ("Category",),
    "period": ("Time period",),
    "value": ("Value",),
    "lower_95": ("Lower CI 95.0 limit",),
    "upper_95": ("Upper CI 95.0 limit",),
    "lower_998": ("Lower CI 99.8 limit",),
    "upper_998": ("Upper CI 99.8 limit",),
    "count": ("Count",),
    "denominator": ("Denominator",),
    "note": ("Value note",),
}
_FIGURES = ("value", "lower_95", "upper_95", "lower_998", "upper_998", "count", "denominator")
_ABOUT = ("indicator", "area", "sex", "age", "category_type", "category", "period")
_NOT_READ = re.compile(
    r"Parent (Code|Name)|Area Name|Recent Trend|Compared to .*|Time period (Sortable|range)"
    r"|New data",
    re.IGNORECASE,
)


class FingertipsIndicator(Adapter):
    """Reads the CSV of 27 columns that Fingertips offers for download, of any indicators.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> row = dict.fromkeys([header for headers in _COLUMNS.values() for header in headers[:1]], "")
    >>> row |= {"Indicator ID": "90001", "Indicator Name": "Planted", "Area Code": "Y99001"}
    >>> row |= {"Area Type": "GPs", "Sex": "Persons", "Age": "All ages", "Time period": "2022/23"}
    >>> row |= {"Value": "5", "Count": "20", "Denominator": "400"}
    >>> extract = phm.load(pd.DataFrame([row]), adapter="fingertips.indicator")
    >>> extract.table[["measure", "numerator", "denominator"]].values.tolist()
    [['fingertips.90001', 20, 400]]
    """

    place: ClassVar[str] = "fingertips"
    dataset: ClassVar[str] = "indicator"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "the standard CSV download of Fingertips: indicator, area, sex, age, category, period, "
        "value, limits, count, denominator, note."
    )
    description: ClassVar[str] = (
        "Counts of any indicator whose download has them, and the published values, limits and "
        "notes beside them. Deprivation scores are in the table of scores. Areas keep the code "
        "that Fingertips gives: ODS for practices and PCNs, ONS above them. An area that stands "
        "under several parents, as England does, is read once."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(
            columns=(
                *("Indicator ID", "Indicator Name", "Area Code", "Area Type", "Age", "Category"),
                *("Time period", "Value", "Count", "Denominator", "Value note"),
            )
        ),
    )
    tables: ClassVar[tuple[str, ...]] = ("counts", "scores", "published")
    policy: ClassVar[Policy] = PUBLISHED
    record_unit: ClassVar[tuple[str, ...]] = ("Indicator ID",)
    duplicates: ClassVar[Literal["refuse", "report"]] = "report"

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:  # noqa: ARG002 - it says its period
        """Turn a download into counts, scores and published figures."""
        rows = sheet.rows(_COLUMNS, layout=f"'{self.name}'")
        labels, faults = _labels(rows)
        figures, bad_figures = figures_of(rows)
        faults += bad_figures
        used = sound(rows.cells, faults)
        again = _again(used)
        faults += again
        kept = sound(used, again).index
        tables, told = filled(labels.loc[kept], figures.loc[kept], rows.headers)
        faults += told + extra_columns(
            rows, known=[header for header in rows.ignored if _NOT_READ.fullmatch(header)]
        )
        return Mapped(tables=tables, faults=faults, rows_read=len(rows.cells))


def _labels(rows: Rows) -> tuple[pd.DataFrame, list[Fault]]:
    """Who and what each row is about, in our words."""
    cells, headers = rows.cells, rows.headers
    faults = matching(
        cells["indicator"], headers["indicator"], pattern=r"[0-9]+", what="the id of an indicator"
    )
    faults += matching(cells["area"], headers["area"], pattern=r"\S+", what="an area's code")
    level = _said(cells["area_type"], area_level)
    practices = cells.loc[(level == "practice").to_numpy(), "area"]
    faults += malformed(practices.cat.remove_unused_categories(), headers["area"], GP_PRACTICE)
    sex, bad_sexes = coded(cells["sex"], headers["sex"], to=SEXES, what="word for sex")
    start, end, bad_periods = _periods(cells["period"], headers["period"])
    about, _ = group_ids(cells, ["category_type", "category"])
    pairs = dict(
        zip(about, zip(cells["category_type"], cells["category"], strict=True), strict=True)
    )
    words = [category_label(*pairs[number]) for number in range(len(pairs))]
    labels = pd.DataFrame(
        {
            "measure": _said(cells["indicator"], lambda text: f"fingertips.{text}"),
            "measure_name": cells["name"],
            "definition": _definitions(cells),
            "org_level": level,
            "org_code": _said(cells["area"], area_code),
            "period_start": start,
            "period_end": end,
            "sex": sex,
            "category": pd.Series(_distinct(about, words), index=cells.index),
            "note": cells["note"],
        }
    )
    return labels, faults + bad_sexes + bad_periods


def _definitions(cells: pd.DataFrame) -> pd.Series[Any]:
    """Name indicator and age: the age is whom the indicator is about, and no part of a whole."""
    numbers, first = group_ids(cells, ["indicator", "age"])
    shown = cells.iloc[first]
    words = [
        f"fingertips:{indicator}:{age}"
        for indicator, age in zip(shown["indicator"], shown["age"], strict=True)
    ]
    return pd.Series(worded(numbers, words), index=cells.index)


def _said(column: pd.Series[Any], say: Callable[[str], str]) -> pd.Series[Any]:
    """Return categories in our words; two that come to the same become one."""
    words = [say(str(text)) for text in column.cat.categories]
    return pd.Series(_distinct(column.cat.codes.to_numpy(), words), index=column.index)


def _distinct(places: NDArray[Any], words: Sequence[str]) -> pd.Categorical[str]:
    ours = sorted(set(words))
    spots = np.array([ours.index(word) for word in words], dtype=np.int64)
    return worded(spots[places] if len(spots) else places, ours)


def _periods(
    column: pd.Series[Any], header: str
) -> tuple[pd.Series[Any], pd.Series[Any], list[Fault]]:
    found = [labelled_period(str(text)) for text in column.cat.categories]
    codes = column.cat.codes.to_numpy()
    ends: list[pd.Series[Any]] = []
    for name in ("start", "end"):
        each = [None if period is None else getattr(period, name) for period in found]
        days = pd.Series(pd.to_datetime(pd.Series(each, dtype="datetime64[ns]"))).iloc[codes]
        days.index = column.index
        ends.append(days)
    rows = column.index.to_numpy()[ends[0].isna().to_numpy()]
    fault = Fault(
        rule="period",
        rows=rows,
        column=header,
        message="is no period, such as 2022/23, 2019, 2019 - 21 or 2022/23 Q4",
        advice="Check that a spreadsheet has not reformatted the column.",
    )
    return ends[0], ends[1], [fault] if len(rows) else []


def _again(used: pd.DataFrame) -> list[Fault]:
    """Rows about what an earlier row is about: the same figures again, or others."""
    about, _ = group_ids(used, _ABOUT)
    told, _ = group_ids(used, [*_ABOUT, *_FIGURES, "note"])
    rows = used.index.to_numpy()
    copies = pd.Series(told).duplicated().to_numpy()
    distinct = pd.Series(about[~copies]).value_counts()
    disputed = np.isin(about, distinct.index.to_numpy()[(distinct > 1).to_numpy()])
    copies = copies & ~disputed
    faults = []
    if copies.any():
        faults.append(
            Fault(
                rule="same figure again",
                rows=rows[copies],
                message="the same figure stands again, under another parent",
                advice="Nothing to do: it is read once.",
                severity="info",
                counted=True,
            )
        )
    if disputed.any():
        faults.append(
            Fault(
                rule="duplicate",
                rows=rows[disputed],
                message="rows about the same area, period and people give different figures",
                advice="Keep the right row; the library does not choose, and never adds them up.",
            )
        )
    return faults
