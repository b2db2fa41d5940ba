"""Liverpool: the national layouts, narrowed to its practices."""

from __future__ import annotations

from typing import ClassVar

from phm_diabetes.adapters.place_adapter import PlaceAdapter
from phm_diabetes.model.places import LIVERPOOL, Place

__all__ = ["LiverpoolNda", "LiverpoolQof"]


class LiverpoolNda(PlaceAdapter):
    """Reads the national audit's workbooks, and keeps Liverpool.

    Examples
    --------
    >>> LiverpoolNda().layout_of
    'england.nda'
    """

    place: ClassVar[str] = "liverpool"
    dataset: ClassVar[str] = "nda"
    version: ClassVar[str] = "1"
    description: ClassVar[str] = (
        "Care processes and treatment targets of Liverpool's practices, with what they are "
        "compared with. Assumed: the Place pulls the workbook as it is published."
    )
    layout_of: ClassVar[str | None] = "england.nda"
    of: ClassVar[Place] = LIVERPOOL


class LiverpoolQof(PlaceAdapter):
    """Reads the QOF's raw data of a year, and keeps Liverpool.

    Examples
    --------
    >>> LiverpoolQof().layout_of
    'england.qof'
    """

    place: ClassVar[str] = "liverpool"
    dataset: ClassVar[str] = "qof"
    version: ClassVar[str] = "1"
    description: ClassVar[str] = (
        "Registers and achievement of Liverpool's practices. Assumed: the Place pulls the year's "
        "raw data as published."
    )
    layout_of: ClassVar[str | None] = "england.qof"
    of: ClassVar[Place] = LIVERPOOL
