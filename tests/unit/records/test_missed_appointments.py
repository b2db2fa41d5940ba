"""Appointments missed are told from those cancelled, and people who miss again are counted."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest
from tests.writers.hospital_records import planted

import phm_diabetes as phm
from phm_diabetes import demo
from phm_diabetes.disease_areas.diabetes import AREA
from phm_diabetes.errors import MissingLibraryError, OptionError, StatisticsError
from phm_diabetes.metrics.logistic import clustered_logistic
from phm_diabetes.records.cancelling import cancelled_measures
from phm_diabetes.records.installed import SusTrustCsv
from phm_diabetes.records.layouts.england_hes_op import ENGLAND_HES_OP
from phm_diabetes.records.measures import Distinct, RecordMeasure, Where
from phm_diabetes.records.meeting import meets
from phm_diabetes.records.outpatient_measures import OP_DNA as MISSED

SHOWN = {"egress": phm.Policy(name="planted"), "reason": "planted rows"}
CODES = {"2": 2, "3": 3, "4": 4, "5": 30, "6": 5, "7": 1}
BY_PATIENT, BY_PROVIDER = cancelled_measures()


def opened(*changes, **options):
    return phm.open_records(
        planted(ENGLAND_HES_OP, *changes), adapter="england.hes_op", options=options
    )


def by_code():
    return [{"attendance": code} for code, many in CODES.items() for _ in range(many)]


def counted(records, measure, **how):
    how = {"periods": "2023-24", **SHOWN, **how}
    return phm.tally(records, measures=measure, **how)


def test_cancellations_are_neither_missed_nor_attended():
    row = counted(opened(*by_code()), MISSED).iloc[0]
    assert row["numerator"] == CODES["3"] + CODES["7"]
    assert row["denominator"] == CODES["3"] + CODES["5"] + CODES["6"] + CODES["7"]


def test_only_code_2_or_4_in_a_source_leaves_nothing_missed_or_attended():
    assert counted(opened({"attendance": "2"}, {"attendance": "4"}), MISSED).empty


def test_cancellations_are_counted_apart_out_of_all_that_were_due():
    rows = counted(opened(*by_code()), [BY_PATIENT, BY_PROVIDER]).set_index("measure")
    assert rows["numerator"].to_dict() == {
        "dm.op_cancelled_patient": CODES["2"],
        "dm.op_cancelled_provider": CODES["4"],
    }
    assert set(rows["denominator"]) == {sum(CODES.values())}


def test_each_measure_has_a_card_that_prints_its_denominator():
    for measure in (MISSED, BY_PATIENT, BY_PROVIDER):
        card = AREA[measure.id]
        assert measure.definition in [each.id for each in card.definitions]
        assert "codes" in card.denominator
    assert "(codes 3, 5, 6 and 7)" in AREA["dm.op_dna"].denominator


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("visit", {"first_attendance": "1"}, {"first_attendance": "2"}),
        ("medium", {"consultation_medium": "01"}, {"consultation_medium": "02"}),
        ("site", {"site": "RNA01"}, {"site": "RNA02"}),
        ("clinic", {"clinic": "DIAB1"}, {"clinic": "DIAB2"}),
        ("sex", {"sex": "1"}, {"sex": "2"}),
        ("ethnicity", {"ethnicity": "A"}, {"ethnicity": "H"}),
        ("weekday", {"date": "2023-05-02"}, {"date": "2023-05-03"}),
        ("age_band", {"age": "30"}, {"age": "70"}),
    ],
)
def test_what_was_missed_is_split_by(name, one, other):
    rows = [{**change, "attendance": code} for change in (one, other) for code in ("3", "5", "5")]
    bands = ("17-64", "65+") if name == "age_band" else ()
    found = counted(opened(*rows), MISSED, by=[name], bands=bands)
    assert found["numerator"].tolist() == [1, 1]
    assert found["denominator"].tolist() == [3, 3]


def test_what_was_missed_is_split_by_month():
    rows = [{"date": day, "attendance": "3"} for day in ("2023-05-02", "2023-06-02", "2023-06-03")]
    months = [phm.Period.month(2023, month) for month in (5, 6)]
    assert counted(opened(*rows), MISSED, periods=months)["numerator"].tolist() == [1, 2]


def test_few_missed_are_hidden_under_the_layouts_own_policy():
    row = phm.tally(opened(*by_code()), measures=MISSED, periods="2023-24").iloc[0]
    assert pd.isna(row["numerator"])
    assert row["denominator"] == 40


# People who miss again and again


def again(*people, **how):
    rows = [
        {"person": None if person is None else person * 32, "attendance": "3", **change}
        for person, change in people
    ]
    found = phm.repeat_missed(opened(*rows), **{"periods": "2023-24", **SHOWN, **how})
    return found.set_index("measure")[["numerator", "denominator"]]


def test_a_share_of_what_was_missed_is_of_people_who_missed_two_or_more():
    found = again(*((person, {}) for person in "1112234"))
    assert found.loc["dm.op_dna_repeat"].tolist() == [5, 7]
    assert found.loc["dm.op_dna_people"].tolist() == [2, 4]


def test_who_attends_or_cancels_in_between_has_not_missed_again():
    found = again(("1", {}), ("1", {"attendance": "5"}), ("1", {"attendance": "2"}))
    assert found.loc["dm.op_dna_repeat"].tolist() == [0, 1]


def test_missed_without_a_person_is_counted_apart():
    found = again(("1", {}), ("1", {}), (None, {}), (None, {}))
    assert found.loc["dm.op_dna_repeat"].tolist() == [2, 2]
    assert found.loc["dm.op_dna_unlinked"].tolist() == [2, 4]


def test_a_person_is_followed_across_practices_and_within_the_period_only():
    rows = again(
        ("1", {}), ("1", {"practice_sent": "M87002"}), ("2", {}), ("2", {"date": "2022-05-02"})
    )
    assert rows.loc["dm.op_dna_repeat"].to_numpy().tolist() == [[1, 2], [1, 1]]


def test_three_or_more_has_a_definition_of_its_own():
    rows = [{"person": "1" * 32, "attendance": "3"}] * 2
    found = phm.repeat_missed(opened(*rows), periods="2023-24", least=3, **SHOWN)
    assert found["numerator"].iloc[0] == 0
    assert "hes:DNA{3,7}>=3:core:1" in set(found["definition"])
    with pytest.raises(OptionError, match="2 or more"):
        phm.repeat_missed(opened(*rows), periods="2023-24", least=1)


def test_one_dimension_may_be_named_without_a_list():
    rows = [{"person": f"{n // 2:032d}", "attendance": "35"[n % 3 > 1], "sex": str(1 + n % 4 // 2)}
            for n in range(240)]  # fmt: skip
    records = opened(*rows)
    named = phm.repeat_missed(records, periods="2023-24", to="trust", by="sex")
    listed = phm.repeat_missed(records, periods="2023-24", to="trust", by=["sex"])
    pd.testing.assert_frame_equal(named, listed)
    pytest.importorskip("statsmodels", reason="statsmodels is not installed")
    odds = phm.adjusted_odds(records, measure=MISSED, period="2023-24", factors="sex")
    assert set(odds["factor"]) == {"sex"}


def test_without_people_nobody_can_miss_again_and_the_message_says_how_to_have_them():
    layout = SusTrustCsv.record_layout
    for absent, words in ((("person",), "reads it under 'NHS Number'"), ((), "pseudonym_key=")):
        table = planted(layout, {"attendance": "3"}, without=absent)
        records = phm.open_records(table, adapter="sus.trust_csv")
        with pytest.raises(OptionError, match=words):
            phm.repeat_missed(records, periods="2023-24")


def test_few_people_who_miss_again_are_hidden():
    rows = [{"person": f"{person:032d}", "attendance": "3"} for person in [1, 1, 2, *range(3, 20)]]
    found = phm.repeat_missed(opened(*rows), periods="2023-24").set_index("measure")
    assert found["numerator"].isna().loc[["dm.op_dna_repeat", "dm.op_dna_people"]].all()
    assert found.loc["dm.op_dna_repeat", "denominator"] == 20


# Adjusted odds

FIFTHS = tuple(f"2019:{number}" for number in range(1, 6))
TENTHS = ("Most deprived 10%", "More deprived 20-30%", "More deprived 40-50%",
          "Less deprived 30-40%", "Least deprived 10%")  # fmt: skip


def clinics(people=3000, *, twice=2.0, seed=11):
    """Return appointments whose odds of being missed are twice as high in the first fifth.

    The young miss more and live in the first fifth more often, so that crude odds are higher.
    """
    drawn = np.random.Generator(np.random.PCG64(seed))
    rows = []
    for person in range(people):
        fifth = int(drawn.random() * 5)
        young = drawn.random() < (0.6 if fifth == 0 else 0.3)
        own = 0.5 + drawn.random()  # some people miss more than others
        odds = 0.1 * own * (twice if fifth == 0 else 1) * (2.5 if young else 1)
        for _ in range(1 + int(drawn.random() * 4)):
            missed = drawn.random() < odds / (1 + odds)
            rows.append(
                {
                    "person": f"{person:032d}",
                    "attendance": "3" if missed else "5",
                    "age": "30" if young else "70",
                    "sex": "1" if person % 2 else "2",
                    "imd_quintile": TENTHS[fifth],
                }
            )
    return opened(*rows, imd_vintage="2019")


@pytest.fixture(scope="module")
def drawn():
    return clinics()


@pytest.fixture(scope="module")
def odds(drawn):
    pytest.importorskip("statsmodels", reason="statsmodels is not installed")
    return phm.adjusted_odds(
        drawn,
        measure=MISSED,
        period="2023-24",
        bands=["17-39", "40+"],
        references={"imd_quintile": "2019:5"},
    )


def test_planted_odds_of_2_are_within_the_interval_and_crude_odds_are_higher(odds):
    first = odds[odds["level"] == "2019:1"].iloc[0]
    assert first["lower"] < 2 < first["upper"]
    assert first["lower"] > 1.4
    assert first["crude_odds_ratio"] > first["odds_ratio"]
    assert odds.groupby("factor", observed=True)["reference"].sum().tolist() == [1, 1, 1]


def test_the_counts_of_every_factor_are_those_of_all_records(odds):
    totals = odds.groupby("factor", observed=True)[["people", "denominator"]].sum()
    assert (totals["people"] - 3000).abs().max() <= 10  # rounded to 5
    assert totals["denominator"].nunique() <= 3


def test_intervals_are_those_of_the_sandwich_by_person_written_out(drawn):
    pytest.importorskip("statsmodels", reason="statsmodels is not installed")
    rows = drawn.frame(["person", "attendance", "sex", "age"])
    events = (rows["attendance"] == "missed").to_numpy()
    design = np.column_stack([rows["sex"] == "male", rows["age"] < 40]).astype(float)
    people = pd.factorize(rows["person"])[0]
    fit = clustered_logistic(events, design, people)
    whole = np.column_stack([np.ones(len(design)), design])
    at, risk, bread = np.zeros(3), np.zeros(len(events)), np.eye(3)
    for _ in range(30):
        risk = 1 / (1 + np.exp(-whole @ at))
        bread = np.linalg.inv((whole * (risk * (1 - risk))[:, None]).T @ whole)
        at = at + bread @ (whole.T @ (events - risk))
    scores = np.zeros((people.max() + 1, 3))
    np.add.at(scores, people, whole * (events - risk)[:, None])
    count, number = len(scores), len(events)
    small = count / (count - 1) * (number - 1) / (number - 3)
    errors = np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread) * small)
    assert fit.coefficients == pytest.approx(at[1:], rel=1e-6)
    assert fit.errors == pytest.approx(errors[1:], rel=1e-6)


def test_a_level_where_nobody_misses_has_no_odds_and_does_not_spoil_the_others(odds, drawn):
    rows = drawn.frame(["person", "attendance", "age", "sex", "imd_quintile"])
    again = [
        {
            "person": row.person,
            "attendance": "3" if row.attendance == "missed" else "5",
            "age": str(row.age),
            "sex": "1" if row.sex == "male" else "2",
            "imd_quintile": TENTHS[int(row.imd_quintile[-1]) - 1],
        }
        for row in rows.itertuples()
    ]
    never = [{"sex": "9", "attendance": "5", "person": f"9{n:031d}"} for n in range(40)]
    found = phm.adjusted_odds(
        opened(*again, *never, imd_vintage="2019"),
        measure=MISSED,
        period="2023-24",
        bands=["17-39", "40+"],
        references={"imd_quintile": "2019:5"},
    )
    unknown = found[(found["factor"] == "sex") & (found["level"] == "unknown")].iloc[0]
    assert pd.isna(unknown["odds_ratio"])
    assert unknown["reason"].startswith("nobody")
    both = found.merge(odds, on=["factor", "level"])
    kept = both["odds_ratio_y"].notna()
    assert both.loc[kept, "odds_ratio_x"].tolist() == both.loc[kept, "odds_ratio_y"].tolist()


def test_a_level_with_few_people_shows_neither_counts_nor_odds():
    many = [{"person": f"{n:032d}", "attendance": "3" if n % 3 else "5", "sex": str(1 + n % 2)}
            for n in range(200)]  # fmt: skip
    few = [{"person": f"9{n:031d}", "attendance": "3" if n % 2 else "5", "sex": "9"}
           for n in range(6)]  # fmt: skip
    pytest.importorskip("statsmodels", reason="statsmodels is not installed")
    found = phm.adjusted_odds(opened(*many, *few), measure=MISSED, period="2023-24",
                              factors=["sex"])  # fmt: skip
    hidden = found[found["level"] == "unknown"].iloc[0]
    assert hidden[["people", "numerator", "denominator", "odds_ratio"]].isna().all()
    assert hidden["reason"] == "too few people or events to be shown"


def test_few_events_are_hidden_too_where_no_person_is_known():
    pytest.importorskip("statsmodels", reason="statsmodels is not installed")
    many = [{"person": f"{n:032d}", "attendance": "35"[n % 3 > 0], "sex": str(1 + n % 2)}
            for n in range(200)]  # fmt: skip
    few = [{"person": None, "attendance": "35"[n > 2], "sex": "9"} for n in range(40)]
    found = phm.adjusted_odds(opened(*many, *few), measure=MISSED, period="2023-24",
                              factors=["sex"])  # fmt: skip
    hidden = found[found["level"] == "unknown"].iloc[0]
    assert hidden[["numerator", "denominator", "odds_ratio"]].isna().all()


def test_without_statsmodels_the_message_has_the_line_to_type(monkeypatch, drawn):
    for name in ("statsmodels.genmod.families", "statsmodels.genmod.generalized_linear_model"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingLibraryError, match=r"pip install phm-diabetes\[adjust\]"):
        phm.adjusted_odds(drawn, measure=MISSED, period="2023-24", factors=["sex"])


def test_what_odds_cannot_be_had_of_is_refused(drawn):
    pytest.importorskip("statsmodels", reason="statsmodels is not installed")
    how = {"measure": MISSED, "period": "2023-24"}
    for factors, message in (
        (["cost_pence"], "few words"),
        ([], "names none"),
        (["age_band"], "needs bands="),
    ):
        with pytest.raises(OptionError, match=message):
            phm.adjusted_odds(drawn, factors=factors, **how)
    with pytest.raises(OptionError, match="no level '2019:6'"):
        phm.adjusted_odds(drawn, factors=["imd_quintile"], references={"imd_quintile": "2019:6"},
                          **how)  # fmt: skip
    people = RecordMeasure(id="dm.op_people", definition="d", numerator=Distinct())
    with pytest.raises(OptionError, match="rows out of rows"):
        phm.adjusted_odds(drawn, measure=people, period="2023-24")
    few = opened(*({"attendance": "35"[n > 3], "sex": str(1 + n % 2)} for n in range(40)))
    with pytest.raises(StatisticsError, match="fewer than 10 events"):
        phm.adjusted_odds(few, factors=["sex"], **how)


def test_odds_are_not_called_adjusted_for_what_is_the_same_in_every_record():
    rows = [{"attendance": "3" if n % 3 else "5", "sex": str(1 + n % 2),
             "imd_quintile": "Most deprived 10%"} for n in range(300)]  # fmt: skip
    pytest.importorskip("statsmodels", reason="statsmodels is not installed")
    how = {"measure": MISSED, "period": "2023-24"}
    with pytest.raises(OptionError, match=r"'imd_quintile' is 'unknown' in every record.*vintage"):
        phm.adjusted_odds(opened(*rows), factors=["sex", "imd_quintile"], **how)


@pytest.mark.parametrize("absent", ["sex", "person"])
def test_odds_need_their_factors_and_people_in_the_source(absent):
    rows = [{"attendance": "3" if n % 3 else "5", "sex": str(1 + n % 2)} for n in range(300)]
    pytest.importorskip("statsmodels", reason="statsmodels is not installed")
    table = planted(ENGLAND_HES_OP, *rows, without=(absent,))
    records = phm.open_records(table, adapter="england.hes_op")
    with pytest.raises(OptionError, match=f"Adjusted odds cannot be had without '{absent}', which"):
        phm.adjusted_odds(records, measure=MISSED, period="2023-24", factors=["sex"])


def test_factors_that_go_together_are_refused():
    rows = [{"attendance": "3" if n % 3 else "5", "sex": str(1 + n % 2),
             "ethnicity": "AH"[n % 2]} for n in range(300)]  # fmt: skip
    pytest.importorskip("statsmodels", reason="statsmodels is not installed")
    with pytest.raises(StatisticsError, match="go together"):
        phm.adjusted_odds(opened(*rows), measure=MISSED, period="2023-24",
                          factors=["sex", "ethnicity"])  # fmt: skip


def test_conditions_hold_for_a_row_as_they_do_in_a_tally():
    rows = pd.DataFrame(
        {
            "procedures": ["W401 X095", "X121", ""],
            "visit": pd.Categorical(["first", "", None]),
            "date": pd.to_datetime(["2023-04-01", None, "2023-04-03"]),
        }
    )
    assert meets(rows, [Where(column="procedures", starts=["X09"])]).tolist() == [
        True,
        False,
        False,
    ]
    assert meets(rows, [Where(column="visit", isin=["first"], negated=True)]).tolist() == [
        False, True, True,
    ]  # fmt: skip
    day = (pd.Timestamp("2023-04-02") - pd.Timestamp("1970-01-01")).days
    assert meets(rows, [Where(column="date", most=day)]).tolist() == [True, False, False]


def test_odds_planted_in_dudleys_own_layout_are_found():
    pytest.importorskip("statsmodels", reason="statsmodels is not installed")
    records = phm.open_records(
        demo.appointments(), adapter="dudley.hes_op", options={"imd_vintage": "2019"}
    )
    found = phm.adjusted_odds(
        records, measure=MISSED, period="2022-23", bands=["17-39", "40-64", "65-79", "80+"],
        references={"imd_quintile": "2019:3"},
    )  # fmt: skip
    first = found[found["level"] == "2019:1"].iloc[0]
    assert 1.5 < first["lower"] < 2 < first["upper"] < 3
    others = found[found["level"].isin(["2019:2", "2019:4", "2019:5"])]
    assert ((others["lower"] < 1) & (others["upper"] > 1)).all()


def test_records_on_an_engine_are_counted_and_adjusted_alike():
    polars = pytest.importorskip("polars", reason="polars is not installed")
    pytest.importorskip("statsmodels", reason="statsmodels is not installed")
    rows = [
        {"person": f"{n // 2:032d}", "attendance": "35"[n % 3 > 0], "sex": str(1 + n % 2)}
        for n in range(400)
    ]
    table = planted(ENGLAND_HES_OP, *rows)
    both = [
        phm.open_records(source, adapter="england.hes_op")
        for source in (table, polars.from_pandas(table))
    ]
    one, other = (phm.repeat_missed(each, periods="2023-24", **SHOWN) for each in both)
    assert one.drop(columns="source").equals(other.drop(columns="source"))
    how = {"measure": MISSED, "period": "2023-24", "factors": ["sex"]}
    one, other = (phm.adjusted_odds(each, **how).drop(columns="source") for each in both)
    assert one.equals(other)
