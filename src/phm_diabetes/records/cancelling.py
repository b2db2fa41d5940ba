"""Cancellations: measures of their own, since what is cancelled is neither missed nor attended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phm_diabetes.disease_areas.hospital_codes import CORE
from phm_diabetes.records.code_lists import where_listed
from phm_diabetes.records.measures import RecordMeasure, Rows, Where

if TYPE_CHECKING:
    from phm_diabetes.disease_areas.hospital_codes import CodeList

__all__ = ["cancelled_measures"]

_DUE = Where(
    column="attendance", isin=("missed", "attended", "patient_cancelled", "provider_cancelled")
)
_SIDES = {"patient": "2", "provider": "4"}


def cancelled_measures(
    functions: CodeList = CORE, *, area: str = "dm"
) -> tuple[RecordMeasure, RecordMeasure]:
    """Return what is counted of appointments cancelled by the patient, and by the provider.

    Each is out of all appointments that were due and whose outcome is known, codes 2 to 7.

    Parameters
    ----------
    functions
        Treatment functions; each set has definitions of its own, which are never compared.
    area
        First word of the ids.

    Examples
    --------
    >>> for measure in cancelled_measures():
    ...     print(measure.id, measure.definition)
    dm.op_cancelled_patient hes:ATTENDED{2}/{2,3,4,5,6,7}:core:1
    dm.op_cancelled_provider hes:ATTENDED{4}/{2,3,4,5,6,7}:core:1
    """
    clinics = where_listed("treatment_function", functions)
    patient, provider = (
        RecordMeasure(
            id=f"{area}.op_cancelled_{side}",
            definition=f"hes:ATTENDED{{{code}}}/{{2,3,4,5,6,7}}:{functions.label}",
            numerator=Rows(where=[Where(column="attendance", isin=(f"{side}_cancelled",))]),
            denominator=Rows(where=[_DUE]),
            where=[clinics],
        )
        for side, code in _SIDES.items()
    )
    return patient, provider
