"""Cells as expressions: the rule book of `reading`, for a whole column on any engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
from attrs import field, frozen

from phm_diabetes.records.columns import WHITE
from phm_diabetes.records.engine_numbers import day_of, pence_of, whole_number_of
from phm_diabetes.records.engine_patterns import whole_text
from phm_diabetes.records.engine_steps import Steps, first_of, whole
from phm_diabetes.records.faults import RULES
from phm_diabetes.records.reading import TIME_OF_DAY, day_number, filled_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phm_diabetes.records.columns import Column

    Read = tuple[nw.Expr, nw.Expr]
    """A value, and the number of the rule it breaks."""

__all__ = ["FAULTS", "CellExpressions"]

FAULTS = ("", *RULES)
"""Rules that a cell can break, by the number that stands for each on an engine."""

_FRACTION = whole_text(r"[0-9]+\.0+")
_DIGITS = whole_text("[0-9]+")
_NUMBERS = ("integer", "money", "date")
_RULES_OF_KIND: dict[str, tuple[str, ...]] = {
    "code": ("unknown code",),
    "integer": ("whole number", "out of range"),
    "money": ("money", "out of range"),
    "date": ("date", "day out of range"),
}


_NOTHING_SAID = -1
"""Stands in place of a fault for a cell that says nothing, and breaks no rule by it."""


def _fault(rule: str) -> nw.Expr:
    return whole(FAULTS.index(rule))


@frozen(kw_only=True, eq=False)
class CellExpressions:
    """One column of a source: from its text to its value and the number of the rule it breaks.

    Parameters
    ----------
    column
        What the layout declares.
    nulls
        The layout's texts that mean nothing was recorded.
    options
        What the caller said, by name.
    text
        Name of the column of raw texts, none of them missing.
    value, fault
        Names of the two columns that are made.

    Examples
    --------
    >>> from phm_diabetes.records.columns import Column
    >>> sex = Column(name="sex", sources=("SEX",), kind="text", needed=True)
    >>> CellExpressions(column=sex, text="c0", value="sex", fault="_fault0").rules()
    ('missing', 'pattern')
    """

    column: Column
    nulls: frozenset[str] = frozenset()
    options: Mapping[str, str] = field(factory=dict)
    text: str
    value: str
    fault: str

    def rules(self) -> tuple[str, ...]:
        """Return the rules that a cell of the column can break."""
        column = self.column
        first = (("missing", column.needed), ("id used once", bool(column.once)))
        named = tuple(rule for rule, asked in first if asked)
        return named + _RULES_OF_KIND.get(column.kind, ("pattern",))

    def steps(self) -> Steps:
        """Return the steps that make the value and the fault.

        Raises
        ------
        OptionError
            When a pattern of the column is read in different ways by engines.
        """
        column, steps = self.column, Steps(f"{self.text}_{self.value}", reads=self.text)
        bare = steps.add("bare", nw.col(self.text).str.strip_chars(WHITE))
        text = bare
        if column.cut:
            shorter = bare.str.slice(0, column.cut).str.strip_chars(WHITE)
            if column.cut_like:
                like = bare.str.contains(whole_text(column.cut_like, column=column.name))
                shorter = first_of([(like, shorter)], bare)
            text = steps.add("text", shorter)
        if column.kind in _NUMBERS:
            value, fault = self._number(steps, text)
        elif column.kind == "code":
            value, fault = self._code(steps, text)
        else:
            value, fault = self._word(text, "pattern")
        nulls = self.nulls | column.nulls | column.sentinels | {""}
        blank = _fault("missing") if column.needed else whole(_NOTHING_SAID)
        cases = [(bare.is_in(sorted(nulls)), blank)]
        if column.once:
            once = bare.str.contains(whole_text(column.once, column=column.name))
            cases.append((once, _fault("id used once")))
        steps.end({self.fault: first_of(cases, fault)})
        steps.end({self.value: first_of([(nw.col(self.fault) == 0, value)], self._nothing())})
        return steps

    def _nothing(self) -> nw.Expr:
        """Return what a cell means that says nothing."""
        blank = self.column.blank
        if self.column.kind in _NUMBERS:
            return whole(None if blank is None else int(blank))
        return nw.lit(blank, nw.String)

    def _word(self, text: nw.Expr, rule: str) -> Read:
        column = self.column
        wrong = text.str.contains("\0", literal=True)
        if column.allowed:
            wrong |= ~text.is_in(sorted(column.allowed))
        if column.pattern:
            wrong |= ~text.str.contains(whole_text(column.pattern, column=column.name))
        return text, first_of([(wrong, _fault(rule))], _fault(""))

    def _code(self, steps: Steps, text: nw.Expr) -> Read:
        column = self.column
        is_fraction = text.str.contains(_FRACTION)
        digits = text.str.replace_all(r"\.0+\z", "")
        code = steps.add("code", first_of([(is_fraction, digits)], text))
        if column.width:
            padded = (code.str.contains(_DIGITS), code.str.zfill(column.width))
            code = steps.add("padded", first_of([padded], code))
        if not column.codes:
            return self._word(code, "unknown code")
        of_word: dict[str | None, list[str]] = {}
        for listed, word in column.codes.items():
            of_word.setdefault(filled_in(word, self.options), []).append(listed)
        of_word.pop(None, None)  # its option is not given: the code means nothing
        words = [(code.is_in(sorted(codes)), nw.lit(word)) for word, codes in of_word.items()]
        known = code.is_in(sorted(column.codes))
        fault = first_of([(known, _fault(""))], _fault("unknown code"))
        return first_of(words, self._nothing()), fault

    def _number(self, steps: Steps, text: nw.Expr) -> Read:
        column = self.column
        rule, outside = _RULES_OF_KIND[column.kind]
        cases: list[tuple[nw.Expr, nw.Expr]] = []
        if column.kind == "money":
            fits, number = pence_of(steps, text)
        elif column.kind == "integer":
            fits, number = whole_number_of(steps, text)
            recoded = [
                ((number >= low) & (number <= high), whole(value))
                for low, high, value in column.recode
            ]
            number = steps.add("recoded", first_of(recoded, number))
        else:
            day = steps.add("day", text.str.replace_all(rf"(?:{TIME_OF_DAY})\z", ""))
            fits, number = day_of(steps, day, column.formats)
            if column.sentinels:  # before a time of day
                cases.append((day.is_in(sorted(column.sentinels)), whole(_NOTHING_SAID)))
        cases.append((~fits, _fault(rule)))
        number_of = day_number if column.kind == "date" else int
        if column.least is not None:
            cases.append((number < number_of(str(column.least)), _fault(outside)))
        if column.most is not None:
            cases.append((number > number_of(str(column.most)), _fault(outside)))
        return number, first_of(cases, _fault(""))
