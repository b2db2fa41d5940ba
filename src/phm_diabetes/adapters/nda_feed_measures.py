"""Measures of a local feed of the National Diabetes Audit: who counts above and below the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen

from phm_diabetes.disease_areas.nda_versions import ALL_THREE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from phm_diabetes.adapters.nda_feed_people import People

__all__ = ["Counted", "components_shown", "counted_measures"]

_YOUNGEST = 12
_STATIN_AGES = (40, 80)
_PROCESSES = ("bp", "cholesterol", "creatinine", "urine_albumin", "foot", "bmi", "smoking")


@frozen(kw_only=True, eq=False)
class Counted:
    """Who counts for one measure.

    Parameters
    ----------
    measure
        Its id.
    numerator, denominator
        Whether each person counts; no denominator for a count.
    components
        Of all three treatment targets.

    Examples
    --------
    >>> Counted(measure="dm.registrations", numerator=np.array([True])).components
    """

    measure: str
    numerator: NDArray[np.bool_] = field(repr=False)
    denominator: NDArray[np.bool_] | None = field(default=None, repr=False)
    components: tuple[str, ...] | None = None


def counted_measures(people: People, components: tuple[str, ...] | None) -> list[Counted]:
    """Return who counts for every measure that the feed can tell.

    Denominators are the audit's: everyone, or everyone aged 12 and over, for a care process; only
    people with a reading for a target. People whose age is not recorded are in neither of the
    latter, as in the audit.

    Parameters
    ----------
    people
        People of the feed.
    components
        Of all three treatment targets; ``None`` where the feed does not have them.

    Examples
    --------
    >>> from phm_diabetes.adapters.nda_feed_people import People
    >>> people = People(age=np.array([8.0, 50.0]), levels={}, weight=np.ones(2, dtype=int),
    ...     flags={"bp": np.array([True, True])}, readings={})
    >>> [(each.measure, each.denominator.tolist()) for each in counted_measures(people, None)[1:]]
    [('dm.cp.bp', [False, True])]
    """
    everyone = np.ones(len(people.age), dtype=bool)
    old_enough = people.age >= _YOUNGEST
    flags = people.flags
    found = [Counted(measure="dm.registrations", numerator=everyone)]

    def add(measure: str, flag: str, among: NDArray[np.bool_] | None) -> None:
        if flag in flags and among is not None:
            found.append(Counted(measure=measure, numerator=flags[flag] & among, denominator=among))

    add("dm.cp.hba1c", "hba1c", everyone)
    for name in _PROCESSES:
        add(f"dm.cp.{name}", name, old_enough)
    add("dm.cp.retinal", "retinal", old_enough)
    add("dm.cp8", "cp8", everyone)
    add("dm.cp9", "cp9", everyone)
    with_hba1c, with_pressure, with_cholesterol = _with_readings(people, old_enough)
    for limit in (48, 53, 58, 75, 86):
        add(f"dm.tt.hba1c_{limit}", f"hba1c_{limit}", with_hba1c)
    for name in ("bp_140_80", "bp_140_90"):
        add(f"dm.tt.{name}", name, with_pressure)
    for name in ("cholesterol_4", "cholesterol_5"):
        add(f"dm.tt.{name}", name, with_cholesterol)
    for name, among in _indicated(people).items():
        add(f"dm.tt.statin_{name}", "statin", among)
    with_all = _with_all_readings(people, components or ())
    if components is not None and "tt3" in flags and with_all is not None:
        found.append(
            Counted(
                measure="dm.tt3",
                numerator=flags["tt3"] & with_all,
                denominator=with_all,
                components=components,
            )
        )
    return found


def _with_readings(
    people: People, old_enough: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_] | None, NDArray[np.bool_] | None, NDArray[np.bool_] | None]:
    """Who has a reading in the window; ``None`` where the feed does not say."""
    flags, readings = people.flags, people.readings
    hba1c = flags["hba1c"] & readings["hba1c"] if {"hba1c"} <= set(flags) & set(readings) else None
    has_pressure = "bp" in flags and {"systolic", "diastolic"} <= set(readings)
    pressure = (
        old_enough & flags["bp"] & readings["systolic"] & readings["diastolic"]
        if has_pressure
        else None
    )
    has_cholesterol = "cholesterol" in flags and "cholesterol" in readings
    cholesterol = (
        old_enough & flags["cholesterol"] & readings["cholesterol"] if has_cholesterol else None
    )
    return hba1c, pressure, cholesterol


def _with_all_readings(people: People, components: tuple[str, ...]) -> NDArray[np.bool_] | None:
    """Who has a reading of each target that has one; under the age of 12, of HbA1c."""
    old_enough = people.age >= _YOUNGEST
    hba1c, pressure, cholesterol = _with_readings(people, old_enough)
    third = cholesterol if "cholesterol_5" in components else old_enough
    if hba1c is None or pressure is None or third is None:
        return None
    return np.asarray(hba1c & (pressure & third | (people.age < _YOUNGEST)), dtype=bool)


def _with_disease(people: People) -> NDArray[np.bool_] | None:
    if "cvd" not in people.flags or "ihd" not in people.flags:
        return None
    return people.flags["cvd"] | people.flags["ihd"]


def _indicated(people: People) -> dict[str, NDArray[np.bool_]]:
    """For whom a statin is indicated, by kind of prevention."""
    disease = _with_disease(people)
    if disease is None:
        return {}
    youngest, oldest = _STATIN_AGES
    in_age = (people.age >= youngest) & (people.age < oldest + 1)
    return {"primary": in_age & ~disease, "secondary": disease, "combined": in_age | disease}


def components_shown(people: People) -> tuple[str, ...] | None:
    """Return the components that the flag of all three targets is made of, told by the flags.

    Parameters
    ----------
    people
        People of the feed.

    Returns
    -------
    tuple of str or None
        The one set whose flags give the flag of all three for everyone aged 12 and over;
        ``None`` where no set does, or more than one.

    Examples
    --------
    >>> from phm_diabetes.adapters.nda_feed_people import People
    >>> yes, no = np.array([True, True]), np.array([True, False])
    >>> people = People(age=np.array([30.0, 35.0]), levels={}, weight=np.ones(2, dtype=int),
    ...     flags={"tt3": no, "hba1c_58": yes, "bp_140_80": yes, "cholesterol_5": no,
    ...            "statin": ~yes, "cvd": ~yes, "ihd": ~yes}, readings={})
    >>> components_shown(people)
    ('hba1c_58', 'bp_140_80', 'cholesterol_5')
    """
    if "tt3" not in people.flags:
        return None
    old_enough = people.age >= _YOUNGEST
    indicated = _indicated(people).get("combined")
    reached = dict(people.flags)
    if indicated is not None and "statin" in reached:
        reached["statin"] = reached["statin"] | ~indicated
    else:
        reached.pop("statin", None)
    fitting = [
        each
        for each in ALL_THREE
        if set(each) <= set(reached)
        and (
            np.logical_and.reduce([reached[name] for name in each])[old_enough]
            == people.flags["tt3"][old_enough]
        ).all()
    ]
    return fitting[0] if len(fitting) == 1 else None
