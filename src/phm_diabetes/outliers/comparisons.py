"""Compare: each estimate beside England, its parent or its peers, in modest words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from phm_diabetes.errors import OptionError
from phm_diabetes.metrics.cards import cards_of
from phm_diabetes.metrics.withholding import has_too_few, is_withheld
from phm_diabetes.model.levels import level_named
from phm_diabetes.outliers.comparators import Comparators, peers_of
from phm_diabetes.outliers.differing import difference_from, side_of
from phm_diabetes.outliers.displaced_rows import displaced_caveats
from phm_diabetes.outliers.england import england_of
from phm_diabetes.outliers.matching import Matched, matched
from phm_diabetes.outliers.own_counts import refuse_other_figures
from phm_diabetes.outliers.parents import parents_of
from phm_diabetes.outliers.rounding import rounding_words
from phm_diabetes.outliers.sides import sides_of
from phm_diabetes.outliers.similar_sums import similar_of
from phm_diabetes.outliers.similarity import Similar
from phm_diabetes.schemas.comparisons import ROUNDING_WORDS, VERDICTS, Comparisons
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.estimates import Estimates
from phm_diabetes.schemas.keys import group_ids
from phm_diabetes.schemas.words import repeated, worded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from numpy.typing import NDArray
    from pandas._libs.missing import NAType
    from pandera.typing import DataFrame

    from phm_diabetes.geography import Geography
    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.levels import Level
    from phm_diabetes.model.measures import DiseaseArea, Measure

__all__ = ["compare"]

_TELLING = (
    *("measure", "period_start", "period_end"),
    *("comparator", "comparator_basis", "comparator_units"),
)
_INSTEAD = "Compare the estimates of phm.estimate, or read the intervals of these side by side."
_NOT_COMPARED = VERDICTS.index("not compared")
_WORDS = {
    "higher": ("worse", "similar", "better"),
    "lower": ("better", "similar", "worse"),
    "neither": ("lower", "similar", "higher"),
}


def compare(
    estimates: DataFrame[Estimates],
    *,
    to: str | Sequence[str] | Similar,
    geo: Geography | None = None,
    england: str | None = None,
    as_at: str | date = "period_end",
    measures: DiseaseArea | Sequence[Measure] | None = None,
    allow_mixed: str | None = None,
    allow_displaced: str | None = None,
) -> DataFrame[Comparisons]:
    """Compare estimates with England, a parent level, named peers, or similar practices.

    England is taken as known and includes the unit, as Fingertips does: the verdict is whether
    the unit's own interval holds England's figure. Any other comparator leaves the unit out, and
    the verdict is whether the interval of the difference holds zero; that two intervals overlap
    never decides.

    Parameters
    ----------
    estimates
        Estimates of any levels. A comparator's published row, where the table has one, is used.
    to
        ``"england"``, a level such as ``"pcn"``, ``"place"`` or ``"icb"``, a list of codes, or
        what :func:`phm_diabetes.similar` gives. A PCN is held against the peers of its practices
        that are not its own.
    geo
        Who belongs to whom; needed for a level other than England.
    england
        ``"sum_of_practices"`` allows England to be the sum of the practices in the table.
    as_at
        Whose memberships: ``"period_end"``, ``"today"``, or a date.
    measures
        Cards; ``None`` for the installed areas.
    allow_mixed
        A reason that allows a comparator of another definition; it is printed with every row,
        and the unit is not taken out of such a comparator.
    allow_displaced
        A reason that allows figures that do not represent their Place, as work is recorded in a
        local scheme instead; it is printed with every such row.

    Returns
    -------
    DataFrame[Comparisons]
        The rows given, in their order. A row without a comparator is *not compared*; nor is a
        plain count, which grows with the organisation.

    Raises
    ------
    OptionError
        When England's published row is missing and its sum was not asked for, or a comparator
        cannot be told from `to` and `geo`.
    MeasureNotFoundError
        When a measure has no card.
    UnlikeError
        When a part of England would be called England, or memberships of two days be mixed.
    StatisticsError
        When a figure is standardised or a share, and so not the quotient of its own counts.
    DefinitionMismatchError
        When a unit's comparator has another definition of the measure.
    NotRepresentativeError
        When a Place's figures are stamped as not representative, and that was not allowed.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> table = phm.load(demo.registers(), period="2022-23").table
    >>> found = phm.compare(phm.estimate(table), to="england", england="sum_of_practices")
    >>> sorted(found["comparator_basis"].unique())
    ['rolled_up']
    """
    table = checked(Estimates, estimates, what="estimates")
    refuse_other_figures(table, asker="compare()", instead=_INSTEAD)
    cards = cards_of(table, measures)
    if allow_mixed is not None and not allow_mixed.strip():
        message = "allow_mixed= takes a reason, which is printed with every row; it is blank."
        raise OptionError(message)
    stamps = displaced_caveats(table, geo, as_at, allow_displaced)
    if isinstance(to, Similar):
        against = similar_of(table, to, geo, as_at)
    elif not isinstance(to, str):
        against = peers_of(table, to)
    elif to == "england":
        against = england_of(table, geo, england, as_at)
    else:
        against = parents_of(table, geo, to, as_at)
    found = matched(table, against, allow_mixed)
    judged = _judged(table, against, found, cards, allow_mixed)
    for said in (stamps, against.notes):
        if said is not None and (said != "").any():
            words = judged["caveat"].astype(object).to_numpy()
            both = [f"{one} {other}".strip() for one, other in zip(words, said, strict=True)]
            judged["caveat"] = pd.Categorical(both)
    return cast("DataFrame[Comparisons]", judged)


def _judged(
    table: pd.DataFrame,
    against: Comparators,
    matched: Matched,
    cards: dict[str, Measure],
    allowed: str | None,
) -> pd.DataFrame:
    spot = np.where(matched.found, matched.spot, 0)
    pool = against.counts if len(against.counts) else against.counts.reindex([0])
    # What has another definition cannot be taken out, and a sum of the other does not hold it.
    member = against.member & matched.found & ~matched.mixed
    sides, ranges = sides_of(table, pool, spot, member, fixed=against.fixed)
    size = len(table)
    value, gap = np.full(size, np.nan), np.full((3, size), np.nan)
    verdict = np.full(size, _NOT_COMPARED, dtype=np.int8)
    rounding = np.full(size, ROUNDING_WORDS.index("cannot tell"), dtype=np.int8)
    given = matched.found & ~is_withheld(table)
    thin = has_too_few(pool)[spot]
    for card, confidence, alike in _judged_alike(table, cards):
        rows = np.flatnonzero(alike & given & ~(thin & card.rare))
        if not len(rows) or card.kind == "count":  # a smaller organisation only counts fewer
            continue
        some = sides.rows(rows)
        value[rows], found = difference_from(card, some, confidence)
        gap[:, rows] = found
        side = side_of(found)
        verdict[rows] = _words_of(card)[side]
        rounding[rows] = rounding_words(card, some, ranges.rows(rows), confidence, side)
    have = matched.found
    added: dict[str, Any] = {
        "comparator": repeated(against.name, size),
        "comparator_code": _blank_unless(against.code_of_row, have),
        "comparator_basis": _blank_unless(pool["basis"].iloc[spot], have),
        "comparator_units": pool["units"].astype("Int64").iloc[spot].where(have).array,
        "comparator_numerator": _whole(sides.other_numerator, have),
        "comparator_denominator": _whole(sides.other_denominator, have),
        "comparator_value": value,
        "difference": gap[0],
        "difference_lower": gap[1],
        "difference_upper": gap[2],
        "verdict": worded(verdict, VERDICTS),
        "rounding": worded(rounding, ROUNDING_WORDS),
    }
    judged = table.assign(**added)
    told = judged[[*_TELLING]].assign(member=member, mixed=matched.mixed)
    judged["caveat"] = _caveats(told, cards, against, allowed)
    return judged


def _arithmetic(card: Measure) -> tuple[object, ...]:
    return card.kind, card.unit, card.per, card.polarity, card.rare


def _judged_alike(
    table: pd.DataFrame, cards: dict[str, Measure]
) -> Iterator[tuple[Measure, float, NDArray[np.bool_]]]:
    """Rows that are judged by the same arithmetic, with one card that stands for theirs."""
    groups, first = group_ids(table, ["measure", "confidence"])
    together: dict[tuple[object, ...], list[int]] = {}
    for group, row in enumerate(first):
        card = cards[str(table["measure"].iloc[row])]
        how = (*_arithmetic(card), table["confidence"].iloc[row])
        together.setdefault(how, []).append(group)
    for found in together.values():
        row = first[found[0]]
        card = cards[str(table["measure"].iloc[row])]
        yield card, float(table["confidence"].iloc[row]), np.isin(groups, found)


def _words_of(card: Measure) -> NDArray[np.int8]:
    """Verdict for each side: level, above, not known, below (the last is place -1)."""
    below, level, above = (VERDICTS.index(word) for word in _WORDS[card.polarity])
    return np.array([level, above, _NOT_COMPARED, below], dtype=np.int8)


def _blank_unless(words: pd.Series[Any], have: NDArray[np.bool_]) -> pd.Categorical[str]:
    coded = words.astype("category").cat
    known = ["", *(str(word) for word in coded.categories if word)]
    place = np.array([known.index(str(word)) for word in coded.categories] + [0], dtype=np.int64)
    return worded(np.where(have, place[coded.codes.to_numpy()], 0), known)


def _whole(values: FloatArray, have: NDArray[np.bool_]) -> Any:  # noqa: ANN401 - pandas array
    empty = ~have | ~np.isfinite(values)
    return pd.arrays.IntegerArray(np.where(empty, 0, values).astype(np.int64), empty)


def _caveats(
    told: pd.DataFrame, cards: dict[str, Measure], against: Comparators, allowed: str | None
) -> pd.Categorical[str]:
    """Say what must stand beside each row; the same words are written once for all alike."""
    ids, first = group_ids(told, list(told.columns))
    summed = level_named(against.summed_level)
    words = [
        " ".join(
            (
                *cards[str(measure)].caveats_for(start.date(), end.date()),
                _sum(str(name), str(basis), units, summed, against.said, member=member),
            )
        )
        + (f" Definitions differ: {allowed}." if mixed else "")
        for measure, start, end, name, basis, units, member, mixed in told.iloc[first].itertuples(
            index=False
        )
    ]
    words = [each.strip() for each in words]
    unique = list(dict.fromkeys(words))
    places = np.array([unique.index(each) for each in words], dtype=np.intp)
    return worded(places[ids], unique)


def _sum(
    name: str, basis: str, units: int | NAType, summed: Level, said: str, *, member: bool
) -> str:
    """Say that the comparator was summed here, and of how many."""
    if basis != "rolled_up":
        return ""
    if name == "similar":  # how many differs from one PCN to the next, and stands in a column
        return f"The comparator is the sum of practices in the table{said}."
    who = "The comparator" if name == "peers" else level_named(name).name
    what = summed.name if units == 1 else summed.plural
    left_out = ", this unit left out" if member else ""
    return f"{who} is the sum of {units:,} {what} in the table{left_out}."
