"""Planted Dudley's registers by age and sex: people whom rates of hospital care stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

import phm_diabetes as phm
from phm_diabetes.demo.outpatient_plants import practice_plans, shared_out

if TYPE_CHECKING:
    from pandera.typing import DataFrame

    from phm_diabetes.schemas.counts import Counts

__all__ = ["AGE_BANDS", "registers_by_age"]

AGE_BANDS = ("17-39", "40-64", "65-79", "80+")
"""Bands in which the planted register is told."""

_OF_EACH_BAND = np.array([0.11, 0.42, 0.34, 0.13])
_OF_EACH_SEX = {"male": 0.55, "female": 0.45}


def registers_by_age() -> DataFrame[Counts]:
    """Return people on the diabetes registers of Planted Dudley, by age and sex.

    Published registers are not split; this is as a Place pulls it from its practices' systems.
    The cells of a practice add up to its published register.

    Returns
    -------
    DataFrame[Counts]
        ``dm.register`` by ``age_band`` and ``sex``, one row a practice and cell.

    Examples
    --------
    >>> int(registers_by_age()["numerator"].sum())
    16441
    """
    cells = [(band, sex) for band in AGE_BANDS for sex in _OF_EACH_SEX]
    weights = np.outer(_OF_EACH_BAND, list(_OF_EACH_SEX.values())).ravel()
    return phm.counts_from(
        [
            {
                "dataset": "planted practice systems",
                "measure": "dm.register",
                "definition": "qof:DM:17OV",
                "org_level": "practice",
                "org_code": plan.practice.code,
                "period_start": "2022-04-01",
                "period_end": "2023-03-31",
                "source": "planted",
                "age_band": band,
                "sex": sex,
                "numerator": int(people),
            }
            for plan in practice_plans()
            for (band, sex), people in zip(cells, shared_out(plan.register, weights), strict=True)
        ]
    )
