"""A year of the Quality and Outcomes Framework: every sheet of its raw data, as one extract."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.headers import find_header
from phm_diabetes.adapters.qof_achievement import achievement
from phm_diabetes.adapters.qof_layouts import (
    ACHIEVEMENT,
    GEOGRAPHY,
    INDICATORS,
    POINTS,
    PREVALENCE,
    VALIDATION,
)
from phm_diabetes.adapters.qof_points import most_points
from phm_diabetes.adapters.qof_reference import indicators, left_out
from phm_diabetes.adapters.recognition import adapter_in
from phm_diabetes.model.policies import PUBLISHED, Policy
from phm_diabetes.plugins import ADAPTERS, load_plugin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from phm_diabetes.adapters.cells import Fault
    from phm_diabetes.adapters.sheets import Sheet

__all__ = ["QofYear"]


class QofYear(Adapter):
    """Reads the zip of a year's raw data, or any sheet of it.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> extract = phm.load(demo.registers(), adapter="england.qof", period="2022-23")
    >>> "copd.register" in set(extract.table["measure"])
    True
    """

    place: ClassVar[str] = "england"
    dataset: ClassVar[str] = "qof"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "the QOF's raw data of a year, zipped or sheet by sheet: PREVALENCE, ACHIEVEMENT (of "
        "England or of each region), MAPPING_INDICATORS, MAPPING_NHS_GEOGRAPHIES, "
        "ORGANISATION_REFERENCE, PRACTICE_VALIDATION_OUTCOMES."
    )
    description: ClassVar[str] = (
        "Registers, and numerator, denominator and people left out of every indicator, by "
        "practice; published unrounded. A denominator is published without those left out. Each "
        "indicator's code is a measure of its own, since a revision gets a new code. Points are "
        "facts. A practice that is absent did not take part, or failed validation: it is not zero."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (
        *PREVALENCE,
        *ACHIEVEMENT,
        *INDICATORS,
        *GEOGRAPHY,
        *POINTS,
        *VALIDATION,
    )
    tables: ClassVar[tuple[str, ...]] = (
        "counts",
        "indicators",
        "facts",
        "memberships",
        "organisations",
    )
    policy: ClassVar[Policy] = PUBLISHED
    gathers: ClassVar[tuple[str, ...]] = ("england.qof_prevalence", "england.qof_geography")
    needs_period: ClassVar[bool] = True
    record_unit: ClassVar[tuple[str, ...]] = ("PRACTICE_CODE", "INDICATOR_CODE")

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:
        """Turn a sheet into the tables it holds: one, as a rule."""
        likely = max(_likeness(sheet, signatures) for signatures, _ in _PARTS)
        parts = [
            read(sheet, context)
            for signatures, read in _PARTS
            if _likeness(sheet, signatures) == likely
        ]
        return parts[0] if len(parts) == 1 else _together(parts)


def _registers(sheet: Sheet, context: Context) -> Mapped:
    return adapter_in(load_plugin(ADAPTERS, "england.qof_prevalence")).to_table(sheet, context)


def _geography(sheet: Sheet, context: Context) -> Mapped:
    return adapter_in(load_plugin(ADAPTERS, "england.qof_geography")).to_table(sheet, context)


_PARTS: tuple[tuple[Sequence[Signature], Callable[[Sheet, Context], Mapped]], ...] = (
    (PREVALENCE, _registers),
    (ACHIEVEMENT, achievement),
    (INDICATORS, indicators),
    (GEOGRAPHY, _geography),
    (POINTS, most_points),
    (VALIDATION, left_out),
)


def _likeness(sheet: Sheet, signatures: Sequence[Signature]) -> float:
    return max(find_header(sheet, each).likeness for each in signatures)


def _together(parts: Sequence[Mapped]) -> Mapped:
    """Join what several readers make of one sheet, such as names and points of practices."""
    tables: dict[str, pd.DataFrame] = {}
    faults: dict[tuple[str, str, bytes], Fault] = {}
    for part in parts:
        tables |= part.tables
        for fault in part.faults:
            faults.setdefault((fault.rule, fault.column, fault.rows.tobytes()), fault)
    return Mapped(
        tables=tables,
        faults=tuple(faults.values()),
        rows_read=parts[0].rows_read,
        joined=np.concatenate([part.joined for part in parts]),
    )
