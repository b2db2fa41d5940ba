"""Planted Dudley's outpatient records, row by row, in the columns of an ICB's mart of SUS."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from phm_diabetes.demo.outpatient_plants import planted_outpatients, practice_plans

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["appointment_rows"]

_SEED = 1_011_345
_ODDS_OF_MISSING = 0.085
_PRACTICES = 43
_TRUSTS = ("Y9T", "Y9U")
_AGES = ((0.18, 17, 23), (0.60, 40, 25), (0.90, 65, 15), (1.01, 80, 16))
_ETHNIC = ((0.70, "A"), (0.80, "J"), (0.86, "H"), (0.90, "N"), (0.96, "Z"), (1.01, ""))
_POOREST_TENTHS = 2
_MEN, _SEVERAL, _LATE, _TOO_LATE = 0.54, 0.15, 0.03, 0.06
_BY_PATIENT, _BY_EITHER = 0.06, 0.11  # cancelled, of those attended
_AT_THE_SECOND, _BOOKED_APART, _MAIN_SITE = 0.18, 0.82, 0.7
_FIRST_ELSEWHERE, _MISSED_ELSEWHERE, _KNOWN = 0.3, 0.1, 0.97
_VIDEO, _CODED_ALIKE, _BY_GP, _DISCHARGED = 0.2, 0.99, 0.6, 0.5

Columns = dict[str, "NDArray[np.generic]"]


@cache
def appointment_rows() -> pd.DataFrame:
    """Return every row, all cells text, in the order of the record's number.

    Returns
    -------
    DataFrame
        Shape ``(n, 23)``. Nothing but uniform numbers and whole-number arithmetic makes it, so
        that it is the same on every machine.

    Examples
    --------
    >>> rows = appointment_rows()
    >>> rows["Attended Or Did Not Attend"].value_counts().index[0]
    '5'
    """
    chance = np.random.Generator(np.random.PCG64(_SEED))
    people = _people(chance)
    attended = _attended(chance, people)
    missed = _missed(chance, attended)
    parts = [
        attended,
        missed,
        _cancelled(chance, attended),
        _children(chance),
        _endocrinology(chance),
        _private(attended),
        _clock_stops(attended),
    ]
    table = pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)
    table = table.iloc[np.argsort(chance.random(len(table)), kind="stable")]
    return _with_faults(_laid_out(table.reset_index(drop=True), chance))


def _people(chance: np.random.Generator) -> Columns:
    """Return the adults seen in clinics of diabetic medicine: one element a person."""
    plans = practice_plans()
    spot = np.repeat(np.arange(len(plans)), [plan.people for plan in plans])
    return {"spot": spot, "person": 700_001 + np.arange(len(spot)), **_attributes(chance, spot)}


def _attributes(chance: np.random.Generator, spot: NDArray[np.int64]) -> Columns:
    uniform = chance.random((6, len(spot)))
    age = np.zeros(len(spot), dtype=np.int64)
    for limit, first, width in reversed(_AGES):
        age = np.where(uniform[0] < limit, first + np.floor(uniform[1] * width), age)
    ethnic = np.full(len(spot), "", dtype=object)
    for limit, code in reversed(_ETHNIC):
        ethnic = np.where(uniform[2] < limit, code, ethnic)
    # The tenth of deprivation leans on the practice: the first practices' people are the poorest.
    lean = spot % _PRACTICES / (_PRACTICES - 1)
    tenth = 1 + np.floor(10 * (0.75 * uniform[3] + 0.25 * lean * uniform[4]) * 0.999)
    return {
        "age": age.astype(np.int64),
        "ethnic": ethnic,
        "sex": np.where(uniform[5] < _MEN, "1", "2"),
        "tenth": tenth.astype(np.int64),
    }


def _attended(chance: np.random.Generator, people: Columns) -> Columns:
    """Return attended appointments of diabetic medicine: kinds by practice, then whose each is."""
    truth, plans = planted_outpatients(), practice_plans()
    spot, kind, whose = [], [], []
    start = 0
    for number, plan in enumerate(plans):
        kinds = np.repeat(
            ["first_ff", "first_remote", "follow_up"],
            [plan.first_face_to_face, plan.first_remote, plan.follow_ups],
        )
        kinds = kinds[np.argsort(chance.random(len(kinds)), kind="stable")]
        # Everyone once; then those who come often, come again.
        weight = np.cumsum(1 / (0.15 + chance.random(plan.people)))
        again = np.searchsorted(weight, chance.random(len(kinds) - plan.people) * weight[-1])
        whose.append(start + np.concatenate([np.arange(plan.people), again]))
        spot.append(np.full(len(kinds), number))
        kind.append(kinds)
        start += plan.people
    kinds, mine = np.concatenate(kind), np.concatenate(whose)
    follow = np.flatnonzero(kinds == "follow_up")
    follow = follow[np.argsort(chance.random(len(follow)), kind="stable")]
    modes = np.repeat(
        ["follow_ff", "follow_remote", "follow_unknown"],
        [
            truth.follow_up_face_to_face,
            truth.follow_up_remote,
            truth.follow_ups - truth.follow_up_face_to_face - truth.follow_up_remote,
        ],
    )
    kinds = kinds.astype(object)
    kinds[follow] = modes
    several = chance.random(len(kinds)) < _SEVERAL  # more than one professional at once
    found = {name: column[mine] for name, column in people.items() if name != "spot"}
    return {
        **found,
        "spot": np.concatenate(spot),
        "kind": kinds,
        "several": several,
        "status": np.where(chance.random(len(kinds)) < _LATE, "6", "5"),
        "pence": _prices(kinds, several),
        "function": np.full(len(kinds), "307", dtype=object),
        "trust": (chance.random(len(kinds)) < _AT_THE_SECOND).astype(np.int64),
        "category": np.full(len(kinds), "01", dtype=object),
    }


def _prices(kinds: NDArray[np.generic], several: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the price of each in pence; those of a kind add up to what was planted."""
    truth = planted_outpatients()
    unknown = truth.follow_ups - truth.follow_up_face_to_face - truth.follow_up_remote
    pence = np.select(
        [kinds == "first_remote", kinds == "follow_remote", kinds == "follow_unknown"],
        [truth.remote_first_pence, truth.remote_follow_up_pence, truth.unknown_mode_pence],
        0,
    ).astype(np.int64)
    totals = {
        "first_ff": truth.first_pence - truth.first_remote * truth.remote_first_pence,
        "follow_ff": truth.follow_up_pence
        - truth.follow_up_remote * truth.remote_follow_up_pence
        - unknown * truth.unknown_mode_pence,
    }
    for kind, total in totals.items():
        rows = np.flatnonzero(kinds == kind)
        weight = np.where(several[rows], 130, 100)
        shared = total * weight // int(weight.sum())
        shared[: total - int(shared.sum())] += 1
        pence[rows] = shared
    return pence


def _taken(columns: Columns, rows: NDArray[np.intp], **changed: str) -> Columns:
    """Return some rows with other words in some columns; what was not attended has no price."""
    found = {name: column[rows] for name, column in columns.items()}
    new = {name: np.full(len(rows), word, dtype=object) for name, word in changed.items()}
    return {**found, "pence": np.full(len(rows), -1), **new}


def _missed(chance: np.random.Generator, attended: Columns) -> Columns:
    """Return appointments missed before one that was attended, at twice the odds for the poorest.

    Where misses follow one another at a chance of o / (1 + o), there are o of them for each
    appointment attended.
    """
    truth = planted_outpatients()
    poorest = attended["tenth"].astype(np.int64) <= _POOREST_TENTHS
    odds = np.where(poorest, truth.odds_of_missing, 1.0) * _ODDS_OF_MISSING
    likely = odds / (1 + odds)
    uniform = chance.random(len(odds))
    times = sum((uniform < likely**power).astype(np.int64) for power in (1, 2, 3, 4))
    missed = _taken(attended, np.repeat(np.arange(len(odds)), times), status="3")
    late = chance.random(len(missed["status"])) < _TOO_LATE
    return {**missed, "status": np.where(late, "7", missed["status"])}


def _cancelled(chance: np.random.Generator, attended: Columns) -> Columns:
    uniform = chance.random(len(attended["kind"]))
    by_patient = np.flatnonzero(uniform < _BY_PATIENT)
    by_provider = np.flatnonzero((uniform >= _BY_PATIENT) & (uniform < _BY_EITHER))
    both = _taken(attended, np.concatenate([by_patient, by_provider]))
    return {**both, "status": np.repeat(["2", "4"], [len(by_patient), len(by_provider)])}


def _others(
    chance: np.random.Generator, size: int, first_person: int, people: int
) -> tuple[Columns, NDArray[np.float64]]:
    """Return attendances of other clinics, of people numbered from elsewhere."""
    uniform = chance.random((4, size))
    whose = np.floor(uniform[0] * people).astype(np.int64)
    spots = np.floor(chance.random(people) * _PRACTICES).astype(np.int64)
    about = _attributes(chance, spots)
    missed = uniform[2] < _MISSED_ELSEWHERE
    return {
        **{name: column[whose] for name, column in about.items()},
        "spot": spots[whose],
        "person": first_person + whose,
        "kind": np.where(uniform[1] < _FIRST_ELSEWHERE, "first_ff", "follow_ff").astype(object),
        "several": np.zeros(size, dtype=bool),
        "status": np.where(missed, "3", "5"),
        "pence": np.where(missed, -1, 15_000),
        "category": np.full(size, "01", dtype=object),
    }, uniform[3]


def _children(chance: np.random.Generator) -> Columns:
    found, uniform = _others(chance, 320, 800_001, 70)
    size = len(uniform)
    return {
        **found,
        "age": 4 + (found["person"].astype(np.int64) - 800_001) % 13,
        "function": np.full(size, "263", dtype=object),
        "trust": np.zeros(size, dtype=np.int64),
    }


def _endocrinology(chance: np.random.Generator) -> Columns:
    """Return clinics of endocrinology, most of them at the trust that books all there."""
    found, uniform = _others(chance, 1_700, 810_001, 600)
    size = len(uniform)
    nobody = uniform > _KNOWN
    return {
        **found,
        "person": np.where(nobody, -1, found["person"]),
        "spot": np.where(nobody, -1, found["spot"]),
        "function": np.full(size, "302", dtype=object),
        "trust": (uniform < _BOOKED_APART).astype(np.int64),
    }


def _private(attended: Columns) -> Columns:
    rows = np.arange(0, 4_400, 100)
    found = _taken(attended, rows, category="02", status="5")
    return {**found, "pence": np.full(len(rows), 22_000)}


def _clock_stops(attended: Columns) -> Columns:
    return _taken(attended, np.arange(50, 6_050, 50), kind="clock_stop", status="5")


_FIRST = {
    "first_ff": "1", "follow_ff": "2", "first_remote": "3", "follow_remote": "4",
    "follow_unknown": "", "clock_stop": "5",
}  # fmt: skip
_TYPE = {"follow_unknown": "02"}
_MEDIUM = {"first_ff": "01", "follow_ff": "01", "first_remote": "02", "follow_remote": "02"}
_CURRENCY = {
    "first_ff": "WF01B", "follow_ff": "WF01A", "first_remote": "WF01D", "follow_remote": "WF01C",
    "follow_unknown": "WF01A", "clock_stop": "",
}  # fmt: skip


def _laid_out(table: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    """Return the rows under the headers of the mart."""
    uniform = chance.random((4, len(table)))
    working_days = pd.bdate_range("2022-04-01", "2023-03-31").strftime("%Y-%m-%d").to_numpy()
    day = working_days[np.floor(uniform[0] * len(working_days)).astype(np.int64)]
    codes = np.array([*(plan.practice.code for plan in practice_plans()), "V81999"])
    practice = codes[table["spot"].to_numpy()]
    trust = np.array(_TRUSTS)[table["trust"].to_numpy()]
    site = np.char.add(trust.astype(str), np.where(uniform[1] < _MAIN_SITE, "01", "02"))
    clinic = np.char.add("CLINIC", (1 + np.floor(uniform[2] * 6)).astype(np.int64).astype(str))
    kind = table["kind"]
    currency = kind.map(_CURRENCY).where(~table["several"] | ~kind.str.endswith("_ff"), "WF02A")
    medium = kind.map(_MEDIUM).fillna("")
    # A few video calls, and a few remote ones that the older code has face to face.
    remote = medium == "02"
    medium = medium.mask(remote & (uniform[3] < _VIDEO), "03")
    first = kind.map(_FIRST).mask(remote & (uniform[3] > _CODED_ALIKE), "2")
    first = first.mask((kind == "first_remote") & (first == "2"), "1")
    tenth = table["tenth"].astype(str)
    pence = table["pence"]
    pounds = (pence // 100).astype(str) + "." + (pence % 100).astype(str).str.zfill(2)
    area = 1 + table["spot"].clip(lower=0) * 10 + table["tenth"] - 1
    return pd.DataFrame(
        {
            "Generated Record ID": [f"OP{number:07}" for number in range(1, len(table) + 1)],
            "SK_PatientID": table["person"].astype(str),
            "Appointment Date": day,
            "Attended Or Did Not Attend": table["status"],
            "First Attendance": first,
            "Consultation Type": kind.map(_TYPE).fillna(""),
            "Consultation Medium Used": medium,
            "Treatment Function Code": table["function"],
            "Main Specialty Code": table["function"].mask(table["function"] == "263", "420"),
            "Organisation Code (Code Of Provider)": trust,
            "Site Code Of Treatment": site,
            "Clinic Code": clinic,
            "GP Practice Code": practice,
            "dv_Age At CDS Activity Date": table["age"].astype(str),
            "Gender Code": table["sex"],
            "Ethnic Category Code": table["ethnic"],
            "dv_LSOA": [f"E01{990_000 + number}" for number in area],
            "dv_IMD_Decile": tenth,
            "Source Of Referral For Outpatients": np.where(uniform[2] < _BY_GP, "03", "05"),
            "Outcome Of Attendance": np.where(uniform[1] < _DISCHARGED, "1", "2"),
            "Administrative Category": table["category"],
            "Core HRG": currency,
            "Tariff Total Payment National": pounds.mask(pence < 0, ""),
        }
    ).astype(object)


def _with_faults(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the faults of a real extract, none of which moves a planted figure."""
    status = table["Attended Or Did Not Attend"]
    cancelled = np.flatnonzero(status.isin(["2", "4"]))
    faults = {
        "Appointment Date": ("1800-01-01", cancelled[:4]),
        "Attended Or Did Not Attend": ("8", cancelled[4:9]),
        "Tariff Total Payment National": ("n/a", cancelled[9:15]),
        "Gender Code": ("9", cancelled[15:40]),
        "dv_Age At CDS Activity Date": ("", cancelled[40:60]),
    }
    for name, (word, rows) in faults.items():
        table.loc[rows, name] = word
    copies = table.iloc[np.flatnonzero(status == "5")[:7]]
    return pd.concat([table, copies], ignore_index=True)
