"""National Diabetes Audit: care processes and treatment targets, in every workbook's layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.nda_editions import edition_of
from phm_diabetes.adapters.nda_grid import measure_grid
from phm_diabetes.adapters.nda_identity import identified
from phm_diabetes.adapters.nda_measures import measured
from phm_diabetes.adapters.nda_periods import audit_of_sheet
from phm_diabetes.adapters.nda_rows import mapped_counts
from phm_diabetes.model.policies import PUBLISHED, Policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from phm_diabetes.adapters.sheets import Sheet
    from phm_diabetes.model.periods import Period

__all__ = ["Nda"]

_HBA1C = ("HbA1c", "Hb1Ac", "Hb A1c", "Glycated haemoglobin", "Haemoglobin A1c")


class Nda(Adapter):
    """Reads the sheets of care processes and treatment targets, whatever the edition.

    Parameters
    ----------
    all_three
        Components of a column of all three treatment targets by its heading, where neither the
        edition nor the sheet settles them: three of ``hba1c_58``, ``bp_140_80``, ``bp_140_90``,
        ``cholesterol_5`` and ``statin``.
    subtype
        ``"type_1"`` or ``"type_2_and_other"``, where neither the sheet nor a column says it, as
        in a single sheet saved as CSV.

    Examples
    --------
    >>> Nda(all_three={"All three": ("hba1c_58", "bp_140_90", "statin")}).name
    'england.nda'
    """

    place: ClassVar[str] = "england"
    dataset: ClassVar[str] = "nda"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "the National Diabetes Audit's sheets 'Type 1 CP_TT' and 'Type 2 and other CP_TT', and the "
        "wide CSV of 2016-17: measures merged over numerator, denominator and percentage."
    )
    description: ClassVar[str] = (
        "Care processes and treatment targets of people with diabetes by practice, PCN, sub-ICB "
        "location or CCG, ICB and England. Rounded to 5 since 2016-17, with 1 to 7 as 5. A "
        "practice that is absent did not take part: it is not zero."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(columns=("Audit year", "Numerator", "Denominator"), within=20),
        Signature(
            columns=(
                tuple(f"{name} / Numerator" for name in _HBA1C),
                tuple(f"{name} / Denominator" for name in _HBA1C),
            ),
            header_rows=2,
            within=20,
        ),
    )
    tables: ClassVar[tuple[str, ...]] = ("counts",)
    policy: ClassVar[Policy] = PUBLISHED

    def __init__(
        self, *, all_three: Mapping[str, Iterable[str]] | None = None, subtype: str | None = None
    ) -> None:
        self.all_three = {name: tuple(parts) for name, parts in (all_three or {}).items()}
        self.subtype = subtype

    def period_of(self, sheet: Sheet, label: str | None) -> Period | None:
        """Return the audit on the title sheet, or in the file's name; ``None`` where rows say it.

        Raises
        ------
        OptionError
            When the label names no audit, or one whose window is not known.
        """
        return audit_of_sheet(sheet, label)

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:
        """Turn a sheet into counts, one row an organisation and measure."""
        grid = measure_grid(sheet, layout=f"'{self.name}'")
        rows, faults = identified(
            grid.block.identity,
            grid.block.headers,
            figures=grid.figures,
            sheet=sheet,
            period=context.period,
            subtype=self.subtype,
        )
        parts, more = measured(grid, rows["period"].map(edition_of), self.all_three)
        return mapped_counts(
            parts, rows, faults=[*faults, *grid.faults, *more], rows_read=len(grid.body)
        )
