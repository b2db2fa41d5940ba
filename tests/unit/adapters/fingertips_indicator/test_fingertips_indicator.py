"""Fingertips: what is counted, what is a score, what is only published, and what stands twice."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

import phm_diabetes as phm
from phm_diabetes.adapters.fingertips_cards import indicator_area
from phm_diabetes.adapters.fingertips_labels import labelled_period
from phm_diabetes.errors import MeasureNotFoundError

ADAPTER = "fingertips.indicator"
HEADER = (
    *("Indicator ID", "Indicator Name", "Parent Code", "Parent Name", "Area Code", "Area Name"),
    *("Area Type", "Sex", "Age", "Category Type", "Category", "Time period", "Value"),
    *("Lower CI 95.0 limit", "Upper CI 95.0 limit", "Lower CI 99.8 limit"),
    *("Upper CI 99.8 limit", "Count", "Denominator", "Value note", "Recent Trend"),
    *("Compared to England value or percentiles", "Compared to percentiles"),
    *("Time period Sortable", "New data", "Compared to goal", "Time period range"),
)


def figure(**cells):
    row = dict.fromkeys(HEADER, "") | {
        "Indicator ID": "90001",
        "Indicator Name": "People seen",
        "Parent Code": "E92000001",
        "Area Code": "Y99001",
        "Area Type": "GPs",
        "Sex": "Persons",
        "Age": "17+ yrs",
        "Time period": "2022/23",
        "Value": "5",
        "Lower CI 95.0 limit": "3.26",
        "Upper CI 95.0 limit": "7.6",
        "Count": "20",
        "Denominator": "400",
    }
    assert set(cells) <= set(row)
    return row | cells


def loaded(*rows, **keywords):
    return phm.load(pd.DataFrame(list(rows), columns=HEADER), adapter=ADAPTER, **keywords)


def rules(extract):
    return dict(zip(extract.problems["rule"], extract.problems["rows"], strict=True))


def test_the_standard_download_has_27_columns_and_none_is_unknown():
    assert len(HEADER) == 27
    assert len(loaded(figure()).problems) == 0


def test_counts_become_counts_and_the_published_figure_stays_beside_them():
    extract = loaded(figure(**{"Value note": "Read with care"}))
    counts, published = extract.table.iloc[0], extract.tables["published"].iloc[0]
    assert (counts["measure"], counts["numerator"], counts["denominator"]) == (
        "fingertips.90001",
        20,
        400,
    )
    assert (published["value"], published["lower_95"], published["upper_95"]) == (5, 3.26, 7.6)
    assert published["note"] == "Read with care"


def test_the_age_is_part_of_the_definition_so_that_two_age_ranges_are_never_compared():
    table = loaded(figure(), figure(Age="All ages")).table
    assert table["definition"].tolist() == ["fingertips:90001:17+ yrs", "fingertips:90001:All ages"]


def test_an_area_under_two_parents_is_read_once_and_reported_as_one_reason():
    england = {"Area Code": "E92000001", "Area Type": "England"}
    extract = loaded(figure(**england, **{"Parent Code": ""}), figure(**england), figure())
    assert len(extract.table) == 2
    assert rules(extract) == {"same figure again": 1}
    origin = extract.provenance
    assert (origin.rows_read, origin.rows_used, origin.rows_reported) == (3, 2, 1)


def test_two_figures_for_the_same_area_are_refused_and_neither_is_chosen():
    extract = loaded(
        figure(), figure(Count="21"), figure(**{"Area Code": "Y99002"}), problems="report"
    )
    assert extract.problems["row"].tolist() == [2, 3]
    assert extract.table["org_code"].tolist() == ["Y99002"]


def test_a_hidden_count_beside_counted_areas_is_missing_and_never_zero():
    hidden = figure(**{"Area Code": "Y99002", "Count": "", "Denominator": "", "Value": ""})
    extract = loaded(figure(), hidden)
    line = extract.table[extract.table["org_code"] == "Y99002"].iloc[0]
    assert pd.isna(line["numerator"])
    assert pd.isna(line["numerator_high"])
    assert rules(extract) == {"count not given": 1}


def test_an_indicator_without_any_count_is_only_published():
    extract = loaded(figure(Count="", Denominator=""))
    assert len(extract.table) == 0
    assert extract.tables["published"]["value"].tolist() == [5.0]
    assert rules(extract) == {"no counts": 1}


def test_a_row_with_neither_value_nor_counts_is_reported():
    extract = loaded(
        figure(**{"Indicator ID": "90002", "Value": "", "Count": "", "Denominator": ""}), figure()
    )
    assert rules(extract) == {"no figure": 1}
    assert extract.provenance.rows_reported == 1


def test_a_modelled_count_is_no_number_of_people():
    extract = loaded(figure(Count="20.4", Value="5.1"))
    assert pd.isna(extract.table["numerator"].iloc[0])
    assert rules(extract) == {"modelled count": 1}


def test_a_standardised_value_is_told_from_the_crude_one():
    extract = loaded(figure(Value="731.2"), figure(**{"Area Code": "Y99002", "Value": "12.9"}))
    assert rules(extract) == {"value from counts": 2}
    with pytest.raises(MeasureNotFoundError, match="counts that give its value"):
        indicator_area(extract, reviewed=date(2026, 11, 1))


def test_a_deprivation_score_is_a_score_with_its_vintage_and_a_practices_is_called_so():
    score = figure(
        **{
            "Indicator ID": "93553",
            "Count": "",
            "Denominator": "",
            "Value": "32.4",
            "Indicator Name": "Deprivation score (IMD 2019)",
            "Time period": "2019",
        }
    )
    lsoa = {**score, "Area Type": "LSOA", "Area Code": "E01000001"}
    scores = loaded(score, lsoa).tables["scores"]
    assert scores[["score_index", "vintage", "score"]].to_numpy().tolist() == [
        ["practice_level_imd", "2019", 32.4],
        ["imd", "2019", 32.4],
    ]


def test_inequalities_are_a_dimension_of_their_own():
    part = figure(**{"Category Type": "Deprivation deciles", "Category": "Most deprived decile"})
    categories = loaded(figure(), part).table["category"].tolist()
    assert categories == ["all", "Deprivation deciles: Most deprived decile"]


@pytest.mark.parametrize(
    ("label", "start", "end"),
    [
        ("2019", "2019-01-01", "2019-12-31"),
        ("2022/23", "2022-04-01", "2023-03-31"),
        ("2019 - 21", "2019-01-01", "2021-12-31"),
        ("2019 - 20", "2019-01-01", "2020-12-31"),
        ("2018/19 - 20/21", "2018-04-01", "2021-03-31"),
        ("2022/23 Q4", "2023-01-01", "2023-03-31"),
        ("2022 Q4", "2022-10-01", "2022-12-31"),
        ("Jan 2021", "2021-01-01", "2021-01-31"),
        ("Aug 2013 - Jul 2014", "2013-08-01", "2014-07-31"),
        ("31 Dec 2020", "2020-12-31", "2020-12-31"),
    ],
)
def test_each_way_of_writing_a_period_has_both_its_ends(label, start, end):
    period = labelled_period(label)
    assert period is not None
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)


def test_cards_from_the_download_let_counts_be_divided_and_the_published_limits_come_out():
    extract = loaded(figure())
    area = indicator_area(extract, reviewed=date(2026, 11, 1))
    estimate = phm.estimate(extract.table, measures=area).iloc[0]
    published = extract.tables["published"].iloc[0]
    assert estimate["value"] * 100 == pytest.approx(published["value"])
    assert estimate["lower"] * 100 == pytest.approx(published["lower_95"], abs=0.1)
    assert estimate["upper"] * 100 == pytest.approx(published["upper_95"], abs=0.1)


def test_an_indicator_is_neither_better_nor_worse_until_someone_says_which():
    extract = loaded(figure())
    plain = indicator_area(extract, reviewed=date(2026, 11, 1))
    told = indicator_area(
        extract, reviewed=date(2026, 11, 1), polarity={"fingertips.90001": "higher"}
    )
    assert [area["fingertips.90001"].polarity for area in (plain, told)] == ["neither", "higher"]
