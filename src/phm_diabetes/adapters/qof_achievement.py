"""Achievement in the QOF: numerator, denominator and those left out, each on a row of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.adapters.base import Context, Mapped
from phm_diabetes.adapters.cells import Fault, coded, matching, whole_numbers
from phm_diabetes.adapters.codes import GP_PRACTICE, malformed
from phm_diabetes.adapters.qof_points import achieved_points, protected_points
from phm_diabetes.adapters.rules import duplicates, extra_columns, sound
from phm_diabetes.adapters.tables import stacked
from phm_diabetes.disease_areas.qof_codes import INDICATOR_CODE, definition_of, measure_of
from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.schemas.words import repeated, worded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from phm_diabetes.adapters.sheets import Rows, Sheet
    from phm_diabetes.model.periods import Period

__all__ = ["achievement"]

_COLUMNS = {
    "practice": ("PRACTICE_CODE",),
    "indicator": ("INDICATOR_CODE",),
    "part": ("MEASURE",),
    "value": ("VALUE",),
}
_PARTS = {
    "NUMERATOR": "numerator",
    "DENOMINATOR": "denominator",
    "PCAS": "excluded",
    "EXCEPTIONS": "excluded",
    "REGISTER": "register",
    "NEWLY_DIAGNOSED": "newly_diagnosed",
    "ACHIEVED_POINTS": "points",
}
_PAIR = ("numerator", "denominator", "excluded")
_ALONE = ("register", "newly_diagnosed")
_NOT_READ = ("REGION_ODS_CODE", "REGION_ONS_CODE", "REGION_NAME")
_POINTS = r"(?:\d{1,6}(?:\.\d+)?)?"


def achievement(sheet: Sheet, context: Context) -> Mapped:
    """Turn achievement rows into counts, one row a practice and indicator, and facts for points.

    The denominator is used as published: those left out are not in it, and are not taken off
    again.

    Parameters
    ----------
    sheet
        ``ACHIEVEMENT`` of England or of a region, or ``ACHIEVEMENT_EXCEPTIONS``.
    context
        With the year.

    Examples
    --------
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> from phm_diabetes.model.periods import Period
    >>> grid = pd.DataFrame([["PRACTICE_CODE", "INDICATOR_CODE", "MEASURE", "VALUE"],
    ...     ["Y99001", "COPD010", "NUMERATOR", "60"], ["Y99001", "COPD010", "DENOMINATOR", "80"],
    ...     ["Y99001", "COPD010", "PCAS", "20"]])
    >>> mapped = achievement(Sheet(file="a.csv", name="", grid=grid),
    ...     Context(period=Period.financial_year("2022-23"), source_id="example"))
    >>> mapped.tables["counts"][["measure", "numerator", "denominator", "excluded"]].values.tolist()
    [['qof.copd010', 60, 80, 20]]
    """
    rows = sheet.rows(_COLUMNS, layout="'england.qof'")
    period = cast("Period", context.period)
    part, faults = coded(
        rows.cells["part"], rows.headers["part"], to=_PARTS, what="measure of achievement"
    )
    cells = rows.cells.assign(part=part)
    faults += _broken(cells, rows)
    used = _tidied(sound(cells, faults))
    units = _units(used)
    faults += _half_pairs(used, units, rows.headers["part"])
    points = used[(used["part"] == "points").to_numpy()]
    faults += protected_points(points, period)
    counts, larger = _counts(used, units, period, rows.headers["value"])
    return Mapped(
        tables={"counts": counts, "facts": achieved_points(points, period)},
        faults=faults + larger + extra_columns(rows, known=_NOT_READ),
        rows_read=len(cells),
        joined=units.joined(used),
    )


def _broken(cells: pd.DataFrame, rows: Rows) -> list[Fault]:
    faults = malformed(cells["practice"], rows.headers["practice"], GP_PRACTICE)
    faults += matching(
        cells["indicator"],
        rows.headers["indicator"],
        pattern=INDICATOR_CODE,
        what="an indicator's code (letters and three digits)",
    )
    header, blank = rows.headers["value"], (cells["value"] == "").to_numpy()
    is_points = (cells["part"] == "points").to_numpy()
    faults += whole_numbers(cells.loc[~is_points, "value"], header, empty_allowed=True)[1]
    faults += matching(
        cells.loc[is_points, "value"], header, pattern=_POINTS, what="a number of points"
    )
    if blank.any():
        faults.append(
            Fault(
                rule="no value",
                rows=cells.index.to_numpy()[blank],
                column=header,
                message="is empty",
                advice="Nothing to do: what was not recorded is missing, and not zero.",
                severity="info",
                counted=True,
            )
        )
    key = ["practice", "indicator", "part"]
    return faults + duplicates(sound(cells, faults), key, "practice, indicator and measure")


def _tidied(used: pd.DataFrame) -> pd.DataFrame:
    """Leave out the texts of rows set aside."""
    columns = {str(name): used[name].cat.remove_unused_categories() for name in used}
    return used.assign(**columns)


@frozen(kw_only=True, eq=False)
class _Units:
    """Records, each a practice and an indicator: the place of every part, -1 where there is none.

    ``whole`` has numerator and denominator, ``half`` only some part of them.
    """

    spot: dict[str, NDArray[np.intp]]
    whole: NDArray[np.bool_]
    half: NDArray[np.bool_]

    def of(self, part: str, units: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Return where a part of some units stands."""
        found = self.spot[part][units]
        return found[found >= 0]

    def joined(self, used: pd.DataFrame) -> NDArray[np.int64]:
        """Return the rows that are told under their numerator's row."""
        own = [self.of(part, self.whole) for part in ("denominator", "excluded")]
        return used.index.to_numpy(dtype=np.int64)[np.concatenate(own)]


def _units(used: pd.DataFrame) -> _Units:
    ids, first = group_ids(used, ["practice", "indicator"])
    spot = {}
    for part in _PAIR:
        places = np.flatnonzero((used["part"] == part).to_numpy())
        spot[part] = np.full(len(first), -1, dtype=np.intp)
        spot[part][ids[places]] = places
    have = {part: spot[part] >= 0 for part in _PAIR}
    whole = have["numerator"] & have["denominator"]
    return _Units(
        spot=spot,
        whole=whole,
        half=~whole & (have["numerator"] | have["denominator"] | have["excluded"]),
    )


def _half_pairs(used: pd.DataFrame, units: _Units, header: str) -> list[Fault]:
    if not units.half.any():
        return []
    rows = np.concatenate([units.of(part, units.half) for part in _PAIR])
    return [
        Fault(
            rule="half a pair",
            rows=np.sort(used.index.to_numpy()[rows]),
            column=header,
            message="has no numerator, or no denominator, beside it",
            advice="What is absent is not zero: ask for the file again.",
        )
    ]


def _counts(
    used: pd.DataFrame, units: _Units, period: Period, header: str
) -> tuple[pd.DataFrame, list[Fault]]:
    values, _ = whole_numbers(used["value"], header)
    numerator = units.of("numerator", units.whole)
    excluded = units.spot["excluded"][units.whole]
    known = np.where(excluded >= 0, excluded, 0)
    pairs = {
        "numerator": values.array[numerator],
        "denominator": values.array[units.of("denominator", units.whole)],
        "excluded": pd.Series(values.array[known]).where(excluded >= 0).array,
    }
    parts = [_rows(used.iloc[numerator], period, "", pairs)]
    for part in _ALONE:
        places = np.flatnonzero((used["part"] == part).to_numpy())
        none = pd.array([pd.NA] * len(places), dtype="Int64")
        people = {"numerator": values.array[places], "denominator": none, "excluded": none}
        parts.append(_rows(used.iloc[places], period, part, people))
    above = (parts[0]["numerator"] > parts[0]["denominator"]).fillna(value=False)
    rows = parts[0]["source_row"].to_numpy(dtype=np.int64)[above.to_numpy(dtype=bool)]
    return stacked([part for part in parts if len(part)] or parts[:1]), _larger(rows, header)


def _rows(own: pd.DataFrame, period: Period, part: str, numbers: dict[str, Any]) -> pd.DataFrame:
    indicator = own["indicator"].cat
    codes = list(indicator.categories)
    return pd.DataFrame(
        {
            "dataset": repeated("QOF", len(own)),
            "measure": worded(indicator.codes, [measure_of(code, part) for code in codes]),
            "definition": worded(
                indicator.codes, [definition_of(code, period.start, part) for code in codes]
            ),
            "org_level": repeated("practice", len(own)),
            "org_code": own["practice"].array,
            "period_start": pd.Timestamp(period.start),
            "period_end": pd.Timestamp(period.end),
            **numbers,
            "source_row": own.index,
        }
    )


def _larger(rows: NDArray[np.int64], header: str) -> list[Fault]:
    fault = Fault(
        rule="numerator within denominator",
        rows=rows,
        column=header,
        message="is larger than its denominator",
        advice="Used as published. Ask the publisher which of the two is wrong.",
        severity="warning",
        sets_aside=False,
    )
    return [fault] if len(rows) else []
