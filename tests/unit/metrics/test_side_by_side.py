"""A chain of care is set side by side, and claims nothing of cause."""

from __future__ import annotations

import pandas as pd
import pytest

import phm_diabetes as phm
from phm_diabetes.disease_areas.diabetes import AREA
from phm_diabetes.errors import DoubleCountError, MeasureNotFoundError, OptionError
from phm_diabetes.metrics.beside import MISSING_LINK

CHECK, SPELLS, MAJOR = "dm.cp.foot", "dm.foot.spells", "dm.foot.major_amputations"
ROW = {
    "dataset": "planted", "definition": "d", "org_level": "pcn", "period_start": "2020-04-01",
    "period_end": "2023-03-31", "denominator": 4_000,
}  # fmt: skip


def figures(measure, numbers, **changes):
    rows = [
        {**ROW, "measure": measure, "org_code": code, "numerator": n, "numerator_ss": n, **changes}
        for code, n in numbers.items()
    ]
    return phm.estimate(phm.counts_from(rows))


@pytest.fixture
def chain():
    tables = [
        figures(CHECK, {"U99901": 3_000, "U99902": 2_000, "U99903": 3_500}),
        figures(SPELLS, {"U99901": 60, "U99902": 80}),
        figures(MAJOR, {"U99901": 12, "U99902": 4}),
    ]
    return phm.side_by_side(tables, measures=[CHECK, SPELLS, MAJOR])


def test_every_caption_says_that_it_does_not_show_cause(chain):
    assert "does not show cause" in chain.caption
    assert str(chain).startswith(chain.caption)
    assert "does not show cause" in chain._repr_html_()
    assert "2020-04-01 to 2023-03-31" in chain.caption


def test_a_missing_link_is_missing_and_not_nought(chain):
    third = chain.table[chain.table["org_code"] == "U99903"].set_index("link")
    assert third.loc[2, ["numerator", "value"]].isna().all()
    assert third.loc[2, "reason"] == MISSING_LINK
    assert str(chain).count(MISSING_LINK) == 2
    assert len(chain.table) == 9


def test_too_few_amputations_are_missing_with_the_reason(chain):
    row = chain.table[(chain.table["org_code"] == "U99902") & (chain.table["link"] == 3)].iloc[0]
    assert pd.isna(row["value"])
    assert "missing: fewer than 10 events" in str(chain)


def test_figures_are_shown_in_the_scale_of_their_cards(chain):
    text = str(chain)
    assert "75.0% (73.6" in text
    assert "30.0 per 10,000 (" in text


def test_the_caveats_of_every_card_ride_along(chain):
    assert set(AREA[MAJOR].caveats) <= set(chain.caveats)
    assert all(said in str(chain) for said in chain.caveats)


def test_remainders_of_a_roll_up_are_no_organisation():
    table = figures(SPELLS, {"U99901": 60, "unallocated": 50})
    other = figures(MAJOR, {"U99901": 12})
    found = phm.side_by_side([table, other], measures=[SPELLS, MAJOR])
    assert set(found.table["org_code"]) == {"U99901"}


def test_what_cannot_stand_side_by_side_is_refused():
    one, other = figures(SPELLS, {"U99901": 60}), figures(MAJOR, {"U99901": 12})
    for measures in ([SPELLS], [SPELLS, SPELLS], SPELLS):
        with pytest.raises(OptionError, match="two ids or more"):
            phm.side_by_side([one, other], measures=measures)
    with pytest.raises(MeasureNotFoundError, match="at PCN level"):
        phm.side_by_side([one], measures=[SPELLS, MAJOR])
    later = figures(SPELLS, {"U99901": 50}, period_start="2023-04-01", period_end="2024-03-31")
    with pytest.raises(DoubleCountError, match="two figures of one link"):
        phm.side_by_side([one, later, other], measures=[SPELLS, MAJOR])
    twice = phm.estimate(
        phm.counts_from([{**ROW, "measure": MAJOR, "org_code": "U99901", "numerator": 12}]),
        confidence=0.998,
    )
    with pytest.raises(OptionError, match="several confidences"):
        phm.side_by_side([one, twice], measures=[SPELLS, MAJOR])


def test_beyond_ten_organisations_the_text_says_how_many_more():
    codes = {f"U9{n:04}": 60 for n in range(12)}
    found = phm.side_by_side(
        [figures(SPELLS, codes), figures(MAJOR, codes)], measures=[SPELLS, MAJOR]
    )
    assert "... and 2 more: read .table." in str(found)
    assert repr(found) == f"<SideBySide: {SPELLS}, {MAJOR}>"
