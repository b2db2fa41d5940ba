"""Layouts of the QOF's raw data: the headers by which each sheet of a year is recognised."""

from __future__ import annotations

from phm_diabetes.adapters.base import Signature

__all__ = ["ACHIEVEMENT", "GEOGRAPHY", "INDICATORS", "POINTS", "PREVALENCE", "VALIDATION"]

PREVALENCE = (
    Signature(columns=("PRACTICE_CODE", "GROUP_CODE", "REGISTER", "PRACTICE_LIST_SIZE")),
    Signature(columns=("PRACTICE_CODE", "INDICATOR_GROUP_CODE", "REGISTER", "PATIENT_LIST_SIZE")),
)
"""``PREVALENCE``: a register and a list size a practice and group."""

GEOGRAPHY = (
    Signature(columns=("PRACTICE_CODE", "PCN_ODS_CODE", "SUB_ICB_ODS_CODE", "ICB_ODS_CODE")),
    Signature(columns=("PRACTICE_CODE", "PCN_ODS_CODE", "SUB_ICB_LOC_ODS_CODE", "ICB_ODS_CODE")),
    Signature(columns=("PRACTICE_CODE", "PCN_ODS_CODE", "CCG_ODS_CODE", "STP_ODS_CODE")),
    Signature(columns=("PRACTICE_CODE", "PRACTICE_NAME", "CCG_CODE", "REGION_CODE")),
)
"""``MAPPING_NHS_GEOGRAPHIES``, and ``ORGANISATION_REFERENCE`` to 2018-19."""

ACHIEVEMENT = (Signature(columns=("PRACTICE_CODE", "INDICATOR_CODE", "MEASURE", "VALUE")),)
"""``ACHIEVEMENT``, of England or of a region, and ``ACHIEVEMENT_EXCEPTIONS`` to 2016-17."""

INDICATORS = (
    Signature(
        columns=(
            "INDICATOR_CODE",
            "INDICATOR_POINT_VALUE",
            ("GROUP_CODE", "INDICATOR_GROUP_CODE"),
            "PATIENT_LIST_TYPE",
        )
    ),
)
"""``MAPPING_INDICATORS``, and ``INDICATOR_MAPPINGS`` to 2018-19."""

POINTS = (Signature(columns=("PRACTICE_CODE", ("REVISED_MAX_POINTS", "REVISED_MAXIMUM_POINTS"))),)
"""``ORGANISATION_REFERENCE``: most points that a practice could earn."""

VALIDATION = (Signature(columns=("PRACTICE_CODE", "RULE", "DESCRIPTION")),)
"""``PRACTICE_VALIDATION_OUTCOMES``: who was left out of the publication, and why."""
