"""Similarity: the practices at the least distance by list size, deprivation and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import frozen

from phm_diabetes.errors import OptionError
from phm_diabetes.outliers.attributes import attribute_problems, scaled_attributes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from phm_diabetes.metrics.arrays import FloatArray

__all__ = ["Similar", "similar"]

_AT_ONCE = 500
_TOLD_APART = 1e9
"""Distances nearer than one part of this tie: the last digit of a sum decides nothing."""
_WHOLE_FROM = 1000


@frozen(kw_only=True, eq=False, repr=False)
class Similar:
    """The answer of :func:`phm_diabetes.similar`: a comparator, as ``to=`` takes it.

    Parameters
    ----------
    n
        How many peers each practice has.
    table
        One row a practice and peer: ``org_code``, ``place`` from 1, ``peer`` and ``distance``
        [standard deviations].
    attributes
        One row an attribute: its ``scale``, ``weight``, and ``mean`` and ``deviation`` on that
        scale.
    practices
        The attributes as given, one row a practice that has all of them.
    left_out
        Practices that have no peers and are nobody's: ``org_code`` and what is ``missing``.
    tied
        Practices that have, beyond their last peer, another that is as near.

    Examples
    --------
    >>> table = pd.DataFrame({"org_code": ["Y1", "Y2", "Y3"], "deprivation": [10.0, 11.0, 30.0]})
    >>> similar(1, table).peers_of("Y3")
    ('Y2',)
    """

    n: int
    table: pd.DataFrame
    attributes: pd.DataFrame
    practices: pd.DataFrame
    left_out: pd.DataFrame
    tied: tuple[str, ...]

    @property
    def asked(self) -> str:
        """On what the distance is, in words."""
        return ", ".join(
            f"{row.attribute}"
            + (" (log)" if row.scale == "log" else "")
            + (f" x {row.weight:g}" if row.weight != 1 else "")
            for row in self.attributes.itertuples()
        )

    @property
    def in_words(self) -> str:
        """Whom a practice is compared with."""
        return (
            "its most similar practice" if self.n == 1 else f"its {self.n} most similar practices"
        )

    def __contains__(self, org_code: object) -> bool:
        """Whether attributes of a practice were given, complete or not."""
        given = {*self.practices["org_code"], *self.left_out["org_code"]}
        return org_code in given

    def peers_of(self, org_code: str) -> tuple[str, ...]:
        """Return a practice's peers, the nearest first; none where it was left out."""
        return tuple(self.table.loc[self.table["org_code"] == org_code, "peer"])

    def explain(self, org_code: str) -> str:
        """Return a practice's peers with their distances and attributes.

        Raises
        ------
        OptionError
            When no attributes of the practice were given.
        """
        gone = self.left_out.loc[self.left_out["org_code"] == org_code, "missing"]
        if len(gone):
            return f"{org_code} has no similar practices: its {gone.iloc[0]} is missing."
        own = self.table[self.table["org_code"] == org_code]
        if own.empty:
            message = f"No attributes of '{org_code}' were given, so it has no similar practices."
            raise OptionError(message)
        known = self.practices.set_index("org_code")
        lines = [f"{org_code} ({_told(known, org_code)}): {self.in_words}, by {self.asked}"]
        lines += [
            f"  {row.place}. {row.peer}: {row.distance:.2f} apart ({_told(known, str(row.peer))})"
            for row in own.itertuples()
        ]
        if org_code in self.tied:
            lines.append("  Another is as near as the last: of those, the first by code is taken.")
        return "\n".join(lines)

    def __str__(self) -> str:
        """Say on what the distance is, who has no peers, and how often a tie was broken."""
        size = len(self.practices)
        lines = [f"The {self.n:,} most similar of {size:,} practices, by {self.asked}."]
        lines += [
            f"  {row.attribute}: {row.scale} scale, mean {_shown(row.mean)}, standard deviation "
            f"{_shown(row.deviation)}, weight {row.weight:g}."
            for row in self.attributes.itertuples()
        ]
        lines.append(
            "  Distance: the root of the weighted mean of squared differences, each in standard "
            "deviations."
        )
        if len(self.left_out):
            many = self.left_out["missing"].value_counts().sort_index()
            told = ", ".join(f"{count:,} without {name}" for name, count in many.items())
            lines.append(f"  Left out, and nobody's peers: {told}.")
        if self.tied:
            lines.append(
                f"  For {len(self.tied):,} another is as near as the last: the first by code is "
                "taken."
            )
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Say how many peers, of how many practices."""
        return f"<Similar: {self.n:,} peers of each of {len(self.practices):,} practices>"

    def _repr_html_(self) -> str:
        """Say the same lines in a notebook."""
        from html import escape

        return "<pre>" + escape(str(self)) + "</pre>"


def similar(
    n: int,
    attributes: pd.DataFrame,
    *,
    log: Collection[str] = (),
    weights: Mapping[str, float] | None = None,
) -> Similar:
    r"""Find the practices most like each one, to compare it with.

    Parameters
    ----------
    n
        How many peers, from 1. A practice is never its own peer.
    attributes
        One row a practice: ``org_code``, and every other column an attribute in numbers, such as
        list size, share of the list aged 65 and over, deprivation and share of an ethnic group.
        Give the practices whose counts are in the table that is to be compared.
    log
        Attributes compared by their logarithm, as list sizes are: twice as large is as far as
        half as large.
    weights
        Of the squared differences, by attribute; 1 for those not named.

    Returns
    -------
    Similar
        The peers with their distances, and who was left out for want of an attribute: what is
        missing is never filled in.

    Raises
    ------
    OptionError
        When a practice stands twice, there are no more practices than peers, or an attribute is
        no number, the same everywhere, or not above 0 where its logarithm is to be taken.

    Notes
    -----
    The distance between practices :math:`i` and :math:`j` is

    .. math:: d_{ij} = \sqrt{\sum_k w_k (z_{ik} - z_{jk})^2 / \sum_k w_k}

    where :math:`z_k` is attribute :math:`k`, or its logarithm, less its mean over its standard
    deviation among the practices that have all attributes. Who ties is taken in the order of
    codes, so that the order of rows decides nothing.

    Examples
    --------
    >>> table = pd.DataFrame({"org_code": ["Y1", "Y2", "Y3", "Y4"],
    ...     "list_size": [2000, 4000, 8000, 8100], "deprivation": [20.0, 21.0, 35.0, None]})
    >>> found = similar(1, table, log=["list_size"])
    >>> found.peers_of("Y1"), found.left_out.values.tolist()
    (('Y2',), [['Y4', 'deprivation']])
    """
    asked = {} if weights is None else dict(weights)
    problems = attribute_problems(n, attributes, log, asked)
    if problems:
        raise OptionError("; ".join(problems) + ".")
    names = sorted(str(name) for name in attributes.columns if name != "org_code")
    table = attributes.assign(org_code=attributes["org_code"].astype(str)).sort_values("org_code")
    table = table[["org_code", *names]].reset_index(drop=True)
    missing = table[names].isna()
    known = table[~missing.any(axis=1)].reset_index(drop=True)
    if len(known) <= n:
        message = (
            f"{len(known):,} practices have every attribute, and each is to have {n:,} peers among "
            "the others. Ask for fewer, or leave out the attribute that is missing most."
        )
        raise OptionError(message)
    scores, told = scaled_attributes(known[names], log, asked)
    order, distance, tied = _nearest(scores, told["weight"].to_numpy(np.float64), n)
    codes = known["org_code"].to_numpy(dtype=object)
    gone = missing.any(axis=1).to_numpy()
    return Similar(
        n=n,
        table=pd.DataFrame(
            {
                "org_code": np.repeat(codes, n),
                "place": np.tile(np.arange(1, n + 1), len(codes)),
                "peer": codes[order.ravel()],
                "distance": distance.ravel(),
            }
        ),
        attributes=told,
        practices=known,
        left_out=pd.DataFrame(
            {
                "org_code": table.loc[gone, "org_code"].to_numpy(dtype=object),
                "missing": [
                    " and ".join(name for name, lacks in zip(names, row, strict=True) if lacks)
                    for row in missing[gone].to_numpy()
                ],
            }
        ),
        tied=tuple(codes[tied]),
    )


def _nearest(
    scores: FloatArray, weights: FloatArray, n: int
) -> tuple[NDArray[np.intp], FloatArray, NDArray[np.bool_]]:
    """Return each row's nearest others, their distances, and whether the last of them ties."""
    size = len(scores)
    order = np.empty((size, n), dtype=np.intp)
    distance = np.empty((size, n))
    tied = np.zeros(size, dtype=bool)
    for start in range(0, size, _AT_ONCE):
        own = np.arange(start, min(start + _AT_ONCE, size))
        apart = np.zeros((len(own), size))
        for column, weight in zip(scores.T, weights, strict=True):
            apart += weight * (column[own, np.newaxis] - column) ** 2
        apart = np.sqrt(apart / weights.sum())
        # Whole numbers that hold the distance first and the place by code second.
        key = np.rint(apart * _TOLD_APART).astype(np.int64) * size + np.arange(size)
        key[np.arange(len(own)), own] = np.iinfo(np.int64).max
        last = min(n, size - 2)
        near = np.argpartition(key, last, axis=1)[:, : last + 1]
        near = np.take_along_axis(near, np.argsort(np.take_along_axis(key, near, 1), axis=1), 1)
        sorted_key = np.take_along_axis(key, near, 1) // size
        order[own] = near[:, :n]
        distance[own] = np.take_along_axis(apart, near[:, :n], 1)
        if last == n:
            tied[own] = sorted_key[:, n - 1] == sorted_key[:, n]
    return order, distance, tied


def _told(values: pd.DataFrame, code: str) -> str:
    return ", ".join(f"{name} {_shown(value)}" for name, value in values.loc[code].items())


def _shown(value: Any) -> str:  # noqa: ANN401 - a number of a table
    number = float(value)
    return f"{number:,.0f}" if abs(number) >= _WHOLE_FROM else f"{number:.4g}"
