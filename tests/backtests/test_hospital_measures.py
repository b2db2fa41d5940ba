"""Missed appointments and spells of the artificial HES that NHS England publishes, in aggregate."""

from __future__ import annotations

import pandas as pd
import pytest

import phm_diabetes as phm
from phm_diabetes.disease_areas.hospital_codes import CodeList
from phm_diabetes.disease_areas.spell_rules import (
    BED_DAYS,
    EMERGENCIES,
    MAJOR_AMPUTATIONS,
    MINOR_AMPUTATIONS,
)
from phm_diabetes.records.cancelling import cancelled_measures
from phm_diabetes.records.outpatient_measures import measures_of_outpatients

SHOWN = {"egress": phm.Policy(name="artificial"), "reason": "artificial records"}
EVERY = CodeList(
    id="every", words="Every function.", codes=tuple("0123456789"), beginnings=True, source="none"
)


@pytest.fixture(scope="module")
def hes(shared):
    folder = shared / "data" / "hes"
    if not folder.exists():
        pytest.skip("needs ../shared/data/hes, which is not here")
    return folder


@pytest.fixture(scope="module")
def outpatients(hes):
    return hes / "artificial_hes_op_0304_truncated.csv"


@pytest.fixture(scope="module")
def episodes(hes):
    return hes / "artificial_hes_apc_0102_truncated.csv"


def test_missed_and_cancelled_are_those_of_the_codes_in_the_file(outpatients):
    raw = pd.read_csv(outpatients, dtype=str, keep_default_na=False)
    coded = raw[(raw["ADMINCAT"] != "02") & (raw["ADMINCAT"] != "2")]
    # Those without a treatment function are in no set of functions.
    coded = coded[coded["TRETSPEF"].str.fullmatch("[0-9]{3}")]["ATTENDED"]
    records = phm.open_records(outpatients, adapter="england.hes_op", progress=False)
    missed = measures_of_outpatients(EVERY).dna
    found = phm.tally(
        records,
        measures=[missed, *cancelled_measures(EVERY)],
        periods="2003-04",
        to="trust",
        **SHOWN,
    )
    sums = found.groupby("measure", observed=True)[["numerator", "denominator"]].sum()
    due = int(coded.isin(["2", "3", "4", "5", "6", "7"]).sum())
    came = int(coded.isin(["3", "5", "6", "7"]).sum())
    assert sums.loc["dm.op_dna"].tolist() == [int(coded.isin(["3", "7"]).sum()), came]
    assert sums.loc["dm.op_cancelled_patient"].tolist() == [int((coded == "2").sum()), due]
    assert sums.loc["dm.op_cancelled_provider"].tolist() == [int((coded == "4").sum()), due]
    assert due == came + int(coded.isin(["2", "4"]).sum()) == 930


def test_repeat_non_attenders_are_those_of_the_file(outpatients):
    records = phm.open_records(outpatients, adapter="england.hes_op", progress=False)
    rows = records.frame(["person", "attendance", "treatment_function"])
    missed = rows[(rows["attendance"] == "missed") & (rows["treatment_function"] != "")]
    times = missed.groupby("person")["person"].transform("size")
    found = phm.repeat_missed(records, periods="2003-04", to="trust", functions=EVERY, **SHOWN)
    sums = found.groupby("measure", observed=True)[["numerator", "denominator"]].sum()
    assert sums.loc["dm.op_dna_repeat"].tolist() == [int((times >= 2).sum()), 88]


def test_spells_are_counted_alike_loaded_and_opened_and_every_episode_is_told_of(episodes):
    rules = [EMERGENCIES, BED_DAYS, MAJOR_AMPUTATIONS, MINOR_AMPUTATIONS]
    how = {"rules": rules, "periods": "2001-02", "to": "trust", **SHOWN}
    opened = phm.open_records(episodes, adapter="england.hes_apc", progress=False)
    loaded = phm.load(episodes, adapter="england.hes_apc", problems="report").table
    one, other = phm.spell_counts(opened, **how), phm.spell_counts(loaded, **how)
    assert one.drop(columns="source").equals(other.drop(columns="source"))
    sums = one.groupby("measure", observed=True)["numerator"].sum()
    assert sums.to_dict() == {"dm.adm_emergency": 30, "dm.bed_days": 1_609}
    left = phm.left_out_of_spells(opened).set_index("reason")["episodes"]
    assert left["in no spell: not finished"] == 16
    spells = phm.with_spells(loaded)["spell"]
    assert int(spells.isna().sum()) == int(left.filter(like="in no spell").sum())
