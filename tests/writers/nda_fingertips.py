"""A download of Fingertips' diabetes indicators, with planted areas."""

from __future__ import annotations

import pandas as pd

from phm_diabetes.adapters.nda_indicators import INDICATORS

AREAS = ("nE38999001", "nE38999002")


def _row(number: str, area: str, year: int, count: int, denominator: int) -> dict[str, str]:
    one = INDICATORS[number]
    value = "" if one.per is None else str(one.per * count / denominator)
    return {
        "IndicatorID": number,
        "IndicatorName": one.name,
        "AreaCode": area,
        "Sex": "Persons",
        "Age": one.age,
        "Value": value,
        "Count": str(count),
        "Denominator": str(denominator),
        "TimeperiodSortable": f"{year}0000",
    }


def download() -> pd.DataFrame:
    """Return a row an indicator and area, in an exact and in a rounded year."""
    return pd.DataFrame(
        [
            _row(number, area, year, 5 * (30 + spot + 3 * place), 5 * (200 + place))
            for spot, number in enumerate(INDICATORS)
            if INDICATORS[number].measure
            for place, area in enumerate(AREAS)
            for year in (2014, 2018)
        ]
    )
