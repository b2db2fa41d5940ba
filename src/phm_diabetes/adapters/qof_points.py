"""Points of the QOF: what practices earned, and the most that each could; facts, and no counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from phm_diabetes.adapters.base import Context, Mapped
from phm_diabetes.adapters.cells import Fault, matching
from phm_diabetes.adapters.codes import GP_PRACTICE, malformed
from phm_diabetes.adapters.rules import duplicates, extra_columns, sound
from phm_diabetes.disease_areas.qof_protection import is_protected, may_be_protected
from phm_diabetes.schemas.words import repeated, worded

if TYPE_CHECKING:
    from phm_diabetes.adapters.sheets import Sheet
    from phm_diabetes.model.periods import Period

__all__ = [
    "POINTS_PATTERN",
    "achieved_points",
    "most_points",
    "organisation_facts",
    "points_attribute",
    "protected_points",
]

POINTS_PATTERN = r"\d{1,6}(?:\.\d+)?"
"""Points as they are published, in whole or in part."""

_COLUMNS = {
    "practice": ("PRACTICE_CODE",),
    "points": ("REVISED_MAX_POINTS", "REVISED_MAXIMUM_POINTS"),
}
_READ_ELSEWHERE = (
    *("PRACTICE_NAME", "CCG_CODE", "CCG_NAME", "CCG_GEOGRAPHY_CODE", "STP_CODE", "STP_NAME"),
    *("STP_ONS_CODE", "SUBREGION_CODE", "SUBREGION_GEOGRAPHY_CODE", "SUBREGION_NAME"),
    *("REGIONAL_LOCAL_OFFICE_CODE", "REGIONAL_LOCAL_OFFICE_ONS_CODE"),
    *("REGIONAL_LOCAL_OFFICE_NAME", "CCG_ONS_CODE", "REGION_ONS_CODE"),
    *("REGION_CODE", "REGION_GEOGRAPHY_CODE", "REGION_NAME", "COUNTRY"),
)


def organisation_facts(
    codes: pd.Series[Any],
    attribute: str | pd.Categorical[str],
    values: pd.Series[Any],
    period: Period,
    *,
    level: str = "practice",
) -> pd.DataFrame:
    """Return rows of Facts about organisations in a year.

    Parameters
    ----------
    codes
        The organisations, indexed by row number.
    attribute
        One name for all, or one a row.
    values
        Text of each.
    period
        The year.
    level
        What the organisations are.

    Examples
    --------
    >>> from phm_diabetes.model.periods import Period
    >>> codes, texts = pd.Series(["Y99001"], index=[2]), pd.Series(["635"])
    >>> organisation_facts(codes, "most_points", texts, Period.financial_year("2022-23"))[
    ...     ["attribute", "value"]].values.tolist()
    [['most_points', '635']]
    """
    named = repeated(attribute, len(codes)) if isinstance(attribute, str) else attribute
    return pd.DataFrame(
        {
            "org_level": repeated(level, len(codes)),
            "org_code": codes.astype(object).array,
            "attribute": named,
            "value": values.astype(object).array,
            "start": pd.Timestamp(period.start),
            "end": pd.Timestamp(period.end),
            "source_row": codes.index,
        }
    )


def points_attribute(code: str, period: Period) -> str:
    """Return the name of an indicator's points; an earlier year's are told apart by theirs.

    Examples
    --------
    >>> from phm_diabetes.model.periods import Period
    >>> points_attribute("COPD014", Period.financial_year("2024-25"))
    'copd014.protected_points'
    """
    kind = "protected" if is_protected(code, period.start) else "achieved"
    return f"{code.casefold()}.{kind}_points"


def achieved_points(points: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return facts of the points earned; an earlier year's are told apart by their name.

    Parameters
    ----------
    points
        Categories ``practice``, ``indicator`` and ``value``, indexed by row number.
    period
        The year.

    Examples
    --------
    >>> from phm_diabetes.model.periods import Period
    >>> points = pd.DataFrame({"practice": ["Y99001"], "indicator": ["COPD014"], "value": ["2.0"]})
    >>> achieved_points(points.astype("category"), Period.financial_year("2024-25"))[
    ...     "attribute"].tolist()
    ['copd014.protected_points']
    """
    indicator = points["indicator"].cat
    names = [points_attribute(code, period) for code in indicator.categories]
    attribute = worded(indicator.codes, names)
    return organisation_facts(points["practice"], attribute, points["value"], period)


def protected_points(points: pd.DataFrame, period: Period) -> list[Fault]:
    """Say which points were paid on an earlier year's work.

    Examples
    --------
    >>> from phm_diabetes.model.periods import Period
    >>> points = pd.DataFrame({"indicator": ["COPD014", "COPD010"]}, index=[2, 3])
    >>> protected_points(points.astype("category"), Period.financial_year("2024-25"))[
    ...     0].rows.tolist()
    [2]
    """
    year = f"{period.start.year}-{period.end.year % 100:02}"
    if may_be_protected(period.start):
        rows = points.index
        message = f"are points of {year}, of which part was protected"
        advice = "No list of the protected indicators is to hand: do not read them as achievement."
    else:
        codes = points["indicator"].cat.categories
        named = [code for code in codes if is_protected(code, period.start)]
        rows = points.index[points["indicator"].isin(named).to_numpy()]
        message = f"are points that {year} paid as in the year before: the indicator was protected"
        advice = "Kept as protected_points. Numerator and denominator are the year's own."
    fault = Fault(
        rule="income protected",
        rows=rows.to_numpy(),
        message=message,
        advice=advice,
        severity="info",
        sets_aside=False,
        counted=True,
    )
    return [fault] if len(rows) else []


def most_points(sheet: Sheet, context: Context) -> Mapped:
    """Turn ``ORGANISATION_REFERENCE`` into the most points that each practice could earn.

    Examples
    --------
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> from phm_diabetes.model.periods import Period
    >>> grid = pd.DataFrame([["PRACTICE_CODE", "REVISED_MAX_POINTS"], ["Y99001", "635"]])
    >>> mapped = most_points(Sheet(file="a.csv", name="", grid=grid),
    ...     Context(period=Period.financial_year("2022-23"), source_id="example"))
    >>> mapped.tables["facts"]["attribute"].tolist()
    ['most_points']
    """
    rows = sheet.rows(_COLUMNS, layout="'england.qof'")
    cells, headers = rows.cells, rows.headers
    faults = malformed(cells["practice"], headers["practice"], GP_PRACTICE)
    faults += matching(
        cells["points"], headers["points"], pattern=POINTS_PATTERN, what="a number of points"
    )
    faults += duplicates(sound(cells, faults), ["practice"], "practice")
    used = sound(cells, faults)
    faults += _fewer(used, headers["points"]) + extra_columns(rows, known=_READ_ELSEWHERE)
    facts = organisation_facts(
        used["practice"], "most_points", used["points"], cast("Period", context.period)
    )
    return Mapped(tables={"facts": facts}, faults=faults, rows_read=len(cells))


def _fewer(used: pd.DataFrame, header: str) -> list[Fault]:
    points = used["points"].astype(object).astype(float)
    fewer = (points < points.max()).to_numpy() if len(points) else np.array([], dtype=bool)
    fault = Fault(
        rule="fewer points to earn",
        rows=used.index.to_numpy()[fewer],
        column=header,
        message="is less than other practices could earn: nobody is in some indicator's register",
        advice="Divide the points achieved by the practice's own most, not by the national one.",
        severity="info",
        sets_aside=False,
        counted=True,
    )
    return [fault] if fewer.any() else []
