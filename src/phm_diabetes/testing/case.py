"""Cases: an adapter beside its sample, opened and read once for all laws."""

from __future__ import annotations

import io
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from attrs import field, frozen

from phm_diabetes.adapters.headers import Header, find_header
from phm_diabetes.adapters.recognition import sheets_of
from phm_diabetes.adapters.sources import open_source
from phm_diabetes.errors import PhmError
from phm_diabetes.loading import load
from phm_diabetes.testing.reading import Place, Reading, read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from phm_diabetes.adapters.base import Adapter
    from phm_diabetes.adapters.sheets import Sheet
    from phm_diabetes.adapters.sources import Source
    from phm_diabetes.extract import Extract
    from phm_diabetes.model.periods import Period

__all__ = ["Body", "Case"]


@frozen(kw_only=True, eq=False)
class Body:
    """A sheet that the adapter reads, and where its rows stand.

    Parameters
    ----------
    sheet
        The sheet.
    header
        What its columns are called.
    rows
        Rows below the header that are not blank, counted from 1.
    records
        Those that the adapter used.

    Examples
    --------
    >>> import pandas as pd
    >>> from phm_diabetes.adapters.sheets import Sheet
    >>> sheet = Sheet(file="a.csv", name="", grid=pd.DataFrame([["CODE"], [" X1 "]]))
    >>> header = Header(row=1, texts=("CODE",), likeness=1.0)
    >>> Body(sheet=sheet, header=header, rows=(2,), records=(2,)).cells(2)
    ['X1']
    """

    sheet: Sheet
    header: Header
    rows: tuple[int, ...]
    records: tuple[int, ...]

    def cells(self, row: int) -> list[str]:
        """Return the texts of a row, counted from 1."""
        return [str(cell).strip() for cell in self.sheet.grid.iloc[row - 1]]


@frozen(kw_only=True, eq=False, slots=False)
class Case:
    """An adapter, its sample, and what its author says of both.

    The parameters are those of :class:`phm_diabetes.testing.contract.AdapterContract`.

    Examples
    --------
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.loading import chosen_adapter
    >>> adapter = chosen_adapter("england.qof_prevalence")
    >>> case = Case(adapter=adapter, make_sample=demo.registers, period="2022-23")
    >>> case.reading.errors
    ()
    """

    adapter: Adapter
    make_sample: Callable[[], Any] = field(repr=False)
    known: Sequence[Mapping[str, Any]] = ()
    period: str | Period | None = None
    installed: bool = True
    footers: bool = False
    merged_headers: bool = False
    optional_columns: tuple[str, ...] = ()

    def broken(self, what: str, *, hint: str) -> NoReturn:
        """Fail the test: say what is wrong with the adapter, and what to do."""
        pytest.fail(f"{self.adapter.name}: {what.rstrip('.')}. {hint}.", pytrace=False)

    def sample(self) -> Any:  # noqa: ANN401 - whatever a load takes
        """Return the sample afresh, as a load takes it."""
        made = self.make_sample()
        return io.BytesIO(made) if isinstance(made, bytes) else made

    @cached_property
    def source(self) -> Source:
        """The sample, opened."""
        return open_source(self.sample())

    @cached_property
    def reading(self) -> Reading:
        """What the adapter makes of the sample."""
        found = self.read_or_refusal(self.source)
        if isinstance(found, PhmError):
            why = str(found)
        elif found.errors:
            why = "; ".join(
                f"{fault.column or 'a row'} {fault.message} (rows {fault.rows.tolist()})"
                for _, fault in found.errors
            )
        else:
            return found
        return self.broken(f"cannot read its sample: {why}", hint="Mend the one or the other")

    @cached_property
    def extract(self) -> Extract:
        """The sample, loaded."""
        try:
            return load(self.sample(), adapter=self.adapter, period=self.period)
        except PhmError as error:
            why = str(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, a user could not read it
            why = type(error).__name__
        return self.broken(f"cannot load its sample: {why}", hint="Mend the one or the other")

    @cached_property
    def bodies(self) -> tuple[Body, ...]:
        """The sheets that the adapter reads."""
        return tuple(self._body(sheet) for sheet in sheets_of(self.adapter, self.source))

    @cached_property
    def covered(self) -> str | Period | None:
        """The period to read other forms of the sample with, whose names may not say it."""
        sheets = [body.sheet for body in self.bodies]
        if self.period is not None or len(sheets) != 1:
            return self.period
        return self.adapter.period_of(sheets[0], None)

    def read(self, source: Source) -> Reading:
        """Read a source, such as an altered sample."""
        return read(self.adapter, source, period=self.period)

    def read_or_refusal(self, source: Source) -> Reading | PhmError:
        """Read a source, or return the error with which the adapter refuses it."""
        try:
            return self.read(source)
        except PhmError as error:
            return error
        except Exception as error:  # noqa: BLE001 - whatever it is, a user could not read it
            kind = type(error).__name__
        return self.broken(
            f"meets a file that it cannot read with {kind}, which tells a user nothing",
            hint="Report a Fault for the rows, or raise an error of phm_diabetes.errors",
        )

    def units(self, body: Body) -> list[list[int]]:
        """Return the rows of each record, in the order of their first rows."""
        names = {" ".join(name.split()).casefold() for name in self.adapter.record_unit}
        if not any(len(_spots(names, each)) == len(names) for each in self.bodies):
            self.broken(
                "record_unit names a header that the sample does not have",
                hint="Give the publisher's headers, as they stand in the sample",
            )
        spots = _spots(names, body)
        if len(spots) < len(names):  # on a sheet without them, each row is a record of its own
            spots = []
        units: dict[object, list[int]] = {}
        for row in body.records:
            cells = body.cells(row)
            units.setdefault(tuple(cells[spot] for spot in spots) or row, []).append(row)
        return list(units.values())

    def _body(self, sheet: Sheet) -> Body:
        headers = [find_header(sheet, signature) for signature in self.adapter.signatures]
        header = max(headers, key=lambda each: each.likeness)
        below: pd.DataFrame = sheet.grid.iloc[header.row :]
        filled = (below.map(lambda cell: str(cell).strip()) != "").any(axis=1).to_numpy()
        rows = tuple(header.row + 1 + spot for spot in range(len(below)) if filled[spot])
        used: frozenset[Place] = self.reading.used
        records = tuple(row for row in rows if (sheet.name, row) in used)
        return Body(sheet=sheet, header=header, rows=rows, records=records)


def _spots(names: set[str], body: Body) -> list[int]:
    """Return where the headers of those names stand."""
    texts = [" ".join(text.split()).casefold() for text in body.header.texts]
    return [spot for spot, text in enumerate(texts) if text in names]
