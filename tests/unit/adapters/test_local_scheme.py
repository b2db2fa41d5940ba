"""A manifest says what a local scheme's workbook holds; names are resolved, never guessed."""

from __future__ import annotations

import pytest
from tests.builders import as_file
from tests.planted import named_geography, rows_of
from tests.writers.local_schemes import MANIFEST, scheme_workbook

import phm_diabetes as phm
from phm_diabetes.adapters.scheme_manifest import scheme_of
from phm_diabetes.errors import OptionError, SourceDataError, SourceLayoutError, UnlikeError

NAMES = {"Y99001": "The Elms Surgery", "Y99002": "Planted North", "Y99003": "Planted North"}
GEO = named_geography(NAMES)
GOOD = ["the ELMS surgery", 90, 100, 4, 80, 96, 0]


@pytest.fixture
def manifest(tmp_path):
    path = tmp_path / "dqof.toml"
    path.write_text(MANIFEST, encoding="utf-8")
    return path


def loaded(manifest, *rows, period="2021-22", tabs=None, **options):
    checks = {"Checks": (("Blood pressure", "HbA1c"), [GOOD, *rows])}
    book = as_file("dqof.xlsx", scheme_workbook(tabs or checks))
    return phm.load(book, adapter=manifest, period=period, geo=GEO, **options)


def test_a_name_is_resolved_whatever_its_case_and_totals_are_counted(manifest):
    found = loaded(manifest)
    assert set(found.table["org_code"]) == {"Y99001"}
    told = found.provenance
    assert (told.rows_read, told.rows_used, told.rows_reported) == (3, 1, 2)


def test_people_left_out_stand_beside_numerator_and_denominator(manifest):
    table = loaded(manifest).table
    first = table[table["measure"] == "dqof.dq01"].iloc[0]
    assert (first["numerator"], first["denominator"], first["excluded"]) == (90, 100, 4)


def test_an_ambiguous_name_and_a_near_miss_are_both_reported_and_no_cell_is_quoted(manifest):
    with pytest.raises(SourceDataError) as caught:
        loaded(
            manifest,
            ["Planted North", 1, 2, 0, 1, 2, 0],
            ["The Elm Surgery", 1, 2, 0, 1, 2, 0],
            ["Jane Patient", 1, 2, 0, 1, 2, 0],
        )
    said = str(caught.value)
    assert "is the name of 2 practices (Y99002, Y99003)" in said
    assert "the nearest is 'the elms surgery' (Y99001)" in said
    assert "is no practice that is known" in said
    assert "Jane" not in said
    assert "Elm Surgery" not in said


def test_what_is_not_available_is_no_count_and_no_zero(manifest):
    geo = named_geography({"Y99001": "The Elms Surgery", "Y99004": "Oak House"})
    book = scheme_workbook(
        {"Checks": (("Blood pressure", "HbA1c"), [GOOD, ["Oak House", "#N/A", "*", 0, 3, 9, 0]])}
    )
    table = phm.load(as_file("a.xlsx", book), adapter=manifest, period="2021-22", geo=geo).table
    oak = table[(table["org_code"] == "Y99004") & (table["measure"] == "dqof.dq01")].iloc[0]
    assert oak.isna()["numerator"]
    assert oak.isna()["numerator_high"]
    assert (oak["denominator_low"], oak["denominator_high"]) == (1, 7)


def test_an_indicator_that_was_not_in_force_is_left_out_and_reported(manifest):
    found = loaded(manifest, period="2022-23")
    assert set(found.table["measure"]) == {"dqof.dq01"}
    (line,) = found.problems.query("rule == 'indicator not in force'")["message"]
    assert line == "holds figures of DQ02, not in force in the period"


def test_a_named_tab_whose_header_changed_is_an_error_and_not_passed_over(manifest):
    tabs = {
        "Checks": (("Blood pressure", "HbA1c"), [GOOD]),
        "Pre-conditions": (("Renamed",), [["The Elms Surgery", 1, 2]]),
    }
    with pytest.raises(SourceLayoutError, match="'Reviews / Number' is missing"):
        loaded(manifest, tabs=tabs)


def test_names_without_a_geography_are_refused_with_what_to_pass(manifest):
    book = as_file("a.xlsx", scheme_workbook({"Checks": (("Blood pressure", "HbA1c"), [GOOD])}))
    with pytest.raises(OptionError, match=r"Pass geo="):
        phm.load(book, adapter=manifest, period="2021-22")


@pytest.mark.parametrize("tabs", [1, 2])
def test_without_a_manifest_the_adapter_says_how_to_write_one(tabs):
    sheets = {f"Tab {number}": (("Blood pressure",), [["A", 1, 2]]) for number in range(tabs)}
    with pytest.raises((OptionError, SourceLayoutError), match=r"phm\.write_template\('dudley"):
        phm.load(
            as_file("a.xlsx", scheme_workbook(sheets)), adapter="dudley.dqof", period="2021-22"
        )


def test_the_manifest_to_start_from_can_be_read(tmp_path):
    path = phm.write_template("dudley.dqof", tmp_path / "mine.toml")
    assert scheme_of(path).dataset == "dqof"
    with pytest.raises(phm.errors.OutputError, match="is there already"):
        phm.write_template("dudley.dqof", path)


def test_a_csv_of_indicators_is_a_manifest_too(tmp_path):
    path = tmp_path / "indicators.csv"
    path.write_text(
        "id,description,numerator,denominator,comparability,national\n"
        "A1,People seen.,Seen,Due,full,dm.cp.bp\n",
        encoding="utf-8",
    )
    scheme = scheme_of(
        path,
        place="north",
        dataset="lqof",
        title="North",
        edition="1",
        reviewed="2026-11-01",
        practice_header="Code",
    )
    assert scheme.with_national("lqof.a1") == ("lqof.a1", "dm.cp.bp")


def test_every_fault_of_a_manifest_is_named_at_once(tmp_path):
    path = tmp_path / "wrong.toml"
    path.write_text(
        'place = "Dudley"\ndataset = "dqof"\nfooter = ["x"]\nreviewed = "soon"\n'
        'practice_header = "Practice"\nedition = "1"\n'
        '[[indicators]]\nid = "A"\ndirection = "up"\ncomparability = "partial"\n',
        encoding="utf-8",
    )
    with pytest.raises(OptionError) as caught:
        scheme_of(path)
    said = str(caught.value)
    for part in (
        "Did you mean 'footers'?",
        "title is needed",
        "reviewed must be a day",
        "place must be lower-case",
        "indicator A: description is needed",
        "indicator A: direction must be one of",
        "indicator A: comparability partial needs national",
    ):
        assert part in said


def test_figures_that_no_national_measure_counts_are_never_paired_with_one(manifest):
    scheme = scheme_of(manifest)
    with pytest.raises(UnlikeError, match="comparability none"):
        scheme.with_national("dqof.ndh_1")
    assert scheme.with_national("dqof.dq02") == ("dqof.dq02", "dm.cp.hba1c")
    assert "only partly comparable" in scheme.area["dqof.dq01"].caveats[0]


def test_its_cards_make_figures(manifest):
    found = loaded(manifest)
    figures = phm.estimate(found.table, measures=scheme_of(manifest).area)
    assert rows_of(figures[["measure", "value"]]) == [
        ("dqof.dq01", 0.9),
        ("dqof.dq02", pytest.approx(80 / 96)),
    ]
