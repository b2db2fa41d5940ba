"""What a measure counts over records: rows, distinct people or money, and which rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import Factory, field, frozen, validators

from phm_diabetes.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Counted", "Distinct", "RecordMeasure", "Rows", "Total", "Where"]


def _words(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


def _conditions(given: Iterable[Where]) -> tuple[Where, ...]:
    return tuple(given)


@frozen(kw_only=True)
class Where:
    """A condition on one canonical column.

    Parameters
    ----------
    column
        Canonical column; of kind ``"codes"``, it holds where any slot does.
    isin
        Words, any of which it has.
    starts
        Beginnings, any of which it has.
    least, most
        Bounds of a whole number, both included; a missing one is outside.
    negated
        Whether it must not hold. A missing value then fits.

    Raises
    ------
    OptionError
        When it asks for nothing.

    Examples
    --------
    >>> Where(column="attendance", isin=("attended",)).negated
    False
    """

    column: str
    isin: tuple[str, ...] = field(default=(), converter=_words)
    starts: tuple[str, ...] = field(default=(), converter=_words)
    least: int | None = None
    most: int | None = None
    negated: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse a condition without any content."""
        if not (self.isin or self.starts or self.least is not None or self.most is not None):
            message = f"The condition on '{self.column}' asks for nothing: pass isin= or bounds."
            raise OptionError(message)


@frozen(kw_only=True)
class Rows:
    """Count rows: appointments, episodes.

    Parameters
    ----------
    where
        Conditions that all hold.

    Examples
    --------
    >>> Rows().where
    ()
    """

    where: tuple[Where, ...] = field(default=(), converter=_conditions)


@frozen(kw_only=True)
class Distinct:
    """Count distinct values of an id, exactly: people, or spells. A missing one is not counted.

    Parameters
    ----------
    column
        ``"person"``, or another id of the layout, such as ``"spell"``.
    where
        Conditions that all hold.

    Examples
    --------
    >>> Distinct().column
    'person'
    """

    column: str = "person"
    where: tuple[Where, ...] = field(default=(), converter=_conditions)


@frozen(kw_only=True)
class Total:
    """Add up a whole number, such as pence or bed days. A missing one adds nothing.

    Parameters
    ----------
    column
        Column of kind ``"money"`` or ``"integer"``.
    where
        Conditions that all hold.

    Examples
    --------
    >>> Total().column
    'cost_pence'
    """

    column: str = "cost_pence"
    where: tuple[Where, ...] = field(default=(), converter=_conditions)


Counted = Rows | Distinct | Total


def _events_cluster(measure: RecordMeasure) -> bool:
    return not isinstance(measure.numerator, Distinct)


@frozen(kw_only=True)
class RecordMeasure:
    """What is counted under the id of a measure.

    Parameters
    ----------
    id, definition
        As in `Counts`; money has the basis and the price year of the records added.
    numerator
        What is counted.
    denominator
        What it is a part of; none where it comes from another source, such as a register.
    where
        Conditions that both share.
    clustered
        Whether ``numerator_ss`` is asked for: the sum over people of the square of each one's
        part. Not for `Distinct`. A row without a person is a person of its own.

    Raises
    ------
    OptionError
        When distinct values are asked to be clustered.

    Examples
    --------
    >>> missed = RecordMeasure(
    ...     id="op.missed", definition="hes:ATTENDED{3,7}/{3,5,6,7}:1",
    ...     numerator=Rows(where=[Where(column="attendance", isin=["missed"])]),
    ...     denominator=Rows(where=[Where(column="attendance", isin=["attended", "missed"])]))
    >>> missed.clustered
    True
    """

    id: str = field(validator=validators.min_len(1))
    definition: str = field(validator=validators.min_len(1))
    numerator: Counted
    denominator: Counted | None = None
    where: tuple[Where, ...] = field(default=(), converter=_conditions)
    clustered: bool = field(default=Factory(_events_cluster, takes_self=True))

    def __attrs_post_init__(self) -> None:
        """Refuse squares of people, which are all one."""
        if self.clustered and isinstance(self.numerator, Distinct):
            message = f"Measure '{self.id}' counts distinct people, which do not cluster."
            raise OptionError(message)

    @property
    def money(self) -> bool:
        """Whether it adds up pence, whose price year must be stated.

        Examples
        --------
        >>> RecordMeasure(id="op.spend", definition="local:1", numerator=Total()).money
        True
        """
        sides = (self.numerator, self.denominator)
        return any(isinstance(side, Total) and side.column.endswith("_pence") for side in sides)
