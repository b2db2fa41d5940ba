"""A Place's own feed of the National Diabetes Audit, by person or already counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import Fault
from phm_diabetes.adapters.codes import GP_PRACTICE, malformed
from phm_diabetes.adapters.nda_editions import edition_of
from phm_diabetes.adapters.nda_feed_measures import components_shown, counted_measures
from phm_diabetes.adapters.nda_feed_people import FLAGS, IDENTITY, READINGS, people_in
from phm_diabetes.adapters.nda_feed_tally import tallied
from phm_diabetes.adapters.nda_periods import audit_of_row, audit_of_sheet
from phm_diabetes.adapters.nda_readable import readable
from phm_diabetes.adapters.rules import duplicates, sound
from phm_diabetes.disease_areas.nda_versions import all_three_code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phm_diabetes.adapters.sheets import Sheet
    from phm_diabetes.model.periods import Period

__all__ = ["NdaFeed"]

_NEEDED = ("practice", "year", "type")
_NULLS = {"NULL", "NONE", "NAN", "<NA>"}
_USUAL_VINTAGE = "2019"


class NdaFeed(Adapter):
    """Reads a view of the audit's people, and keeps only how many there are.

    Parameters
    ----------
    all_three
        Components of the feed's flag of all three treatment targets, where the other flags do
        not settle them.

    Examples
    --------
    >>> NdaFeed(all_three=("hba1c_58", "bp_140_80", "cholesterol_5")).name
    'local.nda_feed'
    """

    place: ClassVar[str] = "local"
    dataset: ClassVar[str] = "nda_feed"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "a view of the National Diabetes Audit's core data: AUDIT_YEAR, a practice code, "
        "DERIVED_CLEAN_DIABETES_TYPE, and flags such as ALL_8_CARE_PROCESSES, one row a person; or "
        "the same with a COUNT of people."
    )
    description: ClassVar[str] = (
        "Counts by practice and type, and each by age, sex, ethnicity and deprivation; rows of "
        "people are counted and not kept. Ethnicity and deprivation that are not recorded are "
        "unknown, so that parts add up to the whole. Chinese is counted under other."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(
            columns=(
                ("AUDIT_YEAR", "[AUDIT_YEAR]"),
                ("DERIVED_CLEAN_DIABETES_TYPE", "[DERIVED_CLEAN_DIABETES_TYPE]"),
            )
        ),
    )
    tables: ClassVar[tuple[str, ...]] = ("counts",)
    record_unit: ClassVar[tuple[str, ...]] = ("DERIVED_GP_PRACTICE_CODE",)

    def __init__(self, *, all_three: Iterable[str] | None = None) -> None:
        self.all_three = None if all_three is None else tuple(all_three)
        if self.all_three is not None:
            all_three_code(self.all_three)

    def period_of(self, sheet: Sheet, label: str | None) -> Period | None:
        """Return the audit that the caller or the file's name says; rows name their year."""
        return audit_of_sheet(sheet, label)

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:
        """Count people, one row a practice, measure and level."""
        flat = readable(sheet)
        wanted = {
            **IDENTITY,
            **FLAGS,
            **{f"reading_{name}": words for name, words in READINGS.items()},
        }
        optional = [name for name in wanted if name not in _NEEDED]
        rows = flat.rows(wanted, optional=optional, layout=f"'{self.name}'")
        cells, headers = rows.cells, dict(rows.headers)
        faults = _unplaced(cells, headers)
        periods, unread = _periods(cells["year"], headers["year"], context.period)
        faults += unread
        if "person" in cells:
            faults += duplicates(cells, ["person", "year"], "person and audit year")
        editions = [edition_of(period) for period in dict.fromkeys(periods.dropna())]
        vintage = next((each.imd_vintage for each in editions if each.imd_vintage), _USUAL_VINTAGE)
        people, odd = people_in(cells, headers, vintage=vintage)
        faults += odd
        kept = sound(cells[list(_NEEDED)], faults)
        at = cells.index.get_indexer(kept.index)
        some = people.taken(at)
        components = self.all_three or components_shown(some)
        if "tt3" in some.flags and components is None:
            faults.append(_undetermined(headers["tt3"]))
        table = tallied(
            kept["practice"], periods.loc[kept.index], some, counted_measures(some, components)
        )
        return Mapped(
            tables={"counts": table},
            faults=faults,
            rows_read=len(cells),
            joined=kept.index.to_numpy(dtype=np.int64),
        )


def _unplaced(cells: pd.DataFrame, headers: dict[str, str]) -> list[Fault]:
    """People without a practice, counted; and codes that are none."""
    code = cells["practice"]
    none = code.astype(str).str.upper().isin({"", *_NULLS}).to_numpy()
    faults = malformed(code[~none].cat.remove_unused_categories(), headers["practice"], GP_PRACTICE)
    if none.any():
        faults.append(
            Fault(
                rule="organisation code",
                rows=cells.index.to_numpy()[none],
                column=headers["practice"],
                message="is empty: the person belongs to no practice",
                advice="Nothing to do: these people are counted here and in no practice.",
                severity="info",
                counted=True,
            )
        )
    return faults


def _periods(
    column: pd.Series[Any], header: str, period: Period | None
) -> tuple[pd.Series[Any], list[Fault]]:
    known = [audit_of_row(str(text), period) for text in column.cat.categories]
    codes = column.cat.codes.to_numpy()
    values = pd.Series([known[code] for code in codes], index=column.index, dtype=object)
    rows = column.index.to_numpy()[values.isna().to_numpy()]
    fault = Fault(
        rule="audit year",
        rows=rows,
        column=header,
        message="names no audit year, such as 202122E4",
        advice="Check that a spreadsheet has not reformatted the column.",
    )
    return values, [fault] if len(rows) else []


def _undetermined(header: str) -> Fault:
    return Fault(
        rule="all three targets",
        rows=np.array([], dtype=np.int64),
        column=header,
        message="is made of three targets that the other flags do not settle",
        advice="Pass adapter=NdaFeed(all_three=(...)) with the three components.",
        sets_aside=False,
    )
