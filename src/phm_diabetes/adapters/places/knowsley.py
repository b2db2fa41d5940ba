"""Knowsley: the national layouts, narrowed to its practices."""

from __future__ import annotations

from typing import ClassVar

from phm_diabetes.adapters.place_adapter import PlaceAdapter
from phm_diabetes.model.places import KNOWSLEY, Place

__all__ = ["KnowsleyNda", "KnowsleyQof"]


class KnowsleyNda(PlaceAdapter):
    """Reads the national audit's workbooks, and keeps Knowsley.

    Examples
    --------
    >>> KnowsleyNda().layout_of
    'england.nda'
    """

    place: ClassVar[str] = "knowsley"
    dataset: ClassVar[str] = "nda"
    version: ClassVar[str] = "1"
    description: ClassVar[str] = (
        "Care processes and treatment targets of Knowsley's practices, with what they are "
        "compared with. Assumed: the Place pulls the workbook as it is published."
    )
    layout_of: ClassVar[str | None] = "england.nda"
    of: ClassVar[Place] = KNOWSLEY


class KnowsleyQof(PlaceAdapter):
    """Reads the QOF's raw data of a year, and keeps Knowsley.

    Examples
    --------
    >>> KnowsleyQof().layout_of
    'england.qof'
    """

    place: ClassVar[str] = "knowsley"
    dataset: ClassVar[str] = "qof"
    version: ClassVar[str] = "1"
    description: ClassVar[str] = (
        "Registers and achievement of Knowsley's practices. Assumed: the Place pulls the year's "
        "raw data as published."
    )
    layout_of: ClassVar[str | None] = "england.qof"
    of: ClassVar[Place] = KNOWSLEY
