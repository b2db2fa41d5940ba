"""RobustZ: units far from the median, in standard deviations that outliers cannot move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen, validators

from phm_diabetes.outliers.peers import Fence, judged_among_peers
from phm_diabetes.outliers.robust_scores import median_and_spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.schemas.estimates import Estimates
    from phm_diabetes.schemas.flags import Flags

__all__ = ["RobustZ"]


@frozen(kw_only=True)
class RobustZ:
    """Flag units far from the median of their peers, in robust standard deviations.

    It knows nothing of size: a small unit is flagged by chance more often than a large one. Where
    the counts are at hand, :class:`~phm_diabetes.outliers.funnel.Funnel` says more.

    Parameters
    ----------
    threshold
        Robust standard deviations beyond which a unit is flagged.
    measures
        Cards; ``None`` for the installed areas.

    Notes
    -----
    ``score`` is ``(x - median) / (1.4826 MAD)``. Fewer than 10 peers tell nothing.
    Money and repeat events need ``numerator_ss``: without it they are not flagged.

    References
    ----------
    Iglewicz B, Hoaglin DC. How to detect and handle outliers. ASQC; 1993, whose cut is 3.5, as the
    page "Detection of outliers" of the NIST/SEMATECH e-Handbook gives it.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> from phm_diabetes.outliers import RobustZ
    >>> rows = [{"dataset": "QOF", "measure": "copd.register", "definition": "d",
    ...          "org_level": "practice", "org_code": f"Y99{count:03}",
    ...          "period_start": "2022-04-01", "period_end": "2023-03-31",
    ...          "numerator": count, "denominator": 9000}
    ...         for count in (180, 171, 190, 175, 182, 169, 186, 178, 177, 260)]
    >>> flags = RobustZ()(phm.estimate(phm.counts_from(rows)))
    >>> flags.loc[flags["flagged"], "org_code"].tolist()
    ['Y99260']
    """

    threshold: float = field(default=3.5, validator=validators.gt(0))
    measures: DiseaseArea | Sequence[Measure] | None = field(default=None, repr=False)

    def __call__(self, estimates: DataFrame[Estimates]) -> DataFrame[Flags]:
        """Return the estimates, in their order, each with its flag."""
        far = f"{self.threshold:g} robust standard deviations"
        return judged_among_peers(
            estimates,
            detector=self,
            fence_of=self._fence,
            words=(f"over {far} below the median", f"over {far} above the median"),
            measures=self.measures,
        )

    def _fence(self, values: FloatArray) -> Fence:
        median, spread = (float(each) for each in median_and_spread(values))
        return Fence(
            low=median, high=median, low_unit=spread, high_unit=spread, threshold=self.threshold
        )

    def __str__(self) -> str:
        """Say the settings in one line."""
        return f"RobustZ: {self.threshold:g} robust standard deviations from the median"
