"""Measure cards of the diabetes area."""

from __future__ import annotations

from attrs import evolve

from phm_diabetes.disease_areas.admission_measures import ADMISSIONS
from phm_diabetes.disease_areas.foot_disease import FOOT_DISEASE
from phm_diabetes.disease_areas.nda_processes import PROCESSES
from phm_diabetes.disease_areas.nda_registrations import EDUCATION, REGISTRATIONS
from phm_diabetes.disease_areas.nda_targets import TARGETS
from phm_diabetes.disease_areas.outpatient_measures import OUTPATIENTS
from phm_diabetes.disease_areas.prescribing_measures import PRESCRIBING
from phm_diabetes.disease_areas.qof_registers import register_card
from phm_diabetes.model.measures import DiseaseArea

__all__ = ["AREA"]

_REGISTER = evolve(
    register_card("DM"),
    name="Diabetes: QOF register prevalence (aged 17 and over)",
    why="Everybody with diabetes who is due the care processes is found through this register.",
)
_NON_DIABETIC_HYPERGLYCAEMIA = evolve(
    register_card("NDH"),
    name="Non-diabetic hyperglycaemia: QOF register prevalence (aged 18 and over)",
    why="People at high risk of type 2 diabetes, who are due a yearly test and prevention.",
)

AREA = DiseaseArea(
    id="diabetes",
    name="Diabetes",
    description=(
        "Registers of diabetes and of non-diabetic hyperglycaemia, care processes, treatment "
        "targets, structured education, hospital outpatients and admissions, foot disease, and "
        "medicines."
    ),
    measures=(
        _REGISTER,
        _NON_DIABETIC_HYPERGLYCAEMIA,
        *REGISTRATIONS,
        *PROCESSES,
        *TARGETS,
        *EDUCATION,
        *OUTPATIENTS,
        *ADMISSIONS,
        *FOOT_DISEASE,
        *PRESCRIBING,
    ),
)
