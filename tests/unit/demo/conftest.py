"""The planted England, loaded once."""

from __future__ import annotations

import pytest

import phm_diabetes as phm
from phm_diabetes import demo

MEASURE = "dm.register"


@pytest.fixture(scope="session")
def registers():
    return phm.load(demo.registers())


@pytest.fixture(scope="session")
def counts(registers):
    table = registers.table
    return table[table["measure"] == MEASURE]


@pytest.fixture(scope="session")
def geo():
    return demo.england_geography()


@pytest.fixture(scope="session")
def drilled(counts, geo):
    return phm.drill(
        counts,
        geo=geo,
        measures=[MEASURE],
        rule="all",
        below="interval(0.95)",
        england="sum_of_practices",
    )
