"""Facts about organisations that a Place collects: clinical system, staffing, payment basis."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from phm_diabetes.adapters.base import Adapter, Context, Mapped, Signature
from phm_diabetes.adapters.cells import Fault, dates, matching
from phm_diabetes.adapters.codes import GP_PRACTICE, ICB, PCN, SUB_ICB, malformed
from phm_diabetes.adapters.rules import duplicates, extra_columns, sound
from phm_diabetes.adapters.spells import backwards
from phm_diabetes.adapters.tables import stacked
from phm_diabetes.schemas.words import worded

if TYPE_CHECKING:
    from phm_diabetes.adapters.sheets import Rows, Sheet

__all__ = ["LocalFacts"]

_ABOUT = {
    "level": ("organisation_level",),
    "code": ("organisation_code",),
    "start": ("first_day",),
    "end": ("last_day",),
}
_LONG = {**_ABOUT, "attribute": ("attribute",), "value": ("value",)}
_FORMS = {"practice": GP_PRACTICE, "pcn": PCN, "sub_icb": SUB_ICB, "icb": ICB}
_ATTRIBUTE = re.compile(r"[^a-z0-9]+")


class LocalFacts(Adapter):
    r"""Reads facts in a long table, one row a fact, or a wide one, one column an attribute.

    Examples
    --------
    >>> import io
    >>> import phm_diabetes as phm
    >>> wide = io.StringIO(
    ...     "organisation_level,organisation_code,first_day,last_day,Clinical system,MDT a year\n"
    ...     "practice,Y99001,2023-04-01,,EMIS,4\n"
    ... )
    >>> phm.load(wide).table[["attribute", "value"]].values.tolist()
    [['clinical_system', 'EMIS'], ['mdt_a_year', '4']]
    """

    place: ClassVar[str] = "local"
    dataset: ClassVar[str] = "facts"
    version: ClassVar[str] = "1"
    layout: ClassVar[str] = (
        "a table of facts: organisation_level, organisation_code, first_day and last_day (blank "
        "where not known), and either attribute and value, or one column for each attribute."
    )
    description: ClassVar[str] = (
        "Attributes of organisations, each for a time: clinical system, how often a "
        "multidisciplinary team meets, staffing, payment basis. Words are kept as written; a "
        "blank is no fact."
    )
    signatures: ClassVar[tuple[Signature, ...]] = (
        Signature(columns=tuple(_LONG.values())),
        Signature(columns=tuple(_ABOUT.values())),
    )
    tables: ClassVar[tuple[str, ...]] = ("facts",)

    def to_table(self, sheet: Sheet, context: Context) -> Mapped:  # noqa: ARG002 - facts say their days
        """Turn a long or wide table into facts."""
        headers = {header.casefold() for header in sheet.header()}
        if {"attribute", "value"} & headers:
            rows = sheet.rows(_LONG, layout=f"'{self.name}'")
            attributes: tuple[str, ...] = ("value",)
        else:
            about = {words[0] for words in _ABOUT.values()}
            wide = {each: (each,) for each in sheet.header() if each.casefold() not in about}
            wide.pop("", None)
            rows = sheet.rows({**_ABOUT, **wide}, layout=f"'{self.name}'")
            attributes = tuple(wide)
        cells = rows.cells
        start, end, faults = _about(rows)
        key = ["level", "code", "start", *(["attribute"] if "attribute" in cells else [])]
        what = "organisation, attribute and first day"
        faults += duplicates(sound(cells, faults), key, what)
        faults += _without_a_fact(sound(cells, faults), attributes) + extra_columns(rows)
        parts = [
            _facts(cells, cells[name], start, end, _slug(name) if name in rows.headers else "")
            for name in attributes
        ]
        tables = {"facts": stacked(parts)} if parts else {}
        return Mapped(tables=tables, faults=faults, rows_read=len(cells))


def _about(rows: Rows) -> tuple[pd.Series[Any], pd.Series[Any], list[Fault]]:
    """Days, and what is wrong with whom and when the facts are about."""
    cells, headers = rows.cells, rows.headers
    faults = matching(
        cells["level"],
        headers["level"],
        pattern=r"[a-z][a-z0-9_]*",
        what="a level, such as practice, pcn or place",
        rule="level",
    )
    for level, form in _FORMS.items():
        own = cells.loc[(cells["level"] == level).to_numpy(), "code"]
        faults += malformed(own.cat.remove_unused_categories(), headers["code"], form)
    faults += matching(cells["code"], headers["code"], pattern=r"\S+", what="a code")
    start, bad_starts = dates(cells["start"], headers["start"])
    end, bad_ends = dates(cells["end"], headers["end"])
    faults += bad_starts + bad_ends
    if "attribute" in cells:
        faults += matching(
            cells["attribute"],
            headers["attribute"],
            pattern=r".*[A-Za-z].*",
            what="the name of an attribute",
            rule="attribute",
        )
    return start, end, faults + backwards(start, end, headers["end"])


def _slug(attribute: str) -> str:
    return _ATTRIBUTE.sub("_", attribute.casefold()).strip("_")


def _facts(
    cells: pd.DataFrame,
    values: pd.Series[Any],
    start: pd.Series[Any],
    end: pd.Series[Any],
    attribute: str,
) -> pd.DataFrame:
    """Facts of one column; a long table names the attribute on each row."""
    stated = (values != "").to_numpy()
    own = cells[stated]
    if "attribute" in cells:
        said = [_slug(str(text)) for text in own["attribute"].cat.categories]
        words = sorted(set(said))
        places = np.array([words.index(text) for text in said], dtype=np.int64)
        names = worded(places[own["attribute"].cat.codes.to_numpy()], words)
    else:
        names = worded(np.zeros(len(own), dtype=np.int64), [attribute])
    return pd.DataFrame(
        {
            "org_level": own["level"].array,
            "org_code": own["code"].astype(object).array,
            "attribute": names,
            "value": values[stated].astype(object).array,
            "start": start[stated].array,
            "end": end[stated].array,
            "source_row": own.index,
        }
    )


def _without_a_fact(used: pd.DataFrame, attributes: tuple[str, ...]) -> list[Fault]:
    blank = np.ones(len(used), dtype=bool)
    for name in attributes:
        blank &= (used[name] == "").to_numpy()
    if not blank.any():
        return []
    return [
        Fault(
            rule="no fact",
            rows=used.index.to_numpy()[blank],
            message="states nothing about the organisation",
            advice="Nothing to do, unless it should: a blank is no fact, and not 'none'.",
            severity="info",
            counted=True,
        )
    ]
