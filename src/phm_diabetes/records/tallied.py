"""Tallied: recounted cells as the table that every executor answers with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.adapters.tables import stacked
from phm_diabetes.records.counted_rows import PERSON
from phm_diabetes.records.egress import let_out, squares_let_out
from phm_diabetes.records.measures import Distinct, Total
from phm_diabetes.schemas.words import repeated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from phm_diabetes.model.policies import Policy
    from phm_diabetes.records.counted_rows import RowPacker
    from phm_diabetes.records.recounting import Recounter

    Ints = NDArray[Any]

__all__ = ["FIGURES", "empty_tally", "ranked_tally", "tally_table"]

FIGURES = ("numerator", "numerator_rows", "numerator_ss", "denominator", "denominator_rows")
"""Columns of figures, in their order."""


def tally_table(
    packer: RowPacker, recounted: Mapping[str, Sequence[Recounter]], egress: Policy
) -> pd.DataFrame:
    """Return the table of a tally: see `Executor`.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.records.block_executor import BlockExecutor
    >>> from phm_diabetes.records.frame_blocks import FrameSource
    >>> from phm_diabetes.model.periods import Period
    >>> from phm_diabetes.model.policies import PUBLISHED
    >>> from phm_diabetes.records.columns import Column
    >>> from phm_diabetes.records.layout import RecordLayout
    >>> from phm_diabetes.records.measures import RecordMeasure, Rows
    >>> from phm_diabetes.records.plan import Grouping, Plan
    >>> layout = RecordLayout(
    ...     place="north", dataset="reviews", version="1", layout="One row a review.",
    ...     description="Planted.", table="appointments", title="Reviews", key="review",
    ...     day="date", columns=(Column(name="review", sources=("ID",), kind="id"),
    ...                          Column(name="person", sources=("WHO",), kind="id"),
    ...                          Column(name="date", sources=("SEEN",), kind="date"),
    ...                          Column(name="practice", sources=("GP",), kind="text")))
    >>> year = Period.financial_year("2023-24")
    >>> plan = Plan(
    ...     measures=(RecordMeasure(id="op.n", definition="x:1", numerator=Rows()),), by=(),
    ...     groupings=(Grouping(level="practice", column="practice", spans=(year,)),))
    >>> table = pd.DataFrame({"ID": list("123"), "WHO": list("AAB"), "SEEN": ["2023-05-02"] * 3,
    ...     "GP": ["Y99001"] * 3})
    >>> executor = BlockExecutor(FrameSource(table), layout, progress=False)
    >>> found, survey = executor.tally(plan, egress=PUBLISHED)
    >>> found[["org_code", "numerator", "numerator_ss"]].values.tolist()
    [['Y99001', 3, 5]]
    """
    levels = sorted(
        range(len(recounted.get(PERSON, ()))),
        key=lambda each: recounted[PERSON][each].grouping.level,
    )
    held = [_Held.of(packer, recounted, place) for place in levels]
    asked = [(number, each) for number in range(len(packer.plan.measures)) for each in held]
    parts = [part for number, each in asked if len(part := each.part(packer, number, egress))]
    if not parts:
        return empty_tally(packer.plan.by)
    numbers = np.repeat([part.measure for part in parts], [len(part) for part in parts])
    identity = stacked([part.identity for part in parts])
    found: dict[Any, Any] = {"measure": numbers, **{name: identity[name] for name in identity}}
    found |= {name: _figure(parts, name) for name in FIGURES}
    return pd.DataFrame(found, copy=False)


@frozen(eq=False)
class _Part:
    """Cells of one grouping that have any row of one measure."""

    measure: int
    identity: pd.DataFrame
    figures: dict[str, Ints]

    def __len__(self) -> int:
        return len(self.identity)


def _figure(parts: Sequence[_Part], name: str) -> pd.arrays.IntegerArray:
    """Return one column of figures; each part gives its own away, so that none is held twice."""
    size = sum(map(len, parts))
    values, missing = np.zeros(size, dtype=np.int64), np.ones(size, dtype=bool)
    at = 0
    for part in parts:
        end = at + len(part)
        given = part.figures.pop(name, None)
        if given is not None:
            values[at:end], missing[at:end] = given, False
        at = end
    return pd.arrays.IntegerArray(values, missing)


@frozen(eq=False)
class _Held:
    """Cells of one grouping, and their figures by the id that was counted."""

    identity: pd.DataFrame
    figures: Mapping[str, Ints]
    others: Mapping[str, Mapping[str, Ints]]

    @classmethod
    def of(
        cls, packer: RowPacker, recounted: Mapping[str, Sequence[Recounter]], place: int
    ) -> _Held:
        counted = recounted[PERSON][place]
        cells, figures = counted.total()
        span, codes, words = counted.cells_of(cells)
        days = {
            f"period_{end}": np.array(
                [getattr(each, end) for each in counted.spans], dtype="datetime64[s]"
            )
            for end in ("start", "end")
        }
        identity = pd.DataFrame(
            {
                "level": repeated(counted.grouping.level, len(cells)),
                "org_code": codes,
                **{name: each[span] for name, each in days.items()},
                **{name: words[name] for name in packer.plan.by},
            }
        )
        names = (name for name in recounted if name != PERSON)
        others = {name: recounted[name][place].total()[1] for name in names}
        return cls(identity, figures, others)

    def part(self, packer: RowPacker, number: int, egress: Policy) -> _Part:
        """Return the cells that have any row of one measure."""
        figures, kept = _figures(packer, number, self.figures, self.others, egress)
        if kept.all():
            return _Part(number, self.identity, figures)
        some = {name: each[kept] for name, each in figures.items()}
        return _Part(number, self.identity[kept], some)


def _figures(
    packer: RowPacker,
    number: int,
    figures: Mapping[str, Ints],
    others: Mapping[str, Mapping[str, Ints]],
    egress: Policy,
) -> tuple[dict[str, Ints], NDArray[np.bool_]]:
    """Return the figures of one measure by column, and which cells have any row of it."""
    found: dict[str, Ints] = {}
    kept: NDArray[np.bool_] = np.zeros(0, dtype=bool)
    for name, measure, side in packer.sides:
        if int(name[1:]) != number:
            continue
        rows, people = figures[f"{name} rows"], figures[f"{name} people"]
        value = rows
        if isinstance(side, Distinct):
            held = others.get(side.column)
            value = people if held is None else held[f"{name} value"]
        elif isinstance(side, Total):
            value = figures[f"{name} value"]
        shown, shown_rows, hidden = let_out(side, value, rows, people, egress)
        part = "numerator" if name[0] == "n" else "denominator"
        found |= {part: shown, f"{part}_rows": shown_rows}
        if part == "numerator" and measure.clustered:
            squares = squares_let_out(side, figures[f"{name} squares"], hidden, egress)
            found["numerator_ss"] = squares
        kept = rows > 0 if not len(kept) else kept | (rows > 0)
    return found, kept


def ranked_tally(table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the table of an engine, which keeps no order, in the order of a tally.

    Examples
    --------
    >>> ranked_tally(empty_tally(["sex"]), ["sex"]).columns.tolist()[:3]
    ['measure', 'level', 'org_code']
    """
    key = ["measure", "level", "org_code", "period_start", "period_end", *by]
    return table.sort_values(key, kind="stable")[[*key, *FIGURES]].reset_index(drop=True)


def empty_tally(by: Sequence[str]) -> pd.DataFrame:
    """Return the table without a cell.

    Examples
    --------
    >>> len(empty_tally([]))
    0
    """
    kinds: dict[str, Any] = {"measure": "int64", "level": object, "org_code": object}
    kinds |= dict.fromkeys(("period_start", "period_end"), "datetime64[s]")
    kinds |= dict.fromkeys(by, object)
    kinds |= dict.fromkeys(FIGURES, "Int64")
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
