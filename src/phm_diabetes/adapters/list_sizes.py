"""People registered with each practice, by age and sex where the file splits them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import coded, whole_numbers
from phm_diabetes.adapters.codes import GP_PRACTICE, malformed
from phm_diabetes.adapters.registrations import age_bands, counted_days, population_rows, sexes
from phm_diabetes.adapters.rules import duplicates, extra_columns, sound
from phm_diabetes.model.policies import PUBLISHED, Policy

if TYPE_CHECKING:
    import pandas as pd

    from phm_diabetes.adapters.cells import Fault
    from phm_diabetes.adapters.sheets import Rows, Sheet

__all__ = ["ListSizes"]

_COLUMNS = {
    "day": ("EXTRACT_DATE",),
    "level": ("ORG_TYPE", "TYPE"),
    "code": ("ORG_CODE", "CODE"),
    "sex": ("SEX",),
    "age": ("AGE_GROUP_5", "AGE"),
    "people": ("NUMBER_OF_PATIENTS",),
}
_LEVELS = {
    "CCG": "sub_icb",
    "COMM REGION": "region",
    "COMM_REGION": "region",
    "Comm Region": "region",
    "GP": "practice",
    "ICB": "icb",
    "PCN": "pcn",
    "REGION": "region",
    "STP": "icb",
    "SUB_ICB_LOCATION": "sub_icb",
    "SUB_ICB_LOCATION_CODE": "sub_icb",
}
_NOT_READ = (
    *("PUBLICATION", "POSTCODE", "ONS_CODE", "CCG_CODE", "ONS_CCG_CODE"),
    *("SUB_ICB_LOCATION_CODE", "ONS_SUB_ICB_LOCATION_CODE"),
)


class ListSizes(Adapter):
    r"""Reads ``gp-reg-pat-prac-all.csv``, ``…-quin-age.csv`` or ``…-sing-age-….csv``.

    Examples
    --------
    >>> import io
    >>> import phm_diabetes as phm
    >>> file = io.StringIO(
    ...     "PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,"
    ...     "NUMBER_OF_PATIENTS\n"
    ...     "GP_PRAC_PAT_LIST,01JAN2021,GP,99Z,E38999999,Y99001,ZZ99 9ZZ,ALL,ALL,5903\n"
    ... )
    >>> phm.load(file).table[["org_code", "people"]].values.tolist()
    [['Y99001', 5903]]
    """

    place: ClassVar[str] = "england"
    dataset: ClassVar[str] = "list_sizes"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "NHS England's CSV of patients registered at a practice: one row a practice, or one for "
        "each five-year band or year of age and sex."
    )
    description: ClassVar[str] = (
        "People on the list of each practice on the first day of a month, published unrounded. "
        "Registered, not resident: some live elsewhere, and lists hold people who have left. The "
        "file in age bands also counts PCNs and what stands above them; choose the level."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(columns=("EXTRACT_DATE", "TYPE", "CODE", "SEX", "AGE", "NUMBER_OF_PATIENTS")),
        Signature(
            columns=(
                *("EXTRACT_DATE", "ORG_TYPE", "ORG_CODE", "SEX", "AGE_GROUP_5"),
                "NUMBER_OF_PATIENTS",
            )
        ),
        Signature(columns=("EXTRACT_DATE", "ORG_CODE", "SEX", "AGE", "NUMBER_OF_PATIENTS")),
    )
    tables: ClassVar[tuple[str, ...]] = ("population",)
    policy: ClassVar[Policy] = PUBLISHED

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:  # noqa: ARG002 - it says its day
        """Turn the list into population, one row an organisation, age band and sex."""
        headers_there = {header.upper() for header in sheet.header()}
        # Only the files of single years have practices alone, and so no column that says it.
        optional = () if "AGE_GROUP_5" in headers_there or "CODE" in headers_there else ("level",)
        rows = sheet.rows(_COLUMNS, optional=optional, layout=f"'{self.name}'")
        cells, headers = rows.cells, rows.headers
        level, faults = _levels(rows)
        days, bad_days = counted_days(cells["day"], headers["day"])
        sex, bad_sexes = sexes(cells["sex"], headers["sex"])
        age, bad_ages = age_bands(cells["age"], headers["age"])
        people, bad_people = whole_numbers(cells["people"], headers["people"])
        faults += bad_days + bad_sexes + bad_ages + bad_people
        key = [name for name in ("day", "level", "code", "sex", "age") if name in cells]
        faults += duplicates(sound(cells, faults), key, "organisation, day, sex and age")
        faults += extra_columns(rows, known=_NOT_READ)
        table = population_rows(
            cells, people=people, counted_on=days, age_band=age, sex=sex, level=level
        )
        return Mapped(tables={"population": table}, faults=faults, rows_read=len(cells))


def _levels(rows: Rows) -> tuple[pd.Series[Any] | str, list[Fault]]:
    """Level of each row, and the practices whose code is none; other levels' codes vary."""
    cells, headers = rows.cells, rows.headers
    if "level" not in cells:
        return "practice", malformed(cells["code"], headers["code"], GP_PRACTICE)
    level, faults = coded(cells["level"], headers["level"], to=_LEVELS, what="type of organisation")
    practices = cells.loc[(level == "practice").to_numpy(), "code"]
    named = practices.cat.remove_unused_categories()
    return level, faults + malformed(named, headers["code"], GP_PRACTICE)
