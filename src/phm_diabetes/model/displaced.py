"""Displaced: where a national source does not represent a Place, as work is recorded elsewhere."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from attrs import field, frozen, validators

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Displaced"]


@frozen(kw_only=True)
class Displaced:
    """A stamp: *not representative*. Comparing what bears it needs a reason, which is printed.

    Parameters
    ----------
    place
        Code of the Place.
    dataset
        The national source.
    scheme
        Where the work is recorded instead.
    measures
        Ids, or patterns such as ``"copd.*"``, that bear the stamp.
    except_for
        Those that do not, such as registers, which stay usable with a caveat.
    since, until
        Days between which it holds; ``None`` where open or not known.

    Examples
    --------
    >>> from datetime import date
    >>> stamp = Displaced(place="dudley", dataset="QOF", scheme="the local scheme")
    >>> stamp.concerns("copd.review", "QOF", date(2023, 3, 31))
    True
    >>> stamp.concerns("copd.register", "QOF", date(2023, 3, 31))
    False
    """

    place: str = field(validator=validators.min_len(1))
    dataset: str = field(validator=validators.min_len(1))
    scheme: str = field(validator=validators.min_len(1))
    measures: tuple[str, ...] = ("*",)
    except_for: tuple[str, ...] = ("*.register",)
    since: date | None = None
    until: date | None = None

    def concerns(self, measure: str, dataset: str, end: date) -> bool:
        """Whether a measure of a source bears the stamp in the period that ends on a day."""
        within = (self.since is None or end >= self.since) and (
            self.until is None or end <= self.until
        )
        named = any(fnmatchcase(measure, each) for each in self.measures)
        spared = any(fnmatchcase(measure, each) for each in self.except_for)
        return dataset == self.dataset and within and named and not spared

    def __str__(self) -> str:
        """Say it in a sentence."""
        return (
            f"Not representative: {self.dataset} understates what is done in {self.place}, where "
            f"it is recorded in {self.scheme}."
        )
