"""Whom a record is about: age, sex, ethnicity, area and deprivation, as the NHS codes them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from phm_diabetes.records.columns import Column

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "DECILE_NUMBERS",
    "DECILE_WORDS",
    "age_column",
    "area_column",
    "deprivation_column",
    "ethnicity_column",
    "sex_column",
]

_FIFTHS = ("1", "1", "2", "2", "3", "3", "4", "4", "5", "5")

DECILE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        words: f"{{imd_vintage}}:{fifth}"
        for words, fifth in zip(
            (
                "Most deprived 10%",
                "More deprived 10-20%",
                "More deprived 20-30%",
                "More deprived 30-40%",
                "More deprived 40-50%",
                "Less deprived 40-50%",
                "Less deprived 30-40%",
                "Less deprived 20-30%",
                "Less deprived 10-20%",
                "Least deprived 10%",
            ),
            _FIFTHS,
            strict=True,
        )
    }
)
"""Fifth by the words in which HES writes tenths."""

DECILE_NUMBERS: Mapping[str, str] = MappingProxyType(
    {str(tenth): f"{{imd_vintage}}:{fifth}" for tenth, fifth in enumerate(_FIFTHS, start=1)}
)
"""Fifth by tenth, of which 1 is the most deprived."""


def age_column(sources: tuple[str, ...]) -> Column:
    """Return completed years: 7001 to 7007 are babies, and above 109 is not believed.

    Examples
    --------
    >>> from phm_diabetes.records.reading import reader_of
    >>> [reader_of(age_column(("AGE",)))(text)[0] for text in ("59.0", "7004", "120")]
    [59, 0, None]
    """
    return Column(
        name="age",
        sources=sources,
        kind="integer",
        required=False,
        recode=((7001, 7007, 0),),
        least=0,
        most=109,
        broken="blank",
    )


def sex_column(sources: tuple[str, ...]) -> Column:
    """Return sex as recorded.

    Examples
    --------
    >>> dict(sex_column(("SEX",)).codes)["9"]
    'unknown'
    """
    known = {"1": "male", "2": "female", "M": "male", "F": "female"}
    return Column(
        name="sex",
        sources=sources,
        kind="code",
        required=False,
        codes=known | dict.fromkeys(("0", "9", "X", "U"), "unknown"),
        blank="unknown",
        broken="blank",
    )


def ethnicity_column(sources: tuple[str, ...]) -> Column:
    """Return the ethnic category: Z, not stated, is kept apart from unknown.

    A second character, which providers may add, is cut off. The codes of before 2001 are unknown
    and counted, since they do not map to one category each.

    Examples
    --------
    >>> from phm_diabetes.records.reading import reader_of
    >>> [reader_of(ethnicity_column(("ETHNOS",)))(text)[0] for text in ("A1", "Z", "99", "0")]
    ['A', 'Z', 'unknown', 'unknown']
    """
    return Column(
        name="ethnicity",
        sources=sources,
        kind="code",
        required=False,
        nulls=frozenset({"99", "99.0"}),
        cut=1,
        codes={code: code for code in "ABCDEFGHJKLMNPRSZ"} | {"X": "unknown"},
        blank="unknown",
        broken="blank",
    )


def area_column(sources: tuple[str, ...]) -> Column:
    """Return the lower super output area of residence.

    Examples
    --------
    >>> area_column(("LSOA11",)).name
    'lsoa'
    """
    return Column(
        name="lsoa",
        sources=sources,
        kind="text",
        required=False,
        nulls=frozenset(f"{country}99999999" for country in "ELMNSWZ"),
        pattern="[EW]01[0-9]{6}|S01[0-9]{6}|95[A-Z]{2}[0-9]{2}[A-Z][0-9]|N[0-9]{8}",
        blank="",
        broken="blank",
    )


def deprivation_column(sources: tuple[str, ...], codes: Mapping[str, str]) -> Column:
    """Return the fifth of deprivation with its vintage; unknown where no vintage is said.

    Examples
    --------
    >>> from phm_diabetes.records.reading import reader_of
    >>> column = deprivation_column(("IMD04_DECILE",), DECILE_WORDS)
    >>> reader_of(column, options={"imd_vintage": "2019"})("More deprived 10-20%")
    ('2019:1', '')
    """
    return Column(
        name="imd_quintile",
        sources=sources,
        kind="code",
        required=False,
        codes=codes,
        blank="unknown",
        broken="blank",
    )
