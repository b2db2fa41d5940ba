"""Declared columns: what a person says about one column of a layout, and all that can be wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import field, frozen

from phm_diabetes.adapters.kinds import COUNTS, DATES, KINDS, ORGANISATIONS, PERIODS
from phm_diabetes.errors import did_you_mean
from phm_diabetes.model.dimensions import ALL, UNKNOWN, dimension_named
from phm_diabetes.model.measures import MEASURE_ID
from phm_diabetes.schemas.columns import IDENTITY, VALUES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Column", "column_faults", "count_names", "is_organisation"]

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_MAPPED = ("organisation", "measure", "category")


def _words(given: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _mapping(given: Mapping[str, str]) -> dict[str, str]:
    return dict(given)


@frozen(kw_only=True)
class Column:
    """One column of a layout.

    Parameters
    ----------
    header
        The publisher's words for it; several where they changed over time. Under a header of
        two rows, both: ``"Reviewed / Number"``.
    kind
        What it holds, one of :data:`phm_diabetes.adapters.kinds.KINDS`.
    to
        Our word for each of theirs: of a measure, an organisation or a category. A blank
        category is ``unknown`` unless it stands here.
    level
        Of an ``organisation``, which is known by `to` and not by an NHS code.
    others
        What to do with rows whose word is not in `to`: ``"refuse"`` them as errors, or
        ``"report"`` them as one counted reason.
    optional
        Whether a category may be absent; its rows then hold ``all``.

    Examples
    --------
    >>> Column(header="Sex", kind="category", to={"M": "male", "F": "female"}).header
    ('Sex',)
    """

    header: tuple[str, ...] = field(converter=_words)
    kind: str
    to: Mapping[str, str] = field(factory=dict, converter=_mapping)
    level: str | None = None
    others: str = "refuse"
    optional: bool = False


def is_organisation(column: Column) -> bool:
    """Whether a column says which organisation a row is about.

    Examples
    --------
    >>> is_organisation(Column(header="PCN", kind="ods_pcn"))
    True
    """
    return column.kind in ORGANISATIONS or column.kind == "organisation"


def column_faults(columns: Mapping[str, Column]) -> Iterator[str]:
    """Yield what is wrong with the columns of a layout, naming the field.

    Examples
    --------
    >>> list(column_faults({"practice": Column(header="Code", kind="ods_practise")}))
    ["columns.practice.kind is no kind. Did you mean 'ods_practice'?"]
    """
    for name, column in columns.items():
        yield from (f"columns.{name}{fault}" for fault in _alone(name, column))
    if any(column.kind not in KINDS for column in columns.values()):
        return
    yield from _together(columns)


def _alone(name: str, column: Column) -> Iterator[str]:
    if _IDENTIFIER.fullmatch(name) is None:
        yield " must be named in lower-case letters, digits and underscores"
    if not all(column.header) or not column.header:
        yield ".header must hold the publisher's words"
    if column.kind not in KINDS:
        near = did_you_mean(column.kind, KINDS) or f" Known: {', '.join(KINDS)}."
        yield f".kind is no kind.{near}"
        return
    if (column.level is not None) != (column.kind == "organisation"):
        yield ".level is needed for the kind organisation, and for no other"
    if column.optional and column.kind != "category":
        yield ".optional is for the kind category"
    yield from _words_of(column)
    if column.kind == "category":
        yield from _category(name, column)


def _words_of(column: Column) -> Iterator[str]:
    if column.others not in {"refuse", "report"}:
        yield ".others must be 'refuse' or 'report'"
    if column.to and column.kind not in _MAPPED:
        yield f".to is not for the kind {column.kind}"
    if not column.to and (column.kind in {"organisation", "measure"} or column.others == "report"):
        yield ".to is needed: our word for each of theirs"
    if column.kind == "measure":
        wrong = [each for each in column.to.values() if not re.fullmatch(MEASURE_ID, each)]
        yield from (f".to has '{each}', which is no measure id" for each in wrong)


def _category(name: str, column: Column) -> Iterator[str]:
    if name in IDENTITY or name in VALUES:
        yield " has the name of a column of Counts: name it after its dimension"
    known = {*dimension_named(name).levels, ALL, UNKNOWN}
    if dimension_named(name).levels:
        wrong = sorted(set(column.to.values()) - known)
        levels = ", ".join(sorted(known))
        yield from (f".to has '{each}'; {name} is one of {levels}" for each in wrong)


def _together(columns: Mapping[str, Column]) -> Iterator[str]:
    organisations = [name for name, each in columns.items() if is_organisation(each)]
    if len(organisations) != 1:
        yield (
            f"columns needs one organisation and has {len(organisations)}: give one column a "
            f"kind such as {', '.join(ORGANISATIONS)}"
        )
    periods = [name for name, each in columns.items() if each.kind in PERIODS]
    days = [name for name, each in columns.items() if each.kind in DATES]
    if len(periods) + bool(days) > 1:
        yield f"columns has several periods ({', '.join([*periods, *days])}): keep one"
    if days and sorted(days) != ["period_end", "period_start"]:
        yield "columns of the kind date must be two, named period_start and period_end"
    if sum(each.kind == "measure" for each in columns.values()) > 1:
        yield "columns has several measures: keep one"
    seen: dict[str, str] = {}
    for name, column in columns.items():
        for header in column.header:
            first = seen.setdefault(" ".join(header.split()).casefold(), name)
            if first != name:
                yield f"columns.{name}.header and columns.{first}.header share '{header}'"


def count_names(columns: Mapping[str, Column]) -> tuple[str, ...]:
    """Return the names of the columns that hold counts.

    Examples
    --------
    >>> count_names({"seen": Column(header="Seen", kind="count")})
    ('seen',)
    """
    return tuple(name for name, each in columns.items() if each.kind in COUNTS)
