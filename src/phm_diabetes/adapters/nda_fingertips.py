"""Fingertips' diabetes indicators by sub-ICB location, from the National Diabetes Audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.nda_checks import percentages, whole_above
from phm_diabetes.adapters.nda_fingertips_rules import checked_rows
from phm_diabetes.adapters.nda_indicators import INDICATORS, Indicator
from phm_diabetes.adapters.nda_rounding import audit_counts, bounds_agree
from phm_diabetes.adapters.nda_rows import Part, mapped_counts
from phm_diabetes.adapters.rules import extra_columns
from phm_diabetes.model.policies import PUBLISHED, Policy

if TYPE_CHECKING:
    from phm_diabetes.adapters.sheets import Sheet

__all__ = ["NdaFingertips"]

_COLUMNS = {
    "number": ("IndicatorID",),
    "name": ("IndicatorName",),
    "area": ("AreaCode",),
    "sex": ("Sex",),
    "age": ("Age",),
    "value": ("Value",),
    "count": ("Count",),
    "denominator": ("Denominator",),
    "time": ("TimeperiodSortable",),
}
_FIRST_SHARE = "93208"


class NdaFingertips(Adapter):
    """Reads a download of Fingertips' indicators with counts, denominators and sortable time.

    Examples
    --------
    >>> NdaFingertips().name
    'fingertips.nda'
    """

    place: ClassVar[str] = "fingertips"
    dataset: ClassVar[str] = "nda"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "Fingertips' indicators in nine columns: IndicatorID, IndicatorName, AreaCode, Sex, Age, "
        "Value, Count, Denominator, TimeperiodSortable."
    )
    description: ClassVar[str] = (
        "Care processes, treatment targets and ages of people with type 2 diabetes, the QOF "
        "register, and foot disease in hospital, by sub-ICB location. Exact to 2015-16 and rounded "
        "to 5 since, but for the register and the denominators of foot disease. Not every area "
        "reports in every year: a sum over areas is not England."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(columns=tuple(words[0] for words in _COLUMNS.values())),
    )
    tables: ClassVar[tuple[str, ...]] = ("counts",)
    policy: ClassVar[Policy] = PUBLISHED

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:  # noqa: ARG002 - rows say it
        """Turn the download into counts, one row an indicator, area and year."""
        rows = sheet.rows(_COLUMNS, layout=f"'{self.name}'")
        texts = rows.cells.astype(str)
        cells, faults = checked_rows(texts, rows.headers)
        parts: list[Part] = []
        about = []
        for key, some in cells.groupby(cells["number"] + " " + cells["time"].str[:4]):
            number, year = str(key).split()
            one = INDICATORS[number]
            found, more = _parts(some, number, one, int(year))
            parts, faults = parts + found, faults + more
            about.append(_about(some, one, int(year)))
        return mapped_counts(
            parts,
            pd.concat(about) if about else _about(cells, INDICATORS["241"], 2022),
            faults=[*faults, *extra_columns(rows)],
            rows_read=len(texts),
        )


def _about(cells: pd.DataFrame, one: Indicator, year: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "level": "sub_icb",
            "code": cells["area"].str.removeprefix("n"),
            "subtype": one.subtype,
            "period": [one.period(year)] * len(cells),
        },
        index=cells.index,
    )


def _parts(
    cells: pd.DataFrame, number: str, one: Indicator, year: int
) -> tuple[list[Part], list[Fault]]:
    size = len(cells)
    top, faults = audit_counts(
        cells["count"], "Count", rounded=np.full(size, one.rounds(year, denominator=False))
    )
    whole, more = _denominators(
        cells["denominator"], rounded=np.full(size, one.rounds(year, denominator=True))
    )
    faults += more + whole_above(cells.index.to_numpy(), "Count", top, whole)
    if one.per is not None:
        agree = bounds_agree(percentages(cells["value"]), top, whole, per=one.per)
        faults += _disagreements(cells.index.to_numpy()[~agree], one)
        if one.kind == "foot":
            # The published rate is of another denominator: this one is not known to be right.
            whole.loc[~agree, ["value", "high"]] = pd.NA
            whole.loc[~agree, "low"] = 0
    shared: dict[str, Any] = {
        "measure": one.measure,
        "definition": one.definition(number, year),
        "dataset": one.dataset,
    }
    if one.kind != "share":
        return [Part(**shared, numerator=top, denominator=whole)], faults
    everyone = [Part(**shared, numerator=whole)] if number == _FIRST_SHARE else []
    return [*everyone, Part(**shared, numerator=top, levels=one.levels)], faults


def _denominators(
    column: pd.Series[Any], *, rounded: np.ndarray
) -> tuple[pd.DataFrame, list[Fault]]:
    """Read denominators of which some are fractions, where an area was redrawn."""
    apart = column.str.fullmatch(r"\d+\.\d*[1-9]\d*").to_numpy(dtype=bool)
    values = column.where(~apart, "")
    ranges, faults = audit_counts(values, "Denominator", rounded=rounded)
    if apart.any():
        numbers = column[apart].astype(float)
        ranges.loc[apart, "value"] = numbers.round().astype("Int64")
        ranges.loc[apart, "low"] = np.floor(numbers).astype("Int64")
        ranges.loc[apart, "high"] = np.ceil(numbers).astype("Int64")
        faults.append(
            Fault(
                rule="apportioned",
                rows=column.index.to_numpy()[apart],
                column="Denominator",
                message="is a fraction of a person: the publisher apportioned a redrawn area",
                advice="Nothing to do: the whole numbers on either side are kept as its range.",
                severity="info",
                sets_aside=False,
                counted=True,
            )
        )
    return ranges, faults


def _disagreements(rows: np.ndarray, one: Indicator) -> list[Fault]:
    if not len(rows):
        return []
    fate = (
        "The count is used, and its denominator left empty."
        if one.kind == "foot"
        else "The counts are used."
    )
    return [
        Fault(
            rule="published figure",
            rows=rows,
            column="Value",
            message=f"is not what count and denominator give ({one.name})",
            advice=f"{fate} Tell the publisher.",
            severity="warning",
            sets_aside=False,
            counted=True,
        )
    ]
