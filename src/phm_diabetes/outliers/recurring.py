"""Recurrent: who stands out in several domains, with the reason in each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from phm_diabetes.errors import OptionError
from phm_diabetes.outliers.recurrent_found import Recurrent
from phm_diabetes.outliers.selections import Selection, selection_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phm_diabetes.geography import Geography
    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.outliers.selections import Standing

__all__ = ["recurrent"]


def recurrent(
    results: Mapping[str, Any] | Sequence[Any],
    *,
    at_least: int,
    standing: Standing = "worse",
    measures: DiseaseArea | Sequence[Measure] | None = None,
    geo: Geography | None = None,
) -> Recurrent:
    """Find the practices that several results name, with the reason in each.

    Parameters
    ----------
    results
        Drills, drills combined, or tables of flags: by domain, such as
        ``{"care": ..., "targets": ..., "spend": ..., "use": ...}``, where a domain may hold a
        list of them; or in a list, each a domain of its own.
    at_least
        In how many domains a practice must be found.
    standing
        ``"worse"``, or ``"better"`` for whom to learn from. A measure without a direction, such
        as spend, is taken on either side: its reason says which.
    measures
        Cards for flags; ``None`` for the installed areas.
    geo
        Gives names; that of the first drill unless given.

    Returns
    -------
    Recurrent
        A matrix of reasons, and the shortlist.

    Raises
    ------
    NotForShortlistError
        When a measure may be shown and never selects.
    OptionError
        When a result is of another kind or looks on the other side, or `at_least` cannot be met.

    Examples
    --------
    >>> def named(domain, *codes):
    ...     return Selection(domain=domain, reasons=dict.fromkeys(codes, "below England"),
    ...                      measures=dict.fromkeys(codes, 1))
    >>> found = recurrent([named("care", "Y99001", "Y99002"), named("targets", "Y99002")],
    ...                   at_least=2)
    >>> found.codes
    ('Y99002',)
    """
    if standing not in ("worse", "better"):
        message = f"standing= takes 'worse' or 'better', not {standing!r}."
        raise OptionError(message)
    named = _named(results)
    selections = tuple(
        _together(
            domain,
            [selection_of(domain, one, standing=standing, measures=measures) for one in own],
        )
        for domain, own in named.items()
    )
    if isinstance(at_least, bool) or not 1 <= at_least <= len(selections):
        message = (
            f"at_least= is {at_least!r}, and there are {len(selections)} domains. Take a number "
            "from 1 to that."
        )
        raise OptionError(message)
    flat = [one for own in named.values() for one in own]
    return Recurrent(
        selections=selections,
        at_least=at_least,
        standing=standing,
        results={domain: tuple(own) for domain, own in named.items()},
        geo=geo or next((one.geo for one in flat if hasattr(one, "geo")), None),
    )


def _named(results: Mapping[str, Any] | Sequence[Any]) -> dict[str, list[Any]]:
    if isinstance(results, Mapping):
        given = {str(domain): own for domain, own in results.items()}
    elif isinstance(results, (list, tuple)):
        given = {}
        for own in results:
            label = _label(own)
            given[label if label not in given else f"{label} ({len(given) + 1})"] = own
    else:
        message = "recurrent() takes results by domain, or a list of them."
        raise OptionError(message)
    if not given:
        message = "recurrent() was given no results."
        raise OptionError(message)
    return {
        domain: list(own) if isinstance(own, (list, tuple)) else [own]
        for domain, own in given.items()
    }


def _label(result: Any) -> str:  # noqa: ANN401 - any result
    if isinstance(result, Selection):
        return result.domain
    if hasattr(result, "columns") and "measure" in result:
        return ", ".join(sorted(str(name) for name in result["measure"].unique()))
    leaves = getattr(result, "leaves", None) or (result,)
    cards = [card for leaf in leaves for card in getattr(leaf, "measures", ())]
    return ", ".join(dict.fromkeys(card.id for card in cards)) or "result"


def _together(domain: str, parts: list[Selection]) -> Selection:
    """One domain of several results: who is in any of them, with every reason."""
    codes = sorted(frozenset().union(*(part.codes for part in parts)))
    holding = {code: [part for part in parts if code in part.codes] for code in codes}
    return Selection(
        domain=domain,
        reasons={
            code: "; ".join(dict.fromkeys(part.reasons[code] for part in own))
            for code, own in holding.items()
        },
        measures={code: sum(part.measures[code] for part in own) for code, own in holding.items()},
        # The surest of them: one that holds keeps the practice in the domain.
        rounding={code: _surest(own, code) for code, own in holding.items()},
        undecided=frozenset().union(*(part.undecided for part in parts)) - set(codes),
        asked=frozenset().union(*(part.asked for part in parts)),
    )


def _surest(parts: list[Selection], code: str) -> str:
    from phm_diabetes.schemas.comparisons import ROUNDING_WORDS

    words = [part.rounding.get(code, "cannot tell") for part in parts]
    return min(words, key=ROUNDING_WORDS.index)
