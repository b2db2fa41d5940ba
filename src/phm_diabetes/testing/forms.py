"""Forms: one sample written as CSV, workbook, zip, open file and DataFrame."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pandas as pd

from phm_diabetes.demo.workbook import xlsx

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phm_diabetes.adapters.sources import Source

__all__ = ["can_be_written", "in_form"]

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?")


class _Named(io.BytesIO):
    """Bytes that say what file they are of, as an open file does."""

    def __init__(self, name: str, data: bytes) -> None:
        super().__init__(data)
        self.name = name


def can_be_written(source: Source, form: str) -> bool:
    """Whether a source fits a form: several sheets need a workbook or a zip.

    Examples
    --------
    >>> from phm_diabetes.adapters.sources import open_source
    >>> can_be_written(open_source(pd.DataFrame({"CODE": ["X1"]})), "csv")
    True
    """
    return form in {"xlsx", "zip"} or len(source.sheets) == 1


def in_form(source: Source, form: str, *, labelled: bool, sheet: str = "Sheet1") -> Any:  # noqa: ANN401 - as a load takes it
    """Write a source anew, as a load takes it; numbers become numbers where a form has them.

    Parameters
    ----------
    source
        The sample.
    form
        One of :data:`phm_diabetes.adapters.base.INPUT_FORMS`.
    labelled
        Whether the first row holds the labels of a DataFrame.
    sheet
        What to call a sheet that has no name.

    Examples
    --------
    >>> from phm_diabetes.adapters.sources import open_source
    >>> source = open_source(pd.DataFrame({"CODE": ["X1"], "N": ["3"]}))
    >>> in_form(source, "frame", labelled=True)["N"].tolist()
    [3]
    """
    stem = PurePath(source.file).stem
    grids = {
        each.name: [[str(cell) for cell in row] for row in each.grid.itertuples(index=False)]
        for each in source.sheets
    }
    if form == "frame":
        return _frame(next(iter(grids.values())), labelled=labelled)
    if form == "xlsx":
        named = {name.split(" › ")[-1] or sheet: _numbers(rows) for name, rows in grids.items()}
        return _Named(f"{stem}.xlsx", xlsx(named))
    if form == "zip":
        return _Named(f"{stem}.zip", _zipped(grids, stem))
    file = _Named(f"{stem}.csv", _csv(next(iter(grids.values()))))
    return file if form == "csv" else io.TextIOWrapper(file, encoding="utf-8", newline="")


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def _zipped(grids: Mapping[str, Sequence[Sequence[str]]], stem: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, rows in grids.items():
            own = PurePath(name.split(" › ")[-1] or stem)
            archive.writestr(f"{own.stem if own.suffix == '.csv' else own}.csv", _csv(rows))
    return packed.getvalue()


def _numbers(rows: Sequence[Sequence[str]]) -> list[list[str | float]]:
    """Write as numbers what Excel takes for numbers; a code with a leading zero stays text."""
    return [[float(cell) if _NUMBER.fullmatch(cell) else cell for cell in row] for row in rows]


def _frame(rows: Sequence[Sequence[str]], *, labelled: bool) -> pd.DataFrame:
    if not labelled:
        return pd.DataFrame(list(rows))
    columns = [
        pd.to_numeric(pd.Series(cells, dtype=object).replace("", None))
        if all(_NUMBER.fullmatch(cell) or not cell for cell in cells) and any(cells)
        else pd.Series(cells, dtype=object)
        for cells in zip(*rows[1:], strict=True)
    ]
    frame = pd.concat(columns, axis=1)
    frame.columns = pd.Index(rows[0])
    return frame
