"""Shortlist: whom to visit first, in a stated order, with ties told and changes kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.schemas.comparisons import ROUNDING_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from phm_diabetes.outliers.luck_found import Luck
    from phm_diabetes.outliers.recurrent_found import Recurrent
    from phm_diabetes.outliers.stability_found import Stability
    from phm_diabetes.quality.attaching import Quality

__all__ = ["ORDER", "Shortlist", "shortlisted"]

ORDER = "most domains first, then most measures; who ties shares a place"
_READING = {
    "worse": "A list of whom to visit, not a ranking of quality.",
    "better": "A list of whom to learn from, not a ranking of quality.",
}


@frozen(kw_only=True, eq=False, repr=False)
class Shortlist:
    """The answer of :meth:`Recurrent.shortlist`.

    Parameters
    ----------
    recurrent
        What it was made of.
    size
        How many were asked for.
    places
        Place by practice, in order; who ties shares a place.
    tied
        Practices that tie at the edge: all of them are listed.
    added, removed
        Reason by practice.
    luck, stability
        What :meth:`beside` set beside it.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> phm.Shortlist.__name__
    'Shortlist'
    """

    recurrent: Recurrent
    size: int
    places: Mapping[str, int]
    tied: tuple[str, ...]
    added: Mapping[str, str]
    removed: Mapping[str, str]
    luck: Luck | None = None
    stability: Stability | None = None

    def beside(self, luck: Luck | None = None, stability: Stability | None = None) -> Shortlist:
        """Return the list with what luck alone would find, and how stable it is, beside it.

        Parameters
        ----------
        luck
            What :func:`phm_diabetes.expected_by_luck` says of this list.
        stability
            What :func:`phm_diabetes.stability` says of it.
        """
        return evolve(self, luck=luck or self.luck, stability=stability or self.stability)

    @property
    def codes(self) -> tuple[str, ...]:
        """The practices, in order; who was added last."""
        return (*self.places, *sorted(self.added))

    @property
    def audit(self) -> tuple[str, ...]:
        """What was changed by hand, and why."""
        return (
            *(f"{code} added: {why}" for code, why in sorted(self.added.items())),
            *(f"{code} removed: {why}" for code, why in sorted(self.removed.items())),
        )

    @property
    def quality(self) -> Quality | None:
        """Coverage and problems of the counts under it; nothing where no drill was given."""
        return self.recurrent.quality

    @property
    def table(self) -> pd.DataFrame:
        """One row a practice: place, reasons by domain, rounding, and why it was added."""
        found = self.recurrent.matrix(self.codes)
        found.insert(0, "place", [self.places.get(code) for code in self.codes])
        found["place"] = found["place"].astype("Int64")
        found["rounding"] = [self._rounding(code) for code in self.codes]
        if self.stability is not None:
            found["stability"] = [self.stability.share_of(code) for code in self.codes]
        found["added"] = [self.added.get(code, "") for code in self.codes]
        return found

    def _rounding(self, code: str) -> str:
        """Say what hidden counts could do to being found in enough domains."""
        words = sorted(
            (
                own.rounding.get(code, "cannot tell")
                for own in self.recurrent.selections
                if code in own.codes
            ),
            key=ROUNDING_WORDS.index,
        )
        enough = self.recurrent.at_least
        return words[enough - 1] if len(words) >= enough else ""

    def explain(self, org_code: str) -> str:
        """Return why a practice is on the list, and the working."""
        if org_code not in self.codes and org_code not in self.removed:
            return f"Not on the list.\n{self.recurrent.explain(org_code)}"
        changed = [line for line in self.audit if line.startswith(f"{org_code} ")]
        place = self.places.get(org_code)
        said = [f"Place {place} ({ORDER})."] if place is not None else []
        return "\n".join([*said, *changed, self.recurrent.explain(org_code)])

    def __str__(self) -> str:
        """Say who is on it, why, and what else could be said of it."""
        names = self.recurrent.names()
        lines = [f"{len(self.codes):,} practices. {_READING[self.recurrent.standing]}"]
        for code, place in self.places.items():
            named = f"{names[code]} ({code})" if names.get(code) else code
            steady = self._steady(code)
            lines.append(
                f"  {place}. {named}: {self._why(code)}; rounding: {self._rounding(code)}{steady}."
            )
        for code, why in sorted(self.added.items()):
            named = f"{names[code]} ({code})" if names.get(code) else code
            lines.append(f"  Added. {named}: {why}")
        lines.append(f"  Order: {ORDER}.")
        if self.tied:
            lines.append(
                f"  {len(self.tied):,} tie at the edge of {self.size:,} and are all listed: "
                f"{', '.join(self.tied)}."
            )
        if len(self.places) < self.size:
            lines.append(f"  {self.size:,} were asked for; no more are found.")
        lines += [f"  {line}" for line in self.audit]
        if self.recurrent.could_be:
            lines.append(
                f"  Could be in, but for missing or hidden figures: "
                f"{len(self.recurrent.could_be):,} practices."
            )
        known = self.quality
        lines += [] if known is None else [f"  {line}" for line in known.lines]
        if self.luck is not None:
            lines += str(self.luck).splitlines()
        if self.stability is not None:
            lines.append(
                f"Stability: {len(self.stability.variants):,} variants of comparator, of how far "
                "counts and by which interval, of the gate, of measures left out and of counts "
                "within their bounds."
            )
        return "\n".join(lines)

    def _steady(self, code: str) -> str:
        if self.stability is None:
            return ""
        return f"; in {100 * self.stability.share_of(code):.0f}% of variants"

    def _why(self, code: str) -> str:
        return "; ".join(
            f"{own.domain}: {own.reasons[code]}"
            for own in self.recurrent.selections
            if code in own.codes
        )

    def __repr__(self) -> str:
        """Say how many, and of how many asked for."""
        return f"<Shortlist: {len(self.codes):,} practices, {self.size:,} asked for>"

    def _repr_html_(self) -> str:
        """Say the same lines in a notebook."""
        from html import escape

        return "<pre>" + escape(str(self)) + "</pre>"


def shortlisted(
    found: Recurrent, n: int, add: Mapping[str, str], remove: Mapping[str, str]
) -> Shortlist:
    """Return the first practices in the stated order, with all that tie at the edge.

    Raises
    ------
    OptionError
        As :meth:`Recurrent.shortlist`.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> from phm_diabetes.outliers.selections import Selection
    >>> own = Selection(domain="care", reasons={"A": "low", "B": "low"},
    ...                 measures={"A": 1, "B": 1})
    >>> shortlisted(phm.recurrent([own], at_least=1), 1, {}, {}).tied
    ('A', 'B')
    """
    _refuse(found, n, add, remove)
    standing = {
        code: (-len(found.domains_of(code)), -found.measures_of(code))
        for code in found.codes
        if code not in remove and code not in add
    }
    ordered = sorted(standing, key=lambda code: (standing[code], code))
    keys = sorted(standing.values())
    edge: Any = keys[n - 1] if len(keys) >= n else None
    kept = [code for code in ordered if edge is None or standing[code] <= edge]
    tied = [code for code in kept if standing[code] == edge] if len(kept) > n else []
    return Shortlist(
        recurrent=found,
        size=n,
        places={code: keys.index(standing[code]) + 1 for code in kept},
        tied=tuple(tied),
        added=dict(add),
        removed=dict(remove),
    )


def _refuse(found: Recurrent, n: object, add: Mapping[str, str], remove: Mapping[str, str]) -> None:
    problems = []
    if not isinstance(n, int) or isinstance(n, bool) or n < 1:
        problems.append(f"shortlist() takes how many, from 1, not {n!r}")
    problems += [
        f"{code} needs a reason, which is kept and printed"
        for code, why in {**add, **remove}.items()
        if not str(why).strip()
    ]
    problems += [f"{code} is both added and removed" for code in sorted(set(add) & set(remove))]
    problems += [
        f"{code} is removed and is not among those found"
        for code in sorted(set(remove))
        if code not in found.codes
    ]
    known = frozenset().union(*(own.asked | own.codes for own in found.selections))
    problems += [f"{code} was not looked at" for code in sorted(set(add) - known)]
    if problems:
        raise OptionError("; ".join(problems) + ".")
