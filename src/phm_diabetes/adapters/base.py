"""What an adapter is: it names its layout and turns text into tables; we do the rest."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from attrs import field, frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.model.periods import Period
from phm_diabetes.model.policies import SMALL_NUMBERS, Policy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from phm_diabetes.adapters.cells import Fault
    from phm_diabetes.adapters.sheets import Sheet
    from phm_diabetes.geography import Geography

__all__ = ["INPUT_FORMS", "Adapter", "Context", "Mapped", "Signature"]

DuplicateRule = Literal["refuse", "report"]

INPUT_FORMS = ("csv", "xlsx", "zip", "file", "frame")
"""A path of a CSV, of a workbook or of a zip; an open file; a DataFrame."""

_YEARS = re.compile(r"(?<!\d)(20\d\d|\d\d)[-_]?(20\d\d|\d\d)(?!\d)")


@frozen(kw_only=True)
class Signature:
    """How a sheet of a layout is recognised: by its headers, never by its file name.

    Parameters
    ----------
    columns
        Headers that all stand in `header_row`; case and white space are ignored. A tuple among
        them is one header under several names.
    header_row
        Row of the headers, or of the last where there are several, counted from 1.
    header_rows
        Rows that the header takes. A cell merged across counts for every column it spans, and
        two rows are read as one: ``"Reviewed / Number"``.
    within
        Where the header may move: it is sought in the first so many rows, and `header_row` is
        left out of account.
    sheet
        Regular expression of the sheet's whole name, case ignored. A CSV file and a DataFrame
        have no name, and fit.
    width
        For a file without a header: its number of columns.
    first_cell
        For a file without a header: a regular expression of the first cell.

    Examples
    --------
    >>> Signature(columns=("PRACTICE_CODE", "REGISTER")).header_row
    1
    """

    columns: Sequence[str | tuple[str, ...]] = ()
    header_row: int = 1
    header_rows: int = 1
    within: int | None = None
    sheet: str | None = None
    width: int | None = None
    first_cell: str | None = None


@frozen(kw_only=True)
class Context:
    """What a caller said about the source, besides the source.

    Parameters
    ----------
    period
        The period that the figures cover, where the layout does not hold it.
    source_id
        What ``source`` columns must hold.

    Examples
    --------
    >>> Context(period=None, source_id="north.reviews:0f0f0f0f0f0f").period is None
    True
    """

    period: Period | None
    source_id: str


@frozen(kw_only=True, eq=False)
class Mapped:
    """What an adapter makes of one sheet.

    Parameters
    ----------
    tables
        Table by name. Each row carries ``source_row``, the row of the file it came from.
    faults
        What is wrong, by row.
    rows_read
        Rows below the header, blank padding left out.
    joined
        Rows that are used in a row of a table which carries another row's number, as where
        numerator and denominator stand on rows of their own.

    Examples
    --------
    >>> Mapped(tables={}, rows_read=0).faults
    ()
    """

    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    faults: Sequence[Fault] = ()
    rows_read: int
    joined: NDArray[np.int64] = field(factory=lambda: np.array([], dtype=np.int64), repr=False)


class Adapter(ABC):
    """Base of every adapter: read → :meth:`to_table` → finish.

    A subclass states its layout in class attributes and writes one pure method. Reading the
    input as text, hashing it, validating the tables, listing problems, refusing lost rows and
    recording provenance are the library's part.

    Attributes
    ----------
    place, dataset
        The two halves of its name, as in ``england.qof_prevalence``.
    version
        Raised when the adapter's answer for the same file changes.
    layout
        The layout it reads, in a sentence.
    description
        What the rows are, and what they do not tell you.
    signatures
        How its sheets are recognised; any one of them will do.
    tables
        Names of the tables it gives, the main one first: ``counts``, ``memberships``,
        ``organisations``, ``facts``, ``population``, ``scores``, ``prices`` or ``published``.
    policy
        Disclosure rule of the figures; the strict one unless the publisher has released them.
    layout_of
        Name of the adapter whose layout this one borrows; such an adapter is never chosen by
        recognition.
    gathers
        Names of adapters whose sheets it reads too, beside others: recognition leaves a file to
        one of these where it reads every sheet that this one would.
    needs_period
        Whether the layout holds no period, so that the caller, or the file's name, must.
    hidden
        Symbols that stand for a hidden count, each with the least and most that it can be.
    record_unit
        Headers whose cells together name a record, where one takes several rows; none where
        every row is a record of its own. Records may come in any order, or one at a time.
    duplicates
        ``"refuse"`` where a record that stands twice is an error; ``"report"`` where the copy
        changes nothing and is listed among the problems. By table, where they differ.
    input_forms
        What it reads, of `INPUT_FORMS`; the answer is the same from each.

    Examples
    --------
    >>> from phm_diabetes.loading import chosen_adapter
    >>> chosen_adapter("england.qof_prevalence").name
    'england.qof_prevalence'
    """

    place: ClassVar[str]
    dataset: ClassVar[str]
    version: ClassVar[str]
    layout: ClassVar[str]
    description: ClassVar[str]
    signatures: ClassVar[tuple[Signature, ...]]
    tables: ClassVar[tuple[str, ...]]
    policy: ClassVar[Policy] = SMALL_NUMBERS
    layout_of: ClassVar[str | None] = None
    gathers: ClassVar[tuple[str, ...]] = ()
    needs_period: ClassVar[bool] = False
    hidden: ClassVar[Mapping[str, tuple[int, int]]] = MappingProxyType({})
    record_unit: ClassVar[tuple[str, ...]] = ()
    duplicates: ClassVar[DuplicateRule | Mapping[str, DuplicateRule]] = "refuse"
    input_forms: ClassVar[tuple[str, ...]] = INPUT_FORMS

    @property
    def name(self) -> str:
        """Entry-point name: place and dataset."""
        return f"{self.place}.{self.dataset}"

    def period_of(self, sheet: Sheet, label: str | None) -> Period | None:
        """Return the period of a sheet: as the caller labels it, or from the file's name.

        Override it where the layout holds its period, or means another window than the NHS
        financial year.

        Raises
        ------
        OptionError
            When the layout holds no period and neither caller nor file name says it.
        """
        if not self.needs_period:
            return None
        if label is not None:
            return Period.financial_year(label)
        for text in (sheet.name, sheet.file):
            for match in _YEARS.finditer(text):
                with suppress(OptionError):
                    return Period.financial_year("-".join(match.groups()))
        message = (
            f"{sheet.place} does not say which year it covers. Pass period=, for instance "
            "period='2022-23'."
        )
        raise OptionError(message)

    def placed_in(self, geo: Geography) -> Adapter:
        """Return the adapter with a geography, for those that ask who belongs where.

        Override it where names have to be resolved, or practices of a Place be told from others.

        Raises
        ------
        OptionError
            When the adapter asks nothing of a geography.
        """
        del geo
        message = f"'{self.name}' asks nothing of a geography: leave geo= out."
        raise OptionError(message)

    def claims(self, sheet: Sheet) -> bool:
        """Whether a sheet must be read whatever its headers, as one that a manifest names.

        Override it where headers that changed must not let a sheet be passed over.
        """
        del sheet
        return False

    @abstractmethod
    def to_table(self, sheet: Sheet, context: Context) -> Mapped:
        """Turn one recognised sheet into tables; pure, and without dividing anything."""
