"""Summing over dimensions: the row for all, or parts known to be all of them, or an error."""

from __future__ import annotations

from typing import Any

import pytest
from tests.planted import counts, hidden, row

from phm_diabetes.errors import DoubleCountError, OptionError
from phm_diabetes.summing import choose

A, B = "Y99001", "Y99002"


def by_sex(code, *, everyone: Any = None, female: Any = 4, male: Any = 6, **cells):
    """Return rows of one practice: a row each sex, and one for all where it is given."""
    parts = {"all": everyone, "female": female, "male": male}
    return [
        row(code, count, 50, sex=sex, **cells) for sex, count in parts.items() if count is not None
    ]


def test_the_row_for_all_is_used_where_there_is_one():
    table = choose(counts(*by_sex(A, everyone=11)))  # one person's sex was not recorded
    assert table["numerator"].tolist() == [11]
    assert "sex" not in table


def test_parts_are_summed_where_there_is_no_row_for_all():
    assert choose(counts(*by_sex(A), *by_sex(B)))["numerator"].tolist() == [10, 10]


def test_people_whose_sex_is_unknown_are_part_of_the_whole():
    table = counts(*by_sex(A), row(A, 1, 2, sex="unknown"))
    assert choose(table)["numerator"].tolist() == [11]


def test_a_hidden_part_leaves_a_range_and_no_value():
    table = counts(row(A, 20, 50, sex="female"), hidden(A, 1, 7, 50, sex="male"))
    whole = choose(table).iloc[0]
    assert (whole["numerator_low"], whole["numerator_high"]) == (21, 27)
    assert whole.isna()["numerator"]


def test_one_part_alone_is_not_the_whole():
    table = counts(*by_sex(A), *by_sex(B, male=None))
    with pytest.raises(DoubleCountError, match=r"in 1 groups its parts \(female\)"):
        choose(table)


def test_all_for_one_practice_and_parts_for_another_is_refused():
    table = counts(*by_sex(A, everyone=10, female=None, male=None), *by_sex(B))
    with pytest.raises(DoubleCountError, match="2 rows mix sex='all' with its parts"):
        choose(table)


def test_a_dimension_in_by_is_kept_with_every_row():
    table = counts(*by_sex(A, everyone=10))
    assert choose(table, ["sex"])["numerator"].tolist() == [10, 4, 6]
    assert choose(table, "sex")["numerator"].tolist() == [10, 4, 6]  # one, without a list


def test_one_level_chosen_beforehand_stays_written_on_the_rows():
    table = counts(*by_sex(A))
    women = choose(table[table["sex"] == "female"])
    assert women["sex"].tolist() == ["female"]
    everyone = counts(*by_sex(A, everyone=10))
    assert "sex" not in choose(everyone[everyone["sex"] == "all"])


def test_a_subtype_is_never_summed_even_if_every_one_is_there():
    table = counts(row(A, 1, 9, subtype="type_1"), row(A, 8, 9, subtype="type_2_and_other"))
    with pytest.raises(DoubleCountError, match=r"subtype type_1, type_2_and_other.*never"):
        choose(table)
    assert len(choose(table, ["subtype"])) == 2


def test_type_one_type_two_and_all_do_not_overlap_unseen():
    table = counts(
        row(A, 1, 9, subtype="type_1"), row(A, 8, 9, subtype="type_2"), row(A, 9, 9, subtype="all")
    )
    with pytest.raises(DoubleCountError, match="subtype"):
        choose(table)


def test_levels_nobody_declared_are_never_summed():
    table = counts(row(A, 1, 9, weekday="monday"), row(A, 2, 9, weekday="tuesday"))
    with pytest.raises(DoubleCountError, match="not known to be all of them"):
        choose(table)


def test_bands_that_start_at_another_age_for_some_are_refused():
    full = [row(A, 1, 9, age_band=band) for band in ("<40", "40-64", "65+")]
    cut = [row(B, 1, 9, age_band=band) for band in ("40-64", "65+")]
    assert choose(counts(*full))["numerator"].tolist() == [3]
    with pytest.raises(DoubleCountError, match="age_band"):
        choose(counts(*full, *cut))


def test_each_measure_may_start_at_an_age_of_its_own():
    adults = [row(A, 1, 9, age_band=band) for band in ("17-39", "40+")]
    older = [row(A, 1, 9, age_band=band, measure="copd.flu") for band in ("18-39", "40+")]
    assert choose(counts(*adults, *older))["numerator"].tolist() == [2, 2]


def test_deprivation_of_two_vintages_is_never_one_whole():
    mixed = [f"2019:{fifth}" for fifth in (1, 2, 3, 4)] + ["2025:5"]
    table = counts(*(row(A, 1, 9, imd_quintile=fifth) for fifth in mixed))
    with pytest.raises(DoubleCountError, match="imd_quintile"):
        choose(table)


def test_two_dimensions_are_summed_one_after_the_other():
    cells = [(sex, band) for sex in ("female", "male") for band in ("<40", "40+")]
    table = counts(*(row(A, 1, 9, sex=sex, age_band=band) for sex, band in cells))
    assert choose(table)["numerator"].tolist() == [4]
    assert choose(table, ["sex"])["numerator"].tolist() == [2, 2]


def test_margins_and_cells_together_use_the_margin():
    cells = [(sex, band) for sex in ("all", "female", "male") for band in ("all", "<40", "40+")]
    value = {("all", "all"): 100, ("female", "all"): 60, ("male", "all"): 40}
    table = counts(
        *(row(A, value.get(cell, 1), 200, sex=cell[0], age_band=cell[1]) for cell in cells)
    )
    assert choose(table)["numerator"].tolist() == [100]
    assert sorted(choose(table, ["sex"])["numerator"]) == [40, 60, 100]


def test_a_word_in_by_that_is_no_dimension_is_refused_with_the_nearest():
    with pytest.raises(OptionError, match="Did you mean 'sex'"):
        choose(counts(*by_sex(A)), ["sexx"])
    with pytest.raises(OptionError, match="dimensions: sex"):
        choose(counts(*by_sex(A)), ["org_code"])
