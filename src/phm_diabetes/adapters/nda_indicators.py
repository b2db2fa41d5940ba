"""Fingertips' indicators of diabetes: what each counts, under which definition and rounding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

from phm_diabetes.disease_areas.nda_versions import ALL_THREE, nda_definition
from phm_diabetes.model.periods import Period

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["INDICATORS", "Indicator"]

_FIRST_ROUNDED = 2016
_TYPE_2 = "People with type 2 diabetes who "
_YOUNG, _EVERYONE, _ADULTS = "12+ yrs", "All ages", "17+ yrs"

Kind = Literal["audit", "share", "register", "foot", "score"]


@frozen(kw_only=True)
class Indicator:
    """One indicator.

    Parameters
    ----------
    name
        The publisher's name, which must stand beside its number.
    kind
        ``"audit"``: of the National Diabetes Audit; ``"share"``: registrations of an age;
        ``"register"``: of the QOF; ``"foot"``: hospital events over three years; ``"score"``: no
        count of people.
    measure
        What it counts; blank for a score.
    age
        The label of the ages that are counted.
    levels
        Level of each dimension that is not all.
    per
        Multiplier of the published figure; ``None`` where it is standardised, and so no quotient
        of its counts.

    Examples
    --------
    >>> INDICATORS["92873"].measure
    'dm.cp8'
    """

    name: str
    kind: Kind
    measure: str = ""
    age: str = _EVERYONE
    levels: Mapping[str, str] = field(factory=dict)
    per: int | None = 100

    @property
    def dataset(self) -> str:
        """What the figures belong to."""
        return {"register": "QOF", "foot": "HES"}.get(self.kind, "NDA")

    @property
    def subtype(self) -> str:
        """Type of diabetes: the audit's type 2 takes in every other."""
        return "type_2_and_other" if self.kind in {"audit", "share"} else "all"

    def period(self, year: int) -> Period:
        """Return the period of a year, by the first of its label; three pooled for foot disease."""
        label = f"{year}-{(year + 1) % 100:02}"
        if self.kind in {"audit", "share"}:
            return Period.audit(label, months=15)
        first = Period.financial_year(label)
        if self.kind != "foot":
            return first
        last = Period.financial_year(f"{year + 2}-{(year + 3) % 100:02}")
        return Period(start=first.start, end=last.end)

    def definition(self, number: str, year: int) -> str:
        """Return the definition of a year's figures.

        All three targets stand out of fewer people than have a cholesterol in every area and
        year, which is so only where cholesterol is one of the three.
        """
        if self.kind == "register":
            return "qof:DM:17OV"
        if self.kind == "foot":
            return f"fingertips:{number}"
        components = ALL_THREE[0] if self.measure == "dm.tt3" else None
        return nda_definition(self.measure, window="15m", year=year, components=components)

    def rounds(self, year: int, *, denominator: bool) -> bool:
        """Whether a year's numerators, or denominators, are rounded to 5."""
        kinds = {"audit", "share"} if denominator else {"audit", "share", "foot"}
        return self.kind in kinds and year >= _FIRST_ROUNDED


def _audit(measure: str, words: str, age: str) -> Indicator:
    return Indicator(name=_TYPE_2 + words, kind="audit", measure=measure, age=age)


def _share(words: str, level: str) -> Indicator:
    return Indicator(
        name=f"Percentage of people with type 2 diabetes aged {words}",
        kind="share",
        measure="dm.registrations",
        levels={"age_band": level},
    )


def _foot(measure: str, words: str, per: int | None) -> Indicator:
    name = f"{words} for people with diabetes"
    return Indicator(name=name, kind="foot", measure=measure, age=_ADULTS, per=per)


INDICATORS = {
    "241": Indicator(
        name="Diabetes: QOF prevalence (17+ yrs)",
        kind="register",
        measure="dm.register",
        age=_ADULTS,
    ),
    "92829": _audit("dm.cp.hba1c", "received a blood glucose test", _EVERYONE),
    "92831": _audit("dm.cp.bp", "received a blood pressure check", _YOUNG),
    "92833": _audit("dm.cp.cholesterol", "received a cholesterol check", _YOUNG),
    "92835": _audit("dm.cp.creatinine", "received a serum creatinine test", _YOUNG),
    "92837": _audit("dm.cp.urine_albumin", "received urinary albumin test", _YOUNG),
    "92843": _audit("dm.cp.foot", "have received an annual foot check", _YOUNG),
    "92873": _audit("dm.cp8", "received all 8 care processes", _EVERYONE),
    "92875": _audit("dm.tt3", "achieved all three treatment targets", _EVERYONE),
    "92877": _audit(
        "dm.tt.hba1c_48", "achieved a blood glucose level of 48 mmol/mol or less", _EVERYONE
    ),
    "92883": _audit("dm.tt.bp_140_80", "achieved a blood pressure of 140/80 or less", _YOUNG),
    "92887": _audit(
        "dm.tt.cholesterol_5", "achieved a cholesterol value of 5mmol/l or less", _YOUNG
    ),
    "93047": _foot("dm.foot.major_amputations", "Major lower-limb amputation procedures", per=None),
    "93049": _foot("dm.foot.minor_amputations", "Minor lower-limb amputation procedures", per=None),
    "93051": _foot("dm.foot.spells", "Hospital spells for foot disease", per=10_000),
    "93208": _share("under 40", "<40"),
    "93209": _share("40 to 64", "40-64"),
    "93210": _share("65 to 79", "65-79"),
    "93211": _share("80 and over", "80+"),
    "93553": Indicator(name="Deprivation score (IMD 2019)", kind="score", per=None),
}
"""Indicators by number."""
