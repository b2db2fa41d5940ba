"""What recurs: practices by domain, with the reasons, and the shortlist of whom to visit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from attrs import frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.outliers.shortlisting import Shortlist, shortlisted
from phm_diabetes.quality.attaching import quality_together

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phm_diabetes.geography import Geography
    from phm_diabetes.outliers.selections import Selection, Standing
    from phm_diabetes.quality.attaching import Quality

__all__ = ["Recurrent"]


@frozen(kw_only=True, eq=False, repr=False)
class Recurrent:
    """The answer of :func:`phm_diabetes.recurrent`.

    Parameters
    ----------
    selections
        Whom each domain names, and why.
    at_least
        In how many domains a practice must be found.
    standing
        Which side was looked for.
    results
        What was given, by domain.
    geo
        Gives names; ``None`` where no drill was given.

    Examples
    --------
    >>> from phm_diabetes.outliers.selections import Selection
    >>> found = Recurrent(
    ...     selections=(Selection(domain="care", reasons={"Y99001": "low"},
    ...                           measures={"Y99001": 1}),),
    ...     at_least=1, standing="worse", results={}, geo=None)
    >>> found.codes
    ('Y99001',)
    """

    selections: tuple[Selection, ...]
    at_least: int
    standing: Standing
    results: Mapping[str, tuple[Any, ...]]
    geo: Geography | None

    def domains_of(self, code: str) -> tuple[str, ...]:
        """Return the domains in which a practice is found."""
        return tuple(own.domain for own in self.selections if code in own.codes)

    def measures_of(self, code: str) -> int:
        """Return on how many measures it stands out, in all domains."""
        return sum(own.measures.get(code, 0) for own in self.selections)

    @property
    def codes(self) -> tuple[str, ...]:
        """Practices found in enough domains, sorted."""
        everyone = frozenset().union(*(own.codes for own in self.selections))
        return tuple(sorted(c for c in everyone if len(self.domains_of(c)) >= self.at_least))

    @property
    def could_be(self) -> tuple[str, ...]:
        """Practices that missing or hidden figures alone keep from being found."""
        everyone = frozenset().union(*(own.codes | own.undecided for own in self.selections))
        most = {
            code: sum(code in own.codes or code in own.undecided for own in self.selections)
            for code in everyone
        }
        inside = set(self.codes)
        return tuple(sorted(c for c in everyone - inside if most[c] >= self.at_least))

    @property
    def table(self) -> pd.DataFrame:
        """One row a practice found, one column a domain with its reason; blank where not found."""
        return self.matrix(self.codes)

    def matrix(self, codes: tuple[str, ...]) -> pd.DataFrame:
        """Return the reasons of some practices, a column a domain."""
        names = self.names()
        rows = [
            {
                "org_code": code,
                "name": names.get(code, ""),
                "domains": len(self.domains_of(code)),
                "measures": self.measures_of(code),
                **{own.domain: _cell(own, code) for own in self.selections},
            }
            for code in codes
        ]
        columns = ["org_code", "name", "domains", "measures"]
        return pd.DataFrame(rows, columns=[*columns, *(own.domain for own in self.selections)])

    @property
    def quality(self) -> Quality | None:
        """Coverage and problems of the counts under the drills; nothing without a drill."""
        given = [one for own in self.results.values() for one in own if hasattr(one, "leaves")]
        leaves = {id(leaf): leaf for one in given for leaf in one.leaves}
        return quality_together(leaf.quality for leaf in leaves.values())

    def names(self) -> dict[str, str]:
        """Names of practices, where a geography is there."""
        return self.geo.names("practice") if self.geo is not None else {}

    def shortlist(
        self,
        n: int,
        *,
        add: Mapping[str, str] | None = None,
        remove: Mapping[str, str] | None = None,
    ) -> Shortlist:
        """Return whom to visit first; whoever ties at the edge is listed as well.

        Parameters
        ----------
        n
            How many.
        add, remove
            Reason by practice. Who is removed takes no place; who is added takes none either.

        Raises
        ------
        OptionError
            When `n` is below 1, a reason is blank, or a practice is both added and removed, was
            never looked at, or is removed and not there.
        """
        return shortlisted(self, n, add or {}, remove or {})

    def explain(self, org_code: str) -> str:
        """Return the reasons of one practice, and the working of each result that gives any."""
        known = frozenset().union(*(own.asked | own.codes for own in self.selections))
        if org_code not in known:
            message = f"'{org_code}' was not looked at by any of the results."
            raise OptionError(message)
        lines = [f"{org_code}: found in {len(self.domains_of(org_code))} domains."]
        lines += [
            f"  {own.domain}: {_cell(own, org_code) or 'not found'}" for own in self.selections
        ]
        given = [result for own in self.results.values() for result in own]
        lines += [result.explain(org_code) for result in given if hasattr(result, "explain")]
        return "\n".join(lines)

    def __str__(self) -> str:
        """Say how many are found in each domain, and in enough of them."""
        size = len(self.selections)
        lines = [self._headline]
        lines += [f"  {own.domain}: {len(own.codes):,} practices." for own in self.selections]
        for count in range(size, 0, -1):
            some = [code for code in self._anyone() if len(self.domains_of(code)) == count]
            lines.append(f"  In {count} of {size}: {len(some):,}.")
        if self.could_be:
            lines.append(
                f"  Could be in, but for missing or hidden figures: {len(self.could_be):,}."
            )
        known = self.quality
        lines += [] if known is None else [f"  {line}" for line in known.lines]
        return "\n".join(lines)

    @property
    def _headline(self) -> str:
        return (
            f"{len(self.codes):,} practices stand out ({self.standing}) in at least "
            f"{self.at_least} of {len(self.selections)} domains: whom to look at, not a ranking of "
            "quality."
        )

    def _anyone(self) -> frozenset[str]:
        return frozenset().union(*(own.codes for own in self.selections))

    def __repr__(self) -> str:
        """Say the first line."""
        return f"<Recurrent: {self._headline}>"

    def _repr_html_(self) -> str:
        """Say the same lines in a notebook."""
        from html import escape

        return "<pre>" + escape(str(self)) + "</pre>"


def _cell(own: Selection, code: str) -> str:
    if code in own.codes:
        return own.reasons[code]
    return "cannot tell: a figure is missing or hidden" if code in own.undecided else ""
