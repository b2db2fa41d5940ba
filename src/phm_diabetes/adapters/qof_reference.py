"""Reference sheets of the QOF's raw data: what the indicators are, and who was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from phm_diabetes.adapters.base import Context, Mapped
from phm_diabetes.adapters.cells import Fault, matching
from phm_diabetes.adapters.codes import GP_PRACTICE, malformed
from phm_diabetes.adapters.qof_points import POINTS_PATTERN, organisation_facts
from phm_diabetes.adapters.rules import duplicates, extra_columns, sound
from phm_diabetes.disease_areas.qof_codes import INDICATOR_CODE

if TYPE_CHECKING:
    from phm_diabetes.adapters.sheets import Sheet
    from phm_diabetes.model.periods import Period

__all__ = ["indicator_rows", "indicators", "left_out"]

_INDICATORS = {
    "code": ("INDICATOR_CODE",),
    "description": ("INDICATOR_DESCRIPTION",),
    "points": ("INDICATOR_POINT_VALUE",),
    "group_code": ("GROUP_CODE", "INDICATOR_GROUP_CODE"),
    "group_name": ("GROUP_DESCRIPTION", "INDICATOR_GROUP_DESCRIPTION"),
    "list_type": ("PATIENT_LIST_TYPE",),
}
_NOT_READ = (
    *("DOMAIN_CODE", "DOMAIN_DESCRIPTION", "SUB_DOMAIN_CODE", "SUB_DOMAIN_DESCRIPTION"),
    "PATIENT_ADD_LIST_TYPE",
)
_VALIDATION = {
    "practice": ("PRACTICE_CODE",),
    "rule": ("RULE",),
    "reason": ("DESCRIPTION",),
}


def indicators(sheet: Sheet, context: Context) -> Mapped:
    """Turn ``MAPPING_INDICATORS`` into Indicators.

    Examples
    --------
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> from phm_diabetes.model.periods import Period
    >>> grid = pd.DataFrame([["INDICATOR_CODE", "INDICATOR_POINT_VALUE", "GROUP_CODE",
    ...     "GROUP_DESCRIPTION", "PATIENT_LIST_TYPE"], ["COPD010", "9", "COPD", "COPD", "TOTAL"]])
    >>> mapped = indicators(Sheet(file="a.csv", name="", grid=grid),
    ...     Context(period=Period.financial_year("2022-23"), source_id="example"))
    >>> mapped.tables["indicators"]["points"].tolist()
    [9.0]
    """
    rows = sheet.rows(_INDICATORS, optional=("description", "group_name"), layout="'england.qof'")
    cells, headers = rows.cells, rows.headers
    faults = matching(
        cells["code"],
        headers["code"],
        pattern=INDICATOR_CODE,
        what="an indicator's code (letters and three digits)",
    )
    faults += matching(
        cells["points"], headers["points"], pattern=f"(?:{POINTS_PATTERN})?", what="points"
    )
    faults += duplicates(sound(cells, faults), ["code"], "indicator")
    used = sound(cells, faults)
    table = indicator_rows(used, cast("Period", context.period))
    faults += extra_columns(rows, known=_NOT_READ)
    return Mapped(tables={"indicators": table}, faults=faults, rows_read=len(cells))


def indicator_rows(texts: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return rows of Indicators.

    Parameters
    ----------
    texts
        Text columns of the table, indexed by row number; one that is absent is blank.
    period
        The year.

    Examples
    --------
    >>> from phm_diabetes.model.periods import Period
    >>> texts = pd.DataFrame({"code": ["COPD010"], "points": [""]}, index=[2])
    >>> indicator_rows(texts, Period.financial_year("2022-23"))["points"].isna().tolist()
    [True]
    """

    def text(name: str) -> Any:  # noqa: ANN401 - a column
        return texts[name].astype(object).array if name in texts else ""

    points = texts["points"].astype(object).replace("", None)
    return pd.DataFrame(
        {
            "code": text("code"),
            "description": text("description"),
            "points": pd.to_numeric(points).astype("float64").array,
            **{name: text(name) for name in ("group_code", "group_name", "list_type")},
            "start": pd.Timestamp(period.start),
            "end": pd.Timestamp(period.end),
            "source_row": texts.index,
        }
    )


def left_out(sheet: Sheet, context: Context) -> Mapped:
    """Turn ``PRACTICE_VALIDATION_OUTCOMES`` into facts: who is not in the publication, and why.

    Examples
    --------
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> from phm_diabetes.model.periods import Period
    >>> grid = pd.DataFrame([["PRACTICE_CODE", "RULE", "DESCRIPTION"], ["Y99001", "2", "Closed"]])
    >>> mapped = left_out(Sheet(file="a.csv", name="", grid=grid),
    ...     Context(period=Period.financial_year("2022-23"), source_id="example"))
    >>> mapped.tables["facts"]["attribute"].tolist()
    ['left_out_of_qof']
    """
    rows = sheet.rows(_VALIDATION, layout="'england.qof'")
    cells = rows.cells
    faults = malformed(cells["practice"], rows.headers["practice"], GP_PRACTICE)
    faults += duplicates(sound(cells, faults), ["practice", "rule"], "practice and rule")
    used = sound(cells, faults)
    if len(used):
        faults.append(
            Fault(
                rule="left out of the publication",
                rows=used.index.to_numpy(),
                message=f"names {used['practice'].nunique():,} practices whose figures are absent",
                advice="They are not zero: their facts say left_out_of_qof, with the reason.",
                severity="info",
                sets_aside=False,
                counted=True,
            )
        )
    facts = organisation_facts(
        used["practice"], "left_out_of_qof", used["reason"], cast("Period", context.period)
    )
    return Mapped(
        tables={"facts": facts}, faults=faults + extra_columns(rows), rows_read=len(cells)
    )
