"""Counting on an engine: by cell and person first, then by cell, so that people are exact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
from attrs import frozen

from phm_diabetes.model.levels import UNMAPPED
from phm_diabetes.records.counted_rows import PERSON
from phm_diabetes.records.engine_conditions import condition_holds, label_of, word_of
from phm_diabetes.records.engine_copies import USED
from phm_diabetes.records.engine_egress import hidden_by, let_out_of, rounded_by
from phm_diabetes.records.engine_steps import first_of, never, whole
from phm_diabetes.records.measures import Distinct, Total
from phm_diabetes.records.reading import day_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phm_diabetes.model.periods import Period
    from phm_diabetes.model.policies import Policy
    from phm_diabetes.records.counted_rows import RowPacker
    from phm_diabetes.records.engine_rows import EngineRows
    from phm_diabetes.records.plan import Grouping

    Frame = nw.LazyFrame[Any]

__all__ = ["EngineCounter", "layers_of"]


def layers_of(spans: Sequence[Period]) -> list[list[int]]:
    """Return positions of spans in layers, in each of which a day lies in one span at most.

    Examples
    --------
    >>> from datetime import date
    >>> from phm_diabetes.model.periods import Period
    >>> months = [Period(start=date(2023, at, 1), end=date(2023, at, 28)) for at in (4, 5)]
    >>> layers_of([*months, Period.financial_year("2023-24")])
    [[0, 1], [2]]
    """
    layers: list[list[int]] = []
    for at, span in enumerate(spans):
        apart = (
            layer
            for layer in layers
            if all(span.end < spans[one].start or spans[one].end < span.start for one in layer)
        )
        found = next(apart, None)
        if found is None:
            layers.append([at])
        else:
            found.append(at)
    return layers


@frozen(eq=False)
class EngineCounter:
    """What a plan counts of the rows of an engine.

    Parameters
    ----------
    rows
        The rows.
    packer
        The plan, checked against the layout, with its sides.
    egress
        What may leave the engine.

    Examples
    --------
    >>> import polars as pl
    >>> from phm_diabetes.records.counted_rows import RowPacker
    >>> from phm_diabetes.records.engine_frames import opened_frame
    >>> from phm_diabetes.records.engine_rows import read_rows
    >>> from phm_diabetes.records.resolving import resolve
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
    >>> table = pl.DataFrame({"ID": list("123"), "WHO": list("AAB"), "SEEN": ["2023-05-02"] * 3,
    ...     "GP": ["Y99001"] * 3})
    >>> engine = opened_frame(table)
    >>> rows = read_rows(engine, resolve(layout, engine.headers, file="a frame"))
    >>> counter = EngineCounter(rows, RowPacker(layout, plan, {}), PUBLISHED)
    >>> cells = counter.cells(counter.counted(), plan.groupings[0], [0]).collect()
    >>> cells.select("_org", "value_n0", "squares_n0").rows()
    [('Y99001', 3, 5.0)]
    """

    rows: EngineRows
    packer: RowPacker
    egress: Policy

    @property
    def cell(self) -> list[str]:
        """Names of the columns that make a cell: span, organisation, dimensions."""
        return ["_span", "_org", *(f"_by{at}" for at in range(len(self.packer.plan.by)))]

    def counted(self) -> Frame:
        """Return the used rows that any side counts, with a 1 for each side that counts them."""
        frame = self.rows.frame.filter(nw.col(USED))
        plan, resolved = self.packer.plan, self.rows.resolved
        flags: dict[str, nw.Expr] = {}
        values: dict[str, nw.Expr] = {}
        for name, measure, side in self.packer.sides:
            holds = ~never()
            for condition in (*measure.where, *side.where):
                holds &= condition_holds(condition, resolved)
            if isinstance(side, (Total, Distinct)):
                holds &= ~nw.col(side.column).is_null()
            if isinstance(side, Distinct):
                holds &= word_of(side.column) != ""
                values[f"_id_{name}"] = nw.col(side.column)
            flags[name] = first_of([(holds, whole(1))], whole(0))
            if isinstance(side, Total):
                values[f"_value_{name}"] = nw.col(side.column)
        has_person = any(column.name == PERSON for column in resolved.layout.columns)
        frame = frame.select(
            _day=nw.col(resolved.layout.day),
            _person=word_of(PERSON) if has_person else nw.lit(""),
            **{
                f"_by{at}": label_of(name, resolved=resolved, bands=plan.bands)
                for at, name in enumerate(plan.by)
            },
            **{f"_word_{name}": word_of(name) for name in self.packer.org_columns},
            **flags,
            **values,
        )
        if self.rows.engine.name != "Spark":
            # Spark infers what follows from a filter for every subset of the flags: 2**sides.
            any_side = never()
            for name, _, _ in self.packer.sides:
                any_side |= nw.col(name) == 1
            frame = frame.filter(any_side)
        totals: dict[str, nw.Expr] = {}
        for name, _, side in self.packer.sides:
            if isinstance(side, Total):
                value = first_of([(nw.col(name) == 1, nw.col(f"_value_{name}"))], whole(0))
                totals[f"_total_{name}"] = value
                totals[f"_square_{name}"] = value.cast(nw.Float64) * value.cast(nw.Float64)
        return frame.with_columns(**totals) if totals else frame

    def cells(self, counted: Frame, grouping: Grouping, layer: Sequence[int]) -> Frame:
        """Return the cells of one level and some spans, each with what the policy lets out.

        Parameters
        ----------
        counted
            As :meth:`counted` gives it.
        grouping
            Level and spans.
        layer
            Positions of spans that do not overlap.
        """
        frame = self._placed(counted, grouping, layer)
        people = self._by_person(frame)
        cells = people.group_by(*self.cell).agg(
            *(nw.col(name).sum() for name in people.collect_schema().names() if name[:1] == "+")
        )
        for name, _, side in self.packer.sides:
            if isinstance(side, Distinct) and side.column != PERSON:
                cells = cells.join(self._distinct(frame, name), on=self.cell, how="left")
        return cells.select(*map(nw.col, self.cell), **self._let_out())

    def _placed(self, counted: Frame, grouping: Grouping, layer: Sequence[int]) -> Frame:
        """Add the span that a row lies in, and its organisation there."""
        day = nw.col("_day")
        spans = [
            (
                (day >= day_number(grouping.spans[at].start))
                & (day <= day_number(grouping.spans[at].end)),
                whole(at),
            )
            for at in layer
        ]
        frame = counted.with_columns(
            _span=first_of(spans, whole(-1)), _org=nw.col(f"_word_{grouping.column}")
        ).filter(nw.col("_span") >= 0)
        if grouping.parents is not None:
            known = [
                (at, word, code)
                for at in layer
                for word, code in grouping.parents[at].items()
                if word and code
            ]
            code = nw.lit("")
            if known:
                look_up = self.rows.engine.look_up(known)
                frame = frame.join(
                    look_up,
                    left_on=["_span", "_org"],
                    right_on=["look_span", "look_word"],
                    how="left",
                )
                code = nw.col("look_code").fill_null(nw.lit(""))
            frame = frame.with_columns(_org=code)
        org = nw.col("_org")
        return frame.with_columns(_org=first_of([(org == "", nw.lit(UNMAPPED))], org))

    def _by_person(self, frame: Frame) -> Frame:
        """Return one row a cell and person, with the parts that a cell adds up."""
        held = [name for name, _, _ in self.packer.sides]
        held += [
            f"_{part}_{name}"
            for name, _, side in self.packer.sides
            if isinstance(side, Total)
            for part in ("total", "square")
        ]
        people = frame.group_by(*self.cell, "_person").agg(*(nw.col(name).sum() for name in held))
        nobody = nw.col("_person") == ""
        made: dict[str, nw.Expr] = {}
        for name, measure, side in self.packer.sides:
            rows = nw.col(name).cast(nw.Int64)
            # Rows without a person are each a person of their own.
            made[f"+rows_{name}"] = rows
            made[f"+people_{name}"] = first_of([(nobody | (rows == 0), rows)], whole(1))
            value, alone = rows, rows.cast(nw.Float64)
            if isinstance(side, Total):
                value = nw.col(f"_total_{name}").cast(nw.Int64)
                made[f"+total_{name}"], alone = value, nw.col(f"_square_{name}")
            if name[0] == "n" and measure.clustered:
                part = value.cast(nw.Float64)
                made[f"+squares_{name}"] = first_of([(nobody, alone)], part * part)
        return people.select(*map(nw.col, self.cell), **made)

    def _distinct(self, frame: Frame, name: str) -> Frame:
        """Return how many values of an id a side has in each cell."""
        ids = frame.filter(nw.col(name) == 1).select(*self.cell, f"_id_{name}")
        once = ids.group_by(*self.cell, f"_id_{name}").agg(nw.len().alias("_times"))
        return once.group_by(*self.cell).agg(nw.len().alias(f"+distinct_{name}"))

    def _let_out(self) -> dict[str, nw.Expr]:
        """Return, by side, whether it has any row, and its figures under the policy."""
        found: dict[str, nw.Expr] = {}
        for name, measure, side in self.packer.sides:
            rows, people = (nw.col(f"+{part}_{name}").cast(nw.Int64) for part in ("rows", "people"))
            hidden = hidden_by(self.egress, rows=rows, people=people)
            if isinstance(side, Total):
                value = nw.col(f"+total_{name}").cast(nw.Int64)
            elif isinstance(side, Distinct) and side.column != PERSON:
                distinct = nw.col(f"+distinct_{name}").cast(nw.Int64).fill_null(whole(0))
                value = rounded_by(self.egress, distinct)
            else:
                value = rounded_by(self.egress, people if isinstance(side, Distinct) else rows)
            found[f"any_{name}"] = rows > 0
            found[f"value_{name}"] = let_out_of(hidden, value)
            found[f"rows_{name}"] = let_out_of(hidden, rounded_by(self.egress, rows))
            if name[0] == "n" and measure.clustered:
                squares = nw.col(f"+squares_{name}").cast(nw.Float64)
                if not isinstance(side, Total):
                    whole_squares = rounded_by(self.egress, squares.cast(nw.Int64))
                    squares = whole_squares.cast(nw.Float64)
                found[f"squares_{name}"] = first_of([(hidden, nw.lit(-1.0))], squares)
        return found
