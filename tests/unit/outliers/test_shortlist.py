"""Recurrent and shortlist: who recurs and why, in a stated order that no row order changes."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import pytest
from tests.planted import card, counts, geography, hidden, row

import phm_diabetes as phm
from phm_diabetes.errors import NotForShortlistError, OptionError
from phm_diabetes.outliers import PercentileBand, persistent

CODES = [f"Y99{number:03}" for number in range(1, 13)]
GEO = geography({code: {"pcn": "U1" if spot < 6 else "U2"} for spot, code in enumerate(CODES)})
CARE, TARGETS, USE = (card(id=f"copd.{name}") for name in ("care", "targets", "use"))
EVERYONE = (CARE, TARGETS, USE)


def table(low, measure, *, others=800, reverse=False, **cells):
    """Return 12 practices of 1,000 people, of whom those named have 200 or what they are given."""
    shares = dict.fromkeys(CODES, others) | (
        low if isinstance(low, dict) else dict.fromkeys(low, 200)
    )
    rows = [row(code, count, 1000, measure=measure.id, **cells) for code, count in shares.items()]
    return counts(*(rows[::-1] if reverse else rows))


def drilled(low, measure=CARE, **options):
    chosen = {"below": "interval(0.95)", "england": "sum_of_practices", "rule": "all", "geo": GEO}
    reverse = options.pop("reverse", False)
    chosen |= options
    if "above" in chosen:
        chosen.pop("below")
    return phm.drill(table(low, measure, reverse=reverse), measures=[measure], **chosen)


@cache
def drilled_domains(reverse):
    """Return three drills, which nothing changes once they are made."""
    return (
        ("care", drilled(CODES[:4], reverse=reverse)),
        ("targets", drilled(CODES[1:5], TARGETS, reverse=reverse)),
        ("use", drilled(CODES[2:3], USE, below="point", reverse=reverse)),
    )


def domains(*, reverse=False):
    return dict(drilled_domains(reverse))


def test_practices_found_in_enough_domains_recur_with_the_reason_in_each():
    found = phm.recurrent(domains(), at_least=2)
    assert found.codes == tuple(CODES[1:4])
    assert found.table.set_index("org_code").loc[CODES[1], "care"] == "below England on copd.care"
    assert found.table.set_index("org_code").loc[CODES[1], "use"] == ""


def test_results_in_a_list_are_domains_of_their_own():
    found = phm.recurrent([drilled(CODES[:4]), drilled(CODES[1:5], TARGETS)], at_least=2)
    assert [own.domain for own in found.selections] == ["copd.care", "copd.targets"]


def test_two_results_of_one_domain_count_once():
    pair = [drilled(CODES[:4]), drilled(CODES[:4], TARGETS)]
    assert phm.recurrent({"care": pair, "use": drilled([], USE)}, at_least=2).codes == ()
    assert phm.recurrent({"care": pair}, at_least=1).measures_of(CODES[0]) == 2


def test_the_order_is_most_domains_first():
    short = phm.recurrent(domains(), at_least=1).shortlist(3)
    assert dict(short.places) == {CODES[2]: 1, CODES[1]: 2, CODES[3]: 2}
    assert "Order: most domains first" in str(short)


def test_all_that_tie_at_the_edge_are_listed_and_it_says_so():
    short = phm.recurrent(domains(), at_least=1).shortlist(2)
    assert short.codes == (CODES[2], CODES[1], CODES[3])
    assert short.tied == (CODES[1], CODES[3])
    assert "2 tie at the edge of 2 and are all listed" in str(short)


def test_the_order_of_rows_and_of_results_changes_nothing():
    forth = phm.recurrent(domains(), at_least=1).shortlist(2)
    back = phm.recurrent(dict(reversed(domains(reverse=True).items())), at_least=1).shortlist(2)
    assert (forth.codes, forth.tied) == (back.codes, back.tied)


def test_changes_by_hand_keep_their_reason_in_the_audit_trail():
    short = phm.recurrent(domains(), at_least=2).shortlist(
        3, add={CODES[9]: "asked for help"}, remove={CODES[2]: "visited in May"}
    )
    assert short.codes == (CODES[1], CODES[3], CODES[9])
    assert short.audit == (
        f"{CODES[9]} added: asked for help",
        f"{CODES[2]} removed: visited in May",
    )
    assert all(line in str(short) for line in short.audit)


def test_who_is_removed_takes_no_place():
    assert phm.recurrent(domains(), at_least=1).shortlist(1, remove={CODES[2]: "closed"}).tied == (
        CODES[1],
        CODES[3],
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"add": {CODES[9]: " "}}, "needs a reason"),
        ({"remove": {CODES[9]: "closed"}}, "not among those found"),
        ({"add": {"Y00000": "a wish"}}, "was not looked at"),
        ({"add": {CODES[2]: "a"}, "remove": {CODES[2]: "b"}}, "both added and removed"),
    ],
)
def test_changes_that_say_nothing_are_refused(changes, words):
    with pytest.raises(OptionError, match=words):
        phm.recurrent(domains(), at_least=1).shortlist(3, **changes)


@pytest.mark.parametrize("size", [0, True, 2.5])
def test_a_size_that_is_no_number_is_refused(size):
    with pytest.raises(OptionError, match="takes how many"):
        phm.recurrent(domains(), at_least=1).shortlist(size)


def test_a_measure_that_may_only_be_shown_never_selects():
    shown = card(id="copd.spend", feeds_shortlist=False)
    with pytest.raises(NotForShortlistError, match=r"copd\.spend"):
        phm.recurrent({"spend": drilled(CODES[:4], shown)}, at_least=1)
    flags = PercentileBand(measures=[shown])(phm.estimate(table([], shown), measures=[shown]))
    with pytest.raises(NotForShortlistError, match=r"copd\.spend"):
        phm.recurrent({"spend": flags}, at_least=1, measures=[shown])


def test_a_drill_on_the_other_side_is_refused():
    with pytest.raises(OptionError, match="Turn the drill round"):
        phm.recurrent({"care": drilled({CODES[0]: 990}, above="point")}, at_least=1)


def test_whom_to_learn_from_is_found_the_same_way():
    best = {
        "care": drilled(dict.fromkeys(CODES[:2], 980), above="interval(0.95)"),
        "targets": drilled(dict.fromkeys(CODES[:3], 980), TARGETS, above="interval(0.95)"),
    }
    short = phm.recurrent(best, at_least=2, standing="better").shortlist(2)
    assert short.codes == tuple(CODES[:2])
    assert "whom to learn from" in str(short)


def flags_over_time(shares_by_year):
    rows = []
    for year, shares in enumerate(shares_by_year, start=2019):
        period = {"period_start": f"{year}-04-01", "period_end": f"{year + 1}-03-31"}
        own = {code: 500 + 2 * spot for spot, code in enumerate(CODES)} | shares
        rows += [row(code, count, 1000, measure=CARE.id, **period) for code, count in own.items()]
    estimates = phm.estimate(counts(*rows), measures=[CARE])
    return persistent(PercentileBand(share=0.5, measures=[CARE]), periods=3, measures=[CARE])(
        estimates
    )


def test_a_sustained_best_quarter_is_listed_and_a_spike_is_not():
    sustained, spike = CODES[0], CODES[1]
    flags = flags_over_time([{sustained: 900}, {sustained: 910}, {sustained: 905, spike: 950}])
    found = phm.recurrent({"care": flags}, at_least=1, standing="better", measures=[CARE])
    assert sustained in found.codes
    assert spike not in found.codes


def test_flags_of_the_other_side_are_not_taken():
    flags = flags_over_time([{CODES[0]: 900}] * 3)
    found = phm.recurrent({"care": flags}, at_least=1, measures=[CARE])
    assert CODES[0] not in found.codes


def test_a_practice_that_only_a_hidden_count_keeps_out_is_counted():
    rows = [row(code, 800, 1000, measure=CARE.id) for code in CODES[:-1]]
    rows.append(hidden(CODES[-1], 1, 900, 1000, measure=CARE.id))
    drill = phm.drill(
        counts(*rows),
        geo=GEO,
        measures=[CARE],
        rule="all",
        below="point",
        to="england",
        england="sum_of_practices",
    )
    found = phm.recurrent({"care": drill}, at_least=1)
    assert CODES[-1] in found.could_be
    assert "Could be in" in str(found)


def test_rounding_stands_beside_each_practice():
    short = phm.recurrent(domains(), at_least=2).shortlist(3)
    assert set(short.table["rounding"]) == {"holds"}
    assert str(short).count("rounding: holds") == 3


def test_explain_gives_the_place_the_reasons_and_the_working():
    said = phm.recurrent(domains(), at_least=2).shortlist(3).explain(CODES[2])
    assert said.startswith("Place 1")
    assert "care: below England on copd.care" in said
    assert "definition: planted:1" in said


@pytest.mark.parametrize("count", [0, 4, True])
def test_more_domains_than_there_are_cannot_be_asked_for(count):
    with pytest.raises(OptionError, match="there are 3 domains"):
        phm.recurrent(domains(), at_least=count)


def test_what_is_no_result_is_refused():
    with pytest.raises(OptionError, match="neither a drill"):
        phm.recurrent({"care": table([], CARE)}, at_least=1)


@pytest.mark.long
@pytest.mark.slow
def test_the_verbs_run_on_another_disease_without_a_diabetes_module():
    program = """
import sys
sys.path.insert(0, ".")
from tests.unit.outliers import test_shortlist as own
import phm_diabetes as phm
phm.recurrent(own.domains(), at_least=2).shortlist(3)
own_counts = own.table(own.CODES[:4], own.CARE)
phm.reconcile(own_counts, own_counts, measure=own.CARE, geo=own.GEO)
phm.pathway(own.counts(*[own.row("Y99001", n, 1000, measure=c.id) for n, c in
    zip((9, 5, 3), own.EVERYONE)]), measures=[c.id for c in own.EVERYONE], cards=own.EVERYONE)
print(*[name for name in sys.modules if name.startswith("phm_diabetes.disease_areas.")])
"""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, encoding="utf-8"
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == []
