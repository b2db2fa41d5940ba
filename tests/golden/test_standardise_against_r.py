"""The verb `standardise` against PHEindicatormethods 2.1.0, to 1e-9 relative."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.planted import card

import phm_diabetes as phm
from phm_diabetes.metrics.standardised import standardise

RATE = card(id="copd.deaths", kind="rate", per=100_000, polarity="lower")
ENDS = {"value": "value", "lower": "lower95_0cl", "upper": "upper95_0cl"}


def read(shared, name):
    # A method's name holds a comma that is not quoted: the columns after it are not needed.
    return pd.read_csv(
        shared / "oracles" / name,
        skipinitialspace=True,
        index_col=False,
        usecols=lambda column: column not in {"statistic", "method"},
    )


def counts_of(table, numerator, denominator, **cells):
    return phm.counts_from(
        pd.DataFrame(
            {
                "dataset": "planted",
                "measure": RATE.id,
                "definition": "planted:1",
                "org_level": "place",
                "period_start": "2022-04-01",
                "period_end": "2023-03-31",
                "age_band": table["ageband"],
                "numerator": table[numerator].astype("Int64"),
                "denominator": table[denominator].astype("Int64"),
                **cells,
            }
        )
    )


@pytest.fixture(scope="module")
def areas(shared):
    return read(shared, "dsr_input.csv")


def agree(ours, theirs, scale=1.0):
    # Reversed rows: the verb goes by key, and its answer is in the order of codes.
    assert ours["org_code"].tolist() == theirs["area"].tolist()
    for name, column in ENDS.items():
        np.testing.assert_allclose(ours[name] * scale, theirs[column], rtol=1e-9)


@pytest.mark.method("direct-standardisation")
def test_direct_rates_are_those_of_ohid(shared, areas):
    # OHID's tool takes a missing count as none; here it must be said.
    filled = areas.assign(count=areas["count"].fillna(0)).iloc[::-1]
    ours = standardise(counts_of(filled, "count", "pop", org_code=filled["area"]), measures=[RATE])
    agree(ours, read(shared, "dsr_expected_r.csv"))


@pytest.mark.method("direct-standardisation")
def test_a_missing_count_leaves_its_area_alone_without_a_rate(areas):
    ours = standardise(counts_of(areas, "count", "pop", org_code=areas["area"]), measures=[RATE])
    reasons = ours.set_index("org_code")["reason"].astype(str)
    assert reasons[reasons != ""].to_dict() == {
        "P05": "a band's count is missing",
        "P08": "fewer than 10 events",
        "P09": "fewer than 10 events",
    }


@pytest.mark.method("indirect-standardisation")
@pytest.mark.parametrize(("method", "scale"), [("indirect_ratio", 100.0), ("indirect_rate", 1.0)])
def test_indirect_figures_are_those_of_ohid(shared, areas, method, scale):
    reference = read(shared, "isr_reference.csv")
    name = "isratio" if method == "indirect_ratio" else "israte"
    filled = areas.assign(count=areas["count"].fillna(0))
    ours = standardise(
        counts_of(filled, "count", "pop", org_code=filled["area"]),
        reference=counts_of(reference, "refcount", "refpop", org_code="all areas"),
        method=method,
        measures=[RATE],
    )
    agree(ours, read(shared, f"{name}_expected_r.csv"), scale)
