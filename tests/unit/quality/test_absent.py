"""A practice that stands here and not there is closed, merged, not taking part, or lost."""

from __future__ import annotations

import pandas as pd
import pytest

from phm_diabetes.errors import OptionError
from phm_diabetes.quality.presence import STATES, absent_organisations, what_became_of
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.organisations import Organisations
from phm_diabetes.schemas.successors import Successors

THEN, NOW = pd.Timestamp("2022-03-31"), pd.Timestamp("2023-03-31")
NAMES = {"closed": "Y99001", "merged": "Y99002", "not participating": "Y99003", "lost": "Y99004"}
STAYS = "Y99009"


def table(codes, day):
    return pd.DataFrame(
        {
            "org_level": "practice",
            "org_code": list(codes),
            "period_end": day,
            "source": "a:1",
            "source_row": range(2, len(codes) + 2),
        }
    )


HERE = table([*NAMES.values(), STAYS], THEN)
THERE = table([STAYS], NOW)
ORGANISATIONS = checked(
    Organisations,
    pd.DataFrame(
        {
            "org_level": "practice",
            "org_code": [NAMES["closed"], NAMES["merged"], NAMES["not participating"]],
            "name": "",
            "opened": pd.Timestamp("1974-04-01"),
            "closed": [pd.Timestamp("2022-10-01"), pd.Timestamp("2022-07-01"), pd.NaT],
            "source": "b:1",
            "source_row": [1, 2, 3],
        }
    ),
)
SUCCESSORS = checked(
    Successors,
    pd.DataFrame(
        {"predecessor": [NAMES["merged"]], "successor": STAYS, "date": pd.Timestamp("2022-07-01")}
    ),
)


def states(**known):
    found = what_became_of(HERE, THERE, **known)
    return dict(zip(found["org_code"], found["state"], strict=True))


def test_each_of_the_four_states_is_told_from_what_is_known():
    found = states(organisations=ORGANISATIONS, successors=SUCCESSORS)
    assert found == {code: state for state, code in NAMES.items()}
    assert set(found.values()) == set(STATES)


def test_a_merger_names_the_successor():
    found = what_became_of(HERE, THERE, successors=SUCCESSORS).set_index("org_code")
    assert found.loc[NAMES["merged"], "successor"] == STAYS


def test_without_a_register_everybody_absent_is_lost_and_nobody_is_zero():
    assert set(states().values()) == {"lost"}


def test_a_practice_that_closes_later_is_open_on_the_day_and_took_no_part():
    later = ORGANISATIONS.assign(closed=pd.Timestamp("2024-01-01"))
    assert states(organisations=later)[NAMES["closed"]] == "not participating"


def test_a_fact_that_a_practice_was_left_out_says_that_it_took_no_part():
    facts = pd.DataFrame(
        {
            "org_level": "practice",
            "org_code": [NAMES["lost"]],
            "attribute": "left_out_of_qof",
            "value": "failed validation",
            "start": pd.Timestamp("2022-04-01"),
            "end": NOW,
            "source": "c:1",
            "source_row": 2,
        }
    )
    assert states(facts=facts)[NAMES["lost"]] == "not participating"


def test_those_who_closed_or_merged_are_known_and_the_others_are_warned_of():
    found = absent_organisations(HERE, THERE, organisations=ORGANISATIONS, successors=SUCCESSORS)
    severities = dict(zip(found["rule"].str.split(": ").str[1], found["severity"], strict=True))
    assert severities == {
        "closed": "info",
        "merged": "info",
        "not participating": "warning",
        "lost": "warning",
    }


def test_nobody_absent_is_nothing_to_report():
    assert not len(absent_organisations(THERE, THERE))


def test_a_table_that_does_not_say_when_is_refused():
    with pytest.raises(OptionError, match="when"):
        absent_organisations(HERE.drop(columns="period_end"), THERE)
