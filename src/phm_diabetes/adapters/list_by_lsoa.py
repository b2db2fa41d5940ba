"""People registered with each practice by the small area that they live in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import Fault, matching, whole_numbers
from phm_diabetes.adapters.codes import GP_PRACTICE, malformed
from phm_diabetes.adapters.kinds import period_in
from phm_diabetes.adapters.registrations import counted_days, day_in, population_rows, sexes
from phm_diabetes.adapters.rules import duplicates, extra_columns, sound
from phm_diabetes.errors import OptionError
from phm_diabetes.model.areas import LSOA, LSOA_2011, LSOA_2021, LSOA_OF_SOME_CENSUS, lsoa_level
from phm_diabetes.model.dimensions import UNKNOWN
from phm_diabetes.model.periods import Period
from phm_diabetes.model.policies import PUBLISHED, Policy
from phm_diabetes.schemas.words import worded

if TYPE_CHECKING:
    from phm_diabetes.adapters.sheets import Rows, Sheet

__all__ = ["ListByLsoa"]

_COLUMNS = {
    "day": ("EXTRACT_DATE",),
    "code": ("PRACTICE_CODE", "OrganisationCode"),
    "area": ("LSOA_CODE", "LSOA11CD", "LSOA21CD"),
    "sex": ("SEX",),
    "people": ("NUMBER_OF_PATIENTS", "Number of Patients", "ALL_PATIENTS", "Patient"),
}
_NOT_READ = ("PUBLICATION", "PRACTICE_NAME", "OrganisationName", "OranisationName")
_OF_CENSUS = {"LSOA11CD": LSOA_2011, "LSOA21CD": LSOA_2021}
_NOWHERE = ("NO2011", "NO2021", "CLOSED", "UNKNOWN", "")
_AREA = re.compile(rf"{LSOA}|S01[0-9]{{6}}|N[0-9]{{8}}")
_DAY_IN_A_NAME = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)|(?<![A-Za-z])[A-Za-z]{3}-\d{2}(?!\d)")


class ListByLsoa(Adapter):
    r"""Reads ``gp-reg-pat-prac-lsoa-….csv``, or the same as Parquet.

    Examples
    --------
    >>> import io
    >>> import phm_diabetes as phm
    >>> file = io.StringIO(
    ...     "EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,LSOA_CODE,SEX,NUMBER_OF_PATIENTS\n"
    ...     "01JAN2021,Y99001,PLANTED SURGERY,E01000001,ALL,7\n"
    ...     "01JAN2021,Y99001,PLANTED SURGERY,NO2011,ALL,1\n"
    ... )
    >>> phm.load(file).table[["area_level", "area_code", "people"]].values.tolist()
    [['lsoa_2011', 'E01000001', 7], ['lsoa_2011', 'unknown', 1]]
    """

    place: ClassVar[str] = "england"
    dataset: ClassVar[str] = "list_by_lsoa"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "NHS England's table of patients registered at a practice by lower-layer super output "
        "area: one row a practice and area, as CSV or Parquet."
    )
    description: ClassVar[str] = (
        "People on the list of each practice by the area that they live in, published unrounded. "
        "The areas are of the census of 2011 or of 2021, which are never joined by accident. "
        "People whose address is in no area are kept, under 'unknown'."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(columns=(_COLUMNS["code"], _COLUMNS["area"], _COLUMNS["people"])),
    )
    tables: ClassVar[tuple[str, ...]] = ("population",)
    policy: ClassVar[Policy] = PUBLISHED

    def period_of(self, sheet: Sheet, label: str | None) -> Period | None:
        """Return the day of the count where no column holds it: as labelled, or from the name.

        Raises
        ------
        OptionError
            When neither the file, its name nor the caller says the day.
        """
        if "EXTRACT_DATE" in {header.upper() for header in sheet.header()}:
            return None
        named = [found[0] for text in (sheet.name, sheet.file) for found in _named_days(text)]
        for text in [label] if label is not None else named:
            if (day := day_in(text)) is not None:
                return Period(start=day, end=day)
            if (period := period_in(text)) is not None:
                return period
        message = (
            f"{sheet.place} does not say on which day people were counted. Pass period=, for "
            "instance period='2021-01-01'."
        )
        raise OptionError(message)

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:
        """Turn the list into population, one row a practice, area and sex."""
        rows = sheet.rows(_COLUMNS, optional=("day", "sex"), layout=f"'{self.name}'")
        cells, headers = rows.cells, rows.headers
        faults = malformed(cells["code"], headers["code"], GP_PRACTICE)
        level, area, bad_areas = _areas(rows)
        people, bad_people = whole_numbers(cells["people"], headers["people"])
        faults += bad_areas + bad_people
        counted_on: Any = pd.NaT
        sex: pd.Series[Any] | str = "all"
        if "day" in cells:
            counted_on, bad_days = counted_days(cells["day"], headers["day"])
            faults += bad_days
        elif context.period is not None:
            counted_on = pd.Timestamp(context.period.start)
        if "sex" in cells:
            sex, bad_sexes = sexes(cells["sex"], headers["sex"])
            faults += bad_sexes
        key = [name for name in ("day", "code", "area", "sex") if name in cells]
        faults += duplicates(sound(cells, faults), key, "practice, area and sex")
        faults += extra_columns(rows, known=_NOT_READ)
        table = population_rows(
            cells, people=people, counted_on=counted_on, sex=sex, area_level=level, area=area
        )
        return Mapped(tables={"population": table}, faults=faults, rows_read=len(cells))


def _named_days(text: str) -> list[re.Match[str]]:
    return list(_DAY_IN_A_NAME.finditer(text))


def _areas(rows: Rows) -> tuple[str, pd.Series[Any], list[Fault]]:
    """Level of the areas, the areas themselves, and the cells that are none."""
    column, header = rows.cells["area"], rows.headers["area"]
    texts = [str(text) for text in column.cat.categories]
    level = _OF_CENSUS.get(header.upper()) or lsoa_level(texts)
    faults = matching(
        column,
        header,
        pattern=f"{_AREA.pattern}|{'|'.join(_NOWHERE)}",
        what="the code of a lower-layer super output area",
        rule="area code",
    )
    if level == LSOA_OF_SOME_CENSUS:
        faults.append(_untold(header))
    words = sorted({*(text for text in texts if text not in _NOWHERE), UNKNOWN})
    place = {word: spot for spot, word in enumerate(words)}
    spots = np.array([place.get(text, place[UNKNOWN]) for text in texts], dtype=np.int64)
    area = pd.Series(worded(spots[column.cat.codes.to_numpy()], words), index=column.index)
    return level, area, faults


def _untold(header: str) -> Fault:
    return Fault(
        rule="census of the areas",
        rows=np.array([], dtype=np.int64),
        column=header,
        message="holds only codes that the censuses of 2011 and 2021 share",
        advice="Nothing to do: such an area is the same in both. Other codes would be refused.",
        severity="info",
        sets_aside=False,
    )
