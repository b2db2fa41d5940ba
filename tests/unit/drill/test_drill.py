"""Drill: who lies beyond at both gates, whom the gate hides, and who has no gate."""

from __future__ import annotations

from collections import Counter
from operator import methodcaller
from typing import Any

import pandas as pd
import pytest
from tests.planted import card, counts, geography, hidden, memberships, row

import phm_diabetes as phm
from phm_diabetes.errors import (
    DefinitionMismatchError,
    DoubleCountError,
    GeographyError,
    MeasureNotFoundError,
    OptionError,
)

CARD, FLU = card(), card(id="copd.flu")
LOW, BAD, GOOD, MASKED, FINE, ALONE, LOST = (f"Y9900{number}" for number in range(1, 8))
PARENTS = {
    LOW: {"pcn": "U1", "icb": "Q1", "place": "p1"},
    BAD: {"pcn": "U1", "icb": "Q1", "place": "p1"},
    GOOD: {"pcn": "U2", "icb": "Q1", "place": "p1"},
    MASKED: {"pcn": "U2", "icb": "Q1", "place": "p2"},
    FINE: {"pcn": "U2", "icb": "Q2", "place": "p2"},
    ALONE: {"pcn": None, "icb": "Q2", "place": "p2"},
}
GEO = geography(PARENTS)
SHARES = {LOW: 200, BAD: 250, GOOD: 900, MASKED: 300, FINE: 950, ALONE: 100, LOST: 120}
ROWS = [row(code, numerator, 1000) for code, numerator in SHARES.items()]
ENGLAND = row("E92000001", 5000, 10_000, org_level="england")


def drilled(*rows, **options):
    chosen: dict[str, Any] = {
        "geo": GEO,
        "measures": [CARD],
        "rule": "all",
        "below": "interval(0.95)",
        "england": "sum_of_practices",
    } | options
    if "above" in chosen:
        chosen.pop("below")
    return phm.drill(counts(*(rows or ROWS)), **chosen)


def test_practices_beyond_in_pcns_beyond_are_found_with_their_path():
    found = drilled()
    assert found.reading.parents == ("U1",)
    assert found.reading.found == (LOW, BAD)
    assert found.table["via_code"].tolist() == ["U1", "U1"]
    assert found.gate["org_code"].tolist() == ["U1"]


def test_an_outlier_in_a_good_pcn_is_listed_as_hidden_by_the_gate():
    found = drilled()
    assert found.reading.hidden == (MASKED,)
    assert found.hidden["org_code"].tolist() == [MASKED]


def test_practices_without_a_pcn_are_listed_as_not_gated_and_never_found():
    found = drilled()
    assert found.reading.not_gated == (ALONE, LOST)
    assert found.reading.not_gated_beyond == (ALONE, LOST)
    assert set(found.not_gated["org_code"]) == {ALONE, LOST}
    assert not {ALONE, LOST} & set(found.reading.found)


def test_every_practice_beyond_is_in_exactly_one_list():
    found = drilled()
    lists = Counter([*found.reading.found, *found.reading.hidden, *found.reading.not_gated_beyond])
    assert lists == Counter([LOW, BAD, MASKED, ALONE, LOST])


def test_above_finds_the_other_side():
    found = drilled(above="interval(0.95)")
    assert (found.reading.parents, found.reading.found) == (("U2",), (GOOD, FINE))
    assert found.side == "above"


def test_how_far_counts_as_below_has_no_default():
    with pytest.raises(OptionError, match="Whom a drill finds depends on it"):
        drilled(below=None)


def test_below_and_above_together_are_refused():
    with pytest.raises(OptionError, match="exactly one"):
        phm.drill(
            counts(*ROWS),
            geo=GEO,
            measures=[CARD],
            rule="all",
            below="point",
            above="point",
            england="sum_of_practices",
        )


@pytest.mark.parametrize("word", ["", "points", "0.95", "interval", "interval(95)", "interval(1)"])
def test_another_word_for_how_far_is_refused(word):
    with pytest.raises(OptionError, match=r"'point', 'interval\(0\.95\)'"):
        drilled(below=word)


def test_each_gate_may_have_its_own_rule():
    close = [row(LOW, 460, 1000), row(BAD, 485, 1000), *ROWS[2:]]
    strict = drilled(*close, below={"pcn": "point", "practice": "interval(0.998)"})
    loose = drilled(*close, below="point")
    assert strict.gates == {"pcn": "point", "practice": "interval(0.998)"}
    assert set(strict.reading.found) <= set(loose.reading.found)


@pytest.mark.parametrize(
    "gates",
    [
        {"pcn": "point"},
        {"practice": "point"},
        {"pcn": "point", "practice": "point", "icb": "point"},
    ],
)
def test_every_gate_and_no_other_must_have_a_rule(gates):
    with pytest.raises(OptionError, match="for pcn and practice, and nothing else"):
        drilled(below=gates)


def test_counts_at_both_gates_are_printed_by_every_way_of_reading():
    said = str(drilled()).splitlines()
    assert said[0] == (
        "1 PCN, and in it 2 practices, below England on copd.review "
        "(PCN by interval(0.95), practice by interval(0.95))."
    )
    assert said[1] == "  Both gates by point: 1 PCN, and in it 2 practices."
    assert said[2].startswith("  Both gates by interval(0.95): 1 PCN")
    assert said[3].startswith("  Both gates by interval(0.998): 1 PCN")
    assert said[4] == "  Hidden by the gate: 1 practice below, in PCNs that are not."
    assert said[5] == "  Not gated, for want of a PCN: 2 practices, 2 of them below."
    assert said[-2] == "  England is the sum of 7 practices in the table."
    assert said[-1] == "  Coverage: 5 of 5 practices known in a PCN have a figure."
    assert repr(drilled()) == f"<Drill: {said[0]}>"


def test_a_notebook_shows_the_same_words_without_markup_of_the_data():
    named = GEO.with_groups("network", {"<b>": [LOW], "n2": [GOOD]})
    shown = methodcaller("_repr_html_")(drilled(geo=named, via="network"))  # as a notebook does
    assert "<b>" not in shown


def test_several_measures_need_all_any_or_a_number():
    flu = [each | {"measure": FLU.id} for each in ROWS]
    flu[1] = row(BAD, 600, 1000, measure=FLU.id)
    both = [*ROWS, *flu]
    measures = [CARD, FLU]
    assert drilled(*both, measures=measures, rule="all").reading.found == (LOW,)
    assert drilled(*both, measures=measures, rule="any").reading.found == (LOW, BAD)
    assert drilled(*both, measures=measures, rule=2).reading.found == (LOW,)
    assert drilled(*both, measures=measures, rule=1).reading.found == (LOW, BAD)


@pytest.mark.parametrize("rule", ["some", 0, 2, True, 1.5, None])
def test_another_rule_is_refused(rule):
    with pytest.raises(OptionError, match="'all', 'any' or a number from 1 to 1"):
        drilled(rule=rule)


def test_a_measure_named_twice_counts_once():
    assert drilled(measures=[CARD, CARD], rule="all").reading.found == (LOW, BAD)


@pytest.mark.parametrize("measures", ["copd.review", CARD, []])
def test_measures_are_a_list(measures):
    with pytest.raises(OptionError, match="takes a list"):
        drilled(measures=measures)


def test_a_measure_that_is_not_installed_suggests_the_nearest():
    with pytest.raises(MeasureNotFoundError, match=r"Did you mean 'copd\.register'"):
        drilled(measures=["copd.registre"])


def test_a_measure_that_is_not_in_the_counts_is_named():
    with pytest.raises(MeasureNotFoundError, match=r"no rows of copd\.flu"):
        drilled(measures=[CARD, FLU])


def test_within_narrows_the_practices_and_not_the_comparator():
    whole, part = drilled(), drilled(within={"place": "p1"})
    assert part.reading.found == (LOW, BAD)
    assert part.reading.hidden == ()
    assert part.reading.not_gated == ()
    assert part.reading.parents == ("U1",)
    assert part.table["comparator_value"].tolist() == whole.table["comparator_value"].tolist()
    assert "within place p1" in str(part)


def test_within_an_organisation_without_practices_is_refused():
    with pytest.raises(OptionError, match="place 'p9', in which the table has no practice"):
        drilled(within={"place": "p9"})


def test_a_published_england_is_used_without_asking_for_a_sum():
    found = drilled(*ROWS, ENGLAND, england=None)
    assert set(found.table["comparator_basis"]) == {"published"}
    assert found.table["comparator_value"].unique().tolist() == [0.5]


def test_england_is_not_rebuilt_without_asking():
    with pytest.raises(OptionError, match="sum_of_practices"):
        drilled(england=None)


def test_a_drill_may_compare_with_the_icb():
    found = drilled(to="icb")
    assert found.table["comparator"].unique().tolist() == ["icb"]
    assert "below ICB on" in str(found)


def test_a_gate_cannot_be_its_own_comparator():
    with pytest.raises(OptionError, match="pcn"):
        drilled(to="pcn")


def test_two_periods_are_refused():
    earlier = {"period_start": "2021-04-01", "period_end": "2022-03-31"}
    with pytest.raises(DoubleCountError, match="several periods"):
        drilled(*ROWS, *(each | earlier for each in ROWS))


def test_one_measure_from_two_datasets_is_never_two_measures():
    flu = [row(code, 900, 1000, measure=FLU.id) for code in SHARES]
    again = [each | {"dataset": "another"} for each in ROWS]
    with pytest.raises(DoubleCountError, match=r"copd\.review.*dataset"):
        drilled(*ROWS, *again, *flu, measures=[CARD, FLU], rule="all")


def test_two_definitions_of_a_measure_are_refused():
    other = [each | {"definition": "planted:2"} for each in ROWS[:3]]
    with pytest.raises(DefinitionMismatchError, match=r"planted:1.*planted:2"):
        drilled(*other, *ROWS[3:])


def test_counts_of_another_level_are_refused():
    pcns = GEO.roll_up(counts(*ROWS), to="pcn", as_at="period_end")
    with pytest.raises(DoubleCountError, match="levels"):
        phm.drill(
            pd.concat([counts(*ROWS), pcns]),
            geo=GEO,
            measures=[CARD],
            rule="all",
            below="point",
            england="sum_of_practices",
        )
    with pytest.raises(OptionError, match="practices"):
        phm.drill(
            pcns, geo=GEO, measures=[CARD], rule="all", below="point", england="sum_of_practices"
        )


def test_a_practice_in_two_groups_is_found_through_either():
    geo = geography(PARENTS).with_groups("network", {"n1": [GOOD, FINE, LOW], "n2": [LOW, BAD]})
    for names in ({}, {"n1": "zz", "n2": "aa"}):
        groups = {"n1": [GOOD, FINE, LOW], "n2": [LOW, BAD]}
        geo = geography(PARENTS).with_groups(
            "network", {names.get(name, name): own for name, own in groups.items()}
        )
        found = drilled(geo=geo, via="network")
        assert found.reading.found == (LOW, BAD)
        assert found.reading.hidden == ()


def test_practices_without_a_figure_are_said_to_be_undecided():
    found = drilled(hidden(LOW, 1, 7, 1000), *ROWS[1:], *[ENGLAND], england=None)
    assert found.reading.undecided == (LOW,)
    assert found.reading.parents_undecided == ("U1",)
    assert "Cannot be called, for want of a figure: 1 PCN and 1 practice." in str(found)
    assert "No figure" not in str(drilled())


def test_memberships_are_those_of_the_day_asked_for():
    geo = geography(
        memberships({LOW: {"pcn": "U2"}}, end="2022-09-30"),
        memberships({LOW: {"pcn": "U1"}}, start="2022-10-01", end=None),
        {code: own for code, own in PARENTS.items() if code != LOW},
    )
    assert LOW in drilled(geo=geo).reading.found
    assert LOW in drilled(geo=geo, as_at="2022-09-30").reading.hidden


def test_the_wrong_years_geography_is_refused():
    geo = geography(memberships(PARENTS, start="2018-04-01", end="2019-03-31"))
    with pytest.raises(GeographyError, match="2018-04-01 to 2019-03-31"):
        drilled(geo=geo)


def test_findings_are_sentences_that_carry_their_doubt():
    first = drilled().findings[0]
    assert str(first) == (
        f"{LOW}: copd.review 20.0% (17.6% to 22.6%), worse than England 40.3%; "
        "holds under rounding."
    )
    assert [str(each) for each in first.path] == ["U1"]
    assert first.caveats == ("England is the sum of 7 practices in the table.",)


def test_nobody_beyond_is_said_plainly():
    same = [row(code, 500, 1000) for code in SHARES]
    found = drilled(*same)
    assert str(found).startswith("0 PCNs, and in them 0 practices, below England")
    assert found.table.empty
    assert found.findings == ()
