"""Spell counts: emergency admissions, bed days and operations, per spell and never per episode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve

from phm_diabetes.disease_areas.spell_rules import SpellRule
from phm_diabetes.errors import OptionError, TooFewEventsError
from phm_diabetes.model.measures import FEWEST_EVENTS
from phm_diabetes.plugins import measure_cards
from phm_diabetes.records.layouts.england_hes_apc import ENGLAND_HES_APC
from phm_diabetes.records.measures import RecordMeasure, Rows, Total, Where
from phm_diabetes.records.plan import AGE_BAND, WEEKDAY
from phm_diabetes.records.remaking import remade
from phm_diabetes.records.stays import STAY_WORDS, episodes_of, flag_of, stays_of
from phm_diabetes.records.tallying import tally
from phm_diabetes.schemas.words import repeated, stack, words_used

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.disease_areas.hospital_codes import CodeList
    from phm_diabetes.geography import Geography
    from phm_diabetes.model.periods import Period
    from phm_diabetes.model.policies import Policy
    from phm_diabetes.records.opened import Records
    from phm_diabetes.schemas.counts import Counts
    from phm_diabetes.schemas.episodes import Episodes

__all__ = ["spell_counts"]

_ORGANISATIONS = {"practice": "practice", "trust": "provider"}


def spell_counts(  # noqa: PLR0913 - as a tally
    episodes: DataFrame[Episodes] | Records,
    *,
    rules: SpellRule | Sequence[SpellRule],
    periods: str | Period | Sequence[str | Period],
    to: str | Sequence[str] = "icb",
    by: Sequence[str] = (),
    geo: Geography | None = None,
    as_at: str | date = "period_end",
    bands: Sequence[str] = (),
    egress: Policy | None = None,
    reason: str = "",
) -> DataFrame[Counts]:
    """Count spells, or their nights, by rules of what they recorded.

    Episodes are made into provider spells by :func:`phm_diabetes.with_spells`; a spell is one
    event, however many of its episodes or slots have the code. Who and where is what its first
    episode says, the practice that of registration.

    Parameters
    ----------
    episodes
        Admitted care, as ``phm.load(path, adapter="england.hes_apc").table`` gives it, or
        opened by :func:`phm_diabetes.open_records`, with options; they are held in memory. For a
        period of three years, the episodes of all three files, and of the file after them where
        a measure goes by the day of admission: a file holds what *ended* in its year.
    rules
        What is counted, such as those of
        :mod:`phm_diabetes.disease_areas.spell_rules`.
    periods
        Financial years such as ``"2023-24"``, or periods; three years pooled are one period.
    to
        Levels, ``"practice"`` and ``"trust"``, or any that the geography reaches from the
        practice.
    by
        Dimensions: ``"age_band"`` (with ``bands=``), ``"sex"``, ``"ethnicity"`` in the five
        groups of national audits, ``"imd_quintile"``, ``"treatment_function"``, ``"admission"``
        or ``"weekday"``.
    geo, as_at
        Who belongs where, and on which day.
    bands
        Age bands, such as those of the denominator: ``("17-39", "40-64", "65-79", "80+")``.
    egress, reason
        As :func:`phm_diabetes.tally` takes them; HES's own policy unless given. Where counts are
        rounded, fewer than 10 rare events are hidden too: 8 would leave as 10.

    Returns
    -------
    DataFrame[Counts]
        As :func:`phm_diabetes.tally` gives it: hold it against people with
        :func:`phm_diabetes.against`. ``numerator_ss`` is the sum over people of the square of
        each one's spells or nights.

    Raises
    ------
    TooFewEventsError
        When a measure of rare events is asked of practices.
    OptionError
        When no rule is given, no episode has a person or an age, or a level or dimension is not
        to be had.

    References
    ----------
    Spells: Health Foundation, HES pipeline (github.com/HFAnalyticsLab/HES_pipeline). By day of
    discharge or admission: NHS Digital, HES data dictionary, which builds a year on the end of
    the episode.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> from phm_diabetes.disease_areas.spell_rules import MAJOR_AMPUTATIONS
    >>> episodes = phm.load(demo.episodes(), adapter="england.hes_apc").table
    >>> spell_counts(episodes, rules=MAJOR_AMPUTATIONS, periods=demo.EPISODE_YEARS, to="practice")
    Traceback (most recent call last):
    phm_diabetes.errors.TooFewEventsError: dm.foot.major_amputations is too rare to be counted by \
practice: a PCN or more, over three years, and mostly an ICB. Pass to='icb' and geo=.
    """
    wanted = [rules] if isinstance(rules, SpellRule) else list(rules)
    levels = [to] if isinstance(to, str) else list(to)
    by = [by] if isinstance(by, str) else list(by)
    if not wanted:
        message = "rules= names none. Pass rules of phm_diabetes.disease_areas, or your own."
        raise OptionError(message)
    _refuse_practices(wanted, levels)
    _refuse_dimensions(by)
    table = episodes_of(episodes)
    _refuse_blank(table, wanted)
    lists = list(dict.fromkeys(each for rule in wanted for each in _lists(rule)))
    stays = stays_of(table, lists)
    flags = [flag_of(*each) for each in lists]
    found = []
    for day in ("admitted", "ended"):
        own = [rule for rule in wanted if rule.day == day]
        if not own:
            continue
        # Most stays in a file are of other things: they need not be counted to count for nothing.
        held = np.logical_or.reduce([_has_all(stays, rule) for rule in own])
        records = remade(
            stays[held],
            ENGLAND_HES_APC,
            key="spell",
            day=day,
            organisations=_ORGANISATIONS,
            words=STAY_WORDS,
            numbers=["age", "nights", "over", *flags],
        )
        for policy, alike in _by_policy(own, egress):
            found.append(
                tally(
                    records,
                    measures=[_measure(rule) for rule in alike],
                    periods=periods,
                    to=levels,
                    by=by,
                    geo=geo,
                    as_at=as_at,
                    bands=bands,
                    egress=policy,
                    reason=reason,
                )
            )
    counts = stack(found)
    sources = " + ".join(words_used(table["source"])) or "not stated"
    counts["source"] = repeated(sources, len(counts))
    return counts


def _by_policy(
    rules: Sequence[SpellRule], egress: Policy | None
) -> list[tuple[Policy, list[SpellRule]]]:
    """Return rules by what may leave of them: of rare events, none that rounding could make 10."""
    policy = ENGLAND_HES_APC.policy if egress is None else egress
    sterner = policy
    if policy.round_to > 1 and policy.hide_up_to < FEWEST_EVENTS - 1:
        few = FEWEST_EVENTS - 1
        sterner = evolve(policy, name=f"{policy.name}; 1-{few} rare events", hide_up_to=few)
    cards = measure_cards(None)
    rare = [rule for rule in rules if rule.measure in cards and cards[rule.measure].rare]
    common = [rule for rule in rules if rule not in rare]
    return [(how, some) for how, some in ((policy, common), (sterner, rare)) if some]


def _lists(rule: SpellRule) -> list[tuple[str, CodeList]]:
    procedures = [("procedures", codes) for codes in (*rule.procedures, *rule.without)]
    return [*(("diagnoses", codes) for codes in rule.diagnoses), *procedures]


def _has_all(stays: pd.DataFrame, rule: SpellRule) -> NDArray[np.bool_]:
    """Whether each stay has a code of every list that the rule asks for."""
    asked = [
        *(flag_of("diagnoses", codes) for codes in rule.diagnoses),
        *(flag_of("procedures", codes) for codes in rule.procedures),
    ]
    return np.asarray((stays[asked] > 0).all(axis=1), dtype=bool)


def _measure(rule: SpellRule) -> RecordMeasure:
    """Return the rule as a measure over stays."""
    where = [
        *(Where(column=flag_of("diagnoses", codes), least=1) for codes in rule.diagnoses),
        *(Where(column=flag_of("procedures", codes), least=1) for codes in rule.procedures),
        *(Where(column=flag_of("procedures", codes), most=0) for codes in rule.without),
    ]
    if rule.emergency:
        where.append(Where(column="admission", isin=("emergency",)))
    if rule.day == "ended":
        where.append(Where(column="over", least=1))
    if rule.youngest is not None:
        where.append(Where(column="age", least=rule.youngest))
    counted = Rows() if rule.counts == "spells" else Total(column="nights")
    return RecordMeasure(
        id=rule.measure, definition=rule.definition, numerator=counted, where=where
    )


def _refuse_practices(rules: Sequence[SpellRule], levels: Sequence[str]) -> None:
    if "practice" not in levels:
        return
    cards = measure_cards(None)
    rare = [each.measure for each in rules if each.measure in cards and cards[each.measure].rare]
    if rare:
        message = (
            f"{', '.join(dict.fromkeys(rare))} is too rare to be counted by practice: a PCN or "
            "more, over three years, and mostly an ICB. Pass to='icb' and geo=."
        )
        raise TooFewEventsError(message)


def _refuse_blank(table: pd.DataFrame, rules: Sequence[SpellRule]) -> None:
    """Refuse episodes of nobody, or of no age: none would be counted, as if there were none."""
    asked = ["person", *(["age"] if any(rule.youngest is not None for rule in rules) else [])]
    for name in asked:
        if len(table) and table[name].isna().all():
            message = (
                f"No episode has '{name}', without which none is counted: the extract lacks the "
                "column, or it could not be read. See .problems, and ask for it."
            )
            raise OptionError(message)


def _refuse_dimensions(by: Sequence[str]) -> None:
    known = (AGE_BAND, WEEKDAY, *STAY_WORDS)
    strange = [name for name in by if name not in known]
    if strange:
        message = f"by= names '{strange[0]}', which a spell has not: it has {', '.join(known)}."
        raise OptionError(message)
