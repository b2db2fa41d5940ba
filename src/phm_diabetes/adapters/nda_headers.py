"""Header words of the National Diabetes Audit: matched by what they say, however they drift."""

from __future__ import annotations

import html
import re
import unicodedata

from phm_diabetes.errors import did_you_mean

__all__ = ["HEADINGS", "identifier_in", "measure_in", "near_heading", "part_in", "plain_words"]

HEADINGS = {
    "dm.cp.hba1c": "HbA1c",
    "dm.cp.bp": "Blood Pressure",
    "dm.cp.cholesterol": "Cholesterol",
    "dm.cp.creatinine": "Serum Creatinine",
    "dm.cp.urine_albumin": "Urine Albumin",
    "dm.cp.foot": "Foot Surveillance",
    "dm.cp.bmi": "BMI",
    "dm.cp.smoking": "Smoking",
    "dm.cp.retinal": "Retinal Screening",
    "dm.cp8": "All Eight Care Processes",
    "dm.cp9": "All Nine Care Processes",
    "dm.tt.hba1c_48": "HbA1c <= 48 mmol/mol (6.5%)",
    "dm.tt.hba1c_53": "HbA1c <= 53 mmol/mol (7.0%)",
    "dm.tt.hba1c_58": "HbA1c <= 58 mmol/mol (7.5%)",
    "dm.tt.hba1c_75": "HbA1c <= 75 mmol/mol (9.0%)",
    "dm.tt.hba1c_86": "HbA1c <= 86 mmol/mol (10.0%)",
    "dm.tt.bp_140_80": "Blood Pressure <= 140/80",
    "dm.tt.bp_140_90": "Blood Pressure <= 140/90",
    "dm.tt.cholesterol_4": "Cholesterol < 4 mmol/l",
    "dm.tt.cholesterol_5": "Cholesterol < 5 mmol/l",
    "dm.tt.statin_primary": "Primary Prevention - On Statins without CVD History",
    "dm.tt.statin_secondary": "Secondary Prevention - On Statins with CVD History",
    "dm.tt.statin_combined": "Combined Prevention - On Statins",
    "dm.tt3": "All Three Treatment Targets",
    "dm.education.offered": "Offered structured education within 12 months of diagnosis",
    "dm.education.attended": "Attended structured education within 12 months of diagnosis",
}
"""Each measure's heading as the workbooks of the 2020s write it."""

# Signs are told apart by threshold and not by sign: 2016-17 heads "<48" what is counted as <= 48.
_ALIASES = {
    "dm.cp.hba1c": r"hba1c",
    "dm.cp.bp": r"bp",
    "dm.cp.cholesterol": r"(total |serum )?cholesterol",
    "dm.cp.creatinine": r"(serum |blood )?creatinine",
    "dm.cp.urine_albumin": r"(urine|urinary) albumin|(urine |urinary )?acr|albumin",
    "dm.cp.foot": r"foot (surveillance|exam|examination|risk surveillance|check|risk)|feet",
    "dm.cp.bmi": r"bmi|body mass index",
    "dm.cp.smoking": r"smoking( status| review)?",
    "dm.cp.retinal": r"(retinal|eye|digital retinal) (screening|exam|examination)",
    "dm.cp8": r"all 8( care)?( processes)?",
    "dm.cp9": r"all 9( care)?( processes)?",
    **{f"dm.tt.hba1c_{limit}": rf"hba1c <=?{limit}" for limit in (48, 53, 58, 75, 86)},
    "dm.tt.bp_140_80": r"bp <=?140/80",
    "dm.tt.bp_140_90": r"bp <=?140/90",
    "dm.tt.cholesterol_4": r"(total |serum )?cholesterol <=?4",
    "dm.tt.cholesterol_5": r"(total |serum )?cholesterol <=?5",
    "dm.tt.statin_primary": r"(cvd )?primary prevention.*|(on )?statins? without cvd.*",
    "dm.tt.statin_secondary": r"(cvd )?secondary prevention.*|(on )?statins? with cvd.*",
    "dm.tt.statin_combined": r"(cvd )?combined (cvd )?prevention.*",
    "dm.tt3": r"((meeting|achieving) )?all 3( treatment)?( targets)?\b.*",
    "dm.education.offered": r"offered (structured )?education.*",
    "dm.education.attended": r"attended (structured )?education.*",
}
_IDENTIFIERS = {
    "year": r"audit year|year",
    "type": r"(diabetes )?type|type of diabetes",
    "region": r"(nhs )?(england )?region( code)?",
    "icb": r"(icb|stp|ics)( ods)?( code)?",
    "sub_icb": r"sub icb( location)?( ods)?( code)?|ccg( ?/? ?lhb)?( ods)?( code)?",
    "pcn": r"pcn( ods)?( code)?|primary care network( code)?",
    "practice": r"(gp|gp practice|practice)( ods)?( code)?",
    "organisation": r"(organisation|org|service)( ods)?( code)?",
    "name": r".*\bnames?",
}
_PARTS = {
    "numerator": r"numerator|num|number|n",
    "denominator": r"denominator|denom|den",
    "percentage": r"percentage|per cent|percent|pct|%|rate \(%\)",
    "ignored": (
        r"observed|expected|standardised (rate|ratio)|"
        r"(lcl|ucl|lower|upper)( ?ci| confidence (limit|interval)| 95.*)?|"
        r"banding|band"
    ),
}
_WORDS = (
    (r"[¹²³⁰-₟]+|\[[^\]]*note[^\]]*\]", ""),  # marks of footnotes
    (r"[_\s:;,–—-]+", " "),
    (r"\([^()]*%\)|\(?mmol ?/ ?(mol|l)\)?|mm ?hg", " "),  # units, and the same limit in percent
    (r"less than or equal to|at or below|≤|=<", "<="),
    (r"less than|below", "<"),
    (r"glycated haemoglobin|haemoglobin a1c|hb ?1 ?ac|hb ?a ?1 ?c", "hba1c"),
    (r"blood pressure", "bp"),
    (r"\beight\b", "8"),
    (r"\bnine\b", "9"),
    (r"\bthree\b", "3"),
    (r"(\d[\d/.]*) or less", r"<=\1"),
    (r" ?(<=?|>=?) ?", r" \1"),
    (r" ?/ ?", "/"),
    (r"(?<=140/)(80|90) (old|new)\b", r"\1"),
)


def plain_words(text: str) -> str:
    """Return a header without case, units, footnote marks and the ways that signs are written.

    Examples
    --------
    >>> plain_words("Glycated haemoglobin ≤ 58 mmol/mol (7.5%)")
    'hba1c <=58'
    >>> plain_words("Blood Pressure &lt;=140/80")
    'bp <=140/80'
    """
    words = html.unescape(text)
    for pattern, instead in _WORDS[:1]:
        words = re.sub(pattern, instead, words)
    words = unicodedata.normalize("NFKC", words).casefold()
    for pattern, instead in _WORDS[1:]:
        words = " ".join(re.sub(pattern, instead, words).split())
    return words


def _found(table: dict[str, str], words: str) -> str | None:
    return next((name for name, known in table.items() if re.fullmatch(known, words)), None)


def measure_in(heading: str) -> str | None:
    """Return the measure that a heading names, or ``None``.

    Which definition of all three treatment targets is meant, the heading does not settle.

    Examples
    --------
    >>> measure_in("Hb1Ac"), measure_in("HBA1C < 48"), measure_in("HbA1c <= 59 mmol/mol")
    ('dm.cp.hba1c', 'dm.tt.hba1c_48', None)
    >>> measure_in("All Three Treatment Targets old")
    'dm.tt3'
    """
    return _found(_ALIASES, plain_words(heading))


def identifier_in(header: str) -> str | None:
    """Return which part of an organisation's identity a column holds, or ``None``.

    Examples
    --------
    >>> identifier_in("CCG/LHB"), identifier_in("ICB name"), identifier_in("List size")
    ('sub_icb', 'name', None)
    """
    return _found(_IDENTIFIERS, plain_words(header))


def part_in(header: str) -> str | None:
    """Return whether a column holds a numerator, a denominator or what is not read.

    Examples
    --------
    >>> part_in("Numerator"), part_in("Per cent"), part_in("LCL"), part_in("GP code")
    ('numerator', 'percentage', 'ignored', None)
    """
    return _found(_PARTS, plain_words(header))


def near_heading(heading: str) -> str:
    """Return a question for a heading that is not known, naming the nearest that is.

    Examples
    --------
    >>> near_heading("HbA1c <= 59 mmol/mol (7.5%)")
    " Did you mean 'HbA1c <= 58 mmol/mol (7.5%)'?"
    """
    return did_you_mean(heading, HEADINGS.values())
