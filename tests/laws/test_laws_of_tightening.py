"""Laws of tightening: the truth stays inside, no range widens, and a second pass is in vain."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.planted import geography, rows_of

import phm_diabetes as phm
from phm_diabetes.testing.strategies import exactly, groupings, planted_counts, starred, to_fives

few = settings(max_examples=10)
PARTS = ("numerator", "denominator")


@st.composite
def audited(draw):
    """Draw counts, their geography, and the totals published above them by some rule."""
    planted = draw(planted_counts())
    groups = draw(groupings(planted.codes))
    groups |= {code: "U99001" for code in planted.codes if groups.get(code) is None}
    geo = geography({code: {"pcn": group} for code, group in groups.items()})
    true = geo.roll_up(planted.truth, to="pcn", as_at="period_end")
    rule = st.sampled_from([exactly, to_fives, starred])
    rows = []
    for about in true.to_dict("records"):
        kept = ("dataset", "measure", "definition", "org_level", "org_code")
        row = {name: about[name] for name in (*kept, "period_start", "period_end")}
        for part in PARTS:
            shown = draw(rule)(int(about[part]))
            row |= {part: shown.value, f"{part}_low": shown.low, f"{part}_high": shown.high}
        rows.append(row)
    return planted, geo, phm.counts_from(rows), true


def tightened(table, geo, totals):
    return phm.tighten(table, totals=totals, geo=geo, as_at="period_end")


@few
@given(audited())
def test_the_truth_that_was_hidden_stays_inside_and_no_range_widens(drawn):
    planted, geo, totals, true = drawn
    found = tightened(planted.table, geo, totals)
    assert (found.totals["reason"] == "").all()
    loose = geo.roll_up(planted.table, to="pcn", as_at="period_end")
    for new, old, truth in (
        (found.table, planted.table, planted.truth),
        (found.sums, loose, true),
    ):
        for part in PARTS:
            low, high = new[f"{part}_low"], new[f"{part}_high"]
            assert (old[f"{part}_low"] <= low).all()
            assert (low <= truth[part]).all()
            assert (truth[part] <= high).all()
            assert (high <= old[f"{part}_high"]).all()
            assert new[part].between(low, high)[new[part].notna()].all()
            assert (new[f"{part}_variance"] <= old[f"{part}_variance"] + 1e-9).all()


@few
@given(audited())
def test_a_second_pass_changes_nothing(drawn):
    planted, geo, totals, _ = drawn
    once = tightened(planted.table, geo, totals)
    twice = tightened(once.table, geo, totals)
    assert rows_of(twice.table) == rows_of(once.table)
    assert rows_of(twice.sums) == rows_of(once.sums)


@few
@given(audited(), st.data())
def test_a_total_whose_members_are_not_all_there_narrows_nothing(drawn, data):
    planted, geo, totals, _ = drawn
    assume(len(planted.table) > 1)
    absent = data.draw(st.sampled_from(planted.codes))
    rest = planted.table[planted.table["org_code"] != absent]
    found = tightened(rest, geo, totals).totals
    parents = geo.placements(planted.table, to="pcn", as_at="period_end")
    code = parents.set_index("org_code").loc[absent, "parent_code"]
    own = found[found["org_code"] == code]
    assert (own["reason"] != "").all()
    assert not own["narrowed"].any()
