"""Pathway: where people are lost, and which process breaks the bundle."""

from __future__ import annotations

import pytest
from tests.planted import card, counts, hidden, row, to_fives

import phm_diabetes as phm
from phm_diabetes.errors import MeasureNotFoundError, OptionError, UnlikeError

STEPS = ["copd.offered", "copd.attended", "copd.completed"]
PARTS = ["copd.acr", "copd.foot", "copd.smoking"]
CARDS = [card(id=name, name=name.partition(".")[2]) for name in (*STEPS, *PARTS)]
OFFERED, ATTENDED, COMPLETED = STEPS


def steps(*numerators, code="Y99001", size=1000):
    return [
        row(code, count, size, measure=name) for name, count in zip(STEPS, numerators, strict=True)
    ]


def bundle(*numerators, code="Y99001", size=1000):
    return [
        row(code, count, size, measure=name) for name, count in zip(PARTS, numerators, strict=True)
    ]


def followed(*rows, **options):
    return phm.pathway(counts(*rows), **({"measures": STEPS, "cards": CARDS} | options))


def test_people_lost_at_each_step_are_counted_in_order():
    found = followed(*steps(800, 500, 450))
    assert found.table["lost"].tolist()[1:] == [300, 50]
    assert "Most are lost at: attended." in str(found)


def test_the_lowest_process_is_named_as_the_one_that_breaks_the_bundle():
    found = followed(*steps(800, 500, 450), *bundle(600, 800, 950), bundle=PARTS)
    assert found.breaks("Y99001") == ("copd.acr",)
    assert "The bundle breaks first at acr." in str(found)


def test_processes_that_tie_are_both_named():
    found = followed(*steps(800, 500, 450), *bundle(600, 600, 950), bundle=PARTS)
    assert found.breaks("Y99001") == ("copd.acr", "copd.foot")


def test_a_process_that_rounding_could_make_the_lowest_is_named_as_well():
    rounded = [
        to_fives("Y99001", count, 100, measure=name)
        for name, count in zip(PARTS, (60, 62, 95), strict=True)
    ]
    found = followed(*steps(80, 50, 45, size=100), *rounded, bundle=PARTS)
    assert found.breaks("Y99001") == ("copd.acr", "copd.foot")


def test_a_hidden_step_leaves_a_range_of_people_lost():
    first, _, last = steps(800, 500, 450)
    found = followed(first, hidden("Y99001", 460, 600, 1000, measure=ATTENDED), last)
    lost = found.table.set_index("measure")
    assert lost["lost"].isna().all()
    assert (lost.loc[ATTENDED, "lost_low"], lost.loc[ATTENDED, "lost_high"]) == (200, 340)


def test_unlike_denominators_are_never_chained_silently():
    rows = [*steps(800, 500, 450)[:2], row("Y99001", 450, 700, measure=COMPLETED)]
    with pytest.raises(UnlikeError, match=r"copd\.attended and copd\.completed"):
        followed(*rows)
    found = followed(*rows, allow_unlike="measured only")
    assert found.table["lost"].isna().tolist() == [True, False, True]
    assert "Allowed: measured only." in str(found)


def test_a_step_with_more_people_than_the_one_before_is_refused():
    with pytest.raises(UnlikeError, match=r"More people stand at copd\.attended"):
        followed(*steps(500, 800, 450))


def test_a_missing_step_is_not_jumped_over():
    first, _, last = steps(800, 500, 450)
    found = followed(first, last, *steps(800, 500, 450, code="Y99002"))
    own = found.table[found.table["org_code"] == "Y99001"]
    assert own["lost"].isna().all()


@pytest.mark.parametrize("names", ["copd.offered", [OFFERED], [OFFERED, OFFERED]])
def test_fewer_than_two_steps_are_refused(names):
    with pytest.raises(OptionError):
        followed(*steps(800, 500, 450), measures=names)


def test_a_step_without_rows_is_refused():
    with pytest.raises(MeasureNotFoundError, match=r"copd\.acr"):
        followed(*steps(800, 500, 450), bundle=["copd.acr"])


def test_two_periods_are_refused():
    later = {"period_start": "2023-04-01", "period_end": "2024-03-31"}
    with pytest.raises(UnlikeError, match="several periods"):
        followed(*steps(800, 500, 450), *(each | later for each in steps(800, 500, 450)))


def test_explain_gives_the_steps_and_the_working():
    said = followed(*steps(800, 500, 450)).explain("Y99001")
    assert "1. offered: 80.0%" in said
    assert "definition: planted:1" in said
