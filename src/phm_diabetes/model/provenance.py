"""Provenance: which file a row came from, read by what, and what became of its rows."""

from __future__ import annotations

from attrs import frozen

from phm_diabetes.model.policies import PUBLISHED, Policy

__all__ = ["Provenance"]


@frozen(kw_only=True)
class Provenance:
    """Where an extract came from; it holds no time, so the same input gives the same bytes.

    Parameters
    ----------
    file
        Name of the file, without its folder; ``"DataFrame"`` for a table handed over.
    sha256
        Hash of the bytes read, in hexadecimal.
    adapter, adapter_version, library_version
        What read it.
    sheets
        Sheets, or members of a zip, that were read.
    rows_read, rows_used, rows_reported
        Source rows below the header; read = used + reported. Blank padding is not counted.
    policy
        What disclosure rule the figures are under.

    Examples
    --------
    >>> origin = Provenance(
    ...     file="a.csv", sha256="0f" * 32, adapter="england.qof", adapter_version="1",
    ...     library_version="0.1.0", rows_read=3, rows_used=2, rows_reported=1,
    ... )
    >>> origin.id
    'england.qof:0f0f0f0f0f0f'
    """

    file: str
    sha256: str
    adapter: str
    adapter_version: str
    library_version: str
    sheets: tuple[str, ...] = ()
    rows_read: int = 0
    rows_used: int = 0
    rows_reported: int = 0
    policy: Policy = PUBLISHED

    @property
    def id(self) -> str:
        """Adapter and the first 12 digits of the hash: what ``source`` columns hold."""
        return f"{self.adapter}:{self.sha256[:12]}"

    def __str__(self) -> str:
        """One line for a person."""
        return (
            f"{self.file} (SHA-256 {self.sha256[:12]}…) read by {self.adapter} "
            f"{self.adapter_version}: {self.rows_read:,} rows read, {self.rows_used:,} used, "
            f"{self.rows_reported:,} reported"
        )
