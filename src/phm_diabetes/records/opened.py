"""Records: a source of records opened through a layout, of any size, counted where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from attrs import evolve, field, frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.model.provenance import Provenance
from phm_diabetes.plugins import library_version
from phm_diabetes.records.absent import unjudged
from phm_diabetes.records.answering import Answering, with_refusals
from phm_diabetes.records.block_executor import BlockExecutor
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.records.digesting import Digest
    from phm_diabetes.records.layout import RecordLayout
    from phm_diabetes.records.survey import Finding, Survey

__all__ = ["Records"]

_MOST_ROWS = 5_000_000


@frozen(kw_only=True, eq=False, repr=False)
class Records:
    """Records that :func:`phm_diabetes.open_records` opened; no row is read until it is asked.

    Parameters
    ----------
    layout
        How the source is read.
    executor
        What reads it; it refuses what the source has no columns for.
    file
        Name of the source, without its folder.
    digest
        Makes the hash of its bytes.
    options
        What the caller said of the source.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> phm.open_records(demo.appointments(), adapter="dudley.hes_op")
    <Records dudley.hes_op of DataFrame>
    """

    layout: RecordLayout
    executor: Answering = field(converter=with_refusals)
    file: str
    digest: Digest
    options: Mapping[str, str] = field(factory=dict)

    @property
    def sha256(self) -> str:
        """Hash of its bytes; empty for a frame on an engine, whose rows lie in no one place."""
        return self.digest.value

    @property
    def id(self) -> str:
        """What ``source`` columns hold."""
        return f"{self.layout.name}:{self.sha256[:12] or 'frame'}"

    def survey(self) -> Survey:
        """Check every row, and count the rows used and reported by rule."""
        return self.executor.survey()

    def problems(self, survey: Survey | None = None) -> DataFrame[Problems]:
        """List every rule that any row broke, with how many rows, and without a cell.

        A rule that could not be judged, since the source lacks its column, is listed too.

        Parameters
        ----------
        survey
            What a survey found; one is made where none is given.
        """
        found = self.survey() if survey is None else survey
        return self._listed((*found.findings, *unjudged(self.executor.resolved)))

    def _listed(self, findings: Iterable[Finding]) -> DataFrame[Problems]:
        columns = list(Problems.to_schema().columns)
        rows = [
            {
                "severity": each.severity,
                "rule": each.rule,
                "file": self.file,
                "sheet": "",
                "row": each.first[0] if each.rows == 1 and each.first else None,
                "rows": each.rows,
                "column": each.column,
                "message": each.message + _where(each.first, each.rows),
                "advice": each.advice,
                "sets_aside": each.sets_aside,
            }
            for each in findings
        ]
        table = pd.DataFrame(rows, columns=columns).astype({"row": "Int64"})
        return checked(Problems, table, what="The list of problems")

    def broken_rows(self, *, most: int = 1000) -> DataFrame[Problems]:
        """List the rows that broke a rule, one line each: a second reading, capped.

        Rows are named by their number in the file, where whoever may see them can look them up.

        Parameters
        ----------
        most
            Rows at most of each rule and column.

        Raises
        ------
        OptionError
            For a frame on an engine, which keeps no order of rows.
        """
        reader = self.executor.inner
        if not isinstance(reader, BlockExecutor):
            message = (
                f"{self.file} has no row numbers: an engine keeps no order. Look at .problems(), "
                "or filter the frame by the rule on the engine itself."
            )
            raise OptionError(message)
        found = reader.named_rows(most)
        return self._listed(
            evolve(each, rows=1, first=(row,)) for each in found.findings for row in each.first
        )

    def provenance(self, survey: Survey | None = None) -> Provenance:
        """Say what became of every row: read = used + reported."""
        found = self.survey() if survey is None else survey
        return Provenance(
            file=self.file,
            sha256=self.sha256,
            adapter=self.layout.name,
            adapter_version=self.layout.version,
            library_version=library_version(),
            rows_read=found.rows_read,
            rows_used=found.rows_used,
            rows_reported=found.rows_reported,
            policy=self.layout.policy,
        )

    def frame(self, columns: Sequence[str], *, most: int = _MOST_ROWS) -> pd.DataFrame:
        """Return the used rows' canonical columns with their ``source_row``.

        These are records of people: they stay where the records may lie.

        Parameters
        ----------
        columns
            Canonical columns, such as ``["person", "date"]``.
        most
            Rows that may be held at once.

        Raises
        ------
        OptionError
            When there are more rows.
        """
        return self.executor.frame(columns, most=most)

    def __repr__(self) -> str:
        """Layout and file, no cells."""
        return f"<Records {self.layout.name} of {self.file}>"


def _where(first: Sequence[int], rows: int) -> str:
    if not first or rows == 1:
        return ""
    named = ", ".join(f"{row:,}" for row in first)
    return f" (rows {named}{' …' if rows > len(first) else ''})"
