"""Cost by mode, the price of another mode, flows to providers, and what was missed."""

from __future__ import annotations

import pandas as pd
import pytest

import phm_diabetes as phm
from phm_diabetes.errors import DoubleCountError, OptionError, StatisticsError, UnlikeError
from phm_diabetes.metrics.pricing import priced

ROW = {
    "dataset": "local",
    "org_level": "place",
    "org_code": "north",
    "period_start": "2022-04-01",
    "period_end": "2023-03-31",
}
COST = {
    **ROW,
    "measure": "dm.op_unit_cost",
    "definition": "hes:cost{5,6}/priced{5,6}:core:1:national:MFF included:2022-23",
}


def costs_of(*rows, by=("medium",)):
    return phm.unit_costs(phm.counts_from([{**COST, **row} for row in rows]), by=by)


IN_PERSON = {"medium": "face_to_face", "numerator": 14_000_000, "denominator": 1000}
REMOTE = {"medium": "remote", "numerator": 575_000, "denominator": 250}
UNKNOWN = {"medium": "unknown", "numerator": 9_000, "denominator": 3}


def test_unit_costs_stand_beside_the_mix():
    found = costs_of(IN_PERSON, REMOTE).set_index("medium")
    assert found["unit_pence"].to_dict() == {"face_to_face": 14_000, "remote": 2_300}
    assert found["share"].to_dict() == {"face_to_face": 0.8, "remote": 0.2}


def test_one_mode_may_be_named_without_a_list():
    assert costs_of(IN_PERSON, REMOTE, by="medium")["unit_pence"].tolist() == [14_000, 2_300]


def test_an_unknown_mode_is_left_out_and_counted():
    found = costs_of(IN_PERSON, REMOTE, UNKNOWN)
    assert "unknown" not in set(found["medium"])
    assert found["left_out"].tolist() == [3, 3]
    assert found["share"].sum() == 1


def test_a_hidden_cell_hides_the_mix_it_is_part_of():
    hidden = {"medium": "remote", "numerator": None, "denominator": None,
              "denominator_low": 1, "denominator_high": 7, "numerator_high": 99_999}  # fmt: skip
    found = costs_of(IN_PERSON, hidden).set_index("medium")
    assert found["share"].isna().all()
    assert found.loc["face_to_face", "unit_pence"] == 14_000
    assert pd.isna(found.loc["remote", "unit_pence"])


def test_nothing_attended_has_no_unit_cost():
    nothing = {"medium": "remote", "numerator": 0, "denominator": 0}
    found = costs_of(IN_PERSON, nothing).set_index("medium")
    assert pd.isna(found.loc["remote", "unit_pence"])
    assert found.loc["remote", "share"] == 0


def test_two_price_years_in_one_sum_are_refused():
    other = COST["definition"].replace("2022-23", "2023-24")
    with pytest.raises(UnlikeError, match="years of price are never added up"):
        costs_of(IN_PERSON, {**REMOTE, "definition": other})


def test_what_counts_appointments_is_not_taken_for_pence():
    missed = [{**ROW, **IN_PERSON, "measure": "dm.op_dna", "definition": "hes:missed:core:1"}]
    with pytest.raises(OptionError, match=r"dm\.op_dna counts events, and a unit cost is money"):
        phm.unit_costs(phm.counts_from(missed))


def test_spend_without_attendances_has_no_unit_cost():
    with pytest.raises(OptionError, match="OP_UNIT_COST"):
        costs_of({"medium": "remote", "numerator": 575_000})


def test_a_tenth_of_a_thousand_moved_to_telephone_is_a_price_difference_of_11700_pounds():
    found = phm.price_difference(costs_of(IN_PERSON, REMOTE), shares=0.1).iloc[0]
    assert found["difference_pence"] == 1_170_000
    assert "not a saving" in found["reading"]
    assert "artefact of the tariff" in found["reading"]
    assert "no cash under current contracts" in found["reading"]
    assert found["definition"].endswith("2022-23")


def test_several_shares_give_a_range():
    found = phm.price_difference(costs_of(IN_PERSON, REMOTE), shares=[0.05, 0.2])
    assert found["difference_pence"].tolist() == [585_000, 2_340_000]


def test_a_mode_that_is_dearer_gives_a_negative_difference():
    found = phm.price_difference(
        costs_of(IN_PERSON, REMOTE), shares=0.1, before="remote", instead="face_to_face"
    )
    assert found["difference_pence"].tolist() == [-292_500]


def test_an_organisation_without_the_other_mode_has_no_difference():
    found = phm.price_difference(
        costs_of(IN_PERSON, REMOTE, {**IN_PERSON, "org_code": "south"}), shares=0.1
    ).set_index("org_code")
    assert pd.isna(found.loc["south", "difference_pence"])


@pytest.mark.parametrize("shares", [1.1, -0.1, [0.1, 2]])
def test_a_share_beyond_all_is_refused(shares):
    with pytest.raises(OptionError, match="between 0 and 1"):
        phm.price_difference(costs_of(IN_PERSON, REMOTE), shares=shares)


def test_a_mode_that_is_not_there_is_refused():
    with pytest.raises(OptionError, match="Did you mean 'remote'"):
        phm.price_difference(costs_of(IN_PERSON, REMOTE), shares=0.1, instead="remotely")


def missed(*rows):
    about = {**ROW, "measure": "dm.op_dna", "definition": "e"}
    return phm.counts_from([{**about, **row} for row in rows])


def test_missed_appointments_are_priced_at_what_the_same_kind_costs():
    found = phm.cost_of_missed(
        missed(
            {"org_code": "Y99001", "medium": "face_to_face", "numerator": 10, "denominator": 90},
            {"org_code": "Y99001", "medium": "remote", "numerator": 2, "denominator": 20},
            {"org_code": "Y99001", "medium": "unknown", "numerator": 1, "denominator": 9},
        ),
        costs_of(IN_PERSON, REMOTE),
        by=["medium"],
    ).iloc[0]
    assert found["cost_pence"] == 10 * 14_000 + 2 * 2_300
    assert (found["priced"], found["unpriced"]) == (12, 1)
    assert found["prices"].endswith("national:MFF included:2022-23")
    assert "no cash" in found["reading"]


def test_a_hidden_number_of_missed_appointments_has_a_hidden_cost():
    found = phm.cost_of_missed(
        missed({"medium": "remote", "numerator": None, "numerator_low": 1, "numerator_high": 7}),
        costs_of(IN_PERSON, REMOTE),
        by=["medium"],
    ).iloc[0]
    assert pd.isna(found["cost_pence"])
    assert pd.isna(found["priced"])


def test_prices_of_several_organisations_are_refused():
    costs = costs_of(IN_PERSON, {**IN_PERSON, "org_code": "south"})
    with pytest.raises(OptionError, match="2 organisations"):
        phm.cost_of_missed(missed({"medium": "remote", "numerator": 1}), costs, by=["medium"])


def test_prices_of_another_period_are_refused():
    before = {"period_start": "2021-04-01", "period_end": "2022-03-31"}
    with pytest.raises(UnlikeError, match="no prices"):
        phm.cost_of_missed(
            missed({"medium": "remote", "numerator": 1, **before}),
            costs_of(IN_PERSON, REMOTE),
            by=["medium"],
        )


def test_prices_that_are_not_by_visit_are_refused():
    with pytest.raises(OptionError, match="not by visit"):
        phm.cost_of_missed(
            missed({"medium": "remote", "visit": "first", "numerator": 1}),
            costs_of(IN_PERSON, REMOTE),
        )


def flowing(*rows, **about):
    base = {**ROW, "measure": "dm.op_attendances", "definition": "d", **about}
    return phm.counts_from([{**base, **row} for row in rows])


NORTH = {"provider": "REM", "numerator": 60}, {"provider": "RBN", "numerator": 40}
SOUTH = {"org_code": "south", "provider": "RBN", "numerator": 70}


def test_rows_and_columns_of_flows_add_up():
    table = phm.flows(flowing(*NORTH, SOUTH))
    assert list(table.columns) == ["RBN", "REM", "all"]
    assert table.loc["north"].tolist() == [40, 60, 100]
    assert table.loc["south"].tolist() == [70, 0, 70]
    assert table.loc["all"].tolist() == [110, 60, 170]


def test_a_hidden_flow_leaves_its_totals_empty():
    hidden = {"org_code": "south", "provider": "REM", "numerator": None, "numerator_low": 1,
              "numerator_high": 7}  # fmt: skip
    table = phm.flows(flowing(*NORTH, SOUTH, hidden))
    assert pd.isna(table.loc["south", "all"])
    assert pd.isna(table.loc["all", "REM"])
    assert table.loc["north", "all"] == 100


def test_flows_of_people_are_refused_since_one_can_go_to_both():
    with pytest.raises(DoubleCountError, match="several providers"):
        phm.flows(flowing(*NORTH, measure="dm.op_people"))


def test_flows_of_two_price_years_are_refused():
    other = {**SOUTH, "definition": "e"}
    with pytest.raises(UnlikeError, match="2 definitions"):
        phm.flows(flowing(*NORTH, other))


def test_flows_need_counts_by_provider():
    with pytest.raises(OptionError, match=r"by=\['provider'\]"):
        phm.flows(flowing({"numerator": 3}))


def test_an_empty_price_table_refuses_to_price():
    activity = pd.DataFrame({"treatment_function": ["307"], "currency": ["WF01A"], "activity": [3]})
    names = ["price_year", "price_type", "treatment_function", "currency", "setting", "unit_pence",
             "activity", "market_forces_factor", "stated_in", "source", "source_row"]  # fmt: skip
    nothing = pd.DataFrame({name: pd.Series(dtype=object) for name in names})
    with pytest.raises(StatisticsError, match="There are no prices"):
        priced(activity, nothing)
