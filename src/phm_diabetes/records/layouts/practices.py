"""The registered practice of a record: as sent, as worked out, and none."""

from __future__ import annotations

from phm_diabetes.records.columns import Case, Column, Derived
from phm_diabetes.records.layout import Rule

__all__ = ["UNREGISTERED", "practice_columns", "practices_apart", "registered_practice"]

UNREGISTERED = frozenset({"V81997", "V81998", "V81999"})
"""No registered practice; not applicable; not known."""

_SENT, _WORKED_OUT = "practice_sent", "practice_worked_out"


def practice_columns(sent: tuple[str, ...], worked_out: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """Return the practice as it was sent and, where the source has it, as it was worked out.

    Only what is written as a practice code is taken, so that no other column's cell can stand
    in its place; the three digits of a branch are cut off.

    Parameters
    ----------
    sent, worked_out
        Headers of either.

    Examples
    --------
    >>> [column.name for column in practice_columns(("GPPRAC",))]
    ['practice_sent']
    """
    return tuple(
        Column(
            name=name,
            sources=sources,
            kind="text",
            required=not worked_out,
            cut=6,
            pattern="[A-Z][0-9]{5}",
            blank="",
            broken="blank",
            kept=False,
        )
        for name, sources in ((_SENT, sent), (_WORKED_OUT, worked_out))
        if sources
    )


def registered_practice(columns: tuple[Column, ...]) -> Derived:
    """Return the registered practice: the one worked out, and the one sent where there is none.

    Whoever has no practice, or none that is known, is ``unregistered``: a group of its own.

    Parameters
    ----------
    columns
        As :func:`practice_columns` gives them.

    Examples
    --------
    >>> practice = registered_practice(practice_columns(("GPPRAC",)))
    >>> practice.name, sorted(practice.of)
    ('practice', ['practice_sent'])
    """
    sent = (
        Case(when={_SENT: UNREGISTERED}, then="unregistered"),
        Case(then=f"={_SENT}"),
    )
    if len(columns) == 1:
        return Derived(name="practice", cases=sent, otherwise="")
    return Derived(
        name="practice",
        cases=(
            Case(when={_WORKED_OUT: UNREGISTERED}, then="unregistered"),
            Case(when={_WORKED_OUT: {""}, _SENT: UNREGISTERED}, then="unregistered"),
            Case(when={_WORKED_OUT: {""}}, then=f"={_SENT}"),
            Case(then=f"={_WORKED_OUT}"),
        ),
        otherwise="",
    )


def practices_apart(columns: tuple[Column, ...]) -> tuple[Rule, ...]:
    """Return the rule that counts where the two practices of a record are not the same.

    Parameters
    ----------
    columns
        As :func:`practice_columns` gives them.

    Examples
    --------
    >>> practices_apart(practice_columns(("GPPRAC",)))
    ()
    """
    if len(columns) == 1:
        return ()
    return (
        Rule(
            name="practices differ",
            cases=(Case(differ=(_SENT, _WORKED_OUT)),),
            message="has one practice as sent and another as worked out",
            advice="The one worked out is used. Compare the two where a practice surprises.",
            sets_aside=False,
        ),
    )
