"""Declared layouts: the fields that a person fills in, and all that can be wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from phm_diabetes.adapters.declared import Column, column_faults, count_names
from phm_diabetes.adapters.kinds import COUNTS
from phm_diabetes.adapters.ranges import Rounding
from phm_diabetes.errors import OptionError, did_you_mean
from phm_diabetes.model.measures import MEASURE_ID
from phm_diabetes.model.policies import Policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["FIELDS", "refuse_unknown", "refuse_wrong"]

FIELDS = (
    *("place", "dataset", "version", "layout", "description", "policy"),
    *("tables", "columns", "measures", "definition", "not_read"),
    *("sheet", "header_within", "header_rows", "footers"),
    *("hidden", "missing", "rounding", "duplicates", "input_forms"),
)
"""What a declared layout may say; a class and a manifest say it in the same words."""

_SENTENCES = ("version", "layout", "description")
_NAMES = ("place", "dataset")


def refuse_unknown(where: str, given: Iterable[str]) -> None:
    """Refuse fields that no layout has, such as a misspelled one, which would do nothing.

    Parameters
    ----------
    where
        Class or file, for the message.
    given
        Names of the fields.

    Raises
    ------
    OptionError
        Naming each, with the nearest that exists.

    Examples
    --------
    >>> refuse_unknown("reviews.toml", ["footer"])
    Traceback (most recent call last):
    phm_diabetes.errors.OptionError: reviews.toml › 'footer' is no field of a layout. \
    Did you mean 'footers'?
    """
    for name in given:
        if name not in FIELDS:
            near = did_you_mean(name, FIELDS) or f" Known: {', '.join(FIELDS)}."
            message = f"{where} › '{name}' is no field of a layout.{near}"
            raise OptionError(message)


def refuse_wrong(where: str, fields: Mapping[str, Any]) -> None:
    """Refuse a layout that is declared wrongly, naming every field at fault.

    Parameters
    ----------
    where
        Class or file, for the message.
    fields
        What is declared, and the defaults of what is not.

    Raises
    ------
    OptionError
        Listing all that is wrong.

    Examples
    --------
    >>> from phm_diabetes.adapters.table import TableAdapter
    >>> try:
    ...     type("Reviews", (TableAdapter,), {"columns": {}, "place": "north"})
    ... except OptionError as error:
    ...     str(error).startswith("Reviews is not a layout that can be read: dataset is needed")
    True
    """
    faults = [fault for part in (_named, _found, _figures) for fault in part(fields)]
    columns = fields.get("columns")
    if not isinstance(columns, Mapping) or not columns:
        faults.append("columns is needed: one Column for each that is read")
    elif not all(isinstance(each, Column) for each in columns.values()):
        faults.append("columns must hold a Column under each name")
    else:
        wrong = list(column_faults(columns))
        faults += wrong or _tables(fields, columns)
    if faults:
        message = f"{where} is not a layout that can be read: {'; '.join(faults).rstrip('.')}."
        raise OptionError(message)


def _named(fields: Mapping[str, Any]) -> Iterator[str]:
    for name in _NAMES:
        text = fields.get(name)
        if not isinstance(text, str) or re.fullmatch(r"[a-z][a-z0-9_]*", text) is None:
            yield f"{name} is needed, in lower-case letters, digits and underscores"
    for name in _SENTENCES:
        text = fields.get(name)
        if not isinstance(text, str) or not text.strip():
            yield f"{name} is needed, as text"
    if not isinstance(fields["policy"], Policy):
        yield "policy must be a Policy ('published' or 'small_numbers' in a manifest)"


def _found(fields: Mapping[str, Any]) -> Iterator[str]:
    rows, within = fields["header_rows"], fields["header_within"]
    if not isinstance(rows, int) or rows < 1:
        yield "header_rows must be 1 or more"
    elif not isinstance(within, int) or within < rows:
        yield f"header_within must be {rows} or more: the header takes {rows} of those rows"
    patterns = {"sheet": [fields["sheet"] or ""], "footers": fields["footers"]}
    for name, given in patterns.items():
        if isinstance(given, str):
            yield f"{name} must be a list of regular expressions"
            continue
        for pattern in given:
            try:
                re.compile(pattern)
            except (re.error, TypeError):
                yield f"{name} has a pattern that is no regular expression"


def _figures(fields: Mapping[str, Any]) -> Iterator[str]:
    hidden = fields["hidden"]
    for symbol, pair in hidden.items():
        if len(pair) != 2 or not all(isinstance(end, int) for end in pair):  # noqa: PLR2004 - both ends
            yield f"hidden.'{symbol}' must be the least and the most that it stands for"
        elif not 0 <= pair[0] <= pair[1]:
            yield f"hidden.'{symbol}' must not run backwards, nor below 0"
    both = sorted(set(hidden) & set(fields["missing"]))
    yield from (f"missing and hidden both have '{symbol}'" for symbol in both)
    for name in ("missing", "not_read"):
        if isinstance(fields[name], str):
            yield f"{name} must be a list of texts"
    rounding = fields["rounding"]
    if rounding is not None and not isinstance(rounding, Rounding):
        yield "rounding must be a Rounding"
    if fields["duplicates"] not in {"refuse", "report"}:
        yield "duplicates must be 'refuse' or 'report'"


def _tables(fields: Mapping[str, Any], columns: Mapping[str, Column]) -> list[str]:
    tables = tuple(fields["tables"])
    if tables not in {("counts",), ("facts",)}:
        return ["tables must be ('counts',) or ('facts',)"]
    unfit = COUNTS if tables == ("facts",) else ("text",)
    advice = "make it text" if tables == ("facts",) else "list its header in not_read"
    wrong = [
        f"columns.{name} is a {each.kind.replace('_', ' ')}, which {tables[0]} have no place for: "
        f"{advice}"
        for name, each in columns.items()
        if each.kind in unfit
    ]
    if tables == ("facts",):
        if fields["measures"] or any(each.kind == "measure" for each in columns.values()):
            wrong.append("measures are not for facts")
        if not any(each.kind in {"category", "text"} for each in columns.values()):
            wrong.append("columns needs a category or a text, for facts to hold")
        return wrong
    return [*wrong, *_measures(fields["measures"], columns), *_definition(fields, columns)]


def _definition(fields: Mapping[str, Any], columns: Mapping[str, Column]) -> Iterator[str]:
    definition = fields["definition"]
    if not definition:
        yield "definition is needed: publisher, code and edition of the measure's rules"
    elif not isinstance(definition, str):
        told = [set(each.to.values()) for each in columns.values() if each.kind == "measure"]
        for measure in sorted({*fields["measures"], *set().union(*told)} - set(definition)):
            yield f"definition says nothing about '{measure}'"


def _measures(measures: Mapping[str, Any], columns: Mapping[str, Column]) -> Iterator[str]:
    counts = set(count_names(columns))
    if any(each.kind == "measure" for each in columns.values()):
        if measures:
            yield "measures is not needed beside a column of the kind measure"
        if "numerator" not in counts or not counts <= {"numerator", "denominator"}:
            yield "columns needs counts named numerator and denominator beside a measure"
        return
    if not measures:
        yield "measures is needed: for each measure, its column of counts and its denominator"
        return
    used: set[str] = set()
    for measure, pair in measures.items():
        if re.fullmatch(MEASURE_ID, measure) is None:
            yield f"measures has '{measure}', which is no measure id, such as copd.register"
        if isinstance(pair, str) or len(pair) not in {1, 2}:
            yield f"measures.'{measure}' must list its numerator and its denominator"
            continue
        used |= set(pair)
        yield from (
            f"measures.'{measure}' names '{name}', which is no column of counts."
            + did_you_mean(name, counts)
            for name in pair
            if name not in counts
        )
    yield from (f"columns.{name} is in no measure" for name in sorted(counts - used))
