"""Resolving: which header of a source each column of a layout stands under."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from phm_diabetes.errors import OptionError, SourceLayoutError, did_you_mean
from phm_diabetes.records.columns import Column, fixed, header_key
from phm_diabetes.records.option_values import refuse_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phm_diabetes.records.layout import RecordLayout

__all__ = ["Resolved", "resolve"]

_MANY = ("id", "money")


@frozen(kw_only=True, eq=False)
class Resolved:
    """A layout, and where its columns stand in one source.

    Parameters
    ----------
    layout
        The layout.
    headers
        Headers by column, as the source writes them: none for an absent column, several for one
        of kind ``"codes"``.
    options
        What the caller said, by name.
    key
        The caller's key for pseudonyms.
    person_kind
        Kind of the id of a person, by the header chosen; empty where the layout names none.

    Examples
    --------
    >>> from phm_diabetes.records.layouts.sus_trust_csv import SUS_TRUST_CSV
    >>> resolved = Resolved(
    ...     layout=SUS_TRUST_CSV, headers={"person": ("NHS Number",), "sex": ("Sex",)})
    >>> (person,) = [each for each in SUS_TRUST_CSV.columns if each.name == "person"]
    >>> resolved.dropped(person)  # no key was given
    True
    """

    layout: RecordLayout
    headers: Mapping[str, tuple[str, ...]]
    options: Mapping[str, str] = field(factory=dict, converter=fixed)
    key: bytes | None = field(default=None, repr=False)
    person_kind: str = ""

    @property
    def few(self) -> tuple[str, ...]:
        """Headers of columns of few texts."""
        return self._of_kind(many=False)

    @property
    def many(self) -> tuple[str, ...]:
        """Headers of columns of many texts: ids and money."""
        return self._of_kind(many=True)

    def _of_kind(self, *, many: bool) -> tuple[str, ...]:
        found = [
            header
            for column in self.layout.columns
            if (column.kind in _MANY) == many and not self.dropped(column)
            for header in self.headers[column.name]
        ]
        return tuple(dict.fromkeys(found))

    def dropped(self, column: Column) -> bool:
        """Whether a column holds identifiers that no key turns into pseudonyms."""
        return column.identifiable and self.key is None


def resolve(
    layout: RecordLayout,
    headers: Sequence[str],
    *,
    file: str,
    options: Mapping[str, str] | None = None,
    key: bytes | None = None,
) -> Resolved:
    """Find each column of a layout among the headers of a source.

    Raises
    ------
    SourceLayoutError
        When a required column is absent, or all of a group of which one is required, or a header
        that is read stands twice.
    OptionError
        When an option is given that the layout does not know, or with a value that is none.

    Examples
    --------
    >>> from phm_diabetes.records.columns import Column
    >>> from phm_diabetes.records.layout import RecordLayout
    >>> layout = RecordLayout(
    ...     place="north", dataset="reviews", version="1", layout="One row a review.",
    ...     description="Planted.", table="appointments", title="Reviews", key="review",
    ...     day="date", columns=(Column(name="review", sources=("ID", "KEY"), kind="id"),
    ...                          Column(name="date", sources=("SEEN",), kind="date")))
    >>> dict(resolve(layout, ["seen ", "KEY"], file="reviews.csv").headers)
    {'review': ('KEY',), 'date': ('seen ',)}
    """
    _refuse_unknown(layout, options or {})
    refuse_values(options or {})
    known: dict[str, list[str]] = {}
    for header in headers:
        known.setdefault(header_key(header), []).append(header)
    found: dict[str, tuple[str, ...]] = {}
    missing: list[Column] = []
    person_kind = ""
    for column in layout.columns:
        group = _present(column, known)
        found[column.name] = tuple(known[header_key(header)][0] for header in group)
        if not group and column.required:
            missing.append(column)
        if column.kinds and group:
            person_kind = column.kinds.get(group[0], group[0])
    twice = sorted(
        header
        for chosen in found.values()
        for header in chosen
        if len(known[header_key(header)]) > 1
    )
    absent = [group for group in layout.one_of if not any(found[name] for name in group)]
    if missing or twice or absent:
        lacks = [(column,) for column in missing] + [
            tuple(column for column in layout.columns if column.name in group) for group in absent
        ]
        raise SourceLayoutError(_message(layout, file, lacks, twice, headers))
    return Resolved(
        layout=layout, headers=found, options=options or {}, key=key, person_kind=person_kind
    )


def _present(column: Column, known: Mapping[str, object]) -> tuple[str, ...]:
    """Return the first group of a column's headers of which any is present, and those that are."""
    for group in column.headers:
        present = tuple(header for header in group if header_key(header) in known)
        if present:
            return present
    return ()


def _message(
    layout: RecordLayout,
    file: str,
    missing: Sequence[Sequence[Column]],
    twice: Sequence[str],
    headers: Sequence[str],
) -> str:
    if not missing:
        return (
            f"{file} has two columns '{twice[0]}', which '{layout.name}' reads. Rename or drop one."
        )
    wanted = "; ".join(
        " or ".join(f"'{group[0]}'" for column in columns for group in column.headers)
        for columns in missing
    )
    count = f"{len(missing)} column{'s' if len(missing) > 1 else ''} missing"
    near = did_you_mean(missing[0][0].headers[0][0], headers) if len(missing) == 1 else ""
    return (
        f"{file} is not in the layout that '{layout.name}' reads: {count}: {wanted}.{near} "
        f"It reads {layout.layout}"
    )


def _refuse_unknown(layout: RecordLayout, options: Mapping[str, str]) -> None:
    unknown = sorted(set(options) - set(layout.options))
    if unknown:
        takes = ", ".join(layout.options) or "none"
        message = (
            f"'{layout.name}' takes no option '{unknown[0]}' (it takes {takes})."
            + did_you_mean(unknown[0], layout.options)
        )
        raise OptionError(message)
