"""Dudley: the national layouts, narrowed to its practices, and its own scheme."""

from __future__ import annotations

from typing import ClassVar

from phm_diabetes.adapters.local_scheme import LocalScheme
from phm_diabetes.adapters.place_adapter import PlaceAdapter
from phm_diabetes.model.places import DUDLEY, Place

__all__ = ["DudleyDqof", "DudleyNda", "DudleyQof"]


class DudleyNda(PlaceAdapter):
    """Reads the national audit's workbooks, and keeps Dudley.

    Examples
    --------
    >>> DudleyNda().layout_of
    'england.nda'
    """

    place: ClassVar[str] = "dudley"
    dataset: ClassVar[str] = "nda"
    version: ClassVar[str] = "1"
    description: ClassVar[str] = (
        "Care processes and treatment targets of Dudley's practices, with what they are "
        "compared with. Assumed: the Place pulls the workbook as it is published."
    )
    layout_of: ClassVar[str | None] = "england.nda"
    of: ClassVar[Place] = DUDLEY


class DudleyQof(PlaceAdapter):
    """Reads the QOF's raw data of a year, and keeps Dudley.

    Examples
    --------
    >>> DudleyQof().layout_of
    'england.qof'
    """

    place: ClassVar[str] = "dudley"
    dataset: ClassVar[str] = "qof"
    version: ClassVar[str] = "1"
    description: ClassVar[str] = (
        "Registers and achievement of Dudley's practices. Assumed: the Place pulls the year's "
        "raw data as published."
    )
    layout_of: ClassVar[str | None] = "england.qof"
    of: ClassVar[Place] = DUDLEY
    comparability: ClassVar[str] = (
        "holds achievement that under-states care where a practice records under Dudley's own "
        "scheme (DQOF) instead: it is not to be ranked against England"
    )


class DudleyDqof(LocalScheme):
    """Reads the workbooks of Dudley Quality Outcomes for Health, as a manifest describes them.

    Examples
    --------
    >>> DudleyDqof().name
    'dudley.dqof'
    """

    place: ClassVar[str] = "dudley"
    dataset: ClassVar[str] = "dqof"
    description: ClassVar[str] = (
        "Indicators of Dudley Quality Outcomes for Health by practice. Assumed: nothing; the "
        "layout is not public, and a manifest says what stands where."
    )
