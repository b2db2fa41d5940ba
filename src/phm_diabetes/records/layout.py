"""Record layouts: what a table of records looks like in a source, as data that any engine runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import field, frozen, validators

from phm_diabetes.errors import OptionError
from phm_diabetes.model.policies import SMALL_NUMBERS, Policy
from phm_diabetes.records.columns import fixed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phm_diabetes.records.columns import Case, Column, Derived

__all__ = ["Duplicates", "RecordLayout", "Rule"]


@frozen(kw_only=True)
class Rule:
    """Rows that are left out, or only counted, for a reason that has a name.

    Parameters
    ----------
    name
        Name of the reason, such as ``"private patient"``.
    cases
        The rule holds where any of them does; ``then`` is left out of account.
    message, advice
        What is so, and what to do, for the list of problems.
    sets_aside
        Whether the rows are left out of the table and of every count.
    severity
        As in the list of problems.
    may_hide
        Whether such rows may be there unseen in a source without the rule's columns; it is then
        listed as not judged.

    Examples
    --------
    >>> from phm_diabetes.records.columns import Case
    >>> Rule(name="private patient", cases=(Case(when={"admin_category": {"02"}}),),
    ...      message="is of a private patient", advice="Nothing to do.").sets_aside
    True
    """

    name: str
    cases: tuple[Case, ...]
    message: str
    advice: str
    sets_aside: bool = True
    severity: Literal["warning", "info"] = "info"
    may_hide: bool = False

    @property
    def of(self) -> frozenset[str]:
        """The columns it asks of.

        Examples
        --------
        >>> from phm_diabetes.records.columns import Case
        >>> Rule(name="private patient", cases=(Case(when={"admin_category": {"02"}}),),
        ...      message="is of a private patient", advice="Nothing to do.").of
        frozenset({'admin_category'})
        """
        return frozenset(name for case in self.cases for name in case.of)


@frozen(kw_only=True)
class Duplicates:
    """When two rows are the same record, by a key or by a business rule.

    Rows in which any column of the key is missing are not compared. Which copy is kept does not
    depend on the order of the rows: the one with most cells that are not blank, among the
    headers that the layout reads; among those the one whose texts come first in code-point
    order, taken in the order of the layout's columns. Exact copies are interchangeable.

    Parameters
    ----------
    name
        Name of the rule, such as ``"same person, day, provider and specialty"``.
    key
        Canonical columns that are equal.
    sets_aside
        Whether every copy but the kept one is left out; or only counted.

    Examples
    --------
    >>> Duplicates(name="record key", key=("appointment_id",)).sets_aside
    True
    """

    name: str
    key: tuple[str, ...] = field(validator=validators.min_len(1))
    sets_aside: bool = True


@frozen(kw_only=True)
class RecordLayout:
    """How one source lays out records, and what of them is used: names, codes, checks, rules.

    Every engine reads the same layout and agrees to the row. A row is *broken* where a cell of
    a column that says so cannot be read, *left out* where a rule or a duplicate says so, and
    *used* otherwise. Rows read = used + reported.

    Parameters
    ----------
    place, dataset
        The two halves of its name, as in ``england.hes_op``.
    version
        Raised when the answer for the same file changes.
    layout, description
        The layout in a sentence, and what the rows are and do not tell.
    table
        Name of the table it gives: ``appointments``, ``episodes``, ``referrals`` or ``contacts``.
    title
        What the ``dataset`` column of counts says, such as ``"HES outpatients"``.
    columns, derived
        Columns of the source, and columns made of those, in an order in which they can be made.
    rules
        Rows left out or counted.
    duplicates
        Rules of what is a copy; each is judged among the rows that are otherwise used.
    key
        Canonical column that names a record.
    day
        Canonical date that decides the period.
    organisations
        Level by canonical column, such as ``{"practice": "practice", "trust": "provider"}``.
    one_of
        Groups of columns of which a source must have at least one, though none is required alone.
    nulls
        Texts that mean nothing was recorded in any column, after white space is cut.
    policy
        Disclosure rule of what the source holds.
    layout_of
        Name of the layout that this one borrows.
    options
        What the caller may say, by name, with what it means.

    Raises
    ------
    OptionError
        When two columns have one name, or a rule names a column that the layout has not.

    Examples
    --------
    >>> from phm_diabetes.records.columns import Column
    >>> layout = RecordLayout(
    ...     place="north", dataset="reviews", version="1", layout="One row a review.",
    ...     description="Planted.", table="appointments", title="Reviews", key="appointment_id",
    ...     day="date", columns=(
    ...         Column(name="appointment_id", sources=("ID",), kind="id", needed=True),
    ...         Column(name="date", sources=("SEEN",), kind="date")))
    >>> layout.name
    'north.reviews'
    """

    place: str
    dataset: str
    version: str
    layout: str
    description: str
    table: Literal["appointments", "episodes", "referrals", "contacts"]
    title: str
    columns: tuple[Column, ...]
    derived: tuple[Derived, ...] = ()
    rules: tuple[Rule, ...] = ()
    duplicates: tuple[Duplicates, ...] = ()
    key: str
    day: str
    organisations: Mapping[str, str] = field(factory=dict, converter=fixed)
    one_of: tuple[tuple[str, ...], ...] = ()
    nulls: frozenset[str] = frozenset({"&", "-"})
    policy: Policy = SMALL_NUMBERS
    layout_of: str | None = None
    options: Mapping[str, str] = field(factory=dict, converter=fixed)

    def __attrs_post_init__(self) -> None:
        """Refuse a layout that names what it has not."""
        names = [column.name for column in self.columns] + [made.name for made in self.derived]
        twice = sorted({name for name in names if names.count(name) > 1})
        known: set[str] = {each.name for each in self.columns}
        unknown: set[str] = {name for group in self.one_of for name in group} - known
        for made in self.derived:
            unknown |= made.of - known
            known.add(made.name)
        for rule in self.rules:
            unknown |= rule.of - known
        for copy in self.duplicates:
            unknown |= set(copy.key) - known
        unknown |= {self.key, self.day, *self.organisations.values()} - known
        if twice or unknown:
            what = f"has two columns '{twice[0]}'" if twice else f"has no '{min(unknown)}'"
            message = f"Record layout '{self.name}' {what}."
            raise OptionError(message)

    @property
    def name(self) -> str:
        """Entry-point name: place and dataset."""
        return f"{self.place}.{self.dataset}"
