"""The table verbs against others' figures: Wilson by `estimate`, Newcombe by `compare`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.planted import card, counts, row

import phm_diabetes as phm

CARD = card()


def table_of(numerators, denominators):
    codes = [f"Y{number:05}" for number in range(len(numerators))]
    cells = zip(codes, numerators, denominators, strict=True)
    return counts(*(row(code, int(x), int(n)) for code, x, n in cells))


@pytest.mark.method("wilson")
def test_an_estimate_has_wilsons_interval_as_ohid_and_prop_test_have_it(shared):
    grid = pd.read_csv(shared / "oracles/wilson_grid_r.csv", skipinitialspace=True)
    for confidence, part in grid.groupby("confidence"):
        table = phm.estimate(
            table_of(part["x"], part["n"]), measures=[CARD], confidence=float(str(confidence))
        )
        for end in ("lower", "upper"):
            for theirs in ("phe", "r_proptest"):
                np.testing.assert_allclose(
                    table[end], part[f"{end}_{theirs}"], rtol=1e-9, atol=1e-15
                )


@pytest.mark.method("proportion")
def test_an_estimate_of_nought_and_of_a_hundred_percent_is_ohids(shared):
    edges = pd.read_csv(shared / "oracles/phe_proportion_edges_r.csv", skipinitialspace=True)
    edges = edges[(edges["value"].notna()) & (edges["n"] > 0)]
    percent = card(per=100)
    table = phm.estimate(
        table_of(edges["x"], edges["n"]), measures=[percent], confidence=[0.95, 0.998]
    )
    np.testing.assert_allclose(table["value"], [*edges["value"], *edges["value"]], rtol=1e-9)
    lower = [*edges["lower95_0cl"], *edges["lower99_8cl"]]
    upper = [*edges["upper95_0cl"], *edges["upper99_8cl"]]
    np.testing.assert_allclose(table["lower"], lower, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(table["upper"], upper, rtol=1e-9)


# Newcombe RG, Stat Med 1998;17:873-890, table II, method 10 (score, no continuity correction).
NEWCOMBE = {
    "a": ((56, 70), (48, 80), (0.0524, 0.3339)),
    "b": ((9, 10), (3, 10), (0.1705, 0.8090)),
    "c": ((6, 7), (2, 7), (0.0582, 0.8062)),
    "d": ((5, 56), (0, 29), (-0.0381, 0.1926)),
    "e": ((0, 10), (0, 20), (-0.1611, 0.2775)),
    "f": ((0, 10), (0, 10), (-0.2775, 0.2775)),
    "g": ((10, 10), (0, 20), (0.6791, 1.0000)),
    "h": ((10, 10), (0, 10), (0.6075, 1.0000)),
}


@pytest.mark.method("difference-of-proportions")
@pytest.mark.parametrize("case", NEWCOMBE)
def test_a_comparison_with_peers_has_newcombes_published_interval(case):
    unit, peer, (lower, upper) = NEWCOMBE[case]
    table = counts(row("Y99001", *unit), row("Y99002", *peer))
    found = phm.compare(phm.estimate(table, measures=[CARD]), to=["Y99002"], measures=[CARD])
    first: Any = found[found["org_code"] == "Y99001"].squeeze()
    assert round(first["difference_lower"], 4) == lower
    assert round(first["difference_upper"], 4) == upper
    decided = lower > 0 or upper < 0
    assert (first["verdict"] != "similar") == decided
