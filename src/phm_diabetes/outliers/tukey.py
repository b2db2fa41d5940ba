"""TukeyFence: units beyond the quartiles by more than so many interquartile ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen, validators

from phm_diabetes.outliers.peers import Fence, judged_among_peers
from phm_diabetes.outliers.robust_scores import tukey_fence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandera.typing import DataFrame

    from phm_diabetes.metrics.arrays import FloatArray
    from phm_diabetes.model.measures import DiseaseArea, Measure
    from phm_diabetes.schemas.estimates import Estimates
    from phm_diabetes.schemas.flags import Flags

__all__ = ["TukeyFence"]

_NO_FENCE = "the middle half of the units share one value, so there is no fence"


@frozen(kw_only=True)
class TukeyFence:
    """Flag units beyond Tukey's fences.

    It knows nothing of size: a small unit is flagged by chance more often than a large one.

    Parameters
    ----------
    reach
        Interquartile ranges beyond the quartiles: 1.5 for outside, 3 for far out.
    measures
        Cards; ``None`` for the installed areas.

    Notes
    -----
    ``score`` is the distance from the nearer quartile in interquartile ranges, 0 between them.
    Fewer than 10 peers tell nothing.
    Money and repeat events need ``numerator_ss``: without it they are not flagged.

    References
    ----------
    Tukey JW. Exploratory data analysis. Addison-Wesley; 1977, p. 44.

    Examples
    --------
    >>> import phm_diabetes as phm
    >>> from phm_diabetes.outliers import TukeyFence
    >>> rows = [{"dataset": "QOF", "measure": "copd.register", "definition": "d",
    ...          "org_level": "practice", "org_code": f"Y99{count:03}",
    ...          "period_start": "2022-04-01", "period_end": "2023-03-31",
    ...          "numerator": count, "denominator": 9000}
    ...         for count in (180, 171, 190, 175, 182, 169, 186, 178, 177, 260)]
    >>> flags = TukeyFence()(phm.estimate(phm.counts_from(rows)))
    >>> flags.loc[flags["flagged"], "org_code"].tolist()
    ['Y99260']
    """

    reach: float = field(default=1.5, validator=validators.gt(0))
    measures: DiseaseArea | Sequence[Measure] | None = field(default=None, repr=False)

    def __call__(self, estimates: DataFrame[Estimates]) -> DataFrame[Flags]:
        """Return the estimates, in their order, each with its flag."""
        far = f"{self.reach:g} interquartile ranges"
        return judged_among_peers(
            estimates,
            detector=self,
            fence_of=self._fence,
            words=(f"over {far} below the lower quartile", f"over {far} above the upper quartile"),
            measures=self.measures,
        )

    def _fence(self, values: FloatArray) -> Fence | str:
        first, third = (float(each) for each in tukey_fence(values, reach=0))
        if first == third:
            return _NO_FENCE
        width = third - first
        return Fence(low=first, high=third, low_unit=width, high_unit=width, threshold=self.reach)

    def __str__(self) -> str:
        """Say the settings in one line."""
        return f"TukeyFence: {self.reach:g} interquartile ranges beyond the quartiles"
