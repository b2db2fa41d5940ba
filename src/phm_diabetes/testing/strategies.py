"""Hypothesis strategies: Counts tables whose truth is known, and ways to group practices.

They are written by hand: drawing from a schema is several times slower, and it cannot keep the
true count beside the published one, which is what the laws of hidden numbers are about.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd
from attrs import frozen
from hypothesis import strategies as st

from phm_diabetes.schemas.completing import counts_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts

__all__ = [
    "Hiding",
    "PlantedCounts",
    "Published",
    "exactly",
    "groupings",
    "planted_counts",
    "shuffled",
    "starred",
    "to_fives",
]

_DEFINITION = "planted:1"
_PERIOD = {"period_start": "2022-04-01", "period_end": "2023-03-31"}


@frozen
class Published:
    """A count as a publisher shows it.

    Parameters
    ----------
    value
        What is printed; ``None`` where it is suppressed.
    low, high
        Least and most that the true count can be, by the publisher's rule.

    Examples
    --------
    >>> Published(5, 1, 7).high
    7
    """

    value: int | None
    low: int
    high: int


class Hiding(Protocol):
    """A publisher's rule: what is printed for a true count.

    Examples
    --------
    >>> rule: Hiding = to_fives
    >>> rule(3).value
    5
    """

    def __call__(self, truth: int, /) -> Published:
        """Return what is printed, and what that leaves open."""
        ...


def exactly(truth: int) -> Published:
    """Publish the count as it is.

    Examples
    --------
    >>> exactly(3)
    Published(value=3, low=3, high=3)
    """
    return Published(truth, truth, truth)


def to_fives(truth: int) -> Published:
    """Publish as the national audit does: 1 to 7 as 5, others to the nearest 5, 0 as 0.

    Examples
    --------
    >>> to_fives(2), to_fives(12)
    (Published(value=5, low=1, high=7), Published(value=10, low=8, high=12))
    """
    if truth == 0:
        return exactly(0)
    if truth <= 7:  # noqa: PLR2004 - the publisher's number
        return Published(5, 1, 7)
    nearest = (truth + 2) // 5 * 5
    return Published(nearest, nearest - 2, nearest + 2)


def starred(truth: int) -> Published:
    """Publish as Hospital Episode Statistics: 1 to 7 as a star, others to the nearest 5.

    Examples
    --------
    >>> starred(2)
    Published(value=None, low=1, high=7)
    """
    rounded = to_fives(truth)
    return Published(None, 1, 7) if 1 <= truth <= 7 else rounded  # noqa: PLR2004 - as above


@frozen(kw_only=True, slots=False)
class PlantedCounts:
    """Counts as published, and the true counts under them.

    The tables are built when they are first asked for: Hypothesis does not like slow draws.

    Parameters
    ----------
    published, true
        The same rows in the same order, as :func:`phm_diabetes.counts_from` takes them.

    Examples
    --------
    >>> row = {"dataset": "planted", "measure": "copd.review", "definition": "planted:1",
    ...     "org_level": "practice", "org_code": "Y99001", **_PERIOD, "denominator": 40}
    >>> planted = PlantedCounts(
    ...     published=({**row, "numerator": None, "numerator_low": 1, "numerator_high": 7},),
    ...     true=({**row, "numerator": 3},),
    ... )
    >>> planted.codes, planted.truth["numerator"].tolist()
    (('Y99001',), [3])
    """

    published: tuple[dict[str, Any], ...]
    true: tuple[dict[str, Any], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the practices, sorted."""
        return tuple(sorted({str(row["org_code"]) for row in self.true}))

    @cached_property
    def table(self) -> DataFrame[Counts]:
        """The counts as published."""
        return counts_from(list(self.published))

    @cached_property
    def truth(self) -> DataFrame[Counts]:
        """The counts with nothing hidden."""
        return counts_from(list(self.true))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ANN401, FBT001 - not ours to say
        """Show the figures of both, so that a failing example can be read."""
        del cycle
        names = ["org_code", "measure", "numerator", "numerator_low", "numerator_high"]
        shown = self.table[[*names, "denominator", "denominator_low", "denominator_high"]]
        true = self.truth[["numerator", "denominator"]].add_prefix("true_")
        printer.text(f"\n{pd.concat([shown, true], axis=1).to_string()}\n")


def _codes(count: int) -> list[str]:
    return [f"Y99{number:03}" for number in range(1, count + 1)]


@st.composite
def planted_counts(
    draw: DrawFn,
    *,
    hiding: Sequence[Hiding] = (exactly, to_fives, starred),
    measures: Sequence[str] = ("copd.review",),
    cells: Sequence[dict[str, str]] = ({},),
    most_practices: int = 6,
    most_people: int = 60,
) -> PlantedCounts:
    """Draw counts of a few practices, with numerators and denominators published by some rule.

    Parameters
    ----------
    draw
        Given by Hypothesis.
    hiding
        Rules to choose among, one a row and part.
    measures
        Ids; every practice has a row of each.
    cells
        Levels of dimensions, such as ``({"sex": "female"}, {"sex": "male"})``; every practice
        and measure has a row of each.
    most_practices, most_people
        The largest table, and the largest denominator.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> @settings(max_examples=10)
    ... @given(planted_counts())
    ... def bounds_hold_the_truth(planted):
    ...     assert (planted.table["numerator_low"] <= planted.truth["numerator"]).all()
    >>> bounds_hold_the_truth()
    """
    rule = st.sampled_from(list(hiding))
    published: list[dict[str, Any]] = []
    true: list[dict[str, Any]] = []
    for code in _codes(draw(st.integers(1, most_practices))):
        for measure in measures:
            for cell in cells:
                denominator = draw(st.integers(0, most_people))
                numerator = draw(st.integers(0, denominator))
                about = {
                    "dataset": "planted",
                    "measure": measure,
                    "definition": _DEFINITION,
                    "org_level": "practice",
                    "org_code": code,
                    **_PERIOD,
                    **cell,
                }
                true.append({**about, "numerator": numerator, "denominator": denominator})
                published.append(
                    about
                    | _as_published("numerator", draw(rule)(numerator))
                    | _as_published("denominator", draw(rule)(denominator))
                )
    return PlantedCounts(published=tuple(published), true=tuple(true))


def _as_published(part: str, shown: Published) -> dict[str, Any]:
    return {part: shown.value, f"{part}_low": shown.low, f"{part}_high": shown.high}


@st.composite
def groupings(
    draw: DrawFn, codes: Sequence[str], *, most_groups: int = 3, prefix: str = "U99"
) -> dict[str, str | None]:
    """Draw a group for each code: one of a few, or none; some codes may be left out altogether.

    Parameters
    ----------
    draw
        Given by Hypothesis.
    codes
        Who is grouped. At least one of them is.
    most_groups
        The number of groups to choose among.
    prefix
        What codes of groups start with.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(groupings(["Y99001", "Y99002"]))
    ... def somebody_is_known(groups):
    ...     assert any(groups.values())
    >>> somebody_is_known()
    """
    names = [f"{prefix}{number:03}" for number in range(1, most_groups + 1)]
    group: SearchStrategy[str | None] = st.sampled_from([*names, None])
    known = sorted(draw(st.sets(st.sampled_from(list(codes)), min_size=1)))
    first = {known[0]: draw(st.sampled_from(names))}
    return first | {code: draw(group) for code in known[1:]}


@st.composite
def shuffled(draw: DrawFn, table: pd.DataFrame) -> pd.DataFrame:
    """Draw the same rows in another order, under another index.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(shuffled(pd.DataFrame({"a": [1, 2, 3]})))
    ... def no_row_is_lost(table):
    ...     assert sorted(table["a"]) == [1, 2, 3]
    >>> no_row_is_lost()
    """
    order = draw(st.permutations(range(len(table))))
    return table.iloc[list(order)].set_index(pd.Index(range(100, 100 + len(table))))
