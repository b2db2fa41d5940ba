"""Record adapters: a layout of records behind the door that every adapter comes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import Fault
from phm_diabetes.model.dimensions import BUILT_IN_DIMENSIONS, UNKNOWN
from phm_diabetes.records.absent import unjudged
from phm_diabetes.records.area_levels import with_area_level
from phm_diabetes.records.block_executor import BlockExecutor
from phm_diabetes.records.frame_blocks import FrameSource
from phm_diabetes.records.pseudonyms import key_of
from phm_diabetes.schemas.records import record_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from phm_diabetes.adapters.sheets import Sheet
    from phm_diabetes.records.layout import RecordLayout
    from phm_diabetes.records.survey import Finding

__all__ = ["RecordAdapter", "completed", "table_columns"]

_MOST_LISTED = 1000
"""Rows listed one by one of a rule that leaves them in use; more are one line with their number."""


class RecordAdapter(Adapter):
    """Base of adapters of records: a subclass states its layout, and nothing else.

    Through :func:`phm_diabetes.load` it gives the whole table, for files that fit in memory;
    through :func:`phm_diabetes.open_records` it counts files and frames of any size.

    Attributes
    ----------
    record_layout
        The layout.

    Parameters
    ----------
    options
        What the layout lets the caller say of the source, by name.
    pseudonym_key
        Random bytes by which identifiers become pseudonyms; without it they are dropped.

    Raises
    ------
    OptionError
        When the key can be guessed.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> from phm_diabetes.loading import chosen_adapter
    >>> chosen_adapter("england.hes_op").tables
    ('appointments',)
    """

    record_layout: ClassVar[RecordLayout]

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - as object's own
        """Say what an adapter says, in the layout's words."""
        super().__init_subclass__(**kwargs)
        layout = cls.record_layout
        cls.place, cls.dataset, cls.version = layout.place, layout.dataset, layout.version
        cls.layout, cls.description = layout.layout, layout.description
        cls.tables, cls.policy, cls.layout_of = (layout.table,), layout.policy, layout.layout_of
        cls.duplicates = "report"
        needed = tuple(
            tuple(group[0] for group in column.headers)
            for column in layout.columns
            if column.required
        )
        cls.signatures = (Signature(columns=needed),)

    def __init__(
        self, *, options: Mapping[str, str] | None = None, pseudonym_key: bytes | None = None
    ) -> None:
        self.options: dict[str, str] = dict(options or {})
        self._key = key_of(pseudonym_key)

    @property
    def pseudonym_key(self) -> bytes | None:
        """The caller's key."""
        return self._key

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:
        """Read every record of a sheet."""
        del context
        grid = sheet.grid.iloc[1:]
        filled = (grid != "").any(axis=1).to_numpy()
        rows = np.flatnonzero(filled) + 2  # rows of the file; the header is row 1
        headers = [str(header) for header in sheet.grid.iloc[0]]
        table = grid[filled].set_axis(headers, axis=1).reset_index(drop=True)
        executor = BlockExecutor(
            FrameSource(table, sheet.place),
            self.record_layout,
            options=self.options,
            key=self._key,
            progress=False,
            most_named=len(table),
        )
        frame, survey = executor.framed(table_columns(self.record_layout), most=len(table))
        frame["source_row"] = rows[frame["source_row"].to_numpy() - 2]
        frame = with_area_level(frame, executor.resolved)
        found = (*survey.findings, *unjudged(executor.resolved))
        faults = [_fault(each, rows) for each in found]
        return Mapped(
            tables={self.record_layout.table: completed(frame, self.record_layout.table)},
            faults=faults,
            rows_read=len(table),
        )


def _fault(finding: Finding, rows: NDArray[np.int64]) -> Fault:
    return Fault(
        rule=finding.rule,
        rows=rows[np.array(finding.first, dtype=np.int64) - 2],
        column=finding.column,
        message=finding.message,
        advice=finding.advice,
        severity=finding.severity,
        sets_aside=finding.sets_aside,
        counted=not finding.column or (not finding.sets_aside and finding.rows > _MOST_LISTED),
    )


def table_columns(layout: RecordLayout) -> list[str]:
    """Return the columns of a layout's table that the layout has, in the schema's order.

    Parameters
    ----------
    layout
        The layout.

    Examples
    --------
    >>> from phm_diabetes.records.layouts.england_hes_apc import ENGLAND_HES_APC
    >>> table_columns(ENGLAND_HES_APC)[:3]
    ['episode_id', 'person', 'admitted']
    """
    held = {each.name for each in layout.columns} | {each.name for each in layout.derived}
    return [name for name in record_schema(layout.table).to_schema().columns if name in held]


def completed(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Add the schema's columns that the source does not have, blank.

    Parameters
    ----------
    frame
        Columns of a table of records.
    table
        Its name.

    Returns
    -------
    DataFrame
        What is not recorded is missing where the schema allows it; ``unknown`` where that is one
        of the words, and in a dimension that counts are split by; else an empty text.

    Examples
    --------
    >>> made = completed(pd.DataFrame({"episode_id": ["1"]}), "episodes")
    >>> made[["spell", "sex", "ethnicity", "treatment_function"]].values.tolist()
    [[None, 'unknown', 'unknown', '']]
    """
    blank: dict[str, Any] = {}
    for name, column in record_schema(table).to_schema().columns.items():
        if name not in frame:
            nothing = None if column.nullable else _word_of_nothing(name, column)
            blank[name] = pd.Series([nothing] * len(frame), dtype=object, index=frame.index)
    return frame.assign(**blank)


def _word_of_nothing(name: str, column: Any) -> str:  # noqa: ANN401 - pandera's own
    listed = {
        word for check in column.checks for word in check.statistics.get("allowed_values", ())
    }
    return UNKNOWN if UNKNOWN in listed or name in BUILT_IN_DIMENSIONS else ""
