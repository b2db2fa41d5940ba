"""Answering: what a source cannot answer is refused before a row is read, whatever reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from phm_diabetes.records.absent import absent_columns, refuse_absent
from phm_diabetes.records.measures import Distinct, RecordMeasure, Total

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from phm_diabetes.model.policies import Policy
    from phm_diabetes.records.plan import Executor, Plan
    from phm_diabetes.records.resolving import Resolved
    from phm_diabetes.records.survey import Survey

__all__ = ["Answering", "with_refusals"]

_PERSON = "person"


@frozen(eq=False)
class Answering:
    """An executor that counts only what its source has the columns for.

    An absent column is blank in every row, so that a count of adults without an age, of people
    without a person or of money without a cost would be nought, or empty, in silence.

    Parameters
    ----------
    inner
        What reads the source.

    Examples
    --------
    >>> import pandas as pd
    >>> import phm_diabetes as phm
    >>> from phm_diabetes.records.outpatient_measures import OP_ATTENDANCES
    >>> table = pd.DataFrame({"ATTENDKEY": ["1"], "APPTDATE": "2023-05-02", "ATTENDED": "5",
    ...     "FIRSTATT": "1", "TRETSPEF": "307", "PROCODET": "RNA00", "GPPRAC": "Y99001"})
    >>> records = phm.open_records(table, adapter="england.hes_op")
    >>> phm.tally(records, measures=OP_ATTENDANCES, periods="2023-24")
    Traceback (most recent call last):
    phm_diabetes.errors.OptionError: dm.op_attendances cannot be had without 'age', which the \
source does not have: england.hes_op reads it under 'APPTAGE'. Ask for it, or count what needs \
none of it.
    """

    inner: Executor = field()

    @property
    def resolved(self) -> Resolved:
        """The layout, and where its columns stand in the source."""
        return self.inner.resolved

    def survey(self) -> Survey:
        """Check every row, and count nothing else."""
        return self.inner.survey()

    def tally(self, plan: Plan, *, egress: Policy) -> tuple[pd.DataFrame, Survey]:
        """Count, as the inner executor does, without squares of people where nobody is known.

        Where no row has a person each would be taken for one, and an interval made of that would
        be too narrow.

        Raises
        ------
        OptionError
            When a measure needs a column that the source has not.
        """
        for measure in plan.measures:
            refuse_absent(self.resolved, _needed(self.resolved, measure), what=measure.id)
        known = {column.name for column in self.resolved.layout.columns}
        if _PERSON not in known - set(absent_columns(self.resolved)):
            alone = tuple(evolve(measure, clustered=False) for measure in plan.measures)
            plan = evolve(plan, measures=alone)
        table, survey = self.inner.tally(plan, egress=egress)
        return _words_in_use(table), survey

    def frame(self, columns: Sequence[str], *, most: int) -> pd.DataFrame:
        """Return the used rows' canonical columns."""
        return _words_in_use(self.inner.frame(columns, most=most))


def with_refusals(executor: Executor) -> Answering:
    """Return an executor that refuses what its source cannot answer.

    Parameters
    ----------
    executor
        What reads the source.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> executor = phm.open_records(demo.appointments(), adapter="dudley.hes_op").executor
    >>> with_refusals(executor) is executor
    True
    """
    return executor if isinstance(executor, Answering) else Answering(executor)


def _words_in_use(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table without words that no row has: they are of rows left out or not counted."""
    for name in table.select_dtypes("category").columns:
        table[name] = table[name].cat.remove_unused_categories()  # in place: it can be large
    return table


def _needed(resolved: Resolved, measure: RecordMeasure) -> Iterator[str]:
    """Yield columns without which the measure counts nothing, or everything."""
    blank = {column.name: column.blank for column in resolved.layout.columns}
    blank |= {made.name: made.otherwise for made in resolved.layout.derived}
    for side in (measure.numerator, measure.denominator):
        if side is None:
            continue
        if isinstance(side, (Distinct, Total)):
            yield side.column
        for condition in (*measure.where, *side.where):
            asks_for_blank = blank.get(condition.column) in condition.isin
            if condition.negated or not asks_for_blank:
                yield condition.column
