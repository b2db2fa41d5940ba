"""Organisations, by level and code."""

from __future__ import annotations

from attrs import frozen

__all__ = ["Organisation"]


@frozen(kw_only=True)
class Organisation:
    """One organisation: a practice, a PCN, a Place, an ICB.

    Examples
    --------
    >>> str(Organisation(level="pcn", code="U99001", name="Example PCN"))
    'Example PCN (U99001)'
    >>> str(Organisation(level="pcn", code="U99001"))
    'U99001'
    """

    level: str
    code: str
    name: str | None = None

    def __str__(self) -> str:
        """Name and code, or the code alone."""
        return f"{self.name} ({self.code})" if self.name else self.code
