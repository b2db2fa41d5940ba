"""Sources: the practices' rows of one measure in each of two tables, and the period they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from phm_diabetes.errors import (
    DefinitionMismatchError,
    DoubleCountError,
    MeasureNotFoundError,
    OptionError,
    UnlikeError,
    did_you_mean,
)
from phm_diabetes.extract import Extract
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.summing import choose

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts

__all__ = ["Source", "counts_of", "source_of", "the_period"]


@frozen(kw_only=True, eq=False)
class Source:
    """One side of a reconciliation.

    Parameters
    ----------
    table
        Everything given.
    rows
        The practices' rows of the measure, in every period.
    measure, dataset
        What they are.
    end
        Last day of the period that is compared.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> found = phm.reconcile(table, table, measure="copd.register", geo=demo.england_geography())
    >>> found.a.name
    'QOF copd.register'
    """

    table: DataFrame[Counts]
    rows: pd.DataFrame
    measure: str
    dataset: str
    end: pd.Timestamp

    @property
    def now(self) -> pd.DataFrame:
        """Rows of the period that is compared."""
        return self.rows[self.rows["period_end"] == self.end]

    @property
    def definition(self) -> str:
        """Version of the measure's rules in that period."""
        return str(self.now["definition"].iloc[0])

    @property
    def name(self) -> str:
        """How sentences call it."""
        return f"{self.dataset} {self.measure}"


def counts_of(given: object, what: str) -> DataFrame[Counts]:
    """Return the counts of a table or of an extract that holds them.

    Raises
    ------
    SchemaError
        When it holds none.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> extract = phm.load(demo.registers(), period="2022-23")
    >>> len(counts_of(extract, "a")) == len(extract.table)
    True
    """
    if isinstance(given, Extract):
        holding = [table for table in given.tables.values() if "numerator_low" in table]
        given = holding[0] if holding else given.table
    return as_counts(given, what=what)


def the_period(
    ends: tuple[Iterable[pd.Timestamp], Iterable[pd.Timestamp]], allowed: str | None
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the latest day on which both have a period that ends; or each one's own, if allowed.

    Raises
    ------
    UnlikeError
        When they share none, and that was not allowed.

    Examples
    --------
    >>> import pandas as pd
    >>> days = [pd.Timestamp("2022-03-31"), pd.Timestamp("2023-03-31")]
    >>> the_period((days, days[:1]), None)[0]
    Timestamp('2022-03-31 00:00:00')
    """
    a, b = (set(each) for each in ends)
    if a & b:
        return max(a & b), max(a & b)
    if allowed is None:
        message = (
            f"The two sources share no period: one ends on {max(a):%Y-%m-%d}, the other on "
            f"{max(b):%Y-%m-%d}. Load the same period, or pass allow_mixed='reason'."
        )
        raise UnlikeError(message)
    return max(a), max(b)


def source_of(table: DataFrame[Counts], measure: str, what: str) -> pd.DataFrame:
    """Return the practices' rows of a measure, each practice and period once.

    Raises
    ------
    MeasureNotFoundError
        When there are none.
    DoubleCountError
        When they come from several datasets, or a practice has several rows of a period.
    DefinitionMismatchError
        When one period mixes definitions.
    OptionError
        When no practice has a denominator, so that no share can be had.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> source_of(table, "copd.register", "a")["measure"].unique().tolist()
    ['copd.register']
    """
    known = [str(each) for each in table["measure"].unique()]
    rows = table[(table["measure"] == measure) & (table["org_level"] == "practice")]
    if rows.empty:
        message = f"{what} holds no practices' rows of '{measure}'." + did_you_mean(measure, known)
        raise MeasureNotFoundError(message)
    rows = choose(as_counts(rows, what=what))
    if len(rows["dataset"].unique()) > 1:
        message = f"{what} holds {measure} from several datasets. Keep one dataset first."
        raise DoubleCountError(message)
    if rows.groupby("period_end", observed=True)["definition"].nunique().max() > 1:
        message = f"{what} mixes definitions of {measure} in a period. Keep one of them first."
        raise DefinitionMismatchError(message)
    if rows.duplicated(["org_code", "period_end"]).any():
        message = f"{what} holds a practice twice in a period. Keep one row each first."
        raise DoubleCountError(message)
    if rows["denominator_high"].isna().all():
        message = f"{what} has no denominator of {measure}, and reconcile() compares shares."
        raise OptionError(message)
    return rows
