"""Filled sheets: rows that people wrote into a TOML template or a CSV, as plain rows."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from phm_diabetes.errors import SourceDataError, SourceLayoutError, SourceReadError
from phm_diabetes.files import reach

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

__all__ = ["FilledSheet", "filled_sheet", "refuse_faults"]

_MOST_NAMED = 20


@frozen(kw_only=True, eq=False)
class FilledSheet:
    """What a filled-in sheet holds.

    Parameters
    ----------
    file
        Its name, without the folder.
    title
        What its heading names: in a CSV, the file's own name.
    rows
        Its rows, texts stripped.

    Examples
    --------
    >>> FilledSheet(file="a.csv", title="a", rows=[]).title
    'a'
    """

    file: str
    title: str
    rows: list[dict[str, Any]]


def filled_sheet(
    path: str | os.PathLike[str],
    *,
    heading: str,
    each: str,
    columns: Sequence[str],
    template: str,
) -> FilledSheet:
    r"""Read a sheet that was filled in.

    Parameters
    ----------
    path
        Of a TOML file, or of a CSV whose name ends in ``.csv``.
    heading
        Key of the TOML file that names what the sheet is of.
    each
        Name of the TOML file's tables, of which each is a row.
    columns
        What every row has, and nothing else.
    template
        Name under which ``phm.write_template`` writes an empty one, for messages.

    Raises
    ------
    SourceReadError
        When the file is missing, is no text, or is no TOML.
    SourceLayoutError
        When it has no rows, or other columns.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "notes.csv"
    ...     _ = path.write_text("code,words\nA1, Far \n")
    ...     filled_sheet(path, heading="of", each="note", columns=["code", "words"],
    ...                  template="notes").rows
    [{'code': 'A1', 'words': 'Far'}]
    """
    where = Path(path).name
    text = _text(where, path)
    start = f"Start from phm.write_template('{template}', path)."
    if where.casefold().endswith(".csv"):
        title, rows, held = _of_csv(where, text, each)
    else:
        title, rows = _of_toml(where, text, heading, each, start)
        held = [set(row) for row in rows]
    for place, names in enumerate(held, start=1):
        if names != set(columns):
            message = (
                f"{where}: {each} {place} has not the columns {', '.join(columns)} and no other. "
                f"{start}"
            )
            raise SourceLayoutError(message)
    return FilledSheet(file=where, title=title, rows=[_plain(row, columns) for row in rows])


def refuse_faults(where: str, faults: Sequence[str]) -> None:
    """Refuse a sheet with faults, naming all of them.

    Raises
    ------
    SourceDataError
        When there is any.

    Examples
    --------
    >>> refuse_faults("notes.csv", [])
    """
    if faults:
        more = f"; and {len(faults) - _MOST_NAMED:,} more" if len(faults) > _MOST_NAMED else ""
        message = f"{where}: {'; '.join(faults[:_MOST_NAMED])}{more}. Correct the file."
        raise SourceDataError(message)


def _text(where: str, path: str | os.PathLike[str]) -> str:
    try:
        return reach(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        message = f"{where} is not text in UTF-8. Save it as UTF-8."
    except OSError as error:
        message = f"{where} cannot be read: {error.strerror}. Check the path."
    raise SourceReadError(message)


def _of_toml(
    where: str, text: str, heading: str, each: str, start: str
) -> tuple[str, list[dict[str, Any]]]:
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line \d+, column \d+|at end of document", str(error))
        message = f"{where} is no TOML{f' ({place.group()})' if place else ''}. Compare a template."
        raise SourceReadError(message) from None
    rows = given.get(each)
    known = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
    if not isinstance(given.get(heading), str) or not rows or not known:
        message = f'{where} has no {heading} = "..." or no [[{each}]]. {start}'
        raise SourceLayoutError(message)
    return given[heading], rows


def _of_csv(where: str, text: str, each: str) -> tuple[str, list[dict[str, Any]], list[set[str]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    rows = list(reader)
    wide = [place for place, row in enumerate(rows, start=1) if None in row]
    if wide:
        message = (
            f"{where}: {each} {wide[0]} has more cells than the header. Quote a text with a comma."
        )
        raise SourceLayoutError(message)
    return Path(where).stem, rows, [set(reader.fieldnames or ())]


def _plain(row: dict[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    return {
        name: row[name].strip() if isinstance(row[name], str) else row[name] for name in columns
    }
