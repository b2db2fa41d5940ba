"""Lists by age and disease registers of the planted practices, the same on every machine."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from phm_diabetes.demo.organisations import planted_practices
from phm_diabetes.demo.plants import planted_truth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["REGISTERS", "PlantedFigures", "planted_figures"]

_SEED = 202223

REGISTERS = {
    "AF": ("TOTAL", 0.0012, 0.055),
    "AST": ("06OV", 0.062, 0.070),
    "CAN": ("TOTAL", 0.0065, 0.083),
    "CHD": ("TOTAL", 0.0010, 0.078),
    "CKD": ("18OV", 0.0032, 0.087),
    "COPD": ("TOTAL", 0.0008, 0.048),
    "DEM": ("TOTAL", 0.0, 0.020),
    "DEP": ("18OV", 0.131, 0.134),
    "DM": ("17OV", 0.026, 0.130),
    "EP": ("18OV", 0.0072, 0.0089),
    "HF": ("TOTAL", 0.0005, 0.026),
    "HYP": ("TOTAL", 0.020, 0.355),
    "LD": ("TOTAL", 0.0062, 0.0046),
    "MH": ("TOTAL", 0.0085, 0.0125),
    "NDH": ("18OV", 0.028, 0.119),
    "OB": ("18OV", 0.097, 0.132),
    "OST": ("50OV", 0.0, 0.0097),
    "PAD": ("TOTAL", 0.0002, 0.0151),
    "PC": ("TOTAL", 0.0008, 0.0112),
    "RA": ("16OV", 0.0022, 0.0140),
    "STIA": ("TOTAL", 0.0011, 0.048),
}
"""Patient list, and proportion on the register below 50 and from 50, by indicator group."""

_LISTS = ("TOTAL", "06OV", "16OV", "17OV", "18OV")
_OF_EACH_YOUNGER_BAND = np.array([0.065, 0.125, 0.0118, 0.0118])  # below 6, 6-15, 16, 17
_FROM_50, _FROM_50_ON_A_YOUNG_LIST = 0.365, 0.19


@frozen(kw_only=True, eq=False)
class PlantedFigures:
    """What the planted practices have on 31 March 2023.

    Parameters
    ----------
    lists
        People registered by practice, shape ``(n,)`` int64, by patient list.
    registers
        People on the register by practice, shape ``(n,)`` int64, by indicator group.

    Examples
    --------
    >>> bool((planted_figures().lists["17OV"] < planted_figures().lists["TOTAL"]).all())
    True
    """

    lists: Mapping[str, NDArray[np.int64]]
    registers: Mapping[str, NDArray[np.int64]]


@cache
def planted_figures() -> PlantedFigures:
    """Return lists and registers, in the order of the practices.

    Returns
    -------
    PlantedFigures
        Arrays that cannot be written to.

    Notes
    -----
    Each register is what is expected of the practice's people below and from 50, times what was
    planted, plus chance of binomial variance.

    Examples
    --------
    >>> figures = planted_figures()
    >>> len(figures.registers), figures.lists["TOTAL"].shape
    (21, (300,))
    """
    uniform = np.random.Generator(np.random.PCG64(_SEED)).random
    lists = _lists(uniform((2, len(planted_practices()))))
    registers = {}
    for group, (list_type, below_50, from_50) in REGISTERS.items():
        people = lists[list_type]
        older = lists["50OV"]
        expected = (people - older) * below_50 + older * from_50
        expected *= _factors(f"{group.casefold()}.register")
        # Twelve uniform numbers, added: near enough to normal, and unlike numpy's own normal
        # numbers the same whatever its release.
        chance = uniform((12, len(people))).sum(axis=0) - 6
        drawn = np.floor(expected + chance * np.sqrt(expected * (1 - expected / people)) + 0.5)
        registers[group] = np.clip(drawn, 0, people).astype(np.int64)
    for column in (*lists.values(), *registers.values()):
        column.flags.writeable = False
    return PlantedFigures(lists=lists, registers=registers)


def _lists(uniform: NDArray[np.float64]) -> dict[str, NDArray[np.int64]]:
    """Return lists of 2,500 to 18,500 people, the smaller the commoner."""
    total = np.floor(2_500 + 16_000 * uniform[0] ** 2)
    from_50 = _FROM_50 + 0.02 * (uniform[1] - 0.5)
    for plant in planted_truth().plants:
        if plant.kind == "young list":
            from_50[_positions(plant.practices)] = _FROM_50_ON_A_YOUNG_LIST
    lists = {"50OV": np.floor(total * from_50)}
    younger = np.floor(total * _OF_EACH_YOUNGER_BAND[:, None])
    for number, list_type in enumerate(_LISTS):
        lists[list_type] = total - younger[:number].sum(axis=0)
    return {list_type: people.astype(np.int64) for list_type, people in lists.items()}


def _factors(measure: str) -> NDArray[np.float64]:
    factors = np.ones(len(planted_practices()))
    for plant in planted_truth().plants:
        if measure in plant.measures:
            factors[_positions(plant.practices)] = plant.factor
    return factors


def _positions(codes: tuple[str, ...]) -> list[int]:
    position = {practice.code: spot for spot, practice in enumerate(planted_practices())}
    return [position[code] for code in codes]
