"""Levels of organisation, from the practice to England."""

from __future__ import annotations

from attrs import field, frozen, validators

__all__ = ["BUILT_IN_LEVELS", "UNALLOCATED", "UNMAPPED", "Level", "level_named"]

UNALLOCATED = "unallocated"
"""Code of the remainder that the geography knows, but places in no organisation of the level."""

UNMAPPED = "unmapped"
"""Code of the remainder that is absent from the geography at the date asked for."""


@frozen(kw_only=True)
class Level:
    """A kind of organisation that counts can belong to.

    Parameters
    ----------
    code
        Lower-case identifier used in ``org_level`` columns, such as ``"sub_icb"``.
    name, plural
        What a reader sees, such as ``"sub-ICB location"``.
    nests
        Whether an organisation of this level may stand between two others when a chain of
        memberships is followed. A PCN or a Place never does: it nests in nothing.

    Examples
    --------
    >>> level_named("pcn").plural
    'PCNs'
    >>> level_named("neighbourhood").plural
    'neighbourhoods'
    """

    code: str = field(validator=validators.matches_re(r"[a-z][a-z0-9_]*"))
    name: str
    plural: str
    nests: bool = False


BUILT_IN_LEVELS = {
    each.code: each
    for each in (
        Level(code="practice", name="practice", plural="practices"),
        Level(code="pcn", name="PCN", plural="PCNs"),
        Level(code="place", name="Place", plural="Places"),
        Level(
            code="commissioner",
            name="commissioner",
            plural="commissioners",
            nests=True,
        ),
        Level(
            code="sub_icb",
            name="sub-ICB location",
            plural="sub-ICB locations",
            nests=True,
        ),
        Level(code="icb", name="ICB", plural="ICBs", nests=True),
        Level(code="region", name="region", plural="regions", nests=True),
        Level(code="england", name="England", plural="England", nests=True),
    )
}


def level_named(code: str) -> Level:
    """Return the built-in level of that code, or a level of the caller's own making.

    Parameters
    ----------
    code
        Lower-case identifier, such as ``"practice"`` or ``"neighbourhood"``.

    Returns
    -------
    Level

    Raises
    ------
    ValueError
        When the code is not a lower-case identifier.

    Examples
    --------
    >>> level_named("icb").name
    'ICB'
    """
    known = BUILT_IN_LEVELS.get(code)
    if known is not None:
        return known
    words = code.replace("_", " ")
    plural = f"{words[:-1]}ies" if words.endswith("y") else f"{words}s"
    return Level(code=code, name=words, plural=plural)
