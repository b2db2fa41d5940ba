"""Interviews: a sheet of themes that staff fill in, read back as a table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from phm_diabetes.adapters.filled_sheets import FilledSheet, filled_sheet, refuse_faults
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.themes import Themes

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

    from pandera.typing import DataFrame

__all__ = ["INTERVIEWS", "load_themes"]

INTERVIEWS = """\
# Why appointments are missed: interviews with staff. Fill in a copy, and load it with
#   themes = phm.load_themes("interviews.toml")
#
# Ask each person the questions, listen first, and then choose the themes that fit what they
# said. Add themes of your own with the next code. Repeat a [[theme]] for another role or site.
# Write roles, never names, and no words by which a patient or a colleague could be known.

interview = "dna-2023"  # an id for this set of interviews
questions = [
    "When somebody does not come, what do you find out about why?",
    "How do people get to know of their appointment, and how can they change it?",
    "Who is hardest to reach, and what has helped?",
    "What happens after an appointment is missed?",
]

# count: how many of those you asked, in this role and at this site, said it.

[[theme]]
code = "DNA1"
words = "The letter or message did not arrive, or came too late"
reporter_role = ""  # such as "booking clerk", "specialist nurse", "practice nurse"
site = ""
count = 0

[[theme]]
code = "DNA2"
words = "It is hard to change or cancel an appointment"
reporter_role = ""
site = ""
count = 0

[[theme]]
code = "DNA3"
words = "Getting there costs too much time or money"
reporter_role = ""
site = ""
count = 0

[[theme]]
code = "DNA4"
words = "Work, caring or other appointments come at the same time"
reporter_role = ""
site = ""
count = 0

[[theme]]
code = "DNA5"
words = "The letter is not in a language or form that the person reads"
reporter_role = ""
site = ""
count = 0

[[theme]]
code = "DNA6"
words = "The person does not know what the appointment is for, or feels well"
reporter_role = ""
site = ""
count = 0

[[theme]]
code = "DNA7"
words = "The person is afraid of the visit, or of being told off"
reporter_role = ""
site = ""
count = 0

[[theme]]
code = "DNA8"
words = "The appointment was no longer needed, or was in the list by mistake"
reporter_role = ""
site = ""
count = 0
"""
"""What staff fill in: questions, themes with their codes, and who said them."""

_COLUMNS = ("code", "words", "reporter_role", "site", "count")
_CODE = re.compile(r"[A-Z][A-Z0-9]*(\.[0-9]+)?")


def load_themes(path: str | os.PathLike[str]) -> DataFrame[Themes]:
    """Load the themes of interviews that a filled-in template, or a CSV, holds.

    Parameters
    ----------
    path
        A copy of the TOML file that ``phm.write_template("interviews.dna", path)`` writes; or a
        CSV with the columns code, words, reporter_role, site and count, whose name is then the
        id of the interviews.

    Returns
    -------
    DataFrame[Themes]
        One row a theme, role and site, in the order of the file. Themes that nobody was asked
        about (no role and a count of 0) are left out.

    Raises
    ------
    SourceReadError
        When the file is missing, is no text, or is no TOML.
    SourceLayoutError
        When it has no themes, or other columns than a template.
    SourceDataError
        When themes break the rules; every one is named, without what stands in it.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "interviews.toml"
    ...     filled = INTERVIEWS.replace('role = ""', 'role = "booking clerk"', 1)
    ...     _ = path.write_text(filled.replace("count = 0", "count = 3", 1))
    ...     load_themes(path)[["code", "reporter_role", "count"]].values.tolist()
    [['DNA1', 'booking clerk', 3]]
    """
    sheet = filled_sheet(
        path, heading="interview", each="theme", columns=_COLUMNS, template="interviews.dna"
    )
    rows = [{**row, "count": _whole(row["count"], sheet)} for row in sheet.rows]
    asked = [(place, row) for place, row in enumerate(rows, start=1) if _was_asked(row)]
    faults = [f"theme {place}: {fault}" for place, row in asked for fault in _faults(row)]
    refuse_faults(sheet.file, [*faults, *_twice(asked)])
    table = pd.DataFrame([row for _, row in asked], columns=list(_COLUMNS))
    table.insert(0, "interview", sheet.title)
    return checked(Themes, table, what=sheet.file)


def _whole(count: object, sheet: FilledSheet) -> object:
    """Return the count of a CSV, in which all is text, as a number where it is one."""
    is_csv = sheet.file.casefold().endswith(".csv")
    return int(str(count)) if is_csv and re.fullmatch(r"[0-9]+", str(count)) else count


def _was_asked(row: dict[str, Any]) -> bool:
    return bool(row["reporter_role"]) or row["count"] != 0


def _faults(row: dict[str, Any]) -> Iterator[str]:
    for name in ("code", "words", "reporter_role", "site"):
        if not isinstance(row[name], str):
            yield f"{name} is not text"
        elif not row[name] and name != "site":
            yield f"{name} is blank"
    if isinstance(row["code"], str) and row["code"] and not _CODE.fullmatch(row["code"]):
        yield "code is not written as in DNA1"
    count = row["count"]
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        yield "count is no whole number from 0"


def _twice(asked: Sequence[tuple[int, dict[str, Any]]]) -> Iterator[str]:
    seen: dict[tuple[str, str, str], int] = {}
    said: dict[str, str] = {}
    for place, row in asked:
        key = (str(row["code"]), str(row["reporter_role"]), str(row["site"]))
        if key in seen:
            yield f"theme {place}: the same code, role and site as theme {seen[key]}"
        seen.setdefault(key, place)
        if said.setdefault(key[0], str(row["words"])) != str(row["words"]):
            yield f"theme {place}: other words for a code than before"
