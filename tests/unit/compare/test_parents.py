"""Parents: the unit is left out of its own, and the interval of the difference decides."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from tests.planted import card, counts, geography, memberships, row

import phm_diabetes as phm
from phm_diabetes.errors import GeographyError, MeasureNotFoundError, OptionError, UnlikeError
from phm_diabetes.metrics.differences import newcombe

A, B, C, D, E = (f"Y9900{number}" for number in range(1, 6))
ROWS = (row(A, 80, 100), row(B, 50, 100), row(C, 20, 100), row(D, 30, 90), row(E, 1, 10))
GEO = geography(
    {
        A: {"pcn": "U1", "icb": "Q1"},
        B: {"pcn": "U1", "icb": "Q1"},
        C: {"pcn": "U2", "icb": "Q1"},
        D: {"pcn": "U3", "icb": "Q2"},
    }
)


def compared(*rows, to="icb", geo: Any = GEO, **options: Any):
    table: Any = rows[0] if isinstance(rows[0], pd.DataFrame) else counts(*rows)
    measures = options.pop("measures", [card()])
    estimates = phm.estimate(table, measures=measures, confidence=options.pop("confidence", 0.95))
    return phm.compare(estimates, to=to, geo=geo, measures=measures, **options)


def one(table: pd.DataFrame, code: str = A) -> Any:
    """Return the only row of an organisation, or its rows."""
    return table[table["org_code"] == code].squeeze()


def test_the_unit_is_left_out_of_its_parent():
    found = one(compared(*ROWS))
    assert (found["comparator_code"], found["comparator_basis"]) == ("Q1", "rolled_up")
    assert (found["comparator_numerator"], found["comparator_denominator"]) == (70, 200)
    assert found["comparator_value"] == 0.35
    assert found["comparator_units"] == 3
    assert found["caveat"] == "ICB is the sum of 3 practices in the table, this unit left out."


def test_the_difference_has_newcombes_interval():
    found = one(compared(*ROWS))
    value, lower, upper = newcombe(80, 100, 70, 200)
    assert found["difference"] == pytest.approx(float(value))
    assert found["difference_lower"] == pytest.approx(float(lower))
    assert found["difference_upper"] == pytest.approx(float(upper))


def test_intervals_that_overlap_do_not_settle_that_two_figures_are_similar():
    table = compared(row(A, 56, 100), row(B, 40, 100))
    one_unit = one(table)
    other = one(table, B)
    assert one_unit["lower"] < other["upper"]  # the two intervals overlap
    assert one_unit["difference_lower"] > 0
    assert (one_unit["verdict"], other["verdict"]) == ("better", "worse")


def test_the_only_practice_of_an_icb_is_not_compared_with_itself():
    found = one(compared(*ROWS), D)
    assert (found["verdict"], found["rounding"]) == ("not compared", "cannot tell")
    assert pd.isna(found["difference"])


def test_a_practice_without_a_parent_is_not_compared():
    found = one(compared(*ROWS), E)
    assert (found["verdict"], found["comparator_code"]) == ("not compared", "")
    assert found["comparator_numerator"] is pd.NA


def test_a_published_parent_is_used_and_the_unit_taken_out_of_it():
    published = row("Q1", 160, 320, org_level="icb")
    found = one(compared(*ROWS, published))
    assert found["comparator_basis"] == "published"
    assert (found["comparator_numerator"], found["comparator_denominator"]) == (80, 220)


def test_an_icb_that_is_not_published_is_summed_beside_one_that_is():
    published = row("Q2", 160, 320, org_level="icb")
    found = compared(*ROWS, published)
    assert one(found, D)["comparator_basis"] == "published"
    assert one(found, A)["comparator_basis"] == "rolled_up"


def test_a_pcn_is_compared_with_the_rest_of_its_icb():
    practices = counts(*ROWS)
    pcns = GEO.roll_up(practices, to="pcn", as_at="period_end")
    found = one(compared(pd.concat([practices, pcns], ignore_index=True)), "U1")
    assert (found["numerator"], found["comparator_code"]) == (130, "Q1")
    assert (found["comparator_numerator"], found["comparator_denominator"]) == (20, 100)


def test_pcns_alone_are_summed_to_their_icb_and_called_pcns():
    pcns = GEO.roll_up(counts(*ROWS), to="pcn", as_at="period_end")
    found = one(compared(pcns), "U1")
    assert (found["comparator_numerator"], found["comparator_units"]) == (20, 2)
    assert found["caveat"] == "ICB is the sum of 2 PCNs in the table, this unit left out."


def test_two_levels_without_practices_are_never_summed_together():
    practices = counts(*ROWS)
    geo = geography(memberships({code: {"place": "p1"} for code in (A, B, C)}), GEO.memberships)
    above = [geo.roll_up(practices, to=level, as_at="period_end") for level in ("pcn", "place")]
    with pytest.raises(OptionError, match="practices"):
        compared(pd.concat(above, ignore_index=True), geo=geo)


def test_a_pcn_that_spans_two_icbs_is_not_compared():
    geo = geography(
        {
            A: {"pcn": "U1", "icb": "Q1"},
            D: {"pcn": "U1", "icb": "Q2"},
            B: {"pcn": "U2", "icb": "Q1"},
        }
    )
    practices = counts(row(A, 80, 100), row(D, 30, 90), row(B, 5, 10))
    pcns = geo.roll_up(practices, to="pcn", as_at="period_end")
    found = compared(pd.concat([practices, pcns], ignore_index=True), geo=geo)
    assert (one(found, "U1")["verdict"], one(found, "U1")["comparator_code"]) == (
        "not compared",
        "",
    )
    assert one(found, "U2")["comparator_code"] == "Q1"


def test_the_parent_is_the_one_of_the_day_asked_for():
    geo = geography(
        memberships({A: {"icb": "Q1"}}, end="2022-09-30"),
        memberships({A: {"icb": "Q2"}}, start="2022-10-01", end=None),
        memberships({B: {"icb": "Q1"}, C: {"icb": "Q2"}}),
    )
    table = counts(*ROWS[:3])
    assert one(compared(table, geo=geo))["comparator_code"] == "Q2"
    assert one(compared(table, geo=geo, as_at="2022-09-30"))["comparator_code"] == "Q1"


def test_a_roll_up_of_another_day_is_never_taken_out_of_a_parent():
    practices = counts(*ROWS)
    geo = geography(memberships({code: {"pcn": "U1", "icb": "Q1"} for code in (A, B)}, end=None))
    pcns = geo.roll_up(practices, to="pcn", as_at="today")
    with pytest.raises(UnlikeError, match=r"asked for memberships of 2023-03-31.*the same as_at="):
        compared(pd.concat([practices, pcns], ignore_index=True), geo=geo)


def test_a_parent_of_another_definition_keeps_the_unit():
    published = row("Q1", 160, 320, org_level="icb", definition="planted:2")
    found = one(compared(*ROWS, published, allow_mixed="the register was recounted"))
    assert (found["comparator_numerator"], found["comparator_denominator"]) == (160, 320)
    assert found["caveat"] == "Definitions differ: the register was recounted."


def test_remainders_are_never_compared():
    practices = counts(*ROWS)
    pcns = GEO.roll_up(practices, to="pcn", as_at="period_end")
    both = pd.concat([practices, pcns], ignore_index=True)
    for options in ({}, {"to": "england", "england": "sum_of_practices"}):
        found = one(compared(both, **options), "unmapped")
        assert found["verdict"] == "not compared"


def test_each_confidence_has_its_own_verdict_and_the_same_comparator():
    found = compared(row(A, 56, 100), row(B, 40, 100), confidence=[0.95, 0.998])
    of_a = found[found["org_code"] == A].set_index("confidence")
    assert of_a["verdict"].to_dict() == {0.95: "better", 0.998: "similar"}
    assert of_a["comparator_numerator"].tolist() == [40, 40]


def test_tables_of_different_confidences_may_be_stacked():
    practices = counts(*ROWS)
    pcns = GEO.roll_up(practices, to="pcn", as_at="period_end")
    stacked = pd.concat(
        [
            phm.estimate(practices, measures=[card()], confidence=0.998),
            phm.estimate(pcns, measures=[card()], confidence=0.95),
        ],
        ignore_index=True,
    )
    found = phm.compare(stacked, to="icb", geo=GEO, measures=[card()])
    assert one(found, A)["comparator_numerator"] == 70
    assert one(found, "U1")["comparator_numerator"] == 20


def test_rows_stay_in_the_order_given():
    estimates = phm.estimate(counts(*ROWS), measures=[card()]).iloc[::-1]
    found = phm.compare(estimates, to="icb", geo=GEO, measures=[card()])
    assert found["org_code"].tolist() == estimates["org_code"].tolist()


def test_a_parent_needs_a_geography():
    with pytest.raises(OptionError, match="to='icb' needs geo="):
        compared(*ROWS, geo=None)


def test_a_level_the_geography_does_not_hold_is_refused():
    with pytest.raises(GeographyError, match="from practice to place"):
        compared(*ROWS, to="place")


def test_a_measure_without_a_card_is_refused():
    estimates = phm.estimate(counts(*ROWS), measures=[card()])
    with pytest.raises(MeasureNotFoundError, match=r"copd\.review"):
        phm.compare(estimates, to="icb", geo=GEO, measures=[card(id="copd.flu")])


def test_a_plain_count_is_not_compared_with_a_larger_organisations():
    visits = card(id="copd.visits", kind="count", polarity="neither")
    rows = [row(code, 12, None, measure=visits.id) for code in (A, B, C)]
    assert set(compared(*rows, measures=[visits])["verdict"]) == {"not compared"}
