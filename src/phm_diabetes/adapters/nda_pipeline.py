"""National Diabetes Audit: the long table that the publisher's own pipeline makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.nda_breakdowns import broken_down
from phm_diabetes.adapters.nda_editions import Edition, edition_of
from phm_diabetes.adapters.nda_levels import organisations_in
from phm_diabetes.adapters.nda_periods import audit_of_sheet
from phm_diabetes.adapters.nda_readable import readable
from phm_diabetes.adapters.nda_rounding import audit_counts
from phm_diabetes.adapters.nda_rows import Part, mapped_counts
from phm_diabetes.adapters.rules import duplicates, extra_columns, sound
from phm_diabetes.disease_areas.nda_versions import ALL_THREE, nda_definition
from phm_diabetes.errors import OptionError
from phm_diabetes.model.dimensions import ALL

if TYPE_CHECKING:
    from phm_diabetes.adapters.sheets import Sheet
    from phm_diabetes.model.periods import Period

__all__ = ["NdaPipeline"]

_IDENTITY = {
    "sub_icb": ("CCG_CODE",),
    "organisation": ("ORGANISATION_CODE",),
    "field": ("BREAKDOWN_FIELD",),
    "value_1": ("BREAKDOWN_VALUE_1",),
    "value_2": ("BREAKDOWN_VALUE_2",),
    "value_3": ("BREAKDOWN_VALUE_3",),
    "registrations": ("REGISTRATIONS",),
}
_MEASURES = {
    "dm.cp.hba1c": ("HBA1C_NUM", "HBA1C_DENOM"),
    "dm.cp.bp": ("BP_NUM", "BP_DENOM"),
    "dm.cp.cholesterol": ("CHOLESTEROL_NUM", "CHOLESTEROL_DENOM"),
    "dm.cp.creatinine": ("CREATININE_NUM", "CREATININE_DENOM"),
    "dm.cp.urine_albumin": ("ALBUMIN_NUM", "ALBUMIN_DENOM"),
    "dm.cp.foot": ("FOOT_NUM", "FOOT_DENOM"),
    "dm.cp.bmi": ("BMI_NUM", "BMI_DENOM"),
    "dm.cp.smoking": ("SMOKING_NUM", "SMOKING_DENOM"),
    "dm.cp8": ("ALL_8_NUM", "ALL_8_DENOM"),
    **{
        f"dm.tt.hba1c_{limit}": (f"HBA1C_<=_{limit}_TT_NUM", f"HBA1C_<=_{limit}_TT_DENOM")
        for limit in (48, 53, 58, 75, 86)
    },
    "dm.tt.bp_140_80": ("BP_140_80_NUM", "BP_140_80_DENOM"),
    "dm.tt.cholesterol_5": ("CHOLESTEROL_<5_NUM", "CHOLESTEROL_<5_DENOM"),
    "dm.tt.statin_primary": ("NO_CVD_ON_STATIN_NUM_40_TO_80", "NO_CVD_DENOM_40_TO_80"),
    "dm.tt.statin_secondary": ("SEC_PREVENT_NUM", "SEC_PREVENT_DENOM"),
    "dm.tt.statin_combined": ("COMBINED_NUM", "COMBINED_DENOM"),
    "dm.education.offered": ("ND_OFFERED_12_M", "NEWLY_DIAGNOSED"),
    "dm.education.attended": ("ND_ATTENDED_12_M", "NEWLY_DIAGNOSED"),
}
# The published code says what each counts; its names old and new say nothing elsewhere.
_ALL_THREE = {
    ("ALL_3_TT_NUM", "ALL_3_TT_DENOM"): ALL_THREE[0],
    ("TT_3_NEW_NUM", "TT_3_NEW_DENOM"): ALL_THREE[1],
}
_NOT_READ = (
    "ND_OFFERED_EVER",
    "ND_ATTENDED_EVER",
    "NO_CVD_ON_STATIN_40_TO_80_PCT",
    "WITH_CVD_ON_STATINS_PCT",
)
_STEP = 5


class NdaPipeline(Adapter):
    """Reads the table of every breakdown that NHS Digital's published code writes.

    Examples
    --------
    >>> NdaPipeline().name
    'england.nda_pipeline'
    """

    place: ClassVar[str] = "england"
    dataset: ClassVar[str] = "nda_pipeline"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "the long table of the National Diabetes Audit's published code: CCG_CODE, "
        "ORGANISATION_CODE, BREAKDOWN_FIELD, BREAKDOWN_VALUE_1 to 3, REGISTRATIONS, then "
        "<measure>_NUM, _DENOM and _PCT."
    )
    description: ClassVar[str] = (
        "Registrations, care processes, treatment targets and structured education by practice, "
        "CCG and England, and by age, sex, ethnicity and deprivation. The code neither rounds nor "
        "hides: a table in which every count is a multiple of 5 is taken as rounded since."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(
            columns=(
                "CCG_CODE",
                "ORGANISATION_CODE",
                "BREAKDOWN_FIELD",
                "BREAKDOWN_VALUE_1",
                "REGISTRATIONS",
            )
        ),
    )
    tables: ClassVar[tuple[str, ...]] = ("counts",)

    def period_of(self, sheet: Sheet, label: str | None) -> Period | None:
        """Return the audit as the caller labels it, or from the file's name.

        Raises
        ------
        OptionError
            When neither says it.
        """
        found = audit_of_sheet(sheet, label)
        if found is None:
            message = (
                f"{sheet.place} does not say which audit it covers. Pass period= the year and "
                "extract, for instance period='202021E3'."
            )
            raise OptionError(message)
        return found

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:
        """Turn the table into counts, one row an organisation, measure and breakdown."""
        flat = readable(sheet)
        present = set(flat.header())
        pairs = [pair for pair in (*_MEASURES.values(), *_ALL_THREE) if set(pair) <= present]
        figures = {name: (name,) for pair in pairs for name in pair}
        rows = flat.rows({**_IDENTITY, **figures}, layout=f"'{self.name}'")
        cells = rows.cells.astype(str)
        found = organisations_in(
            cells[["sub_icb", "organisation"]],
            rows.headers,
            (cells["registrations"] != "").to_numpy(),
        )
        levels, unknown = broken_down(cells, rows.headers["field"])
        faults = [*found.faults, *_unplaced(cells.index[found.is_note]), *unknown]
        faults += _contradictions(cells["field"], found.level)
        faults += duplicates(
            sound(cells[list(_IDENTITY)[:-1]], faults),
            list(_IDENTITY)[:-1],
            "organisation and breakdown",
        )
        about = pd.DataFrame(
            {"level": found.level, "code": found.code, "subtype": ALL, "period": context.period}
        )
        about = sound(about, faults)
        parts, more = _parts(cells.loc[about.index], levels, pairs, edition_of(_known(context)))
        known = [name for name in rows.ignored if name.endswith("_PCT")]
        return mapped_counts(
            parts,
            about,
            faults=[*faults, *more, *extra_columns(rows, known=(*_NOT_READ, *known))],
            rows_read=len(cells),
        )


def _known(context: Context) -> Period:
    if context.period is None:
        message = "The audit is not known. Pass period=, for instance period='202021E3'."
        raise OptionError(message)
    return context.period


def _contradictions(field: pd.Series[str], level: pd.Series[Any]) -> list[Fault]:
    """Find rows whose breakdown is of another level than their codes."""
    names = field.str.casefold()
    told = np.where(names.str.contains("organisation"), "practice", "england")
    told = np.where(names.str.contains("ccg") & (told == "england"), "sub_icb", told)
    rows = field.index.to_numpy()[((level != "") & (level != told)).to_numpy(dtype=bool)]
    if not len(rows):
        return []
    return [
        Fault(
            rule="breakdown",
            rows=rows,
            column="BREAKDOWN_FIELD",
            message="is of another level of organisation than the codes beside it",
            advice="Check that the codes were not overwritten, as by a total.",
        )
    ]


def _unplaced(index: pd.Index[int]) -> list[Fault]:
    if not len(index):
        return []
    return [
        Fault(
            rule="organisation code",
            rows=index.to_numpy(),
            column="ORGANISATION_CODE",
            message="belongs to no organisation",
            advice="Nothing to do: people whose practice is not known count for England only.",
            severity="info",
            counted=True,
        )
    ]


def _parts(
    cells: pd.DataFrame,
    levels: pd.Series[Any],
    pairs: list[tuple[str, str]],
    edition: Edition,
) -> tuple[list[Part], list[Fault]]:
    names = ["registrations", *dict.fromkeys(name for pair in pairs for name in pair)]
    rounded = np.full(len(cells), edition.is_rounded and _all_multiples(cells[names]))
    read = {name: audit_counts(cells[name], name.upper(), rounded=rounded) for name in names}
    faults = [fault for _, found in read.values() for fault in found]
    groups = [
        (dict(key), cells.index[(levels.loc[cells.index] == key).to_numpy()])
        for key in dict.fromkeys(levels.loc[cells.index])
    ]
    by_pair = {pair: measure for measure, pair in _MEASURES.items()}
    parts = []
    for key, index in groups:
        for top, whole in [("registrations", ""), *pairs]:
            measure = by_pair.get((top, whole), "dm.tt3" if whole else "dm.registrations")
            parts.append(
                Part(
                    measure=measure,
                    definition=nda_definition(
                        measure,
                        window=edition.window,
                        year=edition.year,
                        components=_ALL_THREE.get((top, whole)),
                    ),
                    numerator=read[top][0].loc[index],
                    denominator=read[whole][0].loc[index] if whole else None,
                    levels=key,
                )
            )
    return parts, faults


def _all_multiples(cells: pd.DataFrame) -> bool:
    texts = pd.unique(cells.to_numpy().ravel())
    return all(int(text) % _STEP == 0 for text in texts if str(text).isdigit())
