"""A Place's adapter keeps the Place and what it is compared with, and counts the rest."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.builders import as_file, qof_csv, qof_row
from tests.planted import geography, memberships

import phm_diabetes as phm
from phm_diabetes.adapters.place_adapter import PlaceAdapter
from phm_diabetes.errors import GeographyError, OptionError


class SeftonRegisters(PlaceAdapter):
    """Registers of Sefton."""

    place, dataset, version, description = "planted", "registers", "1", "Registers of Sefton."
    layout_of = "england.qof_prevalence"
    of = phm.SEFTON
    comparability = "is recorded elsewhere too"


INSIDE = {"Y99001": {"sub_icb": "01T"}, "Y99002": {"sub_icb": "01V"}}
OUTSIDE = {"Y99003": {"sub_icb": "99A"}}


def registers():
    return as_file("registers.csv", qof_csv(*(qof_row(number) for number in (1, 2, 3))))


def loaded(geo):
    return phm.load(registers(), adapter=SeftonRegisters, geo=geo, period="2022-23")


def test_practices_elsewhere_are_left_out_and_counted():
    found = loaded(geography(INSIDE | OUTSIDE, places=[phm.SEFTON]))
    assert set(found.table["org_code"]) == set(INSIDE)
    out = found.problems[found.problems["rule"] == "outside the Place"]
    assert out["rows"].sum() == 1
    told = found.provenance
    assert (told.rows_used, told.rows_reported, told.rows_read) == (2, 1, 3)


def test_a_practice_that_left_before_the_period_is_elsewhere():
    left = memberships({"Y99001": {"sub_icb": "01T"}}, start="2013-04-01", end="2020-03-31")
    now = memberships({"Y99001": {"sub_icb": "99A"}}, start="2020-04-01", end=None)
    of_02 = memberships({"Y99002": {"sub_icb": "01V"}})
    found = loaded(geography(left, now, of_02, OUTSIDE, places=[phm.SEFTON]))
    assert set(found.table["org_code"]) == {"Y99002"}


def test_what_must_be_known_before_comparing_rides_along():
    found = loaded(geography(INSIDE | OUTSIDE, places=[phm.SEFTON]))
    assert "is recorded elsewhere too" in found.problems["message"].tolist()


def test_without_a_geography_the_place_is_not_guessed():
    with pytest.raises(OptionError, match=r"geo=phm\.Geography"):
        phm.load(registers(), adapter=SeftonRegisters, period="2022-23")


def test_a_geography_without_the_place_is_refused():
    with pytest.raises(GeographyError, match="no practice in Sefton"):
        loaded(geography(INSIDE | OUTSIDE, places=[]))


def test_an_adapter_that_asks_nothing_of_a_geography_says_so():
    geo = geography(INSIDE, places=[phm.SEFTON])
    with pytest.raises(OptionError, match="leave geo= out"):
        phm.load(registers(), adapter="england.qof_prevalence", geo=geo, period="2022-23")


@pytest.mark.parametrize("place", ["dudley", "liverpool", "sefton", "knowsley"])
def test_every_place_has_its_audit_and_its_qof(place):
    listed = phm.list_adapters()
    own = listed[listed["place"] == place].set_index("dataset")
    assert isinstance(own, pd.DataFrame)
    assert own.loc["nda", "layout"] == "england.nda"
    assert own.loc["qof", "layout"] == "england.qof"
    assert own["description"].str.contains("Assumed: ").all()


def test_the_national_adapter_can_have_settings_of_its_own():
    from phm_diabetes.adapters.nda import Nda
    from phm_diabetes.adapters.places.dudley import DudleyNda

    targets = {"All Three Treatment Targets": ("hba1c_58", "bp_140_80", "statin")}
    national = Nda(all_three=targets)
    geo = geography(INSIDE, places=[phm.SEFTON])
    placed = DudleyNda(national=national).placed_in(geo)
    assert placed._national is national  # noqa: SLF001 - what a file with its heading would show
