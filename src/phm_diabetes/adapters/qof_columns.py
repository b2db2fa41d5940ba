"""Columns of the QOF's workbooks: what each holds, by its words and never by its place."""

from __future__ import annotations

import re

from attrs import frozen

from phm_diabetes.disease_areas.qof_codes import INDICATOR_CODE

__all__ = ["QofColumn", "column_of", "is_code", "is_identity", "is_layout", "is_year", "label_of"]

_YEAR = re.compile(r"(20\d\d-\d\d)\d?")  # a last digit is a footnote's mark
_CODE = re.compile(INDICATOR_CODE)
_LEFT_OUT = r"(?:exceptions|pcas|personalised care adjustments)"
_AGES = r"(?:ages? )?(?:(?P<low>\d+)\+|(?P<from>\d+) ?(?:-|to) ?(?P<to>\d+))"
_READ = {
    "numerator": "numerator",
    "denominator": "denominator",
    "excluded": _LEFT_OUT,
    "everyone": rf"denominator plus {_LEFT_OUT}",
    "register": "register",
    "list": rf"(?:list size|(?P<sex>females|males) aged)(?: {_AGES})?",
    "practices": "number of practices",
    "points": r"achievement score(?: \(max +(?P<most>\d+) per practice\))?",
}
_NOT_READ = (
    r"prevalence(?: rate)? \(%\)",
    r"(?:prevalence )?year on year change(?: .*)?",
    r"total achievement score.*",
    r"achievement(?: rate)? \(%\)",
    rf"total {_LEFT_OUT}",
    r"total denominators",
    r"(?:overall )?(?:exception|pca|personalised care adjustment) rate \(%\)",
    rf"underlying achievement net of {_LEFT_OUT} \(%\)",
    r"patients receiving intervention \(%\)",
)


@frozen(kw_only=True)
class QofColumn:
    """What a column holds.

    Parameters
    ----------
    header
        Its words, flattened, such as ``"DM006 / Numerator"``.
    label
        Year or indicator's code.
    kind
        ``"numerator"``, ``"denominator"``, ``"excluded"``, ``"everyone"``, ``"register"``,
        ``"list"``, ``"practices"`` or ``"points"``.
    list_type
        Of a list size: ages by the publisher's code, such as ``"17OV"``.
    most
        Of points: the most that a practice can earn, as text.

    Examples
    --------
    >>> QofColumn(header="AF006 / Numerator", label="AF006", kind="numerator").most
    ''
    """

    header: str
    label: str
    kind: str
    list_type: str = ""
    most: str = ""


def column_of(label: str, text: str) -> QofColumn | None:
    """Return what a column holds; nothing where it is not read.

    Parameters
    ----------
    label
        Year or code that stands over it.
    text
        What it is called.

    Examples
    --------
    >>> column_of("2018-19", "List size ages 17+").list_type
    '17OV'
    >>> column_of("2018-19", "Prevalence (%)")
    """
    for kind, pattern in _READ.items():
        match = re.fullmatch(pattern, text.casefold())
        if match is not None and label:
            parts = match.groupdict()
            return QofColumn(
                header=f"{label} / {text}",
                label=label,
                kind=kind,
                list_type=_list_type(parts) if kind == "list" else "",
                most=parts.get("most") or "",
            )
    return None


def _list_type(parts: dict[str, str | None]) -> str:
    low, start, end = (parts.get(name) for name in ("low", "from", "to"))
    if low:
        ages = f"{low}OV"
    elif start and end:
        ages = f"{end}UN" if start == "0" else f"{start}_{end}"
    else:
        return "TOTAL"
    return f"{ages}_F" if parts.get("sex") == "females" else ages


def label_of(text: str) -> str:
    """Return the year or indicator's code that a cell is, or nothing.

    Examples
    --------
    >>> label_of("2017-181"), label_of("AF006"), label_of("Prevalence")
    ('2017-18', 'AF006', '')
    """
    year = _YEAR.fullmatch(text)
    return year[1] if year else text if _CODE.fullmatch(text) else ""


def is_year(label: str) -> bool:
    """Whether a label is a year.

    Examples
    --------
    >>> is_year("2018-19"), is_year("AF006")
    (True, False)
    """
    return _YEAR.fullmatch(label) is not None


def is_code(label: str) -> bool:
    """Whether a label is an indicator's code.

    Examples
    --------
    >>> is_code("2018-19"), is_code("AF006")
    (False, True)
    """
    return _CODE.fullmatch(label) is not None


def is_identity(text: str) -> bool:
    """Whether a column says which organisation a row is about.

    Examples
    --------
    >>> is_identity("CCG ONS code"), is_identity("Register")
    (True, False)
    """
    return re.fullmatch(r".*\b(?:code|name)", text.casefold()) is not None


def is_layout(text: str) -> bool:
    """Whether the layout has a column of those words that is not read.

    Examples
    --------
    >>> is_layout("Prevalence (%)"), is_layout("Something new (%)")
    (True, False)
    """
    return is_identity(text) or any(re.fullmatch(each, text.casefold()) for each in _NOT_READ)
