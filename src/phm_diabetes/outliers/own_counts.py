"""Own counts: refuse figures that are not the quotient of the counts beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phm_diabetes.errors import StatisticsError
from phm_diabetes.metrics.dispatch import divides_its_counts

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["refuse_other_figures"]


def refuse_other_figures(table: pd.DataFrame, *, asker: str, instead: str) -> None:
    """Refuse standardised figures and shares, which would be judged by their crude rates.

    Parameters
    ----------
    table
        Checked estimates, shape ``(n, k)``. Rows without a figure are let pass.
    asker
        What would divide the counts again, as the message names it.
    instead
        What to do, as a whole sentence.

    Raises
    ------
    StatisticsError
        When a row has a figure that is not the quotient of its own counts.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.estimate(phm.load(demo.registers(), period="2022-23").table)
    >>> refuse_other_figures(table, asker="compare()", instead="Compare crude rates.")
    """
    other = ~divides_its_counts(table) & table["value"].notna().to_numpy()
    if other.any():
        methods = sorted(table.loc[other, "method"].astype(str).unique())
        message = (
            f"{int(other.sum()):,} rows are not the quotient of their own counts "
            f"({', '.join(methods)}), and {asker} would divide the counts again. {instead}"
        )
        raise StatisticsError(message)
