"""Group levels: the groups of one vintage, from the most to the least deprived."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from phm_diabetes.errors import OptionError, UnlikeError
from phm_diabetes.model.dimensions import ALL, UNKNOWN, dimension_named

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["GroupLevels", "deprivation_levels"]

_LEVEL = re.compile(r"(?P<vintage>.*\S):(?P<number>\d+)")


@frozen(kw_only=True)
class GroupLevels:
    """Levels in their order.

    Parameters
    ----------
    names
        From the most to the least deprived; or two that are compared.
    vintage
        Year of the index; blank where the levels are not of deprivation.

    Examples
    --------
    >>> GroupLevels(names=("2019:1", "2019:2"), vintage="2019").span
    '2019:1 to 2019:2'
    """

    names: tuple[str, ...]
    vintage: str = ""

    @property
    def span(self) -> str:
        """First and last level, for a row that is of all of them."""
        return f"{self.names[0]} to {self.names[-1]}"


def deprivation_levels(over: str, present: Iterable[str]) -> GroupLevels:
    """Return the levels that the levels present are some of.

    Parameters
    ----------
    over
        Name of the dimension. Of a built-in one all levels are known, so that one which no row
        has is missed; of another they are those from 1 to the highest present.
    present
        Levels written vintage:number, 1 the most deprived, such as ``2019:1``; ``all`` and
        ``unknown`` are left out of account.

    Raises
    ------
    OptionError
        When a level is written otherwise.
    UnlikeError
        When they are of several vintages.

    Examples
    --------
    >>> deprivation_levels("imd_quintile", ["2019:1", "2019:5", "unknown"]).names
    ('2019:1', '2019:2', '2019:3', '2019:4', '2019:5')
    """
    placed = sorted(set(present) - {ALL, UNKNOWN})
    found = [_LEVEL.fullmatch(level) for level in placed]
    broken = sum(match is None for match in found)
    numbers = {match["vintage"]: 0 for match in found if match}
    if broken or not placed:
        message = (
            f"{broken or 'All'} levels of '{over}' do not name a vintage and a group. Write them "
            "vintage:number, 1 the most deprived, such as 2019:1 to 2019:5."
        )
        raise OptionError(message)
    if len(numbers) > 1:
        message = (
            f"'{over}' mixes deprivation of {len(numbers)} vintages ({', '.join(sorted(numbers))})."
            " Keep one of them: groups of two vintages are not the same people."
        )
        raise UnlikeError(message)
    (vintage,) = numbers
    for levels in dimension_named(over).partitions:
        if set(placed) <= levels:
            return GroupLevels(names=tuple(sorted(levels)), vintage=vintage)
    highest = max(int(match["number"]) for match in found if match)
    names = tuple(f"{vintage}:{number}" for number in range(1, highest + 1))
    return GroupLevels(names=names, vintage=vintage)
