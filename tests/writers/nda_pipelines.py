"""The long table of the publisher's own pipeline, with planted people."""

from __future__ import annotations

import csv
import io
from functools import cache

from tests.writers.nda_truth import GROUPS, SUBTYPES, organisations, people, split, triple
from tests.writers.nda_workbooks import up_to

PIPELINE = {
    "CHOLESTEROL": "dm.cp.cholesterol",
    "BMI": "dm.cp.bmi",
    "CHOLESTEROL_<5": "dm.tt.cholesterol_5",
    "HBA1C": "dm.cp.hba1c",
    "HBA1C_<=_58_TT": "dm.tt.hba1c_58",
    "BP_140_80": "dm.tt.bp_140_80",
    "ALL_8": "dm.cp8",
}


@cache
def pipeline_2020_21() -> bytes:
    """The long table of the published code: unrounded, one block of rows a breakdown."""
    measures = [f"{name}_{part}" for name in PIPELINE for part in ("NUM", "DENOM", "PCT")]
    triples = [f"{name}_{part}" for name in ("ALL_3_TT", "TT_3_NEW") for part in _TRIPLE]
    rows: list[list[object]] = [
        [
            *("CCG_CODE", "ORGANISATION_CODE", "BREAKDOWN_FIELD"),
            *(f"BREAKDOWN_VALUE_{number}" for number in (1, 2, 3)),
            *("REGISTRATIONS", *measures, *triples, "NEWLY_DIAGNOSED"),
            *("ND_OFFERED_12_M", "ND_ATTENDED_12_M", "ND_OFFERED_EVER", "ND_ATTENDED_EVER"),
        ]
    ]
    fields = {"england": "", "sub_icb": "CCG_", "practice": "CCG_ORGANISATION_"}
    for subtype in SUBTYPES.values():
        title = "TYPE 1" if subtype == "type_1" else "TYPE 2 AND OTHERS"
        for level, code, members in organisations():
            if level not in fields:
                continue
            codes = up_to(code, level, members, ("sub_icb",)) or []
            whole = sum(people(each, subtype) for each in members)
            figures_of_all = [
                cell
                for name, variant in (*((each, "") for each in PIPELINE.values()), *_VARIANTS)
                for cell in triple(members, subtype, name, variant, exact=True)
            ]
            education = [whole // 9, whole // 11, whole // 40, whole // 10, whole // 30]
            cells = [*codes, f"{fields[level]}DiabetesType", title, "", ""]
            rows.append([*cells, whole, *figures_of_all, *education])
            for name, token in _TOKENS.items():
                for heading, (key, _) in GROUPS[name].items():
                    count = sum(split(people(each, subtype), name)[key] for each in members)
                    field = f"{fields[level]}DiabetesType_{token}"
                    blank = [0, 0, ""] * (len(PIPELINE) + 2)
                    rows.append([*codes, field, title, heading, "", count, *blank, *[0] * 5])
    held = io.StringIO(newline="")
    csv.writer(held).writerows(rows)
    return held.getvalue().encode()


_TRIPLE = ("NUM", "DENOM", "PCT")
_VARIANTS = (("dm.tt3", "cholesterol"), ("dm.tt3", "statin"))
_TOKENS = {
    "age_band": "Age",
    "sex": "Gender",
    "ethnicity": "Ethnicity",
    "imd_quintile": "Deprivation_Imd",
}
