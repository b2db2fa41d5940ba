"""Against: what was counted in one source, for each person counted in another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import pandas as pd

from phm_diabetes.errors import (
    DoubleCountError,
    MeasureNotFoundError,
    OptionError,
    UnlikeError,
    did_you_mean,
)
from phm_diabetes.metrics.cards import cards_of
from phm_diabetes.metrics.matched_people import people_of_rows, with_absent
from phm_diabetes.schemas.columns import dimensions_of
from phm_diabetes.schemas.counts import as_counts
from phm_diabetes.schemas.words import worded, words_used
from phm_diabetes.summing import choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from pandera.typing import DataFrame

    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.schemas.counts import Counts

__all__ = ["Basis", "against"]

Basis = Literal["register", "list", "needs"]
"""Whom activity is held against: those on a register, on the list, or people weighted by need."""

_PART: dict[str, str] = {"register": "numerator", "list": "denominator", "needs": "numerator"}
_WORDS = {
    "register": "for people on the register",
    "list": "for people on the list",
    "needs": "for people weighted by need",
}
_ENDS = ("", "_low", "_high", "_variance")
_MOST_NAMED = 3


def against(
    counts: DataFrame[Counts],
    people: DataFrame[Counts],
    *,
    measure: str,
    basis: Basis,
    by: Sequence[str] = (),
    measures: DiseaseArea | Sequence[Measure] | None = None,
    absent: Literal["leave_out", "zero"] = "leave_out",
    allow_mixed: str | None = None,
) -> DataFrame[Counts]:
    """Hold activity against people: the denominator of one table is the people of another.

    The two are not linked, so the people who attended need not be among those on the register:
    what comes out is a rate or a ratio, and can pass 100%. Nothing is divided here.

    Parameters
    ----------
    counts
        Counts without a denominator, as a tally of records gives them, at levels that `people`
        has too.
    people
        Counts of the people, rolled up to the same levels on the same day.
    measure
        Id of the measure in `people`, such as that of a register.
    basis
        ``"register"`` takes its numerator, the people on the register; ``"list"`` its
        denominator, all people registered; ``"needs"`` its numerator, where that is people
        weighted by need. It has no default, since who stands out hangs on it.
    by
        Dimensions to keep. `people` has them too, unless one level was chosen beforehand.
    measures
        Cards, whose age ranges must be the same; ``None`` for the installed areas.
    absent
        ``"zero"`` adds every organisation of `people` that has no row in `counts`, with nothing
        counted: right only where the records cover everyone in `people`.
    allow_mixed
        A reason that lets age ranges differ; ``definition`` goes on saying so.

    Returns
    -------
    DataFrame[Counts]
        ``definition`` says whom it is held against. An organisation of `counts` without people
        has no denominator; nor have the remainders of a roll-up, ``unallocated`` and
        ``unmapped``, in which two sources hold different organisations.

    Raises
    ------
    OptionError
        When `basis` or `absent` is no known word, a reason is blank, `people` are people on
        lists and no Counts, or `counts` have a denominator of their own.
    MeasureNotFoundError
        When `people` do not have the measure, or a measure has no card.
    UnlikeError
        When age ranges differ, or people are of other levels, periods or days of membership.
    DoubleCountError
        When `counts` are split by what `people` are not: their people would be counted once a
        level.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> row = {"dataset": "local", "org_level": "practice", "org_code": "Y99001",
    ...     "period_start": "2022-04-01", "period_end": "2023-03-31"}
    >>> seen = phm.counts_from([{**row, "measure": "dm.op_people", "numerator": 30,
    ...     "definition": "hes:people{5,6}:core:1"}])
    >>> register = phm.counts_from([{**row, "measure": "dm.register", "numerator": 240,
    ...     "denominator": 4000, "definition": "qof:DM:17OV"}])
    >>> found = against(seen, register, measure="dm.register", basis="register")
    >>> found[["definition", "denominator"]].values.tolist()
    [['hes:people{5,6}:core:1; for people on the register (qof:DM:17OV)', 240]]
    >>> phm.estimate(found)["value"].tolist()
    [0.125]
    """
    _refuse_words(basis, absent, allow_mixed)
    table: Any = choose(as_counts(counts, what="counts"), by)
    _refuse_lists(people)
    whole = as_counts(people, what="people")
    if measure not in words_used(whole["measure"]):
        known = words_used(whole["measure"])
        message = f"people= holds no '{measure}', only {', '.join(known[:_MOST_NAMED])}."
        raise MeasureNotFoundError(message + did_you_mean(measure, known))
    rows = whole[(whole["measure"] == measure).to_numpy()].reset_index(drop=True)
    shared = [name for name in dimensions_of(table) if name in dimensions_of(rows)]
    _refuse_split(table, shared)
    held: Any = choose(rows, shared)
    told = _told_ages(table, held, measures, allow_mixed)
    _refuse_denominators(table)
    definition = _one_definition(held)
    if absent == "zero":
        table = with_absent(table, held, shared)
    spot = people_of_rows(table, held, shared)
    words = f"; {_WORDS[basis]} ({definition}){told}"
    codes = table["definition"].cat
    denominators = {
        f"denominator{end}": held[f"{_PART[basis]}{end}"].array.take(spot, allow_fill=True)
        for end in _ENDS
    }
    denominators["denominator_low"] = pd.Series(denominators["denominator_low"]).fillna(0).array
    return as_counts(
        table.assign(
            **denominators,
            definition=worded(codes.codes, [f"{name}{words}" for name in codes.categories]),
            source=_sources(table, held, spot),
        ),
        what="The counts",
    )


def _refuse_words(basis: str, absent: str, allow_mixed: str | None) -> None:
    if basis not in get_args(Basis):
        message = f"basis= takes {', '.join(get_args(Basis))}, not '{basis}'."
        raise OptionError(message + did_you_mean(basis, get_args(Basis)))
    if absent not in {"leave_out", "zero"}:
        message = f"absent= takes 'leave_out' or 'zero', not '{absent}'."
        raise OptionError(message)
    if allow_mixed is not None and not allow_mixed.strip():
        message = "allow_mixed= takes a reason, which the output repeats; it is blank."
        raise OptionError(message)


def _refuse_lists(people: Any) -> None:  # noqa: ANN401 - whatever was handed over
    """Refuse people on lists in one line, before each column is found lacking."""
    if isinstance(people, pd.DataFrame) and "people" in people and "measure" not in people:
        message = (
            "people= is a table of people on lists, which has no measure, definition or period; "
            "against takes Counts. Load a register such as england.qof_prevalence, whose "
            "denominator basis='list' takes, or make Counts of the lists with phm.counts_from."
        )
        raise OptionError(message)


def _refuse_denominators(table: pd.DataFrame) -> None:
    own = table["denominator_high"].notna().to_numpy()
    if own.any():
        names = ", ".join(sorted(set(table.loc[own, "measure"].astype(str)))[:_MOST_NAMED])
        message = (
            f"{names} has a denominator of its own, so it is divided by that: hand it to "
            "estimate as it is."
        )
        raise OptionError(message)


def _refuse_split(table: pd.DataFrame, shared: Sequence[str]) -> None:
    for name in dimensions_of(table):
        levels = words_used(table[name].astype("category"))
        if name not in shared and len(levels) > 1:
            message = (
                f"counts= are split by {name} ({', '.join(levels[:_MOST_NAMED])}), and people= are "
                f"not: a sum over {name} would count each person several times. Keep one level "
                "at a time, or sum first."
            )
            raise DoubleCountError(message)


def _told_ages(
    table: pd.DataFrame,
    held: pd.DataFrame,
    measures: DiseaseArea | Sequence[Measure] | None,
    allow_mixed: str | None,
) -> str:
    """Return what the definition says of ages: nothing where they are the same."""
    (own,) = {card.age_range for card in cards_of(held, measures).values()}
    unlike = {
        card.id: card.age_range
        for card in cards_of(table, measures).values()
        if card.age_range != own
    }
    if not unlike:
        return ""
    if allow_mixed is not None:
        return f"; ages differ: {allow_mixed.strip()}"
    name, ages = next(iter(unlike.items()))
    message = (
        f"{name} counts people {_aged(ages)}, and the people it is held against are {_aged(own)}. "
        "Count the same ages, or pass allow_mixed='reason'."
    )
    raise UnlikeError(message)


def _aged(ages: tuple[int | None, int | None]) -> str:
    low, high = ages
    if low is None and high is None:
        return "of any age"
    if high is None:
        return f"aged {low} and over"
    return f"aged {0 if low is None else low} to {high}"


def _one_definition(held: pd.DataFrame) -> str:
    found = words_used(held["definition"])
    if len(found) > 1:
        message = f"people= mixes definitions ({', '.join(found[:_MOST_NAMED])}). Keep one of them."
        raise UnlikeError(message)
    return found[0]


def _sources(table: pd.DataFrame, held: pd.DataFrame, spot: NDArray[np.intp]) -> list[str]:
    theirs = held["source"].astype(object).to_numpy()
    return [
        own if at < 0 or theirs[at] == own else f"{own} + {theirs[at]}"
        for own, at in zip(table["source"].astype(object), spot.tolist(), strict=True)
    ]
