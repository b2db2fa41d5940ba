"""A composite is what was asked: stated weights, stated gaps, and nothing that selects."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.planted import card, counts, row

import phm_diabetes as phm
from phm_diabetes.errors import MeasureNotFoundError, OptionError
from phm_diabetes.outliers import Funnel, RobustZ, TukeyFence, composite_score

GOOD = card(id="copd.review")
BAD = card(id="copd.admitted", polarity="lower")
FLAT = card(id="copd.register", polarity="neither")
CARDS = [GOOD, BAD, FLAT]
CODES = [f"Y99{number:03}" for number in range(12)]
SEEN = (60, 62, 58, 61, 59, 63, 57, 64, 56, 65, 90, 20)


def flags(detector: Any = None, *, without=()):
    rows = [
        row(code, count, 100, measure=each.id)
        for each in CARDS
        for code, count in zip(CODES, SEEN, strict=True)
        if (each.id, code) not in without
    ]
    chosen = detector or RobustZ(measures=CARDS)
    return chosen(phm.estimate(counts(*rows), measures=CARDS))


def composed(given: Any = None, **options: Any):
    asked: dict[str, Any] = {
        "weights": {"copd.review": 3, "copd.admitted": 1}, "missing": "withhold",
    }  # fmt: skip
    asked |= options
    return composite_score(flags() if given is None else given, measures=CARDS, **asked)


def test_the_score_is_the_weighted_mean_of_scores_turned_so_that_above_0_is_better():
    found = composed()
    z: Any = flags().set_index(["measure", "org_code"])["score"].astype(float)
    wanted = (3 * z["copd.review"] - z["copd.admitted"]) / 4
    got: Any = found.table.set_index("org_code")["score"]
    assert got[CODES].to_numpy() == pytest.approx(wanted[CODES].to_numpy())
    assert found.weights == {"copd.review": 0.75, "copd.admitted": 0.25}


def test_the_weights_the_rule_for_gaps_and_the_warning_are_printed_with_it():
    said = str(composed())
    assert "75% copd.review, 25% copd.admitted." in said
    assert "Missing: no score where a measure of it is missing; 0 units have none." in said
    assert "selects nobody" in said


def test_what_is_missing_is_withheld_or_shared_among_the_rest_as_was_asked():
    given = flags(without={("copd.review", CODES[0]), ("copd.admitted", CODES[0])})
    some = flags(without={("copd.admitted", CODES[1])})
    assert CODES[0] not in set(composed(given).table["org_code"])
    withheld: Any = composed(some).table.set_index("org_code").loc[CODES[1]]
    assert np.isnan(withheld["score"])
    assert withheld["missing"] == "copd.admitted"
    shared: Any = composed(some, missing="rest").table.set_index("org_code").loc[CODES[1]]
    z = some[(some["measure"] == "copd.review") & (some["org_code"] == CODES[1])]["score"]
    assert shared["score"] == pytest.approx(float(z.iloc[0]))


def test_by_chance_a_score_of_independent_measures_lies_where_it_says():
    random = np.random.default_rng(4)
    found = composed()
    z = random.normal(size=(100_000, 2))
    inside = np.abs(z @ np.array(list(found.weights.values()))) < found.by_chance
    assert inside.mean() == pytest.approx(0.95, abs=0.003)


def test_the_order_of_rows_changes_nothing():
    given = flags()
    mixed = given.sample(frac=1, random_state=1).reset_index(drop=True)
    pd.testing.assert_frame_equal(composed(given).table, composed(mixed).table)


def test_a_funnels_scores_can_be_taken_and_a_fences_cannot():
    funnel = flags(Funnel(overdispersion="none", measures=CARDS))
    assert composed(funnel).table["score"].notna().all()
    with pytest.raises(OptionError, match="are no normal deviates"):
        composed(flags(TukeyFence(measures=CARDS)))


def test_neither_a_list_nor_what_recurs_takes_it():
    with pytest.raises(OptionError, match="neither a drill"):
        phm.recurrent({"all": composed()}, at_least=1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"weights": {"copd.review": 0}}, "weights are above 0"),
        ({"weights": {}}, "names no measure"),
        ({"missing": "zero"}, "missing= takes 'withhold' or 'rest'"),
        ({"weights": {"copd.register": 1}}, "has no better side"),
    ],
)
def test_options_that_mean_nothing_are_refused(options, said):
    with pytest.raises(OptionError, match=said):
        composed(**options)


def test_a_measure_that_is_not_there_is_named():
    with pytest.raises(MeasureNotFoundError, match="no rows of copd"):
        composed(weights={"copd.other": 1})


def test_two_rows_of_a_unit_and_measure_are_refused():
    rows = [row(code, count, 100) for code, count in zip(CODES, SEEN, strict=True)]
    estimates = phm.estimate(counts(*rows), measures=CARDS, confidence=[0.95, 0.998])
    given = RobustZ(measures=CARDS)(estimates)
    with pytest.raises(OptionError, match="stand already"):
        composed(given, weights={"copd.review": 1})
