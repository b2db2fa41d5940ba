"""Sefton: the national layouts, narrowed to its practices."""

from __future__ import annotations

from typing import ClassVar

from phm_diabetes.adapters.place_adapter import PlaceAdapter
from phm_diabetes.model.places import SEFTON, Place

__all__ = ["SeftonNda", "SeftonQof"]


class SeftonNda(PlaceAdapter):
    """Reads the national audit's workbooks, and keeps Sefton.

    Examples
    --------
    >>> SeftonNda().layout_of
    'england.nda'
    """

    place: ClassVar[str] = "sefton"
    dataset: ClassVar[str] = "nda"
    version: ClassVar[str] = "1"
    description: ClassVar[str] = (
        "Care processes and treatment targets of Sefton's practices, with what they are "
        "compared with. Assumed: the Place pulls the workbook as it is published."
    )
    layout_of: ClassVar[str | None] = "england.nda"
    of: ClassVar[Place] = SEFTON


class SeftonQof(PlaceAdapter):
    """Reads the QOF's raw data of a year, and keeps Sefton.

    Examples
    --------
    >>> SeftonQof().layout_of
    'england.qof'
    """

    place: ClassVar[str] = "sefton"
    dataset: ClassVar[str] = "qof"
    version: ClassVar[str] = "1"
    description: ClassVar[str] = (
        "Registers and achievement of Sefton's practices. Assumed: the Place pulls the year's "
        "raw data as published."
    )
    layout_of: ClassVar[str | None] = "england.qof"
    of: ClassVar[Place] = SEFTON
