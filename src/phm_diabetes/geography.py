"""Geography: dated memberships, and counts rolled up along them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd
from attrs import Factory, evolve, field, frozen

from phm_diabetes.errors import GeographyError
from phm_diabetes.extract import Extract
from phm_diabetes.model.levels import level_named
from phm_diabetes.model.organisations import Organisation
from phm_diabetes.place_members import members_of
from phm_diabetes.placing import Steps, parents_at
from phm_diabetes.rolling_up import placements, rolled_up
from phm_diabetes.schemas.door import checked
from phm_diabetes.schemas.facts import Facts
from phm_diabetes.schemas.memberships import Memberships
from phm_diabetes.schemas.organisations import Organisations
from phm_diabetes.schemas.successors import Successors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import pandera.pandas as pa
    from pandera.typing import DataFrame

    from phm_diabetes.model.displaced import Displaced
    from phm_diabetes.model.places import Place
    from phm_diabetes.schemas.counts import Counts

__all__ = ["Geography"]


def _stacked(schema: type[pa.DataFrameModel], tables: Sequence[pd.DataFrame]) -> Any:  # noqa: ANN401 - its own
    """One checked table of several; a table of no rows where there is none."""
    filled = [table for table in tables if len(table)]
    if filled:
        # Typed first: pandas guesses the type of a column that is empty throughout.
        typed = [checked(schema, table) for table in filled]
        return checked(schema, pd.concat(typed, ignore_index=True))
    return _empty(schema).copy()


@cache
def _empty(schema: type[pa.DataFrameModel]) -> pd.DataFrame:
    empty = pd.DataFrame({name: pd.Series(dtype=object) for name in schema.to_schema().columns})
    return checked(schema, empty)


@frozen(kw_only=True, eq=False, repr=False)
class Geography:
    """Dated memberships of organisations, and what can be asked of them.

    Build one with :meth:`from_memberships`.

    Parameters
    ----------
    memberships, organisations, facts, successors
        Checked tables.
    overlapping
        Levels whose organisations share members.
    displaced
        Stamps of Places that a national source does not represent.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> import phm_diabetes.demo as demo
    >>> source = phm.load(demo.geography(), adapter="england.qof_geography", period="2022-23")
    >>> phm.Geography.from_memberships(source)
    <Geography: practice → england, icb, pcn, region, sub_icb; 2022-04-01 to 2023-03-31>
    """

    memberships: DataFrame[Memberships]
    organisations: DataFrame[Organisations]
    facts: DataFrame[Facts]
    successors: DataFrame[Successors]
    overlapping: frozenset[str] = frozenset()
    displaced: tuple[Displaced, ...] = ()
    _steps: Steps = field(
        init=False, default=Factory(lambda geo: Steps(geo.memberships), takes_self=True)
    )
    _found: dict[tuple[str, str, pd.Timestamp], pd.DataFrame] = field(factory=dict, init=False)

    @classmethod
    def from_memberships(
        cls,
        *sources: Extract | pd.DataFrame,
        places: Sequence[Place] = (),
        successors: pd.DataFrame | None = None,
    ) -> Geography:
        """Build a geography from extracts, or tables, of memberships.

        Parameters
        ----------
        *sources
            Extracts that hold memberships, organisations or facts, and Memberships tables.
        places
            Places to derive from the memberships.
        successors
            A Successors table: predecessor, successor, date.

        Raises
        ------
        GeographyError
            When no source holds memberships, or a Place needs a fact that none holds.
        SchemaError
            When a table breaks its schema.
        """
        named: dict[str, list[pd.DataFrame]] = {"memberships": [], "organisations": [], "facts": []}
        for source in sources:
            tables = source.tables if isinstance(source, Extract) else {"memberships": source}
            for name, held in named.items():
                if name in tables:
                    held.append(tables[name])
        if not named["memberships"]:
            message = (
                "No memberships were given. Load england.qof_geography or england.ods_membership "
                "and pass the extract."
            )
            raise GeographyError(message)
        built = cls(
            memberships=_stacked(Memberships, named["memberships"]),
            organisations=_stacked(Organisations, named["organisations"]),
            facts=_stacked(Facts, named["facts"]),
            successors=_stacked(Successors, [] if successors is None else [successors]),
        )
        for place in places:
            own = members_of(place, built.memberships, built.facts)
            built = built._with_spells(own, "place", {place.code: place.name})
            built = built.with_displaced(*place.displaced)
        return built

    def with_groups(
        self,
        level: str,
        groups: Mapping[str, Sequence[str]],
        *,
        member_level: str = "practice",
    ) -> Geography:
        """Return a geography with groups of the caller's own; a practice may be in two.

        Parameters
        ----------
        level
            Name of the new level, such as ``"neighbourhood"``.
        groups
            Member codes by group code.
        member_level
            Level of the members.

        Returns
        -------
        Geography
            Where groups share members, rows rolled up to the level are marked ``overlapping``
            and are refused by any further sum.
        """
        spells = pd.DataFrame(
            {
                "org_level": member_level,
                "org_code": [member for members in groups.values() for member in members],
                "parent_level": level_named(level).code,
                "parent_code": [code for code, members in groups.items() for _ in members],
                "start": pd.NaT,
                "end": pd.NaT,
                "source": "custom groups",
                "source_row": pd.NA,
            }
        ).drop_duplicates()
        shared = bool(spells["org_code"].duplicated().any())
        extended = self._with_spells(spells, level, {code: code for code in groups})
        return evolve(extended, overlapping=self.overlapping | ({level} if shared else set()))

    def with_displaced(self, *stamps: Displaced) -> Geography:
        """Return a geography in which Places bear more stamps: *not representative*.

        Parameters
        ----------
        *stamps
            Such as :attr:`Reconciliation.stamp`.
        """
        return evolve(self, displaced=tuple(dict.fromkeys((*self.displaced, *stamps))))

    def _with_spells(self, spells: pd.DataFrame, level: str, names: Mapping[str, str]) -> Geography:
        added = pd.DataFrame(
            {
                "org_level": level,
                "org_code": list(names),
                "name": list(names.values()),
                "opened": pd.NaT,
                "closed": pd.NaT,
                "source": "defined here",
                "source_row": pd.NA,
            }
        )
        return evolve(
            self,
            memberships=_stacked(Memberships, [self.memberships, spells]),
            organisations=_stacked(Organisations, [self.organisations, added]),
        )

    def parents(self, child: str, parent: str, day: pd.Timestamp) -> pd.DataFrame:
        """Return the parents that every known organisation of a level had on a day.

        Parameters
        ----------
        child, parent
            Levels; an organisation is its own parent at its own level.
        day
            The day.

        Returns
        -------
        DataFrame
            ``org_code`` and ``parent_code``; the parent is empty for an organisation that is
            known on the day and belongs to none.

        Raises
        ------
        GeographyError
            When no chain of memberships joins the levels, or an organisation has two parents.
        """
        asked = (child, parent, day)
        if asked not in self._found:
            self._found[asked] = parents_at(
                self._steps, child, parent, day, may_overlap=parent in self.overlapping
            )
        return self._found[asked]

    def names(self, level: str) -> dict[str, str]:
        """Return the name of each organisation of a level, by code: the first source's word."""
        own = self.organisations[self.organisations["org_level"] == level]
        own = own[own["name"] != ""].drop_duplicates("org_code")
        return dict(zip(own["org_code"], own["name"], strict=True))

    def organisation(self, level: str, code: str) -> Organisation:
        """Return one organisation, with its name where a source gives it."""
        return Organisation(level=level, code=code, name=self.names(level).get(code) or None)

    def placements(self, counts: DataFrame[Counts], *, to: str, as_at: str | date) -> pd.DataFrame:
        """Say where each organisation of a table belongs, and which belong nowhere.

        Parameters
        ----------
        counts
            Counts of one level.
        to
            The level of the parents.
        as_at
            ``"period_end"``, ``"today"``, or a date.

        Returns
        -------
        DataFrame
            ``org_level, org_code, period_end, as_at, parent_level, parent_code, status``; the
            status is ``placed``, ``unallocated`` (known on the day, in no organisation of the
            level) or ``unmapped`` (absent from the geography on the day).

        Raises
        ------
        GeographyError
            When the geography knows none of the organisations on the day.
        """
        return placements(self, counts, to=to, as_at=as_at)

    def roll_up(
        self, counts: DataFrame[Counts], *, to: str | Sequence[str], as_at: str | date
    ) -> DataFrame[Counts]:
        """Add counts up to another level, or to several; nothing is lost or counted twice.

        Parameters
        ----------
        counts
            Counts of one level, such as practices.
        to
            The level wanted, such as ``"pcn"`` or ``"england"``, or a list of levels, whose sums
            then stand one under another.
        as_at
            Whose memberships: ``"period_end"`` (of each row), ``"today"``, or a date.

        Returns
        -------
        DataFrame[Counts]
            One row an organisation of the level, measure, period and cell, with ``as_at`` the
            day used. Two more codes hold the remainders, so that the table adds up to what went
            in: ``unallocated`` and ``unmapped``; :meth:`placements` lists who is in them.

        Raises
        ------
        GeographyError
            When a membership is ambiguous, or nothing is known on the day.
        DoubleCountError
            When rows of several levels, or overlapping groups, would be added.

        Examples
        --------
        >>> import phm_diabetes as phm
        >>> import phm_diabetes.demo as demo
        >>> geo = demo.england_geography()
        >>> registers = phm.load(demo.registers(), adapter="england.qof_prevalence",
        ...                      period="2022-23").table
        >>> icbs = geo.roll_up(registers, to="icb", as_at="period_end")
        >>> int(icbs["numerator"].sum()) == int(registers["numerator"].sum())
        True
        """
        return rolled_up(self, counts, to=to, as_at=as_at)

    def span(self) -> str:
        """Return the days that the memberships cover, in words."""
        start, end = self.memberships["start"].min(), self.memberships["end"].max()
        open_end = self.memberships["end"].isna().any()
        first = "no known start" if pd.isna(start) else f"{start:%Y-%m-%d}"
        return f"{first} to {'today' if open_end or pd.isna(end) else f'{end:%Y-%m-%d}'}"

    def __repr__(self) -> str:
        """Levels and the days covered."""
        of_practice = self.memberships[self.memberships["org_level"] == "practice"]
        levels = sorted(of_practice["parent_level"].astype(str).unique())
        return f"<Geography: practice → {', '.join(levels)}; {self.span()}>"
