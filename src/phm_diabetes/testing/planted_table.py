"""Planted units: counts of made-up practices, a few of them far out, for detectors to find."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from phm_diabetes.model.measures import Measure
from phm_diabetes.schemas.completing import counts_from

if TYPE_CHECKING:
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts

__all__ = ["PLANTED_CARD", "UNITS", "planted_units"]

PLANTED_CARD = Measure(
    id="copd.review",
    name="COPD review",
    numerator="People reviewed",
    denominator="People on the register",
    kind="proportion",
    unit="people",
    polarity="higher",
    source="planted",
    why="It finds who is getting worse.",
    reviewed=date(2026, 11, 1),
)
"""Card of the planted measure: a proportion of people, of which higher is better."""

UNITS = tuple(f"Y99{place:03}" for place in range(1, 41))
"""Codes of the practices whose counts are all there."""

_SIZE = 1000
_FIRST_YEAR = 2009
_ALWAYS = {UNITS[5]: 300, UNITS[6]: -300}
_AT_THE_END = {UNITS[7]: 400, UNITS[8]: -400}


def planted_units(periods: int = 1, *, rounded: bool = False) -> DataFrame[Counts]:
    """Return counts of forty practices over some years, with what must never be flagged.

    One practice lies far above the others in every year and one far below; another leaps up in the
    last year, and another down. Beside them are a hidden count, a missing one, an empty register
    and a roll-up's remainder. Nothing is random.

    Parameters
    ----------
    periods
        Number of financial years.
    rounded
        Whether counts stand for a range of five, as the national audits round them.

    Examples
    --------
    >>> table = planted_units(2)
    >>> len(table), table["org_code"].nunique()
    (88, 44)
    """
    rows: list[dict[str, Any]] = []
    for year in range(periods):
        about = {
            "dataset": "planted",
            "measure": PLANTED_CARD.id,
            "definition": "planted:1",
            "org_level": "practice",
            "period_start": f"{_FIRST_YEAR + year}-04-01",
            "period_end": f"{_FIRST_YEAR + year + 1}-03-31",
        }
        for place, code in enumerate(UNITS):
            count = 500 + 5 * ((7 * place + 5 * year) % 11 - 5) + _ALWAYS.get(code, 0)
            if year == periods - 1:
                count += _AT_THE_END.get(code, 0)
            bounds = _range_of_five(count) if rounded else {}
            rows.append(
                {**about, "org_code": code, "numerator": count, "denominator": _SIZE, **bounds}
            )
        none = {**about, "numerator": None, "denominator": _SIZE}
        rows += [
            {**none, "org_code": "Y99101", "numerator_low": 1, "numerator_high": 7},
            {**none, "org_code": "Y99102"},
            {**none, "org_code": "Y99103", "numerator": 0, "denominator": 0},
            {**none, "org_code": "unallocated", "numerator": _SIZE},
        ]
    return counts_from(rows)


def _range_of_five(count: int) -> dict[str, int]:
    nearest = 5 * round(count / 5)
    return {"numerator": nearest, "numerator_low": nearest - 2, "numerator_high": nearest + 2}
