"""Those left out: put back, or counted, and never taken off."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import phm_diabetes as phm
from phm_diabetes.errors import DefinitionMismatchError, OptionError, UnlikeError

ROW = {
    "dataset": "QOF",
    "measure": "qof.copd010",
    "definition": "qof:COPD010:pca",
    "org_level": "practice",
    "org_code": "Y99001",
    "period_start": "2022-04-01",
    "period_end": "2023-03-31",
    "numerator": 60,
    "denominator": 80,
    "excluded": 20,
}


def counts(*rows):
    return phm.counts_from([{**ROW, **row} for row in rows or ({},)])


def test_the_intervention_rate_is_out_of_everyone():
    everyone = phm.intervention_counts(counts())
    assert everyone[["numerator", "denominator", "excluded"]].to_numpy().tolist() == [[60, 100, 0]]


def test_the_exception_rate_is_another_measure_without_a_direction():
    left_out = phm.exception_counts(counts({"measure": "qof.dm020"}))
    assert left_out[["measure", "numerator", "denominator"]].to_numpy().tolist() == [
        ["qof.dm020_excluded", 20, 100]
    ]
    compared = phm.compare(phm.estimate(left_out), to="england", england="sum_of_practices")
    assert set(compared["verdict"]) == {"similar"}


def test_the_three_rates_of_one_practice():
    table = counts({"measure": "qof.dm020"})
    rates = [
        phm.estimate(each)["value"].iloc[0]
        for each in (table, phm.intervention_counts(table), phm.exception_counts(table))
    ]
    assert rates == [0.75, 0.6, 0.2]


def test_those_left_out_are_never_put_back_twice():
    with pytest.raises(UnlikeError, match="already"):
        phm.intervention_counts(phm.intervention_counts(counts()))
    with pytest.raises(UnlikeError, match="already"):
        phm.exception_counts(phm.intervention_counts(counts()))


def test_net_and_intervention_rates_are_never_compared_by_accident():
    practice = phm.estimate(counts({"measure": "qof.dm020"}))
    england = {"measure": "qof.dm020", "org_level": "england", "org_code": "E92000001"}
    everyone = phm.estimate(phm.intervention_counts(counts(england)))
    mixed = pd.concat([practice, everyone], ignore_index=True)
    with pytest.raises(DefinitionMismatchError, match="excluded"):
        phm.compare(mixed, to="england")


def test_a_measure_that_says_nothing_of_them_is_named():
    with pytest.raises(OptionError, match=r"copd\.register"):
        phm.intervention_counts(counts({}, {"measure": "copd.register", "excluded": None}))


def test_a_row_that_says_nothing_of_them_has_no_denominator_and_keeps_its_least():
    table = phm.intervention_counts(counts({}, {"org_code": "Y99002", "excluded": None}))
    unknown = table[table["org_code"] == "Y99002"].iloc[0]
    assert unknown[["denominator", "denominator_high"]].isna().all()
    assert unknown["denominator_low"] == 80


def test_a_hidden_denominator_stays_a_range():
    hidden = {"denominator": None, "denominator_low": 8, "denominator_high": 12}
    table = phm.intervention_counts(counts({"numerator": 5, **hidden}))
    assert table[["denominator_low", "denominator_high"]].to_numpy().tolist() == [[28, 32]]


COUNT = st.integers(0, 400)


@settings(max_examples=15)
@given(st.lists(st.tuples(COUNT, COUNT, COUNT), min_size=1, max_size=40))
def test_whatever_is_left_out_the_denominator_never_shrinks(practices):
    net = counts(
        *(
            {
                "org_code": f"Y99{spot:03}",
                "numerator": numerator,
                "denominator": numerator + rest,
                "excluded": excluded,
            }
            for spot, (numerator, rest, excluded) in enumerate(practices)
        )
    )
    everyone, left_out = phm.intervention_counts(net), phm.exception_counts(net)
    assert (everyone["denominator"] >= net["denominator"]).all()
    assert (everyone["denominator"] - net["denominator"]).tolist() == net["excluded"].tolist()
    assert left_out["denominator"].tolist() == everyone["denominator"].tolist()
    assert left_out["numerator"].tolist() == net["excluded"].tolist()
