"""National Diabetes Audit: registrations by age, sex, ethnicity and deprivation, from 2025-26."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.nda_people import mapped_people
from phm_diabetes.adapters.nda_periods import audit_of_sheet
from phm_diabetes.adapters.nda_tiers import people_grid
from phm_diabetes.model.policies import PUBLISHED, Policy

if TYPE_CHECKING:
    from phm_diabetes.adapters.sheets import Sheet
    from phm_diabetes.model.periods import Period

__all__ = ["NdaRegistrations"]


class NdaRegistrations(Adapter):
    """Reads the sheets 'Type 1 registrations' and 'Type 2 and other registrations'.

    Parameters
    ----------
    subtype
        ``"type_1"`` or ``"type_2_and_other"``, where neither the sheet nor a column says it, as
        in a single sheet saved as CSV.

    Examples
    --------
    >>> NdaRegistrations().name
    'england.nda_registrations'
    """

    place: ClassVar[str] = "england"
    dataset: ClassVar[str] = "nda_registrations"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "the National Diabetes Audit's sheets 'Type 1 registrations' and 'Type 2 and other "
        "registrations': codes, then number and per cent under each group of people."
    )
    description: ClassVar[str] = (
        "People with diabetes registered in the audit, by type, age, sex, ethnicity and "
        "deprivation. Rounded to 5, with 1 to 7 as 5. A practice that is absent did not take part."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(
            columns=("ICB code", ("GP code", "GP practice code"), "Number", "Per cent"),
            within=20,
            sheet=r"type [12].*registrations?",
        ),
    )
    tables: ClassVar[tuple[str, ...]] = ("counts",)
    policy: ClassVar[Policy] = PUBLISHED

    def __init__(self, *, subtype: str | None = None) -> None:
        self.subtype = subtype

    def period_of(self, sheet: Sheet, label: str | None) -> Period | None:
        """Return the audit on the title sheet, or in the file's name."""
        return audit_of_sheet(sheet, label)

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:
        """Turn a sheet into counts, one row an organisation and group of people."""
        grid = people_grid(
            sheet,
            measures={},
            default="dm.registrations",
            wanted=[("ICB code", ("icb",)), ("GP code", ("practice",))],
            layout=f"'{self.name}'",
        )
        return mapped_people(grid, sheet, period=context.period, subtype=self.subtype)
