"""The workbook of 2018-19 by CCG, as published: nothing is lost, and its own sums come out."""

from __future__ import annotations

import pytest

import phm_diabetes as phm

FILE = "data/qof/ccg_2018-19/qof-1819-prev-ach-exc-ccg.xlsx"
GROUPS_WITHOUT_A_REGISTER = {"45+": 25_498_169, "15+": 49_158_925}


@pytest.fixture(scope="module")
def extract(shared):
    return phm.load(shared / FILE)


def row(extract, measure, code):
    table = extract.table
    return table[(table["measure"] == measure) & (table["org_code"] == code)].iloc[0]


def total(extract, measure, column):
    return int(extract.table.loc[extract.table["measure"] == measure, column].sum())


def test_it_is_recognised_and_every_row_is_used_or_reported(extract):
    origin = extract.provenance
    assert origin.adapter == "england.qof_workbook"
    assert len(origin.sheets) == 25
    assert origin.rows_read == origin.rows_used + origin.rows_reported
    assert origin.rows_used == 25 * 191


def test_only_notes_and_the_title_sheet_are_reported(extract):
    assert set(extract.problems["rule"]) == {"note", "sheet not read"}
    assert set(extract.problems["severity"]) == {"info"}


def test_its_year_has_77_indicators_and_dm_has_its_eleven(extract):
    codes = extract.tables["indicators"]["code"]
    assert len(codes) == codes.nunique() == 77
    assert sorted(codes[codes.str.startswith("DM0")]) == [
        *("DM002", "DM003", "DM004", "DM006", "DM007", "DM008"),
        *("DM009", "DM012", "DM014", "DM017", "DM018"),
    ]


def test_the_register_of_england_is_3319266_of_47886072(extract):
    assert total(extract, "dm.register", "numerator") == 3_319_266
    assert total(extract, "dm.register", "denominator") == 47_886_072


def test_dudley_is_ccg_05c_and_its_figures_are_the_sheets_own(extract):
    dudley = row(extract, "dm.register", "05C")
    assert (dudley["org_level"], dudley["numerator"], dudley["denominator"]) == (
        *("sub_icb", 20_682, 258_052),
    )
    foot = row(extract, "qof.dm012", "05C")
    assert (foot["numerator"], foot["denominator"], foot["excluded"]) == (16_896, 19_057, 1_625)


def test_the_publishers_own_sums_show_that_denominators_are_net_of_exceptions(extract):
    assert "denominator plus those left out" not in set(extract.problems["rule"])


@pytest.mark.parametrize("band", GROUPS_WITHOUT_A_REGISTER)
def test_groups_without_a_register_give_their_lists(extract, band):
    people = extract.tables["population"]
    assert (
        int(people.loc[people["age_band"] == band, "people"].sum())
        == (GROUPS_WITHOUT_A_REGISTER[band])
    )


def test_all_three_rates_come_out_of_one_load(extract):
    area = phm.qof_area(extract)
    table = extract.table[extract.table["measure"] == "qof.dm012"]
    rates = {
        name: phm.estimate(counts, measures=area).set_index("org_code").loc["05C", "value"]
        for name, counts in {
            "net": table,
            "intervention": phm.intervention_counts(table),
            "left out": phm.exception_counts(table),
        }.items()
    }
    assert rates["net"] == pytest.approx(16_896 / 19_057)
    assert rates["intervention"] == pytest.approx(16_896 / 20_682)
    assert rates["left out"] == pytest.approx(1_625 / 20_682)


def test_the_publishers_own_percentages_are_reproduced(shared, extract):
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(shared / FILE))
    rows = book.get_sheet_by_name("DM").to_python(skip_empty_area=False)
    words = [str(cell) for cell in rows[13]]
    first = rows[11].index("DM012")
    net, taken = (
        words.index(word, first) for word in ("net of Exceptions (%)", "Intervention (%)")
    )
    published = {str(row[8]): (row[net], row[taken]) for row in rows[14:] if row[8]}
    assert len(published) == 191

    table, area = extract.table[extract.table["measure"] == "qof.dm012"], phm.qof_area(extract)
    pairs = [phm.estimate(each, measures=area) for each in (table, phm.intervention_counts(table))]
    for spot, found in enumerate(pairs):
        for code, value in zip(found["org_code"], found["value"], strict=True):
            assert value * 100 == pytest.approx(published[code][spot])
