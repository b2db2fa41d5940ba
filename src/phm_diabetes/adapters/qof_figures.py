"""Figures of one sheet of a QOF workbook, set out as counts, facts, people listed, indicators."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd
from attrs import field, frozen

from phm_diabetes.adapters.qof_points import organisation_facts, points_attribute
from phm_diabetes.adapters.qof_reference import indicator_rows
from phm_diabetes.adapters.tables import stacked
from phm_diabetes.disease_areas.qof_codes import ages_of, definition_of, measure_of
from phm_diabetes.disease_areas.qof_registers import GROUPS
from phm_diabetes.model.periods import Period
from phm_diabetes.schemas.words import repeated

if TYPE_CHECKING:
    from phm_diabetes.adapters.qof_columns import QofColumn
    from phm_diabetes.adapters.qof_sheets import QofSheet

__all__ = ["SheetFigures", "group_facts", "indicator_list", "listed_people"]

_COUNTS = ("numerator", "denominator", "excluded")


@frozen(kw_only=True, eq=False)
class SheetFigures:
    """What was read of one sheet.

    Parameters
    ----------
    found
        What its columns are.
    codes
        The organisations, as categories, indexed by row number.
    numbers
        People, by header of the column.
    points
        Points as text, by header of the column.

    Examples
    --------
    >>> from phm_diabetes.adapters.qof_sheets import QofSheet
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> found = QofSheet(sheet=Sheet(file="a.xlsx", name="", grid=pd.DataFrame()), row=1,
    ...     level="sub_icb", code="CCG code", year="2018-19", columns=(), described={}, known=())
    >>> none = pd.DataFrame()
    >>> str(SheetFigures(found=found, codes=pd.Series(dtype="category"), numbers=none,
    ...     points=none).period)
    '2018-04-01 to 2019-03-31'
    """

    found: QofSheet
    codes: pd.Series[Any] = field(repr=False)
    numbers: pd.DataFrame = field(repr=False)
    points: pd.DataFrame = field(repr=False)

    @property
    def period(self) -> Period:
        """The year."""
        return Period.financial_year(self.found.year)

    @property
    def register(self) -> QofColumn | None:
        """The column of the group's register, where it has one."""
        known = self.found.group in GROUPS
        return self.found.column(self.found.year, "register") if known else None

    @property
    def listed(self) -> QofColumn | None:
        """The column of the list that the register is out of."""
        return self.found.column(self.found.year, "list")

    def people(self, label: str, kind: str) -> pd.Series[Any] | None:
        """Return the people counted in a column of a year or indicator."""
        column = self.found.column(label, kind)
        return None if column is None else self.numbers[column.header]

    def counts(self) -> pd.DataFrame:
        """Return counts: the register, and each indicator with a numerator."""
        parts = []
        if self.register is not None and self.listed is not None:
            group = self.found.group
            people = {
                "numerator": self.people(self.found.year, "register"),
                "denominator": self.people(self.found.year, "list"),
            }
            definition = f"qof:{group}:{self.listed.list_type}"
            parts.append(self._rows(f"{group.casefold()}.register", definition, people))
        for code in self.found.indicators:
            people = {kind: self.people(code, kind) for kind in _COUNTS}
            if people["numerator"] is not None and people["denominator"] is not None:
                definition = definition_of(code, self.period.start)
                parts.append(self._rows(measure_of(code), definition, people))
        return stacked(parts) if parts else self._rows("", "", {}).iloc[:0]

    def _rows(
        self, measure: str, definition: str, people: dict[str, pd.Series[Any] | None]
    ) -> pd.DataFrame:
        none = pd.array([pd.NA] * len(self.codes), dtype="Int64")
        given = {kind: column for kind, column in people.items() if column is not None}
        return pd.DataFrame(
            {
                "dataset": repeated("QOF", len(self.codes)),
                "measure": repeated(measure, len(self.codes)),
                "definition": repeated(definition, len(self.codes)),
                "org_level": repeated(self.found.level, len(self.codes)),
                "org_code": self.codes.array,
                "period_start": pd.Timestamp(self.period.start),
                "period_end": pd.Timestamp(self.period.end),
                **{kind: given[kind].array if kind in given else none for kind in _COUNTS},
                "source_row": self.codes.index,
            }
        )


def group_facts(figures: SheetFigures) -> pd.DataFrame:
    """Return facts: how many practices a group's figures hold, and the points they earned.

    Examples
    --------
    >>> from phm_diabetes.adapters.qof_columns import QofColumn
    >>> from phm_diabetes.adapters.qof_sheets import QofSheet
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> column = QofColumn(header="AF006 / Achievement Score", label="AF006", kind="points")
    >>> found = QofSheet(sheet=Sheet(file="a.xlsx", name="", grid=pd.DataFrame()), row=1,
    ...     level="sub_icb", code="CCG code", year="2018-19", columns=(column,), described={},
    ...     known=())
    >>> texts = pd.DataFrame({column.header: ["11.5"]}, index=[2]).astype("category")
    >>> codes = pd.Series(["99Z"], index=[2]).astype("category")
    >>> group_facts(SheetFigures(found=found, codes=codes, numbers=pd.DataFrame(index=[2]),
    ...     points=texts))[["attribute", "value"]].values.tolist()
    [['af006.achieved_points', '11.5']]
    """
    found, parts = figures.found, []
    practices = found.column(found.year, "practices")
    columns = [(f"{found.group.casefold()}.practices", practices)] if practices else []
    columns += [
        (points_attribute(code, figures.period), column)
        for code in found.indicators
        if (column := found.column(code, "points"))
    ]
    for attribute, column in columns:
        texts = figures.points[column.header].astype(object)
        told = texts[~texts.isin((":", "z", ""))]
        codes = figures.codes.loc[told.index]
        parts.append(organisation_facts(codes, attribute, told, figures.period, level=found.level))
    blank = figures.codes.iloc[:0]
    return stacked(parts) if parts else organisation_facts(blank, "", blank, figures.period)


def listed_people(figures: SheetFigures) -> pd.DataFrame:
    """Return the people on the lists of a group that has no register, by the ages it is about.

    Examples
    --------
    >>> from phm_diabetes.adapters.qof_columns import QofColumn
    >>> from phm_diabetes.adapters.qof_sheets import QofSheet
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> column = QofColumn(header="List size", label="2018-19", kind="list", list_type="45OV")
    >>> found = QofSheet(sheet=Sheet(file="a.xlsx", name="", grid=pd.DataFrame()), row=1,
    ...     level="sub_icb", code="CCG code", year="2018-19", columns=(column,), described={},
    ...     known=())
    >>> numbers = pd.DataFrame({"List size": pd.array([900], dtype="Int64")}, index=[2])
    >>> codes = pd.Series(["99Z"], index=[2]).astype("category")
    >>> listed_people(SheetFigures(found=found, codes=codes, numbers=numbers, points=numbers))[
    ...     ["age_band", "people"]].values.tolist()
    [['45+', 900]]
    """
    column = figures.listed
    size = len(figures.codes) if column is not None else 0
    codes, list_type = figures.codes.iloc[:size], column.list_type if column else "TOTAL"
    people = figures.numbers[column.header].array if column else pd.array([], dtype="Int64")
    return pd.DataFrame(
        {
            "basis": repeated("registered", size),
            "org_level": repeated(figures.found.level, size),
            "org_code": codes.array,
            "area_level": repeated("", size),
            "area_code": repeated("", size),
            "age_band": repeated(_band(list_type), size),
            "sex": repeated("female" if list_type.endswith("_F") else "all", size),
            # Lists are counted on the day after the year.
            "counted_on": pd.Timestamp(figures.period.end) + pd.Timedelta(days=1),
            "people": people,
            "source_row": codes.index,
        }
    )


def _band(list_type: str) -> str:
    low, high = ages_of(list_type)
    if high is None:
        return "all" if low is None else f"{low}+"
    return f"<{high + 1}" if low is None else f"{low}-{high}"


def indicator_list(figures: SheetFigures) -> pd.DataFrame:
    """Return the indicators that a sheet's header names, with its words and most points.

    Examples
    --------
    >>> from phm_diabetes.adapters.qof_columns import QofColumn
    >>> from phm_diabetes.adapters.qof_sheets import QofSheet
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> column = QofColumn(header="AF006 / x", label="AF006", kind="points", most="12")
    >>> found = QofSheet(sheet=Sheet(file="a.xlsx", name="", grid=pd.DataFrame()), row=1,
    ...     level="sub_icb", code="CCG code", year="2018-19", columns=(column,),
    ...     described={"AF006": "Risk assessed"}, known=())
    >>> none = pd.DataFrame()
    >>> indicator_list(SheetFigures(found=found, codes=pd.Series(dtype="category"), numbers=none,
    ...     points=none))[["code", "points", "group_code"]].values.tolist()
    [['AF006', 12.0, 'AF']]
    """
    found = figures.found
    points = {code: found.column(code, "points") for code in found.indicators}
    listed = figures.listed
    texts = pd.DataFrame(
        {
            "code": list(found.indicators),
            "description": [found.described.get(code, "") for code in found.indicators],
            "points": [column.most if column else "" for column in points.values()],
            "group_code": [re.sub(r"\d+", "", code) for code in found.indicators],
            "group_name": [GROUPS.get(found.group, "")] * len(found.indicators),
            "list_type": [listed.list_type if listed else ""] * len(found.indicators),
        },
        dtype=object,
    )
    table = indicator_rows(texts, figures.period)
    # The header names them, and no row below it does.
    return table.assign(source_row=pd.array([pd.NA] * len(table), dtype="Int64"))
