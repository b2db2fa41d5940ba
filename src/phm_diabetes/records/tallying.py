"""Tally: records to Counts, people counted anew at every level and in every period asked for."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phm_diabetes.errors import OptionError
from phm_diabetes.model.levels import UNALLOCATED
from phm_diabetes.model.periods import Period
from phm_diabetes.records.measures import Distinct, RecordMeasure, Total
from phm_diabetes.records.plan import Grouping, Plan
from phm_diabetes.rolling_up import day_of
from phm_diabetes.schemas.completing import counts_from
from phm_diabetes.schemas.words import repeated, worded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.geography import Geography
    from phm_diabetes.model.policies import Policy
    from phm_diabetes.records.opened import Records
    from phm_diabetes.schemas.counts import Counts

__all__ = ["allowed_policy", "tally"]

_PRICED_BY = ("price_type", "market_forces_factor", "price_year")
"""Options without which money means nothing."""

_LOG = logging.getLogger("phm_diabetes.egress")


def tally(  # noqa: PLR0913 - each says what is counted, and none has a default that decides it
    records: Records,
    *,
    measures: RecordMeasure | Sequence[RecordMeasure],
    periods: str | Period | Sequence[str | Period],
    to: str | Sequence[str] = "practice",
    by: Sequence[str] = (),
    geo: Geography | None = None,
    as_at: str | date = "period_end",
    bands: Sequence[str] = (),
    egress: Policy | None = None,
    reason: str = "",
) -> DataFrame[Counts]:
    """Count records into Counts, where the records lie.

    Distinct people are counted anew at each level and in each period: they never add up. What the
    policy hides is a range; money of few people is hidden whole.

    Parameters
    ----------
    records
        As :func:`phm_diabetes.open_records` gives them.
    measures
        What is counted.
    periods
        Financial years such as ``"2023-24"``, or periods; a record counts in each that its day
        lies in.
    to
        Levels: those that the layout knows, such as ``"practice"`` or ``"trust"``, or any that the
        geography reaches from the practice.
    by
        Dimensions: columns of few words, ``"age_band"`` (with ``bands=``) or ``"weekday"``.
    geo
        Who belongs where, for levels above the practice.
    as_at
        Day of the memberships: ``"period_end"``, ``"today"`` or a date.
    bands
        Age bands, such as ``("0-16", "17-39", "40-64", "65+")``.
    egress
        Disclosure policy of the place where the records lie; the layout's own unless given.
    reason
        Why figures may leave unsuppressed: required, and logged, where ``egress`` hides nothing.

    Returns
    -------
    DataFrame[Counts]
        A row a measure, level, organisation, period and cell that any record is in. Money is in
        pence; ``numerator_ss`` is the sum over people of their squares.

    Raises
    ------
    OptionError
        When a level, dimension or measure is not to be had from the layout, money has no price
        basis and year, or nothing is hidden and no reason is given.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> records = phm.open_records(demo.appointments(), adapter="dudley.hes_op")
    >>> attended = phm.RecordMeasure(
    ...     id="op.attendances", definition="sus:ATTENDED{5,6}:1", numerator=phm.Rows(
    ...         where=[phm.Where(column="attendance", isin=["attended"])]))
    >>> table = phm.tally(records, measures=attended, periods="2022-23", by=["visit"])
    >>> sorted(table["visit"].unique())
    ['first', 'follow_up']
    """
    policy = allowed_policy(records, egress, reason)
    wanted = (measures,) if isinstance(measures, RecordMeasure) else tuple(measures)
    spans = tuple(
        Period.financial_year(each) if isinstance(each, str) else each
        for each in ([periods] if isinstance(periods, (str, Period)) else periods)
    )
    definitions = [_definition(records, measure) for measure in wanted]
    groupings, days = _groupings(records, (to,) if isinstance(to, str) else to, spans, geo, as_at)
    names = (by,) if isinstance(by, str) else tuple(by)
    plan = Plan(measures=wanted, by=names, groupings=groupings, bands=tuple(bands))
    # One in the other, so that the tally's table is gone before its Counts are checked.
    return counts_from(
        _columns(
            records, plan, records.executor.tally(plan, egress=policy)[0], policy, definitions, days
        )
    )


def allowed_policy(records: Records, egress: Policy | None, reason: str) -> Policy:
    """Return the disclosure rule under which figures of records leave.

    A rule that only rounds hides nobody, and needs a reason as well.

    Parameters
    ----------
    records
        What was counted.
    egress, reason
        As :func:`tally` takes them.

    Raises
    ------
    OptionError
        When nothing is hidden and no reason is given.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> records = phm.open_records(demo.appointments(), adapter="dudley.hes_op")
    >>> allowed_policy(records, None, "").name
    '1-7 hidden, rounded to 5'
    """
    if not hasattr(records, "layout"):
        message = (
            f"Records are what phm.open_records gives, not {type(records).__name__}. Open the "
            "file or frame with the adapter that reads it."
        )
        raise OptionError(message)
    policy = records.layout.policy if egress is None else egress
    if policy.hide_up_to:
        return policy
    if not reason.strip():
        message = (
            f"The policy '{policy.name}' lets small numbers out as they are. Say why that is "
            "allowed, as in reason='stays in the ICB's secure environment', or leave egress= out."
        )
        raise OptionError(message)
    _LOG.warning("%s counted without suppression: %s", records.layout.name, reason.strip())
    return policy


def _definition(records: Records, measure: RecordMeasure) -> str:
    """Return the definition; of money with what kind of price it is, and of which year."""
    if not measure.money:
        return measure.definition
    said = {name: records.options.get(name, "").strip() for name in _PRICED_BY}
    unsaid = [name for name, word in said.items() if not word]
    if unsaid:
        message = (
            f"'{measure.id}' adds up money, and nobody has said what kind of price it is and of "
            f"which year. Pass to open_records options= with {', '.join(unsaid)}, such as "
            "{'price_type': 'national', 'market_forces_factor': 'included', 'price_year': "
            "'2023-24'}."
        )
        raise OptionError(message)
    mff = f"MFF {said['market_forces_factor']}"
    return ":".join([measure.definition, said["price_type"], mff, said["price_year"]])


def _groupings(
    records: Records,
    levels: Sequence[str],
    spans: tuple[Period, ...],
    geo: Geography | None,
    as_at: str | date,
) -> tuple[tuple[Grouping, ...], dict[tuple[str, pd.Timestamp], pd.Timestamp]]:
    """Return the groupings, and the day whose memberships each level and period used."""
    own = records.layout.organisations
    found: list[Grouping] = []
    days: dict[tuple[str, pd.Timestamp], pd.Timestamp] = {}
    for level in levels:
        if level in own:
            found.append(Grouping(level=level, column=own[level], spans=spans))
            continue
        if geo is None or "practice" not in own:
            message = (
                f"'{records.layout.name}' holds {', '.join(own) or 'no organisation'}; for "
                f"'{level}' pass geo=, a Geography that says which practices belong to it."
            )
            raise OptionError(message)
        parents = []
        for span in spans:
            end = pd.Timestamp(span.end)
            day = days[level, end] = day_of(as_at, end)
            pairs = geo.parents("practice", level, day)
            codes = zip(pairs["org_code"].astype(str), pairs["parent_code"], strict=True)
            parents.append(
                {code: UNALLOCATED if pd.isna(up) or up == "" else str(up) for code, up in codes}
            )
        found.append(
            Grouping(level=level, column=own["practice"], spans=spans, parents=tuple(parents))
        )
    return tuple(found), days


def _columns(
    records: Records,
    plan: Plan,
    table: pd.DataFrame,
    policy: Policy,
    definitions: Sequence[str],
    days: dict[tuple[str, pd.Timestamp], pd.Timestamp],
) -> pd.DataFrame:
    """Return a tally's table as the columns of Counts that carry news."""
    number = table["measure"].to_numpy(dtype="int64")
    level = table["level"].astype("category")
    ends = table["period_end"].astype("datetime64[ns]")
    as_at = pd.Series(pd.NaT, index=table.index, dtype="datetime64[ns]")
    for (name, end), day in days.items():
        as_at = as_at.mask((level == name) & (ends == end), day)
    ids = list(dict.fromkeys(measure.id for measure in plan.measures))
    versions = list(dict.fromkeys(definitions))
    found = {
        "dataset": repeated(records.layout.title, len(table)),
        "measure": worded(_spots(ids, [each.id for each in plan.measures])[number], ids),
        "definition": worded(_spots(versions, definitions)[number], versions),
        "org_level": level,
        "org_code": table["org_code"].astype("category"),
        "period_start": table["period_start"].astype("datetime64[ns]"),
        "period_end": ends,
        "basis": worded(as_at.notna().to_numpy(), ["published", "rolled_up"]),
        "as_at": as_at,
        "source": repeated(records.id, len(table)),
        **{name: table[name].astype("category") for name in plan.by},
        "numerator_ss": _squares(table.pop("numerator_ss")),
    }
    for part in ("numerator", "denominator"):
        found |= _range(plan, table.pop(part), number, policy, part)
    return pd.DataFrame(found, copy=False)


def _spots(words: Sequence[str], said: Sequence[str]) -> NDArray[np.int64]:
    known = {word: spot for spot, word in enumerate(words)}
    return np.array([known[word] for word in said], dtype=np.int64)


def _squares(given: pd.Series[Any]) -> pd.Series[float]:
    """Return sums of squares; missing where there is none, or it is hidden."""
    squares = given.astype("Int64")
    return squares.mask(squares < 0).astype("Float64").astype("float64")


def _range(
    plan: Plan,
    figures: pd.Series[Any],
    number: NDArray[np.int64],
    policy: Policy,
    part: str,
) -> dict[str, Any]:
    """Return one part's value with the bounds that the policy leaves it."""
    sides = [getattr(measure, part) for measure in plan.measures]
    money = np.array([isinstance(side, Total) for side in sides])[number]
    people = np.array([isinstance(side, Distinct) for side in sides])[number]
    given = figures.astype("Int64")
    hidden = (given < 0).fillna(value=False).astype(bool)
    value = given.mask(hidden)
    least, most = policy.round_to // 2, (policy.round_to - 1) // 2  # half rounds up
    if not (least or most or hidden.any()):
        return {part: value}
    counted = value.notna() & ~money & (value > 0)
    low = value.mask(counted, (value - least).clip(lower=policy.hide_up_to + 1))
    high = value.mask(counted, value + most)
    # Of few people: as many rows, or as much money, as there may be.
    low = low.mask(hidden, 1).mask(hidden & money, 0)
    high = high.mask(hidden & people, policy.hide_up_to)
    return {part: value, f"{part}_low": low, f"{part}_high": high}
