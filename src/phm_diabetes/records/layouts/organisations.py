"""Providers, sites and specialties of a record, and which trust took over which."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from phm_diabetes.records.columns import Case, Column, Derived

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "MERSEYSIDE_TRUSTS",
    "code_column",
    "provider_columns",
    "site_column",
    "specialty_column",
]

MERSEYSIDE_TRUSTS: Mapping[str, str] = MappingProxyType({"RVY": "RBN", "RQ6": "REM"})
"""Successor by trust: RVY became part of RBN on 1 July 2023, RQ6 of REM in October 2019."""


_TRUST = "[RT57][A-Z0-9]{2,8}"
"""Codes of NHS trusts, with or without a site; of primary care trusts; of Welsh health boards."""


def provider_columns(
    sources: tuple[str, ...], successors: Mapping[str, str]
) -> tuple[Column, tuple[Derived, ...]]:
    """Return the provider: a trust by its first three characters, any other by its whole code.

    The next two characters of an NHS trust's code are its site. Independent providers are told
    by five characters, and practices by six.

    Parameters
    ----------
    sources
        Headers.
    successors
        Successor by trust. Records of before a merger count under the successor as well, so that
        its figures before and after are of the same hospitals.

    Returns
    -------
    Column, tuple of Derived
        The column read, and the one made of it where there are successors.

    Examples
    --------
    >>> column, made = provider_columns(("PROCODE3",), MERSEYSIDE_TRUSTS)
    >>> column.name, made[0].cases[1].then
    ('provider_sent', 'RBN')
    >>> from phm_diabetes.records.reading import reader_of
    >>> [reader_of(column)(code)[0] for code in ("RNA01", "NVC07", "8HX12", "M87001")]
    ['RNA', 'NVC07', '8HX12', 'M87001']
    """
    column = Column(
        name="provider_sent" if successors else "provider",
        sources=sources,
        kind="text",
        nulls=frozenset({"89997", "89999"}),
        cut=3,
        cut_like=_TRUST,
        pattern="[A-Z0-9]{3,8}",
        blank="",
        broken="blank",
        kept=not successors,
    )
    if not successors:
        return column, ()
    cases = [Case(when={column.name: {old}}, then=new) for old, new in sorted(successors.items())]
    same = Case(then=f"={column.name}")
    return column, (Derived(name="provider", cases=(*cases, same), otherwise=""),)


def site_column(sources: tuple[str, ...]) -> Column:
    """Return the site of treatment.

    Examples
    --------
    >>> site_column(("SITETRET",)).required
    False
    """
    return Column(
        name="site",
        sources=sources,
        kind="text",
        required=False,
        nulls=frozenset({"89997", "89999"}),
        pattern="[A-Z0-9]{2,5}|[A-Z][A-Z0-9]{5,8}",
        blank="",
        broken="blank",
    )


def specialty_column(name: str, sources: tuple[str, ...], *, required: bool = False) -> Column:
    """Return a treatment function or a main specialty.

    Examples
    --------
    >>> from phm_diabetes.records.reading import reader_of
    >>> read = reader_of(specialty_column("treatment_function", ("TRETSPEF",)))
    >>> read("307.0"), read("Podiatry")
    (('307', ''), ('', 'unknown code'))
    """
    return code_column(name, sources, pattern="[0-9A-Z]{3}", width=3, required=required)


def code_column(
    name: str,
    sources: tuple[str, ...],
    *,
    pattern: str,
    width: int = 0,
    nulls: frozenset[str] = frozenset(),
    required: bool = False,
) -> Column:
    """Return a column of codes that are kept as they are, and blank where not known.

    Parameters
    ----------
    name, sources, pattern, width, nulls, required
        As of a :class:`~phm_diabetes.records.columns.Column`.

    Examples
    --------
    >>> from phm_diabetes.records.reading import reader_of
    >>> column = code_column("admin_category", ("ADMINCAT",), pattern="[0-9]{2}", width=2)
    >>> reader_of(column)("2.0")
    ('02', '')
    """
    return Column(
        name=name,
        sources=sources,
        kind="code",
        required=required,
        nulls=nulls,
        width=width,
        pattern=pattern,
        blank="",
        broken="blank",
    )
