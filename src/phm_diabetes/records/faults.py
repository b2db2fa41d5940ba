"""Faults: the rules that a cell can break, in words, and how often each was broken where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field

from phm_diabetes.records.survey import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["MOST_NAMED", "RULES", "Broken", "Heard", "finding_of", "merged"]

MOST_NAMED = 5
"""Rows that a finding names, unless more are asked for."""

RULES = {
    "missing": ("is blank, and the record is of no use without it", "Ask for it to be filled in."),
    "unknown code": ("holds a code that the layout does not list", "Look the code up."),
    "pattern": ("is not written as the layout says", "Check that it is the right column."),
    "whole number": ("is not a whole number", "Check that it is the right column."),
    "money": ("is not an amount of money", "Check that it is the right column."),
    "date": ("is not a date", "Check the format of the column."),
    "day out of range": ("is a day outside the years that the layout covers", "Check the year."),
    "out of range": ("is outside what the layout allows", "Check the column and its unit."),
    "id used once": ("is an id used once only, so that it names nobody", "Nothing to do."),
    "number of cells": (
        "has more or fewer cells than the header",
        "Look for a separator inside a cell without quotation marks.",
    ),
}
"""What each rule says of a cell, and what to do next."""


@define
class Broken:
    """How often one rule was broken, and in which rows first.

    Examples
    --------
    >>> Broken(rows=2, first=[3, 9]).rows
    2
    """

    rows: int = 0
    first: list[int] = field(factory=list)


class Heard:
    """What one reader of a part of the source hears, by rule and header.

    Parameters
    ----------
    most_named
        Rows that are named of each.

    Examples
    --------
    >>> heard = Heard()
    >>> heard.add("date", "APPTDATE", 2, lambda: [3, 9])
    >>> heard.broken["date", "APPTDATE"].rows
    2
    """

    def __init__(self, most_named: int = MOST_NAMED) -> None:
        self.broken: dict[tuple[str, str], Broken] = {}
        self.most_named = most_named

    def add(
        self, rule: str, header: str, rows: int, lines: Callable[[], Iterable[int]] | None
    ) -> None:
        """Count rows; ``lines`` is called for the first few's lines, where they are wanted."""
        if not rows:
            return
        found = self.broken.setdefault((rule, header), Broken())
        found.rows += rows
        if len(found.first) < self.most_named and callable(lines):
            found.first += list(lines())[: self.most_named - len(found.first)]


def merged(heard: Sequence[Heard], starts: Sequence[int]) -> dict[tuple[str, str], Broken]:
    """Add up what the readers of the parts heard; lines become those of the whole file.

    Parameters
    ----------
    heard
        One for each part, in the source's order.
    starts
        Records before each part.

    Examples
    --------
    >>> one, two = Heard(), Heard()
    >>> one.add("date", "D", 1, lambda: [0])
    >>> two.add("date", "D", 1, lambda: [0])
    >>> merged([one, two], [0, 10])["date", "D"].first
    [2, 12]
    """
    whole: dict[tuple[str, str], Broken] = {}
    for each, start in zip(heard, starts, strict=True):
        for key, found in each.broken.items():
            into = whole.setdefault(key, Broken())
            into.rows += found.rows
            # The header is row 1 of the file.
            into.first += [int(line) + start + 2 for line in found.first]
            into.first = into.first[: each.most_named]
    return whole


def finding_of(rule: str, header: str, found: Broken, *, sets_aside: bool) -> Finding:
    """Return a finding about cells.

    Examples
    --------
    >>> found = finding_of("date", "REQDATE", Broken(rows=1), sets_aside=False)
    >>> found.severity, found.message
    ('warning', 'is not a date, and is taken as not recorded')
    """
    message, advice = RULES[rule]
    told = rule == "id used once"
    if not sets_aside and not told:
        message += ", and is taken as not recorded"
    return Finding(
        rule=rule,
        column=header,
        rows=found.rows,
        first=tuple(found.first),
        message=message,
        advice=advice,
        severity="info" if told else "error" if sets_aside else "warning",
        sets_aside=sets_aside and not told,
    )
