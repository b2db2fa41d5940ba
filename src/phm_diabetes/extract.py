"""Extract: what one load gives: typed tables, problems and provenance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from pandera.typing import DataFrame

    from phm_diabetes.model.provenance import Provenance
    from phm_diabetes.schemas.problems import Problems

__all__ = ["Extract"]


@frozen(kw_only=True, eq=False, repr=False)
class Extract:
    """Tables read from one source, and what became of every row of it.

    Parameters
    ----------
    tables
        Table by name; the first is the main one.
    problems
        Every row reported, with its reason.
    provenance
        File, hash, adapter and row counts.

    Examples
    --------
    >>> import phm_diabetes.demo as demo
    >>> import phm_diabetes as phm
    >>> extract = phm.load(demo.registers(), adapter="england.qof_prevalence", period="2022-23")
    >>> extract.provenance.rows_read == extract.provenance.rows_used
    True
    """

    tables: Mapping[str, pd.DataFrame]
    problems: DataFrame[Problems]
    provenance: Provenance = field()

    @property
    def table(self) -> Any:  # noqa: ANN401 - its schema is the adapter's to declare
        """The main table."""
        return next(iter(self.tables.values()))

    @property
    def unmapped(self) -> DataFrame[Problems]:
        """Rows reported because their organisation could not be recognised."""
        unknown = self.problems["rule"] == "organisation code"
        return self.problems[unknown]

    def __repr__(self) -> str:
        """Sizes and provenance, no cells."""
        sizes = ", ".join(f"{name} {len(table):,}" for name, table in self.tables.items())
        return f"<Extract {self.provenance.id}: {sizes} rows; {self.provenance}>"
