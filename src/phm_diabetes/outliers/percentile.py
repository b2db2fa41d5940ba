"""PercentileBand: units outside the band that holds the middle share of their peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen, validators

from phm_diabetes.outliers.peers import Fence, judged_among_peers
from phm_diabetes.outliers.robust_scores import median_and_spread, percentile_band

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.schemas.estimates import Estimates
    from phm_diabetes.schemas.flags import Flags

__all__ = ["PercentileBand"]


@frozen(kw_only=True)
class PercentileBand:
    """Flag units outside the middle share of their peers.

    By its nature so many lie outside, whether or not anything is unusual, and small units more
    often than large ones.

    Parameters
    ----------
    share
        Share of the units inside: 0.9 runs from the 5th to the 95th percentile.
    measures
        Cards; ``None`` for the installed areas.

    Notes
    -----
    ``score`` is the distance from the median over that of the nearer end of the band, flagged
    beyond 1. Percentiles are interpolated linearly (type 7). Fewer than 10 peers tell nothing.
    Money and repeat events need ``numerator_ss``: without it they are not flagged.

    References
    ----------
    Hyndman RJ, Fan Y. Sample quantiles in statistical packages. American Statistician
    1996;50:361-365, definition 7.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> from phm_diabetes.outliers import PercentileBand
    >>> rows = [{"dataset": "QOF", "measure": "copd.register", "definition": "d",
    ...          "org_level": "practice", "org_code": f"Y99{count:03}",
    ...          "period_start": "2022-04-01", "period_end": "2023-03-31",
    ...          "numerator": count, "denominator": 9000}
    ...         for count in range(180, 200)]
    >>> flags = PercentileBand(share=0.9)(phm.estimate(phm.counts_from(rows)))
    >>> flags.loc[flags["flagged"], "org_code"].tolist()
    ['Y99180', 'Y99199']
    """

    share: float = field(default=0.9, validator=[validators.gt(0), validators.lt(1)])
    measures: DiseaseArea | Sequence[Measure] | None = field(default=None, repr=False)

    def __call__(self, estimates: DataFrame[Estimates]) -> DataFrame[Flags]:
        """Return the estimates, in their order, each with its flag."""
        band = f"the band of the middle {100 * self.share:g}% of units"
        return judged_among_peers(
            estimates,
            detector=self,
            fence_of=self._fence,
            words=(f"below {band}", f"above {band}"),
            measures=self.measures,
        )

    def _fence(self, values: FloatArray) -> Fence:
        lower, upper = (float(each) for each in percentile_band(values, share=self.share))
        median = float(median_and_spread(values)[0])
        return Fence(
            low=median,
            high=median,
            low_unit=median - lower,
            high_unit=upper - median,
            threshold=1.0,
        )

    def __str__(self) -> str:
        """Say the settings in one line."""
        return f"PercentileBand: the middle {100 * self.share:g}% of units"
