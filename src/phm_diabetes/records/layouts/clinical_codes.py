"""Diagnoses and procedures, which stand in numbered columns."""

from __future__ import annotations

from phm_diabetes.records.columns import Column

__all__ = ["diagnoses_column", "procedures_column"]

_LENGTH = 4  # a fifth character and the marks of dagger and asterisk say nothing that is asked here


def diagnoses_column(sources: tuple[str, ...], *, slots: int, kept: bool = True) -> Column:
    """Return ICD-10 codes of four characters; R69X, cause not known, is blank.

    Parameters
    ----------
    sources
        Headers, with ``{:02d}`` for the number of the slot.
    slots
        How many.
    kept
        As of a :class:`~phm_diabetes.records.columns.Column`.

    Examples
    --------
    >>> from phm_diabetes.records.reading import reader_of
    >>> read = reader_of(diagnoses_column(("DIAG_{:02d}",), slots=20))
    >>> [read(text)[0] for text in ("E1190", "E119D", "R69X6")]
    ['E119', 'E119', None]
    """
    unknown = frozenset({"R69X", "R69X3", "R69X6", "R69X8"})
    return _column("diagnoses", sources, slots, unknown, kept=kept)


def procedures_column(sources: tuple[str, ...], *, slots: int, kept: bool = True) -> Column:
    """Return OPCS-4 codes of four characters; X997 to X999, no operation, are blank.

    Parameters
    ----------
    sources
        Headers, with ``{:02d}`` for the number of the slot.
    slots
        How many.
    kept
        As of a :class:`~phm_diabetes.records.columns.Column`.

    Examples
    --------
    >>> procedures_column(("OPERTN_{:02d}",), slots=24).headers[0][23]
    'OPERTN_24'
    """
    none = frozenset({"X997", "X998", "X999"})
    return _column("procedures", sources, slots, none, kept=kept)


def _column(
    name: str, sources: tuple[str, ...], slots: int, nulls: frozenset[str], *, kept: bool
) -> Column:
    return Column(
        name=name,
        sources=sources,
        kind="codes",
        slots=slots,
        required=False,
        nulls=nulls,
        cut=_LENGTH,
        pattern="[A-Z][0-9]{2}[0-9A-Z]?",
        broken="blank",
        kept=kept,
    )
