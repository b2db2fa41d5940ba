"""Explain: from a figure back to its file and row, under the disclosure rule of its source."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest
from tests.planted import card, counts, geography, hidden, row, to_fives

import phm_diabetes as phm
from phm_diabetes.errors import OptionError
from phm_diabetes.extract import Extract
from phm_diabetes.model.policies import PUBLISHED, SMALL_NUMBERS, Policy
from phm_diabetes.model.provenance import Provenance

A, B = "Y99001", "Y99002"
CARD = card()
GEO = geography({A: {"pcn": "U1", "england": "E"}, B: {"pcn": "U1", "england": "E"}})
HASH = "ab" * 32
SOURCE = f"planted.reviews:{HASH[:12]}"
NO_PROBLEMS: Any = pd.DataFrame()


def extract(policy: Policy = PUBLISHED, *, file: str = "reviews.csv") -> Extract:
    origin = Provenance(
        file=file,
        sha256=HASH,
        adapter="planted.reviews",
        adapter_version="3",
        library_version="0",
        policy=policy,
    )
    return Extract(tables={}, problems=NO_PROBLEMS, provenance=origin)


def table(*shares, **cells):
    """Return counts of two practices, at rows 2 and 3 of the file."""
    shares = shares or ((20, 40), (25, 50))
    return counts(
        *(
            row(code, *share, source=SOURCE, source_row=place, **cells)
            for place, (code, share) in enumerate(zip((A, B), shares, strict=True), start=2)
        )
    )


def explained(code=A, *, policy=PUBLISHED, given=None, extracts=None, **options):
    given = table() if given is None else given
    sources = [extract(policy)] if extracts is None else extracts
    return phm.explain(given, code, extracts=sources, measures=[CARD], **options)


def compared(given):
    estimates = phm.estimate(given, measures=[CARD])
    return phm.compare(estimates, to="england", england="sum_of_practices", measures=[CARD])


def test_a_figure_is_followed_to_its_file_and_row():
    said = explained()
    assert "source: reviews.csv › row 2 (SHA-256 abababababab…, read by planted.reviews 3)" in said


def test_a_sheet_of_a_workbook_is_named():
    given = table().assign(source=pd.Categorical([f"{SOURCE}#Type 1"] * 2))
    assert "reviews.csv › 'Type 1' › row 2" in explained(given=given)


def test_definition_numerator_and_denominator_are_in_words():
    said = explained()
    assert "definition: planted:1 (planted)" in said
    assert "numerator: People reviewed; denominator: People on the register" in said


def test_the_formula_is_shown_with_its_interval_and_method():
    said = explained(given=phm.estimate(table(), measures=[CARD]))
    assert "figure: 20 / 40 = 50.00% (95% interval 35.20% to 64.80%, Wilson)" in said


def test_the_comparator_is_shown_with_counts_and_basis():
    said = explained(given=compared(table()))
    assert "comparator: England 45 / 90 = 50.00% (rolled up, 2 summed)" in said
    assert "similar; under rounding: holds" in said
    assert "caveat: England is the sum of 2 practices in the table." in said


@pytest.mark.parametrize("count", [150, 360, 397])
def test_what_would_change_the_verdict_changes_it_and_one_less_does_not(count):
    def judged(numerator):
        given = counts(
            row(A, numerator, 400, source=SOURCE),
            row("E92000001", 90_000, 100_000, org_level="england", source=SOURCE),
        )
        estimates = phm.estimate(given, measures=[CARD], confidence=0.95)
        table_of = phm.compare(estimates, to="england", measures=[CARD])
        return table_of[table_of["org_level"] == "practice"]

    now = judged(count)
    said = explained(given=now)
    ways = re.findall(r"(\w+) with (\d+) (more|fewer) in the numerator", said)
    assert len(ways) == (2 if now["verdict"].iloc[0] == "similar" else 1)
    for verdict, number, way in ways:
        step = 1 if way == "more" else -1
        assert judged(count + step * int(number))["verdict"].iloc[0] == verdict
        assert judged(count + step * (int(number) - 1))["verdict"].iloc[0] == now["verdict"].iloc[0]
    assert "would change" not in explained(given=now, policy=SMALL_NUMBERS)


def test_a_rolled_up_figure_lists_its_members_with_their_rows():
    given = table()
    pcns = GEO.roll_up(given, to="pcn", as_at="period_end")
    said = explained("U1", given=pcns, geo=GEO, counts=given)
    assert "members on 2023-03-31: 2" in said
    assert f"{A}: 20 / 40, row 2" in said
    assert "summed from reviews.csv" in said


def test_a_rounded_count_is_shown_with_what_it_can_be():
    given = counts(to_fives(A, 5, 40, source=SOURCE))
    assert "figure: 5 (between 1 and 7) / 40 (between 38 and 42)" in explained(given=given)


def test_a_suppressed_count_is_shown_as_a_range_and_a_missing_one_as_not_known():
    given = counts(hidden(A, 1, 7, 40, source=SOURCE), row(B, None, 40, source=SOURCE))
    assert "figure: between 1 and 7 / 40" in explained(given=given)
    assert "figure: not known / 40" in explained(B, given=given)


@pytest.mark.parametrize("count", range(1, 8))
def test_a_strict_policy_hides_one_to_seven(count):
    said = explained(
        given=phm.estimate(table((count, 40), (25, 50)), measures=[CARD]), policy=SMALL_NUMBERS
    )
    assert "figure: * / 40" in said
    assert f"{count / 40:.2%}" not in said
    assert "%" not in said


def test_a_strict_policy_shows_no_figure_that_gives_an_exact_count_away():
    given = compared(table((13, 37), (24, 53)))  # published as 15 of 35, and 25 of 55
    said = explained(given=given, policy=SMALL_NUMBERS)
    assert "figure: 15 / 35 = 42.86%" in said
    assert "comparator: England 35 / 90" in said
    for exact in ("13", "37", "35.14", "41.11"):
        assert not re.search(rf"(?<![\d.]){re.escape(exact)}(?![\d])", said), exact


def test_a_strict_policy_hides_the_members_too():
    given = table((3, 40), (25, 52))
    pcns = GEO.roll_up(given, to="pcn", as_at="period_end")
    said = explained("U1", given=pcns, policy=SMALL_NUMBERS, geo=GEO, counts=given)
    assert f"{A}: * / 40" in said
    assert f"{B}: 25 / 50" in said


def test_a_strict_policy_shows_ranges_no_finer_than_its_rounding():
    given = counts(row(A, 20, 40, source=SOURCE), hidden(B, 1, 7, 30, source=SOURCE))
    pcns = GEO.roll_up(given, to="pcn", as_at="period_end")  # 21 to 27
    said = explained("U1", given=pcns, policy=SMALL_NUMBERS)
    assert "figure: between 20 and 30 / 70" in said


def test_a_strict_policy_does_not_add_bounds_to_a_count():
    given = counts(row(A, 22, 40, numerator_low=21, numerator_high=23, source=SOURCE))
    assert "figure: 20 / 40" in explained(given=given, policy=SMALL_NUMBERS)
    assert "21" not in explained(given=given, policy=SMALL_NUMBERS).split("source:")[0]


def test_without_extracts_the_strict_policy_holds():
    assert "figure: * / 40" in explained(given=table((3, 40), (25, 50)), extracts=[])


def test_a_row_from_a_source_that_was_not_given_is_shown_strictly():
    given = table((3, 40), (25, 50)).assign(source=pd.Categorical(["hospital:123"] * 2))
    said = explained(given=given)
    assert "figure: * / 40" in said
    assert "source: hospital:123 › row 2" in said


def test_the_policy_is_printed():
    assert explained().endswith("shown: as published")
    assert explained(policy=SMALL_NUMBERS).endswith("shown: 1-7 hidden, rounded to 5")


def test_an_organisation_that_is_not_there_suggests_the_nearest():
    with pytest.raises(OptionError, match="Did you mean 'Y9900"):
        explained("Y99009")


def test_every_row_of_the_organisation_gets_a_paragraph():
    given = counts(
        *(row(A, 20, 40, measure=measure, source=SOURCE) for measure in ("copd.review", "copd.flu"))
    )
    assert explained(given=given).count("\n\n") == 1


def test_a_drill_explains_whom_it_found_and_whom_the_gate_hid():
    given = table((200, 1000), (900, 1000))
    geo = geography({A: {"pcn": "U1"}, B: {"pcn": "U2"}})
    drill = phm.drill(
        given,
        geo=geo,
        measures=[CARD],
        rule="all",
        below="interval(0.95)",
        england="sum_of_practices",
        extracts=[extract()],
    )
    said = drill.explain(A)
    assert said.startswith("Asked: below England on copd.review")
    assert "PCN: U1. Found." in said
    assert "reviews.csv › row 2" in said
    assert "20.00%" in said  # by its own card, which no area installs
    assert "Not below." in drill.explain(B)


def test_a_drill_without_extracts_explains_strictly():
    given = table((3, 40), (900, 1000))
    drill = phm.drill(
        given, geo=GEO, measures=[CARD], rule="all", below="point", england="sum_of_practices"
    )
    assert "figure: * / 40" in drill.explain(A)
