"""Places: a dated list of practices, stated as a rule over memberships."""

from __future__ import annotations

from datetime import date

from attrs import field, frozen, validators

from phm_diabetes.model.displaced import Displaced

__all__ = ["DUDLEY", "KNOWSLEY", "LIVERPOOL", "SEFTON", "Place"]


@frozen(kw_only=True)
class Place:
    """A Place, defined by who commissions its practices.

    A Place cannot be derived from a postcode or from the prefix of practice codes, so it is
    stated as membership of organisations of another level, at a date.

    Parameters
    ----------
    code, name
        Identifier and what a reader sees.
    level
        The level whose members make the Place, such as ``"sub_icb"``.
    members
        Codes of the organisations of that level.
    prescribing_setting
        Keep only practices with this prescribing setting; ``None`` keeps all.
    merged_after
        Last day of the members' own organisation, where it was merged into a larger one: whoever
        belonged to it on that day belongs to the Place for as long as nothing else is known.
    displaced
        National sources that do not represent the Place, as work is recorded elsewhere.

    Examples
    --------
    >>> SEFTON.members
    ('01T', '01V')
    """

    code: str = field(validator=validators.matches_re(r"[a-z][a-z0-9_]*"))
    name: str
    level: str
    members: tuple[str, ...]
    prescribing_setting: str | None = None
    merged_after: date | None = None
    displaced: tuple[Displaced, ...] = ()


DUDLEY = Place(
    code="dudley",
    name="Dudley",
    level="commissioner",
    members=("05C",),
    prescribing_setting="4",
    merged_after=date(2021, 3, 31),
    displaced=(
        Displaced(
            place="dudley",
            dataset="QOF",
            scheme="Dudley Quality Outcomes for Health",
            since=date(2016, 4, 1),
        ),
    ),
)
"""Not a sub-ICB: commissioner 05C among GP practices (prescribing setting 4).

05C was merged into the Black Country's commissioner in April 2021; a membership file made later
ends it then, an earlier one leaves it open, and both give the same Place.
"""

LIVERPOOL = Place(code="liverpool", name="Liverpool", level="sub_icb", members=("99A",))
SEFTON = Place(code="sefton", name="Sefton", level="sub_icb", members=("01T", "01V"))
"""Two sub-ICB locations: South Sefton, and Southport and Formby."""

KNOWSLEY = Place(code="knowsley", name="Knowsley", level="sub_icb", members=("01J",))
