"""Indicators of diabetes and of non-diabetic hyperglycaemia in the QOF: rules, years and terms.

Points and thresholds are configuration: those of a usual year, from guidance and from memory, and
revised every year. The points of a year stand in that year's own mapping of indicators, which
`england.qof` reads. Years marked as doubtful are not confirmed by a published file.
"""

from __future__ import annotations

from attrs import frozen

__all__ = ["DIABETES_INDICATORS", "Indicator"]


@frozen(kw_only=True)
class Indicator:
    """One code of the framework.

    Parameters
    ----------
    code
        The publisher's code.
    name
        What a reader sees.
    achieved
        Who is in the numerator.
    eligible
        Who is in the denominator, before anybody is left out.
    first, last
        NHS years in force; ``None`` for a year that is not known, or while it lasts.
    doubtful
        Whether a year is not confirmed by a published file.
    ages
        Lowest and highest age.
    points
        Most points of a usual year; configuration.
    thresholds
        Achievement [%] at which points begin, and at which all are earned; configuration.

    Examples
    --------
    >>> [each.code for each in DIABETES_INDICATORS if each.last is None]
    ['DM006', 'DM014', 'DM020', 'DM021', 'DM034', 'DM035', 'DM036', 'DM037', 'NDH003']
    """

    code: str
    name: str
    achieved: str
    eligible: str = "People on the diabetes register"
    first: str | None = None
    last: str | None = None
    doubtful: bool = False
    ages: tuple[int | None, int | None] = (17, None)
    points: int | None = None
    thresholds: tuple[int, int] | None = None


_FIT = "People on the diabetes register without moderate or severe frailty"
_FRAIL = "People on the diabetes register with moderate or severe frailty"
_NDH = "People on the register of non-diabetic hyperglycaemia"
_YEAR = "in the preceding 12 months"


def _hba1c(code: str, limit: int, points: int, thresholds: tuple[int, int]) -> Indicator:
    return Indicator(
        code=code,
        name=f"HbA1c {limit} mmol/mol or less",
        achieved=f"Last HbA1c {limit} mmol/mol or less, {_YEAR}",
        last="2018-19",
        points=points,
        thresholds=thresholds,
    )


DIABETES_INDICATORS = (
    Indicator(
        code="DM002",
        name="blood pressure 150/90 mmHg or less",
        achieved=f"Last blood pressure 150/90 mmHg or less, {_YEAR}",
        last="2018-19",
        points=8,
    ),
    Indicator(
        code="DM003",
        name="blood pressure 140/80 mmHg or less",
        achieved=f"Last blood pressure 140/80 mmHg or less, {_YEAR}",
        last="2018-19",
        points=10,
    ),
    Indicator(
        code="DM004",
        name="total cholesterol 5 mmol/l or less",
        achieved=f"Last total cholesterol 5 mmol/l or less, {_YEAR}",
        last="2018-19",
        points=6,
    ),
    Indicator(
        code="DM006",
        name="ACE inhibitor or ARB where there is nephropathy",
        achieved="Treated with an ACE inhibitor or an angiotensin receptor blocker",
        eligible="People on the diabetes register with nephropathy or micro-albuminuria",
        points=3,
        thresholds=(57, 97),
    ),
    _hba1c("DM007", 59, 17, (35, 75)),
    _hba1c("DM008", 64, 8, (43, 83)),
    _hba1c("DM009", 75, 10, (52, 92)),
    Indicator(
        code="DM012",
        name="foot examination and risk classification",
        achieved=f"Foot examined and risk classified, {_YEAR}",
        last="2025-26",
        points=4,
        thresholds=(50, 90),
    ),
    Indicator(
        code="DM014",
        name="newly diagnosed, referred to education",
        achieved="Referred to structured education within 9 months of entering the register",
        eligible="People newly diagnosed with diabetes in the year",
        points=11,
        thresholds=(40, 90),
    ),
    Indicator(
        code="DM017",
        name="register of diabetes",
        achieved="People aged 17 and over with diabetes, the type stated where it was diagnosed",
        last="2024-25",
        points=6,
    ),
    Indicator(
        code="DM018",
        name="influenza vaccination",
        achieved="Vaccinated against influenza from August to March",
        last="2019-20",
        doubtful=True,
        points=3,
        thresholds=(55, 95),
    ),
    Indicator(
        code="DM019",
        name="blood pressure 140/80 mmHg or less, without frailty",
        achieved=f"Last blood pressure 140/80 mmHg or less, {_YEAR}",
        eligible=_FIT,
        first="2019-20",
        last="2022-23",
        points=10,
        thresholds=(38, 78),
    ),
    Indicator(
        code="DM020",
        name="HbA1c 58 mmol/mol or less, without frailty",
        achieved=f"Last HbA1c 58 mmol/mol or less, {_YEAR}",
        eligible=_FIT,
        first="2019-20",
        points=17,
        thresholds=(35, 75),
    ),
    Indicator(
        code="DM021",
        name="HbA1c 75 mmol/mol or less, with frailty",
        achieved=f"Last HbA1c 75 mmol/mol or less, {_YEAR}",
        eligible=_FRAIL,
        first="2019-20",
        points=10,
        thresholds=(52, 92),
    ),
    Indicator(
        code="DM022",
        name="statin from 40, no cardiovascular disease, without frailty",
        achieved="Treated with a statin",
        eligible=f"{_FIT}, aged 40 and over, without cardiovascular disease",
        first="2019-20",
        last="2023-24",
        doubtful=True,
        ages=(40, None),
        points=4,
        thresholds=(50, 90),
    ),
    Indicator(
        code="DM023",
        name="statin, with cardiovascular disease",
        achieved="Treated with a statin",
        eligible="People on the diabetes register with a history of cardiovascular disease",
        first="2019-20",
        last="2023-24",
        doubtful=True,
        points=2,
        thresholds=(50, 90),
    ),
    Indicator(
        code="DM033",
        name="blood pressure 140/80 mmHg or less or as low at home, without frailty",
        achieved=f"Last blood pressure 140/80 mmHg or less, or as low at home, {_YEAR}",
        eligible=_FIT,
        first="2023-24",
        last="2024-25",
        doubtful=True,
        points=10,
        thresholds=(38, 78),
    ),
    Indicator(
        code="DM034",
        name="statin or other lipid therapy from 40, no cardiovascular disease, without frailty",
        achieved="Treated with a statin or, where unsuitable, another lipid-lowering therapy",
        eligible=f"{_FIT}, aged 40 and over, without cardiovascular disease",
        first="2024-25",
        doubtful=True,
        ages=(40, None),
        points=4,
        thresholds=(50, 90),
    ),
    Indicator(
        code="DM035",
        name="statin or other lipid therapy, with cardiovascular disease",
        achieved="Treated with a statin or, where unsuitable, another lipid-lowering therapy",
        eligible="People on the diabetes register with a history of cardiovascular disease",
        first="2024-25",
        doubtful=True,
        points=2,
        thresholds=(50, 90),
    ),
    Indicator(
        code="DM036",
        name="blood pressure 140/90 mmHg or less or as low at home, to 79, without frailty",
        achieved=f"Last blood pressure 140/90 mmHg or less, or as low at home, {_YEAR}",
        eligible=f"{_FIT}, aged 79 and under",
        first="2025-26",
        ages=(17, 79),
        points=27,
        thresholds=(38, 90),
    ),
    Indicator(
        code="DM037",
        name="all eight care processes",
        achieved=f"All eight care processes done {_YEAR}",
        first="2026-27",
        points=10,
        thresholds=(40, 90),
    ),
    Indicator(
        code="NDH001",
        name="HbA1c or fasting glucose in 12 months",
        achieved=f"HbA1c or fasting plasma glucose measured {_YEAR}",
        eligible=_NDH,
        first="2020-21",
        last="2022-23",
        ages=(18, None),
        points=18,
        thresholds=(50, 90),
    ),
    Indicator(
        code="NDH002",
        name="HbA1c or fasting glucose in 12 months",
        achieved=f"HbA1c or fasting plasma glucose measured {_YEAR}",
        eligible=_NDH,
        first="2023-24",
        last="2025-26",
        doubtful=True,
        ages=(18, None),
        points=18,
        thresholds=(50, 90),
    ),
    Indicator(
        code="NDH003",
        name="HbA1c or fasting glucose in 12 months",
        achieved=f"HbA1c or fasting plasma glucose measured {_YEAR}",
        eligible=f"{_NDH}; from 2026-27 also those who had gestational diabetes",
        doubtful=True,
        ages=(18, None),
        points=18,
        thresholds=(50, 90),
    ),
)
"""Every code of the two groups that published figures or guidance name, by code."""
