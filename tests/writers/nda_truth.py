"""Planted people of a planted audit: what is true, and what the audit would publish of it."""

from __future__ import annotations

from attrs import frozen

from phm_diabetes.adapters.nda_headers import HEADINGS

SUBTYPES = {"Type 1": "type_1", "Type 2 and other": "type_2_and_other"}
_SHARES = {
    "dm.cp.hba1c": 93,
    "dm.cp.bp": 92,
    "dm.cp.cholesterol": 88,
    "dm.cp.creatinine": 90,
    "dm.cp.urine_albumin": 62,
    "dm.cp.foot": 76,
    "dm.cp.bmi": 85,
    "dm.cp.smoking": 91,
    "dm.cp.retinal": 70,
    "dm.cp8": 51,
    "dm.cp9": 41,
    "dm.tt.hba1c_48": 31,
    "dm.tt.hba1c_53": 46,
    "dm.tt.hba1c_58": 60,
    "dm.tt.hba1c_75": 84,
    "dm.tt.hba1c_86": 91,
    "dm.tt.bp_140_80": 66,
    "dm.tt.bp_140_90": 78,
    "dm.tt.cholesterol_4": 42,
    "dm.tt.cholesterol_5": 77,
    "dm.tt.statin_primary": 70,
    "dm.tt.statin_secondary": 86,
    "dm.tt.statin_combined": 74,
}
_ALL_THREE = {"cholesterol": 40, "statin": 36, "140/90": 43}


@frozen(kw_only=True)
class Practice:
    """A planted practice and what it belongs to."""

    code: str
    pcn: str
    sub_icb: str
    icb: str

    @property
    def number(self) -> int:
        """The digits of its code, from which its people follow."""
        return int(self.code[-2:])


PRACTICES = tuple(
    Practice(
        code=f"Y990{number:02}",
        pcn=f"U9900{1 + number // 3}",
        sub_icb="99Z" if number < 6 else "99Y",
        icb="QZZ" if number < 6 else "QZY",
    )
    for number in range(9)
)


def people(practice: Practice, subtype: str) -> int:
    """Registered people: practice 0 has nobody of type 1, the others ever more."""
    return practice.number * 13 if subtype == "type_1" else 190 + practice.number * 61


def eligible(practice: Practice, subtype: str, measure: str) -> int:
    """The denominator: for a target fewer people, for they need a reading."""
    everyone = people(practice, subtype)
    return everyone * 9 // 10 if measure.startswith("dm.tt") else everyone


def reached(practice: Practice, subtype: str, measure: str, variant: str = "statin") -> int:
    """The numerator, a little different in every practice."""
    share = _ALL_THREE[variant] if measure == "dm.tt3" else _SHARES[measure]
    return eligible(practice, subtype, measure) * (share - practice.number) // 100


def published(count: int) -> int:
    """A count as the audit publishes it."""
    if 0 < count <= 7:
        return 5
    return (count + 2) // 5 * 5


def organisations() -> list[tuple[str, str, list[Practice]]]:
    """Return level, code and practices of England and everything in it, largest first."""
    found = [("england", "England", list(PRACTICES))]
    for level in ("icb", "sub_icb", "pcn"):
        codes = dict.fromkeys(getattr(each, level) for each in PRACTICES)
        found += [
            (level, code, [each for each in PRACTICES if getattr(each, level) == code])
            for code in codes
        ]
    return found + [("practice", each.code, [each]) for each in PRACTICES]


def triple(
    members: list[Practice], subtype: str, measure: str, variant: str = "statin", *, exact: bool
) -> list[object]:
    """Return numerator, denominator and percentage of some practices, as published."""
    top = sum(reached(each, subtype, measure, variant) for each in members)
    whole = sum(eligible(each, subtype, measure) for each in members)
    percentage = round(100 * top / whole, 1) if whole > 20 else None
    if exact:
        return [top, whole, percentage]
    return [published(top), published(whole), percentage]


PROCESSES = [measure for measure in HEADINGS if measure.startswith("dm.cp")]
EIGHT = [measure for measure in PROCESSES if measure not in {"dm.cp.retinal", "dm.cp9"}]
HBA1C = [measure for measure in HEADINGS if measure.startswith("dm.tt.hba1c")]
STATINS = [measure for measure in HEADINGS if measure.startswith("dm.tt.statin")]

GROUPS = {
    "age_band": {
        "Aged under 40": ("<40", 9),
        "Aged 40 to 64": ("40-64", 41),
        "Aged 65 to 79": ("65-79", 33),
        "Aged 80 and over": ("80+", 17),
    },
    "sex": {"Male": ("male", 54), "Female": ("female", 45), "Unknown sex": ("unknown", 1)},
    "ethnicity": {
        "White": ("white", 61),
        "Minority": ("minority", 29),
        "Unknown": ("unknown", 10),
    },
    "imd_quintile": {
        "IMD most deprived": ("1", 31),
        "IMD 2nd most deprived": ("2", 24),
        "IMD 3rd most deprived": ("3", 19),
        "IMD 2nd least deprived": ("4", 15),
        "IMD least deprived": ("5", 10),
        "IMD unknown": ("unknown", 1),
    },
}
"""Headings of each dimension, with our level and its share of people in percent."""


def split(count: int, dimension: str) -> dict[str, int]:
    """Split people over the levels of a dimension, so that they add up."""
    shares = [share for _, share in GROUPS[dimension].values()]
    edges = [count * sum(shares[:spot]) // 100 for spot in range(len(shares) + 1)]
    return {
        level: edges[spot + 1] - edges[spot]
        for spot, (level, _) in enumerate(GROUPS[dimension].values())
    }
