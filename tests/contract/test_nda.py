"""The adapters of the National Diabetes Audit keep the contract."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from tests.writers.nda_feeds import patients
from tests.writers.nda_fingertips import download

from phm_diabetes.adapters.nda import Nda
from phm_diabetes.adapters.nda_feed import NdaFeed
from phm_diabetes.adapters.nda_fingertips import NdaFingertips
from phm_diabetes.adapters.nda_indicators import INDICATORS
from phm_diabetes.adapters.nda_ndh import NdaNdh
from phm_diabetes.adapters.nda_pipeline import NdaPipeline
from phm_diabetes.adapters.nda_registrations import NdaRegistrations
from phm_diabetes.model.periods import Period
from phm_diabetes.testing import AdapterContract

YEAR, CUT = Period.audit("2021-22"), Period.audit("2020-21", cut="Q3")
TRIPLE = ("Numerator", "Denominator", "Percentage")


def csv_of(*rows):
    width = max(map(len, rows))
    frame = pd.DataFrame([[*row, *[""] * (width - len(row))] for row in rows])
    return frame.to_csv(index=False, header=False).encode()


def known(measure, period, numerator, denominator=None, **rest):
    return {
        "measure": measure,
        "org_code": "Y99001",
        "period": period,
        "numerator": numerator,
        "denominator": denominator,
        **rest,
    }


class TestNda(AdapterContract):
    adapter = Nda
    sample = csv_of(
        ["", "", "", "", "BMI", "", "", "All Eight Care Processes", "", ""],
        ["Audit year", "Diabetes type", "CCG code", "Organisation code", *TRIPLE, *TRIPLE],
        ["2021_22", "Type 1", "England", "England", 450, 500, 90.0, 225, 500, 45.1],
        ["2021_22", "Type 1", "99Z", "99Z", 225, 250, 90.2, 115, 250, 45.7],
        ["2021_22", "Type 1", "99Z", "Y99001", 5, 10, "", 5, 10, ""],
        ["2021_22", "Type 2 and other", "99Z", "Y99001", 90, 100, 89.7, 45, 100, 46.0],
        ["Source: a planted audit"],
    )
    merged_headers = True
    footers = True
    known = (
        known("dm.cp.bmi", YEAR, 5, 10, subtype="type_1", numerator_low=1, numerator_high=7),
        known("dm.cp8", YEAR, 45, 100, subtype="type_2_and_other", denominator_low=98),
    )


class TestNdaRegistrations(AdapterContract):
    adapter = NdaRegistrations(subtype="type_1")
    optional_columns = ("Number", "Per cent")
    sample = csv_of(
        ["", "", "", "", "Age"],
        ["", "", "All registrations", "", "Aged under 40", "", "Aged 40 and over", ""][:6],
        ["ICB code", "GP code", "Number", "Per cent", "Number", "Per cent"],
        ["ENG", "", 200, 100, 20, 10.0],
        ["QZZ", "", 100, 100, 10, 10.0],
        ["QZZ", "Y99001", 50, 100, 5, ""],
    )
    period = YEAR
    known = (
        known("dm.registrations", YEAR, 50, age_band="all", numerator_low=48),
        known("dm.registrations", YEAR, 5, age_band="<40", numerator_low=1, numerator_high=7),
    )


class TestNdaNdh(AdapterContract):
    adapter = NdaNdh
    sample = csv_of(
        ["", "", "", "Type 2 diabetes", "", "Non-diabetic hyperglycaemia", ""],
        ["PCN code", "GP code", "List size 17+", *["Number", "Percentage"] * 2],
        ["U99001", "Y99001", 5000, 300, 6.0, 400, 8.0],
        ["U99001", "Y99002", 4000, 200, 5.0, 5, 0.1],
        ["U99002", "Y99003", 3000, 150, 5.0, 0, 0],
    )
    period = YEAR
    optional_columns = ("Number", "Percentage")
    known = (
        known("dm.prevalence", YEAR, 300, 5000, subtype="type_2_and_other", numerator_high=302),
        known("ndh.registrations", YEAR, 400, 5000, subtype="all", denominator_low=4998),
    )


class TestNdaPipeline(AdapterContract):
    adapter = NdaPipeline
    sample = csv_of(
        [
            *("CCG_CODE", "ORGANISATION_CODE", "BREAKDOWN_FIELD"),
            *("BREAKDOWN_VALUE_1", "BREAKDOWN_VALUE_2", "BREAKDOWN_VALUE_3"),
            *("REGISTRATIONS", "HBA1C_NUM", "HBA1C_DENOM", "TT_3_NEW_NUM", "TT_3_NEW_DENOM"),
        ],
        ["England", "England", "DiabetesType", "TYPE 1", "", "", 512, 430, 512, 130, 410],
        ["99Z", "99Z", "CCG_DiabetesType_Age", "TYPE 1", "Aged under 40", "", 51, 43, 51, 13, 41],
        ["99Z", "Y99001", "CCG_ORGANISATION_DiabetesType", "TYPE 1", "", "", 12, 9, 12, 3, 9],
    )
    period = CUT
    optional_columns = (
        *("BREAKDOWN_VALUE_3", "HBA1C_NUM", "HBA1C_DENOM"),
        *("TT_3_NEW_NUM", "TT_3_NEW_DENOM"),
    )
    known = (
        known("dm.registrations", CUT, 12),
        known("dm.cp.hba1c", CUT, 9, 12),
        known("dm.tt3", CUT, 3, 9, definition="nda:tt3.hba1c_58+bp_140_80+statin:15m"),
    )


def _fingertips(number):
    one, row = INDICATORS[number], _ROWS.loc[number]
    is_share = one.kind == "share"
    return {
        "measure": one.measure,
        "org_code": "E38999001",
        "period": one.period(2014),
        "numerator": int(row["Count"]),
        "denominator": None if is_share else int(row["Denominator"]),
        **(one.levels or {"age_band": "all"}),
    }


_DOWNLOAD = download()
_ROWS = _DOWNLOAD[
    (_DOWNLOAD["AreaCode"] == "nE38999001") & (_DOWNLOAD["TimeperiodSortable"] == "20140000")
].set_index("IndicatorID")


@pytest.mark.long
class TestNdaFingertips(AdapterContract):
    adapter = NdaFingertips
    sample = staticmethod(download)
    known = tuple(_fingertips(number) for number in _ROWS.index)


EVERYBODY = {
    "subtype": "type_2_and_other",
    **dict.fromkeys(("age_band", "sex", "ethnicity", "imd_quintile"), "all"),
}


def _feed():
    wanted = ["PatientId", "AUDIT_YEAR", "DERIVED_GP_PRACTICE_CODE", "AGE", "DERIVED_CLEAN_SEX"]
    wanted += ["DERIVED_CLEAN_DIABETES_TYPE", "HBA1C", "BMI", "ALL_8_CARE_PROCESSES"]
    held = io.StringIO()
    patients(40)[wanted].to_csv(held, index=False)
    return held.getvalue().encode()


class TestNdaFeed(AdapterContract):
    adapter = NdaFeed
    sample = staticmethod(_feed)
    optional_columns = (
        "PatientId",
        "AGE",
        "DERIVED_CLEAN_SEX",
        "HBA1C",
        "BMI",
        "ALL_8_CARE_PROCESSES",
    )
    known = (
        known("dm.registrations", YEAR, 8, **EVERYBODY),
        known("dm.cp.hba1c", YEAR, 7, 8, **EVERYBODY),
        known("dm.cp.bmi", YEAR, 4, 7, **EVERYBODY),
        known("dm.cp8", YEAR, 4, 8, **EVERYBODY),
    )
