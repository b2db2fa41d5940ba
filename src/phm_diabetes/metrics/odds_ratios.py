"""Adjusted odds: who misses appointments more often, other things that are recorded being equal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.errors import OptionError, StatisticsError, did_you_mean
from phm_diabetes.metrics.intervals import normal_deviate
from phm_diabetes.metrics.logistic import clustered_logistic
from phm_diabetes.model.dimensions import UNKNOWN
from phm_diabetes.model.periods import Period
from phm_diabetes.records.absent import refuse_absent
from phm_diabetes.records.counted_rows import band_numbers
from phm_diabetes.records.measures import Rows
from phm_diabetes.records.meeting import columns_asked, meets
from phm_diabetes.records.plan import AGE_BAND
from phm_diabetes.records.tallying import allowed_policy
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.odds import Odds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.policies import Policy
    from phm_diabetes.records.measures import RecordMeasure
    from phm_diabetes.records.opened import Records

__all__ = ["adjusted_odds"]

_PERSON = "person"
_ALWAYS = "nobody, or everybody, at this level had the event"
_HIDDEN = "too few people or events to be shown"


def adjusted_odds(  # noqa: PLR0913 - each is a choice that the output must state
    records: Records,
    *,
    measure: RecordMeasure,
    period: str | Period,
    factors: Sequence[str] = ("age_band", "sex", "imd_quintile"),
    bands: Sequence[str] = (),
    references: Mapping[str, str] | None = None,
    confidence: float = 0.95,
    egress: Policy | None = None,
    reason: str = "",
) -> DataFrame[Odds]:
    """Return odds ratios of an event, each factor adjusted for the others.

    One logistic regression on the records themselves, with errors clustered by person: one person
    can miss appointment after appointment. Needs statsmodels, the extra ``adjust``. Records are
    held in memory, and stay where they lie; only ratios and counts leave.

    Parameters
    ----------
    records
        As :func:`phm_diabetes.open_records` gives them.
    measure
        Counts rows out of rows, such as appointments missed out of those missed or attended.
    period
        A financial year such as ``"2023-24"``, or a period.
    factors
        Columns of few words, or ``"age_band"`` (with ``bands=``). Not recorded is a level.
    bands
        Age bands, such as ``("17-39", "40-64", "65+")``.
    references
        Level to compare with, by factor; otherwise the level with most records that is known.
    confidence
        Two-sided.
    egress, reason
        As :func:`phm_diabetes.tally` takes them.

    Returns
    -------
    DataFrame[Odds]
        One row a level. A level with fewer people or events than the policy shows has no ratio,
        and ``reason`` says so. Where counts are rounded, ratios have two decimals.

    Raises
    ------
    MissingLibraryError
        When statsmodels is not installed.
    OptionError
        When a factor, level or confidence is none that can be used, the source has no column of
        a factor or of people, a factor is the same in every record, the measure does not count
        rows out of rows, or nothing is hidden and no reason is given.
    StatisticsError
        When there are too few events, factors go together, or the fit does not settle.

    Notes
    -----
    Odds are not risks: at 10% missed, odds of 2 are a risk of 1.8. Records without a person are
    each a person of their own, and ``people`` leaves them out. Levels at which nobody, or
    everybody, had the event have no finite odds: their records are left out of the fit.

    References
    ----------
    Liang K-Y, Zeger SL. Biometrika 1986;73:13-22, as function ``GLM.fit`` of statsmodels computes
    it.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> table = pd.DataFrame({
    ...     "ATTENDKEY": [str(key) for key in range(600)], "APPTDATE": "2023-05-02",
    ...     "ATTENDED": ["3" if key % 10 < 1 + 3 * (key % 2) else "5" for key in range(600)],
    ...     "SEX": [str(1 + key % 2) for key in range(600)], "FIRSTATT": "1", "TRETSPEF": "307",
    ...     "GPPRAC": "Y99001", "PROCODET": "RNA00",
    ...     "TOKEN_PERSON_ID": [f"{key:032x}" for key in range(600)]})
    >>> missed = phm.RecordMeasure(
    ...     id="dm.op_dna", definition="hes:ATTENDED{3,7}/{3,5,6,7}:core:1",
    ...     numerator=Rows(where=[phm.Where(column="attendance", isin=["missed"])]),
    ...     denominator=Rows(where=[phm.Where(column="attendance", isin=["missed", "attended"])]))
    >>> records = phm.open_records(table, adapter="england.hes_op")
    >>> found = phm.adjusted_odds(records, measure=missed, period="2023-24", factors=["sex"],
    ...                           references={"sex": "male"})
    >>> found[["level", "denominator", "odds_ratio", "lower", "upper"]].values.tolist()
    [['female', 300, 2.67, 1.85, 3.84], ['male', 300, 1.0, 1.0, 1.0]]
    """
    policy = allowed_policy(records, egress, reason)
    span = Period.financial_year(period) if isinstance(period, str) else period
    risk = measure.denominator
    if not isinstance(measure.numerator, Rows) or not isinstance(risk, Rows):
        message = f"'{measure.id}' does not count rows out of rows, as odds do."
        raise OptionError(message)
    names = [factors] if isinstance(factors, str) else list(dict.fromkeys(factors))
    if not names:
        message = "factors= names none. Write factors=['age_band', 'sex']."
        raise OptionError(message)
    day = records.layout.day
    asked = columns_asked(measure.where, measure.numerator.where, risk.where)
    columns = ["age" if name == AGE_BAND else name for name in names]
    _refuse_columns(records, columns)
    refuse_absent(records.executor.resolved, [*columns, _PERSON], what="Adjusted odds")
    rows = records.frame(list(dict.fromkeys([*asked, *columns, day, _PERSON])))
    days = rows[day]
    inside = (days >= pd.Timestamp(span.start)) & (days <= pd.Timestamp(span.end))
    at_risk = inside.to_numpy() & meets(rows, [*measure.where, *risk.where])
    kept = rows[at_risk].reset_index(drop=True)
    events = meets(kept, measure.numerator.where)
    levels = {name: _levels(kept, name, bands) for name in names}
    fitted = _fitted(levels, events, _people(kept[_PERSON]), references or {}, confidence)
    shown = _shown(fitted, policy, confidence)
    return checked(
        Odds,
        shown.assign(
            measure=measure.id,
            definition=measure.definition,
            period_start=pd.Timestamp(span.start),
            period_end=pd.Timestamp(span.end),
            source=records.id,
            method=_method(names),
        )[list(Odds.to_schema().columns)],
        what="The table of odds",
    )


def _refuse_columns(records: Records, names: Sequence[str]) -> None:
    layout = records.layout
    kinds = {column.name: str(column.kind) for column in layout.columns}
    kinds |= {made.name: "code" for made in layout.derived}
    usable = [name for name, kind in kinds.items() if kind in {"code", "text"}]
    for name in names:
        if name not in usable and name != "age":
            message = f"'{layout.name}' has no column of few words called '{name}'."
            raise OptionError(message + did_you_mean(name, usable))
    if _PERSON not in kinds:
        message = f"'{layout.name}' names no people, by whom its records could be clustered."
        raise OptionError(message)


def _refuse_constant(levels: Mapping[str, pd.Series[Any]]) -> None:
    """Refuse a factor with one level: odds would be called adjusted for it, and are not."""
    for name, words in levels.items():
        found = [str(word) for word in words.unique()]
        if len(found) == 1:
            message = (
                f"'{name}' is '{found[0]}' in every record here, so that nothing is adjusted for "
                "it. Leave it out of factors=, or see .problems() of the records: a column may be "
                "absent, or an option such as imd_vintage unsaid."
            )
            raise OptionError(message)


def _levels(rows: pd.DataFrame, name: str, bands: Sequence[str]) -> pd.Series[Any]:
    if name != AGE_BAND:
        words = rows[name].astype(object)
        return words.where(words.notna() & (words != ""), UNKNOWN)
    if not bands:
        message = "'age_band' needs bands=, such as ('17-39', '40-64', '65+')."
        raise OptionError(message)
    by_age = band_numbers(bands)
    ages = rows["age"].to_numpy(dtype=np.int64, na_value=-1)
    known = (ages >= 0) & (ages < len(by_age))
    numbers = np.where(known, by_age[np.where(known, ages, 0)], len(bands))
    return pd.Series(np.array([*bands, UNKNOWN], dtype=object)[numbers], index=rows.index)


def _people(person: pd.Series[Any]) -> NDArray[np.int64]:
    """Return a number a person; whoever is not known is a person of their own, below zero."""
    numbers = pd.factorize(person, use_na_sentinel=True)[0]
    alone = -1 - np.arange(len(numbers))
    return np.where(numbers < 0, alone, numbers).astype(np.int64)


@frozen(kw_only=True, eq=False)
class _Level:
    factor: str
    level: str
    people: int
    rows: int
    events: int
    is_reference: bool
    crude: float
    ratio: float
    error: float


def _fitted(
    levels: Mapping[str, pd.Series[Any]],
    events: NDArray[np.bool_],
    people: NDArray[np.int64],
    references: Mapping[str, str],
    confidence: float,
) -> list[_Level]:
    normal_deviate(confidence)  # refuses one that does not lie between 0 and 1
    strange = [name for name in references if name not in levels]
    if strange:
        message = f"references= names '{strange[0]}', which is no factor."
        raise OptionError(message + did_you_mean(strange[0], levels))
    usable = _usable(levels, events)
    _refuse_constant(levels)
    chosen = {
        name: _reference(name, words[usable], references.get(name))
        for name, words in levels.items()
    }
    columns = [
        (name, level)
        for name, words in levels.items()
        for level in sorted(words[usable].unique())
        if level != chosen[name]
    ]
    if not columns:
        message = "No factor has two levels at which some have the event and some have not."
        raise StatisticsError(message)
    design = np.column_stack(
        [(levels[name][usable] == level).to_numpy(dtype=np.float64) for name, level in columns]
    )
    fit = clustered_logistic(events[usable], design, people[usable])
    ratios = dict(zip(columns, np.exp(fit.coefficients).tolist(), strict=True))
    errors = dict(zip(columns, fit.errors.tolist(), strict=True))
    found = []
    for name, words in levels.items():
        base = _odds(events[(words == chosen[name]).to_numpy() & usable])
        for level in sorted(words.unique()):
            here = (words == level).to_numpy()
            held = people[here]
            at = (name, str(level))
            is_reference = level == chosen[name]
            found.append(
                _Level(
                    factor=name,
                    level=str(level),
                    people=len(np.unique(held[held >= 0])),
                    rows=int(here.sum()),
                    events=int(events[here].sum()),
                    is_reference=is_reference,
                    crude=_odds(events[here]) / base,
                    ratio=1.0 if is_reference else ratios.get(at, np.nan),
                    error=0.0 if is_reference else errors.get(at, np.nan),
                )
            )
    return found


def _usable(levels: Mapping[str, pd.Series[Any]], events: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the records whose every level has records with and without the event."""
    usable = np.ones(len(events), dtype=bool)
    while True:
        kept = int(usable.sum())
        for words in levels.values():
            happened = pd.Series(events[usable]).groupby(words[usable].to_numpy()).mean()
            varied = happened.index[(happened > 0) & (happened < 1)]
            usable &= words.isin(varied).to_numpy()
        if int(usable.sum()) == kept:
            return usable


def _reference(name: str, words: pd.Series[Any], wanted: str | None) -> str:
    numbers = words.value_counts(sort=False).sort_index()
    known = [str(word) for word in numbers.index]
    if wanted is not None:
        if wanted not in known:
            message = (
                f"'{name}' has no level '{wanted}' at which some have the event and some have "
                f"not. Its levels: {', '.join(known) or 'none'}."
            )
            raise OptionError(message + did_you_mean(wanted, known))
        return wanted
    most = numbers.drop(UNKNOWN, errors="ignore")
    return str((most if len(most) else numbers).idxmax()) if known else UNKNOWN


def _odds(events: NDArray[np.bool_]) -> float:
    happened = int(events.sum())
    return happened / (len(events) - happened) if 0 < happened < len(events) else np.nan


def _shown(fitted: Sequence[_Level], policy: Policy, confidence: float) -> pd.DataFrame:
    z = float(normal_deviate(confidence))
    step = 2 if policy.round_to > 1 else 12
    rows = []
    for each in fitted:
        # As few without the event as with it would say who had it.
        parts = (each.people, each.events, each.rows - each.events)
        hidden = any(0 < part <= policy.hide_up_to for part in parts)
        reason = _HIDDEN if hidden else ""
        if not reason and np.isnan(each.ratio):
            reason = _ALWAYS
        ratio = np.nan if reason else each.ratio
        ends: FloatArray = ratio * np.exp(np.array([-z, z]) * each.error)
        rows.append(
            {
                "factor": each.factor,
                "level": each.level,
                "reference": each.is_reference,
                "people": None if hidden else policy.as_shown(each.people),
                "numerator": None if hidden else policy.as_shown(each.events),
                "denominator": None if hidden else policy.as_shown(each.rows),
                "crude_odds_ratio": np.nan if reason else round(each.crude, step),
                "odds_ratio": round(ratio, step),
                "lower": round(float(ends[0]), step),
                "upper": round(float(ends[1]), step),
                "confidence": confidence,
                "reason": reason,
            }
        )
    counts = dict.fromkeys(("people", "numerator", "denominator"), "Int64")
    return pd.DataFrame(rows).astype(counts)


def _method(names: Sequence[str]) -> str:
    adjusted = " and ".join(names)
    return f"logistic regression on {adjusted}, errors clustered by person"
