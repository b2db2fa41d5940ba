"""The executor for frames on an engine: Polars, DuckDB and Spark, through narwhals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from phm_diabetes.errors import OptionError
from phm_diabetes.records.counted_rows import RowPacker
from phm_diabetes.records.engine_copies import USED
from phm_diabetes.records.engine_counts import EngineCounter, layers_of
from phm_diabetes.records.engine_frames import Answer, opened_frame, without_cells
from phm_diabetes.records.engine_rows import EngineRows, read_rows, slots_of
from phm_diabetes.records.engine_tables import as_words, canonical_column, tally_tables
from phm_diabetes.records.resolving import resolve
from phm_diabetes.records.tallied import empty_tally, ranked_tally

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from phm_diabetes.model.policies import Policy
    from phm_diabetes.records.layout import RecordLayout
    from phm_diabetes.records.plan import Plan
    from phm_diabetes.records.resolving import Resolved
    from phm_diabetes.records.survey import Survey

__all__ = ["FrameExecutor"]


class FrameExecutor:
    """Count records where they lie: a frame of Polars (eager or lazy), DuckDB or Spark.

    Every cell is checked, and every row counted, by expressions that the engine computes. What
    leaves it are counts that the policy lets out, and the rows that :meth:`frame` is asked for.

    Parameters
    ----------
    native
        The frame. Columns of texts are read as they are, others as they are written.
    layout
        How it is read.
    options
        What the caller says of the source, by name.
    key
        The caller's key for pseudonyms; refused where the frame holds identifiers, as no
        engine's own functions make a keyed pseudonym.

    Raises
    ------
    OptionError
        When `native` is no frame of an engine, or a key is given for identifiers.
    SourceLayoutError
        When a column that the layout needs is absent.

    Examples
    --------
    >>> import polars as pl
    >>> from phm_diabetes.records.columns import Column
    >>> from phm_diabetes.records.layout import RecordLayout
    >>> layout = RecordLayout(
    ...     place="north", dataset="reviews", version="1", layout="One row a review.",
    ...     description="Planted.", table="appointments", title="Reviews", key="review",
    ...     day="date", columns=(Column(name="review", sources=("ID",), kind="id"),
    ...                          Column(name="date", sources=("SEEN",), kind="date")))
    >>> table = pl.DataFrame({"ID": ["1", "2"], "SEEN": ["2023-04-01", "soon"]})
    >>> survey = FrameExecutor(table, layout).survey()
    >>> survey.rows_used, survey.findings[0].rule, survey.findings[0].first
    (1, 'date', ())
    """

    def __init__(
        self,
        native: object,
        layout: RecordLayout,
        *,
        options: Mapping[str, str] | None = None,
        key: bytes | None = None,
    ) -> None:
        engine = opened_frame(native)
        self.layout = layout
        self.resolved: Resolved = resolve(
            layout, engine.headers, file=f"the {engine.name} frame", options=options, key=key
        )
        _refuse_key(self.resolved, engine.name)
        self._engine = engine
        self._rows: EngineRows = self._asked(lambda: read_rows(engine, self.resolved))

    def survey(self) -> Survey:
        """Check every row, and count the rows used and reported by rule.

        Raises
        ------
        SourceReadError
            When the engine cannot compute the frame.
        """
        return self._asked(self._rows.survey)

    def tally(self, plan: Plan, *, egress: Policy) -> tuple[pd.DataFrame, Survey]:
        """Count, and return the cells that the policy lets out: see `Executor`.

        The policy is applied on the engine. One query a level and spans that do not overlap.

        Raises
        ------
        OptionError
            When the plan asks for what the layout has not.
        SourceReadError
            When the engine cannot compute the frame.
        """
        packer = RowPacker(self.layout, plan, {})
        return self._asked(lambda: self._tally(packer, egress))

    def _tally(self, packer: RowPacker, egress: Policy) -> tuple[pd.DataFrame, Survey]:
        plan, survey = packer.plan, self._rows.survey()
        if not packer.sides:
            return empty_tally(plan.by), survey
        counter = EngineCounter(self._rows, packer, egress)
        tables: list[pd.DataFrame] = []
        with self._engine.held(counter.counted()) as counted:
            for grouping in plan.groupings:
                for layer in layers_of(grouping.spans):
                    cells = counter.cells(counted, grouping, layer)
                    rows = self._engine.rows(cells)
                    names = cells.collect_schema().names()
                    tables += tally_tables(plan, grouping, pd.DataFrame(rows, columns=names))
        filled = [table for table in tables if len(table)]
        if not filled:
            return empty_tally(plan.by), survey
        table = ranked_tally(pd.concat(filled, ignore_index=True), plan.by)
        words = {name: as_words(table[name]) for name in ("level", "org_code", *plan.by)}
        return table.assign(**words), survey

    def frame(self, columns: Sequence[str], *, most: int) -> pd.DataFrame:
        """Return the used rows' canonical columns, in no order.

        ``source_row`` is missing, as an engine keeps no order. These are records of people: they
        stay where the records may lie.

        Raises
        ------
        OptionError
            When there are more than `most` of them.
        SourceReadError
            When the engine cannot compute the frame.
        """
        return self._asked(lambda: self._frame(columns, most))

    def _frame(self, columns: Sequence[str], most: int) -> pd.DataFrame:
        slots = {one.name: slots_of(self.resolved, one) for one in self.layout.columns if one.slots}
        names = [name for column in columns for name in slots.get(column, [column])]
        used = self._rows.frame.filter(nw.col(USED)).select(
            nw.lit(1).alias("_row"), *map(nw.col, names)
        )
        rows = self._engine.rows(used.head(most + 1))
        if len(rows) > most:
            message = (
                f"The frame has more than {most:,} rows that are used, too many for one table in "
                "memory. Count them with phm.tally, or raise most=."
            )
            raise OptionError(message)
        held = dict(zip(names, list(zip(*rows, strict=True))[1:], strict=True)) if rows else {}
        found: dict[str, Any] = {"source_row": pd.array([pd.NA] * len(rows), dtype="Int64")}
        for column in columns:
            cells = [held.get(name, ()) for name in slots.get(column, [column])]
            found[column] = canonical_column(self._kind(column), cells, len(rows))
        return pd.DataFrame(found)

    def _asked(self, compute: Callable[[], Answer]) -> Answer:
        with self._engine.planned():
            return without_cells(self._engine.name, compute)

    def _kind(self, name: str) -> str:
        found = (str(column.kind) for column in self.layout.columns if column.name == name)
        return next(found, "code")


def _refuse_key(resolved: Resolved, engine: str) -> None:
    identifiable = [
        header
        for column in resolved.layout.columns
        if column.identifiable
        for header in resolved.headers[column.name]
    ]
    if resolved.key is None or not identifiable:
        return
    named = ", ".join(f"'{header}'" for header in identifiable)
    message = (
        f"A keyed pseudonym of {named} cannot be made inside {engine}. Replace the column there by "
        "a keyed hash of your own under another name that the layout reads, or save the records "
        "as a file and open that with the key."
    )
    raise OptionError(message)
