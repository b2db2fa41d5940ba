"""National Diabetes Audit: people with non-diabetic hyperglycaemia, out of a practice's list."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.nda_people import mapped_people
from phm_diabetes.adapters.nda_periods import audit_of_sheet
from phm_diabetes.adapters.nda_subtypes import SUBTYPES
from phm_diabetes.adapters.nda_tiers import people_grid
from phm_diabetes.errors import SourceLayoutError
from phm_diabetes.model.dimensions import ALL
from phm_diabetes.model.policies import PUBLISHED, Policy

if TYPE_CHECKING:
    from phm_diabetes.adapters.sheets import Sheet
    from phm_diabetes.model.periods import Period

__all__ = ["NdaNdh"]

_MEASURES = {
    r"(?i)non.?diabetic hyperglyc|\bNDH\b|pre.?diabetes": "ndh.registrations",
    r"(?i)\btype 2\b|\bT2": "dm.prevalence",
}
_LIST_SIZE = (
    "List size 17+",
    "List size (17+)",
    "List size aged 17+",
    "GP list size (aged 17+)",
    "Practice list size (17+)",
    "List size (aged 17 and over)",
)


class NdaNdh(Adapter):
    """Reads the sheet 'Registrations & demographics' of the workbook on people at high risk.

    Examples
    --------
    >>> NdaNdh().name
    'england.ndh'
    """

    place: ClassVar[str] = "england"
    dataset: ClassVar[str] = "ndh"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "the sheet 'Registrations & demographics' of the National Diabetes Audit's workbook on "
        "non-diabetic hyperglycaemia: codes, list aged 17 and over, then number and percentage "
        "with type 2 diabetes and with non-diabetic hyperglycaemia."
    )
    description: ClassVar[str] = (
        "People with non-diabetic hyperglycaemia, and with type 2 diabetes, out of the practice's "
        "list aged 17 and over. Rounded to 5, with 1 to 7 as 5."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(
            columns=(("GP code", "GP practice code", "Practice code"), _LIST_SIZE, "Number"),
            within=20,
            sheet=r"registrations ?(&|and) ?demographics",
        ),
    )
    tables: ClassVar[tuple[str, ...]] = ("counts",)
    policy: ClassVar[Policy] = PUBLISHED

    def period_of(self, sheet: Sheet, label: str | None) -> Period | None:
        """Return the audit on the title sheet, or in the file's name."""
        return audit_of_sheet(sheet, label)

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:
        """Turn the sheet into counts, one row an organisation and group of people."""
        grid = people_grid(
            sheet,
            measures=_MEASURES,
            default=None,
            wanted=[("GP code", ("practice",))],
            layout=f"'{self.name}'",
        )
        if grid.list_size is None:
            message = (
                f"{sheet.place} is not in the layout that '{self.name}' reads. Missing, so that no "
                "share can be given: 'List size 17+'."
            )
            raise SourceLayoutError(message)
        return mapped_people(
            grid,
            sheet,
            period=context.period,
            subtypes={"dm.prevalence": SUBTYPES[1], "ndh.registrations": ALL},
        )
