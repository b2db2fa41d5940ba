"""Code lists of diabetes in hospital records: named, with a version that a definition quotes."""

from __future__ import annotations

from attrs import field, frozen, validators

__all__ = [
    "CORE",
    "CORE_PLUS_ENDO",
    "DIABETES",
    "HYPOGLYCAEMIA",
    "KETOACIDOSIS",
    "MAJOR_BROAD",
    "MAJOR_NARROW",
    "MINOR",
    "RELATED",
    "CodeList",
]


@frozen(kw_only=True)
class CodeList:
    """Codes that are counted as one thing.

    Parameters
    ----------
    id
        Name that a definition quotes; a list whose codes change gets another version.
    version
        From 1.
    words
        What the codes stand for, and what is left out.
    codes
        Whole codes, or beginnings of codes without the point, in order.
    beginnings
        Whether a longer code that begins with one of these counts too.
    source
        Where the codes are published.

    Examples
    --------
    >>> CORE.label, CORE.codes
    ('core:1', ('307', '263'))
    """

    id: str = field(validator=validators.matches_re(r"[a-z][a-z_]*"))
    version: int = field(default=1, validator=validators.ge(1))
    words: str
    codes: tuple[str, ...] = field(validator=validators.min_len(1))
    beginnings: bool = False
    source: str

    @property
    def label(self) -> str:
        """Name and version, as a definition quotes them.

        Examples
        --------
        >>> MINOR.label
        'minor_amputation:1'
        """
        return f"{self.id}:{self.version}"

    @property
    def listed(self) -> str:
        """The codes in words.

        Examples
        --------
        >>> MAJOR_NARROW.listed
        'X093, X094, X095'
        """
        return ", ".join(self.codes)


_FUNCTIONS = "NHS Data Dictionary, treatment function code"
_ICD = "ICD-10, without the point"
_OPCS = "OPCS-4, without the point"

CORE = CodeList(
    id="core",
    words="Diabetic medicine, of adults and of children",
    codes=("307", "263"),
    source=f"{_FUNCTIONS}; the same two as in the Health Foundation's published outpatient work",
)
CORE_PLUS_ENDO = CodeList(
    id="core_plus_endo",
    words="Diabetic medicine and endocrinology, of adults and children; most of 302 is other care",
    codes=(*CORE.codes, "302", "252"),
    source=_FUNCTIONS,
)
RELATED = CodeList(
    id="related",
    words=(
        "Diabetic education, podiatry, dietetics, ophthalmology, medical ophthalmology, optometry, "
        "vascular surgery and nephrology, for whatever reason"
    ),
    codes=("920", "653", "654", "130", "460", "662", "107", "361"),
    source=_FUNCTIONS,
)
DIABETES = CodeList(
    id="diabetes",
    words="Diabetes mellitus; diabetes that begins in pregnancy (O24) is left out",
    codes=("E10", "E11", "E12", "E13", "E14"),
    beginnings=True,
    source=_ICD,
)
KETOACIDOSIS = CodeList(
    id="ketoacidosis",
    words="Diabetes with ketoacidosis; coma (fourth character 0) is left out",
    codes=("E101", "E111", "E121", "E131", "E141"),
    beginnings=True,
    source=_ICD,
)
HYPOGLYCAEMIA = CodeList(
    id="hypoglycaemia",
    words=(
        "Hypoglycaemia, by drugs, other or unspecified; coma of diabetes (E10.0 to E14.0), which "
        "does not say of which kind, is left out"
    ),
    codes=("E160", "E161", "E162"),
    beginnings=True,
    source=_ICD,
)
MAJOR_BROAD = CodeList(
    id="major_broad",
    words=(
        "Any amputation of leg: hindquarter, hip, above, through or below the knee, other and "
        "unspecified; operations on a stump (X12) are left out"
    ),
    codes=("X09",),
    beginnings=True,
    source=_OPCS,
)
MAJOR_NARROW = CodeList(
    id="major_narrow",
    words="Amputation above, through or below the knee",
    codes=("X093", "X094", "X095"),
    beginnings=True,
    source=_OPCS,
)
MINOR = CodeList(
    id="minor_amputation",
    words=(
        "Amputation of foot or toe, through the ankle (X10.1) among them; operations on a stump "
        "(X12) are left out"
    ),
    codes=("X10", "X11"),
    beginnings=True,
    source=_OPCS,
)
