"""Episodes become spells by the published rules, whatever the order of the rows."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.records.read_rows import read_rows

from phm_diabetes.errors import SchemaError
from phm_diabetes.records.layouts.england_hes_apc import ENGLAND_HES_APC
from phm_diabetes.records.spells import with_spells
from phm_diabetes.schemas.episodes import Episodes

COLUMNS = list(Episodes.to_schema().columns)
PLAIN = {
    **dict.fromkeys(COLUMNS, ""),
    "person": "P1",
    "provider": "RNA",
    "status": "finished",
    "order": 1,
    "admitted": "2023-05-02",
    "started": "2023-05-02",
    "ended": "2023-05-04",
    "discharged": None,
    "discharge_method": "1",
    "discharge_destination": "19",
    "admission_source": "19",
    "admission_method": "21",
    "admission": "emergency",
    "patient_class": "ordinary",
    "sex": "female",
    "age": 71,
    "spell": None,
    "continuous_spell": None,
    "source_row": None,
}
DATES = ["admitted", "discharged", "started", "ended"]


def episodes(*changes):
    """Return one plain episode a change, with keys 1, 2 and so on."""
    rows = [
        {**PLAIN, "episode_id": str(number), **change}
        for number, change in enumerate(changes, start=1)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(**{name: pd.to_datetime(table[name]) for name in DATES})


def spells(*changes):
    return [
        each if isinstance(each, str) else None for each in with_spells(episodes(*changes)).spell
    ]


def continuous(*changes):
    found = with_spells(episodes(*changes)).continuous_spell
    return [each if isinstance(each, str) else None for each in found]


def test_episodes_with_one_day_of_admission_are_one_spell():
    second = {"started": "2023-05-10", "ended": "2023-05-12", "order": 2}
    assert spells({}, second) == ["1", "1"]


def test_episodes_with_one_start_are_one_spell_whatever_the_admission():
    assert spells({}, {"admitted": "2023-05-01", "ended": "2023-05-09"}) == ["1", "1"]


@pytest.mark.parametrize(("method", "kept_on"), [("8", True), ("9", True), ("1", False)])
def test_an_episode_follows_one_that_ended_that_day_without_a_discharge(method, kept_on):
    follows = {"admitted": "2023-05-04", "started": "2023-05-04", "ended": "2023-05-06"}
    found = spells({"discharge_method": method}, follows)
    assert found == (["1", "1"] if kept_on else ["1", "2"])


def test_an_episode_that_starts_a_day_after_is_a_spell_of_its_own():
    later = {"admitted": "2023-05-05", "started": "2023-05-05", "ended": "2023-05-06"}
    assert spells({"discharge_method": "8"}, later) == ["1", "2"]


def test_two_trusts_and_two_people_never_share_a_spell():
    assert spells({}, {"provider": "RL4"}, {"person": "P2"}) == ["1", "2", "3"]


@pytest.mark.parametrize(
    "lacking",
    [
        {"status": "unfinished"},
        {"status": "unknown"},
        {"person": None},
        {"provider": ""},
        {"started": None},
        {"ended": None},
        {"ended": "2023-05-01"},
        {"admitted": None, "order": 2},
        {"admitted": None, "order": None},
        {"admitted": None, "admission_source": "51"},
        {"admitted": None, "admission_method": "2B"},
    ],
    ids=str,
)
def test_an_episode_that_lacks_what_a_spell_needs_has_none(lacking):
    assert spells(lacking, {}) == [None, "2"]
    assert continuous(lacking, {}) == [None, "2"]


def test_the_start_stands_for_a_missing_admission_in_a_first_episode_only():
    second = {"started": "2023-05-04", "ended": "2023-05-07", "order": 2}
    found = with_spells(episodes({"admitted": None}, second))
    assert found["spell"].tolist() == ["1", "1"]
    assert found["admitted"].isna().tolist() == [True, False]


def test_episodes_of_one_day_stand_in_the_order_of_the_stay():
    day = {"admitted": "2023-05-02", "started": "2023-05-02", "ended": "2023-05-02"}
    third, second, first = ({**day, "order": order} for order in (3, 2, 1))
    assert spells(third, second, first) == ["3", "3", "3"]


AWAY = {"discharge_destination": "51"}
NEXT = {"provider": "RL4", "admitted": "2023-05-07", "started": "2023-05-07", "ended": "2023-05-20"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (AWAY, {}),
        ({"discharge_destination": "53"}, {}),
        ({}, {"admission_source": "52"}),
        ({}, {"admission_method": "2B"}),
        ({}, {"admission_method": "67"}),
        ({}, {"admission_method": "81"}),
    ],
)
def test_a_transfer_within_three_days_goes_on_in_another_trust(first, second):
    assert continuous(first, {**NEXT, **second}) == ["1", "1"]
    assert spells(first, {**NEXT, **second}) == ["1", "2"]


def test_four_days_are_too_many_for_a_transfer():
    late = {**NEXT, "admitted": "2023-05-08", "started": "2023-05-08"}
    assert continuous(AWAY, late) == ["1", "2"]


def test_coming_back_within_three_days_without_a_transfer_is_another_stay():
    assert continuous({}, NEXT) == ["1", "2"]


def test_another_persons_transfer_is_none():
    assert continuous(AWAY, {**NEXT, "person": "P2"}) == ["1", "2"]


def test_three_trusts_in_a_row_are_one_continuous_spell():
    second = {**NEXT, **AWAY}
    third = {**NEXT, "provider": "RBK", "started": "2023-05-21", "ended": "2023-05-22"}
    assert continuous(AWAY, second, third) == ["1", "1", "1"]


def test_the_destination_of_a_spell_is_that_of_its_last_episode():
    first = {"discharge_method": "8", "discharge_destination": "98"}
    last = {"order": 2, "started": "2023-05-04", "ended": "2023-05-06", **AWAY}
    assert continuous(first, last, {**NEXT, "started": "2023-05-09"}) == ["1", "1", "1"]


def test_transfers_of_one_day_stand_in_the_order_of_the_journey():
    day = {"admitted": "2023-05-02", "started": "2023-05-02", "ended": "2023-05-02"}
    arriving = {**day, "provider": "RL4", "admission_source": "51"}
    leaving = {**day, **AWAY}
    assert continuous(arriving, leaving) == ["2", "2"]


def test_what_is_left_as_it_was():
    table = episodes({}, {"status": "unfinished"})
    kept = table.copy(deep=True)
    found = with_spells(table)
    pd.testing.assert_frame_equal(table, kept)
    assert list(found.columns) == COLUMNS
    assert found["episode_id"].tolist() == ["1", "2"]


def test_spells_built_twice_are_the_same():
    once = with_spells(episodes({}, NEXT, AWAY))
    pd.testing.assert_frame_equal(with_spells(once), once)


def test_a_table_of_nothing_gives_nothing():
    assert with_spells(episodes({}).iloc[:0]).empty


def test_another_table_is_refused():
    with pytest.raises(SchemaError, match="is not Episodes"):
        with_spells(pd.DataFrame({"person": ["P1"]}))


def _came(row):
    return row.admission_source in {"51", "52", "53"} or row.admission_method in {"2B", "67", "81"}


def _went(row):
    return row.discharge_destination in {"51", "52", "53"}


def _transit(first, last):
    known = {(False, True): 1, (True, True): 2, (True, False): 3}
    return known.get((_came(first), _went(last)), 0)


def _in_order(table):
    """Return the episodes that can be in a spell with their days of admission, in order."""
    rows = []
    for row in table.itertuples():
        admitted = row.admitted
        if pd.isna(admitted) and row.order == 1 and not _came(row):
            admitted = row.started
        days = (admitted, row.started, row.ended)
        named = row.status == "finished" and row.person and row.provider
        if named and not any(map(pd.isna, days)) and row.ended >= row.started:
            rows.append((row, admitted))
    return sorted(
        rows,
        key=lambda each: (
            each[0].person,
            each[0].provider,
            each[0].started,
            each[0].ended,
            99 if pd.isna(each[0].order) else each[0].order,
            _transit(each[0], each[0]),
            each[0].episode_id,
        ),
    )


def _stays(rows):
    stays: list[Any] = []
    for at, (row, admitted) in enumerate(rows):
        old, old_admitted = rows[at - 1]
        same = at > 0 and (old.person, old.provider) == (row.person, row.provider)
        if same and (
            admitted == old_admitted
            or row.started == old.started
            or (old.discharge_method in {"8", "9"} and row.started == old.ended)
        ):
            stays[-1].append(row)
        else:
            stays.append([row])
    return stays


def _journeys(stays):
    """Return the key of the continuous spell by the key of each spell."""
    ends = []
    for stay in stays:
        last = stay[0]
        for row in stay:
            last = row if row.ended >= last.ended else last
        ends.append((stay[0], last))
    ends.sort(
        key=lambda each: (
            each[0].person,
            each[0].started,
            each[1].ended,
            _transit(*each),
            each[0].episode_id,
        )
    )
    journey: dict[Any, Any] = {}
    for at, (first, _) in enumerate(ends):
        before, left = ends[at - 1]
        goes_on = (
            at > 0
            and before.person == first.person
            and (first.started - left.ended).days <= 3
            and (_went(left) or _came(first))
        )
        key = journey[before.episode_id] if goes_on else first.episode_id
        journey[first.episode_id] = key
    return journey


def plainly(table):
    """Return spell and continuous spell by episode, worked out one row at a time."""
    stays = _stays(_in_order(table))
    journey = _journeys(stays)
    spell = {row.episode_id: stay[0].episode_id for stay in stays for row in stay}
    return spell, {key: journey[first] for key, first in spell.items()}


def by_episode(found, column):
    pairs = zip(found["episode_id"], found[column], strict=True)
    return {key: each for key, each in pairs if isinstance(each, str)}


DAY = st.integers(0, 12).map(lambda days: (date(2023, 5, 1) + timedelta(days=days)).isoformat())
EPISODE = st.fixed_dictionaries(
    {
        "person": st.sampled_from(["P1", "P2"]),
        "provider": st.sampled_from(["RNA", "RL4", ""]),
        "admitted": st.one_of(DAY, st.none()),
        "started": DAY,
        "ended": DAY,
        "order": st.sampled_from([1, 2, 3, None]),
        "discharge_method": st.sampled_from(["1", "8", "9", ""]),
        "discharge_destination": st.sampled_from(["19", "51", "98"]),
        "admission_source": st.sampled_from(["19", "51"]),
        "admission_method": st.sampled_from(["21", "2B", "11"]),
        "status": st.sampled_from(["finished", "finished", "finished", "unfinished"]),
    }
)


@settings(max_examples=20)
@given(st.lists(EPISODE, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_spells_are_those_of_a_plain_reading_of_the_rules_in_any_order(changes, shuffle):
    table = episodes(*changes)
    order = list(range(len(table)))
    shuffle.shuffle(order)
    found = with_spells(table.iloc[order])
    built = by_episode(found, "spell"), by_episode(found, "continuous_spell")
    assert built == plainly(table)


def test_two_thousand_episodes_are_built_as_a_plain_reading_does():
    draw = random.Random(20231)  # noqa: S311 - planted, not secret
    days = [(date(2023, 5, 1) + timedelta(days=day)).isoformat() for day in range(60)]
    changes = []
    for _ in range(2_000):
        start = draw.randrange(50)
        changes.append(
            {
                "person": f"P{draw.randrange(120)}",
                "provider": draw.choice(["RNA", "RL4", "RBK"]),
                "admitted": days[max(start - draw.choice([0, 0, 3]), 0)],
                "started": days[start],
                "ended": days[start + draw.choice([0, 0, 1, 2, 5])],
                "order": draw.choice([1, 1, 2, 3]),
                "discharge_method": draw.choice("1189"),
                "discharge_destination": draw.choice(["19", "19", "51"]),
                "admission_source": draw.choice(["19", "19", "51"]),
            }
        )
    table = episodes(*changes)
    found = with_spells(table)
    built = by_episode(found, "spell"), by_episode(found, "continuous_spell")
    assert built == plainly(table)
    spells, journeys = (len(set(each.values())) for each in built)
    assert 2_000 > spells > journeys > 500


def test_spells_of_the_artificial_admitted_care(shared):
    path = shared / "data" / "hes" / "artificial_hes_apc_0102_truncated.csv"
    if not path.exists():
        pytest.skip("needs ../shared/data/hes, which is not here")
    read = read_rows(ENGLAND_HES_APC, pd.read_csv(path, dtype=str, keep_default_na=False))
    used = read.rows[read.used].reset_index(drop=True)
    table = used.reindex(columns=COLUMNS)
    days = {name: pd.to_datetime(used[name], unit="D", errors="raise") for name in DATES}
    table = table.assign(**days, source="", lsoa_level="", spell=None, continuous_spell=None)
    found = with_spells(table)
    assert len(found) == 2_061
    assert found["spell"].notna().sum() == 2_045
    built = by_episode(found, "spell"), by_episode(found, "continuous_spell")
    assert built == plainly(table)
