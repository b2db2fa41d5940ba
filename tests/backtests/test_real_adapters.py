"""The five adapters on the files as published: what is in them, and that no row is lost."""

from __future__ import annotations

from functools import cache

import pytest

import phm_diabetes as phm

YEAR_END = "2023-03-31"
FILES = {
    "england.qof_prevalence": "qof/raw_2022-23/PREVALENCE_2223.csv",
    "england.qof_geography": "qof/raw_2022-23/MAPPING_NHS_GEOGRAPHIES_2223.csv",
    "england.ods_practices": "ods/epraccur_2025-04.csv",
    "england.ods_membership": "ods/epcmem.csv",
    "england.pcn_membership": "ods/ePCN_2023-01.xlsx",
}
PLACES = (phm.DUDLEY, phm.LIVERPOOL, phm.SEFTON, phm.KNOWSLEY)


@cache
def _loaded(adapter, path):
    return phm.load(path, adapter=adapter)


@pytest.fixture(scope="session")
def real(shared):
    """Return a file as its adapter reads it, read once."""
    return lambda adapter: _loaded(adapter, shared / "data" / FILES[adapter])


@pytest.fixture(scope="session")
def geo(real):
    names = ("england.qof_geography", "england.ods_membership", "england.ods_practices")
    return phm.Geography.from_memberships(*map(real, names), places=PLACES)


def known(extract, member, parent):
    table = extract.table
    return table[(table["org_level"] == member) & (table["parent_level"] == parent)]


def on(table, day):
    return table[(table["start"] <= day) & (table["end"].isna() | (table["end"] >= day))]


@pytest.mark.parametrize("adapter", FILES)
def test_every_row_is_used_or_reported(real, adapter):
    origin = real(adapter).provenance
    assert origin.rows_read == origin.rows_used + origin.rows_reported
    assert origin.rows_read > 0


@pytest.mark.parametrize("adapter", FILES)
def test_each_file_is_recognised_without_being_named(shared, adapter):
    assert phm.load(shared / "data" / FILES[adapter]).provenance.adapter == adapter


@pytest.mark.parametrize("adapter", FILES)
def test_none_of_the_published_files_has_an_error(real, adapter):
    assert "error" not in set(real(adapter).problems["severity"])


def test_the_geography_of_2022_23_has_every_practice_in_42_icbs_and_106_sub_icbs(real):
    extract = real("england.qof_geography")
    assert extract.provenance.rows_used == 6_378
    assert known(extract, "practice", "icb")["parent_code"].nunique() == 42
    assert known(extract, "practice", "sub_icb")["parent_code"].nunique() == 106
    assert known(extract, "practice", "region")["parent_code"].nunique() == 7
    assert len(known(extract, "sub_icb", "icb")) == 106
    assert len(known(extract, "icb", "region")) == 42


def test_63_practices_are_published_in_no_pcn_and_the_others_in_1267(real):
    extract = real("england.qof_geography")
    pcns = known(extract, "practice", "pcn")["parent_code"]
    assert int(pcns.isna().sum()) == 63
    assert pcns.nunique() == 1_267
    assert extract.problems.loc[extract.problems["rule"] == "no PCN", "rows"].tolist() == [63]


def test_every_practice_of_the_qof_is_a_gp_practice_in_the_register(real):
    facts = real("england.ods_practices").tables["facts"]
    settings = facts[facts["attribute"] == "prescribing_setting"].set_index("org_code")["value"]
    practices = known(real("england.qof_geography"), "practice", "england")["org_code"]
    assert set(settings.reindex(practices.astype(object))) == {"4"}


def test_dudley_is_43_gp_practices_of_commissioner_05c_at_the_end_of_the_year(real):
    spells = on(real("england.ods_membership").table, YEAR_END)
    listed = set(spells.loc[spells["parent_code"] == "05C", "org_code"])
    facts = real("england.ods_practices").tables["facts"]
    gp = facts[(facts["attribute"] == "prescribing_setting") & (facts["value"] == "4")]
    counted = set(known(real("england.qof_geography"), "practice", "england")["org_code"])
    assert len(listed) == 69
    assert len(listed & set(gp["org_code"]) & counted) == 43


@pytest.mark.parametrize("day", ["2013-04-01", "2019-04-01", YEAR_END])
def test_no_practice_has_two_commissioners_on_a_day(real, day):
    spells = on(real("england.ods_membership").table, day)
    assert not spells["org_code"].duplicated().any()


def test_the_edition_of_the_commissioners_says_how_old_it_is(real):
    told = real("england.ods_membership").problems
    assert told[["severity", "rule", "rows"]].to_numpy().tolist() == [
        ["info", "open when published", 11_812]
    ]
    assert "2019-10-01" in told["message"].iloc[0]


def test_the_pcn_workbook_gives_both_its_sheets(real):
    extract = real("england.pcn_membership")
    assert len(extract.table) == 7_455
    assert len(extract.tables["organisations"]) == 1_329
    assert set(extract.table["parent_code"]) <= set(extract.tables["organisations"]["org_code"])


def test_one_handover_of_the_pcn_workbook_names_two_pcns_on_its_day(real):
    told = real("england.pcn_membership").problems
    assert told["rule"].tolist().count("one parent a day") == 1


def registers(real):
    table = real("england.qof_prevalence").table
    return table[table["measure"] == "dm.register"]


@pytest.mark.parametrize(
    ("level", "organisations"),
    [("pcn", 1_267), ("place", 4), ("sub_icb", 106), ("icb", 42), ("region", 7), ("england", 1)],
)
def test_every_level_adds_up_to_england_exactly(real, geo, level, organisations):
    summed = geo.roll_up(registers(real), to=level, as_at="period_end")
    assert int(summed["numerator"].sum()) == 3_774_801
    assert int(summed["denominator"].sum()) == 50_649_129
    rest = summed["org_code"].isin(["unallocated", "unmapped"])
    assert int((~rest).sum()) == organisations


def test_no_practice_of_the_qof_is_unmapped_and_63_are_unallocated(real, geo):
    placed = geo.placements(registers(real), to="pcn", as_at="period_end")
    assert placed["status"].value_counts().to_dict() == {"placed": 6_315, "unallocated": 63}


def test_the_four_places_have_their_practices(real, geo):
    placed = geo.placements(registers(real), to="place", as_at="period_end")
    assert placed["parent_code"].value_counts().to_dict() == {
        "unallocated": 6_180,
        "liverpool": 85,
        "sefton": 45,
        "dudley": 43,
        "knowsley": 25,
    }
