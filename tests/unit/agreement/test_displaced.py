"""Displaced: figures that do not represent their Place are compared only for a stated reason."""

from __future__ import annotations

from datetime import date

import pytest
from tests.planted import card, counts, geography, row

import phm_diabetes as phm
from phm_diabetes.errors import NotRepresentativeError, OptionError
from phm_diabetes.model.displaced import Displaced
from phm_diabetes.quality.covering import fallen_coverage

INSIDE = ["Y99001", "Y99002"]
OUTSIDE = ["Y99003", "Y99004"]
GEO = geography(
    {code: {"place": "here", "pcn": "U1", "icb": "Q1"} for code in INSIDE},
    {code: {"place": "there", "pcn": "U2", "icb": "Q1"} for code in OUTSIDE},
)
STAMP = Displaced(place="here", dataset="planted", scheme="the local scheme")
STAMPED = GEO.with_displaced(STAMP)


def compared(geo=STAMPED, codes=(*INSIDE, *OUTSIDE), measure="copd.review", **options):
    table = counts(*(row(code, 60, 100, measure=measure) for code in codes))
    own = card(id=measure)
    return phm.compare(
        phm.estimate(table, measures=[own]),
        to=[OUTSIDE[0]],
        geo=geo,
        measures=[own],
        **options,
    )


def test_comparing_a_displaced_place_is_refused_with_the_way_on():
    with pytest.raises(NotRepresentativeError, match="allow_displaced='reason'"):
        compared()


def test_an_allowed_comparison_prints_its_reason_on_each_row_of_the_place_alone():
    found = compared(allow_displaced="to show how far").set_index("org_code")
    for code in INSIDE:
        assert "Not representative" in found.loc[code, "caveat"]
        assert "Compared all the same: to show how far." in found.loc[code, "caveat"]
    assert not any("Not representative" in found.loc[code, "caveat"] for code in OUTSIDE)


def test_a_pcn_of_the_place_bears_its_stamp():
    table = counts(*(row(code, 60, 100) for code in (*INSIDE, *OUTSIDE)))
    pcns = phm.estimate(GEO.roll_up(table, to="pcn", as_at="period_end"), measures=[card()])
    with pytest.raises(NotRepresentativeError, match="1 rows"):
        phm.compare(pcns, to=["U2"], geo=STAMPED, measures=[card()])


def test_registers_and_other_places_stay_usable():
    assert len(compared(measure="copd.register")) == 4
    assert len(compared(codes=OUTSIDE)) == 2


def test_a_blank_reason_is_refused():
    with pytest.raises(OptionError, match="it is blank"):
        compared(allow_displaced=" ")


def test_a_drill_passes_the_reason_on():
    table = counts(*(row(code, 60, 100) for code in (*INSIDE, *OUTSIDE)))
    options = {
        "geo": STAMPED,
        "measures": [card()],
        "rule": "all",
        "below": "point",
        "england": "sum_of_practices",
    }
    with pytest.raises(NotRepresentativeError):
        phm.drill(table, **options)
    assert "Compared all the same: a trial." in str(
        phm.drill(table, allow_displaced="a trial", **options)
    )


def test_dudley_carries_its_stamp_from_the_year_its_scheme_began():
    (stamp,) = phm.DUDLEY.displaced
    assert stamp.concerns("dm.bp", "QOF", date(2017, 3, 31))
    assert not stamp.concerns("dm.bp", "QOF", date(2016, 3, 31))
    assert not stamp.concerns("dm.register", "QOF", date(2017, 3, 31))
    assert not stamp.concerns("dm.bp", "NDA", date(2017, 3, 31))


def test_a_reconciled_displacement_gives_the_stamp_that_compare_obeys():
    national = counts(*(row(code, 20, 100) for code in INSIDE))
    local = counts(*(row(code, 80, 100, dataset="scheme") for code in INSIDE))
    found = phm.reconcile(
        national,
        local,
        measure="copd.review",
        geo=GEO,
        within={"place": "here"},
        local_scheme="scheme",
    )
    assert found.stamp is not None
    assert "Not representative" in str(found)
    with pytest.raises(NotRepresentativeError):
        compared(geo=GEO.with_displaced(found.stamp))


def test_sources_that_agree_give_no_stamp():
    same = counts(*(row(code, 80, 100) for code in INSIDE))
    found = phm.reconcile(same, same, measure="copd.review", geo=GEO, within={"place": "here"})
    assert found.stamp is None


def years(*present):
    """Return three years of as many practices as are said, of 46 in one Place."""
    rows = []
    for year, count in enumerate(present, start=2015):
        period = {"period_start": f"{year}-04-01", "period_end": f"{year + 1}-03-31"}
        rows += [row(f"Y99{spot:03}", 6, 10, **period) for spot in range(count)]
    everyone = {f"Y99{spot:03}": {"place": "here"} for spot in range(46)}
    return counts(*rows), geography(everyone), "2022-06-01"


def test_the_public_fall_of_46_to_7_practices_is_called_out_and_the_return_is_not():
    table, geo, day = years(46, 7, 43)
    found = phm.coverage(table, geo=geo, to="place", as_at=day)
    assert found["present"].tolist() == [46, 7, 43]
    assert found["fell"].astype(object).where(found["fell"].notna(), None).tolist() == [
        None,
        True,
        False,
    ]
    told = fallen_coverage(table, geo=geo, to="place", as_at=day)
    assert told["severity"].tolist() == ["warning"]
    assert "7 of 46 practices" in told["message"].iloc[0]


def test_a_steady_coverage_is_not_called_out():
    table, geo, day = years(46, 44, 45)
    assert len(fallen_coverage(table, geo=geo, to="place", as_at=day)) == 0
