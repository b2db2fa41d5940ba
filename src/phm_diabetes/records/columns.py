"""Columns of a record layout: where a value stands in a source, and what it may be."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from attrs import field, frozen, validators

from phm_diabetes.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["WHITE", "Case", "Column", "Derived", "Kind", "fixed", "header_key"]

Kind = Literal["code", "text", "id", "date", "integer", "money", "codes"]

WHITE = " \t\r\n\x0b\x0c\xa0"
"""Characters that are cut from both ends of a cell before anything is asked of it."""

_KINDS = ("code", "text", "id", "date", "integer", "money", "codes")


def fixed(given: Mapping[str, str]) -> Mapping[str, str]:
    """Return a mapping that nobody can change.

    Examples
    --------
    >>> dict(fixed({"1": "male"}))
    {'1': 'male'}
    """
    return MappingProxyType(dict(given))


def _word_sets(given: Mapping[str, Iterable[str]]) -> Mapping[str, frozenset[str]]:
    return MappingProxyType({name: frozenset(words) for name, words in given.items()})


def header_key(header: str) -> str:
    """Return a header as headers are compared: case and white space are ignored.

    Examples
    --------
    >>> header_key(" Organisation Code  (Code Of Provider)")
    'organisation code (code of provider)'
    """
    return " ".join(header.replace("\ufeff", "").split()).casefold()


@frozen(kw_only=True)
class Column:
    r"""One canonical column: its names in sources, and how its text is understood.

    A cell is stripped of `WHITE`; then it is blank, or it is read by its kind, or it is broken.

    Parameters
    ----------
    name
        Canonical name, as in the schema of the layout's table.
    sources
        Headers it may stand under; the first that is present wins, and the others are not read.
    kind
        ``"code"``: one of few texts, mapped by `codes` where there is a map. ``"text"``: few
        texts kept as they are. ``"id"``: many texts, only ever compared. ``"date"``,
        ``"integer"`` (also written ``59.0``), ``"money"`` (pounds, read as whole pence).
        ``"codes"``: several source columns, `slots` of them, each a text.
    required
        Whether a source without any of the headers is refused.
    nulls
        Texts that mean nothing was recorded, besides the layout's own.
    codes
        Canonical word of each code. Without it a code is its own word. ``{option}`` in a word is
        filled in from the options the caller gives, such as ``"{imd_vintage}:1"``.
    blank
        Word of a blank cell, or of an absent column; ``None`` is a missing value.
    needed
        Whether a blank cell breaks the row.
    allowed, pattern
        Words, or a regular expression of the whole text, that an unmapped text must fit.
    cut
        Length to which a text is cut before it is looked at; 0 keeps it whole.
    cut_like
        Regular expression of the whole texts that are cut; all of them where it is empty.
    width
        Length to which a number is padded with zeros on the left; 0 leaves it.
    formats
        Of a date, tried in their order; a time of day after it is cut off.
    sentinels
        Texts of dates that mean nothing was recorded; compared before a date is parsed.
    least, most
        Bounds of an integer or of money [pence], both included; of a date as ``"2023-04-01"``.
    recode
        For integers: ``(first, last, value)``, both ends included; before `least` and `most`.
    broken
        ``"set_aside"``: a broken cell sets its row aside. ``"blank"``: it counts as blank, and
        is counted.
    slots
        For ``"codes"``: how many source columns; ``{}`` in `sources` is their number, 1 first.
    identifiable
        Whether the source holds an identifier; then it is dropped, or replaced by a keyed
        pseudonym where the caller gives the key.
    kinds
        For a person: kind of id by header, such as ``{"TOKEN_PERSON_ID": "token_person_id"}``.
    once
        For a person: regular expression of ids that are used once only, and so name nobody.
    once_within
        Characters of the longest such id, so that longer ones need not be looked at; 0 where it is
        not known.
    kept
        Whether the column is part of the table; others only serve derived columns and rules.

    Raises
    ------
    OptionError
        When a declaration contradicts itself.

    Examples
    --------
    >>> sex = Column(name="sex", sources=("SEX",), kind="code", blank="unknown",
    ...              codes={"1": "male", "2": "female", "0": "unknown", "9": "unknown"})
    >>> sex.required
    True
    """

    name: str
    sources: tuple[str, ...]
    kind: Kind = field(validator=validators.in_(_KINDS))
    required: bool = True
    nulls: frozenset[str] = frozenset()
    codes: Mapping[str, str] = field(factory=dict, converter=fixed)
    blank: str | None = None
    needed: bool = False
    allowed: frozenset[str] = frozenset()
    pattern: str = ""
    cut: int = 0
    cut_like: str = ""
    width: int = 0
    formats: tuple[str, ...] = ("%Y-%m-%d", "%Y%m%d")
    sentinels: frozenset[str] = frozenset()
    least: int | str | None = None
    most: int | str | None = None
    recode: tuple[tuple[int, int, int], ...] = ()
    broken: Literal["set_aside", "blank"] = "set_aside"
    slots: int = 0
    identifiable: bool = False
    kinds: Mapping[str, str] = field(factory=dict, converter=fixed)
    once: str = ""
    once_within: int = 0
    kept: bool = True

    def __attrs_post_init__(self) -> None:
        """Refuse a declaration that cannot be meant."""
        wrong = ""
        if not self.sources:
            wrong = "names no source column"
        elif (self.kind == "codes") != (self.slots > 0):
            wrong = "needs slots= where it is of kind 'codes', and only there"
        elif self.codes and self.kind != "code":
            wrong = "has codes=, which only kind 'code' takes"
        for pattern in (self.pattern, self.once, self.cut_like):
            try:
                re.compile(pattern)
            except re.error:
                wrong = "has a pattern that is no regular expression"
        if wrong:
            message = f"Column '{self.name}' of a record layout {wrong}."
            raise OptionError(message)

    @property
    def headers(self) -> tuple[tuple[str, ...], ...]:
        """Groups of headers; the first group of which any is present is read.

        Examples
        --------
        >>> Column(name="procedures", kind="codes", slots=2, sources=("OPERTN_{:02d}",)).headers
        (('OPERTN_01', 'OPERTN_02'),)
        """
        if not self.slots:
            return tuple((source,) for source in self.sources)
        numbers = range(1, self.slots + 1)
        return tuple(tuple(source.format(at) for at in numbers) for source in self.sources)


@frozen(kw_only=True)
class Case:
    """One case of a derived column or a rule: where every named column has one of its words.

    Parameters
    ----------
    when
        Words by column; all must hold, so that an empty one holds everywhere. A missing value is
        the word ``""``.
    differ
        Two columns that must both have a word, and not the same one; none where it is empty.
    then
        The word of the derived column; or the name of a column after ``"="``, whose word it is.

    Examples
    --------
    >>> Case(when={"first_code": {"1", "3"}}, then="first").then
    'first'
    """

    when: Mapping[str, frozenset[str]] = field(factory=dict, converter=_word_sets)
    differ: tuple[str, ...] = ()
    then: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse to compare any other number of columns than two."""
        if len(self.differ) not in {0, 2}:
            message = "differ= of a case of a record layout takes two columns."
            raise OptionError(message)

    @property
    def of(self) -> frozenset[str]:
        """The columns it asks of.

        Examples
        --------
        >>> sorted(Case(differ=("sent", "derived")).of)
        ['derived', 'sent']
        """
        return frozenset({*self.when, *self.differ})


@frozen(kw_only=True)
class Derived:
    """A column made of others: the first case that holds gives the word.

    Parameters
    ----------
    name
        Canonical name.
    cases
        In their order.
    otherwise
        The word where none holds.
    kept
        Whether the column is part of the table; others only serve rules.

    Examples
    --------
    >>> visit = Derived(name="visit", otherwise="unknown", cases=(
    ...     Case(when={"first_code": {"1", "3"}}, then="first"),
    ...     Case(when={"first_code": {"2", "4"}}, then="follow_up")))
    >>> sorted(visit.of)
    ['first_code']
    """

    name: str
    cases: tuple[Case, ...]
    otherwise: str
    kept: bool = True

    @property
    def of(self) -> frozenset[str]:
        """The columns it is made of.

        Examples
        --------
        >>> Derived(name="visit", cases=(), otherwise="unknown").of
        frozenset()
        """
        named = {name for case in self.cases for name in case.of}
        return frozenset(named | {case.then[1:] for case in self.cases if case.then[:1] == "="})
